"""Wrapped rows: without the wrap key of their last day they say and are found by nothing."""

from __future__ import annotations

import pytest

from crypto.client import aead
from crypto.encoding import frame
from crypto.errors import CannotOpen, Malformed, Refused
from crypto.kdf import hkdf
from crypto.public.wrapping import lookup, unwrap, wrap
from tests.crypto.networks import seed_of
from tests.crypto.streams import Stream, flipped, looks_even, refusal_of, resized_and_swapped

KEY, OTHER = seed_of("wrap key of a day"), seed_of("wrap key of another day")
LOCATOR = Stream("locator")(16)
TABLE, ELSEWHERE = "envelope", "box"
AT = lookup(KEY, TABLE, LOCATOR)
ROW = b"a row of the database, sealed already " * 20
WRAPPED = wrap(KEY, TABLE, AT, ROW, random=Stream("wrap"))


def refusal(key: bytes, table: str, at: bytes, row: bytes) -> type[Refused] | None:
    """How unwrapping is refused."""
    return refusal_of(lambda: unwrap(key, table, at, row))


def test_P7_a_row_opens_under_its_key_in_its_place() -> None:
    """What was wrapped comes back, 40 bytes shorter."""
    assert unwrap(KEY, TABLE, AT, WRAPPED) == ROW
    assert len(WRAPPED) == len(ROW) + 40
    empty = wrap(KEY, TABLE, AT, b"", random=Stream("wrap"))
    assert unwrap(KEY, TABLE, AT, empty) == b""


def test_P7_T27_with_its_key_gone_a_row_says_nothing() -> None:
    """Another day's key opens it in no place, and its bytes look like any others."""
    for place in (AT, lookup(OTHER, TABLE, LOCATOR), bytes(32)):
        assert refusal(OTHER, TABLE, place, WRAPPED) is CannotOpen
    large = wrap(KEY, TABLE, AT, bytes(200_000), random=Stream("large"))
    assert looks_even(large)
    assert ROW[:8] not in WRAPPED


def test_P7_T27_with_its_key_gone_a_row_is_found_by_nothing() -> None:
    """Each day's key gives another look-up value, and none of them shows the id."""
    found = {lookup(seed_of(f"day {n}"), TABLE, LOCATOR) for n in range(50)}
    assert len(found) == 50
    assert all(len(one) == 32 and LOCATOR[:4] not in one for one in found)


def test_P3_one_id_is_looked_up_elsewhere_by_another_value() -> None:
    """Table and id are parted by their lengths, so that no two of them meet."""
    assert lookup(KEY, TABLE, LOCATOR) == AT
    places = [(TABLE, LOCATOR), (ELSEWHERE, LOCATOR), (TABLE, flipped(LOCATOR, 15)), (TABLE, b""),
              ("env", b"elope" + LOCATOR), ("envelope" + "a", LOCATOR), ("", LOCATOR)]  # fmt: skip
    assert len({lookup(KEY, table, id_) for table, id_ in places}) == len(places)


def test_a_row_moved_to_another_place_is_refused() -> None:
    """Rows of one day can't change places, within a table or between two."""
    other = lookup(KEY, TABLE, flipped(LOCATOR, 0))
    for table, place in ((ELSEWHERE, AT), (TABLE, other), (ELSEWHERE, other), ("", AT)):
        assert refusal(KEY, table, place, WRAPPED) is CannotOpen


def test_a_changed_row_is_refused() -> None:
    """Any bit of nonce, ciphertext or tag; anything cut, put in or swapped."""
    for at in range(len(WRAPPED)):
        changed = flipped(WRAPPED, at, 1 << at % 8)
        assert refusal(KEY, TABLE, AT, changed) is CannotOpen
    for what, changed in resized_and_swapped(WRAPPED, [0, 1, 23, 24, 25, 39, 40, 41, 300]):
        assert refusal(KEY, TABLE, AT, changed) is CannotOpen, what


@pytest.mark.parametrize("size", range(40))
def test_T13_fewer_bytes_than_nonce_and_tag_are_refused(size: int) -> None:
    """Refused like any other row that does not open."""
    assert refusal(KEY, TABLE, AT, bytes(size)) is CannotOpen


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_keys_and_look_ups_of_another_length_are_refused(size: int) -> None:
    """A mistake of the server's own, which stops it."""
    wrong = bytes(size)
    for call in (
        lambda: lookup(wrong, TABLE, LOCATOR),
        lambda: wrap(wrong, TABLE, AT, ROW, random=Stream("wrap")),
        lambda: wrap(KEY, TABLE, wrong, ROW, random=Stream("wrap")),
        lambda: unwrap(wrong, TABLE, AT, WRAPPED),
        lambda: unwrap(KEY, TABLE, wrong, WRAPPED),
    ):
        assert refusal_of(call) is Malformed


def test_P3_T19_one_row_wrapped_twice_shares_no_bytes() -> None:
    """A fresh nonce each time, so that a row wrapped anew is not known again."""
    again = wrap(KEY, TABLE, AT, ROW, random=Stream("another"))
    assert not any(again[at : at + 8] in WRAPPED for at in range(len(again) - 7))


def test_it_is_made_as_the_page_says() -> None:
    """By hand: a key for each table, and everything that binds the row as associated data."""
    key = hkdf(KEY, info=frame("towpath/v1/wrap-key", b"envelope"), length=32)
    aad = frame("towpath/v1/wrap", b"envelope", AT)
    nonce, sealed = WRAPPED[:24], WRAPPED[24:]
    assert aead.open_(key, nonce=nonce, aad=aad, ciphertext=sealed) == ROW
    info = frame("towpath/v1/wrap-lookup", b"envelope", LOCATOR)
    assert hkdf(KEY, info=info, length=32) == AT
