"""What admins look at before they vet: who applies, with what, and who signed what already.

The server's word counts for nothing here: listings, applications and what admins wrote are opened
and checked one by one, and what does not hold is shown as that.

Source: docs/spec/vetting.md, 3 and 4; docs/spec/statements.md, 5 and 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from client.api_types import Applied, Waiting
from client.flows import look_alikes
from client.flows.scene import Scene, highest_serial, last_serial
from crypto.client import application as applied
from crypto.client import vetting_entries, vetting_rules
from crypto.client.application import Answer, ReadingKeys
from crypto.client.hpke import PrivateKey
from crypto.client.record_check import Listed
from crypto.client.vetting_entries import Entry
from crypto.errors import CannotOpen, Refused
from crypto.public import notes, statements
from crypto.public import profile as profiles
from crypto.public.applications import Application
from crypto.public.notes import Key
from crypto.public.policy import Policy
from crypto.public.profile import Profile
from crypto.public.statements import Kind, Statement

NOT_FOR_YOU = "It is not sealed to you. Another admin can hand it on: `towpath admin share`."
HANDED_ON = b"\x02"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A statement that too few admins have signed so far: who has, and what is wrong with it."""

    note: bytes
    statement: Statement | None
    signed: tuple[Key, ...] = ()
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What stands as one number under an application; without `entry`, why it does not count."""

    number: int
    entry: Entry | None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An application that holds, and what belongs to it.

    `drafts` are the texts that current admins signed last, each with their lines; `done` says that
    one of them is what lists the organisation now. `days_left` is how long it stays open; `flags`
    are sentences that an admin should read.
    """

    keys: ReadingKeys
    application: Application
    said: bytes = field(repr=False)
    profile: Profile
    contact: str = field(repr=False)
    answers: tuple[Answer, ...] = field(repr=False)
    written: tuple[Written, ...] = field(repr=False)
    drafts: tuple[Draft, ...]
    listed: Listed | None
    done: bool
    days_left: int
    flags: tuple[str, ...]

    @property
    def entries(self) -> list[Entry]:
        """What admins wrote that opens and holds, in its order."""
        return [one.entry for one in self.written if one.entry is not None]


@dataclass(frozen=True, slots=True)
class Broken:
    """An application that does not open or hold on this device, and why in one sentence."""

    application_id: bytes
    reason: str


def read(
    waiting: Waiting, shown: Applied, reading_key: PrivateKey, scene: Scene
) -> Opened | Broken:
    """Open an application, as the server shows it, with what an admin reads with."""
    place = {"network_id": scene.policy.network_id, "application_id": waiting.application_id}
    try:
        keys, found = _open(shown, reading_key, place)
        profile = profiles.decode(found.listing.profile)
    except CannotOpen:
        return Broken(waiting.application_id, NOT_FOR_YOU)
    except Refused as refused:
        return Broken(waiting.application_id, str(refused))
    written = read_written(shown.entries, keys, scene.policy)
    listed = scene.of(found.listing.organisation)
    drafts, done = _drafts(written, found.listing, scene)
    return Opened(
        keys=keys,
        application=found.listing,
        said=found.said,
        profile=profile,
        contact=found.contact,
        answers=found.answers,
        written=written,
        drafts=drafts,
        listed=listed,
        done=done,
        days_left=waiting.last_epoch - scene.today,
        flags=tuple(_flags(found.listing, profile, scene)),
    )


def read_on(opened: Opened, entries: Iterable[bytes], scene: Scene) -> Opened:
    """Return an application with further entries, which stand behind those it has."""
    more = read_written(entries, opened.keys, scene.policy, after=len(opened.written))
    written = (*opened.written, *more)
    drafts, done = _drafts(written, opened.application, scene)
    return replace(opened, written=written, drafts=drafts, done=done)


def read_written(
    entries: Iterable[bytes], keys: ReadingKeys, policy: Policy, after: int = 0
) -> tuple[Written, ...]:
    """Open entries from number `after` on; what does not open or hold says why."""
    return tuple(
        _written(number, entry, keys, policy) for number, entry in enumerate(entries, after)
    )


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


def _open(
    shown: Applied, reading_key: PrivateKey, place: dict[str, bytes]
) -> tuple[ReadingKeys, applied.Opened]:
    """Open an application by the first keys sealed to this admin that open it.

    Anybody can seal wrong ones to her: they keep her from nothing that others hand on.
    """
    for keys in _keys(shown, reading_key, place):
        with suppress(CannotOpen):
            return keys, applied.open_(shown.application, keys)
    raise CannotOpen


def _keys(
    shown: Applied, reading_key: PrivateKey, place: dict[str, bytes]
) -> Iterator[ReadingKeys]:
    """Find what is sealed to this admin, at first or by somebody who handed it on later."""
    with suppress(CannotOpen):
        yield applied.find_keys(shown.application, reading_key, **place)
    for entry in shown.entries:
        with suppress(Refused):
            yield vetting_entries.open_handed_on(entry, reading_key, **place)


def _written(number: int, entry: bytes, keys: ReadingKeys, policy: Policy) -> Written:
    if entry[:1] == HANDED_ON:
        return Written(number, None, "Handed on to one more admin.")
    try:
        return Written(number, vetting_entries.open_(entry, keys, number, policy))
    except Refused as refused:
        return Written(number, None, f"This entry does not count. {refused}")


def _drafts(
    written: Sequence[Written], application: Application, scene: Scene
) -> tuple[tuple[Draft, ...], bool]:
    """Gather the texts that current admins signed last; and say whether one is in force."""
    entries = [one.entry for one in written if one.entry is not None]
    last = vetting_rules.last_signatures(entries)
    texts = [notes.parse(one.note).text for one in last.values()]
    listed = scene.of(application.organisation)
    found, done = [], False
    for text in dict.fromkeys(texts):
        lines = vetting_rules.lines_under(text, entries, scene.policy)
        if not lines:
            continue
        draft = read_draft(notes.format_note(text, list(lines.values())), application, scene)
        if listed is not None and draft.statement == listed.statement:
            done = True
        elif not _is_over(draft.statement, scene):
            found.append(draft)
    return tuple(found), done


def _is_over(statement: Statement | None, scene: Scene) -> bool:
    """Say whether a statement listed somebody once, or can't any more, and is nothing to sign."""
    return statement is not None and (
        statement.serial <= last_serial(statement.organisation, scene)
        or statement.until < scene.today
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
        (
            statement.serial <= highest_serial(application.organisation, scene),
            "Its number leaves too few for later ones.",
        ),
        (statement.first <= today, "It begins on a later day."),
        (today <= statement.until, "Its last day has passed."),
    )
    return [sentence for holds, sentence in tests if not holds]


def _flags(application: Application, profile: Profile, scene: Scene) -> list[str]:
    others = [x.statement for x in scene.listed]
    names = [one.name for one in others if one.organisation != application.organisation]
    flags = [
        f"Its name looks like that of {name}, which is another organisation."
        for name in look_alikes.alike(application.name, names)
    ]
    flags += [
        f"Its profile is {how} that of {one.statement.name}, which is another organisation."
        for one in scene.listed
        if one.statement.organisation != application.organisation
        and (how := look_alikes.how_alike(profile, one.profile))
    ]
    if look_alikes.mixes_scripts(application.name):
        flags.append("A word of its name mixes letters of several scripts.")
    if scene.ended.below(application.organisation) and scene.of(application.organisation) is None:
        flags.append("An earlier listing of it was ended early: ask the other admins why.")
    if application.epoch > scene.today:
        flags.append("It is dated on a later day than today.")
    return flags
