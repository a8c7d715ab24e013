"""What is installed, and against what it is held."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAME, VERSION = "lockedthing", "1.0"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy ./dev and what it needs; no lock file asks for anything."""
    place = tmp_path / "checkout"
    shutil.copytree(ROOT / "third_party", place / "third_party")
    shutil.copytree(ROOT / "tools", place / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    (place / "requirements").mkdir()
    for lock in (ROOT / "requirements").iterdir():
        (place / "requirements" / lock.name).write_text("")
    for one in ("dev", "pyproject.toml"):
        shutil.copy2(ROOT / one, place)
    return place


def digest(text: str) -> str:
    """The hash of a file as a wheel's list of files writes it."""
    hashed = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(hashed).decode().rstrip("=")


def wheel(place: Path, says: str) -> bytes:
    """Make a package of one module in a folder; return its bytes."""
    path = place / f"{NAME}-{VERSION}-py3-none-any.whl"
    files = {
        f"{NAME}.py": f"SAYS = {says!r}\n",
        f"{NAME}-{VERSION}.dist-info/METADATA": (
            f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\n"
        ),
        f"{NAME}-{VERSION}.dist-info/WHEEL": (
            "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        ),
    }
    record = f"{NAME}-{VERSION}.dist-info/RECORD"
    rows = [f"{name},sha256={digest(text)},{len(text)}" for name, text in files.items()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**files, record: "\n".join([*rows, f"{record},,", ""])}.items():
            archive.writestr(name, text)
    return path.read_bytes()


def set_up(checkout: Path, packages: Path) -> subprocess.CompletedProcess[str]:
    """Make the second environment from the packages in a folder, without any index."""
    env = {
        "PATH": os.environ["PATH"],
        "TOWPATH_PYTHON": sys.executable,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(packages),
        "PIP_CONFIG_FILE": os.devnull,
    }
    return subprocess.run(
        ["./dev", "second"],
        cwd=checkout,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def installed(checkout: Path) -> list[Path]:
    """Where the package was put, if it was."""
    return list((checkout / ".venv-second").rglob(f"{NAME}.py"))


def lock(checkout: Path, sha256: str) -> None:
    """Ask for the package with a hash."""
    line = f"{NAME}=={VERSION} --hash=sha256:{sha256}\n" if sha256 else f"{NAME}=={VERSION}\n"
    (checkout / "requirements" / "second.txt").write_text(line)


def test_T52_a_package_with_other_bytes_than_the_locked_ones_is_not_installed(
    checkout: Path, tmp_path: Path
) -> None:
    """The locked bytes are installed; with others nothing is, and one sentence says so."""
    lock(checkout, hashlib.sha256(wheel(tmp_path, "honest")).hexdigest())
    run = set_up(checkout, tmp_path)
    assert run.returncode == 0, run.stderr
    assert [path.read_text() for path in installed(checkout)] == ["SAYS = 'honest'\n"]

    wheel(tmp_path, "hostile")
    shutil.rmtree(checkout / ".venv-second")
    run = set_up(checkout, tmp_path)
    assert run.returncode == 1
    assert len(run.stderr.splitlines()) == 1
    assert "A package is not the one locked in requirements/second.txt" in run.stderr
    assert not installed(checkout)


def test_T52_a_package_without_a_hash_is_not_installed(checkout: Path, tmp_path: Path) -> None:
    """A lock file that forgets the hash of one package stops the run, too."""
    wheel(tmp_path, "unlocked")
    lock(checkout, "")
    run = set_up(checkout, tmp_path)
    assert run.returncode == 1
    assert len(run.stderr.splitlines()) == 1
    assert not installed(checkout)


@pytest.mark.parametrize("name", ["run", "dev", "second", "tlog", "lock"])
def test_T52_every_locked_package_has_its_version_and_hash(name: str) -> None:
    """No line of a lock file leaves open which bytes are meant."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text().replace("\\\n", " ")
    packages = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert packages
    for line in packages:
        assert re.fullmatch(r"[\w.-]+==[\w.]+( ; .+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", line), (
            line
        )


# The primitives of conventions.md, section 4, and a file of tests against official vectors each.
HELD = {
    "HPKE Base mode": "test_hpke_xwing.py",
    "XChaCha20-Poly1305": "test_symmetric.py",
    "Ed25519": "test_ed25519.py",
    "HKDF-SHA256": "test_symmetric.py",
    "PBKDF2-HMAC-SHA256": "test_symmetric.py",
    "Argon2id": "test_argon2id.py",
    "VOPRF": "test_voprf.py",
}
OF_THE_LANGUAGE = {"SHA-256", "SHAKE256"}  # hashlib; the vectors above run through both


def test_T53_every_primitive_of_the_suite_is_held_against_official_vectors() -> None:
    """A primitive that is added to the table needs its vectors, and each file has tests of T53."""
    page = (ROOT / "docs" / "spec" / "conventions.md").read_text(encoding="utf-8")
    rows = page.split("\n## 4.")[1].split("\n## ")[0].splitlines()
    cells = [line.split("|")[2].strip() for line in rows if line.startswith("|")][2:]
    assert len(cells) == len(HELD) + len(OF_THE_LANGUAGE)
    for cell in cells:
        names = [name for name in (*HELD, *OF_THE_LANGUAGE) if cell.startswith(name)]
        assert len(names) == 1, cell
    for file in HELD.values():
        source = (ROOT / "tests" / "official" / file).read_text(encoding="utf-8")
        assert re.search(r"^def test_(\w+_)?T53_", source, re.MULTILINE), file
