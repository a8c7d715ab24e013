"""The server's calls, typed: bytes in, bytes out. Nothing that comes back is believed here.

The refusal is a value (None, or "refused"); every other problem is raised as ServerProblem.

Source: docs/spec/http.md, 2 to 4, 6 and 8.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeVar

from client import wire
from client.api_types import Listed, NetworkDocument, TokenKey
from client.errors import ServerProblem
from client.http import Http, Reply
from client.seen import ForNow, Memory
from crypto import constants as c
from crypto.public.requests import Box, Referral, WalkIn

_PROBLEM = "urn:towpath:problem:"
_JSON = {"Content-Type": "application/json"}
_OCTETS = "application/octet-stream"
_TEXT = "text/plain"
_T = TypeVar("_T")
Stored = Literal["stored", "taken", "refused"]

_NO_BOX = wire.dumps({"box": None})


class Api:
    """Calls to one server through one `Http`; each is repeatable and goes alone."""

    __slots__ = ("http", "memory")

    def __init__(self, http: Http, memory: Memory | None = None) -> None:
        """Take the way there, and where it is remembered what its network was seen to be."""
        self.http = http
        self.memory = ForNow() if memory is None else memory

    def network(self) -> NetworkDocument:
        """Return what is the same for everybody. Source: docs/spec/http.md, 2."""
        said = self.get("/v1/network")
        return NetworkDocument(
            network_id=said.raw("network_id", c.NETWORK_ID_BYTES),
            policies=said.utf8s("policies"),
            checkpoint=said.utf8("checkpoint"),
            suspensions=said.utf8("suspensions"),
            suspended=said.utf8s("suspended")[: c.SUSPENDED_MOST],
            token_keys=tuple(
                TokenKey(
                    one.number("period"),
                    one.raw("public_key", c.TOKEN_ELEMENT_BYTES),
                    one.number("index"),
                    one.raws("hashes", c.HASH_BYTES),
                )
                for one in said.objects("token_keys")
            ),
            tokens_a_week=said.number("tokens_a_week", c.TOKEN_BATCH_MOST),
            work_bits=said.number("work_bits", c.WORK_BITS_MOST),
            tick_seconds=said.number("tick_seconds"),
            store_bytes=_step(said.number("store_bytes")),
        )

    def directory(self) -> tuple[Listed, ...]:
        """Return the organisations that the server lists. Source: docs/spec/http.md, 2."""
        return tuple(
            Listed(
                statement=one.raw("statement"),
                profile=one.raw("profile"),
                index=one.number("index"),
                hashes=one.raws("hashes", c.HASH_BYTES),
                walk_ins=one.flag("walk_ins"),
                capacity=one.number_or_none("capacity"),
                weekly_keys=one.raws("weekly_keys", c.WEEKLY_KEY_BYTES),
            )
            for one in self.get("/v1/directory").objects("organisations")
        )

    def open_code(self, locator: bytes) -> bytes | None:
        """Return the record (4,096 bytes) at a locator (16 bytes), or None for the refusal."""
        call = {"locator": locator}
        return _or_none(lambda: self.post("/v1/codes/open", call).raw("record", c.RECORD_BYTES))

    def send(self, request: Referral | WalkIn) -> int | None:
        """Post a sealed request; return its last epoch, or None for the refusal.

        The body is as long without a box as with one. Raises ServerProblem, "work" and "limited"
        for a walk-in. Source: docs/spec/http.md, 3.
        """
        path, values = _request(request)
        return self._last_epoch(path, values)

    def paste(self, armour: str) -> int | None:
        """Post an armoured request (text); return its last epoch, or None for the refusal."""
        return self._last_epoch("/v1/paste", {"armour": armour})

    def read_box(self, box_id: bytes, holder_key: bytes, slots: Sequence[int]) -> list[bytes]:
        """Return what stands in 1 to 8 slots (0 to 31, ascending), 4,096 bytes each."""
        call = {"box_id": box_id, "holder_key": holder_key, "slots": list(slots)}
        read = self.post("/v1/boxes/read", call).raws("slots", c.SLOT_BYTES)
        if len(read) != len(slots):
            raise wire.garbled()
        return list(read)

    def add(self, box_id: bytes, holder_key: bytes, tag: bytes, envelope: bytes) -> int | None:
        """Store a follow-up under its tag (16 bytes); return its last epoch, or None."""
        call = {"box_id": box_id, "holder_key": holder_key, "tag": tag, "envelope": envelope}
        return self._last_epoch("/v1/boxes/add", call)

    def withdraw(self, box_id: bytes, holder_key: bytes) -> None:
        """End the box and all its envelopes; the answer is the same where there was none."""
        self.post("/v1/boxes/withdraw", {"box_id": box_id, "holder_key": holder_key})

    def renew(self, box_id: bytes, holder_key: bytes) -> int | None:
        """Keep box and envelopes for longer; return the last epoch, or None for the refusal."""
        return self._last_epoch("/v1/boxes/renew", {"box_id": box_id, "holder_key": holder_key})

    def publish_code(
        self, *, locator: bytes, write_key_hash: bytes, record: bytes, last_epoch: int, token: bytes
    ) -> None:
        """Store a record (4,096 bytes), unnamed, for one token (96 bytes).

        Raises ServerProblem, "token" and "taken" among them. Source: docs/spec/http.md, 4.
        """
        call = {
            "locator": locator,
            "write_key_hash": write_key_hash,
            "record": record,
            "last_epoch": last_epoch,
            "token": token,
        }
        self.post("/v1/codes", call)

    def cancel_code(self, locator: bytes, write_key: bytes) -> None:
        """End a code; the answer is the same where there was none."""
        self.post("/v1/codes/cancel", {"locator": locator, "write_key": write_key})

    def answer(self, box_id: bytes, write_key: bytes, slot: int, sealed: bytes) -> Stored:
        """Store a sealed answer (4,096 bytes) in slot 1 to 31 and say what became of it."""
        call = {"box_id": box_id, "write_key": write_key, "slot": slot, "sealed": sealed}
        return self._stored("/v1/boxes/answer", call)

    def open_invite(self, locator: bytes) -> bytes | None:
        """Return the offer (1,536 bytes) at a locator (16 bytes), or None for the refusal."""
        call = {"locator": locator}
        return _or_none(lambda: self.post("/v1/invites/open", call).raw("offer", c.INVITE_BYTES))

    def accept_invite(self, locator: bytes, write_key: bytes, reply: bytes) -> Stored:
        """Store a newcomer's reply (1,536 bytes) and say what became of it."""
        call = {"locator": locator, "write_key": write_key, "reply": reply}
        return self._stored("/v1/invites/accept", call)

    def read_invite(self, locator: bytes, write_key: bytes) -> bytes:
        """Return the reply to an invite, or the cover of its place: 1,536 bytes either way."""
        call = {"locator": locator, "write_key": write_key}
        return self.post("/v1/invites/read", call).raw("reply", c.INVITE_BYTES)

    def drop(self, drop_key: bytes, after: int) -> bytes:
        """Return the rows (5,297 bytes each, at most 500) above a cursor; none: no more there.

        Raises ServerProblem "unsigned" for a drop key (32 bytes) of another week.
        Source: docs/spec/http.md, 6.
        """
        bearer = {"Authorization": f"Bearer {wire.b64url(drop_key)}"}
        reply = self.http.call("GET", f"/v1/drop?after={after}", headers=bearer)
        rows = _checked(reply, _OCTETS)
        size = c.DROP_STREAM_ROW_BYTES
        if len(rows) % size or len(rows) > c.DROP_ROWS * size:
            raise wire.garbled()
        return rows

    def admin_keys(self) -> tuple[bytes, ...]:
        """Return the admins' reading keys (1,345 bytes each), unchecked."""
        return self.get("/v1/admins").raws("admin_keys", c.ADMIN_KEY_BYTES)

    def apply(self, application_id: bytes, write_key_hash: bytes, sealed: bytes) -> None:
        """Hand in a sealed application under its id (16 bytes).

        Raises ServerProblem, "taken" and "limited" among them. Source: docs/spec/vetting.md, 5.
        """
        call = {"id": application_id, "write_key_hash": write_key_hash, "application": sealed}
        self.post("/v1/applications", call)

    def application_reply(self, application_id: bytes, write_key: bytes) -> bytes:
        """Return the reply to an application, or the cover of its place: 2,048 bytes either way."""
        call = {"id": application_id, "write_key": write_key}
        return self.post("/v1/applications/reply", call).raw("reply", c.VETTING_REPLY_BYTES)

    def withdraw_application(self, application_id: bytes, write_key: bytes) -> None:
        """End an application; the answer is the same where there was none."""
        call = {"id": application_id, "write_key": write_key}
        self.post("/v1/applications/withdraw", call)

    def post_statement(self, note: bytes, listing: bytes | None) -> bool:
        """Hand in a statement that enough admins have signed, and say whether it is listed now.

        `listing` is what the organisation signed of it; None for a renewal or a suspension.
        Source: docs/spec/vetting.md, 5.
        """
        return self.post("/v1/statements", {"note": note, "listing": listing}).flag("listed")

    def get_octets(self, path: str, headers: Mapping[str, str]) -> bytes:
        """Send a GET and return the bytes that came back; raises ServerProblem."""
        return _checked(self.http.call("GET", path, headers=headers), _OCTETS)

    def get_text(self, path: str) -> bytes:
        """Send a GET and return the plain text that came back; raises ServerProblem."""
        return _checked(self.http.call("GET", path), _TEXT)

    def put_octets(self, path: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Put bytes that are no JSON; raises ServerProblem."""
        sent = {"Content-Type": _OCTETS, **headers}
        wire.loads(_checked(self.http.call("PUT", path, body=body, headers=sent)))

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> wire.Fields:
        """Send a GET and return the object that came back; raises ServerProblem."""
        return wire.loads(_checked(self.http.call("GET", path, headers=headers)))

    def post(self, path: str, values: Mapping[str, object]) -> wire.Fields:
        """Post an object and return the one that came back; raises ServerProblem."""
        return self.send_json("POST", path, wire.dumps(values))

    def send_json(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> wire.Fields:
        """Send a JSON body and return the object that came back; raises ServerProblem."""
        sent = {**_JSON, **(headers or {})}
        return wire.loads(_checked(self.http.call(method, path, body=body, headers=sent)))

    def _stored(self, path: str, values: Mapping[str, object]) -> Stored:
        try:
            self.post(path, values)
        except ServerProblem as problem:
            if problem.kind == "taken":
                return "taken"
            if problem.kind == "refused":
                return "refused"
            raise
        return "stored"

    def _last_epoch(self, path: str, values: Mapping[str, object]) -> int | None:
        return _or_none(lambda: self.post(path, values).number("last_epoch", 0xFFFFFFFF))


def _step(size: int) -> int:
    if size not in c.STORE_STEPS:
        raise wire.garbled()
    return size


def _or_none(call: Callable[[], _T]) -> _T | None:
    try:
        return call()
    except ServerProblem as problem:
        if problem.kind == "refused":
            return None
        raise


def _request(request: Referral | WalkIn) -> tuple[str, dict[str, object]]:
    box = None if request.box is None else _box(request.box)
    pad = "" if box else "A" * (_BOX_CHARACTERS - len(_NO_BOX))
    rest: dict[str, object] = {"envelope": request.envelope, "box": box, "pad": pad}
    if isinstance(request, Referral):
        return "/v1/referrals", {"locator": request.locator, "write_key": request.write_key, **rest}
    return "/v1/walk-ins", {"epoch": request.epoch, "nonce": request.nonce, **rest}


def _box(box: Box) -> dict[str, bytes]:
    return {
        "id": box.id,
        "holder_key_hash": box.holder_key_hash,
        "write_key_hash": box.write_key_hash,
        "slot_0": box.slot_0,
    }


_EMPTY_BOX = Box(
    id=bytes(c.BOX_ID_BYTES),
    holder_key_hash=bytes(c.HASH_BYTES),
    write_key_hash=bytes(c.HASH_BYTES),
    slot_0=bytes(c.SLOT_BYTES),
)
_BOX_CHARACTERS = len(wire.dumps({"box": _box(_EMPTY_BOX)}))


def _checked(reply: Reply, expected: str = "application/json") -> bytes:
    """Return the body of a good answer; raises ServerProblem for any other."""
    content_type = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if reply.status == 200 and content_type == expected:
        return reply.body
    if reply.status < 400 or content_type != "application/problem+json":
        raise ServerProblem("answer", reply.status)
    raise _problem(reply)


def _problem(reply: Reply) -> ServerProblem:
    said = wire.loads(reply.body)
    name = said.text("type")
    kind = name.removeprefix(_PROBLEM)
    # A status that is not the problem's own was put there by something in between.
    if kind == name or said.number("status") != reply.status:
        return ServerProblem("answer", reply.status)
    wait = reply.headers.get("retry-after", "")
    return ServerProblem(
        kind,
        reply.status,
        retry_after=int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 7 else None,
        counter=said.number("counter") if kind == "counter" else None,
    )
