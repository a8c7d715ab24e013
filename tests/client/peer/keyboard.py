"""What somebody types into `towpath ask` and the commands of the receipt."""

from __future__ import annotations

import re

GO_ON, YES, NO = "y", "y", "n"
SHORT = ("1 7 12", "korean", "northeast", "1", "1", NO)
"""Needs, language, region, how soon, "I will come back", nothing more."""
RECEIPT_READS, NOBODY_READS, WORD_READS = "2", "3", "1"
PERSON_SAID_YES, MYSELF, DO_NOT = "1", "2", "3"
NO_WORD = ""
FILE = """
consent = "yes"
eyes = "receipt"
needs = ["sleep_tonight", "documents", "money"]
languages = ["ko"]
channels = ["come_back"]
"""

_SYMBOLS = re.compile(r"\b(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}\b")
_DIGITS = re.compile(r"\b(?:[0-9]{3} ){8}[0-9]{3}\b")


def lines(*typed: str) -> str:
    """Lines as they are typed, each ended by Enter."""
    return "".join(f"{line}\n" for line in typed)


def asking(code: str, *, eyes: str = RECEIPT_READS, consent: str = PERSON_SAID_YES) -> str:
    """The whole short way."""
    return lines(code, GO_ON, *SHORT, eyes, consent)


def receipt_in(shown: str) -> str:
    """The receipt that was shown last, in letters."""
    return str(_SYMBOLS.findall(shown)[-1])


def digits_in(shown: str) -> str:
    """The receipt that was shown last, in digits."""
    return str(_DIGITS.findall(shown)[-1])
