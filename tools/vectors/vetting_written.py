"""What admins write to one another, and the reply to an applicant (vetting.md, 4 and 5)."""

from __future__ import annotations

from typing import Any

from tools.vectors import wire
from tools.vectors.applications import NAME, application
from tools.vectors.notes import Signer, note, signed, statement
from tools.vectors.people import (
    ASHA,
    BERIT,
    CARLA,
    DORA,
    LATER,
    NETWORK_ID,
    ORGANISATION,
    OTHER_NETWORK_ID,
    POLICY,
    PROFILE,
    STRANGER,
    TODAY,
)
from tools.vectors.scenario import Scenarios, maker, utf8
from tools.vectors.vetting_keys import admin_key, application_keys, reading_seed
from tools.vectors.vetting_keys import cover as reply_cover
from tools.vectors.vetting_sealed import key_part

_seal = maker("seal_vetting_entry", "vetting.md 4")
_open = maker("open_vetting_entry", "vetting.md 4")
_hand = maker("hand_on_application", "vetting.md 4")
_take = maker("open_handed_on", "vetting.md 4")
_reply = maker("seal_application_reply", "vetting.md 5")
_read = maker("open_application_reply", "vetting.md 5")

KEYS = application_keys()
NONCE = wire.draw("entry nonce", 24)
ENTRY_BYTES, PLAIN_BYTES, REPLY_PLAIN_BYTES = 2_560, 2_519, 2_008
NOTE, MARK, SIGNATURE, DECLINE = 1, 2, 3, 4
TEXT = statement(
    NETWORK_ID, ORGANISATION, PROFILE, first=TODAY, until=TODAY + 90, name=NAME, serial=1
)
LINE = signed(TEXT, ASHA).encode()
ENDED = statement(
    NETWORK_ID, ORGANISATION, PROFILE, first=TODAY, until=TODAY + 90, name=NAME, kind="suspended"
)
ELSEWHERE = statement(
    OTHER_NETWORK_ID, ORGANISATION, PROFILE, first=TODAY, until=TODAY + 90, name=NAME
)
LISTING = application()


def _mark(criterion: int = 2, state: int = 1, text: bytes = b"Accounts of 2025, page 4.") -> bytes:
    return wire.u8(criterion) + wire.u8(state) + text


def entry(
    kind: int = NOTE,
    body: bytes = b"They answer the phone.",
    *,
    number: int = 0,
    author: Signer = ASHA,
    version: bytes = wire.VERSION,
    by: Signer | None = None,
    label: str = "vetting-entry-signed",
    signed_number: int | None = None,
    sealed_number: int | None = None,
    after: bytes = b"",
    form: bytes = b"\x01",
) -> bytes:
    """vetting.md, 4, form 1; right or wrong, signed and sealed all the same."""
    said = (author.public, wire.u32(TODAY), wire.u8(kind))
    place = (NETWORK_ID, KEYS["id"], wire.u16(number if signed_number is None else signed_number))
    signature = wire.sign((by or author).seed, wire.frame(label, *place, *said, body))
    plain = version + b"".join(said) + wire.lp(body) + signature + after
    key = wire.kdf(KEYS["content_key"], "vetting-entry-key", 32, NETWORK_ID)
    shown = wire.u16(number if sealed_number is None else sealed_number)
    aad = wire.frame("vetting-entry", wire.SUITE, NETWORK_ID, KEYS["id"], shown)
    return form + NONCE + wire.seal_aead(key, NONCE, aad, wire.pad(plain, PLAIN_BYTES))


def handed_on(admin: Signer = DORA, **changed: Any) -> bytes:
    """vetting.md, 4, form 2."""
    return wire.pad(b"\x02" + key_part(admin, **changed), ENTRY_BYTES)


def reply(
    kind: int = 1, text: bytes = b"", version: bytes = wire.VERSION, after: bytes = b""
) -> bytes:
    """vetting.md, 5."""
    said = version + wire.u8(kind) + wire.lp(text) + after
    aad = wire.frame("application-answer", wire.SUITE, NETWORK_ID, KEYS["id"])
    padded = wire.pad(said, REPLY_PLAIN_BYTES)
    return NONCE + wire.seal_aead(KEYS["reply_key"], NONCE, aad, padded)


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _sealed()
    yield from _not_sealed()
    yield from _opened()
    yield from _not_opened()
    yield from _handed()
    yield from _replied()
    yield from _replies_read()


def _place() -> dict[str, Any]:
    held = {name: KEYS[name] for name in ("id", "content_key")}
    return {"network_id": NETWORK_ID, **held}


def _entry(kind: int, **parts: Any) -> dict[str, Any]:
    return {"epoch": TODAY, "kind": kind, **parts}


def _kinds() -> dict[str, tuple[str, dict[str, Any], int, bytes]]:
    marked = {"criterion": 2, "text": "Accounts of 2025, page 4."}
    return {
        "note": ("A note.", _entry(NOTE, text="They answer\nthe phone."), NOTE,
                 b"They answer\nthe phone."),
        "met": ("A mark: met.", _entry(MARK, state=1, **marked), MARK, _mark()),
        "taken_back": (
            "A mark taken back, without a word.",
            _entry(MARK, state=4, criterion=16, text=""),
            MARK,
            _mark(16, 4, b""),
        ),
        "longest_mark": (
            "1,500 bytes of a mark.",
            _entry(MARK, state=2, criterion=7, text="\u00e9" * 750),
            MARK,
            _mark(7, 2, ("\u00e9" * 750).encode()),
        ),
        "longest_note": (
            "2,000 bytes of a note.",
            _entry(NOTE, text="n" * 2_000),
            NOTE,
            b"n" * 2_000,
        ),
        "signature": ("A signature.", _entry(SIGNATURE, note=LINE), SIGNATURE, LINE),
        "decline": (
            "The reason for a no.",
            _entry(DECLINE, text="V2 is not met."),
            DECLINE,
            b"V2 is not met.",
        ),
    }  # fmt: skip


def _sealing(said: dict[str, Any], number: int = 3, author: Signer = ASHA) -> dict[str, Any]:
    return {**_place(), "author_seed": author.seed, "n": number, "entry": said, "nonce": NONCE}


def _sealed() -> Scenarios:
    for name, (comment, said, kind, body) in _kinds().items():
        made = entry(kind, body, number=3)
        yield _seal(f"vetting_entry_seal_{name}", comment, _sealing(said), output={"entry": made})
    again = entry(MARK, _mark(), number=4)
    yield _seal(
        "vetting_entry_seal_next_number",
        "Somebody else wrote number 3 first: the same is signed and sealed again as 4.",
        _sealing(_kinds()["met"][1], 4),
        output={"entry": again},
    )


def _not_sealed() -> Scenarios:
    two = note(TEXT, ASHA.line(TEXT), BERIT.line(TEXT)).encode()
    rows: dict[str, tuple[str, str, dict[str, Any]]] = {
        "note_long": ("TooLong", "2,001 bytes.", _entry(NOTE, text="n" * 2_001)),
        "mark_long": (
            "TooLong",
            "1,501 bytes.",
            _entry(MARK, criterion=1, state=1, text="n" * 1_501),
        ),
        "decline_long": ("TooLong", "2,001 bytes.", _entry(DECLINE, text="n" * 2_001)),
        "note_empty": ("Malformed", "Nothing.", _entry(NOTE, text="")),
        "decline_empty": ("Malformed", "No reason.", _entry(DECLINE, text="")),
        "note_control": ("Malformed", "A tab.", _entry(NOTE, text="a\tb")),
        "note_turned": ("Malformed", "A text that turns.", _entry(NOTE, text="a\u202eb")),
        "kind_0": ("Malformed", "No kind.", _entry(0, text="a")),
        "kind_5": ("Malformed", "No kind.", _entry(5, text="a")),
        "state_0": ("Malformed", "No state.", _entry(MARK, criterion=1, state=0, text="")),
        "state_5": ("Malformed", "No state.", _entry(MARK, criterion=1, state=5, text="")),
        "criterion_0": ("Malformed", "No V0.", _entry(MARK, criterion=0, state=1, text="")),
        "criterion_17": ("Malformed", "No V17.", _entry(MARK, criterion=17, state=1, text="")),
        "mark_in_note": ("Malformed", "A note with a state.", _entry(NOTE, text="a", state=1)),
        "signature_none": ("Malformed", "No line.", _entry(SIGNATURE, note=TEXT.encode())),
        "signature_two": ("Malformed", "Two lines.", _entry(SIGNATURE, note=two)),
        "signature_text": (
            "Malformed",
            "A text beside a signature.",
            _entry(SIGNATURE, note=LINE, text="a"),
        ),
    }
    for name, (expect, comment, said) in rows.items():
        yield _seal(f"vetting_entry_seal_{name}", comment, _sealing(said), expect)
    met = _kinds()["met"][1]
    yield _seal("vetting_entry_seal_number", "65,536.", _sealing(met, 65_536), "Malformed")
    short = {**_sealing(met), "content_key": KEYS["content_key"][:31]}
    yield _seal("vetting_entry_seal_key_short", "31 bytes.", short, "Malformed")


def _opening(sealed: bytes, number: int = 3, policy: str = POLICY.text, **changed: Any) -> Any:
    return {**_place(), "entry": sealed, "n": number, "policy": utf8(policy), **changed}


def _opened() -> Scenarios:
    for name, (comment, said, kind, body) in _kinds().items():
        yield _open(
            f"vetting_entry_open_{name}",
            comment,
            _opening(entry(kind, body, number=3)),
            output={"author": ASHA.public, **said},
        )
    yield _open(
        "vetting_entry_open_former",
        "What an admin wrote who has left since then stays readable.",
        _opening(entry(author=CARLA), 0, LATER.text),
        output={"author": CARLA.public, **_entry(NOTE, text="They answer the phone.")},
    )


def _not_opened() -> Scenarios:
    good = entry(number=3)
    mark: dict[str, Any] = {"kind": MARK, "number": 3}
    line: dict[str, Any] = {"kind": SIGNATURE, "number": 3}
    two = note(TEXT, ASHA.line(TEXT), BERIT.line(TEXT)).encode()
    bent = wire.flip(LINE, LINE.index(b"name ") + 5)
    rows: dict[str, tuple[str, str, dict[str, Any]]] = {
        "empty": ("Malformed", "Nothing.", _opening(b"")),
        "cut": ("Malformed", "2,559 bytes.", _opening(good[:-1])),
        "appended": ("Malformed", "2,561 bytes.", _opening(good + b"\x00")),
        "form_0": ("Unsupported", "No form.", _opening(entry(number=3, form=b"\x00"))),
        "form_3": ("Unsupported", "No form yet.", _opening(entry(number=3, form=b"\x03"))),
        "handed_on": (
            "Unsupported",
            "For one more admin: not to be read so.",
            _opening(handed_on()),
        ),
        "flipped": ("CannotOpen", "The last bit.", _opening(wire.flip(good, 2_559))),
        "nonce": ("CannotOpen", "A bit of the nonce.", _opening(wire.flip(good, 1))),
        "moved": ("CannotOpen", "Shown as number 4.", _opening(good, 4)),
        "content_key": (
            "CannotOpen",
            "Another application's key.",
            _opening(good, content_key=KEYS["reply_key"]),
        ),
        "id": ("CannotOpen", "Under another application.", _opening(good, id=bytes(16))),
        "network": ("CannotOpen", "Elsewhere.", _opening(good, network_id=OTHER_NETWORK_ID)),
        "version_2": ("Unsupported", "Version 2.", _opening(entry(number=3, version=b"\x02"))),
        "padding": ("Malformed", "Not zero.", _opening(entry(number=3, after=b"\x00\x01"))),
        "kind_0": ("Malformed", "No kind.", _opening(entry(0, number=3))),
        "kind_5": ("Malformed", "No kind.", _opening(entry(5, number=3))),
        "note_empty": ("Malformed", "An empty note.", _opening(entry(NOTE, b"", number=3))),
        "note_long": ("Malformed", "2,001 bytes.", _opening(entry(NOTE, b"n" * 2_001, number=3))),
        "note_utf8": ("Malformed", "No UTF-8.", _opening(entry(NOTE, b"\xff", number=3))),
        "note_control": ("Malformed", "A bell.", _opening(entry(NOTE, b"\x07", number=3))),
        "decline_empty": ("Malformed", "No reason.", _opening(entry(DECLINE, b"", number=3))),
        "mark_short": ("Malformed", "A mark of one byte.", _opening(entry(body=b"\x02", **mark))),
        "mark_long": (
            "Malformed",
            "1,501 bytes.",
            _opening(entry(body=_mark(text=b"n" * 1_501), **mark)),
        ),
        "criterion_0": ("Malformed", "No V0.", _opening(entry(body=_mark(0), **mark))),
        "criterion_17": ("Malformed", "No V17.", _opening(entry(body=_mark(17), **mark))),
        "state_0": ("Malformed", "No state.", _opening(entry(body=_mark(state=0), **mark))),
        "state_5": ("Malformed", "No state.", _opening(entry(body=_mark(state=5), **mark))),
        "mark_invisible": (
            "Malformed",
            "What can't be seen.",
            _opening(entry(body=_mark(text="a\u200bb".encode()), **mark)),
        ),
        "signature_two": ("Malformed", "Two lines.", _opening(entry(body=two, **line))),
        "signature_none": ("Malformed", "No line.", _opening(entry(body=TEXT.encode(), **line))),
        "signature_no_statement": (
            "Malformed",
            "A line under something else.",
            _opening(entry(body=signed(POLICY.text, ASHA).encode(), **line)),
        ),
        "signature_suspends": (
            "Malformed",
            "A suspension needs no second admin and is not agreed on here.",
            _opening(entry(body=signed(ENDED, ASHA).encode(), **line)),
        ),
        "signature_elsewhere": (
            "WrongNetwork",
            "A statement of another network.",
            _opening(entry(body=signed(ELSEWHERE, ASHA).encode(), **line)),
        ),
        "signature_of_another": (
            "BadSignature",
            "Another admin's line under her own name.",
            _opening(entry(body=signed(TEXT, BERIT).encode(), **line)),
        ),
        "signature_bent": (
            "BadSignature",
            "A line under another text.",
            _opening(entry(body=bent, **line)),
        ),
        "stranger": ("BadSignature", "By no admin.", _opening(entry(number=3, author=STRANGER))),
        "not_yet": (
            "BadSignature",
            "By somebody who becomes an admin later.",
            _opening(entry(number=3, author=DORA)),
        ),
        "of_another": ("BadSignature", "Signed by another.", _opening(entry(number=3, by=BERIT))),
        "other_label": (
            "BadSignature",
            "Signed as something else.",
            _opening(entry(number=3, label="answer")),
        ),
        "signed_number": (
            "BadSignature",
            "Written as number 2, and sealed again as 3 by somebody else.",
            _opening(entry(number=3, signed_number=2)),
        ),
        "stranger_malformed": (
            "Malformed",
            "By no admin, and empty: form is looked at first.",
            _opening(entry(NOTE, b"", number=3, author=STRANGER)),
        ),
    }
    for name, (expect, comment, inputs) in rows.items():
        yield _open(f"vetting_entry_refused_{name}", comment, inputs, expect)


def _handing(**changed: Any) -> dict[str, Any]:
    eseed = wire.draw(f"application encapsulation to {DORA.name}", wire.ESEED_BYTES)
    given = {**_place(), "reply_key": KEYS["reply_key"], "admin_key": admin_key(DORA)}
    return {**given, "policy": utf8(LATER.text), "eseed": eseed, **changed}


def _taking(sealed: bytes, admin: Signer = DORA, **changed: Any) -> dict[str, Any]:
    place = {"network_id": NETWORK_ID, "id": KEYS["id"], "reading_seed": reading_seed(admin)}
    return {"entry": sealed, **place, **changed}


def _handed() -> Scenarios:
    yield _hand(
        "application_hand_on",
        "An admin who joined later can read from now on.",
        _handing(),
        output={"entry": handed_on()},
    )
    rows: dict[str, tuple[str, str, dict[str, Any]]] = {
        "former": ("BadSignature", "She has left.", {"admin_key": admin_key(CARLA)}),
        "stranger": ("BadSignature", "She is no admin.", {"admin_key": admin_key(STRANGER)}),
        "not_yet": ("BadSignature", "She is none yet.", {"policy": utf8(POLICY.text)}),
        "flipped": ("BadSignature", "Changed.", {"admin_key": wire.flip(admin_key(DORA), 99)}),
    }
    for name, (expect, comment, changed) in rows.items():
        yield _hand(f"application_hand_on_{name}", comment, _handing(**changed), expect)
    good = handed_on()
    yield _take(
        "application_handed_on",
        "She opens what was sealed to her.",
        _taking(good),
        output={name: KEYS[name] for name in ("content_key", "reply_key")},
    )
    refused: dict[str, tuple[str, str, dict[str, Any]]] = {
        "cut": ("Malformed", "2,559 bytes.", _taking(good[:-1])),
        "padding": ("Malformed", "Not zero.", _taking(wire.flip(good, 2_559))),
        "form_1": ("Unsupported", "An entry like others.", _taking(entry())),
        "not_hers": ("CannotOpen", "Another admin's.", _taking(good, ASHA)),
        "renamed": (
            "CannotOpen",
            "Under her name stands what is sealed to another.",
            _taking(handed_on(ASHA, named=good[1:17])),
        ),
        "flipped": ("CannotOpen", "A bit.", _taking(wire.flip(good, 1_216))),
        "id": ("CannotOpen", "Under another application.", _taking(good, id=bytes(16))),
        "network": ("CannotOpen", "Elsewhere.", _taking(good, network_id=OTHER_NETWORK_ID)),
    }
    for name, (expect, comment, inputs) in refused.items():
        yield _take(f"application_handed_on_{name}", comment, inputs, expect)


def _answering(**changed: Any) -> dict[str, Any]:
    place = {"network_id": NETWORK_ID, "id": KEYS["id"], "reply_key": KEYS["reply_key"]}
    return {**place, "kind": 1, "text": "V2 is not met.", "nonce": NONCE, **changed}


def _replied() -> Scenarios:
    for name, kind, text in (
        ("declined", 1, "V2 is not met."),
        ("question", 2, "\u00e9" * 900),
        ("listed", 3, ""),
    ):
        yield _reply(
            f"application_reply_seal_{name}",
            "What an applicant is told.",
            _answering(kind=kind, text=text),
            output={"reply": reply(kind, text.encode())},
        )
    rows: dict[str, tuple[str, dict[str, Any]]] = {
        "long": ("TooLong", {"text": "a" * 1_801}),
        "kind_0": ("Malformed", {"kind": 0}),
        "kind_4": ("Malformed", {"kind": 4}),
        "control": ("Malformed", {"text": "a\tb"}),
        "turned": ("Malformed", {"text": "a\u202eb"}),
        "key_short": ("Malformed", {"reply_key": KEYS["reply_key"][:31]}),
    }
    for name, (expect, changed) in rows.items():
        inputs = _answering(**changed)
        yield _reply(f"application_reply_seal_{name}", "It can't be said.", inputs, expect)


def _reading(sealed: bytes, **changed: Any) -> dict[str, Any]:
    place = {"network_id": NETWORK_ID, "id": KEYS["id"], "reply_key": KEYS["reply_key"]}
    return {"reply": sealed, **place, **changed}


def _replies_read() -> Scenarios:
    good = reply(1, b"V2 is not met.")
    yield _read(
        "application_reply_open",
        "Declined, with its reason.",
        _reading(good),
        output={"kind": 1, "text": "V2 is not met."},
    )
    rows: dict[str, tuple[str, str, dict[str, Any]]] = {
        "cover": ("CannotOpen", "Nobody has replied yet.", _reading(reply_cover())),
        "flipped": ("CannotOpen", "A bit.", _reading(wire.flip(good, 2_047))),
        "id": ("CannotOpen", "To another application.", _reading(good, id=bytes(16))),
        "network": ("CannotOpen", "Elsewhere.", _reading(good, network_id=OTHER_NETWORK_ID)),
        "content_key": (
            "CannotOpen",
            "What admins read is under another key.",
            _reading(good, reply_key=KEYS["content_key"]),
        ),
        "cut": ("Malformed", "2,047 bytes.", _reading(good[:-1])),
        "appended": ("Malformed", "2,049 bytes.", _reading(good + b"\x00")),
        "version_2": ("Unsupported", "Version 2.", _reading(reply(version=b"\x02"))),
        "kind_0": ("Malformed", "No kind.", _reading(reply(0))),
        "kind_4": ("Malformed", "No kind.", _reading(reply(4))),
        "long": ("Malformed", "1,801 bytes.", _reading(reply(1, b"a" * 1_801))),
        "utf8": ("Malformed", "No UTF-8.", _reading(reply(1, b"\xff"))),
        "turned": ("Malformed", "A text that turns.", _reading(reply(1, "a\u202eb".encode()))),
        "padding": ("Malformed", "Not zero.", _reading(reply(after=b"\x01"))),
    }
    for name, (expect, comment, inputs) in rows.items():
        yield _read(f"application_reply_open_{name}", comment, inputs, expect)
