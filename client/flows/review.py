"""What admins look at before they vet: who applies, with what, and who signed what already.

The server's word counts for nothing here: listings, drafts and applications are checked one by one,
and what does not hold is shown as that.

Source: docs/spec/http.md, 8; docs/spec/statements.md, 5 and 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from client.api_types import Applied
from client.flows import look_alikes
from crypto.client import record_check
from crypto.client.record_check import Listed, Listing
from crypto.constants import APPLICATION_DAYS
from crypto.errors import Refused
from crypto.public import applications, checkpoint, notes, statements, suspensions
from crypto.public import profile as profiles
from crypto.public.applications import Application
from crypto.public.notes import Key
from crypto.public.policy import Policy
from crypto.public.profile import Profile
from crypto.public.statements import Kind, Statement
from crypto.public.suspensions import Suspensions


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What holds in the network on this day, checked by this device.

    `ended` is the suspension list: below which serials statements have ended;
    `broken` counts the listings that the server shows and that do not hold.
    """

    policy: Policy
    today: int
    listed: tuple[Listed, ...]
    ended: Suspensions
    broken: int

    def of(self, organisation: bytes) -> Listed | None:
        """Return the listing of the organisation with this key (32 bytes), if it has one."""
        return next((x for x in self.listed if x.statement.organisation == organisation), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A statement that too few admins have signed so far: who has, and what is wrong with it."""

    note: bytes
    statement: Statement | None
    signed: tuple[Key, ...] = ()
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An application that holds, and what belongs to it.

    `days_left` is how long it stays open; `flags` are sentences that an admin should read.
    """

    application: Application
    profile: Profile
    drafts: tuple[Draft, ...]
    listed: Listed | None
    days_left: int
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """An application that does not hold, and why in one sentence."""

    reason: str


def look(network: record_check.Network, listings: Iterable[Listing]) -> Scene:
    """Check what a server shows of a network; `listings` are those of its directory.

    Raises what `checkpoint.check_newest` and `suspensions.check` do.
    """
    policy = network.policy
    newest = checkpoint.check_newest(network.newest, policy)
    ended = suspensions.check(network.suspensions, newest.checkpoint, policy.network_id)
    held, broken = [], 0
    for listing in listings:
        try:
            held.append(record_check.check_listing(listing, network))
        except Refused:
            broken += 1
    return Scene(
        policy=policy,
        today=network.today,
        listed=tuple(held),
        ended=ended,
        broken=broken,
    )


def read(shown: Iterable[Applied], scene: Scene) -> list[Opened | Broken]:
    """Check open applications, each with its drafts, as the server shows them."""
    return [_read(one.application, one.drafts, scene) for one in shown]


def read_draft(note: bytes, application: Application, scene: Scene) -> Draft:
    """Read a statement that should say exactly what an application says, and check that it does."""
    try:
        found = notes.parse(note)
        statement = statements.parse(found.text)
    except Refused:
        return Draft(note=note, statement=None, wrong=("It is no statement.",))
    try:
        signatures = notes.verify(found, scene.policy.all_admins)
    except Refused:
        return Draft(
            note=note,
            statement=statement,
            wrong=("A signature on it does not hold, or is by nobody of this network.",),
        )
    current = [one.key for one in signatures if one.key in scene.policy.admins]
    return Draft(
        note=note,
        statement=statement,
        signed=tuple(dict.fromkeys(current)),
        wrong=tuple(_wrong(statement, application, scene)),
    )


def last_serial(organisation: bytes, scene: Scene) -> int:
    """Return the highest serial that the network shows for an organisation; 0 for none."""
    listed = scene.of(organisation)
    return max(listed.statement.serial if listed else 0, scene.ended.below(organisation) - 1)


def _read(data: bytes, drafts: Sequence[bytes], scene: Scene) -> Opened | Broken:
    try:
        application = applications.parse_and_check(data, scene.policy.network_id)
        profile = profiles.decode(application.profile)
    except Refused as refused:
        return Broken(str(refused))
    return Opened(
        application=application,
        profile=profile,
        drafts=tuple(read_draft(note, application, scene) for note in drafts),
        listed=scene.of(application.organisation),
        days_left=application.epoch + APPLICATION_DAYS - scene.today,
        flags=tuple(_flags(application, scene)),
    )


def _wrong(statement: Statement, application: Application, scene: Scene) -> list[str]:
    today = scene.today
    tests = (
        (statement.network_id == application.network_id, "It is of another network."),
        (statement.kind is Kind.VETTED, "It suspends and does not list."),
        (statement.organisation == application.organisation, "It is of another organisation."),
        (statement.name == application.name, "It says another name than the application."),
        (
            statement.profile == profiles.profile_hash(application.profile),
            "It says another profile than the application.",
        ),
        (
            statement.serial > last_serial(application.organisation, scene),
            "Its number is not above the last one of this organisation.",
        ),
        (statement.first <= today, "It begins on a later day."),
        (today <= statement.until, "Its last day has passed."),
    )
    return [sentence for holds, sentence in tests if not holds]


def _flags(application: Application, scene: Scene) -> list[str]:
    others = [x.statement for x in scene.listed]
    names = [one.name for one in others if one.organisation != application.organisation]
    flags = [
        f"Its name looks like that of {name}, which is another organisation."
        for name in look_alikes.alike(application.name, names)
    ]
    if look_alikes.mixes_scripts(application.name):
        flags.append("A word of its name mixes letters of several scripts.")
    if scene.ended.below(application.organisation) and scene.of(application.organisation) is None:
        flags.append("An earlier listing of it was ended early: ask the other admins why.")
    if application.epoch > scene.today:
        flags.append("It is dated on a later day than today.")
    return flags
