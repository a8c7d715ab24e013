"""Asking without a code: who can be chosen, what is sealed, the work, and midnight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from client.api import Api
from client.errors import FirstDo, NotVetted, ServerProblem
from client.flows import answers, choosing, walk_in, ways
from client.flows.answers import Holder
from client.flows.choosing import Organisation
from crypto import constants as c
from crypto.encoding import monday
from tests.client.peer.conftest import MakeTown
from tests.client.peer.providers import choice, this_day
from tests.client.peer.test_ask_flow import DRAFT, receipt_of
from tests.client.peer.town import Town, fingerprint
from tests.client.peer.wires import quick
from tests.crypto.networks import seed_of
from tests.crypto.records import stream

NAMES = ("Open Door", "Harbour House", "Legal Aid")


@pytest.fixture
def town(make_town: MakeTown) -> Town:
    """A town with three organisations."""
    return make_town(*NAMES)


def directory(town: Town, api: Api) -> choosing.Directory:
    """The directory as a client has checked it."""
    network_id = town.provider.network.network_id
    return choosing.fetch(api, device_day=this_day(), network_id=network_id)


def names(found: choosing.Directory) -> list[str]:
    """Whose listing holds."""
    return [one.statement.name for one in found.organisations]


def way(town: Town, api: Api, name: str, today: Callable[[], int] = this_day) -> ways.ByChoice:
    """The way to an organisation that was chosen by its name."""
    found = directory(town, api)
    chosen = next(one for one in found.organisations if one.statement.name == name)
    return ways.ByChoice(api, found.view, chosen, today, stream(name), lambda *_: None)


def test_R10_without_a_code_the_chosen_one_reads_it(town: Town, api: Api) -> None:
    """The request reaches the organisation that was chosen, and the receipt works."""
    going, receipt = way(town, api, "Harbour House"), receipt_of(town)
    request, last_epoch = going.send(going.seal(DRAFT, receipt))
    assert last_epoch is not None
    (sealed,) = town.envelopes.values()
    read = town.provider.read_walk_in(sealed, town.provider.organisations[1])
    assert replace(read, box=None) == DRAFT
    delivered = answers.delivered(api, Holder(going.view.policy.network_id, receipt.keys))
    assert delivered is not None
    assert delivered.name == "Harbour House"
    assert request.envelope == sealed


def test_P3_nothing_in_the_call_says_for_whom_it_is(town: Town, api: Api) -> None:
    """Neither name nor key nor the weekly key's id travels with it."""
    going = way(town, api, "Harbour House")
    town.calls.clear()
    going.send(going.seal(DRAFT, receipt_of(town)))
    paths = {path for path, _ in town.calls}
    assert paths == {"/v1/network", "/v1/directory", "/v1/walk-ins"}
    for one in town.provider.organisations:
        assert all(one.name.encode() not in body for _, body in town.calls)


def test_P8_R12_T23_without_a_yes_no_work_is_done(town: Town, api: Api) -> None:
    """Nothing is fetched, sealed, worked for or sent."""
    going = way(town, api, "Open Door")
    calls, kept = len(town.calls), fingerprint(town)
    with pytest.raises(FirstDo):
        going.seal(replace(DRAFT, consent=0), receipt_of(town))
    assert (len(town.calls), fingerprint(town)) == (calls, kept)


def test_P9_who_is_suspended_is_not_in_the_directory(town: Town, api: Api) -> None:
    """The server may go on listing it: the client leaves it out."""
    town.provider.suspended[town.provider.organisations[0].key] = 2
    assert names(directory(town, api)) == ["Harbour House", "Legal Aid"]


def test_P9_who_was_signed_by_too_few_is_not_in_the_directory(town: Town, api: Api) -> None:
    """One signature lists nobody."""
    first = town.provider.network.admins[:1]
    town.provider.statements["Legal Aid"] = {"signed_by": first}
    assert names(directory(town, api)) == ["Harbour House", "Open Door"]


def test_P2_a_profile_that_the_admins_did_not_sign_is_not_shown(town: Town, api: Api) -> None:
    """A server that makes an organisation look better than it is shows none."""
    listed = town.provider.directory()
    nicer = replace(town.provider.organisations[0], kind="case_management").profile
    listed[0]["profile"] = nicer
    town.instead["/v1/directory"] = (200, {"organisations": listed})
    assert "Open Door" not in names(directory(town, api))


def test_P2_another_weekly_key_than_the_organisations_takes_nothing(town: Town, api: Api) -> None:
    """A key that somebody else signed makes an organisation one that can't be chosen."""
    listed = town.provider.directory()
    listed[0]["weekly_keys"] = listed[1]["weekly_keys"]
    town.instead["/v1/directory"] = (200, {"organisations": listed})
    found = directory(town, api)
    assert names(found) == sorted(NAMES)
    able = choosing.matching(found.organisations)
    assert [one.statement.name for one in able] == ["Harbour House", "Legal Aid"]


def test_P9_a_listing_that_is_not_in_the_log_is_left_out(town: Town, api: Api) -> None:
    """A proof of another place shows nothing; and the rest is still shown."""
    listed = town.provider.directory()
    listed[0]["index"] = 1
    town.instead["/v1/directory"] = (200, {"organisations": listed})
    assert names(directory(town, api)) == ["Harbour House", "Legal Aid"]


def test_R29_who_closed_walk_ins_cannot_be_chosen(town: Town, api: Api) -> None:
    """Closed is closed, whatever keys lie about."""
    town.provider.organisations[0].walk_ins = False
    able = choosing.matching(directory(town, api).organisations)
    assert [one.statement.name for one in able] == ["Harbour House", "Legal Aid"]


@pytest.mark.parametrize("change", ["suspended", "closed"])
def test_P2_P9_who_ended_while_the_form_was_filled_in_gets_nothing(
    town: Town, api: Api, change: str
) -> None:
    """The directory is looked at again right before sealing."""
    going = way(town, api, "Open Door")
    if change == "suspended":
        town.provider.suspended[town.provider.organisations[0].key] = 2
    else:
        town.provider.organisations[0].walk_ins = False
    with pytest.raises(NotVetted):
        going.seal(DRAFT, receipt_of(town))
    assert town.envelopes == {}


def test_R22_who_says_something_else_of_itself_is_read_again_first(town: Town, api: Api) -> None:
    """What was shown must still be true when it is sealed."""
    going = way(town, api, "Open Door")
    town.provider.list_anew(town.provider.organisations[0], services=("money",))
    with pytest.raises(NotVetted, match="changed"):
        going.seal(DRAFT, receipt_of(town))


def test_midnight_between_sealing_and_sending_costs_only_the_work(town: Town, api: Api) -> None:
    """Two days on, the work is done again; the envelope stays the same."""
    days = [this_day()]
    going = way(town, api, "Open Door", lambda: days[0])
    sealed = going.seal(DRAFT, receipt_of(town))
    town.day = days[0] = this_day() + 2
    sent, last_epoch = going.send(sealed)
    assert last_epoch is not None
    assert sent.envelope == sealed.envelope
    assert len(town.envelopes) == 1


def test_a_clock_that_is_days_off_is_named_as_the_reason(town: Town, api: Api) -> None:
    """The server takes no work of such a day; nothing is stored."""
    going = way(town, api, "Open Door")
    sealed = going.seal(DRAFT, receipt_of(town))
    town.day = this_day() + 5
    with pytest.raises(FirstDo, match="the day that this device says"):
        going.send(sealed)
    assert town.envelopes == {}


def test_P10_a_walk_in_whose_answer_was_lost_is_not_made_twice(town: Town, api: Api) -> None:
    """The same envelope gets the first answer."""
    going = way(town, api, "Open Door")
    sealed = going.seal(DRAFT, receipt_of(town))
    town.lose["/v1/walk-ins"] = 1
    assert going.send(sealed)[1] is not None
    assert going.send(sealed)[1] is not None
    assert len(town.envelopes) == 1


def test_a_limit_is_said_and_not_hidden(town: Town, api: Api) -> None:
    """Too many for now: a problem of its own, to be tried again."""
    going = way(town, api, "Open Door")
    sealed = going.seal(DRAFT, receipt_of(town))
    town.instead["/v1/walk-ins"] = (429, "limited")
    with pytest.raises(ServerProblem, match="too much"):
        going.send(sealed)


def test_P2_another_network_shows_nobody(town: Town, api: Api) -> None:
    """Without a code the pinned id is all that proves the network."""
    with pytest.raises(NotVetted, match="another network"):
        choosing.fetch(api, device_day=this_day(), network_id=seed_of("another"))
    assert "/v1/directory" not in town.paths()


def test_R10_filters_shorten_and_never_hide_what_is_silent(town: Town, api: Api) -> None:
    """Needs, language and region narrow the list; a profile that says nothing of them stays."""
    town.provider.organisations[0].services = ("interpreter",)
    found = directory(town, api).organisations

    def left(**filters: object) -> list[str]:
        able = choosing.matching(found, **filters)  # type: ignore[arg-type]
        return [one.statement.name for one in able]

    assert left(needs=[choice("needs", "interpreter")]) == ["Open Door"]
    assert left(needs=[choice("needs", "go_home")]) == []
    assert left(languages=[choice("languages", "ko")]) == sorted(NAMES)
    assert left(region=choice("regions", "northeast")) == sorted(NAMES)


def test_the_work_is_shown_as_it_goes_on_and_can_be_stopped(town: Town, api: Api) -> None:
    """Progress is called between steps, so that somebody can stop it."""
    going = way(town, api, "Open Door")
    town.work_bits = 20

    def stop(tried: int, expected: int) -> None:
        assert (tried, expected) == (1 << 15, 1 << 20)
        raise KeyboardInterrupt

    going.progress = stop
    with pytest.raises(KeyboardInterrupt):
        going.seal(DRAFT, receipt_of(town))


_MEN, _MINORS, _EVERYONE = (choice("accepts", one) for one in ("men", "minors", "everyone"))


@pytest.mark.parametrize(
    ("says", "wanted", "chosen"),
    [
        ((_MEN,), (_MEN,), True),
        ((_EVERYONE,), (_MEN, _MINORS), True),
        ((), (_MEN,), True),
        ((_MEN,), (_EVERYONE,), True),
        ((_MINORS,), (_MEN,), False),
        ((_MEN,), (_MEN, _MINORS), False),
        ((_MEN, 9999), (_MINORS,), False),
    ],
)
def test_S5_R20_all_who_come_along_must_be_welcome(
    town: Town, api: Api, says: tuple[int, ...], wanted: tuple[int, ...], *, chosen: bool
) -> None:
    """One who is not welcome rules an organisation out; silence and "everyone" do not."""
    one = directory(town, api).organisations[0]
    said = replace(one, profile=replace(one.profile, accepts=says))
    assert bool(choosing.matching([said], accepts=wanted)) is chosen


def test_S5_who_is_welcome_counts_beside_what_is_offered(town: Town, api: Api) -> None:
    """Who would be welcome but offers nothing of it is not shown."""
    one = directory(town, api).organisations[0]
    assert not choosing.matching([one], needs=[9999], accepts=[_MEN])
    assert not choosing.matching([replace(one, weekly_key=None)], accepts=[_MEN])


def test_R25_P7_slot_0_of_a_walk_in_says_no_later_day_than_it_lives(town: Town, api: Api) -> None:
    """Its key ends it before two weeks have passed, on every day but Monday."""
    going, receipt = way(town, api, "Open Door"), receipt_of(town)
    _, last_epoch = going.send(going.seal(DRAFT, receipt))
    delivered = answers.delivered(api, Holder(going.view.policy.network_id, receipt.keys))
    assert delivered is not None
    assert delivered.last_epoch == walk_in.last_epoch(this_day()) == last_epoch
    first = monday(this_day())
    assert {walk_in.last_epoch(first + day) for day in range(7)} == {first + 13}


def test_S2_a_second_organisation_is_chosen_by_the_person_alone(make_town: MakeTown) -> None:
    """The first is silent; she withdraws and picks another; nothing was passed on."""
    town = make_town(*NAMES)
    api = Api(quick(town.url))
    network_id = town.provider.network.network_id
    first, receipt = way(town, api, "Open Door"), receipt_of(town)
    first.send(first.seal(DRAFT, receipt))
    box = answers.read(api, Holder(network_id, receipt.keys))
    assert box is not None
    assert box.answers == ()
    assert answers.withdraw(api, Holder(network_id, receipt.keys))
    second, another = way(town, api, "Legal Aid"), receipt_of(town, "another")
    second.send(second.seal(DRAFT, another))
    (sealed,) = town.envelopes.values()
    assert town.provider.read_walk_in(sealed, town.provider.organisations[2]).needs == DRAFT.needs


def test_an_organisation_without_a_key_is_not_sealed_to(town: Town, api: Api) -> None:
    """A flow that is called with one refuses it."""
    going = way(town, api, "Open Door")
    without = replace(going.chosen, weekly_key=None)
    assert isinstance(without, Organisation)
    with pytest.raises(NotVetted):
        walk_in.seal(going.view, without, DRAFT, None, random=stream("x"), day=this_day())


def test_R25_a_walk_in_ends_before_the_grace_of_its_key(town: Town, api: Api) -> None:
    """Its last epoch is never after the Monday of its week and thirteen days."""
    going = way(town, api, "Open Door")
    last_epoch = going.send(going.seal(DRAFT, receipt_of(town)))[1]
    assert last_epoch is not None
    assert last_epoch <= this_day() + c.REFERRAL_DAYS
