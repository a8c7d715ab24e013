"""The referral and the follow-up: coded choices and optional text, padded to one size.

There is no field for a name, birth date, status, ethnicity or employer, and none may be added
(R1). Ids are numbers here; what they mean stands in `words`.

Source: docs/spec/envelope.md, sections 4 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crypto import constants as c
from crypto import fields
from crypto.client.codes import ReceiptKeys
from crypto.encoding import Reader, lp, pad, u8, u16
from crypto.errors import ConsentMissing, Malformed, Unsupported

_CONSENTS = (c.CONSENT_PERSON, c.CONSENT_SELF)
_KINDS = (c.KIND_REFERRAL, c.KIND_FOLLOW_UP)

# Field id, attribute and most ids, of every field that is a list of ids.
_LISTS = (
    (c.FIELD_NEEDS, "needs", c.NEEDS),
    (c.FIELD_LANGUAGES, "languages", c.LANGUAGES),
    (c.FIELD_WHO, "who", c.WHO),
    (c.FIELD_CHILDREN, "children", c.CHILDREN),
    (c.FIELD_CHANNELS, "channels", c.CHANNELS),
    (c.FIELD_HOURS, "hours", c.HOURS),
    (c.FIELD_NEVER, "never", c.NEVER),
    (c.FIELD_WISHES, "wishes", c.WISHES),
)
_SINGLES = (
    (c.FIELD_REGION, "region"),
    (c.FIELD_SOON, "soon"),
    (c.FIELD_PEER, "peer"),
    (c.FIELD_EYES, "eyes"),
)
_TEXTS = (
    (c.FIELD_CONTACT, "contact", c.CONTACT_BYTES),
    (c.FIELD_SAFE_WORD, "safe_word", c.SAFE_WORD_BYTES),
    (c.FIELD_TEXT, "text", c.TEXT_BYTES),
)
_KNOWN = frozenset(range(c.FIELD_CONSENT, c.FIELD_TEXT + 1))


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
    run: dict[int, bytes] = {c.FIELD_CONSENT: u16(message.consent)}
    for number, name, at_most in _LISTS:
        if ids := getattr(message, name):
            run[number] = fields.from_ids(ids, at_most)
    for number, name in _SINGLES:
        if one := getattr(message, name):
            run[number] = fields.from_ids((one,), 1)
    for number, name, at_most in _TEXTS:
        if written := getattr(message, name):
            run[number] = fields.from_text(written, at_most)
    if message.people:
        run[c.FIELD_PEOPLE] = u8(_people(message.people))
    if message.box:
        run[c.FIELD_BOX] = message.box.encode()
    return _with_unknown(run, message.unknown)


def decode_body(kind: int, body: bytes) -> Message:
    """Decode the fields of a message of a kind (1 referral, 2 follow-up); refuses as `decode`."""
    run = fields.decode(body)
    values: dict[str, Any] = {}
    values |= {name: fields.to_ids(run[n], most) for n, name, most in _LISTS if n in run}
    values |= {name: fields.to_text(run[n], most) for n, name, most in _TEXTS if n in run}
    values |= {name: fields.to_id(run[n]) for n, name in _SINGLES if n in run}
    if c.FIELD_CONSENT in run:
        values["consent"] = fields.to_number(run[c.FIELD_CONSENT], c.U16_BYTES)
    if c.FIELD_PEOPLE in run:
        values["people"] = _people(fields.to_number(run[c.FIELD_PEOPLE], c.U8_BYTES))
    if c.FIELD_BOX in run:
        values["box"] = BoxKeys.decode(run[c.FIELD_BOX])
    message = Message(kind=kind, unknown=fields.unknown(run, _KNOWN), **values)
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


def _with_unknown(run: dict[int, bytes], unknown: tuple[tuple[int, bytes], ...]) -> bytes:
    kept = dict(unknown)
    if len(kept) != len(unknown) or kept.keys() & _KNOWN:
        raise Malformed
    return fields.encode({**run, **kept})
