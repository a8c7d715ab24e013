"""`towpath keep` and `towpath seal`: asking in a place without a network.

What is kept is public, or sealed under a code; sealing from it opens no connection, and gives a
text that somebody hands in by `towpath paste` or on any server's page.

Source: docs/spec/carried.md; R40.
"""

from __future__ import annotations

from collections.abc import Mapping

import click

from client.api import Api
from client.cli import peer_ask, peer_choosing, peer_code, peer_sent, peer_words
from client.cli.common import (
    Session,
    check_new,
    connection,
    json_option,
    memory_of_user,
    network_id_of,
    network_id_text,
    note,
    paragraph,
    read_text,
    write_new,
)
from client.errors import BadInput, CodeRefused, FirstDo, Unreachable
from client.flows import carried, choosing
from client.flows.carried import Saved
from client.flows.ways import Way
from client.http import Http, Reply
from crypto import constants as c
from crypto.client.code_text import Kind

_OLD = (
    "What was kept may be old: an organisation may have been taken off the list since. Keep it"
    " anew where there is a network."
)
_FINDER = (
    "Whoever finds this file sees that somebody has kept it, and can open nothing with it. Take"
    " it from nobody whom you do not trust."
)


@click.command("keep")
@click.argument("file", metavar="FILE")
@click.option("--code-file", metavar="FILE", help="Read the code from a file (- for input).")
@click.option("--no-code", is_flag=True, help="Keep the organisations that need no code.")
@connection
def keep_command(session: Session, file: str, code_file: str | None, no_code: bool) -> None:
    """Keep what is needed to ask in a place without a network, to a new FILE (- for output).

    For a code, it is what lies behind the code; without one, the organisations and their keys of
    this week. `towpath seal`, or the saved page in a browser, seals from it.
    """
    peer_choosing.check_either(no_code=no_code, code_file=code_file)
    check_new(file)
    if no_code:
        _save_directory(session, file)
    else:
        _save_code(session, file, code_file)
    paragraph(_FINDER)


@click.command("seal")
@click.argument("kept", metavar="KEPT")
@click.argument("armour", metavar="FILE")
@click.option("--code-file", metavar="FILE", help="Read the code from a file (- for input).")
@click.option("--no-code", is_flag=True, help="Choose an organisation that was kept.")
@click.option("--to", metavar="NAME", help="With --no-code: the organisation, or part of its name.")
@click.option("--network", metavar="ID", help="The id of the network that it must be of.")
@click.option("--from", "file", metavar="FILE", help="Answers from a file instead of the form.")
@click.option("--word-file", metavar="FILE", help="Read the own word from a file.")
@click.option("--yes", is_flag=True, help="With --from: do not ask whether to seal it now.")
@json_option
def seal_command(
    kept: str,
    armour: str,
    code_file: str | None,
    no_code: bool,
    to: str | None,
    network: str | None,
    file: str | None,
    word_file: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Seal a request from what was KEPT, without any network, to a new FILE.

    Nothing is sent: somebody hands FILE in, by `towpath paste` or on the server's page.
    """
    peer_choosing.check_either(no_code=no_code, code_file=code_file, to=to)
    if yes and file is None:
        raise BadInput("--yes goes with --from only: the yes is asked for otherwise.")
    check_new(armour)
    pinned = network_id_of(network) if network else None
    session = Session(Api(NoNetwork()), pinned)
    found = carried.read(read_text(kept, at_most=2 * c.CARRIED_CHARACTERS))
    before = memory_of_user().recall(found.network_id)
    checked = carried.check(found, device_day=session.today(), network_id=pinned, before=before)
    paragraph(_OLD)
    way = _by_key(session, checked, to) if no_code else _by_record(session, checked, code_file)
    choices = peer_sent.Choices(
        file=file, word_file=word_file, armour=armour, yes=yes, as_json=as_json
    )
    if file is None:
        peer_ask.goes_on(way)
    else:
        peer_ask.show(way)
    peer_ask.run(session, way, choices)
    if no_code:
        note(f"Hand it in until {peer_words.last_day(checked.last)} at the latest.")


class NoNetwork(Http):
    """No way out: every call says so."""

    __slots__ = ()

    def __init__(self) -> None:
        """Take no address."""

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Raise Unreachable."""
        del method, path, body, headers
        raise Unreachable("There is no network here.")


def _save_directory(session: Session, file: str) -> None:
    if session.network_id is None:
        raise FirstDo(*peer_choosing.NO_NETWORK)
    found = choosing.fetch(session.api, device_day=session.today(), network_id=session.network_id)
    text = carried.of_directory(found)
    last = max(one.weekly_key.last for one in found.organisations if one.weekly_key)
    write_new(file, text)
    note(f"Kept, of network {network_id_text(found.view.policy.network_id)}.")
    note(f"The keys in it are good until {peer_words.last_day(last)}.")


def _save_code(session: Session, file: str, source: str | None) -> None:
    code = peer_code.secret(Kind.CODE, source)
    made = carried.of_code(
        session.api, code, device_day=session.today(), network_id=session.network_id
    )
    if made is None:
        raise CodeRefused(peer_ask.REFUSED, peer_ask.WITHOUT_A_CODE)
    text, opened = made
    write_new(file, text)
    note(f"Kept. The code is for {opened.recipient.statement.name}; it is not in the file.")
    note(f"It can be used until {peer_words.last_day(opened.recipient.last_epoch)}.")


def _by_record(session: Session, saved: Saved, source: str | None) -> Way:
    code = peer_code.secret(Kind.CODE, source)
    return carried.by_record(saved, code, today=session.today, random=session.random)


def _by_key(session: Session, saved: Saved, wanted: str | None) -> Way:
    if session.network_id is None:
        raise FirstDo(*peer_choosing.NO_NETWORK)
    if not saved.organisations:
        raise carried.past(saved)
    chosen = peer_choosing.chosen_of(choosing.Directory(saved.view, saved.organisations), wanted)
    return carried.ByKey(saved, chosen, session.today, session.random, peer_sent.work_progress())
