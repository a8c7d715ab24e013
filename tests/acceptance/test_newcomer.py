"""Somebody new types what `./dev up` prints, in another terminal, and is answered.

What `./dev up` runs is run here in a terminal; setting up the environment is not part of it.
"""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path

from tests.acceptance.terminal import CTRL_C, CTRL_D, Terminal, terminal
from tests.server.serving import ROOT, free_port

FIVE_MINUTES_S = 300.0
_STEP_S = 120.0
_PROMPT = "new here> "
_CODE = re.compile(r"^    ((?:[0-9A-Z]{4}-){4}[0-9A-Z]{4})$", re.MULTILINE)
_COMMAND = re.compile(r"^    ((?:export|bin/towpath) .*)$", re.MULTILINE)
_RECEIPT = re.compile(r"keep:\n  ((?:[0-9A-Z]{4}-){4}[0-9A-Z]{4})\n")
_CASE = re.compile(r"^([0-9A-Z]{4,})  ", re.MULTILINE)
_TEXT = "Come at six. You decide."


def test_S1_R40_a_newcomer_is_answered_within_five_minutes(tmp_path: Path) -> None:
    """From nothing to an answer by typing what is printed; Ctrl-C then ends every process."""
    began = time.monotonic()
    words = ["-m", "client.demo_up", "--folder", str(tmp_path / "demo"), "--port", str(free_port())]
    with terminal([sys.executable, *words], cwd=ROOT) as demo:
        said = demo.until("Ctrl-C here ends the server", FIVE_MINUTES_S)
        (code,) = _CODE.findall(said)
        with terminal(["/bin/sh"], cwd=ROOT, env={"PS1": _PROMPT, "ENV": ""}) as shell:
            _type_it_all(shell, _COMMAND.findall(said), code)
        took = time.monotonic() - began
        print(f"from nothing to an answer: {took:.0f} seconds")
        assert took < FIVE_MINUTES_S

        children = _descendants(demo.process.pid)
        assert len(children) >= 2, "the server and what it began"
        demo.type(CTRL_C)
        assert demo.wait() == 130
    assert [pid for pid in children if _is_alive(pid)] == []


def _type_it_all(shell: Terminal, commands: list[str], code: str) -> None:
    """Type the printed commands one after the other, and what each of them asks for."""
    shell.until(_PROMPT, _STEP_S)
    kinds = [re.sub(r"^(export|bin/towpath(?: provider)? \S+).*", r"\1", one) for one in commands]
    assert kinds == [
        "export",
        "export",
        "bin/towpath ask",
        "bin/towpath provider sync",
        "bin/towpath provider inbox",
        "bin/towpath provider show",
        "bin/towpath provider answer",
        "bin/towpath answers",
    ]
    where, home, ask, sync, inbox, show, answer, answers = commands
    for line in (where, home):
        _run(shell, line)
    asked = _run(shell, ask, *_asked(code))
    assert _RECEIPT.search(asked), asked
    (receipt,) = _RECEIPT.findall(asked)
    assert "Delivered." in asked

    until = time.monotonic() + _STEP_S
    while "New requests: 1" not in _run(shell, sync):
        assert time.monotonic() < until
    listed = _run(shell, inbox)
    assert _CASE.search(listed), listed
    (case,) = _CASE.findall(listed)
    assert "A safe place now" in _run(shell, show.replace("CASE", case))
    typed = (f"{_TEXT}\n", CTRL_D)
    assert "sent" in _run(shell, answer.replace("CASE", case), ("", "".join(typed)))
    read = _run(shell, answers, ("The receipt:", f"{receipt}\n"), ("The word", "\n"))
    assert _TEXT in read


def _asked(code: str) -> list[tuple[str, str]]:
    """What `ask` asks for and what is typed then: the short way."""
    return [
        ("The code:", f"{code}\n"),
        ("Go on?", "y\n"),
        ("Type numbers", "1 7\n"),
        ("Type numbers", "Korean\n"),
        ("Type a number", "\n"),
        ("Type a number", "\n"),
        ("Type numbers", "1\n"),
        ("Add more", "n\n"),
        ("Type a number", "2\n"),
        ("Is there a yes", ""),
        ("Type a number", "1\n"),
    ]


def _run(shell: Terminal, line: str, *turns: tuple[str, str]) -> str:
    """Type a command, and an answer whenever its question is shown; return what was shown."""
    shell.type(f"{line}\n")
    shown = shell.until("\n", _STEP_S) + "\n"
    for question, answer in turns:
        if question:
            shown += shell.until(question, _STEP_S) + question
        else:
            time.sleep(2)
        shell.type(answer)
    return shown + shell.until(_PROMPT, _STEP_S)


def _descendants(pid: int) -> list[int]:
    """Return the ids of all processes that one began, and that those began."""
    begun: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            begun.setdefault(parent, []).append(int(entry.name))
    found = list(begun.get(pid, []))
    for one in found:
        found += begun.get(one, [])
    return found


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
