"""A sheet of paper opens the store once, when every passphrase is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from client.errors import BadInput, FirstDo, NotReadable, NotVetted
from client.flows import copies, members, recovery
from client.flows.copies import Brought
from client.flows.recovery import Recovered
from client.home import Home
from tests.client.provider.town import PHRASE, Device


def recover(device: Device, typed: str, name: str = "Cleo") -> Recovered:
    """Open the store with a sheet, on a device that has nothing."""
    return recovery.recover(
        device.api,
        recovery.read(typed),
        network_id=device.desk.network_id,
        name=name,
        passphrase=PHRASE,
        today=device.town.today,
        random=device.town.random,
    )


def home_of(device: Device, found: Recovered, place: Path) -> Home:
    """Found the folder of whoever had the sheet."""
    return copies.found_from(
        place,
        Brought(found.store, found.member, found.key_file),
        server="http://127.0.0.1:1",
        replaces=False,
        random=device.town.random,
    )


def test_R31_a_sheet_makes_a_member_and_opens_nothing_afterwards(
    listed: Device, tmp_path: Path
) -> None:
    """Among several organisations it finds its own; the others' stores stay closed to it."""
    listed.town.listed("Another House", "other").sync()
    typed = recovery.make(listed.desk, today=listed.town.today)
    listed.sync()
    new = listed.town.device(home_of(listed, recover(listed, typed), tmp_path / "cleo"))
    new.sync()
    assert [one.entry.name for one in members.listed(new.desk.read())] == ["Anna", "Cleo"]
    listed.sync()
    with pytest.raises((NotReadable, NotVetted)):
        recover(listed, typed, "Dora")


def test_R31_a_newer_sheet_takes_the_place_of_the_older(listed: Device) -> None:
    """One at a time."""
    older = recovery.make(listed.desk, today=listed.town.today)
    listed.sync()
    newer = recovery.make(listed.desk, today=listed.town.today)
    listed.sync()
    with pytest.raises(NotVetted):
        recover(listed, older)
    assert recover(listed, newer).member.organisation_key == listed.desk.organisation_key


def test_a_sheet_before_the_first_sync_opens_nothing(listed: Device) -> None:
    """The server does not know it yet; nor has it a store."""
    typed = recovery.make(listed.desk, today=listed.town.today)
    with pytest.raises(NotVetted):
        recover(listed, typed)
    members.tell_server(listed.desk, listed.signed)
    with pytest.raises(FirstDo, match="no store"):
        recover(listed, typed)


@pytest.mark.parametrize("name", ["Anna", "", "x" * 65])
def test_a_name_that_can_not_be_a_members_is_refused(listed: Device, name: str) -> None:
    """And the sheet opens the store as before."""
    typed = recovery.make(listed.desk, today=listed.town.today)
    listed.sync()
    lying = listed.signed.store()
    with pytest.raises(BadInput):
        recover(listed, typed, name)
    assert listed.signed.store() == lying


@pytest.mark.parametrize("typed", ["", "0", "00000-00000-00000-00000-00000-00001", "U" * 30])
def test_what_no_sheet_says_is_refused(typed: str) -> None:
    """Exit code 2."""
    with pytest.raises(BadInput):
        recovery.read(typed)
