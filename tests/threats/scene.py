"""Providers with everything they keep, and referrals with everything that is stored for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from crypto import constants as c
from crypto.client import answers, box, codes, envelope, hpke, message, walk_in
from crypto.client.member_file import MemberSecret, new_member
from crypto.client.store import Store
from crypto.client.store_entries import MemberEntry, SeedEntry, WeeklyEntry
from crypto.errors import Refused
from crypto.public import cover, keys
from tests.crypto import records
from tests.crypto.networks import TODAY, Network, make_network, seed_of
from tests.crypto.streams import Stream

WORDS = "I work the night shift at the laundry"
PLACE = "the shelf behind the dryers"


@dataclass(frozen=True)
class Provider:
    """One organisation, with one code that it handed out and its two weekly keys."""

    name: str
    code: bytes
    case: records.Case
    one_time_seed: bytes
    weekly_seeds: tuple[bytes, bytes]
    members: tuple[MemberSecret, ...]

    @property
    def network(self) -> Network:
        """The network that lists it; `organisation_seed` there is this organisation's."""
        return self.case.network

    @property
    def keys(self) -> codes.CodeKeys:
        """What its code gives."""
        return self.case.keys

    @property
    def context(self) -> envelope.Context:
        """What a referral with its code is bound to."""
        return envelope.for_code(self.network.network_id, self.keys.locator, self.keys.psk)

    def store(self) -> Store:
        """Its store: the members, the code with its seed, the weekly keys."""
        entries: dict[tuple[int, bytes], bytes] = {}
        for one in self.members:
            entries[c.ENTRY_MEMBER, one.member_id] = MemberEntry(
                role=1,
                xwing_public_key=one.xwing_public_key,
                ed25519_public_key=one.ed25519_public_key,
                since=TODAY,
                name="A. Member",
            ).encode()
        entries[c.ENTRY_SEED, self.keys.locator] = SeedEntry(
            state=c.SEED_HANDED_OUT,
            batch=bytes(8),
            last_epoch=self.case.contents.last_epoch,
            code=self.code,
            psk=self.keys.psk,
            write_key=self.keys.write_key,
            xwing_seed=self.one_time_seed,
        ).encode()
        for week, seed in enumerate(self.weekly_seeds):
            key_id = keys.weekly_key_id(hpke.public_key(seed))
            first = TODAY - 7 * week
            entry = WeeklyEntry(first=first, last=first + 6, xwing_seed=seed)
            entries[c.ENTRY_WEEKLY, key_id] = entry.encode()
        return Store(
            network_id=self.network.network_id,
            organisation_seed=self.network.organisation_seed,
            entries=entries,
        )


@cache
def provider(name: str = "one") -> Provider:
    """The provider of this name; all of them are in one network."""
    network = replace(make_network(), organisation_seed=seed_of(f"organisation {name}"))
    code = seed_of(f"code {name}")[:10]
    seed = seed_of(f"one-time {name}")
    made = replace(records.make(network), keys=records.keys_of(code, network.network_id))
    members = tuple(
        new_member(
            network_id=network.network_id,
            organisation_key=network.organisation,
            random=Stream(f"{name} {who}"),
        )
        for who in ("Anna", "Binta")
    )
    return Provider(
        name=name,
        code=code,
        case=made.signed_by(network.organisation_seed, public_key=hpke.public_key(seed)),
        one_time_seed=seed,
        weekly_seeds=(seed_of(f"this week {name}"), seed_of(f"last week {name}")),
        members=members,
    )


@dataclass(frozen=True)
class Sent:
    """One referral on its way: what its sender knows, and what a server stores for it."""

    to: Provider
    receipt: codes.ReceiptKeys
    said: message.Message
    encoded: bytes
    referral: bytes
    follow_up: bytes
    slot_0: bytes
    slot_1: bytes

    @property
    def follow_up_context(self) -> envelope.Context:
        """What the first follow-up is bound to."""
        return envelope.for_follow_up(self.to.network.network_id, self.receipt.tag_key, 1)

    def stored(self) -> dict[str, bytes]:
        """Every byte of conventions.md, 8, that a server has stored or shows for it."""
        code, receipt = self.to.keys, self.receipt
        return {
            "locator": code.locator,
            "H(code write key)": keys.key_hash(code.write_key),
            "record": self.to.case.sealed,
            "envelope": self.referral,
            "H(request)": keys.request_hash(code.locator + self.referral + self.slot_0),
            "tag": self.follow_up_context.binding,
            "follow-up": self.follow_up,
            "box id": receipt.box_id,
            "H(holder key)": keys.key_hash(receipt.holder_key),
            "H(box write key)": keys.key_hash(receipt.write_key),
            "slot 0": self.slot_0,
            "slot 1": self.slot_1,
            "cover of slot 2": cover.slot(seed_of("filler key"), receipt.box_id, 2),
        }


def send(to: Provider, random: Callable[[int], bytes], word: str = "") -> Sent:
    """Send a referral and a follow-up with this provider's code, and have it answered."""
    network_id = to.network.network_id
    receipt = codes.receipt_keys(codes.new_secret(random), word, network_id)
    recipient = to.case.checked()
    said = message.Message(
        consent=c.CONSENT_SELF, needs=(1,), languages=(1,), channels=(1,), eyes=c.EYES_RECEIPT,
        contact=PLACE, text=WORDS, box=message.BoxKeys.of(receipt),
    )  # fmt: skip
    added = message.Message(kind=c.KIND_FOLLOW_UP, consent=c.CONSENT_SELF, text=WORDS)
    encoded = message.encode(said)
    tag = envelope.for_follow_up(network_id, receipt.tag_key, 1)
    delivered = answers.Answer(
        state=c.STATE_DELIVERED, epoch=TODAY, last_epoch=TODAY + 14, name=recipient.statement.name,
        organisation=recipient.statement.organisation, public_key=recipient.public_key,
    )  # fmt: skip
    return Sent(
        to=to,
        receipt=receipt,
        said=said,
        encoded=encoded,
        referral=envelope.seal(encoded, recipient.public_key, to.context, random=random),
        follow_up=envelope.seal(message.encode(added), recipient.public_key, tag, random=random),
        slot_0=box.seal_delivered(
            delivered,
            network_id=network_id,
            box_id=receipt.box_id,
            holder_key=receipt.holder_key,
            random=random,
        ),
        slot_1=seal_answer(to, receipt, 1, PLACE, random),
    )


def seal_answer(
    by: Provider,
    receipt: codes.ReceiptKeys,
    number: int,
    text: str,
    random: Callable[[int], bytes],
) -> bytes:
    """Seal words of a provider's into a slot of the box of a receipt."""
    return box.seal_answer(
        answers.Answer(state=3, epoch=TODAY, text=text),
        network_id=by.network.network_id,
        box_id=receipt.box_id,
        box_key=receipt.box_key,
        slot=number,
        organisation_seed=by.network.organisation_seed,
        random=random,
    )


def walked_in(to: Provider, encoded: bytes, random: Callable[[int], bytes]) -> bytes:
    """Seal a message to a provider's key of this week."""
    public = hpke.public_key(to.weekly_seeds[0])
    context = walk_in.context(to.network.network_id, public)
    return envelope.seal(encoded, public, context, random=random)


def windows(data: bytes, size: int, step: int = 1) -> Iterator[bytes]:
    """Every stretch of `size` bytes, each `step`-th place."""
    return (data[at : at + size] for at in range(0, len(data) - size + 1, step))


def shared(one: Iterable[bytes], other: Iterable[bytes], size: int = 8) -> set[bytes]:
    """The stretches of `size` bytes that stand in both."""
    seen = {window for data in one for window in windows(data, size)}
    return {window for data in other for window in windows(data, size) if window in seen}


def opens(call: Callable[[], object]) -> bool:
    """Say whether a call comes back with a value; what is no refusal is raised."""
    try:
        call()
    except Refused:
        return False
    return True
