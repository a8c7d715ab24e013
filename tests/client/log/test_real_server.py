"""A real server, its witnesses as real commands, and another implementation that looks on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest

from client import network_view
from client.api import Api
from client.errors import NotVetted, ServerProblem
from client.http import Http
from crypto.public import notes
from crypto.public.note_signing import Signer, cosign
from tests.client.log import commands, real
from tests.client.log.real import Real
from tests.crypto.networks import SECONDS_A_DAY, seed_of
from tests.second.tlog import INTERPRETER, MISSING, Tlog

_LIES = 8


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    """A network of which two of three witnesses must confirm the log; one of them never comes."""
    made = real.begun(tmp_path_factory.mktemp("real"))
    with made.running():
        yield made


def now(scene: Real) -> int:
    """The moment."""
    return int(scene.founded.core.clock.now())


def test_P9_T78_people_are_shown_what_enough_witnesses_confirmed_though_one_is_away(
    scene: Real,
) -> None:
    """One is not enough; two of three are; and the suspension did not wait for them."""
    assert "People are shown nothing of it yet" in scene.verify().plain
    first = scene.look(0)
    assert first.exit_code == 0, first.plain
    assert "1 of 2 witnesses so far, and it waits for more witnesses" in first.plain
    second = scene.look(1)
    assert "2 of 2 witnesses so far, and people are shown it" in second.plain
    seen = scene.verify()
    assert seen.exit_code == 0, seen.plain
    for sentence in ("Confirmed by w1", "w2", "2 of 3 witnesses must", "Suspended: 1", "Harbour"):
        assert sentence in seen.plain
    said = json.loads(scene.verify("--json").out)
    assert [one["state"] for one in said["organisations"]] == ["suspended", "listed"]
    assert said["published"]["entries"] == said["entries"]


@pytest.mark.skipif(not INTERPRETER.exists(), reason=MISSING)
def test_P9_T75_another_implementation_verifies_the_log_of_a_real_server(scene: Real) -> None:
    """Whole tree, each inclusion, all consistencies, checkpoint and cosignatures, over HTTP."""
    for number in (0, 1):
        assert scene.look(number).exit_code == 0
    with Tlog() as tlog:
        seen = tlog.look(scene.url, scene.founded.network.policy)
    ours = json.loads(scene.verify("--json").out)
    assert seen["size"] == ours["entries"] > 6
    assert sorted(seen["witnesses"]) == ["w1", "w2"]


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("tomorrow", "malformed"),
        ("last week", "malformed"),
        ("other text", "stale"),
        ("unknown key", "unsigned"),
        ("an admin", "unsigned"),
    ],
)
def test_P9_T78_what_a_lying_witness_hands_in_is_refused(scene: Real, what: str, kind: str) -> None:
    """A wrong time, another text, a key that the rules do not name."""
    text = notes.parse(scene.log.pending()).text
    witness, time = scene.founded.network.witnesses[2], now(scene)
    if what == "tomorrow":
        time += 2 * SECONDS_A_DAY
    elif what == "last week":
        time -= 7 * SECONDS_A_DAY
    elif what == "other text":
        text = text.replace("\nsuspensions ", "\nsuspensions A", 1)
    elif what == "unknown key":
        witness = Signer(witness.name, seed_of("a stranger"))
    else:
        witness = scene.founded.network.admins[0]
    with pytest.raises(ServerProblem) as refused:
        scene.log.cosign(cosign(text, witness.name, witness.seed, time))
    assert refused.value.kind == kind
    assert scene.verify().exit_code == 0


def test_P9_T78_clients_do_not_take_a_lying_witness_from_a_lying_server(scene: Real) -> None:
    """Neither a stranger's line nor one that does not hold, in the place of a confirmation."""
    for number in (0, 1):
        assert scene.look(number).exit_code == 0
    api = Api(Http(scene.url, proxy=None, random=bytes))
    document = api.network()
    note = notes.parse(document.checkpoint)
    network_view.view_of(document, device_day=scene.founded.core.today)
    witness = scene.founded.network.witnesses[0]
    stranger = cosign(note.text, witness.name, seed_of("a stranger"), now(scene))
    other = cosign(note.text + "x\n", witness.name, witness.seed, now(scene))
    without = tuple(line for line in note.lines if line.name != witness.name)
    assert len(without) == 2, "the log's, and one that holds"
    for lines in ((*without, stranger), (*without, other), without):
        changed = f"{note.text}\n{''.join(map(str, lines))}".encode()
        with pytest.raises(NotVetted):
            network_view.view_of(
                replace(document, checkpoint=changed), device_day=scene.founded.core.today
            )


def test_P9_T75_a_real_server_brought_back_from_an_old_copy_is_caught(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """By the witness and by whoever kept a folder, each with a file that shows it."""
    folder = tmp_path_factory.mktemp("old")
    scene = real.begun(folder)
    backup = folder / "backup"
    shutil.copytree(scene.folder, backup)
    with scene.still() as founded:
        founded.organisation("Later")
    kept = folder / "kept"
    network = ("--network", scene.founded.network_id.hex())
    with scene.running():
        for number in (0, 1):
            assert scene.look(number).exit_code == 0
        first = commands.verify_log("--server", scene.url, *network, "--folder", kept)
        assert first.exit_code == 0, first.plain
    shutil.rmtree(scene.folder)
    shutil.copytree(backup, scene.folder)
    with scene.running():
        said = scene.look(0)
        assert said.exit_code == _LIES, said.plain
        assert "(rolled back)" in said.plain
        again = commands.verify_log("--server", scene.url, "--folder", kept)
        assert again.exit_code == _LIES, again.plain
    with scene.still() as founded:
        founded.organisation("Another")
    with scene.running():
        assert "(split)" in scene.look(0).plain
    offline = commands.verify_log("--folder", kept, "--offline")
    assert offline.exit_code == 0, offline.plain
    assert "Later" in offline.plain
