"""A server of a log that a test writes: honest, or lying as the test wants, over real HTTP.

    with serving(log) as served:
        witness_run(served.url, ...)
        served.log = another

What it shows is what `log` and its own values say at that moment. It takes any cosignature that
holds, notes it, and shows it below the checkpoint that it is of.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from crypto import constants as c
from crypto.errors import Refused
from crypto.public import log, notes, tiles
from tests.client.log.written import Written


@dataclass
class Served:
    """What is shown now, what was asked, and the cosignatures that came: (checkpoint text, line).

    `pending`, `published` and `suspensions` take the place of the log's own where they are set;
    `refuses` is the problem with which cosignatures are answered.
    """

    log: Written
    pending: bytes | None = None
    published: bytes | None = None
    suspensions: bytes | None = None
    refuses: tuple[int, str] | None = None
    asked: list[str] = field(default_factory=list)
    cosigned: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, path: str) -> tuple[str, bytes] | None:
        """Return type and body of what lies below /v1/log; None where nothing does."""
        checkpoint = self._with_lines(self.log.checkpoint())
        checkpoint = checkpoint if self.pending is None else self.pending
        texts = {
            "pending": checkpoint,
            "checkpoint": checkpoint if self.published is None else self.published,
            "suspensions": self.log.list() if self.suspensions is None else self.suspensions,
        }
        if path in texts:
            return "text/plain; charset=utf-8", texts[path]
        try:
            tile = tiles.parse_path(path.removeprefix("tile/"))
        except Refused:
            return None
        if not tiles.is_in(tile, len(self.log.entries)):
            return None
        if tile.rows not in (tiles.ENTRIES, tiles.PROOFS):
            leaves = [log.leaf_hash(entry) for entry in self.log.entries]
            return "application/octet-stream", tiles.hashes_of(tile, leaves)
        rows = self.log.entries if tile.rows == tiles.ENTRIES else self.log.proofs
        wanted = rows[tile.first : tile.first + tile.width]
        return "application/octet-stream", tiles.write_bundle(wanted)

    def _with_lines(self, note: bytes) -> bytes:
        text = notes.parse(note).text
        lines = {line.split()[1]: line for of, line in self.cosigned if of == text}
        return note + "".join(lines.values()).encode()

    def post(self, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Take a cosignature over what is pending."""
        if self.refuses is not None:
            status, kind = self.refuses
            problem = f"urn:towpath:problem:{kind}"
            return status, {"type": problem, "title": "", "status": status, "detail": ""}
        text = notes.parse(self.log.checkpoint() if self.pending is None else self.pending).text
        line = said["cosignature"] + "\n"
        note = notes.parse(f"{text}\n{line}".encode(), c.CHECKPOINT_BYTES)
        notes.verify(note, self.log.network.policy.witnesses)
        self.cosigned.append((text, line))
        return 200, {"cosignatures": 1, "needed": 1, "published": True}


@contextmanager
def serving(written: Written) -> Iterator[Served]:
    """Serve a log on a free port of this machine while the block runs."""
    served = Served(written)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with served.lock:
                served.asked.append(self.path)
                found = served.get(self.path.removeprefix("/v1/log/"))
            if found is None:
                said = {"type": "urn:towpath:problem:no-route", "status": 404}
                self.answer(404, "application/problem+json", json.dumps(said).encode())
            else:
                self.answer(200, *found)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with served.lock:
                status, said = served.post(body)
            kind = "application/json" if status == 200 else "application/problem+json"
            self.answer(status, kind, json.dumps(said).encode())

        def answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()
