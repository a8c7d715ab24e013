"""What the page for members shows to others: how much room there is, and codes that end."""

from __future__ import annotations

import pytest

from client import ambient
from client.api import Api
from client.http import Http
from tests.acceptance.browser.conftest import Laptops, Phones
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.working import Laptop, key_file, moves_stock
from tests.acceptance.deployment import OPEN_DOOR, Deployment
from tests.acceptance.people import Provider
from words import load

pytestmark = pytest.mark.needs("chromium")

ENGLISH = page_words("en")


def _back(desk: Laptop) -> None:
    desk.says("shared.back")
    desk.waits_for("list")


def _shown_of(at: Deployment) -> set[tuple[bool, int | None]]:
    api = Api(Http(at.url, proxy=None, random=ambient.random))
    return {(one.walk_ins, one.capacity) for one in api.directory()}


def test_P4_R6_R29_R33_a_batch_that_ends_is_refused_and_room_shows_at_once(
    phones: Phones, laptops: Laptops, started: Deployment
) -> None:
    """Two codes under a name work until their batch ends; then each gets the one refusal. What is
    said of room and walk-ins stands in the directory before the next look.
    """
    shelter = Provider(started, OPEN_DOOR)
    moves_stock(shelter)
    desk = laptops(started).opens("/inbox").choose_language("en").unlocks(key_file(shelter))
    codes = desk.takes_codes(2, "salon")
    assert len(codes) == 2
    for code in codes:
        phone = phones(started)
        phone.opens().choose_language("es").type_code(code)
        assert phone.waits_for("reader", "refused") == "reader"

    desk.says("shared.done")
    desk.waits_for("list")
    desk.says("inbox.list.codes")
    desk.waits_for("codes")
    row = ENGLISH.said("inbox.codes.batch.row", name="salon", out="2", used="0", cancelled="0")
    assert row in desk.shown().replace("\u2068", "").replace("\u2069", "")
    desk.says("inbox.codes.cancel")
    desk.waits_for("cancelling")
    desk.says("inbox.codes.cancel.now")
    desk.waits_for("cancelled")
    seen = set()
    for code in codes:
        phone = phones(started)
        phone.opens().choose_language("es").type_code(code)
        assert phone.waits_for("reader", "refused") == "refused"
        seen.add(phone.shown())
    assert len(seen) == 1, "one refusal"

    desk.says("shared.done")
    desk.waits_for("codes")
    _back(desk)
    desk.says("inbox.list.room")
    desk.waits_for("room")
    few = load("capacity").by_code("few")
    assert few is not None
    desk.tap(desk.choice(ENGLISH["inbox.room.closed"]))
    desk.tap(desk.choice(ENGLISH.choice("capacity", "few")))
    before = _shown_of(started)
    assert (False, few.id) not in before
    desk.says("inbox.room.save")
    desk.waits_for("list")
    assert (False, few.id) in _shown_of(started)
