"""A founded server for random calls, with enough of what is right that they get past the door.

The document is the server's own. To each text that stands for bytes it adds where values come from:
half of them are of this world (live codes, boxes, tokens, notes), the rest are random.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any

import msgspec
import schemathesis
from flask import Flask
from hypothesis import strategies as st
from schemathesis.schemas import BaseSchema

from crypto import constants as c
from crypto.constants import BODY_BYTES
from crypto.encoding import monday
from crypto.public import admin_keys, keys, requests, tokens
from server import clock as clocks
from server import issuing
from server.core import EXTENSION, Core
from server.openapi import document
from server.routes.route import ROUTES
from server.services import applications, codes, invites, referrals
from tests.server import calling, founding
from tests.server.edge import make_app
from tests.server.scene import FakeClock, Maker, b64url

KEY = bytes(range(32))
LIVE = 12
BODIES = {one.body.__name__ for one in ROUTES if one.body}
_LONG = 100
# In place of none, of itself and of another; too short; too long.
_STORE = bytes(c.STORE_STEPS[0])
_STORES = [
    bytes(32) + _STORE,
    hashlib.sha256(_STORE).digest() + _STORE,
    KEY + KEY * (len(_STORE) // len(KEY)),
    _STORE,
    bytes(33) + _STORE,
    b"x",
]
_ADMINS = ("/v1/applications", "/v1/admins")
FORMAT = "towpath-{schema}-{name}"


def random(size: int) -> bytes:
    """Return random bytes, but one and the same key for everything that has one."""
    return KEY if size == len(KEY) else clocks.random(size)


@dataclass(eq=False)
class World:
    """A server, what lives on it, and how many calls it has had of each status."""

    app: Flask
    founded: founding.Founded
    member: bytes
    admin: bytes
    pools: dict[str, list[str]]
    counter: Counter[int] = field(default_factory=Counter)
    signing: bool = True
    counts: int = 0

    @property
    def core(self) -> Core:
        """The server's core."""
        core = self.app.extensions[EXTENSION]
        assert isinstance(core, Core)
        return core

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Pass a call on to the server; three of four are signed as its route asks, if any are."""
        self.counts += 1
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # schemathesis reads no gzip from an app
        if self.signing and self.counts % 4:
            environ.update(self._proof(environ))
        return self.app.wsgi_app(environ, start)

    def _proof(self, environ: dict[str, Any]) -> dict[str, Any]:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path == "/v1/drop":
            key = self.core.keyring.get("drop", monday(self.core.today))
            return {"HTTP_AUTHORIZATION": f"Bearer {b64url(key or b'')}"}
        body = environ["wsgi.input"].read(BODY_BYTES + c.STORE_STEPS[0])
        seed = self.admin if path.startswith(_ADMINS) else self.member
        self.counter[0] += 1
        headers = calling.signed(
            seed, self.founded.network_id, self.counter[0], method=method, path=path, body=body
        )
        named = {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in headers.items()}
        return {**named, "wsgi.input": BytesIO(body)}


def make_world(folder: Path) -> World:
    """Found a server in a folder, with live codes, boxes and whatever else calls are about."""
    app = make_app(
        folder,
        clock=FakeClock(),
        refusal_tick_ms=0,
        work_bits=c.WORK_BITS_LEAST,
        misses_a_minute=1_000_000,
        walk_ins_a_day=1_000_000,
        invites_a_day=10_000,
        cosignatures_a_day=1_000_000,
        store_bytes=c.STORE_STEPS[0],
    )
    core: Core = app.extensions[EXTENSION]
    founded = founding.found(core, witnesses=1)
    shelter = founded.organisation("Shelter")
    core.keyring.make("drop", monday(core.today), core.random)
    return World(
        app=app,
        founded=founded,
        member=shelter.member_seed,
        admin=founded.admins[0].seed,
        pools=_pools(core, founded, shelter),
    )


def _pools(
    core: Core, founded: founding.Founded, shelter: founding.Organisation
) -> dict[str, list[str]]:
    """Return values of this world by the name that they have in bodies."""
    make = Maker(random)
    live = [_publish(core, make) for _ in range(LIVE)]
    boxes = [make.receipt() for _ in range(LIVE)]
    for box in boxes:
        referral = make.referral(_publish(core, make), box)
        core.database.write(partial(referrals.store, wraps=core.wraps(), referral=referral))
    walk_in = make.walk_in(make.receipt(), network_id=founded.network_id, epoch=core.today)
    carried = [make.referral(one, make.receipt()) for one in live[:4]]
    other = founding.named("Other")
    found: dict[str, list[bytes]] = {
        "locator": [one.locator for one in live] + _invites(core, make),
        "box_id": [one.box_id for one in boxes],
        "id": [boxes[0].box_id],
        "write_key": [KEY],
        "holder_key": [KEY],
        "write_key_hash": [keys.key_hash(KEY)],
        "holder_key_hash": [keys.key_hash(KEY)],
        "token": _tokens(core, founded.network_id),
        "envelope": [walk_in.envelope],
        "nonce": [walk_in.nonce],
        "blinded": [b"", tokens.draw(32, random=clocks.random).request],
        "weekly_key": [founded.weekly_key(shelter)],
        "admin_key": [admin_keys.make(one.seed, founded.network_id) for one in founded.admins],
        "entry": [make.entry()],
        "reply": [make.reply()],
        "listing": [founded.request(other), founded.request(shelter)],
        "note": _notes(founded, shelter, other),
        "member": [shelter.member_key],
    }
    applied = _applications(core, make)
    found["id"] += applied["id"]
    found["application"] = applied["application"]
    texts = {name: [b64url(value) for value in values] for name, values in found.items()}
    texts["cosignature"] = [founded.line(founded.network.witnesses[0], note=founded.pending())]
    texts["armour"] = [requests.armour(walk_in), *map(requests.armour, carried)]
    return texts


def _publish(core: Core, make: Maker) -> Any:
    code = make.code(core.today)
    spending = codes.Spending(tokens.period_of(core.today), clocks.random(32))
    work = partial(codes.publish, wraps=core.wraps(), code=code.row, spending=spending)
    assert core.database.write(work) is codes.Published.DONE
    return code


def _invites(core: Core, make: Maker) -> list[bytes]:
    """Return the locators of invites that live, each under the one key."""
    content = invites.Content(write_key_hash=keys.key_hash(KEY), offer=make.random(c.INVITE_BYTES))
    locators = [make.random(c.LOCATOR_BYTES) for _ in range(LIVE)]
    for locator in locators:
        given: dict[str, Any] = {
            "wraps": core.wraps(),
            "locator": locator,
            "made": content,
            "room": True,
        }
        core.database.write(partial(invites.make, _organisation=KEY, **given))
    return locators


def _applications(core: Core, make: Maker) -> dict[str, list[bytes]]:
    """Return ids of applications that lie there, and sealed ones, each under the one key."""
    made = [replace(make.application(), write_key=KEY) for _ in range(4)]
    for one in made[:3]:
        work = partial(applications.hand_in, wraps=core.wraps(), made=one.content, room=True)
        assert core.database.write(work) == applications.HandedIn(is_new=True)
    return {"id": [one.id for one in made], "application": [one.sealed for one in made]}


def _tokens(core: Core, network_id: bytes) -> list[bytes]:
    (_, issuer), *_ = issuing.issuers(core.keyring, network_id, core.today, core.random)
    batch = tokens.draw(LIVE, random=clocks.random)
    return list(batch.finalize(issuer.issue(batch.request), issuer.public_key))


def _notes(
    founded: founding.Founded, shelter: founding.Organisation, other: founding.Organisation
) -> list[bytes]:
    """Return statements signed by one admin and by two, for one that asks for it and others."""
    one = founded.admins[:1]
    return [
        founded.statement(other, signed_by=one),
        founded.statement(other),
        founded.statement(shelter, signed_by=one),
        founded.statement(founding.named("Nobody")),
    ]


@lru_cache(maxsize=1)
def schema_of(world: World) -> BaseSchema:
    """Return the server's own document, with a source for each text that stands for bytes."""
    told = msgspec.json.decode(document())
    for name, schema in told["components"]["schemas"].items():
        for key, value in schema.get("properties", {}).items():
            schema["properties"][key] = _with_source(world, name, key, value)
    schemathesis.openapi.media_type("application/octet-stream", st.sampled_from(_STORES))
    operations = [operation for path in told["paths"].values() for operation in path.values()]
    for parameter in (one for each in operations for one in each.get("parameters", [])):
        if parameter["in"] == "header":
            parameter["schema"]["format"] = _register_header(parameter["name"])
    loaded = schemathesis.openapi.from_dict(told)
    loaded.app = world
    # Not where the document really is: that route would be left out.
    loaded.location = "/"
    return loaded


def _with_source(world: World, schema: str, name: str, value: dict[str, Any]) -> dict[str, Any]:
    today = world.core.today
    numbers = {"epoch": today, "week": monday(today), "last_epoch": monday(today) + c.CODE_DAYS}
    if name in numbers and schema in BODIES:
        right = numbers[name]
        return {**value, "enum": [right, right - 1, right + 1, value["minimum"], value["maximum"]]}
    if name == "n" and schema in BODIES:
        return {**value, "enum": [0, 1, 2, value["minimum"], value["maximum"]]}
    if "anyOf" in value:
        return {
            **value,
            "anyOf": [_with_source(world, schema, name, one) for one in value["anyOf"]],
        }
    if name == "members":
        return {**value, "items": _with_source(world, schema, "member", value["items"])}
    if "contentEncoding" not in value and name not in {"armour", "cosignature", "pad"}:
        return value
    format_ = _register(schema, name, value, world.pools.get(name, []))
    # Texts of thousands of characters take seconds to make from a pattern.
    long = value.get("minLength", 0) > _LONG or name == "pad"
    return {**{k: v for k, v in value.items() if not (long and k == "pattern")}, "format": format_}


def _register(schema: str, name: str, value: dict[str, Any], pool: list[str]) -> str:
    """Give hypothesis a quick source of values; return the name that it has."""
    source: st.SearchStrategy[str] = st.text(max_size=200)
    if "contentEncoding" in value:
        least, most = (int(value.get(key, 0)) * 3 // 4 for key in ("minLength", "maxLength"))
        source = st.builds(_stretched, st.binary(min_size=1, max_size=8), st.integers(least, most))
    if name == "pad":
        source = st.integers(0, c.PAD_CHARACTERS).map(lambda count: "A" * count)
    if pool:
        source = st.sampled_from(pool) | source
    format_ = FORMAT.format(schema=schema, name=name)
    schemathesis.openapi.format(format_, source)
    return format_


def _register_header(name: str) -> str:
    form = {
        "Content-Digest": "sha-256=:{0}:",
        "Signature": "towpath=:{0}{0}:",
        "Signature-Input": (
            'towpath=("@method" "@path" "@query" "content-digest");nonce="{1}";keyid="{2}"'
            ';tag="towpath/v1/{2}"'
        ),
    }[name]
    width = 64 if name == "Signature" else 32

    def fill(data: bytes, number: int) -> str:
        from base64 import b64encode

        whole = b64encode(_repeated(data, width)).decode()
        if name == "Signature":
            return f"towpath=:{whole}:"
        return form.format(whole, number, b64url(_repeated(data, 32)))

    source = st.builds(fill, st.binary(min_size=1, max_size=8), st.integers(1, 10**18))
    format_ = FORMAT.format(schema="header", name=name)
    schemathesis.openapi.format(format_, source)
    return format_


def _stretched(data: bytes, size: int) -> str:
    return b64url(_repeated(data, size))


def _repeated(data: bytes, size: int) -> bytes:
    """Make few random bytes as many as are wanted."""
    return b"".join(part for part, _ in zip(cycle([data]), range(size // len(data) + 1)))[:size]
