"""No secret in any text that an object or a refusal makes of itself."""

from __future__ import annotations

import base64
import dataclasses
import importlib
import inspect
import pkgutil
import re
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import crypto
import crypto.client
import crypto.public
from crypto import encoding, fields
from crypto.client import (
    aead,
    answers,
    application,
    box,
    code_text,
    codes,
    envelope,
    hpke,
    member_file,
    message,
    passphrase,
    vetting_entries,
    walk_in,
)
from crypto.client.code_text import Kind
from crypto.errors import Refused
from crypto.public import profile, tokens, work
from tests.crypto.streams import Stream, flipped

STREAM = Stream("secrets")
SECRET = b"\xa7K" + STREAM(30)
CODE = SECRET[:10]
TEXT = "meet me behind the laundry"
PUBLIC, NETWORK = STREAM(32), STREAM(32)

# What objects of `crypto.client` may show of themselves: nothing that opens, proves or says who.
SHOWN = {
    "how", "kind", "locator", "binding", "box_id", "network_id", "member_id", "organisation_key",
    "ed25519_public_key", "role", "since", "state", "batch", "first", "last",
    "last_epoch", "forget_after", "generation", "policy", "newest", "suspensions", "suspended",
    "today", "day", "statement", "profile", "inclusion", "checkpoint", "witnessed", "until", "week",
    "field", "work_bits", "capacity", "index", "application_id", "what", "criterion", "count",
}  # fmt: skip
# And what those of `crypto.public` may not: nearly all that they hold is public.
HIDDEN = re.compile(r"seed|secret|private|input|client|phrase|word")


def _modules(package: Any) -> Iterator[Any]:
    for found in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package.__name__}.{found.name}")  # noqa: TID251


def _classes(package: Any) -> list[type]:
    return [
        value
        for module in _modules(package)
        for value in vars(module).values()
        if inspect.isclass(value) and value.__module__ == module.__name__
    ]


def _texts(value: object) -> str:
    return "\n".join((repr(value), str(value), f"{value}", ascii(value), repr([value])))


def _shown(cls: type) -> set[str]:
    """The names of the fields that an object of a dataclass shows in any of its texts."""
    made: object = object.__new__(cls)
    marks = {field.name: f"<mark of {field.name}>" for field in dataclasses.fields(cls)}
    for name, mark in marks.items():
        object.__setattr__(made, name, mark.encode())
    return {name for name, mark in marks.items() if mark in _texts(made)}


DATACLASSES = [c for c in _classes(crypto.client) if dataclasses.is_dataclass(c)]
PUBLIC_DATACLASSES = [c for c in _classes(crypto.public) if dataclasses.is_dataclass(c)]


@pytest.mark.parametrize("cls", DATACLASSES)
def test_P5_P6_T2_objects_of_devices_show_only_what_is_listed(cls: type) -> None:
    """An object that a program prints, logs or crashes with shows no key, text, answer or need."""
    assert _shown(cls) <= SHOWN


@pytest.mark.parametrize("cls", PUBLIC_DATACLASSES)
def test_P5_T2_objects_of_the_server_show_nothing_secret(cls: type) -> None:
    """Neither a seed nor an unblinded input stands in what an object says of itself."""
    assert not [name for name in _shown(cls) if HIDDEN.search(name)]


def test_the_lists_above_are_in_use() -> None:
    """The search for objects finds them, and no name is listed that nothing shows any more."""
    assert {"CodeKeys", "Message", "Answer", "SeedEntry"} <= {c.__name__ for c in DATACLASSES}
    assert {"Draw", "Signer"} <= {c.__name__ for c in PUBLIC_DATACLASSES}
    assert {name for cls in DATACLASSES for name in _shown(cls)} == SHOWN


def _forms(secret: bytes) -> set[str]:
    """How a secret may stand in a text: escaped, in hexadecimal, base64 or numbers."""
    forms = {secret.hex(), secret.hex().upper(), secret.hex(" "), repr(secret)[2:-1]}
    forms |= {base64.b64encode(secret).decode().rstrip("="), str(list(secret))[1:-1]}
    forms |= {base64.urlsafe_b64encode(secret).decode().rstrip("="), str(int.from_bytes(secret))}
    return forms


def _assert_absent(text: str) -> None:
    for secret in (SECRET, SECRET[:16], CODE, SECRET[:8]):
        assert not [form for form in _forms(secret) if form in text]
    for written in (TEXT, code_text.symbols(CODE, Kind.CODE), code_text.digits(CODE, Kind.CODE)):
        assert written not in text


BOX = message.BoxKeys(PUBLIC[:16], SECRET, SECRET, SECRET)
MESSAGE = message.Message(
    consent=1, needs=(17,), languages=(1,), channels=(1,), eyes=2, contact=TEXT, text=TEXT, box=BOX
)
CONTEXT = envelope.for_code(NETWORK, PUBLIC[:16], SECRET)
KEY = hpke.PrivateKey(SECRET)
ISSUER = tokens.Issuer(SECRET, NETWORK, 7)
DRAW = tokens.draw(1, random=lambda size: SECRET[:size])
ANSWER = ISSUER.issue(DRAW.request)
PLACE: dict[str, Any] = {"network_id": NETWORK, "box_id": PUBLIC[:16], "box_key": SECRET, "slot": 3}

OBJECTS = [
    codes.CodeKeys(PUBLIC[:16], SECRET, SECRET, SECRET, SECRET),
    codes.ReceiptKeys(PUBLIC[:16], SECRET, SECRET, SECRET, SECRET),
    code_text.Typed(CODE, "exact"), BOX, MESSAGE, CONTEXT, KEY, ISSUER, DRAW,
    answers.Answer(state=3, epoch=1, text=TEXT, signature=SECRET * 2),
    application.reading_keys(SECRET, NETWORK),
    application.Answer(criterion=2, kind=1, epoch=1, text=TEXT),
    vetting_entries.Entry(author=PUBLIC, epoch=1, kind=1, text=TEXT),
    vetting_entries.Reply(kind=1, text=TEXT),
    encoding.Reader(SECRET), hpke.PublicKey(KEY.public),
    member_file.new_member(
        network_id=NETWORK, organisation_key=PUBLIC, random=lambda n: (PUBLIC + SECRET)[-n:]
    ),
]  # fmt: skip


@pytest.mark.parametrize("value", OBJECTS, ids=lambda value: type(value).__name__)
def test_P1_P6_T2_no_object_shows_a_true_secret(value: object) -> None:
    """Made with true secrets, no object shows one in any of the usual forms."""
    _assert_absent(_texts(value))
    _assert_absent(_texts([{"in": (value,)}]))


def _other(data: bytes) -> bytes:
    return flipped(data, len(data) - 1)


def _sealed_envelope() -> bytes:
    return envelope.seal(message.encode(MESSAGE), KEY.public, CONTEXT, random=STREAM)


def _sealed_answer() -> bytes:
    answer = answers.Answer(state=3, epoch=1, text=TEXT)
    return box.seal_answer(answer, random=STREAM, organisation_seed=SECRET, **PLACE)


REFUSALS: dict[str, Callable[[], object]] = {
    "code mistyped": lambda: code_text.read(code_text.symbols(CODE, Kind.CODE)[1:], Kind.CODE),
    "digits mistyped": lambda: code_text.read(code_text.digits(CODE, Kind.CODE) + "1", Kind.CODE),
    "wrong kind": lambda: code_text.read(code_text.symbols(CODE, Kind.CODE), Kind.RECEIPT),
    "code too long": lambda: codes.code_keys(SECRET, NETWORK),
    "word too long": lambda: codes.receipt_keys(CODE, TEXT * 3, NETWORK),
    "word with half a character": lambda: codes.receipt_keys(CODE, TEXT + "\ud800", NETWORK),
    "text with half a character": lambda: fields.from_text(TEXT + "\ud800", 99),
    "text with controls": lambda: fields.from_text(TEXT + "\0", 99),
    "text not UTF-8": lambda: encoding.text(TEXT.encode() + SECRET),
    "not base64": lambda: encoding.unb64(TEXT + base64.b64encode(SECRET).decode()),
    "spare bits": lambda: encoding.unb64(base64.b64encode(SECRET).decode()[:-2] + "B="),
    "number too large": lambda: encoding.u64(int.from_bytes(SECRET)),
    "value too long": lambda: encoding.lp(SECRET * 3000),
    "padding": lambda: encoding.Reader(SECRET).zeros_to_end(),
    "no consent": lambda: message.encode(message.Message(text=TEXT)),
    "contact too long": lambda: message.encode(dataclasses.replace(MESSAGE, contact=TEXT * 10)),
    "no message": lambda: message.decode(b"\1\1\0\x20" + SECRET + bytes(4060), 1),
    "message cut": lambda: message.decode(message.encode(MESSAGE)[:-1], 1),
    "envelope": lambda: envelope.open_(_other(_sealed_envelope()), KEY, CONTEXT),
    "psk": lambda: envelope.open_(
        _sealed_envelope(), SECRET, dataclasses.replace(CONTEXT, inner_key=_other(SECRET))
    ),
    "seed": lambda: envelope.open_(_sealed_envelope(), _other(SECRET), CONTEXT),
    "seed cut": lambda: hpke.load_private(SECRET[1:]),
    "no public key": lambda: hpke.load_public(SECRET * 38),
    "walk-in": lambda: walk_in.open_with_any(_sealed_envelope(), [KEY], NETWORK),
    "aead": lambda: aead.open_(SECRET, nonce=SECRET[:24], aad=SECRET, ciphertext=SECRET),
    "slot": lambda: box.open_answer(SECRET * 128, organisation=SECRET, **PLACE),
    "answer": lambda: box.seal_answer(
        answers.Answer(state=1, epoch=1, text=TEXT),
        random=STREAM,
        organisation_seed=SECRET,
        **PLACE,
    ),
    "answer's signer": lambda: box.open_answer(_sealed_answer(), organisation=PUBLIC[:32], **PLACE),
    "vetting entry": lambda: vetting_entries.open_reply(
        SECRET * 64, application.reading_keys(SECRET, NETWORK)
    ),
    "passphrase": lambda: passphrase.stretch(TEXT + "\ud800", SECRET[:16]),
    "member file": lambda: member_file.open_member_file((b"\1" + SECRET * 7)[:201], TEXT),
    "profile": lambda: profile.decode(SECRET),
    "work": lambda: work.check(work.task(NETWORK, 1, bytes(5273), 28), SECRET[:8]),
    "token": lambda: ISSUER.redeem(SECRET * 3),
    "elements": lambda: ISSUER.issue(SECRET),
    "proof": lambda: DRAW.finalize(_other(ANSWER), ISSUER.public_key),
    "panic": lambda: DRAW.finalize(flipped(ANSWER, 0), ISSUER.public_key),
}


@pytest.mark.parametrize("call", REFUSALS.values(), ids=list(REFUSALS))
def test_P1_P5_T2_a_refusal_says_its_category_and_nothing_else(call: Callable[[], object]) -> None:
    """Message, arguments, notes and what is printed of its causes hold nothing of the input."""
    with pytest.raises(Refused) as caught:
        call()
    refusal = caught.value
    assert refusal.args == (type(refusal).__doc__,)
    assert not vars(refusal)
    assert refusal.__cause__ is None
    assert refusal.__context__ is None or refusal.__suppress_context__
    _assert_absent("".join(traceback.format_exception(refusal)) + _texts(refusal))


def test_the_search_for_secrets_finds_them() -> None:
    """Each form that a secret may have in a text is noticed."""
    for form in (*_forms(SECRET), *_forms(CODE), repr(SECRET), TEXT, repr(MESSAGE.text)):
        with pytest.raises(AssertionError):
            _assert_absent(f"before {form} after")
