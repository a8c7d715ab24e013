"""T50: both halves of X-Wing are needed; whoever breaks one of them opens nothing."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from client import ambient
from crypto.client import envelope, hpke, walk_in
from crypto.client.store import open_store, seal_store
from crypto.errors import CannotOpen
from crypto.public import sealing
from tests.threats import scene
from tests.threats.scene import provider, send

ONE = provider()
OTHER = ambient.random(32)


def key_of(mlkem_seed: bytes, x25519_seed: bytes) -> hpke.PrivateKey:
    """An X-Wing key whose halves come from two seeds."""
    mlkem, _ = sealing.expand(mlkem_seed)
    _, x25519 = sealing.expand(x25519_seed)
    return from_halves(mlkem, x25519)


def from_halves(mlkem: MLKEM768PrivateKey, x25519: X25519PrivateKey) -> hpke.PrivateKey:
    """What `hpke.PrivateKey` would be, had each half been found by itself."""
    key = hpke.PrivateKey(bytes(32))
    key._key = MLKEM768X25519PrivateKey(mlkem, x25519)
    key._halves = (mlkem, x25519)
    return key


def test_P1_P11_T50_one_right_half_opens_no_envelope() -> None:
    """With the code and one half, of either kind, neither referral nor follow-up opens."""
    sent, seed = send(ONE, ambient.random), ONE.one_time_seed
    for sealed, context in (
        (sent.referral, ONE.context),
        (sent.follow_up, sent.follow_up_context),
    ):
        assert envelope.open_(sealed, key_of(seed, seed), context)
        for key in (key_of(seed, OTHER), key_of(OTHER, seed), key_of(OTHER, OTHER)):
            with pytest.raises(CannotOpen):
                envelope.open_(sealed, key, context)


@pytest.mark.parametrize("half", ["ML-KEM", "X25519"])
def test_P1_P11_T50_a_recipient_made_with_a_broken_half_does_not_open_what_is_for_the_true_one(
    half: str,
) -> None:
    """A public key that shares one half with the provider's is another key altogether."""
    seed = ONE.one_time_seed
    thief = key_of(seed, OTHER) if half == "ML-KEM" else key_of(OTHER, seed)
    true = hpke.PrivateKey(seed)
    shared = thief.public[:1184] == true.public[:1184], thief.public[1184:] == true.public[1184:]
    assert shared == (half == "ML-KEM", half == "X25519")
    for _ in range(20):
        for sealed_to, opened_by in ((true, thief), (thief, true)):
            sealed = hpke.seal(sealed_to.public, info=b"info", plaintext=b"text")
            assert sealed_to.open(info=b"info", sealed=sealed) == b"text"
            with pytest.raises(CannotOpen):
                opened_by.open(info=b"info", sealed=sealed)


def test_P1_T50_parts_of_two_encapsulations_do_not_mix() -> None:
    """The ML-KEM part of one and the X25519 share of another open for nobody."""
    key = hpke.PrivateKey(ONE.one_time_seed)
    first, second = (hpke.seal(key.public, info=b"", plaintext=b"text") for _ in range(2))
    for mixed in (
        first[:1088] + second[1088:1120] + first[1120:],
        second[:1088] + first[1088:],
        first[:1120] + second[1120:],
    ):
        with pytest.raises(CannotOpen):
            key.open(info=b"", sealed=mixed)


def test_P11_T50_a_store_opens_with_no_half_of_a_members_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a thief with a quantum computer has of a member's key is not enough for her store."""
    member = ONE.members[0]
    sealed = seal_store(ONE.store(), random=ambient.random)
    assert open_store(sealed, member, 0) == ONE.store()
    for halves in ((member.xwing_seed, OTHER), (OTHER, member.xwing_seed)):
        monkeypatch.setattr(hpke, "load_private", lambda _, halves=halves: key_of(*halves))
        with pytest.raises(CannotOpen):
            open_store(sealed, member, 0)


def test_P1_T50_a_walk_in_needs_both_halves_too() -> None:
    """The weekly key is X-Wing as well."""
    sent, seed = send(ONE, ambient.random), ONE.weekly_seeds[0]
    walked = scene.walked_in(ONE, sent.encoded, ambient.random)
    context = walk_in.context(ONE.network.network_id, hpke.public_key(seed))
    assert envelope.open_(walked, key_of(seed, seed), context) == sent.encoded
    for key in (key_of(seed, OTHER), key_of(OTHER, seed)):
        with pytest.raises(CannotOpen):
            envelope.open_(walked, key, context)
