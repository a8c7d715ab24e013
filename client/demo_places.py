"""Where a demo's things lie below its folder, and what its two providers say of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

_OPEN_DOOR = """
name = "Open Door Legal and Social Services"
kind = "sex_worker_services"
services = ["sleep_tonight", "documents", "money", "health", "interpreter", "criminal_law"]
police_ties = ["none"]
funding = ["none"]
reporting = ["minors"]
languages = ["en", "es", "ko", "zh-Hans", "ru", "th"]
accepts = ["everyone", "any_papers", "any_work", "staying"]
privilege = ["lawyer"]
housing = ["come_and_go", "own_phone", "no_locked_doors"]
regions = ["northeast"]
pledge = "one_day"
"""
_HARBOUR = """
name = "Harbour Immigration Legal Aid"
kind = "immigration_law"
services = ["immigration_law", "documents", "interpreter"]
police_ties = ["goes_with_you"]
funding = ["government", "reports_totals"]
reporting = ["court_orders"]
languages = ["en", "es", "hi"]
accepts = ["everyone", "any_papers"]
privilege = ["lawyer"]
housing = ["no_housing"]
regions = ["northeast", "mid_atlantic"]
pledge = "three_days"
"""
ANSWERS = """
contact = "Ring 555 0100 in the mornings and ask for the office."
[V1]
answer = "yes"
date = "2026-05-01"
text = "Rules for new people, page 1: nobody has to talk to anybody to be helped."
[V2]
answer = "yes"
date = "2026-05-01"
text = "Rule on data, page 2. What funders get is totals."
[V3]
answer = "yes"
text = "All ties stand in the public profile."
[V4]
answer = "yes"
text = "Grant agreements are on our page; the terms stand in the public profile."
[V5]
answer = "yes"
date = "2026-04-12"
text = "House rules; where there is no housing this does not apply."
[V7]
answer = "yes"
date = "2026-03-02"
text = "Two people who were helped here sit on the board."
"""
PROVIDERS = {"open-door": _OPEN_DOOR + ANSWERS, "harbour": _HARBOUR + ANSWERS}
FIRST = "open-door"


@dataclass(frozen=True, slots=True)
class Places:
    """Where things lie below a demo's folder."""

    folder: Path
    NAMES: ClassVar = frozenset(
        ("admins", "copies", "founded.json", "lock", "policy", "providers", "server", "server.said")
    )
    """Everything that a demo puts there."""

    @property
    def server(self) -> Path:
        """The server's folder."""
        return self.folder / "server"

    @property
    def policy(self) -> Path:
        """The signed policy."""
        return self.folder / "policy"

    @property
    def founded(self) -> Path:
        """Written last of all: a folder without it was not finished."""
        return self.folder / "founded.json"

    def admin(self, name: str) -> Path:
        """The key file of an admin."""
        return self.folder / "admins" / f"{name}.key"

    def home(self, name: str) -> Path:
        """The folder of a provider."""
        return self.folder / "providers" / name

    def copy(self, name: str) -> Path:
        """The place of a provider's second copy."""
        return self.folder / "copies" / name

    def passphrase(self, of: Path) -> Path:
        """The file with the passphrase of a key file or of a provider's folder."""
        return of.with_suffix(".passphrase")
