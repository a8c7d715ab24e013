"""Checkpoints, the day they give, and the suspension list that they name."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.constants import CHECKPOINT_BYTES, SERIAL_MOST, SUSPENSIONS_MOST
from crypto.encoding import b64
from crypto.errors import (
    BadSignature,
    Malformed,
    NotInLog,
    NotWitnessed,
    Refused,
    Rollback,
    Suspended,
    TooLong,
    WrongNetwork,
)
from crypto.public import checkpoint, log, notes, suspensions
from crypto.public import policy as policies
from crypto.public.note_signing import Signer, cosign, signature_line
from crypto.public.policy import Policy
from tests.crypto.networks import (
    TODAY,
    Network,
    big_log,
    cuts_and_swaps,
    entry_of,
    flips,
    make_network,
    noon,
    reseal,
    seed_of,
    witness_keys,
)

NET = make_network()
OTHER = make_network(name="other-")
UNWITNESSED = make_network(witnesses=0, witness_threshold=0)
W1, W2, W3, W4, W5 = NET.witnesses
ENTRIES = [entry_of(NET.policy_note), entry_of(NET.statement())]
NOTE = NET.checkpoint(ENTRIES)
TEXT = notes.parse(NOTE).text
BAD_ONE, BAD_TWO = sorted(bytes([n]) * 32 for n in (7, 0xF0))
LIST = NET.suspensions([BAD_ONE, BAD_TWO])


def _refuses(category: type[Refused], note: bytes, policy: Policy = NET.policy) -> None:
    with pytest.raises(Refused) as caught:
        checkpoint.check(note, policy)
    assert caught.type is category


def _day(net: Network, *times: int) -> int | None:
    note = net.checkpoint(times=times, witnesses=net.witnesses[: len(times)])
    return checkpoint.check(note, net.policy).day


def _refuses_newest(category: type[Refused], note: bytes, policy: Policy = NET.policy) -> None:
    with pytest.raises(Refused) as caught:
        checkpoint.check_newest(note, policy)
    assert caught.type is category


def _at(day: int) -> int:
    return noon(day)


def test_a_checkpoint_is_that_of_c2sp_with_two_lines_more() -> None:
    """The log's name, size and root, then the policy and the hash of the suspension list."""
    said = checkpoint.check(NOTE, NET.policy).checkpoint
    assert checkpoint.format_text(said) == TEXT
    written = (
        "log.example\n2\n"
        f"{b64(log.root_of([log.leaf_hash(entry) for entry in ENTRIES]))}\n"
        f"policy 1 {b64(hashlib.sha256(entry_of(NET.policy_note)).digest())}\n"
        f"suspensions {b64(suspensions.hash_of(NET.suspensions()))}\n"
    )
    assert written == TEXT


def test_P9_T47_the_log_shows_a_statement_and_no_other() -> None:
    """A vetted organisation's statement is in the tree that the witnesses saw; another is not."""
    said = checkpoint.check(NOTE, NET.policy).checkpoint
    proof = log.inclusion_proof([log.leaf_hash(entry) for entry in ENTRIES], 1)
    log.verify_inclusion(log.leaf_hash(ENTRIES[1]), proof, size=said.size, root=said.root)
    unlogged = entry_of(NET.statement(name="Another Shelter"))
    with pytest.raises(NotInLog):
        log.verify_inclusion(log.leaf_hash(unlogged), proof, size=said.size, root=said.root)


def test_P9_T47_the_log_must_have_signed() -> None:
    """Witnesses alone make no checkpoint, nor does another log under this one's name."""
    lines = notes.parse(NOTE).lines
    _refuses(BadSignature, notes.format_note(TEXT, lines[1:]))
    _refuses(BadSignature, NET.checkpoint(signed_by=[Signer("log.example", seed_of("x"))]))
    _refuses(BadSignature, NET.checkpoint(signed_by=[NET.admins[0]]))
    _refuses(BadSignature, NET.checkpoint(signed_by=[NET.log, NET.admins[0]]))


def test_P9_T18_T47_fewer_than_w_witnesses_are_too_few() -> None:
    """Three of five are asked for; two, one and none are NotWitnessed."""
    for count in range(3):
        _refuses(NotWitnessed, NET.checkpoint(witnesses=NET.witnesses[:count]))
    for people in ((W1, W2, W3), (W5, W3, W1), NET.witnesses):
        checkpoint.check(NET.checkpoint(witnesses=people), NET.policy)


def test_P9_T18_one_witness_twice_is_one_witness() -> None:
    """Also where she signs at two times."""
    lines = [signature_line(TEXT, NET.log), cosign(TEXT, W1.name, W1.seed, _at(TODAY))]
    for time in (_at(TODAY), _at(TODAY) + 1):
        twice = [*lines, cosign(TEXT, W1.name, W1.seed, time)]
        _refuses(Malformed, f"{TEXT}\n{''.join(map(str, twice))}".encode())


def test_P9_lines_by_strangers_and_wrong_cosignatures_are_refused() -> None:
    """Another network's witness, an admin, a witness who signs in the log's way."""
    for stranger in (OTHER.witnesses[0], NET.admins[0], Signer("w1", seed_of("x"))):
        _refuses(BadSignature, NET.checkpoint(witnesses=[W2, W3, W4, stranger]))
    _refuses(BadSignature, NET.checkpoint(signed_by=[NET.log, W1], witnesses=[W2, W3, W4]))


def test_P9_T18_a_former_witness_does_not_count_nor_tell_the_day() -> None:
    """Her line is checked and counts for nothing, whatever her time."""
    later = NET.at(
        NET.next_policy(
            witnesses=witness_keys([W1, W2, W3]), former_witnesses=witness_keys([W4, W5])
        )
    )
    _refuses(NotWitnessed, NET.checkpoint(witnesses=[W1, W2, W4, W5]), later.policy)
    times = [_at(TODAY)] * 3 + [_at(TODAY + 500)] * 2
    kept = NET.checkpoint(times=times)
    assert checkpoint.check(kept, later.policy).day == TODAY
    gone = NET.at(NET.next_policy(witnesses=witness_keys([W1, W2, W3])))
    _refuses(BadSignature, kept, gone.policy)


def test_P9_T47_former_witnesses_who_lie_about_the_time_do_not_move_the_day() -> None:
    """Two of them, where two are asked for: neither far ahead nor far back."""
    net = make_network(witness_threshold=2)
    now, former = witness_keys([W1, W2, W3]), witness_keys([W4, W5])
    later = net.at(net.next_policy(witnesses=now, former_witnesses=former))
    true = [_at(TODAY), _at(TODAY - 1), _at(TODAY - 2)]
    for lie in (_at(TODAY + 500), _at(TODAY - 500), 0, 2**63 - 1):
        kept = later.checkpoint(times=[*true, lie, lie])
        assert checkpoint.check(kept, later.policy).day == TODAY - 1


def test_P9_T18_T45_the_newest_checkpoint_names_the_one_policy_that_holds() -> None:
    """An older or later policy than it names is a Rollback, another of that version a forgery."""
    later = NET.at(NET.next_policy())
    other = NET.at(NET.next_policy(until=TODAY + 9))
    for net in (NET, later, other):
        held = checkpoint.check_newest(net.checkpoint(), net.policy)
        assert held.checkpoint.policy_version == net.policy.version
        assert held.day == TODAY
    _refuses_newest(Rollback, later.checkpoint())
    _refuses_newest(Rollback, NET.checkpoint(), later.policy)
    _refuses_newest(BadSignature, other.checkpoint(), later.policy)
    _refuses_newest(NotWitnessed, later.checkpoint(witnesses=[]))


def test_P9_T18_T45_a_checkpoint_in_a_record_may_be_older_than_the_policy_and_not_newer() -> None:
    """What was logged under version 1 holds under version 2; the other way round is a Rollback."""
    later = NET.at(NET.next_policy())
    assert checkpoint.check(NET.checkpoint(), later.policy).checkpoint.policy_version == 1
    _refuses(Rollback, later.checkpoint())


def test_P9_T18_a_policy_is_named_by_the_text_that_was_signed() -> None:
    """In every version, also where a region's name is spelled as no maker would write it."""
    later = NET.at(NET.next_policy())
    for net in (NET, later):
        signed = entry_of(net.policy_note)
        assert policies.text_hash(net.policy) == hashlib.sha256(signed).digest()
    text = entry_of(NET.policy_note).decode().replace("S\u00fcd", "Su\u0308d")
    assert text.encode() != entry_of(NET.policy_note)
    assert policies.text_hash(policies.parse(text)) == hashlib.sha256(text.encode()).digest()
    with pytest.raises(Malformed):
        policies.format_text(policies.parse(text))


@pytest.mark.parametrize(
    ("ahead", "withheld"), [(-400, False), (0, False), (7, False), (8, True), (400, True)]
)
def test_P9_T18_she_is_warned_from_the_eighth_day_on(ahead: int, withheld: bool) -> None:
    """Seven days between the checkpoint and the device are no reason; eight are."""
    assert checkpoint.may_be_withheld(TODAY, TODAY + ahead) is withheld
    assert not checkpoint.may_be_withheld(None, TODAY + ahead)


def test_P9_T18_another_logs_checkpoint_is_refused() -> None:
    """By its first line; and by its signatures where it takes this log's name."""
    _refuses(WrongNetwork, OTHER.checkpoint(ENTRIES))
    _refuses(WrongNetwork, NET.checkpoint(log_name="log.example/2"))
    _refuses(BadSignature, OTHER.checkpoint(ENTRIES, log_name=NET.log.name))


BAD_LINES = [
    ("log.example\n2", "log.Example\n2"),
    ("log.example\n2", "\n2"),
    ("log.example\n2", "l" * 33 + "\n2"),
    ("log.example\n2", "log.example\n02"),
    ("log.example\n2", "log.example\n-2"),
    ("log.example\n2", "log.example\n2.0"),
    ("log.example\n2", "log.example\n٢"),
    ("log.example\n2", "log.example\n18446744073709551616"),
    ("log.example\n2", "log.example\n100000000000000000000"),
    ("log.example\n2\n", "log.example\n"),
    ("policy 1 ", "Policy 1 "),
    ("policy 1 ", "policy 01 "),
    ("policy 1 ", "policy  1 "),
    ("policy 1 ", "policy 1"),
    ("policy 1 ", "policy "),
    ("policy 1 ", "policy 4294967296 "),
    ("=\nsuspensions ", "= \nsuspensions "),
    ("suspensions ", "Suspensions "),
    ("suspensions ", "suspensions  "),
    ("=\nsuspensions ", "\nsuspensions "),
    ("suspensions ", "extension\nsuspensions "),
]


@pytest.mark.parametrize(("old", "new"), BAD_LINES)
def test_another_form_is_malformed(old: str, new: str) -> None:
    """Even where the log signed it."""
    _refuses(Malformed, reseal(NOTE, old, new, [NET.log]))


def test_lines_after_the_last_or_missing_are_malformed() -> None:
    """C2SP allows further lines; here every line has a meaning."""
    last = TEXT.splitlines(keepends=True)[-1]
    _refuses(Malformed, reseal(NOTE, last, last + "further\n", [NET.log]))
    _refuses(Malformed, reseal(NOTE, last, "", [NET.log]))


def test_a_checkpoint_has_at_most_1200_bytes() -> None:
    """Five witnesses with the longest names fit; a seventh makes it too long."""
    net = make_network(witnesses=8, longest_names=True)
    five = net.checkpoint(size=2**20, witnesses=net.witnesses[:5])
    assert len(five) == 1038
    checkpoint.check(five, net.policy)
    with pytest.raises(TooLong):
        net.checkpoint(size=2**20, witnesses=net.witnesses[:7])
    lines = [cosign(TEXT, one.name, one.seed, 1) for one in net.witnesses]
    _refuses(Malformed, notes.add_lines(NOTE, lines), net.policy)
    assert len(notes.add_lines(NOTE, lines)) > CHECKPOINT_BYTES
    with pytest.raises(TooLong):
        net.checkpoint(log_name="l" * 33)


def test_a_million_entries_in_one_checkpoint() -> None:
    """A statement in a log of 2^20 entries, shown by 20 hashes."""
    entry = ENTRIES[1]
    proof, root = big_log(entry, 777_777, 2**20)
    said = checkpoint.check(NET.checkpoint(size=2**20, root=root), NET.policy).checkpoint
    log.verify_inclusion(log.leaf_hash(entry), proof, size=said.size, root=said.root)


def test_P9_T47_the_day_is_that_of_the_wth_newest_time() -> None:
    """With three of five asked for, the third newest; days end at midnight UTC."""
    days = [_at(TODAY - back) for back in (0, 4, 1, 3, 2)]
    assert _day(NET, *days) == TODAY - 2
    assert _day(NET, *days[:3]) == TODAY - 4
    midnight = TODAY * 86_400
    assert _day(NET, midnight, midnight, midnight) == TODAY
    assert _day(NET, midnight, midnight, midnight - 1) == TODAY - 1


def test_P9_T47_one_witness_who_lies_about_the_time_cannot_move_the_day() -> None:
    """Not forward, whether two or one of three lie; nor back while others are there."""
    true = _at(TODAY)
    far = (1 << 63) - 1
    assert _day(NET, far, true, true, true, true) == TODAY
    assert _day(NET, far, far, true, true, true) == TODAY
    assert _day(NET, far, far, true) == TODAY
    assert _day(NET, 0, true, true, true, true) == TODAY
    assert _day(NET, 0, 0, true, true, true) == TODAY


@given(st.lists(st.integers(0, 2**63 - 1), min_size=2, max_size=2), st.permutations(range(5)))
def test_P9_T47_fewer_than_w_liars_never_pass_the_honest(lies: list[int], order: list[int]) -> None:
    """Two liars of five, whatever they say: the day is between those of the honest."""
    honest = [_at(TODAY - 1), _at(TODAY), _at(TODAY + 1)]
    times = [*lies, *honest]
    day = _day(NET, *(times[at] for at in order))
    assert day is not None
    assert TODAY - 1 <= day <= TODAY + 1


def test_P9_T18_T47_a_checkpoint_older_than_7_days_is_stale() -> None:
    """The seventh day still counts; without witnesses nothing can be said."""
    checkpoint.check_fresh(TODAY - 7, TODAY)
    checkpoint.check_fresh(TODAY + 1, TODAY)
    checkpoint.check_fresh(None, TODAY)
    for day in (TODAY - 8, TODAY - 400, 0):
        with pytest.raises(NotWitnessed):
            checkpoint.check_fresh(day, TODAY)


def test_P9_T47_too_few_times_give_no_day() -> None:
    """Two witnesses of three asked for, or a former one, tell no day at all."""
    signed = notes.verify(notes.parse(NOTE), (NET.policy.log, *NET.policy.witnesses))
    assert checkpoint.day_of(signed, NET.policy) == TODAY
    for few in (signed[:3], signed[:1], ()):
        with pytest.raises(NotWitnessed):
            checkpoint.day_of(few, NET.policy)


def test_without_witnesses_there_is_no_day() -> None:
    """With w = 0 the log's signature is enough, and the day is unknown."""
    note = UNWITNESSED.checkpoint(ENTRIES)
    assert checkpoint.check(note, UNWITNESSED.policy).day is None
    optional = make_network(witness_threshold=0)
    assert checkpoint.check(optional.checkpoint(), optional.policy).day is None


@pytest.mark.parametrize(
    ("day", "build", "device", "today"),
    [
        (TODAY, TODAY - 30, TODAY + 9999, TODAY),
        (TODAY, TODAY - 30, 0, TODAY),
        (TODAY - 30, TODAY, TODAY + 1, TODAY),
        (None, TODAY, TODAY + 5, TODAY + 5),
        (None, TODAY, 0, TODAY),
    ],
)
def test_a_senders_today_heeds_the_devices_clock_only_without_witnesses(
    day: int | None, build: int, device: int, today: int
) -> None:
    """The later of checkpoint and build; without witnesses, of device and build."""
    assert checkpoint.today_for_sender(day, build, device) == today


def _categories(at: int) -> tuple[type[Refused], ...]:
    return (Malformed, WrongNetwork) if at < TEXT.index("\n") else (Malformed, BadSignature)


def test_P9_T18_any_changed_byte_is_refused() -> None:
    """Malformed or BadSignature; WrongNetwork only in the log's name."""
    for at, changed in flips(NOTE):
        with pytest.raises(_categories(at)):
            checkpoint.check(changed, NET.policy)


def test_P9_T18_cut_off_left_out_doubled_or_swapped_bytes_are_refused() -> None:
    """But for whole cosignatures cut off, while w are left."""
    lines = notes.parse(NOTE).lines
    enough = {notes.format_note(TEXT, lines[:count]) for count in range(4, 6)}
    for changed in cuts_and_swaps(NOTE):
        if changed not in enough:
            with pytest.raises((Malformed, WrongNetwork, BadSignature, NotWitnessed)):
                checkpoint.check(changed, NET.policy)


@given(st.text(max_size=60))
def test_T13_arbitrary_texts_are_malformed_or_come_back(text: str) -> None:
    """Reading never fails in another way."""
    for candidate in (text, TEXT + text, text + TEXT):
        try:
            read = checkpoint.parse(candidate)
        except Malformed:
            continue
        assert checkpoint.format_text(read) == candidate


def _named(data: bytes) -> checkpoint.Checkpoint:
    """A checked checkpoint that names this file."""
    return checkpoint.check(NET.checkpoint(suspensions=data), NET.policy).checkpoint


def test_P9_R21_T32_an_organisation_on_the_list_is_suspended() -> None:
    """And one that is not on it isn't."""
    listed = suspensions.check(LIST, _named(LIST), NET.network_id)
    for key in (BAD_ONE, BAD_TWO):
        with pytest.raises(Suspended):
            suspensions.check_not_suspended(listed, key, 1)
    suspensions.check_not_suspended(listed, NET.organisation, 1)
    empty = NET.suspensions()
    suspensions.check_not_suspended(
        suspensions.check(empty, _named(empty), NET.network_id), NET.organisation, 1
    )


def test_P9_R21_T32_statements_below_the_listed_serial_have_ended() -> None:
    """Those from it on hold: a lifted suspension brings back nothing that was signed before it."""
    ended = NET.suspensions([BAD_ONE], serial=5)
    listed = suspensions.check(ended, _named(ended), NET.network_id)
    for serial in (0, 1, 4):
        with pytest.raises(Suspended):
            suspensions.check_not_suspended(listed, BAD_ONE, serial)
        suspensions.check_not_suspended(listed, BAD_TWO, serial)
    for serial in (5, 6, SERIAL_MOST):
        suspensions.check_not_suspended(listed, BAD_ONE, serial)
    last = suspensions.parse(NET.suspensions([BAD_ONE], serial=SERIAL_MOST + 1))
    with pytest.raises(Suspended):
        suspensions.check_not_suspended(last, BAD_ONE, SERIAL_MOST)


def test_P9_R21_T18_no_other_list_can_be_shown() -> None:
    """The checkpoint names one file; any other, also an older one, is refused."""
    named = _named(LIST)
    changed = [one for _, one in flips(LIST)]
    for other in (NET.suspensions(), NET.suspensions([BAD_ONE]), b"", *changed):
        with pytest.raises(BadSignature):
            suspensions.check(other, named, NET.network_id)
    for other in cuts_and_swaps(LIST):
        with pytest.raises(BadSignature):
            suspensions.check(other, named, NET.network_id)


def test_another_networks_list_is_refused() -> None:
    """Even where the checkpoint names it."""
    theirs = OTHER.suspensions([BAD_ONE])
    with pytest.raises(WrongNetwork):
        suspensions.check(theirs, _named(theirs), NET.network_id)


def _lines(*keys: str) -> bytes:
    head = f"towpath/v1/suspensions\nnetwork {b64(NET.network_id)}\n"
    return (head + "".join(f"organisation {key} 2\n" for key in keys)).encode()


# As base64, "+" (62) sorts before "A" (0): the order is that of the keys' bytes.
LOW, HIGH = bytes(12), b"\xf8" + bytes(11)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        _lines()[:-1],
        _lines().replace(b"v1", b"v2"),
        _lines() + b"\n",
        _lines(b64(BAD_ONE), b64(BAD_ONE)),
        _lines(b64(BAD_TWO), b64(BAD_ONE)),
        _lines(b64(HIGH), b64(LOW)),
        _lines(b64(BAD_ONE)[:-1]),
        _lines(b64(BAD_ONE[:11])),
        _lines(""),
        _lines(b64(BAD_ONE) + " "),
        _lines(b64(BAD_ONE)).replace(b" 2\n", b"\n"),
        _lines(b64(BAD_ONE)).replace(b" 2\n", b" \n"),
        _lines(b64(BAD_ONE)).replace(b" 2\n", b" 02\n"),
        _lines(b64(BAD_ONE)).replace(b" 2\n", b" -2\n"),
        _lines(b64(BAD_ONE)).replace(b" 2\n", b" 2 \n"),
        _lines(b64(BAD_ONE)).replace(b" 2\n", b" 4294967296\n"),
        _lines(b64(BAD_ONE)).replace(b"organisation", b"Organisation"),
        b"\xff" + _lines(),
        b"\xef\xbb\xbf" + _lines(),
        _lines().replace(b"\n", b"\r\n"),
    ],
)
def test_a_list_of_another_form_is_malformed(data: bytes) -> None:
    """Even where the checkpoint names it."""
    with pytest.raises(Malformed):
        suspensions.check(data, _named(data), NET.network_id)


def test_the_list_ascends_by_the_bytes_of_the_starts_of_keys() -> None:
    """Not by their base64, in which + and / come before the letters."""
    assert b64(HIGH) < b64(bytes([0x69]) * 12)
    middle = bytes([0x69]) * 12
    ended = suspensions.parse(_lines(b64(middle), b64(HIGH))).ended
    assert [one.start for one in ended] == [middle, HIGH]
    with pytest.raises(Malformed):
        suspensions.parse(_lines(b64(HIGH), b64(middle)))


def test_a_list_has_at_most_1024_organisations() -> None:
    """TooLong when making, Malformed when reading."""
    keys = [number.to_bytes(12, "big") + bytes(20) for number in range(SUSPENSIONS_MOST + 1)]
    assert len(suspensions.parse(NET.suspensions(keys[:-1])).ended) == SUSPENSIONS_MOST
    with pytest.raises(TooLong):
        NET.suspensions(keys)
    with pytest.raises(Malformed):
        suspensions.parse(_lines(*(b64(key[:12]) for key in keys)))
    for key in (b"short", bytes(11)):
        with pytest.raises(Malformed):
            NET.suspensions([key])
