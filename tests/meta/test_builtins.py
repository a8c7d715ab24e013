"""No built-in function goes round the walls between the rooms."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import check_builtins


def test_P1_nothing_goes_round_the_walls() -> None:
    """The rooms as they are use no built-in that imports, runs text or opens files unseen."""
    assert list(check_builtins.found(check_builtins.ROOT)) == []


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("server", "opener = __import__('crypto.client')"),
        ("server", "exec('from crypto.client import envelope')"),
        ("client", "eval('1')"),
        ("crypto", "uptime = open('/proc/uptime')"),
        ("crypto", "print('a secret')"),
        ("words", "__builtins__['__import__']('crypto')"),
    ],
)
def test_P1_a_planted_way_round_is_found(tmp_path: Path, room: str, line: str) -> None:
    """Each of these, alone in a room, is named with its file and line."""
    module = tmp_path / room / "planted.py"
    module.parent.mkdir()
    module.write_text(f"'''Planted.'''\n\n{line}\n", encoding="utf-8")
    (found,) = set(check_builtins.found(tmp_path))
    assert found.startswith(f"{room}/planted.py:3:")
