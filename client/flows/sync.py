"""One sync: what others wrote, what came with the drop, what waits to be sent, and writing it back.

It is the same each time, whether or not anything changed. What has to be in the store before the
world may see it, the seed of a weekly key, is published after the store was written.

The cursor and what was found up to it are written together, so that a stop anywhere leaves an
inbox that the next run completes. Pages are worked through one at a time.

The rows of one tick are in no order: a follow-up may come before its referral. A tick ends where a
page is not full, so what is kept back, in memory and in the cursor, is the last full pages.

Source: docs/spec/http.md, 6 and 7; docs/spec/store.md, 5 and 9.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from client import network_view
from client.api import Api
from client.api_log import LogApi
from client.api_signed import SignedApi
from client.errors import FirstDo, NotVetted, ServerProblem
from client.flows import batches, filing, kept, members, sending, store_sync, walk_in_keys, watch
from client.flows.days import day
from client.flows.desk import Desk
from client.flows.filing import Filed
from client.flows.picking import Picked, Picker, Row, rows
from client.flows.sending import Unsent
from client.flows.signed_calls import told_plainly
from client.flows.store_sync import Overruled
from client.flows.watch import News
from client.network_view import View
from crypto import constants as c
from crypto.client.store import Store
from crypto.encoding import monday

_PAGES_BACK = 2
_PAGES_A_WRITING = 4

Progress = Callable[[int], None]
"""Called after each page with the number of rows so far."""

Tell = Callable[[Sequence[News]], None]
"""Called once, before anything that may fail any more, with what the network's log says."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What one run brought: what is new, how many rows it went through, answers sent late.

    `taken` are answers whose slot another member took; `overruled` is what others changed as well
    and what does not stand of one's own; `may_be_withheld` is True where the device's date is wrong
    or the network's list is kept back; `news` is what the network's log says of this organisation.
    """

    filed: Filed
    rows: int
    sent: int
    taken: tuple[Unsent, ...]
    overruled: tuple[Overruled, ...]
    may_be_withheld: bool
    news: tuple[News, ...] = ()


def sync(
    desk: Desk,
    api: Api,
    signed: SignedApi,
    *,
    today: int,
    progress: Progress,
    tell: Tell,
    date_is_right: bool = False,
) -> Synced:
    """Bring everything that came since the last time, and send what could not be sent then.

    What the network's log says is told at once, and again at the next sync unless this one is done.
    `today` is the device's epoch. What is over on that day ends for all members: where it is far
    ahead of the network's list, somebody must have said that it is right. Raises FirstDo where
    nobody has, before anything is read or written; NotVetted where the network's log is not the one
    that was seen before, or the server takes no signature; NotReadable or Trouble where the store
    can't be read, merged or written, Unreachable and ServerProblem; what was merged and filed by
    then stays so.
    """
    view = network_view.fetch(api, device_day=today, network_id=desk.network_id)
    if view.may_be_withheld and not date_is_right:
        raise _date_ahead(view, today)
    log = watch.read(desk, LogApi(api), view)
    try:
        first = store_sync.fetch(desk, signed, today=today)
    except NotVetted as refused:
        raise watch.why_not(log, refused) from None
    news = watch.news(desk, log, today=today)
    tell(news)
    if kept.regions(desk.read()) != view.policy.regions:
        desk.edit(lambda store: kept.with_regions(store, view.policy.regions))
    members.tell_server(desk, signed)
    lost = walk_in_keys.lost(desk, api, today=today)
    walk_in_keys.prepare(desk, lost, today=today)
    filed, seen = download(desk, api, signed, today=today, progress=progress)
    sent, taken = sending.send_waiting(desk, api, today=today)
    second = store_sync.save(desk, signed, view.document.store_bytes, today=today)
    walk_in_keys.replace_keys(desk, api, signed, today=today)
    walk_in_keys.publish_keys(desk, signed, lost, today=today)
    watch.put_away(desk, log)
    return Synced(filed, seen, sent, taken, first + second, view.may_be_withheld, news)


def download(
    desk: Desk, api: Api, signed: SignedApi, *, today: int, progress: Progress
) -> tuple[Filed, int]:
    """Go through the drop from the store's cursor on; return what is new and how many rows."""
    key = _drop_key(desk, signed, today)
    run = _Run(desk, today)
    while True:
        try:
            page = api.drop(key, run.cursor)
        except ServerProblem as problem:
            if problem.kind != "unsigned" or run.fetched:
                raise
            # The week has turned since, or the key in the store is of another server.
            run.fetched, key = True, _fetch_drop_key(desk, signed, today)
            continue
        run.take(rows(page, run.cursor))
        progress(run.seen)
        if len(page) < c.DROP_ROWS * c.DROP_STREAM_ROW_BYTES:
            run.write(run.cursor)
            return run.filed, run.seen


def _date_ahead(view: View, today: int) -> FirstDo:
    """Source: docs/spec/store.md, 7."""
    newest = "" if view.checkpoint_day is None else day(view.checkpoint_day)
    return FirstDo(
        f"This device says that today is {day(today)}; the network's newest list is of {newest}."
        " Nothing was read or written, so that nothing ends before its time.",
        "Set this device's date if it is wrong, then do this again. If it is right, add"
        " --date-is-right, and tell the network's admins: the list is being kept back.",
    )


@dataclass(slots=True)
class _Run:
    """One way through the drop: what was found and is not written yet, and the last full pages."""

    desk: Desk
    today: int
    cursor: int = 0
    seen: int = 0
    fetched: bool = False
    filed: Filed = field(default_factory=Filed)
    picker: Picker = field(init=False)
    found: list[Picked] = field(default_factory=list)
    back: deque[list[Row]] = field(default_factory=lambda: deque(maxlen=_PAGES_BACK))
    starts: deque[int] = field(default_factory=lambda: deque(maxlen=_PAGES_BACK))
    unwritten: int = 0

    def __post_init__(self) -> None:
        store = self.desk.read()
        self.picker = Picker(store, self.today)
        self.cursor = kept.cursor(store)

    def take(self, page: list[Row]) -> None:
        """Pick from a page, and write where enough has gathered."""
        if not page:
            return
        self.found.append(self.picker.pick(page, (row for one in self.back for row in one)))
        self.back.append(page)
        self.starts.append(self.cursor)
        self.cursor = page[-1].cursor
        self.seen += len(page)
        self.unwritten += 1
        if self.unwritten == _PAGES_A_WRITING:
            # A new case in the next page may have follow-ups in those kept back: begin there again.
            self.write(self.starts[0])

    def write(self, cursor: int) -> None:
        """File what was found, with the cursor, and let go of what is over."""
        found, filed = self.found, Filed()

        def change(store: Store) -> Store:
            nonlocal filed
            store, filed = filing.file(store, found, cursor=cursor, today=self.today)
            return batches.without_old_names(store, store.expire(self.today))

        store = self.desk.read()
        over = store.expire(self.today).entries != store.entries
        if any(found) or over or cursor > kept.cursor(store):
            self.desk.edit(change)
        self.filed += filed
        self.found, self.unwritten = [], 0


def _drop_key(desk: Desk, signed: SignedApi, today: int) -> bytes:
    key = kept.drop_key(desk.read(), monday(today))
    return key if key is not None else _fetch_drop_key(desk, signed, today)


def _fetch_drop_key(desk: Desk, signed: SignedApi, today: int) -> bytes:
    with told_plainly():
        drawn = signed.tokens(monday(today), b"")
    desk.edit(lambda store: kept.with_drop_key(store, drawn.drop_week, drawn.drop_key))
    return drawn.drop_key
