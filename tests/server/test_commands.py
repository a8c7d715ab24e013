"""`towpath server init`, `policy` and `expire`: what they make, refuse and print."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from crypto.encoding import b64
from crypto.public import policy as policies
from crypto.public.note_signing import Signer, public_of, sign_note
from crypto.public.notes import Key
from server import commands_run, make_core
from server.clock import SystemClock, day_of
from server.commands import server
from server.founding import Founding, log_line
from server.keyring import FILLER, LOG, WRAP, Keyring
from server.settings import BadSettings, Settings, load
from tests.crypto.networks import make_network
from tests.server import rows, serving
from words import banned


def call(command: click.Command, *arguments: str | Path) -> Result:
    """Run a command in this process; nothing may come out of it but its exit."""
    run = CliRunner().invoke(command, [str(one) for one in arguments])
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A server that was begun."""
    made = tmp_path / "server"
    assert call(commands_run.init, made, "--name", "log.example").exit_code == 0
    return made


def test_init_makes_a_server_that_is_closed_to_others(tmp_path: Path) -> None:
    """Folders and files are its user's alone, and the settings read back."""
    made = serving.begun(tmp_path / "new" / "server")
    settings = load(made)
    assert settings.host == "127.0.0.1"
    keyring = Keyring(settings.keyring)
    assert {kind: keyring.numbers(kind) for kind in (LOG, FILLER, WRAP)} == {
        LOG: [0], FILLER: [0], WRAP: [],
    }  # fmt: skip
    for path in [made, *made.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_init_prints_the_log_line_that_a_policy_takes(tmp_path: Path) -> None:
    """And no secret: the seed stands nowhere in what is printed."""
    run = call(commands_run.init, tmp_path / "server", "--name", "log.example")
    seed = Keyring(tmp_path / "server" / "keyring").get(LOG, 0)
    assert seed is not None
    assert f"   log log.example {b64(public_of(seed))}\n" in run.stdout
    assert seed.hex() not in run.stdout
    assert b64(seed) not in run.stdout
    text = policies.format_text(
        replace(make_network(witnesses=0, witness_threshold=0).policy,
                log=Key("log.example", public_of(seed)))
    )  # fmt: skip
    assert log_line("log.example", seed) in text.splitlines()


def test_every_setting_stands_in_the_file_with_a_comment(folder: Path) -> None:
    """Whoever opens it sees all there is to decide."""
    blocks = (folder / "server.toml").read_text().split("\n\n")
    for setting in fields(Settings):
        (block,) = (one for one in blocks if f"{setting.name} = " in one)
        assert block.startswith("# "), block


def test_the_file_says_what_is_usual(folder: Path) -> None:
    """The values that it begins with are those that hold without it."""
    made = load(folder)
    usual = Settings(database=made.database, keyring=made.keyring)
    assert made == usual


def test_init_takes_other_places(tmp_path: Path) -> None:
    """Keys on other disks, with a second holder; each is in both."""
    run = call(
        commands_run.init, tmp_path / "server", "--keyring", tmp_path / 'a "quoted" \\ disk',
        "--keyring-copy", tmp_path / "copy", "--host", "::1", "--port", "8123",
    )  # fmt: skip
    assert run.exit_code == 0, run.stderr
    made = load(tmp_path / "server")
    assert made.keyring == tmp_path / 'a "quoted" \\ disk'
    assert (made.host, made.port) == ("::1", 8123)
    assert made.keyring_copy is not None
    assert Keyring(made.keyring_copy).get(LOG, 0) == Keyring(made.keyring).get(LOG, 0)


def test_init_refuses_a_folder_that_has_a_server(folder: Path) -> None:
    """Nothing in it changes."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    run = call(commands_run.init, folder)
    assert run.exit_code == 7
    assert "its server" in run.stderr
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "options",
    [
        ("--name", "Log Example"),
        ("--database", "mysql://root@localhost/x"),
        ("--database", "sqlite:///a\nb"),
        ("--keyring", "k", "--keyring-copy", "k"),
    ],
)
def test_init_refuses_what_cannot_be_used(tmp_path: Path, options: tuple[str, ...]) -> None:
    """And leaves nothing that a second try would stumble over."""
    run = call(commands_run.init, tmp_path / "server", *options)
    assert run.exit_code == 7, run.stdout
    assert not (tmp_path / "server" / "server.toml").exists()
    assert call(commands_run.init, tmp_path / "server").exit_code == 0


def test_a_port_that_is_none_is_a_usage_error(tmp_path: Path) -> None:
    """Said by the command line itself."""
    assert call(commands_run.init, tmp_path / "server", "--port", "0").exit_code == 2


@pytest.mark.parametrize("name", ["", "a b", "A", "ä", "log\n"])
def test_a_log_name_that_no_policy_takes_is_refused(name: str) -> None:
    """Before anything is made."""
    with pytest.raises(BadSettings):
        log_line(name, bytes(32))


def test_policy_founds_the_network(folder: Path) -> None:
    """The first signed policy is taken, and taking it again changes nothing."""
    made = serving.found_network(folder)
    run = call(commands_run.policy, folder.with_name("policy.note"), "--dir", folder)
    assert run.exit_code == 0
    assert made.network_id.hex() in run.stdout
    assert "Version 1" in run.stdout


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("log", "another log key"),
        ("signatures", "Too few admins"),
        ("until", "last day"),
        ("text", "not a policy"),
    ],
)
def test_P9_a_policy_that_does_not_hold_is_refused(folder: Path, wrong: str, said: str) -> None:
    """Each in its own sentence; and there is no network afterwards."""
    seed = Keyring(folder / "keyring").get(LOG, 0)
    assert seed is not None
    made = make_network(witnesses=1, witness_threshold=0)
    today = day_of(SystemClock())
    policy = replace(
        made.policy,
        log=made.log.key if wrong == "log" else Signer("log.example", seed).key,
        until=today - 1 if wrong == "until" else today + 100,
    )
    signers = made.admins[: 1 if wrong == "signatures" else 2]
    note = sign_note(policies.format_text(policy), *signers)
    file = folder.with_name("policy.note")
    file.write_bytes(b"no policy" if wrong == "text" else note)
    run = call(commands_run.policy, file, "--dir", folder)
    assert run.exit_code == 1
    assert said in run.stderr
    core = make_core(load(folder))
    assert core.database.read(lambda c: c.exec_driver_sql("SELECT * FROM log_entry").all()) == []
    core.database.close()


def test_T74_a_policy_with_witnesses_is_taken_and_said_to_wait_for_them(folder: Path) -> None:
    """It is in the log at once, and shown when they have seen it."""
    seed = Keyring(folder / "keyring").get(LOG, 0)
    assert seed is not None
    made = make_network(witnesses=3, witness_threshold=2)
    until = day_of(SystemClock()) + 100
    policy = replace(made.policy, log=Signer("log.example", seed).key, until=until)
    file = folder.with_name("policy.note")
    file.write_bytes(sign_note(policies.format_text(policy), *made.admins[:2]))
    run = call(commands_run.policy, file, "--dir", folder)
    assert run.exit_code == 0, run.stderr
    assert "shown once 2 witnesses have seen it" in run.stdout


def test_P7_expire_ends_what_has_ended_and_says_how_much(folder: Path) -> None:
    """What lives stays."""
    core = make_core(load(folder))
    for _ in range(3):
        rows.add(core, rows.SEALED["box"], core.today - 1)
    living = rows.add(core, rows.SEALED["box"], core.today)
    run = call(commands_run.expire, "--dir", folder)
    assert run.exit_code == 0, run.stderr
    assert run.stdout == "Keys destroyed: 1. Rows deleted: 3.\n"
    assert rows.is_there(core, rows.SEALED["box"], living)
    assert Keyring(folder / "keyring").numbers(WRAP) == [core.today]
    core.database.close()


@pytest.mark.parametrize("command", [commands_run.expire, commands_run.serve_command])
def test_a_folder_without_a_server_is_told(tmp_path: Path, command: click.Command) -> None:
    """With how to begin one."""
    run = call(command, "--dir", tmp_path)
    assert run.exit_code == 7
    assert "towpath server init" in run.stderr


def test_R19_no_text_of_the_commands_uses_a_word_that_no_text_uses(folder: Path) -> None:
    """Help, what init prints, and the settings' comments."""
    texts = [CliRunner().invoke(server, ["--help"]).output, (folder / "server.toml").read_text()]
    for command in server.commands.values():
        texts.append(CliRunner().invoke(command, ["--help"]).output)
    for text in texts:
        assert banned.find(text) == ()


def test_P12_T28_no_command_lists_searches_exports_or_opens_requests() -> None:
    """These are all there are, and their options; a new one has to be thought about here."""
    options = {
        name: sorted(one.name for one in command.params if one.name)
        for name, command in server.commands.items()
    }
    assert options == {
        "init": ["database", "folder", "host", "keyring", "keyring_copy", "name", "port"],
        "policy": ["file", "folder"],
        "log-key": ["folder", "name"],
        "serve": ["folder", "without_lost_keys"],
        "expire": ["folder"],
        "holdings": ["as_json", "folder"],
        "doctor": ["as_json", "folder"],
    }
    assert {one.name for one in fields(Founding)} == {*options["init"]} - {"folder", "name"}


def test_P9_log_key_makes_a_line_for_the_next_policy_which_ends_the_old_key(folder: Path) -> None:
    """Nothing is signed with it before; what the admins then sign is taken, and one key is left."""
    made = serving.found_network(folder)
    run = call(commands_run.next_log_key, "--name", "log2.example", "--dir", folder)
    keyring = Keyring(folder / "keyring")
    assert keyring.numbers(LOG) == [0, 1]
    seed = keyring.get(LOG, 1)
    assert seed is not None
    line = f"log log2.example {b64(public_of(seed))}"
    assert line in run.stdout
    assert b64(seed) not in run.stdout
    policy = replace(made.policy, version=2, log=Key("log2.example", public_of(seed)))
    file = folder.with_name("next.note")
    file.write_bytes(sign_note(policies.format_text(policy), *made.admins[:1]))
    assert call(commands_run.policy, file, "--dir", folder).exit_code == 1
    assert keyring.numbers(LOG) == [0, 1]
    file.write_bytes(sign_note(policies.format_text(policy), *made.admins[:2]))
    assert call(commands_run.policy, file, "--dir", folder).exit_code == 0
    assert keyring.numbers(LOG) == [1]


@pytest.mark.parametrize("name", ["Log", "a b", ""])
def test_log_key_refuses_a_name_that_no_policy_takes(folder: Path, name: str) -> None:
    """Before anything is made."""
    assert call(commands_run.next_log_key, "--name", name, "--dir", folder).exit_code == 7
    assert Keyring(folder / "keyring").numbers(LOG) == [0]
