"""The small lists of a request and of its answers."""

import tomllib
from pathlib import Path

import pytest

from words import load

SPEC = Path(__file__).parents[2] / "docs" / "spec" / "constants.toml"


def _codes(name: str) -> set[str]:
    return {entry.code for entry in load(name).offered()}


def _text(name: str, code: str) -> str:
    entry = load(name).by_code(code)
    assert entry is not None
    return entry.text


def test_R12_exactly_two_consents_exist_and_both_are_a_yes() -> None:
    """Ids 1 and 2 are the yes of a person and of a writer for herself; there is no third."""
    assert [(c.id, c.code) for c in load("consent")] == [(1, "yes"), (2, "own")]
    assert _text("consent", "yes") == "The person said yes to sending this"
    assert _text("consent", "own") == "I send this for myself"


def test_R15_coming_back_is_a_safe_way_and_the_first_one() -> None:
    """Whoever has no phone can be answered: "I will come back here" heads the list."""
    assert load("channel").offered()[0].text == "I will come back here"


def test_R15_what_must_never_happen_can_be_said() -> None:
    """Calls, messages, doors, letters, strangers and her own community can each be ruled out."""
    needed = {"call", "text_message", "voice_message", "door", "letter", "say_who",
              "someone_else", "own_community", "other_way"}  # fmt: skip
    assert needed <= _codes("never")


def test_R15_hours_cover_the_day_and_the_week() -> None:
    """Four parts of the day, seven weekdays, and "only right after a message from me"."""
    days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    parts = ["mornings", "afternoons", "evenings", "nights", "only_when_written"]
    assert {*days, *parts} <= _codes("hours")


def test_R8_a_request_can_say_minutes_and_not_sure() -> None:
    """The shortest request and the undecided one both have an answer to "how soon"."""
    assert {"minutes", "tonight", "this_week", "no_hurry", "not_sure"} <= _codes("soon")


def test_R8_a_region_can_be_left_open() -> None:
    """Nobody has to say where she is."""
    assert {"anywhere", "not_said"} <= _codes("regions")


def test_R8_shared_regions_leave_room_for_a_network() -> None:
    """Shared areas stay below 1000, where a network's own areas begin."""
    assert max(region.id for region in load("regions")) < 1000


@pytest.mark.parametrize("code", ["self", "not_said", "other"])
def test_R10_a_writer_may_be_the_person_or_not_say(code: str) -> None:
    """Nobody has to be someone's peer to ask, or to say which."""
    assert code in _codes("peer")


def test_R11_every_known_helper_can_say_so() -> None:
    """Everyone whom the sources name as a helper can say so."""
    needed = {"coworker", "client", "friend", "roommate", "former_client", "driver", "shop",
              "neighbour", "community", "health", "law", "organisation"}  # fmt: skip
    assert needed <= _codes("peer")


def test_R20_men_minors_and_couples_can_be_said() -> None:
    """The composition of a group does not assume women alone."""
    assert {"man", "minor", "couple", "family", "trans"} <= _codes("who")


def test_R27_children_and_threats_about_them_can_be_said() -> None:
    """Children here, abroad, with the other side, and threats are choices, without names."""
    assert {"here", "abroad", "other_side", "threat", "pregnant"} <= _codes("children")


def test_R14_a_request_can_be_refused_kindly_and_tried_elsewhere() -> None:
    """Every state of the requirements exists."""
    needed = {"delivered", "read", "answered", "cannot_help", "try_another", "closed"}
    assert {state.code for state in load("state")} == needed


def test_P8_whose_eyes_has_exactly_three_answers() -> None:
    """Only the person with a word, whoever holds the receipt, or nobody."""
    assert [(e.id, e.code) for e in load("eyes")] == [(1, "word"), (2, "receipt"), (3, "nobody")]


def test_R31_members_have_a_role() -> None:
    """A caseworker, a lead and a recovery sheet are told apart."""
    told = [(r.id, r.code) for r in load("role")]
    assert told == [(1, "caseworker"), (2, "lead"), (3, "recovery")]


@pytest.mark.parametrize(
    ("constant", "name", "code"),
    [
        ("CONSENT_PERSON", "consent", "yes"),
        ("CONSENT_SELF", "consent", "own"),
        ("EYES_WORD", "eyes", "word"),
        ("EYES_RECEIPT", "eyes", "receipt"),
        ("EYES_NOBODY", "eyes", "nobody"),
        ("STATE_DELIVERED", "state", "delivered"),
        ("STATE_CLOSED", "state", "closed"),
    ],
)
def test_R17_numbers_the_protocol_knows_mean_the_same_here(
    constant: str, name: str, code: str
) -> None:
    """The few ids that the specification itself uses are the ids of these lists."""
    tables = tomllib.loads(SPEC.read_text(encoding="utf-8")).values()
    numbers = {key: value for table in tables for key, value in table.items()}
    entry = load(name).by_code(code)
    assert entry is not None
    assert numbers[constant] == entry.id


@pytest.mark.parametrize(
    ("limit", "name"),
    [("WHO", "who"), ("CHILDREN", "children"), ("CHANNELS", "channel"), ("HOURS", "hours"),
     ("NEVER", "never"), ("WISHES", "wish")],
)  # fmt: skip
def test_R8_choosing_everything_still_fits_a_request(limit: str, name: str) -> None:
    """Nobody is told that she chose too much: a whole small list fits the specified field."""
    limits = tomllib.loads(SPEC.read_text(encoding="utf-8"))["referral"]
    assert len(load(name).offered()) <= limits[limit]
