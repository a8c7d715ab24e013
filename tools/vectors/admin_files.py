"""An admin's key file (statements.md, 10)."""

from __future__ import annotations

from typing import Any

from tools.vectors import wire
from tools.vectors.member_files import HER_WORDS, NONCE, SALT, stretch
from tools.vectors.scenario import Scenarios, maker
from tools.vectors.wire import draw, lp

NAME = "asha"
SEED = draw("admin with a file", 32)

_seal = maker("seal_admin_file", "statements.md 10")
_open = maker("open_admin_file", "statements.md 10")


def admin_file(
    secret: bytes, label: str = "admin-file", salt_in_aad: bytes = SALT, size: int = 58
) -> bytes:
    """statements.md, 10, of a secret, right or wrong."""
    aad = wire.frame(label, wire.VERSION, salt_in_aad)
    sealed = wire.seal_aead(stretch(HER_WORDS), NONCE, aad, wire.pad(secret, size))
    return wire.VERSION + SALT + NONCE + sealed


def scenarios() -> Scenarios:
    """All of this area."""
    for how, name in (("usual", NAME), ("longest", "a-very.long/name-of-24-b")):
        given, file = {"name": name, "seed": SEED}, admin_file(SEED + lp(name.encode()))
        comment = f"An admin's key under a name of {len(name)} bytes."
        sealing = {**given, **_DRAWN}
        yield _seal(f"admin_file_seal_{how}", comment, sealing, output={"file": file})
        opening = {"file": file, "passphrase": HER_WORDS}
        yield _open(f"admin_file_open_{how}", comment, opening, output=given)
    yield from _not_sealed()
    yield from _not_opened()


_DRAWN: dict[str, Any] = {"passphrase": HER_WORDS, "salt": SALT, "nonce": NONCE}


def _not_sealed() -> Scenarios:
    good = {"name": NAME, "seed": SEED, **_DRAWN}
    rows: dict[str, tuple[str, dict[str, Any]]] = {
        "empty_passphrase": ("No passphrase.", {"passphrase": ""}),
        "name_empty": ("No name.", {"name": ""}),
        "name_long": ("25 bytes.", {"name": "a" * 25}),
        "name_capitals": ("Capitals are in no key name.", {"name": "Asha"}),
        "name_space": ("Nor are spaces.", {"name": "asha b"}),
        "name_not_ascii": ("Nor other letters.", {"name": "\u00e5sa"}),
        "seed_short": ("A seed of 31 bytes.", {"seed": SEED[1:]}),
        "seed_long": ("A seed of 33 bytes.", {"seed": SEED + b"\x01"}),
    }
    for name, (comment, changed) in rows.items():
        yield _seal(f"admin_file_seal_{name}", comment, {**good, **changed}, "Malformed")


def _not_opened() -> Scenarios:
    named = SEED + lp(NAME.encode())
    good = admin_file(named)
    rows = {
        "wrong_passphrase": ("CannotOpen", "Another passphrase.", good, HER_WORDS[1:]),
        "salt_flipped": ("CannotOpen", "A bit of the salt.", wire.flip(good, 1), HER_WORDS),
        "tag_flipped": ("CannotOpen", "The last bit.", wire.flip(good, 114), HER_WORDS),
        "member_label": (
            "CannotOpen",
            "Sealed as a member's file.",
            admin_file(named, "member-file"),
            HER_WORDS,
        ),
        "other_salt": (
            "CannotOpen",
            "Sealed for another salt.",
            admin_file(named, salt_in_aad=bytes(16)),
            HER_WORDS,
        ),
        "empty_passphrase": ("Malformed", "No passphrase.", good, ""),
        "cut": ("Malformed", "114 bytes.", good[:-1], HER_WORDS),
        "appended": ("Malformed", "116 bytes.", good + b"\x00", HER_WORDS),
        "empty": ("Malformed", "Nothing.", b"", HER_WORDS),
        "version_2": ("Unsupported", "Version 2.", b"\x02" + good[1:], HER_WORDS),
        "padding": ("Malformed", "Padding that is not zero.", admin_file(_padded()), HER_WORDS),
        "no_name": ("Malformed", "No name within.", admin_file(SEED + lp(b"")), HER_WORDS),
        "capitals": ("Malformed", "No key name within.", admin_file(SEED + lp(b"Asha")), HER_WORDS),
        "long_name": (
            "Malformed",
            "A name beyond the secret's end.",
            admin_file(SEED + wire.u16(25) + b"a" * 24),
            HER_WORDS,
        ),
    }
    for name, (expect, comment, file, passphrase) in rows.items():
        inputs = {"file": file, "passphrase": passphrase}
        yield _open(f"admin_file_open_{name}", comment, inputs, expect)


def _padded() -> bytes:
    return (SEED + lp(NAME.encode())).ljust(57, b"\x00") + b"\x01"
