"""A relay between the demo's client and its server, which notes what went through, and its size.

For the demo only: it stands where somebody would who watches the server at work, on this machine.
It looks at the first line and the length of a request, never at what is in it.
"""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Self

_HOST = "127.0.0.1"
_CHUNK = 65_536
_HEAD_MOST = 65_536
_WAIT_S = 30.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One request and its answer: method, path without query, sizes of both bodies, status."""

    method: str
    path: str
    sent: int
    status: int
    received: int


class Relay:
    """Listens on a free port of this machine while it is entered; one request a connection."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._seen: list[Seen] = []
        self._guard = threading.Lock()
        self._listener = socket.create_server((_HOST, 0))
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{_HOST}:{self._listener.getsockname()[1]}"

    def taken(self) -> list[Seen]:
        """Return what was seen since the last time."""
        with self._guard:
            seen, self._seen = self._seen, []
        return seen

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with client:
            client.settimeout(_WAIT_S)
            try:
                request = _whole(client)
                answer = self._ask(request)
            except OSError:
                return  # a lost answer, as any other; the client tries again
            # Noted before the answer leaves: whoever has it may ask for what was seen.
            with self._guard:
                self._seen.append(_seen(request, answer))
            client.sendall(answer)

    def _ask(self, request: bytes) -> bytes:
        with socket.create_connection((_HOST, self._server_port), timeout=_WAIT_S) as server:
            server.sendall(request)
            return b"".join(iter(lambda: server.recv(_CHUNK), b""))


def _whole(connection: socket.socket) -> bytes:
    """Read one request: its head, and as many bytes of body as that says."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(connection)
        if len(data) > _HEAD_MOST:
            raise OSError
    head, _, body = data.partition(b"\r\n\r\n")
    while len(body) < _length(head):
        body += _some(connection)
    return head + b"\r\n\r\n" + body


def _some(connection: socket.socket) -> bytes:
    part = connection.recv(_CHUNK)
    if not part:
        raise OSError
    return part


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0


def _seen(request: bytes, answer: bytes) -> Seen:
    head, _, body = request.partition(b"\r\n\r\n")
    method, target, *_ = head.split(b"\r\n")[0].decode("latin-1").split(" ")
    answer_head, _, answer_body = answer.partition(b"\r\n\r\n")
    status = answer_head.split(b" ")[1] if answer_head.count(b" ") else b"0"
    return Seen(
        method=method,
        path=target.partition("?")[0],
        sent=len(body),
        status=int(status) if status.isdigit() else 0,
        received=len(answer_body),
    )
