"""Bad input: codes, receipts and texts that are not what they should be.

Each is told in words that say what to do next; nothing is sent, spent or left behind by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import pytest

from client.api import Api
from client.flows import ask
from client.http import Http
from crypto import constants as c
from crypto.client import code_text
from crypto.client.code_text import Kind
from crypto.client.message import Message
from tests.acceptance import command, deployment, people, scan
from tests.acceptance.deployment import CODES, HARBOUR, OPEN_DOOR, Baked, Deployment
from tests.acceptance.people import SLEEP, Asked, Provider

_OF_A_NEWER_VERSION = 65_000


_BOTH = cycle((OPEN_DOOR, HARBOUR))


@pytest.fixture(scope="module")
def shared(on_sqlite: Baked, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """One server for all tests of this file."""
    made = deployment.copy_of(on_sqlite, tmp_path_factory.mktemp("words") / "it")
    made.start()
    yield made
    made.close()


@pytest.fixture
def started(shared: Deployment) -> Iterator[Deployment]:
    """The same, with devices in this process."""
    with command.devices(shared.days):
        yield shared


@pytest.fixture
def shelter(started: Deployment) -> Provider:
    """An organisation with codes."""
    made = Provider(started, next(_BOTH))
    made.catch_up()
    return made


def _with_wrong(code: str, *places: int) -> str:
    """Write other signs at these places of a code."""
    signs = list(code)
    for place in places:
        signs[place] = "2" if signs[place] != "2" else "3"
    return "".join(signs)


def _sent(at: Deployment) -> int:
    return len(scan.rows(at)["envelope"])


def test_R5_one_wrong_sign_of_a_code_is_put_right_and_said(
    started: Deployment, shelter: Provider
) -> None:
    """The right code is shown, and the request goes out with it."""
    code = shelter.code()
    said = people.try_to_ask(started, _with_wrong(code, 6), SLEEP)
    assert said.json()["delivered"]
    assert "One sign was wrong and was put right:" in said.err
    assert code in said.err


def test_R5_two_wrong_signs_are_asked_about_and_never_guessed(
    started: Deployment, shelter: Provider
) -> None:
    """From a file nothing is done; by hand it is asked whether that was meant."""
    code = shelter.code()
    wrong, before = _with_wrong(code, 6, 12), _sent(started)
    said = people.try_to_ask(started, wrong, SLEEP)
    said.refused(4, "Two signs of this code look wrong.", "Type it by hand")
    asked = started.run("ask", typed=f"{wrong}\ny\nn\n")
    asked.refused(7, "Did you mean", code, "Nothing was sent.")
    assert _sent(started) == before
    people.ask(started, code, SLEEP)


def test_R5_what_is_no_code_is_told_how_a_code_looks(started: Deployment) -> None:
    """By a file at once, by hand five times over."""
    sentences = ("This is not a code.", "It has 20 letters and digits", "or 27 digits")
    people.try_to_ask(started, "hello", SLEEP).refused(4, *sentences)
    by_hand = started.run("ask", typed="hello\n" * 6).refused(4, *sentences)
    assert by_hand.err.count("This is not a code.") == 6  # five tries, and the end


def test_R13_a_code_and_a_receipt_are_told_apart(started: Deployment, shelter: Provider) -> None:
    """Who mixes them up is told which is asked for, and where the other one goes."""
    code = shelter.code()
    asked = people.ask(started, code, SLEEP)
    people.try_to_ask(started, asked.receipt, SLEEP).refused(
        4, "This is a receipt, and a code is asked for.", "towpath answers"
    )
    Asked(started, shelter.code()).answers().refused(
        4, "This is a code, and a receipt is asked for.", "towpath ask"
    )


def test_R13_a_wrong_receipt_or_word_is_told_and_the_right_one_still_reads(
    started: Deployment, shelter: Provider
) -> None:
    """Nothing says which of the two it was; trying does no harm."""
    asked = people.ask(started, shelter.code(), {**SLEEP, "eyes": "word"}, "a word of hers")
    before = _sent(started)
    never = Asked(started, code_text.symbols(b"nobody has", Kind.RECEIPT), "a word of hers")
    other = Asked(started, asked.receipt, "another word")
    for one in (never, other, asked.without_word()):
        one.answers().refused(
            4, "Nothing opens with this receipt.", "Look at the receipt again, and at the word"
        )
        one.withdraw().refused(4)
        one.renew().refused(4)
        one.add({"consent": "yes", "needs": ["money"]}).refused(4)
    assert asked.read()["delivered"]["name"]
    assert _sent(started) == before


@pytest.mark.parametrize("over", [1, 500])
def test_R28_a_text_that_is_too_long_is_told_with_how_much_to_cut(
    started: Deployment, shelter: Provider, over: int
) -> None:
    """Before anything is sent; the code stays good for the shorter one."""
    code, before = shelter.code(), _sent(started)
    long = {**SLEEP, "text": "é" * ((c.TEXT_BYTES + over) // 2) + "e" * ((c.TEXT_BYTES + over) % 2)}
    said = people.try_to_ask(started, code, long)
    said.refused(2, f"text: {over} bytes too long (of {c.TEXT_BYTES}).", "Nothing was sent.")
    assert "é" not in said.all
    assert _sent(started) == before
    people.ask(started, code, {**SLEEP, "text": "é" * (c.TEXT_BYTES // 2)})


def test_R28_typed_by_hand_a_text_that_is_too_long_can_be_written_again(
    started: Deployment, shelter: Provider
) -> None:
    """The form says how much is too much and asks again; what was chosen before stays."""
    asked = people.ask(started, shelter.code(), SLEEP)
    long, short = "e" * (c.TEXT_BYTES + 7), "shorter"
    typed = f"{asked.receipt}\n\n{long}\n\n{short}\n\nn\nyes\n"
    said = started.run("add", typed=typed).done()
    assert "This is 7 bytes too long" in said.err
    scan.settle(started)
    assert shelter.show(shelter.newest())["additions"][0]["text"] == short


def test_R17_a_need_that_nobody_knows_is_not_sent_from_a_file(
    started: Deployment, shelter: Provider
) -> None:
    """The key and the place are named, never what stands there."""
    code = shelter.code()
    said = people.try_to_ask(started, code, {**SLEEP, "needs": ["money", "a-new-car"]})
    said.refused(2, "needs: entry 2 is not a code of this list", "towpath ask --example")
    assert "a-new-car" not in said.all
    people.ask(started, code, SLEEP)


def test_R17_a_need_of_a_newer_version_is_shown_as_one_and_not_lost(
    started: Deployment, shelter: Provider
) -> None:
    """The provider sees that there is something it can't read, and what it can read."""
    draft = Message(
        consent=1, needs=(1, _OF_A_NEWER_VERSION), languages=(1,), channels=(1,), eyes=c.EYES_NOBODY
    )
    api = Api(Http(started.url, proxy=None, random=_counting))
    code = code_text.read(shelter.code(), Kind.CODE).secret
    with started.core() as core:
        opened = ask.open_code(api, code, device_day=core.today)
        assert opened is not None
        request = ask.seal(opened, draft, None, random=core.random)
    assert api.send(request) is not None
    needs = shelter.show(shelter.newest())["choices"]["What would help"]
    assert needs == "A safe place now; something this version does not know"


def test_an_empty_stock_is_told_and_no_code_is_taken(own: Deployment) -> None:
    """More than there are: none is handed out; then all there are; then none, and what to do."""
    shelter = Provider(own, OPEN_DOOR)
    said = shelter.run("codes", str(CODES + 1))
    said.refused(7, f"Only {CODES} in stock.", "towpath provider stock")
    assert said.out == ""
    assert len(shelter.run("codes", str(CODES), "--json").json()["codes"]) == CODES
    shelter.run("codes", "1").refused(7, "There is no code in stock.", "towpath provider stock")
    shelter.run("codes", "0").refused(2)


def _counting(size: int) -> bytes:
    return bytes(size)
