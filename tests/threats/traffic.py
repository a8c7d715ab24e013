"""Clients of five organisations on six days of work, and what the server sees of each of them.

The server of this attacker notes who signs, and knows of every download of the drop whose it was,
which no server does: it sees when it came, right beside signed calls. What a member does between
two syncs (answering, say) is unnamed, and happens on its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from client.flows import answering, cases, handing, publish, store_sync, walk_in_keys
from client.flows import sync as syncing
from client.flows.answering import Wanted
from client.flows.ask import Receipt
from client.flows.kept import Room
from client.http import Reply
from tests.client.provider import town as towns
from tests.client.provider.town import Device, Town, Wire
from tests.threats.linking import Row, World

GRID_S = 600
DAYS = 6
NAMES = ("Asked by nobody", "Nor this one", "Asked now and then", "Asked daily", "Asked most")
_ASKED_EVERY = (0, 0, 2, 1, 1)
"""On every which day somebody asks each of them; 0: on none. It makes half of all."""
_OPENS_S = 9 * 3_600
_ACTS_AFTER_S = 180


@dataclass(frozen=True)
class Seen:
    """One call as the server sees it: when (minute), what, bytes with all headers each way."""

    minute: int
    method: str
    path: str
    status: int
    up: int
    down: int
    is_signed: bool


@dataclass
class Watched(Wire):
    """A way to the server that notes each call."""

    town: Town | None = None
    seen: list[Seen] = field(default_factory=list)

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send one call and return the answer."""
        assert self.town is not None
        reply = super().call(method, path, body=body, headers=headers)
        up = len(body or b"") + _size(headers or {})
        signed = any(name.lower() == "signature" for name in headers or {})
        now = self.town.now // 60
        down = len(reply.body) + _size(reply.headers)
        self.seen.append(Seen(now, method, path, reply.status, up, down, signed))
        return reply


def _size(headers: Mapping[str, str]) -> int:
    return sum(len(name) + len(value) for name, value in headers.items())


@dataclass(frozen=True)
class Habit:
    """What a client does at each time of the grid, and after its member did something."""

    sync: Callable[[Device], object]
    acted: Callable[[Device], object] = lambda _: None


def as_the_client(device: Device) -> None:
    """Sync, as the client does."""
    syncing.sync(
        device.desk,
        device.api,
        device.signed,
        today=device.town.today,
        progress=lambda _: None,
        tell=lambda _: None,
    )


def puts(device: Device) -> None:
    """Write the store, which no client may do because somebody acted."""
    size = device.api.network().store_bytes
    store_sync.save(device.desk, device.signed, size, today=device.town.today)


def puts_only_news() -> Callable[[Device], None]:
    """Give a sync that writes only where something is new, which no client may do."""
    written: dict[Path, object] = {}

    def work(device: Device) -> None:
        today, desk = device.town.today, device.desk
        store_sync.fetch(desk, device.signed, today=today)
        syncing.download(desk, device.api, device.signed, today=today, progress=lambda _: None)
        if desk.read().entries != written.get(desk.home.folder):
            puts(device)
        written[desk.home.folder] = desk.read().entries

    return work


@dataclass(frozen=True)
class Five:
    """A closed town with five organisations, and receipts of those who will ask."""

    town: Town
    receipts: list[Receipt]


@dataclass(frozen=True)
class Week:
    """What the server saw: of each organisation, and of nobody (by organisation, for the test).

    `busy` are the days on which somebody asked it, and its member answered.
    """

    of_each: list[list[Seen]]
    of_nobody: list[list[Seen]]
    busy: list[set[int]]
    days: list[range]
    """The minutes of each day in which the clients are open."""

    def counted(self) -> list[Counter[Seen]]:
        """How often there was each call of each organisation, but for reading the log.

        That hangs on who published a weekly key before it in the same minute: `log_reads`. So does
        how long the directory is, which is the same for whoever asks at that moment.
        """
        return [
            Counter(_without_length(one) for one in seen if not _reads_log(one))
            for seen in self.of_each
        ]

    def log_reads(self) -> list[list[str]]:
        """What each organisation read of the log, in order."""
        return [[one.path for one in seen if _reads_log(one)] for seen in self.of_each]

    def world(self) -> World:
        """Each day of each organisation in numbers; whether it was a busy one is asked."""
        return [
            Row(int(day in self.busy[who]), _numbers(seen, minutes), {})
            for who, seen in enumerate(self.of_each)
            for day, minutes in enumerate(self.days)
        ]


def _without_length(one: Seen) -> Seen:
    return replace(one, down=0) if one.path == "/v1/directory" else one


def _reads_log(one: Seen) -> bool:
    return one.path.startswith("/v1/log/")


def _numbers(seen: list[Seen], minutes: range) -> dict[str, int]:
    found = [one for one in seen if one.minute in minutes]
    writes = [one.minute for one in found if one.method == "PUT"]
    return {
        "calls": len(found),
        "signed": sum(one.is_signed for one in found),
        "writes": len(writes),
        "bytes up": sum(one.up for one in found),
        "bytes down": sum(one.down for one in found),
        "largest": max(one.down for one in found),
        "first write": writes[0] - minutes.start if writes else -1,
        "last write": writes[-1] - minutes.start if writes else -1,
        "between the times": sum(one.minute % (GRID_S // 60) != 0 for one in found),
    }


def found(folder: Path) -> Five:
    """Found a town with five organisations that are open to everybody, and close it."""
    town = towns.found(folder)
    for number, name in enumerate(NAMES):
        device = town.listed(name, f"home {number}")
        walk_in_keys.set_room(
            device.desk, device.api, device.signed, Room(walk_ins=True), today=town.today
        )
        # Each code takes a second: only the one that is used is made.
        if number < len(NAMES) - 1:
            device.draw()
        else:
            towns.with_one_code(device)
            publish.publish_all(device.desk, device.api, device.place(), now=town.now)
    asking = sum(len(range(0, DAYS, every)) for every in _ASKED_EVERY if every)
    receipts = [town.receipt() for _ in range(asking)]
    town.close()
    return Five(town, receipts)


def play(five: Five, folder: Path, habit: Habit, syncs: int) -> Week:
    """Let all clients of a copy be open for so many times of the grid on each day."""
    town = towns.copy_of(five.town, folder)
    devices = [_watched(town, number) for number in range(len(NAMES))]
    week = Week([[] for _ in NAMES], [[] for _ in NAMES], [set() for _ in NAMES], [])
    receipts, first = iter(five.receipts), town.today + 1
    for day in range(DAYS):
        town.at(first + day, _OPENS_S)
        week.days.append(range(town.now // 60, (town.now + syncs * GRID_S) // 60))
        for number, every in enumerate(_ASKED_EVERY):
            if every and day % every == 0:
                _ask(devices[number], number, day, next(receipts))
                week.busy[number].add(day)
        for _ in range(syncs):
            _ten_minutes(town, devices, habit, week)
    town.close()
    return week


def _ten_minutes(town: Town, devices: list[Device], habit: Habit, week: Week) -> None:
    """Let all sync, in any order, and then the members do what there is to do."""
    town.tick()
    for number in sorted(range(len(devices)), key=lambda _: town.random(8)):
        habit.sync(devices[number])
        _note(devices[number], week.of_each[number])
    town.clock.sleep(_ACTS_AFTER_S)
    for number, device in enumerate(devices):
        if _acts(device):
            _note(device, week.of_nobody[number])
            habit.acted(device)
            _note(device, week.of_each[number])
    town.clock.sleep(GRID_S - _ACTS_AFTER_S)


def _watched(town: Town, number: int) -> Device:
    device = town.device(towns.home_in(town, f"home {number}"))
    return replace(device, wire=Watched(town.app, town=town))


def _note(device: Device, where: list[Seen]) -> None:
    wire = device.wire
    assert isinstance(wire, Watched)
    where += wire.seen
    wire.seen.clear()


def _ask(device: Device, number: int, day: int, receipt: Receipt) -> None:
    """Let somebody ask: of the last one once with its code, of all else without."""
    town = device.town
    if day == 1 and number == len(NAMES) - 1:
        (handed,) = handing.hand_out(device.desk, 1, today=town.today)
        town.ask(handed.code, text=f"asked on day {day}")
    else:
        town.walk_in(NAMES[number], receipt, text=f"asked on day {day}")


def _acts(device: Device) -> bool:
    """Let the member take and answer what nobody answered, closing every second; says whether."""
    store, today = device.desk.read(), device.town.today
    waiting = [one for one in cases.listed(store) if not one.case.answers]
    for one in waiting:
        cases.take(device.desk, one.case_id, device.desk.member.member_id)
        (opened,) = [x for x in cases.listed(device.desk.read()) if x.case_id == one.case_id]
        state = "closed" if one.case_id[0] % 2 else "read"
        answering.answer(device.desk, device.api, opened, Wanted(state=state), today=today)
    return bool(waiting)
