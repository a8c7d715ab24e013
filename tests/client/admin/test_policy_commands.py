"""`towpath admin keys` and `policy`: four people and some files, no server."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from client.cli.admin import admin
from client.flows import admin_keys, policy_signing
from crypto.encoding import b64
from crypto.public import notes
from tests.client.admin.running import plain
from words import banned

LOG = f"log log.example {b64(bytes(range(32)))}"
NAMES = ("ana", "bo", "cy")


@dataclass
class Desk:
    """A folder with the admins' key files, and everything that was printed."""

    folder: Path
    lines: dict[str, str] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)

    def run(self, *words: str, answer: str = "") -> Result:
        """Run one command of `towpath admin`."""
        result = CliRunner().invoke(admin, list(words), input=answer)
        self.printed.append(result.output)
        return result

    def new_key(self, name: str) -> None:
        """Make a key file with a passphrase of its own."""
        phrase = self.folder / f"{name}.phrase"
        phrase.write_text(f"{name}'s four words here\nand a line that does not count\n")
        made = self.run(
            "keys", "new", "--name", name, "--out", str(self.file(f"{name}.key")),
            "--passphrase-file", str(phrase),
        )  # fmt: skip
        assert made.exit_code == 0, made.output
        self.lines[name] = made.stdout.strip()

    def file(self, name: str) -> Path:
        """A file of the folder."""
        return self.folder / name

    def draft(self, threshold: int = 2) -> Result:
        """Draft the first policy of all admins."""
        words = [word for name in NAMES for word in ("--admin", self.lines[name])]
        return self.run(
            "policy", "draft", *words, "--log", LOG, "--threshold", str(threshold),
            "--out", str(self.file("one")),
        )  # fmt: skip

    def sign(self, name: str, file: str, *words: str, answer: str = "") -> Result:
        """Sign a file as an admin."""
        return self.run(
            "policy", "sign", str(self.file(file)), "--key", str(self.file(f"{name}.key")),
            "--passphrase-file", str(self.file(f"{name}.phrase")), *words, answer=answer,
        )  # fmt: skip

    def following(self, *words: str, out: str = "two") -> Result:
        """Draft the policy after the one in `one`."""
        return self.run(
            "policy", "next", "--after", str(self.file("one")), "--out", str(self.file(out)), *words
        )


@pytest.fixture(name="keys", scope="module")
def _keys(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("keys"))
    for name in NAMES:
        desk.new_key(name)
    return desk


@pytest.fixture(name="desk")
def _desk(tmp_path: Path, keys: Desk) -> Desk:
    shutil.copytree(keys.folder, tmp_path, dirs_exist_ok=True)
    return Desk(tmp_path, dict(keys.lines))


@pytest.fixture(name="signed")
def _signed(desk: Desk) -> Desk:
    assert desk.draft().exit_code == 0
    for name in NAMES[:2]:
        assert desk.sign(name, "one", "--yes").exit_code == 0
    return desk


def test_P9_three_admins_found_a_network_and_two_signatures_are_enough(desk: Desk) -> None:
    """Keys, a draft, two signatures: the file is a policy that clients accept."""
    assert desk.draft().exit_code == 0
    first = desk.sign("ana", "one", answer="y\n")
    assert "1 more admin of this policy must sign" in first.stdout
    second = desk.sign("cy", "one", answer="y\n")
    assert "towpath server policy" in second.stdout
    policy = policy_signing.accept([desk.file("one").read_bytes()])
    assert [key.name for key in policy.admins] == list(NAMES)
    assert banned.find(" ".join(desk.printed)) == ()


def test_P9_what_is_signed_is_shown_before_it_is_asked(desk: Desk) -> None:
    """Everything a policy says stands before the question; no witness is said, too."""
    desk.draft()
    asked = desk.sign("ana", "one", answer="n\n")
    before, _, _ = asked.output.partition("Sign this")
    for words in ("2 of 3 admins", "ana", "bo", "cy", "log.example", "No witness", "until"):
        assert words in before
    assert asked.exit_code == 1
    assert b"\n\n" not in desk.file("one").read_bytes()


def test_P9_without_an_answer_nothing_is_signed(desk: Desk) -> None:
    """A closed input is no yes."""
    desk.draft()
    assert desk.sign("ana", "one").exit_code == 130
    assert b"\n\n" not in desk.file("one").read_bytes()


def test_P9_R21_a_next_policy_shows_what_changes_and_needs_both_sides(signed: Desk) -> None:
    """A new admin joins, one is retired: the last policy's admins and the new ones sign."""
    signed.new_key("dee")
    assert signed.following("--add", signed.lines["dee"], "--retire", "ana").exit_code == 0
    after = ("--after", str(signed.file("one")))
    shown = signed.sign("dee", "two", *after, "--yes")
    assert "dee becomes an admin" in plain(shown)
    assert "ana is retired" in plain(shown)
    assert "2 more admins of the last policy must sign" in shown.stdout
    assert signed.sign("bo", "two", *after, "--yes").exit_code == 0
    last = signed.sign("ana", "two", *after, "--yes", "--json")
    assert json.loads(last.stdout)["whole"] is True
    assert banned.find(" ".join(signed.printed)) == ()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--threshold", "4"), 2, "not 4"),
        (("--threshold", "1"), 2, "not 1"),
        (("--retire", "nobody"), 2, "no admin"),
        (("--retire", "ana", "--retire", "bo"), 2, "here are 1"),
        ((), 2, "Nothing would change"),
        (("--add", "admin x y"), 2, "admin NAME KEY"),
        (("--days", "0"), 2, "range"),
    ],
)
def test_P9_R21_a_next_policy_that_breaks_a_rule_writes_no_file(
    signed: Desk, words: tuple[str, ...], code: int, said: str
) -> None:
    """The refusal is a sentence, the exit code is that of a wrong use, nothing lies there."""
    result = signed.following(*words)
    assert (result.exit_code, said in plain(result)) == (code, True)
    assert not signed.file("two").exists()


def test_P9_a_threshold_too_high_for_the_admins_writes_no_file(desk: Desk) -> None:
    """Four can't be asked for, whoever is there."""
    assert desk.draft(threshold=4).exit_code == 2
    assert not desk.file("one").exists()


def test_P9_R21_a_policy_that_skips_a_version_is_not_signed(signed: Desk) -> None:
    """The file says version 3, and only version 1 is known."""
    signed.following("--threshold", "3")
    text = signed.file("two").read_text().replace("version 2", "version 3")
    signed.file("three").write_text(text)
    result = signed.sign("ana", "three", "--after", str(signed.file("one")), "--yes")
    assert (result.exit_code, "version 2 is missing" in plain(result)) == (6, True)
    assert signed.file("three").read_text() == text


def test_P9_a_next_policy_is_not_signed_without_the_one_before(signed: Desk) -> None:
    """Neither a server nor files: nothing says what changes."""
    signed.following("--threshold", "3")
    result = signed.sign("ana", "two", "--yes")
    assert (result.exit_code, "needed to check" in plain(result)) == (6, True)


def test_P9_a_policy_with_a_signature_too_few_is_nothing_to_build_on(desk: Desk) -> None:
    """One of two signatures: no next policy is drafted after it."""
    desk.draft()
    desk.sign("ana", "one", "--yes")
    result = desk.following("--threshold", "3")
    assert (result.exit_code, "Fewer admins" in plain(result)) == (6, True)


def test_P9_R21_a_retired_admin_is_told_so(signed: Desk) -> None:
    """After the change is in force, that key signs no later version."""
    signed.following("--retire", "ana")
    after = ["--after", str(signed.file("one"))]
    for name in ("bo", "cy"):
        assert signed.sign(name, "two", *after, "--yes").exit_code == 0
    after += ["--after", str(signed.file("two"))]
    drafted = signed.run("policy", "next", *after, "--days", "9", "--out", str(signed.file("3")))
    assert drafted.exit_code == 0
    result = signed.sign("ana", "3", *after, "--yes")
    assert (result.exit_code, "was retired" in plain(result)) == (6, True)


def test_P9_a_policy_of_another_network_is_not_the_pinned_one(signed: Desk) -> None:
    """--network says which network is meant; files of another are refused."""
    result = signed.following("--threshold", "3", "--network", "00" * 32)
    assert (result.exit_code, "another network" in plain(result)) == (2, True)


def test_P9_a_wrong_passphrase_signs_nothing(desk: Desk) -> None:
    """The key does not open, the file stays as it is, the exit code says so."""
    desk.draft()
    before = desk.file("one").read_bytes()
    desk.file("ana.phrase").write_text("another one\n")
    assert desk.sign("ana", "one", "--yes").exit_code == 5
    assert desk.file("one").read_bytes() == before


def test_P9_signing_again_changes_nothing_and_says_so(signed: Desk) -> None:
    """The same admin's second try is no error and no second signature."""
    before = signed.file("one").read_bytes()
    result = signed.sign("ana", "one", "--yes")
    assert (result.exit_code, "already" in plain(result)) == (0, True)
    assert signed.file("one").read_bytes() == before
    assert len(notes.parse(before).lines) == 2


def test_P5_the_secret_half_of_a_key_is_never_printed(signed: Desk) -> None:
    """Neither seed nor passphrase stands in what any command said."""
    printed = " ".join(signed.printed)
    assert "four words" not in printed
    for name in NAMES:
        seed = admin_keys.load(signed.file(f"{name}.key"), f"{name}'s four words here").seed
        for form in (seed.hex(), b64(seed).rstrip("=")):
            assert form not in printed


def test_a_key_can_be_shown_again_and_a_policy_as_json(signed: Desk) -> None:
    """The line is the one of the day it was made; a file's content is there for programs."""
    phrase = ("--passphrase-file", str(signed.file("ana.phrase")))
    shown = signed.run("keys", "show", str(signed.file("ana.key")), *phrase)
    assert shown.stdout.strip() == signed.lines["ana"]
    policy = signed.run("policy", "show", str(signed.file("one")), "--json")
    assert json.loads(policy.stdout)["admins"] == list(NAMES)


@pytest.mark.parametrize("words", [("policy", "show"), ("policy", "sign", "FILE", "--yes")])
def test_what_is_missing_is_asked_for_in_a_sentence(signed: Desk, words: tuple[str, ...]) -> None:
    """Without a file, a server or a key: what to name, and that code of exit."""
    named = [str(signed.file("one")) if word == "FILE" else word for word in words]
    assert signed.run(*named).exit_code == 7
