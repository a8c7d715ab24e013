"""Open applications, sealed, each with the statements that admins have begun to sign for it.

    content = lp(application) ‖ u8(number of drafts) ‖ lp(draft) …

A draft is a note with fewer lines than it takes.

Source: docs/spec/http.md, 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from crypto.constants import APPLICATION_BYTES, APPLICATION_DAYS, STATEMENT_BYTES
from crypto.encoding import Reader, lp, u8
from crypto.errors import BadSignature, Refused
from crypto.public import applications
from crypto.public.applications import Application
from server.models import application
from server.services.refusals import Refusal
from server.wraps import Wraps

_TABLE = "application"
_OPEN_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """An open application: its row, its bytes, and the drafts (notes) of statements for it."""

    id: int
    lookup: bytes
    last_epoch: int
    application: bytes
    drafts: tuple[bytes, ...]

    def said(self, network_id: bytes) -> Application:
        """Read what was checked when it came."""
        return applications.parse_and_check(self.application, network_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """The application is kept; `is_new` is False where it lay there already."""

    is_new: bool


def check(data: bytes, *, network_id: bytes, today: int) -> Application | Refusal:
    """Read an application to this network (id of 32 bytes) that was made at epoch `today`.

    MALFORMED for another form, network or day, UNSIGNED for a signature that does not hold.
    Source: docs/spec/http.md, 8
    """
    try:
        said = applications.parse_and_check(data, network_id)
    except BadSignature:
        return Refusal.UNSIGNED
    except Refused:
        return Refusal.MALFORMED
    return said if said.epoch == today else Refusal.MALFORMED


def hand_in(
    connection: Connection, *, wraps: Wraps, said: Application, data: bytes, room: bool
) -> HandedIn | Refusal:
    """Keep a checked application in place of the organisation's earlier one, for 90 days at most.

    `data` is what `said` was read from. The same again changes nothing, whether there is `room`
    for more today or not. FULL where there is none, or too many are open.
    Source: docs/spec/http.md, 8
    """
    stands = find(connection, wraps, said.organisation)
    if stands is not None and stands.application == data:
        return HandedIn(is_new=False)
    if not room or (stands is None and _count(connection, wraps.today) >= _OPEN_MOST):
        return Refusal.FULL
    if stands is not None:
        remove(connection, stands)
    _insert(connection, wraps, said.organisation, data)
    return HandedIn(is_new=True)


def find(connection: Connection, wraps: Wraps, organisation: bytes) -> Open | None:
    """Return the open application of the organisation with this key, and lock its row."""
    query = (
        select(application)
        .where(application.c.lookup.in_(wraps.find(_TABLE, organisation)))
        .with_for_update()
    )
    return next(iter(_opened(connection, wraps, query)), None)


def all_open(connection: Connection, wraps: Wraps) -> list[Open]:
    """Return every open application, in an order that says nothing of when it came."""
    query = select(application).where(application.c.last_epoch >= wraps.today)
    return _opened(connection, wraps, query.order_by(application.c.id))


def keep_drafts(connection: Connection, wraps: Wraps, found: Open, drafts: Sequence[bytes]) -> None:
    """Keep these drafts for an open application, in place of those that it has."""
    content = _content(found.application, drafts)
    sealed = wraps.seal(_TABLE, found.lookup, found.last_epoch, content)
    here = application.c.id == found.id
    connection.execute(update(application).where(here).values(sealed=sealed))


def remove(connection: Connection, found: Open) -> None:
    """End an application and its drafts."""
    connection.execute(delete(application).where(application.c.id == found.id))


def _insert(connection: Connection, wraps: Wraps, organisation: bytes, data: bytes) -> None:
    last_epoch = wraps.today + APPLICATION_DAYS
    lookup = wraps.lookup(_TABLE, organisation, last_epoch)
    connection.execute(
        insert(application).values(
            id=wraps.new_id(),
            lookup=lookup,
            last_epoch=last_epoch,
            sealed=wraps.seal(_TABLE, lookup, last_epoch, _content(data, ())),
        )
    )


def _count(connection: Connection, today: int) -> int:
    rows = select(func.count()).select_from(application)
    return connection.execute(rows.where(application.c.last_epoch >= today)).scalar_one()


def _content(data: bytes, drafts: Sequence[bytes]) -> bytes:
    return lp(data) + u8(len(drafts)) + b"".join(map(lp, drafts))


def _opened(connection: Connection, wraps: Wraps, query: Select[Any]) -> list[Open]:
    found = []
    for row in connection.execute(query):
        content = wraps.open(_TABLE, row.lookup, row.last_epoch, row.sealed)
        if content is None:
            continue
        reader = Reader(content)
        data = reader.lp(APPLICATION_BYTES)
        drafts = tuple(reader.lp(STATEMENT_BYTES) for _ in range(reader.u8()))
        found.append(
            Open(
                id=row.id,
                lookup=row.lookup,
                last_epoch=row.last_epoch,
                application=data,
                drafts=drafts,
            )
        )
    return found
