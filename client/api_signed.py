"""Calls that a member or an admin signs, each with a counter above the last.

Source: docs/spec/http.md, 7; docs/spec/vetting.md, 5.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Protocol, TypeVar

from client import wire
from client.api import Api
from client.api_types import Applied, Drawn, Waiting
from client.errors import ServerProblem
from crypto import constants as c
from crypto.public import request_signing

_STORE = "/v1/store"
_T = TypeVar("_T")
Written = Literal["stored", "stale", "taken", "refused"]


def store_hash(sealed: bytes) -> bytes:
    """Return what names a sealed store when it is replaced (32 bytes); b"": there is none.

    Source: docs/spec/http.md, 7.
    """
    return hashlib.sha256(sealed).digest() if sealed else bytes(c.HASH_BYTES)


class Counter(Protocol):
    """Gives each signed call of one key its number; kept where it outlives the program."""

    def next(self) -> int:
        """Return a number above every one before, after it was kept."""

    def seen(self, counter: int) -> None:
        """Take note of the last number that the server knows."""


class SignedApi:
    """Calls signed with one Ed25519 seed (32 bytes) in one network (id of 32 bytes)."""

    __slots__ = ("_api", "_counter", "_network_id", "_seed")

    def __init__(self, api: Api, seed: bytes, network_id: bytes, counter: Counter) -> None:
        self._api = api
        self._seed = seed
        self._network_id = network_id
        self._counter = counter

    def __repr__(self) -> str:
        return "SignedApi(hidden)"

    def tokens(self, week: int, blinded: bytes) -> Drawn:
        """Draw this week's batch (its Monday; 32 bytes for each token, or none) and drop key.

        Raises ServerProblem, "drawn" among them. Source: docs/spec/http.md, 7.
        """
        said = self._call("POST", "/v1/tokens", {"week": week, "blinded": blinded})
        return Drawn(
            period=said.number("period", 0xFFFFFFFF),
            evaluated=said.raw("evaluated", _evaluated_bytes(blinded)),
            drop_key=said.raw("drop_key", c.DROP_KEY_BYTES),
            drop_week=said.number("drop_week", 0xFFFFFFFF),
        )

    def put_weekly_key(self, weekly_key: bytes, *, replaces: bytes | None = None) -> None:
        """Publish the weekly key (1,321 bytes) of this or the next week.

        `replaces` is the id (16 bytes) of the one whose place it takes, if any. Raises
        ServerProblem, "taken" and "stale" among them. Source: docs/spec/http.md, 7.
        """
        values = {"weekly_key": weekly_key, "replaces": replaces}
        self._call("PUT", "/v1/organisations/me/weekly-key", values)

    def put_invite(self, locator: bytes, write_key_hash: bytes, offer: bytes) -> None:
        """Store an invite's offer (1,536 bytes) under its locator (16 bytes), until tomorrow.

        Raises ServerProblem, "taken" and "limited" among them. Source: docs/spec/http.md, 7.
        """
        values = {"locator": locator, "write_key_hash": write_key_hash, "offer": offer}
        self._call("POST", "/v1/invites", values)

    def put_capacity(self, walk_ins: bool, capacity: int | None) -> None:
        """Say whether walk-ins are taken, and how much room there is (an id, or None)."""
        values = {"walk_ins": walk_ins, "capacity": capacity}
        self._call("PUT", "/v1/organisations/me/capacity", values)

    def put_members(self, members: Sequence[bytes]) -> None:
        """Say whose keys (32 bytes each, 1 to 16) sign for the organisation from now on."""
        self._call("PUT", "/v1/organisations/me/members", {"members": sorted(members)})

    def store(self) -> bytes:
        """Return the organisation's sealed store; b"" where the server has none.

        Source: docs/spec/http.md, 7.
        """
        signed = self._signed("GET", _STORE, b"")
        sealed = self._again(lambda: self._api.get_octets(_STORE, signed()))
        if sealed and len(sealed) not in c.STORE_STEPS:
            raise wire.garbled()
        return sealed

    def put_store(self, sealed: bytes, *, replaces: bytes) -> bool:
        """Put a sealed store of the network's one size where that named by `replaces` lies.

        `replaces` is its `store_hash`. False: something else lies there by now, and nothing was
        stored. Raises ServerProblem for the rest. Source: docs/spec/http.md, 7.
        """
        body = replaces + sealed
        signed = self._signed("PUT", _STORE, body)
        try:
            self._again(lambda: self._api.put_octets(_STORE, body, signed()))
        except ServerProblem as problem:
            if problem.kind == "stale":
                return False
            raise
        return True

    def put_admin_key(self, admin_key: bytes) -> None:
        """Publish an admin's own reading key (1,345 bytes), in place of the last."""
        self._call("PUT", "/v1/admins/me/key", {"admin_key": admin_key})

    def applications(self) -> list[Waiting]:
        """Return which applications are open, for an admin; who asks stands in none of them."""
        listed = self._call("GET", "/v1/applications", None).objects("applications")
        return [
            Waiting(
                application_id=one.raw("id", c.APPLICATION_ID_BYTES),
                entries=one.number("entries", c.VETTING_ENTRIES_MOST),
                last_epoch=one.number("last_epoch", 0xFFFFFFFF),
            )
            for one in listed
        ]

    def open_application(self, application_id: bytes, after: int = 0) -> Applied | None:
        """Return an application with the entries from number `after` on; None for the refusal.

        The application itself comes with `after` 0 alone. Source: docs/spec/vetting.md, 5.
        """
        call = {"id": application_id, "after": after}
        try:
            said = self._call("POST", "/v1/applications/open", call)
        except ServerProblem as problem:
            if problem.kind == "refused":
                return None
            raise
        entries = said.raws("entries", c.VETTING_ENTRY_BYTES)
        return Applied(b"" if after else said.raw("application"), entries)

    def add_entry(self, application_id: bytes, number: int, entry: bytes) -> Written:
        """Write an entry (2,560 bytes) as this number and say what became of it.

        "stale": somebody wrote first, and nothing was stored. Source: docs/spec/vetting.md, 5.
        """
        call = {"id": application_id, "n": number, "entry": entry}
        return self._written("/v1/applications/entries", call)

    def answer_application(self, application_id: bytes, reply: bytes) -> Written:
        """Reply to an applicant (2,048 bytes), once; "taken" where there is another reply."""
        return self._written("/v1/applications/answer", {"id": application_id, "reply": reply})

    def _written(self, path: str, values: Mapping[str, object]) -> Written:
        try:
            self._call("POST", path, values)
        except ServerProblem as problem:
            match problem.kind:
                case "stale" | "taken" | "refused" as kind:
                    return kind
            raise
        return "stored"

    def _call(self, method: str, path: str, values: Mapping[str, object] | None) -> wire.Fields:
        body = b"" if values is None else wire.dumps(values)
        signed = self._signed(method, path, body)
        if values is None:
            return self._again(lambda: self._api.get(path, signed()))
        return self._again(lambda: self._api.send_json(method, path, body, signed()))

    def _again(self, call: Callable[[], _T]) -> _T:
        """Make a call, and once more where the server has seen a higher counter."""
        try:
            return call()
        except ServerProblem as problem:
            if problem.kind != "counter" or problem.counter is None:
                raise
            # Lost answers and restored copies leave a device behind: go on from the server's.
            self._counter.seen(problem.counter)
        return call()

    def _signed(self, method: str, path: str, body: bytes) -> Callable[[], dict[str, str]]:
        """Return what makes the headers of a call, each time with a new counter."""

        def headers() -> dict[str, str]:
            signed = request_signing.sign(
                self._seed,
                method=method,
                path=path,
                query="",
                body=body,
                counter=self._counter.next(),
                network_id=self._network_id,
            )
            return {
                "Content-Digest": signed.digest,
                "Signature-Input": signed.signature_input,
                "Signature": signed.signature,
            }

        return headers


def _evaluated_bytes(blinded: bytes) -> int:
    return len(blinded) + c.TOKEN_PROOF_BYTES if blinded else 0
