"""T66: nobody signs alone, and nobody overrides who objects, whatever was written in what order."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crypto import constants as c
from crypto.client import vetting_rules
from crypto.client.vetting_entries import Entry
from crypto.public import applications, notes, policy_chain
from tests.crypto import vettings
from tests.crypto.networks import make_network

NET = make_network()
LISTING = applications.parse_and_check(vettings.listing(NET), NET.network_id)
TEXT = notes.parse(NET.statement()).text
STATES = (c.MARK_MET, c.MARK_NOT_MET, c.MARK_UNCLEAR, c.MARK_TAKEN_BACK)

_MARKS = st.builds(
    vettings.mark,
    st.just(NET),
    st.sampled_from(NET.admins),
    st.sampled_from(range(1, c.VETTING_CRITERIA + 1)),
    st.sampled_from(STATES),
)


@st.composite
def written(draw: st.DrawFn) -> list[Entry]:
    """Entries in any order, often enough nearly all that is needed."""
    ready = [
        vettings.mark(NET, admin, criterion)
        for admin in NET.admins
        for criterion in c.VETTING_BLOCKING
        if draw(st.integers(0, 9))
    ]
    return [*draw(st.permutations(ready)), *draw(st.lists(_MARKS, max_size=4))]


def may_sign(entries: list[Entry], admin: bytes) -> bool:
    """Whether nothing is in the way of this admin."""
    return not vetting_rules.missing(
        TEXT, listing=LISTING, entries=entries, policy=NET.policy, admin=admin, today=NET.today
    )


def _last(entries: list[Entry], author: bytes, criterion: int) -> int:
    """What an author last said of a criterion, found without the code under test."""
    found = [
        one.state for one in reversed(entries) if (one.author, one.criterion) == (author, criterion)
    ]
    return found[0] if found else c.MARK_TAKEN_BACK


@given(written(), st.sampled_from(NET.admins))
def test_P9_R21_T66_nobody_signs_without_k_and_without_all_who_spoke(entries, signer) -> None:  # type: ignore[no-untyped-def]
    """An admin may sign exactly where she and k said met of each item, and nobody another thing."""
    admins = [one.key.public_key for one in NET.admins]
    own = signer.key.public_key
    agreed = True
    for criterion in c.VETTING_BLOCKING:
        said = {admin: _last(entries, admin, criterion) for admin in admins}
        met = [admin for admin, state in said.items() if state == c.MARK_MET]
        silent = [admin for admin, state in said.items() if state == c.MARK_TAKEN_BACK]
        agreed &= own in met and len(met) >= NET.policy.threshold
        agreed &= len(met) + len(silent) == len(admins)
    assert may_sign(entries, own) == agreed


@given(written(), st.sampled_from(c.VETTING_BLOCKING), st.lists(_MARKS, max_size=8), st.data())
def test_P9_T66_nobody_but_who_objects_takes_an_objection_back(
    before: list[Entry], criterion: int, after: list[Entry], data: st.DataObject
) -> None:
    """Whatever all others write before and after it, an objection stops every one of them."""
    objector = data.draw(st.sampled_from(NET.admins))
    state = data.draw(st.sampled_from((c.MARK_NOT_MET, c.MARK_UNCLEAR)))
    objection = vettings.mark(NET, objector, criterion, state)
    others = [one for one in after if one.author != objector.key.public_key]
    entries = [*before, objection, *others]
    assert not any(may_sign(entries, one.key.public_key) for one in NET.admins)
    taken_back = vettings.mark(NET, objector, criterion, c.MARK_TAKEN_BACK)
    free = [vettings.mark(NET, one, item) for one in NET.admins for item in c.VETTING_BLOCKING]
    assert may_sign([objection, taken_back, *free], NET.admins[0].key.public_key)


@given(st.lists(_MARKS, max_size=30), st.sampled_from(NET.admins))
def test_P9_T66_one_admin_alone_is_never_enough(entries, lonely) -> None:  # type: ignore[no-untyped-def]
    """Of what one admin writes, however much, nothing lets her or anybody else sign."""
    own = lonely.key.public_key
    ready = [vettings.mark(NET, lonely, criterion) for criterion in c.VETTING_BLOCKING]
    alone = [*(replace(one, author=own) for one in entries), *ready]
    assert not any(may_sign(alone, one.key.public_key) for one in NET.admins)


def test_P9_T66_an_objection_goes_when_who_made_it_is_retired_and_not_before() -> None:
    """An admin who has left stops nothing any more; her met marks do not count either."""
    first, second, third = NET.admins
    left = NET.next_policy(admins=(first.key, second.key), former_admins=(third.key,))
    later = policy_chain.accept_next(NET.policy, left)
    marks = [
        vettings.mark(NET, one, item) for one in (first, second) for item in c.VETTING_BLOCKING
    ]
    entries = [*marks, vettings.mark(NET, third, 3, c.MARK_NOT_MET)]
    own = first.key.public_key
    assert not may_sign(entries, own)
    found = vetting_rules.missing(
        TEXT, listing=LISTING, entries=entries, policy=later, admin=own, today=NET.today
    )
    assert found == ()
