"""A statement: what admins say of an organisation, vetted or suspended, from when until when.

Source: docs/spec/statements.md, 5
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from crypto.constants import (
    LABEL_STATEMENT,
    ORGANISATION_NAME_BYTES,
    SERIAL_MOST,
    STATEMENT_BYTES,
    VETTED_DAYS,
)
from crypto.encoding import b64, utf8
from crypto.errors import Expired, Malformed, NotYetValid, TooFewSignatures, WrongNetwork
from crypto.public import lines, notes
from crypto.public.policy import Policy


class Kind(Enum):
    """What a statement says."""

    VETTED = "vetted"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A fact about an organisation; `first` and `until` are its first and last epoch.

    `organisation` is its public key (32 bytes), `profile` the SHA-256 of its profile.
    """

    network_id: bytes
    kind: Kind
    serial: int
    organisation: bytes
    profile: bytes
    first: int
    until: int
    name: str


def parse(text: str) -> Statement:
    """Read the text of a statement; raises Malformed for anything that is not one.

    Source: docs/spec/statements.md, 5
    """
    reader = lines.Lines(text)
    reader.label(LABEL_STATEMENT)
    statement = Statement(  # read in the order in which the lines stand
        network_id=reader.hash("network"),
        kind=_kind(reader.value("kind")),
        serial=reader.number("serial"),
        organisation=reader.hash("organisation"),
        profile=reader.hash("profile"),
        first=reader.number("from"),
        until=reader.number("until"),
        name=reader.value("name"),
    )
    reader.end()
    lines.check_name(statement.name, ORGANISATION_NAME_BYTES)
    if statement.serial > SERIAL_MOST:  # a list can still end the last one
        raise Malformed
    _check_days(statement)
    return statement


def format_text(statement: Statement) -> str:
    """Write the text of a statement, which as UTF-8 is also its entry in the log.

    Raises TooLong for a name of more than 96 bytes, Malformed where `parse` would refuse the text
    and for a name that is not in NFC.
    """
    lines.check_room([(len(utf8(statement.name)), ORGANISATION_NAME_BYTES)])
    lines.check_spelling(statement.name)
    text = (
        f"{LABEL_STATEMENT}\n"
        f"network {b64(statement.network_id)}\n"
        f"kind {statement.kind.value}\n"
        f"serial {statement.serial}\n"
        f"organisation {b64(statement.organisation)}\n"
        f"profile {b64(statement.profile)}\n"
        f"from {statement.first}\n"
        f"until {statement.until}\n"
        f"name {statement.name}\n"
    )
    if parse(text) != statement:
        raise Malformed
    return text


def check(note: bytes, policy: Policy, today: int) -> Statement:
    """Return what a statement's note (at most 800 bytes) says, if it holds at epoch `today`.

    Raises Malformed, WrongNetwork, BadSignature, TooFewSignatures, NotYetValid or Expired; the
    first that applies, in this order.

    Source: docs/spec/statements.md, 5
    """
    statement = check_signed(note, policy)
    if today < statement.first:
        raise NotYetValid
    if today > statement.until:
        raise Expired
    return statement


def check_signed(note: bytes, policy: Policy) -> Statement:
    """Return what a statement's note says, if it is signed as it must be, whatever the day is.

    Raises Malformed, WrongNetwork, BadSignature or TooFewSignatures, as `check`.

    Source: docs/spec/statements.md, 5, steps 1 to 4
    """
    read = notes.parse(note, STATEMENT_BYTES)
    statement = parse(read.text)
    if statement.network_id != policy.network_id:
        raise WrongNetwork
    signatures = notes.verify(read, policy.all_admins)
    if notes.count(signatures, policy.admins) < _needed(statement.kind, policy):
        raise TooFewSignatures
    return statement


def _kind(value: str) -> Kind:
    try:
        return Kind(value)
    except ValueError:
        raise Malformed from None


def _check_days(statement: Statement) -> None:
    if statement.first > statement.until:
        raise Malformed
    vetted = statement.kind is Kind.VETTED
    if vetted and statement.until - statement.first > VETTED_DAYS:
        raise Malformed


def _needed(kind: Kind, policy: Policy) -> int:
    # One admin who learns of danger is enough to suspend; listing takes k who agree.
    return policy.threshold if kind is Kind.VETTED else 1
