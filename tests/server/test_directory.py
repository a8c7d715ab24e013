"""The directory: who is shown, from when until when, and that every client can check it alone."""

from __future__ import annotations

from functools import partial
from threading import Thread

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, func, select

from crypto import errors
from crypto.client import record_check
from crypto.encoding import monday
from crypto.public import organisation_keys
from crypto.public.log import Inclusion
from crypto.public.statements import Kind
from server.core import Core
from server.models import log_entry
from server.services import checkpoints, members
from server.services.listing import Listed
from tests.server import founding
from tests.server.founding import Founded, Organisation
from tests.server.scene import FakeClock, from_b64url

NAMES = ("Clinic", "Night Bus", "Shelter")


def _shown(client: FlaskClient) -> list[Listed]:
    """What GET /v1/directory says, as a client holds it."""
    return [
        Listed(
            statement=from_b64url(one["statement"]),
            profile=from_b64url(one["profile"]),
            inclusion=Inclusion(one["index"], tuple(map(from_b64url, one["hashes"]))),
            walk_ins=one["walk_ins"],
            capacity=one["capacity"],
            weekly_keys=tuple(map(from_b64url, one["weekly_keys"])),
        )
        for one in client.get("/v1/directory").get_json()["organisations"]
    ]


def _put_weekly_key(made: Founded, of: Organisation, first: int) -> None:
    work = partial(
        members.put_weekly_key,
        mine=of.key,
        signed_key=made.weekly_key(of, first),
        today=made.core.today,
        keyring=made.core.keyring,
    )
    assert made.core.database.write(work) is None


def test_P2_P9_R21_every_listing_passes_a_senders_own_checks(
    core: Core, client: FlaskClient
) -> None:
    """Statement, profile, inclusion, checkpoint, list and weekly key hold, in ascending order."""
    made = founding.found(core)
    listed = [made.organisation(name) for name in NAMES]
    for one in listed:
        _put_weekly_key(made, one, monday(core.today))
    shown = _shown(client)
    checked = founding.seen(made.document(), shown, core.today, made.network_id)
    keys = [one.statement.organisation for one in checked]
    assert keys == sorted(one.key for one in listed)
    for entry, held in zip(shown, checked, strict=True):
        (key,) = entry.weekly_keys
        organisation_keys.check_weekly_key(key, held.statement, core.today)


def test_P2_P9_another_network_document_bears_no_listing(core: Core, client: FlaskClient) -> None:
    """What is shown holds with the checkpoint and list that the server shows, and no others."""
    made = founding.found(core)
    made.organisation("Clinic")
    before = made.document()
    made.organisation("Shelter")
    with pytest.raises(errors.NotInLog):
        founding.seen(before, _shown(client), core.today, made.network_id)


@pytest.mark.parametrize("count", range(1, 9))
@founding.ON_SQLITE
def test_P9_T47_every_place_in_every_tree_has_its_proof(core: Core, count: int) -> None:
    """However many entries the log has, each listing's inclusion leads to the root."""
    made = founding.found(core)
    for number in range(count):
        made.organisation(f"Organisation {number}")
    assert len(made.seen()) == count
    # Policy and issuing key come first, and before each statement its profile.
    places = {one.inclusion.index for one in made.directory()}
    assert places == set(range(3, 2 * count + 3, 2))


def test_P9_R21_a_listing_is_shown_to_its_last_day_and_not_after(
    core: Core, clock: FakeClock
) -> None:
    """On the statement's until it is there; the day after nobody is shown."""
    made = founding.found(core)
    made.organisation("Shelter")
    clock.days_pass(90)
    assert len(made.seen()) == 1
    clock.days_pass(1)
    assert made.directory() == []


def test_T27_weekly_keys_are_shown_to_the_end_of_their_week(core: Core, clock: FakeClock) -> None:
    """This week's and the next are shown, ascending; on Monday the old one is gone."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    this = monday(core.today)
    for first in (this + 7, this):
        _put_weekly_key(made, shelter, first)
    both = [made.weekly_key(shelter, first) for first in (this, this + 7)]
    assert list(made.directory()[0].weekly_keys) == both
    clock.days_pass(this + 6 - core.today)
    assert list(made.directory()[0].weekly_keys) == both
    clock.days_pass(1)
    assert list(made.directory()[0].weekly_keys) == both[1:]


def test_P9_what_has_ended_early_is_shown_by_nobody(core: Core, client: FlaskClient) -> None:
    """A client that kept a listing learns from the new list that it was suspended."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    kept = made.directory()
    one = made.admins[:1]
    made.post(made.statement(shelter, kind=Kind.SUSPENDED, serial=2, signed_by=one))
    assert _shown(client) == []
    document = made.document()
    old = record_check.Listing(
        profile=kept[0].profile,
        statement=kept[0].statement,
        inclusion=_proof(made, kept[0].inclusion.index),
        checkpoint=document.checkpoint,
    )
    network = record_check.Network(
        policy=made.network.policy,
        newest=document.checkpoint,
        suspensions=document.suspensions,
        today=core.today,
    )
    with pytest.raises(errors.Suspended):
        record_check.check_listing(old, network)


def test_P9_nothing_in_the_directory_says_when_or_by_whom(client: FlaskClient, core: Core) -> None:
    """An entry has the keys of http.md 2, and no member, counter or day of its own."""
    founding.found(core).organisation("Shelter")
    (one,) = client.get("/v1/directory").get_json()["organisations"]
    assert sorted(one) == [
        "capacity",
        "hashes",
        "index",
        "profile",
        "statement",
        "walk_ins",
        "weekly_keys",
    ]
    assert one["walk_ins"] is False
    assert one["capacity"] is None


def test_P9_a_reader_sees_one_state_of_the_database(core: Core) -> None:
    """Checkpoint and listings that are read one after the other are of the same moment."""
    made = founding.found(core)
    count = select(func.count()).select_from(log_entry)

    def read(connection: Connection) -> tuple[int, int]:
        first = connection.execute(count).scalar_one()
        writer = Thread(target=made.organisation, args=("Shelter",))
        writer.start()
        writer.join()
        return first, connection.execute(count).scalar_one()

    assert core.database.read(read) == (2, 2)  # policy and issuing key
    assert len(made.seen()) == 1


def _proof(made: Founded, index: int) -> Inclusion:
    """The inclusion of an entry in the newest tree."""

    def read(connection: Connection) -> Inclusion:
        newest = checkpoints.newest(connection)
        assert newest is not None
        return checkpoints.tree_of(connection, newest).inclusion(index)

    return made.core.database.read(read)
