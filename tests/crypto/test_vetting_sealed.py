"""T65: an application and what is written under it open for admins, as written, or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crypto import constants as c
from crypto.client import aead, application, vetting_entries
from crypto.client.hpke import PrivateKey
from crypto.client.vetting_entries import Entry, Reply
from crypto.errors import BadSignature, CannotOpen, Refused, TooFewSignatures
from crypto.public import admin_keys
from tests.crypto import vettings
from tests.crypto.networks import make_network, seed_of
from tests.crypto.streams import Stream

NET = make_network()
KEYS = vettings.keys_of(NET)
PLACE = {"network_id": NET.network_id, "application_id": KEYS.application_id}
SEALED = vettings.sealed(NET, Stream("sealed"))


def test_P1_R21_T65_each_admin_reads_an_application_and_nobody_else() -> None:
    """What was sealed opens for every admin, to the last word, and for no other key there is."""
    for admin in NET.admins:
        keys = application.find_keys(SEALED, vettings.reading_key(NET, admin), **PLACE)
        found = application.open_(SEALED, keys)
        assert (found.said, found.contact) == (vettings.listing(NET), vettings.CONTACT)
        assert list(found.answers) == vettings.answers()
    others = [NET.log.seed, NET.organisation_seed, vettings.SECRET, NET.admins[0].seed]
    for seed in others:
        with pytest.raises(CannotOpen):
            application.find_keys(SEALED, PrivateKey(seed), **PLACE)


def test_P1_T65_nothing_that_names_the_organisation_is_seen_in_it() -> None:
    """Neither name, key, profile, contact, answer nor an admin's name stands in what is posted."""
    listing = application.open_(SEALED, KEYS).listing
    names = [admin.key.public_key for admin in NET.admins]
    secrets = [listing.organisation, listing.member_key, listing.profile, *names]
    texts = [listing.name, vettings.CONTACT, vettings.EVIDENCE]
    assert not [one for one in (*secrets, *(text.encode() for text in texts)) if one in SEALED]


def test_P3_T65_all_applications_to_as_many_admins_have_one_length() -> None:
    """A short and a long application look alike; only how many admins read it shows."""
    short = application.seal(
        vettings.keys_of(NET, seed_of("another")),
        organisation_seed=NET.organisation_seed,
        listing=vettings.listing(NET),
        contact="c",
        answers=[replace(one, text="") for one in vettings.answers() if one.criterion < 8],
        readers=admin_keys.holding(
            [admin_keys.make(one.seed, NET.network_id) for one in NET.admins], NET.policy
        ),
        threshold=NET.policy.threshold,
        random=Stream("short"),
    )
    assert len(short) == len(SEALED)
    assert len(SEALED) - len(vettings.sealed(NET, Stream("two"), NET.admins[:2])) == (
        c.READER_SEALED_BYTES
    )


def test_P9_T65_fewer_than_k_keys_seal_nothing() -> None:
    """A server that hides all admins' keys but one gets no application that one alone decides."""
    with pytest.raises(TooFewSignatures):
        vettings.sealed(NET, Stream("one"), NET.admins[:1])


def test_P2_T65_a_key_of_the_servers_own_is_never_sealed_to() -> None:
    """A reading key in an admin's place that she did not sign is left out."""
    first, second = NET.admins[:2]
    own = admin_keys.make(first.seed, NET.network_id)
    stranger = admin_keys.make(seed_of("a server"), NET.network_id)
    swapped = own[:65] + stranger[65:1281] + own[1281:]
    good = admin_keys.make(second.seed, NET.network_id)
    found = admin_keys.holding([stranger, swapped, good], NET.policy)
    assert [one.admin for one in found] == [second.key.public_key]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_P9_T66_who_posts_anothers_key_is_no_reader_and_stops_no_application(place: int) -> None:
    """It is sealed to the key once, whose it is reads, and the thief counts for nothing."""
    owner, other, thief = NET.admins
    stolen = vettings.posted(NET, thief, vettings.reading_key(NET, owner).public)
    given = [admin_keys.make(one.seed, NET.network_id) for one in (owner, other)]
    given.insert(place, stolen)
    sealed = vettings.sealed_to(NET, Stream("stolen"), given)
    assert sealed[1] == 2
    for admin in (owner, other):
        keys = application.find_keys(sealed, vettings.reading_key(NET, admin), **PLACE)
        assert application.open_(sealed, keys).contact == vettings.CONTACT
    with pytest.raises(CannotOpen):
        application.find_keys(sealed, vettings.reading_key(NET, thief), **PLACE)


def test_P9_T66_an_admin_and_who_stole_her_key_are_not_two_who_read() -> None:
    """Where k must read, one person under two names is too few."""
    owner, _, thief = NET.admins
    stolen = vettings.posted(NET, thief, vettings.reading_key(NET, owner).public)
    given = [admin_keys.make(owner.seed, NET.network_id), stolen]
    with pytest.raises(TooFewSignatures):
        vettings.sealed_to(NET, Stream("stolen"), given)


@pytest.mark.parametrize(
    "bad", [bytes(1_216), b"\xff" * 1_216, b"\x00" * 1_184 + b"\x01" + bytes(31)]
)
def test_P9_T66_what_is_no_key_is_left_out_and_stops_no_application(bad: bytes) -> None:
    """Zeros, numbers too high, a point that gives everybody one secret: as if not posted."""
    first, second, third = NET.admins
    given = [admin_keys.make(one.seed, NET.network_id) for one in (first, second)]
    sealed = vettings.sealed_to(NET, Stream("bad"), [vettings.posted(NET, third, bad), *given])
    assert sealed[1] == 2


@pytest.mark.parametrize("position", [0, 1])
def test_P9_T65_an_entry_stands_only_where_it_was_written(position: int) -> None:
    """An entry shown under another number, another application or another network does not open."""
    admin = NET.admins[0]
    entry = vettings.mark(NET, admin, 2, c.MARK_NOT_MET)
    sealed = vettings.written(NET, admin, entry, position, Stream("entry"))
    assert vetting_entries.open_(sealed, KEYS, position, NET.policy) == entry
    elsewhere = vettings.keys_of(NET, seed_of("another application"))
    for keys, number in ((KEYS, position + 1), (elsewhere, position)):
        with pytest.raises(CannotOpen):
            vetting_entries.open_(sealed, keys, number, NET.policy)


def test_P9_T66_no_admin_writes_in_anothers_name() -> None:
    """An admin has the key of all entries and still cannot make one of another admin's."""
    first, second = NET.admins[:2]
    entry = vettings.mark(NET, second, 2)
    own = vettings.written(NET, second, entry, 0, Stream("hers"))
    with pytest.raises(Refused):
        vetting_entries.seal(entry, KEYS, 0, author_seed=first.seed, random=Stream("forged"))
    moved = _sealed_again(own, number=1)
    with pytest.raises(BadSignature):
        vetting_entries.open_(moved, KEYS, 1, NET.policy)


def _sealed_again(sealed: bytes, number: int) -> bytes:
    """What an admin can do who has the key: the same plaintext, under another number."""
    key, nonce = vetting_entries._entry_key(KEYS), sealed[1:25]
    plain = aead.open_(
        key, nonce=nonce, aad=vetting_entries._entry_aad(KEYS, 0), ciphertext=sealed[25:]
    )
    aad = vetting_entries._entry_aad(KEYS, number)
    return sealed[:25] + aead.seal(key, nonce=nonce, aad=aad, plaintext=plain)


def test_R21_T65_an_admin_who_joined_later_reads_what_was_handed_on() -> None:
    """Handed on to her checked key, the application and every entry open."""
    first, second, third = NET.admins
    sealed = vettings.sealed(NET, Stream("two"), (first, second))
    key = admin_keys.check(admin_keys.make(third.seed, NET.network_id), NET.policy)
    handed = vetting_entries.hand_on(key, KEYS)
    keys = vetting_entries.open_handed_on(handed, vettings.reading_key(NET, third), **PLACE)
    assert application.open_(sealed, keys).contact == vettings.CONTACT
    with pytest.raises(CannotOpen):
        vetting_entries.open_handed_on(handed, vettings.reading_key(NET, first), **PLACE)


def test_R23_T65_only_the_applicant_reads_a_reply_and_a_cover_is_none() -> None:
    """A reply opens with the application's secret and with no other application's."""
    said = Reply(kind=c.REPLY_DECLINED, text="V2: most of your money is a police contract.")
    sealed = vetting_entries.seal_reply(said, KEYS, random=Stream("reply"))
    assert vetting_entries.open_reply(sealed, KEYS) == said
    for secret, reply in ((seed_of("another"), sealed), (vettings.SECRET, bytes(len(sealed)))):
        with pytest.raises(CannotOpen):
            vetting_entries.open_reply(reply, vettings.keys_of(NET, secret))


def test_an_entry_of_every_kind_comes_back_as_it_was_written() -> None:
    """Notes, marks, signatures and reasons are read as they were written, with author and day."""
    admin = NET.admins[1]
    said: dict[str, Any] = {"author": admin.key.public_key, "epoch": NET.today}
    kinds = [
        Entry(kind=c.VETTING_NOTE, text="They answer.\nمرحبا", **said),
        vettings.mark(NET, admin, 16, c.MARK_TAKEN_BACK),
        vettings.signature(NET, admin, NET.statement()),
        Entry(kind=c.VETTING_DECLINE, text="V3 is not met.", **said),
    ]
    for number, entry in enumerate(kinds):
        sealed = vettings.written(NET, admin, entry, number, Stream("kinds"))
        assert len(sealed) == c.VETTING_ENTRY_BYTES
        assert vetting_entries.open_(sealed, KEYS, number, NET.policy) == entry
