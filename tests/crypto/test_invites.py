"""Invites: what is offered comes back, what is changed does not, the number tells keys apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crypto import constants as c
from crypto.client import invite
from crypto.client.codes import code_keys
from crypto.client.invite import Offer, Reply
from crypto.client.member_file import new_member
from crypto.errors import CannotOpen, Malformed
from crypto.public import cover
from tests.crypto.store_samples import draws

NETWORK, OTHER, ORGANISATION = bytes(range(32)), bytes(range(1, 33)), bytes(range(2, 34))
CODE = b"ten bytes!"
KEYS = invite.invite_keys(CODE, NETWORK)
OFFER = Offer(
    network_id=NETWORK, organisation_key=ORGANISATION, role=2, organisation="Abri ñ", name="Bo"
)
SECRET = new_member(network_id=NETWORK, organisation_key=ORGANISATION, random=draws(5))
REPLY = Reply.of(SECRET)
SEALED = invite.seal_offer(KEYS, OFFER, random=draws(5))
ANSWERED = invite.seal_reply(KEYS, REPLY, offer=SEALED, network_id=NETWORK, random=draws(5))
STEP = 97


def number(reply: Reply, **changes: bytes) -> str:
    """The number that is compared."""
    place = {"offer": SEALED, "network_id": NETWORK, "organisation_key": ORGANISATION, **changes}
    return invite.check_number(reply, **place)


def test_R31_what_is_offered_and_replied_comes_back() -> None:
    """Both have one size, whatever they hold."""
    assert invite.open_offer(KEYS, SEALED, NETWORK) == OFFER
    assert invite.open_reply(KEYS, ANSWERED, offer=SEALED, network_id=NETWORK) == REPLY
    small = invite.seal_offer(KEYS, replace(OFFER, organisation="A", name="B"), random=draws(5))
    assert {len(one) for one in (SEALED, ANSWERED, small)} == {c.INVITE_BYTES}


def test_P1_the_newcomers_seeds_are_in_nothing_that_travels() -> None:
    """Only public halves leave her device."""
    for seed in (SECRET.xwing_seed, SECRET.ed25519_seed):
        assert seed not in REPLY.encode()


@pytest.mark.parametrize("at", [*range(0, c.INVITE_BYTES, STEP), c.INVITE_BYTES - 1])
def test_T22_no_changed_byte_opens(at: int) -> None:
    """Neither of an offer nor of a reply."""
    for sealed, opened in (
        (SEALED, lambda one: invite.open_offer(KEYS, one, NETWORK)),
        (ANSWERED, lambda one: invite.open_reply(KEYS, one, offer=SEALED, network_id=NETWORK)),
    ):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(CannotOpen):
            opened(changed)


def test_a_cover_is_no_reply_and_neither_is_one_to_another_offer() -> None:
    """Where nobody has accepted, or somebody changed the offer, nothing opens."""
    nothing = cover.invite(bytes(32), KEYS.locator)
    with pytest.raises(CannotOpen):
        invite.open_reply(KEYS, nothing, offer=SEALED, network_id=NETWORK)
    other = invite.seal_offer(KEYS, replace(OFFER, role=1), random=draws(5))
    with pytest.raises(CannotOpen):
        invite.open_reply(KEYS, ANSWERED, offer=other, network_id=NETWORK)


def test_P4_an_invites_code_gives_nothing_of_a_codes() -> None:
    """The same ten bytes, typed in the wrong place, find and prove nothing."""
    code = code_keys(CODE, NETWORK)
    theirs = {code.locator, code.record_key, code.psk, code.write_key, code.record_commitment}
    elsewhere = invite.invite_keys(CODE, OTHER)
    mine = [KEYS.locator, KEYS.offer_key, KEYS.reply_key, KEYS.write_key]
    assert len(set(mine)) == 4
    assert not set(mine) & theirs
    assert not set(mine) & {elsewhere.locator, elsewhere.offer_key, elsewhere.write_key}


def test_R31_the_number_is_another_for_any_other_key() -> None:
    """Twelve digits in four groups; network, organisation, id and both keys are in it."""
    first = number(REPLY)
    assert [len(group) for group in first.split(" ")] == [3, 3, 3, 3]
    assert first.replace(" ", "").isdigit()
    other = Reply.of(new_member(network_id=NETWORK, organisation_key=ORGANISATION,
                                random=lambda size: b"\x07" * size))  # fmt: skip
    others = [
        number(replace(REPLY, member_id=other.member_id)),
        number(replace(REPLY, xwing_public_key=other.xwing_public_key)),
        number(replace(REPLY, ed25519_public_key=other.ed25519_public_key)),
        number(REPLY, network_id=OTHER),
        number(REPLY, organisation_key=OTHER),
        number(REPLY, offer=invite.seal_offer(KEYS, OFFER, random=draws(6))),
    ]
    assert len({first, *others}) == 7
    assert number(REPLY) == first


@pytest.mark.parametrize("size", [0, 9, 11, 32])
def test_a_code_of_another_length_is_none(size: int) -> None:
    """Ten bytes and no others."""
    with pytest.raises(Malformed):
        invite.invite_keys(bytes(size), NETWORK)


def test_P5_T2_no_object_shows_a_secret() -> None:
    """Nor a name, nor the words for the organisation."""
    shown = repr(KEYS) + repr(OFFER) + repr(REPLY)
    for hidden in ("Abri", "Bo'", KEYS.write_key.hex()[:12], repr(KEYS.offer_key)):
        assert hidden not in shown


@pytest.mark.parametrize("today", [0, 20_000])
def test_P7_T27_an_invite_ends_with_the_next_day(today: int) -> None:
    """As the server keeps it."""
    assert invite.last_epoch(today) == today + 1
