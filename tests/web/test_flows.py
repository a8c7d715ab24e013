"""The browser's client against a real server: what it does, and above all what it refuses."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest

from client.build import BUILD_EPOCH
from crypto import constants as c
from crypto.client import code_text
from crypto.client.code_text import Kind
from tests.acceptance import relay as relays
from tests.acceptance import scan
from tests.acceptance.deployment import HARBOUR, NAMES, OPEN_DOOR, Deployment
from tests.acceptance.people import Provider
from tests.server import serving
from tests.web.browser import ROOT, Browser, Trouble, browser
from words import load

Draft = dict[str, Any]

DRAFT: Draft = {
    "consent": c.CONSENT_SELF,
    "needs": [1, 7],
    "languages": [3],
    "channels": [1],
    "eyes": c.EYES_RECEIPT,
    "text": "오늘 밤 ‮ 잘 곳",
}
WITH_WORD: Draft = {**DRAFT, "eyes": c.EYES_WORD}
MORE: Draft = {"kind": c.KIND_FOLLOW_UP, "consent": c.CONSENT_PERSON, "text": "one thing more"}
ANSWERED, CANNOT_HELP, TRY_ANOTHER = 3, 4, 5


def asked(page: Browser, provider: Provider, draft: Draft = DRAFT, word: str = "") -> str:
    """Ask with a code of a provider, see it delivered, and return the receipt."""
    assert page.do("open", code=provider.code())["name"] == NAMES[provider.name]
    receipt = str(page.do("receipt", word=word))
    page.do("seal", draft=draft)
    assert page.do("send") is not None
    assert page.do("delivered") is True
    return receipt


def refused(page: Browser, what: str, kind: str, **given: object) -> None:
    """See that a step is refused with this kind of trouble."""
    with pytest.raises(Trouble) as caught:
        page.do(what, **given)
    assert caught.value.kind == kind


def test_the_page_was_built_on_the_day_of_the_client() -> None:
    """Both take the same earliest day for today."""
    text = (ROOT / "web" / "flows" / "build.js").read_text(encoding="utf-8")
    (found,) = re.findall(r"BUILD_EPOCH = ([\d_]+);?$", text, re.MULTILINE)
    assert int(found.replace("_", "")) == BUILD_EPOCH


def test_P1_R13_what_is_sent_by_code_is_read_by_that_provider_and_answered(
    page: Browser, harbour: Provider
) -> None:
    """Sealed in the page, opened at the provider; the answer opens with the receipt alone."""
    harbour.catch_up()
    receipt = asked(page, harbour)
    case = harbour.newest()
    assert harbour.show(case)["text"] == DRAFT["text"]
    harbour.answer(case, "Tonight at eight.\n<b>x</b>").done()
    scan.settle(harbour.at)
    harbour.sync()
    with browser(harbour.at.url) as other:
        read = other.do("read", receipt=receipt)
    assert read["name"] == NAMES[HARBOUR]
    assert [(one["state"], one["text"]) for one in read["answers"]] == [
        (ANSWERED, "Tonight at eight.\n<b>x</b>")
    ]


def test_R22_who_will_read_it_is_known_before_anything_is_sealed(
    page: Browser, harbour: Provider
) -> None:
    """Ties, money, duties to report and the last day come with the code."""
    shown = page.do("open", code=_kept_code(harbour))
    assert shown["profile"]["police_ties"] == [_id("police_tie", "goes_with_you")]
    assert shown["profile"]["reporting"]
    assert shown["profile"]["funding"]
    assert (shown["witnessed"], shown["may_be_withheld"]) == (False, False)
    assert shown["last_epoch"] > shown["today"]


def test_R10_without_a_code_the_chosen_one_reads_it(page: Browser, open_door: Provider) -> None:
    """The work is done in the page, and slot 0 says no later day than it lives."""
    open_door.catch_up()
    assert page.do("list") == sorted(NAMES.values())
    page.do("choose", name=NAMES[OPEN_DOOR])
    receipt = page.do("receipt")
    page.do("seal", draft=DRAFT)
    last_epoch = page.do("send")
    assert page.do("delivered") is True
    assert page.do("read", receipt=receipt)["last_epoch"] == last_epoch
    assert open_door.show(open_door.newest())["text"] == DRAFT["text"]


def test_S5_the_list_is_shortened_by_needs_languages_region_and_who_is_welcome(
    page: Browser,
) -> None:
    """Each filter counts; silence about languages, region or welcome rules nobody out."""
    both = sorted(NAMES.values())
    door, harbour = NAMES[OPEN_DOOR], NAMES[HARBOUR]
    cases: list[tuple[dict[str, object], list[str]]] = [
        ({}, both),
        ({"needs": [_id("needs", "sleep_tonight")]}, [door]),
        ({"languages": [_id("languages", "ko")]}, [door]),
        ({"region": 102}, [harbour]),
        ({"region": 1}, both),
        ({"accepts": [_id("accepts", "men"), _id("accepts", "pets")]}, both),
        ({"needs": [_id("needs", "sleep_tonight")], "region": 102}, []),
        ({"needs": [9999]}, []),
    ]
    for wanted, names in cases:
        assert page.do("list", **wanted) == names, wanted


@pytest.mark.parametrize("change", ["unknown", "spent", "cancelled"])
def test_P4_a_code_that_is_not_taken_is_one_and_the_same_refusal(
    page: Browser, open_door: Provider, change: str
) -> None:
    """Nothing tells a used code from one that never was."""
    code = code_text.symbols(bytes(10), Kind.CODE)
    if change == "spent":
        code = open_door.code()
        page.do("open", code=code)
        page.do("receipt")
        page.do("seal", draft=DRAFT)
        page.do("send")
    if change == "cancelled":
        code = open_door.code()
        open_door.cancel(code)
    assert page.do("open", code=code) is None


def test_P4_of_two_who_hold_one_code_the_second_is_refused_after_sealing(
    page: Browser, open_door: Provider
) -> None:
    """The refusal is a value, not a fault, and nothing of the second can be read back."""
    code = open_door.code()
    with browser(open_door.at.url) as other:
        for one in (page, other):
            one.do("open", code=code)
            one.do("receipt")
            one.do("seal", draft=DRAFT)
        assert page.do("send") is not None
        assert other.do("send") is None
        assert other.do("delivered") is False


NOT_SEALED: list[tuple[Draft, str]] = [
    ({**DRAFT, "consent": 0}, "consent"),
    ({**DRAFT, "consent": 3}, "consent"),
    ({**DRAFT, "needs": []}, "input"),
    ({**DRAFT, "channels": []}, "input"),
    ({**DRAFT, "eyes": c.EYES_NOBODY}, "input"),
    ({**DRAFT, "text": "\u0000"}, "input"),
    ({**DRAFT, "text": "x" * (c.TEXT_BYTES + 1)}, "too_long"),
]


@pytest.mark.parametrize("way_in", ["code", "choice"])
def test_P8_R12_T23_a_draft_without_a_yes_or_against_a_rule_is_not_sealed(
    harbour: Provider, way_in: str
) -> None:
    """Nothing is asked of the network, sealed or worked for."""
    with relays.relay(serving.port_of(harbour.at.server)) as way, browser(way.url) as there:
        if way_in == "code":
            there.do("open", code=_kept_code(harbour))
        else:
            there.do("list")
            there.do("choose", name=NAMES[HARBOUR])
        there.do("receipt")
        calls = len(way.exchanges)
        for draft, kind in NOT_SEALED:
            refused(there, "seal", kind, draft=draft)
        assert len(way.exchanges) == calls


def test_P8_nobody_s_eyes_make_no_box_and_a_body_of_the_same_length(
    open_door: Provider,
) -> None:
    """From outside nobody sees whether answers are wanted."""
    with relays.relay(serving.port_of(open_door.at.server)) as way, browser(way.url) as there:
        for eyes, receipt in ((c.EYES_RECEIPT, "receipt"), (c.EYES_NOBODY, "noReceipt")):
            there.do("open", code=open_door.code())
            there.do(receipt)
            there.do("seal", draft={**DRAFT, "eyes": eyes})
            assert there.do("send") is not None
        lengths = {len(one.body) for one in way.to("/v1/referrals")}
    assert len(lengths) == 1


def test_P8_a_word_locks_the_answers_and_is_forgiven_its_spelling(
    page: Browser, harbour: Provider
) -> None:
    """Without the word, or with another, nothing opens, is kept longer or is taken back."""
    receipt = asked(page, harbour, WITH_WORD, word="Regen ")
    assert page.do("read", receipt=receipt) is None
    for word in ("", "rain", "Regenn"):
        assert page.do("read", receipt=receipt, word=word) is None
        assert page.do("renew", receipt=receipt, word=word) is None
        page.do("withdraw", receipt=receipt, word=word)
    assert page.do("read", receipt=receipt, word="  REGEN")["answers"] == []


@pytest.mark.parametrize("word", ["\u0007", "x" * 65, "가" * 22])
def test_a_word_that_cannot_be_one_is_refused_before_anything(page: Browser, word: str) -> None:
    """In making a receipt and in using one alike."""
    page.do("list")
    page.do("choose", name=NAMES[HARBOUR])
    receipt = page.do("receipt")
    kind = "input" if word == "\u0007" else "too_long"
    refused(page, "receipt", kind, word=word)
    refused(page, "read", kind, receipt=receipt, word=word)


def test_R13_R24_what_is_added_arrives_seven_times_and_not_the_eighth(
    page: Browser, harbour: Provider
) -> None:
    """Each under a number of its own, for the provider who has the request."""
    harbour.catch_up()
    receipt = asked(page, harbour)
    case = harbour.newest()
    for number in range(c.FOLLOW_UPS):
        page.do("startAdding", receipt=receipt, said={**MORE, "text": f"thing {number}"})
        assert page.do("add") is not None
    page.do("startAdding", receipt=receipt, said=MORE)
    assert page.do("add") is None
    harbour.sync_until(additions=c.FOLLOW_UPS)
    assert len(harbour.show(case)["additions"]) == c.FOLLOW_UPS


NOT_ADDED: list[tuple[Draft, str]] = [
    ({**MORE, "consent": 0}, "consent"),
    ({**MORE, "text": ""}, "input"),
    ({**MORE, "languages": [1]}, "input"),
    ({**MORE, "eyes": 2}, "input"),
    ({**MORE, "text": "x" * (c.TEXT_BYTES + 1)}, "too_long"),
]


def test_P8_R12_what_is_added_needs_a_yes_and_its_form(page: Browser, harbour: Provider) -> None:
    """Nothing is sealed for it."""
    receipt = _kept_receipt(page, harbour)
    for said, kind in NOT_ADDED:
        refused(page, "startAdding", kind, receipt=receipt, said=said)


def test_P7_P8_R13_what_is_taken_back_is_gone_and_stays_gone(
    page: Browser, harbour: Provider
) -> None:
    """Read again, kept longer, added to, taken back once more: nothing is there."""
    receipt = asked(page, harbour)
    page.do("startAdding", receipt=receipt, said=MORE)
    assert page.do("withdraw", receipt=receipt) is True
    assert page.do("read", receipt=receipt) is None
    assert page.do("renew", receipt=receipt) is None
    assert page.do("add") is None
    assert page.do("withdraw", receipt=receipt) is True


def test_P10_a_request_whose_answer_was_lost_is_sent_again_as_the_very_same(
    harbour: Provider,
) -> None:
    """The page says "unreachable" at once, never repeats by itself, and makes no second one."""
    harbour.catch_up()
    with relays.relay(serving.port_of(harbour.at.server)) as way, browser(way.url) as there:
        there.do("open", code=harbour.code())
        receipt = there.do("receipt")
        there.do("seal", draft=DRAFT)
        way.lose["/v1/referrals"] = 1
        refused(there, "send", "unreachable")
        assert len(way.to("/v1/referrals")) == 1
        assert there.do("send") is not None
        assert there.do("delivered") is True
        first, second = way.to("/v1/referrals")
        assert first.body == second.body
        assert there.do("read", receipt=receipt)["name"] == NAMES[HARBOUR]
    harbour.newest()


def test_P10_a_walk_in_and_an_addition_are_repeated_alike(open_door: Provider) -> None:
    """Neither is made twice by a lost answer."""
    with relays.relay(serving.port_of(open_door.at.server)) as way, browser(way.url) as there:
        there.do("list")
        there.do("choose", name=NAMES[OPEN_DOOR])
        receipt = there.do("receipt")
        there.do("seal", draft=DRAFT)
        way.lose |= {"/v1/walk-ins": 1, "/v1/boxes/add": 1}
        refused(there, "send", "unreachable")
        last_epoch = there.do("send")
        there.do("startAdding", receipt=receipt, said=MORE)
        refused(there, "add", "unreachable")
        assert there.do("add") == last_epoch
        for path in ("/v1/walk-ins", "/v1/boxes/add"):
            first, second = way.to(path)
            assert first.body == second.body


def test_a_call_that_only_reads_is_tried_twice_and_no_more(town: Deployment) -> None:
    """One lost answer is not noticed; two are."""
    with relays.relay(serving.port_of(town.server)) as way, browser(way.url) as there:
        way.lose["/v1/network"] = 1
        there.do("network")
        assert len(way.to("/v1/network")) == 2
        way.lose["/v1/network"] = 2
        refused(there, "network", "unreachable")
        assert len(way.to("/v1/network")) == 4


@pytest.mark.parametrize("path", ["/v1/network", "/v1/codes/open", "/v1/referrals"])
def test_an_answer_that_was_cut_is_no_answer(
    harbour: Provider, open_door: Provider, path: str
) -> None:
    """Half an answer is taken for nothing, and a storing call is not repeated for it."""
    code = _kept_code(harbour) if path != "/v1/referrals" else open_door.code()
    with relays.relay(serving.port_of(harbour.at.server)) as way, browser(way.url) as there:
        if path == "/v1/referrals":
            there.do("open", code=code)
            there.do("receipt")
            there.do("seal", draft=DRAFT)
            way.cut_answer[path] = 300
            refused(there, "send", "unreachable")
            assert there.do("send") is not None
        else:
            way.cut_answer[path] = 300
            assert there.do("open", code=code)["name"] == NAMES[HARBOUR]


def test_P4_R24_reading_asks_for_every_slot_whatever_is_there(
    page: Browser, harbour: Provider
) -> None:
    """The calls for an open box, a wrong word and a receipt of nothing look alike."""
    receipt = _kept_receipt(page, harbour)
    nothing = code_text.symbols(bytes(10), Kind.RECEIPT)
    seen = []
    with relays.relay(serving.port_of(harbour.at.server)) as way, browser(way.url) as there:
        for given in (
            {"receipt": receipt},
            {"receipt": receipt, "word": "x"},
            {"receipt": nothing},
        ):
            way.exchanges.clear()
            there.do("read", **given)
            reads = way.to("/v1/boxes/read")
            assert {one.path for one in way.exchanges} == {"/v1/network", "/v1/boxes/read"}
            seen.append(sorted((len(one.body), len(one.answered)) for one in reads))
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]) == c.SLOTS // c.READ_SLOTS


def test_P5_no_call_carries_anything_that_tells_pages_apart(town: Deployment) -> None:
    """No cookie, no referrer, no secret in any path."""
    with relays.relay(serving.port_of(town.server)) as way, browser(way.url) as there:
        there.do("list")
        nothing = code_text.symbols(bytes(10), Kind.RECEIPT)
        there.do("read", receipt=nothing)
        for one in way.exchanges:
            head = one.head.lower()
            assert b"\r\ncookie:" not in head
            assert b"\r\nreferer:" not in head
            assert b"cache-control: no-cache" in head
        assert {one.path for one in way.exchanges} <= {
            "/v1/network",
            "/v1/directory",
            "/v1/boxes/read",
        }


@pytest.mark.parametrize("way_in", ["code", "choice"])
def test_P2_P9_who_was_suspended_while_the_form_was_filled_in_gets_nothing(
    started: Deployment, way_in: str
) -> None:
    """The look before sealing sees it, and after 60 seconds an earlier look does not count."""
    with browser(started.url) as page:
        if way_in == "code":
            page.do("open", code=Provider(started, HARBOUR).code())
        else:
            page.do("list")
            page.do("choose", name=NAMES[HARBOUR])
        page.do("receipt")
        page.do("again")
        started.admin("cy", "suspend", NAMES[HARBOUR]).done()
        kind = "suspended" if way_in == "code" else "closed"
        refused(page, "again", kind)
        refused(page, "seal", kind, draft=DRAFT)
        page.do("later", seconds=61)
        refused(page, "seal", kind, draft=DRAFT)


def test_the_look_before_sealing_counts_for_60_seconds_and_is_one_call(
    town: Deployment, harbour: Provider
) -> None:
    """From the last tap to "sent" there is one round trip, where the page looked ahead."""
    with relays.relay(serving.port_of(town.server)) as way, browser(way.url) as page:
        page.do("open", code=_kept_code(harbour))
        page.do("receipt")
        looks = [len(way.to("/v1/network"))]
        for seconds, ahead in ((0, False), (0, True), (50, False), (15, False), (-99, False)):
            page.do("later", seconds=seconds)
            if ahead:
                page.do("again")
            page.do("seal", draft=DRAFT)
            looks.append(len(way.to("/v1/network")))
    # One of its own; the one ahead, which is still good after 50 s; one of its own after 65 s, and
    # one where the clock was set back.
    assert [after - before for before, after in pairwise(looks)] == [1, 1, 0, 1, 1]


def test_a_device_of_another_day_is_told_so(started: Deployment) -> None:
    """A walk-in of a day that the server does not take: the date of the device is wrong."""
    with browser(started.url, days=3) as page:
        page.do("list")
        page.do("choose", name=NAMES[OPEN_DOOR])
        page.do("receipt")
        page.do("seal", draft=DRAFT)
        refused(page, "send", "date")


def test_R10_a_walk_in_that_was_sealed_before_midnight_is_worked_for_again(
    started: Deployment,
) -> None:
    """The envelope stays, the work is of the new day, and it is delivered."""
    with browser(started.url) as page:
        page.do("list")
        page.do("choose", name=NAMES[OPEN_DOOR])
        page.do("receipt")
        page.do("seal", draft=DRAFT)
        for _ in range(2):  # yesterday's is taken too
            started.days.pass_by(1)
            page.do("later", days=1)
        assert page.do("send") is not None
        assert page.do("delivered") is True


def test_P7_R25_what_has_ended_opens_no_more_and_what_is_kept_longer_does(
    started: Deployment,
) -> None:
    """Fourteen days, and fourteen more for whoever asked for them."""
    harbour = Provider(started, HARBOUR)
    with browser(started.url) as page:
        ended, kept = asked(page, harbour), asked(page, harbour)
        started.days.pass_by(10)
        page.do("later", days=10)
        assert page.do("renew", receipt=kept) > page.do("read", receipt=ended)["last_epoch"]
        started.days.pass_by(8)
        page.do("later", days=8)
        assert page.do("read", receipt=ended) is None
        assert page.do("read", receipt=kept) is not None


_KEPT: dict[tuple[str, str], str] = {}


def _kept_code(provider: Provider) -> str:
    """A code that no test uses up, so that the stock lasts."""
    place = (str(provider.at.folder), "code")
    return _KEPT.setdefault(place, "") or _keep(place, provider.code())


def _kept_receipt(page: Browser, provider: Provider) -> str:
    """A receipt that no test takes back."""
    place = (str(provider.at.folder), "receipt")
    return _KEPT.setdefault(place, "") or _keep(place, asked(page, provider))


def _keep(place: tuple[str, str], value: str) -> str:
    _KEPT[place] = value
    return value


def _id(name: str, code: str) -> int:
    return next(one.id for one in load(name).offered() if one.code == code)
