"""An organisation watches the log at each sync: what it is told, and where it stops (T75, T76)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

import pytest

from client import network_view
from client.api_log import LogApi
from client.errors import NotVetted
from client.flows import kept, walk_in_keys, watch
from client.flows.kept import Room
from client.flows.watch import News
from crypto import constants as c
from crypto.client import signing
from crypto.encoding import monday
from crypto.public import edge, sealing
from crypto.public.edge import Edge
from crypto.public.statements import Kind
from server.services import checkpoints
from server.services.statements import Posted
from tests.client.provider.test_commands import served
from tests.client.provider.town import Device, Stopped, Town
from tests.crypto.networks import PROFILE, seed_of
from tests.server.founding import Organisation

OTHER_PROFILE = PROFILE[:-1] + b"\x02"


def told(device: Device) -> list[str]:
    """What a sync tells of the log, by its names."""
    return [one.kind for one in device.sync_all().news]


def vet(town: Town, organisation: Organisation, **changes: Any) -> None:
    """Let two admins list an organisation."""
    posted = town.founded.vet(organisation, **changes)
    assert getattr(posted, "listed", False), posted


def size(town: Town) -> int:
    """How many entries the log has."""
    found = town.core.database.read(checkpoints.newest)
    assert found is not None
    return found.said.size


def test_what_was_asked_for_is_no_news(town: Town) -> None:
    """Being listed and one's own keys: the log is read to its end, and nothing is told."""
    device = town.listed()
    walk_in_keys.set_room(
        device.desk, device.api, device.signed, Room(walk_ins=True), today=town.today
    )
    assert told(device) == []
    assert kept.log_edge(device.desk.read()).size == size(town)
    assert told(device) == []


def test_only_what_is_new_is_read(town: Town) -> None:
    """And whoever has seen all of it asks for nothing."""
    device = town.listed()
    device.sync()
    device.wire.calls.clear()
    device.sync()
    assert not [path for _, path, *_ in device.wire.calls if path.startswith("/v1/log")]
    town.listed("Harbour", "harbour")
    device.sync()
    paths = [path for _, path, *_ in device.wire.calls if path.startswith("/v1/log")]
    assert [path.partition(".")[0] for path in paths] == ["/v1/log/tile/entries/000"]


def test_a_renewal_that_was_asked_for_is_told_as_one(town: Town) -> None:
    """With its last day."""
    device = town.listed()
    device.sync()
    vet(town, device.organisation, serial=2)
    (news,) = device.sync_all().news
    assert news.kind == "renewed"


def test_P9_T76_a_listing_with_a_profile_that_nobody_asked_for_is_told(town: Town) -> None:
    """Whoever has the organisation's key, or k admins, changed what people are shown."""
    device = town.listed()
    device.sync()
    other = replace(device.organisation, profile=OTHER_PROFILE)
    vet(town, other, serial=2)
    (news,) = device.sync_all().news
    assert news.kind == "other"
    assert "did not apply with" in news.sentence
    assert "by telephone or in person" in news.then


def test_P9_T76_a_suspension_is_told(town: Town) -> None:
    """To whoever syncs first, and when a device looks for the first time."""
    device = town.listed()
    device.sync()
    posted = town.founded.post(
        town.founded.statement(
            device.organisation,
            serial=2,
            kind=Kind.SUSPENDED,
            signed_by=town.founded.admins[:1],
        )
    )
    assert isinstance(posted, Posted), posted
    for _ in range(2):  # the server takes no signature of it any more, and so nothing is kept
        with pytest.raises(NotVetted, match="An admin has suspended your organisation"):
            device.sync()
    found = watch.news(device.desk, seen(device), today=town.today)
    assert [one.kind for one in found] == ["suspended", "over"]


def seen(device: Device) -> watch.Seen:
    """What a device reads of the log."""
    view = network_view.fetch(
        device.api, device_day=device.town.today, network_id=device.desk.network_id
    )
    return watch.read(device.desk, LogApi(device.api), view)


def test_P9_T76_a_weekly_key_that_is_not_its_own_is_told(town: Town) -> None:
    """Whoever has the organisation's signing key can make one; only the organisation sees it."""
    device = town.listed()
    device.sync()
    foreign = signing.sign_weekly_key(
        device.organisation.seed,
        network_id=device.desk.network_id,
        first=monday(town.today),
        public_key=sealing.public_key(seed_of("a thief's weekly key")),
    )
    assert town.founded.put_weekly_key(device.organisation, bytes(foreign)) is None
    (news,) = device.sync_all().news
    assert news.kind == "key"
    assert "somebody else has your organisation's signing key" in news.then


def test_P9_P10_T76_stopped_at_any_moment_what_the_log_says_was_told_or_is_told_next(
    town: Town,
) -> None:
    """And once a sync is through it is told no more."""
    device = town.listed()
    device.sync()
    for at in count(1):
        vet(town, device.organisation, serial=1 + at)
        heard: list[str] = []
        hear = partial(_hear, heard)
        try:
            device.again(at).sync_all(hear)
        except Stopped:
            device.again().sync_all(hear)
            assert set(heard) == {"renewed"}, at
            assert told(device) == [], at
        else:
            assert heard == ["renewed"]
            assert at > 10
            break


def _hear(heard: list[str], news: Sequence[News]) -> None:
    heard.extend(one.kind for one in news)


class Refuses:
    """Takes no store, as a server whose disk is full."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app
        self.broken = False

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Pass a call on, or answer it."""
        if not (self.broken and environ["REQUEST_METHOD"] == "PUT"):
            return self.app(environ, start)
        said = {"type": "urn:towpath:problem:broken", "title": "", "status": 500, "detail": ""}
        start("500 Internal Server Error", [("Content-Type", "application/problem+json")])
        return [json.dumps(said).encode()]


def test_P9_T76_a_sync_that_fails_tells_at_once_and_the_next_tells_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it fails; a server that takes nothing can't keep quiet what its log says."""
    device = town.listed("Open Door", "home")
    device.sync()
    refuses = Refuses(town.app.wsgi_app)
    monkeypatch.setattr(town.app, "wsgi_app", refuses)
    vet(town, replace(device.organisation, profile=OTHER_PROFILE), serial=2)
    said = "with a name or a profile that it did not apply with"
    for terminal in served(town, monkeypatch):
        for refuses.broken in (True, True, False):
            result = terminal.type("sync")
            assert said in " ".join(result.stderr.split())
            assert (result.exit_code == 0) is not refuses.broken
        assert said not in " ".join(terminal.type("sync").stderr.split())


def _shorter(seen: Edge) -> Edge:
    return replace(seen, hashes=(bytes(32), *seen.hashes[1:]))


def _longer(seen: Edge) -> Edge:
    return edge.append(edge.append(seen, bytes(32)), bytes(32))


@pytest.mark.parametrize("other", [_shorter, _longer])
def test_P9_T75_where_the_log_is_another_nothing_is_published_or_answered(
    town: Town, other: Callable[[Edge], Edge]
) -> None:
    """Split, or rolled back: the sync stops before it writes anything, and says so."""
    device = town.listed()
    device.sync()
    device.desk.edit(lambda store: kept.with_log_edge(store, other(kept.log_edge(store))))
    before = device.desk.read()
    device.wire.calls.clear()
    with pytest.raises(NotVetted, match="not the one that your organisation has seen before"):
        device.sync()
    assert {method for method, *_ in device.wire.calls} == {"GET"}
    assert device.desk.read() == before


def test_a_listing_that_ends_is_told_eight_weeks_before(town: Town) -> None:
    """At each sync from then on, and once it is over."""
    device = town.listed()
    device.sync()
    until = kept.listed_until(device.desk.read())
    assert until == town.today + c.VETTED_DAYS
    assert watch.due(until, until - c.RENEW_DAYS - 1) == ()
    assert [one.kind for one in watch.due(until, until - c.RENEW_DAYS)] == ["due"]
    assert [one.kind for one in watch.due(until, until)] == ["due"]
    assert [one.kind for one in watch.due(until, until + 1)] == ["over"]
    town.at(until - c.RENEW_DAYS)
    assert told(device) == ["due"]
    assert told(device) == ["due"]
