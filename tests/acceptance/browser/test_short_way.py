"""The short way: how little has to be tapped between a code and "sent"."""

from __future__ import annotations

import pytest

from tests.acceptance.browser.phone import NOTHING_KEPT, Phone
from tests.acceptance.deployment import OPEN_DOOR, Deployment
from tests.acceptance.people import Provider

pytestmark = pytest.mark.needs("chromium")

SHORT = ["reader", "needs", "safe", "check", "receipt", "sending", "done"]


def test_R8_R24_six_taps_lead_from_the_code_to_sent(phone: Phone, started: Deployment) -> None:
    """Who reads this, one need, next, a safe way, the yes, send: nothing else has to be tapped."""
    code = Provider(started, OPEN_DOOR).code()
    phone.opens().choose_language("en").type_code(code)
    phone.waits_for("reader")
    before = phone.taps
    receipt = phone.goes_to_the_end(("sleep_tonight",))
    assert phone.taps - before == 6
    at = phone.screens.index("reader")
    assert phone.screens[at:] == SHORT
    assert phone.kept() == NOTHING_KEPT
    assert len(receipt) > 10
