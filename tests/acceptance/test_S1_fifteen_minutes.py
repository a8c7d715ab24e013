"""S1: a coworker lets a Korean speaker out early; there are fifteen minutes and a paper code.

A phone whose browser keeps nothing: browser/test_S1_page.py and browser/test_P6_no_trace.py; three
minutes on a slow line: `./dev bench page`. What the command keeps on a device is asked at the end.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from crypto.client import code_text
from crypto.client.code_text import Kind
from tests.acceptance import people, scan
from tests.acceptance.deployment import NAMES, OPEN_DOOR, Deployment
from tests.acceptance.people import Asked, Provider
from tests.server.serving import ROOT

PLACE = "하늘 쉼터"
ANSWER = f"오늘 밤 {PLACE}에 자리가 있습니다. 당신이 정합니다."
HER_WORD = "달맞이꽃"


def _typed(code: str) -> str:
    """What the coworker types, in the order in which it is asked; the word is the person's own."""
    lines = [
        code.lower().replace("-", " "),  # read off the paper
        "y",  # go on, to whom is shown
        "sleep_tonight documents money",
        "ko",
        "northeast",
        "minutes",
        "come_back",
        "n",  # nothing more
        "word",
        HER_WORD,
        HER_WORD,
        "yes",
    ]
    return "".join(f"{line}\n" for line in lines)


def _receipt_in(terminal: str) -> str:
    lines = terminal.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("It cannot be shown again"))
    return lines[at + 1].strip()


def test_S1_P1_R2_R17_R24_a_coworker_passes_it_on_and_learns_no_more(
    deployed: Deployment,
) -> None:
    """The provider reads in English; the answer reaches her elsewhere, and the coworker never."""
    shelter = Provider(deployed, OPEN_DOOR)
    code = shelter.code()
    asked = deployed.run("ask", typed=_typed(code)).done()

    # Who will read it was shown before anything was said, and she is asked for a yes last.
    order = [NAMES[OPEN_DOOR], "What would help?", "It cannot be shown again", "Is there a yes"]
    places = [asked.all.index(text) for text in order]
    assert places == sorted(places)
    assert "Delivered. Read back with the receipt just now." in asked.out

    # The provider reads needs in English though they were sent in Korean's name.
    case = shelter.newest()
    summary = shelter.run("show", case).done().out
    for text in ("A safe place now", "Passport and papers", "Money", "Korean"):
        assert text in summary, summary
    assert summary.index("Contact only so") < summary.index("A safe place now")
    shelter.answer(case, ANSWER).done()

    # The receipt works on another device, with her word.
    hers = Asked(deployed, _receipt_in(asked.err), HER_WORD)
    assert [one["text"] for one in hers.read()["answers"]] == [ANSWER]

    # The coworker saw that it was delivered; with the receipt and without the word nothing opens,
    # word for word as with a receipt that there never was.
    seen = hers.without_word().answers().refused(4, "Nothing opens with this receipt.")
    wrong_word = Asked(deployed, hers.receipt, "달맞이")
    never = Asked(deployed, code_text.symbols(b"nobody has", Kind.RECEIPT))
    for other in (wrong_word, never):
        said = other.answers()
        assert (said.exit_code, said.all) == (4, seen.all)
    for text in (PLACE, ANSWER):
        assert text not in asked.all + seen.all

    # No word of hers or of the provider, no code and no receipt lies in rows, files or output.
    words = [ANSWER, PLACE, HER_WORD, code, hers.receipt]
    assert [one for one in words if scan.holds(deployed, one.encode())] == []
    assert scan.holds(deployed, NAMES[OPEN_DOOR].encode()), "the scan finds what lies there"


def test_S1_R9_R13_another_device_reads_it_and_neither_keeps_anything(
    deployed: Deployment, tmp_path: Path
) -> None:
    """Two devices that share nothing: one sends, the other reads; both are empty afterwards."""
    shelter = Provider(deployed, OPEN_DOOR)
    code = shelter.code()
    phone, library = tmp_path / "phone", tmp_path / "library"
    request = people.written(deployed, people.SLEEP).rename(tmp_path / "said.toml")
    sent = _on_a_device(
        deployed, phone, code, "ask", "--from", str(request), "--code-file", "-", "--yes"
    )
    shelter.answer(shelter.newest(), ANSWER).done()
    read = _on_a_device(
        deployed,
        library,
        _receipt_in(sent.stderr),
        "answers",
        "--receipt-file",
        "-",
        state="",
    )
    assert ANSWER in read.stdout
    # How new the network was is kept, unless somebody wants not even that; nothing of the request.
    assert [file for file in library.rglob("*") if file.is_file()] == []
    (kept,) = [file for file in phone.rglob("*") if file.is_file()]
    assert kept.name.startswith("seen-")
    assert set(json.loads(kept.read_bytes())) == {"version", "policy", "size", "root", "day"}


def _on_a_device(
    at: Deployment, home: Path, secret: str, *words: str, state: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own, whose every folder is the device's."""
    home.mkdir()
    places = (
        "HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME",
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-P", "-B", "-m", "towpath", *words],
        cwd=home,
        env={
            **dict.fromkeys(places, str(home)),
            "PYTHONPATH": str(ROOT),
            "TOWPATH_SERVER": at.url,
            "LC_ALL": "C.UTF-8",
            **({} if state is None else {"TOWPATH_STATE": state}),
        },
        input=f"{secret}\n",
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done
