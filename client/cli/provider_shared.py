"""What the commands of a provider share: the folder, the passphrase, the server, the member."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from typing import Any

import click
import platformdirs

from client import ambient
from client import home as homes
from client.api import Api
from client.api_signed import SignedApi
from client.cli import asking
from client.cli.common import api_for, hidden, note, one_line, paragraph, read_text
from client.errors import BadInput
from client.flows import listing
from client.flows.desk import Desk, open_desk
from client.flows.listing import Place
from client.flows.watch import News
from client.home import Home
from crypto.encoding import Random

FILE = click.Path(path_type=Path)
MAY_BE_WITHHELD = (
    "Either the date of this device is wrong, or the newest list of ended listings is being kept"
    " back by the server."
)


@dataclass(frozen=True)
class Work:
    """A member at work on this device: what a command needs, opened when it is first used."""

    home: Home
    phrase_source: str | None
    server: str | None
    proxy: str | None
    today: Callable[[], int] = field(default=ambient.today)
    now: Callable[[], int] = field(default=ambient.now)
    random: Random = field(default=ambient.random, repr=False)

    @cached_property
    def desk(self) -> Desk:
        """The opened store; asks for the passphrase."""
        return open_desk(self.home, phrase(self.phrase_source), self.random)

    @cached_property
    def api(self) -> Api:
        """The server's calls."""
        return api_for(self.server or self.home.server, self.proxy, self.home.memory)

    @property
    def signed(self) -> SignedApi:
        """The calls that the member signs."""
        member = self.desk.member
        return SignedApi(self.api, member.ed25519_seed, member.network_id, self.home.counter)

    def place(self) -> Place:
        """Return one's own listing as it holds today, and warn where the days look wrong."""
        found = listing.own(
            self.api,
            device_day=self.today(),
            network_id=self.desk.network_id,
            organisation=self.desk.organisation_key,
        )
        if found.view.may_be_withheld:
            note(MAY_BE_WITHHELD)
        return found


def home_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add --home, passed on as `folder`."""
    add = click.option(
        "--home",
        "folder",
        envvar="TOWPATH_HOME",
        type=FILE,
        default=default_home,
        metavar="DIR",
        help="The provider's folder (or TOWPATH_HOME).",
    )
    changed: Callable[..., None] = add(command)
    return changed


def phrase_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add --passphrase-file, passed on as `phrase_source`."""
    add = click.option(
        "--passphrase-file",
        "phrase_source",
        metavar="FILE",
        help="A file whose first line is the passphrase (- for standard input). Without it: asked.",
    )
    changed: Callable[..., None] = add(command)
    return changed


def server_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --server and --proxy."""
    server = click.option(
        "--server",
        envvar="TOWPATH_SERVER",
        metavar="URL",
        help="The server, where it is not the one of the folder (or TOWPATH_SERVER).",
    )
    changed: Callable[..., None] = server(proxy_option(command))
    return changed


def proxy_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add --proxy."""
    add = click.option(
        "--proxy",
        envvar="TOWPATH_PROXY",
        metavar="URL",
        help="socks5h://HOST:PORT, or none. Without it: Tor, where it runs (or TOWPATH_PROXY).",
    )
    changed: Callable[..., None] = add(command)
    return changed


def at_work(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options for folder, passphrase and server; the command gets `work` for them."""

    @home_option
    @phrase_option
    @server_options
    @wraps(command)
    def with_work(
        *args: Any,
        folder: Path,
        phrase_source: str | None,
        server: str | None,
        proxy: str | None,
        **kwargs: Any,
    ) -> None:
        work = Work(homes.load(folder), phrase_source, server, proxy)
        command(*args, work=work, **kwargs)

    return with_work


def default_home() -> Path:
    """Return the folder that is used where none is named."""
    return platformdirs.user_data_path("towpath") / "provider"


def phrase(source: str | None, question: str = "Passphrase of your key file") -> str:
    """Return a passphrase, from the first line of a file or asked for without showing it."""
    return one_line(read_text(source)) if source is not None else hidden(question)


def new_phrase(source: str | None, question: str = "A passphrase for the key file") -> str:
    """Return a new passphrase, asked for twice; raises BadInput for an empty one."""
    said = one_line(read_text(source)) if source is not None else hidden(question, twice=True)
    if not said:
        raise BadInput("A key file needs a passphrase.", "Take four words or more.")
    return said


def text_from(source: str) -> str:
    """Read a text from a file ("-": standard input), without control characters."""
    return asking.plain_text(read_text(source))


def note_news(news: Iterable[News]) -> None:
    """Print what the network's log says of this organisation, to the error output."""
    for one in news:
        paragraph(one.sentence)
        if one.then:
            paragraph(one.then)
