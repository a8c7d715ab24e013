"""What somebody finds who looks at a log: each entry, the checkpoint, and the suspension list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from client.flows import audit as auditing
from client.flows import log_known
from client.flows.audit import Held
from client.flows.log_findings import Finding, Kind
from client.flows.log_known import Known
from crypto.constants import VETTED_DAYS
from crypto.public import notes
from crypto.public.note_signing import Signer, cosign, signature_line
from tests.client.log.written import Written, usual
from tests.crypto.networks import PROFILE, TODAY, make_network, noon, seed_of

NETWORK = make_network()
OTHER_PROFILE = PROFILE[:-1] + b"\x02"


def nothing() -> Known:
    """What somebody knows who has seen nothing yet."""
    return Known(network_id=NETWORK.network_id)


def held(known: Known, shown: auditing.Shown, day: int = TODAY) -> Held:
    """Look, and see that all of it holds."""
    outcome = auditing.audit(known, shown, day)
    assert isinstance(outcome, Held), outcome
    return outcome


def found(known: Known, shown: auditing.Shown, day: int = TODAY) -> Finding:
    """Look, and see that something is wrong."""
    outcome = auditing.audit(known, shown, day)
    assert isinstance(outcome, Finding)
    return outcome


def test_a_usual_log_holds_from_its_first_entry() -> None:
    """And whoever has seen all of it knows each organisation, period and key in it."""
    log = usual(NETWORK)
    known = held(nothing(), log.shown()).known
    assert known.edge.size == len(log.entries)
    assert set(known.statements) == {log.key("Shelter"), log.key("Harbour")}
    assert (known.weekly_keys, len(known.periods)) == (1, 1)


@pytest.mark.parametrize("first", range(1, len(usual(NETWORK).entries) + 1))
def test_a_log_holds_from_wherever_somebody_was(first: int) -> None:
    """Going on from any entry comes to the same as looking at all of it."""
    log = usual(NETWORK)
    before = log_known.follow(nothing(), log.entries[:first], log.proofs[:first])
    assert held(before, log.shown(first)).known == held(nothing(), log.shown()).known


def test_ones_own_copy_is_followed_without_proofs() -> None:
    """And comes to the same."""
    log = usual(NETWORK)
    mine = log_known.follow(nothing(), log.entries, None)
    assert mine == log_known.follow(nothing(), log.entries, log.proofs)


def test_P9_T75_a_log_that_is_shorter_than_before_is_rolled_back() -> None:
    """However well it is signed."""
    log = usual(NETWORK)
    known = held(nothing(), log.shown()).known
    shorter = Written(NETWORK, log.entries[:-1], log.proofs[:-1], dict(log.ended))
    outcome = found(known, shorter.shown(len(log.entries)))
    assert outcome.kind is Kind.ROLLED_BACK
    assert f"{len(log.entries)} entries" in outcome.sentence


def test_P9_T75_another_log_of_the_same_length_is_a_split() -> None:
    """The log signed both: nobody has to believe who looked."""
    log = usual(NETWORK)
    known = held(nothing(), log.shown()).known
    other = log.copy()
    other.entries[-1] = other.entries[2]
    assert found(known, other.shown(len(log.entries))).kind is Kind.SPLIT


@pytest.mark.parametrize("at", range(len(usual(NETWORK).entries)))
def test_P9_T75_an_entry_changed_dropped_or_put_in_before_is_rewritten(at: int) -> None:
    """Wherever it was, though the log signs what it shows now."""
    log = usual(NETWORK)
    known = held(nothing(), log.shown()).known
    size = len(log.entries)
    changed, dropped, put_in = log.copy(), log.copy(), log.copy()
    changed.entries[at] += b"x"
    del dropped.entries[at], dropped.proofs[at]
    put_in.entries.insert(at, put_in.entries[-2])
    put_in.proofs.insert(at, put_in.proofs[-2])
    for other in (changed, dropped, put_in):
        for name in ("One more", "And another"):
            other.vet(name)
        assert found(known, other.shown(size)).kind is Kind.REWRITTEN


def test_P9_T75_entries_that_are_not_those_of_the_root_are_rewritten() -> None:
    """Also for somebody who has seen nothing before."""
    log = usual(NETWORK)
    shown = log.shown(entries=(*log.entries[:-1], log.entries[2]))
    assert found(nothing(), shown).kind is Kind.REWRITTEN


def _stranger() -> Signer:
    return Signer("a9", seed_of("a stranger"))


def _too_few(log: Written) -> None:
    log.vet("Shelter", signed_by=NETWORK.admins[:1])


def _by_nobody(log: Written) -> None:
    log.vet("Shelter", signed_by=[NETWORK.admins[0], _stranger()])


def _by_the_log_alone(log: Written) -> None:
    log.vet("Shelter", signed_by=[NETWORK.log])


def _signed_for_another_text(log: Written) -> None:
    log.vet("Shelter")
    log.proofs[-1] = NETWORK.statement(log.seed("Shelter"), name="Refuge")


def _unproved(log: Written) -> None:
    log.vet("Shelter")
    log.proofs[-1] = b""


def _serial_again(log: Written) -> None:
    log.vet("Shelter")
    log.vet("Shelter", serial=1, until=TODAY + 1)


def _without_profile(log: Written) -> None:
    log.vet("Shelter")
    del log.entries[-2], log.proofs[-2]


def _other_profile(log: Written) -> None:
    log.vet("Shelter", OTHER_PROFILE)
    log.entries[-2] = log.entries[-2].replace(b"profile ", b"profile AAAA")


def _profile_of_another(log: Written) -> None:
    log.vet("Shelter")
    log.vet("Harbour")
    log.entries[-2] = log.entries[-4]


def _profile_twice(log: Written) -> None:
    log.vet("Shelter")
    log.add(log.entries[-2])
    log.vet("Shelter")


def _something_behind_a_profile(log: Written) -> None:
    log.vet("Shelter")
    log.entries.insert(-1, log.entries[-2])
    log.proofs.insert(-1, b"")


def _weekly_key_of_nobody(log: Written) -> None:
    log.weekly_key("Nobody")


def _weekly_key_before_vetting(log: Written) -> None:
    log.weekly_key("Shelter")
    log.vet("Shelter")


def _weekly_key_by_another(log: Written) -> None:
    log.vet("Shelter")
    log.weekly_key("Shelter", seed=log.seed("Harbour"))


def _weekly_key_of_another_week(log: Written) -> None:
    log.vet("Shelter")
    made = log.weekly_key("Shelter")
    log.weekly_key("Shelter", TODAY + 7)
    log.proofs[-1] = made


def _weekly_key_hash(log: Written) -> None:
    log.vet("Shelter")
    log.weekly_key("Shelter")
    log.proofs[-2] = log.weekly_key("Shelter", TODAY + 7)


def _token_key_twice(log: Written) -> None:
    log.token_key(TODAY)
    log.token_key(TODAY, bytes([1]) * 32)


def _policy_by_one(log: Written) -> None:
    log.note(NETWORK.next_policy(signed_by=NETWORK.admins[:1]))


def _policy_again(log: Written) -> None:
    log.note(NETWORK.policy_note)


def _policy_of_another_network(log: Written) -> None:
    log.note(make_network(name="other").policy_note)


def _statement_of_another_network(log: Written) -> None:
    log.note(make_network(name="other").statement())


def _garbage(log: Written) -> None:
    log.add(b"towpath/v1/statement\nnetwork none\n")


_FORGERIES = [
    value
    for name, value in list(globals().items())
    if name.startswith("_")
    and callable(value)
    and getattr(value, "__annotations__", {}).get("log") == "Written"
]


@pytest.mark.parametrize("forge", _FORGERIES, ids=lambda forge: forge.__name__.strip("_"))
def test_P9_T76_an_entry_that_the_admins_did_not_sign_is_forged(
    forge: Callable[[Written], None],
) -> None:
    """Though the log has signed it: whoever follows the log sees it."""
    log = Written(NETWORK)
    forge(log)
    shown = log.shown()
    outcome = found(nothing(), shown)
    assert outcome.kind is Kind.FORGED
    assert outcome.entry in range(len(log.entries))


def test_P9_T76_a_log_without_its_first_policy_is_forged() -> None:
    """And one whose first policy is another network's."""
    log = usual(NETWORK)
    del log.entries[0], log.proofs[0]
    assert found(nothing(), log.shown()).kind is Kind.FORGED
    other = found(Known(network_id=bytes(32)), usual(NETWORK).shown())
    assert (other.kind, other.entry) == (Kind.FORGED, 0)


def test_P9_T75_a_checkpoint_is_signed_by_the_log_and_by_nobody_else() -> None:
    """Not by somebody else, not by strangers beside, and not at all by what is no checkpoint."""
    log = usual(NETWORK)
    text = notes.parse(log.checkpoint()).text
    by_log = signature_line(text, NETWORK.log)
    for lines in (
        [signature_line(text, _stranger())],
        [signature_line(text, NETWORK.admins[0])],
        [by_log, signature_line(text, _stranger())],
        [by_log, cosign(text, "w1", seed_of("a stranger"), noon(TODAY))],
        [replace(by_log, signature=bytes(64))],
    ):
        note = notes.format_note(text, lines)
        assert found(nothing(), log.shown(checkpoint=note)).kind is Kind.FORGED
    for garbage in (b"", b"x", notes.format_note("x\n", [by_log])):
        assert found(nothing(), log.shown(checkpoint=garbage)).kind is Kind.FORGED


def test_P9_T75_a_checkpoint_names_the_newest_rules() -> None:
    """Not older ones, nor others of that version."""
    log = Written(NETWORK)
    log.follow_policy(until=TODAY + 700)
    held(nothing(), log.shown())
    for changes in ({"policy_version": 1}, {"policy_hash": bytes(32)}):
        outcome = found(nothing(), log.shown(checkpoint=log.checkpoint(**changes)))
        assert outcome.kind is Kind.FORGED


def test_a_new_log_key_comes_with_the_policy_that_names_it() -> None:
    """The checkpoint is by the log of the newest policy, which comes with these entries."""
    log = usual(NETWORK)
    known = held(nothing(), log.shown()).known
    key = Signer("log2.example", seed_of("log2"))
    log.follow_policy(log=key.key)
    assert found(known, log.shown(len(log.entries) - 1)).kind is Kind.FORGED
    log.network = replace(log.network, log=key)
    held(known, log.shown(len(log.entries) - 1))


def test_a_witness_is_named_by_whoever_cosigned() -> None:
    """And a former one's line stands and counts for nothing."""
    log = usual(NETWORK)
    note = log.checkpoint()
    text = notes.parse(note).text
    witness = NETWORK.witnesses[0]
    line = cosign(text, witness.name, witness.seed, noon(TODAY))
    both = notes.add_lines(note, [line])
    assert [one.key for one in held(nothing(), log.shown(checkpoint=both)).cosigned] == [
        witness.witness_key
    ]


def test_T77_a_list_without_a_suspension_is_shortened() -> None:
    """Also where it is the very list that the log has signed."""
    log = usual(NETWORK)
    log.suspend("Shelter", listed=False)
    outcome = found(nothing(), log.shown())
    assert outcome.kind is Kind.SHORTENED
    assert "“Shelter”, which was suspended" in outcome.sentence


def test_T77_a_list_that_is_older_than_the_checkpoint_is_shortened() -> None:
    """A frozen list is not the one that was signed."""
    log = usual(NETWORK)
    before = log.list()
    log.suspend("Shelter")
    held(nothing(), log.shown())
    for old in (before, b"", before[:-1], usual(make_network(name="other")).list()):
        assert found(nothing(), log.shown(suspensions=old)).kind is Kind.SHORTENED


def test_T77_an_earlier_profile_has_to_be_ended() -> None:
    """So that a cleaner profile is not shown on."""
    log = Written(NETWORK)
    log.vet("Shelter")
    log.vet("Shelter", OTHER_PROFILE)
    held(nothing(), log.shown())
    log.ended.clear()
    assert found(nothing(), log.shown()).kind is Kind.SHORTENED


def test_T77_a_line_that_was_not_raised_is_shortened() -> None:
    """It ends the earlier listing, and not the one that was suspended since."""
    log = Written(NETWORK)
    log.vet("Shelter")
    log.vet("Shelter", OTHER_PROFILE)
    log.suspend("Shelter", listed=False)
    assert log.ended == {log.key("Shelter"): 2}
    assert found(nothing(), log.shown()).kind is Kind.SHORTENED


def test_T77_a_line_may_go_once_nothing_below_it_could_be_shown() -> None:
    """On the day after the last one's last day, and not on it."""
    log = Written(NETWORK)
    log.vet("Shelter")
    log.suspend("Shelter")
    log.ended.clear()
    last = TODAY + VETTED_DAYS
    assert found(nothing(), log.shown(), last).kind is Kind.SHORTENED
    held(nothing(), log.shown(), last + 1)


def test_a_line_may_stay_for_longer() -> None:
    """And a renewal that changes only its days needs none."""
    log = Written(NETWORK)
    log.vet("Shelter")
    log.vet("Shelter", until=TODAY + 80)
    held(nothing(), log.shown())
    log.suspend("Shelter")
    held(nothing(), log.shown(), TODAY + 2 * VETTED_DAYS)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 4_294_967_295])
def test_T77_a_line_that_nothing_asks_for_is_forged(number: int) -> None:
    """Whoever ends a listing that no admin ended is found out."""
    log = Written(NETWORK)
    log.vet("Shelter")
    log.vet("Shelter", until=TODAY + 80)
    log.ended[log.key("Shelter")] = number
    assert found(nothing(), log.shown()).kind is Kind.FORGED


def test_T77_a_line_of_somebody_who_was_never_in_the_log_is_forged() -> None:
    """It can hide nothing, and it is nobody's word."""
    log = Written(NETWORK)
    log.ended[log.key("Nobody")] = 2
    assert found(nothing(), log.shown()).kind is Kind.FORGED


@pytest.mark.parametrize("kind", Kind)
def test_P9_T75_what_is_wrong_is_said_so_that_anybody_understands(kind: Kind) -> None:
    """What it means and what to do: no word of the trade among them."""
    said = Finding(kind, "").means
    for word in ("root", "hash", "Merkle", "tree", "checkpoint", "signature", "consisten"):
        assert word not in said
    assert "." in said
