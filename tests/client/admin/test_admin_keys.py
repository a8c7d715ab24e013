"""An admin's key file and the line that the others get."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from client import ambient
from client.errors import BadInput, NotReadable, Trouble
from client.flows import admin_keys, note_files
from crypto.encoding import b64
from crypto.public.notes import Key
from tests.crypto.networks import seed_of

PHRASE = "four words and more"


def test_P9_a_key_comes_back_with_its_passphrase_alone(tmp_path: Path) -> None:
    """The file opens under its passphrase, under no other, and is for its owner's eyes."""
    path = tmp_path / "admin.key"
    key = admin_keys.create(path, "ana", PHRASE, random=ambient.random)
    assert admin_keys.load(path, PHRASE).key == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(NotReadable, match="does not open"):
        admin_keys.load(path, PHRASE + "s")


def test_P9_what_lies_there_is_never_written_over(tmp_path: Path) -> None:
    """A second key under the same name does not take the first one's place."""
    path = tmp_path / "admin.key"
    admin_keys.create(path, "ana", PHRASE, random=ambient.random)
    before = path.read_bytes()
    with pytest.raises(BadInput, match="there already"):
        admin_keys.create(path, "ana", PHRASE, random=ambient.random)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["", "Ana", "a b", "ä", "a" * 25])
def test_P9_a_name_that_no_policy_takes_makes_no_key(tmp_path: Path, name: str) -> None:
    """Names are refused when the key is made, not when the policy is."""
    with pytest.raises(BadInput, match="name"):
        admin_keys.create(tmp_path / "admin.key", name, PHRASE, random=ambient.random)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_passphrase_makes_no_key(tmp_path: Path) -> None:
    """A key is never kept without one."""
    with pytest.raises(BadInput, match="passphrase"):
        admin_keys.create(tmp_path / "admin.key", "ana", "", random=ambient.random)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("data", [b"", b"x" * 115, b"\x01" + b"x" * 114, b"x" * 4096])
def test_another_file_is_no_key_file(tmp_path: Path, data: bytes) -> None:
    """Whatever else is named gets one sentence and no traceback."""
    path = tmp_path / "other"
    path.write_bytes(data)
    with pytest.raises(NotReadable):
        admin_keys.load(path, PHRASE)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    """Neither reading nor writing where nothing can be ends in a traceback."""
    with pytest.raises(Trouble, match="can't be read"):
        admin_keys.load(tmp_path / "none", PHRASE)
    with pytest.raises(Trouble, match="can't be written"):
        note_files.write_new(tmp_path / "none" / "file", b"x")


def test_P9_the_public_line_is_read_back_as_it_was_shown() -> None:
    """With its role in front or without, as people pass it on."""
    key = Key("ana", seed_of("ana"))
    shown = admin_keys.line(key)
    assert shown == f"admin ana {b64(key.public_key)}"
    assert admin_keys.read_lines(["", shown, f"  {shown.removeprefix('admin ')} \n"]) == (key, key)
    assert admin_keys.read_line(f"log ana {b64(key.public_key)}", "log") == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "admin",
        "admin ana",
        "admin ana key",
        "ana AAAA",
        "admin Ana " + b64(bytes(32)),
        "a b c d",
    ],
)
def test_P9_a_line_that_is_none_is_refused(text: str) -> None:
    """Half a line, another key, a name that can't be: none gets into a policy."""
    with pytest.raises(BadInput, match="admin NAME KEY"):
        admin_keys.read_line(text)


def test_a_log_line_is_no_admin_line() -> None:
    """The server's line, pasted where an admin's belongs, is noticed."""
    with pytest.raises(BadInput):
        admin_keys.read_line(f"log ana {b64(bytes(32))}", "admin")


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """Writing over leaves the new bytes and nothing beside them."""
    path = tmp_path / "note"
    note_files.write_new(path, b"old")
    note_files.write_over(path, b"new")
    assert path.read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["note"]
