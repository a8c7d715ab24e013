"""Requests as they travel: one canonical form, one hash, and armour that survives hands."""

from __future__ import annotations

import hashlib
import textwrap
from dataclasses import replace

import pytest

from crypto.constants import ARMOUR_CHARACTERS
from crypto.errors import Malformed
from crypto.public import requests
from crypto.public.requests import Box, Referral, Request, WalkIn
from tests.crypto.streams import Stream, flipped, refusal_of, resized_and_swapped

DRAW = Stream("requests")
BOX = Box(id=DRAW(16), holder_key_hash=DRAW(32), write_key_hash=DRAW(32), slot_0=DRAW(4096))
REFERRAL = Referral(locator=DRAW(16), write_key=DRAW(32), envelope=DRAW(5273), box=BOX)
WALK_IN = WalkIn(epoch=20_780, nonce=DRAW(8), envelope=DRAW(5273), box=None)
REQUESTS: dict[str, Request] = {
    "referral": REFERRAL,
    "referral without a box": replace(REFERRAL, box=None),
    "walk-in": WALK_IN,
    "walk-in with a box": replace(WALK_IN, box=BOX),
}
EACH = pytest.mark.parametrize("request_", REQUESTS.values(), ids=list(REQUESTS))
TEXT = requests.armour(REFERRAL)


def refused(text: str) -> bool:
    """Whether a text is refused as Malformed."""
    return refusal_of(lambda: requests.from_armour(text)) is Malformed


def unread(form: bytes) -> bool:
    """Whether a form is refused as Malformed."""
    return refusal_of(lambda: requests.decode(form)) is Malformed


@EACH
def test_R40_a_request_comes_back_from_its_form_and_from_its_armour(request_: Request) -> None:
    """Neither way loses or changes anything."""
    assert requests.decode(requests.encode(request_)) == request_
    assert requests.from_armour(requests.armour(request_)) == request_


def test_the_form_is_made_as_the_specification_says() -> None:
    """By hand: each part at its place, a byte in front for the kind, one for the box."""
    box = BOX.id + BOX.holder_key_hash + BOX.write_key_hash + BOX.slot_0
    head = b"\x01" + REFERRAL.locator + REFERRAL.write_key
    assert requests.encode(REFERRAL) == head + REFERRAL.envelope + b"\x01" + box
    head = b"\x03" + (20_780).to_bytes(4, "big") + WALK_IN.nonce
    assert requests.encode(WALK_IN) == head + WALK_IN.envelope + b"\x00"


def test_P10_equal_requests_have_one_hash_and_others_another() -> None:
    """A repeat is known by it; a bit anywhere, or the box left out, is another request."""
    form = requests.encode(REFERRAL)
    framed = b"\x00\x12towpath/v1/request" + len(form).to_bytes(2, "big") + form
    assert requests.hash_of(replace(REFERRAL)) == hashlib.sha256(framed).digest()
    others = [requests.decode(flipped(form, at)) for at in (1, 17, 49, 5323, 5339, len(form) - 1)]
    others += REQUESTS.values()
    assert len({requests.hash_of(other) for other in others}) == len(others)


def test_a_walk_ins_tag_is_of_its_envelope_alone() -> None:
    """Work done again for one envelope gives the same tag, so that it is stored once."""
    assert requests.walk_in_tag(WALK_IN.envelope) == hashlib.sha256(WALK_IN.envelope).digest()[:16]
    assert refusal_of(lambda: requests.walk_in_tag(WALK_IN.envelope[1:])) is Malformed
    assert refusal_of(lambda: requests.walk_in_tag(WALK_IN.envelope + b"\x00")) is Malformed


@EACH
def test_T13_every_form_cut_short_made_longer_or_doubled_is_refused(request_: Request) -> None:
    """Parts have one length each, and nothing may be left over."""
    form = requests.encode(request_)
    for what, other in resized_and_swapped(form, [0, 1, 2, 17, 40, 49, 4000, len(form) - 1]):
        if not what.startswith("swapped"):
            assert unread(other), what


@EACH
def test_T13_another_kind_or_sign_of_a_box_is_refused(request_: Request) -> None:
    """Of 256 first bytes two are kinds, and each asks for another length."""
    form = requests.encode(request_)
    for kind in range(256):
        if kind != form[0]:
            other = bytes([kind]) + form[1:]
            assert unread(other), kind
    at = len(form) - 1 - (len(BOX.slot_0) + 80 if request_.box else 0)
    for there in range(256):
        if there != form[at]:
            other = form[:at] + bytes([there]) + form[at + 1 :]
            assert unread(other), there


@pytest.mark.parametrize("part", ["id", "holder_key_hash", "write_key_hash", "slot_0"])
@pytest.mark.parametrize("change", [b"", b"\x00"], ids=["short", "long"])
def test_a_box_with_a_part_of_another_length_is_not_made(part: str, change: bytes) -> None:
    """It can't be built, so that it is never sent."""
    value: bytes = getattr(BOX, part)
    with pytest.raises(Malformed):
        replace(BOX, **{part: value + change if change else value[:-1]})


@pytest.mark.parametrize(
    ("request_", "part"),
    [(REFERRAL, "locator"), (REFERRAL, "write_key"), (REFERRAL, "envelope"),
     (WALK_IN, "nonce"), (WALK_IN, "envelope")],
)  # fmt: skip
@pytest.mark.parametrize("change", [b"", b"\x00"], ids=["short", "long"])
def test_a_request_with_a_part_of_another_length_is_not_made(
    request_: Request, part: str, change: bytes
) -> None:
    """It can't be built, so that it is never sent."""
    parts = {name: getattr(request_, name) for name in request_.__slots__}
    parts[part] = parts[part] + change if change else parts[part][:-1]
    with pytest.raises(Malformed):
        type(request_)(**parts)


@pytest.mark.parametrize("epoch", [-1, 1 << 32])
def test_a_walk_in_of_no_day_is_not_made(epoch: int) -> None:
    """An epoch has four bytes."""
    with pytest.raises(Malformed):
        replace(WALK_IN, epoch=epoch)


@EACH
def test_T2_a_request_shows_nothing_of_what_it_carries(request_: Request) -> None:
    """Printed or in a traceback, it shows neither write key nor locator nor any bytes at all."""
    shown = f"{request_!r} {request_} {[request_]!r}"
    assert "b'" not in shown
    assert 'b"' not in shown
    assert "Box()" in shown or request_.box is None


FORGIVEN = {
    "other line ends": TEXT.replace("\n", "\r\n"),
    "lines that end with CR": TEXT.replace("\n", "\r"),
    "quoted": textwrap.indent(TEXT, "> "),
    "quoted three times": textwrap.indent(TEXT, ">>> "),
    "indented": textwrap.indent(TEXT, "\t \u3000"),
    "one line": TEXT.replace("\n", " "),
    "no white space": "".join(TEXT.split()),
    "lines of another length": textwrap.fill(TEXT, 51, break_on_hyphens=False),
    "a letter around it": f"Hello > there,\n\n{TEXT}\nbye <- -- \n",
    "dashes around it": f"--\n-----\n{TEXT}-----\n",
    "a byte order mark before it": "\ufeff" + TEXT,
    "quoted, with a quoted empty line": "> " + TEXT.replace("\n", "\n>\n> "),
}


@pytest.mark.parametrize("text", FORGIVEN.values(), ids=list(FORGIVEN))
def test_R40_what_mail_programs_and_hands_do_to_armour_is_forgiven(text: str) -> None:
    """White space anywhere, quoting at the start of lines, and text around it."""
    assert requests.from_armour(text) == REFERRAL


def test_R40_armour_is_ascii_in_short_lines() -> None:
    """So that it survives what carries it, and fits into what may be pasted."""
    lines = TEXT.split("\n")
    assert TEXT.isascii()
    assert lines[0] == "-----BEGIN TOWPATH REQUEST-----"
    assert lines[-2:] == ["-----END TOWPATH REQUEST-----", ""]
    assert {len(line) for line in lines[1:-3]} == {64}
    assert 0 < len(lines[-3]) <= 64
    assert len(textwrap.indent(TEXT, ">>> ")) < ARMOUR_CHARACTERS


def test_T13_two_requests_in_one_text_are_refused() -> None:
    """Nobody has to guess which one is meant; not even where both are the same."""
    other = requests.armour(replace(WALK_IN))
    for text in (TEXT + other, other + TEXT, other + other, f"{other}\n> {other}"):
        assert refused(text)


def test_T13_a_longer_text_is_refused_before_it_is_read() -> None:
    """20,000 characters are taken, one more is not, whatever it is."""
    room = ARMOUR_CHARACTERS - len(TEXT)
    for more in (" ", "\n", ">", "x"):
        assert requests.from_armour(TEXT + more * room) == REFERRAL
        assert refused(TEXT + more * (room + 1))
        assert refused("\n" + more * room + TEXT)


def test_P10_no_character_of_armour_can_be_changed_or_lost_unseen() -> None:
    """The check finds every single slip: another letter, one gone, one put in."""
    start, end = TEXT.index("\n"), TEXT.rindex("\n-----END")
    for at in range(0, len(TEXT) - 1, 131):
        old = TEXT[at]
        for new in ("A", "b", "", old + old, old + "=", old + "\u200b"):
            text = TEXT[:at] + new + TEXT[at + 1 :]
            if new == old or old == "\n":
                continue
            assert refused(text) or not start < at < end, (at, new)


def test_T13_marks_must_be_whole_and_in_order() -> None:
    """A mark gone, changed, doubled or behind the other is no armour."""
    begin, *lines, end, _ = TEXT.split("\n")
    body = "\n".join(lines)
    for text in (
        "", begin, end, begin + end, end + begin, body, f"{begin}\n{body}", f"{body}\n{end}",
        f"{end}\n{body}\n{begin}", f"{end}\n{begin}\n{body}",
        TEXT.lower(), TEXT.replace("TOWPATH", "PGP"),
        TEXT.replace("-----END", "----END"), TEXT.replace("REQUEST-----\n", "REQUEST\n"),
        f"{begin}\n{TEXT}", f"{TEXT}{end}", TEXT.replace("-", "\u2010"),
    ):  # fmt: skip
        assert refused(text), text[:80]


def test_T13_a_greater_sign_within_a_line_is_no_quoting() -> None:
    """It is forgiven at the start of lines only."""
    assert refused(TEXT.replace("=", ">="))
    assert refused(TEXT[:200] + ">" + TEXT[200:])


def test_T13_half_a_character_is_refused_as_any_other() -> None:
    """A lone surrogate is in no alphabet, and raises nothing else."""
    assert refused(TEXT[:200] + "\ud800" + TEXT[200:])
    assert requests.from_armour(TEXT + "\ud800") == REFERRAL
