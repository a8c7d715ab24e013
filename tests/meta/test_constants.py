"""crypto/constants.py is what docs/spec/constants.toml says, and the words agree with both."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import words
from crypto import constants as c
from tools import generate_constants

ROOT = Path(__file__).parents[2]
TABLES: dict[str, dict[str, Any]] = generate_constants.flatten(
    tomllib.loads((ROOT / "docs" / "spec" / "constants.toml").read_text(encoding="utf-8"))
)
SOURCE = {name: value for section in TABLES.values() for name, value in section.items()}
GENERATED = {name: value for name, value in vars(c).items() if name.isupper()}
LABELS = {name: value for name, value in GENERATED.items() if name.startswith("LABEL_")}


def test_the_generated_files_are_up_to_date() -> None:
    """Generating the constants again gives the files that are there, byte for byte."""
    path, web = ROOT / "crypto" / "constants.py", ROOT / "web" / "src" / "constants.js"
    assert path.read_text(encoding="utf-8") == generate_constants.render()
    assert web.read_text(encoding="utf-8") == generate_constants.render_web()


def test_a_changed_source_would_be_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A size changed in the source makes the generated file stale."""
    source = generate_constants.SOURCE.read_text(encoding="utf-8")
    changed = source.replace("MESSAGE_BYTES = 4096", "MESSAGE_BYTES = 4097")
    (tmp_path / "constants.toml").write_text(changed, encoding="utf-8")
    monkeypatch.setattr(generate_constants, "SOURCE", tmp_path / "constants.toml")
    assert "ENVELOPE_BYTES: Final = 5274" in generate_constants.render()
    assert "export const ENVELOPE_BYTES = 5274;" in generate_constants.render_web()


def test_every_constant_of_the_source_is_generated_with_its_value() -> None:
    """Nothing is lost, added or changed on the way, and no name stands in two sections."""
    assert GENERATED.keys() == SOURCE.keys()
    assert Counter(n for s in TABLES.values() for n in s).most_common(1)[0][1] == 1
    for name, value in SOURCE.items():
        if not generate_constants.is_sum(value):
            assert GENERATED[name] == (tuple(value) if isinstance(value, list) else value), name


@pytest.mark.parametrize("name", [n for n, v in SOURCE.items() if generate_constants.is_sum(v)])
def test_R39_T34_sizes_are_the_sums_of_their_parts(name: str) -> None:
    """A size that the source gives as parts is their sum."""
    assert GENERATED[name] == sum(GENERATED[part] for part in SOURCE[name])
    assert len(SOURCE[name]) > 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("ENVELOPE_BYTES", 5273), ("INNER_BYTES", 4136), ("RECORD_BYTES", 4096), ("SLOT_BYTES", 4096),
     ("WEEKLY_KEY_BYTES", 1321), ("TOKEN_BYTES", 96), ("BOX_FIELD_BYTES", 112),
     ("CODE_SYMBOLS", 20), ("CODE_DIGITS", 27), ("PBKDF2_ROUNDS", 600_000), ("SUITE", 1)],
)  # fmt: skip
def test_the_sizes_of_the_pages_are_those_of_the_source(name: str, value: int) -> None:
    """The numbers that the specification's pages write out are these."""
    assert GENERATED[name] == value


def test_P1_every_label_is_one_of_a_kind() -> None:
    """Labels differ, none is the start of another with the same length, and all have one form."""
    assert len(set(LABELS.values())) == len(LABELS)
    for name, label in LABELS.items():
        assert re.fullmatch(r"towpath/v1/[a-z]+(-[a-z]+)*", label)
        assert label == "towpath/v1/" + name.removeprefix("LABEL_").lower().replace("_", "-")


def test_labels_and_field_numbers_have_one_meaning() -> None:
    """Within each list of field numbers, kinds and states no number is given twice."""
    for prefix in ("FIELD_", "ANSWER_", "CASE_", "ENTRY_", "SEED_", "KIND_", "EYES_", "CONSENT_"):
        sizes = re.compile(r"_BYTES$|_MOST$|_DAYS|_AFTER")
        values = [v for n, v in GENERATED.items() if n.startswith(prefix) and not sizes.search(n)]
        assert values, prefix
        assert len(set(values)) == len(values), prefix


def test_each_label_is_used_by_the_code() -> None:
    """A label that nothing uses is a promise of the specification that nothing keeps."""
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "crypto").rglob("*.py"))
        if path.name != "constants.py"
    )
    assert [name for name in LABELS if not re.search(rf"\b{name}\b", code)] == []


@pytest.mark.parametrize(
    ("name", "code", "number"),
    [("consent", "yes", c.CONSENT_PERSON), ("consent", "own", c.CONSENT_SELF),
     ("eyes", "word", c.EYES_WORD), ("eyes", "receipt", c.EYES_RECEIPT),
     ("eyes", "nobody", c.EYES_NOBODY), ("state", "delivered", c.STATE_DELIVERED)],
)  # fmt: skip
def test_P8_R12_numbers_with_a_meaning_are_those_of_the_words(
    name: str, code: str, number: int
) -> None:
    """The yes, whose eyes and "delivered" have one number in the code and in what people see."""
    choice = words.load(name).by_id(number)
    assert choice is not None
    assert choice.code == code


def test_P8_R12_T23_no_third_yes_exists() -> None:
    """The two consents that the code takes are all that people are offered."""
    offered = {choice.id for choice in words.load("consent")}
    assert offered == {c.CONSENT_PERSON, c.CONSENT_SELF}
