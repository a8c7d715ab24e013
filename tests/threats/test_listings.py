"""T30: ten thousand forged listings, of every kind that somebody without k admins can make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from crypto.client.record_check import Listing, check_listing
from crypto.errors import BadSignature, Refused, TooFewSignatures, WrongNetwork
from crypto.public import log
from crypto.public.checkpoint import may_be_withheld
from crypto.public.note_signing import Signer, sign_note, signature_line
from crypto.public.notes import parse
from tests.crypto import records
from tests.crypto.networks import TODAY, Network, entry_of, keys, make_network, seed_of
from tests.crypto.streams import Stream, refusal_of

NET = make_network(admins=5, threshold=3)
OTHER = make_network(admins=5, threshold=3, name="other-")
CASE = records.make(NET)
Forge = Callable[[Stream], bytes]


def _few(stream: Stream) -> bytes:
    """One or two true admins of five, of whom three are asked for."""
    first = stream.below(5)
    people = {first, stream.below(5)}
    return NET.statement(stream(32), signed_by=[NET.admins[at] for at in sorted(people)])


def _impostors(stream: Stream) -> bytes:
    """Three who call themselves as admins do, with keys of their own."""
    people = [Signer(one.name, stream(32)) for one in NET.admins[:3]]
    return NET.statement(stream(32), signed_by=people)


def _few_and_impostors(stream: Stream) -> bytes:
    """Two true admins, and a third with another key."""
    third = Signer(NET.admins[4].name, stream(32))
    return NET.statement(stream(32), signed_by=[*NET.admins[:2], third])


def _other_roles(stream: Stream) -> bytes:
    """Two true admins and the log or a witness."""
    third = (NET.log, *NET.witnesses)[stream.below(6)]
    return NET.statement(stream(32), signed_by=[*NET.admins[:2], third])


def _other_network(stream: Stream) -> bytes:
    """A listing that holds in another network."""
    return OTHER.statement(stream(32))


def _edited(stream: Stream) -> bytes:
    """A true listing with another organisation's key in it."""
    true = NET.statement()
    lines = true.split(b"\n")
    at = next(n for n, line in enumerate(lines) if line.startswith(b"organisation "))
    lines[at] = entry_of(NET.statement(stream(32))).split(b"\n")[at]
    return b"\n".join(lines)


def _twice(stream: Stream) -> bytes:
    """One admin's line under the names of three."""
    note = NET.statement(stream(32), signed_by=NET.admins[:1])
    text, seed = parse(note).text, NET.admins[0].seed
    more = [signature_line(text, Signer(one.name, seed)) for one in NET.admins[1:3]]
    return note + "".join(map(str, more)).encode()


def _carried_over(stream: Stream) -> bytes:
    """True lines of three admins under another text."""
    text = entry_of(NET.statement(stream(32)))
    return text + NET.statement().partition(b"\n\n")[2].join([b"\n", b""])


KINDS: dict[Forge, set[type[Refused]]] = {
    _few: {TooFewSignatures},
    _impostors: {BadSignature},
    _few_and_impostors: {BadSignature},
    _other_roles: {BadSignature},
    _other_network: {WrongNetwork},
    _edited: {BadSignature},
    _twice: {BadSignature},
    _carried_over: {BadSignature},
}


def listing(note: bytes, network: Network = NET) -> Listing:
    """A listing with this statement, which the log and its witnesses have truly seen."""
    entries = [b"first\n", entry_of(note)]
    leaves = [log.leaf_hash(entry) for entry in entries]
    return Listing(
        profile=network.profile,
        statement=note,
        inclusion=log.inclusion_proof(leaves, 1),
        checkpoint=network.checkpoint(entries),
    )


@pytest.mark.parametrize(
    ("forge", "expected"), KINDS.items(), ids=[forge.__name__ for forge in KINDS]
)
def test_P9_T30_of_ten_thousand_forged_listings_none_is_accepted(
    forge: Forge, expected: set[type[Refused]]
) -> None:
    """1,250 of each of eight kinds, each for another organisation: all refused as they must be."""
    stream = Stream(forge.__name__)
    shown = listing(NET.statement())
    refused: Counter[type[Refused] | None] = Counter()
    for _ in range(10_000 // len(KINDS)):
        note = forge(stream)
        forged = replace(shown, statement=note)
        refused[refusal_of(lambda: check_listing(forged, CASE.seen))] += 1  # noqa: B023
    assert set(refused) == expected
    assert refused.total() == 1_250


def test_P9_T30_logging_a_forged_listing_does_not_help() -> None:
    """Log and all witnesses together put forgeries into the log: they are refused all the same."""
    for forge, expected in KINDS.items():
        note = forge(Stream(f"logged {forge.__name__}"))
        assert refusal_of(lambda: check_listing(listing(note), CASE.seen)) in expected  # noqa: B023


def test_T30_a_listing_by_k_admins_is_accepted() -> None:
    """What the forgeries differ from holds, for any organisation that three admins sign for."""
    for name in ("one", "two"):
        note = NET.statement(seed_of(name))
        assert check_listing(listing(note), CASE.seen).statement.first == TODAY


def test_P2_P9_T44_what_k_minus_one_admins_can_do_together_is_suspend_and_no_more() -> None:
    """Two of five, with a policy of their own as well, list nobody; each of them can suspend."""
    text = parse(NET.statement(seed_of("their house"))).text
    note = sign_note(text, *NET.admins[:2])
    assert refusal_of(lambda: check_listing(listing(note), CASE.seen)) is TooFewSignatures
    weaker = NET.next_policy(signed_by=NET.admins[:2], threshold=2, admins=keys(NET.admins))
    assert refusal_of(lambda: NET.at(weaker)) is TooFewSignatures
    assert NET.at(NET.next_policy(threshold=2)).policy.threshold == 2


@pytest.mark.parametrize("days", [0, 1, 7, 8, 400])
def test_P9_T18_a_device_far_ahead_of_the_newest_checkpoint_warns(days: int) -> None:
    """More than seven days ahead: either the date is wrong or suspensions are kept back."""
    assert may_be_withheld(TODAY, TODAY + days) is (days > 7)
    assert not may_be_withheld(TODAY, TODAY - days)
