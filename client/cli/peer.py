"""`towpath ask` and `towpath paste`: sending a request, and posting one that was sealed before."""

from __future__ import annotations

import click

from client import network_view
from client.cli import peer_ask, peer_choosing, peer_file, peer_sent, peer_words
from client.cli.common import (
    Session,
    check_new,
    connection,
    json_option,
    note,
    read_text,
    tell,
    tell_json,
)
from client.errors import BadInput, CodeRefused, NotReadable
from client.flows import walk_in
from crypto.errors import Malformed
from crypto.public import requests
from crypto.public.requests import WalkIn


def _example(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        tell(peer_file.example())
        ctx.exit()


@click.command("ask")
@click.option("--code-file", metavar="FILE", help="A file with the code, or - for standard input.")
@click.option("--no-code", is_flag=True, help="Choose an organisation; needs --network.")
@click.option(
    "--to", metavar="NAME", help="With --no-code: the organisation, by (part of) its name."
)
@click.option("--from", "file", metavar="FILE", help="The request from a file (see --example).")
@click.option(
    "--word-file", metavar="FILE", help="A file whose first line is the word to lock with."
)
@click.option("--armour", metavar="FILE", help="Write it sealed to a new file; send nothing.")
@click.option("--yes", is_flag=True, help="With --from: do not ask whether to send it now.")
@click.option(
    "--example",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_example,
    help="Show an example of a file for --from, with every code, and leave.",
)
@json_option
@connection
def ask_command(
    session: Session,
    code_file: str | None,
    no_code: bool,
    to: str | None,
    file: str | None,
    word_file: str | None,
    armour: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Send a request for help, sealed so that one organisation alone can read it.

    A code leads to the organisation. You see who will read it and what they must report, say what
    would help, get a receipt to write down, and decide at the end whether it is sent. Nothing is
    sealed or sent without a yes, and nothing stays on this device.

    Without a code, --no-code shows the organisations that take requests without one.
    """
    choices = peer_sent.Choices(
        file=file, word_file=word_file, armour=armour, yes=yes, as_json=as_json
    )
    peer_choosing.check_either(no_code=no_code, code_file=code_file, to=to)
    if yes and file is None:
        raise BadInput("--yes goes with --from only: the yes is asked for otherwise.")
    if armour is not None:
        check_new(armour)
    way = peer_choosing.way(session, to) if no_code else peer_ask.way_by_code(session, code_file)
    if file is None:
        peer_ask.goes_on(way)
    else:
        peer_ask.show(way)
    peer_ask.run(session, way, choices)


@click.command("paste")
@click.argument("file", metavar="FILE")
@json_option
@connection
def paste_command(session: Session, file: str, as_json: bool) -> None:
    """Send a request that was sealed elsewhere, from FILE (- for standard input).

    Who has the file can send it, and can neither read nor change it. Sending it twice makes no
    second one.
    """
    text = read_text(file)
    try:
        request = requests.from_armour(text)
    except Malformed:
        raise NotReadable(
            "There is no whole sealed request in this text: something is missing or was changed.",
            "Take all of it, from the first line of hyphens to the last.",
        ) from None
    last_epoch = _paste(session, request)
    if last_epoch is None:
        raise CodeRefused(*_refused(request))
    if as_json:
        tell_json({"sent": True, "last_day": peer_words.last_day(last_epoch)})
        return
    tell(f"Sent. It is kept until {peer_words.last_day(last_epoch)}.")
    note("The person can see with the receipt whether it was delivered.")


def _paste(session: Session, request: requests.Request) -> int | None:
    if not isinstance(request, WalkIn):
        return session.api.paste(requests.armour(request))
    # Carrying takes days, and the work is of the day on which it was sealed: it is done again.
    view = network_view.fetch(
        session.api, device_day=session.today(), network_id=session.network_id
    )
    _, last_epoch = walk_in.send(
        session.api,
        view,
        request,
        today=session.today,
        random=session.random,
        progress=peer_sent.work_progress(),
    )
    return last_epoch


def _refused(request: requests.Request) -> tuple[str, str]:
    if isinstance(request, WalkIn):
        return "The server does not take this.", "Make it again: `towpath ask --no-code`."
    return (
        "The server does not take this: its code was used, was cancelled or is past its last day.",
        peer_ask.WITHOUT_A_CODE,
    )
