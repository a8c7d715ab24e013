"""What no list may ask for, and how texts are written."""

import re

import pytest

from words import Choice, list_names, load

REQUEST = [
    "needs",
    "languages",
    "regions",
    "soon",
    "who",
    "children",
    "channel",
    "hours",
    "never",
    "peer",
    "wish",
    "consent",
    "eyes",
]
ANSWER = ["state", "role"]
PROFILE = [
    "kind",
    "accepts",
    "sector",
    "police_tie",
    "funding",
    "reporting",
    "privilege",
    "housing",
    "pledge",
    "capacity",
]

# R1, and the personal data that the sources collected (L6332-73): what a request never asks.
DENIED = re.compile(
    r"\b((sur|first |last |full )?names?|births?|birthda\w+|born|age|status|ethnic\w*|races?"
    r"|racial|tribe|nationalit\w+|citizen\w*|employers?|boss|owner|traffick\w+|schooling"
    r"|date of entry|gender|sex)\b"
)


def _asks(entry: Choice) -> bool:
    words = " ".join(filter(None, (entry.code.replace("_", " "), entry.text, entry.hint)))
    return DENIED.search(words.lower()) is not None


def test_R1_the_lists_are_these_and_no_others() -> None:
    """A new list is a decision: it is added here, to the group of those who fill it in."""
    assert sorted(list_names()) == sorted(REQUEST + ANSWER + PROFILE)


def test_R1_no_choice_of_a_request_asks_who_somebody_is() -> None:
    """No code, text or hint asks for name, birth, status, ethnicity, employer or trafficker."""
    asking = [f"{name}.{e.code}" for name in REQUEST for e in load(name) if _asks(e)]
    assert asking == []


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("surname", "What are you called?"),
        ("birth_date", "When?"),
        ("who", "Your age"),
        ("papers", "Immigration status"),
        ("group", "Ethnicity"),
        ("work", "Name of the employer"),
        ("other", "Who is the trafficker?"),
    ],
)
def test_R1_a_planted_question_is_found(code: str, text: str) -> None:
    """The deny-list looks at codes and at texts."""
    assert _asks(Choice(id=1, code=code, text=text))


def test_R23_no_profile_list_holds_an_address() -> None:
    """Nothing in a public profile says where a house is."""
    texts = [f"{e.code} {e.text} {e.hint}".lower() for name in PROFILE for e in load(name)]
    assert not [t for t in texts if re.search(r"address|street|postcode|zip|\bmap\b", t)]


@pytest.mark.parametrize("name", list_names())
def test_texts_of_a_list_can_be_told_apart(name: str) -> None:
    """No two entries that are offered together look the same."""
    shown = [(entry.parent, entry.text.casefold()) for entry in load(name)]
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize("name", list_names())
def test_texts_are_short_and_written_alike(name: str) -> None:
    """A text fits a button and has no full stop; a hint is one short sentence or two."""
    for entry in load(name):
        assert len(entry.text) <= 52, entry.text
        assert entry.text[-1] not in ".!:;, ", entry.text
        if entry.hint:
            assert len(entry.hint) <= 90, entry.hint
            assert entry.hint.endswith("."), entry.hint


def test_R41_no_choice_orders_anybody_to_call_the_police() -> None:
    """No text of a request mentions police or an emergency number at all."""
    texts = [f"{e.text} {e.hint}".lower() for name in REQUEST for e in load(name)]
    assert not [t for t in texts if re.search(r"police|\b911\b|\b112\b|\b999\b", t)]
