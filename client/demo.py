"""Seal, open and answer one referral from end to end, in memory, printing each size.

What `./dev demo` runs, and `./dev up` until there is a server. The request is that of a coworker
with fifteen minutes: a Korean speaker, a place tonight, her papers, some money.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, field

import words
from client import ambient
from client.demo_network import DemoNetwork, choice, make, make_record
from crypto import constants as c
from crypto.client import (
    answers,
    box,
    code_text,
    codes,
    envelope,
    hpke,
    member_file,
    message,
    record,
)
from crypto.client.code_text import Kind
from crypto.client.record_check import Network, Recipient, check
from crypto.client.store import Store, seal_store
from crypto.client.store_entries import MemberEntry, SeedEntry
from crypto.encoding import Random
from crypto.public.note_signing import public_of

_ENDED_BY_HAND = 130
_ANSWER = "오늘 밤 잘 곳이 있습니다. 당신이 정합니다."


@dataclass(frozen=True, slots=True)
class Provider:
    """What the provider's device keeps for one code."""

    code: bytes = field(repr=False)
    seed: bytes = field(repr=False)
    locator: bytes
    psk: bytes = field(repr=False)


def main() -> None:
    """Play the whole way once; a reader who leaves, by Ctrl-C or by a closed pipe, ends it."""
    # A terminal that can't show a script gets question marks and not a traceback.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        _play(ambient.random, ambient.today())
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(_ENDED_BY_HAND)
    except OSError as trouble:
        # What is left in the buffer can't be written either.
        sys.stdout = None
        sys.exit(f"The demo could not be shown: {trouble.strerror}.")


def _play(random: Random, today: int) -> None:
    print("One request, there and back, in this process: no server yet, nothing is kept.")
    network = make(today, random)
    provider, stored = _make_code(network, today, random)
    receipt, sent, slot_0 = _ask(network, provider.code, stored, today, random)
    slot_1 = _answer(network, provider, sent, today, random)
    _read_answer(network, receipt, slot_0, slot_1)


def _make_code(network: DemoNetwork, today: int, random: Random) -> tuple[Provider, bytes]:
    _title("The provider makes a code")
    code, seed = codes.new_secret(random), random(c.XWING_SEED_BYTES)
    keys = codes.code_keys(code, network.policy.network_id)
    stored = make_record(network, keys, seed, today, random)
    _line("on paper", code_text.symbols(code, Kind.CODE))
    _line("or as digits", code_text.digits(code, Kind.CODE))
    _size("record (what a sender needs)", stored)
    provider = Provider(code, seed, keys.locator, keys.psk)
    _size("its own store, sealed", _store(network, provider, keys, today, random))
    return provider, stored


def _store(
    network: DemoNetwork, provider: Provider, keys: codes.CodeKeys, today: int, random: Random
) -> bytes:
    organisation_key = public_of(network.organisation_seed)
    network_id = network.policy.network_id
    member = member_file.new_member(
        network_id=network_id, organisation_key=organisation_key, random=random
    )
    who = MemberEntry(
        role=choice("role", "lead"),
        xwing_public_key=member.xwing_public_key,
        ed25519_public_key=member.ed25519_public_key,
        since=today,
        name="Caseworker",
    )
    entry = SeedEntry(
        state=1,
        batch=random(c.BATCH_ID_BYTES),
        last_epoch=codes.last_epoch(today),
        code=provider.code,
        psk=keys.psk,
        write_key=keys.write_key,
        xwing_seed=provider.seed,
    )
    entries = {
        (c.ENTRY_MEMBER, member.member_id): who.encode(),
        (c.ENTRY_SEED, keys.locator): entry.encode(),
    }
    store = Store(
        network_id=network_id, organisation_seed=network.organisation_seed, entries=entries
    )
    return seal_store(store, random=random)


def _ask(
    network: DemoNetwork, code: bytes, stored: bytes, today: int, random: Random
) -> tuple[bytes, bytes, bytes]:
    _title("A coworker types it")
    typed = code_text.read(code_text.symbols(code, Kind.CODE).lower(), Kind.CODE)
    network_id = network.policy.network_id
    keys = codes.code_keys(typed.secret, network_id)
    opened = record.open_(stored, keys, network_id)
    view = Network(
        policy=network.policy,
        newest=network.newest,
        suspensions=network.suspensions,
        today=today,
    )
    recipient = check(opened, keys.locator, view)
    _show(recipient)
    receipt = codes.new_secret(random)
    _line("receipt, shown first", code_text.symbols(receipt, Kind.RECEIPT))
    receipt_keys = codes.receipt_keys(receipt, "", network_id)
    encoded = message.encode(_referral(receipt_keys))
    _size("request, coded and padded", encoded)
    context = envelope.for_code(network_id, keys.locator, keys.psk)
    sent = envelope.seal(encoded, recipient.public_key, context, random=random)
    _size("envelope (the request, sealed)", sent)
    place = {"network_id": network_id, "box_id": receipt_keys.box_id}
    delivered, holder_key = _delivered(recipient, today), receipt_keys.holder_key
    slot_0 = box.seal_delivered(delivered, holder_key=holder_key, random=random, **place)
    _size("slot 0, for the receipt", slot_0)
    return receipt, sent, slot_0


def _answer(
    network: DemoNetwork, provider: Provider, sent: bytes, today: int, random: Random
) -> bytes:
    _title("The provider opens it")
    network_id = network.policy.network_id
    context = envelope.for_code(network_id, provider.locator, provider.psk)
    opened = envelope.open_(sent, hpke.load_private(provider.seed), context)
    referral = message.decode(opened, context.message_kind)
    for name, ids in (
        ("languages", referral.languages),
        ("needs", referral.needs),
        ("channel", referral.channels),
    ):
        _line(name, "; ".join(_text(name, one) for one in ids))
    if referral.box is None:
        raise ValueError("the demo's request asks for an answer")
    _line("it answers in Korean", "There is a place to sleep tonight. You decide.")
    slot_1 = box.seal_answer(
        answers.Answer(state=choice("state", "answered"), epoch=today, text=_ANSWER),
        network_id=network_id,
        box_id=referral.box.box_id,
        box_key=referral.box.box_key,
        slot=1,
        organisation_seed=network.organisation_seed,
        random=random,
    )
    _size("slot 1, the answer", slot_1)
    return slot_1


def _read_answer(network: DemoNetwork, receipt: bytes, slot_0: bytes, slot_1: bytes) -> None:
    _title("The person reads it, with the receipt")
    network_id = network.policy.network_id
    keys = codes.receipt_keys(receipt, "", network_id)
    place = {"network_id": network_id, "box_id": keys.box_id}
    delivered = box.open_delivered(slot_0, holder_key=keys.holder_key, **place)
    _line("slot 0", _text("state", delivered.state))
    place |= {"box_key": keys.box_key, "organisation": delivered.organisation}
    answer = box.open_answer(slot_1, slot=1, **place)
    _line("slot 1, signed by them", answer.text)


def _referral(keys: codes.ReceiptKeys) -> message.Message:
    return message.Message(
        consent=choice("consent", "yes"),
        needs=tuple(choice("needs", code) for code in ("sleep_tonight", "documents", "money")),
        languages=(choice("languages", "ko"),),
        region=choice("regions", "northeast"),
        soon=choice("soon", "minutes"),
        channels=(choice("channel", "come_back"),),
        peer=choice("peer", "coworker"),
        eyes=choice("eyes", "receipt"),
        box=message.BoxKeys.of(keys),
    )


def _delivered(recipient: Recipient, today: int) -> answers.Answer:
    return answers.Answer(
        state=choice("state", "delivered"),
        epoch=today,
        last_epoch=today + c.REFERRAL_DAYS,
        organisation=recipient.statement.organisation,
        name=recipient.statement.name,
        public_key=recipient.public_key,
    )


def _show(recipient: Recipient) -> None:
    _line("who will read it", recipient.statement.name)
    for title, name, ids in (
        ("police ties", "police_tie", recipient.profile.police_ties),
        ("who pays", "funding", recipient.profile.funding),
        ("must report", "reporting", recipient.profile.reporting),
    ):
        _line(title, "; ".join(_text(name, one) for one in ids))


def _text(name: str, number: int) -> str:
    entry = words.load(name).by_id(number)
    return entry.text if entry else "something this version does not know"


def _title(text: str) -> None:
    print(f"\n{text}")


def _line(name: str, value: str) -> None:
    print(f"  {name:<32}{value}")


def _size(name: str, value: bytes) -> None:
    _line(name, f"{len(value):,} bytes")


if __name__ == "__main__":
    main()
