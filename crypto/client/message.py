"""The referral and the follow-up: coded choices and optional text, padded to one size.

There is no field for a name, birth date, status, ethnicity or employer, and none may be added
(R1). Ids are numbers here; what they mean stands in `words`.

Source: docs/spec/envelope.md, sections 4 and 5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple

from crypto import constants as c
from crypto import fields
from crypto.client.codes import ReceiptKeys
from crypto.encoding import Reader, lp, pad, u8, u16
from crypto.errors import ConsentMissing, Malformed, Unsupported

_CONSENTS = (c.CONSENT_PERSON, c.CONSENT_SELF)
_KINDS = (c.KIND_REFERRAL, c.KIND_FOLLOW_UP)


@dataclass(frozen=True, slots=True)
class BoxKeys:
    """What the provider needs to answer and to know follow-ups: 16 and three times 32 bytes."""

    box_id: bytes
    box_key: bytes = field(repr=False)
    write_key: bytes = field(repr=False)
    tag_key: bytes = field(repr=False)

    def encode(self) -> bytes:
        """Return the 112 bytes of the field; raises Malformed for a part of another length."""
        fields.fixed(self.box_id, c.BOX_ID_BYTES)
        for key in (self.box_key, self.write_key, self.tag_key):
            fields.fixed(key, c.KEY_BYTES)
        return self.box_id + self.box_key + self.write_key + self.tag_key

    @classmethod
    def of(cls, receipt: ReceiptKeys) -> BoxKeys:
        """Take from what a receipt gives all that the provider may have: not the holder key."""
        return cls(receipt.box_id, receipt.box_key, receipt.write_key, receipt.tag_key)

    @classmethod
    def decode(cls, value: bytes) -> BoxKeys:
        """Read the 112 bytes of the field; raises Malformed for another length."""
        reader = Reader(fields.fixed(value, c.BOX_FIELD_BYTES))
        return cls(
            box_id=reader.take(c.BOX_ID_BYTES),
            box_key=reader.take(c.KEY_BYTES),
            write_key=reader.take(c.KEY_BYTES),
            tag_key=reader.take(c.KEY_BYTES),
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Message:
    """A referral or follow-up. An empty list or text, None and 0 mean: she did not answer."""

    kind: int = c.KIND_REFERRAL
    consent: int = 0
    needs: tuple[int, ...] = ()
    languages: tuple[int, ...] = ()
    region: int = 0
    people: int = 0
    who: tuple[int, ...] = ()
    children: tuple[int, ...] = ()
    soon: int = 0
    channels: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    never: tuple[int, ...] = ()
    contact: str = ""
    safe_word: str = ""
    peer: int = 0
    wishes: tuple[int, ...] = ()
    eyes: int = 0
    box: BoxKeys | None = None
    text: str = ""
    unknown: tuple[tuple[int, bytes], ...] = ()

    def __repr__(self) -> str:
        return "Message(hidden)"


def encode(message: Message) -> bytes:
    """Encode a message to 4,096 bytes.

    Raises ConsentMissing without her yes, TooLong for a text or list beyond its limit, Malformed
    for a field that breaks its rule. Source: docs/spec/envelope.md, sections 4 and 5.
    """
    body = encode_body(message)
    return pad(u8(c.FORMAT_VERSION) + u8(message.kind) + lp(body), c.MESSAGE_BYTES)


def decode(encoded: bytes, expected: int) -> Message:
    """Decode the 4,096 bytes of a message; `expected` is the kind that its envelope asks for.

    Raises Malformed, also for a kind that is not the expected one, Unsupported or ConsentMissing.
    """
    reader = Reader(fields.fixed(encoded, c.MESSAGE_BYTES))
    if reader.u8() != c.FORMAT_VERSION:
        raise Unsupported
    kind = reader.u8()
    if kind != expected:
        raise Malformed
    body = reader.lp()
    reader.zeros_to_end()
    return decode_body(kind, body)


def encode_body(message: Message) -> bytes:
    """Encode a message without header and padding, as a case keeps it; refuses as `encode`."""
    _check(message)
    run = {
        number: codec.write(said)
        for number, codec in _CODECS.items()
        if (said := getattr(message, codec.name))
    }
    kept = dict(message.unknown)
    if len(kept) != len(message.unknown) or kept.keys() & _CODECS.keys():
        raise Malformed
    return fields.encode({**run, **kept})


def decode_body(kind: int, body: bytes) -> Message:
    """Decode the fields of a message of a kind (1 referral, 2 follow-up); refuses as `decode`."""
    values: dict[str, Any] = {}
    unknown = []
    for number, value in fields.decode(body).items():
        if number in _CODECS:
            codec = _CODECS[number]
            values[codec.name] = codec.read(value)
        else:
            unknown.append((number, value))
    message = Message(kind=kind, unknown=tuple(unknown), **values)
    _check(message)
    return message


def room_for_text(written: str) -> int:
    """Return how many bytes of UTF-8 are left for the text, negative when it must be cut."""
    return c.TEXT_BYTES - len(written.encode("utf-8", "surrogatepass"))


def _check(message: Message) -> None:
    """Hold the rules between fields; first of all her yes (P8, R12)."""
    if message.kind not in _KINDS:
        raise Malformed
    if message.consent not in _CONSENTS:
        raise ConsentMissing
    if message.kind == c.KIND_REFERRAL:
        _check_referral(message)
    else:
        _check_follow_up(message)


def _check_referral(message: Message) -> None:
    if not (message.needs and message.languages and message.channels and message.eyes):
        raise Malformed
    if (message.eyes == c.EYES_NOBODY) != (message.box is None):
        raise Malformed


def _check_follow_up(message: Message) -> None:
    if message.languages or message.eyes or message.box:
        raise Malformed
    empty = Message(kind=c.KIND_FOLLOW_UP, consent=message.consent)
    if message == empty:
        raise Malformed


def _people(count: int) -> int:
    if not 1 <= count <= c.PEOPLE:
        raise Malformed
    return count


class _Codec(NamedTuple):
    """How one field is written and read; both refuse what breaks its rule."""

    name: str
    write: Callable[[Any], bytes]
    read: Callable[[bytes], Any]


def _ids(name: str, at_most: int) -> _Codec:
    return _Codec(
        name, partial(fields.from_ids, at_most=at_most), partial(fields.to_ids, at_most=at_most)
    )


def _id(name: str) -> _Codec:
    return _Codec(name, fields.from_id, fields.to_id)


def _text(name: str, at_most: int) -> _Codec:
    return _Codec(
        name, partial(fields.from_text, at_most=at_most), partial(fields.to_text, at_most=at_most)
    )


_CODECS: Final = {
    # 0, no answer, is read as such, so that a missing and a wrong yes are refused alike.
    c.FIELD_CONSENT: _Codec("consent", u16, partial(fields.to_number, size=c.U16_BYTES)),
    c.FIELD_NEEDS: _ids("needs", c.NEEDS),
    c.FIELD_LANGUAGES: _ids("languages", c.LANGUAGES),
    c.FIELD_REGION: _id("region"),
    c.FIELD_PEOPLE: _Codec(
        "people",
        lambda count: u8(_people(count)),
        lambda value: _people(fields.to_number(value, 1)),
    ),
    c.FIELD_WHO: _ids("who", c.WHO),
    c.FIELD_CHILDREN: _ids("children", c.CHILDREN),
    c.FIELD_SOON: _id("soon"),
    c.FIELD_CHANNELS: _ids("channels", c.CHANNELS),
    c.FIELD_HOURS: _ids("hours", c.HOURS),
    c.FIELD_NEVER: _ids("never", c.NEVER),
    c.FIELD_CONTACT: _text("contact", c.CONTACT_BYTES),
    c.FIELD_SAFE_WORD: _text("safe_word", c.SAFE_WORD_BYTES),
    c.FIELD_PEER: _id("peer"),
    c.FIELD_WISHES: _ids("wishes", c.WISHES),
    c.FIELD_EYES: _id("eyes"),
    c.FIELD_BOX: _Codec("box", BoxKeys.encode, BoxKeys.decode),
    c.FIELD_TEXT: _text("text", c.TEXT_BYTES),
}
