"""A newcomer joins through the real server: by a code, with keys that never leave her device."""

from __future__ import annotations

import pytest

from client.errors import ServerProblem
from client.flows import walk_in_keys
from client.flows.kept import Room
from crypto import constants as c
from crypto.client import hpke, invite, signing
from crypto.client.codes import code_keys, new_secret
from crypto.client.invite import InviteKeys, Offer, Reply
from crypto.client.member_file import new_member
from crypto.encoding import monday
from crypto.errors import CannotOpen
from crypto.public.keys import key_hash, weekly_key_id
from tests.client.provider.town import Device


def offered(device: Device, code: bytes) -> tuple[InviteKeys, bytes]:
    """Make an invite on a member's device; its keys and the sealed offer."""
    keys = invite.invite_keys(code, device.desk.network_id)
    offer = Offer(
        network_id=device.desk.network_id,
        organisation_key=device.desk.organisation_key,
        role=1,
        organisation="Open Door",
        name="Bo",
    )
    sealed = invite.seal_offer(keys, offer, random=device.town.random)
    device.signed.put_invite(keys.locator, key_hash(keys.write_key), sealed)
    return keys, sealed


def test_R31_a_newcomer_joins_by_a_code(listed: Device) -> None:
    """Offer, reply and number: both sides see the same keys, and the server saw none of them."""
    network_id, random, api = listed.desk.network_id, listed.town.random, listed.api
    code = new_secret(random)
    keys, sealed = offered(listed, code)
    hers = invite.invite_keys(code, network_id)
    found = api.open_invite(hers.locator)
    assert found == sealed
    offer = invite.open_offer(hers, sealed, network_id)
    secret = new_member(
        network_id=network_id, organisation_key=offer.organisation_key, random=random
    )
    mine = Reply.of(secret)
    answer = invite.seal_reply(hers, mine, offer=sealed, network_id=network_id, random=random)
    waiting = api.read_invite(keys.locator, keys.write_key)
    with pytest.raises(CannotOpen):
        invite.open_reply(keys, waiting, offer=sealed, network_id=network_id)
    assert api.accept_invite(hers.locator, hers.write_key, answer) == "stored"
    assert api.accept_invite(hers.locator, hers.write_key, answer) == "stored"
    read = api.read_invite(keys.locator, keys.write_key)
    seen = invite.open_reply(keys, read, offer=sealed, network_id=network_id)
    place = {"offer": sealed, "network_id": network_id}
    place["organisation_key"] = listed.desk.organisation_key
    assert seen == mine
    assert invite.check_number(seen, **place) == invite.check_number(mine, **place)
    sent = b"".join(body for _, _, body, _ in listed.wire.calls)
    assert code not in sent


def test_R31_who_answers_second_is_told_and_changes_nothing(listed: Device) -> None:
    """The first reply stays; the inviter compares its number before she adds anybody."""
    code = new_secret(listed.town.random)
    keys, _ = offered(listed, code)
    first, second = bytes(c.INVITE_BYTES), b"\x01" * c.INVITE_BYTES
    assert listed.api.accept_invite(keys.locator, keys.write_key, first) == "stored"
    assert listed.api.accept_invite(keys.locator, keys.write_key, second) == "taken"
    assert listed.api.read_invite(keys.locator, keys.write_key) == first


def test_P4_what_is_no_invite_is_refused(listed: Device) -> None:
    """Another code, the code's values for a request, another key: the refusal, and a cover."""
    random, api = listed.town.random, listed.api
    code = new_secret(random)
    keys, _ = offered(listed, code)
    wrong = code_keys(code, listed.desk.network_id)
    nobody = invite.invite_keys(new_secret(random), listed.desk.network_id)
    reply = bytes(c.INVITE_BYTES)
    for other in (nobody, wrong):
        assert api.open_invite(other.locator) is None
        assert api.accept_invite(other.locator, other.write_key, reply) == "refused"
        assert api.accept_invite(keys.locator, other.write_key, reply) == "refused"
        assert len(api.read_invite(other.locator, other.write_key)) == c.INVITE_BYTES
    assert api.open_code(keys.locator) is None
    listed.town.at(listed.town.today + 2)
    assert api.open_invite(keys.locator) is None


def test_R34_invites_of_another_form_are_refused(listed: Device) -> None:
    """And one under a locator that stands is told."""
    code = new_secret(listed.town.random)
    keys, sealed = offered(listed, code)
    listed.signed.put_invite(keys.locator, key_hash(keys.write_key), sealed)
    for kind, offer in (("taken", bytes(c.INVITE_BYTES)), ("malformed", sealed[:-1])):
        with pytest.raises(ServerProblem) as refused:
            listed.signed.put_invite(keys.locator, key_hash(keys.write_key), offer)
        assert refused.value.kind == kind


def test_R31_T42_a_weekly_key_is_replaced_by_name(listed: Device) -> None:
    """After somebody left: the directory shows the new one, and whoever names another is told."""
    today = listed.town.today
    walk_in_keys.set_room(listed.desk, listed.api, listed.signed, Room(walk_ins=True), today=today)
    (old,) = walk_in_keys.live(listed.desk.read(), today)
    (before,) = listed.api.directory()[0].weekly_keys
    seed = listed.town.random(c.XWING_SEED_BYTES)
    new = bytes(
        signing.sign_weekly_key(
            listed.desk.read().organisation_seed,
            network_id=listed.desk.network_id,
            first=monday(today),
            public_key=hpke.public_key(seed),
        )
    )
    for kind, replaces in (("taken", None), ("stale", bytes(16))):
        with pytest.raises(ServerProblem) as refused:
            listed.signed.put_weekly_key(new, replaces=replaces)
        assert refused.value.kind == kind
    assert listed.api.directory()[0].weekly_keys == (before,)
    listed.signed.put_weekly_key(new, replaces=weekly_key_id(old.public))
    assert listed.api.directory()[0].weekly_keys == (new,)
