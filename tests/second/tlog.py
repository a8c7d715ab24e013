"""Asks aics-tlog, an implementation of C2SP's logs that shares no code with ours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crypto.public.note_signing import Signer
from crypto.public.policy import Policy
from tests.second.process import ROOT, Answering

INTERPRETER = ROOT / ".venv-tlog" / "bin" / "python"
MISSING = "the second implementation of the log is not installed: ./dev tlog"


class TlogRefused(Exception):
    """It refused: something does not hold."""


class Tlog(Answering):
    """One process of it; every method is one question."""

    script = Path(__file__).with_name("tlog_worker.py")
    interpreter = INTERPRETER

    def look(self, url: str, policy: Policy) -> dict[str, Any]:
        """Fetch a log's tiles over HTTP and check all of it with a policy's keys.

        Each tile and bundle against the checkpoint, each entry's inclusion, and that each smaller
        tree begins each larger one. Returns size, root, roots, entries and who cosigned.
        """
        return self._ask("look", url=f"{url}/v1/log/", **_keys(policy))

    def make(
        self,
        folder: Path,
        entries: Sequence[bytes],
        *,
        log: Signer,
        witnesses: Sequence[tuple[Signer, int]],
        lines: Sequence[str],
    ) -> dict[str, Any]:
        """Let it write a log below a folder, and its proofs and checkpoint."""
        return self._ask(
            "make",
            folder=str(folder),
            entries=[entry.hex() for entry in entries],
            log=[log.name, log.seed.hex()],
            witnesses=[[one.name, one.seed.hex(), time] for one, time in witnesses],
            lines=list(lines),
        )

    def verify(self, note: bytes, policy: Policy) -> None:
        """Let it check a checkpoint's note with a policy's keys; raises TlogRefused."""
        self._ask("verify", note=note.hex(), **_keys(policy))

    def _ask(self, op: str, **arguments: Any) -> dict[str, Any]:
        answer = self.exchange({"op": op, **arguments})
        assert "error" not in answer, answer["error"]
        if "refused" in answer:
            raise TlogRefused(answer["refused"])
        return answer


def _keys(policy: Policy) -> dict[str, Any]:
    return {
        "log": [policy.log.name, policy.log.public_key.hex()],
        "witnesses": [[key.name, key.public_key.hex()] for key in policy.witnesses],
        "quorum": policy.witnesses_threshold,
    }
