"""`towpath provider` as it is typed: what is printed first, what never is, and the exit codes."""

from __future__ import annotations

import json
import re
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner, Result
from werkzeug.serving import WSGIRequestHandler, make_server

from client import ambient
from client import home as homes
from client.cli.provider import provider
from client.flows import cases, copies, stock_data
from client.flows.profile_file import FIELDS
from crypto import constants as c
from crypto.client import message, vetting_entries
from crypto.client.case import Case
from crypto.client.code_text import Kind, symbols
from crypto.client.store import Store
from crypto.client.vetting_entries import Reply
from tests.client.provider.test_applying import admin_of, waiting
from tests.client.provider.test_members import FILLED
from tests.client.provider.town import PHRASE, Asked, Device, Town, message_of
from words import banned

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){4}")


class _Silent(WSGIRequestHandler):
    """Writes no log."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


@dataclass
class Terminal:
    """Somebody who types at one device."""

    url: str
    town: Town
    phrase: Path
    home: str = "home"

    def type(self, *words: str, said: str = "", phrase: bool = True) -> Result:
        """Run one command."""
        secret = ("--passphrase-file", str(self.phrase)) if phrase else ()
        return CliRunner().invoke(
            provider,
            [*words, *secret],
            input=said,
            env={
                "TOWPATH_SERVER": self.url,
                "TOWPATH_PROXY": "none",
                "TOWPATH_HOME": str(self.town.folder / self.home),
            },
        )

    def done(self, *words: str, said: str = "") -> str:
        """Run one command that works, and return what it printed as the result."""
        result = self.type(*words, said=said)
        assert result.exit_code == 0, result.output
        return result.stdout


def served(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Serve a town on this machine, on its own day."""
    monkeypatch.setattr(ambient, "time", SimpleNamespace(time=town.clock.now))
    town.admins()
    server = make_server("127.0.0.1", 0, town.app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    phrase = town.folder / "phrase"
    phrase.write_text(PHRASE + "\n")
    yield Terminal(f"http://127.0.0.1:{server.server_port}", town, phrase)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def terminal(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Where nothing is founded yet."""
    yield from served(town, monkeypatch)


@pytest.fixture
def at_asked(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Where a request waits in the drop."""
    yield from served(asked.device.town, monkeypatch)


@pytest.fixture
def at_stocked(stocked: Device, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Where three codes are in stock."""
    yield from served(stocked.town, monkeypatch)


def test_S1_the_whole_way_of_an_organisation(terminal: Terminal) -> None:
    """From applying to closing, with the commands that a newcomer types."""
    town, folder = terminal.town, terminal.town.folder
    (folder / "profile.toml").write_text(FILLED)
    said = terminal.done(
        "apply", "--from", str(folder / "profile.toml"), "--member", "Anna", "--yes"
    )
    assert "Handed in: Open Door" in said
    assert terminal.type("stock", "--once").exit_code == 7
    device = town.device(homes.load(folder / "home"))
    assert terminal.type("status").exit_code == 7
    _, keys = waiting(town)
    said_back = vetting_entries.seal_reply(
        Reply(kind=c.REPLY_QUESTION, text="Who pays you?"), keys, random=town.random
    )
    admin_of(town).answer_application(keys.application_id, said_back)
    assert "ask: Who pays you?" in terminal.type("status").stdout
    town.approve(device)
    assert json.loads(terminal.done("status", "--json"))["renewal_due"] is False
    (folder / "stick").mkdir()
    terminal.done("copy", str(folder / "stick"))
    assert "Published: 3" in terminal.done("stock", "--now", "--yes")
    shown = json.loads(terminal.done("codes", "1", "--json"))["codes"]
    assert CODE.fullmatch(shown[0]["code"])
    device = device.again()
    code = next(
        one for _, one in cases_codes(device) if symbols(one, Kind.CODE) == shown[0]["code"]
    )
    _, receipt = town.ask(code, text="What was told.", never=(4,))
    town.tick()
    assert "New requests: 1" in terminal.done("sync")
    inbox = terminal.done("inbox")
    name = inbox.split()[0]
    assert "What was told." not in inbox
    assert "What was told." in terminal.done("show", name, "--text")
    terminal.done("take", name)
    (folder / "answer").write_text("You decide.\r\n\tWe are here.")
    terminal.done("answer", name, "--state", "answered", "--text-file", str(folder / "answer"))
    read = Asked(device, None, None, receipt).read()  # type: ignore[arg-type]
    assert read
    assert read.answers[0][1].text == "You decide.\n We are here."
    terminal.done("note", name, "--text-file", str(folder / "answer"))
    status = json.loads(terminal.done("status", "--json"))
    assert status["open_requests"] == 1
    assert status["codes_ready"] == 2
    assert status["members"] == ["Anna"]
    terminal.done("answer", name, "--state", "closed")
    assert "Nothing here" in terminal.done("inbox")
    assert "Walk-ins: open" in terminal.done("capacity", "--walk-ins", "open", "--room", "few")
    assert "this week's key is here" in terminal.done("status")


def cases_codes(device: Device) -> list[tuple[bytes, bytes]]:
    """Every code of a store."""
    return [(at, code.code) for at, code in stock_data.codes(device.desk.read())]


def test_R15_R30_the_contact_rule_comes_first_and_the_text_only_on_demand(
    at_asked: Terminal,
) -> None:
    """In the inbox and in the request itself."""
    at_asked.done("sync")
    inbox = at_asked.done("inbox").splitlines()
    assert inbox[1].strip().startswith("Contact only so")
    assert inbox[2].strip() == "Never                     Never call"
    name = inbox[0].split()[0]
    shown = at_asked.done("show", name)
    assert shown.splitlines()[1].strip().startswith("Contact only so")
    assert "What was told." not in "\n".join(inbox) + shown
    assert "--text shows them" in shown
    values = json.loads(at_asked.done("show", name, "--json"))
    assert list(values)[:3] == ["case", "state", "contact_rule"]
    assert values["text"] is None


def test_R15_an_addition_changes_the_rule_and_a_never_stays(
    asked: Asked, at_asked: Terminal
) -> None:
    """The latest word on each point is shown first; what must never be done only grows."""
    at_asked.done("sync")
    asked.add(channels=(2,), contact="555 0100", never=(3,))
    asked.device.town.tick()
    at_asked.done("sync")
    name = at_asked.done("inbox").split()[0]
    rows = [line.strip() for line in at_asked.done("show", name).splitlines()]
    assert rows[1].endswith("A phone call")
    assert rows[2].endswith("555 0100")
    assert "Never call; Never leave a voice message" in " ".join(rows[:6])
    assert any(row.startswith("Changed by addition") for row in rows[:7])


def test_P5_no_control_sign_reaches_the_terminal(asked: Asked, at_asked: Terminal) -> None:
    """Neither what clears a screen nor what turns text round; line feeds stay lines."""
    device = asked.device
    device.sync()
    (opened,) = cases.listed(device.desk.read())
    bad = "one\u202etwo\u2066\u200e\ufeff\nthree"
    body = message.encode_body(message_of(text=bad, contact="a\u202eb", box=opened.said.box))

    def put(store: Store) -> Store:
        case = Case(arrived=1, state=1, message=body, last_epoch=20)
        return store.with_entry(c.ENTRY_CASE, opened.case_id, case.encode())

    device.desk.edit(put)
    shown = at_asked.done("show", opened.name, "--text") + at_asked.done("inbox")
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u202a-\u202e\u2066-\u2069\ufeff]", shown
    )
    assert "three" in shown


def test_P11_closing_takes_the_key_out_of_the_second_copy_too(
    asked: Asked, at_asked: Terminal
) -> None:
    """Whoever finds the stick later finds no key of a closed request."""
    device = asked.device
    at_asked.done("sync")
    name = at_asked.done("inbox").split()[0]
    at_asked.done("close", name, "--yes")
    assert device.desk.home.copy
    (file,) = device.desk.home.copy.iterdir()
    store = copies.read(file, device.desk.member)
    assert (c.ENTRY_SEED, asked.sealed.locator) not in store.entries


def test_R5_codes_are_printed_in_both_forms_with_their_last_day(at_stocked: Terminal) -> None:
    """And nothing is printed beside them."""
    lines = at_stocked.done("codes", "2").splitlines()
    assert len(lines) == 6
    assert CODE.fullmatch(lines[0])
    assert len(re.sub(r"\D", "", lines[1])) == 27
    assert lines[2].strip().startswith("until 20")


def test_R6_the_page_is_for_its_owner_alone_and_takes_no_files_place(at_stocked: Terminal) -> None:
    """Mode 0600; a file that is there stays, and no code is taken for it."""
    page = at_stocked.town.folder / "page.html"
    page.write_text("mine")
    refused = at_stocked.type("codes", "1", "--sheet", str(page))
    assert refused.exit_code == 2
    assert page.read_text() == "mine"
    page.unlink()
    said = at_stocked.done("codes", "3", "--sheet", str(page))
    assert not CODE.search(said)
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert len(CODE.findall(page.read_text())) == 3


def test_R6_a_page_is_laid_out_as_was_asked(at_stocked: Terminal) -> None:
    """Strips on Letter with Thai words and a cover; the name is nowhere else than there."""
    page = at_stocked.town.folder / "page.html"
    look = ("--layout", "strips", "--paper", "letter", "--language", "th", "--cover")
    at_stocked.done("codes", "2", "--sheet", str(page), "--batch", "Tuesday", *look)
    made = page.read_text()
    assert made.count("Tuesday") == 1
    assert '<div class="sheet letter" lang="th" dir="ltr"' in made
    assert '<div class="page strips">' in made


def test_P4_what_pages_set_aside_is_counted_and_ends_by_a_word(
    at_stocked: Terminal, stocked: Device
) -> None:
    """It is in no batch; nothing else is cancelled with it, and it goes with no other choice."""
    store, stocks = stocked.desk.read(), stocked.desk.home.stocks
    (first, code), *others = stock_data.ready(store, stocks, stocked.town.today).items()
    entry = replace(code, state=c.SEED_SET_ASIDE)
    stocked.desk.edit(lambda store: store.with_entry(c.ENTRY_SEED, first, entry.encode()))
    assert "1 set aside and given to nobody" in at_stocked.done("batches")
    for words in (("1", "--aside"), ("cancel", "--aside", "--batch", "salon")):
        assert at_stocked.type("codes", *words).exit_code == 2
    assert "1 codes end within a day" in at_stocked.done("codes", "cancel", "--aside")
    assert "set aside" not in at_stocked.done("batches")
    left = stock_data.ready(stocked.desk.read(), stocks, stocked.town.today)
    assert left == dict(others)


@pytest.mark.parametrize(
    "look", [("--language", "xx"), ("--cover",), ("--paper", "a3"), ("--layout", "x")]
)
def test_a_layout_that_is_none_is_refused_before_any_code_is_taken(
    at_stocked: Terminal, look: tuple[str, ...]
) -> None:
    """An unknown language, paper or form, and a cover without a name: no file, no code gone."""
    page = at_stocked.town.folder / "page.html"
    assert at_stocked.type("codes", "1", "--sheet", str(page), *look).exit_code == 2
    assert not page.exists()
    assert at_stocked.done("codes", "3").count("until") == 3


def test_a_page_that_can_not_be_written_takes_no_code(at_stocked: Terminal) -> None:
    """Too few in stock, or no such folder: no file, no code gone."""
    folder = at_stocked.town.folder
    assert at_stocked.type("codes", "9", "--sheet", str(folder / "p")).exit_code == 7
    assert not (folder / "p").exists()
    assert at_stocked.type("codes", "1", "--sheet", str(folder / "no" / "p")).exit_code == 1
    assert at_stocked.done("codes", "3").count("until") == 3


def test_P5_a_code_to_cancel_is_never_an_argument(at_stocked: Terminal) -> None:
    """It is typed, or stands in a file; a wrong one is refused with exit code 4."""
    code = json.loads(at_stocked.done("codes", "--json"))["codes"][0]["code"]
    assert at_stocked.type("codes", code).exit_code == 2
    assert at_stocked.type("codes", "cancel", said="\n0000\n" * 5).exit_code in (4, 130)
    file = at_stocked.town.folder / "code"
    file.write_text("0000-0000-0000-0000-0000")
    assert at_stocked.type("codes", "cancel", "--code-file", str(file)).exit_code == 4
    assert "Cancelled" in at_stocked.done("codes", "cancel", said=code.lower() + "\n")


@pytest.mark.parametrize(
    ("words", "exit_code"),
    [
        (("inbox",), 0),
        (("show", "ZZZZ"), 2),
        (("show", "../../etc/passwd"), 2),
        (("take", "ZZZZ"), 2),
        (("close", "ZZZZ", "--yes"), 2),
        (("answer", "ZZZZ", "--state", "read"), 2),
        (("answer", "ZZZZ", "--state", "nonsense"), 2),
        (("codes", "0"), 2),
        (("codes", "-1"), 2),
        (("codes", "1e3"), 2),
        (("codes", "99"), 7),
        (("capacity",), 2),
        (("members", "remove", "Nobody", "--yes"), 2),
        (("members", "remove", "Anna", "--yes"), 2),
        (("stock", "--now", "--this-week"), 2),
        (("copy", "/nowhere/at/all"), 7),
        (("import", "/nowhere", "--key", "/nowhere"), 2),
    ],
)
def test_exit_codes_of_what_is_mistyped(
    at_stocked: Terminal, words: tuple[str, ...], exit_code: int
) -> None:
    """Plain sentences and never a traceback."""
    result = at_stocked.type(*words)
    assert result.exit_code == exit_code, result.output
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_exit_codes_of_bad_days(at_stocked: Terminal, tmp_path: Path) -> None:
    """No folder 7, wrong passphrase 5, no server 3, stopped by hand 130."""
    other = Terminal(at_stocked.url, at_stocked.town, at_stocked.phrase, home="nothing")
    assert other.type("inbox").exit_code == 7
    wrong = tmp_path / "wrong"
    wrong.write_text("another")
    assert Terminal(at_stocked.url, at_stocked.town, wrong).type("inbox").exit_code == 5
    gone = Terminal("http://127.0.0.1:9", at_stocked.town, at_stocked.phrase)
    assert gone.type("sync").exit_code == 3
    assert "Codes in stock" in gone.type("status").stdout
    assert gone.type("status").exit_code == 3
    assert at_stocked.type("inbox", phrase=False, said="").exit_code == 130


def test_R31_a_member_is_added_on_one_device_and_works_on_another(at_stocked: Terminal) -> None:
    """A key file with its own passphrase, a copy, a folder of her own; removed, it is over."""
    folder = at_stocked.town.folder
    own = folder / "bo phrase"
    own.write_text("other words\n")
    key, new = str(folder / "bo.key"), str(own)
    at_stocked.done("members", "add", "Bo", "--key-file", key, "--new-passphrase-file", new)
    (copy,) = (folder / "home stick").iterdir()
    second = Terminal(at_stocked.url, at_stocked.town, own, home="bo home")
    second.done("import", str(copy), "--key", str(folder / "bo.key"))
    second.done("sync")
    assert second.type("codes").exit_code == 7
    said = at_stocked.type("members", "remove", "Bo", "--yes")
    assert said.exit_code == 0
    assert "What a removed member keeps" in said.output
    assert second.type("stock", "--once").exit_code == 6
    assert "Bo" not in at_stocked.done("members", "list")


def test_P3_publishing_at_once_is_said_to_show_more(at_stocked: Terminal) -> None:
    """And is not done without a yes."""
    refused = at_stocked.type("stock", "--now", said="n\n")
    assert refused.exit_code == 7
    assert "belong together" in refused.output


def commands(group: click.Group, path: str = "provider") -> Iterator[tuple[str, click.Command]]:
    """Every command below a group."""
    for name, command in group.commands.items():
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


def test_R19_R20_no_help_uses_a_banned_word() -> None:
    """Of no command and no option; nor do the questions of a profile."""
    for name, command in [("provider", provider), *commands(provider)]:
        shown = command.get_help(click.Context(command))
        assert not banned.find(shown), (name, banned.find(shown))
    for field in FIELDS:
        assert not banned.find(field.about)


def test_P5_no_command_takes_a_secret_as_an_argument() -> None:
    """Passphrases, codes, texts and notes come from a file, the input, or are typed."""
    allowed = {"case", "number", "name", "place", "copy_file"}
    for name, command in commands(provider):
        for one in command.params:
            if isinstance(one, click.Argument):
                assert one.name in allowed, (name, one.name)
            assert one.name not in ("passphrase", "code", "text", "note"), name


def test_R36_no_command_forwards_and_one_exports_one_case() -> None:
    """There is nothing that passes a request on or lists senders; one alone is written out."""
    by_name = {name.split()[-1]: command for name, command in commands(provider)}
    assert not set(by_name) & {"forward", "share", "send", "notify", "print"}
    export = by_name["export"]
    (which,) = [one for one in export.params if isinstance(one, click.Argument)]
    assert (which.name, which.required, which.nargs) == ("case", True, 1)
