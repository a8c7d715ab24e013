"""Blind tokens: RFC 9497 VOPRF over ristretto255 with SHA-512, through the package `voprf`.

The only file that knows the package, for both ends: the provider's device blinds and finalizes,
the server issues and redeems. The package draws the blinds and the proof's randomness itself, and
keeps a blinded input's secret in an object that can't be written out: a device that stops between
drawing and finalizing asks again with new inputs.

Source: docs/spec/tokens.md.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from voprf.ristretto import (
    BlindedInput,
    Client,
    Evaluator,
    PublicKey,
    VerifiableBatchOutput,
)

from crypto.constants import (
    KEY_BYTES,
    LABEL_NULLIFIER,
    LABEL_TOKEN_KEY,
    NETWORK_ID_BYTES,
    TOKEN_BATCH_MOST,
    TOKEN_BYTES,
    TOKEN_ELEMENT_BYTES,
    TOKEN_GRACE_DAYS,
    TOKEN_INPUT_BYTES,
    TOKEN_PERIOD_DAYS,
    TOKEN_PROOF_BYTES,
)
from crypto.encoding import Random, frame, u32
from crypto.errors import Malformed, TokenRefused
from crypto.public.keys import hashed

_FIRST_MONDAY = 4  # epoch 0 was a Thursday


def period_of(epoch: int) -> int:
    """Return the first epoch of the issuing period in which `epoch` (4 or later) lies.

    Source: docs/spec/tokens.md, section 1.
    """
    return epoch - (epoch - _FIRST_MONDAY) % TOKEN_PERIOD_DAYS


def last_epoch_of(period: int) -> int:
    """Return the last epoch on which tokens of the period that begins at `period` are taken.

    Source: docs/spec/tokens.md, section 6.
    """
    return period + TOKEN_PERIOD_DAYS - 1 + TOKEN_GRACE_DAYS


class Issuer:
    """The server's half: one issuing key of one network and period."""

    __slots__ = ("_evaluator", "_network_id", "_period")

    def __init__(self, seed: bytes, network_id: bytes, period: int) -> None:
        """Take the period's seed (32 bytes), the network id and the period's first epoch."""
        if len(seed) != KEY_BYTES or len(network_id) != NETWORK_ID_BYTES:
            raise Malformed
        info = frame(LABEL_TOKEN_KEY, network_id, u32(period))
        self._evaluator = Evaluator.from_seed(seed, info)
        self._network_id = network_id
        self._period = period

    def __repr__(self) -> str:
        return "Issuer(hidden)"

    @property
    def public_key(self) -> bytes:
        """The 32 bytes that clients check proofs against."""
        return self._evaluator.public_key.serialize()

    def issue(self, request: bytes) -> bytes:
        """Evaluate 1 to 256 blinded elements of 32 bytes: a proof, then as many elements.

        Raises Malformed for another length, TokenRefused for an element that is none.
        Source: docs/spec/tokens.md, section 4.
        """
        elements = _elements(request)
        try:
            blinded = [BlindedInput.deserialize(element) for element in elements]
        except ValueError:
            raise TokenRefused from None
        return self._evaluator.evaluate_batch(blinded).serialize()

    def redeem(self, token: bytes) -> bytes:
        """Check a token (96 bytes) and return its nullifier (32 bytes), to be stored once.

        Raises Malformed for another length, TokenRefused for a token of another key.
        Source: docs/spec/tokens.md, section 5.
        """
        if len(token) != TOKEN_BYTES:
            raise Malformed
        given, output = token[:TOKEN_INPUT_BYTES], token[TOKEN_INPUT_BYTES:]
        if not hmac.compare_digest(self._evaluator.evaluate_known_input(given), output):
            raise TokenRefused
        return hashed(LABEL_NULLIFIER, self._network_id, u32(self._period), given)


@dataclass(frozen=True, slots=True)
class Draw:
    """The provider's half: inputs of a batch, blinded, until the answer comes."""

    request: bytes
    _inputs: tuple[bytes, ...] = field(repr=False)
    _clients: tuple[Client, ...] = field(repr=False)

    def finalize(self, answer: bytes, public_key: bytes) -> tuple[bytes, ...]:
        """Check the proof against the issuing key (32 bytes) and return the tokens, 96 bytes each.

        Raises TokenRefused for the whole batch when anything about the answer does not hold.
        Source: docs/spec/tokens.md, section 3.
        """
        if len(answer) != TOKEN_PROOF_BYTES + len(self.request):
            raise TokenRefused
        outputs = _finalized(self._clients, answer, public_key)
        return tuple(given + out for given, out in zip(self._inputs, outputs, strict=True))


def draw(count: int, *, random: Random) -> Draw:
    """Blind `count` (1 to 256) fresh inputs; send `.request`, then finalize the answer.

    Raises Malformed for another count. Source: docs/spec/tokens.md, section 3.
    """
    if not 1 <= count <= TOKEN_BATCH_MOST:
        raise Malformed
    inputs = tuple(random(TOKEN_INPUT_BYTES) for _ in range(count))
    blinds = [Client.blind(given) for given in inputs]
    request = b"".join(blinded.serialize() for _, blinded in blinds)
    return Draw(request, inputs, tuple(client for client, _ in blinds))


def _elements(request: bytes) -> list[bytes]:
    size = TOKEN_ELEMENT_BYTES
    if not request or len(request) % size or len(request) > TOKEN_BATCH_MOST * size:
        raise Malformed
    return [request[at : at + size] for at in range(0, len(request), size)]


def _finalized(clients: Sequence[Client], answer: bytes, public_key: bytes) -> list[bytes]:
    try:
        key = PublicKey.deserialize(public_key)
        batch = VerifiableBatchOutput.deserialize(answer)
        return Client.finalize_batch(clients, batch, key)
    except ValueError:
        raise TokenRefused from None
    except BaseException as error:
        # voprf 0.2.0 panics on a proof that does not hold, and a panic is no Exception. Its
        # class can't be imported, so it is known by its name. Anything else goes on its way.
        if type(error).__name__ != "PanicException":
            raise
        raise TokenRefused from None
