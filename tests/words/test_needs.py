"""The needs of a request."""

from words import load

CANONICAL = [
    "sleep_tonight",
    "housing",
    "immigration_law",
    "criminal_law",
    "family_law",
    "pay_and_work_rights",
    "documents",
    "interpreter",
    "health",
    "feelings",
    "children_family",
    "money",
    "work_training",
    "basics",
    "way_out",
    "stay_safe",
    "go_home",
    "just_information",
    "staying_for_now",
    "benefits_paperwork",
]


def test_R18_needs_are_the_canonical_twenty() -> None:
    """The top needs are the twenty of R18, in its order, numbered from 1."""
    tops = load("needs").offered()
    assert [need.code for need in tops] == CANONICAL
    assert [need.id for need in tops] == list(range(1, 21))


def test_R18_subchoices_are_numbered_under_their_need() -> None:
    """A sub-choice has its need's number times 100 and a position, so the two never collide."""
    needs = load("needs")
    for need in needs.offered():
        numbers = [sub.id for sub in needs.offered(need.code)]
        assert numbers == [need.id * 100 + n for n in range(1, len(numbers) + 1)]


def test_R18_housing_has_its_filters() -> None:
    """All eight filters that the requirements name for housing can be chosen."""
    subs = {sub.code.removeprefix("housing_") for sub in load("needs").offered("housing")}
    assert subs == {
        "come_and_go", "own_phone", "may_work", "children", "men", "couples", "same_language",
        "not_locked",
    }  # fmt: skip


def test_R17_a_need_is_found_by_its_number_alone() -> None:
    """A reader gets the same entry from the number that a sender got from the code."""
    needs = load("needs")
    assert all(needs.by_id(need.id) is needs.by_code(need.code) for need in needs)


def test_R37_no_need_calls_the_police() -> None:
    """Going to the police is nobody's button: no need or sub-choice speaks of it."""
    texts = " ".join(f"{n.code} {n.text} {n.hint}" for n in load("needs")).lower()
    assert "police" not in texts
