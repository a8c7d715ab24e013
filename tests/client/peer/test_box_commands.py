"""`towpath answers`, `add`, `renew`, `withdraw`: with the receipt, from any device."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crypto import constants as c
from crypto.client import code_text, codes
from crypto.client.code_text import Kind
from crypto.client.message import BoxKeys
from tests.client.peer.conftest import Run
from tests.client.peer.keyboard import NO, NO_WORD, YES, asking, lines, receipt_in
from tests.client.peer.town import Town, fingerprint
from tests.crypto.networks import seed_of


@pytest.fixture
def receipt(town: Town, run: Run) -> str:
    """The receipt of a request that was delivered."""
    return receipt_in(run("ask", typed=asking(town.publish("one"))).output)


def put(town: Town, receipt: str, slot: int, state: str, text: str = "", **more: object) -> None:
    """Store an answer as the provider does."""
    secret = code_text.read(receipt, Kind.RECEIPT).secret
    keys = BoxKeys.of(codes.receipt_keys(secret, "", town.provider.network.network_id))
    town.boxes[keys.box_id].slots[slot] = town.provider.seal_answer(keys, slot, state, text, **more)


def test_R14_not_answered_yet_is_said_with_what_can_be_done(
    town: Town, run: Run, receipt: str
) -> None:
    """And a mark that it was read changes nothing of that."""
    for _ in range(2):
        shown = run("answers", typed=lines(receipt, NO_WORD))
        assert shown.exit_code == 0
        assert "It is not answered yet." in shown.stdout
        for command in ("add", "renew", "withdraw", "ask --no-code"):
            assert f"towpath {command}" in shown.stdout
        put(town, receipt, 1, "read")


def test_R13_every_answer_is_shown_in_order_with_its_day_and_state(
    town: Town, run: Run, receipt: str
) -> None:
    """In whatever language it was written."""
    put(town, receipt, 2, "answered", "오늘 밤 잘 곳이 있습니다.\nSecond line.")
    put(town, receipt, 1, "read")
    shown = run("answers", typed=lines(receipt, NO_WORD)).stdout
    assert "not answered yet" not in shown
    assert shown.index("Delivered to Open Door") < shown.index("Read") < shown.index("오늘 밤")
    assert "  Second line." in shown


def test_R13_answers_as_json(town: Town, run: Run, receipt: str, tmp_path: Path) -> None:
    """The receipt from a file, the result as an object."""
    put(town, receipt, 3, "answered", "오늘")
    (tmp_path / "receipt.txt").write_text(receipt)
    shown = run("answers", "--receipt-file", "receipt.txt", "--json")
    said = json.loads(shown.stdout)
    assert said["answered"] is True
    assert [(one["slot"], one["state"], one["text"]) for one in said["answers"]] == [
        (3, "answered", "오늘")
    ]
    assert said["not_shown"] == {"newer": 0, "unsigned": 0}


def test_R36_another_organisation_is_named_and_nothing_passed_on(
    town: Town, run: Run, receipt: str
) -> None:
    """By the name that the directory proves; an unknown key has no name."""
    keys = (town.provider.organisations[0].key, seed_of("nobody"))
    put(town, receipt, 1, "try_another", try_another=keys)
    shown = run("answers", typed=lines(receipt, NO_WORD)).stdout
    assert "They name: Open Door. You choose; nothing was passed on." in shown
    assert "an organisation that is not listed today" in shown


def test_P2_what_fails_is_never_shown(town: Town, run: Run, receipt: str) -> None:
    """A forged answer leaves one sentence and none of its words."""
    put(town, receipt, 1, "answered", "canary", seed=seed_of("somebody else"))
    shown = run("answers", typed=lines(receipt, NO_WORD)).output
    assert "canary" not in shown
    assert "was not signed by this organisation" in shown
    assert "It is not answered yet." in shown


def test_no_text_commands_the_terminal(town: Town, run: Run, receipt: str) -> None:
    """Marks that turn text round never reach the terminal as they are; line feeds do."""
    put(town, receipt, 1, "answered", "abc\u202ecba\u2066\ndone")
    shown = run("answers", typed=lines(receipt, NO_WORD)).output
    assert not set(shown) & set("\u202e\u2066\x1b\x07")
    assert "abc\ufffdcba\ufffd\n  done" in shown


@pytest.mark.parametrize("command", ["answers", "add", "renew", "withdraw"])
def test_P4_where_nothing_opens_one_sentence_says_all_reasons(
    town: Town, run: Run, command: str
) -> None:
    """Exit 4; nothing is changed; the sentence is the same everywhere."""
    nobody = code_text.symbols(bytes(10), Kind.RECEIPT)
    before = fingerprint(town)
    shown = run(command, typed=lines(nobody, NO_WORD))
    assert shown.exit_code == 4
    said = " ".join(shown.output.split())
    assert "It was not sent, was withdrawn or has ended; or the receipt or the word" in said
    assert nobody not in shown.output.replace(f"The receipt: {nobody}", "")
    assert fingerprint(town) == before


def test_R13_something_is_added(town: Town, run: Run, receipt: str) -> None:
    """Own words, a yes, and it is there."""
    typed = lines(receipt, NO_WORD, "I can talk on Thursday.", "", NO, "1")
    shown = run("add", typed=typed)
    assert shown.exit_code == 0
    assert "Added." in shown.stdout
    assert len(town.envelopes) == 2


def test_P8_R12_T23_without_a_yes_nothing_is_added(town: Town, run: Run, receipt: str) -> None:
    """Saying no, and saying nothing at all."""
    before = fingerprint(town)
    assert run("add", typed=lines(receipt, NO_WORD, "x", "", NO, "3")).exit_code == 7
    assert run("add", typed=lines(receipt, NO_WORD, "", NO)).exit_code == 7
    assert run("add", typed=lines(receipt, NO_WORD, "x", "", NO)).exit_code == 130
    assert fingerprint(town) == before


def test_R40_something_is_added_from_a_file(
    town: Town, run: Run, receipt: str, tmp_path: Path
) -> None:
    """The same keys as a request's, and the same yes."""
    (tmp_path / "receipt.txt").write_text(receipt)
    (tmp_path / "more.toml").write_text('consent = "own"\nsoon = "tonight"\n')
    files = ("--receipt-file", "receipt.txt", "--from", "more.toml")
    assert run("add", *files, typed=lines(NO)).exit_code == 7
    assert run("add", *files, "--yes").exit_code == 0
    (tmp_path / "more.toml").write_text('soon = "tonight"\n')
    assert run("add", *files, "--yes").exit_code == 7
    assert len(town.envelopes) == 2


def test_P10_an_addition_is_tried_again_with_the_same_bytes(
    town: Town, run: Run, receipt: str
) -> None:
    """Lost three times, then found to have arrived."""
    town.lose["/v1/boxes/add"] = 3
    shown = run("add", typed=lines(receipt, NO_WORD, "x", "", NO, "1", YES))
    assert shown.exit_code == 0
    assert len(town.envelopes) == 2


def test_P7_R13_withdrawing_asks_first_and_looks_afterwards(
    town: Town, run: Run, receipt: str
) -> None:
    """A no changes nothing; a yes leaves nothing; a second time there is nothing."""
    assert run("withdraw", typed=lines(receipt, NO_WORD, NO)).exit_code == 7
    assert len(town.envelopes) == 1
    shown = run("withdraw", typed=lines(receipt, NO_WORD, YES))
    assert shown.exit_code == 0
    assert (town.envelopes, town.boxes) == ({}, {})
    assert run("withdraw", typed=lines(receipt, NO_WORD, YES)).exit_code == 4


def test_a_server_that_keeps_what_was_withdrawn_is_found_out(
    town: Town, run: Run, receipt: str
) -> None:
    """It says that it did, and did not."""
    town.instead["/v1/boxes/withdraw"] = (200, {})
    shown = run("withdraw", "--yes", typed=lines(receipt, NO_WORD))
    assert shown.exit_code == 1
    assert "still there" in shown.output


def test_R25_renewing_says_until_when(town: Town, run: Run, receipt: str) -> None:
    """The day before the last epoch, as text and as JSON."""
    from client.flows.days import day

    town.day += 3
    shown = run("renew", typed=lines(receipt, NO_WORD))
    assert f"It is kept until {day(town.day + c.REFERRAL_DAYS - 1)}." in shown.stdout
    said = run("renew", "--json", typed=lines(receipt, NO_WORD)).stdout
    assert json.loads(said) == {"last_day": day(town.day + c.REFERRAL_DAYS - 1)}


def test_S4_asked_withdrawn_and_asked_again_weeks_later(town: Town, run: Run, receipt: str) -> None:
    """The first is gone, the second shares nothing with it, and no penalty is spoken of."""
    first = [body for _, body in town.calls]
    assert run("withdraw", "--yes", typed=lines(receipt, NO_WORD)).exit_code == 0
    town.calls.clear()
    shown = run("ask", typed=asking(town.publish("two")))
    assert shown.exit_code == 0
    assert "penalty" not in shown.output
    second = [body for path, body in town.calls if path == "/v1/referrals"]
    values = {v for v in json.loads(second[0]).values() if isinstance(v, str) and len(v) > 8}
    assert not any(value.encode() in body for value in values for body in first if value)
