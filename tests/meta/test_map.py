"""docs/map.md names every room and every module, and nothing that is not there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAP = ROOT / "docs" / "map.md"
ROOMS_WITH_MODULES = (
    "crypto",
    "words",
    "client",
    "server",
    "migrations",
    "towpath",
    "tools",
    "bench",
)
_ROW = re.compile(r"\| `([^`]+)` \| (.+) \|")
_LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def section(text: str, title: str) -> str:
    """Return what stands between the heading `## title` and the next one of its rank."""
    _, _, rest = text.partition(f"\n## {title}\n")
    assert rest, f"docs/map.md has no section {title!r}"
    return rest.partition("\n## ")[0]


def rows(text: str) -> dict[str, str]:
    """Return path → the rest of the row, for each row whose first cell is a path; none twice."""
    matches = [_ROW.fullmatch(line) for line in text.splitlines()]
    found = [(match[1], match[2]) for match in matches if match]
    paths = [path for path, _ in found]
    assert len(paths) == len(set(paths)), "a path stands twice in docs/map.md"
    return dict(found)


def modules(root: Path) -> set[str]:
    """Return the path of every module below the rooms; a folder stands for its __init__.py."""
    files = (
        path.relative_to(root)
        for room in ROOMS_WITH_MODULES
        for path in (root / room).rglob("*.py")
    )
    return {
        f"{path.parent.as_posix()}/" if path.name == "__init__.py" else path.as_posix()
        for path in files
    }


def scripts(root: Path) -> set[str]:
    """Return the path of every module of the browser's client that mirrors none of `crypto/`."""
    web = root / "web"
    files = [
        path
        for places in ("build.js", "build/*.js", "lint/*.js", "flows/*.js", "pages/*.js")
        for path in web.glob(places)
    ]
    return {path.relative_to(root).as_posix() for path in files}


def names(folder: Path, suffix: str) -> set[str]:
    """Return the modules of one language below a folder, without their suffix."""
    files = (path for path in folder.rglob(f"*{suffix}") if path.name != "__init__.py")
    return {path.relative_to(folder).with_suffix("").as_posix() for path in files}


def rooms(root: Path) -> set[str]:
    """Return every folder at the top, hidden ones and caches left out."""
    return {
        f"{path.name}/"
        for path in root.iterdir()
        if path.is_dir() and not path.name.startswith((".", "__"))
    }


def row_for(path: str) -> str:
    """Return a row for a module, with the first sentence that it says of itself."""
    file = ROOT / path / "__init__.py" if path.endswith("/") else ROOT / path
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "?"
    first = " ".join(said.partition("\n\n")[0].split()).rstrip(".")
    return f"| `{path}` | {first} |"


@pytest.fixture(scope="module")
def text() -> str:
    """The map as it stands."""
    return MAP.read_text(encoding="utf-8")


def test_every_module_stands_in_the_map(text: str) -> None:
    """A new module gets its line: what is printed on failure can be pasted into section 8."""
    missing = sorted(modules(ROOT) - set(rows(section(text, "8. Modules"))))
    assert not missing, "add to docs/map.md:\n" + "\n".join(row_for(path) for path in missing)


def test_every_module_of_the_map_exists(text: str) -> None:
    """A module that was renamed or deleted takes its line with it."""
    assert sorted(set(rows(section(text, "8. Modules"))) - modules(ROOT)) == []


def test_every_script_stands_in_the_map(text: str) -> None:
    """A new script gets its line in section 9, and takes it along when it goes."""
    assert set(rows(section(text, "9. Modules of the browser's client"))) == scripts(ROOT)


def test_the_browsers_crypto_mirrors_the_other_file_for_file() -> None:
    """Who adds a module on one side adds it on the other, under the same name."""
    assert names(ROOT / "web" / "src", ".js") == names(ROOT / "crypto", ".py")


def test_every_room_stands_in_the_map(text: str) -> None:
    """A new folder at the top is a room, and has its row in section 1."""
    assert sorted(rooms(ROOT) - set(rows(section(text, "1. Rooms")))) == []


def test_rooms_of_the_map_exist_unless_they_are_open(text: str) -> None:
    """A room is either there or marked open, never both."""
    for room, rest in rows(section(text, "1. Rooms")).items():
        state = rest.rpartition("|")[2].strip()
        assert re.fullmatch(r"here|empty; open: part \d|open: part \d", state), room
        assert (ROOT / room).is_dir() != state.startswith("open"), room


def test_every_page_that_the_map_links_to_exists(text: str) -> None:
    """No link of the map leads nowhere."""
    assert [link for link in _LINK.findall(text) if not (MAP.parent / link).exists()] == []


def test_a_module_without_its_line_is_noticed(tmp_path: Path) -> None:
    """The comparison sees modules, packages and rooms, and leaves caches out."""
    for file in ("crypto/__init__.py", "crypto/client/new.py", "web/src/a.js", ".venv/bin/x.py"):
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "__pycache__").mkdir()
    listed = rows("| path | what |\n|---|---|\n| `crypto/` | all of it |\n| `gone.py` | was here |")
    assert listed == {"crypto/": "all of it", "gone.py": "was here"}
    assert modules(tmp_path) - set(listed) == {"crypto/client/new.py"}
    assert set(listed) - modules(tmp_path) == {"gone.py"}
    assert rooms(tmp_path) == {"crypto/", "web/"}


def test_a_path_that_stands_twice_is_noticed() -> None:
    """Two rows for one path would drift apart."""
    with pytest.raises(AssertionError, match="twice"):
        rows("| `a.py` | one |\n| `a.py` | two |")
