"""Show 7: a server that is seized can't tell who applied, nor what admins wrote (P1, P12, T67).

An organisation applies through the real process and two admins write about it, all of it sealed.
Then each file, each line and each row, unwrapped with every key that the server has, is searched.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from crypto.client import application
from crypto.client.application import ReadingKeys
from crypto.client.hpke import PrivateKey
from crypto.errors import CannotOpen
from server import make_core
from server.services import applications
from server.settings import load
from tests.crypto.streams import Stream
from tests.server import rows, seizure, serving
from tests.server.scene import b64url
from tests.server.seized_vetting import NAME, NOTE, Applicant, posted
from tests.server.seizure import Canary
from tests.server.serving import Served


@dataclass(frozen=True)
class Raid:
    """What a server held at one moment: copies of its files, and what its rows say unwrapped."""

    place: Path

    def kinds(self, canaries: Iterable[Canary]) -> set[str]:
        """The kinds of canaries that are found in any of it."""
        return {hit.kind for hit in seizure.search(seizure.files_below(self.place), canaries)}

    def contents(self) -> list[bytes]:
        """Every sealed row, unwrapped with every key."""
        return [path.read_bytes() for path in sorted((self.place / "unwrapped").iterdir())]


@dataclass(frozen=True)
class Found:
    """An applicant, what a server held before and after k admins signed, and its keys."""

    applicant: Applicant
    before: Raid
    after: Raid
    keys: list[bytes]
    statuses: set[int]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """The real server, raided twice while it runs."""
    place = tmp_path_factory.mktemp("vetting")
    folder = serving.begun(place / "server")
    applicant = Applicant(serving.found_network(folder), Stream("quietheron"))
    with serving.serving(folder) as served:
        applicant.apply(served)
        applicant.discuss(served)
        statuses = applicant.misuse(served)
        before = raided(served, place / "before")
        note = applicant.note(*applicant.network.admins[:2])
        listing = {"note": b64url(note), "listing": b64url(applicant.request)}
        assert posted(served, "/v1/statements", listing) == {"listed": True}
        after = raided(served, place / "after")
    return Found(applicant, before, after, rows.keys_in(load(folder).keyring), statuses)


def raided(served: Served, to: Path) -> Raid:
    """Copy every file of a running server and what it printed, and unwrap every row."""
    for path in seizure.files_below(served.folder):
        copy = to / "files" / path.relative_to(served.folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    for printed in (served.out, served.err):
        (to / printed.name).write_bytes(printed.read_bytes())
    core = make_core(load(served.folder))
    (to / "unwrapped").mkdir()
    opened = rows.opened(rows.sealed_rows(core), rows.keys_in(core.settings.keyring))
    for number, content in enumerate(opened):
        (to / "unwrapped" / str(number)).write_bytes(content)
    core.database.close()
    return Raid(to)


def test_P1_P12_T67_nothing_that_a_server_has_tells_who_applied_or_what_admins_wrote(
    found: Found,
) -> None:
    """No name, key, profile, contact, answer, note, mark, line or reply, in no form, anywhere."""
    canaries = [*found.applicant.words(), *found.applicant.name()]
    assert len(canaries) > 25
    names = {path.name for path in seizure.files_below(found.before.place)}
    assert {"towpath.sqlite", "towpath.sqlite-wal", "server.err", "0"} <= names
    assert len(found.before.contents()) == 1 + 5  # the application, and five entries
    assert found.before.kinds(canaries) == set()


def test_P1_P9_T67_when_k_have_signed_the_name_is_public_and_nothing_else(found: Found) -> None:
    """The log names the organisation; contact, answers and entries stay sealed."""
    assert found.after.kinds(found.applicant.name()) >= {"name", "organisation"}
    assert found.after.kinds(found.applicant.words()) == set()


def test_P1_T67_no_key_of_the_servers_opens_an_application(found: Found) -> None:
    """Neither as an admin's reading key nor as the application's own."""
    keys = found.applicant.keys
    place = {"network_id": keys.network_id, "application_id": keys.application_id}
    (sealed,) = [
        applications.decode(content).application
        for content in found.before.contents()
        if len(content) > 20_000
    ]
    assert application.open_(sealed, keys).listing.name == NAME
    assert len(found.keys) >= 3
    for key in found.keys:
        with pytest.raises(CannotOpen):
            application.find_keys(sealed, PrivateKey(key), **place)
        with pytest.raises(CannotOpen):
            application.open_(sealed, ReadingKeys(**place, content_key=key, reply_key=key))


def test_P12_T67_what_was_sent_wrongly_was_refused(found: Found) -> None:
    """With the name in a body, a path and a field: malformed or no route, and no fault."""
    assert found.statuses <= {400, 401, 404}
    assert {400, 404} <= found.statuses


@pytest.mark.parametrize("planted", [NAME.encode(), NOTE.encode()], ids=["name", "entries"])
def test_T67_what_a_careless_server_keeps_is_found(
    found: Found, tmp_path: Path, planted: bytes
) -> None:
    """The same search sees a line in a log, and a row that is sealed under the wrap key only."""
    canaries = [*found.applicant.words(), *found.applicant.name()]
    (tmp_path / "log").write_bytes(b"200 " + planted)
    assert Raid(tmp_path).kinds(canaries)
    (tmp_path / "careless").mkdir()
    with rows.sqlite_core(tmp_path / "careless") as core:
        rows.add(core, rows.SEALED["vetting_entry"], core.today + 5, planted)
        held = rows.keys_in(core.settings.keyring)
        (opened,) = rows.opened(rows.sealed_rows(core), held)
    (tmp_path / "log").write_bytes(opened)
    assert Raid(tmp_path).kinds(canaries)
