"""`towpath ask`, as it is typed: the order of things, the yes, and every way in which it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import words
from crypto import constants as c
from tests.client.peer.conftest import Run
from tests.client.peer.keyboard import (
    DO_NOT,
    FILE,
    GO_ON,
    MYSELF,
    NO,
    NO_WORD,
    NOBODY_READS,
    SHORT,
    WORD_READS,
    YES,
    asking,
    digits_in,
    lines,
    receipt_in,
)
from tests.client.peer.providers import choice, this_day
from tests.client.peer.town import Town, fingerprint
from words import banned


def test_S1_R8_R13_fifteen_minutes(town: Town, run: Run) -> None:
    """A code, six answers, a receipt shown, a yes: delivered, and read back."""
    shown = run("ask", typed=asking(town.publish("one")))
    assert shown.exit_code == 0
    assert "Delivered. Read back with the receipt just now." in shown.stdout
    read = town.provider.read(*next(iter(town.envelopes.items())))
    assert read.needs == tuple(
        choice("needs", code) for code in ("sleep_tonight", "documents", "money")
    )
    assert read.languages == (choice("languages", "ko"),)
    assert read.region == choice("regions", "northeast")
    assert read.channels == (choice("channel", "come_back"),)
    assert read.consent == c.CONSENT_PERSON


def test_P8_R22_the_order_is_reader_receipt_yes_and_then_sending(town: Town, run: Run) -> None:
    """Who reads it and what they report stands first; the receipt is shown before the yes."""
    shown = run("ask", typed=asking(town.publish("one"))).output
    places = [
        shown.index(text)
        for text in (
            "Who will read this",
            "Ties to the police",
            "Who pays them",
            "Must report harm to someone under 18",
            "What would help?",
            "Who may read the answers?",
            receipt_in(shown),
            digits_in(shown),
            "Is there a yes",
            "Delivered.",
        )
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("consent", "code"), [(DO_NOT, 7), ("", 130)], ids=["said_no", "went_away"]
)
def test_P8_R12_T23_without_a_yes_nothing_leaves_and_the_code_lives(
    town: Town, run: Run, consent: str, code: int
) -> None:
    """The receipt was shown, nothing was sealed or sent, and the same code still works."""
    text = town.publish("one")
    before = fingerprint(town)
    typed = lines(text, GO_ON, *SHORT, "2", *([consent] if consent else []))
    shown = run("ask", typed=typed)
    assert shown.exit_code == code
    assert fingerprint(town) == before
    assert "/v1/referrals" not in town.paths()
    assert "othing was sent" in shown.output.replace("nothing was sent", "Nothing was sent")
    assert run("ask", typed=asking(text)).exit_code == 0


def test_R10_somebody_asks_alone(town: Town, run: Run) -> None:
    """The answer "I send this for myself" is a yes of its own."""
    run("ask", typed=asking(town.publish("one"), consent=MYSELF))
    read = town.provider.read(*next(iter(town.envelopes.items())))
    assert read.consent == c.CONSENT_SELF


@pytest.mark.parametrize("spent", ["used", "cancelled", "unknown"])
def test_P4_R5_R6_refused_codes_look_alike_and_lead_on(town: Town, run: Run, spent: str) -> None:
    """One page for all of them: the reasons, and the way without a code."""
    text = town.publish("one")
    if spent == "used":
        run("ask", typed=asking(text))
    town.records.clear()
    shown = run("ask", typed=lines(text))
    assert shown.exit_code == 4
    assert "all of these look alike on purpose" in " ".join(shown.output.split())
    assert "towpath ask --no-code" in shown.output
    assert text not in shown.stderr.replace(f"The code: {text}", "")


def wrong(text: str, *places: int) -> str:
    """A code with other symbols at these places."""
    symbols = list(text)
    for place in places:
        symbols[place] = "7" if symbols[place] != "7" else "8"
    return "".join(symbols)


def test_R5_one_wrong_sign_is_put_right_and_said(town: Town, run: Run) -> None:
    """The corrected code is shown whole, and used."""
    text = town.publish("one")
    shown = run("ask", typed=asking(wrong(text, 3)))
    assert shown.exit_code == 0
    assert "One sign was wrong and was put right" in shown.output
    assert text in shown.output


def test_R5_two_wrong_signs_are_only_suggested(town: Town, run: Run) -> None:
    """Nothing is looked up before somebody says yes to the suggestion."""
    text = town.publish("one")
    shown = run("ask", typed=lines(wrong(text, 2, 7), NO))
    assert "Did you mean" in shown.output
    assert text in shown.output
    assert "/v1/codes/open" not in town.paths()
    typed = lines(wrong(text, 2, 7), YES, GO_ON, *SHORT, "2", "1")
    assert run("ask", typed=typed).exit_code == 0


def test_R5_a_receipt_typed_for_a_code_is_named_as_one(town: Town, run: Run) -> None:
    """Both ways round; and no server is asked about it."""
    text = town.publish("one")
    receipt = receipt_in(run("ask", typed=asking(text)).output)
    town.calls.clear()
    shown = run("ask", typed=lines(receipt))
    assert "This is a receipt, and a code is asked for." in shown.output
    shown = run("answers", typed=lines(text))
    assert "This is a code, and a receipt is asked for." in shown.output
    assert town.calls == []


def test_R5_what_is_no_code_is_not_asked_about(town: Town, run: Run) -> None:
    """Five tries, then exit 4; the server hears nothing of it."""
    shown = run("ask", typed=lines("hello", "", "x" * 300, *["0000-0000"] * 4))
    assert shown.exit_code == 4
    assert town.calls == []


def test_R11_R40_digits_do_as_well(town: Town, run: Run) -> None:
    """A code read over the telephone, in another script's digits."""
    from crypto.client import code_text
    from crypto.client.code_text import Kind

    secret = code_text.read(town.publish("one"), Kind.CODE).secret
    spoken = code_text.digits(secret, Kind.CODE)
    devanagari = spoken.translate({ord(str(n)): chr(0x966 + n) for n in range(10)})
    assert run("ask", typed=asking(devanagari)).exit_code == 0


def test_P8_a_word_is_typed_twice_and_shown_never(town: Town, run: Run) -> None:
    """Only who knows it reads the answers."""
    code = town.publish("one")
    typed = lines(code, GO_ON, *SHORT, WORD_READS, "harbour", "harbour", "1")
    shown = run("ask", typed=typed)
    assert shown.exit_code == 0
    assert "harbour" not in shown.output
    receipt = receipt_in(shown.output)
    assert run("answers", typed=lines(receipt, NO_WORD)).exit_code == 4
    assert run("answers", typed=lines(receipt, "Harbour")).exit_code == 0


def test_P8_nobodys_eyes_leave_nothing_to_come_back_to(town: Town, run: Run) -> None:
    """No receipt is made, and that is said."""
    shown = run("ask", typed=asking(town.publish("one"), eyes=NOBODY_READS))
    assert shown.exit_code == 0
    assert "there is no receipt" in shown.output
    assert town.boxes == {}


def test_P10_try_again_sends_the_same_bytes(town: Town, run: Run) -> None:
    """The answer was lost three times; one more try by hand finds that it had arrived."""
    town.lose["/v1/referrals"] = 3
    typed = asking(town.publish("one")) + lines(YES)
    shown = run("ask", typed=typed)
    assert shown.exit_code == 0
    assert "It is not known whether it arrived" in shown.output
    bodies = {body for path, body in town.calls if path == "/v1/referrals"}
    assert len(bodies) == 1
    assert len(town.envelopes) == 1


def test_P10_who_gives_up_can_carry_it_elsewhere(town: Town, run: Run, tmp_path: Path) -> None:
    """What was sealed is written to a file, and pasted later it is the very same."""
    town.instead["/v1/referrals"] = (503, "busy")
    typed = asking(town.publish("one")) + lines(NO, YES, "carried.txt")
    shown = run("ask", typed=typed)
    assert shown.exit_code == 3
    town.instead.clear()
    assert (tmp_path / "carried.txt").stat().st_mode & 0o777 == 0o600
    pasted = run("paste", "carried.txt")
    assert pasted.exit_code == 0
    assert run("answers", typed=lines(receipt_in(shown.output), NO_WORD)).exit_code == 0


def test_P4_a_code_that_was_used_meanwhile_leaves_the_answers(town: Town, run: Run) -> None:
    """Another code can be typed, and nothing has to be filled in again; the yes is asked anew."""
    first, second = town.publish("one"), town.publish("two")
    town.instead["/v1/referrals"] = (404, "refused")
    assert run("ask", typed=asking(first) + lines(NO)).exit_code == 4
    town.instead.clear()
    gone = town.provider.make_code("one").locator
    typed = asking(first) + lines(YES, second, GO_ON, "1")

    open_ = town.answer_to

    def answer(path: str, body: dict[str, object]) -> object:
        if path == "/v1/referrals":
            town.records.pop(gone, None)
        return open_(path, body)

    town.answer_to = answer  # type: ignore[method-assign, assignment]
    shown = run("ask", typed=typed)
    assert shown.exit_code == 0
    assert len(town.envelopes) == 1
    assert shown.output.count("What would help?") == 1
    assert shown.output.count("Is there a yes") == 2


def test_P9_who_is_suspended_in_between_gets_nothing(town: Town, run: Run) -> None:
    """The listing ended while the form was filled in: said so, exit 6, and nothing was sent."""
    open_ = town.answer_to

    def answer(path: str, body: dict[str, object]) -> object:
        said = open_(path, body)
        if path == "/v1/codes/open":
            town.provider.suspended[town.provider.organisations[0].key] = 2
        return said

    town.answer_to = answer  # type: ignore[method-assign, assignment]
    shown = run("ask", typed=asking(town.publish("one")))
    assert shown.exit_code == 6
    assert "not listed any more" in shown.output
    assert town.envelopes == {}


def test_R28_a_text_too_long_is_cut_before_anything_is_sent(town: Town, run: Run) -> None:
    """How much is left is said line by line, and by how much it is too long."""
    more = ["", "", "", "", "", "", "", "", "", "", ""]
    code = town.publish("one")
    form = ["1", "en", "", "", "1", YES, *more[:6], "", ""]
    typed = lines(code, GO_ON, *form, "a" * 2990, "b" * 100, "", "short", "", "2", "1")
    shown = run("ask", typed=typed)
    assert "(10 bytes left)" in shown.output
    assert "(91 bytes too long)" in shown.output
    assert shown.exit_code == 0
    read = town.provider.read(*next(iter(town.envelopes.items())))
    assert read.text == "short"


def test_what_this_version_does_not_know_is_said_to_be(town: Town, run: Run) -> None:
    """A need of a newer list in a profile is shown as what it is: not known here."""
    from crypto.public import profile as profiles

    one = town.provider.organisations[0]
    newer = profiles.encode(
        profiles.Profile(
            kind=(60_000,), services=(60_001,), police_ties=(1,), funding=(1,), reporting=(1,)
        )
    )
    object.__setattr__(one, "__class__", type("Newer", (type(one),), {"profile": newer}))
    shown = run("ask", typed=lines(town.publish("one"), NO))
    assert shown.output.count("something this version does not know") == 2


def test_R19_R20_R41_no_word_that_is_shown_is_a_banned_one(town: Town, run: Run) -> None:
    """The whole conversation, every list of it, and the helps."""
    code = town.publish("one")
    form = ["1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20", "en", "", "", "1", YES]
    shown = run("ask", typed=lines(code, GO_ON, *form, *[""] * 40, "2", "1")).output
    shown += run("ask", typed=lines(code)).output
    for one in banned.allowances():
        entry = words.load(one.list).by_code(one.code)
        assert entry is not None
        shown = shown.replace(entry.text, "")
    assert banned.find(shown) == ()


def test_R40_a_file_does_as_well(town: Town, run: Run, tmp_path: Path) -> None:
    """The request and the code from files; the result as JSON."""
    (tmp_path / "request.toml").write_text(FILE)
    (tmp_path / "code.txt").write_text(town.publish("one").lower() + "\n")
    shown = run("ask", "--from", "request.toml", "--code-file", "code.txt", "--yes", "--json")
    assert shown.exit_code == 0
    said = json.loads(shown.stdout)
    assert said["sent"] is said["delivered"] is True
    (tmp_path / "receipt.txt").write_text(said["receipt"]["digits"])
    assert run("answers", "--receipt-file", "receipt.txt").exit_code == 0


@pytest.mark.parametrize("typed", ["n\n", ""], ids=["no", "nobody_there"])
def test_P8_R12_T23_a_file_alone_sends_nothing(
    town: Town, run: Run, tmp_path: Path, typed: str
) -> None:
    """Somebody still says "now", unless --yes says it."""
    (tmp_path / "request.toml").write_text(FILE)
    (tmp_path / "code.txt").write_text(town.publish("one"))
    shown = run("ask", "--from", "request.toml", "--code-file", "code.txt", typed=typed)
    assert shown.exit_code in (7, 130)
    assert town.envelopes == {}


def test_P10_armour_is_written_and_nothing_is_sent(town: Town, run: Run, tmp_path: Path) -> None:
    """The file goes to another place and is pasted there; its receipt works."""
    shown = run("ask", "--armour", "sealed.txt", typed=asking(town.publish("one")))
    assert shown.exit_code == 0
    assert "/v1/referrals" not in town.paths()
    receipt = receipt_in(shown.output)
    assert run("answers", typed=lines(receipt, NO_WORD)).exit_code == 4
    quoted = "".join(f"> {one}\n" for one in (tmp_path / "sealed.txt").read_text().split("\n"))
    (tmp_path / "mail.txt").write_text(f"Hello,\n{quoted}\nbye")
    assert run("paste", "mail.txt").exit_code == 0
    assert run("paste", "mail.txt").exit_code == 0
    assert len(town.envelopes) == 1
    assert run("answers", typed=lines(receipt, NO_WORD)).exit_code == 0


def test_a_file_that_is_there_is_not_written_over(town: Town, run: Run, tmp_path: Path) -> None:
    """Said before anything is asked, not after everything was."""
    (tmp_path / "sealed.txt").write_text("mine")
    shown = run("ask", "--armour", "sealed.txt", typed=asking(town.publish("one")))
    assert shown.exit_code == 2
    assert town.calls == []
    assert (tmp_path / "sealed.txt").read_text() == "mine"


@pytest.mark.parametrize("cut", ["", "hello", "-----BEGIN TOWPATH REQUEST-----\nAAAA\n"])
def test_a_text_that_holds_no_request_is_not_posted(
    town: Town, run: Run, tmp_path: Path, cut: str
) -> None:
    """Exit 5, and what to look for."""
    (tmp_path / "cut.txt").write_text(cut)
    shown = run("paste", "cut.txt")
    assert shown.exit_code == 5
    assert town.calls == []


def test_P6_nothing_is_left_on_the_device(town: Town, run: Run, tmp_path: Path) -> None:
    """No file, no history, no settings: the folder and the home are as they were."""
    home = tmp_path / "home"
    home.mkdir()
    run("ask", typed=asking(town.publish("one")))
    assert [one for one in tmp_path.rglob("*") if one != home] == []


def test_a_server_that_is_not_there_is_said_to_be(town: Town, run: Run) -> None:
    """Exit 3, before anything is asked of anybody."""
    shown = run("ask", "--server", "http://127.0.0.1:9", typed=lines(town.publish("one")))
    assert shown.exit_code == 3
    assert "can't be reached" in shown.output


def test_the_days_are_shown_as_those_that_can_be_counted_on(town: Town, run: Run) -> None:
    """The day before the last epoch."""
    from client.flows.days import day

    shown = run("ask", typed=asking(town.publish("one")))
    assert f"It is kept until {day(this_day() + c.REFERRAL_DAYS - 1)}." in shown.stdout
