"""The real server as a process of its own, with one organisation that was vetted through it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from client import ambient
from client.api import Api
from client.api_signed import SignedApi
from crypto import constants as c
from crypto.encoding import monday
from crypto.public import applications, tokens
from crypto.public.keys import key_hash
from crypto.public.note_signing import public_of
from tests.client.peer.providers import Code, Organisation, Provider, this_day
from tests.client.peer.wires import quick
from tests.crypto.networks import seed_of
from tests.server.serving import begun, found_network, serving

_MEMBER = seed_of("a member of the organisation")


@dataclass
class Counter:
    """Numbers for signed calls, in memory."""

    last: int = 0

    def next(self) -> int:
        """The next number."""
        self.last += 1
        return self.last

    def seen(self, counter: int) -> None:
        """Go on from the server's number."""
        self.last = max(self.last, counter)


@dataclass
class Real:
    """The server's address, and the provider that is listed on it."""

    url: str
    provider: Provider
    drop_key: bytes
    tokens: list[bytes] = field(repr=False)

    @property
    def api(self) -> Api:
        """Calls to it."""
        return Api(quick(self.url))

    def publish(self, name: str) -> Code:
        """Make a code and publish it for a token."""
        made = self.provider.make_code(name)
        self.api.publish_code(
            locator=made.locator,
            write_key_hash=key_hash(made.write_key),
            record=made.record,
            last_epoch=monday(this_day()) + c.CODE_DAYS,
            token=self.tokens.pop(),
        )
        return made

    def drop(self) -> dict[bytes, bytes]:
        """Everything in the drop, envelope by tag, once the next tick has passed."""
        time.sleep(2.5)
        found, after = {}, 0
        while rows := self.api.drop(self.drop_key, after):
            for at in range(0, len(rows), c.DROP_STREAM_ROW_BYTES):
                row = rows[at : at + c.DROP_STREAM_ROW_BYTES]
                after = int.from_bytes(row[:8], "big")
                found[row[8:24]] = row[24:]
        return found


@contextmanager
def real_server(folder: Path) -> Iterator[Real]:
    """Begin a server, found its network, list an organisation, and give it tokens and a key."""
    begun(folder)
    settings = folder / "server.toml"
    changed = {"tick_seconds = 120": "tick_seconds = 1", "work_bits = 18": "work_bits = 8"}
    text = settings.read_text(encoding="utf-8")
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new)
    settings.write_text(text, encoding="utf-8")
    network = replace(found_network(folder), today=this_day())
    with serving(folder) as served:
        url = f"http://127.0.0.1:{served.port}"
        yield _listed(url, Provider(network, [Organisation("Open Door")]))


def _listed(url: str, provider: Provider) -> Real:
    api, (one,) = Api(quick(url)), provider.organisations
    network_id = provider.network.network_id
    listing = applications.make(
        one.seed,
        network_id=network_id,
        member_key=public_of(_MEMBER),
        epoch=this_day(),
        name=one.name,
        profile=one.profile,
    )
    assert api.post_statement(provider.statement_of(one), listing)
    signed = SignedApi(api, _MEMBER, network_id, Counter())
    signed.put_weekly_key(provider.weekly_key(one))
    signed.put_capacity(True, None)
    document = api.network()
    (listed,) = api.directory()
    provider.as_listed(document.checkpoint, listed)
    draw = tokens.draw(document.tokens_a_week, random=ambient.random)
    drawn = signed.tokens(monday(this_day()), draw.request)
    key = next(k.public_key for k in document.token_keys if k.period == drawn.period)
    return Real(url, provider, drawn.drop_key, list(draw.finalize(drawn.evaluated, key)))
