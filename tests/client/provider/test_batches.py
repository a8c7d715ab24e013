"""Batches of codes: their names, what became of them, and ending one without showing what it is."""

from __future__ import annotations

import pytest

from client.api import Api
from client.errors import BadInput, FirstDo, Unreachable
from client.flows import batches, cancelling, handing, kept, schedule, stock_data
from client.flows.batches import Batch
from crypto import constants as c
from crypto.client.store import Store
from tests.client.provider.town import Device

NOON = 12 * 3600


def hand_out(device: Device, number: int, name: str = "") -> list[handing.Handed]:
    """Hand out codes as one batch."""
    return handing.hand_out(device.desk, number, today=device.town.today, name=name)


def listed(device: Device) -> list[Batch]:
    """The batches as members see them."""
    return batches.listed(device.desk.read(), device.town.today)


def now_of(device: Device) -> int:
    """Noon of the town's day, in POSIX seconds."""
    return device.town.today * schedule.DAY_S + NOON


def counts(device: Device) -> list[tuple[str, int, int, int]]:
    """Name and numbers of each batch."""
    return sorted((one.name, one.out, one.used, one.cancelled) for one in listed(device))


def locators_of(device: Device, name: str) -> list[bytes]:
    """The codes of a batch that nobody used."""
    store = device.desk.read()
    return batches.outstanding(store, batches.named(store, name, device.town.today).batch)


def test_R33_each_hand_out_is_a_batch_with_its_own_name(stocked: Device) -> None:
    """Two under names, one without: each is counted for itself."""
    hand_out(stocked, 1, "salon")
    hand_out(stocked, 2)
    assert counts(stocked) == [("", 2, 0, 0), ("salon", 1, 0, 0)]


@pytest.mark.parametrize("name", ["x" * 65, "é" * 33])
def test_a_name_that_is_too_long_hands_out_nothing(stocked: Device, name: str) -> None:
    """Counted in bytes."""
    with pytest.raises(BadInput, match="64"):
        hand_out(stocked, 1, name)
    assert listed(stocked) == []


def test_a_batch_that_is_not_there_or_there_twice_is_not_guessed(stocked: Device) -> None:
    """Ending another batch than was meant would take codes from people's hands."""
    hand_out(stocked, 1, "salon")
    hand_out(stocked, 1, "salon")
    for name, sentence in (("farm", "no batch"), ("salon", "Several"), ("", "no batch")):
        with pytest.raises(BadInput, match=sentence):
            locators_of(stocked, name)


def test_what_was_put_back_is_of_no_batch(stocked: Device) -> None:
    """A sheet that was not printed leaves the stock as it was."""
    handed = hand_out(stocked, 2, "salon")
    handing.put_back_unseen(stocked.desk, handed, today=stocked.town.today)
    assert listed(stocked) == []
    assert len(hand_out(stocked, 3)) == 3


def test_P3_the_codes_of_a_batch_end_at_moments_of_their_own(stocked: Device) -> None:
    """Marked at once, so that none is handed out; the server hears of one at a time, over a day."""
    hand_out(stocked, 3, "salon")
    now = now_of(stocked)
    assert cancelling.over_a_day(stocked.desk, locators_of(stocked, "salon"), now=now) == 3
    assert counts(stocked) == [("salon", 0, 0, 3)]
    calls = _Calls(stocked.api)
    left = [cancelling.cancel_due(stocked.desk, calls, now=now)]
    assert calls.count == 0, "not at once"
    later = now + schedule.DAY_S
    left.append(cancelling.cancel_due(stocked.desk, calls, now=later))
    assert cancelling.cancel_due(stocked.desk, calls, now=later) == 2
    assert calls.count == 1, "those that are late have new moments"
    later += schedule.DAY_S
    while left[-1]:
        left.append(cancelling.cancel_due(stocked.desk, calls, now=later))
        assert calls.count == len(left) - 1, "one at each call"
        later += schedule.DAY_S
    assert left == [3, 2, 1, 0]


def test_P4_a_code_that_was_used_meanwhile_is_not_ended(stocked: Device) -> None:
    """A request that has come is somebody's."""
    hand_out(stocked, 1, "salon")
    (locator,) = locators_of(stocked, "salon")
    stocked.desk.edit(
        lambda store: store.with_entry(
            c.ENTRY_SEED, locator, _with_state(store.entries[c.ENTRY_SEED, locator])
        )
    )
    assert cancelling.over_a_day(stocked.desk, [locator], now=now_of(stocked)) == 0
    assert counts(stocked) == [("salon", 0, 1, 0)]


def test_P10_a_cancellation_that_got_no_answer_is_made_again(stocked: Device) -> None:
    """It waits in the store until the server has answered."""
    hand_out(stocked, 1, "salon")
    now = now_of(stocked)
    cancelling.over_a_day(stocked.desk, locators_of(stocked, "salon"), now=now)
    calls = _Calls(stocked.api, lost=1)
    with pytest.raises(Unreachable):
        cancelling.cancel_due(stocked.desk, calls, now=now + schedule.DAY_S)
    assert cancelling.cancel_due(stocked.desk, calls, now=now + schedule.DAY_S) == 0
    assert calls.count == 2


def test_P7_the_name_of_a_batch_goes_with_its_last_code(stocked: Device) -> None:
    """Nothing says later to whom codes were given."""
    hand_out(stocked, 1, "salon")
    before = stocked.desk.read()
    (batch,) = {code.batch for _, code in stock_data.codes(before) if code.state == 2}
    assert kept.get(before, f"batch {batch.hex()}") == b"salon"
    after = batches.without_old_names(before, before.expire(stocked.town.today + 200))
    assert kept.get(after, f"batch {batch.hex()}") is None


def test_P4_what_a_page_set_aside_is_handed_out_to_nobody_and_ends_with_all(
    stocked: Device,
) -> None:
    """It is of no batch, is counted for itself, and is cancelled with the others."""
    (first, *_) = stock_data.ready(
        stocked.desk.read(), stocked.desk.home.stocks, stocked.town.today
    )
    stocked.desk.edit(lambda store: _with(store, first, c.SEED_SET_ASIDE))
    store, today = stocked.desk.read(), stocked.town.today
    assert batches.aside(store, today) == [first]
    assert batches.aside(store, today + 200) == []
    assert listed(stocked) == []
    with pytest.raises(FirstDo):
        hand_out(stocked, 3)
    hand_out(stocked, 2)
    everything = [locator for locator, _ in stock_data.codes(stocked.desk.read())]
    assert cancelling.over_a_day(stocked.desk, everything, now=now_of(stocked)) == 3
    assert batches.aside(stocked.desk.read(), today) == []


class _Calls(Api):
    """The calls of a device, counted; so many of the first get no answer."""

    def __init__(self, api: Api, lost: int = 0) -> None:
        super().__init__(api.http)
        self.count = 0
        self.lost = lost

    def cancel_code(self, locator: bytes, write_key: bytes) -> None:
        """Cancel a code."""
        self.count += 1
        super().cancel_code(locator, write_key)
        if self.count <= self.lost:
            raise Unreachable("No answer.")


def _with_state(value: bytes, state: int = c.SEED_ARRIVED) -> bytes:
    return bytes([state]) + value[1:]


def _with(store: Store, locator: bytes, state: int) -> Store:
    value = _with_state(store.entries[c.ENTRY_SEED, locator], state)
    return store.with_entry(c.ENTRY_SEED, locator, value)
