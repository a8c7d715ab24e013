"""What a provider should know at a glance: stock, members, copy, cases, the listing's last day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from client.flows import cases, kept, members, sending, stock_data
from client.flows.desk import Desk
from client.flows.kept import Room
from crypto import constants as c
from crypto.encoding import monday


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Counts of this device's store; days are epochs."""

    ready: int
    waiting: int
    handed_out: int
    drawn_this_week: bool
    members: tuple[str, ...]
    members_told: bool
    copy: Path | None
    open_cases: int
    nobody_took: int
    on_their_way: int
    unreadable: int
    room: Room
    key_this_week: bool | None = field(default=None)
    """Whether walk-ins of this week arrive here; None where no key is published yet."""


def is_due(until: int, today: int) -> bool:
    """Say whether a listing until this epoch should be renewed: from 56 days before its end."""
    return until - today <= c.RENEW_DAYS


def of(desk: Desk, *, today: int) -> Status:
    """Count what the store of this device says; nothing is asked of the server."""
    store, home = desk.read(), desk.home
    states = Counter(code.state for _, code in stock_data.codes(store) if code.last_epoch > today)
    stock = stock_data.of(store, home.device)
    opened = cases.listed(store)
    return Status(
        ready=len(stock_data.ready(store, home.stocks, today)),
        waiting=len(stock.waiting),
        handed_out=states[c.SEED_HANDED_OUT],
        drawn_this_week=stock.week >= monday(today),
        members=tuple(one.entry.name for one in members.listed(store)),
        members_told=kept.members_known(store),
        copy=home.copy,
        open_cases=len(opened),
        nobody_took=sum(not one.case.taken_by for one in opened),
        on_their_way=sum(sending.outgoing(store, one.case_id) is not None for one in opened),
        unreadable=len(kept.unreadable(store)),
        room=kept.room(store),
        key_this_week=kept.weekly_done(store, home.device).get(monday(today)),
    )
