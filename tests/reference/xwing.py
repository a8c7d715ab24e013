"""X-Wing, which draft-ietf-hpke-pq calls MLKEM768-X25519 (0x647a), with its randomness as input.

Written from draft-irtf-cfrg-concrete-hybrid-kems and draft-connolly-cfrg-xwing-kem, on ML-KEM-768
in plain Python (kyber-py) and X25519 from RFC 7748: it shares no code with the product.
"""

from __future__ import annotations

import hashlib

from kyber_py.ml_kem import ML_KEM_768

from tests.reference import x25519

SEED_BYTES = 32
ESEED_BYTES = 64
PUBLIC_KEY_BYTES = 1216
ENC_BYTES = 1120
_X25519_BYTES = 32
_LABEL = b"\\.//^\\"


def expand(seed: bytes) -> tuple[bytes, bytes, bytes]:
    """ML-KEM encapsulation key, ML-KEM decapsulation key, X25519 scalar of a 32-byte seed."""
    if len(seed) != SEED_BYTES:
        raise ValueError("an X-Wing seed has 32 bytes")
    expanded = hashlib.shake_256(seed).digest(96)
    ek, dk = ML_KEM_768._keygen_internal(expanded[:32], expanded[32:64])
    return ek, dk, expanded[64:]


def public_key(seed: bytes) -> bytes:
    """The public key of a seed."""
    ek, _, scalar = expand(seed)
    return bytes(ek) + x25519.public_key(scalar)


def encapsulate(public: bytes, eseed: bytes) -> tuple[bytes, bytes]:
    """Encapsulate with given randomness: 32 bytes for ML-KEM, then the ephemeral scalar."""
    if len(public) != PUBLIC_KEY_BYTES or len(eseed) != ESEED_BYTES:
        raise ValueError("an X-Wing public key has 1216 bytes, the randomness 64")
    ek, pk_x = public[:-_X25519_BYTES], public[-_X25519_BYTES:]
    ss_m, ct_m = ML_KEM_768._encaps_internal(ek, eseed[:32])
    ct_x = x25519.public_key(eseed[32:])
    ss_x = x25519.x25519(eseed[32:], pk_x)
    return bytes(ct_m) + ct_x, _combine(ss_m, ss_x, ct_x, pk_x)


def decapsulate(seed: bytes, enc: bytes) -> bytes:
    """The shared secret of an encapsulation; a wrong one gives another secret, not an error."""
    if len(enc) != ENC_BYTES:
        raise ValueError("an X-Wing encapsulation has 1120 bytes")
    _, dk, scalar = expand(seed)
    ct_m, ct_x = enc[:-_X25519_BYTES], enc[-_X25519_BYTES:]
    ss_m = ML_KEM_768._decaps_internal(dk, ct_m)
    ss_x = x25519.x25519(scalar, ct_x)
    return _combine(ss_m, ss_x, ct_x, x25519.public_key(scalar))


def _combine(ss_m: bytes, ss_x: bytes, ct_x: bytes, pk_x: bytes) -> bytes:
    return hashlib.sha3_256(ss_m + ss_x + ct_x + pk_x + _LABEL).digest()
