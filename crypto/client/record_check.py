"""What a sender checks before she is shown who will read her request, and before she may seal.

The server's word counts for nothing here: only the policy that her code is bound to, the admins'
signatures, the log and its witnesses.

Source: docs/spec/record.md, section 3, steps 6 to 13.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from crypto.client import hpke
from crypto.client.record import Contents
from crypto.encoding import monday
from crypto.errors import BadSignature, Expired, Malformed, Suspended
from crypto.public import (
    checkpoint,
    log,
    notes,
    organisation_keys,
    policy_chain,
    statements,
    suspensions,
)
from crypto.public import profile as profiles
from crypto.public.log import Inclusion
from crypto.public.policy import Policy
from crypto.public.profile import Profile
from crypto.public.statements import Kind, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What is the same for everybody in a network on this day.

    `policy` has been accepted from version 1 on; `newest` is the newest checkpoint's note and
    `suspensions` the list that it names, as they came from the server, `suspended` the notes of
    suspensions that it does not have yet; `today` is an epoch (`checkpoint.today_for_sender`).
    """

    policy: Policy
    newest: bytes
    suspensions: bytes
    today: int
    suspended: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who will read it, and the key to seal to; `witnessed` is False where the policy asks for
    no witness, which the person must be told in plain words.
    """

    statement: Statement = field(repr=False)
    profile: Profile = field(repr=False)
    public_key: bytes = field(repr=False)
    last_epoch: int
    witnessed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What shows that an organisation is vetted: in a record, and in the directory."""

    profile: bytes
    statement: bytes
    inclusion: Inclusion
    checkpoint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A listing that holds; `day` is that of the newest checkpoint, None without witnesses."""

    statement: Statement = field(repr=False)
    profile: Profile = field(repr=False)
    day: int | None


def check(contents: Contents, locator: bytes, network: Network) -> Recipient:
    """Check everything in an opened record and return who will read what is sealed to it.

    `locator` has 16 bytes. Raises, for the first step that fails, Malformed, Expired, or as
    `check_listing`, or BadSignature. Source: docs/spec/record.md, section 3.
    """
    # All codes of a week end together: another day would tell this one apart.
    if contents.last_epoch != monday(contents.last_epoch):
        raise Malformed
    if contents.last_epoch < network.today:
        raise Expired
    listing = Listing(
        profile=contents.profile,
        statement=contents.statement,
        inclusion=contents.inclusion,
        checkpoint=contents.checkpoint,
    )
    listed = check_listing(listing, network)
    organisation_keys.verify_one_time_key(
        contents.signature,
        listed.statement.organisation,
        network_id=network.policy.network_id,
        locator=locator,
        last_epoch=contents.last_epoch,
        public_key=contents.public_key,
    )
    hpke.load_public(contents.public_key)
    return Recipient(
        statement=listed.statement,
        profile=listed.profile,
        public_key=contents.public_key,
        last_epoch=contents.last_epoch,
        witnessed=listed.day is not None,
    )


def check_listing(listing: Listing, network: Network) -> Listed:
    """Check that an organisation is vetted, logged and not suspended on this day.

    Raises, for the first step that fails, Malformed, WrongNetwork, BadSignature,
    TooFewSignatures, NotYetValid, Expired, Suspended, NotInLog, NotWitnessed or Rollback.
    Source: docs/spec/record.md, section 3, steps 7 to 12.
    """
    policy = network.policy
    statement = statements.check(listing.statement, policy, network.today)
    if statement.kind is not Kind.VETTED:
        raise Suspended
    if profiles.profile_hash(listing.profile) != statement.profile:
        raise BadSignature
    profile = profiles.decode(listing.profile)
    _check_logged(listing, policy)
    newest = checkpoint.check_newest(network.newest, policy)
    policy_chain.check_current(policy, network.today)
    checkpoint.check_fresh(newest.day, network.today)
    listed = suspensions.check(network.suspensions, newest.checkpoint, policy.network_id)
    listed = suspensions.add_suspended(listed, network.suspended, policy)
    suspensions.check_not_suspended(listed, statement.organisation, statement.serial)
    return Listed(statement=statement, profile=profile, day=newest.day)


def _check_logged(listing: Listing, policy: Policy) -> None:
    """Hold step 10: the statement is in the log that witnesses have seen, however long ago."""
    seen = checkpoint.check(listing.checkpoint, policy).checkpoint
    leaf = log.leaf_hash(notes.parse(listing.statement).text.encode("utf-8"))
    log.verify_inclusion(leaf, listing.inclusion, size=seen.size, root=seen.root)
