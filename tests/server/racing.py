"""Many requests at once, from several processes over real connections.

Each process opens its connections and sends everything but the last byte of each request; when all
processes are there, the last bytes go out.
"""

from __future__ import annotations

import json
import multiprocessing
import socket
from collections.abc import Mapping, Sequence
from multiprocessing.context import SpawnContext
from multiprocessing.synchronize import Barrier
from types import TracebackType
from typing import Any

HOST = "127.0.0.1"
_SECONDS = 120

Answer = tuple[int, bytes]
"""A status and a body."""


def posting(path: str, values: dict[str, Any]) -> bytes:
    """A whole request, byte for byte."""
    body = json.dumps(values).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def raw(method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """A whole request whose body is no JSON, byte for byte."""
    told = {"Host": HOST, "Content-Length": str(len(body)), "Connection": "close", **headers}
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in told.items())
    return f"{head}\r\n".encode() + body


def read_all(connection: socket.socket) -> bytes:
    """Everything until the other side closes."""
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def taken_apart(answer: bytes) -> Answer:
    """The status and body of an answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), body


class Racers:
    """Some processes that wait for each other before they let go."""

    def __init__(self, processes: int = 8) -> None:
        context: SpawnContext = multiprocessing.get_context("spawn")
        barrier = context.Barrier(processes)
        self._count = processes
        self._pool = context.Pool(processes, _enter, (barrier,))

    def __enter__(self) -> Racers:
        """Be there."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        """End the processes."""
        self._pool.terminate() if kind else self._pool.close()
        self._pool.join()

    def race(self, port: int, requests: Sequence[bytes]) -> list[Answer]:
        """Send all requests at once; the answers in the order of the requests."""
        batches = [(port, requests[at :: self._count]) for at in range(self._count)]
        answers = self._pool.map_async(_send, batches, chunksize=1).get(_SECONDS)
        ordered: list[Answer] = [(0, b"")] * len(requests)
        for at, batch in enumerate(answers):
            ordered[at :: self._count] = batch
        return ordered


_barrier: Barrier | None = None


def _enter(barrier: Barrier) -> None:
    global _barrier
    _barrier = barrier


def _send(batch: tuple[int, Sequence[bytes]]) -> list[Answer]:
    port, requests = batch
    assert _barrier is not None
    connections = []
    for request in requests:
        connection = socket.create_connection((HOST, port), timeout=_SECONDS)
        connection.sendall(request[:-1])
        connections.append(connection)
    _barrier.wait(_SECONDS)
    for connection, request in zip(connections, requests, strict=True):
        connection.sendall(request[-1:])
    answers = []
    for connection in connections:
        with connection:
            answers.append(taken_apart(read_all(connection)))
    return answers
