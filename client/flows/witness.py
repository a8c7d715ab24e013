"""A witness: looks at a log, writes down what it saw, and only then cosigns it.

Source: docs/spec/log.md, 5.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from client.api_log import Cosigned, LogApi
from client.errors import FirstDo, NotReadable, ServerProblem, Unreachable
from client.flows import audit as auditing
from client.flows import log_evidence, log_fetch, log_folder, note_files, witness_key
from client.flows.audit import Held, Shown
from client.flows.days import epoch_at
from client.flows.log_evidence import Evidence
from client.flows.log_findings import Finding
from client.flows.log_folder import LogFolder, Rows, State
from client.flows.log_known import Known
from crypto.encoding import Random
from crypto.public import note_signing
from crypto.public.note_signing import Signer
from crypto.public.notes import Key, SignatureLine

KEY, _SETTINGS, _EVIDENCE = "key", "witness.json", "evidence"
_VERSION = 1
_TRIES = 3
_EVIDENCE_MOST = 9
_AHEAD_S = 600
"""So far ahead of the witness's clock a server's may be when it lets go of a line at midnight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A witness: the log as it has followed it, at which server, and under which name."""

    folder: LogFolder
    server: str
    name: str

    @property
    def key_file(self) -> Path:
        """Where its key lies."""
        return self.folder.path / KEY


@dataclass(frozen=True, slots=True)
class Signed:
    """A log that holds, cosigned: what is known of it, and what became of the cosignature."""

    held: Held
    cosigned: Cosigned


@dataclass(frozen=True, slots=True)
class NotNamed:
    """A log that holds, and whose newest rules do not name this witness: nothing was signed."""

    held: Held


@dataclass(frozen=True, slots=True)
class Lie:
    """A log that is not as it must be: what was found, and the file that shows it."""

    finding: Finding
    evidence: Path


Outcome = Signed | NotNamed | Lie


def init(
    path: Path, *, network_id: bytes, server: str, name: str, phrase: str | None, random: Random
) -> Key:
    """Make a witness's folder and key (bare where `phrase` is None), and return its public half.

    Raises BadInput and Trouble in plain words.
    """
    log_folder.begin(path, network_id)
    key = witness_key.create(path / KEY, name, phrase, random=random)
    said = {"version": _VERSION, "server": server, "name": name}
    note_files.write_new(path / _SETTINGS, json.dumps(said, indent=1).encode() + b"\n")
    return key


def load(path: Path) -> Witness:
    """Open a witness's folder; raises FirstDo where there is none, NotReadable, Trouble."""
    file = path / _SETTINGS
    if not file.exists():
        raise FirstDo(f"{path} is not a witness's folder.", "`towpath witness init` makes one.")
    folder = log_folder.open_(path)
    try:
        said = json.loads(note_files.read(file))
        if said["version"] != _VERSION:
            raise ValueError
        return Witness(folder=folder, server=str(said["server"]), name=str(said["name"]))
    except (ValueError, KeyError, TypeError):
        raise NotReadable(f"{file} can't be read.", "It was written by another version.") from None


def evidence_of(witness: Witness) -> list[Path]:
    """Return the files that show that the log was not as it must be, the oldest first."""
    return sorted((witness.folder.path / _EVIDENCE).glob("*.json"))


def run(witness: Witness, signer: Signer, api: LogApi, *, now: Callable[[], int]) -> Outcome:
    """Look at the log once, and cosign what holds; `now` is the witness's clock in seconds.

    Raises Unreachable, ServerProblem, NotReadable and Trouble; then nothing was handed in.
    """
    with witness.folder.locked():
        for _ in range(_TRIES):
            outcome = _look(witness, api, now())
            if isinstance(outcome, Lie):
                return outcome
            if signer.witness_key not in outcome.policy.witnesses:
                return NotNamed(outcome)
            try:
                return Signed(outcome, api.cosign(_line(outcome, signer, now())))
            except ServerProblem as problem:
                if problem.kind == "malformed":
                    raise _wrong_clock() from None
                if problem.kind != "stale":
                    raise
    raise Unreachable(
        "The log changed each time while it was looked at.", "Nothing is wrong: try again."
    )


def _look(witness: Witness, api: LogApi, now: int) -> Held | Lie:
    """Look once; what holds lies on the disk when this returns."""
    folder = witness.folder
    known = folder.known()
    shown = log_fetch.pending(api, known.edge.size)
    outcome = auditing.audit(known, shown, day := epoch_at(now + _AHEAD_S))
    if isinstance(outcome, Finding):
        return Lie(outcome, keep_evidence(folder, known, shown, outcome, day))
    accept(folder, outcome, shown)
    return outcome


def accept(folder: LogFolder, held: Held, shown: Shown) -> None:
    """Write down what was shown and holds, to the disk; raises Trouble."""
    folder.accept(
        Rows(shown.entries, shown.proofs),
        State(edge=held.known.edge, checkpoint=shown.checkpoint, suspensions=shown.suspensions),
    )


def keep_evidence(
    folder: LogFolder, known: Known, shown: Shown, finding: Finding, day: int
) -> Path:
    """Write what was found into a file that anybody can check; return where it lies."""
    rows = folder.rows(known.edge.size)
    evidence = Evidence(
        network_id=folder.network_id,
        day=day,
        checkpoint=folder.state().checkpoint,
        entries=rows.entries,
        proofs=rows.proofs,
        shown=shown,
    )
    data = log_evidence.encode(evidence, finding)
    name = f"{day}-{finding.kind.value.replace(' ', '-')}"
    place = folder.path / _EVIDENCE
    for number in range(1, _EVIDENCE_MOST + 1):  # of a day: a disk has an end
        file = place / f"{name}-{number}.json"
        if not file.exists():
            log_folder.replace(file, data)
            break
        if file.read_bytes() == data:  # what is found each hour is kept once
            break
    return file


def _line(held: Held, signer: Signer, now: int) -> SignatureLine:
    return note_signing.cosign(held.text, signer.name, signer.seed, now)


def _wrong_clock() -> FirstDo:
    return FirstDo(
        "The server did not take this cosignature: most likely this machine's clock is wrong.",
        "Set its date and time, then run this again. If they are right, the server's are wrong:"
        " tell who runs it.",
    )
