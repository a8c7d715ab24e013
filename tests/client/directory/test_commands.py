"""`towpath directory`: only what was checked goes out, and what comes in is reported row by row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from client.flows import hsds_import, hsds_schema, profile_file
from crypto.public import admin_keys
from crypto.public import profile as profiles
from tests.client.directory.scenes import REGIONS, TIED, data, filled_in, plain_row, row
from tests.client.peer.conftest import MakeTown, Run
from tests.client.peer.real import real_server
from tests.client.peer.town import Town
from towpath.__main__ import towpath
from words import banned, catalogues


@pytest.fixture
def town(make_town: MakeTown) -> Town:
    """A town with two organisations."""
    return make_town("Open Door", "Harbour House")


def pinned(town: Town) -> str:
    """The id of the town's network."""
    return town.provider.network.network_id.hex()


def words_of(text: str) -> str:
    """What was printed, without regard to where lines were broken."""
    return " ".join(text.split())


def test_P9_export_writes_what_holds_today(town: Town, run: Run, tmp_path: Path) -> None:
    """Valid HSDS, in a new file that only its owner reads; the same again is the same bytes."""
    for name in ("a.json", "b.json"):
        shown = run("directory", "export", "--network", pinned(town), "--out", name)
        assert shown.exit_code == 0
    one, other = (tmp_path / name for name in ("a.json", "b.json"))
    assert one.read_bytes() == other.read_bytes()
    assert one.stat().st_mode & 0o777 == 0o600
    made = json.loads(one.read_text())
    assert [each["name"] for each in made] == ["Harbour House", "Open Door"]
    assert all(hsds_schema.fault(each) is None for each in made)


def test_P9_what_a_real_server_lists_comes_out_and_in_again(tmp_path: Path) -> None:
    """An organisation that applied and was signed for is exported, and read as a file."""
    with real_server(tmp_path / "server") as real:
        provider = real.provider
        words = ["directory", "export", "--network", provider.network.network_id.hex()]
        shown = CliRunner().invoke(towpath, [*words, "--server", real.url, "--proxy", "none"])
    assert shown.exit_code == 0
    (taken,) = hsds_import.outcomes(shown.stdout.encode())
    assert isinstance(taken, hsds_import.Taken)
    assert profile_file.parse(filled_in(taken.file)).profile == provider.organisations[0].profile


def test_P9_who_is_suspended_or_signed_by_too_few_is_not_exported(town: Town, run: Run) -> None:
    """Neither in the file nor on paper."""
    town.provider.suspended[town.provider.organisations[0].key] = 2
    first = town.provider.network.admins[:1]
    town.provider.statements["Harbour House"] = {"signed_by": first}
    shown = run("directory", "export", "--network", pinned(town))
    assert json.loads(shown.stdout) == []
    shown = run("directory", "print", "--network", pinned(town), "--language", "en", "--out", "p")
    assert shown.exit_code == 0
    page = Path("p/list.en.html").read_text()
    assert "Nobody is on the list today." in page
    assert "Open Door" not in page


@pytest.mark.parametrize("words", [("export",), ("print", "--language", "en", "--out", "p")])
def test_P9_the_network_must_be_named(run: Run, town: Town, words: tuple[str, ...]) -> None:
    """Nothing is fetched before: without a code nothing proves the server's network."""
    assert run("directory", *words).exit_code == 7
    assert run("directory", *words, "--network", "00" * 32).exit_code == 6
    assert not Path("p/list.en.html").exists()


def test_export_never_writes_over_a_file(town: Town, run: Run, tmp_path: Path) -> None:
    """It is refused before anything is fetched."""
    (tmp_path / "a.json").write_text("mine")
    shown = run("directory", "export", "--network", pinned(town), "--out", "a.json")
    assert shown.exit_code == 2
    assert (tmp_path / "a.json").read_text() == "mine"
    assert town.calls == []


def test_R22_import_writes_what_is_whole_and_what_is_to_ask(run: Run, tmp_path: Path) -> None:
    """A file each, by the number of its row; the first has a whole profile."""
    (tmp_path / "in.json").write_bytes(data(row(), plain_row()))
    shown = run("directory", "import", "in.json", "--out", "out")
    assert shown.exit_code == 0
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "row-00001.toml",
        "row-00002.to-ask.toml",
    ]
    file = (tmp_path / "out" / "row-00001.toml").read_text()
    said = profile_file.parse(filled_in(file), REGIONS)
    assert said.profile == profiles.encode(TIED)
    assert "line 2: profile whole: Open Door -> row-00001.toml" in shown.stdout
    assert (
        "line 3: needs asking: kind, services, police ties, funding, reporting: Elsewhere"
        in shown.stdout
    )


def test_R21_what_import_writes_is_handed_in_only_once_it_is_filled_in(
    town: Town, run: Run, tmp_path: Path
) -> None:
    """`provider apply --from` says in plain words what is still empty, and begins no folder."""
    network = town.provider.network
    keys = [admin_keys.make(one.seed, network.network_id) for one in network.admins]
    town.instead["/v1/admins"] = (200, {"admin_keys": keys})
    (tmp_path / "in.json").write_bytes(data(row(), plain_row()))
    assert run("directory", "import", "in.json", "--out", "out").exit_code == 0
    whole = (tmp_path / "out" / "row-00001.toml").read_text()
    (tmp_path / "reached.toml").write_text(whole.replace('contact = ""', 'contact = "ring 555"'))
    (tmp_path / "phrase").write_text("a long passphrase\n")
    said = {
        "out/row-00001.toml": "The contact is missing.",
        "reached.toml": "There is no answer to V1, V2, V3, V5, V7.",
        "out/row-00002.to-ask.toml": "Something in this profile is missing.",
    }
    for file, sentence in said.items():
        words = ("--member", "one", "--passphrase-file", "phrase", "--yes", "--home", "home")
        shown = run("provider", "apply", "--from", file, "--network", pinned(town), *words)
        assert shown.exit_code == 2, shown.output
        assert sentence in words_of(shown.output)
    assert not (tmp_path / "home").exists()


def test_T60_refused_rows_are_listed_and_the_command_fails(run: Run, tmp_path: Path) -> None:
    """With line and reason each; the good ones are written all the same."""
    bad = plain_row("Bad\u202eName", 2)
    (tmp_path / "in.json").write_bytes(data(row(), bad, [], plain_row() | {"address": "x"}))
    shown = run("directory", "import", "in.json", "--out", "out")
    assert shown.exit_code == 2
    assert "line 3: refused: its name can't stand in a listing" in shown.stdout
    assert "line 4: refused: it is not an object" in shown.stdout
    assert "line 5: refused: it says where somebody can be found: address" in shown.stdout
    assert "Rows that were refused: 3." in words_of(shown.output)
    assert "\u202e" not in shown.output
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["row-00001.toml"]


def test_T60_check_writes_nothing(run: Run, tmp_path: Path) -> None:
    """And says the same, as JSON where that is asked for."""
    (tmp_path / "in.json").write_bytes(data(row(), plain_row(), {}))
    shown = run("directory", "import", "in.json", "--check", "--json")
    assert shown.exit_code == 2
    assert [(one["line"], one["outcome"]) for one in json.loads(shown.stdout)["rows"]] == [
        (2, "taken"),
        (3, "asking"),
        (4, "refused"),
    ]
    assert [file.name for file in tmp_path.iterdir()] == ["in.json"]


@pytest.mark.parametrize(
    "words",
    [
        ("import", "in.json"),
        ("import", "in.json", "--check", "--out", "new"),
        ("import", "in.json", "--out", "there"),
        ("import", "missing.json", "--check"),
        ("import", "there", "--check"),
        ("import", "not.json", "--out", "new"),
        ("print", "--language", "xx", "--out", "new", "--network", "00" * 32),
        ("print", "--language", "../en", "--out", "new", "--network", "00" * 32),
        ("print", "--out", "new"),
        ("export", "--out", "in.json", "--network", "00" * 32),
    ],
)
def test_T60_what_cannot_be_done_is_said_and_leaves_nothing(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Neither or both ways, a folder that is there, no file, no JSON, no such language."""
    (tmp_path / "in.json").write_bytes(data(row()))
    (tmp_path / "not.json").write_text("<html>")
    (tmp_path / "there").mkdir()
    assert run("directory", *words).exit_code == 2
    left = [file.name for file in tmp_path.rglob("*") if file.suffix in (".toml", ".html")]
    assert left == []


def test_R19_R20_no_help_uses_a_banned_word(run: Run) -> None:
    """Of the group and of each of its commands, which all explain themselves."""
    for words in ((), ("export",), ("import",), ("print",)):
        shown = run("directory", *words, "--help")
        assert shown.exit_code == 0
        assert banned.find(shown.output) == ()


def test_print_writes_a_page_in_each_language(town: Town, run: Run, tmp_path: Path) -> None:
    """And never over one that is there."""
    words = ("directory", "print", "--network", pinned(town), "--language")
    assert run(*words, "all", "--out", "p").exit_code == 0
    made = sorted(file.name for file in (tmp_path / "p").iterdir())
    assert made == sorted(f"list.{code}.html" for code in catalogues.codes())
    assert run(*words, "es", "--out", "p").exit_code == 2
