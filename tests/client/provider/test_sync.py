"""Bringing in what came: nothing lost, nothing twice, and nothing that the server could learn."""

from __future__ import annotations

import errno
from dataclasses import replace
from itertools import count, product

import pytest
from sqlalchemy import Connection, delete, select, update

from client.errors import NotVetted, ServerProblem, Trouble, Unreachable
from client.flows import answers, cases, copies, kept, picking, sync, walk_in_keys
from client.flows.answers import Holder
from client.flows.copies import Brought
from client.flows.filing import Filed
from client.flows.kept import Room
from crypto import constants as c
from crypto.client.envelope import follow_up_tag
from crypto.client.message import Message
from crypto.client.store import Store
from crypto.client.store_entries import SeedEntry, WeeklyEntry
from crypto.encoding import monday, u64
from crypto.public import cover
from crypto.public.statements import Kind
from server.models import envelope
from server.models import store as stores
from server.services import drop
from server.services import walk_ins as walk_ins_service
from tests.client.provider.town import NAME, Asked, Device, Stopped
from tests.client.test_store_disk import always, trouble
from tests.server.scene import Scene

OPEN = Room(walk_ins=True)


def inbox(device: Device) -> dict[bytes, bytes]:
    """The cases of a device."""
    return device.entries(c.ENTRY_CASE)


def fill(device: Device, number: int) -> None:
    """Let others' requests come: envelopes that this organisation can't open."""
    scene = Scene(device.town.core, device.town.clock)
    for _ in range(number):
        made = replace(
            scene.make.walk_in(epoch=device.town.today),
            envelope=cover.envelope(device.town.random),
        )
        scene.write(walk_ins_service.store, walk_in=made, admitted=True)
    device.town.tick()


def open_walk_ins(device: Device) -> None:
    """Open walk-ins."""
    walk_in_keys.set_room(device.desk, device.api, device.signed, OPEN, today=device.town.today)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two rows, for both ends."""
    monkeypatch.setattr(c, "DROP_ROWS", 2)
    monkeypatch.setattr(drop, "DROP_ROWS", 2)


def test_a_request_is_filed_once_however_often_it_is_asked_for(asked: Asked) -> None:
    """Also where the cursor is lost and everything comes again."""
    device = asked.device
    assert device.sync() == Filed(requests=1)
    assert device.sync() == Filed()
    device.desk.edit(lambda store: kept.drop(store, "cursor"))
    assert device.sync() == Filed()
    ((_, case),) = inbox(device).items()
    assert cases.listed(device.desk.read())[0].said.text == "What was told."
    assert case


def test_the_code_is_known_as_used(asked: Asked) -> None:
    """Its state says that a request came with it."""
    asked.device.sync()
    value = asked.device.entries(c.ENTRY_SEED)[asked.sealed.locator]
    assert SeedEntry.decode(value).state == c.SEED_ARRIVED


@pytest.mark.usefixtures("small_pages")
def test_P10_stopped_at_any_moment_the_inbox_is_the_same(asked: Asked) -> None:
    """A request, an addition, and others' rows before and after, over many small pages."""
    device = asked.device
    asked.add(needs=(2,))
    fill(device, 5)
    store = device.desk.home.store
    before = store.read_bytes()
    device.sync()
    whole = inbox(device)
    assert len(cases.listed(device.desk.read())[0].case.follow_ups) == 1
    for at in count(1):
        store.write_bytes(before)
        _forget_the_store(device)
        try:
            asked.device.again(at).sync()
        except Stopped:
            again = asked.device.again()
            again.sync()
            assert inbox(again) == whole, at
            assert not kept.unreadable(again.desk.read())
        else:
            assert at > 15
            break


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("between", [0, 1, 2, 3])
def test_an_addition_before_its_request_is_found(asked: Asked, between: int) -> None:
    """The rows of one tick are in no order, and a page may end between them."""
    device = asked.device
    asked.add(needs=(2,))
    fill(device, 5)
    _order(device, ["addition", *["other"] * between, "request"], asked)
    assert device.sync() == Filed(requests=1, follow_ups=1)


def _order(device: Device, wanted: list[str], asked: Asked) -> None:
    """Give the rows of the drop cursors in this order; others' come after."""
    core = device.town.core

    def work(connection: Connection) -> None:
        found = list(connection.execute(select(envelope.c.id, envelope.c.cursor)))
        page = drop.read(connection, wraps=core.wraps(), wanted=[row.cursor for row in found])
        kinds: dict[str, list[int]] = {"request": [], "addition": [], "other": []}
        for row, tag in zip(found, _tags(page), strict=True):
            kinds[_kind(asked, tag)].append(row.id)
        names = [*wanted, *["other"] * (len(kinds["other"]) - wanted.count("other"))]
        for cursor, name in enumerate(names, 10_000):
            moved = update(envelope).where(envelope.c.id == kinds[name].pop())
            connection.execute(moved.values(cursor=cursor))

    core.database.write(work)


def _tags(page: bytes) -> list[bytes]:
    size = c.DROP_STREAM_ROW_BYTES
    starts = range(c.CURSOR_BYTES, len(page), size)
    return [page[at : at + c.BINDING_BYTES] for at in starts]


def _kind(asked: Asked, tag: bytes) -> str:
    if tag == asked.sealed.locator:
        return "request"
    return "addition" if tag == follow_up_tag(asked.receipt.keys.tag_key, 1) else "other"


def test_P3_what_is_asked_does_not_depend_on_what_is_found(asked: Asked) -> None:
    """An organisation for which there is nothing makes the same calls with the same bodies."""
    device = asked.device
    other = device.town.listed("Other", "other")
    other.draw()
    fill(device, 3)
    for one in (device, other):
        one.wire.calls.clear()
        one.sync()
    shape = [
        [(call[0], call[1], len(call[2]), sorted(call[3])) for call in one.wire.calls]
        for one in (device, other)
    ]
    assert shape[0] == shape[1]
    assert inbox(device)
    assert not inbox(other)


def test_P3_the_drop_is_read_with_the_key_that_all_have(asked: Asked) -> None:
    """No signature and no name on the call; the key is the same for every organisation."""
    device = asked.device
    other = device.town.listed("Other", "other")
    keys = set()
    for one in (device, other):
        one.wire.calls.clear()
        one.sync()
        calls = [x for x in one.wire.calls if x[1].startswith("/v1/drop")]
        assert all(set(headers) == {"Authorization"} for _, _, _, headers in calls)
        keys |= {headers["Authorization"] for _, _, _, headers in calls}
    assert len(keys) == 1


def test_what_was_withdrawn_never_comes(asked: Asked) -> None:
    """It is filler, like what is others'."""
    asked.withdraw()
    assert asked.device.sync() == Filed()


def test_what_does_not_open_is_counted_once_and_never_silent(asked: Asked) -> None:
    """A damaged envelope under one's own code is said, with its day, and the rest goes on."""
    device = asked.device

    def harm(store: Store) -> Store:
        value = store.entries[c.ENTRY_SEED, asked.sealed.locator]
        code = replace(SeedEntry.decode(value), psk=bytes(32))
        return store.with_entry(c.ENTRY_SEED, asked.sealed.locator, code.encode())

    device.desk.edit(harm)
    assert device.sync() == Filed(unreadable=1)
    device.desk.edit(lambda store: kept.drop(store, "cursor"))
    assert device.sync() == Filed()
    assert kept.unreadable(device.desk.read()) == {asked.sealed.locator: device.town.today}


def test_P10_a_disk_that_refuses_moves_no_cursor(asked: Asked) -> None:
    """The next run has everything."""
    device = asked.device
    device.sync_all()
    device.desk.home.store.write_bytes(_before_sync(asked))
    _forget_the_store(device)
    fresh = device.again()
    kept_key = fresh.signed.tokens(device.town.today, b"")
    fresh.desk.edit(lambda store: kept.with_drop_key(store, kept_key.drop_week, kept_key.drop_key))
    with trouble("write", errno.ENOSPC, always), pytest.raises(Trouble, match="as it was"):
        sync.download(
            fresh.desk, fresh.api, fresh.signed, today=device.town.today, progress=lambda _: None
        )
    assert kept.cursor(fresh.desk.read()) == 0
    assert fresh.sync() == Filed(requests=1)


def _forget_the_store(device: Device) -> None:
    """Let the server have no store: otherwise all that was found before would come from there."""
    device.town.core.database.write(lambda connection: connection.execute(delete(stores)))
    device.desk.home.base.unlink(missing_ok=True)


def _before_sync(asked: Asked) -> bytes:
    """The store as it was when the code was handed out."""
    place = asked.device.desk.home.copy
    assert place
    (file,) = place.iterdir()
    return file.read_bytes()


@pytest.mark.usefixtures("small_pages")
def test_P10_a_way_that_breaks_amid_keeps_what_was_filed(asked: Asked) -> None:
    """And goes on from there."""
    device = asked.device
    fill(device, 14)
    device.sync()
    device.desk.home.store.write_bytes(_before_sync(asked))
    _forget_the_store(device)
    again = device.again(26)
    with pytest.raises(Stopped):
        again.sync()
    assert kept.cursor(device.again().desk.read()) > 0
    assert device.again().sync().requests + len(inbox(device)) >= 1
    assert len(inbox(device)) == 1


def test_rows_that_go_back_are_refused() -> None:
    """A server can't send a client round for ever."""
    row = bytes(c.DROP_STREAM_ROW_BYTES - 8)
    assert [one.cursor for one in picking.rows(u64(4) + row + u64(9) + row, 3)] == [4, 9]
    for cursors in product((3, 4), repeat=2):
        page = b"".join(u64(one) + row for one in cursors)
        with pytest.raises(ServerProblem):
            picking.rows(page, 3)


def test_P9_a_suspended_organisation_is_told(asked: Asked) -> None:
    """Exit code 6; what is in the store stays."""
    device, town = asked.device, asked.device.town
    device.sync()
    town.clock.days_pass(7)
    note = town.founded.statement(
        device.organisation, kind=Kind.SUSPENDED, serial=2, signed_by=town.founded.admins[:1]
    )
    town.founded.post(note)
    with pytest.raises(NotVetted, match="suspended"):
        device.sync()
    assert inbox(device)


def test_the_weeks_turn_brings_a_new_drop_key(asked: Asked) -> None:
    """One is asked for when the one in the store is of another week, and only then."""
    device = asked.device
    device.sync()
    calls = len(device.wire.paths("/v1/tokens"))
    device.sync()
    assert len(device.wire.paths("/v1/tokens")) == calls
    device.town.clock.days_pass(7)
    device.sync()
    assert len(device.wire.paths("/v1/tokens")) == calls + 1


def test_a_drop_key_that_does_not_hold_is_asked_for_anew_once(asked: Asked) -> None:
    """A server that takes none does not make the client ask for ever."""
    device = asked.device
    week = monday(device.town.today)
    device.desk.edit(lambda store: kept.with_drop_key(store, week, bytes(32)))
    before = len(device.wire.paths("/v1/tokens"))
    assert device.sync() == Filed(requests=1)
    assert len(device.wire.paths("/v1/tokens")) == before + 1


def test_without_a_way_to_the_server_it_says_so(asked: Asked) -> None:
    """Exit code 3, and nothing changed."""
    asked.device.wire.cut = True
    before = asked.device.desk.home.store.read_bytes()
    with pytest.raises(Unreachable) as caught:
        asked.device.sync()
    assert caught.value.exit_code == 3
    assert asked.device.desk.home.store.read_bytes() == before


def test_P11_a_closed_case_opens_nothing_that_comes_later(asked: Asked) -> None:
    """Its key is erased; what is added afterwards is nobody's."""
    device = asked.device
    device.sync()
    (opened,) = cases.listed(device.desk.read())
    cases.close(device.desk, opened.case_id, today=device.town.today)
    assert asked.sealed.locator not in device.entries(c.ENTRY_SEED)
    assert asked.sealed.locator in device.entries(c.ENTRY_ERASED)
    asked.add(text="later")
    assert device.sync() == Filed()
    device.desk.edit(lambda store: kept.drop(store, "cursor"))
    assert device.sync() == Filed()


def test_P7_what_is_over_leaves_the_store(asked: Asked) -> None:
    """A closed case goes after 30 days, with no traffic at all."""
    device = asked.device
    device.sync()
    (opened,) = cases.listed(device.desk.read())
    cases.close(device.desk, opened.case_id, today=device.town.today)
    device.town.clock.days_pass(30)
    device.sync()
    assert inbox(device)
    device.town.clock.days_pass(1)
    device.sync()
    assert not inbox(device)


# --- walk-ins ---


def test_R10_a_walk_in_arrives_and_is_filed_once(listed: Device) -> None:
    """Found by trying the week's key."""
    open_walk_ins(listed)
    listed.town.walk_in(needs=(3,))
    assert listed.sync() == Filed(requests=1)
    listed.desk.edit(lambda store: kept.drop(store, "cursor"))
    assert listed.sync() == Filed()
    (opened,) = cases.listed(listed.desk.read())
    assert opened.said.needs == (3,)


def test_walk_ins_are_closed_until_they_are_opened(listed: Device) -> None:
    """No key is published for an organisation that did not ask for it."""
    listed.sync()
    assert not listed.wire.paths("/v1/organisations/me/weekly-key")
    assert not listed.entries(c.ENTRY_WEEKLY)


def test_each_week_has_a_key_and_saturday_brings_the_next(listed: Device) -> None:
    """So that Monday begins with one even where this device is off."""
    open_walk_ins(listed)
    for day, keys in ((1, 1), (4, 1), (5, 2), (6, 2), (7, 2), (12, 3)):
        listed.town.at(listed.town.founded.network.today + day)
        listed.sync()
        assert len(listed.wire.paths("/v1/organisations/me/weekly-key")) == keys, day


def test_P11_a_weeks_key_is_erased_after_its_week_of_grace(listed: Device) -> None:
    """Then no copy of a walk-in of that week opens."""
    open_walk_ins(listed)
    listed.town.clock.days_pass(13)
    listed.sync()
    firsts = {WeeklyEntry.decode(one).first for one in listed.entries(c.ENTRY_WEEKLY).values()}
    first = listed.town.founded.network.today
    assert first in firsts
    listed.town.clock.days_pass(1)
    listed.sync()
    firsts = {WeeklyEntry.decode(one).first for one in listed.entries(c.ENTRY_WEEKLY).values()}
    assert first not in firsts


def test_P10_stopped_while_publishing_a_key_the_seed_is_there(listed: Device) -> None:
    """No key is public whose seed is not in the store."""
    store = listed.desk.home.store
    listed.desk.edit(lambda one: kept.with_room(one, OPEN))
    for at in count(1):
        device = listed.again(at)
        try:
            walk_in_keys.publish_keys(device.desk, device.signed, today=listed.town.today)
        except Stopped:
            shown = [one for one in listed.api.directory() if one.weekly_keys]
            assert len(listed.again().entries(c.ENTRY_WEEKLY)) >= len(shown), at
        else:
            break
    assert at > 3
    assert store.exists()
    done = listed.again()
    assert kept.weekly_done(done.desk.read(), done.desk.home.device)[listed.town.today]
    assert len(done.entries(c.ENTRY_WEEKLY)) == 1


def test_of_two_devices_one_has_the_weeks_key(listed: Device) -> None:
    """The other forgets its seed, to which nobody seals, and says where they arrive."""
    brought = Brought(
        listed.desk.read(), listed.desk.member, listed.desk.home.key_file.read_bytes()
    )
    home = copies.found_from(
        listed.town.folder / "second",
        brought,
        server="http://127.0.0.1:1",
        replaces=False,
        random=listed.town.random,
    )
    second = listed.town.device(home)
    open_walk_ins(listed)
    open_walk_ins(second)
    assert not second.entries(c.ENTRY_WEEKLY)
    assert kept.weekly_done(second.desk.read(), home.device) == {listed.town.today: False}
    listed.town.walk_in()
    assert second.sync() == Filed()
    assert listed.sync() == Filed(requests=1)


def test_what_was_added_to_a_walk_in_is_found(listed: Device) -> None:
    """With the weekly key that the walk-in was sealed to."""
    open_walk_ins(listed)
    sent, receipt = listed.town.walk_in()
    assert sent.box
    assert listed.sync() == Filed(requests=1)
    who = Holder(listed.town.founded.network_id, receipt.keys)
    first = answers.delivered(listed.api, who)
    assert first
    assert first.name == NAME
    more = Message(kind=c.KIND_FOLLOW_UP, consent=1, text="more")
    adding = answers.start_adding(who, first, more)
    answers.add(listed.api, adding, random=listed.town.random)
    assert listed.sync() == Filed(follow_ups=1)
