"""Bad days between a device and the server: cut, lost, suspended, locked, restarted.

Whatever happens on the way, one request arrives at most once, and a code is never lost for nothing.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from server.founding import database_file
from server.settings import load as load_settings
from tests.acceptance import people, scan
from tests.acceptance.deployment import ADMINS, HARBOUR, NAMES, OPEN_DOOR, Deployment
from tests.acceptance.people import SLEEP, Asked, Provider
from tests.acceptance.relay import Relay
from tests.server.serving import ROOT

SENT, ANSWERED = "/v1/referrals", "/v1/boxes/answer"
LOST = "The server can't be reached, or its answer was lost."
_TRIES = 3
_TYPED = ["y", "money", "ko", "", "", "come_back", "n", "receipt", "yes"]


@pytest.fixture(autouse=True)
def _without_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once, as somebody would after a moment."""
    monkeypatch.setattr("client.http._WAITS_S", (0.0, 0.0))
    monkeypatch.setattr("client.http._WAIT_MOST_S", 0.1)


@pytest.fixture
def shelter(started: Deployment) -> Provider:
    """An organisation with codes."""
    return Provider(started, OPEN_DOOR)


def _stored(at: Deployment) -> dict[str, int]:
    there = scan.rows(at)
    return {table: len(there[table]) for table in ("envelope", "box", "box_slot")}


def _is_live(at: Deployment, code: str) -> bool:
    return at.run("ask", typed=f"{code}\nn\n").exit_code == 7


NOTHING = {"envelope": 0, "box": 0, "box_slot": 0}
ONE = {"envelope": 1, "box": 1, "box_slot": 1}


@pytest.mark.parametrize("after", [0, 1, 700, 16_000])
def test_P10_a_request_that_breaks_off_stores_nothing_and_goes_again(
    started: Deployment, shelter: Provider, way: Relay, after: int
) -> None:
    """The client sends the same again by itself, and it arrives once."""
    way.cut_request[SENT] = after
    said = people.try_to_ask(started, shelter.code(), SLEEP, url=way.url).json()
    assert said["delivered"]
    cut, whole = way.to(SENT)
    assert (cut.body, cut.status, whole.status) == (whole.body, 0, 200)
    assert _stored(started) == ONE
    assert shelter.sync_until(requests=1)["requests"] == 1


@pytest.mark.parametrize("after", [1, 40, 200])
def test_P10_an_answer_that_breaks_off_is_asked_for_again(
    started: Deployment, shelter: Provider, way: Relay, after: int
) -> None:
    """Both get the same answer; there is one request."""
    way.cut_answer[SENT] = after
    said = people.try_to_ask(started, shelter.code(), SLEEP, url=way.url).json()
    assert said["delivered"]
    first, again = way.to(SENT)
    assert first.body == again.body
    assert first.answered == again.answered
    assert _stored(started) == ONE


def test_P10_an_answer_lost_after_the_commit_is_no_second_request(
    started: Deployment, shelter: Provider, way: Relay
) -> None:
    """By hand: it is said that nobody knows; the very same is sent again, and is delivered."""
    way.lose[SENT] = _TRIES
    typed = "".join(f"{line}\n" for line in [shelter.code(), *_TYPED, "y"])
    said = started.run("ask", typed=typed, url=way.url).done()
    for sentence in (LOST, "It is not known whether it arrived.", "never makes two", "Try again?"):
        assert sentence in " ".join(said.err.split())
    assert "Delivered." in said.out
    assert len({one.body for one in way.to(SENT)}) == 1
    assert len(way.to(SENT)) == _TRIES + 1
    assert _stored(started) == ONE
    assert shelter.sync_until(requests=1)["requests"] == 1


def test_P10_from_a_file_a_lost_answer_is_exit_3_and_the_receipt_tells(
    started: Deployment, shelter: Provider, way: Relay
) -> None:
    """A script gets the exit code; the receipt, shown before, says whether it arrived."""
    way.lose[SENT] = _TRIES
    said = people.try_to_ask(started, shelter.code(), SLEEP, url=way.url)
    said.refused(3, LOST, "Check the connection and the server's address, then try again.")
    receipt = said.err.split("It cannot be shown again.")[1].splitlines()[1].strip()
    assert Asked(started, receipt).read()["delivered"]["name"] == NAMES[OPEN_DOOR]


def test_P10_what_never_arrived_can_be_carried_elsewhere(
    started: Deployment, shelter: Provider, way: Relay
) -> None:
    """Nothing gets through: it is written sealed to a file, and posted from another place."""
    carried = started.folder / "carried"
    typed = "".join(f"{line}\n" for line in [shelter.code(), *_TYPED, "n", "y", str(carried)])
    way.before[SENT] = started.kill
    said = started.run("ask", typed=typed, url=way.url)
    said.refused(3, LOST, "Write it to a file instead")
    started.start(later=True)
    assert _stored(started) == NOTHING
    started.run("paste", str(carried)).done()
    started.run("paste", str(carried)).done()
    assert _stored(started) == ONE
    assert shelter.sync_until(requests=1)["requests"] == 1


def test_P10_a_providers_answer_that_was_lost_is_one_answer(
    started: Deployment, shelter: Provider, way: Relay
) -> None:
    """It waits in the store, and goes out with the next sync, byte for byte."""
    asked = people.ask(started, shelter.code(), SLEEP)
    case = shelter.newest()
    way.lose[ANSWERED] = _TRIES
    words = ("answer", case, "--state", "answered", "--text-file", "-")
    shelter.run(*words, typed="Come at ten.", url=way.url).refused(3, LOST)
    assert shelter.sync(url=way.url)["answers_sent"] == 1
    assert len({one.body for one in way.to(ANSWERED)}) == 1
    assert [one["text"] for one in asked.read()["answers"]] == ["Come at ten."]


def test_P2_P9_a_provider_suspended_while_the_form_is_filled_in_gets_nothing(
    started: Deployment, shelter: Provider, way: Relay
) -> None:
    """Between opening the code and sending one admin suspends: it is said, and nothing is sent."""
    code = shelter.code()
    way.after["/v1/codes/open"] = lambda: _suspend(started)
    said = people.try_to_ask(started, code, SLEEP, url=way.url)
    said.refused(
        6,
        "The organisation behind this is not listed any more",
        "Nothing was sent.",
        "without a code",
    )
    assert way.to(SENT) == []
    assert _stored(started) == NOTHING
    people.try_to_ask(started, code, SLEEP).refused(6, "not listed any more")
    shelter.run("status").refused(7, "not listed")
    people.ask(started, Provider(started, HARBOUR).code(), SLEEP)


def _suspend(at: Deployment) -> None:
    key = ("--key", at.folder / "admins" / f"{ADMINS[2]}.key")
    phrase = ("--passphrase-file", at.folder / "admins" / "phrase")
    words = ("admin", "suspend", NAMES[OPEN_DOOR], *key, *phrase, "--server", at.url, "--yes")
    done = subprocess.run(
        [sys.executable, "-m", "towpath", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_P2_P9_a_listing_signed_by_too_few_is_told_and_nothing_is_sent(
    started: Deployment, shelter: Provider
) -> None:
    """The network asks for three signatures from now on; the listing bears two."""
    code = shelter.code()
    _ask_for_three(started)
    said = people.try_to_ask(started, code, SLEEP)
    said.refused(6, "Fewer admins have signed this organisation's listing", "Nothing was sent.")
    assert _stored(started) == NOTHING
    shelter.run("stock", "--now", "--yes").refused(7)


def _ask_for_three(at: Deployment) -> None:
    draft = at.folder / "next-policy"
    at.run("admin", "policy", "next", "--threshold", "3", "--out", str(draft)).done()
    for name in ADMINS:
        at.admin(name, "policy", "sign", str(draft)).done()
    loaded = subprocess.run(
        [sys.executable, "-m", "towpath", "server", "policy", draft, "--dir", at.server],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr


def test_P10_a_locked_database_stores_nothing_and_says_so(
    started: Deployment, shelter: Provider, way: Relay
) -> None:
    """Busy, nothing stored, try again; once the lock is gone the same code goes through."""
    code = shelter.code()
    with _locked(started):
        said = people.try_to_ask(started, code, SLEEP, url=way.url)
        said.refused(3, "The server is busy. Nothing was stored.", "Wait a little, then try again.")
        assert {one.status for one in way.to(SENT)} == {503}
        assert b"locked" not in way.to(SENT)[0].answer
    assert _stored(started) == NOTHING
    people.ask(started, code, SLEEP)
    assert _stored(started) == ONE


@contextmanager
def _locked(at: Deployment) -> Iterator[None]:
    file = database_file(load_settings(at.server))
    assert file is not None
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_P10_a_server_restarted_between_any_two_steps_loses_nothing(
    started: Deployment, shelter: Provider, way: Relay
) -> None:
    """Killed and started again after each step, and while a form is filled in."""
    code = shelter.code()
    way.after["/v1/codes/open"] = lambda: _restart(started)
    said = people.try_to_ask(started, code, SLEEP, url=way.url).json()
    asked = Asked(started, said["receipt"]["letters"])
    _restart(started)
    case = shelter.newest()
    _restart(started)
    shelter.answer(case, "Come at ten.").done()
    _restart(started)
    assert [one["text"] for one in asked.read()["answers"]] == ["Come at ten."]
    asked.add({"consent": "yes", "needs": ["money"]}).done()
    _restart(started)
    assert shelter.sync_until(additions=1)["additions"] == 1
    asked.renew().done()
    _restart(started)
    assert asked.read()["answered"]
    asked.withdraw().done()
    _restart(started)
    asked.answers().refused(4)
    people.try_to_ask(started, code, SLEEP).refused(4)


def _restart(at: Deployment) -> None:
    at.kill()
    at.start(later=True)
