"""Servers for tests of the way out: each answers with the very bytes that a test gives it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from client.http import Http

Answer = bytes | Callable[[socket.socket], None]


@dataclass
class Wire:
    """What a made-up server was sent, connection by connection."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    asked_for: list[tuple[int, bytes]] = field(default_factory=list)
    """Over SOCKS: the kind of address (3: a name) and the address itself."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"


def whole(body: bytes, *, status: str = "200 OK", headers: Sequence[str] = ()) -> bytes:
    """One whole answer, with its length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def json_answer(body: bytes, status: str = "200 OK") -> bytes:
    """One whole answer in JSON, or a problem where the status says so."""
    kind = "json" if status.startswith("200") else "problem+json"
    return whole(body, status=status, headers=[f"Content-Type: application/{kind}"])


@contextmanager
def wire(
    *answers: Answer, socks: bool = False, tls: ssl.SSLContext | None = None
) -> Iterator[Wire]:
    """Listen on this machine; connection n gets answer n, those after the last get the last."""
    listener = socket.create_server(("127.0.0.1", 0))
    # Closing a socket does not wake a thread that waits for it; looking around does.
    listener.settimeout(0.05)
    if tls:
        listener = tls.wrap_socket(listener, server_side=True)
    told = Wire(listener.getsockname()[1])
    stop = threading.Event()
    thread = threading.Thread(target=_serve, args=(listener, told, answers, socks, stop))
    thread.start()
    try:
        yield told
    finally:
        stop.set()
        thread.join()
        listener.close()


def quick(url: str, *, proxy: str | None = None, waits: list[float] | None = None) -> Http:
    """A way out that waits for nobody; where it would sleep it notes for how long."""
    slept = [] if waits is None else waits
    return Http(url, proxy=proxy, random=_counted(), timeout_s=0.5, sleep=slept.append)


def _counted() -> Callable[[int], bytes]:
    count = 0

    def take(size: int) -> bytes:
        nonlocal count
        count += 1
        return count.to_bytes(size, "big")

    return take


def _serve(
    listener: socket.socket,
    told: Wire,
    answers: Sequence[Answer],
    socks: bool,
    stop: threading.Event,
) -> None:
    number = 0
    while not stop.is_set():
        with suppress(TimeoutError, ssl.SSLError):
            connection, _ = listener.accept()
            connection.settimeout(2)
            with connection, suppress(OSError):
                if socks:
                    _shake_hands(connection, told)
                told.requests.append(_read_request(connection))
                answer = answers[min(number, len(answers) - 1)]
                number += 1
                if callable(answer):
                    answer(connection)
                else:
                    connection.sendall(answer)


def _read_request(connection: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        part = connection.recv(65536)
        if not part:
            return got
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def _shake_hands(connection: socket.socket, told: Wire) -> None:
    """Be a SOCKS5 proxy that asks for a name and password (RFC 1928, 1929) and is the server."""
    _, count = _exactly(connection, 2)
    assert 2 in _exactly(connection, count)
    connection.sendall(b"\x05\x02")
    _exactly(connection, 1)
    login = tuple(_exactly(connection, _exactly(connection, 1)[0]) for _ in range(2))
    told.logins.append((login[0], login[1]))
    connection.sendall(b"\x01\x00")
    kind = _exactly(connection, 4)[3]
    size = _exactly(connection, 1)[0] if kind == 3 else 4
    told.asked_for.append((kind, _exactly(connection, size)))
    _exactly(connection, 2)
    connection.sendall(b"\x05\x00\x00\x01" + bytes(6))


def _exactly(connection: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        part = connection.recv(size - len(got))
        if not part:
            raise ConnectionError
        got += part
    return got
