"""`towpath provider`: bringing in what came, reading it, answering, closing."""

from __future__ import annotations

import click

from client.cli import asking, provider_merged, provider_others, provider_show
from client.cli.common import json_option, note, tell, tell_json
from client.cli.provider_shared import MAY_BE_WITHHELD, Work, at_work, note_news, text_from
from client.errors import BadInput, CodeRefused, FirstDo, Trouble
from client.flows import answering, cases, copies, kept, members, sync
from client.flows.answering import STATES, Wanted
from client.flows.cases import Opened
from client.flows.days import day
from crypto.constants import CASE_NOTE_BYTES, TEXT_BYTES


@click.command("sync")
@click.option(
    "--date-is-right",
    is_flag=True,
    help="Go on where this device's date is far ahead of the network's list.",
)
@json_option
@at_work
def sync_(work: Work, date_is_right: bool, as_json: bool) -> None:
    """Bring in what has come, send what could not be sent before, and meet the other devices.

    What other members did is merged with what was done here, and written back to the server, sealed
    to the members. Everything in the drop is downloaded, as by every other organisation, and what
    is yours is picked out on this device. It may be stopped at any moment and run again.

    Run it at fixed times, from a timer: at the times of syncs the server sees that you are there,
    and nothing of what you did.
    """
    done = sync.sync(
        work.desk,
        work.api,
        work.signed,
        today=work.today(),
        progress=lambda rows: note(f"{rows} rows so far"),
        tell=note_news,
        date_is_right=date_is_right,
    )
    filed = done.filed
    if done.may_be_withheld:
        note(MAY_BE_WITHHELD)
    if as_json:
        tell_json(
            {
                "requests": filed.requests,
                "additions": filed.follow_ups,
                "does_not_open": filed.unreadable,
                "rows": done.rows,
                "answers_sent": done.sent,
                "overruled": provider_merged.as_values(work.desk.read(), done),
                "log": [one.kind for one in done.news],
            }
        )
        return
    tell(f"New requests: {filed.requests}. New additions: {filed.follow_ups}.")
    if done.sent:
        tell(f"Answers that went out late: {done.sent}.")
    if filed.unreadable:
        tell(
            f"Came for you and does not open: {filed.unreadable}. It was counted, not shown: either"
            " it was damaged on its way, or a newer version wrote it. Update, and ask the network."
        )
    provider_merged.show(work.desk.read(), done)


@click.command()
@click.option("--closed", is_flag=True, help="The closed ones in place of the open ones.")
@json_option
@at_work
def inbox(work: Work, closed: bool, as_json: bool) -> None:
    """Show the requests in short: how to make contact first, and nothing that was told."""
    store = work.desk.read()
    opened = cases.listed(store, closed=closed)
    takers = {one.case.taken_by: cases.taker(store, one.case) for one in opened}
    lost = kept.unreadable(store)
    if as_json:
        shown = [
            provider_show.as_values(
                one, takers[one.case.taken_by], (), whole_case=False, with_text=False
            )
            for one in opened
        ]
        tell_json({"cases": shown, "does_not_open": len(lost)})
        return
    if not opened:
        tell("Nothing here.")
    provider_show.inbox(opened, takers)
    if lost:
        latest = day(max(lost.values()))
        tell(f"{len(lost)} came for you and do not open, the latest on {latest}.")


@click.command()
@click.argument("case")
@click.option("--text", "with_text", is_flag=True, help="Show what was told, too.")
@json_option
@at_work
def show(work: Work, case: str, with_text: bool, as_json: bool) -> None:
    """Show one request: how to make contact first, then every choice."""
    store = work.desk.read()
    opened = cases.find(store, case)
    taker = cases.taker(store, opened.case)
    if as_json:
        tell_json(
            provider_show.as_values(
                opened, taker, kept.regions(store), whole_case=True, with_text=with_text
            )
        )
        return
    provider_show.whole(opened, taker, kept.regions(store), with_text=with_text)


@click.command()
@click.argument("case")
@click.option("--member", metavar="NAME", help="Give it to this member instead of to yourself.")
@click.option("--release", is_flag=True, help="Give it back: nobody has it then.")
@at_work
def take(work: Work, case: str, member: str | None, release: bool) -> None:
    """Take a request, hand it to another member, or give it back."""
    store = work.desk.read()
    opened = cases.find(store, case)
    if release and member:
        raise BadInput("Either --member or --release.")
    taker = members.find(store, member).member_id if member else work.desk.member.member_id
    cases.take(work.desk, opened.case_id, b"" if release else taker)
    tell(f"{opened.name}: taken by {_taker(work, opened) or 'nobody'}.")


@click.command("note")
@click.argument("case")
@click.option("--text-file", metavar="FILE", default=None, help="The note (- for standard input).")
@at_work
def note_(work: Work, case: str, text_file: str | None) -> None:
    """Put a note to a request, for the members; it takes the place of the one before."""
    opened = cases.find(work.desk.read(), case)
    text = (
        text_from(text_file)
        if text_file
        else _asked("The note. An empty line ends it.", CASE_NOTE_BYTES)
    )
    cases.note(work.desk, opened.case_id, text)
    tell(f"{opened.name}: the note is kept." if text else f"{opened.name}: no note any more.")


@click.command()
@click.argument("case")
@click.option("--state", type=click.Choice(STATES), required=True, help="What kind of answer.")
@click.option("--text-file", metavar="FILE", default=None, help="The text (- for standard input).")
@click.option(
    "--organisation",
    "organisations",
    multiple=True,
    metavar="NAME",
    help="With try_another: which (again for more). Without it: chosen from a list.",
)
@click.option("--also", is_flag=True, help="Send it even where another member has answered.")
@at_work
def answer(
    work: Work,
    case: str,
    state: str,
    text_file: str | None,
    organisations: tuple[str, ...],
    also: bool,
) -> None:
    """Answer a request: read, answered, cannot_help, try_another or closed.

    Only whoever holds the receipt can read it. Nothing is passed on to another organisation: with
    try_another you name some, and the person chooses.
    """
    opened = cases.find(work.desk.read(), case)
    cases.check_open(opened)
    text = text_from(text_file) if text_file else ""
    if state == "answered" and not text:
        text = _asked("The answer. An empty line ends it.")
    others = provider_others.chosen(work, organisations) if state == "try_another" else ()
    if organisations and state != "try_another":
        raise BadInput("Other organisations are named with --state try_another.")
    wanted = Wanted(state=state, text=text, try_another=others)
    became = answering.answer(work.desk, work.api, opened, wanted, today=work.today(), beside=also)
    if became == "taken":
        raise FirstDo(
            "Another member has answered this request meanwhile. Yours was not sent.",
            "`towpath provider sync` brings it. To send yours after it: the same with --also.",
        )
    if became == "ended":
        raise CodeRefused(
            "The box is not there any more: it was withdrawn, or its time is over.",
            "Nothing was sent. The person decides; a new request comes with a new code.",
        )
    if became == "full":
        raise Trouble("All answers that a box has room for are used. Nothing was sent.")
    tell(f"{opened.name}: sent.")
    if state == "closed":
        _say_closed(work, opened)


@click.command()
@click.argument("case")
@click.option("--yes", is_flag=True, help="Close without asking.")
@at_work
def close(work: Work, case: str, yes: bool) -> None:
    """Close a request: what opens more of it is erased, and it goes from here after 30 days.

    The person is not told. `towpath provider answer --state closed` tells, and closes too.
    """
    opened = cases.find(work.desk.read(), case)
    cases.check_open(opened)
    if not yes and not asking.yes("Close it? What comes to it later can't be opened any more."):
        raise FirstDo("Nothing was closed.")
    cases.close(work.desk, opened.case_id, today=work.today())
    _say_closed(work, opened)


def _say_closed(work: Work, opened: Opened) -> None:
    tell(f"{opened.name}: closed. Its key is erased from this store.")
    tell("What was said stays here for 30 days, then it goes.")
    try:
        copies.write(work.desk)
        note("The second copy is written anew, without the key. Older copies elsewhere have it.")
    except FirstDo as trouble:
        note(f"Copies from before still have the key. {trouble}")


def _taker(work: Work, opened: Opened) -> str:
    store = work.desk.read()
    return cases.taker(store, cases.find(store, cases.symbols(opened.case_id)).case)


def _asked(title: str, at_most: int = TEXT_BYTES) -> str:
    note(title)
    return asking.text(at_most)
