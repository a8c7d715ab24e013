"""The commands of peers against the server as it is shipped, in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from client.flows import ask, ways
from crypto import constants as c
from crypto.client import code_text
from crypto.client.code_text import Kind
from crypto.errors import CannotOpen
from tests.client.peer.keyboard import (
    GO_ON,
    NO,
    NO_WORD,
    SHORT,
    YES,
    asking,
    lines,
    receipt_in,
)
from tests.client.peer.providers import this_day
from tests.client.peer.real import Real, real_server
from tests.client.peer.test_ask_flow import DRAFT
from tests.crypto.records import stream
from towpath.__main__ import towpath


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    """One server for all tests of this file."""
    with real_server(tmp_path_factory.mktemp("real") / "server") as running:
        yield running


def run(real: Real, *words: str, typed: str = "") -> Result:
    """Run `towpath` against the server, typing these lines."""
    asked = CliRunner(env={"TOWPATH_SERVER": real.url, "TOWPATH_NETWORK": None})
    return asked.invoke(towpath, words, input=typed)


def way(real: Real, text: str, name: str) -> ways.ByCode:
    """The way that a code opens."""
    secret = code_text.read(text, Kind.CODE).secret
    opened = ask.open_code(real.api, secret, device_day=this_day())
    assert opened is not None
    return ways.ByCode(real.api, opened, this_day, stream(f"real {name}"))


def test_S1_P1_R13_there_and_back_through_the_real_server(real: Real) -> None:
    """Asked, collected from the drop, answered, read, added to, renewed, withdrawn."""
    code = real.publish("there and back")
    shown = run(real, "ask", typed=asking(code.text))
    assert shown.exit_code == 0, shown.output
    assert "Delivered. Read back with the receipt just now." in shown.stdout
    receipt = receipt_in(shown.output)
    assert "not answered yet" in run(real, "answers", typed=lines(receipt, NO_WORD)).stdout

    read = real.provider.read(code.locator, real.drop()[code.locator])
    assert read.box is not None
    sealed = real.provider.seal_answer(read.box, 1, "answered", "Tonight at eight.")
    assert real.api.answer(read.box.box_id, read.box.write_key, 1, sealed) == "stored"
    shown = run(real, "answers", typed=lines(receipt, NO_WORD))
    assert "Tonight at eight." in shown.stdout

    added = run(real, "add", typed=lines(receipt, NO_WORD, "One thing more.", "", NO, "1"))
    assert added.exit_code == 0, added.output
    assert run(real, "renew", typed=lines(receipt, NO_WORD)).exit_code == 0
    assert len(real.drop()) >= 2

    gone = run(real, "withdraw", typed=lines(receipt, NO_WORD, YES))
    assert gone.exit_code == 0, gone.output
    assert run(real, "answers", typed=lines(receipt, NO_WORD)).exit_code == 4
    assert code.locator not in real.drop()


def test_P4_R5_a_used_code_is_refused_by_the_real_server(real: Real) -> None:
    """Used, cancelled and never published: one and the same page."""
    used, cancelled = real.publish("used"), real.publish("cancelled")
    assert run(real, "ask", typed=asking(used.text)).exit_code == 0
    real.api.cancel_code(cancelled.locator, cancelled.write_key)
    never = code_text.symbols(bytes(10), Kind.CODE)
    pages = set()
    for text in (used.text, cancelled.text, never):
        shown = run(real, "ask", typed=lines(text))
        assert shown.exit_code == 4
        pages.add(shown.output.replace(text, ""))
    assert len(pages) == 1


def test_P4_R5_of_twenty_at_once_one_wins(real: Real) -> None:
    """Twenty fill in the form for one code; one is taken, nineteen hear the refusal."""
    code = real.publish("race")
    opened = way(real, code.text, "race").opened
    nobody = replace(DRAFT, eyes=c.EYES_NOBODY)
    sealed = [ask.seal(opened, nobody, None, random=stream(f"racer {n}")) for n in range(20)]
    with ThreadPoolExecutor(20) as pool:
        told = list(pool.map(real.api.send, sealed))
    (winner,) = [one for one, last_epoch in zip(sealed, told, strict=True) if last_epoch]
    assert told.count(None) == 19
    assert real.drop()[code.locator] == winner.envelope


def test_P10_a_repeat_gets_the_first_answer_and_makes_no_two(real: Real) -> None:
    """The same bytes again, posted and pasted; anything else is refused."""
    code = real.publish("repeat")
    going = way(real, code.text, "repeat")
    receipt = ask.make_receipt(going.view.policy.network_id, "", random=stream("repeat"))
    request = going.seal(DRAFT, receipt)
    before = len(real.drop())
    told = {going.send(request)[1] for _ in range(3)}
    assert told == {this_day() + c.REFERRAL_DAYS}
    other = replace(request, envelope=going.seal(DRAFT, receipt).envelope)
    assert going.send(other)[1] is None
    assert len(real.drop()) == before + 1


def test_R10_without_a_code_through_the_real_server(real: Real) -> None:
    """The directory is checked, the work is done, and it is delivered."""
    pinned = json.loads(run(real, "network", "--json").stdout)["network_id"]
    assert pinned == real.provider.network.network_id.hex()
    typed = lines("1", GO_ON, *SHORT, "2", "2")
    shown = run(real, "ask", "--no-code", "--network", pinned, typed=typed)
    assert shown.exit_code == 0, shown.output
    assert "Delivered." in shown.stdout
    one = real.provider.organisations[0]
    receipt = receipt_in(shown.output)
    assert "Open Door" in run(real, "answers", typed=lines(receipt, NO_WORD)).stdout
    opened = 0
    for sealed in real.drop().values():
        with suppress(CannotOpen):  # the others were sent with codes
            opened += real.provider.read_walk_in(sealed, one).consent == c.CONSENT_SELF
    assert opened == 1
