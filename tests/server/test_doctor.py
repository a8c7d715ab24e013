"""`towpath server doctor`: what of a machine or its settings weakens a promise, and only that."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import migrations
from server import commands_look, doctor_database
from server.db import Database
from server.doctor import Finding, Machine, examine
from server.doctor_database import _library as library
from server.founding import folders
from server.settings import Settings
from tests.server import postgres
from words import banned

KEPT = "P10"
ENDS = "P7"
DEPLOY = Path(__file__).parents[2] / "deploy"


@dataclass(frozen=True)
class Told(Machine):
    """A machine of which the test says what it says of itself."""

    clock: bool = True

    def clock_is_kept(self) -> bool:
        """Say whether its clock is kept right."""
        return self.clock


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A server's folder, with three disks beside it."""
    (tmp_path / "server.toml").touch(0o600)
    for name in ("data", "keys", "copy"):
        (tmp_path / name).mkdir(mode=0o700)
    (tmp_path / "data" / "towpath.sqlite").touch(0o600)
    tmp_path.chmod(0o700)
    return tmp_path


@pytest.fixture
def settings(folder: Path) -> Settings:
    """Settings with a keyring and its copy."""
    return Settings(
        database=f"sqlite:///{folder / 'data' / 'towpath.sqlite'}",
        keyring=folder / "keys",
        keyring_copy=folder / "copy",
    )


def machine(folder: Path, disks: dict[str, str] | None = None, **said: str) -> Told:
    """Make a machine whose kernel says this; `disks` are file system types of folders."""
    proc = folder / "proc"
    mounts = ["21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw"]
    for number, (name, kind) in enumerate((disks or {}).items()):
        place = str(folder / name).replace(" ", "\\040")
        kind, _, options = kind.partition(",")
        mounts.append(f"3{number} 21 8:2 / {place} rw - {kind} none rw,{options or 'x'}")
    texts = {
        "self/mountinfo": "\n".join(mounts),
        "swaps": "Filename\tType\tSize\tUsed\tPriority\n" + said.get("swaps", ""),
        "sys/kernel/core_pattern": said.get("core", "core"),
    }
    for name, text in texts.items():
        file = proc / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n")
    return Told(proc)


def promises(found: list[Finding]) -> list[str]:
    """The promises that are weakened, one for each finding."""
    return [one.promise for one in found if one.promise]


ONE_DISK = [KEPT, ENDS]  # what the disk of these tests weakens: all folders lie on one


def test_a_sound_machine_has_only_the_one_disk_of_this_test(
    settings: Settings, folder: Path
) -> None:
    """Everything else is well."""
    found = examine(settings, folder, machine(folder))
    assert promises(found) == ONE_DISK
    assert "one disk" in found[0].what
    assert "one disk" in found[1].what


def test_P10_without_a_second_folder_of_keys_it_is_told(settings: Settings, folder: Path) -> None:
    """With how to get one."""
    alone = replace(settings, keyring_copy=None)
    (first, *_) = examine(alone, folder, machine(folder))
    assert first.promise == KEPT
    assert "keyring_copy" in first.what


def test_keys_on_other_disks_are_well(settings: Settings, folder: Path) -> None:
    """A database elsewhere, as PostgreSQL's, is on no disk of this machine."""
    elsewhere = replace(settings, database="postgresql+psycopg://db/towpath", keyring_copy=None)
    assert promises(examine(elsewhere, folder, machine(folder))) == [KEPT]


@pytest.mark.parametrize("place", ["keys", "copy"])
@pytest.mark.parametrize(
    "kind", ["btrfs", "zfs", "bcachefs", "nilfs2", "f2fs", "overlay", "ext4,data=journal"]
)
def test_P7_T27_a_disk_that_keeps_old_bytes_is_no_place_for_keys(
    settings: Settings, folder: Path, place: str, kind: str
) -> None:
    """Copy on write, layers, and a journal of data: the overwritten key may be there still."""
    found = examine(settings, folder, machine(folder, {place: kind}))
    assert ENDS in promises([one for one in found if str(folder / place) in one.what])


@pytest.mark.parametrize("place", ["keys", "data"])
@pytest.mark.parametrize("kind", ["tmpfs", "ramfs", "overlay"])
def test_P10_what_ends_with_the_power_or_the_container_is_told(
    settings: Settings, folder: Path, place: str, kind: str
) -> None:
    """For keys and for the database alike."""
    found = examine(settings, folder, machine(folder, {place: kind}))
    assert KEPT in promises([one for one in found if str(folder / place) in one.what])


@pytest.mark.parametrize("place", ["keys", "data"])
@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p", "fuse.sshfs", "ceph"])
def test_P10_a_disk_beyond_the_machine_is_told(
    settings: Settings, folder: Path, place: str, kind: str
) -> None:
    """What is told stored may not be."""
    found = examine(settings, folder, machine(folder, {place: kind}))
    mine = promises([one for one in found if str(folder / place) in one.what])
    assert KEPT in mine
    assert (ENDS in mine) == (place == "keys")


def test_the_innermost_disk_counts(settings: Settings, folder: Path) -> None:
    """A folder's own disk, not the one that it is mounted on; names with spaces too."""
    spaced = folder / "my keys"
    spaced.mkdir(mode=0o700)
    chosen = replace(settings, keyring=spaced)
    sound = machine(folder, {".": "btrfs", "my keys": "ext4", "copy": "xfs"})
    assert ENDS not in promises([o for o in examine(chosen, folder, sound) if "btrfs" in o.what])
    other = machine(folder, {"my keys": "btrfs"})
    assert any(str(spaced) in one.what for one in examine(chosen, folder, other))


@pytest.mark.parametrize("name", [".", "server.toml", "data", "keys", "copy", "keys/k"])
@pytest.mark.parametrize("mode", [0o040, 0o004, 0o002])
def test_P7_open_permissions_are_told(
    settings: Settings, folder: Path, name: str, mode: int
) -> None:
    """Of each folder and each file in it."""
    path = folder / name
    path.touch(0o600)
    path.chmod(path.stat().st_mode | mode)
    found = [one for one in examine(settings, folder, machine(folder)) if "open to" in one.what]
    assert promises(found) == [ENDS]
    assert found[0].do == f"chmod go= {path}"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])  # noqa: S104
def test_P5_listening_to_the_network_is_told(settings: Settings, folder: Path, host: str) -> None:
    """There is no TLS in the server itself."""
    assert "P5" in promises(examine(replace(settings, host=host), folder, machine(folder)))


def test_P7_swap_is_told_and_compressed_memory_is_not(settings: Settings, folder: Path) -> None:
    """Keys can lie in the one and not in the other."""
    disk = machine(folder, swaps="/dev/sda2 partition 1000 0 -2")
    assert promises(examine(settings, folder, disk)) == [*ONE_DISK, ENDS]
    memory = machine(folder, swaps="/dev/zram0 partition 1000 0 100")
    assert promises(examine(settings, folder, memory)) == ONE_DISK


def test_P7_a_clock_that_nobody_keeps_is_told(settings: Settings, folder: Path) -> None:
    """The day decides what ends."""
    adrift = replace(machine(folder), clock=False)
    assert promises(examine(settings, folder, adrift)) == [*ONE_DISK, ENDS]


def test_a_program_that_takes_core_dumps_is_worth_knowing(settings: Settings, folder: Path) -> None:
    """It weakens nothing, since the server's limit keeps its memory from it."""
    found = examine(settings, folder, machine(folder, core="|/usr/share/apport/apport"))
    assert promises(found) == ONE_DISK
    assert any("Core dumps" in one.what for one in found)


def test_this_machine_can_be_asked(settings: Settings, folder: Path) -> None:
    """Its kernel's own words are read, whatever they are."""
    real = Machine()
    assert real.mount_of(Path("/proc/self")).kind == "proc"
    assert isinstance(real.clock_is_kept(), bool)
    assert real.core_pattern()
    assert set(ONE_DISK) <= set(promises(examine(settings, folder, real)))


def test_R19_every_sentence_is_plain(settings: Settings, folder: Path) -> None:
    """What and do are sentences, without a word that no text uses."""
    worst = machine(
        folder,
        {"keys": "btrfs", "copy": "fuse.x", "data": "tmpfs"},
        swaps="/s file 1 1 1",
        core="|x",
    )
    found = examine(replace(settings, host="::"), folder, replace(worst, clock=False))
    assert len(found) >= 8
    for one in found:
        assert one.what.endswith("."), one.what
        assert banned.find(one.what + " " + one.do) == ()


@pytest.fixture
def database(folder: Path) -> Iterator[Database]:
    """A database on SQLite."""
    opened = Database(f"sqlite:///{folder / 'data' / 'towpath.sqlite'}")
    migrations.upgrade(opened.engine)
    yield opened
    opened.close()


def test_P10_sqlite_as_the_server_sets_it_is_well(database: Database) -> None:
    """Nothing is found."""
    assert doctor_database.examine(database) == []


def test_P10_sqlite_without_its_journal_is_told(tmp_path: Path) -> None:
    """As on a file system where it can't have one; here in memory."""
    opened = Database("sqlite:///:memory:")
    (found,) = doctor_database.examine(opened)
    assert found.promise == KEPT
    assert "journal_mode is memory" in found.what
    opened.close()


def test_an_old_sqlite_is_told() -> None:
    """And the one here is not."""
    assert promises(list(library((3, 36, 0)))) == [KEPT]
    assert list(library(sqlite3.sqlite_version_info)) == []


@pytest.mark.needs("postgres")
def test_P5_P10_postgresql_with_the_settings_of_deploy_is_well() -> None:
    """The file in deploy/ is what the doctor asks for, and PostgreSQL takes all of it."""
    with postgres.cluster(**of_deploy()) as running:
        url = running.new_database()
        opened = Database(url)
        assert promises(doctor_database.examine(opened)) == []
        opened.close()
        running.drop(url)


@pytest.mark.needs("postgres")
@pytest.mark.parametrize(
    ("setting", "value", "promise"),
    [
        ("synchronous_commit", "off", KEPT),
        ("synchronous_commit", "local", KEPT),
        ("log_min_error_statement", "error", "P5"),
        ("log_error_verbosity", "default", "P5"),
        ("log_statement", "all", "P5"),
        ("log_min_duration_statement", "100", "P5"),
        ("log_parameter_max_length_on_error", "-1", "P5"),
    ],
)
def test_P5_P10_postgresql_set_otherwise_is_told(
    cluster: postgres.Cluster, setting: str, value: str, promise: str
) -> None:
    """Each by its name; beside fsync, which tests do without."""
    url = cluster.new_database()
    name = url.partition("@/")[2].partition("?")[0]
    with cluster.connect() as connection:
        connection.execute(f"ALTER DATABASE {name} SET {setting} = '{value}'")
    opened = Database(url)
    found = [one for one in doctor_database.examine(opened) if f"{setting} is" in one.what]
    assert promises(found) == [promise]
    opened.close()
    cluster.drop(url)


def of_deploy() -> dict[str, str]:
    """Return the settings of deploy/postgresql.conf."""
    lines = (DEPLOY / "postgresql.conf").read_text().splitlines()
    pairs = (line.partition(" = ") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def test_the_command_prints_each_finding_and_exits_with_7(tmp_path: Path) -> None:
    """In words and as JSON; here at least the one disk is told."""
    from server.commands_run import init

    assert CliRunner().invoke(init, [str(tmp_path / "server")]).exit_code == 0
    run = CliRunner().invoke(commands_look.doctor_command, ["--dir", str(tmp_path / "server")])
    assert run.exit_code == 7
    assert "P10 keyring_copy is not set" in run.stdout
    said = CliRunner().invoke(
        commands_look.doctor_command, ["--json", "--dir", str(tmp_path / "server")]
    )
    assert said.exit_code == 7
    found = [Finding(**one) for one in json.loads(said.stdout)]
    assert f"Found {len(promises(found))} that weaken a promise." in run.stdout


def test_every_folder_of_the_settings_is_looked_at(settings: Settings, folder: Path) -> None:
    """Keys, their copy, and the database's."""
    assert folders(settings) == [folder / "keys", folder / "copy", folder / "data"]
