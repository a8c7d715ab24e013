"""Statements: who may list an organisation, for how long, and what its name may be."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.constants import SERIAL_MOST, STATEMENT_BYTES
from crypto.encoding import b64
from crypto.errors import (
    BadSignature,
    Expired,
    Malformed,
    NotYetValid,
    Refused,
    TooFewSignatures,
    TooLong,
    WrongNetwork,
)
from crypto.public import notes, statements
from crypto.public.note_signing import Signer, add_signature, sign_note
from crypto.public.policy import Policy
from crypto.public.statements import Kind
from tests.crypto.networks import cuts_and_swaps, flips, keys, make_network, reseal, seed_of

NET = make_network()
OTHER = make_network(name="other-")
A1, A2, A3 = NET.admins
NOTE = NET.statement()
TEXT = notes.parse(NOTE).text


def _refuses(
    category: type[Refused], note: bytes, policy: Policy | None = None, today: int | None = None
) -> None:
    with pytest.raises(Refused) as caught:
        statements.check(note, policy or NET.policy, NET.today if today is None else today)
    assert caught.type is category


def test_a_statement_by_k_admins_holds_and_says_what_they_signed() -> None:
    """What is checked comes back, and writes the same text, which is its entry in the log."""
    statement = statements.check(NOTE, NET.policy, NET.today)
    assert statement.organisation == NET.organisation
    assert statement.name == "Example Shelter"
    assert statements.format_text(statement) == TEXT
    written = (
        "towpath/v1/statement\n"
        f"network {b64(NET.network_id)}\n"
        "kind vetted\nserial 1\n"
        f"organisation {b64(NET.organisation)}\n"
        f"profile {b64(statement.profile)}\n"
        "from 20780\nuntil 20870\nname Example Shelter\n"
    )
    assert written == TEXT


def test_P9_R21_T30_T44_fewer_than_k_admins_cannot_list() -> None:
    """One of two is too few to vet; two are enough, whichever they are."""
    for admin in NET.admins:
        _refuses(TooFewSignatures, NET.statement(signed_by=[admin]))
    for pair in ([A1, A2], [A1, A3], [A3, A2]):
        statements.check(NET.statement(signed_by=pair), NET.policy, NET.today)


@pytest.mark.parametrize("threshold", [2, 3])
def test_P9_R21_T30_T44_k_minus_one_is_never_enough(threshold: int) -> None:
    """For every k that a network of five can ask for."""
    net = make_network(admins=5, threshold=threshold)
    note = net.statement(signed_by=net.admins[1:threshold])
    _refuses(TooFewSignatures, note, net.policy)
    statements.check(add_signature(note, net.admins[0]), net.policy, net.today)


def test_P9_T30_T44_one_admin_twice_is_one_admin() -> None:
    """The same line twice is no note; the same admin under another name is nobody."""
    line = str(notes.parse(NET.statement(signed_by=[A1])).lines[0])
    _refuses(Malformed, f"{TEXT}\n{line}{line}".encode())
    _refuses(BadSignature, NET.statement(signed_by=[A1, Signer("a2", A1.seed)]))


def test_P9_T30_lines_by_anyone_else_are_refused() -> None:
    """Also where k admins signed: strangers, another network's admins, log, witnesses."""
    for stranger in (OTHER.admins[0], NET.log, NET.witnesses[0], Signer("a3", seed_of("x"))):
        _refuses(BadSignature, NET.statement(signed_by=[A1, A2, stranger]))
        _refuses(BadSignature, NET.statement(signed_by=[A1, stranger]))


def test_P9_T30_T44_a_former_admin_does_not_count() -> None:
    """Her line may stay, checked, so that a statement outlives her; it is not one of the k."""
    later = NET.at(NET.next_policy(admins=keys([A1, A2]), former_admins=keys([A3])))
    _refuses(TooFewSignatures, NET.statement(signed_by=[A1, A3]), later.policy)
    _refuses(TooFewSignatures, NET.statement(kind=Kind.SUSPENDED, signed_by=[A3]), later.policy)
    kept = NET.statement(signed_by=[A1, A2, A3])
    statements.check(kept, later.policy, NET.today)
    at = len(kept) - 10
    _refuses(BadSignature, kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :], later.policy)
    gone = NET.at(NET.next_policy(admins=keys([A1, A2])))
    _refuses(BadSignature, kept, gone.policy)


def test_P9_R21_T44_any_one_admin_can_suspend() -> None:
    """One is enough for `suspended`, and her note lists nobody."""
    note = NET.statement(kind=Kind.SUSPENDED, signed_by=[A3])
    assert statements.check(note, NET.policy, NET.today).kind is Kind.SUSPENDED
    _refuses(TooFewSignatures, reseal(note, "kind suspended", "kind vetted", [A3]))
    _refuses(BadSignature, NET.statement(kind=Kind.SUSPENDED, signed_by=[NET.log]))


def test_P9_T30_another_networks_statement_is_refused() -> None:
    """Even where the admins are the same people with the same keys."""
    _refuses(WrongNetwork, OTHER.statement())
    _refuses(WrongNetwork, NET.statement(network_id=OTHER.network_id))


def test_P9_T30_a_signature_under_something_else_does_not_list() -> None:
    """Admins' lines under a policy can't be carried over to a statement."""
    lines = notes.parse(NET.policy_note).lines
    _refuses(BadSignature, notes.format_note(TEXT, lines))


def test_R21_R25_T32_a_statement_holds_from_its_first_to_its_last_day() -> None:
    """Both included; the day before it is NotYetValid, the day after Expired."""
    for day in (NET.today, NET.today + 90):
        statements.check(NOTE, NET.policy, day)
    _refuses(NotYetValid, NOTE, today=NET.today - 1)
    _refuses(NotYetValid, NOTE, today=0)
    _refuses(Expired, NOTE, today=NET.today + 91)


def test_R21_vetting_spans_at_most_90_days() -> None:
    """Nobody is listed for longer, whoever signed; a suspension may last."""
    _refuses(Malformed, reseal(NOTE, "until 20870", "until 20871", NET.admins))
    _refuses(Malformed, reseal(NOTE, "until 20870", "until 20779", NET.admins))
    with pytest.raises(Malformed):
        NET.statement(until=NET.today + 91)
    long = NET.statement(kind=Kind.SUSPENDED, until=NET.today + 9999)
    statements.check(long, NET.policy, NET.today + 9999)


def test_the_first_thing_wrong_is_what_is_reported() -> None:
    """Network before signatures, signatures before their number, their number before days."""
    expired = NET.today + 9999
    _refuses(WrongNetwork, OTHER.statement(signed_by=[NET.log]), today=expired)
    _refuses(BadSignature, NET.statement(signed_by=[NET.log]), today=expired)
    _refuses(TooFewSignatures, NET.statement(signed_by=[A1]), today=expired)


BAD_LINES = [
    ("towpath/v1/statement", "towpath/v2/statement"),
    ("towpath/v1/statement\n", ""),
    ("towpath/v1/statement", "towpath/v1/policy"),
    ("kind vetted", "kind Vetted"),
    ("kind vetted", "kind vetted "),
    ("kind vetted", "kind"),
    ("serial 1", "serial 01"),
    ("serial 1", "serial -1"),
    ("serial 1", "serial 4294967295"),
    ("serial 1", "serial 4294967296"),
    ("serial 1", "serial 1_0"),
    ("serial 1", "serial ٣"),
    ("serial 1\n", ""),
    ("serial 1\n", "serial 1\nserial 1\n"),
    ("kind vetted\nserial 1\n", "serial 1\nkind vetted\n"),
    ("from 20780", "from 20871"),
    ("from 20780", "From 20780"),
    ("name Example Shelter\n", ""),
    ("name Example Shelter\n", "name \n"),
    ("name Example Shelter\n", "name Example Shelter\nnote x\n"),
    (b64(NET.organisation), b64(NET.organisation[:31])),
    (b64(NET.organisation), b64(NET.organisation + b"x")),
    (b64(NET.organisation), b64(NET.organisation).rstrip("=")),
    (b64(NET.organisation), ""),
]


@pytest.mark.parametrize(("old", "new"), BAD_LINES)
def test_another_form_is_malformed(old: str, new: str) -> None:
    """Whoever signed it."""
    _refuses(Malformed, reseal(NOTE, old, new, NET.admins))


@pytest.mark.parametrize(
    "name",
    ["A", "x" * 96, "ä" * 48, "مأوى النساء", "می‌خواهم", "Ł. & Søn — 24/7", "名前", "a\u00a0b"],
)
def test_names_in_any_script_are_taken(name: str) -> None:
    """Up to 96 bytes, joiners and inner spaces included."""
    assert statements.check(NET.statement(name=name), NET.policy, NET.today).name == name


SPACED = (" x", "x ", "\u00a0x", "x\u3000", "x\u2003")
BROKEN = ("a\tb", "a\x7fb", "a\x85b", "a\u2028b", "a\u2029b")
NOT_NFC = ("e\u0301", "\u212b")
MARKS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
BLANK = ["\u200d", "\u200c\u200d", "\u2014", "! ?", "\u0301", "\U0001f600"]
BANNED = "".join(
    [
        "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b\u180e\u180f\u200b\u2060\u2065\u206f\u2800",
        "\u3164\ue000\uf8ff\ufe00\ufe0f\uffa0\ufff0\ufff9\ufffb\U0001bca0\U0001bca3\U0001d173",
        "\U0001d17a\U000e0001\U000e0041\U000e0fff\U000f0000\U0010ffff",
    ]
)
UNSEEN = [*BLANK, *BANNED, *(f"a{mark}b" for mark in (*MARKS, *BANNED))]
BAD_NAMES = [*SPACED, *BROKEN, *UNSEEN]


@pytest.mark.parametrize("name", BAD_NAMES, ids=ascii)
def test_P9_T30_blank_and_misleading_names_are_malformed(name: str) -> None:
    """Spaces at the ends, line breaks, marks that turn text round, characters nobody can see."""
    _refuses(Malformed, reseal(NOTE, "Example Shelter", name, NET.admins))
    with pytest.raises(Malformed):
        NET.statement(name=name)


@pytest.mark.parametrize("name", NOT_NFC, ids=ascii)
def test_second_spellings_of_a_letter_are_not_written_and_can_be_read(name: str) -> None:
    """What is in NFC depends on a reader's version of Unicode, so only makers are bound to it."""
    note = reseal(NOTE, "Example Shelter", name, NET.admins)
    assert statements.check(note, NET.policy, NET.today).name == name
    with pytest.raises(Malformed):
        NET.statement(name=name)


def test_P9_no_serial_is_so_high_that_a_list_could_not_end_it() -> None:
    """The highest is one below the highest number that a list can name."""
    for kind in Kind:
        note = NET.statement(kind=kind, serial=SERIAL_MOST)
        assert statements.check(note, NET.policy, NET.today).serial == SERIAL_MOST
        with pytest.raises(Malformed):
            NET.statement(kind=kind, serial=SERIAL_MOST + 1)


def test_a_name_has_at_most_96_bytes() -> None:
    """TooLong when making, Malformed when reading."""
    for name in ("x" * 97, "ä" * 48 + "x"):
        with pytest.raises(TooLong):
            NET.statement(name=name)
        _refuses(Malformed, reseal(NOTE, "Example Shelter", name, NET.admins))


@pytest.mark.parametrize("name", ["", "a\nkind vetted", "\ud800"], ids=ascii)
def test_no_line_can_be_smuggled_in_by_a_name(name: str) -> None:
    """What is written reads back as what was meant."""
    with pytest.raises(Malformed):
        NET.statement(name=name)


def test_a_statement_note_has_at_most_800_bytes() -> None:
    """With k = 3 the longest names and numbers fit; more lines make it too long."""
    net = make_network(admins=6, threshold=3, longest_names=True)
    note = net.statement(name="x" * 96, serial=SERIAL_MOST, signed_by=net.admins[:3])
    assert len(note) == 707
    statements.check(note, net.policy, net.today)
    longer = net.statement(name="x" * 96, signed_by=net.admins[:5])
    assert len(longer) > STATEMENT_BYTES
    _refuses(Malformed, longer, net.policy)


def _categories(at: int) -> tuple[type[Refused], ...]:
    start = TEXT.index("network ")
    end = TEXT.index("\n", start)
    return (Malformed, WrongNetwork) if start <= at < end else (Malformed, BadSignature)


def test_P9_T30_any_changed_byte_is_refused() -> None:
    """Malformed or BadSignature; WrongNetwork only in the network's line."""
    for at, changed in flips(NOTE):
        with pytest.raises(_categories(at)):
            statements.check(changed, NET.policy, NET.today)


def test_P9_T30_cut_off_left_out_doubled_or_swapped_bytes_are_refused() -> None:
    """A whole line cut off leaves too few."""
    for changed in cuts_and_swaps(NOTE):
        with pytest.raises((Malformed, WrongNetwork, BadSignature, TooFewSignatures)):
            statements.check(changed, NET.policy, NET.today)


@given(st.data())
def test_P9_T30_any_other_statement_with_these_lines_is_refused(data: st.DataObject) -> None:
    """No field can be given another value under the signatures of this one."""
    said = statements.parse(TEXT)
    changes = {
        "serial": st.integers(0, SERIAL_MOST),
        "organisation": st.binary(min_size=32, max_size=32),
        "profile": st.binary(min_size=32, max_size=32),
        "first": st.integers(NET.today, NET.today + 90),
        "name": st.from_regex(r"[A-Za-z]{1,20}", fullmatch=True),
    }
    field = data.draw(st.sampled_from(sorted(changes)))
    value: Any = data.draw(changes[field])
    other = replace(said, **{field: value})
    note = notes.format_note(statements.format_text(other), notes.parse(NOTE).lines)
    if other != said:
        _refuses(BadSignature, note, today=NET.today + 90)


@given(st.text(max_size=60))
def test_T13_arbitrary_texts_are_malformed_or_come_back(text: str) -> None:
    """Reading never fails in another way."""
    for candidate in (text, TEXT + text, TEXT.replace("Example Shelter", text)):
        try:
            statement = statements.parse(candidate)
        except Malformed:
            continue
        if unicodedata.is_normalized("NFC", candidate):
            assert statements.format_text(statement) == candidate


def test_a_statement_is_signed_by_admins_one_after_the_other() -> None:
    """The second admin adds a line to what the first signed, and nothing else changes."""
    first = sign_note(TEXT, A1)
    assert add_signature(first, A2, STATEMENT_BYTES) == NOTE
    with pytest.raises(TooLong):
        add_signature(first, A2, len(NOTE) - 1)
