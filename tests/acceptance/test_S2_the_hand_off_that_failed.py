"""S2: the sofa was a wrong address; five minutes at a public computer; the first one is silent.

How "unanswered" looks on the page: browser/test_S2_page.py.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.acceptance import people, scan
from tests.acceptance.deployment import HARBOUR, NAMES, OPEN_DOOR, Deployment
from tests.acceptance.people import Asked, Provider

MEETING = "Mañana a las diez, en la biblioteca central. Usted decide."
HERS = {
    "consent": "own",
    "needs": ["way_out", "documents"],
    "languages": ["es"],
    "channels": ["come_back"],
    "eyes": "receipt",
    "peer": "self",
    "text": "La dirección no existía.",
}


def _by_code(at: Deployment) -> Asked:
    return people.ask(at, Provider(at, HARBOUR).code(), HERS)


def _without_code(at: Deployment) -> Asked:
    """She picks the organisation in the directory."""
    options = ("--no-code", "--to", "harbour", "--network", at.network_id, "--yes", "--json")
    said = at.run("ask", *options, "--from", str(people.written(at, HERS)))
    assert said.json()["delivered"]
    return Asked(at, said.json()["receipt"]["letters"])


@pytest.mark.parametrize(
    ("again", "read_before"),
    [(_by_code, False), (_without_code, True)],
    ids=["a second code", "no code, and the first one had read it"],
)
def test_S2_P8_R10_R14_she_sees_that_nobody_answered_and_picks_another(
    deployed: Deployment, again: Callable[[Deployment], Asked], read_before: bool
) -> None:
    """Unanswered is said; she withdraws; the second, picked by her, answers in Spanish."""
    first, second = Provider(deployed, OPEN_DOOR), Provider(deployed, HARBOUR)
    asked = people.ask(deployed, first.code(), HERS)
    read = first.newest() if read_before else None

    assert asked.read()["answered"] is False
    shown = asked.shown().done().out
    assert "It is not answered yet." in shown
    assert "withdraw it (`towpath withdraw`) and ask somebody else" in shown
    assert "Nobody else does this for you." in shown

    asked.withdraw().done()
    asked.answers().refused(4, "Nothing opens with this receipt.")
    anew = again(deployed)
    assert anew.read()["delivered"]["name"] == NAMES[HARBOUR]

    case = second.newest()
    assert second.show(case)["text"] == HERS["text"]
    second.answer(case, MEETING).done()
    assert [one["text"] for one in anew.read()["answers"]] == [MEETING]

    # The first copy is withdrawn: what the first one downloads from then on is filler, and an
    # answer that comes too late is refused, and lies nowhere.
    scan.settle(deployed)
    before = first.inbox()
    done = first.sync()
    assert (done["requests"], done["does_not_open"], first.inbox()) == (0, 0, before)
    assert done["rows"] >= 1, "there is something to go through"
    if read is not None:
        first.answer(read, MEETING).refused(
            4, "The box is not there any more", "a new request comes with a new code"
        )
    asked.answers().refused(4)


def test_S2_R36_nothing_is_forwarded_even_where_another_is_named(deployed: Deployment) -> None:
    """`try_another` shows her a name; the organisation that is named gets nothing."""
    first, second = Provider(deployed, OPEN_DOOR), Provider(deployed, HARBOUR)
    second.sync()
    asked = people.ask(deployed, first.code(), HERS)
    case = first.newest()
    first.run("answer", case, "--state", "try_another", "--organisation", NAMES[HARBOUR]).done()
    assert [one["try_another"] for one in asked.read()["answers"]] == [[NAMES[HARBOUR]]]
    assert "You choose; nothing was passed on." in asked.shown().done().out
    scan.settle(deployed)
    assert second.sync()["requests"] == 0
