"""A server for tests: its clock, and requests of the right sizes whose contents are made up.

A server can't tell made-up bytes from sealed ones, so nothing here is derived or sealed.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Table, func, select

from crypto import constants as c
from crypto.encoding import Random, monday
from crypto.public import keys, requests, work
from server import models
from server.clock import SECONDS_A_DAY
from server.core import Core
from server.services import applications, codes, log_entries, referrals, walk_ins
from tests.crypto.networks import TODAY

T = TypeVar("T")


class FakeClock:
    """A clock that stands still but for sleeping; at noon of a day."""

    def __init__(self, day: int = TODAY) -> None:
        self._now = day * SECONDS_A_DAY + SECONDS_A_DAY / 2
        self._monotonic = 0.0

    def now(self) -> float:
        """Return POSIX seconds."""
        return self._now

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return self._monotonic

    def sleep(self, seconds: float) -> None:
        """Let seconds pass."""
        self._now += seconds
        self._monotonic += seconds

    def days_pass(self, days: int) -> None:
        """Let whole days pass."""
        self.sleep(days * SECONDS_A_DAY)


@dataclass(frozen=True)
class Code:
    """A code as its provider and its sender know it, and its row."""

    locator: bytes
    write_key: bytes
    row: codes.Code


@dataclass(frozen=True)
class Receipt:
    """A receipt's keys."""

    box_id: bytes
    holder_key: bytes
    write_key: bytes
    slot_0: bytes

    @property
    def box(self) -> requests.Box:
        """The box as it is asked for."""
        return requests.Box(
            id=self.box_id,
            holder_key_hash=keys.key_hash(self.holder_key),
            write_key_hash=keys.key_hash(self.write_key),
            slot_0=self.slot_0,
        )


@dataclass(frozen=True)
class Applied:
    """An application as its organisation knows it, and how it is handed in."""

    id: bytes
    write_key: bytes
    sealed: bytes

    @property
    def content(self) -> applications.Content:
        """What is stored of it, without a reply."""
        hashed = keys.key_hash(self.write_key)
        return applications.Content(id=self.id, write_key_hash=hashed, application=self.sealed)

    @property
    def who(self) -> dict[str, bytes]:
        """What its organisation shows, to read the reply or to withdraw."""
        return {"id": self.id, "write_key": self.write_key}

    def body(self, **changes: Any) -> dict[str, Any]:
        """The body of `applications`."""
        own = {"id": self.id, "write_key_hash": keys.key_hash(self.write_key)}
        return {**own, "application": self.sealed, **changes}


@dataclass(frozen=True)
class Maker:
    """Makes codes, receipts, requests and applications of random bytes."""

    random: Random

    def code(self, today: int = TODAY, *, locator: bytes | None = None) -> Code:
        """A code that is published this week."""
        write_key = self.random(c.KEY_BYTES)
        row = codes.Code(
            locator=locator or self.random(c.LOCATOR_BYTES),
            write_key_hash=keys.key_hash(write_key),
            record=self.random(c.RECORD_BYTES),
            last_epoch=monday(today) + c.CODE_DAYS,
        )
        return Code(row.locator, write_key, row)

    def receipt(self) -> Receipt:
        """A receipt that nobody has."""
        return Receipt(
            self.random(c.BOX_ID_BYTES),
            self.random(c.KEY_BYTES),
            self.random(c.KEY_BYTES),
            self.random(c.SLOT_BYTES),
        )

    def envelope(self) -> bytes:
        """An envelope's bytes."""
        return self.random(c.ENVELOPE_BYTES)

    def referral(self, code: Code, receipt: Receipt | None = None) -> requests.Referral:
        """A request with a code; without a receipt it has no box."""
        return requests.Referral(
            locator=code.locator,
            write_key=code.write_key,
            envelope=self.envelope(),
            box=None if receipt is None else receipt.box,
        )

    def walk_in(
        self,
        receipt: Receipt | None = None,
        *,
        network_id: bytes = bytes(32),
        epoch: int = TODAY,
        bits: int = c.WORK_BITS_LEAST,
    ) -> requests.WalkIn:
        """A request without a code, with its work."""
        envelope = self.envelope()
        task = work.task(network_id, epoch, envelope, bits)
        nonce = work.search(task, 0, 1 << 24)
        assert nonce is not None
        return requests.WalkIn(
            epoch=epoch,
            nonce=nonce,
            envelope=envelope,
            box=None if receipt is None else receipt.box,
        )

    def application(self, readers: int = 3) -> Applied:
        """An application to so many admins."""
        size = readers * c.READER_SEALED_BYTES + c.APPLICATION_BODY_BYTES
        sealed = bytes([c.SUITE, readers]) + self.random(size)
        return Applied(self.random(c.APPLICATION_ID_BYTES), self.random(c.KEY_BYTES), sealed)

    def entry(self) -> bytes:
        """What an admin writes."""
        return b"\x01" + self.random(c.VETTING_ENTRY_BYTES - 1)

    def reply(self) -> bytes:
        """What an admin answers to an applicant."""
        return self.random(c.VETTING_REPLY_BYTES)

    def spending(self, period: int = TODAY - (TODAY - 4) % 28) -> codes.Spending:
        """A token that holds, as far as a service knows."""
        return codes.Spending(period, self.random(c.HASH_BYTES))


@dataclass(frozen=True)
class Scene:
    """A server's core below its routes, and what tests often do with it."""

    core: Core
    clock: FakeClock
    make: Maker = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "make", Maker(self.core.random))

    @property
    def today(self) -> int:
        """The server's day."""
        return self.core.today

    def write(self, service: Callable[..., T], **given: Any) -> T:
        """Run a service that writes, with today's wrap keys."""
        return self.core.database.write(partial(service, wraps=self.core.wraps(), **given))

    def read(self, service: Callable[..., T], **given: Any) -> T:
        """Run a service that reads, with today's wrap keys."""
        return self.core.database.read(partial(service, wraps=self.core.wraps(), **given))

    def published(self) -> Code:
        """A code that is live."""
        made = self.make.code(self.today)
        spent = self.make.spending()
        assert self.write(codes.publish, code=made.row, spending=spent) is codes.Published.DONE
        return made

    def sent(self, receipt: Receipt | None = None) -> requests.Referral:
        """A referral that is stored, with a code of its own."""
        referral = self.make.referral(self.published(), receipt)
        assert self.write(referrals.store, referral=referral) == self.today + c.REFERRAL_DAYS
        return referral

    def walked_in(self, receipt: Receipt | None = None) -> requests.WalkIn:
        """A walk-in that is stored."""
        walk_in = self.make.walk_in(receipt, epoch=self.today)
        stored = self.write(walk_ins.store, walk_in=walk_in, admitted=True)
        assert isinstance(stored, walk_ins.Stored)
        assert stored.is_new
        return walk_in

    def applied(self, readers: int = 3) -> Applied:
        """An application that is stored."""
        made = self.make.application(readers)
        stored = self.write(applications.hand_in, made=made.content, room=True)
        assert stored == applications.HandedIn(is_new=True)
        return made

    def count(self, table: Table) -> int:
        """How many rows a table has, live or not."""
        query = select(func.count()).select_from(table)
        return int(
            self.core.database.read(lambda connection: connection.execute(query).scalar_one())
        )

    def logged(self) -> list[int]:
        """The kinds of the log's entries that admins signed, in their order."""
        query = select(models.log_entry.c.kind).order_by(models.log_entry.c.id)
        kinds = self.core.database.read(lambda c: list(c.execute(query).scalars()))
        return [kind for kind in kinds if kind in (log_entries.POLICY, log_entries.STATEMENT)]

    def counts(self) -> dict[str, int]:
        """How many rows each table of requests has."""
        tables = (models.code_record, models.envelope, models.box, models.box_slot)
        return {table.name: self.count(table) for table in (*tables, models.spent_token)}

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, as it lies in the database."""

        def read(connection: Any) -> dict[str, list[tuple[Any, ...]]]:
            tables = models.metadata.sorted_tables
            return {one.name: sorted(map(tuple, connection.execute(select(one)))) for one in tables}

        return self.core.database.read(read)


def b64url(value: bytes) -> str:
    """Bytes as they travel (http.md, 1)."""
    return urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def from_b64url(value: str) -> bytes:
    """Bytes that travelled."""
    return urlsafe_b64decode(value + "=" * (-len(value) % 4))


def as_json(request: requests.Request, pad: str = "") -> dict[str, Any]:
    """A request as the body of `referrals` or `walk-ins`."""
    box = None if request.box is None else _fields(request.box)
    own = {"envelope": b64url(request.envelope), "box": box, "pad": pad}
    if isinstance(request, requests.Referral):
        proof = {"locator": b64url(request.locator), "write_key": b64url(request.write_key)}
        return {**proof, **own}
    return {"epoch": request.epoch, "nonce": b64url(request.nonce), **own}


def publishing(code: Code, token: bytes) -> dict[str, Any]:
    """The body of `codes`."""
    row = code.row
    return {
        "locator": b64url(row.locator),
        "write_key_hash": b64url(row.write_key_hash),
        "record": b64url(row.record),
        "last_epoch": row.last_epoch,
        "token": b64url(token),
    }


def holding(receipt: Receipt, **more: Any) -> dict[str, Any]:
    """The body of a call on a box by its holder."""
    who = {"box_id": b64url(receipt.box_id), "holder_key": b64url(receipt.holder_key)}
    return {**who, **more}


def answering(receipt: Receipt, slot: int, sealed: bytes) -> dict[str, Any]:
    """The body of `boxes/answer`."""
    who = {"box_id": b64url(receipt.box_id), "write_key": b64url(receipt.write_key)}
    return {**who, "slot": slot, "sealed": b64url(sealed)}


def _fields(box: requests.Box) -> dict[str, str]:
    return {
        "id": b64url(box.id),
        "holder_key_hash": b64url(box.holder_key_hash),
        "write_key_hash": b64url(box.write_key_hash),
        "slot_0": b64url(box.slot_0),
    }
