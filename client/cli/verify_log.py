"""`towpath verify-log`: looking at a network's public log without trust."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from client import ambient
from client.api_log import LogApi
from client.cli import log_shown
from client.cli.admin_shared import FILE
from client.cli.common import (
    api_for,
    json_option,
    network_id_of,
    note,
    tell,
    tell_json,
)
from client.errors import EXIT_LOG_LIES, BadInput, FirstDo
from client.flows import log_evidence, log_folder, log_verify
from client.flows.days import day as date
from client.flows.log_folder import LogFolder
from client.flows.log_verify import Holds, Wrong
from crypto.constants import COSIGNATURE_DAYS

_MANY = 1_000
_EVIDENCE_MOST = 1 << 30


@click.command()
@click.option("--server", envvar="TOWPATH_SERVER", metavar="URL", help="(or TOWPATH_SERVER)")
@click.option(
    "--network",
    envvar="TOWPATH_NETWORK",
    metavar="ID",
    help="The network's id, as its admins told you: not as the server says (or TOWPATH_NETWORK).",
)
@click.option("--proxy", envvar="TOWPATH_PROXY", metavar="URL", help="(or TOWPATH_PROXY)")
@click.option(
    "--folder",
    type=FILE,
    metavar="DIR",
    help="Go on from what this folder has, and keep there what is seen; made if it is not there."
    " A witness's folder is one.",
)
@click.option("--offline", is_flag=True, help="Ask no server: look at the folder alone.")
@click.option("--evidence", type=FILE, metavar="FILE", help="Check a file that a witness kept.")
@json_option
def verify_log(
    server: str | None,
    network: str | None,
    proxy: str | None,
    folder: Path | None,
    offline: bool,
    evidence: Path | None,
    as_json: bool,
) -> None:
    """Look at a network's public log from its first entry, without trust in anybody.

    It checks each entry's signatures and that the log is the one that the server has signed, then
    says who is listed, who is suspended, and which witnesses confirmed it. Nothing of yours is
    sent. Exit codes: 0 it holds, 3 not reached, 8 the log is not as it must be.
    """
    pinned = network_id_of(network) if network else None
    if evidence is not None:
        _check_evidence(evidence, pinned, as_json)
        return
    place = None if folder is None else _folder(folder, pinned, offline)
    network_id = place.network_id if place else pinned
    if network_id is None:
        raise FirstDo("Which network?", "Write --network ID, as its admins told you.")
    day = ambient.today()
    if offline:
        if place is None:
            raise FirstDo("Which folder?", "Write --folder DIR.")
        outcome = log_verify.offline(place, day=day)
    else:
        api = LogApi(api_for(server, proxy))
        outcome = log_verify.online(api, network_id, place, day=day, progress=_progress)
    _tell(outcome, day, as_json)


def _tell(outcome: Holds | Wrong, day: int, as_json: bool) -> None:
    if isinstance(outcome, Wrong):
        if as_json:
            tell_json(log_shown.finding_json(outcome.finding, outcome.evidence))
        log_shown.note_finding(outcome.finding, outcome.evidence)
        sys.exit(EXIT_LOG_LIES)
    shown = outcome.published
    if as_json:
        said = log_shown.held_json(outcome.held, day)
        published = None if shown is None else {"entries": shown.size, "day": shown.day}
        tell_json({**said, "published": published})
        return
    log_shown.tell_held(outcome.held, day)
    if shown is None:
        return
    if not shown.size:
        tell("People are shown nothing of it yet: it waits for witnesses.")
    elif shown.size < outcome.held.checkpoint.size:
        tell(f"People are shown the first {shown.size} of them; the rest waits for witnesses.")
    if shown.day is not None and shown.day < day - COSIGNATURE_DAYS:
        tell(f"Witnesses confirmed it last on {date(shown.day)}: people's pages refuse it by now.")


def _check_evidence(file: Path, network_id: bytes | None, as_json: bool) -> None:
    try:
        data = file.read_bytes()
    except OSError as trouble:
        raise BadInput(f"{file} can't be read: {trouble.strerror}.") from None
    found = log_evidence.decode(data)
    if network_id not in (None, found.network_id):
        raise BadInput("This evidence is about another network than --network names.")
    finding = log_evidence.check(found)
    if finding is None:
        tell("Nothing in this file shows that the log was not as it must be.")
        return
    note(f"What this file shows, of {date(found.day)}, of the network {found.network_id.hex()}:")
    if network_id is None:
        note("Compare this id with the one that the network's admins told you, or add --network.")
    if as_json:
        tell_json(log_shown.finding_json(finding, file))
    log_shown.note_finding(finding, None)
    sys.exit(EXIT_LOG_LIES)


def _folder(path: Path, pinned: bytes | None, offline: bool) -> LogFolder:
    """Open a folder, or make one where nothing is there yet."""
    if not offline and (not path.exists() or not any(path.iterdir())):
        if pinned is None:
            raise FirstDo("Which network?", "Write --network ID, as its admins told you.")
        return log_folder.begin(path, pinned)
    found = log_folder.open_(path)
    if pinned not in (None, found.network_id):
        raise BadInput("This folder is of another network than --network names.")
    return found


def _progress(done: int, of: int) -> None:
    if of > _MANY:
        note(f"Read {done} of {of} entries ...")
