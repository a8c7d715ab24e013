"""`towpath ask --no-code`, `towpath network`, and the command line itself."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from client.cli import peer_file
from client.cli.common import network_id_of
from client.errors import BadInput
from crypto import constants as c
from crypto.client.message import Message
from crypto.encoding import b64
from tests.client.peer.conftest import MakeTown, Run
from tests.client.peer.keyboard import (
    FILE,
    GO_ON,
    NO,
    NO_WORD,
    SHORT,
    asking,
    lines,
    receipt_in,
)
from tests.client.peer.providers import choice
from tests.client.peer.town import Town
from words import banned

ROOT = Path(__file__).resolve().parents[3]
COMMANDS = ("ask", "answers", "add", "renew", "withdraw", "paste", "keep", "seal", "network")


@pytest.fixture
def town(make_town: MakeTown) -> Town:
    """A town with three organisations."""
    return make_town("Open Door", "Harbour House", "Legal Aid")


def pinned(town: Town) -> str:
    """The id of the town's network."""
    return town.provider.network.network_id.hex()


def test_P2_R10_without_a_code_the_network_must_be_named(town: Town, run: Run) -> None:
    """And how to come by its id is said; no organisation is shown before."""
    shown = run("ask", "--no-code")
    assert shown.exit_code == 7
    assert "towpath network" in shown.output
    assert "somebody you trust" in " ".join(shown.output.split())
    assert town.calls == []


def test_R10_R22_somebody_without_a_code_chooses_and_asks(town: Town, run: Run) -> None:
    """The list, who will read it, the form, the yes, the work, delivered."""
    typed = lines("2", GO_ON, *SHORT, "2", "2")
    shown = run("ask", "--no-code", "--network", pinned(town), typed=typed)
    assert shown.exit_code == 0
    assert "Delivered." in shown.stdout
    (sealed,) = town.envelopes.values()
    one = town.provider.organisations[2]  # by name: Harbour House, Legal Aid, Open Door
    assert one.name == "Legal Aid"
    assert town.provider.read_walk_in(sealed, one).consent == c.CONSENT_SELF


def test_R40_an_organisation_is_named_on_the_command_line(
    town: Town, run: Run, tmp_path: Path
) -> None:
    """By a part of its name that is its alone, with the request from a file."""
    (tmp_path / "request.toml").write_text(FILE)
    base = ("ask", "--no-code", "--network", pinned(town), "--from", "request.toml", "--yes")
    assert run(*base, "--to", "harbour").exit_code == 0
    assert run(*base, "--to", "a").exit_code == 2
    assert run(*base, "--to", "Nobody").exit_code == 6
    assert len(town.envelopes) == 1


def test_P9_nobody_left_to_choose_is_said(town: Town, run: Run) -> None:
    """All suspended: exit 6."""
    town.provider.suspended = {one.key: 2 for one in town.provider.organisations}
    assert run("ask", "--no-code", "--network", pinned(town)).exit_code == 6


def test_a_date_that_is_wrong_is_named(town: Town, run: Run) -> None:
    """The work of no day of this device is taken: exit 7 and the reason."""
    town.day += 9
    typed = lines("1", GO_ON, *SHORT, "3", "2")
    shown = run("ask", "--no-code", "--network", pinned(town), typed=typed)
    assert shown.exit_code == 7
    assert "date of this device" in " ".join(shown.output.split())


def test_armour_of_a_day_that_passed_is_worked_for_again(town: Town, run: Run) -> None:
    """Where the server takes no day of this device even then, the date is named as the reason."""
    typed = lines("1", GO_ON, *SHORT, "3", "2")
    made = run("ask", "--no-code", "--network", pinned(town), "--armour", "w.txt", typed=typed)
    assert made.exit_code == 0
    town.day += 3
    shown = run("paste", "w.txt")
    assert shown.exit_code == 7
    assert "date of this device" in " ".join(shown.output.split())


def test_S2_unanswered_withdrawn_and_asked_elsewhere(town: Town, run: Run) -> None:
    """She sees "not answered", withdraws, picks a second herself; nothing was forwarded."""
    receipt = receipt_in(run("ask", typed=asking(town.publish("one"))).output)
    assert "not answered yet" in run("answers", typed=lines(receipt, NO_WORD)).stdout
    assert run("withdraw", "--yes", typed=lines(receipt, NO_WORD)).exit_code == 0
    typed = lines("1", GO_ON, *SHORT, "2", "2")
    again = run("ask", "--no-code", "--network", pinned(town), typed=typed)
    assert again.exit_code == 0
    second = receipt_in(again.output)
    assert second != receipt
    assert "Delivered to Harbour House" in run("answers", typed=lines(second, NO_WORD)).stdout
    assert len(town.envelopes) == 1


def test_P2_the_network_is_shown_for_pinning(town: Town, run: Run) -> None:
    """Its id, its admins, how many must agree, until when; as text and as JSON."""
    shown = run("network").stdout
    assert pinned(town) in shown
    assert "2 of 3 must agree" in shown
    said = json.loads(run("network", "--json").stdout)
    assert said["network_id"] == pinned(town)
    assert said["admins"] == ["a1", "a2", "a3"]
    assert run("network", "--network", said["network_id"]).exit_code == 0


def test_P2_another_network_than_the_pinned_one_is_exit_6(town: Town, run: Run) -> None:
    """Nothing is shown of it."""
    shown = run("network", "--network", "00" * 32)
    assert shown.exit_code == 6
    assert shown.stdout == ""


def test_P9_a_checkpoint_of_older_rules_is_exit_6(town: Town, run: Run) -> None:
    """A chain that goes on, and a checkpoint that does not know of it."""
    town.provider.later_policies.append(town.provider.network.next_policy())
    shown = run("network")
    assert shown.exit_code == 6
    assert "older rules" in " ".join(shown.output.split())


def test_P9_rules_that_too_few_signed_are_exit_6(town: Town, run: Run) -> None:
    """One admin alone changes nothing."""
    first = town.provider.network.admins[:1]
    town.provider.later_policies.append(town.provider.network.next_policy(signed_by=first))
    shown = run("network")
    assert shown.exit_code == 6
    assert "Too few admins" in " ".join(shown.output.split())


@pytest.mark.parametrize("text", ["", "x", "00" * 31, "zz" * 32, "AA", "A" * 42, "é" * 43])
def test_what_is_no_network_id_is_refused(text: str) -> None:
    """Neither hexadecimal digits nor base64 of 32 bytes."""
    with pytest.raises(BadInput):
        network_id_of(text)


def test_a_network_id_is_read_in_each_of_its_forms() -> None:
    """Digits, base64 and base64url, with or without padding, with spaces."""
    value = bytes(range(0xE0, 0x100))
    url = b64(value).translate(str.maketrans("+/", "-_"))
    spaced = " ".join(value.hex()[at : at + 8] for at in range(0, 64, 8))
    for text in (value.hex(), spaced, b64(value), url, url.rstrip("=")):
        assert network_id_of(text) == value


def towpath(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    clean = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **environment}
    return subprocess.run(
        [sys.executable, "-m", "towpath", *words],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_R19_R20_the_helps_are_plain_and_use_no_banned_word() -> None:
    """Each explains itself without a server, in words that anybody may read."""
    for words in ((), *((name,) for name in COMMANDS)):
        shown = towpath(*words, "--help")
        assert (shown.returncode, shown.stderr) == (0, "")
        assert banned.find(shown.stdout) == ()


def sentences_of(path: Path) -> list[str]:
    """Every text in a module that has a space in it, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and " " in node.value
        and id(node) not in own
    ]


def test_R19_R20_no_sentence_of_a_trouble_uses_a_banned_word() -> None:
    """Also those that no test happens to print."""
    paths = [
        ROOT / "client" / name
        for name in ("errors.py", "http.py", "network_view.py", "network_words.py", "seen.py")
    ]
    paths += [*(ROOT / "client/cli").glob("peer*.py"), *(ROOT / "client/cli").glob("[ac]*.py")]
    flows = ("ask", "answers", "carried", "walk_in", "choosing", "refusals", "ways")
    paths += [ROOT / "client/flows" / f"{name}.py" for name in flows]
    found = {path.name: sentences_of(path) for path in [*paths, ROOT / "towpath/__main__.py"]}
    assert sum(map(len, found.values())) > 200
    used = {
        (name, text): banned.find(text)
        for name, texts in found.items()
        for text in texts
        if banned.find(text)
    }
    assert used == {}


def test_help_needs_neither_the_server_nor_its_libraries() -> None:
    """What a caseworker calls does not load a database."""
    source = (
        "import sys; from towpath.__main__ import towpath\n"
        "towpath(['--help'], standalone_mode=False)\n"
        "print(sorted(n for n in sys.modules if n in ('server', 'flask', 'sqlalchemy')))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == "[]"


def test_P5_no_command_takes_a_secret_as_an_argument() -> None:
    """Codes, receipts and words come from prompts and files, never from argv."""
    for name in COMMANDS:
        shown = towpath(name, "--help").stdout
        options = {word.strip(",") for word in shown.split() if word.startswith("--")}
        assert not options & {"--code", "--receipt", "--word", "--text", "--contact"}


@pytest.mark.parametrize("name", COMMANDS[:5])
def test_without_a_server_each_says_how_to_name_one(name: str) -> None:
    """Exit 7 and a sentence."""
    shown = towpath(name)
    assert shown.returncode == 7
    assert "TOWPATH_SERVER" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_stopping_by_hand_is_130_and_says_so() -> None:
    """An empty input ends the first question."""
    shown = towpath("ask", TOWPATH_SERVER="http://127.0.0.1:9")
    assert shown.returncode == 130
    assert "Traceback" not in shown.stderr


def test_a_terminal_without_the_script_gets_question_marks() -> None:
    """Where names of languages can't be shown, nothing breaks."""
    shown = towpath("ask", "--example", PYTHONIOENCODING="ascii")
    assert shown.returncode == 0


def test_a_full_disk_behind_the_output_is_no_traceback() -> None:
    """What can't be written is said in a sentence."""
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "towpath", "ask", "--example"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr


def test_P8_R12_the_example_lacks_the_yes_and_nothing_else() -> None:
    """Whoever copies it has to ask; with the yes it is whole."""
    example = peer_file.example()
    with pytest.raises(BadInput, match="consent"):
        peer_file.parse(example)
    said = peer_file.parse(example.replace('# consent = "yes"', 'consent = "yes"'))
    assert said.needs[0] == choice("needs", "sleep_tonight")


def test_R40_a_file_can_say_all_that_the_form_can() -> None:
    """Every field of a request but the box, which the receipt gives."""
    example = peer_file.example()
    keys = {
        line.split(" = ")[0].removeprefix("# ") for line in example.split("\n") if " = " in line
    }
    own = {"kind", "box", "unknown"}
    assert {"channels" if key == "channel" else key for key in keys} == set(Message.__slots__) - own


@pytest.mark.parametrize(
    "text",
    [
        "consent = ",
        "name = 'canary'\n" + FILE,
        "age = 5\n" + FILE,
        FILE.replace('"ko"', '"canary"'),
        FILE.replace('"ko"', '"ko", "ko"'),
        FILE.replace('["ko"]', '"ko"'),
        FILE.replace('["ko"]', "[]"),
        FILE.replace('["ko"]', "[5]"),
        FILE.replace('"yes"', "1"),
        FILE.replace('"yes"', '"canary"'),
        FILE + "people = 0",
        FILE + "people = 100",
        FILE + "people = true",
        FILE + "text = 5",
        FILE + f'text = "{"canary" * 600}"',
        FILE + f'languages = ["{"x" * 9}"]',
        FILE.replace('eyes = "receipt"', ""),
        FILE + f"who = {list('abcdefghijklmnopqrs')}",
    ],
)
def test_R1_a_file_with_anything_else_is_refused_without_quoting_it(text: str) -> None:
    """No field beyond the request's, no code beyond the lists; nothing of it is echoed."""
    with pytest.raises(BadInput) as caught:
        peer_file.parse(text)
    assert "canary" not in str(caught.value)


def test_a_network_of_todays_witnesses_has_no_warning(make_town: MakeTown, run: Run) -> None:
    """Where witnesses watch, nothing is said of it."""
    town = make_town("Open Door", witnesses=5)
    shown = run("ask", typed=lines(town.publish("one"), NO), at=town)
    assert "Please note" not in shown.output


def test_P9_a_withheld_list_is_warned_of_before_anything_is_typed(
    make_town: MakeTown, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device nine days after the newest checkpoint: the person decides, knowing it."""
    town = make_town("Open Door", witnesses=5)
    monkeypatch.setattr("client.ambient.time.time", lambda: (town.day + 9) * 86_400.0)
    shown = run("ask", typed=lines(town.publish("one"), NO), at=town).output
    assert shown.index("is being kept back") < shown.index("Go on?")
