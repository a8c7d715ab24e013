"""A way to the server that remembers every byte, and on which a bad day can happen.

It stands between a device and the server, takes one request a connection as the client makes them,
and does at a path what a test asks for: loses the answer after the work was done, cuts a request or
an answer anywhere, or calls something before the request goes on.
"""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_HOST = "127.0.0.1"
_CHUNK = 65_536
_WAIT_S = 60.0


@dataclass(frozen=True)
class Exchange:
    """One request and what the server answered, byte for byte."""

    path: str
    head: bytes
    body: bytes
    answer: bytes

    @property
    def status(self) -> int:
        """The status of the answer; 0 where there was none."""
        return int(self.answer.split(b" ", 2)[1]) if self.answer else 0

    @property
    def answered(self) -> bytes:
        """The body of the answer."""
        return self.answer.partition(b"\r\n\r\n")[2]


@dataclass
class Relay:
    """What went through, in order, and what is to happen; each number is how often."""

    port: int
    url: str = ""
    exchanges: list[Exchange] = field(default_factory=list)
    lose: Counter[str] = field(default_factory=Counter)
    """By path: how many of the next answers are lost after the server gave them."""
    cut_request: dict[str, int] = field(default_factory=dict)
    """By path: after how many bytes of its body the next request breaks off."""
    cut_answer: dict[str, int] = field(default_factory=dict)
    """By path: after how many bytes the next answer breaks off."""
    before: dict[str, Callable[[], object]] = field(default_factory=dict)
    """By path: what happens before the next request goes on to the server."""
    after: dict[str, Callable[[], object]] = field(default_factory=dict)
    """By path: what happens after the server gave the next answer, and before it is handed on."""
    _threads: list[threading.Thread] = field(default_factory=list)
    _troubles: list[BaseException] = field(default_factory=list)

    def to(self, path: str) -> list[Exchange]:
        """Return what went to a path, without its query."""
        return [one for one in self.exchanges if one.path == path]

    def serve(self, listener: socket.socket) -> None:
        """Take connections until the listener is closed."""
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._guarded, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def finish(self) -> None:
        """Wait for what is on its way, and raise what went wrong here."""
        for thread in self._threads:
            thread.join(_WAIT_S)
        for trouble in self._troubles:
            raise trouble

    def _guarded(self, client: socket.socket) -> None:
        try:
            with client:
                client.settimeout(_WAIT_S)
                self._take(client)
        except OSError:
            pass  # a device that hung up, or a server that was stopped
        except BaseException as trouble:
            self._troubles.append(trouble)

    def _take(self, client: socket.socket) -> None:
        head, body = _request(client)
        path = head.split(b" ", 2)[1].decode().partition("?")[0]
        self.before.pop(path, _nothing)()
        cut = self.cut_request.pop(path, None)
        answer = self._ask(head, body if cut is None else body[:cut], whole=cut is None)
        self.exchanges.append(Exchange(path, head, body, answer))
        self.after.pop(path, _nothing)()
        if self.lose[path]:
            self.lose[path] -= 1
            return
        client.sendall(answer[: self.cut_answer.pop(path, len(answer))])

    def _ask(self, head: bytes, body: bytes, *, whole: bool) -> bytes:
        with socket.create_connection((_HOST, self.port), _WAIT_S) as server:
            server.sendall(_ended(head) + body)
            if not whole:
                return b""
            return b"".join(iter(lambda: server.recv(_CHUNK), b""))


@contextmanager
def relay(server_port: int) -> Iterator[Relay]:
    """Listen on a free port of this machine until the end of the block."""
    with socket.create_server((_HOST, 0)) as listener:
        made = Relay(server_port, f"http://{_HOST}:{listener.getsockname()[1]}")
        thread = threading.Thread(target=made.serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield made
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            thread.join(_WAIT_S)
            made.finish()


def _nothing() -> None:
    """Let nothing happen."""


def _ended(head: bytes) -> bytes:
    """Ask the server to end the connection after its answer, as a browser does not."""
    first, *others = head.split(b"\r\n")
    kept = [line for line in others if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([first, b"Connection: close", *kept])


def _request(client: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        part = client.recv(_CHUNK)
        if not part:
            raise OSError
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    sizes = [int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")]
    while len(body) < sum(sizes):
        body += client.recv(_CHUNK)
    return head + b"\r\n\r\n", body
