"""Stores that somebody else made, from what she knows, and what is wrong inside them."""

from __future__ import annotations

import pytest

from crypto.client.store import open_store
from crypto.encoding import u8, u32, u64
from crypto.errors import BadSignature, Malformed, Refused, Unsupported, WrongNetwork
from tests.crypto import store_samples as samples

ANNA = samples.member("Anna")
BINTA = samples.member("Binta")
ID = bytes(16)
LATER = bytes(15) + b"\x01"


def refused(sealed: bytes) -> type[Refused]:
    """Return how opening is refused to Anna."""
    return samples.refusal(sealed, ANNA)


def content(
    *entries: tuple[int, bytes, bytes],
    version: int = 1,
    network_id: bytes = samples.NETWORK_ID,
    seed: bytes = samples.ORGANISATION_SEED,
    count: int | None = None,
    after: bytes = b"",
) -> bytes:
    """Write out a store's content, whether it keeps the rules or not."""
    member = (1, ANNA.member_id, samples.member_entry(ANNA).encode())
    run = (member, *entries)
    head = u8(version) + u64(1) + network_id + seed + u32(len(run) if count is None else count)
    values = (u8(kind) + entry_id + u32(len(value)) + value for kind, entry_id, value in run)
    return head + b"".join(values) + after


def forged(content: bytes) -> bytes:
    """Seal content to Anna."""
    return samples.seal_by_hand(samples.in_smallest_step(content), [ANNA])


def test_the_second_hand_seals_what_opens() -> None:
    """What follows is refused for what is wrong in it, and not for how it was sealed."""
    opened = open_store(forged(content((99, ID, b"kept"))), ANNA, 1)
    assert opened.entries[99, ID] == b"kept"


def test_T22_a_store_made_from_public_keys_alone_is_refused() -> None:
    """Whoever knows every member's public key, but not the organisation's seed, forges nothing."""
    assert refused(forged(content(seed=bytes(range(32))))) is BadSignature


def test_T22_a_store_that_names_another_network_is_refused() -> None:
    """What is inside must be of the member's network, also when the seal is."""
    assert refused(forged(content(network_id=bytes(32)))) is WrongNetwork


def test_a_store_of_another_version_is_refused() -> None:
    """Another version byte is refused before anything after it is read."""
    assert refused(forged(content(version=2, count=9, after=b"?"))) is Unsupported


MEMBER_VALUE = samples.member_entry(BINTA).encode()
OTHERS = [(1, bytes([number]) * 16, MEMBER_VALUE) for number in range(240, 256)]
BROKEN = {
    "out of order": content((99, ID, b""), (98, ID, b"")),
    "ids out of order": content((99, LATER, b""), (99, ID, b"")),
    "repeated": content((99, ID, b""), (99, ID, b"")),
    "one entry less": content((99, ID, b""), count=3),
    "one entry more": content((99, ID, b""), count=1),
    "4 billion entries": content(count=2**32 - 1),
    "a value cut short": content(after=b"\x63" + ID + u32(1), count=2),
    "bytes left over": content(after=b"\x00"),
    "no member": content(count=0)[:77],
    "17 members": content(*OTHERS),
    "a member's value": content((1, b"\xff" * 16, MEMBER_VALUE[:-1])),
    "a member's key": content((1, b"\xff" * 16, MEMBER_VALUE[:2] + b"\xff" * 1216 + bytes(40))),
    "a seed's value": content((2, ID, samples.seed_entry().encode() + b"\x00")),
    "a weekly key's value": content((3, ID, samples.weekly_entry().encode()[:-1])),
    "a case's value": content((4, ID, b"")),
    "an erased value": content((5, ID, bytes(5))),
    "there and erased": content((2, ID, samples.seed_entry().encode()), (5, ID, bytes(4))),
    "nothing": b"",
    "a version byte alone": b"\x01",
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_broken_content_is_refused(broken: bytes) -> None:
    """A store that breaks a rule is refused whole, also when a member made it."""
    assert refused(forged(broken)) is Malformed


@pytest.mark.parametrize("length", [0, 76, 2**31, 2**32 - 1])
def test_a_wrong_length_of_content_is_refused(length: int) -> None:
    """Content neither ends early nor reaches beyond the plaintext."""
    plaintext = u32(length) + samples.in_smallest_step(content())[4:]
    assert refused(samples.seal_by_hand(plaintext, [ANNA])) is Malformed


@pytest.mark.parametrize("at", [0, 100_000, -1])
def test_padding_that_is_not_zero_is_refused(at: int) -> None:
    """Nothing is smuggled behind the content."""
    plaintext = bytearray(samples.in_smallest_step(content()))
    start = 4 + len(content())
    plaintext[start + at if at >= 0 else at] = 1
    assert refused(samples.seal_by_hand(bytes(plaintext), [ANNA])) is Malformed
