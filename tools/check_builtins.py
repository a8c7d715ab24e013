"""Refuse the built-in functions by which a module could go round the walls.

The import contracts read import statements and the lint bans read names of modules; a built-in
that imports, runs text or opens files is seen by neither.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("crypto", "words", "client", "server", "migrations", "towpath")
EVERYWHERE = frozenset({"__import__", "__builtins__", "compile", "eval", "exec"})
# `crypto` has no files, and no screen to read from or write to.
IN_CRYPTO = EVERYWHERE | {"open", "input", "print", "breakpoint"}


def found(root: Path) -> Iterator[str]:
    """Give a line for every use in the rooms below `root`."""
    for room in ROOMS:
        banned = IN_CRYPTO if room == "crypto" else EVERYWHERE
        for path in sorted((root / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Name) and node.id in banned:
                    yield f"{path.relative_to(root)}:{node.lineno}: {node.id} goes round the walls"


def main() -> int:
    """Print what was found; return 1 if there was anything."""
    lines = list(found(ROOT))
    print("\n".join(lines))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
