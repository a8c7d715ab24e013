"""The member's key file (store.md, 1)."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from nacl.bindings import crypto_pwhash_alg, crypto_pwhash_ALG_ARGON2ID13

from tools.vectors import wire
from tools.vectors.people import NETWORK_ID, ORGANISATION
from tools.vectors.scenario import Scenarios, maker

HER_WORDS = "otter lantern gravel nineteen"
SECRET = {
    "member_id": wire.draw("member id", 16),
    "xwing_seed": wire.draw("member X-Wing seed", 32),
    "ed25519_seed": wire.draw("member Ed25519 seed", 32),
    "network_id": NETWORK_ID,
    "organisation_key": ORGANISATION,
}
SALT = wire.draw("member file salt", 16)
NONCE = wire.draw("member file nonce", 24)

_seal = maker("seal_member_file", "store.md 1")
_open = maker("open_member_file", "store.md 1")


@cache
def stretch(passphrase: str) -> bytes:
    """A passphrase to a key, with the salt of these scenarios."""
    password = unicodedata.normalize("NFKC", passphrase).encode()
    alg = crypto_pwhash_ALG_ARGON2ID13
    return crypto_pwhash_alg(32, password, SALT, 3, 64 * 1024 * 1024, alg)


def member_file(passphrase: str, salt_in_aad: bytes = SALT) -> bytes:
    """store.md, 1."""
    aad = wire.frame("member-file", wire.VERSION, salt_in_aad)
    sealed = wire.seal_aead(stretch(passphrase), NONCE, aad, b"".join(SECRET.values()))
    return wire.VERSION + SALT + NONCE + sealed


def scenarios() -> Scenarios:
    """All of this area."""
    composed, decomposed = "caf\u00e9 \ufb01sh", "cafe\u0301 fish"
    for name, passphrase in (("usual", HER_WORDS), ("composed", composed)):
        yield _seal(
            f"member_file_seal_{name}",
            "A member's secret under her passphrase.",
            _sealing(passphrase),
            output={"file": member_file(passphrase)},
        )
    for name, (written, typed) in {
        "usual": (HER_WORDS, HER_WORDS),
        "decomposed": (composed, decomposed),
    }.items():
        yield _open(
            f"member_file_open_{name}",
            "The same passphrase, in any Unicode form.",
            {"file": member_file(written), "passphrase": typed},
            output=SECRET,
        )
    yield from _not_sealed()
    yield from _not_opened()


def _not_sealed() -> Scenarios:
    yield _seal("member_file_seal_empty", "No passphrase.", _sealing(""), "Malformed")
    for name in SECRET:
        short = {"secret": {**SECRET, name: SECRET[name][:-1]}}
        yield _seal(
            f"member_file_seal_short_{name}",
            "A part of another length.",
            {**_sealing(HER_WORDS), **short},
            "Malformed",
        )


def _not_opened() -> Scenarios:
    good = member_file(HER_WORDS)
    rows = {
        "wrong_passphrase": ("CannotOpen", "Another passphrase.", good, "Otter lantern gravel"),
        "capitals": ("CannotOpen", "Capitals are not forgiven.", good, HER_WORDS.upper()),
        "salt_flipped": ("CannotOpen", "A bit of the salt.", wire.flip(good, 1), HER_WORDS),
        "nonce_flipped": ("CannotOpen", "A bit of the nonce.", wire.flip(good, 17), HER_WORDS),
        "tag_flipped": ("CannotOpen", "The last bit.", wire.flip(good, 200), HER_WORDS),
        "other_salt": (
            "CannotOpen",
            "Sealed for another salt under the same key.",
            member_file(HER_WORDS, bytes(16)),
            HER_WORDS,
        ),
        "empty_passphrase": ("Malformed", "No passphrase.", member_file(""), ""),
        "cut": ("Malformed", "200 bytes.", good[:-1], HER_WORDS),
        "appended": ("Malformed", "202 bytes.", good + b"\x00", HER_WORDS),
        "version_2": ("Unsupported", "Version 2.", b"\x02" + good[1:], HER_WORDS),
    }
    for name, (expect, comment, given, passphrase) in rows.items():
        inputs = {"file": given, "passphrase": passphrase}
        yield _open(f"member_file_open_{name}", comment, inputs, expect)


def _sealing(passphrase: str) -> dict[str, Any]:
    return {"secret": SECRET, "passphrase": passphrase, "salt": SALT, "nonce": NONCE}
