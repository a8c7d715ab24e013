"""One's own place in the signed directory, as this device has checked it.

Source: docs/spec/record.md, 3, steps 7 to 12; docs/spec/http.md, 2.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from client import network_view
from client.api import Api
from client.api_types import Listed
from client.errors import FirstDo, NotVetted
from client.network_view import View
from crypto.client import record_check
from crypto.client.record_check import Listing
from crypto.errors import Refused
from crypto.public import notes, statements
from crypto.public.log import Inclusion
from crypto.public.statements import Statement


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation's listing that holds today: what is said of it, and the proof."""

    view: View
    statement: Statement
    listing: Listing = field(repr=False)
    shown: Listed = field(repr=False)


def own(api: Api, *, device_day: int, network_id: bytes, organisation: bytes) -> Place:
    """Fetch network and directory and return the listing of the organisation with this key.

    `network_id` and `organisation` have 32 bytes, `device_day` is the device's epoch. Raises
    FirstDo where the directory does not have it, NotVetted where it does not hold, Unreachable and
    ServerProblem.
    """
    refused: Refused | None = None
    for _ in range(2):  # between the two calls the log may have grown; once more sees both alike
        view = network_view.fetch(api, device_day=device_day, network_id=network_id)
        shown = next((one for one in api.directory() if key_of(one) == organisation), None)
        if shown is None:
            raise _not_listed()
        try:
            return _place(shown, view)
        except Refused as why:
            refused = why
    raise NotVetted(
        f"Your listing does not hold. {refused}",
        "Nobody can send you anything with it. Ask the admins of the network.",
    )


def _place(shown: Listed, view: View) -> Place:
    listing = Listing(
        profile=shown.profile,
        statement=shown.statement,
        inclusion=Inclusion(index=shown.index, hashes=shown.hashes),
        checkpoint=view.network.newest,
    )
    return Place(view, record_check.check_listing(listing, view.network).statement, listing, shown)


def key_of(shown: Listed) -> bytes:
    """Return whose statement this says it is; nothing is checked yet."""
    try:
        return statements.parse(notes.parse(shown.statement).text).organisation
    except Refused:
        return b""


def _not_listed() -> FirstDo:
    return FirstDo(
        "Your organisation is not listed now.",
        "Either too few admins have signed yet, or the listing has ended or was suspended. Ask the"
        " admins; for a new listing: `towpath provider apply --renew`.",
    )
