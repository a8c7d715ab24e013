"""Statements, and the rules of every note (statements.md, 1, 3 and 5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tools.vectors import wire
from tools.vectors.notes import note, signature_line, signed, signer, statement
from tools.vectors.people import (
    ASHA,
    BERIT,
    CARLA,
    DORA,
    LATER,
    LOG,
    NETWORK_ID,
    ORGANISATION,
    OTHER_NETWORK_ID,
    POLICY,
    PROFILE,
    STRANGER,
    TODAY,
    WITNESSES,
)
from tools.vectors.scenario import Scenario, Scenarios, maker, utf8
from tools.vectors.wire import b64

FIRST, UNTIL = TODAY - 10, TODAY + 80
TEXT = statement(NETWORK_ID, ORGANISATION, PROFILE, first=FIRST, until=UNTIL)
NOTE = signed(TEXT, ASHA, BERIT)

_check = maker("check_statement", "statements.md 5")


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _held()
    yield from _signers()
    yield from _days()
    yield from _names()
    yield from _lines()
    yield from _notes()
    yield from _signature_lines()


def _held() -> Scenarios:
    suspended = text(kind="suspended")
    long = text(name="\u00e9" * 48)
    rows = {
        "vetted": (NOTE, "Vetted: k admins say so.", "vetted"),
        "suspended": (signed(suspended, CARLA), "Suspended: one admin is enough.", "suspended"),
        "three_signatures": (signed(TEXT, CARLA, ASHA, BERIT), "More than k, any order.", "vetted"),
        "ninety_days": (_signed(first=TODAY, until=TODAY + 90), "90 days.", "vetted"),
        "highest_serial": (_signed(serial=2**32 - 2), "The highest serial.", "vetted"),
        "name_decomposed": (
            _signed(name="Cafe\u0301"),
            "A name not in NFC: a maker does not write it, a reader takes it.",
            "vetted",
        ),
        "name_joiners": (
            _signed(name="\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
            "A joiner that Persian spelling needs.",
            "vetted",
        ),
        "longest_name": (signed(long, ASHA, BERIT), "A name of 96 bytes.", "vetted"),
        "suspended_for_long": (
            _signed(kind="suspended", until=FIRST + 4000),
            "Only vetting ends after 90 days.",
            "suspended",
        ),
    }
    for name, (given, comment, kind) in rows.items():
        until = int(given.partition("until ")[2].partition("\n")[0])
        yield _check(
            f"statement_{name}",
            comment,
            _inputs(given),
            output={
                "kind": kind,
                "serial": int(given.partition("serial ")[2].partition("\n")[0]),
                "organisation": ORGANISATION,
                "profile": wire.sha256(PROFILE),
                "until": until,
                "name": given.partition("\nname ")[2].partition("\n")[0],
            },
        )


def _signers() -> Scenarios:
    suspended = text(kind="suspended")
    rows = {
        "one_signature": ("TooFewSignatures", "One of two.", signed(TEXT, ASHA)),
        "stranger": ("BadSignature", "A stranger beside enough.", signed(TEXT, ASHA, BERIT, DORA)),
        "suspended_by_stranger": ("BadSignature", "A stranger.", signed(suspended, STRANGER)),
        "by_log": ("BadSignature", "The log vets nobody.", signed(TEXT, ASHA, BERIT, LOG)),
        "by_witness": (
            "BadSignature",
            "A cosignature is no admin's signature.",
            note(TEXT, ASHA.line(TEXT), BERIT.line(TEXT), WITNESSES[0].cosign(TEXT, TODAY)),
        ),
        "namesake": (
            "BadSignature",
            "An admin's name with another key.",
            signed(TEXT, ASHA, signer("berit", "namesake")),
        ),
        "text_changed": ("BadSignature", "Changed.", NOTE.replace("Example", "Exemple")),
        "signature_of_other_text": (
            "BadSignature",
            "A signature on another statement.",
            note(TEXT, ASHA.line(TEXT), BERIT.line(suspended)),
        ),
        "other_network": (
            "WrongNetwork",
            "Another network's, by the same admins.",
            _signed(network=b64(OTHER_NETWORK_ID)),
        ),
    }
    for name, (expect, comment, given) in rows.items():
        yield _check(f"statement_{name}", comment, _inputs(given), expect)
    former = _inputs(signed(TEXT, ASHA, CARLA), policy=LATER.text)
    yield _check(
        "statement_former_admin",
        "A former admin's line is checked and counts for nothing.",
        former,
        "TooFewSignatures",
    )
    alone = _inputs(signed(suspended, CARLA), policy=LATER.text)
    yield _check(
        "statement_suspended_by_former_admin",
        "A former admin suspends nobody.",
        alone,
        "TooFewSignatures",
    )


def _days() -> Scenarios:
    rows = {
        "not_yet": ("NotYetValid", "The day before its first.", FIRST - 1),
        "expired": ("Expired", "The day after its last.", UNTIL + 1),
    }
    for name, (expect, comment, today) in rows.items():
        yield _check(f"statement_{name}", comment, _inputs(NOTE, today=today), expect)
    yield _malformed("91_days", "91 days.", _signed(first=TODAY, until=TODAY + 91))
    yield _malformed("ends_before", "It ends before it begins.", _signed(first=9, until=8))


def _names() -> Scenarios:
    rows = {
        "bidi": ("A name that turns the text around it.", "Example \u202eesuoH"),
        "isolate": ("An isolate.", "Example \u2066House\u2069"),
        "byte_order_mark": ("A byte order mark.", "\ufeffExample House"),
        "blank": ("A Hangul filler: nothing to see.", "\u3164"),
        "braille_blank": ("A blank of Braille.", "Example\u2800House"),
        "zero_width": ("A space without width.", "Example\u200bHouse"),
        "variation_selector": ("A variation selector.", "Example\ufe0f House"),
        "tag": ("An invisible tag.", "Example House\U000e0041"),
        "private_use": ("A character without a meaning.", "Example \ue000"),
        "joiner_only": ("A joiner alone.", "\u200d"),
        "no_letter": ("Neither letter nor digit.", "\u2014 ! \u2014"),
        "space_in_front": ("A space in front.", " Example House"),
        "space_behind": ("A space behind.", "Example House\u3000"),
        "line_separator": ("A line separator.", "Example\u2028House"),
        "tab": ("A tab.", "Example\tHouse"),
        "97_bytes": ("97 bytes.", "a" * 97),
        "empty": ("No name.", ""),
    }
    for name, (comment, given) in rows.items():
        yield _malformed(f"name_{name}", comment, _signed(name=given), "statements.md 3")


def _lines() -> Scenarios:
    rows = {
        "kind_unknown": ("A kind that is none.", _signed(kind="trusted")),
        "serial_leading_zero": ("A leading zero.", _signed(serial="07")),
        "serial_negative": ("A negative number.", _signed(serial=-7)),
        "serial_too_large": ("33 bits.", _signed(serial=2**32)),
        "serial_highest_number": ("No list could end it.", _signed(serial=2**32 - 1)),
        "serial_arabic": ("Digits of another script.", _signed(serial="\u0667")),
        "hash_short": ("A hash of 31 bytes.", _signed(profile=b64(bytes(31)))),
        "hash_spare_bits": ("Spare bits that are not zero.", _signed(profile="A" * 42 + "B=")),
        "hash_unpadded": ("Base64 without its padding.", _signed(profile="A" * 43)),
        "hash_url_alphabet": ("The other alphabet.", _signed(profile="-" * 42 + "8=")),
        "line_more": ("A line more.", signed(TEXT + "colour blue\n", ASHA, BERIT)),
        "line_less": ("A line less.", signed(TEXT.replace("serial 7\n", ""), ASHA, BERIT)),
        "policy": ("Another label.", signed(POLICY.text, ASHA, BERIT)),
    }
    for name, (comment, given) in rows.items():
        yield _malformed(name, comment, given, "statements.md 3")


def _notes() -> Scenarios:
    blank = TEXT.replace("serial", "\nserial")
    rows: dict[str, tuple[str, Any]] = {
        "no_signatures": ("A text alone.", utf8(TEXT)),
        "blank_line_only": ("No signature line.", utf8(TEXT + "\n")),
        "no_blank_line": ("No blank line.", utf8(NOTE.replace("\n\n", "\n"))),
        "empty_line": ("An empty line in the text.", utf8(signed(blank, ASHA, BERIT))),
        "blank_line_first": ("An empty line in front.", utf8(signed("\n" + TEXT, ASHA, BERIT))),
        "carriage_returns": ("Other line ends.", utf8(NOTE.replace("\n", "\r\n"))),
        "no_last_line_feed": ("The last line has no end.", utf8(NOTE[:-1])),
        "line_behind": ("Something behind the signatures.", utf8(NOTE + "hello\n")),
        "ill_formed_utf8": ("Ill-formed UTF-8.", NOTE.encode().replace(b"House", b"Hous\xff")),
        "cut_utf8": ("A dash cut short.", NOTE.encode().replace(b"\xe2\x80\x94", b"\xe2\x80", 1)),
        "empty": ("Nothing.", b""),
        "byte_order_mark": ("A mark in front.", utf8("\ufeff" + NOTE)),
    }
    for name, (comment, given) in rows.items():
        inputs = {**_inputs(""), "statement": given}
        yield _check(f"note_{name}", comment, inputs, "Malformed", at="statements.md 1")
    six = (ASHA, BERIT, CARLA, DORA, signer("elin"), signer("fay"))
    policy = replace(LATER, admins=six, former_admins=())
    long = signed(text(name="a" * 96), *six)
    assert len(long.encode()) > 800
    yield _check(
        "statement_too_long",
        "More than 800 bytes, though six admins have signed.",
        _inputs(long, policy=policy.text),
        "Malformed",
    )


def _signature_lines() -> Scenarios:
    asha, berit = ASHA.line(TEXT), BERIT.line(TEXT)
    blob = wire.sha256(b"asha\n\x01" + ASHA.public)[:4] + wire.sign(ASHA.seed, TEXT.encode())
    rows = {
        "line_twice": ("One signer, two lines.", note(TEXT, asha, berit, asha)),
        "hyphen": ("A hyphen for the dash.", note(TEXT, asha.replace("\u2014", "-"), berit)),
        "two_spaces": ("A space too many.", note(TEXT, asha.replace(" asha", "  asha"), berit)),
        "no_space": ("A space too few.", note(TEXT, asha.replace("\u2014 ", "\u2014"), berit)),
        "space_behind": ("A space behind.", note(TEXT, asha.replace("\n", " \n"), berit)),
        "spare_bits": ("Spare bits that are not zero.", note(TEXT, _spare(asha), berit)),
        "unpadded": ("No padding.", note(TEXT, asha.replace("=", ""), berit)),
        "signature_short": ("63 bytes.", note(TEXT, signature_line("asha", blob[:-1]), berit)),
        "key_id_only": ("No signature.", note(TEXT, signature_line("asha", blob[:4]), berit)),
        "capital_name": ("A name with a capital.", note(TEXT, asha.replace("asha", "Asha"), berit)),
        "no_name": ("No name.", note(TEXT, asha.replace("asha ", ""), berit)),
    }
    for name, (comment, given) in rows.items():
        yield _malformed(f"signature_{name}", comment, given, "statements.md 1")
    bad = {
        "flipped": ("A bit of a signature.", signature_line("asha", wire.flip(blob, 20))),
        "key_id_flipped": ("A bit of the key id.", signature_line("asha", wire.flip(blob, 0))),
        "renamed": ("Another admin's name.", signature_line("carla", blob)),
    }
    for name, (comment, line) in bad.items():
        inputs = _inputs(note(TEXT, line, berit))
        yield _check(f"signature_{name}", comment, inputs, "BadSignature", at="statements.md 1")


def text(**changed: object) -> str:
    """The one statement with other values."""
    first = changed.pop("first", FIRST)
    return statement(
        NETWORK_ID, ORGANISATION, PROFILE, **{"until": UNTIL, **changed, "first": first}
    )


def _signed(**changed: object) -> str:
    return signed(text(**changed), ASHA, BERIT)


def _malformed(name: str, comment: str, given: str, section: str = "statements.md 5") -> Scenario:
    prefix = "" if name.startswith("signature_") else "statement_"
    return _check(f"{prefix}{name}", comment, _inputs(given), "Malformed", at=section)


def _inputs(given: str, today: int = TODAY, policy: str = POLICY.text) -> dict[str, Any]:
    return {"statement": utf8(given), "policy": utf8(policy), "today": today}


def _spare(line: str) -> str:
    """Set a spare bit of the last base64 character: 68 bytes leave two of them."""
    at = line.index("=") - 1
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return line[:at] + alphabet[alphabet.index(line[at]) ^ 1] + line[at + 1 :]
