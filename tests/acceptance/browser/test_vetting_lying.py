"""A server that changes what the page for admins and the page for applying are given."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route

from crypto import constants as c
from crypto.client import hpke
from crypto.client.admin_file import open_admin_file
from crypto.public import admin_keys
from crypto.public.note_signing import Signer
from tests.acceptance.browser import vetting
from tests.acceptance.browser.conftest import Laptops
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.vetting import LANTERN
from tests.acceptance.browser.working import PHRASE, Laptop
from tests.acceptance.deployment import ADMINS, NAMES, OPEN_DOOR, Deployment
from tests.crypto import vettings

pytestmark = pytest.mark.needs("chromium")

ENGLISH = page_words("en")
Change = Callable[[dict[str, Any]], dict[str, Any]]


def _changes(laptop: Laptop, path: str, change: Change) -> None:
    """Let every answer of a call be another from now on."""

    def answer(route: Route) -> None:
        got = route.fetch()
        if got.status != 200:
            route.fulfill(response=got)
        else:
            route.fulfill(response=got, json=change(got.json()))

    laptop.page.route(f"**{path}", answer)


def _raw(text: str) -> bytearray:
    return bytearray(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _flipped(text: str, at: int) -> str:
    data = _raw(text)
    data[at] ^= 1
    return _text(bytes(data))


def _applied(laptops: Laptops, at: Deployment, folder: Path) -> None:
    hers = laptops(at)
    vetting.opens(hers, "/apply")
    vetting.applies(hers, folder)


def test_P9_T70_a_changed_application_is_shown_as_that_and_can_not_be_signed(
    laptops: Laptops, started: Deployment, tmp_path: Path
) -> None:
    """One bit of each: none of them opens, and nothing of them is shown."""
    _applied(laptops, started, tmp_path)
    admin = laptops(started)
    vetting.opens(admin, "/vetting")
    _changes(
        admin,
        "/v1/applications/open",
        lambda said: (
            said | {"application": said["application"] and _flipped(said["application"], -20)}
        ),
    )
    vetting.sits_down(admin, vetting.admin_key(started, "ana"))
    rows = admin.page.locator("li.request").all_inner_texts()
    assert len(rows) == len(NAMES) + 1
    assert all(ENGLISH["vetting.list.sealed"] in one for one in rows)
    assert LANTERN.name not in admin.shown()
    assert LANTERN.contact not in admin.shown()


def test_P9_T70_an_application_under_another_id_does_not_open(
    laptops: Laptops, started: Deployment, tmp_path: Path
) -> None:
    """A server that answers every question with one application puts none before an admin."""
    _applied(laptops, started, tmp_path)
    admin = laptops(started)
    vetting.opens(admin, "/vetting")
    first: list[str] = []

    def same(said: dict[str, Any]) -> dict[str, Any]:
        first.append(said["application"])
        return said | {"application": first[0]}

    _changes(admin, "/v1/applications/open", same)
    vetting.sits_down(admin, vetting.admin_key(started, "ana"))
    rows = admin.page.locator("li.request").all_inner_texts()
    assert sum(ENGLISH["vetting.list.sealed"] in one for one in rows) == len(NAMES)


def test_P9_T70_marks_that_a_server_swaps_or_makes_count_for_nothing(
    laptops: Laptops, started: Deployment, tmp_path: Path
) -> None:
    """Marks in another order, and bytes of its own, are shown as what does not hold."""
    _applied(laptops, started, tmp_path)
    ana, bo = laptops(started), laptops(started)
    vetting.opens(ana, "/vetting")
    vetting.sits_down(ana, vetting.admin_key(started, "ana"))
    vetting.reads(ana, LANTERN.name)
    vetting.marks_blocking(ana)
    vetting.opens(bo, "/vetting")
    made = _text(bytes([1]) + bytes(c.VETTING_ENTRY_BYTES - 1))
    _changes(
        bo,
        "/v1/applications/open",
        lambda said: said | {"entries": [*reversed(said["entries"]), made]},
    )
    vetting.sits_down(bo, vetting.admin_key(started, "bo"))
    vetting.reads(bo, LANTERN.name)
    broken = bo.page.get_by_text(ENGLISH["vetting.entry.broken"])
    held = 1  # the one in the middle stayed where it was
    assert broken.count() >= len(c.VETTING_BLOCKING) + 1 - held
    bo.says("vetting.item.sign")
    bo.waits_for("sign")
    assert ENGLISH["vetting.missing"] in bo.shown()
    assert bo.button(ENGLISH.said("vetting.sign.go", name="bo")).count() == 0


def test_P1_T70_an_application_is_sealed_to_no_key_that_no_admin_signed(
    laptops: Laptops, started: Deployment
) -> None:
    """Of three keys of which two were changed on the way one is left: the page seals nothing."""
    hers = laptops(started)
    vetting.opens(hers, "/apply")

    def change(said: dict[str, Any]) -> dict[str, Any]:
        keys = said["admin_keys"]
        assert len(keys) >= len(ADMINS) - 1
        return {"admin_keys": [*(_flipped(one, 100) for one in keys[1:]), keys[0]]}

    _changes(hers, "/v1/admins", change)
    hers.says("apply.begin.go")
    alert = hers.page.get_by_role("alert").filter(has_text=ENGLISH["vetting.trouble.few_admins"])
    alert.wait_for()
    assert hers.screens[-1] == "begin"


def test_P9_T66_a_page_applies_past_an_admin_who_posts_anothers_key(
    laptops: Laptops, started: Deployment, tmp_path: Path
) -> None:
    """It is sealed to that key once and says whose it may be; whose it is reads it."""
    hers, bo = laptops(started), laptops(started)
    owner, thief = (_signer(started, name) for name in ("bo", "cy"))
    network_id = bytes.fromhex(started.network_id)
    public_key = hpke.public_key(admin_keys.reading_seed(owner.seed, network_id))
    stolen = vettings.signed_key(thief, network_id, public_key)

    def change(said: dict[str, Any]) -> dict[str, Any]:
        own = [one for one in said["admin_keys"] if _raw(one)[33:65] != stolen[33:65]]
        return {"admin_keys": [_text(stolen), *own]}

    _changes(hers, "/v1/admins", change)
    vetting.opens(hers, "/apply")
    vetting.fills_in(hers)
    assert "Sealed to 2 people: ana, bo / cy." in hers.shown()
    vetting.makes_keys(hers, tmp_path)
    hers.says("apply.keep.go")
    hers.waits_for("sent")
    vetting.opens(bo, "/vetting")
    vetting.sits_down(bo, vetting.admin_key(started, "bo"))
    assert LANTERN.contact in vetting.reads(bo, LANTERN.name)


def _signer(at: Deployment, name: str) -> Signer:
    return open_admin_file(vetting.admin_key(at, name).read_bytes(), PHRASE)


def test_P9_T70_a_suspension_that_the_server_hides_is_told(
    laptops: Laptops, started: Deployment
) -> None:
    """It says that it took it, and goes on showing the listing as before."""
    admin = laptops(started)
    vetting.opens(admin, "/vetting")
    vetting.sits_down(admin, vetting.admin_key(started, "ana"))
    before: dict[str, Any] = {}

    def kept(path: str) -> Change:
        return lambda said: before.setdefault(path, said)

    for path in ("/v1/network", "/v1/directory"):
        _changes(admin, path, kept(path))
    admin.says("vetting.list.again")
    vetting.settled(admin)
    admin.says("vetting.list.listed")
    admin.waits_for("listed")
    admin.tap(admin.page.get_by_role("button").filter(has_text=NAMES[OPEN_DOOR]).first)
    admin.waits_for("suspend")
    admin.tap(admin.button(ENGLISH.said("vetting.suspend.go", name="ana")))
    alert = admin.page.get_by_role("alert").filter(has_text=ENGLISH["vetting.trouble.not_shown"])
    alert.wait_for()
    assert admin.screens[-1] == "suspend"
