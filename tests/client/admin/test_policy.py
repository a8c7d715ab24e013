"""Drafting a policy: what statements.md, 4 does not allow is refused in a plain sentence."""

from __future__ import annotations

import pytest

from client.errors import BadInput
from client.flows import policy, policy_words
from client.flows.policy import Change
from crypto.constants import NOTE_ALG_COSIGNATURE
from crypto.public import policy as policies
from crypto.public.notes import Key
from crypto.public.policy import Policy, Region
from tests.crypto.networks import TODAY, keys, make_network, seed_of, signers
from words import banned

ADMINS = keys(signers("a", 3))
MORE = keys(signers("b", 17))
SEERS = keys(signers("w", 3))
LOG = Key("log.example", seed_of("log"))


def first(**changes: object) -> Policy:
    """Version 1 as it is drafted, read back."""
    said = {"admins": ADMINS, "log": LOG, "threshold": 2, "until": TODAY + 365, **changes}
    return policies.parse(policy.first(**said))  # type: ignore[arg-type]  # by name, as given


def current() -> Policy:
    """A policy in force, whose fourth admin was retired."""
    before = make_network(admins=4, witnesses=0, witness_threshold=0).policy
    return after(before, retire=("a4",))


def after(before: Policy, **change: object) -> Policy:
    """The version that follows, read back."""
    text = policy.following(before, Change(**change))  # type: ignore[arg-type]  # by name
    return policies.parse(text.replace("network new", "network "))


def test_P9_a_first_policy_says_what_was_asked_and_asks_for_no_witness() -> None:
    """Admins ascend by name however they were given; no witness is asked for."""
    made = first(admins=ADMINS[::-1], regions=[Region(1001, "South"), Region(1000, "North")])
    assert (made.version, made.threshold, made.witnesses_threshold) == (1, 2, 0)
    assert made.admins == ADMINS
    assert [one.number for one in made.regions] == [1000, 1001]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"admins": ADMINS[:1]}, "2 to 16 admins; here are 1"),
        ({"admins": MORE}, "here are 17"),
        ({"threshold": 4}, "not 4"),
        ({"threshold": 1}, "not 1"),
        ({"threshold": 3, "admins": ADMINS[:2]}, "3 admins can't sign where there are 2"),
        ({"admins": (*ADMINS, Key("a1", seed_of("other")))}, "stands twice"),
        ({"admins": (*ADMINS, Key("z", ADMINS[0].public_key))}, "stands twice"),
        ({"log": Key("a1", seed_of("log"))}, "stands twice"),
        ({"witnesses": (Key("a1", seed_of("seer")),)}, "stands twice"),
        ({"witnesses": (Key("w1", ADMINS[0].public_key),)}, "stands twice"),
        ({"witnesses": SEERS, "witnesses_threshold": 4}, "4 witnesses can't have seen it"),
        ({"witnesses_threshold": 1}, "1 witnesses can't have seen it where there are 0"),
        ({"witnesses": keys(signers("w", 17))}, "at most 16 witnesses"),
        ({"witnesses": keys(signers("w", 6)), "witnesses_threshold": 6}, "0 to 5 witnesses"),
        ({"witnesses": (Key("w" * 33, seed_of("seer")),)}, "can't be a policy"),
        ({"log": Key("l" * 33, seed_of("log"))}, "can't be a policy"),
        ({"until": 1 << 32}, "can't be a policy"),
        ({"regions": [Region(999, "North")]}, "can't be a policy"),
        ({"regions": [Region(1000, " North")]}, "can't be a policy"),
        ({"regions": [Region(1000, "North"), Region(1000, "South")]}, "can't be a policy"),
    ],
)
def test_P9_R21_a_first_policy_that_breaks_a_rule_is_refused_in_words(
    changes: dict[str, object], word: str
) -> None:
    """Too few or many admins, a threshold nobody can reach, and what stands twice are refused."""
    with pytest.raises(BadInput, match=word) as refused:
        first(**changes)
    assert banned.find(str(refused.value)) == ()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, "Nothing would change"),
        ({"retire": ("stranger",)}, "no admin 'stranger'"),
        ({"retire": ("a4",)}, "retired already"),
        ({"retire": ("a1", "a2")}, "2 to 16 admins; here are 1"),
        ({"threshold": 4}, "not 4"),
        ({"threshold": 3, "retire": ("a1",)}, "3 admins can't sign where there are 2"),
        ({"add": (ADMINS[0],)}, "stands in the policy already"),
        ({"add": (Key("a1", seed_of("new")),)}, "a new key takes a new name"),
        ({"add": (Key("new", ADMINS[0].public_key),)}, "as a1"),
        ({"add": keys(signers("a", 4))[3:]}, "a4 was retired: make a new key"),
        ({"add": (Key("a4", seed_of("new")),)}, "a new key takes a new name"),
        ({"add": (Key("log.example", seed_of("new")),)}, "a new key takes a new name"),
        ({"retire_witnesses": ("a1",)}, "no witness 'a1'; there are none"),
        ({"add_witnesses": (Key("a1", seed_of("new")),)}, "a new key takes a new name"),
        ({"add_witnesses": (Key("new", ADMINS[0].public_key),)}, "as a1"),
        ({"add_witnesses": SEERS, "witnesses_threshold": 4}, "4 witnesses can't have seen it"),
        ({"log": Key("log.example", seed_of("new"))}, "a new key takes a new name"),
        ({"log": Key("log2", ADMINS[0].public_key)}, "as a1"),
    ],
)
def test_P9_R21_a_next_policy_that_breaks_a_rule_is_refused_in_words(
    change: dict[str, object], word: str
) -> None:
    """Nothing new, strangers, people retired before, and thresholds out of reach are refused."""
    with pytest.raises(BadInput, match=word) as refused:
        after(current(), **change)
    assert banned.find(str(refused.value)) == ()


def test_P9_R21_who_is_retired_becomes_a_former_admin_and_the_rest_stays() -> None:
    """Retiring moves the line; the version rises by one and nothing else changes."""
    before = current()
    made = after(before, retire=("a2",))
    assert [one.name for one in made.admins] == ["a1", "a3"]
    assert [one.name for one in made.former_admins] == ["a2", "a4"]
    assert made.version == before.version + 1
    assert (made.log, made.threshold, made.until) == (before.log, before.threshold, before.until)


def test_P9_witnesses_come_and_go_and_how_many_it_takes_can_fall_to_none() -> None:
    """A retired witness becomes a former one, can't return under that key, and the rest stays."""
    seen = after(current(), add_witnesses=SEERS, witnesses_threshold=2)
    assert [one.name for one in seen.witnesses] == ["w1", "w2", "w3"]
    assert {one.alg for one in seen.witnesses} == {NOTE_ALG_COSIGNATURE}
    fewer = after(seen, retire_witnesses=("w1",), witnesses_threshold=1)
    assert [one.name for one in fewer.former_witnesses] == ["w1"]
    assert (fewer.witnesses_threshold, fewer.admins) == (1, seen.admins)
    assert after(fewer, witnesses_threshold=0).witnesses == fewer.witnesses
    for refused in ({"add_witnesses": SEERS[:1]}, {"retire_witnesses": ("w1",)}):
        with pytest.raises(BadInput, match="retired"):
            after(fewer, **refused)
    with pytest.raises(BadInput, match="2 witnesses can't have seen it where there are 1"):
        after(seen, retire_witnesses=("w1", "w2"))


def test_P9_another_log_key_takes_another_name_and_leaves_the_rest() -> None:
    """Where a server's log key is lost, k admins name a new one and nothing else changes."""
    before = current()
    made = after(before, log=Key("log2.example", seed_of("log2")))
    assert made.log.name == "log2.example"
    assert (made.admins, made.threshold, made.until) == (
        before.admins,
        before.threshold,
        before.until,
    )


def test_P9_changes_are_said_one_by_one() -> None:
    """Who comes, who goes, how many must sign and until when: each is a sentence, nothing else."""
    before = current()
    made = after(before, add=MORE[:1], retire=("a3",), threshold=3, until=before.until + 1)
    said = policy_words.changes(before, made)
    assert len(said) == 4
    for word in ("b1 becomes", "a3 is retired", "3 admins must sign", "longer"):
        assert any(word in sentence for sentence in said)
    assert policy_words.changes(before, before) == []
    assert banned.find(" ".join([*said, *policy_words.described(made)])) == ()


def test_P9_a_change_of_log_or_witnesses_is_not_kept_quiet() -> None:
    """Another log key, new witnesses and how many of them it takes are each said."""
    before, other = current(), make_network(name="other-").policy
    said = policy_words.changes(before, other)
    assert any("log's key is another" in sentence for sentence in said)
    assert any("other-w1 becomes a witness" in sentence for sentence in said)
    assert any("witnesses must have seen" in sentence for sentence in said)
