"""The log: entries, its edge, its pieces (docs/spec/log.md, 1 to 3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tests.second.stranger import sealing
from tests.second.stranger.basics import (
    K,
    Reader,
    Refused,
    from_base64,
    from_utf8,
    lp,
    need,
    to_base64,
    u64,
)
from tests.second.stranger.notes import Lines, key_of, read_note
from tests.second.stranger.policy import Policy, by_admins, read_policy
from tests.second.stranger.statements import SUSPENDED, leaf_hash, read_statement

NOT_IN_LOG = "NotInLog"
_TILE = re.compile(r"(entries|proofs|[0123])/(.*)", re.ASCII | re.DOTALL)
_GROUPS = re.compile(r"(?:(?:x[0-9]{3}/)+[0-9]{3}|[0-9]{3})", re.ASCII)
_WIDTH = re.compile(r"[1-9][0-9]*", re.ASCII)


def node(left: bytes, right: bytes) -> bytes:
    """A node's hash."""
    return sealing.sha256(b"\x01" + left + right)


def read_edge(content: bytes) -> list[tuple[int, bytes]]:
    """The whole subtrees, largest first, each with its number of leaves."""
    reader = Reader(content)
    size = reader.number(8)
    need(size < 1 << K.EDGE_HASHES)
    powers = [1 << bit for bit in reversed(range(K.EDGE_HASHES)) if size >> bit & 1]
    found = [(power, reader.take(32)) for power in powers]
    reader.end()
    return found


def put_behind(subtrees: Sequence[tuple[int, bytes]], leaf: bytes) -> list[tuple[int, bytes]]:
    """The rule of section 2, word for word."""
    found = [*subtrees, (1, leaf)]
    need(sum(count for count, _ in found) < 1 << K.EDGE_HASHES)
    while len(found) > 1 and found[-1][0] == found[-2][0]:
        (count, left), (_, right) = found[-2:]
        found[-2:] = [(2 * count, node(left, right))]
    return found


def write_edge(subtrees: Sequence[tuple[int, bytes]]) -> bytes:
    """Its encoding."""
    return u64(sum(count for count, _ in subtrees)) + b"".join(one for _, one in subtrees)


def edge_root(subtrees: Sequence[tuple[int, bytes]]) -> bytes:
    """From the last to the first."""
    if not subtrees:
        return sealing.sha256(b"")
    value = subtrees[-1][1]
    for _, left in reversed(subtrees[:-1]):
        value = node(left, value)
    return value


def check_consistency(
    first: int, first_root: bytes, size: int, root: bytes, hashes: Sequence[bytes]
) -> None:
    """By the shape of the trees: which hash is where, top down; then both roots, bottom up."""
    need(1 <= first <= size and len(hashes) <= K.CONSISTENCY_HASHES, NOT_IN_LOG)
    need(all(len(one) == 32 for one in (first_root, root, *hashes)), NOT_IN_LOG)
    if first == size:
        need(not hashes and first_root == root, NOT_IN_LOG)
        return
    left = list(hashes)
    before, after = _climb(first, size, left, first_root, whole=True)
    need(not left and before == first_root and after == root, NOT_IN_LOG)


def _climb(
    first: int, size: int, left: list[bytes], known: bytes, *, whole: bool
) -> tuple[bytes, bytes]:
    """The roots of the first `first` leaves of a subtree and of all `size` of it."""
    if first == size:
        if not whole:
            need(bool(left), NOT_IN_LOG)
            known = left.pop(0)
        return known, known
    half = 1
    while 2 * half < size:
        half *= 2
    if first <= half:
        before, after = _climb(first, half, left, known, whole=whole)
        need(bool(left), NOT_IN_LOG)
        return before, node(after, left.pop(0))
    before, after = _climb(first - half, size - half, left, known, whole=False)
    need(bool(left), NOT_IN_LOG)
    sibling = left.pop(0)
    return node(sibling, before), node(sibling, after)


def read_entry(content: bytes) -> tuple[str, dict[str, Any]]:
    """The label, and the parts of what is no note."""
    need(len(content) <= K.NOTE_BYTES)
    text = from_utf8(content)
    lines = Lines(text)
    label = lines.whole()
    if label == K.LABEL_POLICY:
        read_policy(text)
        return label, {}
    if label == K.LABEL_STATEMENT:
        read_statement(text)
        return label, {}
    parts: dict[str, Any] = {"network_id": key_of(lines.value("network"))}
    if label == K.LABEL_TOKEN_KEY_ENTRY:
        period = lines.number("period")
        need(period >= 4 and (period - 4) % K.TOKEN_PERIOD_DAYS == 0)
        parts |= {"period": period, "key": key_of(lines.value("key"))}
    elif label == K.LABEL_WEEKLY_KEY_ENTRY:
        parts |= {"organisation": key_of(lines.value("organisation"))}
        parts |= {"first": lines.number("from"), "key": key_of(lines.value("key"))}
        need((parts["first"] + 3) % 7 == 0)
    else:
        need(label == K.LABEL_PROFILE)
        parts |= {"organisation": key_of(lines.value("organisation"))}
        parts |= {"profile": from_base64(lines.value("profile"))}
        need(1 <= len(parts["profile"]) <= K.PROFILE_BYTES)
    lines.end()
    return label, parts


def write_entry(label: str, parts: dict[str, Any]) -> bytes:
    """The text of an entry that is no note."""
    keywords = {"network_id": "network", "first": "from"}
    text = label + "\n"
    for name, value in parts.items():
        shown = to_base64(value) if isinstance(value, bytes) else str(value)
        text += f"{keywords.get(name, name)} {shown}\n"
    return text.encode()


def read_path(path: str) -> tuple[str, int, int]:
    """Rows, number and width of a tile."""
    match = _TILE.fullmatch(path)
    need(match is not None)
    assert match is not None
    place, dot, width = match[2].partition(".p/")
    need(_GROUPS.fullmatch(place) is not None)
    number = int("".join(character for character in place if character.isdigit()))
    need(len(place) == 3 or number >= 10 ** (3 * place.count("x")))
    need(number * K.TILE_WIDTH < 1 << K.EDGE_HASHES)
    if not dot:
        return match[1], number, K.TILE_WIDTH
    need(_WIDTH.fullmatch(width) is not None and int(width) < K.TILE_WIDTH)
    return match[1], number, int(width)


def is_there(rows: str, number: int, width: int, size: int) -> bool:
    """Whether a tree has all of a tile."""
    for _ in range(int(rows) if rows.isdigit() else 0):
        size //= K.TILE_WIDTH
    return bool(number * K.TILE_WIDTH + width <= size)


def read_bundle(content: bytes, width: int) -> list[bytes]:
    """The values of a bundle."""
    reader = Reader(content)
    values = [reader.prefixed(K.NOTE_BYTES) for _ in range(width)]
    reader.end()
    return values


def add_suspended(
    listed: dict[bytes, int], notes: Sequence[bytes], policy: Policy
) -> dict[bytes, int]:
    """The list with the suspensions that hold."""
    found = dict(listed)
    for content in notes:
        try:
            note = read_note(content, K.STATEMENT_BYTES)
            said = read_statement(note.text)
            holds = said.network_id == policy.network_id and by_admins(note, policy) >= 1
        except Refused:
            continue
        if holds and said.kind == SUSPENDED:
            start = said.organisation[:12]
            found[start] = max(found.get(start, 0), said.serial + 1)
    return found


def extend(edge: bytes, entries: Sequence[bytes]) -> dict[str, Any]:
    """An edge with entries behind it, its size and root."""
    subtrees = read_edge(edge)
    for entry in entries:
        subtrees = put_behind(subtrees, leaf_hash(entry))
    size = sum(count for count, _ in subtrees)
    return {"edge": write_edge(subtrees), "size": size, "root": edge_root(subtrees)}


def write_bundle(values: Sequence[bytes]) -> bytes:
    """The values, each behind its length."""
    return b"".join(map(lp, values))
