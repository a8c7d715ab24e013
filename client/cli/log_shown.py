"""A log as people read it: what is listed, what is suspended, who confirmed it, what is wrong."""

from __future__ import annotations

from pathlib import Path

from client.cli.common import network_id_text, note, paragraph, tell
from client.flows import log_findings
from client.flows.audit import Held
from client.flows.days import day, epoch_at
from client.flows.log_findings import Finding
from crypto.encoding import b64
from crypto.public.notes import Signature
from crypto.public.statements import Kind, Statement


def note_finding(finding: Finding, evidence: Path | None) -> None:
    """Print what is wrong, what it can mean, and what to do next; to the error output."""
    note(f"THE LOG IS NOT AS IT MUST BE ({finding.kind.value}).")
    paragraph(finding.sentence)
    paragraph(finding.means)
    if evidence is not None:
        paragraph("What shows it was kept in a file; it is not secret, and anybody can check it:")
        note(f"  towpath verify-log --evidence {evidence}")
    paragraph(log_findings.NEXT)


def finding_json(finding: Finding, evidence: Path | None) -> dict[str, object]:
    """Return a finding as --json has it."""
    return {
        "holds": False,
        "found": finding.kind.value,
        "sentence": finding.sentence,
        "means": finding.means,
        "next": log_findings.NEXT,
        "entry": finding.entry,
        "evidence": None if evidence is None else str(evidence),
    }


def tell_held(held: Held, today: int) -> None:
    """Print what a log says that holds."""
    said, known = held.checkpoint, held.known
    tell(f"The log holds: {said.size} entries, from the network's first rules to now.")
    tell(f"  Network: {network_id_text(known.network_id)}")
    tell(f"  Rules: version {held.policy.version}, until {day(held.policy.until)}")
    if held.policy.until < today:
        tell("  These rules have passed their last day: people's pages refuse this network.")
    tell(f"  {_confirmed(held)}")
    listed = [one for one in _last(held) if is_listed(one, today)]
    tell(f"Listed: {len(listed) or 'nobody'}")
    for one in listed:
        tell(f"  {one.name} (until {day(one.until)}, listing {one.serial})")
    stopped = [one for one in _last(held) if one.kind is Kind.SUSPENDED]
    if stopped:
        tell(f"Suspended: {len(stopped)}")
        for one in stopped:
            tell(f"  {one.name} (on {day(one.first)} or before)")
    over = [one for one in _last(held) if one.kind is Kind.VETTED and one.until < today]
    if over:
        tell(f"No longer listed, since the last day of their listing has passed: {len(over)}")
        for one in over:
            tell(f"  {one.name} (until {day(one.until)})")


def held_json(held: Held, today: int) -> dict[str, object]:
    """Return a log that holds as --json has it."""
    said = held.checkpoint
    return {
        "holds": True,
        "network_id": network_id_text(held.known.network_id),
        "entries": said.size,
        "root": b64(said.root),
        "policy": {"version": held.policy.version, "until": held.policy.until},
        "witnesses_needed": held.policy.witnesses_threshold,
        "confirmed": [
            {"name": one.key.name, "day": epoch_at(one.time or 0)} for one in _current(held)
        ],
        "organisations": [
            {
                "key": b64(one.organisation),
                "name": one.name,
                "state": _state(one, today),
                "serial": one.serial,
                "from": one.first,
                "until": one.until,
            }
            for one in _last(held)
        ],
        "suspensions": [
            {"start": b64(one.start), "below": one.serial} for one in held.suspensions.ended
        ],
        "token_periods": sorted(held.known.periods),
        "weekly_keys": held.known.weekly_keys,
    }


def is_listed(last: Statement, today: int) -> bool:
    """Say whether the last that was said of an organisation lists it at an epoch."""
    return last.kind is Kind.VETTED and last.first <= today <= last.until


def _state(last: Statement, today: int) -> str:
    if last.kind is Kind.SUSPENDED:
        return "suspended"
    return "listed" if is_listed(last, today) else "not listed"


def _last(held: Held) -> list[Statement]:
    found = [statements[-1] for statements in held.known.statements.values()]
    return sorted(found, key=lambda one: (one.name, one.organisation))


def _current(held: Held) -> list[Signature]:
    current = [one for one in held.cosigned if one.key in held.policy.witnesses]
    return sorted(current, key=lambda one: one.key.name)


def _confirmed(held: Held) -> str:
    needed, there = held.policy.witnesses_threshold, len(held.policy.witnesses)
    if needed == 0:
        return "Nobody outside the server has to confirm this log; what you see here is your own."
    names = ", ".join(f"{one.key.name} ({day(epoch_at(one.time or 0))})" for one in _current(held))
    return f"Confirmed by {names or 'nobody yet'}; {needed} of {there} witnesses must."
