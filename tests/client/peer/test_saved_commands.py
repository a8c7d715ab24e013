"""`towpath keep` and `towpath seal`: what the page does without a network, in a terminal (R40)."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from client.cli.common import Session
from crypto.encoding import monday
from tests.client.peer.conftest import MakeTown, Run
from tests.client.peer.keyboard import GO_ON, NO_WORD, SHORT, asking, lines, receipt_in
from tests.client.peer.providers import this_day
from tests.client.peer.town import Town


@pytest.fixture
def town(make_town: MakeTown) -> Town:
    """A town with two organisations."""
    return make_town("Open Door", "Harbour House")


def pinned(town: Town) -> str:
    """The id of the town's network."""
    return town.provider.network.network_id.hex()


def test_R40_saved_for_a_code_sealed_without_a_network_and_handed_in(
    town: Town, run: Run, tmp_path: Path
) -> None:
    """Nothing is called between; the receipt works afterwards."""
    code = town.publish("one")
    assert run("keep", "saved.txt", typed=lines(code)).exit_code == 0
    assert code.replace("-", "") not in (tmp_path / "saved.txt").read_text()
    town.calls.clear()
    shown = run("seal", "saved.txt", "sealed.txt", typed=asking(code))
    assert shown.exit_code == 0, shown.output
    assert town.calls == []
    receipt = receipt_in(shown.output)
    assert run("paste", "sealed.txt").exit_code == 0
    assert len(town.envelopes) == 1
    assert run("answers", typed=lines(receipt, NO_WORD)).exit_code == 0


def test_R10_R40_saved_without_a_code_sealed_and_handed_in_three_days_later(
    town: Town, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last day is said; the work is done again for the day on which it is handed in."""
    network = ("--network", pinned(town))
    assert run("keep", "saved.txt", "--no-code", *network).exit_code == 0
    typed = lines("2", GO_ON, *SHORT, "3", "2")
    shown = run("seal", "saved.txt", "sealed.txt", "--no-code", *network, typed=typed)
    assert shown.exit_code == 0, shown.output
    assert "Hand it in until" in shown.output
    later(monkeypatch, this_day() + 3)
    town.day += 3
    town.provider.newest_day += 3
    assert run("paste", "sealed.txt").exit_code == 0
    assert len(town.envelopes) == 1


def later(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    """Let the device's date be another one for the commands that follow."""
    monkeypatch.setattr("client.ambient.time.time", lambda: day * 86_400)
    for module in ("client.cli.common", "client.cli.peer_saved"):
        made = partial(Session, today=lambda: day)
        monkeypatch.setattr(f"{module}.Session", made)


def test_R10_without_a_code_the_network_must_be_named(town: Town, run: Run) -> None:
    """Whoever made the text could have made up a network: exit 7, before anything is asked."""
    assert run("keep", "saved.txt", "--no-code").exit_code == 7
    assert run("keep", "saved.txt", "--no-code", "--network", pinned(town)).exit_code == 0
    assert run("seal", "saved.txt", "sealed.txt", "--no-code").exit_code == 7


def test_keys_past_their_last_day_are_refused_before_she_writes(
    town: Town, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Exit 6, with no question asked."""
    network = ("--network", pinned(town))
    run("keep", "saved.txt", "--no-code", *network)
    later(monkeypatch, monday(this_day()) + 7)
    shown = run("seal", "saved.txt", "sealed.txt", "--no-code", *network)
    assert shown.exit_code == 6
    assert "last day" in " ".join(shown.output.split())
    assert not (tmp_path / "sealed.txt").exists()


def test_a_text_that_holds_nothing_saved_is_not_read(town: Town, run: Run, tmp_path: Path) -> None:
    """Exit 5, and nothing is asked."""
    (tmp_path / "mail.txt").write_text("-----BEGIN TOWPATH CARRIED-----\nAAAA\n")
    shown = run("seal", "mail.txt", "sealed.txt", typed=lines(town.publish("one")))
    assert shown.exit_code == 5
    assert town.calls == []


def test_a_code_that_is_refused_saves_nothing(town: Town, run: Run, tmp_path: Path) -> None:
    """Exit 4; no file."""
    code = town.publish("one")
    town.records.clear()
    assert run("keep", "saved.txt", typed=lines(code)).exit_code == 4
    assert not (tmp_path / "saved.txt").exists()
