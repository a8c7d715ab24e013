"""Breaking a wall between the rooms turns ./dev check red: each is broken once, in a copy."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
OURS = ("crypto", "words", "client", "server", "migrations", "towpath")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the rooms and the rules, to be broken at will."""
    for room in OURS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def add(copy: Path, file: str, line: str) -> None:
    """Append a line to a file of the copy, making the file where there is none."""
    with (copy / file).open("a") as out:
        out.write(f"\n{line}\n")


def imports(copy: Path) -> tuple[int, str]:
    """Run import-linter on the copy: its exit code, and what it said on one line."""
    run = subprocess.run(
        [BIN / "lint-imports", "--no-cache"], cwd=copy, capture_output=True, text=True, check=False
    )
    return run.returncode, " ".join(run.stdout.split())


def lint(copy: Path) -> tuple[int, str]:
    """Run ruff on the copy: its exit code and what it said."""
    run = subprocess.run(
        [BIN / "ruff", "check", "--no-cache", "--output-format=concise", "."],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout


def test_P1_T14_unbroken_walls_are_green(copy: Path) -> None:
    """As committed, every contract is kept, so a red below comes from what the test broke."""
    code, said = imports(copy)
    assert code == 0, said


CRYPTO_ALONE = "crypto: bytes in, bytes out"
PUBLIC_HALF = "crypto: what a server may do never imports"
SERVER = "server: cannot import the half of crypto that opens"
CLIENT = "client: never imports server"
WORDS = "words: imports nothing of ours"
LAYERS = "server: routes ask services, services ask models"
NO_HTTP = "server: services and models know nothing of HTTP"
TOGETHER = "towpath: puts client and server together"


@pytest.mark.parametrize(
    ("broken", "contract"),
    [
        pytest.param({"server/__init__.py": "import crypto.client"}, SERVER, id="server opens"),
        pytest.param(
            {
                "server/__init__.py": "from server import helper",
                "server/helper.py": "from words import helper",
                "words/helper.py": "def late():\n    import crypto.client",
            },
            SERVER,
            id="server opens through helpers, inside a function",
        ),
        pytest.param({"server/__init__.py": "import client"}, SERVER, id="server uses client"),
        pytest.param(
            {"crypto/public/__init__.py": "import crypto.client"}, PUBLIC_HALF, id="public opens"
        ),
        pytest.param({"crypto/errors.py": "import crypto.client"}, PUBLIC_HALF, id="shared opens"),
        pytest.param({"crypto/stray.py": "X = 1"}, PUBLIC_HALF, id="module in neither half"),
        pytest.param({"crypto/errors.py": "import time"}, CRYPTO_ALONE, id="clock in crypto"),
        pytest.param(
            {"crypto/client/__init__.py": "from os import environ"},
            CRYPTO_ALONE,
            id="environment in crypto",
        ),
        pytest.param(
            {"crypto/public/__init__.py": "import sqlite3"}, CRYPTO_ALONE, id="database in crypto"
        ),
        pytest.param({"crypto/errors.py": "import words"}, CRYPTO_ALONE, id="words in crypto"),
        pytest.param({"client/__init__.py": "import server"}, CLIENT, id="client uses server"),
        pytest.param({"words/__init__.py": "import crypto.errors"}, WORDS, id="crypto in words"),
        pytest.param(
            {"server/models/base.py": "import server.services.codes"}, LAYERS, id="models ask back"
        ),
        pytest.param(
            {"server/services/codes.py": "import server.routes.senders"},
            LAYERS,
            id="services ask back",
        ),
        pytest.param({"server/services/codes.py": "import flask"}, NO_HTTP, id="HTTP in services"),
        pytest.param({"client/home.py": "import towpath"}, TOGETHER, id="client uses towpath"),
    ],
)
def test_P1_T14_broken_wall_is_red(copy: Path, broken: dict[str, str], contract: str) -> None:
    """An import across a wall is refused by the contract that names this wall."""
    for file, line in broken.items():
        add(copy, file, line)
    code, said = imports(copy)
    assert code == 1
    _, _, verdict = said.partition(contract)
    assert "BROKEN" in verdict.partition("KEPT")[0], said


@pytest.mark.parametrize(
    ("file", "source"),
    [
        pytest.param("client/stray.py", "import time\n\nNOW = time.time()", id="clock in client"),
        pytest.param(
            "client/stray.py", "from time import time_ns\n\nNOW = time_ns()", id="by name"
        ),
        pytest.param(
            "server/stray.py", "import datetime as d\n\nNOW = d.datetime.now(d.UTC)", id="today"
        ),
        pytest.param(
            "crypto/stray.py", "import secrets\n\nKEY = secrets.token_bytes()", id="secrets"
        ),
        pytest.param(
            "client/stray.py", "import os\n\nKEY = os.urandom(32)", id="urandom in client"
        ),
        pytest.param("words/stray.py", "from random import choice\n\nX = choice([1])", id="random"),
        pytest.param("server/stray.py", "import uuid\n\nNAME = uuid.uuid4()", id="uuid in server"),
        pytest.param(
            "crypto/client/stray.py",
            "import nacl.utils\n\nKEY = nacl.utils.random(32)",
            id="the library's own randomness",
        ),
        pytest.param(
            "server/stray.py",
            'import importlib\n\nM = importlib.import_module("crypto.client")',
            id="import that the walls cannot see",
        ),
    ],
)
def test_hidden_clock_or_randomness_is_red(copy: Path, file: str, source: str) -> None:
    """A clock, randomness or a hidden import outside its one room is refused by ruff."""
    add(copy, file, source)
    code, said = lint(copy)
    assert code == 1
    assert any(line.startswith(file) and "TID251" in line for line in said.splitlines()), said


def test_the_one_room_may_read_them(copy: Path) -> None:
    """client/ambient.py may read the clock and draw randomness."""
    ambient = copy / "client" / "ambient.py"
    ambient.write_text('"""x."""\n\nimport os\nimport time\n\nA = time.time(), os.urandom(1)\n')
    code, said = lint(copy)
    assert "client/ambient.py" not in said, (code, said)


def test_crypto_is_ours() -> None:
    """The generic name `crypto` means this checkout, not an installed package."""
    import crypto

    assert crypto.__file__ is not None
    assert Path(crypto.__file__).is_relative_to(ROOT)
