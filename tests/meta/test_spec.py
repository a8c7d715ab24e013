"""The specification holds together: tables add up, names exist, every stored byte has an end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto import constants
from crypto.errors import CATEGORIES

SPEC = Path(__file__).resolve().parents[2] / "docs" / "spec"
PAGES = sorted(page for page in SPEC.glob("*.md") if page.name != "README.md")
PARTS = ["codes", "record", "envelope", "box", "walk-in", "statements", "tokens", "store"]

# What DESIGN's tables hold, a row of conventions.md 8 each; a new column means a new row there.
STORED = {
    "code row: locator": constants.LOCATOR_BYTES,
    "code row: H(write key)": constants.HASH_BYTES,
    "code row: record": constants.RECORD_BYTES,
    "code, box, envelope, store, invite and application rows: last epoch": constants.EPOCH_BYTES,
    "envelope row: locator or tag": constants.BINDING_BYTES,
    "envelope row: H(request)": constants.HASH_BYTES,
    "envelope row: envelope": constants.ENVELOPE_BYTES,
    "envelope row: arrival epoch, cursor": constants.EPOCH_BYTES,
    "walk-in: work": constants.U64_BYTES,
    "box: id": constants.BOX_ID_BYTES,
    "box: H(holder key), H(write key)": constants.HASH_BYTES,
    "slot 0": constants.SLOT_BYTES,
    "slots 1 to 31": constants.SLOT_BYTES,
    "withdrawn row in the drop": constants.ENVELOPE_BYTES,
    "spent token: nullifier": constants.HASH_BYTES,
    "spent token: period": constants.EPOCH_BYTES,
    "invite row: locator": constants.LOCATOR_BYTES,
    "invite row: H(write key)": constants.HASH_BYTES,
    "invite row: offer, reply": constants.INVITE_BYTES,
    "application row: id": constants.APPLICATION_ID_BYTES,
    "application row: H(write key)": constants.HASH_BYTES,
    "application row: application": (
        constants.SUITE_BYTES
        + constants.U8_BYTES
        + constants.READER_SEALED_BYTES
        + constants.APPLICATION_BODY_BYTES
    ),
    "application row: reply": constants.VETTING_REPLY_BYTES,
    "application row: number of entries": constants.U32_BYTES,
    "entry row: entry": constants.VETTING_ENTRY_BYTES,
    "admin key": constants.ADMIN_KEY_BYTES,
    "weekly key": constants.WEEKLY_KEY_BYTES,
}
STORED_OF_ANY_SIZE = {
    "box: its envelopes",
    "cover of an empty slot",
    "statement, policy, suspension list, checkpoint, cosignatures, proofs",
    "profile",
    "store",
    "member: public keys, counter",
}


def page(name: str) -> str:
    """The text of one page."""
    return (SPEC / f"{name}.md").read_text(encoding="utf-8")


def rows(text: str) -> Iterator[list[str]]:
    """Every row of every table: its cells."""
    for line in text.splitlines():
        if line.startswith("|") and not re.fullmatch(r"[|\- :]+", line):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def stored() -> dict[str, list[str]]:
    """The table of stored things, by its first cell."""
    section = page("conventions").split("\n## 8.")[1].split("\n## ")[0]
    table = {cells[0]: cells[1:] for cells in rows(section)}
    del table["stored"]
    return table


def number(cell: str) -> int:
    """The first number of a cell."""
    found = re.search(r"\d[\d,]*", cell)
    assert found, cell
    return int(found[0].replace(",", ""))


def test_P1_P7_every_stored_thing_has_a_reader_and_an_end() -> None:
    """For everything that a server stores, the table says who can read it and when it dies."""
    table = stored()
    assert set(table) == set(STORED) | STORED_OF_ANY_SIZE
    for thing, cells in table.items():
        assert len(cells) == 4, thing
        assert all(cells), thing


@pytest.mark.parametrize("thing", STORED)
def test_P12_T25_stored_sizes_are_those_of_the_constants(thing: str) -> None:
    """The size that the table gives is the one that both ends are generated with."""
    assert number(stored()[thing][0]) == STORED[thing]


def test_P7_every_key_has_a_maker_a_holder_and_an_end() -> None:
    """The key table leaves no cell empty: who makes, holds, uses, signs and erases each key."""
    section = page("conventions").split("\n## 7.")[1].split("\n## ")[0]
    keys = list(rows(section))
    assert len(keys) > 12
    for cells in keys:
        assert len(cells) == 6, cells
        assert all(cells), cells


@pytest.mark.parametrize("name", ["record", "envelope", "box", "walk-in", "store"])
def test_offsets_in_byte_tables_add_up(name: str) -> None:
    """In every table of offsets, each part begins where the one before it ends."""
    for table in re.split(r"\n(?=\| offset)", page(name))[1:]:
        body = re.split(r"\n(?!\|)", table)[0]
        at = 0
        for offset, size, *_ in list(rows(body))[1:]:
            assert number(offset) == at, (name, offset)
            if not size.startswith("n"):
                at += eval_size(size)


def eval_size(cell: str) -> int:
    """A size such as `4,023 + 16` or `16 · 1,168`."""
    total = 0
    for part in cell.replace(",", "").split("+"):
        product = 1
        for factor in part.split("·"):
            product *= int(factor)
        total += product
    return total


def test_labels_in_the_pages_are_those_of_the_constants() -> None:
    """Every label that a page uses is generated, and every generated label is used by a page."""
    used = set()
    for one in PAGES:
        used |= set(re.findall(r"towpath/v1/[a-z-]+", one.read_text(encoding="utf-8")))
    known = {v for k, v in vars(constants).items() if k.startswith("LABEL_")}
    assert used == known


def test_categories_in_the_pages_are_the_error_classes() -> None:
    """A page rejects as a category that exists, and every category is used by some page."""
    used = set()
    for one in PAGES:
        text = one.read_text(encoding="utf-8")
        used |= set(re.findall(r"[Rr]eject(?:ed)?[^.;:]{0,40}? as\s+([A-Z][A-Za-z]+)", text))
        used |= set(re.findall(r"\(([A-Z][a-z]+[A-Z]?[A-Za-z]+)[),]", text))
    names = {category.__name__ for category in CATEGORIES}
    listed = {cells[0] for cells in rows(page("conventions").split("\n## 6.")[1])}
    assert names <= listed
    assert names - used == set()
    assert {word for word in used if word in names or word.endswith("ed")} <= names


def test_T2_error_classes_say_their_cause_and_nothing_else() -> None:
    """A refusal's whole message is the plain sentence of its class, whatever was refused."""
    for category in CATEGORIES:
        assert category.__doc__
        assert str(category()) == category.__doc__
        with pytest.raises(TypeError):
            category("a secret")  # type: ignore[call-arg]


@pytest.mark.parametrize("name", PARTS)
def test_every_page_has_what_its_reader_needs(name: str) -> None:
    """Each page says its version, what it does not protect, and what changed."""
    text = page(name)
    assert "\nVersion 1." in text
    assert "Not protected\n" in text
    assert "## Changelog" in text


@pytest.mark.parametrize(
    ("name", "number_of_bytes"),
    [
        ("record", constants.RECORD_BYTES),
        ("envelope", constants.ENVELOPE_BYTES),
        ("envelope", constants.MESSAGE_BYTES),
        ("box", constants.SLOT_BYTES),
        ("walk-in", constants.WEEKLY_KEY_BYTES),
        ("store", constants.MEMBER_FILE_BYTES),
        ("store", constants.STORE_SLOT_BYTES),
        ("envelope", constants.BOX_FIELD_BYTES),
    ],
)
def test_sizes_that_a_page_states_are_generated(name: str, number_of_bytes: int) -> None:
    """The sizes that readers rely on stand in the page as they are generated."""
    assert f"{number_of_bytes:,}" in page(name)
