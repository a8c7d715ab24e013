"""`./dev up`: a network to try by hand, whose printed commands do what they say."""

from __future__ import annotations

import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import urllib3
from click.testing import CliRunner

from client.cli.peer import ask_command
from client.cli.peer_box import answers_command
from client.cli.provider import provider
from client.demo_places import FIRST, Places
from words import banned

ROOT = Path(__file__).resolve().parents[2]
SYMBOLS = re.compile(r"^    ((?:[0-9A-Z]{4}-){4}[0-9A-Z]{4})$", re.MULTILINE)
REQUEST = """
consent = "yes"
needs = ["sleep_tonight"]
languages = ["ko"]
channels = ["come_back"]
eyes = "receipt"
"""
SET_UP_S = 240.0


@dataclass
class Demo:
    """A running demo: its process, its folder, and all that it printed until it was ready."""

    folder: Path
    said: Path
    port: int = 0
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self, *words: str) -> str:
        """Start it and return what it printed until it waits, or until it ended."""
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [
                    sys.executable, "-m", "client.demo_up",
                    "--folder", str(self.folder), "--port", str(self.port), *words,
                ],
                cwd=ROOT,
                stdout=said,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
        until = time.monotonic() + SET_UP_S
        while "Ctrl-C here" not in self.shown and self.process.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.1)
        return self.shown

    @property
    def shown(self) -> str:
        """What it has printed since it was started."""
        return self.said.read_text(encoding="utf-8")

    def end(self, how: int) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(how)
        return self.process.wait(60)

    @property
    def url(self) -> str:
        """The server's address, as it was printed."""
        found = re.search(r"export TOWPATH_SERVER=(\S+)", self.shown)
        assert found, self.shown
        return found[1]

    def listens(self) -> bool:
        """Whether anything listens at the server's port."""
        port = int(self.url.rpartition(":")[2])
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(name="demo", scope="module")
def _demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    place = tmp_path_factory.mktemp("up")
    demo = Demo(place / "demo", place / "said", free_port())
    demo.start()
    yield demo
    if demo.process.poll() is None:
        demo.end(signal.SIGTERM)


def code_of(shown: str) -> str:
    """The code that was printed."""
    (found,) = SYMBOLS.findall(shown)
    return str(found)


def test_R19_R20_what_it_prints_is_fit_to_be_read(demo: Demo) -> None:
    """No banned word, a code in two forms, and nothing went wrong."""
    assert banned.find(demo.shown) == ()
    assert "Traceback" not in demo.shown
    assert re.search(r"^    \d{3}( \d{3}){8}$", demo.shown, re.MULTILINE)


def test_P5_no_secret_stands_in_a_printed_command(demo: Demo) -> None:
    """Code, receipt and passphrase are asked for, or lie in a file."""
    commands = [line for line in demo.shown.splitlines() if line.startswith("    bin/towpath")]
    places = Places(demo.folder)
    phrase = places.passphrase(places.home(FIRST)).read_text().strip()
    assert len(commands) == 6
    for command in commands:
        assert shlex.split(command)
        assert code_of(demo.shown) not in command
        assert phrase not in command


def test_the_address_for_a_browser_stands_beside_the_code(demo: Demo) -> None:
    """Before any command; the pages answer there, and no address holds a code."""
    before = demo.shown.partition("export")[0]
    addresses = re.findall(r"^    (http\S+)$", before, re.MULTILINE)
    assert SYMBOLS.search(before)
    assert addresses == [f"{demo.url}/", f"{demo.url}/answers"]
    for address in addresses:
        answer = urllib3.request("GET", address, retries=False)
        assert answer.status == 200
        assert b"<title>Notes</title>" in answer.data


def test_a_second_demo_in_the_folder_is_refused(demo: Demo, tmp_path: Path) -> None:
    """Two servers never share a database; the first one goes on."""
    other = Demo(demo.folder, tmp_path / "said", free_port())
    assert "running in this folder already" in " ".join(other.start().split())
    assert other.process.wait(60) == 7
    assert demo.listens()


def test_S1_R40_the_printed_way_goes_there_and_back(demo: Demo, tmp_path: Path) -> None:
    """Ask with the code, sync, read, answer, read the answer: by the commands that it names."""
    run = CliRunner().invoke
    code, request = tmp_path / "code", tmp_path / "request"
    code.write_text(code_of(demo.shown))
    request.write_text(REQUEST)
    asked = run(
        ask_command,
        ["--server", demo.url, "--code-file", str(code), "--from", str(request), "--yes"],
    )
    assert asked.exit_code == 0, asked.output
    (receipt,) = set(re.findall(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}", asked.output))
    home = Places(demo.folder).home(FIRST)
    at = ["--home", str(home), "--passphrase-file", f"{home}.passphrase"]
    until = time.monotonic() + 60
    while "New requests: 1" not in run(provider, ["sync", *at]).output:
        assert time.monotonic() < until
    inbox = run(provider, ["inbox", *at]).output
    case = inbox.split()[0]
    assert "A safe place now" in run(provider, ["show", case, "--text", *at]).output
    said = ["answer", case, "--state", "answered", "--text-file", "-", *at]
    assert run(provider, said, input="Come at six.\n").exit_code == 0
    kept = tmp_path / "receipt"
    kept.write_text(receipt)
    read = run(answers_command, ["--server", demo.url, "--receipt-file", str(kept)])
    assert "Come at six." in read.output


def test_ctrl_c_ends_the_server_and_the_next_time_is_quick_with_another_code(demo: Demo) -> None:
    """The child is gone with its parent; the folder is used again, even at another port."""
    first = code_of(demo.shown)
    assert demo.end(signal.SIGINT) == 130
    assert not demo.listens()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", demo.port))
        taken.listen()
        again = demo.start()
        assert "Using the network of last time" in again
        assert f"Port {demo.port} is taken" in again
    assert code_of(again) != first
    assert demo.listens()
    assert demo.end(signal.SIGTERM) == 130
    assert not demo.listens()


def test_a_server_that_dies_is_said_and_ends_the_demo(demo: Demo) -> None:
    """What the server's end means is one sentence, and the exit code of a fault."""
    demo.start()
    server = int((demo.folder / "lock").read_text())
    subprocess.run(["kill", "-TERM", str(server)], check=True)
    assert demo.process.wait(60) == 1
    assert "The server has ended by itself" in demo.shown


def test_what_is_not_whole_asks_for_a_reset(demo: Demo) -> None:
    """Something is missing from the folder: nothing is mended in silence, nothing runs on."""
    (demo.folder / "providers" / FIRST / "home.json").write_text("{}")
    said = " ".join(demo.start().split())
    assert demo.process.wait(60) == 7
    assert "--reset" in said
    assert "Traceback" not in said


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    """--reset removes what a demo made, and never a folder with anything else in it."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "thesis").write_text("mine")
    demo = Demo(folder, tmp_path / "said", free_port())
    assert "other things than a demo" in " ".join(demo.start("--reset").split())
    assert demo.process.wait(60) == 2
    assert [one.name for one in folder.iterdir()] == ["thesis"]
