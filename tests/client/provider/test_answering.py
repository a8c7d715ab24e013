"""Answering: one answer arrives, whatever happens on the way, and nothing else does."""

from __future__ import annotations

import errno
import json
from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import select

from client.errors import BadInput, FirstDo, Trouble, Unreachable
from client.flows import answering, cases, copies, sending
from client.flows.answering import Wanted
from client.flows.copies import Brought
from client.flows.sending import Outcome
from crypto import constants as c
from crypto.client import answers as answer_forms
from crypto.client.case import Case
from crypto.client.store import Store
from server.models import box_slot
from tests.client.provider.town import Asked, Device, Stopped
from tests.client.test_store_disk import always, trouble

ANSWER = Wanted(state="answered", text="There is a place. You decide.")


def reply(device: Device, wanted: Wanted = ANSWER, *, beside: bool = False) -> Outcome:
    """Answer the one case there is."""
    (opened,) = cases.listed(device.desk.read())
    return answering.answer(
        device.desk, device.api, opened, wanted, today=device.town.today, beside=beside
    )


def texts(asked: Asked) -> list[str]:
    """What the person reads."""
    box = asked.read()
    assert box is not None
    assert not box.unsigned
    return [answer.text for _, answer in box.answers]


@pytest.fixture
def arrived(asked: Asked) -> Asked:
    """A request that is in the inbox."""
    asked.device.sync()
    return asked


def test_R13_whoever_has_the_receipt_reads_the_answer(arrived: Asked) -> None:
    """Signed by the organisation, in the first slot."""
    assert reply(arrived.device) == "sent"
    assert texts(arrived) == [ANSWER.text]
    (opened,) = cases.listed(arrived.device.desk.read())
    assert opened.case.state == 3
    assert [slot for slot, _ in opened.case.answers] == [1]


def test_P10_stopped_at_any_moment_one_answer_arrives(arrived: Asked) -> None:
    """Said again after the stop, it is not said twice."""
    store = arrived.device.desk.home.store
    before, slot_0 = store.read_bytes(), _slots(arrived)
    for at in count(1):
        device = arrived.device.again(at)
        try:
            reply(device)
        except Stopped:
            done = arrived.device.again()
            assert reply(done) == "sent"
            assert texts(arrived).count(ANSWER.text) == 1, at
            tries = (device, done)
            sent = {body for one in tries for body in one.wire.paths("/v1/boxes/answer")}
            assert len(sent) == 1, at
            _empty_box(arrived, slot_0)
            store.write_bytes(before)
        else:
            assert at > 4
            break


def _slots(asked: Asked) -> set[int]:
    """The rows of filled slots."""
    query = select(box_slot.c.id)
    found = asked.device.town.core.database.read(lambda x: list(x.execute(query).scalars()))
    return set(found)


def _empty_box(asked: Asked, spared: set[int]) -> None:
    """Take the answers out of the box, for the next round of the test."""
    gone = box_slot.delete().where(box_slot.c.id.not_in(spared))
    asked.device.town.core.database.write(lambda connection: connection.execute(gone))


def test_P10_a_lost_answer_is_sent_again_byte_for_byte(arrived: Asked) -> None:
    """The server knows it again, and one slot is used."""
    device = arrived.device
    device.wire.lose["/v1/boxes/answer"] = 1
    with pytest.raises(Unreachable):
        reply(device)
    assert reply(device) == "sent"
    first, second = device.wire.paths("/v1/boxes/answer")
    assert first == second
    assert texts(arrived) == [ANSWER.text]


def test_P10_what_could_not_be_sent_goes_with_the_next_sync(arrived: Asked) -> None:
    """And is said to have gone late."""
    device = arrived.device
    device.wire.cut = True
    with pytest.raises(Unreachable):
        reply(device)
    device.wire.cut = False
    assert device.sync_all().sent == 1
    assert texts(arrived) == [ANSWER.text]
    assert device.sync_all().sent == 0


def test_after_a_lost_answer_another_text_goes_into_the_next_slot(arrived: Asked) -> None:
    """Both are there, in their order."""
    device = arrived.device
    device.wire.lose["/v1/boxes/answer"] = 1
    with pytest.raises(Unreachable):
        reply(device)
    assert reply(device, Wanted(state="answered", text="And more.")) == "sent"
    assert texts(arrived) == [ANSWER.text, "And more."]


def test_of_two_devices_the_second_to_answer_is_told_and_decides(arrived: Asked) -> None:
    """Nothing is sent in the first one's place; asked for, it goes into the next slot."""
    device = arrived.device
    brought = Brought(
        device.desk.read(), device.desk.member, device.desk.home.key_file.read_bytes()
    )
    home = copies.found_from(
        device.town.folder / "second",
        brought,
        server="http://127.0.0.1:1",
        replaces=False,
        random=device.town.random,
    )
    second = device.town.device(home)
    assert reply(device) == "sent"
    other = Wanted(state="answered", text="From the other device.")
    assert reply(second, other) == "taken"
    assert texts(arrived) == [ANSWER.text]
    (opened,) = cases.listed(second.desk.read())
    assert sending.outgoing(second.desk.read(), opened.case_id) is None
    assert reply(second, other, beside=True) == "sent"
    assert texts(arrived) == [ANSWER.text, "From the other device."]
    assert [slot for slot, _ in cases.listed(second.desk.read())[0].case.answers] == [2]


def test_P8_a_withdrawn_request_takes_no_answer(arrived: Asked) -> None:
    """It is said, and nothing stays on its way."""
    arrived.withdraw()
    device = arrived.device
    assert reply(device) == "ended"
    (opened,) = cases.listed(device.desk.read())
    assert sending.outgoing(device.desk.read(), opened.case_id) is None
    assert not opened.case.answers


def test_a_closed_request_takes_no_answer(arrived: Asked) -> None:
    """Exit code 7."""
    device = arrived.device
    (opened,) = cases.listed(device.desk.read())
    cases.close(device.desk, opened.case_id, today=device.town.today)
    (closed,) = cases.listed(device.desk.read(), closed=True)
    with pytest.raises(FirstDo, match="closed"):
        answering.answer(device.desk, device.api, closed, ANSWER, today=device.town.today)


def test_P11_saying_closed_closes_and_erases(arrived: Asked) -> None:
    """Also where it went out late."""
    device = arrived.device
    device.wire.cut = True
    with pytest.raises(Unreachable):
        reply(device, Wanted(state="closed"))
    assert arrived.sealed.locator in device.entries(c.ENTRY_SEED)
    device.wire.cut = False
    device.sync()
    assert arrived.sealed.locator not in device.entries(c.ENTRY_SEED)
    assert len(cases.listed(device.desk.read(), closed=True)) == 1


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(state="delivered"),
        Wanted(state="answered"),
        Wanted(state="nonsense", text="x"),
        Wanted(state="try_another"),
        Wanted(state="read", try_another=(bytes(32),)),
        Wanted(state="answered", text="x" * 3001),
        Wanted(state="try_another", try_another=(bytes(32),) * 2),
        Wanted(state="try_another", try_another=tuple(bytes([n]) * 32 for n in range(5))),
    ],
)
def test_what_is_no_answer_is_refused_before_anything_is_sent(
    arrived: Asked, wanted: Wanted
) -> None:
    """Nothing goes out, nothing is kept."""
    device = arrived.device
    before = device.desk.home.store.read_bytes()
    with pytest.raises(Trouble):
        reply(device, wanted)
    assert device.desk.home.store.read_bytes() == before
    assert not device.wire.paths("/v1/boxes/answer")


def test_P8_R36_naming_others_sends_nothing_to_them(arrived: Asked) -> None:
    """The one call is to the person's box; the names travel inside the seal."""
    device = arrived.device
    other = device.town.listed("Other", "other")
    device.wire.calls.clear()
    key = other.desk.organisation_key
    assert reply(device, Wanted(state="try_another", try_another=(key,))) == "sent"
    assert [path for _, path, _, _ in device.wire.calls] == ["/v1/boxes/answer"]
    (body,) = device.wire.paths("/v1/boxes/answer")
    assert set(json.loads(body)) == {"box_id", "write_key", "slot", "sealed"}
    box = arrived.read()
    assert box
    assert box.answers[0][1].try_another == (key,)
    assert not other.sync().requests


def test_P3_an_answer_says_nothing_of_who_sends_it(arrived: Asked) -> None:
    """No signature on the call; only the box's own key."""
    reply(arrived.device)
    (sent,) = [call for call in arrived.device.wire.calls if call[1] == "/v1/boxes/answer"]
    assert set(sent[3]) == {"Content-Type"}


def test_P10_a_full_disk_sends_nothing(arrived: Asked) -> None:
    """What could not be kept could not be repeated."""
    with trouble("write", errno.ENOSPC, always), pytest.raises(Trouble, match="as it was"):
        reply(arrived.device)
    assert not arrived.device.wire.paths("/v1/boxes/answer")


def test_read_takes_nothing_back(arrived: Asked) -> None:
    """A case that was answered stays so."""
    reply(arrived.device)
    assert reply(arrived.device, Wanted(state="read")) == "sent"
    assert cases.listed(arrived.device.desk.read())[0].case.state == 3


def test_after_31_answers_there_is_no_room(arrived: Asked) -> None:
    """It is said before anything is sealed."""
    device = arrived.device
    (opened,) = cases.listed(device.desk.read())
    body = answer_forms.encode_body(
        answer_forms.Answer(state=3, epoch=1, text="x", signature=bytes(64)), 31
    )

    def fill(store: Store) -> Store:
        value = Case.decode(store.entries[c.ENTRY_CASE, opened.case_id])
        full = replace(value, answers=((31, body),)).encode()
        return store.with_entry(c.ENTRY_CASE, opened.case_id, full)

    device.desk.edit(fill)
    with pytest.raises(Trouble, match="All answers"):
        reply(device)


# --- finding, taking, noting ---


@pytest.mark.parametrize("typed", ["", "U", "%", "ZZZZZZ", "0000000000000000000000000000"])
def test_a_mistyped_name_of_a_case_is_refused(arrived: Asked, typed: str) -> None:
    """Exit code 2, and the command that shows them."""
    (opened,) = cases.listed(arrived.device.desk.read())
    if opened.name.startswith(typed) and typed:
        pytest.skip("made-up names meet")
    with pytest.raises(BadInput, match="inbox") as caught:
        cases.find(arrived.device.desk.read(), typed)
    assert caught.value.exit_code == 2


def test_a_case_is_found_by_its_first_signs_as_people_write_them(arrived: Asked) -> None:
    """Small letters, hyphens and look-alikes do not matter."""
    store = arrived.device.desk.read()
    (opened,) = cases.listed(store)
    whole = cases.symbols(opened.case_id)
    assert whole.startswith(opened.name)
    loose = whole.lower().replace("1", "l").replace("0", "o")
    assert cases.find(store, f"{loose[:3]}-{loose[3:9]}").case_id == opened.case_id


def test_names_are_as_long_as_they_must_be(arrived: Asked) -> None:
    """Two cases that begin alike are told apart, and neither is taken for the other."""
    device = arrived.device
    (opened,) = cases.listed(device.desk.read())
    twin = opened.case_id[:-1] + bytes([opened.case_id[-1] ^ 1])
    device.desk.edit(lambda store: store.with_entry(c.ENTRY_CASE, twin, opened.case.encode()))
    store = device.desk.read()
    names = {one.name for one in cases.listed(store)}
    assert len(names) == 2
    assert {cases.find(store, name).case_id for name in names} == {opened.case_id, twin}
    with pytest.raises(BadInput, match="Several"):
        cases.find(store, opened.name)


def test_R30_a_case_is_taken_handed_on_and_given_back(arrived: Asked) -> None:
    """And never to somebody who is no member."""
    device = arrived.device
    (opened,) = cases.listed(device.desk.read())
    cases.take(device.desk, opened.case_id, device.desk.member.member_id)
    (opened,) = cases.listed(device.desk.read())
    assert cases.taker(device.desk.read(), opened.case) == "Anna"
    with pytest.raises(BadInput, match="no such member"):
        cases.take(device.desk, opened.case_id, bytes(16))
    cases.take(device.desk, opened.case_id, b"")
    (opened,) = cases.listed(device.desk.read())
    assert cases.taker(device.desk.read(), opened.case) == ""


@pytest.mark.parametrize("text", ["x" * 16_385, "\x1b[2J"])
def test_a_note_that_can_not_be_kept_is_refused(arrived: Asked, text: str) -> None:
    """Too long, or with signs that a terminal would obey."""
    device = arrived.device
    (opened,) = cases.listed(device.desk.read())
    with pytest.raises(Trouble):
        cases.note(device.desk, opened.case_id, text)
    assert not cases.listed(device.desk.read())[0].case.note
