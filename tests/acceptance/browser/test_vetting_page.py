"""An organisation asks to be listed, admins look and sign, a peer sees it, an admin ends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from client import ambient
from crypto import constants as c
from crypto.client.admin_file import new_admin, seal_admin_file
from tests.acceptance.browser import vetting
from tests.acceptance.browser.conftest import Laptops, Phones
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.phone import NOTHING_KEPT
from tests.acceptance.browser.vetting import LANTERN, MEMBER_PHRASE
from tests.acceptance.browser.working import PHRASE, Laptop
from tests.acceptance.deployment import Deployment

pytestmark = pytest.mark.needs("chromium")

ENGLISH = page_words("en")


def _admin(laptops: Laptops, at: Deployment, name: str) -> Laptop:
    """Let an admin sit down at a browser of her own."""
    laptop = laptops(at)
    vetting.opens(laptop, "/vetting")
    vetting.sits_down(laptop, vetting.admin_key(at, name))
    return laptop


def _looks_again(laptop: Laptop) -> None:
    laptop.says("vetting.list.again")
    vetting.settled(laptop)


def _printed_code(at: Deployment, key: Path, folder: Path) -> str:
    """Let the new organisation's member make codes on her own device, and print one."""
    home = folder / "home"
    phrase = folder / "phrase"
    phrase.write_text(MEMBER_PHRASE)
    options = ("--home", str(home), "--passphrase-file", str(phrase))
    at.run("provider", "import", "--key", str(key), "--server", at.url, *options).done()
    (folder / "stick").mkdir()
    at.run("provider", "copy", str(folder / "stick"), *options).done()
    at.run("provider", "stock", "--now", "--yes", *options).done()
    return str(at.run("provider", "codes", "1", "--json", *options).json()["codes"][0]["code"])


def test_P9_R21_R22_from_applying_to_a_peers_page_and_back_by_one_admin(
    phones: Phones, laptops: Laptops, started: Deployment, tmp_path: Path
) -> None:
    """Two of three sign; police ties and funding are shown; one ends it, for printed codes too."""
    for name in ("ana", "bo", "cy"):
        _admin(laptops, started, name).says("vetting.list.lock")
    hers = laptops(started)
    vetting.opens(hers, "/apply")
    key, store = vetting.applies(hers, tmp_path)
    assert hers.kept() == NOTHING_KEPT

    ana, bo = (_admin(laptops, started, name) for name in ("ana", "bo"))
    for admin in (ana, bo):
        shown = vetting.reads(admin, LANTERN.name)
        tie = ENGLISH.choice("police_tie", "shared_office")
        assert shown.index(tie) < shown.index(ENGLISH.choice("needs", "sleep_tonight"))
        assert LANTERN.contact in shown
        assert LANTERN.texts[3] in shown
    vetting.marks_blocking(ana)
    ana.says("vetting.item.sign")
    ana.waits_for("sign")
    assert ENGLISH["vetting.missing"] in ana.shown(), "one person can't override"
    ana.says("shared.back")
    ana.waits_for("application")
    bo.says("vetting.item.again")
    vetting.settled(bo)
    vetting.marks_blocking(bo)
    ana.says("vetting.item.again")
    vetting.settled(ana)
    before = vetting.signs(ana, "ana")
    assert before.index(tie) < before.index(ENGLISH["vetting.sign.exactly"])
    assert ENGLISH["vetting.signed.more"] in ana.shown()
    bo.says("vetting.item.again")
    vetting.settled(bo)
    assert ENGLISH.said("vetting.list.signed", signed="1", needed="2") in bo.shown()
    vetting.signs(bo, "bo")
    assert ENGLISH["vetting.signed.listed"] in bo.shown()

    again = laptops(started)
    vetting.comes_back(again, key, store)
    assert ENGLISH["apply.standing.signed"] in again.shown()
    again.says("apply.standing.keep")
    again.page.get_by_text(ENGLISH["apply.standing.open"]).wait_for()
    code = _printed_code(started, key, tmp_path)

    peer = phones(started)
    peer.opens().choose_language("en").type_code(code)
    peer.waits_for("reader")
    shown = peer.shown()
    assert LANTERN.name in shown
    for tie in (ENGLISH.choice("police_tie", "shared_office"), ENGLISH.choice("funding", "pledge")):
        assert tie in shown

    cy = _admin(laptops, started, "cy")
    vetting.suspends(cy, LANTERN.name, "cy")
    other = phones(started)
    other.opens().choose_language("en").type_code(code)
    other.page.get_by_role("alert").filter(has_text=ENGLISH["trouble.suspended"]).wait_for()
    assert "reader" not in other.screens


def test_R21_two_who_write_at_once_overwrite_nothing_and_lose_nothing_that_was_typed(
    laptops: Laptops, started: Deployment, tmp_path: Path
) -> None:
    """Who comes second is shown what the other wrote, keeps her text, and sends it behind it."""
    for name in ("ana", "bo"):
        _admin(laptops, started, name).says("vetting.list.lock")
    hers = laptops(started)
    vetting.opens(hers, "/apply")
    vetting.applies(hers, tmp_path)
    ana, bo = (_admin(laptops, started, name) for name in ("ana", "bo"))
    for admin, text in ((ana, "I rang them: nobody answered."), (bo, "I was there on Monday.")):
        vetting.reads(admin, LANTERN.name)
        admin.says("vetting.item.note")
        admin.waits_for("note")
        admin.types("vetting.note.label", text)
    ana.says("vetting.note.send")
    ana.waits_for("application")
    bo.says("vetting.note.send")
    bo.page.get_by_role("alert").filter(has_text=ENGLISH["vetting.trouble.stale"]).wait_for()
    assert "I rang them: nobody answered." in bo.shown(), "he reads it first"
    label = ENGLISH["vetting.note.label"]
    assert bo.page.get_by_label(label, exact=True).input_value() == "I was there on Monday."
    bo.says("vetting.note.send")
    bo.waits_for("application")
    written = bo.page.locator("ol.entries > li")
    assert ["rang" in written.nth(0).inner_text(), "Monday" in written.nth(1).inner_text()] == [
        True,
        True,
    ]
    vetting.marks(bo, 3, c.MARK_NOT_MET, "There is a unit on the same floor.")
    bo.waits_for("application")
    ana.says("vetting.item.again")
    vetting.settled(ana)
    vetting.marks_blocking(ana)
    ana.says("vetting.item.sign")
    ana.waits_for("sign")
    objection = ENGLISH.said("vetting.missing.objection", criterion="V3", name="bo")
    assert objection in ana.shown(), "what one found, another can't override"
    assert ana.button(ENGLISH.said("vetting.sign.go", name="ana")).count() == 0


def test_R21_an_applicant_reads_a_no_and_takes_back_what_was_handed_in(
    laptops: Laptops, started: Deployment, tmp_path: Path
) -> None:
    """The reason stays among admins; what the applicant is told is all that reaches them."""
    for name in ("ana", "bo"):
        _admin(laptops, started, name).says("vetting.list.lock")
    hers = laptops(started)
    vetting.opens(hers, "/apply")
    key, store = vetting.applies(hers, tmp_path)
    ana = _admin(laptops, started, "ana")
    vetting.reads(ana, LANTERN.name)
    ana.says("vetting.item.decline")
    ana.waits_for("decline")
    ana.types("vetting.decline.reason", "They would not show the grant.")
    ana.types("vetting.decline.told", "Please show the grant, then ask again.")
    ana.says("vetting.decline.send")
    ana.waits_for("application")
    again = laptops(started)
    vetting.comes_back(again, key, store)
    assert "Please show the grant, then ask again." in again.shown()
    assert "They would not show the grant." not in again.shown()
    again.says("apply.standing.withdraw")
    again.waits_for("withdraw")
    again.says("apply.standing.withdraw")
    again.waits_for("taken")
    ana.says("shared.back")
    ana.waits_for("list")
    _looks_again(ana)
    assert LANTERN.name not in ana.shown()


@pytest.mark.parametrize(
    ("file", "phrase", "trouble"),
    [
        ("ana.key", "five words that do not", "passphrase"),
        ("phrase", PHRASE, "admin_file"),
        ("stranger.key", PHRASE, "no_admin"),
    ],
)
def test_P9_the_page_for_admins_opens_for_nobody_else(
    laptops: Laptops, started: Deployment, file: str, phrase: str, trouble: str
) -> None:
    """A wrong passphrase, another file, the key of somebody whom the policy does not name."""
    admins = started.folder / "admins"
    (admins / "stranger.key").write_bytes(
        seal_admin_file(new_admin("ana", random=ambient.random), PHRASE, random=ambient.random)
    )
    laptop = laptops(started)
    vetting.opens(laptop, "/vetting")
    laptop.page.locator("input[type=file]").set_input_files(str(admins / file))
    laptop.types("vetting.open.passphrase", phrase)
    laptop.says("vetting.open.go")
    alert = laptop.page.get_by_role("alert").filter(has_text=ENGLISH[f"vetting.trouble.{trouble}"])
    alert.wait_for(timeout=180_000)
    assert [path for path in laptop.seen.paths() if path.startswith("/v1/applications")] == []
