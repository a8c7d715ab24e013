"""An auditor's look at a log: from the first entry, or on from a folder, or a folder alone.

Source: docs/spec/log.md, 5 ("Auditing").
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from client.api_log import LogApi
from client.errors import ServerProblem
from client.flows import audit as auditing
from client.flows import log_fetch, log_known
from client.flows.audit import Held, Shown
from client.flows.log_fetch import Progress
from client.flows.log_findings import Finding, Found, Kind
from client.flows.log_folder import LogFolder, Rows
from client.flows.log_known import Known
from client.flows.witness import accept, keep_evidence
from crypto import errors
from crypto.public import checkpoint as checkpoints
from crypto.public import edge


@dataclass(frozen=True, slots=True)
class Published:
    """What people are shown of a log: how many entries, and its day, None where none says it.

    No entries: nothing yet, since witnesses are waited for.
    """

    size: int
    day: int | None


@dataclass(frozen=True, slots=True)
class Holds:
    """A log that holds; `published` is None where no server was asked."""

    held: Held
    published: Published | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """A log that is not as it must be, and the file that shows it where one was kept."""

    finding: Finding
    evidence: Path | None


def online(
    api: LogApi, network_id: bytes, folder: LogFolder | None, *, day: int, progress: Progress
) -> Holds | Wrong:
    """Look at a server's log as of an epoch, and keep what was seen in the folder, if there is one.

    With a folder it goes on from there; without one it begins with the first entry. Raises
    Unreachable, ServerProblem, NotReadable, Trouble.
    """
    before = Known(network_id=network_id) if folder is None else folder.known()
    rows = Rows() if folder is None else folder.rows(before.edge.size)
    published = _shown_to_people(api)  # first: what waits now may be published the next moment
    shown = log_fetch.pending(api, before.edge.size, progress)
    outcome = auditing.audit(before, shown, day)
    if isinstance(outcome, Finding):
        kept = None if folder is None else keep_evidence(folder, before, shown, outcome, day)
        return Wrong(outcome, kept)
    people = Published(0, None)
    if published is not None:
        try:
            people = _published(published, outcome, (*rows.entries, *shown.entries))
        except Found as found:
            return Wrong(found.finding, None)
    if folder is not None:
        accept(folder, outcome, shown)
    return Holds(outcome, people)


def offline(folder: LogFolder, *, day: int) -> Holds | Wrong:
    """Look at a folder alone, every signature in it too. Raises NotReadable."""
    state = folder.state()
    rows = folder.rows(state.edge.size)
    shown = Shown(
        checkpoint=state.checkpoint,
        suspensions=state.suspensions,
        entries=rows.entries,
        proofs=rows.proofs,
    )
    outcome = auditing.audit(Known(network_id=folder.network_id), shown, day)
    return Wrong(outcome, None) if isinstance(outcome, Finding) else Holds(outcome, None)


def _shown_to_people(api: LogApi) -> bytes | None:
    """Return the published checkpoint; None where none is, since witnesses are waited for."""
    try:
        return api.published()
    except ServerProblem as problem:
        if problem.kind != "busy":
            raise
        return None


def _published(note: bytes, held: Held, entries: tuple[bytes, ...]) -> Published:
    """Check that what people are shown is the beginning of what was looked at; raises Found."""
    said = log_fetch.read(note)
    if said is None:
        raise Found(Kind.FORGED, "What the server shows to people as its log is none.")
    if said.size > len(entries):
        raise Found(
            Kind.ROLLED_BACK,
            f"The server shows people a log of {said.size} entries, and only {len(entries)} to"
            " those who look at it.",
        )
    first = entries[: said.size]
    if edge.root(edge.extend(edge.EMPTY, first)) != said.root:
        raise Found(Kind.SPLIT, "The server shows people another log than to those who look at it.")
    policy = log_known.follow(Known(network_id=held.known.network_id), first, None).policy
    if policy is None:
        raise Found(Kind.FORGED, "The log that people are shown has no rules of the network in it.")
    try:
        day = checkpoints.check_newest(note, policy).day
    except errors.Refused as refused:
        raise Found(
            Kind.FORGED, f"What the server shows to people as its log does not hold. {refused}"
        ) from None
    return Published(said.size, day)
