"""Policies: what one may say, and how a client comes from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import constants as c
from crypto.encoding import b64
from crypto.errors import (
    BadSignature,
    Expired,
    Malformed,
    Refused,
    Rollback,
    TooFewSignatures,
    TooLong,
    WrongNetwork,
)
from crypto.public import notes
from crypto.public.note_signing import Signer, sign_note
from crypto.public.policy import Policy, Region, format_text, network_id_of, parse
from crypto.public.policy_chain import accept_chain, accept_first, accept_next
from tests.crypto.networks import (
    cuts_and_swaps,
    flips,
    keys,
    make_network,
    reseal,
    seed_of,
    signers,
    witness_keys,
)

NET = make_network()
TEXT = notes.parse(NET.policy_note).text
A1, A2, A3 = NET.admins
NEW = Signer("a4", seed_of("a4"))
SECOND = NET.next_policy()


def _refuses(category: type[Refused], step: Callable[..., object], *arguments: object) -> None:
    with pytest.raises(Refused) as caught:
        step(*arguments)
    assert caught.type is category


def test_a_policy_reads_as_it_was_written() -> None:
    """Text to policy and back is the same, for every kind of line."""
    assert format_text(parse(TEXT)) == TEXT
    full = replace(
        NET.policy,
        version=2,
        former_admins=keys(signers("old", 3)),
        former_witnesses=witness_keys(signers("past", 2)),
    )
    assert parse(format_text(full)) == full


def test_the_text_is_the_one_of_the_specification() -> None:
    """Every line of a small policy, written out."""
    net = make_network(admins=2, threshold=2, witnesses=1, witness_threshold=1)
    assert notes.parse(net.policy_note).text == (
        "towpath/v1/policy\nnetwork new\nversion 1\nthreshold 2\nwitnesses 1\nuntil 21145\n"
        f"log log.example {b64(net.log.key.public_key)}\n"
        f"admin a1 {b64(net.admins[0].key.public_key)}\n"
        f"admin a2 {b64(net.admins[1].key.public_key)}\n"
        f"witness w1 {b64(net.witnesses[0].key.public_key)}\n"
        "region 1000 North\nregion 1001 Süd\n"
    )


KEY = b64(bytes(31) + b"\x05")
BAD_LINES = [
    ("towpath/v1/policy", "towpath/v2/policy"),
    ("network new", f"network {KEY}"),
    ("network new", "network New"),
    ("version 1\n", "version 0\n"),
    ("version 1\n", "version 01\n"),
    ("version 1\n", "version +1\n"),
    ("version 1\n", "version １\n"),
    ("version 1\n", "version  1\n"),
    ("version 1\n", "version 1 \n"),
    ("version 1\n", "version 2\n"),
    ("version 1\n", "version 4294967296\n"),
    ("threshold 2", "threshold 1"),
    ("threshold 2", "threshold 0"),
    ("threshold 2", "threshold 4"),
    ("witnesses 3", "witnesses 6"),
    ("witnesses 3", "witnesses -1"),
    ("until 21145", "until 4294967296"),
    ("until 21145", "until 21145\nuntil 21145"),
    ("log log.example", "log log.exämple"),
    ("log log.example", "log " + "l" * 33),
    ("log log.example", "log a1"),
    ("log log.example ", "log log.example  "),
    ("admin a1", "admin A1"),
    ("admin a1", "admin " + "a" * 25),
    ("admin a1", "admin a3"),
    ("admin a1", "admin a2"),
    ("admin a1", "former-admin a1"),
    ("witness w1", "witness a1"),
    ("witness w1", "witness w2"),
    ("witness w1", "witness " + "w" * 33),
    ("region 1000", "region 999"),
    ("region 1000", "region 1001"),
    ("region 1000", "region 1002"),
    ("region 1001", "region 65536"),
    ("region 1000 North", "region 1000 " + "n" * 65),
    ("region 1000 North", "region 1000 "),
    ("region 1000 North", "region 1000"),
    ("region 1000 North", "region 1000 North "),
    ("region 1000 North", "region 1000 No\u202erth"),
    ("region 1001 Süd", "region 1001 \u3164"),
    ("region 1001 Süd\n", "region 1001 Süd\nfurther line\n"),
    ("region 1001 Süd\n", f"region 1001 Süd\nformer-admin b {KEY}\n"),
]


@pytest.mark.parametrize(("old", "new"), BAD_LINES)
def test_another_form_is_malformed(old: str, new: str) -> None:
    """A policy of another form is refused even where its admins signed it."""
    _refuses(Malformed, accept_first, reseal(NET.policy_note, old, new, NET.admins), NET.network_id)


def test_more_signatures_than_there_are_signers_cannot_be_asked_for() -> None:
    """K is at most the number of admins, w that of witnesses, also where both are small."""
    net = make_network(admins=2, witnesses=1, witness_threshold=1)
    for old, new in (("threshold 2", "threshold 3"), ("witnesses 1", "witnesses 2")):
        note = reseal(net.policy_note, old, new, net.admins)
        _refuses(Malformed, accept_first, note, net.network_id)


@pytest.mark.parametrize("keyword", ["admin", "witness", "log"])
def test_a_key_that_stands_twice_is_malformed(keyword: str) -> None:
    """One key can't be two admins, nor admin and witness, nor admin and log."""
    doubled = {"admin": A2, "witness": NET.witnesses[0], "log": NET.log}[keyword].key.public_key
    note = reseal(NET.policy_note, b64(A1.key.public_key), b64(doubled), NET.admins)
    _refuses(Malformed, accept_first, note, NET.network_id)


@pytest.mark.parametrize(
    ("changes", "category"),
    [
        ({"admins": keys(signers("a", c.ADMINS_MOST + 1))}, TooLong),
        ({"witnesses": witness_keys(signers("w", c.WITNESSES_MOST + 1))}, TooLong),
        ({"former_admins": keys(signers("f", c.FORMER_MOST + 1))}, TooLong),
        ({"former_witnesses": witness_keys(signers("g", c.FORMER_MOST + 1))}, TooLong),
        ({"regions": tuple(Region(1000 + n, "r") for n in range(65))}, TooLong),
        ({"regions": (Region(1000, "ä" * 33),)}, TooLong),
        ({"log": Signer("l" * 33, seed_of("l")).key}, TooLong),
        ({"admins": keys(reversed(NET.admins))}, Malformed),
        ({"admins": (), "threshold": 0}, Malformed),
        ({"admins": keys([A1]), "threshold": 1}, Malformed),
        ({"regions": (Region(1000, "North\nregion 1001 x"),)}, Malformed),
        ({"regions": (Region(1000, "\ud800"),)}, Malformed),
        ({"network_id": bytes(31)}, Malformed),
    ],
)
def test_nothing_is_written_that_could_not_be_read(
    changes: dict[str, Any], category: type[Refused]
) -> None:
    """What is too long is TooLong when made; what has another form is Malformed."""
    with pytest.raises(category):
        NET.next_policy(**changes)


def test_the_maxima_of_the_lists_are_malformed_when_read() -> None:
    """A seventeenth admin is refused by a reader too."""
    seventeen = "".join(
        f"admin {one.name} {b64(one.public_key)}\n" for one in keys(signers("m", 17))
    )
    text = TEXT.replace("admin a1", seventeen + "admin a1", 1)
    _refuses(Malformed, parse, text)


def test_the_first_policy_is_accepted_by_its_networks_id_alone() -> None:
    """Signatures by k admins of version 1, and the id that is in every code, are enough."""
    assert accept_first(NET.policy_note, NET.network_id) == NET.policy
    assert network_id_of(TEXT) == NET.network_id


def test_P9_T45_a_first_policy_of_another_network_is_refused() -> None:
    """A server can't put a policy of its own in place of the one the code belongs to."""
    other = make_network(name="other-")
    _refuses(WrongNetwork, accept_first, other.policy_note, NET.network_id)
    changed = reseal(NET.policy_note, "threshold 2", "threshold 3", NET.admins)
    _refuses(WrongNetwork, accept_first, changed, NET.network_id)
    _refuses(Malformed, accept_first, SECOND, NET.network_id)


def test_P9_T45_fewer_than_k_admins_cannot_make_a_first_policy() -> None:
    """One of two is too few, and lines by anyone else are refused."""
    _refuses(TooFewSignatures, accept_first, sign_note(TEXT, A1), NET.network_id)
    for stranger in (NEW, NET.log, NET.witnesses[0], Signer("a2", NEW.seed)):
        note = sign_note(TEXT, A1, stranger)
        _refuses(BadSignature, accept_first, note, NET.network_id)
    note = sign_note(TEXT, A1, A2, NEW)
    _refuses(BadSignature, accept_first, note, NET.network_id)


def test_P9_T45_one_admin_twice_is_one_admin() -> None:
    """A line repeated is no second signature."""
    line = str(notes.parse(sign_note(TEXT, A1)).lines[0])
    _refuses(Malformed, accept_first, f"{TEXT}\n{line}{line}".encode(), NET.network_id)


def test_P9_T45_rotation_takes_k_of_the_old_and_k_of_the_new() -> None:
    """Neither the old admins alone nor the new ones alone can change who vets."""
    fresh = tuple(sorted(signers("b", 3), key=lambda one: one.name))
    changes = {"admins": keys(fresh), "former_admins": keys(NET.admins), "threshold": 3}
    both = NET.next_policy((A1, A2, *fresh), **changes)
    assert NET.at(both).policy.admins == keys(fresh)
    for people in (NET.admins, fresh, (A1, *fresh), (*NET.admins, *fresh[:2])):
        _refuses(TooFewSignatures, accept_next, NET.policy, NET.next_policy(people, **changes))
    stranger = NET.next_policy((A1, A2, *fresh, NET.log), **changes)
    _refuses(BadSignature, accept_next, NET.policy, stranger)


def test_P9_T45_a_former_admin_does_not_count() -> None:
    """After she is retired her line is checked and counts for nothing; made up, it is refused."""
    retired = NET.at(NET.next_policy(admins=keys([A1, A2]), former_admins=keys([A3])))
    _refuses(TooFewSignatures, accept_next, retired.policy, retired.next_policy((A1, A3)))
    retired.at(retired.next_policy((A1, A2, A3)))
    good = retired.next_policy((A1, A2))
    text = notes.parse(good).text
    forged = notes.SignatureLine(A3.name, A3.key.key_id, bytes(64))
    _refuses(BadSignature, accept_next, retired.policy, notes.add_lines(good, [forged]))
    assert text == notes.parse(retired.next_policy((A1, A2, A3))).text


def test_a_changed_key_signs_as_old_and_as_new() -> None:
    """An admin who takes another key under her name counts for each policy by the right key."""
    renewed = Signer("a2", seed_of("a2 again"))
    changes = {"admins": keys([A1, renewed]), "former_admins": ()}
    _refuses(TooFewSignatures, accept_next, NET.policy, NET.next_policy((A1, renewed), **changes))
    _refuses(TooFewSignatures, accept_next, NET.policy, NET.next_policy((A1, A2), **changes))
    NET.at(NET.next_policy((A1, A2, renewed), **changes))


def test_P9_T18_T45_policies_do_not_go_back_nor_skip() -> None:
    """An equal or lower version is Rollback, a gap Malformed, another network WrongNetwork."""
    second = NET.at(SECOND)
    third = second.next_policy()
    _refuses(Rollback, accept_next, second.policy, SECOND)
    _refuses(Rollback, accept_next, second.policy, NET.policy_note)
    _refuses(Rollback, accept_next, NET.policy, NET.policy_note)
    _refuses(Rollback, accept_next, second.at(third).policy, SECOND)
    _refuses(Malformed, accept_next, NET.policy, third)
    other = make_network(name="other-")
    _refuses(WrongNetwork, accept_next, NET.policy, other.next_policy())
    _refuses(WrongNetwork, accept_next, NET.policy, other.policy_note)


def test_a_chain_is_taken_from_version_1_and_ends_in_its_last() -> None:
    """The last policy of the chain holds until its last epoch, that day included."""
    chain = [NET.policy_note, SECOND, NET.at(SECOND).next_policy(until=NET.today)]
    policy = accept_chain(chain, NET.network_id, NET.today, seen_version=3)
    assert policy.version == 3
    _refuses(Expired, accept_chain, chain, NET.network_id, NET.today + 1)
    assert accept_chain(chain[:2], NET.network_id, NET.today + 365).version == 2
    _refuses(Expired, accept_chain, chain[:2], NET.network_id, NET.today + 366)


def test_P9_T18_T45_a_chain_cut_off_is_a_rollback_for_who_saw_more() -> None:
    """A client that saw version 3 is not led back to 2 or 1; nor by an expired one."""
    chain = [NET.policy_note, SECOND]
    _refuses(Rollback, accept_chain, chain, NET.network_id, NET.today, 3)
    _refuses(Rollback, accept_chain, chain[:1], NET.network_id, NET.today + 9999, 2)
    _refuses(Malformed, accept_chain, [], NET.network_id, NET.today)
    _refuses(Malformed, accept_chain, chain[1:], NET.network_id, NET.today)
    _refuses(Rollback, accept_chain, [chain[0], chain[0]], NET.network_id, NET.today)


def _categories(text: str, at: int) -> tuple[type[Refused], ...]:
    """What a change at this byte may be refused as: the note's text decides its network."""
    in_text = at < len(text.encode())
    return (Malformed, WrongNetwork) if in_text else (Malformed, BadSignature)


def test_P9_any_changed_byte_of_the_first_policy_is_refused() -> None:
    """Malformed, another network's (the text is the network), or a bad signature line."""
    for at, changed in flips(NET.policy_note):
        with pytest.raises(_categories(TEXT, at)):
            accept_first(changed, NET.network_id)


def test_P9_T45_any_changed_byte_of_a_next_policy_is_refused() -> None:
    """Malformed, WrongNetwork, Rollback or BadSignature; nothing changed is ever accepted."""
    for _, changed in flips(SECOND):
        with pytest.raises((Malformed, BadSignature, WrongNetwork, Rollback)):
            accept_next(NET.policy, changed)


def test_P9_cut_off_left_out_doubled_or_swapped_bytes_are_refused() -> None:
    """A policy has one form; a whole line cut off leaves too few."""
    for changed in cuts_and_swaps(NET.policy_note):
        with pytest.raises((Malformed, WrongNetwork, BadSignature, TooFewSignatures)):
            accept_first(changed, NET.network_id)


@given(st.sets(st.integers(0, 4)), st.integers(2, 3))
def test_P9_T45_exactly_k_distinct_admins_are_needed(people: set[int], threshold: int) -> None:
    """Any set of admins is enough where, and only where, it has k or more."""
    net = make_network(admins=5, threshold=threshold)
    if not people:
        return
    note = sign_note(notes.parse(net.policy_note).text, *(net.admins[n] for n in people))
    if len(people) >= threshold:
        assert accept_first(note, net.network_id) == net.policy
    else:
        _refuses(TooFewSignatures, accept_first, note, net.network_id)


def test_a_policy_that_asks_for_more_than_a_record_holds_is_malformed() -> None:
    """No network can ask for more signatures than there is room for behind a code."""
    policy = make_network(admins=5, witnesses=6).policy
    assert format_text(replace(policy, threshold=3, witnesses_threshold=5))
    for beyond in (replace(policy, threshold=4), replace(policy, witnesses_threshold=6)):
        with pytest.raises(Malformed):
            format_text(beyond)


@given(st.text(max_size=80))
def test_T13_arbitrary_texts_are_malformed_or_come_back(text: str) -> None:
    """Reading never fails in another way."""
    for candidate in (text, TEXT + text, TEXT.replace("North", text)):
        try:
            policy: Policy = parse(candidate)
        except Malformed:
            continue
        assert format_text(policy) == candidate
