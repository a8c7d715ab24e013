"""The lists of `words` as people choose from them, and ids as people read them."""

from __future__ import annotations

from collections.abc import Iterable

import words
from client.cli.asking import Option
from client.flows.days import day
from crypto.public.policy import Region

UNKNOWN = "something this version does not know"


def options(name: str, parent: str | None = None) -> list[Option]:
    """Return what a list offers, in its order; the choices under `parent` where it is given."""
    if name == "languages":  # a list without sub-choices
        return (
            []
            if parent
            else [
                Option(one.id, one.code, one.text, also=one.english)
                for one in words.load("languages").offered()
            ]
        )
    return [
        Option(one.id, one.code, one.text, one.hint or "")
        for one in words.load(name).offered(parent)
    ]


def region_options(regions: Iterable[Region] = ()) -> list[Option]:
    """Return the regions that all networks share, and then this network's own."""
    own = [Option(one.number, f"region-{one.number}", one.name) for one in regions]
    return options("regions") + own


def text_of(name: str, number: int) -> str:
    """Return what people see for an id of a list."""
    entry = words.load(name).by_id(number)
    return entry.text if entry else UNKNOWN


def texts_of(name: str, ids: Iterable[int]) -> str:
    """Return what people see for several ids, in one line."""
    return "; ".join(text_of(name, one) for one in ids)


def languages_of(ids: Iterable[int]) -> str:
    """Return languages by their own and their English names."""
    found = (words.load("languages").by_id(one) for one in ids)
    return "; ".join(
        UNKNOWN
        if one is None
        else one.text
        if one.text == one.english
        else f"{one.text} ({one.english})"
        for one in found
    )


def regions_of(ids: Iterable[int], regions: Iterable[Region] = ()) -> str:
    """Return regions, those of the network by its policy's names."""
    own = {one.number: one.name for one in regions}
    return "; ".join(own.get(one) or text_of("regions", one) for one in ids)


def code_of(name: str, number: int) -> str | None:
    """Return the code that programs use for an id, or None for one of a newer version."""
    entry = words.load(name).by_id(number)
    return entry.code if entry else None


def last_day(last_epoch: int) -> str:
    """Write the last day on which something can be counted on: the day before its last epoch.

    Epochs end at midnight in Greenwich, which west of it is the afternoon or evening before.
    """
    return day(last_epoch - 1)
