"""Suspensions that the published list does not have yet (log.md, 4)."""

from __future__ import annotations

from collections.abc import Sequence

from tools.vectors.notes import note, signed, statement, suspensions
from tools.vectors.people import (
    ASHA,
    BERIT,
    CARLA,
    DORA,
    LATER,
    NETWORK_ID,
    ORGANISATION,
    OTHER_NETWORK_ID,
    OTHER_ORGANISATION,
    PROFILE,
    STRANGER,
    TODAY,
)
from tools.vectors.scenario import Scenario, Scenarios, maker, utf8

_add = maker("add_suspended", "log.md 4")
_EMPTY = suspensions(NETWORK_ID)
# By the first 12 bytes of its key the list names an organisation (statements.md, 8).
_START, _OTHER_START = ORGANISATION[:12], OTHER_ORGANISATION[:12]


def scenarios() -> Scenarios:
    """All of this area: nothing of it is refused, since what does not hold is left out."""
    yield from _taken()
    yield from _left_out()


def _text(network_id: bytes = NETWORK_ID, who: bytes = ORGANISATION, **changed: object) -> str:
    values: dict[str, object] = {"kind": "suspended", "first": TODAY, "until": TODAY, **changed}
    return statement(network_id, who, PROFILE, **values)


def _taken() -> Scenarios:
    both = sorted((_START, _OTHER_START))
    listed = suspensions(NETWORK_ID, ORGANISATION)
    one = signed(_text(), ASHA)
    rows: dict[str, tuple[str, str, Sequence[str], list[list[object]]]] = {
        "none": ("Nothing waits.", listed, [], [[_START, 8]]),
        "one": ("One admin is enough.", _EMPTY, [one], [[_START, 8]]),
        "new_admin": (
            "Signed by an admin of the current policy.",
            _EMPTY,
            [signed(_text(), DORA)],
            [[_START, 8]],
        ),
        "former_besides": (
            "A retired admin's line beside a current one's.",
            _EMPTY,
            [signed(_text(), CARLA, BERIT)],
            [[_START, 8]],
        ),
        "long_ago": (
            "No day is asked.",
            _EMPTY,
            [signed(_text(first=0, until=1), ASHA)],
            [[_START, 8]],
        ),
        "not_yet": (
            "Nor whether its day has come.",
            _EMPTY,
            [signed(_text(first=TODAY + 9, until=TODAY + 9), ASHA)],
            [[_START, 8]],
        ),
        "highest": (
            "The highest serial.",
            _EMPTY,
            [signed(_text(serial=2**32 - 2), ASHA)],
            [[_START, 2**32 - 1]],
        ),
        "above_the_list": (
            "A higher number than the list's.",
            listed,
            [signed(_text(serial=9), ASHA)],
            [[_START, 10]],
        ),
        "below_the_list": (
            "A number never falls.",
            listed,
            [signed(_text(serial=3), ASHA)],
            [[_START, 8]],
        ),
        "twice": (
            "Two of one organisation: the higher.",
            _EMPTY,
            [signed(_text(serial=9), ASHA), one],
            [[_START, 10]],
        ),
        "two": (
            "Of two organisations.",
            _EMPTY,
            [one, signed(_text(who=OTHER_ORGANISATION, serial=0), BERIT)],
            [[key, 8 if key == _START else 1] for key in both],
        ),
    }
    for name, row in rows.items():
        yield _scenario(name, *row)


def _left_out() -> Scenarios:
    text = _text()
    rows = {
        "stranger": ("Signed by a stranger.", signed(text, STRANGER)),
        "former_admin": ("Signed by a retired admin alone.", signed(text, CARLA)),
        "stranger_besides": ("A stranger's line beside an admin's.", signed(text, ASHA, STRANGER)),
        "other_text": ("A line over another text.", note(text, ASHA.line(_text(serial=8)))),
        "vetted": ("It vets.", signed(_text(kind="vetted"), ASHA, BERIT)),
        "other_network": ("Another network's.", signed(_text(OTHER_NETWORK_ID), ASHA)),
        "no_note": ("No note.", "hello\n"),
        "unsigned": ("No line at all.", text + "\n"),
        "too_long": ("Above 800 bytes.", signed(text, ASHA) + "— asha " + "A" * 800 + "\n"),
    }
    for name, (comment, given) in rows.items():
        yield _scenario(f"left_out_{name}", comment, _EMPTY, [given], [])
    good = signed(_text(who=OTHER_ORGANISATION), ASHA)
    yield _scenario(
        "left_out_beside_another",
        "One that does not hold takes nothing from one that does.",
        _EMPTY,
        [signed(text, STRANGER), good],
        [[_OTHER_START, 8]],
    )


def _scenario(
    name: str, comment: str, listed: str, given: Sequence[str], ended: Sequence[object]
) -> Scenario:
    return _add(
        f"suspended_{name}",
        comment,
        {
            "suspensions": utf8(listed),
            "suspended": [utf8(one) for one in given],
            "policy": utf8(LATER.text),
        },
        output={"ended": list(ended)},
    )
