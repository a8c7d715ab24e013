"""`towpath provider`: keeping a stock of codes, handing them out, cancelling one."""

from __future__ import annotations

import time
from pathlib import Path

import click

from client import sheet
from client.cli import asking, peer_code
from client.cli.common import json_option, note, tell, tell_json
from client.cli.provider_shared import FILE, Work, at_work
from client.errors import BadInput, FirstDo
from client.flows import batches as batching
from client.flows import cancelling, handing, note_files, stocking
from client.flows.days import day
from client.flows.handing import Handed
from client.flows.publish import Published
from client.flows.stocking import Keeper
from client.sheet import Card, Layout
from crypto.client.code_text import Kind
from crypto.client.store_entries import SeedEntry
from crypto.constants import ENTRY_SEED
from words import catalogues

_CANCEL = "cancel"
_SHOWS_MORE = {
    "at once": (
        "Published at once, all codes of this batch show the server that they belong together, and"
        " soon after a draw also to whom. They still open nothing to it."
    ),
    "this week": (
        "Published in what is left of this week, the codes come closer after the draw: where few"
        " organisations draw, the server may guess whose they are. They still open nothing to it."
    ),
}


@click.command()
@click.option("--once", is_flag=True, help="Publish what is due and end; for a timer, each hour.")
@click.option("--this-week", is_flag=True, help="Spread what waits over what is left of this week.")
@click.option("--now", "at_once", is_flag=True, help="Publish all that waits at once.")
@click.option("--yes", is_flag=True, help="With --now or --this-week: without asking.")
@json_option
@at_work
def stock(work: Work, once: bool, this_week: bool, at_once: bool, yes: bool, as_json: bool) -> None:
    """Keep a stock of codes: draw the week's tokens, make codes, publish them one by one.

    Leave it running (Ctrl-C ends it), or start it each hour with --once. What is drawn in one week
    is published in the next, each code at a moment of its own, so that the server can't see which
    codes are yours. The first codes are there a week after the listing; --this-week and --now are
    quicker and show more.
    """
    if this_week and at_once:
        raise BadInput("Either --this-week or --now.")
    pace: stocking.Pace = "at once" if at_once else "this week" if this_week else "as drawn"
    if pace != "as drawn":
        note(_SHOWS_MORE[pace])
        if not yes and not asking.yes("Do it?"):
            raise FirstDo("Nothing was published.")
    keeper = Keeper(work.desk, work.api, work.signed, work.place, work.now, note)
    if not once and pace == "as drawn":
        note("Keeping the stock. Ctrl-C ends it; nothing is lost.")
        keeper.run(time.sleep)
    done = keeper.turn(pace)
    if as_json:
        tell_json({"published": done.published, "lost": done.lost, "waiting": done.waiting})
    else:
        _say(done)


@click.command()
@click.argument("number", default="1", metavar=f"[NUMBER|{_CANCEL}]")
@click.option("--sheet", "sheet_file", type=FILE, metavar="FILE", help="Write a page to print.")
@click.option(
    "--layout", "form", type=click.Choice(sheet.FORMS), default="cards", help="To cut, or to tear."
)
@click.option("--paper", type=click.Choice(sheet.PAPERS), default="a4", help="The paper's size.")
@click.option("--language", metavar="CODE", help="Of the four words on a card; none without it.")
@click.option("--cover", is_flag=True, help="With a first page that has the batch's name.")
@click.option("--no-address", is_flag=True, help="Leave the server's address out of the page.")
@click.option("--batch", "name", default="", metavar="NAME", help="A name for your members only.")
@click.option("--code-file", metavar="FILE", help="With cancel: the code (- for standard input).")
@click.option("--aside", is_flag=True, help="With cancel: all that pages set aside.")
@click.option("--at-once", is_flag=True, help="With cancel --batch or --aside: not over a day.")
@json_option
@at_work
def codes(
    work: Work,
    number: str,
    sheet_file: Path | None,
    form: sheet.Form,
    paper: sheet.Paper,
    language: str | None,
    cover: bool,
    no_address: bool,
    name: str,
    code_file: str | None,
    aside: bool,
    at_once: bool,
    as_json: bool,
) -> None:
    """Hand out codes from the stock, or cancel one (`codes cancel`) or a batch of them.

    Each is printed in both forms with its last day, and is never printed again. It is written down
    in the store and in its second copy first. A batch is cancelled at moments spread over a day, by
    `towpath provider stock`, so that the server does not see which codes belong together.
    """
    if aside and (name or code_file or number != _CANCEL):
        raise BadInput(f"--aside goes with {_CANCEL} alone: not with a code or a batch.")
    if number == _CANCEL and (name or aside):
        _cancel_together(work, _together(work, name), at_once=at_once)
        return
    if number == _CANCEL:
        handing.cancel(work.desk, work.api, peer_code.secret(Kind.CODE, code_file))
        tell("Cancelled: nobody can use this code any more.")
        return
    if code_file is not None or not (number.isascii() and number.isdecimal()):
        raise BadInput(f"Type a number of codes, or {_CANCEL}.")
    if sheet_file is None:
        handed = handing.hand_out(work.desk, int(number), today=work.today(), name=name)
        _print(handed, as_json)
        return
    layout = _layout(form, paper, language, name if cover else None)
    _write_sheet(work, int(number), sheet_file, name, layout, with_address=not no_address)
    if as_json:
        tell_json({"codes": int(number), "sheet": str(sheet_file)})
    else:
        tell(f"{number} codes are on the page. Print it, cut it, and delete the file.")


@click.command()
@json_option
@at_work
def batches(work: Work, as_json: bool) -> None:
    """Show the codes that were handed out: how many of each batch are out, used, cancelled."""
    store = work.desk.read()
    found = batching.listed(store, work.today())
    aside = len(batching.aside(store, work.today()))
    if as_json:
        shown = [
            {"name": one.name, "out": one.out, "used": one.used, "cancelled": one.cancelled}
            for one in found
        ]
        tell_json({"batches": shown, "set_aside": aside})
        return
    for one in found:
        name = one.name or "(no name)"
        tell(f"{name}: {one.out} given away, {one.used} used, {one.cancelled} cancelled")
    if aside:
        tell(
            f"{aside} set aside and given to nobody: a page was closed without being locked, or is"
        )
        tell("open twice, and somebody may have them. `codes cancel --aside` ends them.")


def _together(work: Work, name: str) -> list[bytes]:
    store = work.desk.read()
    if not name:
        return batching.aside(store, work.today())
    return batching.outstanding(store, batching.named(store, name, work.today()).batch)


def _cancel_together(work: Work, locators: list[bytes], *, at_once: bool) -> None:
    if not at_once:
        count = cancelling.over_a_day(work.desk, locators, now=work.now())
        tell(f"{count} codes end within a day, while `towpath provider stock` runs.")
        return
    note("Cancelled at once, these codes show the server that they belong together.")
    for locator in locators:
        code = SeedEntry.decode(work.desk.read().entries[ENTRY_SEED, locator])
        handing.cancel(work.desk, work.api, code.code)
    tell(f"{len(locators)} codes are cancelled: nobody can use them any more.")


def _print(handed: list[Handed], as_json: bool) -> None:
    if as_json:
        shown = [
            {"code": one.symbols, "digits": one.digits, "last_day": day(one.last_day)}
            for one in handed
        ]
        tell_json({"codes": shown})
        return
    for one in handed:
        tell(one.symbols)
        tell(f"  {one.digits}")
        tell(f"  until {day(one.last_day)}")


def _layout(
    form: sheet.Form, paper: sheet.Paper, language: str | None, cover: str | None
) -> Layout:
    if cover == "":
        raise BadInput("A cover has the batch's name: add --batch NAME.")
    if language is None:
        return Layout(form, paper, None, cover)
    if language not in catalogues.codes():
        raise BadInput(f"No such language. There are: {', '.join(catalogues.codes())}.")
    return Layout(form, paper, catalogues.open_(language), cover)


def _write_sheet(
    work: Work, count: int, file: Path, name: str, layout: Layout, *, with_address: bool
) -> None:
    # Taken before anything is handed out: a file that is there already stops it here.
    note_files.write_new(file, b"")
    handed: list[Handed] = []
    try:
        handed = handing.hand_out(work.desk, count, today=work.today(), name=name)
        cards = [Card(one.symbols, one.digits, day(one.last_day)) for one in handed]
        page = sheet.page(cards, work.home.server if with_address else None, layout)
        note_files.write_over(file, page.encode())
    except BaseException:
        file.unlink(missing_ok=True)
        if handed:
            handing.put_back_unseen(work.desk, handed, today=work.today())
        raise


def _say(done: Published) -> None:
    tell(f"Published: {done.published}. Waiting for their moment: {done.waiting}.")
    if done.lost:
        tell(
            f"Given up: {done.lost}. The server did not take their tokens any more. Nobody was"
            " given these codes; the next week's batch takes their place."
        )
