"""The real command `towpath server` as processes of its own, and raw calls to it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

from crypto.public import policy as policies
from crypto.public import policy_chain
from crypto.public.note_signing import Signer, sign_note
from server.clock import SystemClock, day_of
from server.keyring import LOG, Keyring
from server.settings import load
from tests.crypto.networks import Network, make_network
from words import catalogues

ROOT = Path(__file__).parents[2]
TOWPATH = (sys.executable, "-m", "towpath", "server")
_SECONDS = 60


@dataclass
class Served:
    """A server that listens; `folder` has its settings, `out` and `err` are what it prints."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    out: Path
    err: Path

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        source: str = "127.0.0.1",
    ) -> tuple[int, bytes]:
        """Make one call over a connection of its own; return status and body."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(source, 0))
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer: HTTPResponse = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def send(self, data: bytes, source: str = "127.0.0.1") -> None:
        """Send bytes as they are, and hang up before any answer."""
        with socket.create_connection(("127.0.0.1", self.port), 30, (source, 0)) as connection:
            connection.sendall(data)

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Tell the first process to end, and return its exit code."""
        self.process.send_signal(how)
        return self.process.wait(_SECONDS)


def run(*arguments: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run `towpath server` with these arguments and `--dir folder`."""
    chosen = ["--dir", str(folder)] if folder else []
    return subprocess.run(
        [*TOWPATH, *arguments, *chosen],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )


def begun(folder: Path, *options: str | Path) -> Path:
    """Begin a server in a folder on a free port, and return the folder."""
    made = run("init", folder, "--port", str(free_port()), *options)
    assert made.returncode == 0, made.stderr
    show(folder, *catalogues.codes()[1:])
    return folder


def show(folder: Path, *languages: str) -> None:
    """Have the pages show these languages, too, though nobody has read them yet."""
    file = folder / "server.toml"
    line = f"unreviewed_languages = {json.dumps(languages)}"
    text = file.read_text(encoding="utf-8")
    text, found = re.subn("^unreviewed_languages = .*$", line, text, flags=re.MULTILINE)
    assert found == 1
    file.write_text(text, encoding="utf-8")


def found_network(folder: Path, *, witnesses: int = 0, needed: int = 0) -> Network:
    """Load the first policy of a made-up network, which names this server's log key; return it.

    So many witnesses are in it, of whom so many are needed.
    """
    settings = load(folder)
    seed = Keyring(settings.keyring, settings.keyring_copy).get(LOG, 0)
    assert seed is not None
    made = make_network(witnesses=witnesses, witness_threshold=needed)
    log = Signer(made.log.name, seed)
    until = day_of(SystemClock()) + 365
    text = policies.format_text(replace(made.policy, log=log.key, until=until))
    note = sign_note(text, *made.admins[: made.policy.threshold])
    file = folder.with_name("policy.note")
    file.write_bytes(note)
    loaded = run("policy", file, folder=folder)
    assert loaded.returncode == 0, loaded.stderr
    policy = policy_chain.accept_first(note, policies.network_id_of(text))
    return replace(made, policy=policy, policy_note=note, log=log)


def free_port() -> int:
    """Return a port on which nobody listens at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_of(folder: Path) -> int:
    """Return the port in a server's settings."""
    return load(folder).port


@contextmanager
def serving(
    folder: Path, command: Sequence[str] | None = None, name: str = "server"
) -> Iterator[Served]:
    """Run the server of a folder until the end of the block; it may write there only.

    `command` runs another program in its place; `name` is that of the files of what it prints,
    beside the folder.
    """
    out, err = (folder.with_name(f"{name}.{kind}") for kind in ("out", "err"))
    scratch = folder.with_name(f"{name}.tmp")
    scratch.mkdir(exist_ok=True)
    with out.open("wb") as standard_out, err.open("wb") as standard_err:
        process = subprocess.Popen(
            command or [*TOWPATH, "serve", "--dir", str(folder)],
            cwd=ROOT,
            stdout=standard_out,
            stderr=standard_err,
            env={**os.environ, "TMPDIR": str(scratch), "HOME": str(scratch)},
            start_new_session=True,
        )
    served = Served(folder, port_of(folder), process, out, err)
    try:
        _wait(served)
        yield served
    finally:
        if process.poll() is None:
            served.end()


def _wait(served: Served) -> None:
    for _ in range(int(_SECONDS / 0.05)):
        if b"Listening on" in served.out.read_bytes():
            return
        try:
            served.process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(served.err.read_text() or "the server ended")
    raise AssertionError("the server does not listen")
