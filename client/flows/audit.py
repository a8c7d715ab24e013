"""Looking at a log without trust: from what was known to what is known now, or what is wrong.

Nothing is fetched or kept here; the same steps are a witness's, an auditor's and an organisation's.

Source: docs/spec/log.md, 5, steps 3 to 6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from client.flows import log_known
from client.flows.log_findings import Finding, Found, Kind
from client.flows.log_known import Known
from client.flows.log_list import check_list
from crypto.errors import Refused
from crypto.public import checkpoint as checkpoints
from crypto.public import edge, log_entries, notes
from crypto.public.checkpoint import Checkpoint
from crypto.public.notes import Key, Note, Signature
from crypto.public.policy import Policy, text_hash
from crypto.public.suspensions import Suspensions


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a server shows: a checkpoint, the list that it names, and the entries behind an edge.

    `proofs` are as many as `entries`; there are none where the checkpoint is not above that edge.
    """

    checkpoint: bytes = field(repr=False)
    suspensions: bytes = field(repr=False)
    entries: tuple[bytes, ...] = field(repr=False)
    proofs: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A log that holds: what is known of it now, and what its checkpoint says.

    `text` is what a witness signs; `cosigned` are the witnesses, current or former, who did.
    """

    known: Known
    policy: Policy
    text: str
    checkpoint: Checkpoint
    suspensions: Suspensions
    cosigned: tuple[Signature, ...]


def audit(known: Known, shown: Shown, day: int) -> Held | Finding:
    """Look at what a server shows, as of an epoch, from what was known of its log before.

    Source: docs/spec/log.md, 5, steps 3 to 6
    """
    try:
        return _audit(known, shown, day)
    except Found as found:
        return found.finding


def check_signed(known: Known, shown: Shown) -> tuple[Note, Checkpoint]:
    """Check that the log has signed these entries behind what was known; raises Found.

    Source: docs/spec/log.md, 5, step 3
    """
    note, said = _read(shown.checkpoint)
    _by_the_log(note, _logs(known, shown.entries))
    _goes_on(known, said)
    if edge.root(_extended(known, shown.entries)) != said.root:
        raise Found(Kind.REWRITTEN, _rewritten(known, said))
    return note, said


def _audit(known: Known, shown: Shown, day: int) -> Held:
    note, said = check_signed(known, shown)
    now = log_known.follow(known, shown.entries, shown.proofs)
    policy = now.policy
    if policy is None:
        raise Found(Kind.FORGED, "The log has no rules of the network in it.")
    cosigned = _lines(note, policy)
    _names_newest(said, policy)
    listed = check_list(now, shown.suspensions, said, day)
    return Held(
        known=now,
        policy=policy,
        text=note.text,
        checkpoint=said,
        suspensions=listed,
        cosigned=tuple(one for one in cosigned if one.time is not None),
    )


def _read(data: bytes) -> tuple[Note, Checkpoint]:
    try:
        note = notes.parse(data)
        return note, checkpoints.parse(note.text)
    except Refused as refused:
        sentence = f"What the server shows as the newest state of its log is none. {refused}"
        raise Found(Kind.FORGED, sentence) from None


def _logs(known: Known, entries: Iterable[bytes]) -> tuple[Key, ...]:
    """Return the log's key by the newest policy, and by those that come in these entries."""
    found = [] if known.policy is None else [known.policy.log]
    for entry in entries:
        try:
            read = log_entries.parse(entry)
        except Refused:
            continue
        if isinstance(read, Policy):
            found.append(read.log)
    return tuple(found)


def _by_the_log(note: Note, logs: Iterable[Key]) -> None:
    for key in logs:
        for line in note.lines:
            try:
                notes.verify(Note(note.text, (line,)), [key])
            except Refused:
                continue
            return
    raise Found(
        Kind.FORGED, "What the server shows as its log is not signed with the key of this log."
    )


def _goes_on(known: Known, said: Checkpoint) -> None:
    before = known.edge.size
    if said.size < before:
        raise Found(
            Kind.ROLLED_BACK,
            f"The server showed a log of {before} entries before; now it shows {said.size},"
            " as if the rest had never been.",
        )
    if said.size == before and said.root != known.root:
        raise Found(
            Kind.SPLIT,
            f"The server has signed two different logs of {before} entries:"
            " this one is not the one that was seen here before.",
        )


def _extended(known: Known, entries: Iterable[bytes]) -> edge.Edge:
    try:
        return edge.extend(known.edge, entries)
    except Refused as refused:
        raise Found(Kind.FORGED, f"The log is longer than any log can be. {refused}") from None


def _rewritten(known: Known, said: Checkpoint) -> str:
    if not known.edge.size:
        return (
            f"The {said.size} entries that the server shows are not those that its log has signed."
        )
    return (
        f"The log of {said.size} entries does not go on from the {known.edge.size} that were seen"
        " here before: an entry was changed, dropped or put in between."
    )


def _lines(note: Note, policy: Policy) -> tuple[Signature, ...]:
    """Return whose lines stand below a checkpoint; how many witnesses it takes is not asked."""
    try:
        checkpoints.check(notes.format_note(note.text, note.lines), _unwitnessed(policy))
        return notes.verify(note, (policy.log, *policy.all_witnesses))
    except Refused as refused:
        sentence = f"The newest state of the log bears signatures that do not hold. {refused}"
        raise Found(Kind.FORGED, sentence) from None


def _unwitnessed(policy: Policy) -> Policy:
    return replace(policy, witnesses_threshold=0)


def _names_newest(said: Checkpoint, policy: Policy) -> None:
    """Source: docs/spec/log.md, 5, step 6."""
    if (said.policy_version, said.policy_hash) != (policy.version, text_hash(policy)):
        raise Found(
            Kind.FORGED,
            "The newest state of the log names other rules of the network than its newest ones,"
            f" which are version {policy.version}.",
        )
