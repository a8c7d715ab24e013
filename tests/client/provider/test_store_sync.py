"""The store of the command line meets those of other devices on the server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from client import home as homes
from client import store_file
from client.api_signed import store_hash
from client.errors import NotReadable, NotVetted, Trouble, Unreachable
from client.flows import (
    answering,
    ask,
    cancelling,
    cases,
    copies,
    kept,
    members,
    picking,
    sending,
    store_sync,
    walk_in_keys,
)
from client.flows.answering import Wanted
from client.flows.copies import Brought
from client.flows.kept import Room
from client.home import Home
from crypto import constants as c
from crypto.client.member_file import MemberSecret
from crypto.client.store import open_store, seal_store
from crypto.client.store_entries import MemberEntry, SeedEntry
from crypto.encoding import monday
from crypto.errors import CannotOpen, Malformed
from tests.client.provider import town as towns
from tests.client.provider.test_members import add, second
from tests.client.provider.town import Asked, Device, Doom, MortalDesk, Stopped, Town, Wire

STORE = "/v1/store"


Two = tuple[Device, Device, Asked]


@pytest.fixture(scope="session")
def baked_two(
    baked_asked: tuple[Town, Asked], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Town, Two]:
    """A closed town in which Anna's and Bo's devices have the same request and have synced."""
    town = towns.copy_of(baked_asked[0], tmp_path_factory.mktemp("two"))
    first = town.device(towns.home_in(town))
    new = add(first)
    first.sync()
    other = second(first, new)
    other.sync()
    first.sync()
    town.close()
    return town, (first, other, baked_asked[1])


@pytest.fixture
def two(baked_two: tuple[Town, Two], tmp_path: Path) -> Iterator[Two]:
    """Anna's and Bo's devices, which both have the same request and have synced."""
    town = towns.copy_of(baked_two[0], tmp_path)
    anna, bo, asked = baked_two[1]
    first = opened(town, towns.home_in(town), anna.desk.member)
    other = opened(town, homes.load(town.folder / bo.desk.home.folder.name), bo.desk.member)
    yield first, other, replace(asked, device=first)
    town.close()


def opened(town: Town, home: Home, member: MemberSecret, dies_at: int = 0) -> Device:
    """A device whose key file was opened before, which takes a second; it may die at a step."""
    desk = MortalDesk(home, member, town.random)
    desk.doom = Doom(dies_at)
    return Device(town, desk, Wire(town.app, desk.doom))


def only(device: Device, *, closed: bool = False) -> cases.Opened:
    """The one case of a device."""
    (one,) = cases.listed(device.desk.read(), closed=closed)
    return one


def same(one: Device, other: Device) -> bool:
    """Whether both have the same store, but for who wrote it last."""
    stores = [kept.drop(device.desk.read(), "written") for device in (one, other)]
    return stores[0].entries == stores[1].entries


def settle(first: Device, other: Device) -> None:
    """Sync until both know what the other did."""
    for device in (first, other, first):
        device.sync()


def test_R31_R40_the_first_sync_of_a_founder_puts_the_store(listed: Device) -> None:
    """In the network's one size, sealed to the members; the base beside it is what lies there."""
    assert listed.signed.store() == b""
    listed.sync()
    lying = listed.signed.store()
    assert len(lying) == listed.api.network().store_bytes
    assert listed.desk.home.base.read_bytes() == lying
    there = open_store(lying, listed.desk.member, 0)
    assert dict(there.entries).items() <= dict(listed.desk.read().entries).items()


def test_R40_what_one_does_the_other_has_after_both_synced(
    two: Two,
) -> None:
    """Taken, noted: without a copy that is carried about."""
    first, other, _ = two
    cases.take(first.desk, only(first).case_id, first.desk.member.member_id)
    cases.note(other.desk, only(other).case_id, "Seen by Bo.")
    settle(first, other)
    for device in (first, other):
        case = only(device).case
        assert (case.taken_by, case.note) == (first.desk.member.member_id, "Seen by Bo.")
    assert same(first, other)


def test_R31_of_two_who_take_the_same_one_is_told(two: Two) -> None:
    """What was written to the server first stands."""
    first, other, _ = two
    cases.take(first.desk, only(first).case_id, first.desk.member.member_id)
    cases.take(other.desk, only(other).case_id, other.desk.member.member_id)
    assert first.sync_all().overruled == ()
    (told,) = other.sync_all().overruled
    assert (told.kind, told.field) == (c.ENTRY_CASE, c.CASE_TAKEN_BY)
    assert only(other).case.taken_by == first.desk.member.member_id
    assert other.sync_all().overruled == ()


@pytest.mark.parametrize("lost", [STORE, "/v1/drop", "/v1/network"])
def test_P10_both_change_and_one_loses_the_network(two: Two, lost: str) -> None:
    """No note is lost, whichever answer does not arrive, and none stands there twice."""
    first, other, _ = two
    cases.note(first.desk, only(first).case_id, "Anna's words.")
    cases.note(other.desk, only(other).case_id, "Bo's words.")
    other.sync()
    first.wire.lose[lost] = 1
    with pytest.raises(Unreachable):
        first.sync()
    other.sync()
    settle(first, other)
    for device in (first, other):
        assert sorted(only(device).case.note.split("\n")) == ["Anna's words.", "Bo's words."]
    assert same(first, other)


def test_P10_the_lost_answer_of_a_put_overrules_nobody(
    two: Two,
) -> None:
    """What was changed after it is not taken for another member's."""
    first, _, _ = two
    cases.note(first.desk, only(first).case_id, "Before.")
    lying = first.signed.store()
    store_sync.fetch(first.desk, first.signed, today=first.town.today)
    first.wire.lose[STORE] = 1
    size = first.api.network().store_bytes
    with pytest.raises(Unreachable):
        store_sync.save(first.desk, first.signed, size, today=first.town.today)
    assert first.signed.store() != lying
    cases.note(first.desk, only(first).case_id, "After.")
    assert first.sync_all().overruled == ()
    assert only(first).case.note == "After."


def test_P11_a_closed_case_brings_no_seed_back(two: Two) -> None:
    """Neither from a device that noted something meanwhile, nor to the server."""
    first, other, asked = two
    cases.note(other.desk, only(other).case_id, "Meanwhile.")
    cases.close(first.desk, only(first).case_id, today=first.town.today)
    other.sync()
    settle(first, other)
    for device in (first, other):
        assert asked.sealed.locator not in device.entries(c.ENTRY_SEED)
        assert only(device, closed=True).case.note == "Meanwhile."
    lying = open_store(first.signed.store(), first.desk.member, 0)
    assert (c.ENTRY_SEED, asked.sealed.locator) not in lying.entries
    assert (c.ENTRY_ERASED, asked.sealed.locator) in lying.entries


def test_P11_an_old_copy_that_is_imported_is_merged(two: Two) -> None:
    """What was erased since stays erased, and what only the copy has comes to all."""
    first, other, asked = two
    case_id = only(other).case_id
    cases.note(other.desk, case_id, "Only in the copy.")
    old = Brought(other.desk.read(), other.desk.member, other.desk.home.key_file.read_bytes())
    cases.close(first.desk, case_id, today=first.town.today)
    first.sync()
    home = copies.found_from(
        first.town.folder / "third",
        old,
        server="http://127.0.0.1:1",
        replaces=False,
        random=first.town.random,
    )
    third = first.town.device(home)
    third.sync()
    first.sync()
    assert asked.sealed.locator not in third.entries(c.ENTRY_SEED)
    assert only(first, closed=True).case.note == "Only in the copy."


def test_R14_an_answer_is_not_sent_twice_without_being_told(
    two: Two,
) -> None:
    """Both answered where no network was: one goes out, the other's writer gets hers back."""
    first, other, asked = two
    for device, text in ((first, "Come at nine."), (other, "Come at ten.")):
        device.wire.cut = True
        with pytest.raises(Unreachable):
            answering.answer(
                device.desk,
                device.api,
                only(device),
                Wanted(state="answered", text=text),
                today=device.town.today,
            )
        device.wire.cut = False
    assert first.sync_all().sent == 1
    done = other.sync_all()
    told = [one.answer.text for one in done.taken]
    told += [one.lost.decode(errors="replace") for one in done.overruled]
    assert (done.sent, len(told)) == (0, 1)
    assert "Come at ten." in told[0]
    box = asked.read()
    assert box
    assert [answer.text for _, answer in box.answers] == ["Come at nine."]
    assert other.sync_all().taken == ()


def test_P10_stopped_at_any_moment_of_a_sync_nothing_is_lost(
    two: Two,
) -> None:
    """Another member's change is there at the end, and one's own, once."""
    first, other, _ = two
    case_id = only(first).case_id
    for at in count(1):
        cases.note(other.desk, case_id, f"Bo {at}.")
        other.sync()
        cases.take(first.desk, case_id, first.desk.member.member_id if at % 2 else b"")
        is_whole = False
        try:
            opened(first.town, first.desk.home, first.desk.member, at).sync()
            is_whole = True
        except Stopped:
            first.sync()
        other.sync()
        assert f"Bo {at}." in only(first).case.note.split("\n"), at
        assert only(other).case.note == only(first).case.note, at
        assert only(other).case.taken_by == only(first).case.taken_by, at
        if is_whole:
            assert at > 10
            break


def test_P10_a_put_that_is_stale_is_merged_and_tried_again(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody wrote between this device's reading and writing."""
    first, other, _ = two
    cases.note(other.desk, only(other).case_id, "In between.")
    waiting = sending.send_waiting

    def meanwhile(*args: Any, **kwargs: Any) -> object:
        monkeypatch.setattr(sending, "send_waiting", waiting)
        other.sync()
        return waiting(*args, **kwargs)

    monkeypatch.setattr(sending, "send_waiting", meanwhile)
    before = len(first.wire.paths(STORE))
    first.sync()
    assert only(first).case.note == "In between."
    assert [bool(body) for body in first.wire.paths(STORE)[before:]] == [False, True, False, True]


def test_P10_after_five_times_it_waits_for_the_next_sync(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said, and what was done here is still here."""
    first, _, _ = two
    cases.note(first.desk, only(first).case_id, "Mine.")
    monkeypatch.setattr(type(first.signed), "put_store", lambda *_, **__: False)
    with pytest.raises(Trouble, match="wrote the organisation's store each time"):
        first.sync()
    monkeypatch.undo()
    assert only(first).case.note == "Mine."


def test_P10_T22_a_server_that_goes_back_is_refused(two: Two) -> None:
    """An older store than this device has seen there changes nothing here."""
    first, _, _ = two
    old = first.signed.store()
    cases.note(first.desk, only(first).case_id, "Newer.")
    first.sync()
    assert first.signed.put_store(old, replaces=store_hash(first.signed.store()))
    before = first.desk.read().entries
    with pytest.raises(NotReadable, match="older store"):
        first.sync()
    assert first.desk.read().entries == before


def test_T22_another_store_of_the_same_generation_is_refused(two: Two) -> None:
    """One that never took the base's place would take away what the base has and it has not."""
    first, other, _ = two
    lying = first.signed.store()
    there = open_store(lying, first.desk.member, 0)
    cases_gone = {key: value for key, value in there.entries.items() if key[0] != c.ENTRY_CASE}
    forked = seal_store(
        replace(there, entries=cases_gone), random=first.town.random, size=len(lying)
    )
    assert first.signed.put_store(forked, replaces=store_hash(lying))
    before = first.desk.read().entries
    with pytest.raises(NotReadable, match="older store"):
        first.sync()
    assert first.desk.read().entries == before
    assert only(other).case_id


def test_P2_T22_what_is_no_store_of_the_organisation_is_refused(
    two: Two,
) -> None:
    """A store that was damaged, or that somebody else made."""
    first, _, _ = two
    lying = bytearray(first.signed.store())
    lying[-1] ^= 1
    assert first.signed.put_store(bytes(lying), replaces=store_hash(first.signed.store()))
    with pytest.raises(NotReadable):
        first.sync()


def test_a_server_that_lost_the_store_gets_it_again(
    listed: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its time was over there: the next sync puts it."""
    listed.sync()
    monkeypatch.setattr(type(listed.signed), "store", lambda _: b"")
    with store_file.held(listed.desk.home.base) as lying:
        assert lying.read()
    store_sync.fetch(listed.desk, listed.signed, today=listed.town.today)
    assert not listed.desk.home.base.exists()


@pytest.mark.parametrize("damage", [b"", b"x", bytes(c.STORE_STEPS[0])])
def test_a_base_that_is_damaged_or_gone_loses_nothing(two: Two, damage: bytes) -> None:
    """The next merge goes without."""
    first, other, _ = two
    cases.note(first.desk, only(first).case_id, "Mine.")
    cases.take(other.desk, only(other).case_id, other.desk.member.member_id)
    other.sync()
    first.desk.home.base.write_bytes(damage)
    first.sync()
    case = only(first).case
    assert (case.note, case.taken_by) == ("Mine.", other.desk.member.member_id)


def test_P10_a_store_brought_back_without_its_base_takes_nothing_away(
    two: Two,
) -> None:
    """What came since the copy was made is not taken for something that this device removed."""
    first, other, _ = two
    home = first.desk.home
    case_id = only(first).case_id
    before = first.desk.read()
    fewer = before.without_entry(c.ENTRY_CASE, case_id)
    first.sync()
    newer = first.desk.read().generation
    sealed = seal_store(replace(fewer, generation=newer - 2), random=first.town.random)
    home.store.write_bytes(sealed)
    again = opened(first.town, home, first.desk.member)
    again.sync()
    other.sync()
    assert only(again).case_id == only(other).case_id == case_id


def test_P11_the_base_that_is_replaced_is_made_useless(
    two: Two,
) -> None:
    """Whoever holds the old file open finds no slot that opens."""
    first, _, _ = two
    with first.desk.home.base.open("rb") as old:
        first.sync()
        old.seek(0)
        left = old.read()
    with pytest.raises((CannotOpen, Malformed)):
        open_store(left, first.desk.member, 0)


def test_P9_R31_a_removed_member_hears_it_and_keeps_what_was_here(
    two: Two,
) -> None:
    """Her sync ends with a plain sentence; her store is as it was."""
    first, other, _ = two
    before = other.desk.read().entries
    members.remove(first.desk, members.find(first.desk.read(), "Bo"), now=first.town.now)
    first.sync()
    with pytest.raises(NotVetted, match="was removed"):
        other.sync()
    assert other.desk.read().entries == before


def test_a_store_that_opens_for_others_only_is_said_to_be_so(
    two: Two,
) -> None:
    """Where the server was not told yet."""
    first, other, _ = two
    store = first.desk.read()
    (gone,) = [
        key
        for key, value in store.of_kind(c.ENTRY_MEMBER)
        if MemberEntry.decode(value).name == "Bo"
    ]
    without = store.remove_member(gone, first.town.today)
    sealed = seal_store(
        replace(without, generation=without.generation + 5),
        random=first.town.random,
        size=first.api.network().store_bytes,
    )
    assert first.signed.put_store(sealed, replaces=store_hash(first.signed.store()))
    with pytest.raises(NotReadable, match="another member removed this one"):
        other.sync()


def test_S6_P11_T42_T43_what_a_removed_member_kept_opens_nothing_that_comes_later(
    two: Two,
) -> None:
    """Her key file, her old store and the drop key: later requests and stores stay closed."""
    first, other, _ = two
    town = first.town
    walk_in_keys.set_room(
        first.desk, first.api, first.signed, Room(walk_ins=True), today=town.today
    )
    settle(first, other)
    old = other.desk.read()
    assert list(old.of_kind(c.ENTRY_WEEKLY))
    assert members.remove(first.desk, members.find(first.desk.read(), "Bo"), now=town.now) == 2
    first.sync()
    town.at(town.today + 1, 86_399)
    while cancelling.cancel_due(first.desk, first.api, now=town.now):
        town.at(town.today + 1)
    with pytest.raises(CannotOpen):
        open_store(first.signed.store(), other.desk.member, 0)
    for _, value in old.of_kind(c.ENTRY_SEED):
        code = SeedEntry.decode(value).code
        assert ask.open_code(first.api, code, device_day=town.today) is None
    town.walk_in(needs=(3,))
    town.tick()
    key = kept.drop_key(old, monday(town.today))
    assert key
    page = picking.rows(first.api.drop(key, kept.cursor(old)), kept.cursor(old))
    assert len(page) == 1
    assert not picking.Picker(old, town.today).pick(page, ())
    assert first.sync().requests == 1
