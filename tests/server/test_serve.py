"""`towpath server serve`: when it refuses to start, how it runs and how it ends."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from server import assets, make_core, serve
from server.commands_run import serve_command
from server.core import Core
from server.db import Database
from server.keyring import LOG, WRAP
from server.settings import load
from tests.server import rows, serving
from words import catalogues


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server that was begun and never ran."""
    return serving.begun(tmp_path_factory.mktemp("begun") / "server")


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A copy of it, on a port of its own."""
    copy = tmp_path / "server"
    subprocess.run(["cp", "-a", template, copy], check=True)
    change(copy, f"port = {serving.port_of(template)}", f"port = {serving.free_port()}")
    return copy


def change(folder: Path, old: str, new: str) -> None:
    """Change a line of the settings."""
    file = folder / "server.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def refused(folder: Path, *arguments: str) -> str:
    """Return the sentence with which serving is refused; nothing else is printed."""
    with pytest.MonkeyPatch.context() as patch:
        # One that is not refused would serve until it is ended: here it fails instead.
        patch.setattr(serve, "run", lambda *_, **__: pytest.fail("it would serve"))
        run = CliRunner().invoke(serve_command, [*arguments, "--dir", str(folder)])
    assert run.exit_code == 7
    assert run.stdout == ""
    assert run.stderr.count("\n") == 1, run.stderr
    return run.stderr


def opened(folder: Path) -> Core:
    """Open a server's database and keys, below its routes."""
    return make_core(load(folder))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("threads = 8", "threads = 0", "threads"),
        ("processes = 1\n", "processes = 2\n", "processes"),
        ("threads = 8", 'threads = "8"', "threads"),
        ("threads = 8", "threds = 8", "threds"),
        ('keyring = "keyring"', "", "keyring"),
        ('database = "sqlite:///', 'database = "mysql://', "database"),
        ("port = ", "port == ", "server.toml"),
        ('# contact = "mailto:security@example.org"', 'contact = "me"', "contact"),
    ],
)
def test_bad_settings_are_refused_by_their_name(
    folder: Path, old: str, new: str, named: str
) -> None:
    """One sentence that names what to change."""
    change(folder, old, new)
    assert named in refused(folder)


def test_a_folder_without_a_server_is_refused(tmp_path: Path) -> None:
    """It says how to begin one, also as a process of its own."""
    assert "towpath server init" in refused(tmp_path)
    run = serving.run("serve", folder=tmp_path)
    assert (run.returncode, run.stdout, run.stderr) == (7, "", refused(tmp_path))


@pytest.mark.parametrize("place", [".", "data", "keyring"])
@pytest.mark.parametrize("mode", [0o750, 0o701])
def test_P5_P7_a_folder_that_others_can_enter_is_refused(
    folder: Path, place: str, mode: int
) -> None:
    """Whoever runs beside it on this machine reads nothing."""
    (folder / place).chmod(mode)
    assert "chmod 700" in refused(folder)


def test_a_keyring_that_is_not_there_is_refused(folder: Path) -> None:
    """As when its disk is not mounted: no new keys are made in its place."""
    (folder / "keyring").rename(folder / "elsewhere")
    assert "is not there" in refused(folder)
    assert not (folder / "keyring").exists()


def test_P10_lost_keys_are_refused_until_they_are_given_up(folder: Path) -> None:
    """It says which days and how many rows; going on without them has to be asked for."""
    core = opened(folder)
    for _ in range(3):
        rows.add(core, rows.SEALED["envelope"], core.today + 5)
    rows.add(core, rows.SEALED["box"], core.today + 6)
    core.database.close()
    (lost,) = (folder / "keyring").glob(f"wrap-*{core.today + 5}.key")
    lost.unlink()
    said = refused(folder)
    assert f"days {core.today + 5}. The 3 rows" in said
    assert "--without-lost-keys" in said
    command = (*serving.TOWPATH, "serve", "--without-lost-keys", "--dir", str(folder))
    with serving.serving(folder, command) as served:
        assert served.call("GET", "/healthz")[0] == 200


def test_P9_a_lost_log_key_is_refused_always(folder: Path) -> None:
    """The policy names it: nothing else can take its place."""
    (folder / "keyring" / f"{LOG}-00000000.key").unlink()
    assert "log" in refused(folder, "--without-lost-keys")


def test_a_schema_of_another_release_is_refused(folder: Path) -> None:
    """What this release does not know it does not touch."""
    database = Database(load(folder).database)
    database.write(
        lambda connection: (
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'").rowcount
        )
    )
    database.close()
    assert "another release" in refused(folder)


def test_a_port_that_is_taken_is_refused(folder: Path, template: Path) -> None:
    """Two servers never answer by turns on one port."""
    with serving.serving(folder):
        change(template, f"port = {serving.port_of(template)}", f"port = {serving.port_of(folder)}")
        assert "taken" in refused(template)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_ends_cleanly(folder: Path, how: signal.Signals) -> None:
    """It prints where it listens and nothing else, and leaves no journal behind."""
    with serving.serving(folder) as served:
        assert served.call("GET", "/healthz") == (200, b"ok\n")
        assert served.call("GET", "/readyz")[1] in (b"ok\n", b"busy\n")
        assert served.end(how) == 0
    assert served.out.read_text() == f"Listening on http://127.0.0.1:{served.port}\n"
    assert served.err.read_text() == ""
    assert sorted(path.name for path in (folder / "data").iterdir()) == ["towpath.sqlite"]


def test_R16_it_says_which_languages_it_does_not_show(folder: Path) -> None:
    """In one line, before it listens; a language that is named is none of them."""
    serving.show(folder, "es")
    with serving.serving(folder) as served:
        assert served.end() == 0
    unread = {code for code in catalogues.codes() if catalogues.open_(code).unread_safety}
    (line,) = served.err.read_text().splitlines() or [""]
    assert set(re.findall(r"[ ,]([a-z]{2}(?:-\w+)?)(?=[,.])", line)) == unread - {"es"}


def test_P7_a_running_server_ends_what_has_ended(folder: Path) -> None:
    """At its start at the latest, without anybody asking."""
    core = opened(folder)
    row = rows.add(core, rows.SEALED["box"], core.today - 1)
    core.keyring.make(WRAP, core.today - 1, core.random)
    with serving.serving(folder) as served:
        served.call("GET", "/healthz")
        for _ in range(600):
            if not rows.is_there(core, rows.SEALED["box"], row):
                break
            signal.sigtimedwait([], 0.05)
        assert not rows.is_there(core, rows.SEALED["box"], row)
        assert core.keyring.numbers(WRAP) == []
    core.database.close()


def test_P5_no_core_dump_and_no_readable_file(folder: Path) -> None:
    """Every process of a running server is so: no dump of its memory, files for its user alone."""
    with serving.serving(folder) as served:
        group = os.getpgid(served.process.pid)
        found = [path for path in Path("/proc").glob("[0-9]*") if in_group(path, group)]
        assert len(found) >= 2
        for process in found:
            limits = (process / "limits").read_text()
            (core,) = (line for line in limits.splitlines() if "core file" in line)
            assert core.split()[4:6] == ["1", "1"], core
            assert "Umask:\t0077" in (process / "status").read_text()
    for path in folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def in_group(process: Path, group: int) -> bool:
    """Say whether a process of /proc is one of this group."""
    try:
        return os.getpgid(int(process.name)) == group
    except ProcessLookupError:
        return False


def test_P10_no_process_outlives_a_killed_first_one(folder: Path) -> None:
    """So that the port and the database are free for the next start."""
    with serving.serving(folder) as served:
        served.end(signal.SIGKILL)
        for _ in range(900):
            if subprocess.run(["pgrep", "-g", str(served.process.pid)], check=False).returncode:
                break
            signal.sigtimedwait([], 0.05)
        else:
            raise AssertionError("a process is left")
    with serving.serving(folder) as again:
        assert again.call("GET", "/healthz") == (200, b"ok\n")


def test_P5_P10_where_a_process_dies_another_answers_and_the_operator_is_told(folder: Path) -> None:
    """In a sentence of ours."""
    with serving.serving(folder) as served:
        assert served.call("GET", "/healthz") == (200, b"ok\n")
        (died,) = workers(served.process.pid)
        os.kill(died, signal.SIGKILL)
        assert wait_until(lambda: answers(served))
        assert died not in workers(served.process.pid)
        assert served.end() == 0
    assert served.err.read_text() == (
        "error: A process that answers requests ended by itself; another takes its place.\n"
    )


def workers(first: int) -> list[int]:
    """Return the processes that answer, of the server whose first process this is."""
    command = ["pgrep", "-P", str(first), "-f", "spawn_main"]
    return [int(one) for one in subprocess.run(command, capture_output=True).stdout.split()]


def answers(served: serving.Served) -> bool:
    """Say whether the server answers."""
    try:
        return served.call("GET", "/healthz") == (200, b"ok\n")
    except OSError:
        return False


def wait_until(there: Callable[[], bool]) -> bool:
    """Ask again and again whether something is so, for half a minute."""
    return any(there() or signal.sigtimedwait([], 0.05) for _ in range(600))


@pytest.mark.needs("postgres")
def test_it_serves_on_postgresql_with_two_processes(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Each has its sweeper, and both answer."""
    cluster = request.getfixturevalue("cluster")
    url = cluster.new_database()
    folder = serving.begun(tmp_path / "server", "--database", url)
    change(folder, "processes = 1\n", "processes = 2\n")
    with serving.serving(folder) as served:
        assert {served.call("GET", "/healthz") for _ in range(20)} == {(200, b"ok\n")}
        assert served.end() == 0
    assert served.err.read_text() == ""
    cluster.drop(url)


@pytest.mark.parametrize("change", ["missing", "another", "no sums"])
def test_T24_pages_that_are_not_as_they_were_built_are_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Before anybody gets one; the sentence says which file, and what to do."""
    static = shutil.copytree(assets.STATIC, tmp_path / "static")
    monkeypatch.setattr(assets, "STATIC", static)
    assert assets.faults() == []
    name = assets.SUMS if change == "no sums" else "ask.html"
    (static / name).write_text("x") if change == "another" else (static / name).unlink()
    assert assets.faults() == [name]
    said = refused(folder)
    assert name in said
    assert "git checkout -- server/static" in said
