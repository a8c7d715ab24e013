"""Makes tests/meta/routes.json and the tables of docs/api.md; --check names what is stale.

Both come from what the routes declare. The snapshot is there so that a new route, a wider audience
or one more thing stored shows in a review as what it is.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import server  # noqa: F401 - its blueprints declare the routes
from server.limits import RULES
from server.pages import HTML
from server.problems import BROKEN, BUSY, MALFORMED, MEDIA_TYPE, TOO_LARGE
from server.routes.route import FILE, OCTETS, PAGES, ROUTES, Route

ROOT = Path(__file__).parents[1]
SNAPSHOT = ROOT / "tests" / "meta" / "routes.json"
PAGE = ROOT / "docs" / "api.md"
BEGIN = "<!-- made by tools/generate_api.py from here -->"
END = "<!-- to here -->"

AUDIENCES = {
    "anyone": "For anyone",
    "holder": "For whoever holds a code or a receipt",
    "provider": "For providers, without saying which",
    "member": "For members of a vetted organisation, signed",
    "applicant": "For organisations that apply",
    "admin": "For admins",
    "operator": "For the operator",
}
_KINDS = {HTML: "a page", FILE: "a file"}
_EVERYWHERE = {problem.type for problem in (MALFORMED, TOO_LARGE, MEDIA_TYPE, BROKEN, BUSY)}


def everything() -> list[Route]:
    """Return what was declared: the interface, then pages and what they load."""
    return [*ROUTES, *PAGES]


def snapshot(routes: Iterable[Route] | None = None) -> str:
    """Return what every route declares, as JSON, by path; every one unless `routes` are given."""
    routes = everything() if routes is None else routes
    told = [_declared(one) for one in sorted(routes, key=lambda one: (one.path, one.method))]
    return json.dumps(told, indent=1) + "\n"


def page(old: str, routes: Iterable[Route] | None = None) -> str:
    """Return the page with its tables made anew; raises ValueError where there is no place."""
    before, _, rest = old.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError("docs/api.md has no place for the tables.")
    tables = _tables(everything() if routes is None else list(routes))
    return f"{before}{BEGIN}\n\n{tables}\n{END}{after}"


def _declared(one: Route) -> dict[str, Any]:
    return {
        "path": one.path,
        "method": one.method,
        "audience": one.audience,
        "proof": one.proof,
        "asks": _asks(one, "?{}", "{} (form)"),
        "answers": one.answer if isinstance(one.answer, str) else _fields(one.answer),
        "problems": [problem.type for problem in one.problems],
        "limits": list(one.limits),
        "ticked": one.ticked,
        "stores": one.stores,
    }


def _asks(one: Route, query: str, form: str) -> list[str]:
    asked = _fields(one.body) + [query.format(name) for name in _fields(one.query)]
    asked += [] if one.octets is None else [OCTETS]
    return asked + ([] if one.form is None else [form.format(one.form)])


def _fields(kind: Any) -> list[str]:
    return [] if kind is None else list(kind.__struct_encode_fields__)


def _tables(routes: list[Route]) -> str:
    parts = []
    head = "| call | what it does | asks | answers | or | stores |\n|---|---|---|---|---|---|"
    for audience, title in AUDIENCES.items():
        rows = [_row(one) for one in routes if one.audience == audience and not one.is_page]
        parts.append("\n".join([f"### {title}\n", head, *rows, ""]))
    rows = [_row(one) for one in routes if one.is_page]
    parts.append("\n".join(["### Pages, and what they load\n", head, *rows, ""]))
    limits = [f"| `{name}` | {rule.counts} |" for name, rule in RULES.items()]
    parts.append("\n".join(["### Limits\n", "| limit | counts |\n|---|---|", *limits, ""]))
    return "\n".join(parts)


def _row(one: Route) -> str:
    asks = _asks(one, "?{}=", "{}")
    answers = [one.answer] if isinstance(one.answer, str) else _fields(one.answer)
    own = [problem.type for problem in one.problems if problem.type not in _EVERYWHERE]
    told = " ".join(f"`{name}`" for name in own)
    ticked = "◷" if one.ticked or "refused" in own else ""
    cells = [
        f"`{one.method} {one.path}`",
        one.about.partition("\n")[0],
        _proof(one, asks),
        ", ".join(_KINDS.get(name, f"`{name}`") for name in answers) or "`{}`",
        f"{told} {ticked}".strip() or "–",
        one.stores,
    ]
    return f"| {' | '.join(cells)} |"


def _proof(one: Route, asks: list[str]) -> str:
    told = ", ".join(f"`{name}`" for name in asks)
    by_header = {"signature": "signed", "drop-key": "the week's drop key"}.get(one.proof, "")
    return "; ".join(part for part in (told, by_header) if part) or "–"


def main() -> int:
    """Write both files, or with --check say which is stale; the exit code is then 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    made = {SNAPSHOT: snapshot(), PAGE: page(PAGE.read_text(encoding="utf-8"))}
    stale = [
        file
        for file, text in made.items()
        if not file.is_file() or file.read_text(encoding="utf-8") != text
    ]
    for file in stale:
        print(f"{'stale' if check else 'written'}: {file.relative_to(ROOT)}")
        if not check:
            file.write_text(made[file], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
