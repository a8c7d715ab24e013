"""Two servers that are alike but for what is done on the first: whoever can't tell them apart, by
any call, learns nothing of it.

`everything(known)` gives each route's calls with the values that somebody has: the right ones where
they belong, and every other of the right length in every place and every two places; and under each
header that somebody could make. A route or field that is new and has no values here is an error.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import combinations, product
from pathlib import Path
from typing import Any

import msgspec.inspect as types
from flask import Flask
from flask.testing import FlaskClient
from msgspec import Struct

import migrations
from server import create_app
from server.core import EXTENSION, Core
from server.routes.bodies import characters
from server.routes.route import ROUTES, Route
from server.settings import Settings
from tests.crypto.streams import Stream
from tests.server import calling, founding
from tests.server.founding import Founded, Organisation
from tests.server.scene import Applied, FakeClock, Scene, b64url

Whole = tuple[int, tuple[tuple[str, str], ...], bytes]
"""Everything of an answer: status, headers, body."""
_COUNTED = 1_000  # counters of calls here begin above those of other calls


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call, of a route, as it is sent to a server."""

    route: Route
    body: Mapping[str, Any] | bytes | None
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Method and path."""
        return f"{self.route.method} {self.route.path}"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What somebody has: values of any length, and what goes into fields of no fixed length.

    `belonging` says by a field's name what is the right value there; of `named` the first is.
    """

    network_id: bytes
    values: tuple[bytes, ...]
    belonging: Mapping[str, bytes]
    named: Mapping[str, Sequence[Any]]
    seeds: tuple[bytes, ...] = ()

    def of_length(self, written: int, name: str = "") -> list[str]:
        """Every value that is so many characters of base64url, and one that nobody has."""
        size = written * 3 // 4
        right = [self.belonging[name]] if name in self.belonging else []
        values = [*right, *self.values, Stream("nobody's")(size)]
        return list(dict.fromkeys(b64url(value) for value in values if len(value) == size))


@dataclass(frozen=True)
class Twins:
    """The server on which something is done, its twin, and the clock that both have."""

    first: Scene
    twin: Scene
    founded: Founded
    listed: Organisation
    applied: Applied
    clients: tuple[FlaskClient, FlaskClient]
    clock: FakeClock

    def ask(self, call: Call) -> tuple[Whole, Whole]:
        """What each of the two answers."""
        route, query = call.route, call.query and f"?{call.query}"
        first, twin = (
            whole_of(client, route.method, f"{route.path}{query}", call.body, call.headers)
            for client in self.clients
        )
        return first, twin

    def differ(self, calls: Iterable[Call]) -> list[str]:
        """The names of the calls to which the two answer differently, each once."""
        told = {call.name for call in calls for first, twin in [self.ask(call)] if first != twin}
        return sorted(told)


@contextmanager
def twins(folder: Path) -> Iterator[Twins]:
    """Found a network with one organisation, an applicant, and keys of every kind; then copy it."""
    first, twin, clock = folder / "first", folder / "twin", FakeClock()
    (first / "keyring").mkdir(parents=True, mode=0o700)
    with _server(first, clock) as app:
        core: Core = app.extensions[EXTENSION]
        migrations.upgrade(core.database.engine)
        made = founding.found(core)
        listed = made.organisation("Shelter")
        applied = Scene(core, clock).applied()
        _make_every_key(app, made, listed)
    shutil.copytree(first, twin)
    with ExitStack() as until:
        apps = [until.enter_context(_server(place, clock)) for place in (first, twin)]
        one, other = (Scene(app.extensions[EXTENSION], clock) for app in apps)
        clients = (apps[0].test_client(), apps[1].test_client())
        yield Twins(one, other, Founded(one.core, made.network), listed, applied, clients, clock)


def everything(known: Known, begin: int = _COUNTED) -> Iterator[Call]:
    """Every call of `known`'s on every route; the counters of its seeds begin above `begin`."""
    numbers = Counter(dict.fromkeys(known.seeds, begin))
    for route in ROUTES:
        asked = list(_asked(route, known))
        queries = _queries(route, known)
        for body, query in product(asked, queries):
            yield Call(route=route, body=body, query=query)
        yield from _headed(Call(route=route, body=asked[0], query=queries[0]), known, numbers)


def _asked(route: Route, known: Known) -> Iterator[Mapping[str, Any] | bytes | None]:
    if route.octets is not None:
        yield Stream("octets")(route.octets(_settings(Path())))
    elif route.body is not None:
        yield from bodies(route.body, known)
    else:
        yield None


def bodies(kind: type[Struct], known: Known) -> Iterator[dict[str, Any]]:
    """Every body of a kind: as it belongs, and with others in any one place or any two."""
    told = types.type_info(kind)
    assert isinstance(told, types.StructType)
    choices = {one.encode_name: _choices(one, known) for one in told.fields}
    right = {name: values[0] for name, values in choices.items()}
    yield right
    for name, values in choices.items():
        yield from ({**right, name: value} for value in values[1:])
    for one, other in combinations(choices, 2):
        for value, beside in product(choices[one][1:], choices[other][1:]):
            yield {**right, one: value, other: beside}


def _choices(one: types.Field, known: Known) -> Sequence[Any]:
    if one.encode_name in known.named:
        return known.named[one.encode_name]
    kinds = one.type.types if isinstance(one.type, types.UnionType) else (one.type,)
    return [value for kind in kinds for value in _of_kind(kind, one.encode_name, known)]


def _of_kind(kind: types.Type, name: str, known: Known) -> Sequence[str | None]:
    if isinstance(kind, types.NoneType):
        return [None]
    kind = kind.type if isinstance(kind, types.Metadata) else kind
    assert isinstance(kind, types.StrType), name
    size = kind.min_length
    assert size, name
    assert size == kind.max_length, name
    return known.of_length(size, name)


def _queries(route: Route, known: Known) -> list[str]:
    if route.query is None:
        return [""]
    pairs = (one.items() for one in bodies(route.query, known))
    return ["&".join(f"{name}={value}" for name, value in one) for one in pairs]


def _headed(bare: Call, known: Known, numbers: Counter[bytes]) -> Iterator[Call]:
    """With each value as drop key, where one is asked for; and signed with each seed."""
    if bare.route.proof == "drop-key":
        for value in known.of_length(characters(32)):
            yield replace(bare, headers={"Authorization": f"Bearer {value}"})
    for seed in known.seeds:
        numbers[seed] += 1
        yield replace(bare, headers=_signed(bare, seed, numbers[seed], known.network_id))


def _signed(bare: Call, seed: bytes, counter: int, network_id: bytes) -> dict[str, str]:
    return calling.signed(
        seed,
        network_id,
        counter,
        method=bare.route.method,
        path=bare.route.path,
        query=bare.query,
        body=bare.body if isinstance(bare.body, bytes) else calling.dumps(bare.body),
    )


def whole_of(
    client: FlaskClient,
    method: str,
    path: str,
    body: Mapping[str, Any] | bytes | None,
    headers: Mapping[str, str] | None = None,
) -> Whole:
    """Call a server, and return everything of its answer."""
    if isinstance(body, bytes):
        answer = calling.call_octets(client, method, path, body, headers or {})
    else:
        answer = calling.call(client, method, path, body, headers)
    return answer.status_code, tuple(answer.headers), answer.data


def _settings(place: Path) -> Settings:
    return Settings(
        database=f"sqlite:///{place / 'towpath.db'}",
        keyring=place / "keyring",
        work_bits=16,
        misses_a_minute=1_000_000,
        walk_ins_a_day=1_000_000,
    )


@contextmanager
def _server(place: Path, clock: FakeClock) -> Iterator[Flask]:
    app = create_app(_settings(place), clock=clock)
    try:
        yield app
    finally:
        app.extensions[EXTENSION].database.close()


def _make_every_key(app: Flask, made: Founded, listed: Organisation) -> None:
    """Let the server draw what it draws when it is first needed, so that both have the same."""
    client = app.test_client()
    caller = calling.Caller(client, made.network_id)
    assert client.get("/v1/network").status_code == 200
    empty = {"box_id": bytes(16), "holder_key": bytes(32), "slots": [0]}
    assert calling.post(client, "/v1/boxes/read", **empty).status_code == 200
    core = made.core
    for day in (core.today, core.today + 7):
        drawing = {"week": day - (day - 4) % 7, "blinded": ""}
        caller(listed.member_seed, "POST", "/v1/tokens", drawing)
