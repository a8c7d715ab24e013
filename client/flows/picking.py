"""Picking one's own from the drop: by locator, by follow-up tag, and by trying the weekly keys.

Everybody downloads everything, so what is asked of the server never depends on what is found.

Source: docs/spec/envelope.md, 3, 6 and 7; docs/spec/walk-in.md, 2; docs/spec/http.md, 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from client.errors import ServerProblem
from client.flows import walk_in_keys
from crypto import constants as c
from crypto.client import envelope, hpke, message, walk_in
from crypto.client.message import Message
from crypto.client.store import Store
from crypto.client.store_entries import Case, SeedEntry
from crypto.encoding import Reader
from crypto.errors import CannotOpen, Refused
from crypto.public import requests


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the drop: cursor, tag (16 bytes), envelope (5,273 bytes)."""

    cursor: int
    tag: bytes
    envelope: bytes = field(repr=False)


@dataclass(slots=True)
class Picked:
    """What was found: bodies of referrals by case id, of follow-ups by case id and number.

    `locators` are the codes with which referrals came; `unreadable` are tags of what was for this
    organisation and does not open.
    """

    referrals: dict[bytes, bytes] = field(default_factory=dict, repr=False)
    follow_ups: dict[tuple[bytes, int], bytes] = field(default_factory=dict, repr=False)
    unreadable: set[bytes] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.referrals or self.follow_ups or self.unreadable)


def rows(page: bytes, after: int) -> list[Row]:
    """Read the rows of a page (5,297 bytes each); their cursors ascend from above `after`.

    Raises ServerProblem where they do not: going on from there could go round for ever.
    """
    reader = Reader(page)
    found = []
    while reader.left:
        row = Row(reader.u64(), reader.take(c.BINDING_BYTES), reader.take(c.ENVELOPE_BYTES))
        if row.cursor <= after:
            raise ServerProblem("answer", 200)
        after = row.cursor
        found.append(row)
    return found


@dataclass(frozen=True, slots=True)
class _Following:
    """A follow-up that may come: of which case, its number, and what opens it."""

    case_id: bytes
    number: int
    tag_key: bytes = field(repr=False)
    seed: bytes | None = field(repr=False)
    """The code's; None for a walk-in, which the weekly keys open."""


class Picker:
    """Knows what of the drop is this organisation's; made from a store, and learns as it picks."""

    def __init__(self, store: Store, today: int) -> None:
        self._network_id = store.network_id
        self._seeds = {
            locator: SeedEntry.decode(value) for locator, value in store.of_kind(c.ENTRY_SEED)
        }
        self._weekly = walk_in_keys.live(store, today)
        self._cases = {case_id for case_id, _ in store.of_kind(c.ENTRY_CASE)}
        self._following: dict[bytes, _Following] = {}
        for case_id, value in store.of_kind(c.ENTRY_CASE):
            case = Case.decode(value)
            if case.state != c.STATE_CLOSED:
                self._expect(case_id, message.decode_body(c.KIND_REFERRAL, case.message))

    def pick(self, page: Iterable[Row], before: Iterable[Row] = ()) -> Picked:
        """Return what of a page is this organisation's.

        `before` are rows that were picked from already: where a page brings a new case, they are
        looked through for its follow-ups, since the rows of one tick are in no order.
        """
        page, picked, known = list(page), Picked(), len(self._following)
        for row in page:
            self._pick_referral(row, picked)
        again = before if len(self._following) > known else ()
        for row in (*again, *page):
            self._pick_follow_up(row, picked)
        return picked

    def _pick_referral(self, row: Row, picked: Picked) -> None:
        if row.tag in self._following or row.tag in self._cases:
            return
        code = self._seeds.get(row.tag)
        # A walk-in's id is worked out here: the server's word for it could file it twice.
        case_id = row.tag if code is not None else requests.walk_in_tag(row.envelope)
        try:
            opened = self._open(row, code)
            said = message.decode(opened, c.KIND_REFERRAL) if opened else None
        except Refused:
            picked.unreadable.add(case_id)
            return
        if said is None or case_id in self._cases:
            return
        picked.referrals[case_id] = message.encode_body(said)
        self._cases.add(case_id)
        self._expect(case_id, said)

    def _open(self, row: Row, code: SeedEntry | None) -> bytes | None:
        """Open an envelope by its code, or as a walk-in; None where it is somebody else's."""
        if code is not None:
            context = envelope.for_code(self._network_id, row.tag, code.psk)
            return envelope.open_(row.envelope, code.xwing_seed, context)
        try:
            return walk_in.open_with_any(row.envelope, self._weekly, self._network_id)[1]
        except Refused:
            return None

    def _pick_follow_up(self, row: Row, picked: Picked) -> None:
        expected = self._following.get(row.tag)
        if expected is None:
            return
        context = envelope.for_follow_up(self._network_id, expected.tag_key, expected.number)
        for key in self._keys(expected):
            try:
                opened = envelope.open_(row.envelope, key, context)
                said = message.decode(opened, c.KIND_FOLLOW_UP)
            except CannotOpen:
                continue
            except Refused:
                break
            picked.follow_ups[expected.case_id, expected.number] = message.encode_body(said)
            return
        picked.unreadable.add(row.tag)

    def _keys(self, expected: _Following) -> Iterator[bytes | hpke.PrivateKey]:
        return iter([expected.seed] if expected.seed is not None else self._weekly)

    def _expect(self, case_id: bytes, said: Message) -> None:
        if said.box is None:
            return
        code = self._seeds.get(case_id)
        for number in range(1, c.FOLLOW_UPS + 1):
            tag = envelope.follow_up_tag(said.box.tag_key, number)
            self._following[tag] = _Following(
                case_id, number, said.box.tag_key, code.xwing_seed if code else None
            )
