"""Invites: made by a member, opened and accepted by who has the code, ended the next day."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from flask.testing import FlaskClient

from crypto import constants as c
from crypto.public import keys
from server.core import Core
from server.models import invite as table
from server.services import invites
from server.settings import Settings
from server.sweeper import Sweeper
from tests.server import founding, rows
from tests.server.calling import Caller, post, problem
from tests.server.founding import ON_SQLITE, Founded, Organisation
from tests.server.scene import FakeClock, Scene, from_b64url

INVITES, OPEN = "/v1/invites", "/v1/invites/open"
ACCEPT, READ = "/v1/invites/accept", "/v1/invites/read"
A_DAY = 3


@pytest.fixture
def settings(url: str, tmp_path: Path) -> Settings:
    """A server that takes three invites a day."""
    keyring = tmp_path / "keyring"
    keyring.mkdir(mode=0o700)
    return Settings(database=url, keyring=keyring, invites_a_day=A_DAY, misses_a_minute=1_000_000)


class Desk:
    """A listed organisation whose members invite, and whoever has a code."""

    def __init__(self, core: Core, client: FlaskClient) -> None:
        self.client, self.random = client, core.random
        self.made: Founded = founding.found(core)
        self.shelter: Organisation = self.made.organisation("Shelter")
        self.caller = Caller(client, self.made.network_id)

    def drawn(self) -> Drawn:
        """An invite that nobody has made."""
        return Drawn(self)

    def invited(self) -> Drawn:
        """An invite that lies there."""
        drawn = self.drawn()
        assert drawn.make() is None
        return drawn


class Drawn:
    """What an invite's code gives, and calls with it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.locator = desk.random(c.LOCATOR_BYTES)
        self.write_key = desk.random(c.KEY_BYTES)
        self.offer = desk.random(c.INVITE_BYTES)
        self.reply = desk.random(c.INVITE_BYTES)

    def body(self, **changes: Any) -> dict[str, Any]:
        """What is asked for when it is made."""
        own = {"locator": self.locator, "write_key_hash": keys.key_hash(self.write_key)}
        return {**own, "offer": self.offer, **changes}

    def make(self, seed: bytes = b"", **changes: Any) -> str | None:
        """Make it as a member; the problem, if any."""
        signer = seed or self.desk.shelter.member_seed
        return problem(self.desk.caller(signer, "POST", INVITES, self.body(**changes)))

    def opened(self) -> bytes | str | None:
        """The offer, or the problem."""
        answer = post(self.desk.client, OPEN, locator=self.locator)
        return problem(answer) or from_b64url(answer.get_json()["offer"])

    def accept(self, **changes: bytes) -> str | None:
        """Send the reply; the problem, if any."""
        own = {"locator": self.locator, "write_key": self.write_key, "reply": self.reply}
        return problem(post(self.desk.client, ACCEPT, **{**own, **changes}))

    def read(self, **changes: bytes) -> bytes:
        """What is given as the reply."""
        own = {"locator": self.locator, "write_key": self.write_key}
        answer = post(self.desk.client, READ, **{**own, **changes})
        assert answer.status_code == 200
        return from_b64url(answer.get_json()["reply"])


@pytest.fixture
def desk(core: Core, client: FlaskClient) -> Desk:
    """A listed organisation with one member."""
    return Desk(core, client)


def test_R31_an_offer_and_its_reply_pass_from_hand_to_hand(desk: Desk) -> None:
    """Made by a member; opened, accepted and read by who has the code."""
    drawn = desk.invited()
    assert drawn.opened() == drawn.offer
    assert drawn.accept() is None
    assert drawn.read() == drawn.reply
    assert drawn.opened() == drawn.offer


def test_P10_every_call_can_be_sent_again(desk: Desk, scene: Scene) -> None:
    """The same invite, the same reply: the same answer, and one row."""
    drawn = desk.invited()
    assert drawn.make() is None
    assert [drawn.accept(), drawn.accept()] == [None, None]
    assert drawn.make() is None
    assert drawn.read() == drawn.read() == drawn.reply
    assert scene.count(table) == 1


def test_P10_another_invite_under_that_locator_is_taken(desk: Desk) -> None:
    """Another offer or another key: the first stays."""
    drawn = desk.invited()
    assert drawn.make(offer=desk.random(c.INVITE_BYTES)) == "taken"
    assert drawn.make(write_key_hash=desk.random(32)) == "taken"
    assert drawn.opened() == drawn.offer
    assert drawn.accept() is None


def test_the_first_reply_stays(desk: Desk) -> None:
    """Whoever comes later hears that somebody was there."""
    drawn = desk.invited()
    assert drawn.accept() is None
    for other in (desk.random(c.INVITE_BYTES), bytes(c.INVITE_BYTES), drawn.offer):
        assert drawn.accept(reply=other) == "taken"
    assert drawn.read() == drawn.reply


def test_P4_a_code_that_is_none_gets_the_one_refusal(desk: Desk, clock: FakeClock) -> None:
    """Unknown, ended, another key, a code of a request: byte for byte the same, on the tick."""
    drawn, other = desk.invited(), desk.drawn()
    code = Scene(desk.made.core, clock).published()
    refused = [
        post(desk.client, OPEN, locator=other.locator),
        post(desk.client, OPEN, locator=code.locator),
        post(desk.client, ACCEPT, locator=other.locator, write_key=other.write_key,
             reply=other.reply),
        post(desk.client, ACCEPT, locator=drawn.locator, write_key=other.write_key,
             reply=other.reply),
        post(desk.client, "/v1/codes/open", locator=drawn.locator),
    ]  # fmt: skip
    clock.days_pass(2)
    refused.append(post(desk.client, OPEN, locator=drawn.locator))
    before = clock.monotonic()
    refused.append(
        post(desk.client, ACCEPT, locator=drawn.locator, write_key=drawn.write_key,
             reply=drawn.reply)
    )  # fmt: skip
    assert clock.monotonic() - before == pytest.approx(0.1)
    assert {(one.status_code, one.data, str(one.headers)) for one in refused} == {
        (404, refused[0].data, str(refused[0].headers))
    }


def test_P3_where_there_is_no_reply_reading_gives_as_many_bytes_as_ever(
    desk: Desk, clock: FakeClock
) -> None:
    """The same bytes each time for one locator, whether it is an invite's or nobody's."""
    drawn, other = desk.invited(), desk.drawn()
    nothing = drawn.read()
    assert len(nothing) == c.INVITE_BYTES
    assert nothing == drawn.read() == drawn.read(write_key=other.write_key)
    assert other.read() == other.read() != nothing
    assert drawn.accept() is None
    assert drawn.read(write_key=other.write_key) == nothing
    assert drawn.read() == drawn.reply
    clock.days_pass(2)
    assert drawn.read() == nothing


def test_P9_T43_only_a_member_of_a_listed_organisation_invites(desk: Desk, scene: Scene) -> None:
    """Strangers, admins, the organisation's own key, nobody: unsigned."""
    drawn = desk.drawn()
    second = founding.named("second")
    for seed in (second.member_seed, desk.made.admins[0].seed, desk.shelter.seed):
        assert drawn.make(seed) == "unsigned"
    assert problem(post(desk.client, INVITES, **drawn.body())) == "unsigned"
    assert scene.count(table) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"locator": bytes(15)},
        {"locator": bytes(17)},
        {"write_key_hash": bytes(31)},
        {"offer": bytes(c.INVITE_BYTES - 1)},
        {"offer": bytes(c.INVITE_BYTES + 1)},
        {"offer": b""},
        {"offer": None},
        {"name": "Bo"},
    ],
)
@ON_SQLITE
def test_R39_T34_offers_have_one_size(desk: Desk, scene: Scene, changes: dict[str, Any]) -> None:
    """Other lengths, and what stands open beside it, are malformed."""
    assert desk.drawn().make(**changes) == "malformed"
    assert scene.count(table) == 0


@pytest.mark.parametrize("size", [0, 1, c.INVITE_BYTES - 1, c.INVITE_BYTES + 1])
@ON_SQLITE
def test_R39_T34_replies_have_one_size(desk: Desk, size: int) -> None:
    """And nothing of another size is kept."""
    drawn = desk.invited()
    assert drawn.accept(reply=bytes(size)) == "malformed"
    assert drawn.accept() is None


@ON_SQLITE
def test_R34_invites_of_a_day_are_counted_and_what_lives_is_not_held_back(
    desk: Desk, clock: FakeClock
) -> None:
    """Beyond the number a new one has to wait; one that is sent again gets its answer."""
    made = [desk.invited() for _ in range(A_DAY)]
    assert desk.drawn().make() == "limited"
    assert made[0].make() is None
    assert made[0].opened() == made[0].offer
    assert made[0].accept() is None
    clock.days_pass(1)
    assert desk.drawn().make() is None


def test_P7_T27_an_invite_ends_with_the_next_day(desk: Desk, scene: Scene) -> None:
    """There on the next day, refused the day after, gone with the sweep."""
    drawn = desk.invited()
    assert drawn.accept() is None
    scene.clock.days_pass(1)
    assert drawn.opened() == drawn.offer
    assert drawn.read() == drawn.reply
    scene.clock.days_pass(1)
    assert drawn.opened() == "refused"
    Sweeper(scene.core).run_once()
    assert scene.count(table) == 0
    assert drawn.make() is None


@ON_SQLITE
def test_P3_P7_a_row_has_one_size_and_names_nobody(desk: Desk, scene: Scene) -> None:
    """With a reply or without; neither organisation, member nor locator lies open in it."""
    answered, waiting = desk.invited(), desk.invited()
    assert answered.accept() is None
    found = scene.dump()["invite"]
    assert len({len(row[3]) for row in found}) == 1
    for row in found:
        for known in (desk.shelter.key, desk.shelter.member_key, answered.locator):
            assert known not in row[1] + row[3]
    held = rows.keys_in(scene.core.settings.keyring)
    opened = list(rows.opened([("invite", row[1], row[3]) for row in found], held))
    assert len(opened) == 2
    for content in opened:
        assert desk.shelter.key not in content
        assert desk.shelter.member_key not in content
        assert invites.decode(content).offer in (answered.offer, waiting.offer)


def test_P4_of_many_replies_at_once_one_stays(desk: Desk) -> None:
    """The row decides; the others hear that it is taken."""
    drawn = desk.invited()
    replies = [desk.random(c.INVITE_BYTES) for _ in range(12)]
    outcomes: dict[bytes, str | None] = {}
    barrier = Barrier(len(replies))

    def send(reply: bytes) -> None:
        barrier.wait()
        outcomes[reply] = drawn.accept(reply=reply)

    threads = [Thread(target=send, args=(reply,)) for reply in replies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes.values(), key=str) == [None] + ["taken"] * (len(replies) - 1)
    (winner,) = [reply for reply, outcome in outcomes.items() if outcome is None]
    assert drawn.read() == winner
