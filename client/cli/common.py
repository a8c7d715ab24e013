"""What every command shares: the server's address, secrets that are typed, printing, exit codes.

Conversations and troubles go to the error output, results to the output, so that a result can be
piped on. Nothing is kept of what was asked or typed: no history, no settings, no file that was not
asked for; only how new the network was that was seen last (client/seen.py).
"""

from __future__ import annotations

import base64
import binascii
import errno
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click
import platformdirs

from client import ambient
from client.api import Api
from client.errors import EXIT_ENDED_BY_HAND, EXIT_FAULT, BadInput, FirstDo, Trouble, from_refusal
from client.http import Http, is_listening, proxy_for
from client.seen import ForNow, Kept, Memory
from crypto.constants import NETWORK_ID_BYTES
from crypto.encoding import Random
from crypto.errors import Refused

STDIN = "-"
_FILE_MOST = 1 << 20
_THERE = ("There is a file of this name already.", "Choose another name.")

# Controls but line feed, and marks that turn text round or end a line: a terminal obeys them.
_UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)


@dataclass(frozen=True, slots=True)
class Session:
    """One server for one command; `network_id` is the pinned network's, if one was named."""

    api: Api
    network_id: bytes | None
    today: Callable[[], int] = field(default=ambient.today)
    random: Random = field(default=ambient.random, repr=False)

    def known_network(self) -> bytes:
        """Return the pinned network's id, or the one that the server says."""
        return self.network_id or self.api.network().network_id


class Commands(click.Group):
    """A group that turns every trouble below it into plain sentences and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; leave with the codes of `client.errors`."""
        try:
            return super().invoke(ctx)
        except Trouble as trouble:
            _leave(trouble)
        except Refused as refused:
            _leave(from_refusal(refused))
        except (KeyboardInterrupt, EOFError, click.Abort):
            note("")
            note("Stopped.")
            sys.exit(EXIT_ENDED_BY_HAND)
        except OSError as trouble:
            _leave_for_system(trouble)


def connection(command: Callable[..., None]) -> Callable[..., None]:
    """Add --server, --network and --proxy to a command, which gets a `session` in their place."""

    @click.option(
        "--server", envvar="TOWPATH_SERVER", metavar="URL", help="The server (or TOWPATH_SERVER)."
    )
    @click.option(
        "--network",
        envvar="TOWPATH_NETWORK",
        metavar="ID",
        help="The id of the network that the server must be of (or TOWPATH_NETWORK).",
    )
    @click.option(
        "--proxy",
        envvar="TOWPATH_PROXY",
        metavar="URL",
        help="socks5h://HOST:PORT, or none. Without it: Tor, where it runs (or TOWPATH_PROXY).",
    )
    @wraps(command)
    def with_session(
        *args: Any, server: str | None, network: str | None, proxy: str | None, **kwargs: Any
    ) -> None:
        pinned = network_id_of(network) if network else None
        command(*args, session=Session(api_for(server, proxy), pinned), **kwargs)

    return with_session


def json_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add --json, passed on as `as_json`."""
    add = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
    changed: Callable[..., None] = add(command)
    return changed


def api_for(server: str | None, proxy: str | None, memory: Memory | None = None) -> Api:
    """Return the calls to a server's address; raises FirstDo without one, BadInput, as `Http`.

    `memory` is where it is kept what was seen of networks, by default this user's.
    """
    if not server:
        raise FirstDo(
            "Which server? None was named.",
            "Write --server https://... or set TOWPATH_SERVER to its address.",
        )
    through = proxy_for(server, proxy, is_listening)
    return Api(Http(server, proxy=through, random=ambient.random), memory or memory_of_user())


def memory_of_user() -> Memory:
    """Return where this user's device remembers networks, as TOWPATH_STATE says."""
    named = ambient.state_folder()
    if named == "":
        return ForNow()
    return Kept(Path(named) if named else platformdirs.user_state_path("towpath"), must=False)


def network_id_text(network_id: bytes) -> str:
    """Write a network's id (32 bytes) as 64 hexadecimal digits."""
    return network_id.hex()


def network_id_of(text: str) -> bytes:
    """Read a network's id from hexadecimal digits or base64; raises BadInput."""
    plain = "".join(text.split())
    try:
        if len(plain) == 2 * NETWORK_ID_BYTES:
            found = bytes.fromhex(plain)
        else:
            padded = plain.rstrip("=").translate(str.maketrans("-_", "+/")) + "="
            found = base64.b64decode(padded, validate=True)
    except (ValueError, binascii.Error):
        found = b""
    if len(found) != NETWORK_ID_BYTES:
        raise BadInput("This is not the id of a network.", "`towpath network` shows it.")
    return found


def read_text(source: str, *, at_most: int = _FILE_MOST) -> str:
    """Read a text file of `at_most` bytes, or standard input for "-"; raises BadInput."""
    data = read_bytes(source, at_most=at_most)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("This file is not text in UTF-8.") from None


def read_bytes(source: str, *, at_most: int) -> bytes:
    """Read a file of `at_most` bytes, or standard input for "-"; raises BadInput."""
    try:
        if source == STDIN:
            data = sys.stdin.buffer.read(at_most + 1)
        else:
            with Path(source).open("rb") as file:
                data = file.read(at_most + 1)
    except OSError as trouble:
        raise BadInput(f"A file can't be read: {os.strerror(trouble.errno or 0)}.") from None
    if len(data) > at_most:
        raise BadInput("This file is too large to be what it should be.")
    return data


def write_new(target: str, text: str, *, newline: str | None = None) -> None:
    """Write a text to a new file that only its owner reads, or to the output for "-".

    `newline` is as of `open`: "" keeps line ends as they are.
    """
    if target == STDIN:
        tell(text.rstrip("\n"))
        return
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadInput(*_THERE) from None
    except OSError as trouble:
        raise BadInput(f"The file can't be made: {os.strerror(trouble.errno or 0)}.") from None
    with os.fdopen(descriptor, "w", encoding="utf-8", newline=newline) as file:
        file.write(text)


def hidden(question: str, *, twice: bool = False) -> str:
    """Ask for a word or passphrase without showing it; Enter alone gives the empty text."""
    said: str = click.prompt(
        question,
        hide_input=True,
        default="",
        show_default=False,
        confirmation_prompt="The same again" if twice else False,
        err=True,
    )
    return said


def one_line(text: str) -> str:
    """Return the first line of a file that holds a word or passphrase."""
    return text.split("\n", 1)[0].rstrip("\r")


def clean(text: str) -> str:
    """Replace what a terminal would obey rather than show; line feeds stay."""
    return _UNSAFE.sub("\ufffd", text.replace("\r\n", "\n").replace("\t", " "))


def tell(text: str = "") -> None:
    """Print a line of the result."""
    click.echo(clean(text))


def note(text: str = "") -> None:
    """Print a line of the conversation, to the error output."""
    click.echo(clean(text), err=True)


def paragraph(text: str) -> None:
    """Print a longer text of the conversation in lines of a readable length."""
    click.echo(click.wrap_text(clean(text), width=80), err=True)


def check_new(target: str) -> None:
    """Raise BadInput where a file to be written is there already, before anything is asked."""
    if target != STDIN and Path(target).exists():
        raise BadInput(*_THERE)


def tell_json(values: Mapping[str, object]) -> None:
    """Print a result as one JSON object, in ASCII so that no terminal can misread it."""
    click.echo(json.dumps(values, indent=2))


def steady_output() -> None:
    """Let a terminal that can't show a script print question marks, and no traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _leave(trouble: Trouble) -> NoReturn:
    paragraph(f"towpath: {trouble.sentence}")
    if trouble.then:
        paragraph(trouble.then)
    sys.exit(trouble.exit_code)


def _leave_for_system(trouble: OSError) -> NoReturn:
    if trouble.errno == errno.EPIPE:
        # What is left in the buffer can't be written either.
        sys.stdout = None
        sys.exit(EXIT_FAULT)
    _leave(Trouble(f"This machine refused: {os.strerror(trouble.errno or 0)}."))
