"""Signed calls over HTTP: who gets in, and that no signature serves twice or elsewhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from threading import Barrier, Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crypto.constants import COUNTER_MOST
from crypto.encoding import monday
from crypto.public import policy as policies
from crypto.public.note_signing import Signer, sign_note
from crypto.public.statements import Kind
from server.core import Core
from server.models import member
from server.services.network import Loaded
from server.services.refusals import Refusal
from tests.crypto.networks import keys, seed_of
from tests.server import calling, founding
from tests.server.calling import Caller, call, problem, signed
from tests.server.founding import ON_SQLITE, Founded, Organisation
from tests.server.scene import FakeClock, Scene

ROOM = "/v1/organisations/me/capacity"
MEMBERS = "/v1/organisations/me/members"
APPLICATIONS = "/v1/applications"
OPEN = {"walk_ins": True, "capacity": 3}
CLOSED = {"walk_ins": False, "capacity": None}


@dataclass(frozen=True)
class Desk:
    """A network with one organisation, and how to call its server."""

    made: Founded
    shelter: Organisation
    client: FlaskClient
    caller: Caller

    @property
    def network_id(self) -> bytes:
        """The network's id."""
        return self.made.network_id

    def room(self) -> tuple[bool, int | None]:
        """What the directory says of the organisation's room."""
        (one,) = self.made.directory()
        return one.walk_ins, one.capacity

    def put_room(
        self,
        counter: int,
        *,
        seed: bytes | None = None,
        values: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        """Open walk-ins with this counter; `headers` take the place of the true ones."""
        given = OPEN if values is None else values
        key = self.shelter.member_seed if seed is None else seed
        true = self.headers(counter, key, given)
        return call(self.client, "PUT", ROOM, given, {**true, **(headers or {})})

    def headers(self, counter: int, seed: bytes, values: dict[str, Any]) -> dict[str, str]:
        """The true headers of putting the room."""
        body = calling.dumps(values)
        return signed(seed, self.network_id, counter, method="PUT", path=ROOM, body=body)


@pytest.fixture
def desk(core: Core, client: FlaskClient) -> Desk:
    """A founded network with one organisation."""
    made = founding.found(core)
    return Desk(made, made.organisation("Shelter"), client, Caller(client, made.network_id))


def test_R21_a_member_of_a_vetted_organisation_is_let_in(desk: Desk) -> None:
    """Her signature holds, and what she says is shown."""
    assert desk.put_room(1).get_json() == {}
    assert desk.room() == (True, 3)
    assert desk.put_room(COUNTER_MOST, values=CLOSED).get_json() == {}
    assert desk.room() == (False, None)


def test_P10_a_counter_serves_once_and_says_the_last(desk: Desk, scene: Scene) -> None:
    """The same call again, and any lower counter, is refused with the last one and does nothing."""
    assert desk.put_room(5).status_code == 200
    before = scene.dump()
    for counter in (5, 4, 1):
        answer = desk.put_room(counter, values=CLOSED)
        assert (problem(answer), answer.get_json()["counter"]) == ("counter", 5)
    assert scene.dump() == before
    assert desk.put_room(6, values=CLOSED).status_code == 200


@ON_SQLITE
def test_no_changed_character_of_a_header_is_taken(desk: Desk, scene: Scene) -> None:
    """Digest, input and signature hold in one form only; anything else is unsigned."""
    true = desk.headers(1, desk.shelter.member_seed, OPEN)
    before = scene.dump()
    for name, value in true.items():
        for at in range(0, len(value), 3):
            other = "A" if value[at] != "A" else "B"
            changed = value[:at] + other + value[at + 1 :]
            assert problem(desk.put_room(1, headers={name: changed})) == "unsigned", (name, at)
        for wrong in ("", f"{value}, {value}", f" {value} x", value[:-1], f"{value};a=1"):
            assert problem(desk.put_room(1, headers={name: wrong})) == "unsigned", (name, wrong)
    assert scene.dump() == before


@ON_SQLITE
def test_a_header_that_comes_twice_or_not_at_all_is_unsigned(desk: Desk) -> None:
    """Exactly one of each header: none may be left out, and none repeated."""
    true = desk.headers(1, desk.shelter.member_seed, OPEN)
    body, content = calling.dumps(OPEN), ("Content-Type", "application/json")
    for name in true:
        fewer = [content, *((key, value) for key, value in true.items() if key != name)]
        more = [content, *true.items(), (name, true[name])]
        for headers in (fewer, more):
            answer = desk.client.put(ROOM, data=body, headers=headers)
            assert problem(answer) == "unsigned"
    assert desk.put_room(1).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "POST"},
        {"path": MEMBERS},
        {"path": ROOM + "/"},
        {"path": "/v1/organisations/me/capacit%79"},
        {"query": "a=1"},
        {"body": calling.dumps(CLOSED)},
        {"body": calling.dumps(OPEN) + b" "},
        {"body": b""},
        {"network_id": bytes(32)},
        {"seed": seed_of("somebody")},
    ],
)
@ON_SQLITE
def test_a_signature_of_another_call_or_network_is_unsigned(
    desk: Desk, scene: Scene, changes: dict[str, Any]
) -> None:
    """Method, path, query, body, network and key are what was signed, and can't be replayed."""
    said = {
        "seed": desk.shelter.member_seed,
        "network_id": desk.network_id,
        "counter": 1,
        "method": "PUT",
        "path": ROOM,
        "body": calling.dumps(OPEN),
    }
    before = scene.dump()
    answer = call(desk.client, "PUT", ROOM, OPEN, signed(**{**said, **changes}))
    assert problem(answer) == "unsigned"
    assert scene.dump() == before


def test_P9_T43_nobody_else_is_let_in_and_all_are_told_the_same(
    desk: Desk, clock: FakeClock
) -> None:
    """Unknown keys, the organisation's own, admins, a removed member, a bad signature: alike."""
    shelter, made = desk.shelter, desk.made
    second = founding.named("second")
    both = {"members": sorted([shelter.member_key, second.member_key])}
    assert desk.caller(shelter.member_seed, "PUT", MEMBERS, both).status_code == 200
    assert desk.put_room(1, seed=second.member_seed).status_code == 200
    alone = {"members": [shelter.member_key]}
    assert desk.caller(shelter.member_seed, "PUT", MEMBERS, alone).status_code == 200
    seeds = [
        second.member_seed,
        shelter.seed,
        made.admins[0].seed,
        made.network.log.seed,
        seed_of("stranger"),
    ]
    answers = [desk.put_room(9, seed=seed, values=CLOSED) for seed in seeds]
    answers.append(desk.put_room(9, values=CLOSED, headers={"Signature": "towpath=:" + "A" * 86}))
    assert {(one.status_code, one.data, str(one.headers)) for one in answers} == {
        (401, answers[0].data, str(answers[0].headers))
    }
    assert desk.room() == (True, 3)


def test_P9_R21_members_of_a_listing_that_ended_are_not_let_in(
    desk: Desk, clock: FakeClock, scene: Scene
) -> None:
    """On the last day of the statement she signs, the day after she does not."""
    clock.days_pass(90)
    assert desk.put_room(1).status_code == 200
    clock.days_pass(1)
    assert scene.count(member) == 1
    assert problem(desk.put_room(2)) == "unsigned"


def test_P9_a_member_of_a_suspended_organisation_is_not_let_in(desk: Desk) -> None:
    """From the moment in which one admin suspends it."""
    suspended = desk.made.statement(
        desk.shelter, kind=Kind.SUSPENDED, serial=2, signed_by=desk.made.admins[:1]
    )
    assert not isinstance(desk.made.post(suspended), Refusal)
    assert problem(desk.put_room(1)) == "unsigned"


def test_a_bad_signature_learns_no_counter_and_moves_none(desk: Desk) -> None:
    """Only who signed truly hears of the counter, and a forged call with a high one uses none."""
    assert desk.put_room(5).status_code == 200
    forged = desk.headers(COUNTER_MOST, seed_of("stranger"), OPEN)["Signature"]
    for counter in (1, COUNTER_MOST):
        answer = desk.put_room(counter, headers={"Signature": forged})
        assert problem(answer) == "unsigned"
        assert "counter" not in answer.get_json()
    assert desk.put_room(6).status_code == 200


def test_P10_a_refused_call_that_was_truly_signed_uses_its_counter(desk: Desk) -> None:
    """What was refused can't be sent again in the hope of another answer."""
    wrong = {"week": monday(desk.made.core.today) + 7, "blinded": ""}
    headers = desk.caller.headers(desk.shelter.member_seed, "POST", "/v1/tokens", wrong)
    answers = [call(desk.client, "POST", "/v1/tokens", wrong, headers) for _ in range(2)]
    assert [problem(one) for one in answers] == ["malformed", "counter"]


def test_P10_of_many_equal_calls_at_one_moment_one_is_done(desk: Desk) -> None:
    """Twelve senders of one signed call: one succeeds, the others hear of the counter."""
    headers = desk.headers(7, desk.shelter.member_seed, OPEN)
    assert _at_once(desk, [headers] * 12) == {None: 1, "counter": 11}


def test_P10_calls_of_one_key_that_meet_leave_the_highest_counter(desk: Desk) -> None:
    """Whatever the order in which they arrive, the counter ends at the highest."""
    calls = [desk.headers(n, desk.shelter.member_seed, OPEN) for n in range(1, 13)]
    _at_once(desk, calls)
    answer = desk.put_room(1)
    assert (problem(answer), answer.get_json()["counter"]) == ("counter", 12)


def test_P9_T45_admins_are_let_in_as_the_policy_says(desk: Desk, clock: FakeClock) -> None:
    """Each with a counter of her own; no longer when she is retired, or the policy has ended."""
    made, caller = desk.made, desk.caller
    for admin in made.admins:
        assert caller(admin.seed, "GET", APPLICATIONS).status_code == 200
    again = caller.headers(made.admins[0].seed, "GET", APPLICATIONS, counter=1)
    answer = call(desk.client, "GET", APPLICATIONS, headers=again)
    assert (problem(answer), answer.get_json()["counter"]) == ("counter", 1)
    changed = replace(
        made.network.policy,
        version=2,
        admins=keys((*made.admins[1:], Signer("z-new", seed_of("z-new")))),
        former_admins=(made.admins[0].key,),
    )
    note = sign_note(policies.format_text(changed), *made.admins[1:])
    assert isinstance(made.load(note), Loaded)
    assert problem(caller(made.admins[0].seed, "GET", APPLICATIONS)) == "unsigned"
    assert caller(made.admins[1].seed, "GET", APPLICATIONS).status_code == 200
    clock.days_pass(365)
    assert caller(made.admins[1].seed, "GET", APPLICATIONS).status_code == 200
    clock.days_pass(1)
    assert problem(caller(made.admins[1].seed, "GET", APPLICATIONS)) == "unsigned"


@pytest.mark.parametrize(
    ("method", "path", "values"),
    [
        ("POST", "/v1/tokens", {"week": 20_778, "blinded": ""}),
        ("PUT", "/v1/organisations/me/weekly-key", {"weekly_key": bytes(1_321), "replaces": None}),
        ("PUT", ROOM, OPEN),
        ("PUT", MEMBERS, {"members": [bytes(32)]}),
        ("GET", APPLICATIONS, None),
        ("PUT", "/v1/admins/me/key", {"admin_key": bytes(1_345)}),
        ("POST", f"{APPLICATIONS}/open", {"id": bytes(16), "after": 0}),
        ("POST", f"{APPLICATIONS}/entries", {"id": bytes(16), "n": 0, "entry": bytes(2_560)}),
        ("POST", f"{APPLICATIONS}/answer", {"id": bytes(16), "reply": bytes(2_048)}),
    ],
)
@ON_SQLITE
def test_P9_R32_T28_no_signed_route_answers_who_did_not_sign(
    desk: Desk, scene: Scene, method: str, path: str, values: dict[str, Any] | None
) -> None:
    """Each of them refuses a call without headers, and one of a stranger, and stores nothing."""
    before = scene.dump()
    assert problem(call(desk.client, method, path, values)) == "unsigned"
    assert problem(desk.caller(seed_of("stranger"), method, path, values)) == "unsigned"
    assert scene.dump() == before


def _at_once(desk: Desk, calls: list[dict[str, str]]) -> Counter[str | None]:
    """Put the room with each of these headers at the same moment; count what was answered."""
    barrier, answers = Barrier(len(calls)), []
    app = desk.client.application

    def put(headers: dict[str, str]) -> None:
        barrier.wait()
        answers.append(problem(call(app.test_client(), "PUT", ROOM, OPEN, headers)))

    threads = [Thread(target=put, args=(headers,)) for headers in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(answers)
