"""The values of a store's entries, and cases (docs/spec/store.md, sections 3 and 4)."""

from __future__ import annotations

from tests.second.stranger.basics import K, Reader, from_utf8, need
from tests.second.stranger.fields import Rule, Values, check_text, read_run, read_value
from tests.second.stranger.sealing import check_xwing_public_key

_SEED = K.BATCH_ID_BYTES + K.EPOCH_BYTES + K.CODE_BYTES + 3 * K.KEY_BYTES
_ONCE = (
    Rule(K.CASE_ARRIVED, "arrived", "u32"),
    Rule(K.CASE_STATE, "state", "id"),
    Rule(K.CASE_MESSAGE, "message", "bytes", 1, 4092),
    Rule(K.CASE_TAKEN_BY, "taken_by", "bytes", K.MEMBER_ID_BYTES, K.MEMBER_ID_BYTES),
    Rule(K.CASE_NOTE, "note", "text", 1, K.CASE_NOTE_BYTES),
    Rule(K.CASE_LAST_EPOCH, "last_epoch", "u32"),
)
# id: name, highest number, longest body
_REPEATED = {
    K.CASE_FOLLOW_UP: ("follow_ups", K.FOLLOW_UPS, 4092),
    K.CASE_ANSWER: ("answers", K.SLOTS - 1, 4053),
}
_NEEDED = ("arrived", "state", "message", "last_epoch")


def check_entry(kind: int, value: bytes) -> None:
    """Refuse a known kind's value that breaks its rule."""
    if kind == K.ENTRY_MEMBER:
        _check_member(value)
    elif kind == K.ENTRY_SEED:
        need(len(value) == 1 + _SEED and value[0] <= K.SEED_SET_ASIDE)
    elif kind == K.ENTRY_WEEKLY:
        need(len(value) == 2 * K.EPOCH_BYTES + K.XWING_SEED_BYTES)
    elif kind == K.ENTRY_CASE:
        read_case(value)
    elif kind in (K.ENTRY_ERASED, K.ENTRY_LEFT):
        need(len(value) == K.EPOCH_BYTES)


def _check_member(value: bytes) -> None:
    reader = Reader(value)
    need(reader.number(2) != 0)
    check_xwing_public_key(reader.take(K.XWING_PUBLIC_KEY_BYTES))
    reader.take(K.ED25519_PUBLIC_KEY_BYTES + K.EPOCH_BYTES)
    name = reader.prefixed(K.MEMBER_NAME_BYTES)
    need(bool(name))
    check_text(from_utf8(name))
    reader.end()


def member_public_key(value: bytes) -> bytes:
    """The X-Wing key that the store is sealed to."""
    return value[2 : 2 + K.XWING_PUBLIC_KEY_BYTES]


def read_case(value: bytes) -> Values:
    """A case's fields; the bodies are not read."""
    run = read_run(value, 4)
    _check_order(run)
    once = {rule.id: rule for rule in _ONCE}
    values: Values = {"follow_ups": [], "answers": [], "unknown": []}
    for number, field in run:
        if number in once:
            values[once[number].name] = read_value(field, once[number])
        elif number in _REPEATED:
            name, highest, longest = _REPEATED[number]
            need(2 <= len(field) <= 1 + longest and 1 <= field[0] <= highest)
            values[name].append([field[0], field[1:]])
        else:
            values["unknown"].append([number, field])
    need(all(name in values for name in _NEEDED))
    return values


def _check_order(run: list[tuple[int, bytes]]) -> None:
    before = (-1, b"")
    for number, field in run:
        if number == before[0] and number in _REPEATED:
            need(before[1][:1] < field[:1])
        else:
            need(number > before[0])
        before = (number, field)
