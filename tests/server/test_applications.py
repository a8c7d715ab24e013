"""Applications: sealed, one for each organisation, gone when decided or after 90 days."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from server.core import Core
from server.keyring import WRAP
from server.models import application
from server.services import applications
from server.services.applications import HandedIn
from server.services.refusals import Refusal
from server.services.statements import Posted
from tests.crypto.networks import PROFILE
from tests.server import calling, founding
from tests.server.calling import Caller
from tests.server.founding import ON_SQLITE, Founded
from tests.server.scene import FakeClock, Scene, from_b64url

PATH = "/v1/applications"
NEW, AGAIN = HandedIn(is_new=True), HandedIn(is_new=False)


def _names(made: Founded) -> list[str]:
    return sorted(one.said(made.network_id).name for one in made.open())


def _draft(made: Founded, of: founding.Organisation) -> None:
    """One admin begins to sign."""
    posted = made.post(made.statement(of, signed_by=made.admins[:1]))
    assert posted == Posted(signatures=1, needed=2, listed=False)


def test_P7_T27_an_application_is_there_for_ninety_days_and_then_unreadable(
    core: Core, clock: FakeClock, scene: Scene
) -> None:
    """On its last day an admin reads it; the day after nobody does, whatever rows are left."""
    made = founding.found(core)
    made.apply(founding.named("Shelter"))
    clock.days_pass(90)
    assert _names(made) == ["Shelter"]
    clock.days_pass(1)
    assert _names(made) == []
    core.keyring.destroy(WRAP, core.today - 1)
    clock.days_pass(-1)
    assert scene.count(application) == 1
    assert _names(made) == []


def test_P7_T25_nothing_of_an_application_lies_open_in_the_database(
    core: Core, scene: Scene
) -> None:
    """Name, keys, profile and drafts are sealed, and the row is found by no value of theirs."""
    made = founding.found(core)
    shelter = founding.named("Shelter by the Canal")
    made.apply(shelter)
    _draft(made, shelter)
    (row,) = scene.dump()["application"]
    stored = b"".join(value for value in row if isinstance(value, bytes))
    for known in (shelter.name.encode(), shelter.key, shelter.member_key, shelter.profile):
        assert known not in stored
    assert b"towpath/v1/statement" not in stored


@ON_SQLITE
def test_P7_a_row_moved_to_another_place_opens_for_nobody(core: Core) -> None:
    """The seal holds for one row: swapped contents are no application."""
    made = founding.found(core)
    for name in ("Shelter", "Clinic"):
        made.apply(founding.named(name))
    one, other = made.open()
    swap = update(application).where(application.c.id == one.id).values(lookup=bytes(32))
    core.database.write(lambda connection: connection.execute(swap).rowcount)
    assert [left.id for left in made.open()] == [other.id]


def test_P10_the_same_application_again_changes_nothing(core: Core, scene: Scene) -> None:
    """A repeat keeps the drafts, takes no row and needs no room."""
    made, shelter = founding.found(core), founding.named("Shelter")
    assert made.apply(shelter) == NEW
    _draft(made, shelter)
    before = scene.dump()
    assert made.apply(shelter) == AGAIN
    assert made.apply(shelter, room=False) == AGAIN
    assert scene.dump() == before


@pytest.mark.parametrize("days", [0, 1, 90])
def test_R21_another_application_takes_the_place_of_the_one_before(
    core: Core, clock: FakeClock, scene: Scene, days: int
) -> None:
    """What admins began to sign for the old one ends with it, on the same day or a later one."""
    made, shelter = founding.found(core), founding.named("Shelter")
    made.apply(shelter)
    _draft(made, shelter)
    clock.days_pass(days)
    assert made.apply(shelter, name="Shelter North") == NEW
    assert _names(made) == ["Shelter North"]
    assert [one.drafts for one in made.open()] == [()]
    assert scene.count(application) == 1
    assert made.post(made.statement(shelter, signed_by=made.admins[1:])) is Refusal.MALFORMED


@ON_SQLITE
def test_P9_R21_what_the_organisation_did_not_sign_is_refused(core: Core, scene: Scene) -> None:
    """Any byte changed, cut off or added: refused, and nothing is stored."""
    made, shelter = founding.found(core), founding.named("Shelter")
    data = made.application(shelter)
    before = scene.dump()
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert isinstance(made.hand_in(changed), Refusal), at
        assert made.hand_in(data[:at]) in (Refusal.MALFORMED, Refusal.UNSIGNED), at
    assert made.hand_in(data + b"\0") is Refusal.MALFORMED
    assert scene.dump() == before


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"network_id": bytes(32)}, Refusal.MALFORMED),
        ({"epoch": 20_779}, Refusal.MALFORMED),
        ({"epoch": 20_781}, Refusal.MALFORMED),
        ({"epoch": 0}, Refusal.MALFORMED),
    ],
)
@ON_SQLITE
def test_R21_another_network_or_day_is_refused(
    core: Core, scene: Scene, changes: dict[str, Any], refusal: Refusal
) -> None:
    """An application is of today and to this network, so an old one can't be handed in again."""
    made = founding.found(core)
    before = scene.dump()
    assert made.apply(founding.named("Shelter"), **changes) is refusal
    assert scene.dump() == before


@ON_SQLITE
def test_R34_no_more_than_there_is_room_for_are_open(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the most that may be open new ones wait, and those that are there can be replaced."""
    monkeypatch.setattr(applications, "_OPEN_MOST", 3)
    made = founding.found(core)
    for number in range(3):
        assert made.apply(founding.named(f"Shelter {number}")) == NEW
    assert made.apply(founding.named("One more")) is Refusal.FULL
    assert made.apply(founding.named("Shelter 1"), name="Shelter 1 b") == NEW
    assert made.post(made.statement(founding.named("Shelter 2"))) == Posted(2, 2, listed=True)
    assert made.apply(founding.named("One more")) == NEW


@ON_SQLITE
def test_R34_a_days_applications_are_limited_and_repeats_are_not(
    core: Core, client: FlaskClient
) -> None:
    """Beyond the day's number a new one is told to wait; one that is there gets its answer."""
    made = founding.found(core)
    shelter, most = founding.named("Shelter 0"), core.settings.applications_a_day
    answers = [
        calling.post(client, PATH, application=made.application(founding.named(f"Shelter {n}")))
        for n in range(most + 1)
    ]
    assert [one.status_code for one in answers] == [200] * most + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert calling.post(client, PATH, application=made.application(shelter)).get_json() == {}
    other = made.application(shelter, name="Other")
    assert calling.problem(calling.post(client, PATH, application=other)) == "limited"


def test_P9_R32_admins_alone_read_applications(core: Core, client: FlaskClient) -> None:
    """An admin gets application and drafts byte for byte; member, log and stranger get nothing."""
    made = founding.found(core)
    clinic, shelter = made.organisation("Clinic"), founding.named("Shelter")
    made.apply(shelter)
    _draft(made, shelter)
    caller = Caller(client, made.network_id)
    (one,) = caller(made.admins[2].seed, "GET", PATH).get_json()["applications"]
    assert from_b64url(one["application"]) == made.application(shelter)
    drafts = [from_b64url(draft) for draft in one["drafts"]]
    assert drafts == [made.statement(shelter, signed_by=made.admins[:1])]
    for seed in (clinic.member_seed, clinic.seed, shelter.seed, made.network.log.seed):
        assert calling.problem(caller(seed, "GET", PATH)) == "unsigned"
    assert calling.problem(client.get(PATH)) == "unsigned"


@pytest.mark.parametrize(
    ("application", "kind"),
    [
        (b"", "malformed"),
        (bytes(514), "malformed"),
        (b"\x02" * 300, "malformed"),
        (b"\x01" * 300, "malformed"),
    ],
)
@ON_SQLITE
def test_junk_over_http_is_malformed(
    core: Core, client: FlaskClient, application: bytes, kind: str
) -> None:
    """Bytes that are no application are refused as such."""
    founding.found(core)
    assert calling.problem(calling.post(client, PATH, application=application)) == kind


@ON_SQLITE
def test_an_application_that_somebody_else_signed_is_unsigned(
    core: Core, client: FlaskClient
) -> None:
    """A true application with another organisation's signature below it."""
    made = founding.found(core)
    true, other = (made.application(founding.named(name)) for name in ("Shelter", "Clinic"))
    forged = true[:-64] + other[-64:]
    assert PROFILE in forged
    assert calling.problem(calling.post(client, PATH, application=forged)) == "unsigned"
