"""A provider that downloads 10,000 envelopes: flat memory, and the same inbox however often killed.

Among 10,000 made-up envelopes lie some twenty real ones. The command is `towpath provider sync` in
processes of its own, killed with SIGKILL while it starts, downloads, picks and writes.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

import pytest
from sqlalchemy import Connection, delete

from client import home as homes
from client.flows import kept
from client.flows.desk import open_desk
from crypto import constants as c
from crypto.encoding import Random
from server.clock import random as machine_random
from server.models import store
from server.services import drop, envelopes
from server.wraps import Wraps
from tests.acceptance import command, deployment, people
from tests.acceptance.deployment import OPEN_DOOR, Baked, Deployment
from tests.acceptance.people import SLEEP, Asked, Provider
from tests.crypto.store_samples import draws
from tests.server.serving import ROOT

ROWS, A_TICK, FEW = 10_000, 500, 1_000
KILLS = 50
# So many of the kills come about when the store is written with what was found.
_LATE = 8
_START_S, _PAGE_S = 1.5, 0.3
_FLAT_KB = 8 * 1024
_FORGET_PEAK = "5"
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
_SECONDS = 120


@dataclass(frozen=True)
class Filled:
    """A running server with a long drop, and one provider's device that was never killed.

    The numbers are the peak memory of a sync of its beginning, and of that of all of it.
    """

    at: Deployment
    once: Provider
    few_kb: int
    many_kb: int
    real: dict[str, int]
    """How many requests and additions there are for the provider."""


@pytest.fixture(scope="module")
def filled(on_sqlite: Baked, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """Fill the drop tick by tick, the real ones among the others."""
    at = deployment.copy_of(on_sqlite, tmp_path_factory.mktemp("long") / "it")
    # No arrival joins by itself: this test makes the ticks.
    deployment.settings(at, tick_seconds=3_600)
    at.start()
    with command.devices(at.days), at.core() as core:
        few, real = 0, _Real(at)
        for tick in range(ROWS // A_TICK):
            real.happen(tick)
            core.database.write(partial(_made_up, wraps=core.wraps()))
            core.database.write(partial(drop.join, random=core.random))
            if (tick + 1) * A_TICK == FEW:
                few = _peak_kb(_copy_of_home(at, "few"))
                _forget_the_store(at)
        once = _copy_of_home(at, "once")
        many = _peak_kb(once)
        _forget_the_store(at)
        yield Filled(at, once, few, many, real.counts)
    at.close()


def _forget_the_store(at: Deployment) -> None:
    """Let no device have from another what it is to find in the drop itself."""
    with at.core() as core:
        core.database.write(lambda connection: connection.execute(delete(store)))


def _made_up(connection: Connection, *, wraps: Wraps) -> None:
    """Store a tick's envelopes of random bytes: to everybody but their readers, real ones."""
    for _ in range(A_TICK):
        parts = (c.HASH_BYTES, c.BINDING_BYTES, c.ENVELOPE_BYTES)
        content = envelopes.Content(*(wraps.random(size) for size in parts))
        assert envelopes.store(connection, wraps, content, wraps.today + c.REFERRAL_DAYS)


class _Real:
    """Requests, walk-ins, additions and withdrawals for one provider, one at each tick."""

    def __init__(self, at: Deployment) -> None:
        self._at = at
        self._codes = Provider(at, OPEN_DOOR).run("codes", "5", "--json").json()["codes"]
        self._asked: list[Asked] = []
        self.counts = {"requests": 0, "additions": 0}

    def happen(self, tick: int) -> None:
        """Do what is this tick's turn."""
        match tick % 4:
            case 0:
                code = self._codes[tick // 4]["code"]
                self._asked.append(people.ask(self._at, code, _saying(tick)))
                self.counts["requests"] += 1
            case 1:
                self._asked.append(self._walked_in(tick))
                self.counts["requests"] += 1
            case 2:
                self._asked[-2].add({"consent": "yes", "text": f"added at {tick}"}).done()
                self.counts["additions"] += 1
            case _:
                self._asked[-1].add({"consent": "yes", "text": f"added at {tick}"}).done()
                self.counts["additions"] += 1

    def _walked_in(self, tick: int) -> Asked:
        file = people.written(self._at, _saying(tick))
        words = ("--no-code", "--to", "open door", "--network", self._at.network_id)
        said = self._at.run("ask", *words, "--from", str(file), "--yes", "--json").json()
        return Asked(self._at, said["receipt"]["letters"])


def _saying(tick: int) -> dict[str, Any]:
    return {**SLEEP, "text": f"request {tick}"}


def test_a_sync_of_ten_thousand_takes_no_more_memory_than_of_one_thousand(filled: Filled) -> None:
    """The peak of the process is that of a tenth of the rows, within a few megabytes."""
    few, many = filled.few_kb, filled.many_kb
    print(f"peak memory: {few} kB at {FEW} rows, {many} kB at {ROWS}")
    assert 0 < few <= many < few + _FLAT_KB
    # All rows at once would be so much more that it fails here.
    assert (ROWS - FEW) * c.DROP_STREAM_ROW_BYTES / 1024 > 3 * _FLAT_KB


def test_P10_killed_fifty_times_the_inbox_is_the_same(filled: Filled) -> None:
    """Nothing is lost, nothing comes twice, and what was killed leaves no file behind."""
    once = filled.once
    often = _copy_of_home(filled.at, "often")
    died, written = 0, 0
    for pages, wait_s in _moments(draws("fifty kills")):
        before = _cursor(often)
        died += _killed(often, pages, wait_s)
        written += _cursor(often) > before
    assert died == KILLS, "each was killed on its way, none had come to its end"
    assert 1 <= written <= _LATE, "some were killed after they had written"
    assert _run(often).returncode == 0

    assert _inbox(often) == _inbox(once)
    assert _counted(often) == filled.real
    assert {one.name for one in often.home.iterdir()} == {one.name for one in once.home.iterdir()}


def _moments(random: Random) -> Iterator[tuple[int, float]]:
    """Give for each run how many pages it goes through, and how many seconds later it is killed.

    The late ones die around the fourth page, after which the store is written; so each of them
    comes two pages on at most, and no run can come to its end. The first of them dies a page
    later, so that one has written, however slow the machine is.
    """
    first, *others = range(3, KILLS, KILLS // _LATE)
    late = {first: 5, **dict.fromkeys(others, 3)}
    for number in range(KILLS):
        share = int.from_bytes(random(2), "big") / 65_536
        pages = late.get(number) or random(1)[0] % 3
        yield pages, share * (_PAGE_S if pages else _START_S)


def _copy_of_home(at: Deployment, name: str) -> Provider:
    """Copy a provider's folder as it was founded: nothing was synced in it yet."""
    made, first = Provider(at, name), Provider(at, OPEN_DOOR)
    shutil.copytree(first.home, made.home)
    shutil.copy(first.home.with_suffix(".phrase"), made.home.with_suffix(".phrase"))
    return made


def _start(provider: Provider) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "towpath", "provider", "sync", *provider.options],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _run(provider: Provider) -> subprocess.Popen[bytes]:
    process = _start(provider)
    process.communicate(timeout=_SECONDS)
    return process


def _killed(provider: Provider, pages: int, wait_s: float) -> bool:
    """Kill a sync so many seconds after so many pages, or at once when there is another page.

    Says whether it was still at work then.
    """
    process = _start(provider)
    assert process.stderr is not None
    told = b""
    while told.count(b"rows so far") < pages:
        told += _told(process.stderr, _SECONDS)
    until = time.monotonic() + wait_s
    while told.count(b"rows so far") == pages and (left := until - time.monotonic()) > 0:
        told += _told(process.stderr, left)
    process.send_signal(signal.SIGKILL)
    process.stderr.close()
    return process.wait(_SECONDS) == -signal.SIGKILL


def _told(stream: IO[bytes], seconds: float) -> bytes:
    """Return what is printed within so many seconds; raises where it is over."""
    if not select.select([stream], [], [], seconds)[0]:
        return b""
    part = os.read(stream.fileno(), 4_096)
    assert part, "it ended before it was killed"
    return part


def _cursor(provider: Provider) -> int:
    phrase = provider.home.with_suffix(".phrase").read_text()
    return kept.cursor(open_desk(homes.load(provider.home), phrase, machine_random).read())


def _peak_kb(provider: Provider) -> int:
    """Return the peak memory of a sync in kB, as the kernel counts it, from the first page on.

    Before that the passphrase is stretched, which takes more than all that comes after it.
    """
    process = _start(provider)
    assert process.stderr is not None
    assert b"rows so far" in process.stderr.readline()
    folder, peak = Path("/proc") / str(process.pid), 0
    (folder / "clear_refs").write_text(_FORGET_PEAK)
    while process.poll() is None:
        found = _PEAK.search((folder / "status").read_text())
        peak = int(found[1]) if found else peak
        time.sleep(0.005)
    assert b"rows so far" in process.stderr.read()
    process.stderr.close()
    assert process.returncode == 0
    return peak


def _inbox(provider: Provider) -> list[Any]:
    """Return everything that a caseworker can see, case by case."""
    return sorted((provider.show(one["case"]) for one in provider.inbox()), key=str)


def _counted(provider: Provider) -> dict[str, int]:
    found = provider.inbox()
    return {"requests": len(found), "additions": sum(one["additions"] for one in found)}
