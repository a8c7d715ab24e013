"""Handing out codes, the second copy, and the page to print."""

from __future__ import annotations

import errno
import html
import re
import stat
from itertools import count
from pathlib import Path

import pytest
import segno

from client import home as homes
from client import sheet
from client.errors import BadInput, CodeRefused, FirstDo, Unreachable
from client.flows import copies, handing, kept, stock_data
from client.flows.days import day
from client.home import with_copy
from client.sheet import Card, Layout
from crypto import constants as c
from crypto.client.store import SLOTS_END, SLOTS_START
from tests.client.provider.town import NAME, Asked, Device, Stopped, Town
from tests.client.test_store_disk import always, trouble
from words import catalogues

SECRET = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){4}")


def hand_out(device: Device, number: int = 1) -> list[handing.Handed]:
    """Hand out codes."""
    return handing.hand_out(device.desk, number, today=device.town.today)


def ready(device: Device) -> int:
    """How many are in stock."""
    store = device.desk.read()
    return len(stock_data.ready(store, device.desk.home.stocks, device.town.today))


def stick_of(device: Device) -> Path:
    """The folder of the second copy."""
    assert device.desk.home.copy is not None
    return device.desk.home.copy


def test_R5_both_forms_and_the_day_before_the_last_epoch(stocked: Device) -> None:
    """What is printed can be counted on, everywhere in the world."""
    (one,) = hand_out(stocked)
    assert SECRET.fullmatch(one.symbols)
    assert len(one.digits.replace(" ", "")) == 27
    assert one.last_day == stocked.town.today + c.CODE_DAYS - 1


def test_P4_no_code_is_handed_out_twice(stocked: Device) -> None:
    """Until the stock is empty; then it says so, with exit code 7 and what to do."""
    given = [one.code for _ in range(3) for one in hand_out(stocked)]
    assert len(set(given)) == 3
    with pytest.raises(FirstDo, match=r"no code in stock.*provider stock") as caught:
        hand_out(stocked)
    assert caught.value.exit_code == 7


@pytest.mark.parametrize("number", [4, 100])
def test_all_that_were_asked_for_or_none(stocked: Device, number: int) -> None:
    """Too few in stock hands out none."""
    with pytest.raises(FirstDo, match="Only 3"):
        hand_out(stocked, number)
    assert ready(stocked) == 3


@pytest.mark.parametrize("number", [0, -1])
def test_a_number_that_is_none_is_refused(stocked: Device, number: int) -> None:
    """Nothing, and less than nothing."""
    with pytest.raises(BadInput):
        hand_out(stocked, number)


def test_P10_without_a_place_for_the_copy_no_code_is_seen(stocked: Device) -> None:
    """A lost device must not take every request with it."""
    home = stocked.desk.home
    text = (home.folder / "home.json").read_text()
    (home.folder / "home.json").write_text(re.sub(r'"copy": ".*"', '"copy": null', text))
    bare = stocked.town.device(homes.load(home.folder))
    with pytest.raises(FirstDo, match="towpath provider copy PLACE"):
        hand_out(bare)
    assert ready(bare) == 3


def test_P10_a_stick_that_is_not_there_stops_it_before_anything(stocked: Device) -> None:
    """None is taken from the stock."""
    with_copy(stocked.desk.home, stocked.town.folder / "nowhere")
    stocked.desk.home = with_copy(stocked.desk.home, stocked.town.folder / "nowhere")
    with pytest.raises(FirstDo, match="not written"):
        hand_out(stocked)
    assert ready(stocked) == 3


def test_P10_a_stick_that_is_pulled_in_between_puts_the_codes_back(stocked: Device) -> None:
    """Nobody has seen them: they stay in stock."""
    renamed = 0

    def second_copy(first: object) -> bool:
        nonlocal renamed
        is_copy = str(first).endswith(".copy.writing")
        renamed += is_copy
        return is_copy and renamed > 1

    with trouble("rename", errno.EIO, second_copy), pytest.raises(FirstDo, match="not written"):
        hand_out(stocked, 2)
    assert renamed == 2
    assert ready(stocked) == 3


def test_P10_what_is_handed_out_stands_in_the_copy_first(stocked: Device) -> None:
    """Whoever brings the copy back has the key of every code that is in somebody's hand."""
    (one,) = hand_out(stocked)
    (file,) = stick_of(stocked).iterdir()
    store = copies.read(file, stocked.desk.member)
    state = {code.code: code.state for _, code in stock_data.codes(store)}
    assert state[one.code] == c.SEED_HANDED_OUT


def test_P4_stopped_at_any_moment_no_code_comes_twice(stocked: Device) -> None:
    """A stop can waste a code; it never gives one to two people."""
    seen: set[bytes] = set()
    home = stocked.desk.home
    before = home.store.read_bytes()
    for at in count(1):
        device = stocked.again(at)
        try:
            hand_out(device)
        except Stopped:
            rest = stocked.again()
            there = {code.code for _, code in stock_data.codes(rest.desk.read())}
            out = [one.code for _ in range(ready(rest)) for one in hand_out(rest)]
            assert len(out) == len(set(out))
            assert set(out) <= there
            seen |= set(out)
            home.store.write_bytes(before)
            for file in stick_of(stocked).iterdir():
                file.unlink()
        else:
            assert at >= 3
            break
    assert len(seen) == 3


def test_P4_a_cancelled_code_is_one_that_never_was(stocked: Device) -> None:
    """The server answers as to an unknown one; here it is neither handed out nor in stock."""
    (one,) = hand_out(stocked)
    handing.cancel(stocked.desk, stocked.api, one.code)
    locator = next(at for at, x in stock_data.codes(stocked.desk.read()) if x.code == one.code)
    assert stocked.api.open_code(locator) is None
    assert ready(stocked) == 2


def test_a_code_of_somebody_else_can_not_be_cancelled_here(stocked: Device) -> None:
    """Exit code 4; nothing is asked of the server."""
    with pytest.raises(CodeRefused, match="not one of those") as caught:
        handing.cancel(stocked.desk, stocked.api, bytes(10))
    assert caught.value.exit_code == 4
    assert not stocked.wire.paths("/v1/codes/cancel")


def test_a_code_that_was_used_can_not_be_cancelled(asked: Asked) -> None:
    """The request is there and is said to be."""
    asked.device.sync()
    with pytest.raises(FirstDo, match="request has come"):
        handing.cancel(asked.device.desk, asked.device.api, asked.handed.code)


def test_a_lost_answer_to_a_cancelling_is_asked_for_again(stocked: Device) -> None:
    """As long as no answer came the code stands as before."""
    (one,) = hand_out(stocked)
    stocked.wire.lose["/v1/codes/cancel"] = 1
    with pytest.raises(Unreachable):
        handing.cancel(stocked.desk, stocked.api, one.code)
    handing.cancel(stocked.desk, stocked.api, one.code)


# --- the second copy ---


def test_P11_the_copy_that_was_replaced_opens_no_more(stocked: Device) -> None:
    """Its member slots are zeros, whoever kept a second name of it."""
    (file,) = stick_of(stocked).iterdir()
    kept_name = stick_of(stocked) / "kept"
    kept_name.hardlink_to(file)
    hand_out(stocked)
    assert not any(kept_name.read_bytes()[SLOTS_START:SLOTS_END])
    assert any(file.read_bytes()[SLOTS_START:SLOTS_END])


def test_what_is_not_a_copy_of_this_store_is_not_written_over(town: Town) -> None:
    """Another organisation's file under the same name stays."""
    one = town.listed()
    other = town.apply("Other", "other")
    (file,) = stick_of(one).iterdir()
    theirs = other.desk.home.store.read_bytes()
    file.write_bytes(theirs)
    with pytest.raises(FirstDo, match="not a copy of this store"):
        copies.write(one.desk)
    assert file.read_bytes() == theirs


def test_P10_a_newer_copy_is_not_written_over(town: Town) -> None:
    """It may be all that is left of later work."""
    one = town.listed()
    before = one.desk.home.store.read_bytes()
    one.desk.edit(lambda store: store)
    copies.write(one.desk)
    one.desk.home.store.write_bytes(before)
    back = one.again()
    with pytest.raises(FirstDo, match="newer"):
        copies.write(back.desk)


@pytest.mark.parametrize("left", [b"", b"cut short", bytes(262_144)])
def test_half_a_copy_is_written_over(town: Town, left: bytes) -> None:
    """What holds nothing is in nobody's way."""
    one = town.listed()
    (file,) = stick_of(one).iterdir()
    file.write_bytes(left)
    copies.write(one.desk)
    assert copies.read(file, one.desk.member).generation == one.desk.read().generation


@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
def test_P10_a_full_stick_leaves_the_copy_before(town: Town, call: str) -> None:
    """Exit code 7 and what to do."""
    one = town.listed()
    (file,) = stick_of(one).iterdir()
    before = file.read_bytes()
    with trouble(call, errno.ENOSPC, always), pytest.raises(FirstDo, match="second copy"):
        copies.write(one.desk)
    assert file.read_bytes() == before
    assert [x.name for x in stick_of(one).iterdir()] == [file.name]


def test_a_copy_beside_the_store_is_none(listed: Device) -> None:
    """Lost together with it."""
    with pytest.raises(BadInput, match="lost together"):
        copies.set_place(listed.desk, listed.desk.home.folder)


def test_the_names_on_the_stick_say_nothing(listed: Device) -> None:
    """No name of an organisation, of Towpath, of a member."""
    (file,) = stick_of(listed).iterdir()
    assert re.fullmatch(r"[0-9a-f]{8}\.copy", file.name)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_each_device_has_a_file_of_its_own(listed: Device) -> None:
    """Two devices with one stick do not write over each other."""
    brought = copies.Brought(
        listed.desk.read(), listed.desk.member, listed.desk.home.key_file.read_bytes()
    )
    home = copies.found_from(
        listed.town.folder / "second",
        brought,
        server="http://127.0.0.1:1",
        replaces=False,
        random=listed.town.random,
    )
    second = listed.town.device(home)
    copies.set_place(second.desk, stick_of(listed))
    assert len(list(stick_of(listed).iterdir())) == 2


# --- the page to print ---


def cards(stocked: Device) -> list[Card]:
    """Two codes as they are printed."""
    return [Card(x.symbols, x.digits, day(x.last_day)) for x in hand_out(stocked, 2)]


def test_R6_T55_a_printed_page_says_nothing_of_what_it_is(stocked: Device) -> None:
    """No word at all but the code, its day and an address: no name, no sign, no title."""
    shown = cards(stocked)
    page = sheet.page(shown, "https://example.org/v1/")
    visible = re.sub(r"<style>.*?</style>|<svg.*?</svg>|<[^>]*>", " ", page, flags=re.S)
    allowed = {"https://example.org/", "&#183;", "→"}
    allowed |= {part for one in shown for part in f"{one.symbols} {one.digits}".split()}
    allowed |= {one.last_day for one in shown}
    assert set(visible.split()) <= allowed
    for word in ("towpath", NAME.lower(), "open door", "code", "help", "segno", "qr"):
        assert word not in page.lower(), word


def test_R6_P5_T55_the_square_holds_the_bare_address_and_never_a_code(stocked: Device) -> None:
    """It is drawn once, from the address alone, with white around it, and shown on every card."""
    shown = cards(stocked)
    page = sheet.page(shown, "https://example.org/path?query#code")
    alone = segno.make("https://example.org/", error="m", micro=False)
    dark = [
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(alone.matrix_iter(border=4))
        for x, on in enumerate(row)
        if on
    ]
    assert re.findall(r'<path d="([^"]*)"', page) == ["".join(dark)]
    assert page.count('<use href="#sheet-square"/>') == 2
    assert "<svg" not in sheet.page(shown, None)


def test_P5_a_page_fetches_nothing(stocked: Device) -> None:
    """No script, no link, no picture, no font from anywhere."""
    page = sheet.page(cards(stocked), "https://example.org")
    assert not re.search(r"<(script|link|img|a|iframe|form|object)\b|url\(|@import|src=", page)


def test_every_card_has_both_forms_and_can_be_cut_out(stocked: Device) -> None:
    """Cut lines, two forms, the last day."""
    shown = cards(stocked)
    page = sheet.page(shown, None)
    assert page.count('<div class="card">') == 2
    assert "dashed" in page
    assert "<svg" not in page
    for one in shown:
        assert one.symbols in page
        assert one.digits in page
        assert one.last_day in page


@pytest.mark.parametrize(("form", "pages"), [("cards", 3), ("strips", 2)])
def test_ten_cards_or_twelve_strips_are_a_page(form: sheet.Form, pages: int) -> None:
    """The last page holds what is left; a cover comes before them."""
    made = [Card(f"CODE-{at}", f"{at:03}", "2026-11-22") for at in range(24)]
    page = sheet.page(made, "https://example.org/", Layout(form, "letter", None, "Tuesday"))
    assert page.count(f'<div class="page {form}">') == pages
    assert page.count('<div class="page cover">') == 1
    assert page.index("Tuesday") < page.index("CODE-0")
    assert '<div class="sheet letter" lang="und" dir="ltr"' in page
    assert "cover" not in sheet.page(made, None, Layout(form)).partition("</style>")[2]


@pytest.mark.parametrize("language", catalogues.codes())
def test_a_card_has_four_words_of_the_language_that_was_chosen(language: str) -> None:
    """In its direction, on each card, from the same texts as the page for members."""
    words = catalogues.open_(language)
    made = [Card("CODE", "123", "2026-11-22")] * 2
    page = sheet.page(made, "https://example.org/", Layout("cards", "a4", words))
    assert f'lang="{language}" dir="{words.direction}"' in page
    shown = html.unescape(page)
    for key in ("sheet.open", "sheet.type", "sheet.digits"):
        assert shown.count(f">{words.texts[key]}<") == 2
    assert shown.count(words.texts["sheet.until"].format(date="\u20682026-11-22\u2069")) == 2


def test_a_name_on_the_cover_is_a_text() -> None:
    """Markup is shown as markup, and nothing in it turns what stands around it."""
    page = sheet.page([], None, Layout(cover="</p><script>x</script>\u202e & co"))
    assert "&lt;/p&gt;&lt;script&gt;x&lt;/script&gt; &amp; co</bdi>" in page
    assert "<script" not in page
    assert "\u202e" not in page


def test_settings_of_the_store_hold_no_code_in_the_open(stocked: Device) -> None:
    """Nothing beside the codes' own entries repeats a code."""
    store = stocked.desk.read()
    every = b"".join(value for _, value in store.of_kind(c.ENTRY_SETTING))
    assert not any(code.code in every for _, code in stock_data.codes(store))
    assert kept.devices(store) == (stocked.desk.home.device,)
