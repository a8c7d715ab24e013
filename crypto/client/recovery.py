"""The recovery sheet: a member's keys from a secret on paper.

Source: docs/spec/store.md, section 10.
"""

from __future__ import annotations

from crypto import constants as c
from crypto.client import code_text, reed_solomon
from crypto.client.member_file import MemberSecret
from crypto.encoding import Random, frame
from crypto.errors import CodeMistyped, Malformed
from crypto.fields import fixed
from crypto.kdf import hkdf

_BITS = 5
_SPARE_BITS = 8 * c.RECOVERY_BYTES - _BITS * c.RECOVERY_DATA_SYMBOLS
_GROUP = 5


def new_secret(random: Random) -> bytes:
    """Draw a sheet's secret: 17 bytes, the last 6 bits zero."""
    drawn = int.from_bytes(random(c.RECOVERY_BYTES), "big")
    return (drawn >> _SPARE_BITS << _SPARE_BITS).to_bytes(c.RECOVERY_BYTES, "big")


def symbols(secret: bytes) -> str:
    """Write a secret (17 bytes) as six groups of five symbols.

    Raises Malformed for another length or spare bits. Source: docs/spec/store.md, 10.
    """
    value = int.from_bytes(_checked(secret), "big") >> _SPARE_BITS
    shifts = range(_BITS * (c.RECOVERY_DATA_SYMBOLS - 1), -1, -_BITS)
    data = [value >> shift & 31 for shift in shifts]
    word = (*data, *reed_solomon.check_symbols(data))
    text = "".join(c.CODE_ALPHABET[symbol] for symbol in word)
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def read(text: str) -> bytes:
    """Read a secret (17 bytes) as somebody typed it; raises CodeMistyped.

    Source: docs/spec/store.md, 10.
    """
    if len(text) > c.CODE_INPUT_CHARACTERS:
        raise CodeMistyped
    signs = code_text.plain(text)
    if len(signs) != c.RECOVERY_SYMBOLS or any(one not in c.CODE_ALPHABET for one in signs):
        raise CodeMistyped
    word = [c.CODE_ALPHABET.index(one) for one in signs]
    data = word[: c.RECOVERY_DATA_SYMBOLS]
    if reed_solomon.check_symbols(data) != tuple(word[c.RECOVERY_DATA_SYMBOLS :]):
        raise CodeMistyped
    value = 0
    for symbol in data:
        value = value << _BITS | symbol
    return (value << _SPARE_BITS).to_bytes(c.RECOVERY_BYTES, "big")


def member_of(secret: bytes, *, network_id: bytes, organisation_key: bytes) -> MemberSecret:
    """Derive the member of a sheet's secret (17 bytes) in a network and an organisation (32 each).

    Raises Malformed for other lengths. Source: docs/spec/store.md, 10.
    """
    network = fixed(network_id, c.NETWORK_ID_BYTES)
    return MemberSecret(
        member_id=_derive(secret, c.LABEL_RECOVERY_ID, c.MEMBER_ID_BYTES, network),
        xwing_seed=_derive(secret, c.LABEL_RECOVERY_XWING, c.XWING_SEED_BYTES, network),
        ed25519_seed=_derive(secret, c.LABEL_RECOVERY_SIGNING, c.ED25519_SEED_BYTES, network),
        network_id=network,
        organisation_key=organisation_key,
    )


def _derive(secret: bytes, label: str, size: int, network_id: bytes) -> bytes:
    return hkdf(_checked(secret), info=frame(label, network_id), length=size)


def _checked(secret: bytes) -> bytes:
    if fixed(secret, c.RECOVERY_BYTES)[-1] & (1 << _SPARE_BITS) - 1:
        raise Malformed
    return secret
