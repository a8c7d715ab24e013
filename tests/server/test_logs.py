"""What the server prints: its own sentences, and of everybody else's records no word (P5)."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys

import pytest

from server import logs
from tests.server.serving import ROOT

MARKER = "quietheron77zq"


@pytest.fixture
def stream() -> io.StringIO:
    """Where the handler prints."""
    return io.StringIO()


@pytest.fixture
def handler(stream: io.StringIO) -> logs.Handler:
    """The one handler."""
    return logs.Handler(stream)


def record(name: str, message: str, *arguments: object, created: float = 0.0) -> logging.LogRecord:
    """Make a record as a library would."""
    made = logging.LogRecord(name, logging.ERROR, "/x/app.py", 7, message, arguments, None)
    made.created = created
    return made


@pytest.mark.parametrize("name", ["server", "flask.app", "_granian", "sqlalchemy.engine", "root"])
def test_P5_T2_of_others_records_only_who_and_where_is_printed(
    handler: logs.Handler, stream: io.StringIO, name: str
) -> None:
    """Their texts hold paths, values and addresses."""
    made = record(name, f"Exception on /{MARKER} %s", MARKER)
    try:
        raise ValueError(MARKER)
    except ValueError:
        made.exc_info = sys.exc_info()
    handler.handle(made)
    assert stream.getvalue() == f"error: {name}, app:7 (ValueError)\n"


@pytest.mark.parametrize("text", ["Unexpected exit from worker-", "Worker crash loop detected"])
def test_P5_T2_what_an_operator_has_to_know_of_others_is_said_in_our_words(
    handler: logs.Handler, stream: io.StringIO, text: str
) -> None:
    """A whole sentence, and nothing of theirs."""
    handler.handle(record("_granian", f"{text}{MARKER}", MARKER))
    said = stream.getvalue()
    assert said.startswith("error: ")
    assert said.endswith(".\n")
    assert text not in said
    assert MARKER not in said


def test_P5_T2_of_our_own_the_sentence_without_its_arguments(
    handler: logs.Handler, stream: io.StringIO
) -> None:
    """What is put into a sentence is not printed either."""
    handler.handle(record(logs.OURS, "Arrivals did not join: %s", MARKER))
    assert stream.getvalue() == "error: Arrivals did not join: %s\n"


def test_P5_R4_the_same_line_is_printed_once_a_day(
    handler: logs.Handler, stream: io.StringIO
) -> None:
    """So that the times that a journal adds say little; and no line has one of its own."""
    for second in (0, 1, 86_399, 86_400, 86_401):
        handler.handle(record(logs.OURS, "The same.", created=float(second)))
    assert stream.getvalue() == "error: The same.\n" * 2


def test_nobody_who_listens_is_no_trouble() -> None:
    """A closed terminal does not stop a server."""
    closed = io.StringIO()
    closed.close()
    logs.Handler(closed).handle(record(logs.OURS, "Something."))


def test_P5_T2_whatever_goes_wrong_where_nobody_looks_is_told_by_its_class() -> None:
    """Threads, destructors, warnings, libraries that log, and the program's own end."""
    script = f"""
import logging, threading, warnings
logging.getLogger("early").addHandler(logging.StreamHandler())
from server import logs
logs.set_up()
def fail(): raise ValueError("{MARKER}")
thread = threading.Thread(target=fail); thread.start(); thread.join()
class Late:
    def __del__(self): raise KeyError("{MARKER}")
late = Late(); del late
warnings.warn("{MARKER}")
logging.getLogger("early").error("{MARKER}")
logging.getLogger("quiet").info("{MARKER}")
raise OSError("{MARKER}")
"""
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert run.returncode == 1
    assert MARKER not in run.stdout + run.stderr
    for kind in ("ValueError", "KeyError", "OSError"):
        assert f"({kind})" in run.stderr
    assert "py.warnings" in run.stderr
    assert "early" in run.stderr
