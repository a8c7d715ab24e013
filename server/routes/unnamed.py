"""For providers that do not say which one they are: codes, answers, the drop.

Source: docs/spec/http.md, 4 and 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Annotated

from flask import Blueprint, Response, request
from msgspec import Meta

from crypto.constants import DROP_STREAM_ROW_BYTES, SLOTS
from server import issuing
from server.core import Core, current
from server.problems import BUSY, MALFORMED, REFUSED, TAKEN, TOKEN, UNSIGNED, Problem
from server.routes import bodies
from server.routes.bodies import B16, B32, Body, Empty, raw
from server.routes.route import OCTETS, route
from server.services import boxes, codes, drop, network
from server.services.boxes import Answered
from server.services.codes import Published
from server.wraps import Wraps

unnamed = Blueprint("unnamed", __name__)

_DROP_KEY = re.compile("Bearer ([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])")
# So much of the drop is in memory at once, whatever is asked for.
_ROWS_AT_ONCE = 25


class NewCode(Body, frozen=True, kw_only=True):
    """A code's row, and the token that pays for it."""

    locator: B16
    write_key_hash: B32
    record: bodies.Record
    last_epoch: bodies.Epoch
    token: bodies.Token


class Cancelling(Body, frozen=True, kw_only=True):
    """A code that is taken back."""

    locator: B16
    write_key: B32


class NewAnswer(Body, frozen=True, kw_only=True):
    """A sealed answer for one slot of a box."""

    box_id: B16
    write_key: B32
    slot: Annotated[int, Meta(ge=1, lt=SLOTS)]
    sealed: bodies.Slot


class After(Body, frozen=True, kw_only=True):
    """The last cursor that was filed."""

    after: bodies.Decimal


_PUBLISHED: dict[Published, Empty | Problem] = {
    Published.DONE: Empty(),
    Published.TAKEN: TAKEN,
    Published.NO_TOKEN: TOKEN,
    Published.OTHER_WEEK: MALFORMED,
}
_ANSWERED: dict[Answered, Empty | Problem] = {
    Answered.STORED: Empty(),
    Answered.TAKEN: TAKEN,
    Answered.REFUSED: REFUSED,
}


@route(
    unnamed,
    "POST",
    "/v1/codes",
    body=NewCode,
    answer=Empty,
    audience="provider",
    proof="token",
    problems=(TOKEN, TAKEN),
    stores="a code's row, and that its token is spent",
)
def publish_code(asked: NewCode) -> Empty | Problem:
    """Store a code's row for a token."""
    core = current()
    network_id = core.database.read(network.network_id)
    if network_id is None:
        return BUSY
    wraps = core.wraps()
    issuers = issuing.issuers(core.keyring, network_id, wraps.today, core.random)
    code = codes.Code(
        locator=raw(asked.locator),
        write_key_hash=raw(asked.write_key_hash),
        record=raw(asked.record),
        last_epoch=asked.last_epoch,
    )
    spending = codes.redeem(issuers, raw(asked.token))
    return _PUBLISHED[
        core.database.write(partial(codes.publish, wraps=wraps, code=code, spending=spending))
    ]


@route(
    unnamed,
    "POST",
    "/v1/codes/cancel",
    body=Cancelling,
    answer=Empty,
    audience="provider",
    proof="write-key",
    ticked=True,
    stores="nothing; the code's row goes",
)
def cancel_code(asked: Cancelling) -> Empty:
    """Take a code back before it is used."""
    core = current()
    core.database.write(
        partial(
            codes.cancel,
            wraps=core.wraps(),
            locator=raw(asked.locator),
            write_key=raw(asked.write_key),
        )
    )
    return Empty()


@route(
    unnamed,
    "POST",
    "/v1/boxes/answer",
    body=NewAnswer,
    answer=Empty,
    audience="provider",
    proof="write-key",
    problems=(REFUSED, TAKEN),
    limit="misses",
    stores="a slot of a box",
)
def answer_box(asked: NewAnswer) -> Empty | Problem:
    """Fill a slot of a box, once."""
    core = current()
    return _ANSWERED[
        core.database.write(
            partial(
                boxes.answer,
                wraps=core.wraps(),
                box_id=raw(asked.box_id),
                write_key=raw(asked.write_key),
                slot=asked.slot,
                sealed=raw(asked.sealed),
            )
        )
    ]


@route(
    unnamed,
    "GET",
    "/v1/drop",
    query=After,
    answer=OCTETS,
    audience="provider",
    proof="drop-key",
    problems=(UNSIGNED,),
    stores="nothing",
)
def read_drop(asked: After) -> Response | Problem:
    """Give the rows of the drop after a cursor, the same to everybody who has the week's key."""
    core = current()
    wraps = core.wraps()
    given = _DROP_KEY.fullmatch(request.headers.get("Authorization", ""))
    if given is None or not drop.is_key(core.keyring, wraps.today, raw(given[1])):
        return UNSIGNED
    after = bodies.number(asked.after)
    wanted = core.database.read(partial(drop.cursors, today=wraps.today, after=after))
    answer = Response(_rows(core, wraps, wanted), content_type=OCTETS)
    answer.content_length = len(wanted) * DROP_STREAM_ROW_BYTES
    return answer


def _rows(core: Core, wraps: Wraps, wanted: list[int]) -> Iterator[bytes]:
    for at in range(0, len(wanted), _ROWS_AT_ONCE):
        part = wanted[at : at + _ROWS_AT_ONCE]
        yield core.database.read(partial(drop.read, wraps=wraps, wanted=part))
