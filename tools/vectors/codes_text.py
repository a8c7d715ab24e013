"""Codes and receipts as people write and type them (codes.md, 2 to 4)."""

from __future__ import annotations

from tools.vectors.reed_solomon import (
    ALPHABET,
    OTHER,
    REMAINDERS,
    digits,
    near,
    spell,
    symbols,
    values,
)
from tools.vectors.scenario import Scenarios, maker
from tools.vectors.wire import draw

SECRET = draw("written code", 10)
# Its symbols are 01ABEKMHPCTX0123: everything that another script or a tired eye can change.
ALIKE = sum(
    ALPHABET.index(one) << 75 - 5 * place for place, one in enumerate("01ABEKMHPCTX0123")
).to_bytes(10, "big")
SMALL = bytes(9) + b"\x07"

_read = maker("read_code", "codes.md 4")
_write = maker("write_code", "codes.md 2")


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _written()
    yield from _exact()
    yield from _mended()
    yield from _wrong_kind()
    yield from _mistyped_symbols()
    yield from _mistyped_digits()


def _written() -> Scenarios:
    for kind in OTHER:
        yield _write(
            f"codes_write_{kind}",
            f"Ten bytes as a {kind}, in both written forms.",
            {"secret": SECRET, "kind": kind},
            output={"symbols": spell(symbols(SECRET, kind)), "digits": digits(SECRET, kind)},
        )
    yield _write(
        "codes_write_zeros",
        "Leading zeros are kept in both forms.",
        {"secret": SMALL, "kind": "code"},
        output={"symbols": spell(symbols(SMALL, "code")), "digits": digits(SMALL, "code")},
    )
    yield _write(
        "codes_write_nine_bytes",
        "Nine bytes are no code.",
        {"secret": SECRET[:9], "kind": "code"},
        "Malformed",
        at="codes.md 1",
    )


def _exact() -> Scenarios:
    text, number = spell(symbols(SECRET, "code")), digits(SECRET, "code")
    alike = spell(symbols(ALIKE, "code"))
    rows = {
        "symbols": ("As written.", SECRET, text),
        "digits": ("As written, in digits.", SECRET, number),
        "lower_case": ("Case is forgiven.", SECRET, text.lower()),
        "no_hyphens": ("Hyphens may be left out.", SECRET, text.replace("-", "")),
        "white_space": (
            "White space of any kind may stand anywhere.",
            SECRET,
            "\t" + "\u3000\n".join(text) + "\u2028\u00a0",
        ),
        "invisible_marks": (
            "Marks that a right-to-left page or a copied text brings along.",
            SECRET,
            "\u2067\u200f" + text.replace("-", "\u00ad-\ufeff") + "\u2069",
        ),
        "other_dashes": (
            "Other dashes and dots for hyphens.",
            SECRET,
            text.replace("-", "\u2014", 1).replace("-", ". ", 1).replace("-", "\u30fc"),
        ),
        "letters_for_digits": (
            "O for 0; I, l, dotless and dotted i for 1.",
            ALIKE,
            alike.replace("0", "O", 1).replace("0", "o").replace("1", "I", 1).replace("1", "l"),
        ),
        "turkish_i": (
            "The Turkish letters \u0131 and \u0130 are read as 1.",
            ALIKE,
            alike.replace("1", "\u0131", 1).replace("1", "\u0130"),
        ),
        "full_width": (
            "Full-width letters, digits and hyphens.",
            SECRET,
            "".join(chr(ord(one) + 65_248) for one in text.lower()),
        ),
        "cyrillic": ("Cyrillic letters that look alike.", ALIKE, _cyrillic(alike)),
        "arabic_digits": ("Eastern Arabic digits.", SECRET, _in_script(number, 0x06F0)),
        "devanagari_digits": ("Devanagari digits.", SECRET, _in_script(number, 0x0966)),
        "digits_in_symbols": (
            "Another script's digits in the symbol form.",
            ALIKE,
            _in_script(alike, 0x0660),
        ),
        "digits_with_letter_o": (
            "In the digit form too, O is 0 and l is 1.",
            SMALL,
            digits(SMALL, "code").replace("0", "O"),
        ),
        "two_hundred_characters": ("200 characters are read.", SECRET, text.rjust(200)),
    }
    for name, (comment, secret, typed) in rows.items():
        yield _read(
            f"codes_read_{name}",
            comment,
            {"text": typed, "kind": "code"},
            output={"secret": secret, "how": "exact"},
        )


def _mended() -> Scenarios:
    for kind in OTHER:
        for wrong, how in ((0, "exact"), (1, "corrected"), (2, "suggested")):
            places = (3, 18)[:wrong]
            yield _read(
                f"codes_read_{kind}_{how}",
                f"A {kind} with {wrong} wrong symbols, asked for as one.",
                {"text": _wrong(kind, *places), "kind": kind},
                output={"secret": SECRET, "how": how},
            )

    typed = _wrong("receipt", 0, 5)
    (between,) = near(values(typed), "code")
    yield _read(
        "codes_read_between",
        "Two symbols from a receipt and two from a code: as a code it is suggested.",
        {"text": typed, "kind": "code"},
        output={"secret": between, "how": "suggested"},
    )


def _wrong_kind() -> Scenarios:
    for kind, other in OTHER.items():
        rows = {
            "symbols": spell(symbols(SECRET, other)),
            "corrected": _wrong(other, 0),
            "digits": digits(SECRET, other),
        }
        for name, typed in rows.items():
            yield _read(
                f"codes_read_{other}_for_{kind}_{name}",
                f"A {other} where a {kind} is asked for, {name}.",
                {"text": typed, "kind": kind},
                "WrongKind",
            )


def _mistyped_symbols() -> Scenarios:
    text = spell(symbols(SECRET, "code"))
    rows = {
        "empty": ("Nothing is no code.", ""),
        "only_spaces": ("Separators only.", " - . \u200b "),
        "three_wrong": (
            "Three wrong symbols: neither corrected nor suggested.",
            _far("code", 1, 7, 12),
        ),
        "receipt_two_wrong": (
            "Two symbols from a receipt is not near enough to say so.",
            _far("receipt", 1, 6),
        ),
        "letter_u": ("U is not in the alphabet and is not forgiven.", "U" + text[1:]),
        "nineteen": ("One symbol is missing.", text[:-1]),
        "twenty_one": ("One symbol too many.", text + "0"),
        "accent": ("A letter with an accent is no letter of the alphabet.", "\u00c9" + text[1:]),
        "superscript": ("A superscript digit is no digit.", "\u00b2" + text[1:]),
        "beyond_plane_0": ("A mathematical digit is no digit.", "\U0001d7ce" + text[1:]),
        "bracket": ("A character that is no separator.", f"({text})"),
        "too_long": ("201 characters are not looked at.", text.rjust(201)),
    }
    for name, (comment, typed) in rows.items():
        yield _read(
            f"codes_mistyped_{name}", comment, {"text": typed, "kind": "code"}, "CodeMistyped"
        )


def _mistyped_digits() -> Scenarios:
    number = digits(SECRET, "code").replace(" ", "")
    swap = next(at for at in range(25) if number[at] != number[at + 1])
    swapped = number[:swap] + number[swap + 1] + number[swap] + number[swap + 2 :]
    rows = {
        "check": ("A wrong digit is noticed and never corrected.", _other_digit(number)),
        "swapped": ("Two neighbouring digits swapped.", swapped),
        "too_large": ("2 to the 80 with a right check is no code.", _checked(1 << 80)),
        "largest": ("25 nines with a right check.", _checked(10**25 - 1)),
        "twenty_six": ("One digit is missing.", number[1:]),
        "twenty_eight": ("One digit too many.", number + "0"),
        "check_99": ("The last two are below 97, whatever the remainder.", _checked_again()),
        "letter": ("27 characters of which one is a letter.", "A" + number[1:]),
    }
    for name, (comment, typed) in rows.items():
        yield _read(
            f"codes_mistyped_digits_{name}",
            comment,
            {"text": typed, "kind": "code"},
            "CodeMistyped",
        )


def _wrong(kind: str, *places: int) -> str:
    word = symbols(SECRET, kind)
    for place in places:
        word[place] ^= 1 + place
    return spell(word)


def _far(kind: str, *places: int) -> str:
    """A text with wrong symbols that is near no code."""
    text = _wrong(kind, *places)
    assert not near(values(text), "code")
    return text


def _checked(number: int) -> str:
    check = next(n for n in range(97) if (number * 100 + n) % 97 == REMAINDERS["code"])
    return f"{number:025d}{check:02d}"


def _checked_again() -> str:
    """A code of which 97 can be added to the check, which leaves the remainder."""
    number = next(n for n in range(97) if int(_checked(n)[-2:]) <= 2)
    return str(int(_checked(number)) + 97).zfill(27)


def _other_digit(number: str) -> str:
    return str((int(number[0]) + 1) % 10) + number[1:]


def _cyrillic(text: str) -> str:
    alike = "\u0410\u0412\u0435\u041a\u043c\u041d\u043e\u0420\u0441\u0422\u0445"
    pairs = zip("ABEKMH0PCTX", alike, strict=True)
    return text.translate({ord(latin): other for latin, other in pairs})


def _in_script(text: str, zero: int) -> str:
    return text.translate({ord("0") + value: zero + value for value in range(10)})
