"""Every screen of the pages for applying and for admins, one after another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.acceptance.browser import vetting
from tests.acceptance.browser.vetting import LANTERN
from tests.acceptance.browser.working import Laptop
from tests.acceptance.deployment import NAMES, OPEN_DOOR

_OF_AN_APPLICATION = ("note", "question", "decline", "minutes", "sign")


def applying(laptop: Laptop, folder: Path) -> Iterator[str]:
    """Go through everything that is asked, to what comes after it was handed in."""
    yield "begin"
    laptop.says("apply.begin.again")
    laptop.waits_for("open")
    yield "open"
    laptop.says("shared.back")
    laptop.waits_for("begin")
    yield from vetting.filling_in(laptop)
    laptop.says("apply.check.keys")
    laptop.waits_for("keys")
    yield "keys"
    laptop.says("shared.back")
    laptop.waits_for("check")
    vetting.makes_keys(laptop, folder)
    yield "keep"
    laptop.says("apply.keep.go")
    laptop.waits_for("sent")
    yield "sent"
    laptop.says("apply.sent.look")
    laptop.waits_for("standing")
    vetting.settled(laptop)
    yield "standing"
    laptop.says("apply.standing.withdraw")
    laptop.waits_for("withdraw")
    yield "withdraw"


def deciding(laptop: Laptop, key: Path) -> Iterator[str]:
    """Go through what an admin sees, and sign nothing."""
    yield "admin: open"
    vetting.sits_down(laptop, key)
    yield "list"
    laptop.says("vetting.list.listed")
    laptop.waits_for("listed")
    yield "listed"
    laptop.tap(laptop.page.get_by_role("button").filter(has_text=NAMES[OPEN_DOOR]).first)
    laptop.waits_for("suspend")
    yield "suspend"
    laptop.says("shared.back")
    laptop.says("shared.back")
    laptop.waits_for("list")
    vetting.reads(laptop, LANTERN.name)
    yield "application"
    for screen in _OF_AN_APPLICATION:
        laptop.says(f"vetting.item.{screen}")
        laptop.waits_for(screen)
        yield screen
        laptop.says("shared.back")
        laptop.waits_for("application")
    laptop.tap(laptop.page.get_by_role("button").filter(has_text="V1").first)
    laptop.waits_for("mark")
    yield "mark"
