"""Members come and go; applications are handed in, again and anew."""

from __future__ import annotations

import errno
from dataclasses import replace

import pytest

from client.errors import BadInput, FirstDo, NotReadable, NotVetted, Unreachable
from client.flows import apply, copies, kept, members, profile_file
from client.flows.copies import Brought
from client.flows.days import day
from client.flows.members import New
from crypto.client.store import open_store
from crypto.errors import CannotOpen
from crypto.public.applications import parse_and_check
from server.models import application
from tests.client.provider.town import NAME, PHRASE, Device, Stopped, Town, described
from tests.client.test_store_disk import always, trouble
from tests.crypto.networks import PROFILE
from tests.server.scene import Scene


def add(device: Device, name: str = "Bo") -> New:
    """Add a member."""
    new = members.make(device.desk, PHRASE, device.town.random)
    entry = members.entry_of(new.secret, role="caseworker", name=name, today=device.town.today)
    members.add(device.desk, new, entry)
    return new


def second(device: Device, new: New) -> Device:
    """The new member's own device."""
    store = copies.read(copies.write(device.desk), new.secret)
    home = copies.found_from(
        device.town.folder / "second",
        Brought(store, new.secret, new.key_file),
        server="http://127.0.0.1:1",
        replaces=False,
        random=device.town.random,
    )
    return device.town.device(home)


def test_R31_a_new_member_opens_the_store_and_signs(listed: Device) -> None:
    """From a copy, with a key file of her own."""
    new = add(listed)
    members.tell_server(listed.desk, listed.signed)
    other = second(listed, new)
    assert other.sync().requests == 0
    assert [one.entry.name for one in members.listed(other.desk.read())] == ["Anna", "Bo"]


def test_R31_a_removed_member_opens_nothing_new_and_signs_nothing(listed: Device) -> None:
    """Neither the store nor the copy that is written from then on; no signature is taken."""
    new = add(listed)
    members.tell_server(listed.desk, listed.signed)
    other = second(listed, new)
    other.sync()
    members.remove(listed.desk, members.find(listed.desk.read(), "Bo"), now=listed.town.now)
    members.tell_server(listed.desk, listed.signed)
    for file in (listed.desk.home.store, copies.write(listed.desk)):
        with pytest.raises(CannotOpen):
            open_store(file.read_bytes(), new.secret, 0)
    with pytest.raises(NotVetted, match="was removed"):
        other.signed_call()
    listed.sync()


def test_before_the_server_was_told_sync_tells_it(listed: Device) -> None:
    """A change that met no server is made good by the next run, once."""
    add(listed)
    listed.wire.cut = True
    with pytest.raises(Unreachable):
        members.tell_server(listed.desk, listed.signed)
    assert not kept.members_known(listed.desk.read())
    listed.wire.cut = False
    listed.sync()
    listed.sync()
    assert len(listed.wire.paths("/v1/organisations/me/members")) == 1
    assert kept.members_known(listed.desk.read())


def test_nobody_removes_herself_nor_the_last_one(listed: Device) -> None:
    """Nobody could open the store."""
    with pytest.raises(BadInput, match="This is you"):
        members.remove(listed.desk, members.find(listed.desk.read(), "Anna"), now=1)


@pytest.mark.parametrize("typed", ["", "Nobody", "zz"])
def test_a_member_who_is_none_is_not_found(listed: Device, typed: str) -> None:
    """Exit code 2."""
    with pytest.raises(BadInput, match="no such member"):
        members.find(listed.desk.read(), typed)


def test_there_is_room_for_16_members(listed: Device) -> None:
    """The seventeenth is refused in plain words."""
    new = members.make(listed.desk, PHRASE, listed.town.random)
    for number in range(15):
        secret = replace(new.secret, member_id=bytes([number]) * 16)
        entry = members.entry_of(secret, role="lead", name=f"Member {number}", today=1)
        members.add(listed.desk, New(secret, new.key_file), entry)
    with pytest.raises(FirstDo, match="16 members"):
        add(listed, "Seventeenth")


@pytest.mark.parametrize("name", ["", "x" * 65, "\x1b", "Anna"])
def test_a_name_that_can_not_be_a_members_is_refused(listed: Device, name: str) -> None:
    """Empty, too long, with a control character, or somebody's already."""
    with pytest.raises(BadInput):
        add(listed, name)
    assert len(members.listed(listed.desk.read())) == 1


def test_a_key_file_without_a_passphrase_is_not_made(listed: Device) -> None:
    """Nor for a new member."""
    with pytest.raises(BadInput, match="passphrase"):
        members.make(listed.desk, "", listed.town.random)


def test_a_copy_opens_for_members_only(listed: Device, town: Town) -> None:
    """Not for a member of another organisation."""
    other = town.apply("Other", "other")
    file = copies.write(listed.desk)
    with pytest.raises(NotReadable):
        copies.read(file, other.desk.member)


# --- applying ---


def handed_in(device: Device) -> int:
    """How many applications the server has."""
    return Scene(device.town.core, device.town.clock).count(application)


def test_P10_run_again_it_hands_in_the_same(town: Town) -> None:
    """Byte for byte, so that the server has one."""
    device = town.apply()
    device.wire.lose["/v1/applications"] = 1
    with pytest.raises(Unreachable):
        apply.post(device.desk, device.api)
    apply.post(device.again().desk, device.api)
    assert len(set(device.wire.paths("/v1/applications"))) == 1
    assert handed_in(device) == 1


def test_P2_the_admins_get_what_was_confirmed(town: Town) -> None:
    """Name and profile, signed by the organisation's key."""
    device = town.apply()
    whole = apply.said(device.desk)
    said = parse_and_check(whole.said, town.founded.network_id)
    assert whole.contact == described(NAME).contact
    assert whole.answers == described(NAME).answers
    assert (said.name, said.profile) == (NAME, PROFILE)
    assert said.organisation == device.desk.organisation_key
    assert said.member_key == device.desk.member.ed25519_public_key


def test_renewing_keeps_keys_and_takes_the_place_of_the_last(town: Town) -> None:
    """The same organisation, one open application, the new one's words."""
    device = town.apply()
    town.clock.days_pass(3)
    town.renew(device, "New Name")
    apply.post(device.desk, device.api)
    assert handed_in(device) == 1
    assert apply.last(device.desk).name == "New Name"
    assert apply.last(device.desk).organisation == device.desk.organisation_key
    town.approve(device)
    assert device.place().statement.name == "New Name"


def test_P10_stopped_while_renewing_it_goes_on(town: Town) -> None:
    """What was kept is what the next run hands in."""
    device = town.apply()
    town.clock.days_pass(1)
    for at in (1, 2, 3, 4, 5):
        mortal = device.again(at)
        with pytest.raises(Stopped):
            _renew_and_post(mortal, f"Name {at}")
    apply.post(device.again().desk, device.api)
    assert apply.last(device.again().desk).name == "Name 5"
    assert handed_in(device) == 1


def _renew_and_post(device: Device, name: str) -> None:
    device.town.renew(device, name)
    apply.post(device.desk, device.api)


def test_P10_a_full_disk_hands_in_nothing(town: Town) -> None:
    """Keys that are not kept are not sent."""
    device = town.apply()
    town.clock.days_pass(1)
    with trouble("write", errno.ENOSPC, always), pytest.raises(Exception, match="as it was"):
        town.renew(device, "Other")
    assert apply.last(device.desk).name == NAME


FILLED = '''
name = "Open Door"
kind = "open_shelter"
services = ["sleep_tonight", "documents"]
police_ties = ["none"]
funding = ["none"]
reporting = ["minors"]
contact = "ring 555 0100"
[V1]
answer = "yes"
date = "2026-05-01"
text = "Rules for new people, page 1."
[V2]
answer = "yes"
[V3]
answer = "part"
date = 2026-05-02
text = """
One seat.
Since May."""
[V5]
answer = "none"
[V7]
answer = "yes"
'''


def test_R21_a_file_of_codes_is_read() -> None:
    """Codes of `words`, nothing free but the name."""
    read = profile_file.parse(FILLED)
    assert (read.name, read.contact) == ("Open Door", "ring 555 0100")
    first, *_, third, _, _ = read.answers
    assert (first.criterion, first.kind, day(first.epoch)) == (1, 1, "2026-05-01")
    assert (third.kind, third.text, day(third.epoch)) == (3, "One seat.\nSince May.", "2026-05-02")


def test_R21_the_example_can_not_be_handed_in_as_it_is() -> None:
    """So that nobody says something about police and money by leaving it there."""
    with pytest.raises(BadInput):
        profile_file.parse(profile_file.example())
    named = profile_file.example().replace('name = ""', 'name = "Open Door"')
    with pytest.raises(BadInput, match="missing"):
        profile_file.parse(named)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('police_ties = ["none"]', ""),
        ('funding = ["none"]', "funding = []"),
        ('reporting = ["minors"]', ""),
        ('"none"', '"no_such_code"'),
        ('kind = "open_shelter"', 'kind = ["open_shelter", "church"]'),
        ('name = "Open Door"', 'name = ""'),
        ('name = "Open Door"', 'name = "\u202eroooD nepO"'),
        ('name = "Open Door"', ""),
        ('name = "Open Door"', "name = 5"),
        ('services = ["sleep_tonight", "documents"]', "services = [1, 2]"),
        ('services = ["sleep_tonight", "documents"]', 'services = ["money", "money"]'),
        ("\nname", '\naddress = "1 Shelter Street"\nname'),
        ("\nname", "\nname name"),
        ('contact = "ring 555 0100"', ""),
        ('contact = "ring 555 0100"', 'contact = ""'),
        ('contact = "ring 555 0100"', f'contact = "{"a" * 501}"'),
        ('contact = "ring 555 0100"', 'contact = "a\u202eb"'),
        ('[V5]\nanswer = "none"', ""),
        ('[V5]\nanswer = "none"', '[V5]\nanswer = ""'),
        ('[V5]\nanswer = "none"', '[V5]\nanswer = "perhaps"'),
        ('[V5]\nanswer = "none"', '[V5]\nanswer = "none"\nmore = "x"'),
        ('[V5]\nanswer = "none"', '[V5]\nanswer = "none"\ntext = 5'),
        ("[V5]", "[V17]"),
        ("2026-05-02", '"2 May"'),
        ("page 1", "a" * 1001),
    ],
)
def test_R21_R23_a_file_that_says_too_little_or_too_much_is_refused(
    before: str, after: str
) -> None:
    """Police ties, money and reporting can't be left out; an address has no place."""
    assert before in FILLED
    with pytest.raises(BadInput) as caught:
        profile_file.parse(FILLED.replace(before, after))
    assert caught.value.exit_code == 2
