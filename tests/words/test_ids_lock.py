"""Ids are given once."""

from pathlib import Path

import pytest

from words import BadWords, list_names, load, lock

LOCKED = {("soon", 1): "now", ("soon", 2): "then"}


def test_every_id_stands_in_the_lock_unchanged() -> None:
    """No id has vanished or changed its code, and new ones have been locked."""
    locked = lock.read(lock.LOCK.read_text(encoding="utf-8"))
    current = lock.ids_of({name: load(name) for name in list_names()})
    assert lock.broken(locked, current) == []
    assert lock.added(locked, current) == []


@pytest.mark.parametrize(
    ("current", "complaint"),
    [
        ({("soon", 1): "now"}, "soon 2 (then) is gone"),
        ({("soon", 1): "now", ("soon", 2): "later"}, "soon 2 was then and is now later"),
        (
            {("soon", 1): "now", ("soon", 2): "later", ("soon", 3): "then"},
            "soon then was 2 and is now 3",
        ),
        ({("soon", 1): "then", ("soon", 2): "now"}, "soon 1 was now and is now then"),
        ({("later", 1): "now", ("soon", 2): "then"}, "soon 1 (now) is gone"),
    ],
)
def test_a_vanished_changed_or_moved_id_is_found(
    current: dict[tuple[str, int], str], complaint: str
) -> None:
    """Whatever breaks the rule is named."""
    assert any(problem.startswith(complaint) for problem in lock.broken(LOCKED, current))


def test_a_new_id_is_no_problem_and_is_added() -> None:
    """Lists may grow."""
    current = {**LOCKED, ("soon", 3): "later"}
    assert lock.broken(LOCKED, current) == []
    assert lock.added(LOCKED, current) == ["soon 3 later"]


def test_the_command_only_appends(tmp_path: Path) -> None:
    """What the file said before stands in it afterwards, byte for byte, and then it is complete."""
    file = tmp_path / "ids.lock"
    before = lock.HEADER + "needs 1 sleep_tonight\n"
    file.write_text(before, encoding="utf-8")
    assert lock.main(["--check"], file) == 1
    assert file.read_text(encoding="utf-8") == before
    assert lock.main([], file) == 0
    assert file.read_text(encoding="utf-8").startswith(before)
    assert lock.main(["--check"], file) == 0


def test_the_command_refuses_a_broken_rule_and_writes_nothing(tmp_path: Path) -> None:
    """A reused number cannot be locked over the old one."""
    file = tmp_path / "ids.lock"
    before = lock.HEADER + "needs 1 something_else\n"
    file.write_text(before, encoding="utf-8")
    assert lock.main([], file) == 1
    assert file.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("line", ["needs one two", "needs 1", "soon 1 now\nsoon 1 now", "x 01 y"])
def test_a_malformed_lock_is_refused(line: str) -> None:
    """A damaged lock is an error, never an empty one."""
    with pytest.raises(BadWords, match=r"ids\.lock"):
        lock.read(line + "\n")


def test_the_command_explains_wrong_arguments() -> None:
    """Anything but --check is a usage error."""
    assert lock.main(["--force"]) == 2
