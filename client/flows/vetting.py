"""What admins sign of an organisation: that it is vetted, with others, or suspended, alone.

Signing is on the admin's own device. Each function checks first that what it signs says what its
caller has shown.

Source: docs/spec/statements.md, 5 and 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from client.errors import BadInput, FirstDo, NotVetted
from client.flows import look_alikes
from client.flows.review import Draft, Opened
from client.flows.scene import Scene, highest_serial, last_serial
from crypto.client.record_check import Listed
from crypto.constants import SERIAL_MOST, STATEMENT_BYTES, VETTED_DAYS
from crypto.errors import Refused
from crypto.public import note_signing, notes, statements
from crypto.public import profile as profiles
from crypto.public.applications import Application
from crypto.public.note_signing import Signer
from crypto.public.notes import Key
from crypto.public.policy import Policy
from crypto.public.statements import Kind, Statement

_KEY_LEAST = 6  # digits of a key that name an organisation
_KEY_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A statement's note with this admin's signature, who signed it, and how many more must."""

    note: bytes
    statement: Statement
    signed: tuple[Key, ...]
    missing: int


def require_admin(signer: Signer, policy: Policy) -> None:
    """Raise NotVetted unless this signer is an admin of the policy now."""
    if signer.key in policy.admins:
        return
    if signer.key in policy.former_admins:
        raise NotVetted(f"{signer.name} was retired: that signature no longer counts.")
    if signer.name in [key.name for key in policy.all_admins]:
        raise NotVetted(f"This network knows another key of {signer.name} than yours.")
    raise NotVetted(f"{signer.name} is no admin of this network.")


def require_unsigned(draft: Draft, signer: Signer, policy: Policy) -> None:
    """Raise FirstDo where this signer has signed a draft already."""
    if signer.key in draft.signed:
        raise FirstDo("You have signed this already.", _more(draft.signed, policy))


def pick_application(wanted: str, opened: Iterable[Opened]) -> Opened:
    """Return the application of the organisation that is named by its name or its key's start.

    Raises BadInput where none or several are meant.
    """
    newest: dict[bytes, Opened] = {}
    for one in opened:  # an organisation that applied again since is meant as it applied last
        known = newest.get(one.application.organisation)
        if known is None or _order(one) > _order(known):
            newest[one.application.organisation] = one
    every = list(newest.values())
    named = _named(wanted, [(one.application.name, one.application.organisation) for one in every])
    return every[named]


def _order(opened: Opened) -> tuple[int, int, bytes]:
    return opened.application.epoch, opened.days_left, opened.keys.application_id


def pick_listed(wanted: str, listed: Sequence[Listed]) -> Listed:
    """Return the listed organisation that is meant, as `pick_application`."""
    statements_ = [one.statement for one in listed]
    return listed[_named(wanted, [(one.name, one.organisation) for one in statements_])]


def pick_draft(opened: Opened) -> Draft | None:
    """Return the draft that most admins have signed, or None where there is none.

    Raises NotVetted where one does not say exactly what the application says.
    """
    for draft in opened.drafts:
        if draft.wrong:
            raise NotVetted(
                "A draft does not match this application. " + " ".join(draft.wrong),
                "Ask the admin who signed it; --new starts one that does.",
            )
    return max(opened.drafts, key=lambda draft: len(draft.signed), default=None)


def new_statement(opened: Opened, scene: Scene, days: int, *, logged: int) -> Statement:
    """Return what would list an applicant for 1 to 90 days; nobody has signed it.

    It holds from yesterday on, so that a sender whose date is a day behind takes it, too. Its
    serial is above every one that is known, `logged` among them, the last in the public log, which
    has those of listings that the network no longer shows; and at least today's epoch. A draft that
    would use the numbers up does not count. Raises BadInput for other days.
    """
    if not 1 <= days <= VETTED_DAYS:
        raise BadInput(f"An organisation is vetted for 1 to {VETTED_DAYS} days, not {days}.")
    application = opened.application
    most = highest_serial(application.organisation, scene)
    said = [draft.statement for draft in opened.drafts if draft.statement is not None]
    drafted = [one.serial for one in said if one.serial < most]
    return Statement(
        network_id=application.network_id,
        kind=Kind.VETTED,
        serial=_serial_above(
            (logged, last_serial(application.organisation, scene), *drafted), scene
        ),
        organisation=application.organisation,
        profile=profiles.profile_hash(application.profile),
        first=scene.today - 1,
        until=scene.today - 1 + days,
        name=application.name,
    )


def suspension(listed: Listed, scene: Scene, *, logged: int) -> Statement:
    """Return what ends a listing from today on; one admin's signature is enough.

    `logged` is the serial of its last statement in the public log, so that one that still waits for
    witnesses ends, too.
    """
    said = listed.statement
    return Statement(
        network_id=said.network_id,
        kind=Kind.SUSPENDED,
        serial=_serial_above((logged, last_serial(said.organisation, scene)), scene),
        organisation=said.organisation,
        profile=said.profile,
        first=scene.today,
        until=max(said.until, scene.today),
        name=said.name,
    )


def sign_new(statement: Statement, signer: Signer, policy: Policy) -> Signed:
    """Sign a statement as the first; raises NotVetted for who is no admin now."""
    require_admin(signer, policy)
    try:
        text = statements.format_text(statement)
        note = note_signing.sign_note(text, signer, at_most=STATEMENT_BYTES)
    except Refused as refused:
        raise NotVetted(f"This can't be signed. {refused}") from None
    return signed(note, statement, policy)


def sign_draft(draft: Draft, application: Application, signer: Signer, scene: Scene) -> Signed:
    """Put this admin's signature below a draft that was read with `review.read_draft`.

    Raises NotVetted where the draft does not say what the application says, for who is no admin
    now, and FirstDo where this admin has signed it already.
    """
    require_admin(signer, scene.policy)
    statement = draft.statement
    if draft.wrong or statement is None or statement.organisation != application.organisation:
        raise NotVetted("This draft does not match the application. " + " ".join(draft.wrong))
    require_unsigned(draft, signer, scene.policy)
    read = notes.parse(draft.note)
    found = zip(read.lines, notes.verify(read, scene.policy.all_admins), strict=True)
    # A line of somebody who was retired since counts for nothing, and no server takes it any more.
    lines = [line for line, one in found if one.key in scene.policy.admins]
    # k are enough, and there is room for no more.
    lines = lines[: scene.policy.threshold - 1]
    lines.append(note_signing.signature_line(read.text, signer))
    note = notes.format_note(read.text, lines, STATEMENT_BYTES)
    return signed(note, statement, scene.policy)


def signed(note: bytes, statement: Statement, policy: Policy) -> Signed:
    """Return who has signed a note whose lines hold, and how many more must."""
    signatures = notes.verify(notes.parse(note), policy.all_admins)
    by = tuple(dict.fromkeys(one.key for one in signatures if one.key in policy.admins))
    needed = policy.threshold if statement.kind is Kind.VETTED else 1
    return Signed(note=note, statement=statement, signed=by, missing=max(0, needed - len(by)))


def _more(signed: Sequence[Key], policy: Policy) -> str:
    missing = policy.threshold - len(signed)
    return f"{missing} more must sign." if missing > 0 else "Nobody else has to."


def _serial_above(serials: Iterable[int], scene: Scene) -> int:
    serial = max(*serials, scene.today - 1, 0) + 1
    if serial > SERIAL_MOST:
        raise NotVetted(
            "Somebody used up the numbers of this organisation's statements.",
            "Retire that admin; the organisation applies under a new key.",
        )
    return serial


def _named(wanted: str, known: Sequence[tuple[str, bytes]]) -> int:
    """Return which of `known`, names and keys, is meant by a name or by the start of a key."""
    found = [place for place, (name, key) in enumerate(known) if _is_meant(wanted, name, key)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise BadInput(f"There is no organisation {wanted!r} here.", "Name it as it is shown.")
    keys = ", ".join(known[place][1].hex()[:_KEY_SHOWN] for place in found)
    raise BadInput("Several organisations are meant.", f"Name one by its key: {keys}.")


def _is_meant(wanted: str, name: str, key: bytes) -> bool:
    if len(wanted) >= _KEY_LEAST and key.hex().startswith(wanted.lower()):
        return True
    return look_alikes.key_of(name) == look_alikes.key_of(wanted) != ""
