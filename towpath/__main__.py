"""The command `towpath`: everything that people, providers, admins and operators do.

Each command is imported when it is called, so that asking for help does not wait for a server.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import click

from client.cli.common import Commands, steady_output

_HELP = """Carry a sealed request for help to an organisation, through a one-time code.

The person decides: nothing is sent without a yes, one organisation alone can open it, and the
server keeps nothing that it could read. Every command explains itself: towpath COMMAND --help.

The server's address goes into TOWPATH_SERVER, or after --server. Where Tor runs, it is used.

Exit codes: 0 done, 1 fault, 2 usage, 3 not reached, 4 code or receipt refused, 5 does not open,
6 signature or vetting does not hold, 7 something has to be done first, 8 the public log is not as
it must be, 130 stopped by hand.

\b
Completion of commands by the Tab key, in bash (also zsh, fish):
  eval "$(_TOWPATH_COMPLETE=bash_source towpath)"
"""


def _ask() -> click.Command:
    from client.cli.peer import ask_command

    return ask_command


def _answers() -> click.Command:
    from client.cli.peer_box import answers_command

    return answers_command


def _add() -> click.Command:
    from client.cli.peer_box import add_command

    return add_command


def _withdraw() -> click.Command:
    from client.cli.peer_box import withdraw_command

    return withdraw_command


def _renew() -> click.Command:
    from client.cli.peer_box import renew_command

    return renew_command


def _paste() -> click.Command:
    from client.cli.peer import paste_command

    return paste_command


def _keep() -> click.Command:
    from client.cli.peer_saved import keep_command

    return keep_command


def _seal() -> click.Command:
    from client.cli.peer_saved import seal_command

    return seal_command


def _network() -> click.Command:
    from client.cli.peer_box import network_command

    return network_command


def _provider() -> click.Command:
    from client.cli.provider import provider

    return provider


def _admin() -> click.Command:
    from client.cli.admin import admin

    return admin


def _directory() -> click.Command:
    from client.cli.directory import directory

    return directory


def _witness() -> click.Command:
    from client.cli.witness import witness

    return witness


def _verify_log() -> click.Command:
    from client.cli.verify_log import verify_log

    return verify_log


def _server() -> click.Command:
    from server.commands import server

    return server


@dataclass(frozen=True, slots=True)
class _Entry:
    """A command: under which heading it stands, what the list says of it, how it is loaded."""

    heading: str
    says: str
    load: Callable[[], click.Command]


_PEOPLE = "For people who ask, and who pass it on"
_OTHERS = "For organisations, admins, witnesses and operators"

_ENTRIES = {
    "ask": _Entry(_PEOPLE, "Send a request, with a code or without one.", _ask),
    "answers": _Entry(_PEOPLE, "Read the answers, with the receipt.", _answers),
    "add": _Entry(_PEOPLE, "Add something to a request that was sent.", _add),
    "renew": _Entry(_PEOPLE, "Keep a request for longer.", _renew),
    "withdraw": _Entry(_PEOPLE, "Take a request back, with all that belongs to it.", _withdraw),
    "paste": _Entry(_PEOPLE, "Send a request that was sealed elsewhere.", _paste),
    "keep": _Entry(_PEOPLE, "Keep what is needed where there is no network.", _keep),
    "seal": _Entry(_PEOPLE, "Seal a request from what was kept, without a network.", _seal),
    "network": _Entry(_PEOPLE, "Show which network a server is of.", _network),
    "provider": _Entry(_OTHERS, "Hand out codes, read requests, answer.", _provider),
    "admin": _Entry(_OTHERS, "Vet organisations.", _admin),
    "directory": _Entry(_OTHERS, "Exchange the list of organisations, or print it.", _directory),
    "witness": _Entry(_OTHERS, "Watch a network's public log, and confirm it.", _witness),
    "verify-log": _Entry(_OTHERS, "Look at a network's public log without trust.", _verify_log),
    "server": _Entry(_OTHERS, "Run a server, and see what it holds.", _server),
}


class _Root(Commands):
    """The commands by name, each loaded when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the names in the order of the list above."""
        return list(_ENTRIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load a command; None where there is none of this name."""
        entry = _ENTRIES.get(cmd_name)
        return entry.load() if entry else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list without loading anything."""
        for heading in (_PEOPLE, _OTHERS):
            with formatter.section(heading):
                rows = [(n, e.says) for n, e in _ENTRIES.items() if e.heading == heading]
                formatter.write_dl(rows)


@click.group(cls=_Root, name="towpath", help=_HELP, context_settings={"max_content_width": 100})
def towpath() -> None:
    """Run one command."""
    steady_output()


if __name__ == "__main__":
    towpath(prog_name="towpath")
