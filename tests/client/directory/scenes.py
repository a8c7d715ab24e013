"""Checked directories for tests: real ones over HTTP, and the same with other organisations in."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import words
from client.api import Api
from client.cli.common import Session
from client.flows import choosing, hsds_export
from client.flows.choosing import Directory, Organisation
from crypto.public.policy import Region
from crypto.public.profile import Profile
from tests.client.peer.providers import make_provider, this_day
from tests.client.peer.town import Town, serving
from tests.client.peer.wires import quick
from tests.crypto.networks import seed_of

TIED = Profile(
    kind=(11,), services=(1, 2, 201, 3), police_ties=(2, 3), funding=(2,), reporting=(2, 6),
    languages=(2, 3), accepts=(1,), privilege=(2,), housing=(2, 3), regions=(101, 1000),
    pledge=(1,),
)  # fmt: skip
"""A shelter with ties, in an area of its network's own."""
REGIONS = (Region(1000, "The valley"), Region(1001, "The coast"))


@cache
def checked() -> Directory:
    """Two organisations as a client has fetched and checked them."""
    with serving(Town(make_provider("Open Door", "Harbour House"), this_day())) as town:
        session = Session(Api(quick(town.url)), town.provider.network.network_id)
        return choosing.fetch(
            session.api, device_day=session.today(), network_id=session.known_network()
        )


def organisation(name: str, profile: Profile, **changes: Any) -> Organisation:
    """An organisation of this name that says this of itself; its key is of the name."""
    like = checked().organisations[0]
    statement = replace(like.statement, name=name, organisation=seed_of(name))
    return replace(like, statement=statement, profile=profile, **changes)


def directory(*organisations: Organisation) -> Directory:
    """The checked directory with these organisations in it."""
    return replace(checked(), organisations=organisations)


def exported(*organisations: Organisation) -> list[dict[str, Any]]:
    """What is exported of these organisations, read again as JSON."""
    made = hsds_export.organizations(directory(*organisations))
    again: list[dict[str, Any]] = json.loads(json.dumps(made))
    return again


def row(name: str = "Open Door", profile: Profile = TIED) -> dict[str, Any]:
    """One exported organization, to be changed by a test."""
    (made,) = exported(organisation(name, profile))
    return made


def plain_row(name: str = "Elsewhere", number: int = 1) -> dict[str, Any]:
    """A row of another directory: valid HSDS, and nothing of ours in it."""
    return {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "name": name,
        "description": "Helps people.",
        "services": [{
            "id": f"00000000-0000-4000-9000-{number:012d}",
            "name": "Advice",
            "status": "active",
            "languages": [
                {"id": f"00000000-0000-4000-a000-{number:012d}", "name": "Spanish", "code": "es"}
            ],
        }],
    }  # fmt: skip


def filled_in(file: str) -> str:
    """A file with a contact and every answer, as its organisation fills them in."""
    assert '\ncontact = ""\n' in file
    contact = file.replace('\ncontact = ""\n', '\ncontact = "ring 555 0100"\n')
    return contact.replace('\nanswer = ""\n', '\nanswer = "yes"\n')


def data(*rows: object) -> bytes:
    """A file of rows, one in a line."""
    return ("[\n" + ",\n".join(json.dumps(one) for one in rows) + "\n]\n").encode()


def offered(name: str) -> list[int]:
    """The ids of a list that are offered, sub-choices included."""
    return [entry.id for entry in words.load(name) if not entry.retired]
