"""The other side of a request: made-up organisations that make codes, read, and answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import words
from client import ambient
from client.api_types import Listed
from client.build import BUILD_EPOCH
from crypto import constants as c
from crypto.client import answers, box, code_text, codes, envelope, hpke, message, record, signing
from crypto.client import walk_in as walk_ins
from crypto.client.code_text import Kind
from crypto.client.message import BoxKeys, Message
from crypto.encoding import monday
from crypto.public import log, sealing
from crypto.public import profile as profiles
from crypto.public.note_signing import public_of
from tests.crypto.networks import Network, entry_of, make_network, noon, seed_of
from tests.crypto.records import stream


def this_day() -> int:
    """The device's own day, asked for each time: a run of all tests may go past midnight."""
    return max(ambient.today(), BUILD_EPOCH)


def choice(name: str, code: str) -> int:
    """The id of a choice by its code."""
    found = words.load(name).by_code(code)
    assert found is not None
    return found.id


@dataclass(frozen=True)
class Code:
    """A code as a provider's device makes it."""

    text: str
    locator: bytes
    write_key: bytes
    psk: bytes
    seed: bytes
    record: bytes


@dataclass
class Organisation:
    """An organisation that is listed: its seed, name, profile, and whether it takes walk-ins."""

    name: str
    walk_ins: bool = True
    services: tuple[str, ...] = ("sleep_tonight", "documents", "money")
    kind: str = "sex_worker_services"
    serial: int = 1
    capacity: int | None = None

    @property
    def seed(self) -> bytes:
        """The seed of its signing key."""
        return seed_of(self.name)

    @property
    def key(self) -> bytes:
        """Its public key."""
        return public_of(self.seed)

    @property
    def profile(self) -> bytes:
        """What it says of itself."""
        return profiles.encode(
            profiles.Profile(
                kind=(choice("kind", self.kind),),
                services=tuple(choice("needs", one) for one in self.services),
                police_ties=(choice("police_tie", "none"),),
                funding=(choice("funding", "none"),),
                reporting=(choice("reporting", "minors"),),
            )
        )


@dataclass
class Provider:
    """All organisations of one network, the first of which makes the codes."""

    network: Network
    organisations: list[Organisation]
    suspended: dict[bytes, int] = field(default_factory=dict)
    """By organisation key: the serial below which its statements have ended."""
    newest_day: int = field(default_factory=lambda: this_day())
    codes: dict[bytes, Code] = field(default_factory=dict)
    statements: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By name: changes to an organisation's statement."""

    later_policies: list[bytes] = field(default_factory=list)
    before: list[bytes] = field(default_factory=list)
    """What stands in the log in front of the newest statement of each organisation."""
    listed: tuple[bytes, log.Inclusion] | None = None
    """A real server's checkpoint, and where the first organisation stands in its log."""

    @property
    def policies(self) -> list[bytes]:
        """The chain of policies."""
        return [self.network.policy_note, *self.later_policies]

    @property
    def suspensions(self) -> bytes:
        """The list of ended statements."""
        return self.network.suspensions(self.suspended, serial=2)

    @property
    def newest(self) -> bytes:
        """The newest checkpoint."""
        times = [noon(self.newest_day)] * len(self.network.witnesses)
        return self.network.checkpoint(self._entries(), suspensions=self.suspensions, times=times)

    def statement_of(self, one: Organisation) -> bytes:
        """The statement that lists an organisation."""
        said = {"name": one.name, "serial": one.serial, **self.statements.get(one.name, {})}
        return self.network.statement(one.seed, one.profile, **said)

    def directory(self) -> list[dict[str, object]]:
        """The directory as the server gives it."""
        leaves = [log.leaf_hash(entry) for entry in self._entries()]
        return [
            {
                "statement": self.statement_of(one),
                "profile": one.profile,
                "index": place,
                "hashes": list(log.inclusion_proof(leaves, place).hashes),
                "walk_ins": one.walk_ins,
                "capacity": one.capacity,
                "weekly_keys": [self.weekly_key(one)] if one.walk_ins else [],
            }
            for place, one in enumerate(self.organisations, len(self.before))
        ]

    def weekly_key(self, one: Organisation, first: int | None = None) -> bytes:
        """An organisation's weekly key, of this week unless another is asked for."""
        made = signing.sign_weekly_key(
            one.seed,
            network_id=self.network.network_id,
            first=monday(self.network.today) if first is None else first,
            public_key=sealing.public_key(weekly_seed(one)),
        )
        return bytes(made)

    def make_code(self, name: str) -> Code:
        """Make a code for the first organisation; the same name gives the same one."""
        one, network_id = self.organisations[0], self.network.network_id
        code, seed = stream(f"code {name}")(c.CODE_BYTES), seed_of(f"one-time {name}")
        keys = codes.code_keys(code, network_id)
        last, public_key = codes.last_epoch(self.network.today), hpke.public_key(seed)
        leaves = [log.leaf_hash(entry) for entry in self._entries()]
        shown = self.listed or (self.newest, log.inclusion_proof(leaves, len(self.before)))
        contents = record.Contents(
            last_epoch=last,
            public_key=public_key,
            signature=signing.sign_one_time_key(
                one.seed,
                network_id=network_id,
                locator=keys.locator,
                last_epoch=last,
                public_key=public_key,
            ),
            profile=one.profile,
            statement=self.statement_of(one),
            inclusion=shown[1],
            checkpoint=shown[0],
        )
        sealed = record.seal(contents, keys, network_id, random=stream(f"record {name}"))
        text = code_text.symbols(code, Kind.CODE)
        made = Code(text, keys.locator, keys.write_key, keys.psk, seed, sealed)
        self.codes[keys.locator] = made
        return made

    def as_listed(self, checkpoint: bytes, one: Listed) -> None:
        """Make records from here on with what a real server says of the log."""
        self.listed = (checkpoint, log.Inclusion(one.index, one.hashes))

    def read(self, locator: bytes, sealed: bytes) -> Message:
        """Open what was sent with a code."""
        code = self.codes[locator]
        context = envelope.for_code(self.network.network_id, locator, code.psk)
        opened = envelope.open_(sealed, hpke.load_private(code.seed), context)
        return message.decode(opened, context.message_kind)

    def read_walk_in(self, sealed: bytes, one: Organisation) -> Message:
        """Open what was sent without a code."""
        key = hpke.load_private(weekly_seed(one))
        _, opened = walk_ins.open_with_any(sealed, [key], self.network.network_id)
        return message.decode(opened, c.KIND_REFERRAL)

    def read_follow_up(self, sealed: bytes, seed: bytes, keys: BoxKeys, number: int) -> Message:
        """Open what was added, with the seed that the request was sealed to."""
        context = envelope.for_follow_up(self.network.network_id, keys.tag_key, number)
        opened = envelope.open_(sealed, hpke.load_private(seed), context)
        return message.decode(opened, context.message_kind)

    def seal_answer(
        self, keys: BoxKeys, slot: int, state: str, text: str = "", **more: Any
    ) -> bytes:
        """Seal an answer of the first organisation, or of the one whose `seed` is given."""
        seed = more.pop("seed", self.organisations[0].seed)
        return box.seal_answer(
            answers.Answer(
                state=choice("state", state), epoch=self.network.today, text=text, **more
            ),
            network_id=self.network.network_id,
            box_id=keys.box_id,
            box_key=keys.box_key,
            slot=slot,
            organisation_seed=seed,
            random=stream(f"slot {slot} {text}"),
        )

    def list_anew(self, one: Organisation, **changes: Any) -> None:
        """List an organisation that says other things of itself: the log goes on from before."""
        self.before += self._listed()
        for name, value in changes.items():
            setattr(one, name, value)
        one.serial += 1

    def _entries(self) -> list[bytes]:
        return [*self.before, *self._listed()]

    def _listed(self) -> list[bytes]:
        return [entry_of(self.statement_of(one)) for one in self.organisations]


def weekly_seed(one: Organisation) -> bytes:
    """The seed of an organisation's weekly key."""
    return seed_of(f"weekly {one.name}")


def make_provider(*names: str, witnesses: int = 0, today: int | None = None) -> Provider:
    """A network of today with these organisations; by default one, and no witnesses."""
    today = this_day() if today is None else today
    network = make_network(witnesses=witnesses, witness_threshold=min(witnesses, 3), today=today)
    listed = [Organisation(name) for name in names or ("Open Door",)]
    return Provider(network, listed, newest_day=today)
