"""`towpath witness` as its people run it: the real command, against servers that lie."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from client.flows.log_findings import Kind
from crypto.encoding import u64
from crypto.public import notes
from crypto.public.notes import Note, SignatureLine
from tests.client.log import commands
from tests.client.log.commands import Said, run_witness, towpath
from tests.client.log.served import Served, serving
from tests.client.log.written import usual

_CONFIRMED, _USAGE, _UNREACHED, _NOT_OPEN, _FIRST, _LIES = 0, 2, 3, 5, 7, 8


@dataclass(frozen=True)
class Scene:
    """A served log and a witness's folder that has seen it."""

    served: Served
    folder: Path

    def run(self, *words: str) -> Said:
        """Let the witness look."""
        return run_witness(self.folder, *words)

    def caught(self, kind: Kind, *sentences: str) -> Said:
        """Let the witness look, and see that it signs nothing and says what is wrong."""
        before = list(self.served.cosigned)
        said = self.run()
        assert said.exit_code == _LIES, said.plain
        assert self.served.cosigned == before
        assert f"THE LOG IS NOT AS IT MUST BE ({kind.value})" in said.plain
        for sentence in (*sentences, "Tell the admins of the network today"):
            assert sentence in said.plain, said.plain
        return said


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A witness that has confirmed a usual log once."""
    network = commands.network_of_today()
    with serving(usual(network)) as served:
        folder = tmp_path / "witness"
        commands.begin_witness(folder, served.url, network)
        made = Scene(served, folder)
        assert made.run().exit_code == _CONFIRMED
        yield made


def test_a_witness_confirms_what_holds_and_is_quiet_for_cron(scene: Scene) -> None:
    """Its cosignature holds, is of now, and comes anew each time; quiet prints nothing at all."""
    scene.served.log.vet("New")
    said = scene.run("--quiet")
    assert said == Said(_CONFIRMED, "", "")
    (_, first), (text, line) = scene.served.cosigned
    assert first != line
    assert text.split("\n")[1] == "12"
    note = notes.parse(f"{text}\n{line}".encode())
    (signature,) = notes.verify(note, scene.served.log.network.policy.witnesses)
    assert signature.key.name == "w1"
    again = scene.run("--json")
    assert json.loads(again.out)["entries"] == 12


def test_a_witness_reads_only_what_is_new(scene: Scene) -> None:
    """And asks the same whether or not it has anything to say: one tile more with its proofs."""
    scene.served.asked.clear()
    scene.run()
    assert scene.served.asked == ["/v1/log/pending", "/v1/log/suspensions"]
    scene.served.log.vet("New")
    scene.served.asked.clear()
    scene.run()
    tiles = [path for path in scene.served.asked if "/tile/" in path]
    assert tiles == ["/v1/log/tile/entries/000.p/12", "/v1/log/tile/proofs/000.p/12"]


def test_P9_T48_T75_two_logs_of_one_length_are_caught(scene: Scene) -> None:
    """And both are kept, so that anybody can see that the server signed both."""
    other = scene.served.log.copy()
    other.entries[-1] = other.entries[2]
    scene.served.log = other
    scene.caught(Kind.SPLIT, "Not everybody is shown the same log.")
    (file,) = (scene.folder / "evidence").iterdir()
    checked = commands.verify_log("--evidence", file)
    assert checked.exit_code == _LIES
    assert "two different logs" in checked.plain


def test_P9_T48_T75_two_witnesses_who_are_shown_two_logs_never_confirm_one(
    scene: Scene, tmp_path: Path
) -> None:
    """Each confirms what it saw; so no log has both, and whichever is shown then, one says so."""
    network = scene.served.log.network
    second = Scene(scene.served, tmp_path / "second")
    commands.begin_witness(second.folder, scene.served.url, network, network.witnesses[1])
    left, right = scene.served.log.copy(), scene.served.log.copy()
    left.vet("Left")
    right.vet("Right")
    scene.served.log = left
    assert scene.run().exit_code == _CONFIRMED
    scene.served.log = right
    assert second.run().exit_code == _CONFIRMED
    (one, _), (other, _) = scene.served.cosigned[-2:]
    assert one != other
    scene.caught(Kind.SPLIT)
    scene.served.log = left
    second.caught(Kind.SPLIT)


def test_P9_T48_T75_a_log_that_was_rolled_back_is_caught(scene: Scene) -> None:
    """Though everything in it is signed."""
    log = scene.served.log
    del log.entries[-1], log.proofs[-1]
    scene.caught(Kind.ROLLED_BACK, "showed a log of 10 entries before; now it shows 9")


@pytest.mark.parametrize("how", ["rewritten", "dropped"])
def test_P9_T48_T75_an_entry_rewritten_or_dropped_is_caught(scene: Scene, how: str) -> None:
    """Long after it was written."""
    log = scene.served.log
    if how == "rewritten":
        log.entries[4] = log.entries[4].replace(b"\nkey ", b"\nkey A")
    else:
        del log.entries[4], log.proofs[4]
    log.vet("New")
    scene.caught(Kind.REWRITTEN, "an entry was changed, dropped or put in between")
    (file,) = (scene.folder / "evidence").iterdir()
    assert commands.verify_log("--evidence", file).exit_code == _LIES


def test_P9_T76_a_listing_that_too_few_admins_signed_is_caught(scene: Scene) -> None:
    """Even where the log's own key has signed it."""
    log = scene.served.log
    log.vet("Police in Disguise", signed_by=log.network.admins[:1])
    scene.caught(Kind.FORGED, "“Police in Disguise” is vetted, and too few admins signed it")
    (file,) = (scene.folder / "evidence").iterdir()
    assert "Police in Disguise" in commands.verify_log("--evidence", file).plain


def test_P9_T48_T77_a_list_that_leaves_out_a_suspension_is_caught(scene: Scene) -> None:
    """Shortened, though the checkpoint names it."""
    scene.served.log.suspend("Shelter", listed=False)
    scene.caught(Kind.SHORTENED, "leaves out “Shelter”, which was suspended")


def test_P9_T48_T77_a_list_that_is_frozen_is_caught(scene: Scene) -> None:
    """It is not the one that the newest checkpoint names."""
    scene.served.suspensions = scene.served.log.list()
    scene.served.log.suspend("Shelter")
    scene.caught(Kind.SHORTENED, "is not the one that its log has signed")


def test_T75_what_was_caught_is_caught_again_and_kept_once(scene: Scene) -> None:
    """So that nobody who missed one mail misses all; and a lie told once stays on record."""
    honest = scene.served.log.copy()
    scene.served.log.suspend("Shelter", listed=False)
    for _ in range(2):
        scene.caught(Kind.SHORTENED)
    (file,) = (scene.folder / "evidence").iterdir()
    scene.served.log = honest
    assert scene.run().exit_code == _CONFIRMED
    shown = towpath("witness", "show", "--folder", scene.folder)
    assert str(file) in shown.out


def test_T78_a_server_that_is_away_is_no_liar(scene: Scene) -> None:
    """It has an exit code of its own, and nothing is kept as evidence."""
    (scene.folder / "witness.json").write_text(
        json.dumps({"version": 1, "server": "http://127.0.0.1:9", "name": "w1"})
    )
    said = scene.run("--quiet")
    assert said.exit_code == _UNREACHED
    assert "can't be reached" in said.plain
    assert not (scene.folder / "evidence").exists()


def test_T78_a_log_that_is_cut_on_its_way_is_no_lie(scene: Scene) -> None:
    """A piece that does not come, or comes in another form, is something to try again."""
    log = scene.served.log
    log.vet("New")
    log.proofs.pop()
    assert scene.run().exit_code == _UNREACHED
    assert not (scene.folder / "evidence").exists()


def test_T78_a_witness_that_the_rules_do_not_name_signs_nothing(
    scene: Scene, tmp_path: Path
) -> None:
    """It says so with its line, and has written down what it saw."""
    network = scene.served.log.network
    folder = tmp_path / "other"
    words = ("--folder", folder, "--server", scene.served.url, "--name", "w9", "--unattended")
    made = towpath("witness", "init", *words, "--network", network.network_id.hex())
    count = len(scene.served.cosigned)
    said = run_witness(folder)
    assert said.exit_code == _FIRST
    assert made.out.strip() in said.err
    assert len(scene.served.cosigned) == count
    assert "10 entries" in towpath("witness", "show", "--folder", folder).out


def test_T78_a_witness_with_a_wrong_clock_is_told_so(scene: Scene) -> None:
    """The server takes no cosignature of another day."""
    scene.served.refuses = (400, "malformed")
    said = scene.run()
    assert said.exit_code == _FIRST
    assert "this machine's clock is wrong" in said.plain


def test_T78_the_network_is_pinned_when_a_witness_begins(scene: Scene) -> None:
    """Another network at the same address is no log of this one."""
    (scene.folder / "network").write_text("00" * 32)
    assert scene.run().exit_code == _NOT_OPEN
    other = scene.folder.with_name("pinned")
    words = ("--folder", other, "--server", scene.served.url, "--name", "w1", "--unattended")
    towpath("witness", "init", *words, "--network", "00" * 32)
    said = run_witness(other)
    assert said.exit_code == _LIES
    assert "belongs to another network" in said.plain


def test_T78_a_folder_that_was_damaged_is_no_ground_to_sign_on(scene: Scene) -> None:
    """Nor one of which a piece is missing: it says what to do, and signs nothing."""
    count = len(scene.served.cosigned)
    for file in (scene.folder / "tile/entries/000.p/10", scene.folder / "state"):
        whole = file.read_bytes()
        for broken in (whole[:-9], whole.replace(b"A", b"B"), b""):
            file.write_bytes(broken)
            said = scene.run()
            assert said.exit_code == _NOT_OPEN, said.plain
            assert "This folder is damaged" in said.plain
        file.write_bytes(whole)
    assert len(scene.served.cosigned) == count
    assert scene.run().exit_code == _CONFIRMED


def test_T78_a_key_that_others_may_read_is_not_used(scene: Scene) -> None:
    """A bare key is for its owner alone."""
    (scene.folder / "key").chmod(0o640)
    said = scene.run()
    assert said.exit_code == _FIRST
    assert "chmod 600" in said.plain


def test_a_key_under_a_passphrase_opens_with_it_alone(scene: Scene, tmp_path: Path) -> None:
    """As an admin's does."""
    network = scene.served.log.network
    folder, phrase, wrong = tmp_path / "own", tmp_path / "phrase", tmp_path / "wrong"
    phrase.write_text("four words that open\n")
    wrong.write_text("other words\n")
    words = ("--folder", folder, "--server", scene.served.url, "--name", "w9")
    made = towpath(
        *("witness", "init", *words, "--network", network.network_id.hex()),
        *("--passphrase-file", phrase, "--json"),
    )
    assert json.loads(made.out)["line"].startswith("witness w9 ")
    assert run_witness(folder, "--passphrase-file", str(wrong)).exit_code == _NOT_OPEN
    assert run_witness(folder, "--passphrase-file", str(phrase)).exit_code == _FIRST


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--name", "No Name"), _USAGE),
        (("--server", "http://elsewhere.example"), _USAGE),
        (("--network", "12"), _USAGE),
    ],
)
def test_what_cannot_be_a_witness_is_not_begun(
    tmp_path: Path, words: tuple[str, str], code: int
) -> None:
    """A name, an address or an id that can't be used."""
    usual_words = {
        "--folder": str(tmp_path / "w"),
        "--server": "http://127.0.0.1:9",
        "--network": "00" * 32,
        "--name": "w1",
    }
    usual_words[words[0]] = words[1]
    flat = [one for pair in usual_words.items() for one in pair]
    assert towpath("witness", "init", *flat, "--unattended").exit_code == code


def test_a_folder_that_is_there_is_not_begun_again(scene: Scene) -> None:
    """A witness must not forget what it has signed."""
    words = ("--folder", scene.folder, "--server", scene.served.url, "--name", "w1")
    said = towpath("witness", "init", *words, "--network", "00" * 32, "--unattended")
    assert said.exit_code == _USAGE
    assert scene.run().exit_code == _CONFIRMED


def test_T78_a_lying_witness_is_no_evidence_against_others(scene: Scene) -> None:
    """A cosignature of another text or by a stranger, shown by the server, is caught."""
    log = scene.served.log
    note = notes.parse(log.checkpoint())
    text, line = scene.served.cosigned[0]
    parsed = notes.parse(f"{text}\n{line}".encode()).lines[0]
    later = SignatureLine(parsed.name, parsed.key_id, u64(1) + parsed.signature[8:])
    scene.served.pending = str_note(Note(note.text, (*note.lines, later)))
    scene.caught(Kind.FORGED, "bears signatures that do not hold")


def str_note(note: Note) -> bytes:
    """Write a note as it is."""
    return f"{note.text}\n{''.join(map(str, note.lines))}".encode()
