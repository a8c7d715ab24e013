"""For anyone: the network document and the directory, the same for everybody.

Source: docs/spec/http.md, 2.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

from flask import Blueprint
from msgspec import Meta

from crypto.constants import (
    CHECKPOINT_BYTES,
    NOTE_BYTES,
    PROFILE_BYTES,
    STATEMENT_BYTES,
    STORE_STEPS,
    SUSPENDED_MOST,
    TOKEN_BATCH_MOST,
    WORK_BITS_LEAST,
    WORK_BITS_MOST,
)
from server.core import current
from server.problems import BUSY, Problem
from server.routes import bodies
from server.routes.bodies import B32, Answer, b64url_up_to, text
from server.routes.route import route
from server.services import listing, network

public = Blueprint("public", __name__)


def _note_up_to(most: int) -> Meta:
    """A note as the text that it is: so it packs well, and no phone need decode it."""
    return Meta(min_length=1, max_length=most, description="a note")


Statement = Annotated[str, b64url_up_to(STATEMENT_BYTES, least=1)]
Profile = Annotated[str, b64url_up_to(PROFILE_BYTES, least=1)]
PolicyText = Annotated[str, _note_up_to(NOTE_BYTES)]
CheckpointText = Annotated[str, _note_up_to(CHECKPOINT_BYTES)]
StatementText = Annotated[str, _note_up_to(STATEMENT_BYTES)]
# As long as 1,024 organisations make it (statements.md, 8).
SuspensionList = Annotated[str, Meta(pattern="^[ -~\n]*$", description="the file, as text")]


class TokenKey(Answer, frozen=True, kw_only=True):
    """An issuing key that is accepted now, and where it stands in the checkpoint's tree."""

    period: bodies.Epoch
    public_key: B32
    index: Annotated[int, Meta(ge=0)]
    hashes: list[B32]


class NetworkDocument(Answer, frozen=True, kw_only=True):
    """What is the same for all; a client checks it as statements.md, 4, 7 and 8 say."""

    network_id: B32
    policies: list[PolicyText]
    checkpoint: CheckpointText
    suspensions: SuspensionList
    suspended: Annotated[list[StatementText], Meta(max_length=SUSPENDED_MOST)]
    token_keys: list[TokenKey]
    tokens_a_week: Annotated[int, Meta(ge=1, le=TOKEN_BATCH_MOST)]
    work_bits: Annotated[int, Meta(ge=WORK_BITS_LEAST, le=WORK_BITS_MOST)]
    tick_seconds: Annotated[int, Meta(ge=1, le=3_600)]
    store_bytes: Annotated[int, Meta(ge=STORE_STEPS[0], le=STORE_STEPS[-1])]


class Organisation(Answer, frozen=True, kw_only=True):
    """An organisation that is vetted today; a client checks it as walk-in.md, 1 says."""

    statement: Statement
    profile: Profile
    index: Annotated[int, Meta(ge=0)]
    hashes: list[B32]
    walk_ins: bool
    capacity: Annotated[int, Meta(ge=1, le=65_535)] | None
    weekly_keys: list[bodies.WeeklyKey]


class Directory(Answer, frozen=True, kw_only=True):
    """Who is vetted today, ascending by key."""

    organisations: list[Organisation]


@route(
    public,
    "GET",
    "/v1/network",
    answer=NetworkDocument,
    audience="anyone",
    proof="none",
    stores="nothing",
    packed=True,
)
def show_network() -> NetworkDocument | Problem:
    """Give policies, checkpoint, suspensions, issuing keys and the network's numbers."""
    core = current()
    found = core.database.read(
        partial(network.document, keyring=core.keyring, today=core.today, random=core.random)
    )
    if found is None:
        return BUSY
    return NetworkDocument(
        network_id=text(found.network_id),
        policies=[note.decode() for note in found.policies],
        checkpoint=found.checkpoint.decode(),
        suspensions=found.suspensions.decode(),
        suspended=[note.decode() for note in found.suspended],
        token_keys=[
            TokenKey(
                period=one.period,
                public_key=text(one.public_key),
                index=one.inclusion.index,
                hashes=[text(one_hash) for one_hash in one.inclusion.hashes],
            )
            for one in found.token_keys
        ],
        tokens_a_week=core.settings.tokens_a_week,
        work_bits=core.settings.work_bits,
        tick_seconds=core.settings.tick_seconds,
        store_bytes=core.settings.store_bytes,
    )


@route(
    public,
    "GET",
    "/v1/directory",
    answer=Directory,
    audience="anyone",
    proof="none",
    stores="nothing",
)
def show_directory() -> Directory | Problem:
    """Give every organisation that is vetted today, with what shows it."""
    core = current()
    found = core.database.read(partial(network.directory, today=core.today))
    return BUSY if found is None else Directory(organisations=[_shown(one) for one in found])


def _shown(one: listing.Listed) -> Organisation:
    return Organisation(
        statement=text(one.statement),
        profile=text(one.profile),
        index=one.inclusion.index,
        hashes=[text(one_hash) for one_hash in one.inclusion.hashes],
        walk_ins=one.walk_ins,
        capacity=one.capacity,
        weekly_keys=[text(key) for key in one.weekly_keys],
    )
