"""Towpath as somebody runs it: a founded network on a real server, and its providers' folders.

`found` does once what docs/first-hour says, with the commands themselves: three admins of whom any
two sign, and two organisations (REQUIREMENTS, section 11), each with its codes in stock. `copy_of`
gives a test a deployment of its own, whose server it starts, stops, breaks and ages.
"""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from client.demo_places import PROVIDERS
from server import make_core
from server.core import Core
from server.settings import load as load_settings
from tests.acceptance import command
from tests.acceptance.command import Said
from tests.acceptance.days import Days, LaterClock
from tests.server import postgres, serving
from tests.server.serving import Served
from words import catalogues

ADMINS = ("ana", "bo", "cy")
CODES = 8
OPEN_DOOR, HARBOUR = "open-door", "harbour"
NAMES = {
    OPEN_DOOR: "Open Door Legal and Social Services",
    HARBOUR: "Harbour Immigration Legal Aid",
}
_SETTINGS = {"tick_seconds": 1, "work_bits": 8, "tokens_a_week": CODES}
_PHRASE = "four words that open"
_LOG_LINE = re.compile(r"^ +(log \S+ \S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Baked:
    """A founded network whose server is stopped; tests work on copies of it."""

    folder: Path
    database: str | None
    """PostgreSQL's URL, or None for SQLite."""
    network_id: str


@dataclass
class Deployment:
    """One server with everything around it, below one folder of a test's own."""

    folder: Path
    network_id: str
    served: Served | None = None
    _stack: ExitStack = field(default_factory=ExitStack, repr=False)

    @property
    def server(self) -> Path:
        """The server's folder."""
        return self.folder / "server"

    @property
    def days(self) -> Days:
        """How much later than the machine's clock it is here."""
        return Days(self.folder)

    @property
    def url(self) -> str:
        """Where the server listens, or will."""
        return f"http://127.0.0.1:{serving.port_of(self.server)}"

    def start(self, *, later: bool = False) -> Served:
        """Start the shipped command; `later` starts the same with the clock of `days`."""
        program = (
            [*serving.TOWPATH[:2], "tests.acceptance.days", str(self.server)] if later else None
        )
        self.served = self._stack.enter_context(serving.serving(self.server, program))
        return self.served

    def stop(self) -> None:
        """Stop the server, and see that it ended cleanly."""
        if self.served is not None:
            assert self.served.end() == 0, self.served.err.read_text()
            self.served = None

    def kill(self) -> None:
        """Kill the first process at once; the others end with it."""
        if self.served is not None:
            self.served.end(signal.SIGKILL)
            self.served = None
            _wait_for_a_free_port(serving.port_of(self.server))

    def close(self) -> None:
        """Stop whatever still runs."""
        self._stack.close()

    def run(self, *words: str, typed: str = "", url: str | None = None) -> Said:
        """Run a command of somebody who was given the server's address, and nothing else."""
        return command.run(*words, typed=typed, env={"TOWPATH_SERVER": url or self.url})

    def admin(self, name: str, *words: str) -> Said:
        """Run a command of an admin."""
        return self.run("admin", *words, *options_of(self.folder, name), "--yes")

    def mark(self, name: str, *words: str) -> Said:
        """Mark an item of a checklist as an admin."""
        return self.run("admin", "mark", *words, *options_of(self.folder, name))

    @contextmanager
    def core(self) -> Iterator[Core]:
        """Open what the server holds, as somebody does who has the machine."""
        core = make_core(load_settings(self.server), clock=LaterClock(self.days))
        try:
            yield core
        finally:
            core.database.close()


def found(folder: Path, database: str | None = None, processes: int = 1) -> Baked:
    """Found a network with the commands of operator, admins and providers; takes seconds."""
    server = folder / "server"
    options = ("--database", database) if database else ()
    begun = serving.run("init", server, "--port", str(serving.free_port()), *options)
    assert begun.returncode == 0, begun.stderr
    _settle(server, processes=processes, **_SETTINGS)
    serving.show(server, *catalogues.codes()[1:])
    made = Deployment(folder, "")
    with command.devices(made.days):
        policy = _policy(folder, _LOG_LINE.findall(begun.stdout)[0])
        loaded = serving.run("policy", policy, folder=server)
        assert loaded.returncode == 0, loaded.stderr
        try:
            made.start()
            made.network_id = str(made.run("network", "--json").json()["network_id"])
            for name in ADMINS:
                key = options_of(folder, name)
                made.run("admin", "keys", "publish", *key, "--network", made.network_id).done()
            for name, said in PROVIDERS.items():
                list_organisation(made, name, said)
        finally:
            made.stop()
            made.close()
    return Baked(folder, database, made.network_id)


def copy_of(baked: Baked, folder: Path, cluster: postgres.Cluster | None = None) -> Deployment:
    """Copy a founded network into a folder, to a free port, with a database of its own."""
    folder.mkdir(exist_ok=True)
    for part in ("server", "providers", "copies", "admins"):
        shutil.copytree(baked.folder / part, folder / part)
    made = Deployment(folder, baked.network_id)
    _settle(made.server, port=serving.free_port())
    if baked.database is not None:
        assert cluster is not None
        file = made.server / "server.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(
            text.replace(baked.database, _database_like(baked.database, cluster)), encoding="utf-8"
        )
    for home in (folder / "providers").glob("*/home.json"):
        said = json.loads(home.read_bytes())
        said |= {"server": made.url, "copy": str(folder / "copies" / home.parent.name)}
        home.write_text(json.dumps(said))
    return made


def _database_like(url: str, cluster: postgres.Cluster) -> str:
    """Make a database that holds what this one holds, and return its URL."""
    made = cluster.new_database()
    cluster.drop(made)
    with cluster.connect() as connection:
        connection.execute(f"CREATE DATABASE {_name(made)} TEMPLATE {_name(url)}")
    return made


def _name(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


def settings(deployment: Deployment, **numbers: int) -> None:
    """Change numbers among a server's settings, by name; it has to be started again."""
    _settle(deployment.server, **numbers)


def _settle(server: Path, **numbers: int) -> None:
    file = server / "server.toml"
    text = file.read_text(encoding="utf-8")
    for name, number in numbers.items():
        text, found = re.subn(rf"^{name} = \d+$", f"{name} = {number}", text, flags=re.MULTILINE)
        assert found == 1, name
    file.write_text(text, encoding="utf-8")


def _wait_for_a_free_port(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                assert time.monotonic() < until, "a process of the server lives on"
                time.sleep(0.05)
                continue
        return


def options_of(folder: Path, name: str) -> tuple[str, ...]:
    """Return what tells a command which key signs, and its passphrase."""
    phrase = folder / "admins" / "phrase"
    return ("--key", str(folder / "admins" / f"{name}.key"), "--passphrase-file", str(phrase))


def _policy(folder: Path, log_line: str) -> Path:
    """Let the admins make keys, and as many of them sign as it takes."""
    (folder / "admins").mkdir()
    (folder / "admins" / "phrase").write_text(_PHRASE)
    lines = folder / "lines"
    policy = folder / "policy"
    with lines.open("w") as file:
        for name in ADMINS:
            _, out, *phrase = options_of(folder, name)
            made = command.run("admin", "keys", "new", "--name", name, "--out", out, *phrase).done()
            file.write(next(line for line in made.out.splitlines() if line.startswith("admin ")))
            file.write("\n")
    draft = ("--admins", str(lines), "--log", log_line, "--threshold", "2", "--out", str(policy))
    command.run("admin", "policy", "draft", *draft).done()
    for name in ADMINS[:2]:
        key = options_of(folder, name)
        command.run("admin", "policy", "sign", str(policy), *key, "--yes").done()
    return policy


def list_organisation(at: Deployment, name: str, profile: str) -> None:
    """Let an organisation apply, two admins sign, and its stock go out."""
    home = at.folder / "providers" / name
    home.parent.mkdir(exist_ok=True)
    home.with_suffix(".phrase").write_text(_PHRASE)
    said = at.folder / f"{name}.toml"
    said.write_text(profile, encoding="utf-8")
    common = ("--home", str(home), "--passphrase-file", str(home.with_suffix(".phrase")))
    apply = ("--from", str(said), "--network", at.network_id, "--member", "Anna", "--yes")
    at.run("provider", "apply", *apply, *common).done()
    for admin in ADMINS[:2]:
        for item in ("V1", "V2", "V3", "V5", "V7"):
            at.mark(admin, NAMES[name], item, "met").done()
    for admin in ADMINS[:2]:
        days = ("--days", "90") if admin == ADMINS[0] else ()
        at.admin(admin, "approve", NAMES[name], *days).done()
    place = at.folder / "copies" / name
    place.mkdir(parents=True)
    at.run("provider", "copy", str(place), *common).done()
    at.run("provider", "capacity", "--walk-ins", "open", *common).done()
    at.run("provider", "stock", "--now", "--yes", *common).done()
