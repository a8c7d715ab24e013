"""What an organisation says about itself."""

import pytest

from words import load


@pytest.mark.parametrize("name", ["police_tie", "funding"])
def test_R22_none_is_an_answer_among_several(name: str) -> None:
    """An organisation without ties or terms says so; silence is not "none"."""
    assert load(name).offered()[0].code == "none"
    assert len(load(name)) > 5


def test_R22_the_ties_of_the_checklist_can_be_said() -> None:
    """Task force, shared office, grants, staff and going along: each tie that V3 names."""
    codes = {tie.code for tie in load("police_tie")}
    assert {"grants", "task_force", "shared_office", "staff", "operations"} <= codes


def test_R22_the_funding_terms_of_the_checklist_can_be_said() -> None:
    """The pledge and reports on each person: each term that V4 names."""
    assert {"pledge", "reports_each_person"} <= {term.code for term in load("funding")}


def test_R22_going_to_police_with_someone_is_no_other_tie() -> None:
    """Accompanying a person who decides it is told apart from every tie to police."""
    text = load("police_tie").by_code("goes_with_you")
    assert text is not None
    assert "only if you decide" in text.text


@pytest.mark.parametrize(("name", "first"), [("reporting", "nothing"), ("privilege", "none")])
def test_R22_duties_and_privilege_are_answered(name: str, first: str) -> None:
    """What must be reported and what is protected by law are said, also when it is nothing."""
    assert load(name).offered()[0].code == first
    assert len(load(name)) > 2


def test_R22_reports_about_minors_and_danger_can_be_said() -> None:
    """The two duties that people most need to know before sending have ids."""
    assert {"minors", "life", "court_orders"} <= {duty.code for duty in load("reporting")}


def test_R20_each_organisation_can_say_whom_it_accepts() -> None:
    """Men, minors, couples and families are said one by one."""
    assert {"men", "minors", "couples", "families"} <= {a.code for a in load("accepts")}


def test_R29_pledge_and_capacity_exist() -> None:
    """An organisation promises 1, 3 or 7 days and can close its door at once."""
    assert [p.code for p in load("pledge")] == ["one_day", "three_days", "seven_days"]
    assert {"open", "closed"} <= {c.code for c in load("capacity")}


def test_R21_every_kind_of_organisation_has_a_code() -> None:
    """None of the 21 kinds that the requirements name is missing."""
    assert len(load("kind").offered()) >= 21


def test_R21_the_house_rules_of_the_checklist_can_be_said() -> None:
    """Come and go, own phone, no locked doors, nothing taken: each rule that V5 names."""
    rules = {rule.code for rule in load("housing")}
    assert {"come_and_go", "own_phone", "no_locked_doors", "nothing_taken"} <= rules
