"""Choosing an organisation without a code, from the directory as this client has checked it.

What does not hold is left out, as if it were not listed (statement, log, suspension list). An
organisation can be chosen when it takes walk-ins and its weekly key holds today.

Source: docs/spec/walk-in.md, 1; docs/spec/http.md, 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from client import network_view
from client.api import Api
from client.api_types import Listed
from client.network_view import View
from crypto.client import record_check
from crypto.client.record_check import Listing
from crypto.errors import Refused
from crypto.public.log import Inclusion
from crypto.public.organisation_keys import WeeklyKey, check_weekly_key
from crypto.public.profile import Profile
from crypto.public.statements import Statement

_ANYWHERE = 1  # of the list "regions"
_EVERYONE = 1  # of the list "accepts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A listing that holds today; `weekly_key` is None where no walk-in can be sealed to it."""

    statement: Statement = field(repr=False)
    profile: Profile = field(repr=False)
    capacity: int | None
    weekly_key: WeeklyKey | None = field(repr=False)
    listed: Listed = field(repr=False)


@dataclass(frozen=True, slots=True)
class Directory:
    """The network, and every organisation whose listing holds in it, by name."""

    view: View
    organisations: tuple[Organisation, ...]


def fetch(api: Api, *, device_day: int, network_id: bytes) -> Directory:
    """Fetch network and directory and keep the organisations whose listing holds today.

    Raises NotVetted, NotReadable, Unreachable or ServerProblem. Source: docs/spec/walk-in.md, 1.
    """
    for last_try in (False, True):
        view = network_view.fetch(api, device_day=device_day, network_id=network_id)
        listed = api.directory()
        checked = [_check(one, view) for one in listed]
        # Between the two calls the log may have grown; once more sees both alike.
        if all(checked) or last_try:
            break
    holding = [one for one in checked if one is not None]
    return Directory(view, tuple(sorted(holding, key=lambda one: one.statement.name)))


def matching(
    organisations: Iterable[Organisation],
    *,
    needs: Iterable[int] = (),
    languages: Iterable[int] = (),
    region: int = 0,
    accepts: Iterable[int] = (),
) -> tuple[Organisation, ...]:
    """Return those that can be chosen, offer one of the needs, languages and the region, and
    welcome all who are named in `accepts`.

    Ids are those of `words`; an empty filter takes all, and so does a profile that says nothing
    of languages, regions or whom it accepts. Where everyone is welcome, each of them is.
    """
    return tuple(
        one
        for one in organisations
        if one.weekly_key is not None
        and _meets(one.profile.services, needs)
        and _meets(one.profile.languages, languages, unless_said=True)
        and _covers(one.profile.regions, region)
        and _welcomes(one.profile.accepts, accepts)
    )


def named(organisations: Iterable[Organisation], key: bytes) -> Organisation | None:
    """Return the organisation with this public key (32 bytes), or None."""
    return next((one for one in organisations if one.statement.organisation == key), None)


def check_listed(one: Listed, view: View) -> record_check.Listed:
    """Check one listing of a directory; refuses as record.md, 3, steps 7 to 12."""
    listing = Listing(
        profile=one.profile,
        statement=one.statement,
        inclusion=Inclusion(one.index, one.hashes),
        checkpoint=view.network.newest,
    )
    return record_check.check_listing(listing, view.network)


def _check(one: Listed, view: View) -> Organisation | None:
    try:
        listed = check_listed(one, view)
    except Refused:
        return None
    return Organisation(
        statement=listed.statement,
        profile=listed.profile,
        capacity=one.capacity,
        weekly_key=_weekly_key(one, listed.statement, view.today) if one.walk_ins else None,
        listed=one,
    )


def _weekly_key(one: Listed, statement: Statement, today: int) -> WeeklyKey | None:
    for given in one.weekly_keys:
        try:
            return check_weekly_key(given, statement, today)
        except Refused:
            continue
    return None


def _meets(offered: tuple[int, ...], wanted: Iterable[int], *, unless_said: bool = False) -> bool:
    wishes = set(wanted)
    return not wishes or bool(wishes & set(offered)) or (unless_said and not offered)


def _covers(offered: tuple[int, ...], region: int) -> bool:
    # 1 and 2 are "anywhere" and "I do not want to say": neither rules anything out.
    return region in (0, 1, 2) or not offered or bool({region, _ANYWHERE} & set(offered))


def _welcomes(accepted: tuple[int, ...], wanted: Iterable[int]) -> bool:
    # Who comes together is helped together: all of them have to be welcome.
    return not accepted or _EVERYONE in accepted or set(wanted) - {_EVERYONE} <= set(accepted)
