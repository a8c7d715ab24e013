"""A witness in a process of its own, killed for good at a step of its own choosing.

    python -m tests.client.log.witness_worker FOLDER [STEP]

It tells each cosignature on its output before it is sent: the tree's size and root. At the STEP-th
time that it opens a file to write or a connection, renames or removes something, it is killed (-9).
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from client import ambient
from client.api import Api
from client.api_log import Cosigned, LogApi
from client.flows import witness, witness_key
from client.http import Http
from crypto.public import notes
from crypto.public.notes import SignatureLine

_STEPS = frozenset({"os.rename", "os.remove", "socket.connect"})
_WRITING = os.O_WRONLY | os.O_RDWR


class Telling(LogApi):
    """The calls about a log; what is signed is told before it is sent."""

    def pending(self) -> bytes:
        """Return the pending checkpoint, and remember what it says."""
        note = super().pending()
        self.text = notes.parse(note).text
        return note

    def cosign(self, line: SignatureLine) -> Cosigned:
        """Tell, then hand in."""
        _, size, root, *_ = self.text.split("\n")
        os.write(1, f"{size} {root}\n".encode())
        return super().cosign(line)


def main(folder: Path, step: int) -> None:
    """Look once."""
    found = witness.load(folder)
    signer = witness_key.load(found.key_file, "")
    api = Telling(Api(Http(found.server, proxy=None, random=ambient.random)))
    left = step

    def stop(event: str, said: tuple[object, ...]) -> None:
        nonlocal left
        opens = event == "open" and isinstance(said[2], int) and said[2] & _WRITING
        if event in _STEPS or opens:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    if step:
        sys.addaudithook(stop)
    outcome = witness.run(found, signer, api, now=ambient.now)
    os.write(1, f"{type(outcome).__name__}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
