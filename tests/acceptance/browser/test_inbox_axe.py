"""axe-core on the screens of the inbox, in a language of each direction, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance import people
from tests.acceptance.browser.conftest import Laptops
from tests.acceptance.browser.lying import joins
from tests.acceptance.browser.test_axe import SCHEMES, in_every, violations
from tests.acceptance.browser.working import Laptop, key_file, moves_stock
from tests.acceptance.deployment import OPEN_DOOR, Deployment
from tests.acceptance.people import SLEEP, Provider

pytestmark = pytest.mark.needs("chromium", "node")

ASKED = SLEEP | {"channels": ["call"], "contact": "0171 5550144", "text": "At the blue gate."}
BATCH = "Laundry"
# Each screen that is one button away from a place, which leads back with one more.
_OF_A_REQUEST = {"answer": "answer", "cannot": "cannot", "give": "give", "copy": "export"}


def _at_the_door(laptop: Laptop, key: Path) -> Iterator[str]:
    """Go through what stands there before anything is opened."""
    yield "open"
    laptop.says("inbox.open.go")
    yield "open, nothing chosen"
    for screen, way in {"invited": "invited", "recover": "recovery"}.items():
        laptop.says(f"inbox.open.{way}")
        laptop.waits_for(screen)
        yield screen
        laptop.says("shared.back")
        laptop.waits_for("open")
    laptop.unlocks(key)


def _of_a_request(laptop: Laptop) -> Iterator[str]:
    """Go through a request and everything that can be done with it, and close it."""
    laptop.waits_until(lambda: len(laptop.rows()) == 1)
    yield "list"
    laptop.opens_request()
    yield "request"
    laptop.says("inbox.case.text")
    yield "request, own words"
    for screen, way in _OF_A_REQUEST.items():
        laptop.says(f"inbox.case.{way}")
        laptop.waits_for(screen)
        if screen == "cannot":
            laptop.page.locator(".choices button").first.wait_for()
        yield screen
        laptop.says("shared.back")
        laptop.waits_for("request")
    laptop.answers_with("Come at nine.")
    yield "told"
    laptop.says("shared.done")
    laptop.waits_for("request")
    laptop.says("inbox.case.close")
    laptop.waits_for("close")
    yield "close"
    laptop.says("inbox.close.yes")
    laptop.waits_for("list")
    yield "list, nothing in it"


def _of_codes(laptop: Laptop) -> Iterator[str]:
    """Take codes, and look at their batch and its end."""
    laptop.says("inbox.list.codes")
    laptop.waits_for("codes")
    yield "codes"
    laptop.says("shared.back")
    laptop.takes_codes(2, BATCH)
    yield "codes taken"
    laptop.says("shared.done")
    laptop.waits_for("list")
    laptop.says("inbox.list.codes")
    laptop.says("inbox.codes.cancel")
    laptop.waits_for("cancelling")
    yield "cancelling"
    laptop.says("shared.back")
    laptop.says("shared.back")


def _of_members(laptop: Laptop, name: str) -> Iterator[str]:
    """Look at room, work and members; invite, begin to remove, and make no recovery sheet."""
    for screen in ("room", "work"):
        laptop.says(f"inbox.list.{screen}")
        laptop.waits_for(screen)
        yield screen
        laptop.says("shared.back")
    laptop.says("inbox.list.members")
    laptop.waits_for("members")
    yield "members"
    remove = laptop.words["inbox.members.remove"].split("{", 1)[0]
    laptop.tap(laptop.page.get_by_role("button").filter(has_text=name).filter(has_text=remove))
    laptop.waits_for("remove")
    yield "remove"
    laptop.says("shared.back")
    laptop.says("inbox.members.recovery")
    laptop.waits_for("recovery")
    yield "recovery"
    laptop.says("shared.back")
    laptop.says("inbox.members.invite")
    laptop.waits_for("invite")
    yield "invite"
    laptop.types("inbox.invite.name", "Cy")
    laptop.says("inbox.invite.make")
    laptop.waits_for("invited")
    yield "invited, its code"


@pytest.mark.parametrize("language", in_every(("en", "ar")))
def test_R16_axe_finds_nothing_on_any_screen_of_the_inbox(
    laptops: Laptops, started: Deployment, tmp_path: Path, language: str
) -> None:
    """From the door to an invitation, light and dark."""
    shelter = Provider(started, OPEN_DOOR)
    people.ask(started, shelter.code(), ASKED)
    joins(shelter, "Bo", tmp_path)
    moves_stock(shelter)
    laptop = laptops(started).opens("/inbox").choose_language(language)
    found, looked_at = [], []
    for part in (
        _at_the_door(laptop, key_file(shelter)),
        _of_a_request(laptop),
        _of_codes(laptop),
        _of_members(laptop, "Bo"),
    ):
        for screen in part:
            for scheme in SCHEMES:
                laptop.page.emulate_media(color_scheme=scheme)
                found += [f"{screen}, {scheme}: {one}" for one in violations(laptop.page)]
            looked_at.append(screen)
    assert found == []
    assert len(looked_at) == len(set(looked_at)) > 20
