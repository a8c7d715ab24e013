"""A small server that speaks docs/spec/http.md to senders, over real HTTP on this machine.

It stands in for the real one so that a test can take an answer away, suspend an organisation in
between, or lie. What it keeps, it keeps in dictionaries that a test may read.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from client import wire
from crypto import constants as c
from crypto.encoding import monday
from crypto.errors import Refused
from crypto.public import cover, requests, work
from crypto.public.keys import key_hash
from crypto.public.requests import Box, Referral, WalkIn
from tests.client.peer.providers import Provider

JSON, PROBLEM = "application/json", "application/problem+json"
Answer = tuple[int, Any]
REFUSED: Answer = (404, "refused")


@dataclass
class Stored:
    """One box: hashes, slots, the tags of its envelopes, its last epoch."""

    holder_key_hash: bytes
    write_key_hash: bytes
    slots: dict[int, bytes]
    envelopes: list[bytes]
    last_epoch: int


@dataclass
class Town:
    """What the server keeps, and what a test does to it."""

    provider: Provider
    day: int
    work_bits: int = 8
    records: dict[bytes, tuple[bytes, bytes]] = field(default_factory=dict)
    """By locator: hash of the write key, record."""
    envelopes: dict[bytes, bytes] = field(default_factory=dict)
    """By locator or tag."""
    done: dict[bytes, tuple[bytes, int]] = field(default_factory=dict)
    """By locator or tag: hash of the request, last epoch."""
    boxes: dict[bytes, Stored] = field(default_factory=dict)
    calls: list[tuple[str, bytes]] = field(default_factory=list)
    """Every request: path and body."""
    lose: dict[str, int] = field(default_factory=dict)
    """By path: how many of the next answers are lost after the work was done."""
    instead: dict[str, Answer] = field(default_factory=dict)
    """By path: what is answered instead."""
    url: str = ""

    def paths(self) -> list[str]:
        """The paths that were called, in order."""
        return [path for path, _ in self.calls]

    def publish(self, name: str) -> str:
        """Make a code as the provider, store its record, and return its text."""
        made = self.provider.make_code(name)
        self.records[made.locator] = (key_hash(made.write_key), made.record)
        return made.text

    def answer_to(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Do what a call asks for."""
        if path in self.instead:
            return self.instead[path]
        calls = {
            "/v1/network": self._network,
            "/v1/directory": self._directory,
            "/v1/codes/open": self._open,
            "/v1/referrals": self._referrals,
            "/v1/walk-ins": self._walk_ins,
            "/v1/paste": self._paste,
            "/v1/boxes/read": self._read,
            "/v1/boxes/add": self._add,
            "/v1/boxes/withdraw": self._withdraw,
            "/v1/boxes/renew": self._renew,
        }
        return calls[path](body) if path in calls else (404, "no-route")

    def _network(self, _: Mapping[str, Any]) -> Answer:
        return 200, {
            "network_id": self.provider.network.network_id,
            "policies": [note.decode() for note in self.provider.policies],
            "checkpoint": self.provider.newest.decode(),
            "suspensions": self.provider.suspensions.decode(),
            "suspended": [],
            "token_keys": [],
            "tokens_a_week": 8,
            "work_bits": self.work_bits,
            "tick_seconds": 120,
            "store_bytes": 1_048_576,
        }

    def _directory(self, _: Mapping[str, Any]) -> Answer:
        return 200, {"organisations": self.provider.directory()}

    def _open(self, body: Mapping[str, Any]) -> Answer:
        found = self.records.get(wire.unb64url(body["locator"]))
        return (200, {"record": found[1]}) if found else REFUSED

    def _referrals(self, body: Mapping[str, Any]) -> Answer:
        box = _box(body["box"])
        request = Referral(
            locator=wire.unb64url(body["locator"]),
            write_key=wire.unb64url(body["write_key"]),
            envelope=wire.unb64url(body["envelope"]),
            box=box,
        )
        return self._take_referral(request)

    def _take_referral(self, request: Referral) -> Answer:
        if request.locator in self.done:
            return self._again(request.locator, requests.hash_of(request))
        found = self.records.get(request.locator)
        if not found or not hmac.compare_digest(found[0], key_hash(request.write_key)):
            return REFUSED
        if request.box and request.box.id in self.boxes:
            return REFUSED
        del self.records[request.locator]
        last = self.day + c.REFERRAL_DAYS
        return self._store(request.locator, request, last)

    def _walk_ins(self, body: Mapping[str, Any]) -> Answer:
        request = WalkIn(
            epoch=body["epoch"],
            nonce=wire.unb64url(body["nonce"]),
            envelope=wire.unb64url(body["envelope"]),
            box=_box(body["box"]),
        )
        return self._take_walk_in(request)

    def _take_walk_in(self, request: WalkIn) -> Answer:
        tag = requests.walk_in_tag(request.envelope)
        if tag in self.done:
            return 200, {"last_epoch": self.done[tag][1]}
        if request.epoch not in (self.day, self.day - 1):
            return 403, "work"
        network_id = self.provider.network.network_id
        task = work.task(network_id, request.epoch, request.envelope, self.work_bits)
        try:
            work.check(task, request.nonce)
        except Refused:
            return 403, "work"
        last = min(self.day + c.REFERRAL_DAYS, monday(self.day) + 13)
        return self._store(tag, request, last)

    def _store(self, tag: bytes, request: Referral | WalkIn, last: int) -> Answer:
        self.envelopes[tag] = request.envelope
        self.done[tag] = (requests.hash_of(request), last)
        if request.box:
            kept = request.box
            self.boxes[kept.id] = Stored(
                kept.holder_key_hash, kept.write_key_hash, {0: kept.slot_0}, [tag], last
            )
        return 200, {"last_epoch": last}

    def _again(self, tag: bytes, hashed: bytes) -> Answer:
        kept, last = self.done[tag]
        return (200, {"last_epoch": last}) if kept == hashed else REFUSED

    def _paste(self, body: Mapping[str, Any]) -> Answer:
        request = requests.from_armour(body["armour"])
        if isinstance(request, Referral):
            return self._take_referral(request)
        return self._take_walk_in(request)

    def _read(self, body: Mapping[str, Any]) -> Answer:
        box_id, found = wire.unb64url(body["box_id"]), self._held(body)
        slots = found.slots if found else {}
        return 200, {
            "slots": [slots.get(n) or cover.slot(bytes(32), box_id, n) for n in body["slots"]]
        }

    def _add(self, body: Mapping[str, Any]) -> Answer:
        found, tag = self._held(body), wire.unb64url(body["tag"])
        envelope = wire.unb64url(body["envelope"])
        if not found:
            return REFUSED
        if tag in self.envelopes:
            same = self.envelopes[tag] == envelope
            return (200, {"last_epoch": found.last_epoch}) if same else REFUSED
        if len(found.envelopes) > c.FOLLOW_UPS:
            return REFUSED
        self.envelopes[tag] = envelope
        found.envelopes.append(tag)
        return 200, {"last_epoch": found.last_epoch}

    def _withdraw(self, body: Mapping[str, Any]) -> Answer:
        found = self._held(body)
        if found:
            del self.boxes[wire.unb64url(body["box_id"])]
            for tag in found.envelopes:
                del self.envelopes[tag]
        return 200, {}

    def _renew(self, body: Mapping[str, Any]) -> Answer:
        found = self._held(body)
        if not found:
            return REFUSED
        found.last_epoch = max(found.last_epoch, self.day + c.REFERRAL_DAYS)
        return 200, {"last_epoch": found.last_epoch}

    def _held(self, body: Mapping[str, Any]) -> Stored | None:
        found = self.boxes.get(wire.unb64url(body["box_id"]))
        given = key_hash(wire.unb64url(body["holder_key"]))
        return found if found and hmac.compare_digest(found.holder_key_hash, given) else None


@contextmanager
def serving(town: Town) -> Iterator[Town]:
    """Serve a town over HTTP on this machine."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.town = town
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    town.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield town
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    town: Town


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, body: bytes) -> None:
        town = self.server.town
        town.calls.append((self.path, body))
        status, said = town.answer_to(self.path, json.loads(body) if body else {})
        self.close_connection = True
        if town.lose.get(self.path, 0) > 0:
            town.lose[self.path] -= 1
            return
        sent, kind = _encoded(status, said)
        self.send_response_only(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(sent)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(sent)


def _encoded(status: int, said: Any) -> tuple[bytes, str]:
    if isinstance(said, str):
        named = {"type": f"urn:towpath:problem:{said}", "title": "", "status": status, "detail": ""}
        return json.dumps(named).encode(), PROBLEM
    return (said if isinstance(said, bytes) else wire.dumps(said)), JSON


def _box(value: Any) -> Box | None:
    if value is None:
        return None
    return Box(**{name: wire.unb64url(one) for name, one in value.items()})


def fingerprint(town: Town) -> str:
    """A hash of everything that is stored, to see whether a call changed something."""
    kept = (town.records, town.envelopes, town.done, town.boxes)
    return hashlib.sha256(repr(kept).encode()).hexdigest()
