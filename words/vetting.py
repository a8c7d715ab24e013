"""The criteria by which admins vet an organisation: V1 to V16, as data, in the order of numbers."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import words

__all__ = ["Criterion", "Vetting", "load", "parse"]

FILE = "vetting.toml"


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One criterion: what is asked, what shows it, where it comes from, and whether it blocks."""

    number: int
    blocking: bool
    question: str
    evidence: str
    source: str

    @property
    def name(self) -> str:
        """How people call it: V1 to V16."""
        return f"V{self.number}"


@dataclass(frozen=True, kw_only=True)
class Vetting:
    """All criteria, and what admins should keep in mind with every one of them."""

    caution: str
    criteria: tuple[Criterion, ...]

    def of(self, number: int) -> Criterion:
        """Return the criterion with this number; raises KeyError for another than 1 to 16."""
        for one in self.criteria:
            if one.number == number:
                return one
        raise KeyError(number)


@cache
def load() -> Vetting:
    """Return the criteria; raises BadWords when the file breaks a rule."""
    return parse((words.HOME / FILE).read_text(encoding="utf-8"))


def parse(text: str) -> Vetting:
    """Read the text of the file; raises BadWords for a table or number out of place."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise words.BadWords(f"{FILE}: {error}") from None
    caution, tables = data.get("caution"), data.get("criterion")
    if data.keys() != {"caution", "criterion"} or not isinstance(caution, str):
        raise words.BadWords(f"{FILE}: it has caution and criterion, and nothing else")
    if not isinstance(tables, list):
        raise words.BadWords(f"{FILE}: criterion is not a list of tables")
    criteria = tuple(_criterion(number, table) for number, table in enumerate(tables, 1))
    return Vetting(caution=caution, criteria=criteria)


def _criterion(number: int, table: Mapping[str, object]) -> Criterion:
    where = f"{FILE}: criterion {number}"
    words.check_table(where, table, Criterion)
    if table["number"] != number:
        raise words.BadWords(f"{where}: its number is {table['number']}")
    return Criterion(**table)  # type: ignore[arg-type]  # each was checked
