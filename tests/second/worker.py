"""The second implementation's side: pycryptodome, run by .venv-second's own interpreter.

Reads one JSON object a line, {"op": name, argument: hexadecimal or number, ...}, and answers one:
{"value": hexadecimal}, {"refused": true} for what does not open, verify or decode, or
{"error": text} for a call that makes no sense. It imports nothing of Towpath.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from Crypto.Cipher import ChaCha20_Poly1305
from Crypto.Hash import SHA256
from Crypto.Protocol import HPKE
from Crypto.Protocol.KDF import HKDF, PBKDF2
from Crypto.PublicKey import ECC, Hybrid
from Crypto.Signature import eddsa

_XWING = Hybrid.MLKEM768_X25519
_CHACHA = HPKE.AEAD.CHACHA20_POLY1305
_ENC_BYTES = 1120
_TAG_BYTES = 16


def hpke_public_key(seed: bytes) -> bytes:
    """The X-Wing public key of a seed."""
    return bytes(_private(seed)._pk)


def hpke_seal(public_key: bytes, info: bytes, plaintext: bytes, aad: bytes = b"") -> bytes:
    """Base mode, single shot: the encapsulation, then the ciphertext with its tag."""
    # There is no public import of X-Wing public keys yet; this is what such a call would do.
    key = Hybrid.HybridKey(param_set=_XWING, pk=public_key)
    cipher = HPKE.new(receiver_key=key, aead_id=_CHACHA, info=info)
    return bytes(cipher.enc + cipher.seal(plaintext, aad))


def hpke_open(seed: bytes, info: bytes, sealed: bytes, aad: bytes = b"") -> bytes:
    """Open what was sealed to the seed's public key."""
    enc, ciphertext = sealed[:_ENC_BYTES], sealed[_ENC_BYTES:]
    cipher = HPKE.new(receiver_key=_private(seed), aead_id=_CHACHA, enc=enc, info=info)
    return bytes(cipher.unseal(ciphertext, aad))


def xchacha_seal(key: bytes, nonce: bytes, aad: bytes, plaintext: bytes) -> bytes:
    """XChaCha20-Poly1305: the ciphertext, then its tag."""
    cipher = _xchacha(key, nonce, aad)
    ciphertext, tag = cipher.encrypt_and_digest(plaintext)
    return bytes(ciphertext + tag)


def xchacha_open(key: bytes, nonce: bytes, aad: bytes, ciphertext: bytes) -> bytes:
    """Decrypt and authenticate."""
    cipher = _xchacha(key, nonce, aad)
    body, tag = ciphertext[:-_TAG_BYTES], ciphertext[-_TAG_BYTES:]
    return bytes(cipher.decrypt_and_verify(body, tag))


def hkdf(ikm: bytes, info: bytes, length: int, salt: bytes = b"") -> bytes:
    """HKDF-SHA256."""
    return bytes(HKDF(ikm, length, salt, SHA256, context=info))


def pbkdf2(password: bytes, salt: bytes, rounds: int) -> bytes:
    """PBKDF2-HMAC-SHA256, 32 bytes."""
    return bytes(PBKDF2(password, salt, 32, rounds, hmac_hash_module=SHA256))


def ed25519_public_key(seed: bytes) -> bytes:
    """The Ed25519 public key of a seed."""
    key = ECC.construct(curve="Ed25519", seed=seed)
    return bytes(key.public_key().export_key(format="raw"))


def ed25519_sign(seed: bytes, message: bytes) -> bytes:
    """An Ed25519 signature."""
    key = ECC.construct(curve="Ed25519", seed=seed)
    return bytes(eddsa.new(key, "rfc8032").sign(message))


def ed25519_verify(public_key: bytes, message: bytes, signature: bytes) -> bytes:
    """Nothing if the signature holds; refused if it does not."""
    eddsa.new(eddsa.import_public_key(public_key), "rfc8032").verify(message, signature)
    return b""


_OPERATIONS: dict[str, Callable[..., bytes]] = {
    function.__name__: function
    for function in (
        hpke_public_key,
        hpke_seal,
        hpke_open,
        xchacha_seal,
        xchacha_open,
        hkdf,
        pbkdf2,
        ed25519_public_key,
        ed25519_sign,
        ed25519_verify,
    )
}


def _private(seed: bytes) -> Any:
    return Hybrid.generate(param_set=_XWING, randfunc=lambda _: seed)


def _xchacha(key: bytes, nonce: bytes, aad: bytes) -> Any:
    if len(nonce) != 24:  # a shorter nonce would choose another cipher
        raise TypeError("an XChaCha20 nonce has 24 bytes")
    cipher = ChaCha20_Poly1305.new(key=key, nonce=nonce)
    cipher.update(aad)
    return cipher


def _answer(line: str) -> dict[str, Any]:
    request = json.loads(line)
    operation = _OPERATIONS.get(request.pop("op"))
    if operation is None:
        return {"error": "no such operation"}
    arguments = {k: bytes.fromhex(v) if isinstance(v, str) else v for k, v in request.items()}
    try:
        return {"value": operation(**arguments).hex()}
    except ValueError:  # pycryptodome's one class for what does not open, verify or decode
        return {"refused": True}
    except TypeError as error:
        return {"error": str(error)}


def main() -> None:
    """Answer line by line until the input ends."""
    for line in sys.stdin:
        print(json.dumps(_answer(line)), flush=True)


if __name__ == "__main__":
    main()
