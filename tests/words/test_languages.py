"""Languages spoken and written."""

import unicodedata

import pytest

from words import Language, load

LAUNCH = [
    "en",
    "es",
    "zh-Hans",
    "zh-Hant",
    "ko",
    "th",
    "vi",
    "tl",
    "ru",
    "pt",
    "id",
    "hi",
    "ar",
    "fr",
    "ht",
    "ne",
]
SECOND = ["my", "km", "pa", "ur", "fa", "am", "ti", "ro", "uk"]


def _wave(number: int) -> list[str]:
    return [tongue.code for tongue in load("languages") if tongue.catalogue == number]


def test_R16_the_pages_start_in_sixteen_languages() -> None:
    """The first wave is the planned sixteen, and so at least the six that are required."""
    assert _wave(1) == LAUNCH
    assert {"en", "es", "ko", "hi", "ru", "zh-Hans"} <= set(_wave(1))


def test_R16_the_second_wave_is_the_planned_nine() -> None:
    """The second wave is known before it is translated."""
    assert _wave(2) == SECOND


@pytest.mark.parametrize("tongue", list(load("languages")), ids=lambda tongue: tongue.code)
def test_R16_direction_agrees_with_the_own_name(tongue: Language) -> None:
    """A language whose name is written right to left is marked so, and no other."""
    strong = [unicodedata.bidirectional(letter) for letter in tongue.text]
    first = next(kind for kind in strong if kind in ("L", "R", "AL"))
    assert tongue.direction == ("ltr" if first == "L" else "rtl")


def test_R16_languages_of_the_sources_can_be_chosen() -> None:
    """Burmese, Shan, Mixteco, sign language and "another" can be spoken without a catalogue."""
    spoken = {tongue.code for tongue in load("languages").offered()}
    assert {"my", "shn", "mam", "quc", "kjb", "nah", "mis-x-mixtec", "sgn", "mis"} <= spoken


def test_R16_english_names_are_told_apart() -> None:
    """A provider who reads English can tell every two languages apart."""
    names = [tongue.english for tongue in load("languages")]
    assert len(names) == len(set(names))
