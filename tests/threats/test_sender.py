"""What a sender gives away: by a receipt without its word, in a referral, and by sending twice."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import combinations, permutations
from typing import Any

import pytest

from client import ambient
from crypto import constants
from crypto.client import box, codes, envelope, message, record
from crypto.client.message import BoxKeys, Message
from crypto.encoding import frame
from crypto.errors import CannotOpen
from crypto.kdf import hkdf
from crypto.public.keys import key_hash, proves
from tests.crypto.streams import Stream
from tests.threats import scene
from tests.threats.scene import Sent, provider, send, shared, windows

WORD = "blue door"
ONE = provider("one")
NETWORK = ONE.network.network_id
LABELS = [value for name, value in vars(constants).items() if name.startswith("LABEL_")]


@pytest.fixture(scope="module")
def sent() -> Sent:
    """A referral whose receipt has a word."""
    return send(ONE, Stream("receipt"), WORD)


RECEIPT = Stream("receipt")(10)


def test_P8_R13_the_receipt_alone_reads_and_adds_on_another_device(sent: Sent) -> None:
    """From receipt and word: who has it, the answers, and the key that a follow-up is sealed to."""
    keys = codes.receipt_keys(RECEIPT, " Blue Door", NETWORK)
    place: dict[str, Any] = {"network_id": NETWORK, "box_id": keys.box_id}
    delivered = box.open_delivered(sent.slot_0, holder_key=keys.holder_key, **place)
    assert delivered.organisation == ONE.network.organisation
    place |= {"box_key": keys.box_key, "organisation": delivered.organisation}
    assert box.open_answer(sent.slot_1, slot=1, **place).text == scene.PLACE
    added = message.encode(Message(kind=2, consent=2, text="come on Sunday instead"))
    context = envelope.for_follow_up(NETWORK, keys.tag_key, 2)
    sealed = envelope.seal(added, delivered.public_key, context, random=ambient.random)
    assert sent.said.box is not None
    theirs = envelope.for_follow_up(NETWORK, sent.said.box.tag_key, 2)
    assert theirs.binding == context.binding
    assert envelope.open_(sealed, ONE.one_time_seed, theirs) == added


@pytest.mark.parametrize("word", ["", "blue", "blue door.", "bluedoor", "blau tür"])
def test_P8_T3_without_her_word_another_box_is_found_and_nothing_opens(
    sent: Sent, word: str
) -> None:
    """No word, part of it or another gives other ids and keys, and opens neither slot."""
    wrong = codes.receipt_keys(RECEIPT, word, NETWORK)
    assert not shared(asdict(wrong).values(), asdict(sent.receipt).values())
    named: dict[str, Any] = {"slot": 1, "organisation": ONE.network.organisation}
    for box_id in (wrong.box_id, sent.receipt.box_id):
        place: dict[str, Any] = {"network_id": NETWORK, "box_id": box_id}
        for key in (wrong.box_key, wrong.holder_key, wrong.tag_key):
            with pytest.raises(CannotOpen):
                box.open_delivered(sent.slot_0, holder_key=key, **place)
            with pytest.raises(CannotOpen):
                box.open_answer(sent.slot_1, box_key=key, **named, **place)
    kept = key_hash(sent.receipt.holder_key)
    assert not any(proves(key, kept) for key in asdict(wrong).values() if len(key) == 32)


# --- What the referral carries ---------------------------------------------------------------


def _derivable(parts: dict[str, bytes]) -> Iterator[bytes]:
    """What whoever has these parts may derive: each label, over one part, two, or all in order."""
    secrets = [*parts.values(), *map(b"".join, permutations(parts.values(), 2))]
    secrets += [b"".join(order) for order in permutations(parts.values())]
    for secret in secrets:
        for label in LABELS:
            yield hkdf(secret, info=frame(label), length=32)
            yield hashlib.sha256(frame(label, secret)).digest()
            yield hmac.digest(secret, label.encode(), "sha256")
    for one, other in combinations([key for key in parts.values() if len(key) == 32], 2):
        yield bytes(a ^ b for a, b in zip(one, other, strict=True))


def test_P8_T40_nothing_that_a_referral_carries_gives_the_holder_key(sent: Sent) -> None:
    """Each part, all together and whatever is derived from them prove nobody to be the holder."""
    opened = envelope.open_(sent.referral, ONE.one_time_seed, ONE.context)
    carried = message.decode(opened, ONE.context.message_kind).box
    assert carried is not None
    kept = key_hash(sent.receipt.holder_key)
    tried = [*_derivable(asdict(carried)), *windows(opened, 32), *windows(sent.slot_0, 32)]
    tried += [value for value in asdict(ONE.keys).values() if len(value) == 32]
    assert len(tried) > 10_000
    assert not [key for key in tried if proves(key, kept)]
    assert proves(sent.receipt.holder_key, kept)


def test_P8_T40_the_holder_key_has_no_place_in_a_referral(sent: Sent) -> None:
    """The box field holds what its four names say, in 112 bytes, and no eight of the holder key."""
    parts = asdict(BoxKeys.of(sent.receipt))
    assert list(parts) == ["box_id", "box_key", "write_key", "tag_key"]
    assert parts == {name: getattr(sent.receipt, name) for name in parts}
    assert not shared([sent.receipt.holder_key], [sent.encoded, RECEIPT, WORD.encode()])


def test_P8_T40_the_providers_keys_do_not_prove_the_holder(sent: Sent) -> None:
    """The write key that answers is not taken where the holder's is asked for, nor the reverse."""
    receipt = sent.receipt
    assert not proves(receipt.write_key, key_hash(receipt.holder_key))
    assert not proves(receipt.holder_key, key_hash(receipt.write_key))
    assert not proves(ONE.keys.write_key, key_hash(receipt.holder_key))


# --- Two referrals of one device -------------------------------------------------------------


def _made(one: Sent) -> list[bytes]:
    """What a server or provider comes to have of a sender: ids, keys, and all that she sealed."""
    names = ("tag", "box id", "H(holder key)", "H(box write key)", "H(request)", "envelope")
    stored = one.stored()
    of_her = [stored[name] for name in (*names, "follow-up", "slot 0", "cover of slot 2")]
    return [*of_her, *asdict(one.receipt).values()]


def test_P3_T41_two_referrals_of_one_device_share_no_eight_bytes(sent: Sent) -> None:
    """The same words to the same provider, one after the other, by one person: nothing recurs."""
    first, second = send(ONE, ambient.random), send(ONE, ambient.random)
    assert replace(first.said, box=None) == replace(second.said, box=None)
    assert not shared(_made(first), _made(second))


def test_P3_T41_with_other_codes_the_codes_share_nothing_either() -> None:
    """Locators, keys and records of two codes have no eight bytes in common."""
    one, two = (
        [
            record.seal(to.case.contents, to.keys, NETWORK, random=ambient.random),
            *asdict(to.keys).values(),
        ]
        for to in (provider("one"), provider("two"))
    )
    assert not shared(one, two)


def test_T41_one_receipt_used_twice_would_be_found() -> None:
    """The comparison above sees it when a device takes a receipt again."""
    one, two = (_made(send(ONE, Stream("receipt"), WORD)) for _ in range(2))
    assert len(shared(one, two)) > 100
