"""Requests carried as text (http.md, 5)."""

from __future__ import annotations

from tools.vectors import wire
from tools.vectors.requests import BARE, BARE_WALK_IN, armour, form, in_armour
from tools.vectors.scenario import Scenarios, maker

_MOST = 20_000
_BEGIN = "-----BEGIN TOWPATH REQUEST-----"
_END = "-----END TOWPATH REQUEST-----"
_FORM = form(BARE)
_TEXT = armour(_FORM)
_BASE64 = "".join(_TEXT.split("\n")[1:-2])
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

_read = maker("read_armour", "http.md 5")


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _forgiven()
    for name, (comment, text) in {**_wrong_marks(), **_wrong_inside()}.items():
        yield _read(f"armour_{name}", comment, {"text": text}, "Malformed")


def _forgiven() -> Scenarios:
    quoted = "".join(f"> > {line}\n" for line in _TEXT.splitlines())
    around = f"I was asked to pass this on.\n\n-- \n{_TEXT}-- \nsent from a telephone > here\n"
    rows = {
        "usual": ("As it was made.", _TEXT),
        "crlf": ("Lines that end otherwise.", _TEXT.replace("\n", "\r\n")),
        "quoted": ("Quoted twice by mail programs.", quoted),
        "quoted_tight": ("Quoted without spaces.", quoted.replace("> > ", ">>")),
        "around": ("Text before and after.", around),
        "one_line": ("All on one line.", _TEXT.replace("\n", " ")),
        "no_white": ("No white space at all.", "".join(_TEXT.split())),
        "indented": ("Indented, with no-break and wide spaces.", _indented()),
        "split": ("A space between any two characters.", " ".join(_TEXT)),
        "longest": ("20,000 characters.", _TEXT + "." * (_MOST - len(_TEXT))),
    }
    for name, (comment, text) in rows.items():
        yield _read(f"armour_{name}", comment, {"text": text}, output={"request": BARE})
    yield _read(
        "armour_walk_in",
        "A walk-in.",
        {"text": armour(form(BARE_WALK_IN))},
        output={"request": BARE_WALK_IN},
    )


def _indented() -> str:
    return "".join(f"\t\u00a0\u3000{line}\u2003\u2028" for line in _TEXT.splitlines())


def _wrong_marks() -> dict[str, tuple[str, str]]:
    other = armour(form(BARE_WALK_IN))
    return {
        "empty": ("Nothing.", ""),
        "prose": ("A letter without a request.", "Can you pass this on?\n"),
        "no_begin": ("The first mark is missing.", _TEXT.removeprefix(_BEGIN)),
        "no_end": ("The second mark is missing.", _TEXT.replace(_END, "")),
        "marks_swapped": ("The second mark first.", f"{_END}\n{_BASE64}\n{_BEGIN}\n"),
        "end_first": ("The second mark, then the first.", f"{_END}\n{_BEGIN}\n{_BASE64}\n"),
        "marks_alone": ("Nothing between the marks.", f"{_BEGIN}\n{_END}\n"),
        "other_begin": ("Something else's mark.", _TEXT.replace("BEGIN TOWPATH", "BEGIN PGP")),
        "small_letters": ("Marks in small letters.", _TEXT.replace(_BEGIN, _BEGIN.lower())),
        "dash_missing": ("Four dashes.", _TEXT.replace("-----BEGIN", "----BEGIN")),
        "twice": ("The same request twice.", _TEXT + _TEXT),
        "two": ("Two requests.", _TEXT + other),
        "two_begins": ("A second first mark within.", _TEXT.replace(_BEGIN, f"{_BEGIN}\n{_BEGIN}")),
        "two_ends": ("A second end.", _TEXT + _END),
        "too_long": ("20,001 characters.", _TEXT + "." * (_MOST + 1 - len(_TEXT))),
        "too_long_white": ("20,001 characters, most of them white.", _TEXT.ljust(_MOST + 1)),
    }


def _wrong_inside() -> dict[str, tuple[str, str]]:
    last = _BASE64[-2]
    spare = _BASE64[:-2] + _ALPHABET[_ALPHABET.index(last) + 1] + "="
    first, second, *lines = _TEXT.split("\n")
    checked = wire.b64(_FORM + wire.flip(wire.sha256(_FORM)[:4], 3))
    return {
        "form_changed": ("A bit of the form.", in_armour(wire.b64(wire.flip(_whole(), 20)))),
        "check_changed": ("A bit of the check.", in_armour(checked)),
        "check_missing": ("No check.", in_armour(wire.b64(_FORM))),
        "check_alone": ("A check, and nothing before it.", armour(b"")),
        "three_bytes": ("Fewer bytes than a check has.", in_armour("AAAA")),
        "line_missing": ("A line is missing.", "\n".join([first, *lines])),
        "lines_swapped": (
            "Two lines changed places.",
            "\n".join([first, lines[0], second, *lines[1:]]),
        ),
        "padding_missing": ("No padding.", in_armour(_BASE64.rstrip("="))),
        "padding_more": ("Padding that is not needed.", in_armour(_BASE64 + "=")),
        "spare_bits": ("Spare bits that are not zero.", in_armour(spare)),
        "base64url": ("The other alphabet.", in_armour(_BASE64.translate(_URL))),
        "quote_within": ("A > within a line.", _TEXT.replace(second, f"{second[:9]}>{second[9:]}")),
        "soft_hyphen": ("A soft hyphen.", _TEXT.replace(second, f"{second[:9]}\u00ad{second[9:]}")),
        "comment_within": (
            "A line of text within.",
            _TEXT.replace(second, f"{second}\nVersion: 1"),
        ),
        "follow_up": ("A form that is none, with its check.", armour(form(BARE, 2))),
        "form_appended": ("A form with a byte more.", armour(_FORM + b"\x00")),
        "form_cut": ("A form with a byte less.", armour(_FORM[:-1])),
    }


_URL = str.maketrans("+/", "-_")


def _whole() -> bytes:
    return _FORM + wire.sha256(_FORM)[:4]
