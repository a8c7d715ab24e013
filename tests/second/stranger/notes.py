"""Notes and their signature lines (docs/spec/statements.md, sections 1 to 3)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tests.second.stranger import sealing
from tests.second.stranger.basics import (
    BAD_SIGNATURE,
    K,
    Refused,
    decimal,
    from_base64,
    from_utf8,
    has_category,
    need,
    to_base64,
)

_KEY_NAME = re.compile(r"[a-z0-9./-]+")
_LINE = re.compile("— ([a-z0-9./-]+) ([^ ]+)")
_NOT_IN_NAMES = tuple(
    range(first, last + 1)
    for first, last in zip(K.NAME_BANNED[::2], K.NAME_BANNED[1::2], strict=True)
)
ED25519 = K.NOTE_ALG_ED25519
COSIGNATURE = K.NOTE_ALG_COSIGNATURE


@dataclass(frozen=True)
class Key:
    """A key of the policy, with the alg of its role."""

    name: str
    public_key: bytes
    alg: int

    def id(self) -> bytes:
        """The four bytes in front of its signatures."""
        whole = self.name.encode() + b"\n" + bytes([self.alg]) + self.public_key
        return sealing.sha256(whole)[:4]


@dataclass(frozen=True)
class Line:
    """One signature line as it was read."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True)
class Note:
    """The text, with its last line feed, and the lines below."""

    text: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Signed:
    """A line that holds: whose it is, and a cosignature's time."""

    key: Key
    time: int


def read_note(content: bytes, most: int = K.NOTE_BYTES) -> Note:
    """The form alone; nothing is verified yet."""
    need(len(content) <= most)
    whole = from_utf8(content)
    need(not has_category(whole.replace("\n", ""), "Cc"))
    text, blank, below = whole.rpartition("\n\n")
    need(bool(blank) and below.endswith("\n"))
    need(bool(text) and not text.startswith("\n") and "\n\n" not in text)
    lines = tuple(_read_line(line) for line in below[:-1].split("\n"))
    need(1 <= len(lines) <= K.NOTE_SIGNATURES)
    need(len({(line.name, line.key_id) for line in lines}) == len(lines))
    return Note(text + "\n", lines)


def _read_line(line: str) -> Line:
    match = _LINE.fullmatch(line)
    need(match is not None)
    assert match is not None
    blob = from_base64(match[2])
    need(len(blob) in (68, 76))
    return Line(match[1], blob[:4], blob[4:])


def check_lines(note: Note, keys: Sequence[Key]) -> list[Signed]:
    """Every line is by one of these keys and holds, or BadSignature."""
    return [_check_line(note.text, line, keys) for line in note.lines]


def _check_line(text: str, line: Line, keys: Sequence[Key]) -> Signed:
    for key in keys:
        if key.name == line.name and key.id() == line.key_id:
            return Signed(key, _check_signature(text, line.signature, key))
    raise Refused(BAD_SIGNATURE)


def _check_signature(text: str, signature: bytes, key: Key) -> int:
    need(len(signature) == (72 if key.alg == COSIGNATURE else 64), BAD_SIGNATURE)
    if key.alg == ED25519:
        sealing.verify(key.public_key, text.encode(), signature)
        return 0
    time = int.from_bytes(signature[:8], "big")
    need(time < 1 << 63, BAD_SIGNATURE)
    sealing.verify(key.public_key, _cosigned(text, time), signature[8:])
    return time


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def signature_line(text: str, name: str, seed: bytes, time: int | None = None) -> str:
    """One line: a cosignature where a time is given."""
    alg = ED25519 if time is None else COSIGNATURE
    key = Key(name, sealing.ed25519_public_key(seed), alg)
    if time is None:
        signature = sealing.sign(seed, text.encode())
    else:
        signature = time.to_bytes(8, "big") + sealing.sign(seed, _cosigned(text, time))
    return f"— {name} {to_base64(key.id() + signature)}\n"


def write_note(text: str, signers: Sequence[tuple[str, bytes, int | None]]) -> bytes:
    """The text under these signers' lines: name, seed, and a witness's time."""
    return (text + "\n" + "".join(signature_line(text, *signer) for signer in signers)).encode()


def key_name(text: str, most: int) -> str:
    """A key name of at most so many bytes."""
    need(_KEY_NAME.fullmatch(text) is not None and len(text) <= most)
    return text


def display_name(text: str, most: int) -> str:
    """An organisation's or region's name."""
    need(1 <= len(text.encode()) <= most)
    need(not has_category(text[0] + text[-1], "Zs"))
    need(not has_category(text, "Cc", "Zl", "Zp"))
    need_seen(text)
    need(any(unicodedata.category(character).startswith(("L", "N")) for character in text))
    return text


def need_seen(text: str) -> None:
    """No character that can't be seen, turns text round or means nothing."""
    need(not any(ord(character) in span for character in text for span in _NOT_IN_NAMES))


def is_composed(text: str) -> bool:
    """Whether the text is in NFC, as a maker must write it."""
    return unicodedata.normalize("NFC", text) == text


def key_of(text: str) -> bytes:
    """A key or hash: base64 of 32 bytes."""
    value = from_base64(text)
    need(len(value) == 32)
    return value


class Lines:
    """The lines of a text, in the order given and no others."""

    def __init__(self, text: str) -> None:
        """Every line ends with a line feed."""
        need(text.endswith("\n"))
        self._rest = text[:-1].split("\n")

    def whole(self) -> str:
        """The next line."""
        need(bool(self._rest))
        return self._rest.pop(0)

    def value(self, keyword: str) -> str:
        """What follows the keyword and one space on the next line."""
        line = self.whole()
        need(line.startswith(keyword + " "))
        return line[len(keyword) + 1 :]

    def number(self, keyword: str) -> int:
        """A number below 2^32."""
        return decimal(self.value(keyword))

    def run(self, keyword: str) -> list[str]:
        """The values of all lines that follow with this keyword."""
        found = []
        while self._rest and self._rest[0].startswith(keyword + " "):
            found.append(self.value(keyword))
        return found

    def end(self) -> None:
        """No line may be left."""
        need(not self._rest)
