"""One request, there and back, over a real server on this machine: `python -m client.demo_play`.

The request is that of a coworker with fifteen minutes: a Korean speaker, a place tonight, her
papers, some money. Beside each step stands what the server saw of it. Nothing is kept.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click

from client import ambient, demo_network, demo_server
from client.api import Api
from client.cli.common import Commands, steady_output, tell
from client.demo_network import api_at, open_provider, signed_calls
from client.demo_places import FIRST, Places
from client.demo_relay import Relay
from client.demo_server import DemoServer
from client.demo_story import ANSWER, SENTENCE, referral, text_of
from client.demo_watch import Watch
from client.errors import Trouble
from client.flows import answering, answers, ask, cases, handing, sync
from client.flows.answering import Wanted
from client.flows.ask import Receipt
from client.flows.desk import Desk
from client.flows.ways import ByCode
from crypto.client import code_text
from crypto.client.code_text import Kind
from crypto.client.store import Store

_TICK_SECONDS = 1
_TOKENS_A_WEEK = 2
_ARRIVAL_S = 30.0
_WIDTH = 32


@dataclass(frozen=True, slots=True)
class Stage:
    """What the play needs: the server, seen through a relay, and the provider's desk."""

    api: Api
    watch: Watch
    desk: Desk = field(repr=False)


@click.group(cls=Commands, invoke_without_command=True)
def play() -> None:
    """Play one request from end to end, and end everything that was started."""
    steady_output()
    with demo_server.ended_by_signals():
        tell("One request, there and back, over a server on this machine. Nothing is kept.")
        with _stage() as stage:
            code = _hand_out(stage)
            receipt, network_id = _ask(stage, code)
            _read_and_answer(stage)
            _read_answer(stage, receipt, network_id)
            _try_again(stage, code)
            _withdraw(stage, receipt, network_id)
            _show_what_is_held(stage)
        tell()
        tell("The server has ended and its folder is gone.")


@contextmanager
def _stage() -> Iterator[Stage]:
    with (
        tempfile.TemporaryDirectory(prefix="towpath-demo-") as folder,
        demo_server.held(Path(folder)) as lock,
    ):
        places = Places(Path(folder))
        with demo_server.ended(DemoServer(places.server, lock)) as server:
            _found(places, server)
            with Relay(server.port) as relay:
                desk = open_provider(places, FIRST)
                yield Stage(api_at(relay.url), Watch(relay, places.server), desk)


def _found(places: Places, server: DemoServer) -> None:
    _title("A network is founded: three admins, any two of them sign; one provider is vetted")
    admins = demo_network.sign_policy(places, server.begin())
    server.settle(tick_seconds=_TICK_SECONDS, tokens_a_week=_TOKENS_A_WEEK)
    server.show_drafts()
    server.load_policy(places.policy)
    server.start(demo_server.port_for(0))
    demo_network.found(places, admins, server.url, lambda line: tell(f"  {line}"), [FIRST])


def _hand_out(stage: Stage) -> bytes:
    _title("The provider hands out a code from its stock")
    (handed,) = handing.hand_out(stage.desk, 1, today=ambient.today())
    _line("on paper", handed.symbols)
    _line("or as digits", handed.digits)
    _size("its own store, sealed", stage.desk.home.store.read_bytes())
    _told(stage)
    return handed.code


def _ask(stage: Stage, code: bytes) -> tuple[Receipt, bytes]:
    _title("A coworker types it")
    typed = code_text.read(code_text.symbols(code, Kind.CODE).lower(), Kind.CODE)
    opened = ask.open_code(stage.api, typed.secret, device_day=ambient.today())
    if opened is None:
        raise Trouble("The server refused the code.")
    recipient = opened.recipient
    _line("who will read it", recipient.statement.name)
    _line("police ties", text_of("police_tie", recipient.profile.police_ties))
    _line("who pays", text_of("funding", recipient.profile.funding))
    _line("must report", text_of("reporting", recipient.profile.reporting))
    _told(stage)

    _title("The person says what would help; the receipt is shown before anything is sent")
    network_id = opened.view.policy.network_id
    receipt = ask.make_receipt(network_id, "", random=ambient.random)
    draft = referral()
    _line("needs", text_of("needs", draft.needs))
    _line("receipt", code_text.symbols(receipt.secret, Kind.RECEIPT))
    _told(stage)

    _title("The person says yes; it is sealed and sent")
    _size("request, coded and padded", ask.encode(draft, receipt))
    way = ByCode(stage.api, opened, ambient.today, ambient.random)
    request = way.seal(draft, receipt)
    _size("envelope (the request, sealed)", request.envelope)
    _, last_epoch = way.send(request)
    if last_epoch is None or request.box is None:
        raise Trouble("The server refused the request.")
    _size("slot 0, for the receipt", request.box.slot_0)
    _told(stage)
    for table in ("envelope", "box"):
        _line(f"    the row in {table}:", "; ".join(stage.watch.row(table)))
    _line("", "no name, no address, no time finer than a day; and what is sealed there is")
    _line("", "sealed to the provider first, which keeps its key to itself")
    return receipt, network_id


def _read_and_answer(stage: Stage) -> None:
    _title("The provider downloads everything new, and opens its own")
    store = _synced(stage)
    (opened,) = cases.listed(store)
    _line("languages", text_of("languages", opened.said.languages))
    _line("needs", text_of("needs", opened.said.needs))
    _line("the safe way", text_of("channel", opened.said.channels))
    _told(stage)

    _title("It answers in Korean")
    _line("what it says", SENTENCE)
    wanted = Wanted(state="answered", text=ANSWER)
    answering.answer(stage.desk, stage.api, opened, wanted, today=ambient.today())
    _told(stage)


def _synced(stage: Stage) -> Store:
    """Sync until the request has joined the drop, as a provider's client does by the hour."""
    calls = signed_calls(stage.desk, stage.api)
    until = time.monotonic() + _ARRIVAL_S
    while time.monotonic() < until:
        done = sync.sync(
            stage.desk,
            stage.api,
            calls,
            today=ambient.today(),
            progress=lambda _: None,
            tell=lambda _: None,
        )
        if done.filed.requests:
            return stage.desk.read()
        stage.watch.forget()
        time.sleep(_TICK_SECONDS)
    raise Trouble("The request did not come into the drop.")


def _read_answer(stage: Stage, receipt: Receipt, network_id: bytes) -> None:
    _title("The person reads it on another device, with the receipt alone")
    who = answers.holder(receipt.secret, "", network_id)
    box = answers.read(stage.api, who)
    if box is None or not box.answers:
        raise Trouble("The answer could not be read.")
    _line("slot 0", text_of("state", (box.delivered.state,)))
    for number, answer in box.answers:
        _line(f"slot {number}, signed by them", answer.text)
    _told(stage)


def _try_again(stage: Stage, code: bytes) -> None:
    _title("Somebody finds the paper and types the code again")
    opened = ask.open_code(stage.api, code, device_day=ambient.today())
    _line("what it opens", "nothing, as any other code would" if opened is None else "the form")
    _told(stage)


def _withdraw(stage: Stage, receipt: Receipt, network_id: bytes) -> None:
    _title("The person takes everything back")
    who = answers.holder(receipt.secret, "", network_id)
    gone = answers.withdraw(stage.api, who)
    _line("what the receipt opens now", "nothing" if gone else "still something")
    _told(stage)


def _show_what_is_held(stage: Stage) -> None:
    _title("What whoever takes the server now finds")
    for words in stage.watch.held():
        _line("", words)
    _line("", "What was withdrawn is noise until its day has come, so that nobody sees it go. No")
    _line("", "key here opens a request: those were on the people's own devices.")


def _told(stage: Stage) -> None:
    """Print what the server saw since the last time, and what that changed there."""
    for words in stage.watch.news():
        _line("  the server:", words)


def _title(text: str) -> None:
    tell()
    tell(text)


def _line(name: str, value: str) -> None:
    tell(f"  {name:<{_WIDTH}}{value}")


def _size(name: str, value: bytes) -> None:
    _line(name, f"{len(value):,} bytes")


if __name__ == "__main__":
    sys.exit(play.main(prog_name="demo_play"))
