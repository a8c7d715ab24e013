"""Signing a policy: only the next version, only by its admins, only what is whole so far."""

from __future__ import annotations

from dataclasses import replace

import pytest

from client.errors import NotReadable, NotVetted
from client.flows import policy_signing
from client.flows.policy_signing import Draft
from crypto.public import policy as policies
from crypto.public import policy_chain
from crypto.public.note_signing import Signer
from crypto.public.policy import Policy
from tests.crypto.networks import TODAY, Network, flips, keys, make_network, seed_of, signers
from words import banned


def network(name: str = "") -> Network:
    """Four admins of whom any two sign."""
    return make_network(admins=4, witnesses=0, witness_threshold=0, name=name)


def draft(policy: Policy) -> Draft:
    """An unsigned draft of a policy, as it is read from a file."""
    return policy_signing.read(policies.format_text(policy).encode())


def following(net: Network, **changes: object) -> Policy:
    """The next policy of a network, with these changes."""
    version = net.policy.version + 1
    return replace(net.policy, **{"version": version, **changes})  # type: ignore[arg-type]


def refused(made: Draft, last: Policy | None, signer: Signer, word: str) -> None:
    """Expect that this admin's device does not sign this, and says why in fit words."""
    with pytest.raises(NotVetted, match=word) as caught:
        policy_signing.sign(made, last, signer, TODAY)
    assert banned.find(str(caught.value)) == ()


def test_P9_two_signatures_make_a_first_policy_that_clients_accept() -> None:
    """The first admin's signature is not enough, the second's is, and a client accepts the note."""
    net = network()
    made = draft(net.policy)
    assert policy_signing.standing(made, None).of_this == 2
    made = policy_signing.sign(made, None, net.admins[0], TODAY)
    assert not policy_signing.standing(made, None).whole
    made = policy_signing.sign(made, None, net.admins[3], TODAY)
    assert policy_signing.standing(made, None).whole
    assert made.note is not None
    assert policy_chain.accept_first(made.note, net.network_id) == net.policy


def test_P9_signing_twice_changes_nothing() -> None:
    """One admin counts once, however often that admin signs."""
    net = network()
    once = policy_signing.sign(draft(net.policy), None, net.admins[0], TODAY)
    assert policy_signing.sign(once, None, net.admins[0], TODAY) == once
    assert policy_signing.standing(once, None).of_this == 1


def test_P9_R21_the_next_policy_needs_the_old_admins_and_the_new() -> None:
    """New admins alone can't put themselves in: k of the last policy have to sign too."""
    net = network()
    fresh = signers("b", 2)
    made = draft(
        following(
            net, admins=(*net.policy.admins[2:], *keys(fresh)), former_admins=net.policy.admins[:2]
        )
    )
    for signer in fresh:
        made = policy_signing.sign(made, net.policy, signer, TODAY)
    stands = policy_signing.standing(made, net.policy)
    assert (stands.of_the_last, stands.of_this, stands.whole) == (2, 0, False)
    for signer in net.admins[:2]:  # who leaves still signs as an admin of the last
        made = policy_signing.sign(made, net.policy, signer, TODAY)
    assert policy_signing.standing(made, net.policy).whole
    assert made.note is not None
    assert policy_chain.accept_next(net.policy, made.note).version == 2


def test_P9_R21_a_policy_that_skips_a_version_is_not_signed() -> None:
    """Version 3 after version 1: the one between is missing."""
    net = network()
    made = draft(following(net, version=3))
    refused(made, net.policy, net.admins[0], "version 2 is missing")


@pytest.mark.parametrize("version", [1, 2])
def test_P9_a_version_that_is_in_force_already_is_not_signed(version: int) -> None:
    """The same version again, or an earlier one, would take something back unseen."""
    net = network()
    last = following(net)
    again = net.policy if version == 1 else replace(last, threshold=3)
    refused(draft(again), last, net.admins[0], "in force")


def test_P9_a_later_version_is_not_signed_without_the_ones_before() -> None:
    """Where the last policy is not at hand, only a first one can be signed."""
    net = network()
    refused(draft(following(net)), None, net.admins[0], "needed to check")


def test_P9_a_policy_of_another_network_is_not_signed() -> None:
    """The network's id is that of its first policy."""
    net = network()
    made = draft(replace(following(net), network_id=seed_of("another network")))
    refused(made, net.policy, net.admins[0], "another network")


def test_P9_R21_an_admin_who_is_retired_signs_nothing() -> None:
    """A former admin's signature counts for nothing, so that device does not give it."""
    net = network()
    retired = replace(
        following(net), admins=net.policy.admins[1:], former_admins=net.policy.admins[:1]
    )
    made = draft(replace(retired, version=3))
    refused(made, replace(retired, version=2), net.admins[0], "was retired")


def test_P9_strangers_and_other_keys_of_a_name_sign_nothing() -> None:
    """Somebody else, and an admin's name with another key, are told so."""
    net = network()
    made = draft(following(net))
    refused(made, net.policy, Signer("stranger", seed_of("stranger")), "names stranger")
    refused(made, net.policy, Signer("a1", seed_of("stolen name")), "another key for a1")


def test_P9_R21_who_vanishes_instead_of_being_retired_is_noticed() -> None:
    """Left out altogether, an admin's earlier signatures would break every note they stand on."""
    net = network()
    made = draft(following(net, admins=net.policy.admins[1:]))
    refused(made, net.policy, net.admins[1], "a1 would be neither")


def test_P9_R25_a_policy_whose_last_day_has_passed_is_not_signed() -> None:
    """Its until may be today and not yesterday."""
    net = network()
    policy_signing.check(draft(following(net, until=TODAY)), net.policy, TODAY)
    refused(draft(following(net, until=TODAY - 1)), net.policy, net.admins[1], "has passed")


def test_P9_a_changed_draft_is_refused_whole() -> None:
    """Any turned bit in what others have signed is noticed before a signature is put below it."""
    net = network()
    one = policy_signing.sign(draft(net.policy), None, net.admins[0], TODAY)
    assert one.note is not None
    for at, changed in flips(one.note):
        if at % 7:
            continue
        with pytest.raises((NotReadable, NotVetted)):
            policy_signing.standing(policy_signing.read(changed), None)


def test_P9_a_signature_by_nobody_of_the_policy_is_refused() -> None:
    """A stranger's line makes the whole file worthless to clients, so it is not added to."""
    net = network()
    by_stranger = net.next_policy(signed_by=[Signer("stranger", seed_of("stranger"))])
    refused(policy_signing.read(by_stranger), net.policy, net.admins[0], "stranger")


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff", b"a\n\nb", b"towpath/v1/policy\n"])
def test_a_file_that_is_no_policy_is_said_to_be_none(data: bytes) -> None:
    """Whatever else lies in the file gets one sentence."""
    with pytest.raises(NotReadable):
        policy_signing.read(data)


def test_P9_a_chain_by_hand_is_checked_like_any_other() -> None:
    """Two files in order give the last policy; in disorder, or with one left out, nothing."""
    net = network()
    second = net.next_policy(until=TODAY + 400)
    assert policy_signing.accept([net.policy_note, second]).version == 2
    other = network("other-").policy_note
    for chain in ([second], [second, net.policy_note], [net.policy_note, other], [b"x"]):
        with pytest.raises(NotVetted):
            policy_signing.accept(chain)
    one_signature = net.next_policy(signed_by=net.admins[:1])
    with pytest.raises(NotVetted, match="Fewer admins"):
        policy_signing.accept([net.policy_note, one_signature])
