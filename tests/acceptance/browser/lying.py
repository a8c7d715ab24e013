"""What lies on the server as an organisation's store, and a second member, beside the browsers."""

from __future__ import annotations

from pathlib import Path

from client import ambient
from client import home as homes
from client.api import Api
from client.api_signed import SignedApi
from client.flows import members
from client.flows.desk import open_desk, open_key_file
from client.http import Http
from crypto.client.store import Store, open_store
from tests.acceptance.browser.working import PHRASE, key_file
from tests.acceptance.deployment import Deployment
from tests.acceptance.people import Provider


def api_of(at: Deployment) -> Api:
    """Return the calls of a deployment's server."""
    return Api(Http(at.url, proxy=None, random=ambient.random))


def signed_by_first(provider: Provider) -> SignedApi:
    """Return the signed calls of an organisation's first member, from her device."""
    home = homes.load(provider.home)
    member = open_key_file(home.key_file, PHRASE)
    return SignedApi(api_of(provider.at), member.ed25519_seed, member.network_id, home.counter)


def store_of(provider: Provider) -> Store:
    """Return the store that lies on the server, opened by the first member."""
    sealed = signed_by_first(provider).store()
    return open_store(sealed, open_key_file(key_file(provider), PHRASE), 0)


def joins(provider: Provider, name: str, folder: Path) -> Path:
    """Make another member on the first one's device; her next sync tells the server.

    Returns the key file, which opens with the passphrase of all members here.
    """
    desk = open_desk(homes.load(provider.home), PHRASE, ambient.random)
    new = members.make(desk, PHRASE, ambient.random)
    entry = members.entry_of(new.secret, role="caseworker", name=name, today=ambient.today())
    members.add(desk, new, entry)
    file = folder / f"{name}.key"
    file.write_bytes(new.key_file)
    return file
