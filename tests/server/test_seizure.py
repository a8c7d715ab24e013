"""The server is seized: nothing that it wrote has anything of anybody who asked (S6, T26).

Twenty people send through the real process, and everything is called wrongly as well; then each
file and each line is searched for each value of theirs, in every form.
"""

from __future__ import annotations

import sqlite3
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from crypto.constants import CODE_DAYS
from crypto.encoding import monday
from server import make_core
from server.clock import SystemClock
from server.services import codes
from server.services.codes import Published, Spending
from server.settings import load
from tests.crypto.streams import Stream
from tests.server import seizure, serving
from tests.server.seized_people import Person, ask, misuse, person, post
from tests.server.seizure import Canary

PEOPLE = 20
FAILED = frozenset({500, 503})
WRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "hex": lambda value: value.hex().encode(),
    "base64": b64encode,
}


@dataclass(frozen=True)
class Seized:
    """What was found at a server: its folder and what it printed; who had asked, and when."""

    place: Path
    people: tuple[Person, ...]
    began: float
    ended: float
    statuses: frozenset[int]

    @property
    def files(self) -> list[Path]:
        """Every file that it had written and printed into at that moment."""
        printed = [path for path in self.place.iterdir() if path.name != "server"]
        return seizure.files_below(*printed)

    def hits(self) -> set[str]:
        """Return the kinds of canaries that were found."""
        return {hit.kind for hit in seizure.search(self.files, self.canaries())}

    def canaries(self) -> list[Canary]:
        """Return every value that nothing may keep."""
        return [one for who in self.people for one in who.canaries()]


@pytest.fixture(scope="module")
def people() -> tuple[Person, ...]:
    """Twenty people with codes, each of another provider."""
    # Deriving from a code is slow on purpose, and lets other threads run meanwhile.
    with ThreadPoolExecutor() as pool:
        return tuple(pool.map(lambda n: person(n, Stream(f"seized {n}")), range(PEOPLE)))


@pytest.fixture(scope="module")
def seized(people: tuple[Person, ...], tmp_path_factory: pytest.TempPathFactory) -> Seized:
    """The real server, seized while it runs, after everybody's requests and every misuse."""
    return raided(tmp_path_factory.mktemp("real"), people, None)


@pytest.fixture(scope="module")
def failed(people: tuple[Person, ...], tmp_path_factory: pytest.TempPathFactory) -> Seized:
    """The same server when every call of its database fails."""
    return raided(tmp_path_factory.mktemp("failing"), people[:4], "failing")


def raided(place: Path, people: tuple[Person, ...], how: str | None) -> Seized:
    """Begin a server, publish everybody's code, let all of them ask, and take what there is."""
    folder = serving.begun(place / "server")
    serving.found_network(folder)
    publish(folder, people)
    began = SystemClock().now()
    command = how and (sys.executable, "-m", "tests.server.seized", how, str(folder))
    statuses: set[int] = set()
    with serving.serving(folder, command or None) as served:
        for who in people:
            if how != "failing":
                ask(served, who)
        for who in people[:3]:
            statuses.update(misuse(served, who))
            statuses.update(blind(served, who))
        # While it runs: the journal is there, and nothing was tidied away.
        kept = place / "seized"
        for path in seizure.files_below(folder):
            copy = kept / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    return Seized(place, people, began, SystemClock().now(), frozenset(statuses))


def blind(served: serving.Served, who: Person) -> Iterator[int]:
    """Call what works, once more and by whoever: refused, or failing where everything fails."""
    for path in ("/v1/codes/open", "/v1/codes/cancel"):
        yield post(served, who, path, {"locator": "A" * 22})
    values = {"locator": "A" * 22, "write_key": "A" * 43}
    yield post(served, who, "/v1/codes/cancel", values)
    yield post(served, who, "/v1/codes/open", {"locator": who.request.locator.hex()[:22]})


def publish(folder: Path, people: tuple[Person, ...]) -> None:
    """Store everybody's code, as their providers would have done it."""
    core = make_core(load(folder))
    wraps, last_epoch = core.wraps(), monday(core.today) + CODE_DAYS
    for who in people:
        row, spent = who.row(last_epoch), Spending(core.today, core.random(32))
        done = core.database.write(
            partial(codes.publish, wraps=wraps, code=row, spending=spent),
        )
        assert done is Published.DONE
    core.database.close()


def test_P5_P12_R3_R4_S6_T26_nothing_that_the_server_wrote_has_anything_of_anybody(
    seized: Seized,
) -> None:
    """Database, journal, keys, settings, printed lines: no word, code, key or address of hers."""
    names = {path.name for path in seized.files}
    assert {"towpath.sqlite", "towpath.sqlite-wal", "towpath.sqlite-shm", "server.err"} <= names
    assert len(seized.canaries()) >= PEOPLE * 20
    assert seized.hits() == set()


def test_P5_R4_T26_no_moment_of_the_run_is_written_down(seized: Seized) -> None:
    """No file has a time of that hour, in seconds or finer, in any usual form."""
    assert seizure.fine_times(seized.files, seized.began, seized.ended) == []


def test_P5_T26_errors_of_every_kind_were_made(seized: Seized, failed: Seized) -> None:
    """Wrong bodies, types, methods, paths and sizes; and calls that broke inside."""
    assert {400, 404, 405, 413, 415} <= seized.statuses
    assert not FAILED & seized.statuses
    assert failed.statuses >= FAILED


def test_P5_R4_S6_T2_T26_a_server_that_breaks_writes_down_nothing_of_a_request(
    failed: Seized,
) -> None:
    """Each call of the database raises with the whole request in its text; none of it is kept."""
    assert failed.hits() == set()
    printed = (failed.place / "server.err").read_text()
    assert printed.count("\n") < 10, printed


def test_T26_an_access_log_or_a_column_of_addresses_is_found(
    people: tuple[Person, ...], tmp_path: Path
) -> None:
    """The same search finds what a careless server keeps, of each kind, and when it was."""
    found = raided(tmp_path, people[:5], "leaking")
    assert {"words", "address", "forwarded address", "code or receipt"} <= found.hits()
    times = seizure.fine_times(found.files, found.began, found.ended)
    assert any("float" in one for one in times)
    assert any("ms since 1970" in one for one in times)


@pytest.mark.parametrize("kind", ["words", "secret", "address", "forwarded address"])
@pytest.mark.parametrize("column", WRITTEN)
def test_T26_a_row_with_a_value_of_somebodys_is_found(
    people: tuple[Person, ...], tmp_path: Path, kind: str, column: str
) -> None:
    """In whichever form it was stored."""
    values = [one for who in people[:4] for one in who.canaries() if one.kind == kind]
    database = sqlite3.connect(tmp_path / "planted.sqlite")
    database.execute("CREATE TABLE planted (value)")
    database.executemany(
        "INSERT INTO planted VALUES (?)", [(WRITTEN[column](one.value),) for one in values]
    )
    database.commit()
    database.close()
    hits = seizure.search(seizure.files_below(tmp_path), values)
    assert {hit.kind for hit in hits} == {kind}


@pytest.mark.parametrize("scale", [1, 10**3, 10**6, 10**9])
@pytest.mark.parametrize("form", ["number", "text"])
def test_T26_a_column_of_moments_is_found(tmp_path: Path, scale: int, form: str) -> None:
    """In seconds, milliseconds, microseconds or nanoseconds."""
    now = SystemClock().now()
    moments = [int((now + step / 7) * scale) for step in range(20)]
    database = sqlite3.connect(tmp_path / "planted.sqlite")
    database.execute("CREATE TABLE planted (value)")
    values = [(one if form == "number" else str(one),) for one in moments]
    database.executemany("INSERT INTO planted VALUES (?)", values)
    database.commit()
    database.close()
    assert seizure.fine_times(seizure.files_below(tmp_path), now, now + 3)
    assert not seizure.fine_times(seizure.files_below(tmp_path), now + 9_999, now + 10_002)
