"""What stands in a store: each kind reads as it was written, and nothing out of form does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crypto.client.store_entries import Case, Erased, MemberEntry, SeedEntry, WeeklyEntry
from crypto.encoding import u8, u32
from crypto.errors import (
    Malformed,
    Refused,
    TooLong,
)
from tests.crypto import store_samples as samples

ANNA = samples.member("Anna")


@pytest.mark.parametrize(
    "entry",
    [
        samples.member_entry(ANNA, "Ж" * 32),
        samples.seed_entry(),
        samples.weekly_entry(),
        samples.case(),
        Case(arrived=0, state=1, message=b"m", last_epoch=2**32 - 1),
        Erased(forget_after=0),
    ],
)
def test_an_entry_reads_as_it_was_written(
    entry: MemberEntry | SeedEntry | WeeklyEntry | Case | Erased,
) -> None:
    """Every known kind survives encoding, and no other length does."""
    value = entry.encode()
    assert type(entry).decode(value) == entry
    for broken in (value[:-1], value + b"\x00"):
        with pytest.raises(Malformed):
            type(entry).decode(broken)


MEMBER, SEED, CASE = samples.member_entry(ANNA), samples.seed_entry(), samples.case()


@pytest.mark.parametrize(
    ("entry", "refused"),
    [
        (replace(MEMBER, name=""), Malformed),
        (replace(MEMBER, name="x" * 65), TooLong),
        (replace(MEMBER, name="a\x1b[2J"), Malformed),
        (replace(MEMBER, role=0), Malformed),
        (replace(MEMBER, since=-1), Malformed),
        (replace(MEMBER, since=2**32), Malformed),
        (replace(MEMBER, xwing_public_key=b"\xff" * 1216), Malformed),
        (replace(MEMBER, ed25519_public_key=bytes(31)), Malformed),
        (replace(SEED, state=6), Malformed),
        (replace(SEED, batch=bytes(7)), Malformed),
        (replace(SEED, code=bytes(11)), Malformed),
        (replace(SEED, psk=bytes(31)), Malformed),
        (replace(SEED, write_key=b""), Malformed),
        (replace(SEED, xwing_seed=bytes(33)), Malformed),
        (WeeklyEntry(first=0, last=6, xwing_seed=bytes(31)), Malformed),
        (Erased(forget_after=2**32), Malformed),
        (replace(CASE, state=0), Malformed),
        (replace(CASE, arrived=-1), Malformed),
        (replace(CASE, message=b""), Malformed),
        (replace(CASE, message=bytes(4093)), TooLong),
        (replace(CASE, follow_ups=((0, b"x"),)), Malformed),
        (replace(CASE, follow_ups=((8, b"x"),)), Malformed),
        (replace(CASE, follow_ups=((2, b"x"), (1, b"x"))), Malformed),
        (replace(CASE, follow_ups=((1, b"x"), (1, b"y"))), Malformed),
        (replace(CASE, follow_ups=((1, bytes(4093)),)), TooLong),
        (replace(CASE, answers=((0, b"x"),)), Malformed),
        (replace(CASE, answers=((32, b"x"),)), Malformed),
        (replace(CASE, answers=((1, b""),)), Malformed),
        (replace(CASE, answers=((1, bytes(4054)),)), TooLong),
        (replace(CASE, taken_by=bytes(15)), Malformed),
        (replace(CASE, note="x" * 16_385), TooLong),
        (replace(CASE, note="a\x00"), Malformed),
        (replace(CASE, unknown=((8, b"x"),)), Malformed),
        (replace(CASE, unknown=((9, b"x"), (9, b"y"))), Malformed),
        (replace(CASE, unknown=((256, b"x"),)), Malformed),
    ],
)
def test_an_entry_out_of_range_is_not_written(
    entry: MemberEntry | SeedEntry | WeeklyEntry | Case | Erased, refused: type[Refused]
) -> None:
    """What a reader would refuse is refused before it is written."""
    with pytest.raises(refused):
        entry.encode()


def field(number: int, value: bytes) -> bytes:
    """Write out a field of a case."""
    return u8(number) + u32(len(value)) + value


ARRIVED, STATE, TEXT = field(1, bytes(4)), field(2, b"\x00\x01"), field(3, b"m")
LAST = field(8, bytes(4))
START = ARRIVED + STATE + TEXT


@pytest.mark.parametrize(
    "value",
    [
        b"",
        STATE + TEXT + LAST,
        ARRIVED + TEXT + LAST,
        ARRIVED + STATE + LAST,
        START,
        STATE + ARRIVED + TEXT + LAST,
        START + LAST + LAST,
        ARRIVED + START + LAST,
        START + field(4, b"") + LAST,
        START + field(4, b"\x01") + LAST,
        START + field(4, b"\x00x") + LAST,
        START + field(4, b"\x08x") + LAST,
        START + field(4, b"\x02x") + field(4, b"\x01x") + LAST,
        START + field(4, b"\x01x") + field(4, b"\x01y") + LAST,
        START + field(4, b"\x01" + bytes(4093)) + LAST,
        START + field(5, b"\x00x") + LAST,
        START + field(5, b"\x20x") + LAST,
        START + field(5, b"\x01" + bytes(4054)) + LAST,
        START + field(6, bytes(17)) + LAST,
        START + field(7, b"") + LAST,
        START + field(7, b"\xff") + LAST,
        START + field(7, b"x" * 16_385) + LAST,
        START + LAST + field(9, b"") + field(9, b""),
        ARRIVED + field(2, bytes(2)) + TEXT + LAST,
        ARRIVED + STATE + field(3, bytes(4093)) + LAST,
        START + field(8, bytes(5)),
        START + b"\x08\xff\xff\xff\xff" + bytes(4),
    ],
)
def test_a_case_out_of_form_is_refused(value: bytes) -> None:
    """Order, numbers, lengths and the fields that must be there are all held."""
    Case.decode(START + LAST)
    with pytest.raises(Malformed):
        Case.decode(value)
