"""A made-up application with everything that is written under it, in the made-up network."""

from __future__ import annotations

from collections.abc import Sequence

from crypto import constants as c
from crypto.client import application, vetting_entries
from crypto.client.application import Answer, ReadingKeys
from crypto.client.hpke import PrivateKey
from crypto.client.vetting_entries import Entry
from crypto.encoding import Random, frame
from crypto.public import admin_keys, applications, note_signing, notes
from crypto.public.note_signing import Signer
from tests.crypto.networks import Network, seed_of

SECRET = seed_of("an application")
CONTACT = "ring 555 0100 and ask for Mina"
NAME = "Example Shelter"  # as the network's statements have it
EVIDENCE = "Our accounts of 2025, page 4."


def keys_of(net: Network, secret: bytes = SECRET) -> ReadingKeys:
    """What reads the application with this secret."""
    return application.reading_keys(secret, net.network_id)


def answers(kind: int = c.CRITERION_YES) -> list[Answer]:
    """An answer to each criterion, all of one kind."""
    criteria = range(1, c.VETTING_CRITERIA + 1)
    return [Answer(criterion=one, kind=kind, epoch=1, text=EVIDENCE) for one in criteria]


def listing(net: Network) -> bytes:
    """What the network's organisation signs of what will be public."""
    return applications.make(
        net.organisation_seed,
        network_id=net.network_id,
        member_key=note_signing.public_of(seed_of("a member")),
        epoch=net.today,
        name=NAME,
        profile=net.profile,
    )


def sealed(net: Network, random: Random, admins: Sequence[Signer] | None = None) -> bytes:
    """The application, sealed to all admins unless others are given."""
    given = [admin_keys.make(one.seed, net.network_id) for one in admins or net.admins]
    return sealed_to(net, random, given)


def sealed_to(net: Network, random: Random, given: Sequence[bytes]) -> bytes:
    """The application, sealed to those who posted these keys."""
    return application.seal(
        keys_of(net),
        organisation_seed=net.organisation_seed,
        listing=listing(net),
        contact=CONTACT,
        answers=answers(),
        readers=admin_keys.holding(given, net.policy),
        threshold=net.policy.threshold,
        random=random,
    )


def posted(net: Network, admin: Signer, public_key: bytes) -> bytes:
    """An admin key with an X-Wing key of her choice (1,216 bytes), which may be another's."""
    return signed_key(admin, net.network_id, public_key)


def signed_key(admin: Signer, network_id: bytes, public_key: bytes) -> bytes:
    """The same in a network with this id."""
    own = admin_keys.make(admin.seed, network_id)
    said = own[: -c.XWING_PUBLIC_KEY_BYTES - c.ED25519_SIGNATURE_BYTES] + public_key
    return said + note_signing.sign(admin.seed, frame(c.LABEL_ADMIN_KEY, said))


def reading_key(net: Network, admin: Signer) -> PrivateKey:
    """What this admin reads with."""
    return PrivateKey(admin_keys.reading_seed(admin.seed, net.network_id))


def mark(net: Network, admin: Signer, criterion: int, state: int = c.MARK_MET) -> Entry:
    """An admin's mark of today."""
    return Entry(
        author=admin.key.public_key,
        epoch=net.today,
        kind=c.VETTING_MARK,
        criterion=criterion,
        state=state,
        text="seen",
    )


def signature(net: Network, admin: Signer, note: bytes) -> Entry:
    """An admin's line under a statement's text."""
    signed = note_signing.sign_note(notes.parse(note).text, admin, at_most=c.STATEMENT_BYTES)
    return Entry(
        author=admin.key.public_key, epoch=net.today, kind=c.VETTING_SIGNATURE, note=signed
    )


def written(net: Network, admin: Signer, entry: Entry, number: int, random: Random) -> bytes:
    """An entry as the server has it."""
    return vetting_entries.seal(entry, keys_of(net), number, author_seed=admin.seed, random=random)
