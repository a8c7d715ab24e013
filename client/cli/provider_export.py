"""`towpath provider`: one case as a table, and how many requests each member has.

There is no export of several: what leaves the store is what somebody decided to take out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import click

from client.cli import asking, peer_words
from client.cli.common import STDIN, check_new, json_option, note, tell, tell_json, write_new
from client.cli.provider_shared import Work, at_work
from client.errors import FirstDo
from client.flows import cases, contact_rule, exporting, kept
from client.flows.cases import Opened
from client.flows.days import day
from client.flows.exporting import Line
from crypto.client import answers
from crypto.client.message import Message
from crypto.public.policy import Region

_LEAVES = (
    "What you take out is not sealed any more: whoever has the file can read it, and it does not"
    " end with the request. Take out only what is needed, and only where it may lie."
)
_NOBODY = "nobody"


@click.command()
@click.argument("case")
@click.option("--to", "target", metavar="FILE", required=True, help="A new file (- for output).")
@click.option("--yes", is_flag=True, help="Without asking.")
@at_work
def export(work: Work, case: str, target: str, yes: bool) -> None:
    """Write one request, with all that was said, to a file that a spreadsheet opens (CSV)."""
    check_new(target)
    store = work.desk.read()
    opened = cases.find(store, case)
    note(_LEAVES)
    if not yes and not asking.yes(f"Take out {opened.name}?"):
        raise FirstDo("Nothing was written.")
    lines = table(opened, cases.taker(store, opened.case), kept.regions(store))
    if target == STDIN:
        click.echo(exporting.csv(lines), nl=False)
        return
    write_new(target, exporting.csv(lines), newline="")
    tell(f"{opened.name}: written.")


@click.command()
@json_option
@at_work
def workload(work: Work, as_json: bool) -> None:
    """Count the requests that each member has, and those that nobody took; nothing of them."""
    loads = cases.workload(work.desk.read())
    if as_json:
        tell_json({"workload": [dataclasses.asdict(one) for one in loads]})
        return
    for one in loads:
        name = one.name or _NOBODY
        tell(f"{one.open:4} open  {one.answered:4} answered  {one.closed:4} closed  {name}")


def table(opened: Opened, taker: str, regions: Sequence[Region]) -> list[Line]:
    """Return the parts of a case, first how to make contact now; what was not said is left out."""
    case = opened.case
    return [
        ("Case", opened.name),
        *_message(contact_rule.as_it_holds(opened), regions),
        ("Came on", day(case.arrived)),
        ("State", peer_words.text_of("state", case.state)),
        *([("Taken by", taker)] if taker else []),
        *(line for _, said in cases.follow_ups(case) for line in _message(said, regions)),
        *(_answer(slot, body) for slot, body in case.answers),
        *([("Note", case.note)] if case.note else []),
    ]


def _message(said: Message, regions: Sequence[Region]) -> list[Line]:
    rows = [
        ("Never", _texts("never", said.never)),
        ("Contact only so", _texts("channel", said.channels)),
        ("When", _texts("hours", said.hours)),
        ("Number or place", said.contact),
        ("Safe word", said.safe_word),
        ("What would help", _texts("needs", said.needs)),
        ("Languages", peer_words.languages_of(said.languages)),
        ("Where", peer_words.regions_of(_one(said.region), regions)),
        ("People", str(said.people or "")),
        ("Who", _texts("who", said.who)),
        ("Children", _texts("children", said.children)),
        ("How soon", _texts("soon", _one(said.soon))),
        ("Written by", _texts("peer", _one(said.peer))),
        ("Wishes", _texts("wish", said.wishes)),
        ("The yes", _texts("consent", _one(said.consent))),
        ("In their own words", said.text),
    ]
    return [row for row in rows if row[1]]


def _answer(slot: int, body: bytes) -> Line:
    answer = answers.decode_body(body, slot)
    said = f"{day(answer.epoch)} {peer_words.text_of('state', answer.state)}"
    return f"Answer {slot}", f"{said}\n{answer.text}" if answer.text else said


def _texts(name: str, ids: Iterable[int]) -> str:
    return peer_words.texts_of(name, ids)


def _one(number: int) -> Iterable[int]:
    return [number] if number else []
