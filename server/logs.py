"""What the server prints while it runs, and nothing of any request.

Every record goes through one handler. Of our own logger it prints the sentence as it stands in the
code; of everybody else's (Flask, SQLAlchemy, the HTTP server) only who, where and the class of the
exception, since their texts hold paths, parameters and addresses (P5); for what an operator has to
know of them there are sentences of our own. No line has a time; the same line is printed once a
day, so that a journal's own times say little.
"""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType
from typing import TextIO

OURS = "towpath"
_KIND = "kind"
_SECONDS_A_DAY = 86_400
# How a library's text begins, and what is said in its place.
_IN_OUR_WORDS = {
    ("_granian", "Unexpected exit from worker-"): (
        "A process that answers requests ended by itself; another takes its place."
    ),
    ("_granian", "Worker crash loop detected"): (
        "Processes that answer requests end as soon as they begin, so the server ends."
    ),
}

log = logging.getLogger(OURS)


class Handler(logging.Handler):
    """Prints one short line for a record, each once a day."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._day = 0
        self._printed: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Print the record's line, where it was not printed today."""
        day = int(record.created) // _SECONDS_A_DAY
        if day != self._day:
            self._day, self._printed = day, set()
        line = line_of(record)
        if line in self._printed:
            return
        self._printed.add(line)
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            # Nobody listens any more; the server goes on.
            return


def line_of(record: logging.LogRecord) -> str:
    """Return what may be said of a record: its sentence if it is ours, never its arguments."""
    kind = record.exc_info[0] if record.exc_info else getattr(record, _KIND, None)
    trouble = f" ({kind.__name__})" if kind else ""
    if record.name == OURS:
        return f"{record.levelname.lower()}: {record.msg}{trouble}"
    for (name, beginning), sentence in _IN_OUR_WORDS.items():
        if record.name == name and str(record.msg).startswith(beginning):
            return f"{record.levelname.lower()}: {sentence}"
    return f"{record.levelname.lower()}: {record.name}, {record.module}:{record.lineno}{trouble}"


def set_up(stream: TextIO | None = None) -> None:
    """Send every log record, warning and uncaught exception through the one handler."""
    root = logging.getLogger()
    root.handlers[:] = [Handler(stream or sys.stderr)]
    root.setLevel(logging.WARNING)
    log.setLevel(logging.INFO)
    for name in [*logging.root.manager.loggerDict]:
        other = logging.getLogger(name)
        other.handlers.clear()
        other.propagate = True
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda caught: _tell(caught.exc_type)
    sys.unraisablehook = lambda caught: _tell(caught.exc_type)


def _uncaught(
    kind: type[BaseException], _value: BaseException, _trace: TracebackType | None
) -> None:
    _tell(kind)


def _tell(kind: type[BaseException] | None) -> None:
    if kind is not None and not issubclass(kind, KeyboardInterrupt | SystemExit):
        log.error("Something that nobody expected went wrong.", extra={_KIND: kind})
