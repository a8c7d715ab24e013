"""An organisation watches the log itself: that it goes on, and says nothing that it does not know.

`read` comes first, and stops where the log is not the one that was seen before; `news` comes after
the store was merged with what others wrote, so that a key of a colleague's device is no stranger's.
Where there is news, `put_away` comes once it was told and the rest is done: what stops before that
tells it again.

Source: docs/spec/log.md, 6.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from client.api_log import LogApi
from client.errors import FirstDo, NotVetted
from client.flows import apply, kept, log_fetch, provider_status, walk_in_keys
from client.flows.days import day
from client.flows.desk import Desk
from client.network_view import View
from crypto import constants as c
from crypto.client.store import Store
from crypto.errors import Refused
from crypto.public import edge, log_entries
from crypto.public.edge import Edge
from crypto.public.log_entries import WeeklyKeyEntry
from crypto.public.profile import profile_hash
from crypto.public.statements import Kind, Statement

_TELL = "Tell the admins of the network by telephone or in person, not through this server."
Own = Statement | WeeklyKeyEntry


@dataclass(frozen=True, slots=True)
class Seen:
    """How far the log goes now, and the entries about this organisation since it was last seen.

    `is_first` is True where nothing had been seen before.
    """

    edge: Edge
    own: tuple[Own, ...]
    is_first: bool


@dataclass(frozen=True, slots=True)
class News:
    """One thing that members should know: what the log says, and what to do where it is wrong.

    `kind` is its name for machines: renewed, other, suspended, key, due or over.
    """

    kind: str
    sentence: str
    then: str = ""


def read(desk: Desk, api: LogApi, view: View) -> Seen:
    """Read the log behind what the store has seen, up to the checkpoint of a checked view.

    Raises NotVetted where it is not the log that was seen before: then nothing may be published or
    answered. Raises Unreachable and ServerProblem.
    """
    before = kept.log_edge(desk.read())
    said = log_fetch.read(view.network.newest)
    if said is None or said.size < before.size:
        raise _another_log()
    entries = log_fetch.published_entries(api, view.network.newest, before.size)
    after = edge.extend(before, entries)
    if edge.root(after) != said.root:
        raise _another_log()
    own = tuple(_own(entries, desk.organisation_key))
    return Seen(after, own, is_first=before.size == 0)


def news(desk: Desk, seen: Seen, *, today: int) -> tuple[News, ...]:
    """Return what the log says of this organisation, to be told; without anything it is put away.

    Until when the organisation is listed the store keeps at once.
    """
    found = tuple(_news(desk, seen, today))
    until = _until(seen.own)
    if until is not None and until != kept.listed_until(desk.read()):
        desk.edit(lambda store: kept.with_listed_until(store, until))
    if not found:
        put_away(desk, seen)
    return (*found, *due(kept.listed_until(desk.read()), today))


def put_away(desk: Desk, seen: Seen) -> None:
    """Keep in the store how far the log was seen: all that it said by then was told."""
    if seen.edge.size > kept.log_edge(desk.read()).size:
        desk.edit(lambda store: _with_edge(store, seen.edge))


def why_not(seen: Seen, refused: NotVetted) -> NotVetted:
    """Say that the organisation is suspended, where that is why its members are refused."""
    said = [one for one in seen.own if isinstance(one, Statement)]
    if not said or said[-1].kind is not Kind.SUSPENDED:
        return refused
    news = _suspended(said[-1])
    return NotVetted(news.sentence, news.then)


def due(until: int | None, today: int) -> tuple[News, ...]:
    """Say that a listing whose last day is known ends soon, or has ended.

    Source: docs/spec/log.md, 6
    """
    if until is None or not provider_status.is_due(until, today):
        return ()
    if until < today:
        return (
            News(
                "over",
                f"Your organisation is not listed any more since {day(until + 1)}.",
                "Apply again: towpath provider apply --renew",
            ),
        )
    return (
        News(
            "due",
            f"Your listing ends on {day(until)}; codes live eight weeks, so none is made from now.",
            "Apply for the next one now: towpath provider apply --renew",
        ),
    )


def _own(entries: tuple[bytes, ...], organisation: bytes) -> Iterator[Own]:
    for entry in entries:
        try:
            found = log_entries.parse(entry)
        except Refused:
            continue  # what no log may have is a witness's to tell
        if isinstance(found, Statement | WeeklyKeyEntry) and found.organisation == organisation:
            yield found


def _news(desk: Desk, seen: Seen, today: int) -> Iterator[News]:
    said = [one for one in seen.own if isinstance(one, Statement)]
    # Long ago the store knew other names and keys: of what is seen for the first time only the end.
    for one in said[-1:] if seen.is_first else said:
        yield from _of_statement(desk, one, seen)
    known = walk_in_keys.hashes(desk)
    for key in seen.own:
        if isinstance(key, WeeklyKeyEntry) and key.key not in known and _may_live(key, today):
            yield News(
                "key",
                f"A key for requests without a code, for the week of {day(key.first)}, was shown in"
                " your organisation's name, and it is not in your organisation's store.",
                "If a colleague's device made it, sync there first. If nobody did, somebody else"
                f" has your organisation's signing key. {_TELL}",
            )


def _of_statement(desk: Desk, said: Statement, seen: Seen) -> Iterator[News]:
    if said.kind is Kind.SUSPENDED:
        yield _suspended(said)
    elif seen.is_first:
        return
    elif _applied(desk) == (said.name, said.profile):
        yield News("renewed", f"Your listing was renewed: until {day(said.until)}.")
    else:
        yield News(
            "other",
            f"The log lists your organisation as “{said.name}”, with a name or a profile that it"
            " did not apply with.",
            f"If nobody in your organisation asked for that, somebody else did. {_TELL}",
        )


def _suspended(said: Statement) -> News:
    return News(
        "suspended",
        f"An admin has suspended your organisation (on {day(said.first)} or after).",
        f"Nobody can ask you for help until that is lifted. Ask why. {_TELL}",
    )


def _applied(desk: Desk) -> tuple[str, bytes] | None:
    try:
        found = apply.last(desk)
    except (FirstDo, Refused):
        return None
    return found.name, profile_hash(found.profile)


def _until(own: tuple[Own, ...]) -> int | None:
    """Return the last day that the newest statement gives; of a suspension, the day before it."""
    said = [one for one in own if isinstance(one, Statement)]
    if not said:
        return None
    return said[-1].until if said[-1].kind is Kind.VETTED else max(0, said[-1].first - 1)


def _may_live(key: WeeklyKeyEntry, today: int) -> bool:
    """Say whether the store would still have this key, were it its own (store.md, 5)."""
    return key.first + c.WEEKLY_KEY_DAYS - 1 + c.WEEKLY_KEY_GRACE_DAYS >= today


def _with_edge(store: Store, seen: Edge) -> Store:
    """Return a store with this edge, unless a colleague saw more."""
    return kept.with_log_edge(store, seen) if seen.size > kept.log_edge(store).size else store


def _another_log() -> NotVetted:
    return NotVetted(
        "The network's public log is not the one that your organisation has seen before: something"
        " in it was changed, dropped or taken back. Nothing was published or answered.",
        "Either the server was brought back from an old copy, or not everybody is shown the same."
        f" Do not hand out codes. {_TELL}",
    )
