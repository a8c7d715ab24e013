"""The proof of work of walk-ins: checked exactly, bound to one envelope, day and network."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.encoding import frame, u64
from crypto.errors import Malformed, WorkMissing
from crypto.public.work import Task, check, search, task
from tests.crypto.streams import Stream, flipped, refusal_of

STREAM = Stream("work")
NETWORK, ENVELOPE = STREAM(32), STREAM(5273)
EPOCH = 20_780


def _task(bits: int, epoch: int = EPOCH) -> Task:
    return task(NETWORK, epoch, ENVELOPE, bits)


def _leading_zeros(nonce: bytes) -> int:
    """The zero bits at the start of the hash of walk-in.md, section 3, counted on its text."""
    digest = hashlib.sha256(ENVELOPE).digest()
    framed = frame("towpath/v1/work", NETWORK, EPOCH.to_bytes(4, "big"), digest, nonce)
    written = f"{int(hashlib.sha256(framed).hexdigest(), 16):0256b}"
    return len(written) - len(written.lstrip("0"))


@pytest.fixture(scope="module")
def found() -> bytes:
    """A nonce that holds for 12 bits."""
    nonce = search(_task(12), 0, 1 << 17)
    assert nonce is not None
    return nonce


def test_R34_T12_every_difficulty_holds_up_to_the_zeros_there_are(found: bytes) -> None:
    """A nonce is taken for as many bits as its hash has zeros, and refused from the next one."""
    zeros = _leading_zeros(found)
    assert zeros >= 12
    for bits in range(8, 29):
        work = _task(bits)
        assert refusal_of(lambda work=work: check(work, found)) is (  # type: ignore[misc]
            None if bits <= zeros else WorkMissing
        )


@given(st.integers(0, 2**64 - 1))
def test_R34_T12_checking_agrees_with_the_specification(number: int) -> None:
    """Any nonce holds exactly when the hash of its frame starts with enough zero bits."""
    nonce = u64(number)
    holds = refusal_of(lambda: check(_task(8), nonce)) is None
    assert holds == (_leading_zeros(nonce) >= 8)


def test_R34_T12_work_for_something_else_is_refused(found: bytes) -> None:
    """Another day, network or envelope needs work of its own."""
    for other in (
        _task(12, EPOCH + 1),
        _task(12, EPOCH - 1),
        task(flipped(NETWORK, 0), EPOCH, ENVELOPE, 12),
        task(NETWORK, EPOCH, flipped(ENVELOPE, 5272), 12),
    ):
        with pytest.raises(WorkMissing):
            check(other, found)


def test_R34_T12_any_turned_bit_of_the_nonce_is_refused(found: bytes) -> None:
    """Nonces beside the one found do not hold."""
    for at in range(8):
        with pytest.raises(WorkMissing):
            check(_task(12), flipped(found, at))


def test_searching_in_steps_finds_what_one_search_finds(found: bytes) -> None:
    """Small steps from the same start find the same first nonce, and None before it."""
    first = int.from_bytes(found, "big")
    assert search(_task(12), 0, first) is None
    assert search(_task(12), first, 1) == found
    assert search(_task(12), 0, 0) is None


def test_searching_goes_on_past_the_last_nonce() -> None:
    """A start near 2^64 goes round to 0, so that a random start never fails."""
    nonce = search(_task(8), 2**64 - 1, 1 << 14)
    assert nonce is not None
    check(_task(8), nonce)
    assert int.from_bytes(nonce, "big") < 1 << 14 or nonce == b"\xff" * 8


@pytest.mark.parametrize("bits", [-1, 0, 7, 29, 64, 257, 10**6])
def test_T12_difficulties_outside_8_to_28_are_refused(bits: int) -> None:
    """A server that asks for no work or for days of it gets neither."""
    with pytest.raises(Malformed):
        _task(bits)


@pytest.mark.parametrize("size", [0, 7, 9, 16])
def test_T12_nonces_of_another_length_are_refused(size: int, found: bytes) -> None:
    """A nonce is 8 bytes: zeros added to one that holds are Malformed."""
    with pytest.raises(Malformed):
        check(_task(8), found.rjust(size, b"\0")[:size])


@pytest.mark.parametrize(
    ("network", "envelope", "epoch"),
    [(31, 5273, 1), (33, 5273, 1), (32, 5272, 1), (32, 5274, 1), (32, 0, 1), (32, 5273, -1),
     (32, 5273, 2**32), (32, 5273, 10**40)],
)  # fmt: skip
def test_T12_work_for_what_is_no_walk_in_is_refused(
    network: int, envelope: int, epoch: int
) -> None:
    """Another length, or a day that has no four bytes, is Malformed."""
    with pytest.raises(Malformed):
        task(bytes(network), epoch, bytes(envelope), 8)
