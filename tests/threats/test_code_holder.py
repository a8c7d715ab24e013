"""What somebody can do who found, guessed or cracked a code (adversary B)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest

from client import ambient
from crypto.client import aead, box, envelope, hpke, record
from crypto.errors import BadSignature, CannotOpen, Expired, Refused, TooFewSignatures
from crypto.public.statements import Kind
from tests.crypto import records
from tests.crypto.networks import TODAY, make_network, reseal, seed_of
from tests.crypto.streams import flipped
from tests.threats import scene
from tests.threats.scene import Sent, opens, provider, send, windows


@pytest.fixture(scope="module")
def sent() -> Sent:
    """A referral that was sent with the code that somebody has."""
    return send(provider(), ambient.random)


def known(sent: Sent) -> Iterator[bytes]:
    """All 32-byte values within reach of a code holder who is shown every stored byte.

    What the code gives, the code itself in any place, and each stretch of what is stored and of
    what the record opens to: of the large parts every eighth place and all edges.
    """
    to = sent.to
    yield from (value for value in asdict(to.keys).values() if len(value) == 32)
    yield to.code.ljust(32, b"\0")
    yield to.code.rjust(32, b"\0")
    contents = record.encode(record.open_(to.case.sealed, to.keys, to.network.network_id))
    for data in (*sent.stored().values(), contents):
        yield from windows(data, 32, 8)
        yield data[-32:].rjust(32, b"\0")


def opens_the_envelope(sent: Sent, value: bytes) -> bool:
    """Say whether 32 bytes open the referral, as a seed or as the key of a layer."""
    as_seed = opens(lambda: envelope.open_(sent.referral, value, sent.to.context))
    sealed = sent.referral[1 + 1120 :]
    as_key = opens(
        lambda: aead.open_(
            value, nonce=sealed[:24], aad=sent.to.context.aad, ciphertext=sealed[24:]
        )
    )
    return as_seed or as_key


def test_P1_P4_P11_T4_a_code_and_every_stored_byte_open_the_record_and_no_envelope(
    sent: Sent,
) -> None:
    """Thousands of values within reach are tried as seed and as key, and none opens a request."""
    recipient = sent.to.case.checked()
    assert recipient.public_key == hpke.public_key(sent.to.one_time_seed)
    tried = list(known(sent))
    assert len(tried) > 2000
    assert not [value for value in tried if opens_the_envelope(sent, value)]


def test_T4_a_seed_among_the_values_would_be_found(sent: Sent) -> None:
    """The search above sees the one value that opens, so that it could fail."""
    assert opens_the_envelope(sent, sent.to.one_time_seed)
    assert sent.to.one_time_seed not in set(known(sent))


def test_P4_T4_a_code_and_every_stored_byte_open_no_answer(sent: Sent) -> None:
    """No value within reach is holder or box key: neither "delivered" nor an answer opens."""
    place: dict[str, Any] = {
        "network_id": sent.to.network.network_id,
        "box_id": sent.receipt.box_id,
    }
    named: dict[str, Any] = {"slot": 1, "organisation": sent.to.network.organisation}
    box.open_delivered(sent.slot_0, holder_key=sent.receipt.holder_key, **place)
    box.open_answer(sent.slot_1, box_key=sent.receipt.box_key, **named, **place)
    for value in known(sent):
        with pytest.raises(CannotOpen):
            box.open_delivered(sent.slot_0, holder_key=value, **place)
        with pytest.raises(CannotOpen):
            box.open_answer(sent.slot_1, box_key=value, **named, **place)


def _own_statement(case: records.Case, **changes: Any) -> bytes:
    """A statement for the attacker's organisation, by whoever is said to have signed it."""
    return case.network.statement(seed_of("the attacker"), **changes)


def _relisted(case: records.Case, statement: bytes) -> records.Case:
    """The attacker's own record throughout: key, signature, statement, log and checkpoint."""
    network = replace(case.network, organisation_seed=seed_of("the attacker"))
    made = replace(records.make(network, statement), keys=case.keys, seen=case.seen)
    key = hpke.public_key(seed_of("the attacker's key"))
    return made.signed_by(seed_of("the attacker"), public_key=key)


Forgery = Callable[[records.Case], records.Case]
ATTACKER_KEY = hpke.public_key(seed_of("the attacker's key"))
FORGERIES: dict[str, tuple[Forgery, type[Refused]]] = {
    "its own key under the true signature": (
        lambda case: case.with_contents(public_key=ATTACKER_KEY),
        BadSignature,
    ),
    "its own key, signed by itself": (
        lambda case: case.signed_by(seed_of("the attacker"), public_key=ATTACKER_KEY),
        BadSignature,
    ),
    "its own key, signed by an admin": (
        lambda case: case.signed_by(case.network.admins[0].seed, public_key=ATTACKER_KEY),
        BadSignature,
    ),
    "its own key, signed by the log": (
        lambda case: case.signed_by(case.network.log.seed, public_key=ATTACKER_KEY),
        BadSignature,
    ),
    "its own key, signed with what the code gives": (
        lambda case: case.signed_by(case.keys.write_key, public_key=ATTACKER_KEY),
        BadSignature,
    ),
    "a later last day": (
        lambda case: case.with_contents(last_epoch=case.contents.last_epoch + 7),
        BadSignature,
    ),
    "a listing by one admin of two": (
        lambda case: _relisted(
            case, _own_statement(case, signed_by=case.network.admins[:1])
        ),
        TooFewSignatures,
    ),
    "a listing by another network's admins": (
        lambda case: _relisted(
            case, _own_statement(case, signed_by=make_network(name="other-").admins[:2])
        ),
        BadSignature,
    ),
    "a listing by log and witnesses": (
        lambda case: _relisted(
            case, _own_statement(case, signed_by=(case.network.log, case.network.witnesses[0]))
        ),
        BadSignature,
    ),
    "the true listing with another key, resigned by one admin": (
        lambda case: _relisted(
            case,
            reseal(
                case.contents.statement, "Example", "Examp1e", case.network.admins[:1]
            ),
        ),
        TooFewSignatures,
    ),
    "an expired listing of its own": (
        lambda case: _relisted(case, _own_statement(case, first=TODAY - 90, until=TODAY - 1)),
        Expired,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("forge", "refusal"), FORGERIES.values(), ids=FORGERIES)
def test_P2_P9_T8_a_code_holder_makes_no_record_that_the_checks_pass(
    forge: Forgery, refusal: type[Refused]
) -> None:
    """Sealed under the right code, with the attacker's key in it: refused before she may seal."""
    case = provider().case
    forged = forge(case)
    opened = record.open_(forged.sealed, case.keys, case.network.network_id)
    assert opened == forged.contents
    with pytest.raises(refusal):
        forged.checked()


def test_P2_T8_each_true_record_passes_the_same_checks() -> None:
    """What the attacker starts from holds, so that every refusal above is the forgery's own."""
    assert provider().case.checked().public_key == hpke.public_key(provider().one_time_seed)


def test_T8_a_vetted_organisation_can_put_its_own_record_and_is_shown_by_its_own_name() -> None:
    """The limit that the threat model names: the sender sees the name of whoever would read it."""
    case = provider().case
    statement = _own_statement(case, name="Another Vetted House")
    recipient = _relisted(case, statement).checked()
    assert recipient.statement.name == "Another Vetted House"
    assert recipient.statement.kind is Kind.VETTED
    assert recipient.statement.organisation != case.network.organisation


def test_P2_T8_without_the_code_no_record_opens_at_all() -> None:
    """Who has neither code nor key cannot even put something in the record's place."""
    case, other = provider().case, provider("two").case
    with pytest.raises(CannotOpen):
        record.open_(other.sealed, case.keys, case.network.network_id)
    for name in ("record_key", "record_commitment", "locator"):
        guessed = replace(case.keys, **{name: flipped(getattr(case.keys, name), 0)})
        forged = record.seal(
            case.contents, guessed, case.network.network_id, random=records.stream("forged")
        )
        with pytest.raises(CannotOpen):
            record.open_(forged, case.keys, case.network.network_id)


def test_P1_T51_the_seed_with_another_code_opens_nothing(sent: Sent) -> None:
    """With the right seed, 256 psks that are one bit off, and every other value of the code."""
    key, context = hpke.PrivateKey(sent.to.one_time_seed), sent.to.context
    assert envelope.open_(sent.referral, key, context) == sent.encoded
    near = [flipped(context.inner_key, bit // 8, 1 << bit % 8) for bit in range(256)]
    others = (sent.to.keys.record_key, sent.to.keys.write_key, bytes(32), sent.to.one_time_seed)
    for psk in (*near, *others, provider("two").keys.psk):
        with pytest.raises(CannotOpen):
            envelope.open_(sent.referral, key, replace(context, inner_key=psk))


def test_P1_T51_past_the_outer_layer_nothing_can_be_read(sent: Sent) -> None:
    """What the seed alone gives shares no eight bytes with what was written or with the code."""
    key = hpke.PrivateKey(sent.to.one_time_seed)
    inner = key.open(info=sent.to.context.info, sealed=sent.referral[1:])
    assert len(inner) == 4136
    secrets = (sent.encoded.rstrip(b"\0"), *asdict(sent.to.keys).values(), scene.WORDS.encode())
    assert not scene.shared([inner], secrets)
