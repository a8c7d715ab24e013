"""`towpath admin policy`: drafting, signing and showing the rules of a network."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from client import ambient
from client.cli import admin_shared
from client.cli.admin_policy_shown import note_draft, tell_policy, tell_standing
from client.cli.admin_shared import FILE
from client.cli.common import (
    api_for,
    json_option,
    network_id_of,
    note,
    read_text,
)
from client.errors import BadInput, FirstDo
from client.flows import admin_calls, admin_keys, note_files, policy_signing
from client.flows import policy as policies
from crypto.errors import Malformed
from crypto.public import lines
from crypto.public.note_signing import Signer
from crypto.public.policy import Policy, Region

_YEAR = 365
_MOST_DAYS = 3_650


def the_last(command: Callable[..., None]) -> Callable[..., None]:
    """Add --after, --server, --network and --proxy; the command gets `last`.

    That is a function which returns the last policy, or None where neither files nor a server
    were named.
    """

    @click.option(
        "--after",
        multiple=True,
        type=FILE,
        metavar="FILE",
        help="The signed policies so far, from version 1 on, in order; instead of a server.",
    )
    @click.option("--server", envvar="TOWPATH_SERVER", metavar="URL", help="(or TOWPATH_SERVER)")
    @click.option("--network", envvar="TOWPATH_NETWORK", metavar="ID", help="(or TOWPATH_NETWORK)")
    @click.option("--proxy", envvar="TOWPATH_PROXY", metavar="URL", help="(or TOWPATH_PROXY)")
    @wraps(command)
    def with_last(
        *args: Any,
        after: tuple[Path, ...],
        server: str | None,
        network: str | None,
        proxy: str | None,
        **kwargs: Any,
    ) -> None:
        def last() -> Policy | None:
            pinned = network_id_of(network) if network else None
            if after:
                found = policy_signing.accept([note_files.read(file) for file in after])
                if pinned not in (None, found.network_id):
                    raise BadInput("These policies are of another network than --network names.")
                return found
            if server:
                return admin_calls.current_policy(api_for(server, proxy), pinned)
            return None

        command(*args, last=last, **kwargs)

    return with_last


@click.group()
def policy() -> None:
    """The rules of a network: who vets, how many must sign, until when."""


@policy.command()
@click.option("--admin", "admins", multiple=True, metavar="LINE", help="`admin NAME KEY`; repeat.")
@click.option("--admins", "file", metavar="FILE", help="A file of such lines (- for the input).")
@click.option("--log", required=True, metavar="LINE", help="The line `log NAME KEY` of the server.")
@click.option("--threshold", required=True, type=int, metavar="K", help="How many must sign: 2, 3.")
@click.option(
    "--witness", "seers", multiple=True, metavar="LINE", help="`witness NAME KEY`; repeat."
)
@click.option("--witnesses", type=int, metavar="W", help="How many of them must have seen the log.")
@click.option("--days", default=_YEAR, type=click.IntRange(1, _MOST_DAYS), show_default=True)
@click.option("--region", "regions", multiple=True, metavar="LINE", help='"1000 Name"; repeat.')
@click.option("--out", required=True, type=FILE, metavar="FILE", help="Where the draft goes.")
def draft(
    admins: tuple[str, ...],
    file: str | None,
    log: str,
    threshold: int,
    seers: tuple[str, ...],
    witnesses: int | None,
    days: int,
    regions: tuple[str, ...],
    out: Path,
) -> None:
    """Write the first policy of a new network, unsigned.

    Without witnesses nobody outside the server looks at its log, and every page says so.
    """
    lines_ = [*admins, *(read_text(file).splitlines() if file else ())]
    if seers and witnesses is None:
        raise BadInput("How many witnesses must have seen the log?", "Write --witnesses W.")
    text = policies.first(
        admins=admin_keys.read_lines(lines_),
        log=admin_keys.read_line(log, "log"),
        threshold=threshold,
        witnesses=admin_keys.read_lines(seers, "witness"),
        witnesses_threshold=witnesses or 0,
        until=ambient.today() + days,
        regions=[_region(line) for line in regions],
    )
    _write_draft(out, text)


@policy.command("next")
@click.option("--add", multiple=True, metavar="LINE", help="`admin NAME KEY`; repeat.")
@click.option("--retire", multiple=True, metavar="NAME", help="An admin who leaves; repeat.")
@click.option("--threshold", type=int, metavar="K", help="How many must sign: 2 or 3.")
@click.option("--add-witness", multiple=True, metavar="LINE", help="`witness NAME KEY`; repeat.")
@click.option("--retire-witness", multiple=True, metavar="NAME", help="One who leaves; repeat.")
@click.option("--witnesses", type=int, metavar="W", help="How many of them must have seen the log.")
@click.option("--log", metavar="LINE", help="`log NAME KEY`, where the server's key was lost.")
@click.option("--days", type=click.IntRange(1, _MOST_DAYS), help="It holds so long from today.")
@click.option("--out", required=True, type=FILE, metavar="FILE", help="Where the draft goes.")
@the_last
def following(
    add: tuple[str, ...],
    retire: tuple[str, ...],
    threshold: int | None,
    add_witness: tuple[str, ...],
    retire_witness: tuple[str, ...],
    witnesses: int | None,
    log: str | None,
    days: int | None,
    out: Path,
    last: Callable[[], Policy | None],
) -> None:
    """Write the next policy of a network, unsigned: only what you name changes."""
    current = last()
    if current is None:
        raise FirstDo("Which policy is the last?", "Name the server with --server, or --after.")
    change = policies.Change(
        add=admin_keys.read_lines(add),
        retire=retire,
        threshold=threshold,
        add_witnesses=admin_keys.read_lines(add_witness, "witness"),
        retire_witnesses=retire_witness,
        witnesses_threshold=witnesses,
        log=admin_keys.read_line(log, "log") if log else None,
        until=None if days is None else ambient.today() + days,
    )
    text = policies.following(current, change)
    if retire:
        note("What a retired admin signed counts for one less from then on: unless a key was")
        note("stolen, have the others sign those listings anew eight weeks before.")
    if log:
        note("With another log key no code that is out works any more, and none comes back.")
    _write_draft(out, text, current)


@policy.command()
@click.argument("file", type=FILE)
@admin_shared.key_options
@the_last
@admin_shared.yes_option
@json_option
def sign(
    file: Path,
    signer: Callable[[], Signer],
    last: Callable[[], Policy | None],
    yes: bool,
    as_json: bool,
) -> None:
    """Show what a policy changes, ask, and put your signature into the file."""
    found = policy_signing.read(note_files.read(file))
    first = found.policy.version == 1
    before = None if first else last()
    policy_signing.check(found, before, ambient.today())
    note_draft(found, before)
    key = signer()
    signed = policy_signing.sign(found, before, key, ambient.today())
    if signed == found:
        note("You have signed this already.")
    else:
        admin_shared.ask(f"Sign this as {key.name}?", yes)
        note_files.write_over(file, signed.note or b"")
    tell_standing(signed, policy_signing.standing(signed, before), as_json)


@policy.command()
@click.argument("file", type=FILE, required=False)
@the_last
@json_option
def show(file: Path | None, last: Callable[[], Policy | None], as_json: bool) -> None:
    """Show a draft or a signed policy, or the last one of a server."""
    if file is not None:
        found = policy_signing.read(note_files.read(file)).policy
    else:
        current = last()
        if current is None:
            raise FirstDo("Which policy?", "Name a file, or the server with --server.")
        found = current
    tell_policy(found, as_json)


def _region(line: str) -> Region:
    number, _, name = line.partition(" ")
    try:
        return Region(lines.number(number), name)
    except Malformed:
        raise BadInput("A region looks like: 1000 Name", "This one does not.") from None


def _write_draft(out: Path, text: str, last: Policy | None = None) -> None:
    note_files.write_new(out, text.encode())
    note_draft(policy_signing.read(text.encode()), last)
    note(f"It lies in {out}, unsigned. Each admin now runs: towpath admin policy sign {out}")
