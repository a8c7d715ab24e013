"""Junk calls at a steady rate from one address, and honest senders in between, each call once."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from crypto import constants as c
from crypto.public import requests
from tests.server.racing import HOST, Answer, posting, read_all, taken_apart
from tests.server.running import Running
from tests.server.scene import (
    Code,
    Receipt,
    Scene,
    answering,
    as_json,
    b64url,
    holding,
    publishing,
)

_SENDERS = 24
_PATIENCE_S = 20.0  # as long as a client waits


@dataclass
class Flood:
    """How many junk calls were sent, for how long, and what was answered; 0: no answer."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def an_hour(self) -> float:
        """The rate that was reached."""
        return self.statuses.total() / self.seconds * 3_600


@contextmanager
def flooded(port: int, junk: Sequence[bytes], a_second: int) -> Iterator[Flood]:
    """Send junk to a port at this rate until the end of the block."""
    flood, over, next_call = Flood(), threading.Event(), Ticket(a_second)

    def send() -> None:
        while not over.is_set():
            number = next_call.wait(over)
            flood.statuses[status_of(port, junk[number % len(junk)])] += 1

    threads = [threading.Thread(target=send, daemon=True) for _ in range(_SENDERS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    try:
        yield flood
    finally:
        flood.seconds = time.monotonic() - began
        over.set()
        for thread in threads:
            thread.join(2 * _PATIENCE_S)


class Ticket:
    """Gives callers their turns, so many a second."""

    def __init__(self, a_second: int) -> None:
        self._began = time.monotonic()
        self._a_second = a_second
        self._number = 0
        self._guard = threading.Lock()

    def wait(self, over: threading.Event) -> int:
        """Wait for the next turn and return its number."""
        with self._guard:
            number, self._number = self._number, self._number + 1
        over.wait(max(0.0, self._began + number / self._a_second - time.monotonic()))
        return number


def sent_once(port: int, request: bytes) -> Answer | None:
    """Send a request over a connection of its own, once; None where no whole answer came."""
    try:
        with socket.create_connection((HOST, port), timeout=_PATIENCE_S) as connection:
            connection.sendall(request)
            return taken_apart(read_all(connection))
    except (OSError, ValueError, IndexError):
        return None


def status_of(port: int, request: bytes) -> int:
    """The status that a request gets, or 0."""
    answer = sent_once(port, request)
    return 0 if answer is None else answer[0]


@dataclass(frozen=True)
class Sender:
    """One who asks, with a code that is live or without one; everything is made before."""

    receipt: Receipt
    request: requests.Referral | requests.WalkIn
    code: Code | None = None

    def succeeds(self, port: int) -> bool:
        """Open the code, send, and read the box: each once, and all of it as it should be."""
        path = "/v1/walk-ins"
        if self.code is not None:
            path, asked = "/v1/referrals", {"locator": b64url(self.code.locator)}
            opened = sent_once(port, posting("/v1/codes/open", asked))
            if _part(opened, "record") != b64url(self.code.row.record):
                return False
        stored = sent_once(port, posting(path, as_json(self.request)))
        return bool(_part(stored, "last_epoch")) and self.reads(port)

    def reads(self, port: int) -> bool:
        """Read the box, and find what was put there."""
        read = sent_once(port, posting("/v1/boxes/read", holding(self.receipt, slots=[0])))
        return bool(_part(read, "slots") == [b64url(self.receipt.slot_0)])


def sender(running: Running, *, has_code: bool = True) -> Sender:
    """One who has a code; or one who has done the work that the server asks for."""
    make = running.scene.make
    receipt = make.receipt()
    if has_code:
        code = running.scene.published()
        return Sender(receipt, make.referral(code, receipt), code)
    request = make.walk_in(
        receipt,
        network_id=running.founded.network_id,
        epoch=running.scene.today,
        bits=running.scene.core.settings.work_bits,
    )
    return Sender(receipt, request)


def junk(scene: Scene, live: Receipt) -> list[bytes]:
    """Calls of every kind that are good for nothing: unknown codes and boxes, wrong keys for a box
    that lives, requests without work, tokens that nobody issued, signatures that do not hold, and
    what is no request at all.
    """
    made: list[Callable[[], bytes]] = [
        lambda: posting("/v1/codes/open", {"locator": b64url(scene.make.random(16))}),
        lambda: posting("/v1/referrals", as_json(scene.make.referral(scene.make.code()))),
        lambda: posting("/v1/referrals", as_json(_boxed(scene))),
        lambda: posting("/v1/walk-ins", as_json(_without_work(scene))),
        lambda: posting("/v1/paste", {"armour": requests.armour(_without_work(scene))}),
        lambda: posting("/v1/boxes/read", holding(scene.make.receipt(), slots=[0, 1])),
        lambda: posting("/v1/boxes/read", holding(_wrong(scene, live), slots=[0])),
        lambda: posting("/v1/boxes/add", holding(_wrong(scene, live), **_added(scene))),
        lambda: posting("/v1/boxes/withdraw", holding(_wrong(scene, live))),
        lambda: posting("/v1/boxes/renew", holding(_wrong(scene, live))),
        lambda: posting("/v1/boxes/answer", answering(_wrong(scene, live), 1, bytes(c.SLOT_BYTES))),
        lambda: posting("/v1/codes", publishing(scene.make.code(scene.today), bytes(96))),
        lambda: posting("/v1/applications", _applying(scene, 300)),
        lambda: posting("/v1/applications", _applying(scene, 24_170)),
        lambda: posting("/v1/applications/reply", _applicant(scene)),
        lambda: posting("/v1/applications/withdraw", _applicant(scene)),
        lambda: posting(
            "/v1/statements", {"note": b64url(scene.make.random(600)), "listing": None}
        ),
        lambda: posting("/v1/tokens", {"week": scene.today, "blinded": ""}),
        lambda: posting("/v1/codes/open", {"locator": "A" * 21}),
        lambda: posting("/v1/boxes/read", {"x": "y" * 60_000}),
        lambda: posting("/v1/nowhere", {}),
        lambda: posting("/v1/codes/open", {})[:-2] + b"[[",
        lambda: b"GET /v1/drop?after=0 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    ]
    return [one() for _ in range(20) for one in made]


def _applicant(scene: Scene) -> dict[str, str]:
    """Who has not applied."""
    return {name: b64url(value) for name, value in scene.make.application().who.items()}


def _applying(scene: Scene, size: int) -> dict[str, str]:
    """An application of so many bytes, which are no application's."""
    body = scene.make.application().body(application=scene.make.random(size))
    return {name: b64url(value) for name, value in body.items()}


def _boxed(scene: Scene) -> requests.Referral:
    return scene.make.referral(scene.make.code(), scene.make.receipt())


def _without_work(scene: Scene) -> requests.WalkIn:
    return requests.WalkIn(
        epoch=scene.today,
        nonce=scene.make.random(8),
        envelope=scene.make.envelope(),
        box=scene.make.receipt().box,
    )


def _wrong(scene: Scene, live: Receipt) -> Receipt:
    """A living box, and keys that are not its own."""
    other = scene.make.receipt()
    return Receipt(live.box_id, other.holder_key, other.write_key, other.slot_0)


def _added(scene: Scene) -> dict[str, Any]:
    return {"tag": b64url(scene.make.random(16)), "envelope": b64url(scene.make.envelope())}


def _part(answer: Answer | None, name: str) -> Any:
    if answer is None or answer[0] != 200:
        return None
    return json.loads(answer[1]).get(name)
