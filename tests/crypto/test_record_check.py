"""What a sender checks in a record: each step of record.md, section 3, refuses in its category."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from crypto import constants as c
from crypto.client import record
from crypto.errors import (
    BadSignature,
    Expired,
    Malformed,
    NotInLog,
    NotWitnessed,
    NotYetValid,
    Rollback,
    Suspended,
    TooFewSignatures,
    WrongNetwork,
)
from crypto.public import log
from crypto.public.note_signing import sign_note
from crypto.public.statements import Kind
from tests.crypto import records
from tests.crypto.networks import (
    TODAY,
    big_log,
    entry_of,
    keys,
    make_network,
    noon,
    reseal,
    seed_of,
    signers,
)


def test_P2_R22_an_honest_record_says_who_will_read_it() -> None:
    """A record that holds gives the organisation, its police ties and terms, and its key."""
    case = records.make()
    recipient = case.checked()
    assert recipient.statement.name == "Example Shelter"
    assert recipient.profile.police_ties
    assert recipient.profile.funding
    assert recipient.profile.reporting
    assert recipient.public_key == case.contents.public_key
    assert recipient.witnessed


@pytest.mark.parametrize("days", [0, 7, 56])
def test_P4_R25_T15_a_record_past_its_last_epoch_is_expired(days: int) -> None:
    """A record holds on its last epoch and not on the day after."""
    case = records.make().signed_by(seed_of("organisation"), last_epoch=TODAY + days)
    fresh = case.network.checkpoint(times=[noon(TODAY + days + 1)] * 5)
    case.with_seen(today=TODAY + days, newest=fresh).checked()
    with pytest.raises(Expired):
        case.with_seen(today=TODAY + days + 1, newest=fresh).checked()


@pytest.mark.parametrize("days", [1, 2, 3, 4, 5, 6])
def test_P3_a_last_epoch_that_tells_a_code_apart_is_malformed(days: int) -> None:
    """A code that ends on another day than its week's others would be known by its date."""
    case = records.make().signed_by(seed_of("organisation"), last_epoch=TODAY + days)
    with pytest.raises(Malformed):
        case.checked()


@pytest.mark.parametrize("threshold", [2, 3])
def test_P9_R21_T8_T15_a_record_with_fewer_than_k_signatures_is_refused(threshold: int) -> None:
    """One admin fewer than the network asks for is not enough, whatever the server says."""
    network = make_network(threshold=threshold)
    note = network.statement(signed_by=network.admins[: threshold - 1])
    with pytest.raises(TooFewSignatures):
        records.make(network, note).checked()


def test_P2_T15_a_record_with_a_statement_of_another_network_is_refused() -> None:
    """A statement that another network's admins signed does not count here."""
    other = make_network(name="other-")
    case = records.make()
    with pytest.raises(WrongNetwork):
        case.with_contents(statement=other.statement()).checked()


def test_P9_T8_a_statement_signed_by_strangers_is_refused() -> None:
    """Signatures by keys that the policy does not name are refused."""
    network, other = make_network(), make_network(name="other-")
    note = network.statement(signed_by=other.admins[:2])
    with pytest.raises(BadSignature):
        records.make(network, note).checked()


def test_P9_T32_an_expired_statement_is_refused() -> None:
    """A statement holds on its last epoch and not on the day after."""
    case = records.make(statement=make_network().statement(until=TODAY + 3))
    fresh = case.network.checkpoint(times=[noon(TODAY + 4)] * 5)
    case.with_seen(today=TODAY + 3, newest=fresh).checked()
    with pytest.raises(Expired):
        case.with_seen(today=TODAY + 4, newest=fresh).checked()


def test_T32_a_statement_of_tomorrow_is_not_yet_valid() -> None:
    """A statement does not hold before its first epoch."""
    note = make_network().statement(first=TODAY + 1)
    with pytest.raises(NotYetValid):
        records.make(statement=note).checked()


def test_T32_a_suspending_statement_lists_nobody() -> None:
    """A statement that suspends can't stand where one that vets must."""
    note = make_network().statement(kind=Kind.SUSPENDED)
    with pytest.raises(Suspended):
        records.make(statement=note).checked()


def test_P2_R22_T30_an_altered_profile_is_refused() -> None:
    """A provider can't hide its police ties from the profile that admins vouched for."""
    case = records.make()
    for at in range(len(case.contents.profile)):
        profile = bytearray(case.contents.profile)
        profile[at] ^= 1
        with pytest.raises(BadSignature):
            case.with_contents(profile=bytes(profile)).checked()


def test_T31_a_vouched_profile_without_its_duties_is_malformed() -> None:
    """Even admins can't sign away what a person must be shown before she chooses."""
    network = make_network()
    profile = network.profile[:-5]
    note = network.statement(profile=profile)
    with pytest.raises(Malformed):
        records.make(network, note).with_contents(profile=profile).checked()


def test_P2_T8_T15_a_one_time_key_signed_by_another_is_refused() -> None:
    """A key that the vetted organisation did not sign is refused: nobody can put in their own."""
    with pytest.raises(BadSignature):
        records.make().signed_by(seed_of("someone else")).checked()


def test_P2_T8_T15_a_swapped_one_time_key_is_refused() -> None:
    """Another key under the organisation's signature of the first is refused."""
    case = records.make()
    for at in (0, 600, 1215):
        key = bytearray(case.contents.public_key)
        key[at] ^= 1
        with pytest.raises(BadSignature):
            case.with_contents(public_key=bytes(key)).checked()


def test_P2_T15_a_one_time_key_of_another_code_is_refused() -> None:
    """The organisation's own key of another code does not hold here."""
    case = records.make()
    other = replace(case, keys=replace(case.keys, locator=bytes(16)))
    with pytest.raises(BadSignature):
        case.with_contents(
            signature=other.signed_by(case.network.organisation_seed).contents.signature
        ).checked()


def test_P4_T15_a_later_last_epoch_than_was_signed_is_refused() -> None:
    """A code can't be made to live longer than the provider said."""
    case = records.make()
    with pytest.raises(BadSignature):
        case.with_contents(last_epoch=case.contents.last_epoch + 7).checked()


def test_a_signed_key_that_is_none_is_malformed() -> None:
    """A public key that no one can seal to is refused although the organisation signed it."""
    case = records.make()
    for key in (b"\xff" * 1216, case.contents.public_key[:-32] + bytes(32)):
        with pytest.raises(Malformed):
            case.signed_by(case.network.organisation_seed, public_key=key).checked()


def test_P9_T47_a_statement_that_is_not_in_the_log_is_refused() -> None:
    """Admins who sign off the record are seen: what is not in the log does not count."""
    case = records.make()
    empty = log.Inclusion(0, ())
    elsewhere = replace(case.contents.inclusion, index=0)
    for inclusion in (empty, elsewhere):
        with pytest.raises(NotInLog):
            case.with_contents(inclusion=inclusion).checked()


def test_P9_T18_T47_a_checkpoint_that_too_few_witnesses_saw_is_refused() -> None:
    """A log that too few witnesses have seen is the server's word alone."""
    case = records.make()
    network = case.network
    few = network.checkpoint(
        [b"first\n", entry_of(case.contents.statement), b"third\n"],
        witnesses=network.witnesses[:2],
    )
    with pytest.raises(NotWitnessed):
        case.with_contents(checkpoint=few).checked()
    with pytest.raises(NotWitnessed):
        case.with_seen(newest=few).checked()


def test_P9_T18_a_checkpoint_of_another_log_is_refused() -> None:
    """A checkpoint of another network's log is refused, in the record and as the newest."""
    case = records.make()
    foreign = make_network(name="other-").checkpoint()
    with pytest.raises(WrongNetwork):
        case.with_contents(checkpoint=foreign).checked()
    with pytest.raises(WrongNetwork):
        case.with_seen(newest=foreign).checked()


def test_a_checkpoint_in_the_record_may_be_eight_weeks_old() -> None:
    """Only the newest checkpoint must be new: a printed code holds until its last epoch."""
    case = records.make()
    day = TODAY + records.LAST_EPOCH_DAYS
    newest = case.network.checkpoint(times=[noon(day)] * 5)
    case.with_seen(today=day, newest=newest).checked()


def test_P9_T18_T47_the_newest_checkpoint_may_be_seven_days_old_and_not_eight() -> None:
    """A server that withholds suspensions by freezing the log is noticed within a week."""
    case = records.make()
    case.with_seen(today=TODAY + c.COSIGNATURE_DAYS).checked()
    with pytest.raises(NotWitnessed):
        case.with_seen(today=TODAY + c.COSIGNATURE_DAYS + 1).checked()


def test_P9_T18_a_shortened_suspension_list_is_refused() -> None:
    """A list that is not the one whose hash the witnesses saw is refused."""
    case = records.make()
    organisation = case.network.organisation
    listed = case.network.suspensions([organisation])
    newest = case.network.checkpoint(suspensions=listed)
    with pytest.raises(BadSignature):
        case.with_seen(newest=newest).checked()


def test_P9_T32_a_suspended_organisation_is_refused() -> None:
    """An organisation on the list is refused, with everything else in order."""
    case = records.make()
    listed = case.network.suspensions([case.network.organisation])
    newest = case.network.checkpoint(suspensions=listed)
    with pytest.raises(Suspended):
        case.with_seen(newest=newest, suspensions=listed).checked()


def test_P9_T32_a_superseded_profile_is_refused() -> None:
    """Once a later statement is logged, the provider can't go on showing an older, cleaner one."""
    case = records.make()
    network = case.network
    listed = network.suspensions([network.organisation], serial=2)
    seen = {"suspensions": listed, "newest": network.checkpoint(suspensions=listed)}
    with pytest.raises(Suspended):
        case.with_seen(**seen).checked()
    later = records.make(network, network.statement(serial=2))
    assert later.with_seen(**seen).checked().statement.serial == 2


def test_P9_T18_T45_an_old_policy_shown_to_a_client_without_memory_is_a_rollback() -> None:
    """Admins retired because their keys were stolen list nobody, though version 1 names them."""
    network = make_network()
    stolen, (kept, new) = network.admins[:2], (network.admins[2], signers("b", 1)[0])
    note = network.next_policy(
        [*stolen, kept, new], admins=keys([kept, new]), former_admins=keys(stolen)
    )
    later = network.at(note)
    forged = records.make(network, network.statement(profile=network.profile, signed_by=stolen))
    assert forged.checked().statement.organisation == network.organisation
    with pytest.raises(Rollback):
        forged.with_seen(newest=later.checkpoint()).checked()
    with pytest.raises(TooFewSignatures):
        forged.with_seen(newest=later.checkpoint(), policy=later.policy).checked()
    with pytest.raises(Rollback):
        records.make(network).with_contents(checkpoint=later.checkpoint()).checked()


def test_P9_T18_a_newest_checkpoint_of_an_earlier_or_another_policy_is_refused() -> None:
    """A record made under version 1 holds under version 2, with a checkpoint that names it."""
    network = make_network()
    later, other = (network.at(network.next_policy(until=TODAY + days)) for days in (8, 9))
    case = records.make(network).with_seen(policy=later.policy)
    case.with_seen(newest=later.checkpoint()).checked()
    with pytest.raises(Rollback):
        case.checked()
    with pytest.raises(BadSignature):
        case.with_seen(newest=other.checkpoint()).checked()


def test_P9_T18_an_expired_policy_is_refused() -> None:
    """A policy holds on its last epoch and not on the day after, whatever else is in order."""
    network = make_network()
    network = network.at(network.next_policy(until=TODAY + 3))
    case = records.make(network)
    fresh = network.checkpoint(times=[noon(TODAY + 4)] * 5)
    case.with_seen(today=TODAY + 3, newest=fresh).checked()
    with pytest.raises(Expired):
        case.with_seen(today=TODAY + 4, newest=fresh).checked()


def test_P9_T8_an_altered_name_in_the_statement_is_refused() -> None:
    """Nobody can put another name over the admins' signatures."""
    case = records.make()
    altered = case.contents.statement.replace(b"Example", b"Exemple")
    with pytest.raises(BadSignature):
        case.with_contents(statement=altered).checked()


def test_P9_T8_T44_a_statement_resigned_by_one_admin_is_refused() -> None:
    """One admin who edits a statement and signs it again alone is one admin."""
    case = records.make()
    altered = reseal(case.contents.statement, "Example", "Another", case.network.admins[:1])
    with pytest.raises(TooFewSignatures):
        case.with_contents(statement=altered).checked()


def test_without_witnesses_the_recipient_says_so() -> None:
    """In a network that asks for no witness, the client knows that it must tell the person."""
    network = make_network(witnesses=0, witness_threshold=0)
    assert not records.make(network).checked().witnessed


def test_P9_the_log_holds_the_text_so_that_a_further_signature_does_not_unlog_it() -> None:
    """A third admin may sign later: the statement stays the logged one."""
    network = make_network()
    case = records.make(network)
    further = sign_note(entry_of(case.contents.statement).decode(), *network.admins)
    case.with_contents(statement=further).checked()


def test_the_budget_of_a_record_holds_for_the_longest_parts() -> None:
    """With k = 3, 5 witnesses, 2^20 log entries and the longest names, the room named is left."""
    network = make_network(threshold=3, longest_names=True)
    network = replace(network, policy=replace(network.policy, version=2**32 - 1))
    spare = c.PROFILE_BYTES - len(network.profile) - 3
    profile = network.profile + bytes([200, 0, spare]) + bytes(spare)
    note = network.statement(
        profile=profile,
        name="n" * c.ORGANISATION_NAME_BYTES,
        serial=c.SERIAL_MOST,
        signed_by=network.admins,
    )
    inclusion, root = big_log(entry_of(note), 2**20 - 2, 2**20)
    checkpoint = network.checkpoint([entry_of(note)], size=2**20, root=root)
    case = records.make(network, note).signed_by(
        network.organisation_seed, profile=profile, inclusion=inclusion, checkpoint=checkpoint
    )
    assert len(profile) == c.PROFILE_BYTES
    assert len(inclusion.hashes) == 20
    assert case.checked().profile.unknown
    used = len(record.encode(case.contents))
    room = c.RECORD_BYTES - c.RECORD_OVERHEAD_BYTES - used
    assert (len(note), len(checkpoint), used, room) == (707, 1047, 3942, 81)


def test_the_same_statement_hashes_to_the_same_leaf() -> None:
    """What is logged is the text of a note, byte for byte."""
    note = make_network().statement()
    text = note.split(b"\n\n")[0] + b"\n"
    assert log.leaf_hash(entry_of(note)) == hashlib.sha256(b"\x00" + text).digest()
