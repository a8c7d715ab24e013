"""Codes, receipts and her word: written, read and derived from alike by Python and the browser."""

from __future__ import annotations

from tests.crossing.made_up import Draw
from tests.crossing.web import Web, mixed

MANY = 200


def test_codes_are_written_alike_and_read_however_typed(web: Web) -> None:
    """Random codes and receipts, with slips of the hand and odd characters: one outcome."""
    draw, outcomes = Draw(9), []
    odd = "oOiIlLuU-_.,/ \u00a0\u200b\u2013\uff0d\uff11\uff21\u0661\u0967\u0410\u0131Z0!*"
    for _ in range(2 * MANY):
        kind = draw.choice(("code", "receipt"))
        written = web.agreed("write_code", secret=draw.bytes_of(10), kind=kind)
        assert isinstance(written, dict)
        for text in written.values():
            typed = list(text if draw.half() else text.lower())
            for _ in range(draw.choice((0, 0, 1, 1, 2, 3))):
                typed[draw.below(len(typed))] = draw.choice(odd)
            if draw.seldom():
                typed.insert(draw.below(len(typed)), draw.character())
            asked = draw.choice((kind, kind, kind, "code"))
            outcomes.append(web.agreed("read_code", text="".join(typed), kind=asked))
    mixed(outcomes, MANY)
    hows = {one["how"] if isinstance(one, dict) else one for one in outcomes}
    assert hows == {"exact", "corrected", "suggested", "CodeMistyped", "WrongKind"}


def test_every_character_is_forgiven_alike_in_a_code(web: Web) -> None:
    """Each character of the basic plane, put into a code, is read as by Python."""
    draw = Draw(10)
    written = web.outcome("write_code", secret=bytes(10), kind="code")
    assert isinstance(written, dict)
    for start in range(0, 0x3100, 5):
        text = written["symbols"].replace("0000-", "", 1)
        points = [chr(start + step) for step in range(5)]
        web.agreed("read_code", text=text + "".join(points), kind="code")
        web.agreed("read_code", text=text + "000" + draw.choice(points), kind="code")


def test_her_word_comes_to_one_form(web: Web) -> None:
    """Random words in any writing give one form on both sides, or one refusal."""
    draw, outcomes = Draw(11), []
    for number in range(4 * MANY):
        word = draw.text(24)
        if number % 4 == 0:
            letters = (
                "\u0130",
                "\u03a3",
                "\u03c2",
                "\u00df",
                "\u1e9e",
                "\ufb01",
                "\u0345",
                "A",
                " ",
            )
            word = "".join(draw.choice(letters) for _ in range(draw.below(8)))
        outcomes.append(web.agreed("normal_word", word=word))
    mixed(outcomes, MANY)


def test_codes_and_receipts_give_the_same_keys(web: Web) -> None:
    """What 600,000 rounds give is the same, with a word and without."""
    draw = Draw(12)
    for word in ("", "Straße", "\u0627\u0644\u0628\u062d\u0631 "):
        given = {"network_id": draw.bytes_of(32)}
        assert isinstance(web.agreed("code_keys", code=draw.bytes_of(10), **given), dict)
        receipt = draw.bytes_of(10)
        assert isinstance(web.agreed("receipt_keys", receipt=receipt, word=word, **given), dict)
