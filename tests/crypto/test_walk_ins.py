"""Walk-ins: sealed to a weekly key without a code, and found by trying."""

from __future__ import annotations

import hashlib

import pytest

from crypto.client import hpke, walk_in
from crypto.client.envelope import Context, for_code, open_, seal
from crypto.client.message import BoxKeys, Message, decode, encode
from crypto.encoding import frame
from crypto.errors import CannotOpen, Malformed, Refused, Unsupported
from crypto.kdf import hkdf
from crypto.public import cover
from tests.crypto.streams import Stream, flipped, places

STREAM = Stream("walk-ins")
NETWORK = STREAM(32)
THIS_WEEK, LAST_WEEK, STRANGER = (hpke.PrivateKey(STREAM(32)) for _ in range(3))
OURS = [THIS_WEEK, LAST_WEEK]
MESSAGE = encode(
    Message(
        consent=2, needs=(1,), languages=(3,), channels=(1,), eyes=1, peer=1,
        box=BoxKeys.decode(STREAM(112)),
    )
)  # fmt: skip


def _sealed(key: hpke.PrivateKey, network_id: bytes = NETWORK) -> bytes:
    return seal(MESSAGE, key.public, walk_in.context(network_id, key.public), random=STREAM)


def _refused_as(envelope: bytes, network_id: bytes = NETWORK) -> type[Refused]:
    with pytest.raises(Refused) as caught:
        walk_in.open_with_any(envelope, OURS, network_id)
    return caught.type


@pytest.mark.parametrize("key", OURS)
def test_R10_a_walk_in_is_found_by_trying_each_live_key(key: hpke.PrivateKey) -> None:
    """Sealed to this week's key or last week's, the envelope opens and says to which."""
    found, message = walk_in.open_with_any(_sealed(key), OURS, NETWORK)
    assert found is key
    assert message == MESSAGE


def test_P8_R10_R12_T23_a_walk_in_carries_a_referral_with_her_yes() -> None:
    """The message is a referral like any other: without consent it could not be one."""
    _, message = walk_in.open_with_any(_sealed(THIS_WEEK), OURS, NETWORK)
    context = walk_in.context(NETWORK, THIS_WEEK.public)
    assert decode(message, context.message_kind).consent == 2


def test_P3_T39_another_providers_walk_in_is_refused_like_filler() -> None:
    """What is for others, for another network or for nobody is CannotOpen alike."""
    others = bytes(range(32))
    for envelope in (_sealed(STRANGER), _sealed(THIS_WEEK, others), cover.envelope(STREAM)):
        assert _refused_as(envelope) is CannotOpen
    assert _refused_as(_sealed(THIS_WEEK), others) is CannotOpen


def test_P11_T37_without_live_keys_nothing_opens() -> None:
    """When the week's seed is erased, no key is left to try: CannotOpen."""
    with pytest.raises(CannotOpen):
        walk_in.open_with_any(_sealed(THIS_WEEK), [], NETWORK)
    with pytest.raises(CannotOpen):
        walk_in.open_with_any(_sealed(THIS_WEEK), [LAST_WEEK], NETWORK)


def test_a_walk_in_is_sealed_as_the_specification_says() -> None:
    """Binding, inner key and kind are those of walk-in.md, section 2."""
    public = THIS_WEEK.public
    key = hkdf(public, info=frame("towpath/v1/walk-in-key", NETWORK), length=32)
    expected = Context(NETWORK, 3, hashlib.sha256(public).digest()[:16], key)
    assert walk_in.context(NETWORK, public) == expected
    assert open_(_sealed(THIS_WEEK), THIS_WEEK, expected) == MESSAGE


def test_P2_T16_a_walk_in_is_no_referral_with_the_same_keys() -> None:
    """The kind is bound: the same keys and binding as a referral do not open a walk-in."""
    context = walk_in.context(NETWORK, THIS_WEEK.public)
    disguised = for_code(NETWORK, context.binding, context.inner_key)
    with pytest.raises(CannotOpen):
        open_(_sealed(THIS_WEEK), THIS_WEEK, disguised)


def test_P2_T16_the_inner_layer_names_the_key_it_was_sealed_to() -> None:
    """An inner layer made for the other week's key is refused though the outer layer opens."""
    context = walk_in.context(NETWORK, LAST_WEEK.public)
    with pytest.raises(CannotOpen):
        walk_in.open_with_any(
            seal(MESSAGE, THIS_WEEK.public, context, random=STREAM), OURS, NETWORK
        )


def test_P1_T16_changed_walk_ins_are_refused() -> None:
    """A flip anywhere is CannotOpen, of the suite byte Unsupported, and a cut Malformed."""
    envelope = _sealed(THIS_WEEK)
    for at in places([1, 1089, 1121, 1145, 5241], 5273, 31):
        assert _refused_as(flipped(envelope, at)) is (CannotOpen if at else Unsupported), at
    for changed in (b"", envelope[:-1], envelope + b"\0"):
        assert _refused_as(changed) is Malformed


@pytest.mark.parametrize("size", [0, 32, 1215, 1217])
def test_weekly_keys_of_another_length_are_refused(size: int) -> None:
    """A weekly key that is no 1,216 bytes, or a network id that is no 32, has no context."""
    with pytest.raises(Malformed):
        walk_in.context(NETWORK, bytes(size))
    with pytest.raises(Malformed):
        walk_in.context(NETWORK[:31], THIS_WEEK.public)
