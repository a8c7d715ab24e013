"""Drawing the week's tokens and making as many codes: the stock from which codes are handed out.

Every provider draws the network's number each week, whether it needs them or not. What a draw
blinds can't be written down, so drawing, checking and keeping go in one breath: a device that dies
in between has lost that batch, and draws another (three a week).

Source: docs/spec/tokens.md, 3; docs/spec/codes.md, 1 and 8.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice

from client.api_signed import SignedApi
from client.api_types import Drawn, NetworkDocument
from client.errors import ServerProblem
from client.flows import kept, schedule, stock_data
from client.flows.desk import Desk
from client.flows.issuing_key import issuing_key
from client.flows.signed_calls import told_plainly
from client.flows.stock_data import Stock, Token, Waiting
from crypto import constants as c
from crypto.client import codes
from crypto.client.store import Store
from crypto.client.store_entries import SeedEntry
from crypto.encoding import Random, monday
from crypto.public import tokens

_AT_ONCE = 8  # codes a writing of the store: each takes half a second to derive

Tell = Callable[[str], None]


def draw(desk: Desk, signed: SignedApi, document: NetworkDocument, *, today: int) -> int:
    """Draw this week's batch, if this device has not, and return how many tokens came.

    The drop key that comes with it is kept too. Raises TokenRefused for a batch that does not hold,
    and before anything is asked for where the log has no such issuing key; ServerProblem,
    Unreachable, and NotVetted where the server takes no signature.
    """
    week, device = monday(today), desk.home.device
    if stock_data.of(desk.read(), device).week >= week:
        return 0
    issuing_key(document, max((key.period for key in document.token_keys), default=0))
    blinded = tokens.draw(document.tokens_a_week, random=desk.random)
    try:
        with told_plainly():
            drawn = signed.tokens(week, blinded.request)
    except ServerProblem as problem:
        if problem.kind != "drawn":
            raise
        # The organisation's other devices, or batches that got lost, have used up the week.
        desk.edit(lambda store: _with_tokens(store, device, week, ()))
        return 0
    got = _finalized(blinded, drawn, document)

    def keep(store: Store) -> Store:
        return kept.with_drop_key(
            _with_tokens(store, device, week, got), drawn.drop_week, drawn.drop_key
        )

    desk.edit(keep)
    return len(got)


def make_codes(desk: Desk, *, now: int, tell: Tell) -> int:
    """Make a code for every token in hand, and return how many; `now` is in POSIX seconds.

    Each is in the store, with its one-time seed and the moment of its publication, before anything
    is published. A stop loses none: what has no code yet gets one the next time.
    """
    made, device = 0, desk.home.device
    while held := stock_data.of(desk.read(), device).tokens:
        some = [_Made.of(token, desk.network_id, desk.random) for token in islice(held, _AT_ONCE)]
        desk.edit(lambda store, some=some: _with_codes(store, device, some, now, desk.random))  # type: ignore[misc]
        made += len(some)
        tell(f"{made} codes made, {len(held) - len(some)} to go")
    return made


@dataclass(frozen=True, slots=True, repr=False)
class _Made:
    """A fresh code, its one-time seed, and the token that it will be published with."""

    token: Token
    code: bytes
    keys: codes.CodeKeys
    seed: bytes

    @classmethod
    def of(cls, token: Token, network_id: bytes, random: Random) -> _Made:
        code = codes.new_secret(random)
        return cls(token, code, codes.code_keys(code, network_id), random(c.XWING_SEED_BYTES))

    def entry(self, batch: bytes, last_epoch: int) -> SeedEntry:
        return SeedEntry(
            state=c.SEED_MADE,
            batch=batch,
            last_epoch=last_epoch,
            code=self.code,
            psk=self.keys.psk,
            write_key=self.keys.write_key,
            xwing_seed=self.seed,
        )


def _finalized(blinded: tokens.Draw, drawn: Drawn, document: NetworkDocument) -> tuple[Token, ...]:
    """Check the batch against the key that everybody sees, never one that comes with it."""
    until = tokens.last_epoch_of(drawn.period)
    got = blinded.finalize(drawn.evaluated, issuing_key(document, drawn.period))
    return tuple(Token(until, one) for one in got)


def _with_tokens(store: Store, device: bytes, week: int, got: tuple[Token, ...]) -> Store:
    stock = stock_data.of(store, device)
    return stock_data.put(store, device, replace(stock, week=week, tokens=(*stock.tokens, *got)))


def _with_codes(store: Store, device: bytes, some: list[_Made], now: int, random: Random) -> Store:
    stock = stock_data.of(store, device)
    for made in some:
        if made.token not in stock.tokens:
            continue  # another program of this device was quicker
        entry = made.entry(
            stock_data.batch(device, stock.week), codes.last_epoch(now // schedule.DAY_S)
        )
        store = store.with_entry(c.ENTRY_SEED, made.keys.locator, entry.encode())
        waiting = Waiting(
            made.keys.locator, schedule.for_drawn(stock.week, now, random), made.token
        )
        stock = Stock(
            stock.week,
            tuple(one for one in stock.tokens if one != made.token),
            (*stock.waiting, waiting),
        )
    return stock_data.put(store, device, stock)
