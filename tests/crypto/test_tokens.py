"""Blind tokens: proved, unlinkable, spent under one key, and refused in one class."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import Any, NoReturn

import pytest

from client import ambient
from crypto.encoding import frame, monday
from crypto.errors import Malformed, TokenRefused
from crypto.public import tokens
from crypto.public.tokens import Draw, Issuer, draw
from tests.crypto.streams import Stream, flipped, refusal_of, resized_and_swapped
from tests.reference import ristretto_voprf

STREAM = Stream("tokens")
SEED, NETWORK, PERIOD = STREAM(32), STREAM(32), 20_776
ISSUER = Issuer(SEED, NETWORK, PERIOD)
OTHERS = [
    Issuer(flipped(SEED, 0), NETWORK, PERIOD),
    Issuer(SEED, flipped(NETWORK, 0), PERIOD),
    Issuer(SEED, NETWORK, PERIOD + 7),
]
IDENTITY = bytes(32)
NO_ELEMENTS = [
    IDENTITY,
    b"\xff" * 32,
    b"\x01" + bytes(31),
    bytes(31) + b"\x80",
    b"\xed" + b"\xff" * 31,
]


@pytest.fixture(scope="module")
def drawn() -> Draw:
    """A draw of three."""
    return draw(3, random=ambient.random)


@pytest.fixture(scope="module")
def answer(drawn: Draw) -> bytes:
    """The server's answer to it."""
    return ISSUER.issue(drawn.request)


@pytest.fixture(scope="module")
def made(drawn: Draw, answer: bytes) -> Sequence[bytes]:
    """The three tokens."""
    return drawn.finalize(answer, ISSUER.public_key)


def _finalized(drawn: Draw, answer: bytes, key: bytes = ISSUER.public_key) -> object:
    return refusal_of(partial(drawn.finalize, answer, key))


@pytest.mark.parametrize("count", [1, 2, 256])
def test_P3_a_batch_is_drawn_issued_and_redeemed(count: int) -> None:
    """Each token of the least and of the greatest batch is taken once under its key."""
    batch = draw(count, random=ambient.random)
    answered = ISSUER.issue(batch.request)
    assert (len(batch.request), len(answered)) == (32 * count, 64 + 32 * count)
    made = batch.finalize(answered, ISSUER.public_key)
    assert {len(token) for token in made} == {96}
    assert len({ISSUER.redeem(token) for token in made[:8]}) == min(count, 8)


@pytest.mark.parametrize("count", [-1, 0, 257, 10**9])
def test_batches_of_another_size_are_not_drawn(count: int) -> None:
    """There is no batch of none, and none above 256, whatever is asked."""
    with pytest.raises(Malformed):
        draw(count, random=STREAM)


@pytest.mark.parametrize("size", [0, 1, 31, 33, 63, 65, 32 * 257])
def test_batches_of_another_size_are_not_issued(size: int) -> None:
    """A request that is no 1 to 256 times 32 bytes is Malformed."""
    with pytest.raises(Malformed):
        ISSUER.issue(bytes(size))


@pytest.mark.parametrize("element", NO_ELEMENTS)
@pytest.mark.parametrize("at", [0, 2])
def test_a_request_with_what_is_no_element_is_refused(drawn: Draw, element: bytes, at: int) -> None:
    """The identity and bytes that encode no element are TokenRefused, first or last."""
    request = drawn.request[: 32 * at] + element + drawn.request[32 * (at + 1) :]
    with pytest.raises(TokenRefused):
        ISSUER.issue(request)


def test_T13_a_request_of_any_bytes_is_answered_or_refused() -> None:
    """Random elements, and one element many times, raise nothing but TokenRefused."""
    element = draw(1, random=STREAM).request
    assert len(ISSUER.issue(element * 5)) == 64 + 5 * 32
    for _ in range(60):
        assert refusal_of(partial(ISSUER.issue, STREAM(32))) in (None, TokenRefused)


def test_a_token_is_what_the_rfc_makes_of_its_input(made: Sequence[bytes]) -> None:
    """Key derivation and output are those of RFC 9497, as another implementation finds them."""
    label = b"towpath/v1/token-key"
    info = len(label).to_bytes(2, "big") + label + b"\0\x20" + NETWORK + b"\0\4"
    secret, public = ristretto_voprf.derive_key_pair(SEED, info + PERIOD.to_bytes(4, "big"))
    assert public == ISSUER.public_key
    assert [ristretto_voprf.evaluate(secret, t[:32]) for t in made] == [t[32:] for t in made]


def test_T21_every_changed_byte_of_an_answer_is_refused(drawn: Draw, answer: bytes) -> None:
    """A flip anywhere in the proof or an element loses the whole batch: TokenRefused."""
    for at in range(0, len(answer), 3):
        assert _finalized(drawn, flipped(answer, at)) is TokenRefused, at
    for at in range(len(answer)):
        assert _finalized(drawn, flipped(answer, at, 0x80)) is TokenRefused, at


def test_T21_resized_and_swapped_answers_are_refused(drawn: Draw, answer: bytes) -> None:
    """Cut, longer and swapped answers, and elements in another order, are TokenRefused."""
    for what, changed in resized_and_swapped(answer, [1, 33, 64, 65, 96, 128, len(answer) - 1]):
        assert _finalized(drawn, changed) is TokenRefused, what
    proof, one, two, three = answer[:64], answer[64:96], answer[96:128], answer[128:]
    for elements in (two + one + three, one + one + three, three + two + one):
        assert _finalized(drawn, proof + elements) is TokenRefused


@pytest.mark.parametrize("element", NO_ELEMENTS)
def test_an_answer_with_what_is_no_element_is_refused(
    drawn: Draw, answer: bytes, element: bytes
) -> None:
    """The identity and bytes that encode no element or scalar are TokenRefused."""
    assert _finalized(drawn, answer[:-32] + element) is TokenRefused
    assert _finalized(drawn, element * 2 + answer[64:]) is TokenRefused
    assert _finalized(drawn, answer, element) is TokenRefused


@pytest.mark.parametrize("other", OTHERS, ids=["seed", "network", "period"])
def test_P3_T21_another_keys_proof_is_refused(drawn: Draw, other: Issuer) -> None:
    """A server that marks a provider by a key of its own is noticed before a token exists."""
    assert _finalized(drawn, other.issue(drawn.request)) is TokenRefused
    assert _finalized(drawn, ISSUER.issue(drawn.request), other.public_key) is TokenRefused


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_public_key_of_another_length_is_refused(drawn: Draw, answer: bytes, size: int) -> None:
    """What is no key is TokenRefused, like a key whose proof does not hold."""
    assert _finalized(drawn, answer, ISSUER.public_key.ljust(size, b"\0")[:size]) is TokenRefused


def test_T21_an_answer_to_another_draw_is_refused(answer: bytes) -> None:
    """A proof holds for the elements that were asked for, not for others as many."""
    assert _finalized(draw(3, random=ambient.random), answer) is TokenRefused


def test_a_true_answer_is_taken_after_a_false_one(drawn: Draw, answer: bytes) -> None:
    """A refused answer uses nothing up: the true one still gives the same tokens."""
    assert _finalized(drawn, flipped(answer, 5)) is TokenRefused
    first = drawn.finalize(answer, ISSUER.public_key)
    assert drawn.finalize(answer, ISSUER.public_key) == first


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit, MemoryError, ZeroDivisionError])
def test_what_is_no_refusal_is_not_swallowed(
    drawn: Draw, answer: bytes, raised: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopping the program, or a fault of ours, is not taken for a proof that does not hold."""

    class Stopped:
        @staticmethod
        def finalize_batch(*_given: Any) -> NoReturn:
            raise raised

    monkeypatch.setattr(tokens, "Client", Stopped)
    with pytest.raises(raised):
        drawn.finalize(answer, ISSUER.public_key)


def test_every_changed_byte_of_a_token_is_refused(made: Sequence[bytes]) -> None:
    """A flip anywhere in input or output is TokenRefused."""
    for at in range(96):
        assert refusal_of(partial(ISSUER.redeem, flipped(made[0], at))) is TokenRefused, at
    for token in (made[0][:32] + made[1][32:], bytes(96)):
        assert refusal_of(partial(ISSUER.redeem, token)) is TokenRefused


@pytest.mark.parametrize("size", [0, 32, 64, 95, 97, 192])
def test_tokens_of_another_length_are_refused(made: Sequence[bytes], size: int) -> None:
    """A token is 96 bytes; another length is Malformed."""
    with pytest.raises(Malformed):
        ISSUER.redeem((made[0] * 2)[:size])


@pytest.mark.parametrize("other", OTHERS, ids=["seed", "network", "period"])
def test_T21_tokens_are_spent_under_their_own_key_only(
    made: Sequence[bytes], other: Issuer
) -> None:
    """Under another seed, network or period a token is TokenRefused."""
    with pytest.raises(TokenRefused):
        other.redeem(made[0])


def test_nullifiers_stay_and_differ(made: Sequence[bytes]) -> None:
    """One token always gives the nullifier of tokens.md, section 5, another for each token."""
    nullifiers = [ISSUER.redeem(token) for token in made]
    assert nullifiers == [Issuer(SEED, NETWORK, PERIOD).redeem(token) for token in made]
    named = ("towpath/v1/nullifier", NETWORK, PERIOD.to_bytes(4, "big"))
    assert nullifiers == [sha256(frame(*named, token[:32])).digest() for token in made]
    assert len(set(nullifiers)) == 3
    assert not any(n[:8] in token for n in nullifiers for token in made)


def test_P3_T21_what_the_server_saw_shares_nothing_with_tokens(
    drawn: Draw, answer: bytes, made: Sequence[bytes]
) -> None:
    """No eight bytes of request or answer stand in a token, a nullifier or the other way round."""
    seen = drawn.request + answer
    for spent in (*made, *map(ISSUER.redeem, made)):
        assert not any(spent[at : at + 8] in seen for at in range(len(spent) - 7))


def test_P3_equal_inputs_are_blinded_differently() -> None:
    """Blinds are fresh: the same inputs give other elements each time and the same tokens."""
    one, two = (draw(3, random=Stream("same inputs")) for _ in range(2))
    assert not set(_split(one.request)) & set(_split(two.request))
    tokens_of = [d.finalize(ISSUER.issue(d.request), ISSUER.public_key) for d in (one, two)]
    assert tokens_of[0] == tokens_of[1]


def _split(request: bytes) -> list[bytes]:
    return [request[at : at + 32] for at in range(0, len(request), 32)]


@pytest.mark.parametrize(
    ("seed", "network", "period"),
    [(31, 32, 1), (33, 32, 1), (0, 32, 1), (32, 31, 1), (32, 33, 1), (32, 32, -1),
     (32, 32, 2**32)],
)  # fmt: skip
def test_issuing_keys_of_other_parts_are_refused(seed: int, network: int, period: int) -> None:
    """A seed or network of another length, or a period that has no four bytes, is Malformed."""
    with pytest.raises(Malformed):
        Issuer(bytes(seed), bytes(network), period)


def test_P3_every_day_lies_in_one_period_of_four_weeks_from_a_monday() -> None:
    """All providers draw under one key at a time, and agree which one it is."""
    for epoch in range(4, 4 + 28 * 50):
        period = tokens.period_of(epoch)
        assert period <= epoch < period + 28
        assert monday(period) == period
        assert tokens.period_of(period) == period
    assert tokens.period_of(31) == 4
    assert tokens.period_of(32) == 32


def test_P7_tokens_of_a_period_are_taken_for_four_weeks_after_it() -> None:
    """So that at most two keys are accepted on any day, and one drawn on the last day is of use."""
    for epoch in range(4 + 56, 4 + 56 + 28 * 4):
        taken = [p for p in range(4, epoch + 1, 28) if tokens.last_epoch_of(p) >= epoch]
        assert taken == [tokens.period_of(epoch) - 28, tokens.period_of(epoch)]
