"""Reading the lists, and refusing bad ones."""

import pytest

from words import BadWords, Choice, Language, list_names, load, parse

GOOD = '[[soon]]\nid = 1\ncode = "now"\ntext = "Now"\n'
SECOND = '[[soon]]\nid = 2\ncode = "then"\ntext = "Then"\n'
TONGUE = (
    '[[languages]]\nid = 1\ncode = "en"\ntext = "English"\nenglish = "English"\n'
    'direction = "ltr"\ncatalogue = 1\n'
)


def test_a_good_list_is_read_in_its_order() -> None:
    """Entries come in the order of the file, with what they say and nothing else."""
    now, then = parse("x.toml", GOOD + SECOND)["soon"]
    assert now == Choice(id=1, code="now", text="Now")
    assert (then.id, then.parent, then.retired) == (2, None, False)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD + SECOND.replace("id = 2", "id = 1"), "already given"),
        (GOOD + SECOND.replace("then", "now"), "already given"),
        (GOOD + "retired = true\n" + SECOND.replace("id = 2", "id = 1"), "retired entry 'now'"),
        (GOOD + 'colour = "red"\n', "unknown key 'colour'"),
        ('[[soon]]\nid = 1\ncode = "now"\n', "'text' is missing"),
        (GOOD.replace('"Now"', '""'), "'text' is empty"),
        (GOOD.replace('"Now"', '"Now  or then"'), "spaces too many"),
        (GOOD.replace('"Now"', '"Now "'), "spaces too many"),
        (GOOD.replace('"Now"', '"Cafe\u0301"'), "not NFC"),
        (GOOD.replace("id = 1", "id = 0"), "not in 1..65535"),
        (GOOD.replace("id = 1", "id = 65536"), "not in 1..65535"),
        (GOOD.replace("id = 1", "id = true"), "'id' is not of type int"),
        (GOOD.replace("id = 1", 'id = "1"'), "'id' is not of type int"),
        (GOOD.replace('"Now"', "7"), "'text' is not of type str"),
        (GOOD + 'retired = "yes"\n', "'retired' is not of type bool"),
        (GOOD.replace('"now"', '"Now"'), "not well formed"),
        (GOOD.replace('"now"', '"right now"'), "not well formed"),
        (GOOD + 'parent = "then"\n' + SECOND, "no earlier top entry"),
        (GOOD + 'parent = "now"\n', "no earlier top entry"),
        ("soon = 3\n", "not a list of entries"),
        ("soon = [1]\n", "not a list of entries"),
        ("[[soon]\n", "x.toml"),
        (TONGUE.replace("ltr", "up"), "neither ltr nor rtl"),
        (TONGUE.replace("catalogue = 1", "catalogue = 3"), "not 0, 1 or 2"),
        (TONGUE.replace('"en"', '"english"'), "not well formed"),
        (TONGUE.replace("direction", "retired"), "'retired' is not of type bool"),
        (TONGUE.replace('english = "English"\n', ""), "'english' is missing"),
        (GOOD + 'english = "Now"\n', "unknown key 'english'"),
    ],
)
def test_bad_data_is_refused_by_file_entry_and_reason(text: str, complaint: str) -> None:
    """Every rule has a refusal that names the file and says which rule it was."""
    with pytest.raises(BadWords) as refusal:
        parse("x.toml", text)
    assert str(refusal.value).startswith("x.toml")
    assert complaint in str(refusal.value)


def test_a_refusal_names_the_entry() -> None:
    """Whoever edits a long file is told which entry is wrong."""
    with pytest.raises(BadWords, match=r"x\.toml: soon entry 2 \(then\)"):
        parse("x.toml", GOOD + SECOND + 'colour = "red"\n')


def test_a_grandchild_is_refused() -> None:
    """Sub-choices are one level deep, since forms and readers show only that."""
    child = SECOND + 'parent = "now"\n'
    third = '[[soon]]\nid = 3\ncode = "late"\ntext = "Late"\nparent = "then"\n'
    with pytest.raises(BadWords, match="no earlier top entry"):
        parse("x.toml", GOOD + child + third)


def test_a_number_of_a_newer_client_is_unknown_and_no_error() -> None:
    """Looking up an id that no list has gives None."""
    assert load("needs").by_id(65535) is None
    assert load("needs").by_code("not_yet_known") is None


def test_a_retired_entry_is_readable_and_no_longer_offered() -> None:
    """An older client may still send a retired choice; forms do not show it."""
    soon = parse("x.toml", GOOD + "retired = true\n" + SECOND)["soon"]
    assert [entry.code for entry in soon.offered()] == ["then"]
    retired = soon.by_id(1)
    assert retired is not None
    assert retired.text == "Now"


def test_parents_exist() -> None:
    """Every sub-choice of every list belongs to a top entry of the same list."""
    for name in list_names():
        for entry in load(name):
            parent = load(name).by_code(entry.parent) if entry.parent else None
            assert entry.parent is None or (parent is not None and parent.parent is None)


def test_every_list_is_loaded_and_none_is_empty() -> None:
    """Asking by name gives each list once; a name that is no list is an error."""
    assert all(len(load(name)) > 1 and load(name).name == name for name in list_names())
    with pytest.raises(KeyError):
        load("surnames")


def test_languages_carry_more_than_choices() -> None:
    """Only the list of languages has direction, English name and catalogue."""
    assert all(isinstance(entry, Language) for entry in load("languages"))
    assert not any(isinstance(entry, Language) for entry in load("needs"))
