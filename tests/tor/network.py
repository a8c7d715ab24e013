"""A Tor network of the real program on this machine alone: an authority, relays, a client, and the
onion service of deploy/torrc before a server.

No relay is an exit, every connection is bound to the loopback address, and each process ends with
the one that began it. Where the network is not there in time, it says how far it came.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from client.ambient import random
from client.errors import Unreachable
from client.http import Http
from tests.tor.control import known_relays, progress

HOST = "127.0.0.1"
SHIPPED = Path(__file__).parents[2] / "deploy" / "torrc"
CLOSED_PORT = 81
"""Of the onion address: nothing listens behind it."""
_RELAYS = 5
_SECONDS = 90.0
_NOBODY = f"DirAuthority nobody {HOST}:1 {'F' * 40}"
# Votes are held every ten seconds, and everybody gets every flag.
_AUTHORITY = """\
AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
ContactInfo nobody@example.invalid
TestingV3AuthInitialVotingInterval 5
TestingV3AuthInitialVoteDelay 2
TestingV3AuthInitialDistDelay 2
V3AuthVotingInterval 10
V3AuthVoteDelay 2
V3AuthDistDelay 2
TestingDirAuthVoteGuard *
TestingDirAuthVoteHSDir *
"""


@dataclass(frozen=True)
class PrivateTor:
    """A network that works: the onion address, the client's proxy, and both control sockets."""

    onion: str
    proxy: str
    client: Path
    service: Path
    processes: tuple[int, ...]

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://{self.onion}"


@contextmanager
def private_tor(folder: Path, port: int) -> Iterator[PrivateTor]:
    """Run a network in an empty folder, with an onion service before the server of a port.

    Raises AssertionError where the server is not reached within 90 seconds.
    """
    folder.chmod(0o700)
    ports, (directory, socks, closed) = _free_ports(_RELAYS), _free_ports(3)
    relay, client, service = (folder / name for name in ("relay0", "client", "service"))
    shared = _shared(_make_authority(relay, ports[0], directory))
    end = time.monotonic() + _SECONDS
    with ExitStack() as until:
        running = [
            until.enter_context(_tor(folder / f"relay{number}", shared + own))
            for number, own in enumerate(_relays(relay, ports, directory))
        ]
        _wait(
            "a consensus with every relay", end, lambda: known_relays(relay / "control") == _RELAYS
        )
        running.append(until.enter_context(_tor(client, shared + _client(client, socks))))
        onion = shared + _controlled(service) + _service(service, port, closed)
        running.append(until.enter_context(_tor(service, onion)))
        _wait("a client that has joined", end, lambda: progress(client / "control") == 100)
        _wait("a service that has joined", end, lambda: progress(service / "control") == 100)
        found = PrivateTor(
            onion=(service / "towpath" / "hostname").read_text().strip(),
            proxy=f"socks5h://{HOST}:{socks}",
            client=client / "control",
            service=service / "control",
            processes=tuple(process.pid for process in running),
        )
        _wait("an answer of the server", end, lambda: _answers(found))
        yield found


def _free_ports(count: int) -> list[int]:
    with ExitStack() as until:
        probes = [until.enter_context(socket.create_server((HOST, 0))) for _ in range(count)]
        return [probe.getsockname()[1] for probe in probes]


def _make_authority(home: Path, port: int, directory: int) -> str:
    """Make the authority's keys, and return the line by which everybody knows it."""
    keys = home / "keys"
    keys.mkdir(mode=0o700, parents=True)
    home.chmod(0o700)
    certificate = keys / "authority_certificate"
    _run(
        *("tor-gencert", "--create-identity-key", "--passphrase-fd", "0", "-m", "12"),
        *("-a", f"{HOST}:{directory}", "-i", keys / "authority_identity_key"),
        *("-s", keys / "authority_signing_key", "-c", certificate),
    )
    named = re.search(r"(?m)^fingerprint (\w+)$", certificate.read_text())
    assert named is not None
    settings = f"{_NOBODY}\nORPort {port}\nNickname relay0\nLog err stderr\n"
    said = _run(*_command(_torrc(home, settings)), "--list-fingerprint").splitlines()[-1]
    fingerprint = said.partition(" ")[2].replace(" ", "")
    assert re.fullmatch("[0-9A-F]{40}", fingerprint), said
    place = f"orport={port} no-v2 v3ident={named[1]} {HOST}:{directory}"
    return f"DirAuthority relay0 {place} {fingerprint}"


def _shared(authority: str) -> str:
    """What every process of the network is told."""
    lines = [
        authority,
        "TestingTorNetwork 1",
        "UseDefaultFallbackDirs 0",
        # Whatever it tried to reach beyond this machine, it could not.
        f"OutboundBindAddress {HOST}",
        f"Address {HOST}",
        f"__OwningControllerProcess {os.getpid()}",
        "AssumeReachable 1",
        "ShutdownWaitLength 0",
        "Log notice stdout",
    ]
    return "\n".join([*lines, ""])


def _relays(first: Path, ports: Sequence[int], directory: int) -> Iterator[str]:
    for number, port in enumerate(ports):
        own = f"Nickname relay{number}\nORPort {HOST}:{port}\nExitRelay 0\nSocksPort 0\n"
        more = f"DirPort {HOST}:{directory}\n{_AUTHORITY}{_controlled(first)}"
        yield own if number else own + more


def _controlled(home: Path) -> str:
    return f"ControlSocket {home / 'control'}\n"


def _client(home: Path, socks: int) -> str:
    return f"{_controlled(home)}SocksPort {HOST}:{socks}\n"


def _service(home: Path, port: int, closed: int) -> str:
    """The shipped torrc with another folder and port, and a port behind which nothing listens."""
    told = SHIPPED.read_text(encoding="utf-8")
    moved = {
        "/var/lib/tor/towpath/\n": f"{home / 'towpath'}/\n",
        f"{HOST}:8000\n": f"{HOST}:{port}\n",
    }
    moved["SocksPort 0\n"] = f"SocksPort 0\nHiddenServicePort {CLOSED_PORT} {HOST}:{closed}\n"
    for old, new in moved.items():
        assert told.count(f" {old}") == 1 or told.count(f"\n{old}") == 1, old
        told = told.replace(old, new)
    return told


@contextmanager
def _tor(home: Path, settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one Tor; it ends, by its number, at the end of the block."""
    home.mkdir(mode=0o700, exist_ok=True)
    with (home / "said").open("wb") as said:
        process = subprocess.Popen(
            _command(_torrc(home, settings)), stdout=said, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _torrc(home: Path, settings: str) -> Path:
    file = home / "torrc"
    file.write_text(f"DataDirectory {home}\n{settings}", encoding="utf-8")
    return file


def _command(torrc: Path) -> list[str | Path]:
    # The machine's own settings are not this network's.
    defaults = torrc.with_name("defaults")
    defaults.touch()
    return ["tor", "-f", torrc, "--defaults-torrc", defaults]


def _run(*command: str | Path) -> str:
    done = subprocess.run(command, input="\n", capture_output=True, text=True, timeout=_SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _wait(what: str, end: float, is_there: Callable[[], bool]) -> None:
    while not is_there():
        if time.monotonic() > end:
            raise AssertionError(f"the private Tor network lacks {what} after {_SECONDS:.0f} s")
        time.sleep(0.25)


def _answers(tor: PrivateTor) -> bool:
    try:
        way = Http(tor.url, proxy=tor.proxy, random=random, timeout_s=5, sleep=lambda _: None)
        return way.call("GET", "/healthz").status == 200
    except Unreachable:
        return False
