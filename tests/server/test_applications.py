"""Applications: sealed rows of one size that name nobody, gone when withdrawn or after 90 days."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from flask.testing import FlaskClient

from crypto import constants as c
from server.core import Core
from server.models import application, vetting_entry
from server.services import applications, vetting_entries
from server.services.applications import HandedIn, Open
from server.services.refusals import Refusal
from server.settings import Settings
from server.sweeper import Sweeper
from tests.server import founding, rows
from tests.server.calling import Caller, post, problem
from tests.server.founding import ON_SQLITE, Founded
from tests.server.scene import Applied, FakeClock, Scene, from_b64url

PATH = "/v1/applications"
OPEN, ANSWER = f"{PATH}/open", f"{PATH}/answer"
REPLY, WITHDRAW = f"{PATH}/reply", f"{PATH}/withdraw"
NEW, AGAIN = HandedIn(is_new=True), HandedIn(is_new=False)
A_DAY = 4


@pytest.fixture
def settings(url: str, tmp_path: Path) -> Settings:
    """A server that takes four applications a day."""
    keyring = tmp_path / "keyring"
    keyring.mkdir(mode=0o700)
    return Settings(
        database=url, keyring=keyring, applications_a_day=A_DAY, misses_a_minute=1_000_000
    )


class Desk:
    """A network, whoever applies there, and its first admin."""

    def __init__(self, made: Founded, scene: Scene, client: FlaskClient) -> None:
        self.made, self.client, self.make = made, client, scene.make
        self.caller = Caller(client, made.network_id)

    def apply(self, of: Applied, **changes: Any) -> str | None:
        """Hand an application in; the problem, if any."""
        return problem(post(self.client, PATH, **of.body(**changes)))

    def applied(self, readers: int = 3) -> Applied:
        """An application that lies there."""
        drawn = self.make.application(readers)
        assert self.apply(drawn) is None
        return drawn

    def admin(self, path: str, **values: Any) -> Any:
        """What the first admin is answered, or the problem."""
        answer = self.caller(self.made.admins[0].seed, "POST", path, values)
        return problem(answer) or answer.get_json()

    def listed(self) -> list[dict[str, Any]]:
        """What an admin sees."""
        answer = self.caller(self.made.admins[0].seed, "GET", PATH).get_json()
        return list(answer["applications"])

    def reply(self, **who: bytes) -> bytes:
        """What an applicant is given as the reply."""
        answer = post(self.client, REPLY, **who)
        assert answer.status_code == 200
        return from_b64url(answer.get_json()["reply"])


@pytest.fixture
def desk(founded: Founded, scene: Scene, client: FlaskClient) -> Desk:
    """A network to which one can apply."""
    return Desk(founded, scene, client)


def test_R21_an_application_and_its_reply_pass_through_as_they_were_sealed(desk: Desk) -> None:
    """Byte for byte, from the applicant to an admin and back."""
    applied, reply = desk.applied(), desk.make.reply()
    opened = desk.admin(OPEN, id=applied.id, after=0)
    assert (from_b64url(opened["application"]), opened["entries"]) == (applied.sealed, [])
    assert desk.admin(ANSWER, id=applied.id, reply=reply) == {}
    assert desk.reply(**applied.who) == reply


def test_P7_T27_an_application_is_there_for_ninety_days_and_then_gone(
    desk: Desk, clock: FakeClock, scene: Scene
) -> None:
    """On its last day an admin opens it, the day after nobody does; its entries go with it."""
    applied = desk.applied()
    clock.days_pass(3)
    entry = {"id_": applied.id, "n": 0, "entry": desk.make.entry()}
    assert scene.write(vetting_entries.append, **entry) is None
    clock.days_pass(87)
    assert [from_b64url(one["id"]) for one in desk.listed()] == [applied.id]
    assert desk.listed()[0]["last_epoch"] == scene.today
    assert len(desk.admin(OPEN, id=applied.id, after=0)["entries"]) == 1
    clock.days_pass(1)
    assert desk.listed() == []
    assert desk.admin(OPEN, id=applied.id, after=0) == "refused"
    Sweeper(scene.core).run_once()
    assert (scene.count(application), scene.count(vetting_entry)) == (0, 0)


def test_P7_P8_who_withdraws_ends_application_entries_and_reply(desk: Desk, scene: Scene) -> None:
    """At once, of hers alone; another key or id ends nothing, and the answer is the same."""
    gone, stays = desk.applied(), desk.applied()
    for of in (gone, stays):
        for n in range(3):
            entry = {"id_": of.id, "n": n, "entry": desk.make.entry()}
            assert scene.write(vetting_entries.append, **entry) is None
        assert desk.admin(ANSWER, id=of.id, reply=desk.make.reply()) == {}
    before = scene.dump()
    nobody = desk.make.application()
    others = ({"id": gone.id, "write_key": stays.write_key}, nobody.who)
    answers = [post(desk.client, WITHDRAW, **who) for who in others]
    assert {**scene.dump(), "admin_counter": []} == {**before, "admin_counter": []}
    answers += [post(desk.client, WITHDRAW, **gone.who) for _ in range(2)]
    assert {(one.status_code, one.data, str(one.headers)) for one in answers} == {
        (200, b"{}", str(answers[0].headers))
    }
    assert [from_b64url(one["id"]) for one in desk.listed()] == [stays.id]
    assert (scene.count(application), scene.count(vetting_entry)) == (1, 3)
    assert desk.admin(OPEN, id=gone.id, after=0) == "refused"
    assert len(desk.admin(OPEN, id=stays.id, after=0)["entries"]) == 3


def test_P10_every_call_of_an_applicant_can_be_sent_again(desk: Desk, scene: Scene) -> None:
    """The same application: the same answer, one row, also after it was answered."""
    applied = desk.applied()
    assert desk.apply(applied) is None
    reply = desk.make.reply()
    assert [desk.admin(ANSWER, id=applied.id, reply=reply) for _ in range(2)] == [{}, {}]
    assert desk.apply(applied) is None
    assert desk.reply(**applied.who) == reply
    assert scene.count(application) == 1


def test_P10_another_application_under_that_id_is_taken(desk: Desk) -> None:
    """Other bytes or another key: the first stays."""
    applied, other = desk.applied(), desk.make.application()
    assert desk.apply(applied, application=other.sealed) == "taken"
    assert desk.apply(applied, write_key_hash=other.body()["write_key_hash"]) == "taken"
    assert from_b64url(desk.admin(OPEN, id=applied.id, after=0)["application"]) == applied.sealed
    assert post(desk.client, WITHDRAW, **applied.who).get_json() == {}
    assert desk.listed() == []


def test_the_first_reply_of_admins_stays(desk: Desk) -> None:
    """Who answers later hears that somebody has; an application that is none is refused."""
    applied, reply = desk.applied(), desk.make.reply()
    assert desk.admin(ANSWER, id=applied.id, reply=reply) == {}
    for other in (desk.make.reply(), bytes(c.VETTING_REPLY_BYTES)):
        assert desk.admin(ANSWER, id=applied.id, reply=other) == "taken"
    assert desk.reply(**applied.who) == reply
    assert desk.admin(ANSWER, id=desk.make.random(16), reply=reply) == "refused"


def test_T68_where_there_is_no_reply_reading_gives_as_many_bytes_as_ever(
    desk: Desk, clock: FakeClock
) -> None:
    """Wrong key, unknown id, no reply yet, ended: always the same bytes for one id, on the tick."""
    applied, nobody = desk.applied(), desk.make.application()
    before = clock.monotonic()
    nothing = desk.reply(**applied.who)
    assert clock.monotonic() - before == pytest.approx(0.1)
    assert len(nothing) == c.VETTING_REPLY_BYTES
    wrong = {"id": applied.id, "write_key": nobody.write_key}
    assert nothing == desk.reply(**applied.who) == desk.reply(**wrong)
    assert desk.reply(**nobody.who) == desk.reply(**nobody.who) != nothing
    assert desk.admin(ANSWER, id=applied.id, reply=desk.make.reply()) == {}
    assert desk.reply(**wrong) == nothing != desk.reply(**applied.who)
    clock.days_pass(91)
    assert desk.reply(**applied.who) == nothing


def test_T68_reply_and_cover_travel_alike(desk: Desk, clock: FakeClock) -> None:
    """Status, headers, length and time are the same, whatever there is."""
    answered, waiting, nobody = desk.applied(), desk.applied(), desk.make.application()
    assert desk.admin(ANSWER, id=answered.id, reply=desk.make.reply()) == {}
    seen = set()
    for who in (answered.who, waiting.who, nobody.who, {**waiting.who, "id": answered.id}):
        before = clock.monotonic()
        answer = post(desk.client, REPLY, **who)
        took = round(clock.monotonic() - before, 6)
        seen.add((answer.status_code, str(answer.headers), len(answer.data), took))
    assert len(seen) == 1


@ON_SQLITE
def test_P3_T67_a_row_has_one_size_and_is_found_by_nothing_in_it(desk: Desk, scene: Scene) -> None:
    """With a reply or without, and as long as every other to as many admins."""
    answered, waiting = desk.applied(), desk.applied()
    assert desk.admin(ANSWER, id=answered.id, reply=desk.make.reply()) == {}
    found = scene.dump()["application"]
    assert len({len(row[3]) for row in found}) == 1
    for row in found:
        for known in (answered.id, waiting.id, answered.write_key, answered.sealed[:64]):
            assert known not in row[1] + row[3]
    held = rows.keys_in(scene.core.settings.keyring)
    opened = rows.opened([("application", row[1], row[3]) for row in found], held)
    said = [applications.decode(content) for content in opened]
    assert {one.id for one in said} == {answered.id, waiting.id}
    assert sorted(bool(one.reply) for one in said) == [False, True]


def test_the_list_ascends_by_id_and_tells_how_much_was_written(desk: Desk, scene: Scene) -> None:
    """Ids, numbers of entries and last days, and nothing else."""
    made = [desk.applied() for _ in range(A_DAY)]
    for n in range(2):
        entry = {"id_": made[1].id, "n": n, "entry": desk.make.entry()}
        assert scene.write(vetting_entries.append, **entry) is None
    expected = [
        Open(id=one.id, entries=2 if one is made[1] else 0, last_epoch=scene.today + 90)
        for one in sorted(made, key=lambda one: one.id)
    ]
    assert scene.read(applications.all_open) == expected
    assert [set(one) for one in desk.listed()] == [{"id", "entries", "last_epoch"}] * A_DAY
    assert [from_b64url(one["id"]) for one in desk.listed()] == [one.id for one in expected]


@ON_SQLITE
def test_R34_no_more_than_there_is_room_for_are_open(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the most that may be open new ones wait; the end of one makes room for another."""
    assert applications._OPEN_MOST == 200
    monkeypatch.setattr(applications, "_OPEN_MOST", 3)
    made = [scene.applied() for _ in range(3)]
    more = scene.make.application()
    assert scene.write(applications.hand_in, made=more.content, room=True) is Refusal.FULL
    assert scene.write(applications.hand_in, made=made[0].content, room=True) == AGAIN
    scene.write(applications.withdraw, id_=made[1].id, write_key=made[1].write_key)
    assert scene.write(applications.hand_in, made=more.content, room=True) == NEW


@ON_SQLITE
def test_R34_a_days_applications_are_limited_and_repeats_are_not(
    desk: Desk, clock: FakeClock
) -> None:
    """Beyond the day's number a new one is told to wait; one that is there gets its answer."""
    made = [desk.applied() for _ in range(A_DAY)]
    assert desk.apply(desk.make.application()) == "limited"
    assert desk.apply(made[0]) is None
    assert desk.apply(made[0], application=desk.make.application().sealed) == "taken"
    clock.days_pass(1)
    assert desk.apply(desk.make.application()) is None


@pytest.mark.parametrize("readers", [1, 2, 16])
@ON_SQLITE
def test_R34_an_application_to_any_number_of_admins_has_room(desk: Desk, readers: int) -> None:
    """The longest too is below what a body may have."""
    applied = desk.applied(readers)
    assert len(applied.sealed) == 2 + readers * 1_216 + 20_520
    assert from_b64url(desk.admin(OPEN, id=applied.id, after=0)["application"]) == applied.sealed


def _sealed(readers: int, size: int, *, suite: int = c.SUITE) -> bytes:
    return bytes([suite, readers]) + bytes(size - 2)


WHOLE = 2 + 3 * c.READER_SEALED_BYTES + c.APPLICATION_BODY_BYTES


@pytest.mark.parametrize(
    "changes",
    [
        {"application": b""},
        {"application": _sealed(3, WHOLE - 1)},
        {"application": _sealed(3, WHOLE + 1)},
        {"application": _sealed(0, WHOLE - 3 * c.READER_SEALED_BYTES)},
        {"application": _sealed(17, WHOLE + 14 * c.READER_SEALED_BYTES)},
        {"application": _sealed(3, WHOLE, suite=c.SUITE + 1)},
        {"application": None},
        {"id": bytes(15)},
        {"id": bytes(17)},
        {"write_key_hash": bytes(31)},
        {"name": "Shelter"},
    ],
    ids=lambda changes: next(iter(changes)),
)
@ON_SQLITE
def test_R39_T34_applications_have_the_lengths_of_the_page(
    desk: Desk, scene: Scene, changes: dict[str, Any]
) -> None:
    """Another length or suite, and what stands open beside it, are malformed and not kept."""
    assert desk.apply(desk.make.application(), **changes) == "malformed"
    assert scene.count(application) == 0


@pytest.mark.parametrize("size", [0, 1, c.VETTING_REPLY_BYTES - 1, c.VETTING_REPLY_BYTES + 1])
@ON_SQLITE
def test_R39_T34_replies_of_admins_have_one_size(desk: Desk, size: int) -> None:
    """And nothing of another size is kept."""
    applied = desk.applied()
    assert desk.admin(ANSWER, id=applied.id, reply=bytes(size)) == "malformed"
    assert desk.admin(ANSWER, id=applied.id, reply=desk.make.reply()) == {}


def test_P9_R32_T69_admins_alone_read_and_answer_applications(desk: Desk, scene: Scene) -> None:
    """Members, the organisation, the log and who signs nothing get nothing and leave nothing."""
    clinic = desk.made.organisation("Clinic")
    applied = desk.applied()
    before = scene.dump()
    calls: list[tuple[str, str, dict[str, Any] | None]] = [
        ("GET", PATH, None),
        ("POST", OPEN, {"id": applied.id, "after": 0}),
        ("POST", ANSWER, {"id": applied.id, "reply": desk.make.reply()}),
        ("POST", f"{PATH}/entries", {"id": applied.id, "n": 0, "entry": desk.make.entry()}),
    ]
    for method, path, values in calls:
        for seed in (
            clinic.member_seed,
            clinic.seed,
            desk.made.network.log.seed,
            applied.write_key,
        ):
            assert problem(desk.caller(seed, method, path, values)) == "unsigned"
    assert problem(desk.client.get(PATH)) == "unsigned"
    assert scene.dump() == before


def test_P4_of_many_equal_applications_at_once_one_is_new(scene: Scene, founded: Founded) -> None:
    """A request that was sent twice at one moment leaves one row, and both are told so."""
    made = scene.make.application()
    other = replace(scene.make.application(), id=made.id)
    outcomes: list[HandedIn | Refusal] = []
    sent = [made, other] * 6
    barrier = Barrier(len(sent))

    def send(one: Applied) -> None:
        barrier.wait()
        outcomes.append(scene.write(applications.hand_in, made=one.content, room=True))

    threads = [Thread(target=send, args=(one,)) for one in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(NEW) == 1
    assert (outcomes.count(AGAIN), outcomes.count(Refusal.TAKEN)) == (5, 6)
    assert scene.count(application) == 1


@ON_SQLITE
def test_an_applicant_needs_a_network(core: Core, client: FlaskClient, scene: Scene) -> None:
    """Before a policy was loaded there is nobody to apply to."""
    assert problem(post(client, PATH, **scene.make.application().body())) == "busy"
    assert problem(client.get("/v1/admins")) == "busy"
    founding.found(core)
    assert problem(post(client, PATH, **scene.make.application().body())) is None
