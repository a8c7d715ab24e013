"""What somebody knows who has followed a log, and what each next entry must be.

Source: docs/spec/log.md, 5, step 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from client.flows.log_findings import Found, Kind
from crypto.encoding import text
from crypto.errors import Refused
from crypto.public import (
    edge,
    log,
    log_entries,
    notes,
    organisation_keys,
    policy_chain,
    statements,
)
from crypto.public.edge import Edge
from crypto.public.log_entries import ProfileEntry, TokenKeyEntry, WeeklyKeyEntry
from crypto.public.policy import Policy
from crypto.public.profile import profile_hash
from crypto.public.statements import Statement

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A log as far as it was followed; `statements` are those of each organisation, in order.

    `policy` is the newest one, `periods` have an issuing key each, `weekly_keys` counts those of
    all organisations, and `profile` is one that waits for the statement that names it.
    """

    network_id: bytes
    edge: Edge = edge.EMPTY
    policy: Policy | None = None
    statements: Mapping[bytes, tuple[Statement, ...]] = field(default_factory=dict, repr=False)
    periods: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    weekly_keys: int = 0
    profile: ProfileEntry | None = None

    @property
    def root(self) -> bytes:
        """The root hash (32 bytes) of the tree."""
        return edge.root(self.edge)


def follow(known: Known, entries: Iterable[bytes], proofs: Iterable[bytes] | None) -> Known:
    """Take further entries, each with what shows that it was signed; raises Found.

    Without `proofs` the entries are one's own copy, of which every signature was checked before.
    """
    run = _Run(known, checked=proofs is None)
    if proofs is None:
        for entry in entries:
            run.take(entry, b"")
    else:
        for entry, proof in zip(entries, proofs, strict=True):
            run.take(entry, proof)
    return run.known()


class _Run:
    """One way through a run of entries; its dictionaries are its own until it is over."""

    __slots__ = ("_checked", "_edge", "_known", "_of", "_periods")

    def __init__(self, known: Known, *, checked: bool) -> None:
        self._known = known
        self._checked = checked
        self._edge = known.edge
        self._of = dict(known.statements)
        self._periods = dict(known.periods)

    def known(self) -> Known:
        return replace(self._known, edge=self._edge, statements=self._of, periods=self._periods)

    def take(self, entry: bytes, proof: bytes) -> None:
        try:
            found = log_entries.parse(entry)
            self._take(found, text(entry), proof)
            self._edge = edge.append(self._edge, log.leaf_hash(entry))
        except Refused as refused:
            raise self._forged("is none that this network's log can have", str(refused)) from None

    def _take(self, found: log_entries.Entry, body: str, proof: bytes) -> None:
        waiting = self._known.profile
        if waiting is not None and not isinstance(found, Statement):
            raise self._forged("follows a profile, and is not the listing that names it")
        match found:
            case Policy():
                self._policy(found, body, proof)
            case Statement():
                self._statement(found, body, proof)
            case ProfileEntry():
                self._same_network(found.network_id)
                self._known = replace(self._known, profile=found)
            case WeeklyKeyEntry():
                self._weekly_key(found, proof)
            case TokenKeyEntry():
                self._token_key(found)

    def _policy(self, found: Policy, body: str, proof: bytes) -> None:
        current = self._known.policy
        if self._checked:
            self._known = replace(self._known, policy=found)
            return
        self._same_text(proof, body)
        said = self._or_forged(
            lambda: (
                policy_chain.accept_first(proof, self._known.network_id)
                if current is None
                else policy_chain.accept_next(current, proof)
            ),
            "says which rules the network has, and its admins have not signed it as they must",
        )
        self._known = replace(self._known, policy=said)

    def _statement(self, found: Statement, body: str, proof: bytes) -> None:
        policy = self._rules(found.network_id)
        before = self._of.get(found.organisation, ())
        if not self._checked:
            self._same_text(proof, body)
            self._or_forged(
                lambda: statements.check(proof, policy, found.first),
                f"says that {quoted(found)} is {found.kind.value}, and too few admins signed it",
            )
        if before and found.serial <= before[-1].serial:
            raise self._forged(f"is an older listing of {quoted(found)}, put behind a newer one")
        self._profile_of(found, before)
        self._of[found.organisation] = (*before, found)

    def _profile_of(self, found: Statement, before: Iterable[Statement]) -> None:
        """Ask for the profile right before the first statement that names it."""
        waiting = self._known.profile
        is_first = all(one.profile != found.profile for one in before)
        fits = (
            waiting is not None
            and waiting.organisation == found.organisation
            and profile_hash(waiting.profile) == found.profile
        )
        if is_first != (waiting is not None) or (is_first and not fits):
            raise self._forged(f"says of {quoted(found)} what its profile in the log does not say")
        self._known = replace(self._known, profile=None)

    def _weekly_key(self, found: WeeklyKeyEntry, proof: bytes) -> None:
        self._same_network(found.network_id)
        listed = self.vetted(found.organisation)
        if listed is None:
            raise self._forged("is a key of an organisation that nobody has vetted")
        if not self._checked:
            if log_entries.hash_of_weekly_key(proof) != found.key:
                raise self._forged("names another key than the one that is shown for it")
            key = self._or_forged(
                lambda: organisation_keys.check_weekly_key(proof, listed, found.first),
                f"is a key of {quoted(listed)} that this organisation has not signed",
            )
            if key.first != found.first:
                raise self._forged("names another week than the key that is shown for it")
        self._known = replace(self._known, weekly_keys=self._known.weekly_keys + 1)

    def _token_key(self, found: TokenKeyEntry) -> None:
        self._rules(found.network_id)
        if found.period in self._periods:
            raise self._forged("is a second issuing key of one period: organisations would differ")
        self._periods[found.period] = found.key

    def vetted(self, organisation: bytes) -> Statement | None:
        """Return the last statement that vetted an organisation."""
        said = [one for one in self._of.get(organisation, ()) if one.kind is statements.Kind.VETTED]
        return said[-1] if said else None

    def _rules(self, network_id: bytes) -> Policy:
        self._same_network(network_id)
        if self._known.policy is None:
            raise self._forged("stands before the network's first rules")
        return self._known.policy

    def _same_network(self, network_id: bytes) -> None:
        if network_id != self._known.network_id:
            raise self._forged("is of another network")

    def _same_text(self, proof: bytes, body: str) -> None:
        if notes.parse(proof).text != body:
            raise self._forged("says otherwise than what was signed for it")

    def _or_forged(self, work: Callable[[], _T], what: str) -> _T:
        try:
            return work()
        except Refused as refused:
            raise self._forged(what, str(refused)) from None

    def _forged(self, what: str, why: str = "") -> Found:
        number = self._edge.size
        sentence = f"Entry {number} of the log {what}. {why}".rstrip()
        return Found(Kind.FORGED, sentence, number)


def quoted(said: Statement) -> str:
    """Return an organisation's name as sentences have it."""
    return f"\u201c{said.name}\u201d"
