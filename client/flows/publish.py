"""Publishing codes of the stock, unnamed, one at a time, each on a connection of its own.

The record is kept before it is sent, and what got no answer is sent again byte for byte.

Source: docs/spec/http.md, 4; docs/spec/record.md, 2; docs/spec/tokens.md, 5.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from client.api import Api
from client.errors import FirstDo, ServerProblem
from client.flows import schedule, stock_data
from client.flows.days import day
from client.flows.desk import Desk
from client.flows.listing import Place
from client.flows.stock_data import Waiting
from crypto import constants as c
from crypto.client import codes, hpke, record, signing
from crypto.client.codes import CodeKeys
from crypto.client.store import Store
from crypto.client.store_entries import SeedEntry
from crypto.encoding import Random
from crypto.errors import Refused
from crypto.public.keys import key_hash

_PROBLEMS_OF_ITS_OWN = ("token", "taken", "malformed")


@dataclass(frozen=True, slots=True)
class Published:
    """How many codes were published just now, how many got lost, and how many wait."""

    published: int = 0
    lost: int = 0
    waiting: int = 0


def check_room_for_codes(place: Place, today: int) -> None:
    """Raise FirstDo where a code published today would outlive the organisation's statement.

    Source: docs/spec/record.md, 2.
    """
    last = codes.last_epoch(today)
    if last > place.statement.until:
        raise FirstDo(
            f"Your listing ends on {day(place.statement.until)}, before codes made this week"
            f" would, on {day(last)}. No codes are published.",
            "Ask the admins for a new listing: `towpath provider apply --renew`.",
        )


def publish_due(desk: Desk, api: Api, place: Place, *, now: int) -> Published:
    """Publish one code that is due at `now` (POSIX seconds), if there is one.

    Where several are due, the others get new moments. Raises FirstDo where the listing ends too
    soon, and what the call raises: the code then waits, and nothing is lost.
    """
    today, device = now // schedule.DAY_S, desk.home.device
    due = schedule.due(stock_data.of(desk.read(), device).waiting, now)
    if not due:
        return _result(desk, 0, 0)
    check_room_for_codes(place, today)
    if len(due) > 1:
        desk.edit(lambda store: _put_off(store, device, due[1:], now, desk.random))
    done = _publish(desk, api, place, due[0], today)
    return _result(desk, int(done), int(not done))


def publish_all(desk: Desk, api: Api, place: Place, *, now: int) -> Published:
    """Publish everything that waits, at once: the server can then see that it belongs together."""
    today, device = now // schedule.DAY_S, desk.home.device
    check_room_for_codes(place, today)
    done = [
        _publish(desk, api, place, one, today) for one in stock_data.of(desk.read(), device).waiting
    ]
    return _result(desk, done.count(True), done.count(False))


def bring_forward(desk: Desk, *, now: int) -> int:
    """Spread everything that waits over what is left of this week, and return how many."""
    device = desk.home.device
    waiting = stock_data.of(desk.read(), device).waiting
    desk.edit(lambda store: _put_off(store, device, list(waiting), now, desk.random))
    return len(waiting)


def _put_off(store: Store, device: bytes, late: list[Waiting], now: int, random: Random) -> Store:
    stock = stock_data.of(store, device)
    there = {one.locator for one in stock.waiting}
    for one in schedule.spread(late, now, random):
        if one.locator in there:
            stock = stock.with_waiting(one)
    return stock_data.put(store, device, stock)


def _publish(desk: Desk, api: Api, place: Place, waiting: Waiting, today: int) -> bool:
    """Publish one; False where it can't be, and is given up."""
    store = desk.read()
    value = store.entries.get((c.ENTRY_SEED, waiting.locator))
    if value is None or waiting.token.until < today:
        desk.edit(lambda store: _given_up(store, desk.home.device, waiting.locator))
        return False
    code = SeedEntry.decode(value)
    keys = codes.code_keys(code.code, desk.network_id)
    if waiting.record:
        sent = _send(api, keys, waiting, code.last_epoch)
        if sent != "malformed" or code.last_epoch == codes.last_epoch(today):
            return _settle(desk, api, keys, waiting.locator, code.last_epoch, sent)
        # It never arrived, and its week is over: the same code goes out with this week's last day.
    last = codes.last_epoch(today)
    ready = replace(waiting, record=_record(place, store, keys, code, last, desk))
    desk.edit(lambda store: _with_record(store, desk.home.device, ready, last))
    return _settle(desk, api, keys, waiting.locator, last, _send(api, keys, ready, last))


def _send(api: Api, keys: CodeKeys, waiting: Waiting, last_epoch: int) -> str:
    """Send it and return "" or what was wrong with this one code; raises all else."""
    try:
        api.publish_code(
            locator=waiting.locator,
            write_key_hash=key_hash(keys.write_key),
            record=waiting.record,
            last_epoch=last_epoch,
            token=waiting.token.value,
        )
    except ServerProblem as problem:
        if problem.kind not in _PROBLEMS_OF_ITS_OWN:
            raise
        return problem.kind
    return ""


def _settle(
    desk: Desk, api: Api, keys: CodeKeys, locator: bytes, last_epoch: int, sent: str
) -> bool:
    """Write down what became of a code."""
    device = desk.home.device
    lies_until: int | None = last_epoch
    if sent == "malformed":
        raise FirstDo(
            "The server does not take codes with this week's last day.",
            "Most often this device's date is wrong: set it right, then try again.",
        )
    if sent == "taken":
        lies_until = _own_record_there(desk, api, keys, locator)
    elif sent:
        lies_until = None
    if lies_until is None:
        desk.edit(lambda store: _given_up(store, device, locator))
        return False
    stands_until = lies_until
    desk.edit(lambda store: _published(store, device, locator, stands_until))
    return True


def _own_record_there(desk: Desk, api: Api, keys: CodeKeys, locator: bytes) -> int | None:
    """Return the last epoch of a record of ours that lies there already, or None.

    So it is where a copy of the store was brought back that did not know of the publication yet.
    """
    value = desk.read().entries.get((c.ENTRY_SEED, locator))
    stored = api.open_code(locator)
    if value is None or stored is None:
        return None
    try:
        opened = record.open_(stored, keys, desk.network_id)
    except Refused:
        return None
    ours = hpke.public_key(SeedEntry.decode(value).xwing_seed)
    return opened.last_epoch if opened.public_key == ours else None


def _record(
    place: Place, store: Store, keys: CodeKeys, code: SeedEntry, last_epoch: int, desk: Desk
) -> bytes:
    public_key = hpke.public_key(code.xwing_seed)
    contents = record.Contents(
        last_epoch=last_epoch,
        public_key=public_key,
        signature=signing.sign_one_time_key(
            store.organisation_seed,
            network_id=desk.network_id,
            locator=keys.locator,
            last_epoch=last_epoch,
            public_key=public_key,
        ),
        profile=place.listing.profile,
        statement=place.listing.statement,
        inclusion=place.listing.inclusion,
        checkpoint=place.listing.checkpoint,
    )
    return record.seal(contents, keys, desk.network_id, random=desk.random)


def _with_record(store: Store, device: bytes, ready: Waiting, last_epoch: int) -> Store:
    store = _changed(store, ready.locator, last_epoch=last_epoch)
    return stock_data.put(store, device, stock_data.of(store, device).with_waiting(ready))


def _published(store: Store, device: bytes, locator: bytes, last_epoch: int) -> Store:
    store = _changed(store, locator, state=c.SEED_PUBLISHED, last_epoch=last_epoch)
    return stock_data.put(store, device, stock_data.of(store, device).without(locator))


def _given_up(store: Store, device: bytes, locator: bytes) -> Store:
    """Erase a code that nobody was given and nobody will be."""
    store = store.erase_seed(locator)
    return stock_data.put(store, device, stock_data.of(store, device).without(locator))


def _changed(store: Store, locator: bytes, *, last_epoch: int, state: int = c.SEED_MADE) -> Store:
    value = store.entries.get((c.ENTRY_SEED, locator))
    if value is None:
        return store
    code = SeedEntry.decode(value)
    if code.state != c.SEED_MADE:
        return store
    changed = replace(code, state=state, last_epoch=last_epoch)
    return store.with_entry(c.ENTRY_SEED, locator, changed.encode())


def _result(desk: Desk, published: int, lost: int) -> Published:
    waiting = stock_data.of(desk.read(), desk.home.device).waiting
    return Published(published, lost, len(waiting))
