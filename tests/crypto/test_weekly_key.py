"""Keys that an organisation signs: its weekly key, and the one-time key behind a code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from crypto.client.signing import sign_one_time_key, sign_weekly_key
from crypto.encoding import frame, u8, u32
from crypto.errors import (
    BadSignature,
    Expired,
    Malformed,
    NotYetValid,
    Refused,
    Unsupported,
)
from crypto.public import organisation_keys, statements
from crypto.public.note_signing import public_of, sign
from crypto.public.organisation_keys import WeeklyKey, check_weekly_key, verify_one_time_key
from tests.crypto.networks import TODAY, cuts_and_swaps, flips, make_network, monday_of, seed_of

NET = make_network()
STATEMENT = statements.check(NET.statement(), NET.policy, TODAY)
KEY = NET.weekly_key()
MONDAY = monday_of(TODAY)
XWING = bytes(1216)
LOCATOR = bytes(range(16))
STRANGER = seed_of("stranger")


def _refuses(category: type[Refused], data: bytes, today: int = TODAY) -> None:
    with pytest.raises(Refused) as caught:
        check_weekly_key(data, STATEMENT, today)
    assert caught.type is category


def _resigned(seed: bytes = NET.organisation_seed, **changes: object) -> bytes:
    """The week's key with changes, signed again over what came of it."""
    key = replace(organisation_keys.parse_weekly_key(KEY), **changes)  # type: ignore[arg-type]
    message = organisation_keys.weekly_key_message(key, NET.network_id)
    return bytes(replace(key, signature=sign(seed, message)))


def test_a_weekly_key_is_laid_out_as_specified() -> None:
    """1,321 bytes: suite, organisation, two days, key, signature over the frame of them."""
    assert len(KEY) == 1321
    assert KEY[:41] == b"\x01" + NET.organisation + u32(MONDAY) + u32(MONDAY + 6)
    parts = (NET.network_id, NET.organisation, u32(MONDAY), u32(MONDAY + 6), KEY[41:1257])
    message = frame("towpath/v1/weekly-key", u8(1), *parts)
    assert KEY[1257:] == sign(NET.organisation_seed, message)
    assert bytes(check_weekly_key(KEY, STATEMENT, TODAY)) == KEY


def test_R25_a_weekly_key_holds_from_monday_to_sunday() -> None:
    """The day before it is NotYetValid, the day after Expired."""
    for day in range(MONDAY, MONDAY + 7):
        check_weekly_key(KEY, STATEMENT, day)
    _refuses(NotYetValid, KEY, MONDAY - 1)
    _refuses(Expired, KEY, MONDAY + 7)


def test_mondays_are_mondays() -> None:
    """1970-01-05 was one, and 2026-11-23, epoch 20780, is one."""
    for first in (4, 20780):
        assert organisation_keys.is_week(first, first + 6)
    for first in (0, 3, 5, 20779, 20781):
        assert not organisation_keys.is_week(first, first + 6)


def test_P2_a_key_that_the_organisation_did_not_sign_is_refused() -> None:
    """A server can't put a key of its own there, under its own name or the organisation's."""
    _refuses(BadSignature, _resigned(STRANGER))
    _refuses(BadSignature, _resigned(STRANGER, organisation=public_of(STRANGER)))
    swapped = organisation_keys.parse_weekly_key(KEY)
    _refuses(BadSignature, bytes(replace(swapped, public_key=bytes([1]) * 1216)))
    _refuses(BadSignature, bytes(replace(swapped, signature=bytes(64))))


def test_P2_an_organisation_whose_key_has_small_order_signs_nothing() -> None:
    """Not even where a statement names such a key, under which one signature fits many messages."""
    small = b"\x01" + bytes(31)
    forged = bytes(replace(organisation_keys.parse_weekly_key(KEY), organisation=small))
    forged = forged[:1257] + small + bytes(32)
    with pytest.raises(BadSignature):
        check_weekly_key(forged, replace(STATEMENT, organisation=small), TODAY)


def test_P2_another_networks_weekly_key_is_refused() -> None:
    """The network is signed with it."""
    other = sign_weekly_key(
        NET.organisation_seed, network_id=bytes(32), first=MONDAY, public_key=XWING
    )
    _refuses(BadSignature, bytes(other))


@pytest.mark.parametrize(("first", "last"), [(1, 7), (-1, 5), (0, 7), (0, 5), (0, 0), (7, 6)])
def test_R25_a_key_of_other_days_than_a_week_is_malformed(first: int, last: int) -> None:
    """Not a Monday, longer, shorter: refused though the organisation signed it."""
    _refuses(Malformed, _resigned(first=MONDAY + first, last=MONDAY + last))


@pytest.mark.parametrize("size", [0, 1, 1257, 1320, 1322, 2642])
def test_another_length_is_malformed(size: int) -> None:
    """Before anything else is looked at."""
    _refuses(Malformed, (b"\x02" + KEY[1:] + KEY)[:size])


def test_another_suite_is_unsupported() -> None:
    """Every other first byte."""
    for suite in [0, *range(2, 256)]:
        _refuses(Unsupported, bytes([suite]) + KEY[1:])


def _category(at: int) -> type[Refused] | tuple[type[Refused], ...]:
    if at == 0:
        return Unsupported
    return Malformed if 33 <= at < 41 else BadSignature


def test_P2_any_changed_byte_of_a_weekly_key_is_refused() -> None:
    """The suite is Unsupported, the days Malformed, everything else BadSignature."""
    for at, changed in flips(KEY):
        with pytest.raises(_category(at)):
            check_weekly_key(changed, STATEMENT, TODAY)


def test_P2_another_monday_under_the_same_signature_is_refused() -> None:
    """Last week's key can't be made to last."""
    key = organisation_keys.parse_weekly_key(KEY)
    later = bytes(replace(key, first=key.first + 7, last=key.last + 7))
    _refuses(BadSignature, later, TODAY + 7)


def test_P2_cut_off_left_out_doubled_or_swapped_bytes_are_refused() -> None:
    """Malformed by their length, or as a changed byte is."""
    for changed in cuts_and_swaps(KEY):
        with pytest.raises((Malformed, BadSignature, Unsupported)):
            check_weekly_key(changed, STATEMENT, TODAY)


@pytest.mark.parametrize("size", [0, 32, 1184, 1215, 1217])
def test_no_weekly_key_is_made_of_a_key_of_another_length(size: int) -> None:
    """An X-Wing public key has 1,216 bytes."""
    with pytest.raises(Malformed):
        _made(MONDAY, bytes(size))


@pytest.mark.parametrize("first", [MONDAY - 1, MONDAY + 1, 0])
def test_no_weekly_key_is_made_from_another_day_than_monday(first: int) -> None:
    """Its first day is a Monday."""
    with pytest.raises(Malformed):
        _made(first, XWING)


def _made(first: int, public_key: bytes) -> WeeklyKey:
    return sign_weekly_key(
        NET.organisation_seed, network_id=NET.network_id, first=first, public_key=public_key
    )


PARTS: dict[str, object] = {
    "network_id": NET.network_id,
    "locator": LOCATOR,
    "last_epoch": TODAY + 56,
    "public_key": XWING,
}
SIGNATURE = sign_one_time_key(NET.organisation_seed, **PARTS)  # type: ignore[arg-type]
VERIFY: Callable[..., None] = verify_one_time_key


def test_a_one_time_key_is_signed_as_specified() -> None:
    """The signature is over the frame of suite, network, locator, last epoch and key."""
    parts = (u8(1), NET.network_id, LOCATOR, u32(TODAY + 56), XWING)
    message = frame("towpath/v1/one-time-key", *parts)
    assert sign(NET.organisation_seed, message) == SIGNATURE
    VERIFY(SIGNATURE, NET.organisation, **PARTS)


@pytest.mark.parametrize(
    "change",
    [
        {"network_id": bytes(32)},
        {"locator": bytes(16)},
        {"last_epoch": TODAY + 57},
        {"last_epoch": TODAY + 55},
        {"public_key": bytes(1215) + b"\x01"},
        {"public_key": bytes([1]) * 1216},
    ],
)
def test_P2_a_one_time_key_holds_for_its_code_only(change: dict[str, object]) -> None:
    """Another network, code, day or key needs another signature."""
    with pytest.raises(BadSignature):
        VERIFY(SIGNATURE, NET.organisation, **(PARTS | change))


def test_P2_a_one_time_key_by_another_organisation_is_refused() -> None:
    """Nor does a signature by somebody else pass for the organisation's."""
    with pytest.raises(BadSignature):
        VERIFY(SIGNATURE, public_of(STRANGER), **PARTS)
    forged = sign_one_time_key(STRANGER, **PARTS)  # type: ignore[arg-type]
    with pytest.raises(BadSignature):
        VERIFY(forged, NET.organisation, **PARTS)


def test_P2_any_changed_bit_of_the_signature_is_refused() -> None:
    """No bit of the 64 bytes can be changed."""
    for bit in range(512):
        changed = bytearray(SIGNATURE)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BadSignature):
            VERIFY(bytes(changed), NET.organisation, **PARTS)


def test_P2_a_weekly_keys_signature_is_none_for_a_one_time_key() -> None:
    """Each label has one purpose."""
    with pytest.raises(BadSignature):
        VERIFY(KEY[1257:], NET.organisation, **(PARTS | {"public_key": KEY[41:1257]}))
