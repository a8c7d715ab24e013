"""Runs the second implementation beside the tests and asks it things."""

from __future__ import annotations

from pathlib import Path

from tests.second.process import Answering


class SecondRefused(Exception):
    """The second implementation refused: it did not open, verify or decode."""


class SecondError(Exception):
    """The second implementation could not be asked that."""


class Second(Answering):
    """One worker process; every method is one question."""

    script = Path(__file__).with_name("worker.py")

    def ask(self, op: str, **arguments: bytes | int) -> bytes:
        """Run one operation of the worker; raises SecondRefused or SecondError."""
        request: dict[str, str | int] = {"op": op}
        for name, value in arguments.items():
            request[name] = value.hex() if isinstance(value, bytes) else value
        answer = self.exchange(request)
        if "value" in answer:
            return bytes.fromhex(str(answer["value"]))
        if "refused" in answer:
            raise SecondRefused
        raise SecondError(answer.get("error"))

    def hpke_public_key(self, seed: bytes) -> bytes:
        """The X-Wing public key of a seed."""
        return self.ask("hpke_public_key", seed=seed)

    def hpke_seal(self, public_key: bytes, *, info: bytes, plaintext: bytes) -> bytes:
        """Suite 1's single-shot seal."""
        return self.ask("hpke_seal", public_key=public_key, info=info, plaintext=plaintext)

    def hpke_open(self, seed: bytes, *, info: bytes, sealed: bytes) -> bytes:
        """Suite 1's single-shot open."""
        return self.ask("hpke_open", seed=seed, info=info, sealed=sealed)

    def xchacha_seal(self, key: bytes, *, nonce: bytes, aad: bytes, plaintext: bytes) -> bytes:
        """XChaCha20-Poly1305."""
        return self.ask("xchacha_seal", key=key, nonce=nonce, aad=aad, plaintext=plaintext)

    def xchacha_open(self, key: bytes, *, nonce: bytes, aad: bytes, ciphertext: bytes) -> bytes:
        """XChaCha20-Poly1305."""
        return self.ask("xchacha_open", key=key, nonce=nonce, aad=aad, ciphertext=ciphertext)

    def hkdf(self, ikm: bytes, *, info: bytes, length: int, salt: bytes = b"") -> bytes:
        """HKDF-SHA256."""
        return self.ask("hkdf", ikm=ikm, info=info, length=length, salt=salt)

    def pbkdf2(self, password: bytes, salt: bytes, rounds: int) -> bytes:
        """PBKDF2-HMAC-SHA256, 32 bytes."""
        return self.ask("pbkdf2", password=password, salt=salt, rounds=rounds)

    def ed25519_public_key(self, seed: bytes) -> bytes:
        """The Ed25519 public key of a seed."""
        return self.ask("ed25519_public_key", seed=seed)

    def ed25519_sign(self, seed: bytes, message: bytes) -> bytes:
        """An Ed25519 signature."""
        return self.ask("ed25519_sign", seed=seed, message=message)

    def ed25519_verify(self, public_key: bytes, message: bytes, signature: bytes) -> None:
        """Return if the signature holds, raise SecondRefused if not."""
        self.ask("ed25519_verify", public_key=public_key, message=message, signature=signature)
