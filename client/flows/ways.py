"""One way to ask, with a code or without: seal after a last look at the network, then post.

What was sealed is kept by the caller: after a lost answer the same bytes are posted again, which
never makes two.

Source: docs/spec/http.md, 1 ("Repeating") and 3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from client.api import Api
from client.flows import ask, walk_in
from client.flows.ask import Opened, Receipt
from client.flows.choosing import Organisation
from client.flows.walk_in import Progress
from client.network_view import View
from crypto.client.message import Message
from crypto.encoding import Random
from crypto.public.profile import Profile
from crypto.public.requests import Request, WalkIn
from crypto.public.statements import Statement


class Way(Protocol):
    """A way to one organisation: what is shown of it, and what sends to it."""

    @property
    def view(self) -> View:
        """The network as it was checked last."""

    @property
    def statement(self) -> Statement:
        """What the admins say of who will read it."""

    @property
    def profile(self) -> Profile:
        """What the organisation says of itself, coded."""

    @property
    def last_epoch(self) -> int | None:
        """The code's last epoch; None without a code."""

    def seal(self, draft: Message, receipt: Receipt | None) -> Request:
        """Look at the network again and seal; raises FirstDo without a yes, NotVetted."""

    def send(self, request: Request) -> tuple[Request, int | None]:
        """Post what was sealed; return what was sent and its last epoch, None for the refusal."""


class OfRecord:
    """Who will read it, where a record says so."""

    __slots__ = ()
    opened: Opened

    @property
    def view(self) -> View:
        """The network as it was checked last."""
        return self.opened.view

    @property
    def statement(self) -> Statement:
        """What the admins say of who will read it."""
        return self.opened.recipient.statement

    @property
    def profile(self) -> Profile:
        """What the organisation says of itself, coded."""
        return self.opened.recipient.profile

    @property
    def last_epoch(self) -> int | None:
        """The code's last epoch."""
        return self.opened.recipient.last_epoch


class OfListing:
    """Who will read it, where an organisation was chosen."""

    __slots__ = ()
    chosen: Organisation

    @property
    def statement(self) -> Statement:
        """What the admins say of who will read it."""
        return self.chosen.statement

    @property
    def profile(self) -> Profile:
        """What the organisation says of itself, coded."""
        return self.chosen.profile

    @property
    def last_epoch(self) -> int | None:
        """None: there is no code that could end."""
        return None


@dataclass(slots=True)
class ByCode(OfRecord):
    """The way that a code opens."""

    api: Api
    opened: Opened
    today: Callable[[], int]
    random: Random = field(repr=False)

    def seal(self, draft: Message, receipt: Receipt | None) -> Request:
        """Look at the network again and seal; raises FirstDo without a yes, NotVetted."""
        ask.encode(draft, receipt)  # without a yes nothing is fetched or sealed
        self.opened = ask.check_again(self.api, self.opened, device_day=self.today())
        return ask.seal(self.opened, draft, receipt, random=self.random)

    def send(self, request: Request) -> tuple[Request, int | None]:
        """Post what was sealed; return what was sent and its last epoch, None for the refusal."""
        return request, self.api.send(request)


@dataclass(slots=True)
class ByChoice(OfListing):
    """The way without a code, to an organisation that was chosen in the directory."""

    api: Api
    view: View
    chosen: Organisation
    today: Callable[[], int]
    random: Random = field(repr=False)
    progress: Progress = field(repr=False)

    def seal(self, draft: Message, receipt: Receipt | None) -> Request:
        """Look at the network again, seal and do the work; raises as `ByCode.seal`."""
        ask.encode(draft, receipt)  # without a yes nothing is fetched, sealed or worked for
        self.view, self.chosen = walk_in.check_again(
            self.api, self.view, self.chosen, device_day=self.today()
        )
        day = self.today()
        sealed = walk_in.seal(self.view, self.chosen, draft, receipt, random=self.random, day=day)
        return walk_in.with_work(
            self.view, sealed, day=day, random=self.random, progress=self.progress
        )

    def send(self, request: Request) -> tuple[Request, int | None]:
        """Post what was sealed, with the work of a new day where midnight has passed."""
        if not isinstance(request, WalkIn):
            raise TypeError
        return walk_in.send(
            self.api,
            self.view,
            request,
            today=self.today,
            random=self.random,
            progress=self.progress,
        )
