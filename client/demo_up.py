"""A demo to try with one's own hands: `python -m client.demo_up --folder DIR`.

It starts a server on this machine, founds a network there or uses the one of last time, takes one
code from a provider's stock, says what to type next, and keeps the server running until Ctrl-C.
"""

from __future__ import annotations

import shlex
import shutil
import sys
import time
from pathlib import Path

import click

from client import ambient, demo_network, demo_server
from client.cli.common import Commands, note, steady_output, tell
from client.demo_places import FIRST, PROVIDERS, Places
from client.demo_server import DemoServer
from client.errors import BadInput, Trouble
from client.flows import handing
from client.flows.days import day
from client.flows.handing import Handed
from crypto.public.note_signing import Signer

_ROOT = Path(__file__).resolve().parents[1]
_PORT = 8000
_TICK_SECONDS = 2
_TOKENS_A_WEEK = 3
_LOOK_S = 0.5


@click.group(cls=Commands, invoke_without_command=True)
@click.option(
    "--folder", required=True, type=click.Path(path_type=Path), help="Where the demo's files go."
)
@click.option("--reset", is_flag=True, help="Begin anew: remove what the folder holds.")
@click.option("--port", type=click.IntRange(1, 65_535), default=_PORT, show_default=True)
def up(folder: Path, reset: bool, port: int) -> None:
    """Run a demo network on this machine until Ctrl-C."""
    steady_output()
    places = Places(folder.absolute())
    check(places)
    with demo_server.ended_by_signals(), demo_server.held(places.folder) as lock:
        if reset:
            clear(places)
        with demo_server.ended(DemoServer(places.server, lock)) as server:
            handed = begin(places, server, port)
            explain(places, server, handed)
            _wait(server)


def begin(places: Places, server: DemoServer, port: int) -> Handed:
    """Start the server, found or reuse the network, and hand out one code."""
    began = time.monotonic()
    fresh = not places.founded.exists()
    admins: tuple[Signer, ...] = ()
    if fresh:
        clear(places)
        note("Setting up a server on this machine, and three admins ...")
        admins = demo_network.sign_policy(places, server.begin())
        server.settle(tick_seconds=_TICK_SECONDS, tokens_a_week=_TOKENS_A_WEEK)
        server.show_drafts()
        server.load_policy(places.policy)
    free = demo_server.port_for(port)
    if free != port:
        note(f"Port {port} is taken, so this is {free}.")
    server.start(free)
    if fresh:
        demo_network.found(places, admins, server.url, _progress, PROVIDERS)
    else:
        note("Using the network of last time.")
        demo_network.reuse(places, server.url)
    at = demo_network.open_provider(places, FIRST)
    (handed,) = handing.hand_out(at, 1, today=ambient.today())
    note(f"Ready after {time.monotonic() - began:.0f} seconds.")
    return handed


def explain(places: Places, server: DemoServer, handed: Handed) -> None:
    """Print the code and what to type, in another terminal, in the order in which it happens."""
    tell()
    tell("A code from the stock of Open Door Legal and Social Services, good once,")
    tell(f"until {day(handed.last_day)}, in two equal forms:")
    _lines(handed.symbols, handed.digits)
    tell("In a browser on this machine: type the code there, or read an answer with a receipt.")
    _lines(f"{server.url}/", f"{server.url}/answers")
    tell("Or in another terminal, in the folder of Towpath. First where things are:")
    _lines(
        f"export TOWPATH_SERVER={server.url}",
        f"export TOWPATH_HOME={_quoted(places.home(FIRST))}",
    )
    tell("1. Send a request. The code is asked for; it is never part of a command:")
    _lines("bin/towpath ask")
    tell("2. A few seconds later, read it as the provider. CASE is the name that the inbox shows:")
    phrase = '--passphrase-file "$TOWPATH_HOME.passphrase"'
    _lines(
        f"bin/towpath provider sync {phrase}",
        f"bin/towpath provider inbox {phrase}",
        f"bin/towpath provider show CASE --text {phrase}",
    )
    tell("   Answer it. Type the text, then Ctrl-D on a line of its own:")
    _lines(f"bin/towpath provider answer CASE --state answered --text-file - {phrase}")
    tell("3. Read the answer, with the receipt that the request gave:")
    _lines("bin/towpath answers")
    tell(f"This is a demo: the {_TOKENS_A_WEEK} codes of each provider were published at once, and")
    tell(
        f"arrivals join the drop every {_TICK_SECONDS} seconds. Otherwise codes go out over a week,"
    )
    tell("one by one, and arrivals every 2 minutes, so that nobody can tell whose they are.")
    tell()
    tell("Ctrl-C here ends the server; the folder is kept for the next time.")


def check(places: Places) -> None:
    """Raise BadInput for a folder that holds anything else than a demo."""
    there = places.folder.iterdir() if places.folder.is_dir() else ()
    if any(one.name not in Places.NAMES for one in there):
        raise BadInput(
            f"{places.folder} holds other things than a demo.", "Name another folder, or a new one."
        )


def clear(places: Places) -> None:
    """Remove what a demo left in its folder, but its lock."""
    for one in places.folder.iterdir():
        if one.name == "lock":
            continue
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        else:
            one.unlink()


def _progress(line: str) -> None:
    note(f"  {line}")


def _wait(server: DemoServer) -> None:
    while not server.has_ended():
        time.sleep(_LOOK_S)
    raise Trouble("The server has ended by itself.", server.last_words())


def _lines(*lines: str) -> None:
    tell()
    for line in lines:
        tell(f"    {line}")
    tell()


def _quoted(path: Path) -> str:
    """Write a path as a shell takes it, from the checkout where it lies below it."""
    below = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else path
    return shlex.quote(str(below))


if __name__ == "__main__":
    sys.exit(up.main(prog_name="demo_up"))
