"""A real server with a network that has witnesses, as processes of its own; and its witnesses.

What admins and organisations do is done through the services while the server stands still.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from client import ambient
from client.api import Api
from client.api_log import LogApi
from client.http import Http
from crypto.client import signing
from crypto.encoding import monday
from crypto.public import sealing
from crypto.public.statements import Kind
from server import make_core
from server.settings import load
from tests.client.log import commands
from tests.client.log.commands import Said
from tests.crypto.networks import seed_of
from tests.server import serving
from tests.server.founding import Founded, Organisation
from tests.server.serving import Served

WITNESSES, NEEDED = 3, 2


@dataclass
class Real:
    """A server's folder, its network, and the folders of its witnesses."""

    folder: Path
    founded: Founded
    served: Served | None = None
    witnesses: list[Path] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the server listens, or will."""
        return f"http://127.0.0.1:{serving.port_of(self.folder)}"

    @property
    def log(self) -> LogApi:
        """The calls about its log."""
        return LogApi(Api(Http(self.url, proxy=None, random=ambient.random)))

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let the server answer."""
        with serving.serving(self.folder) as self.served:
            yield

    @contextmanager
    def still(self) -> Iterator[Founded]:
        """Do what admins and organisations do, while the server does not run."""
        core = make_core(load(self.folder))
        try:
            yield replace(self.founded, core=core)
        finally:
            core.database.close()

    def look(self, number: int) -> Said:
        """Let a witness look once."""
        return commands.run_witness(self.witnesses[number])

    def verify(self, *words: str) -> Said:
        """Let somebody look from the first entry."""
        network = ("--network", self.founded.network_id.hex())
        return commands.verify_log("--server", self.url, *network, *words)


def begun(folder: Path) -> Real:
    """Begin a server, found a network, list two organisations, suspend one; nobody cosigned."""
    server = serving.begun(folder / "server")
    network = serving.found_network(server, witnesses=WITNESSES, needed=NEEDED)
    core = make_core(load(server))
    network = replace(network, today=core.today)
    made = Real(server, Founded(core, network))
    core.database.close()
    with made.still() as founded:
        shelter = founded.organisation("Shelter")
        harbour = founded.organisation("Harbour")
        weekly_key(founded, shelter)
        suspend(founded, harbour)
    for signer in network.witnesses:
        made.witnesses.append(folder / signer.name)
        commands.begin_witness(made.witnesses[-1], made.url, network, signer)
    return made


def weekly_key(founded: Founded, of: Organisation) -> None:
    """Let an organisation publish its key of the week."""
    key = signing.sign_weekly_key(
        of.seed,
        network_id=founded.network_id,
        first=monday(founded.core.today),
        public_key=sealing.public_key(seed_of(f"weekly key of {of.name}")),
    )
    assert founded.put_weekly_key(of, bytes(key)) is None


def suspend(founded: Founded, of: Organisation, serial: int = 2) -> None:
    """Let one admin suspend an organisation."""
    note = founded.statement(of, serial=serial, kind=Kind.SUSPENDED, signed_by=founded.admins[:1])
    posted = founded.post(note)
    assert not hasattr(posted, "name"), posted
