"""Makes server/static/<page>.html from server/templates; --check names what is stale.

These are the pages that are the same on every server, for everybody: web/build.js packs them and
puts them into SHA256SUMS, so that what a server gives can be compared with what was built. Run
tools/generate_words.py first: their texts are in words/built.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from flask import Flask

from server import assets, pages

SAVED = "saved.html"  # web/build.js makes it of the page for asking


def made() -> dict[Path, str]:
    """Return path -> text of each page."""
    app = Flask("server")
    pages.install(app)
    with app.app_context():
        return {assets.STATIC / f"{name}.html": pages.frame(name) for name in pages.BUILT}


def stale(wanted: dict[Path, str]) -> list[Path]:
    """Return what is not there, differs, or is no page any more."""
    there = set(assets.STATIC.glob("*.html")) - {assets.STATIC / SAVED}
    differs = [
        path
        for path, text in wanted.items()
        if path not in there or path.read_text(encoding="utf-8") != text
    ]
    return sorted([*differs, *(there - wanted.keys())])


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages, or with --check compare; 1 for something stale."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args(arguments).check
    wanted = made()
    for path in stale(wanted):
        if check:
            sys.stdout.write(f"stale: server/static/{path.name} (./dev build)\n")
        elif path in wanted:
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()
    return 1 if check and stale(wanted) else 0


if __name__ == "__main__":
    sys.exit(main())
