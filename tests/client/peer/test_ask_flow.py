"""Asking with a code, below the screen: what is checked, when it is checked, what is sealed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from client.api import Api
from client.errors import FirstDo, NotReadable, NotVetted, ServerProblem, Trouble
from client.flows import ask, ways
from crypto import constants as c
from crypto.client import code_text
from crypto.client.code_text import Kind
from crypto.client.message import Message
from crypto.public import requests
from tests.client.peer.conftest import MakeTown
from tests.client.peer.providers import Organisation, choice, this_day
from tests.client.peer.town import Town, fingerprint
from tests.client.peer.wires import quick
from tests.crypto.records import stream

DRAFT = Message(
    consent=c.CONSENT_PERSON,
    needs=(choice("needs", "sleep_tonight"), choice("needs", "documents")),
    languages=(choice("languages", "ko"),),
    channels=(choice("channel", "come_back"),),
    eyes=c.EYES_RECEIPT,
)


def bytes_of(text: str) -> bytes:
    """The 10 bytes of a code's text."""
    return code_text.read(text, Kind.CODE).secret


def opened(api: Api, town: Town, name: str = "one") -> ask.Opened:
    """Publish a code and open it."""
    found = ask.open_code(api, bytes_of(town.publish(name)), device_day=this_day())
    assert found is not None
    return found


def way(api: Api, town: Town, name: str = "one") -> ways.ByCode:
    """The way that a new code opens."""
    return ways.ByCode(api, opened(api, town, name), this_day, stream(f"way {name}"))


def receipt_of(town: Town, word: str = "") -> ask.Receipt:
    """A receipt of the town's network."""
    network_id = town.provider.network.network_id
    return ask.make_receipt(network_id, word, random=stream("receipt"))


def test_P1_P8_what_is_sent_is_what_the_provider_reads(town: Town, api: Api) -> None:
    """A request goes there; the provider reads it; slot 0 opens with the receipt."""
    going, receipt = way(api, town), receipt_of(town)
    request, last_epoch = going.send(going.seal(DRAFT, receipt))
    assert last_epoch == this_day() + c.REFERRAL_DAYS
    (locator, sealed), *rest = town.envelopes.items()
    assert not rest
    read = town.provider.read(locator, sealed)
    assert replace(read, box=None) == DRAFT
    assert ask.is_delivered(api, town.provider.network.network_id, request, receipt)


@pytest.mark.parametrize("consent", [0, 3, 9])
def test_P8_R12_T23_without_a_yes_nothing_is_sealed_or_sent(
    town: Town, api: Api, consent: int
) -> None:
    """Not even the network is asked again; and the code lives on."""
    going = way(api, town)
    calls, kept = len(town.calls), fingerprint(town)
    with pytest.raises(FirstDo) as caught:
        going.seal(replace(DRAFT, consent=consent), receipt_of(town))
    assert caught.value.exit_code == 7
    assert len(town.calls) == calls
    assert fingerprint(town) == kept


def test_P4_R5_a_code_that_was_used_is_refused_like_one_that_never_was(
    town: Town, api: Api
) -> None:
    """The client hears one and the same refusal."""
    text = town.publish("one")
    going = ways.ByCode(api, opened(api, town), this_day, stream("used"))
    going.send(going.seal(DRAFT, receipt_of(town)))
    assert ask.open_code(api, bytes_of(text), device_day=this_day()) is None
    assert ask.open_code(api, bytes(10), device_day=this_day()) is None


def test_P4_of_two_who_opened_one_code_the_second_is_refused(town: Town, api: Api) -> None:
    """Both fill in the form; only one is taken."""
    first, second = way(api, town), way(api, town)
    sealed = second.seal(DRAFT, receipt_of(town, "another"))
    assert first.send(first.seal(DRAFT, receipt_of(town)))[1] is not None
    assert second.send(sealed)[1] is None
    assert len(town.envelopes) == 1


def test_P10_a_lost_answer_is_repeated_with_the_same_bytes(town: Town, api: Api) -> None:
    """The code is burnt and the answer lost: the repeat gets the first answer, and makes no two."""
    going, receipt = way(api, town), receipt_of(town)
    request = going.seal(DRAFT, receipt)
    town.lose["/v1/referrals"] = 2
    assert going.send(request)[1] == this_day() + c.REFERRAL_DAYS
    bodies = [body for path, body in town.calls if path == "/v1/referrals"]
    assert len(bodies) == 3
    assert len(set(bodies)) == 1
    assert len(town.envelopes) == 1


def test_P2_P9_who_was_suspended_while_the_form_was_filled_in_gets_nothing(
    town: Town, api: Api
) -> None:
    """The network is looked at again right before sealing."""
    going = way(api, town)
    town.provider.suspended[town.provider.organisations[0].key] = 2
    with pytest.raises(NotVetted, match="not listed any more") as caught:
        going.seal(DRAFT, receipt_of(town))
    assert caught.value.exit_code == 6
    assert town.envelopes == {}


def test_P2_a_record_of_another_organisation_behind_the_code_is_not_shown(
    town: Town, api: Api
) -> None:
    """A server that puts one provider's record behind another's code is found out."""
    text, other = town.publish("one"), town.publish("two")
    locator = town.provider.make_code("one").locator
    town.records[locator] = town.records[town.provider.make_code("two").locator]
    with pytest.raises(NotReadable):
        ask.open_code(api, bytes_of(text), device_day=this_day())
    assert ask.open_code(api, bytes_of(other), device_day=this_day()) is not None


def test_P9_a_record_signed_by_too_few_is_not_shown(town: Town, api: Api) -> None:
    """One admin alone lists nobody."""
    first = town.provider.network.admins[:1]
    town.provider.statements["Open Door"] = {"signed_by": first}
    with pytest.raises(NotVetted, match="Fewer admins"):
        opened(api, town)


@pytest.mark.parametrize(
    ("first", "until", "sentence"),
    [
        (1, 30, "begins on a later day"),
        (-30, -1, "last day"),
    ],
    ids=["not_yet", "over"],
)
def test_P9_R25_a_listing_of_other_days_is_not_taken(
    town: Town, api: Api, first: int, until: int, sentence: str
) -> None:
    """Not yet and no longer are said apart, and the device's date is named as a reason."""
    days = {"first": this_day() + first, "until": this_day() + until}
    town.provider.statements["Open Door"] = days
    with pytest.raises(NotVetted, match=sentence) as caught:
        opened(api, town)
    assert "date of this device" in str(caught.value)


def test_a_device_whose_date_is_a_day_off_still_sends(town: Town, api: Api) -> None:
    """A clock that is off by a day, either way, stops nobody whom a listing of yesterday serves."""
    town.provider.statements["Open Door"] = {"first": this_day() - 1, "until": this_day() + 89}
    for number, day in enumerate((this_day() - 1, this_day() + 1)):
        code = bytes_of(town.publish(f"code {number}"))
        found = ask.open_code(api, code, device_day=day)
        assert found is not None
        again = ask.check_again(api, found, device_day=day)
        sealed = ask.seal(again, DRAFT, receipt_of(town, f"{number}"), random=stream("day"))
        assert api.send(sealed) is not None


def test_P9_a_device_far_ahead_of_the_checkpoint_is_told(make_town: MakeTown) -> None:
    """Eight days ahead of what witnesses saw: the date is wrong, or the list is kept back."""
    town = make_town(witnesses=5)
    api = Api(quick(town.url))
    near = ask.open_code(api, bytes_of(town.publish("one")), device_day=this_day() + 7)
    assert near is not None
    assert not near.view.may_be_withheld
    far = ask.open_code(api, bytes_of(town.publish("two")), device_day=this_day() + 8)
    assert far is not None
    assert far.view.may_be_withheld
    assert far.view.witnessed


def test_P2_another_network_than_the_pinned_one_is_refused(town: Town, api: Api) -> None:
    """The code is not even looked up there."""
    text = town.publish("one")
    with pytest.raises(NotVetted, match="another network"):
        ask.open_code(api, bytes_of(text), device_day=this_day(), network_id=bytes(32))
    assert "/v1/codes/open" not in town.paths()


def test_P8_nobodys_eyes_make_no_box_and_the_call_is_as_long(town: Town, api: Api) -> None:
    """Without a box nothing of it lies on the server, and the length of the call tells nothing."""
    with_box, without = way(api, town, "one"), way(api, town, "two")
    with_box.send(with_box.seal(DRAFT, receipt_of(town)))
    nobody = replace(DRAFT, eyes=c.EYES_NOBODY)
    without.send(without.seal(nobody, None))
    assert len(town.boxes) == 1
    lengths = {len(body) for path, body in town.calls if path == "/v1/referrals"}
    assert len(lengths) == 1


def test_P8_her_word_is_needed_to_read(town: Town, api: Api) -> None:
    """The receipt alone opens nothing once a word was chosen."""
    going, receipt = way(api, town), receipt_of(town, "harbour")
    request, _ = going.send(going.seal(replace(DRAFT, eyes=c.EYES_WORD), receipt))
    network_id = town.provider.network.network_id
    assert ask.is_delivered(api, network_id, request, receipt)
    assert not ask.is_delivered(api, network_id, request, receipt_of(town))
    assert ask.is_delivered(api, network_id, request, receipt_of(town, "  HARBOUR "))


def test_P1_nothing_that_was_said_stands_in_any_call(town: Town, api: Api) -> None:
    """Text, contact, safe word, code and receipt leave the device sealed or not at all."""
    said = replace(DRAFT, text="canary-text", contact="canary-contact", safe_word="canary-word")
    code = town.publish("one")
    going, receipt = way(api, town), receipt_of(town, "canary-own")
    going.send(going.seal(said, receipt))
    sent = b"".join(path.encode() + body for path, body in town.calls)
    assert b"canary" not in sent
    for secret in (bytes_of(code), receipt.secret):
        assert secret.hex().encode() not in sent.lower()
    assert code.encode() not in sent


def test_P10_a_request_in_armour_is_the_very_same(town: Town, api: Api) -> None:
    """Pasted after it was posted it is known again; a changed one is not taken."""
    going, receipt = way(api, town), receipt_of(town)
    request = going.seal(DRAFT, receipt)
    assert isinstance(request, requests.Referral)
    assert going.send(request)[1] == api.paste(requests.armour(request))
    assert api.paste(requests.armour(replace(request, write_key=bytes(32)))) is None
    assert len(town.envelopes) == 1


def test_R1_R35_who_reads_is_known_before_anything_is_typed(town: Town, api: Api) -> None:
    """The code alone shows name, police ties, funding and reporting, as they were signed."""
    found = opened(api, town)
    expected = Organisation("Open Door")
    assert found.recipient.statement.name == "Open Door"
    assert found.recipient.statement.organisation == expected.key
    assert found.recipient.profile.reporting == (choice("reporting", "minors"),)


@pytest.mark.parametrize("kind", ["busy", "broken", "limited", "malformed"])
def test_a_problem_is_never_taken_for_the_refusal(town: Town, api: Api, kind: str) -> None:
    """Only the refusal says that a code is gone; all else can be tried again."""
    code = bytes_of(town.publish("one"))
    status = {"busy": 503, "broken": 500, "limited": 429, "malformed": 400}[kind]
    town.instead["/v1/codes/open"] = (status, kind)
    with pytest.raises(ServerProblem) as caught:
        ask.open_code(api, code, device_day=this_day())
    assert caught.value.kind == kind
    town.instead.clear()
    assert ask.open_code(api, code, device_day=this_day()) is not None


def test_a_plain_404_is_not_the_refusal(town: Town, api: Api) -> None:
    """A page of some web server between says nothing of a code."""
    town.instead["/v1/codes/open"] = (404, {"hello": "world"})
    with pytest.raises(Trouble):
        ask.open_code(api, bytes_of(town.publish("one")), device_day=this_day())
