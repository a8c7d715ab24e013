"""What an operator asks: is it alive, can it store, whom to write to."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import migrations
from server.core import EXTENSION
from tests.server.edge import NOON, TurnedClock, make_app


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """Run a server that is ready."""
    made = make_app(tmp_path, clock=TurnedClock(), contact="mailto:help@example.org")
    yield made
    made.extensions[EXTENSION].database.close()


def get(app: Flask, path: str) -> tuple[int, str]:
    """Return status and text."""
    answer = app.test_client().get(path)
    return answer.status_code, answer.text


def database_file(app: Flask) -> Path:
    """Return where the rows are."""
    return Path(str(app.extensions[EXTENSION].settings.database).removeprefix("sqlite:///"))


def test_a_server_that_can_store_is_ready(app: Flask) -> None:
    """And alive."""
    assert get(app, "/healthz") == (200, "ok\n")
    assert get(app, "/readyz") == (200, "ok\n")


def not_ready(app: Flask) -> bool:
    """Say whether the server answers that it is alive and busy."""
    status, text = get(app, "/readyz")
    return get(app, "/healthz")[0] == 200 and status == 503 and '"urn:towpath:problem:busy"' in text


def test_without_its_database_a_server_is_not_ready(app: Flask) -> None:
    """The file is something else now."""
    app.extensions[EXTENSION].database.engine.dispose()
    for file in database_file(app).parent.glob("rows.sqlite*"):
        file.unlink()
    database_file(app).write_bytes(b"nothing" * 1_000)
    assert not_ready(app)


def test_without_a_schema_a_server_is_not_ready(app: Flask) -> None:
    """A database that is empty, or older than the program."""
    migrations.downgrade(app.extensions[EXTENSION].database.engine, "base")
    assert not_ready(app)


def test_with_the_schema_of_another_release_a_server_is_not_ready(app: Flask) -> None:
    """The program is older than the database."""
    with app.extensions[EXTENSION].database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert not_ready(app)


def test_without_its_folder_of_keys_a_server_is_not_ready(app: Flask, tmp_path: Path) -> None:
    """No request could be sealed."""
    shutil.rmtree(tmp_path / "keys")
    assert not_ready(app)


def test_with_a_file_in_the_place_of_its_keys_a_server_is_not_ready(
    app: Flask, tmp_path: Path
) -> None:
    """Also where the user that runs it may do anything."""
    shutil.rmtree(tmp_path / "keys")
    (tmp_path / "keys").write_bytes(b"")
    assert not_ready(app)


def test_with_the_second_folder_of_keys_gone_a_server_is_not_ready(tmp_path: Path) -> None:
    """A key that can't be written twice is not used at all."""
    (tmp_path / "second").mkdir(mode=0o700)
    app = make_app(tmp_path, keyring_copy=tmp_path / "second")
    assert get(app, "/readyz")[0] == 200
    shutil.rmtree(tmp_path / "second")
    assert not_ready(app)
    app.extensions[EXTENSION].database.close()


def test_P12_being_asked_leaves_nothing_behind(app: Flask, tmp_path: Path) -> None:
    """No file beyond those that were there, and no row."""
    get(app, "/readyz")
    before = {path: path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()}
    for _ in range(20):
        get(app, "/readyz")
        get(app, "/healthz")
    assert before == {path: path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()}


def test_the_contact_is_named_until_a_midnight_half_a_year_ahead(app: Flask) -> None:
    """As RFC 9116 wants it, and with no time of today's."""
    status, text = get(app, "/.well-known/security.txt")
    assert status == 200
    assert text == "Contact: mailto:help@example.org\nExpires: 2027-05-21T00:00:00Z\n"
    assert re.fullmatch(r"(?:[A-Z][a-z]+: \S+\n)+", text)
    assert NOON // 86_400 == 20_779


def test_without_a_contact_there_is_no_such_page(tmp_path: Path) -> None:
    """It is answered like any other path that is none."""
    app = make_app(tmp_path)
    assert get(app, "/.well-known/security.txt") == get(app, "/nothing")
    app.extensions[EXTENSION].database.close()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/.well-known/security.txt"])
def test_R4_an_operators_page_takes_no_query_and_no_body(app: Flask, path: str) -> None:
    """Nothing to read from there."""
    assert get(app, f"{path}?verbose=1")[0] == 400
    assert app.test_client().get(path, data=b"x").status_code == 400
    assert app.test_client().post(path).status_code == 405
