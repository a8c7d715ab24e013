"""Asking in a place without a network: what was saved is checked, sealed from, and handed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from client.api import Api
from client.errors import FirstDo, NotReadable, NotVetted, Unreachable
from client.flows import ask, carried, choosing
from client.flows.carried import ByKey, Saved
from crypto.client.carried import Carried, Organisation, encode
from crypto.encoding import monday
from crypto.public import requests
from tests.client.peer.conftest import MakeTown
from tests.client.peer.providers import this_day
from tests.client.peer.test_ask_flow import DRAFT, bytes_of, receipt_of
from tests.client.peer.town import Town
from tests.crypto.records import stream


def last_day() -> int:
    """The last day of this week's key."""
    return monday(this_day()) + 6


Change = Callable[[Carried], Carried]


@pytest.fixture
def town(make_town: MakeTown) -> Town:
    """A town with two organisations and three witnesses."""
    return make_town("Open Door", "Harbour House", witnesses=3)


def directory(town: Town, api: Api) -> Carried:
    """What is saved without a code."""
    network_id = town.provider.network.network_id
    found = choosing.fetch(api, device_day=this_day(), network_id=network_id)
    return carried.read(carried.of_directory(found))


def record(town: Town, api: Api, name: str = "one") -> tuple[Carried, bytes]:
    """What is saved for a new code, and the code."""
    code = bytes_of(town.publish(name))
    made = carried.of_code(api, code, device_day=this_day())
    assert made is not None
    return carried.read(made[0]), code


def by_key(saved: Saved, name: str, today: Callable[[], int] = this_day) -> ByKey:
    """The way to an organisation that was saved."""
    chosen = next(one for one in saved.organisations if one.statement.name == name)
    return ByKey(saved, chosen, today, stream(name), lambda *_: None)


def test_R40_a_request_sealed_to_a_carried_record_arrives(town: Town, api: Api) -> None:
    """Nothing is called while it is sealed; handed in, the provider reads it."""
    found, code = record(town, api)
    town.calls.clear()
    saved = carried.check(found, device_day=this_day())
    way = carried.by_record(saved, code, today=this_day, random=stream("offline"))
    receipt = receipt_of(town)
    armour = requests.armour(way.seal(DRAFT, receipt))
    assert town.calls == []
    assert api.paste(armour) is not None
    ((locator, sealed),) = town.envelopes.items()
    assert replace(town.provider.read(locator, sealed), box=None) == DRAFT


def test_R10_a_walk_in_sealed_to_carried_keys_arrives(town: Town, api: Api) -> None:
    """With its work done, it is taken on that day."""
    way = by_key(carried.check(directory(town, api), device_day=this_day()), "Harbour House")
    town.calls.clear()
    armour = requests.armour(way.seal(DRAFT, receipt_of(town)))
    assert town.calls == []
    assert api.paste(armour) is not None
    (sealed,) = town.envelopes.values()
    read = town.provider.read_walk_in(sealed, town.provider.organisations[1])
    assert replace(read, box=None) == DRAFT


def test_P8_R12_without_a_yes_nothing_is_sealed(town: Town, api: Api) -> None:
    """Neither to a record nor to a key."""
    found, code = record(town, api)
    saved = carried.check(found, device_day=this_day())
    coded = carried.by_record(saved, code, today=this_day, random=stream("r"))
    keyed = by_key(carried.check(directory(town, api), device_day=this_day()), "Open Door")
    for way in (coded, keyed):
        with pytest.raises(FirstDo):
            way.seal(replace(DRAFT, consent=0), receipt_of(town))


def test_nothing_is_posted_from_there(town: Town, api: Api) -> None:
    """Sending says that there is no network."""
    way = by_key(carried.check(directory(town, api), device_day=this_day()), "Open Door")
    with pytest.raises(Unreachable):
        way.send(way.seal(DRAFT, receipt_of(town)))


def test_expired_keys_are_no_choice(town: Town, api: Api) -> None:
    """By the device's day, though the checkpoint's day is older; until when they held is known."""
    found = directory(town, api)
    on_the_last = carried.check(found, device_day=last_day())
    assert len(on_the_last.organisations) == 2
    after = carried.check(found, device_day=last_day() + 1)
    assert (after.organisations, after.last) == ((), last_day())
    assert "last day" in str(carried.past(after))


def test_keys_that_expire_while_she_writes_seal_nothing(town: Town, api: Api) -> None:
    """The day is asked again right before sealing."""
    days = [last_day()]
    saved = carried.check(directory(town, api), device_day=last_day())
    way = by_key(saved, "Open Door", lambda: days[0])
    days[0] = last_day() + 1
    with pytest.raises(NotVetted, match="last day"):
        way.seal(DRAFT, receipt_of(town))


def test_an_expired_record_is_refused_when_it_is_opened(town: Town, api: Api) -> None:
    """Before anything is written."""
    found, code = record(town, api)
    day = this_day() + 70
    late = carried.check(found, device_day=day)
    with pytest.raises(NotVetted, match="last day"):
        carried.by_record(late, code, today=lambda: day, random=stream("r"))


def test_another_codes_record_does_not_open(town: Town, api: Api) -> None:
    """And it is said that the text is for another code."""
    found, _ = record(town, api)
    saved = carried.check(found, device_day=this_day())
    other = bytes_of(town.publish("two"))
    with pytest.raises(NotReadable, match="another code"):
        carried.by_record(saved, other, today=this_day, random=stream("r"))


def test_neither_code_nor_locator_is_in_what_is_saved(town: Town, api: Api) -> None:
    """Who finds it can ask no server about the code."""
    found, code = record(town, api)
    (locator,) = town.records
    from_it = encode(found)
    assert code not in from_it
    assert locator not in from_it


def test_P2_a_text_of_another_network_is_refused_where_one_is_known(town: Town, api: Api) -> None:
    """As the server of another network is."""
    with pytest.raises(NotVetted, match="another network"):
        carried.check(directory(town, api), device_day=this_day(), network_id=bytes(32))


def flip(value: bytes, at: int = -20) -> bytes:
    """The same with one bit changed."""
    changed = bytearray(value)
    changed[at] ^= 1
    return bytes(changed)


def base64_changed(note: bytes) -> bytes:
    """A note whose last signature is another one."""
    at = len(note) - 30
    return note[:at] + (b"A" if note[at : at + 1] != b"A" else b"B") + note[at + 1 :]


def of_first(change: Callable[[Organisation], Organisation]) -> Change:
    """A change to the first organisation."""
    return lambda it: replace(
        it, organisations=(change(it.organisations[0]), *it.organisations[1:])
    )


CHANGES: dict[str, Change] = {
    "policy": lambda it: replace(it, policies=(base64_changed(it.policies[0]),)),
    "checkpoint": lambda it: replace(it, checkpoint=base64_changed(it.checkpoint)),
    "suspensions": lambda it: replace(it, suspensions=it.suspensions + b"x"),
    "network": lambda it: replace(it, network_id=flip(it.network_id)),
    "statement": of_first(lambda it: replace(it, statement=base64_changed(it.statement))),
    "profile": of_first(lambda it: replace(it, profile=flip(it.profile, -1))),
    "inclusion": of_first(lambda it: replace(it, hashes=tuple(map(flip, it.hashes)))),
    "place in the log": of_first(lambda it: replace(it, index=it.index + 1)),
    "weekly key": of_first(lambda it: replace(it, weekly_keys=(flip(it.weekly_keys[0], 100),))),
    "its signature": of_first(lambda it: replace(it, weekly_keys=(flip(it.weekly_keys[0]),))),
}


@pytest.mark.parametrize("change", CHANGES)
def test_P2_P9_T54_whatever_was_changed_on_the_way_refuses_the_whole_text(
    town: Town, api: Api, change: str
) -> None:
    """Each signature, hash and place; nothing of it can be chosen."""
    found = directory(town, api)
    assert carried.check(found, device_day=this_day()).organisations
    with pytest.raises(NotVetted):
        carried.check(CHANGES[change](found), device_day=this_day())


def test_P2_T54_a_record_that_was_changed_does_not_open(town: Town, api: Api) -> None:
    """No byte of it can be another."""
    found, code = record(town, api)
    assert found.record is not None
    for at in (0, 10, 40, 100, -1):
        saved = carried.check(replace(found, record=flip(found.record, at)), device_day=this_day())
        with pytest.raises(NotReadable):
            carried.by_record(saved, code, today=this_day, random=stream("r"))


def test_what_is_saved_leaves_the_code_good(town: Town, api: Api) -> None:
    """Saving uses nothing up: the same code sends afterwards."""
    _, code = record(town, api)
    opened = ask.open_code(api, code, device_day=this_day())
    assert opened is not None
    assert api.send(ask.seal(opened, DRAFT, receipt_of(town), random=stream("later"))) is not None
