"""Asking in a place without a network: what is saved for it, and sealing from what was saved.

Nothing here posts anything. What was saved is checked as if a server had just said it, at the
later of its own day and the device's.

Source: docs/spec/carried.md
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from client import network_view
from client.api import Api
from client.api_types import Listed, NetworkDocument
from client.errors import NotReadable, NotVetted, Unreachable, from_refusal
from client.flows import ask, choosing, walk_in
from client.flows.ask import Opened, Receipt
from client.flows.choosing import Directory
from client.flows.refusals import of_listing
from client.flows.walk_in import Progress
from client.flows.ways import OfListing, OfRecord
from client.network_view import View
from crypto.client import carried, codes, record, record_check
from crypto.client.carried import Carried, Organisation
from crypto.client.message import Message
from crypto.encoding import Random
from crypto.errors import CannotOpen, Expired, NotYetValid, Refused, Suspended
from crypto.public import policy_chain
from crypto.public.organisation_keys import check_weekly_key, parse_weekly_key
from crypto.public.requests import Request
from crypto.public.seen import NOTHING_SEEN, Seen

_T = TypeVar("_T")
_PAST = (Expired, NotYetValid, Suspended)
NOTHING = "Nothing was sealed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What was saved, as it holds today; `last` is the latest weekly key's last epoch, or 0."""

    carried: Carried = field(repr=False)
    view: View = field(repr=False)
    organisations: tuple[choosing.Organisation, ...]
    last: int
    before: Seen = NOTHING_SEEN


def of_directory(found: Directory) -> str:
    """Return the text that holds the organisations that take walk-ins, with their weekly keys.

    Raises NotVetted where there is none. Source: docs/spec/carried.md, 1.
    """
    able = [one.listed for one in found.organisations if one.weekly_key]
    if not able:
        raise NotVetted("No organisation takes requests without a code now.", "Try again later.")
    return _text(found.view, able, None)


def of_code(
    api: Api, code: bytes, *, device_day: int, network_id: bytes | None = None
) -> tuple[str, Opened] | None:
    """Return the text that holds the record of a code (10 bytes), and what it leads to.

    None where the server refuses the code; neither the code nor its locator is in the text, and
    the server keeps the record. Raises as `ask.open_code`. Source: docs/spec/carried.md, 1.
    """
    view = network_view.fetch(api, device_day=device_day, network_id=network_id)
    keys = codes.code_keys(code, view.policy.network_id)
    stored = api.open_code(keys.locator)
    if stored is None:
        return None
    return _text(view, [], stored), _opened(view, keys, stored)


def read(text: str) -> Carried:
    """Read a carried text; raises NotReadable."""
    try:
        return carried.read(text)
    except Refused as refused:
        raise from_refusal(refused) from None


def check(
    found: Carried,
    *,
    device_day: int,
    network_id: bytes | None = None,
    before: Seen = NOTHING_SEEN,
) -> Saved:
    """Check what was carried at the device's day (an epoch).

    Whatever does not hold refuses the whole text; what has only passed its day, or was suspended,
    is left out. `network_id` is the network that is known, or None; `before` what was seen of it:
    an older policy is refused, an older log is not, as a text is older on purpose. Raises
    NotVetted or NotReadable. Source: docs/spec/carried.md, 3.
    """
    view = _view(found, device_day, network_id, before)
    able: list[choosing.Organisation] = []
    last = 0
    for one in found.organisations:
        listed = _listed(one)
        listing = _unless_past(lambda it=listed: choosing.check_listed(it, view))  # type: ignore[misc]
        if listing is None:
            continue
        for given in one.weekly_keys:
            key = _unless_past(
                lambda it=given, of=listing.statement: check_weekly_key(it, of, view.today)  # type: ignore[misc]
            )
            last = max(last, parse_weekly_key(given).last)
            if key is not None:
                able.append(
                    choosing.Organisation(
                        statement=listing.statement,
                        profile=listing.profile,
                        capacity=one.capacity or None,
                        weekly_key=key,
                        listed=listed,
                    )
                )
                break
    return Saved(carried=found, view=view, organisations=tuple(able), last=last, before=before)


@dataclass(slots=True)
class ByRecord(OfRecord):
    """The way that a code opens with the record that was carried; it seals and posts nothing."""

    saved: Saved
    opened: Opened
    today: Callable[[], int]
    random: Random = field(repr=False)

    def seal(self, draft: Message, receipt: Receipt | None) -> Request:
        """Check again at the device's day and seal; raises FirstDo without a yes, NotVetted."""
        ask.encode(draft, receipt)  # without a yes nothing is sealed
        stored = self.saved.carried.record or b""
        known = self.view.policy.network_id
        view = _view(self.saved.carried, self.today(), known, self.saved.before)
        self.opened = _opened(view, self.opened.keys, stored)
        return ask.seal(self.opened, draft, receipt, random=self.random)

    def send(self, request: Request) -> tuple[Request, int | None]:
        """Raise Unreachable: there is no network here."""
        del request
        raise _no_network()


@dataclass(slots=True)
class ByKey(OfListing):
    """The way to an organisation whose weekly key was carried; it seals and posts nothing."""

    saved: Saved
    chosen: choosing.Organisation
    today: Callable[[], int]
    random: Random = field(repr=False)
    progress: Progress = field(repr=False)

    @property
    def view(self) -> View:
        """The network as it was checked last."""
        return self.saved.view

    def seal(self, draft: Message, receipt: Receipt | None) -> Request:
        """Check again at the device's day, seal and do the work; raises as `ByRecord.seal`."""
        ask.encode(draft, receipt)  # without a yes nothing is sealed or worked for
        day = self.today()
        self.saved = check(
            self.saved.carried,
            device_day=day,
            network_id=self.view.policy.network_id,
            before=self.saved.before,
        )
        found = choosing.named(self.saved.organisations, self.chosen.statement.organisation)
        if found is None:
            raise past(self.saved)
        self.chosen = found
        sealed = walk_in.seal(self.view, found, draft, receipt, random=self.random, day=day)
        return walk_in.with_work(
            self.view, sealed, day=day, random=self.random, progress=self.progress
        )

    def send(self, request: Request) -> tuple[Request, int | None]:
        """Raise Unreachable: there is no network here."""
        del request
        raise _no_network()


def by_record(saved: Saved, code: bytes, *, today: Callable[[], int], random: Random) -> ByRecord:
    """Return the way that a code (10 bytes) opens; raises NotReadable for another code's record."""
    stored = saved.carried.record
    if stored is None:
        raise NotReadable("No code's record is in this text.", NOTHING)
    keys = codes.code_keys(code, saved.view.policy.network_id)
    return ByRecord(saved, _opened(saved.view, keys, stored), today, random)


def past(saved: Saved) -> NotVetted:
    """Return what to say where no weekly key of a text holds any more."""
    what = "The keys that were kept in this text have passed their last day."
    if not saved.last:
        what = "This text holds no organisation that takes requests without a code."
    return NotVetted(what, f"{NOTHING} Make a new one: `towpath keep`.")


def _no_network() -> Unreachable:
    return Unreachable("This was sealed in a place without a network; nothing was sent.")


def _text(view: View, listed: list[Listed], stored: bytes | None) -> str:
    said = view.document
    try:
        return carried.write(
            Carried(
                network_id=said.network_id,
                work_bits=said.work_bits,
                policies=said.policies,
                checkpoint=said.checkpoint,
                suspensions=said.suspensions,
                organisations=tuple(map(_organisation, listed)),
                record=stored,
            )
        )
    except Refused as refused:
        raise from_refusal(refused) from None


def _view(found: Carried, device_day: int, network_id: bytes | None, before: Seen) -> View:
    document = NetworkDocument(
        network_id=found.network_id,
        policies=found.policies,
        checkpoint=found.checkpoint,
        suspensions=found.suspensions,
        suspended=(),
        token_keys=(),
        store_bytes=0,
        tokens_a_week=0,
        work_bits=found.work_bits,
        tick_seconds=0,
    )
    said = network_view.view_of(
        document,
        device_day=device_day,
        network_id=network_id,
        before=Seen(version=before.version, day=before.day),
    )
    today = max(said.today, device_day)
    try:
        policy_chain.check_current(said.policy, today)
    except Refused as refused:
        raise of_listing(refused) from None
    return replace(said, today=today, network=replace(said.network, today=today))


def _opened(view: View, keys: codes.CodeKeys, stored: bytes) -> Opened:
    try:
        contents = record.open_(stored, keys, view.policy.network_id)
        recipient = record_check.check(contents, keys.locator, view.network)
    except CannotOpen:
        raise NotReadable(
            "This code does not open it: the text is for another code.", NOTHING
        ) from None
    except Refused as refused:
        raise of_listing(refused) from None
    return Opened(view=view, keys=keys, contents=contents, recipient=recipient)


def _unless_past(look: Callable[[], _T]) -> _T | None:
    try:
        return look()
    except _PAST:
        return None
    except Refused as refused:
        raise of_listing(refused) from None


def _organisation(one: Listed) -> Organisation:
    return Organisation(
        statement=one.statement,
        profile=one.profile,
        index=one.index,
        hashes=one.hashes,
        capacity=one.capacity or 0,
        weekly_keys=one.weekly_keys,
    )


def _listed(one: Organisation) -> Listed:
    return Listed(
        statement=one.statement,
        profile=one.profile,
        index=one.index,
        hashes=one.hashes,
        walk_ins=True,
        capacity=one.capacity or None,
        weekly_keys=one.weekly_keys,
    )
