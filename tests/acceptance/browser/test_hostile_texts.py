"""500 hostile texts through every place that shows what somebody wrote: each is shown as it was
written, nothing of it runs, is asked for, or makes something else look otherwise.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page

from client.demo_places import ANSWERS
from crypto.constants import CONTACT_BYTES, SAFE_WORD_BYTES, TEXT_BYTES
from tests.acceptance import deployment
from tests.acceptance.browser import hostile
from tests.acceptance.browser.conftest import Phones
from tests.acceptance.browser.hostile import MARK, shown
from tests.acceptance.browser.phone import Phone
from tests.acceptance.deployment import ADMINS, OPEN_DOOR, Deployment
from tests.acceptance.people import Provider
from tests.server.serving import ROOT

pytestmark = pytest.mark.needs("chromium")

TEXTS = hostile.texts()
# As nasty as the protocol lets a name be: no sign that is not seen, none that turns.
ORGANISATIONS = {
    "marked": f"<img src=/{MARK} onerror=globalThis.{MARK}=1>1</bdi></p>",
    "turned": "=HYPERLINK(שלום, {name} {n}) مرحبا 5 > 3 (",
    "named": "__proto__ {constructor} $& \"'` W" + "W" * 50,
}
REGIONS = (
    f"<script>globalThis.{MARK}=1</script>",
    "م) {name} 1000 ש",
    "\u0439" + "\u0316" * 12,
)
_PROFILE = (
    """
name = {name}
kind = "community"
services = ["documents"]
police_ties = ["none"]
funding = ["none"]
reporting = ["minors"]
languages = ["en"]
accepts = ["everyone"]
privilege = ["lawyer"]
housing = ["no_housing"]
regions = ["northeast"]
pledge = "one_day"
"""
    + ANSWERS
)
# Puts each text into the field at which somebody is, presses Enter, and counts the errors said.
_TYPE_ALL = """(texts) => {
  let said = 0;
  for (const text of texts) {
    const at = document.querySelector('main input');
    at.value = text;
    at.dispatchEvent(new InputEvent('input', { bubbles: true }));
    at.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    said += document.querySelector('.error:not(:empty)') ? 1 : 0;
  }
  return said;
}"""
_APART = "(one) => [getComputedStyle(one).unicodeBidi, one.dir]"
# What no message carries: halves of signs, and signs that are no text.
_HALVES = [
    "\\ud83d",
    "\\udc00\\ud800",
    "a\\u0000b",
    "\\u0007\\u001b[2J",
    "\\u2028\\u2029",
    "\\ufffe",
]


def _is_untouched(phone: Phone) -> None:
    """Nothing ran, nothing was asked for, and the page is still the page."""
    page = phone.page
    assert not page.evaluate(f"'{MARK}' in globalThis || '{MARK}' in {{}}")
    assert page.locator("main script, main iframe, main base, main meta, main img").count() == 0
    assert page.locator("main [onerror], main [onload], main [onfocus]").count() == 0
    assert [one.url for one in phone.seen.requests if MARK.lower() in one.url.lower()] == []


def _contents(page: Page, selector: str) -> list[str]:
    return [one or "" for one in page.locator(selector).evaluate_all(_TEXT)]


_TEXT = "(all) => all.map((one) => one.textContent)"


def test_there_are_500_different_ones_of_every_kind() -> None:
    """Script, markup, addresses, formulas, turns, unseen signs, heaps and very long words."""
    assert len(set(TEXTS)) == 500
    whole = "\n".join(TEXTS)
    for sign in ("<script>", "javascript:", "\u202e", "\u2066", "\u200b", "=HYPER", "__proto__"):
        assert whole.count(sign) > 2, sign
    assert max(map(len, TEXTS)) > 80
    assert all(shown(one) for one in TEXTS)


def test_the_mark_of_a_script_that_runs_would_be_seen(phones: Phones, started: Deployment) -> None:
    """Where one of them did run, the look at the page fails."""
    phone = phones(started)
    phone.opens().choose_language("en")
    _is_untouched(phone)
    phone.page.evaluate(f"globalThis.{MARK} = 1")
    with pytest.raises(AssertionError):
        _is_untouched(phone)


def test_500_hostile_texts_as_answers_are_shown_as_they_were_written(
    phones: Phones, started: Deployment
) -> None:
    """Each answer stands apart from everything around it, whole but for what turns a text."""
    shelter = Provider(started, OPEN_DOOR)
    phone = phones(started)
    phone.opens().choose_language("ar")
    receipt = phone.asks(shelter.code(), ("documents",))
    case = shelter.newest()
    given = ["\n".join(one) for one in hostile.batches(TEXTS, TEXT_BYTES)]
    for text in given:
        shelter.answer(case, text).done()

    assert phone.looks(receipt, "en") == "box"
    found = _contents(phone.page, "article p[translate=no]")
    assert found == [shown(text) for text in given]
    assert sum(text.count("\n") + 1 for text in found) == 500
    for one in phone.page.locator("article p[translate=no]").all():
        bidi, direction = one.evaluate(_APART)
        assert (bidi in ("isolate", "plaintext"), direction) == (True, "auto")
    assert phone.status() == phone.words["answers.box.answered"]
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert phone.page.evaluate(wide), "very long words break"
    _is_untouched(phone)


def test_500_hostile_texts_as_own_words_are_read_back_as_they_were_typed(
    phones: Phones, started: Deployment
) -> None:
    """Written on the page, offered for a change and read back: line for line the same."""
    phone = _at_the_check(phones, started)
    seen = 0
    for group in hostile.batches(TEXTS, TEXT_BYTES):
        phone.more(text="\n".join(group))
        rows = phone.page.locator("dl.summary > div").filter(
            has=phone.page.get_by_text(phone.words["ask.topic.text"], exact=True)
        )
        assert rows.locator("dd").evaluate_all(_TEXT) == [shown(one) for one in group]
        assert set(rows.locator("dd > bdi").evaluate_all(_APARTS)) == {"isolate auto"}
        seen += len(group)
        _is_untouched(phone)
    assert seen == 500
    assert phone.page.get_by_role("heading", level=2).inner_text().endswith("?")


_APARTS = "(all) => all.map((one) => `${getComputedStyle(one).unicodeBidi} ${one.dir}`)"


def test_hostile_words_to_know_them_by_and_ways_to_answer_are_read_back(
    phones: Phones, started: Deployment
) -> None:
    """One after another in the fields of one line: what does not fit is refused in words."""
    phone = _at_the_check(phones, started)
    short = [one for one in TEXTS if len(shown(one).encode()) <= SAFE_WORD_BYTES][::12]
    for text in short:
        phone.more(safe_word=text)
        assert _js_trimmed(shown(text)) in _contents(phone.page, "dl.summary dd")
    phone.says("shared.back")
    phone.waits_for("safe")
    phone.chooses("channel", "call")
    fitting = [one for one in TEXTS if len(shown(one).encode()) <= CONTACT_BYTES][::12]
    for text in fitting:
        phone.types("ask.contact.number", text)
        phone.says("shared.next")
        phone.waits_for("check")
        assert _js_trimmed(shown(text)) in _contents(phone.page, "dl.summary dd")
        phone.says("shared.back")
        phone.waits_for("safe")
    assert len(short) > 20
    assert len(fitting) > 35
    _is_untouched(phone)


def test_500_hostile_texts_in_the_fields_for_code_receipt_and_copy_are_no_code(
    phones: Phones, started: Deployment
) -> None:
    """Each is answered by an error in words, by the page alone; none is shown or sent."""
    phone = phones(started)
    halves = json.loads("[" + ",".join(f'"{one}"' for one in _HALVES) + "]")
    phone.opens().choose_language("ko")
    before = len(phone.seen.requests)
    assert phone.page.evaluate(_TYPE_ALL, TEXTS) == 500
    assert _types_halves(phone) == len(halves)
    phone.opens("/answers").choose_language("hi")
    assert phone.page.evaluate(_TYPE_ALL, TEXTS) == 500
    assert _types_halves(phone) == len(halves)
    assert [one for one in phone.seen.requests[before:] if one.method == "POST"] == []
    phone = _at_the_check(phones, started)
    phone.says_yes("own")
    phone.receipt()
    assert phone.page.evaluate(_TYPE_ALL, TEXTS) == 500
    phone.waits_for("receipt")
    _is_untouched(phone)


def _types_halves(phone: Phone) -> int:
    """Type what JSON alone can say, in the page, where halves of signs are possible."""
    texts = "[" + ",".join(f'"{one}"' for one in _HALVES) + "]"
    return int(phone.page.evaluate(f"({_TYPE_ALL})({texts})"))


@pytest.fixture
def nasty(started: Deployment, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """A network with three more organisations and three regions whose names are nasty."""
    for name, said in ORGANISATIONS.items():
        monkeypatch.setitem(deployment.NAMES, name, said)
        deployment.list_organisation(started, name, _PROFILE.format(name=json.dumps(said)))
    _name_regions(started)
    return started


def test_hostile_names_of_organisations_and_regions_are_names_wherever_they_stand(
    phones: Phones, nasty: Deployment
) -> None:
    """In the list, as who reads it, in the question for the yes, as a region, in the box, named by
    another organisation, and on the page without JavaScript.
    """
    phone = phones(nasty)
    phone.opens().choose_language("ar")
    phone.says("ask.code.none")
    phone.waits_for("list")
    names = set(ORGANISATIONS.values())
    assert names <= set(_contents(phone.page, ".choice-text"))
    _is_untouched(phone)

    for name, said in ORGANISATIONS.items():
        _asks_by_name(phone, nasty, name, said)

    phone.opens("/plain")
    assert names <= set(_contents(phone.page, "article h4 bdi"))
    _is_untouched(phone)


def _asks_by_name(phone: Phone, at: Deployment, name: str, said: str) -> None:
    phone.opens().choose_language("en").type_code(Provider(at, name).code())
    phone.waits_for("reader")
    assert _contents(phone.page, ".lead bdi") == [said]
    phone.goes_on()
    phone.needs("documents")
    phone.safe_way("come_back")
    phone.says("ask.check.more")
    phone.waits_for("more")
    for region in REGIONS:
        phone.tap(phone.choice(phone.words["ask.topic.region"]))
        phone.waits_for("region")
        assert set(REGIONS) <= set(_contents(phone.page, ".choice-text"))
        phone.tap(phone.choice(region))
        phone.says("shared.done")
        phone.waits_for("more")
    phone.says("shared.done")
    phone.waits_for("check")
    rows = _contents(phone.page, "dl.summary dd")
    assert said in rows
    assert REGIONS[-1] in rows
    _is_untouched(phone)
    question = phone.page.get_by_role("heading", level=2).evaluate("(one) => one.textContent")
    assert said in question.replace("\u2068", "").replace("\u2069", "")
    assert (question.count("\u2068"), question.count("\u2069")) in ((0, 0), (1, 1))

    phone.says_yes("own")
    receipt = phone.receipt()
    phone.types_first_four(receipt)
    phone.sends()
    shelter = Provider(at, name)
    others = [value for key, value in ORGANISATIONS.items() if key != name]
    named = [word for one in others for word in ("--organisation", one)]
    words = ("answer", shelter.newest(), "--state", "try_another", *named, "--text-file", "-")
    shelter.run(*words, typed="Try these.").done()
    assert phone.looks(receipt, "en") == "box"
    assert sorted(_contents(phone.page, "article li bdi")) == sorted(others)
    lead = phone.page.locator(".lead").evaluate("(one) => one.textContent")
    assert said in lead.replace("\u2068", "").replace("\u2069", "")
    _is_untouched(phone)


def test_500_hostile_texts_pasted_without_javascript_are_refused_and_not_repeated(
    phones: Phones, started: Deployment
) -> None:
    """The server says in words that it cannot read them; not a sign of theirs comes back."""
    phone = phones(started)
    for group in [TEXTS[at : at + 100] for at in range(0, 500, 100)]:
        phone.opens("/plain")
        form = phone.page.locator("section#en form")
        form.locator("textarea").fill("\n".join(group))
        form.locator("button").click()
        phone.page.wait_for_url("**/paste")
        said = phone.page.locator("section#en").inner_text()
        assert "This cannot be read" in said
        assert MARK not in phone.page.content()
        _is_untouched(phone)


def _at_the_check(phones: Phones, at: Deployment) -> Phone:
    phone = phones(at)
    phone.opens().choose_language("en").type_code(Provider(at, OPEN_DOOR).code())
    phone.goes_on()
    phone.needs("documents")
    phone.safe_way("come_back")
    phone.waits_for("check")
    return phone


def _js_trimmed(text: str) -> str:
    return text.strip(" \t\n\u00a0\ufeff\u2028\u2029\u3000")


def _name_regions(at: Deployment) -> None:
    """Let the admins sign a policy that names these regions, and load it."""
    draft = at.folder / "policy-with-regions"
    at.run("admin", "policy", "next", "--days", "300", "--out", str(draft)).done()
    lines = [f"region {1000 + number} {name}\n" for number, name in enumerate(REGIONS)]
    draft.write_text(draft.read_text(encoding="utf-8") + "".join(lines), encoding="utf-8")
    for name in ADMINS[:2]:
        at.admin(name, "policy", "sign", str(draft)).done()
    _load(at, draft)


def _load(at: Deployment, policy: Path) -> None:
    loaded = subprocess.run(
        [sys.executable, "-m", "towpath", "server", "policy", policy, "--dir", at.server],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr
