"""`towpath witness`: watching a network's public log from elsewhere, and confirming it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from client import ambient
from client.api_log import LogApi
from client.cli import admin_shared, log_shown
from client.cli.admin_shared import FILE, with_passphrase
from client.cli.common import (
    Commands,
    api_for,
    json_option,
    network_id_of,
    network_id_text,
    note,
    paragraph,
    tell,
    tell_json,
)
from client.errors import EXIT_FIRST_DO, EXIT_LOG_LIES, FirstDo
from client.flows import admin_keys, witness_key
from client.flows import witness as flow
from client.flows.witness import Lie, NotNamed, Signed, Witness
from client.http import check_address
from crypto.public import checkpoint as checkpoints
from crypto.public import notes
from crypto.public.note_signing import Signer

_folder = click.option(
    "--folder",
    required=True,
    envvar="TOWPATH_WITNESS",
    type=FILE,
    metavar="DIR",
    help="The witness's folder (or TOWPATH_WITNESS).",
)
_proxy = click.option(
    "--proxy",
    envvar="TOWPATH_PROXY",
    metavar="URL",
    help="socks5h://HOST:PORT, or none. Without it: Tor, where it runs (or TOWPATH_PROXY).",
)


@click.group(cls=Commands)
def witness() -> None:
    """Watch a network's public log from elsewhere, and confirm what holds.

    A witness belongs to another organisation than the server. It reads every entry of the log,
    checks every signature, and remembers: so a server can't show one log here and another there,
    nor change later what it said. Begin with `towpath witness init`.
    """


@witness.command()
@_folder
@click.option("--server", required=True, envvar="TOWPATH_SERVER", metavar="URL", help="The server.")
@click.option(
    "--network",
    required=True,
    envvar="TOWPATH_NETWORK",
    metavar="ID",
    help="The network's id, as its admins told you: not as the server says.",
)
@click.option("--name", required=True, help="Your witness's name: a to z, 0 to 9, . - /")
@click.option(
    "--unattended",
    is_flag=True,
    help="Keep the key without a passphrase, for cron: whoever can read the file can sign with it.",
)
@with_passphrase
@json_option
def init(
    folder: Path,
    server: str,
    network: str,
    name: str,
    unattended: bool,
    passphrase_file: str | None,
    as_json: bool,
) -> None:
    """Make a witness's folder and key, and show the line that names it in a network's rules."""
    check_address(server)
    network_id = network_id_of(network)
    said = None if unattended else admin_shared.phrase(passphrase_file, twice=True)
    key = flow.init(
        folder,
        network_id=network_id,
        server=server,
        name=name,
        phrase=said,
        random=ambient.random,
    )
    line = admin_keys.line(key, "witness")
    if as_json:
        tell_json({"folder": str(folder), "line": line, "network_id": network_id.hex()})
        return
    note("Give the network's admins this line, and let them hear it from you, too:")
    tell(line)
    _note_how(folder, unattended)


@witness.command()
@_folder
@_proxy
@with_passphrase
@click.option("--quiet", is_flag=True, help="Print nothing where everything holds: for cron.")
@json_option
def run(
    folder: Path, proxy: str | None, passphrase_file: str | None, quiet: bool, as_json: bool
) -> None:
    """Look at the log once, and confirm it if it holds.

    Exit codes: 0 confirmed, 3 not reached (try again later), 7 something here is not set up (no
    folder, the clock, or the network's rules do not name this witness yet), 8 the log is not as it
    must be: nothing was signed, and what shows it was kept.
    """
    found = flow.load(folder)
    signer = _open(found, passphrase_file)
    outcome = flow.run(found, signer, LogApi(api_for(found.server, proxy)), now=ambient.now)
    match outcome:
        case Signed():
            if as_json:
                tell_json(_signed_json(outcome))
            elif not quiet:
                tell(_signed(outcome))
        case NotNamed():
            paragraph(
                "The log holds and was written down, and nothing was signed: the network's rules"
                f" (version {outcome.held.policy.version}) do not name this witness. Its line:"
            )
            note(admin_keys.line(signer.witness_key, "witness"))
            sys.exit(EXIT_FIRST_DO)
        case Lie():
            if as_json:
                tell_json(log_shown.finding_json(outcome.finding, outcome.evidence))
            log_shown.note_finding(outcome.finding, outcome.evidence)
            sys.exit(EXIT_LOG_LIES)


@witness.command()
@_folder
@json_option
def show(folder: Path, as_json: bool) -> None:
    """Show what a witness's folder has seen so far; no key and no network are needed."""
    found = flow.load(folder)
    state = found.folder.state()
    evidence = flow.evidence_of(found)
    last = _rules(state.checkpoint)
    if as_json:
        tell_json(
            {
                "name": found.name,
                "network_id": network_id_text(found.folder.network_id),
                "server": found.server,
                "entries": state.edge.size,
                "unattended": witness_key.is_bare(found.key_file),
                "evidence": [str(one) for one in evidence],
            }
        )
        return
    tell(f"Witness {found.name}")
    tell(f"  Network: {network_id_text(found.folder.network_id)}")
    tell(f"  Server: {found.server}")
    tell(f"  Seen so far: {state.edge.size} entries{last}")
    if witness_key.is_bare(found.key_file):
        tell("  Its key has no passphrase: whoever can read this folder can sign with it.")
    for one in evidence:
        tell(f"  Evidence that the log was not as it must be: {one}")


def _open(found: Witness, source: str | None) -> Signer:
    if not found.key_file.exists():
        raise FirstDo(
            "The witness's key is not in its folder.", "`towpath witness init` makes one."
        )
    phrase = "" if witness_key.is_bare(found.key_file) else admin_shared.phrase(source)
    return witness_key.load(found.key_file, phrase)


def _signed(outcome: Signed) -> str:
    said = outcome.cosigned
    state = "people are shown it" if said.published else "it waits for more witnesses"
    return (
        f"Confirmed: {outcome.held.checkpoint.size} entries;"
        f" {said.cosignatures} of {said.needed} witnesses so far, and {state}."
    )


def _signed_json(outcome: Signed) -> dict[str, object]:
    said = outcome.cosigned
    return {
        "holds": True,
        "entries": outcome.held.checkpoint.size,
        "cosignatures": said.cosignatures,
        "needed": said.needed,
        "published": said.published,
    }


def _note_how(folder: Path, unattended: bool) -> None:
    place = folder.resolve()
    if not unattended:
        paragraph("Run it by hand, once a day or more:")
        note(f"  towpath witness run --folder {place}")
        return
    paragraph(
        "The key has no passphrase: whoever can read the folder, or a backup of it, can sign as"
        " this witness. Nobody can list an organisation with it; it takes away one pair of eyes."
    )
    paragraph("A line for cron, which writes mail only where something is wrong:")
    note(f"  17 * * * * towpath witness run --quiet --folder {place}")
    note("A timer of systemd and the exit codes: docs/first-hour/witness.md")


def _rules(checkpoint: bytes) -> str:
    if not checkpoint:
        return ""
    said = checkpoints.parse(notes.parse(checkpoint).text)
    return f", under rules of version {said.policy_version}"
