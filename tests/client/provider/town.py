"""A real server in this process, provider's devices, and somebody who asks: what the tests share.

Calls go through the application as over HTTP, without a socket. `lose` takes answers away after the
work was done, and `Doom` ends a device at any moment: nothing of it runs any more after that.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import Flask

import migrations
from client import home as homes
from client.api import Api
from client.api_signed import SignedApi
from client.errors import Unreachable
from client.flows import answers, apply, ask, choosing, copies, listing, stock, stock_data, walk_in
from client.flows import sync as syncing
from client.flows.answers import Box, Holder
from client.flows.apply import Founding
from client.flows.ask import Receipt
from client.flows.desk import Desk, open_desk
from client.flows.filing import Filed
from client.flows.handing import Handed
from client.flows.listing import Place
from client.flows.profile_file import Described
from client.flows.signed_calls import AskedCounter, told_plainly
from client.home import Home
from client.http import Reply
from crypto import constants as c
from crypto.client.message import Message
from crypto.client.store import Store
from crypto.encoding import Random
from crypto.public import admin_keys
from crypto.public.requests import Referral, WalkIn
from server import create_app
from server.clock import SECONDS_A_DAY
from server.core import EXTENSION, Core
from server.services import drop
from server.settings import Settings
from tests.crypto import vettings
from tests.crypto.networks import PROFILE
from tests.crypto.store_samples import draws
from tests.server import founding
from tests.server.founding import Founded, Organisation
from tests.server.scene import FakeClock

PHRASE = "four words that open"
NAME = "Open Door"
TOKENS = 3


class Stopped(BaseException):
    """The device died here."""


@dataclass
class Doom:
    """Counts what a device does to the world, and ends it before the n-th time; 0 never."""

    at: int = 0
    steps: int = 0
    dead: bool = False

    def step(self) -> None:
        """Come one step nearer; a dead device does nothing at all."""
        self.steps += 1
        self.dead = self.dead or self.steps == self.at
        if self.dead:
            raise Stopped


@dataclass
class Wire:
    """The way to the server: remembers every call, loses answers, dies with its device."""

    app: Flask
    doom: Doom = field(default_factory=Doom)
    calls: list[tuple[str, str, bytes, Mapping[str, str]]] = field(default_factory=list)
    lose: Counter[str] = field(default_factory=Counter)
    """By path: how many of the next answers are lost after the work was done."""
    cut: bool = False
    """Whether nothing arrives at all."""

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send one call and return the answer, as `Http.call`."""
        self.doom.step()
        if self.cut:
            raise Unreachable("cut")
        self.calls.append((method, path, body or b"", headers or {}))
        said = self.app.test_client().open(
            path, method=method, data=body, headers=dict(headers or {})
        )
        self.doom.step()
        bare = path.partition("?")[0]
        if self.lose[bare]:
            self.lose[bare] -= 1
            raise Unreachable("lost")
        names = {name.lower(): value for name, value in said.headers.items()}
        return Reply(said.status_code, names, said.data)

    def paths(self, name: str) -> list[bytes]:
        """The bodies that were sent to a path."""
        return [body for _, path, body, _ in self.calls if path.partition("?")[0] == name]


class MortalDesk(Desk):
    """A desk that dies with its device, before and after each writing."""

    doom: Doom

    def edit(self, change: Callable[[Store], Store]) -> Store:
        """Change the store, if there is still somebody to do so."""
        self.doom.step()
        store = super().edit(change)
        self.doom.step()
        return store


@dataclass
class Device:
    """One device of a provider: its folder, opened, and its way to the server."""

    town: Town
    desk: MortalDesk
    wire: Wire

    @property
    def api(self) -> Api:
        """Unnamed calls."""
        return Api(self.wire)  # type: ignore[arg-type]  # it calls as Http does

    @property
    def signed(self) -> SignedApi:
        """The member's calls."""
        member = self.desk.member
        return SignedApi(self.api, member.ed25519_seed, member.network_id, self.desk.home.counter)

    @property
    def organisation(self) -> Organisation:
        """What the admins are shown."""
        said = apply.last(self.desk)
        return Organisation(
            name=said.name,
            seed=self.desk.read().organisation_seed,
            member_seed=self.desk.member.ed25519_seed,
            profile=said.profile,
        )

    def place(self) -> Place:
        """One's own listing."""
        return listing.own(
            self.api,
            device_day=self.town.today,
            network_id=self.desk.network_id,
            organisation=self.desk.organisation_key,
        )

    def sync(self) -> Filed:
        """Bring in what came."""
        return self.sync_all().filed

    def sync_all(self, tell: syncing.Tell = lambda _: None) -> syncing.Synced:
        """Bring in what came; everything that the run says."""
        self.town.tick()
        return syncing.sync(
            self.desk,
            self.api,
            self.signed,
            today=self.town.today,
            progress=lambda _: None,
            tell=tell,
        )

    def signed_call(self) -> None:
        """Ask for the week's drop key, as a member."""
        with told_plainly():
            self.signed.tokens(self.town.today, b"")

    def draw(self) -> int:
        """Draw the week's tokens."""
        document = self.api.network()
        return stock.draw(self.desk, self.signed, document, today=self.town.today)

    def make(self) -> int:
        """Make codes for the tokens in hand."""
        return stock.make_codes(self.desk, now=self.town.now, tell=lambda _: None)

    def again(self, at: int = 0) -> Device:
        """Start the device anew, with the same folder; it dies at a step, if one is named."""
        return self.town.device(self.desk.home, Doom(at))

    def entries(self, kind: int) -> dict[bytes, bytes]:
        """What the store has of a kind."""
        return dict(self.desk.read().of_kind(kind))


@dataclass(frozen=True)
class Asked:
    """A request on its way: to which device, with which code, and the receipt."""

    device: Device
    handed: Handed
    sealed: Referral
    receipt: Receipt

    def holder(self) -> Holder:
        """Whoever holds the receipt."""
        return Holder(self.device.town.founded.network_id, self.receipt.keys)

    def add(self, **said: Any) -> None:
        """Add something to the request."""
        who, api = self.holder(), Api(Wire(self.device.town.app))  # type: ignore[arg-type]
        first = answers.delivered(api, who)
        assert first is not None
        said_more = Message(kind=c.KIND_FOLLOW_UP, consent=1, **said)
        adding = answers.start_adding(who, first, said_more)
        assert answers.add(api, adding, random=self.device.town.random) is not None

    def read(self) -> Box | None:
        """Read the answers, as the person does."""
        api = Api(Wire(self.device.town.app))  # type: ignore[arg-type]
        return answers.read(api, self.holder())

    def withdraw(self) -> None:
        """Take the request back."""
        api = Api(Wire(self.device.town.app))  # type: ignore[arg-type]
        assert answers.withdraw(api, self.holder())


@dataclass
class Town:
    """A server with a network, and everybody's devices; the clock stands still."""

    app: Flask
    clock: FakeClock
    founded: Founded
    folder: Path
    random: Random

    @property
    def core(self) -> Core:
        """What the server's parts share."""
        found: Core = self.app.extensions[EXTENSION]
        return found

    @property
    def today(self) -> int:
        """The day."""
        return self.core.today

    @property
    def now(self) -> int:
        """The moment, in POSIX seconds."""
        return int(self.clock.now())

    def tick(self) -> None:
        """Let arrivals join the drop."""
        self.core.database.write(lambda connection: drop.join(connection, self.random))

    def at(self, day: int, second: int = SECONDS_A_DAY // 2) -> None:
        """Go to a moment."""
        self.clock.sleep(day * SECONDS_A_DAY + second - self.clock.now())

    def device(self, home: Home, doom: Doom | None = None) -> Device:
        """Open a provider's folder."""
        doom = doom or Doom()
        opened = open_desk(home, PHRASE, self.random)
        desk = MortalDesk(home, opened.member, self.random)
        desk.doom = doom
        return Device(self, desk, Wire(self.app, doom))

    def admins(self) -> apply.Admins:
        """To whom applications are sealed: the admins publish their keys, if they have not yet."""
        api = Api(Wire(self.app, Doom()))  # type: ignore[arg-type]  # it calls as Http does
        for admin in self.founded.admins if not api.admin_keys() else ():
            calls = SignedApi(api, admin.seed, self.founded.network_id, AskedCounter())
            calls.put_admin_key(admin_keys.make(admin.seed, self.founded.network_id))
        return apply.admins_of(self.founded.network.policy, api.admin_keys())

    def renew(self, device: Device, name: str) -> None:
        """Make a new application of an organisation, and hand in nothing yet."""
        apply.renew(
            device.desk,
            device.api,
            described(name),
            self.admins(),
            today=self.today,
            random=self.random,
        )

    def apply(self, name: str = NAME, folder: str = "home") -> Device:
        """Found an organisation and hand in its application."""
        founding_ = Founding(
            server="http://127.0.0.1:1",
            network_id=self.founded.network_id,
            member_name="Anna",
            phrase=PHRASE,
        )
        home = apply.found(
            self.folder / folder,
            founding_,
            described(name),
            self.admins(),
            today=self.today,
            random=self.random,
        )
        made = self.device(home)
        apply.post(made.desk, made.api)
        return made

    def approve(self, device: Device, **changes: Any) -> None:
        """Let two admins sign what stands in the application."""
        note = self.founded.statement(device.organisation, **changes)
        posted = self.founded.post(note, apply.said(device.desk).said)
        assert getattr(posted, "listed", False), posted

    def listed(self, name: str = NAME, folder: str = "home") -> Device:
        """An organisation that is listed, with a place for the second copy."""
        made = self.apply(name, folder)
        self.approve(made)
        place = self.folder / f"{folder} stick"
        place.mkdir()
        copies.set_place(made.desk, place)
        return made

    # --- somebody who asks ---

    def receipt(self) -> Receipt:
        """Make a receipt."""
        return ask.make_receipt(self.founded.network_id, "", random=self.random)

    def ask(self, code: bytes, **said: Any) -> tuple[Referral, Receipt]:
        """Send a request with a code, and return it with its receipt."""
        api = Api(Wire(self.app))  # type: ignore[arg-type]
        opened = ask.open_code(api, code, device_day=self.today)
        assert opened is not None, "the code is refused"
        receipt = self.receipt()
        sealed = ask.seal(opened, message_of(**said), receipt, random=self.random)
        assert api.send(sealed) is not None
        return sealed, receipt

    def walk_in(
        self, name: str = NAME, receipt: Receipt | None = None, **said: Any
    ) -> tuple[WalkIn, Receipt]:
        """Send a request without a code; making a receipt for it takes half a second."""
        api = Api(Wire(self.app))  # type: ignore[arg-type]
        found = choosing.fetch(api, device_day=self.today, network_id=self.founded.network_id)
        chosen = next(one for one in found.organisations if one.statement.name == name)
        receipt = receipt or self.receipt()
        sealed = walk_in.seal(
            found.view, chosen, message_of(**said), receipt, random=self.random, day=self.today
        )
        worked = walk_in.with_work(
            found.view, sealed, day=self.today, random=self.random, progress=lambda *_: None
        )
        assert api.send(worked) is not None
        return worked, receipt

    def close(self) -> None:
        """Let go of the database."""
        self.core.database.close()


def with_one_code(device: Device) -> Device:
    """Draw, and make one code only: each takes a second."""
    device.draw()
    mine = device.desk.home.device
    held = stock_data.of(device.desk.read(), mine)
    one = replace(held, tokens=held.tokens[:1])
    device.desk.edit(lambda store: stock_data.put(store, mine, one))
    device.make()
    return device


def message_of(**said: Any) -> Message:
    """A request with what must be there, and what is said besides."""
    least: dict[str, Any] = {
        "consent": 1,
        "needs": (1,),
        "languages": (5,),
        "channels": (1,),
        "eyes": c.EYES_RECEIPT,
    }
    return Message(**{**least, **said})


def described(name: str) -> Described:
    """What an organisation of this name applies with."""
    return Described(name, PROFILE, vettings.CONTACT, tuple(vettings.answers()))


def found(folder: Path, clock: FakeClock | None = None) -> Town:
    """Found a server with a network in a folder."""
    town = open_town(folder, clock or FakeClock())
    migrations.upgrade(town.core.database.engine)
    return replace(town, founded=founding.found(town.core))


def open_town(folder: Path, clock: FakeClock, founded: Founded | None = None) -> Town:
    """Open a server in a folder, with whatever lies there."""
    (folder / "keyring").mkdir(mode=0o700, exist_ok=True)
    settings = Settings(
        database=f"sqlite:///{folder / 'towpath.db'}",
        keyring=folder / "keyring",
        work_bits=8,
        tokens_a_week=TOKENS,
        misses_a_minute=1_000_000,
    )
    app = create_app(settings, clock=clock)
    core: Core = app.extensions[EXTENSION]
    network = founded.network if founded else None
    random = draws(str(folder))
    return Town(app, clock, Founded(core, network), folder, random)  # type: ignore[arg-type]


def copy_of(town: Town, folder: Path) -> Town:
    """A town like another one, in a folder of its own; the other must be closed."""
    shutil.copytree(town.folder, folder, dirs_exist_ok=True)
    clock = FakeClock()
    clock.sleep(town.clock.now() - clock.now())
    return open_town(folder, clock, town.founded)


def home_in(town: Town, folder: str = "home") -> Home:
    """The provider's folder in a town that was copied."""
    there = homes.load(town.folder / folder)
    if there.copy is None:
        return there
    return homes.with_copy(there, town.folder / there.copy.name)
