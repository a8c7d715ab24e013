"""The texts of the pages: one source, the same in every language, and fit to be read."""

import json
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tools import generate_words
from tools.word_checks import faults
from tools.word_files import CLIENT, HOME, BadCatalogue, Text, languages, plural_categories, read
from tools.word_parts import CODES, PAGES, PARTS
from tools.word_uses import sources, unknown, unused, uses
from words import Choice, Choices, load
from words.banned import languages_with_a_list
from words.catalogues import codes, open_

HERE = (
    "en", "es", "ko", "hi", "ar", "zh-Hans", "zh-Hant", "th", "vi", "tl", "id", "ru", "pt", "fr",
    "ht", "ne",
)  # fmt: skip
TRANSLATED = HERE[1:]
ASKING = ("ask", "rest", "answers")
ENGLISH = read("en")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of English and Spanish, to break."""
    for code in ("en", "es"):
        shutil.copytree(HOME / code, tmp_path / code)
    return tmp_path


@cache
def _as_they_stand() -> tuple[dict[str, dict[str, Text]], list[str]]:
    return generate_words.catalogues()


def _broken(
    home: Path, code: str, domain: str, old: str, new: str
) -> tuple[dict[str, dict[str, Text]], list[str]]:
    path = home / code / f"{domain}.po"
    source = path.read_text(encoding="utf-8")
    assert old in source
    path.write_text(source.replace(old, new, 1), encoding="utf-8")
    return generate_words.catalogues(home)


# --- as they stand ---


def test_R16_every_catalogue_is_complete_and_without_a_fault() -> None:
    """Same keys, placeholders and plural forms in every language, and nothing that is banned."""
    good, wrong = _as_they_stand()
    assert wrong == []
    assert set(HERE) <= set(good)


def test_R16_what_is_served_is_what_the_catalogues_say() -> None:
    """The committed files are made from the catalogues as they stand, and from nothing else."""
    assert generate_words.stale(generate_words.render(_as_they_stand()[0])) == []


def test_R16_the_same_catalogues_give_the_same_bytes() -> None:
    """Making the files twice gives the same; no time, path or order of a machine is in them."""
    first = generate_words.render(_as_they_stand()[0])
    assert first == generate_words.render(generate_words.catalogues()[0])


def test_R16_every_key_that_a_page_uses_is_there_and_every_key_is_used() -> None:
    """No page asks for a text that is not there, and no text lies about unused."""
    families = {key.partition(".")[0] for key in ENGLISH}
    used = {use for path in sources() for use in uses(path.read_text(encoding="utf-8"), families)}
    assert unknown(used, ENGLISH) == []
    assert unused(used, ENGLISH) == []


def test_R16_a_button_is_short_in_every_language() -> None:
    """What a page gives to a button has at most 40 characters in English, 64 elsewhere."""
    scripts = "".join(
        path.read_text(encoding="utf-8") for path in sources() if path.suffix == ".js"
    )
    keys = set(re.findall(r"button\(\s*(?:\w+\.)?t\(\s*['\"]([a-z0-9_.]+)['\"]", scripts))
    assert len(keys) > 10, "buttons are written otherwise now"
    for code, most in (("en", 40), *((code, 64) for code in TRANSLATED)):
        texts = ENGLISH | read(code)
        assert [key for key in keys if len(texts[key].forms[0]) > most] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_R16_a_language_that_a_machine_drafted_says_so(code: str) -> None:
    """A page in such a language knows it, as long as one text of it is unreviewed."""
    told = json.loads(generate_words.for_pages("ask", code, read(code)))
    drafted = any(t.unreviewed for t in read(code).values() if t.domain in (*CLIENT, "choices"))
    assert told["unreviewed"] == drafted
    reviewed = {key: _reviewed(text) for key, text in read(code).items()}
    assert json.loads(generate_words.for_pages("ask", code, reviewed))["unreviewed"] is False
    assert json.loads(generate_words.for_server(code, reviewed))["unreviewed"] is False
    assert not any(text.unreviewed for text in ENGLISH.values())


def _reviewed(text: Text) -> Text:
    return Text(key=text.key, domain=text.domain, forms=text.forms, plural=text.plural)


# --- faults ---


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"Salir"', '""', "es: shared.leave: is empty"),
        ('msgid "shared.leave"', 'msgid "shared.left2"', "es: missing: shared.leave"),
        ('msgid "shared.leave"', 'msgid "shared.left2"', "es: shared.left2 is not in English"),
        ('msgid "shared.leave"', 'msgid "Leave"', "es: Leave: the key is not well formed"),
        ("quedan: {n}", "quedan", "has the placeholders []"),
        ("quedan: {n}", "quedan: {n} {m}", "has the placeholders ['m', 'n']"),
        ("quedan: {n}", "quedan: {n} {", "has a brace that is no placeholder"),
        ('"Salir"', '"<b>Salir</b>"', "has HTML"),
        ('"Salir"', '"Salir&nbsp;"', "has HTML"),
        ('"Salir"', '"Salir "', "has spaces or line breaks too many"),
        ('"Salir"', '"Salir\\n"', "has spaces or line breaks too many"),
        ('"Salir"', '"Sal\u202eir"', "has a control character"),
        ('"Salir"', '"Sal\u200bir"', "has a control character"),
        ('"Salir"', '"Sali\u0301r"', "is not NFC"),
        ('"Salir"', '"SALIR"', "has SALIR in capitals"),
        ('"Salir"', f'"{"Salir y salir " * 5}ya"', "is longer than 64 characters"),
        ('"Salir"', '"Un rescate"', "uses 'rescat': People leave; nobody rescues them."),
        ('"Salir"', '"Todas las víctimas"', "uses 'víctima'"),
        ('"Salir"', '"Tu salida"', "uses 'tu': Who reads is usted"),
        ('"Salir"', '"Usuaria"', "uses 'usuari'"),
        ("#, unreviewed\n", "#, fuzzy\n", "is marked fuzzy"),
    ],
)
def test_R16_a_faulty_text_fails_the_build(home: Path, old: str, new: str, fault: str) -> None:
    """One wrong text is named with its language and key, and keeps its language from being made."""
    good, wrong = _broken(home, "es", "shared", old, new)
    assert any(fault in one for one in wrong), wrong
    assert set(good) == {"en"}


@pytest.mark.parametrize(
    ("code", "domain", "old", "new", "fault"),
    [
        ("es", "shared", "Language: es", "Language: pt", "does not say Language: es"),
        ("es", "shared", "nplurals=2", "nplurals=3", "does not give 2 plural forms"),
        ("es", "shared", "(n != 1)", "(n > 1)", "gives 0 another plural form than the CLDR"),
        ("es", "shared", 'msgid "shared.back"', 'msgid "shared.leave"', "stands twice"),
        ("es", "ask", 'msgid "ask.code.title"', 'msgid "shared.leave"', "stands twice"),
        ("es", "shared", 'msgstr "Salir"', "msgstr Salir", "es/shared.po"),
        ("es", "shared", 'msgstr "Salir"', 'msgstr "Salir', "es/shared.po"),
        ("es", "answers", "msgstr[1]", "msgstr[2]", "es/answers.po"),
        ("es", "answers", "msgstr[1]", "# ", "is empty"),
        ("en", "shared", 'msgstr "Leave"', 'msgstr ""', "en: shared.leave: is empty"),
        ("en", "shared", 'msgstr "Leave"', 'msgstr "Rescue"', "en: shared.leave: uses 'rescue'"),
        ("en", "shared", 'msgid "shared.leave"', 'msgid "needs.housing"', "of a choice"),
        ("en", "plain", 'msgid "plain.title"', 'msgid "plain.title"\nmsgid_plural "plain.title"',
         "the server does not choose between"),
    ],
)  # fmt: skip
def test_R16_a_faulty_file_fails_the_build(
    home: Path, code: str, domain: str, old: str, new: str, fault: str
) -> None:
    """A file that is none, or of another language, is named and not made."""
    good, wrong = _broken(home, code, domain, old, new)
    assert any(fault in one for one in wrong), wrong
    assert code not in good


def test_R16_a_text_in_another_domain_is_a_fault(home: Path) -> None:
    """A text of the server's pages does not move to the phone in one language only."""
    message = '\n#, unreviewed\nmsgid "plain.extra"\nmsgstr "Más"\n'
    with (home / "en" / "plain.po").open("a", encoding="utf-8") as file:
        file.write('\nmsgid "plain.extra"\nmsgstr "More"\n')
    with (home / "es" / "ask.po").open("a", encoding="utf-8") as file:
        file.write(message)
    wrong = generate_words.catalogues(home)[1]
    assert "es: plain.extra stands in ask, in English in plain" in wrong


def test_R16_a_limit_of_the_english_holds_in_proportion() -> None:
    """A text with max-length:10 may have 16 characters in another language, vowel signs apart."""
    english = {"a.b": Text(key="a.b", domain="ask", forms=("0123456789",), most=10)}

    def wrong(code: str, form: str) -> list[str]:
        text = Text(key="a.b", domain="ask", forms=(form,))
        return [one for one in faults(code, {"a.b": text}, english) if "longer" in one]

    assert wrong("es", "x" * 16) == []
    assert wrong("es", "x" * 17) == ["es: a.b: is longer than 16 characters"]
    assert wrong("hi", "की" * 16) == []
    too_long = {"a.b": Text(key="a.b", domain="ask", forms=("01234567890",), most=10)}
    assert faults("en", too_long, too_long) == ["en: a.b: is longer than 10 characters"]


def test_R16_a_language_without_a_list_of_banned_words_fails_the_build() -> None:
    """Nothing is called free of banned words that nobody looked for (R19)."""
    assert "my: words/banned.toml has no list for it" in faults("my", {}, {})
    assert set(HERE) <= set(languages_with_a_list())


def test_R19_a_choice_about_gender_may_name_it_in_every_language_and_no_other_text() -> None:
    """What English allows for one entry, its translations may say too."""
    men = Text(key="accepts.men", domain="choices", forms=("Hombres",))
    assert faults("es", {men.key: men}, {men.key: men}) == []
    for key, domain, form in (
        ("accepts.everyone", "choices", "Hombres"),
        ("accepts.men", "choices", "Rescate de hombres"),
        ("accepts.men", "ask", "Hombres"),
    ):
        text = Text(key=key, domain=domain, forms=(form,))
        assert faults("es", {key: text}, {key: text})


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("en", 2), ("es", 2), ("ko", 1), ("hi", 2), ("ar", 6), ("ru", 3), ("zh-Hans", 1),
        ("vi", 1), ("tl", 2), ("id", 1), ("pt", 2), ("fr", 2), ("ht", 2),
    ],
)  # fmt: skip
def test_R16_plural_forms_are_those_of_the_language(code: str, forms: int) -> None:
    """The forms are the ones that whole numbers below a thousand can have (CLDR)."""
    assert len(plural_categories(code)) == forms


def test_R16_an_unfinished_language_is_no_language(home: Path) -> None:
    """A folder without a file, or of no known language, is refused."""
    (home / "es" / "ask.po").unlink()
    assert any(one.startswith("es: missing: ask.") for one in generate_words.catalogues(home)[1])
    with pytest.raises(BadCatalogue, match="no such language"):
        generate_words.for_pages("ask", "xx", {})


# --- uses ---


def test_R16_keys_are_found_in_scripts_templates_and_python() -> None:
    """Each way of writing a key is seen, file names and other texts are not."""
    families = {"ask", "plain"}
    script = "t(\"ask.a.b\"), n('ask.c', 3), t(`ask.${kind}.then`), '/static/ask.js', 'no.key'"
    assert uses(script, families) == {"ask.a.b", "ask.c", "ask.${kind}.then"}
    assert uses("  // `ask.a.b` is\n/** 'ask.c' */\n * 'ask.d'\nt('ask.e')", families) == {"ask.e"}
    page = "{{ words.text('plain.title') }} <a href='plain.html'> f\"plain.out.{what}\""
    assert uses(page, families) == {"plain.title", "plain.out.{what}"}


def test_R16_a_missing_and_a_spare_key_are_told_apart() -> None:
    """A hole stands for one part of a key, and no more."""
    known = ["ask.a.then", "ask.b.c.then", "ask.d"]
    assert unknown(["ask.${kind}.then", "ask.d", "ask.e"], known) == ["ask.e"]
    assert unused(["ask.${kind}.then", "ask.{x}"], known) == ["ask.b.c.then"]


# --- what is made ---


def _whole(rows: list[Any], before: int) -> list[tuple[int, str, str]]:
    """Read rows as generate_words.py describes them."""
    found = []
    for row in rows:
        rest = list(row) if isinstance(row, list) else [row]
        before = rest.pop(0) if isinstance(rest[0], int) else before + 1
        found.append((before, rest[0], rest[1] if len(rest) > 1 else ""))
        under = rest[2] if len(rest) > 2 else []
        found += _whole(under, before * 100)
    return found


def _made(code: str) -> list[dict[str, Any]]:
    """Return the parts of a language as they travel to whoever asks; members' are apart."""
    texts = _as_they_stand()[0][code]
    return [json.loads(generate_words.for_pages(part, code, texts)) for part in ASKING]


@pytest.mark.parametrize("name", generate_words.LISTS)
def test_R16_a_page_reads_every_list_as_it_stands(name: str) -> None:
    """The short form that travels says the same numbers and texts as words/*.toml."""
    (rows, *others) = [part["lists"][name] for part in _made("en") if name in part["lists"]]
    assert all(other == rows for other in others)
    wanted = []
    for top in load(name).offered():
        wanted += [
            (one.id, one.text, one.hint or "") for one in (top, *load(name).offered(top.code))
        ]
    assert _whole(rows, 0) == wanted


def test_R22_an_area_of_a_networks_own_is_named_and_nothing_else_by_its_number() -> None:
    """An unknown tie to the police with an area's number is unknown, and not called like it."""
    english, own = open_("en"), {1000: "River valley"}
    unknown = english.text("shared.unknown")
    assert english.choices_of("regions", [1000, 1001], own) == ("River valley", unknown)
    assert english.choices_of("police_tie", [1000], own) == (unknown,)
    assert english.choices_of("regions", [1000]) == (unknown,)


def test_R16_a_retired_choice_travels_marked() -> None:
    """Somebody may have chosen it before; the page can say what it was, and offers it no more."""
    old = Choice(id=1, code="old", text="Old", retired=True)
    choices = Choices("soon", (old, Choice(id=2, code="new", text="New", hint="Hint")))
    texts = {key: Text(key=key, domain="choices", forms=(form,)) for key, form in
             {"soon.old": "Old", "soon.new": "New", "soon.new.hint": "Hint"}.items()}  # fmt: skip
    assert generate_words._rows(choices, None, texts) == [
        ["Old", "", [], 1],
        ["New", "Hint"],
    ]


@pytest.mark.parametrize("code", HERE)
def test_R16_nothing_weighs_on_the_phone_that_no_page_shows(code: str) -> None:
    """No text of the server's own pages, no source and no English name travels."""
    made = _made(code)
    assert not any(key.startswith("plain.") for told in made for key in told["texts"])
    assert {name for told in made for name in told["lists"]} == {*generate_words.LISTS, CODES}
    assert not any(re.search(r"R\d+; |L\d{3,}", json.dumps(told)) for told in made)


def test_R16_every_text_of_the_pages_is_in_a_part_and_none_is_loaded_twice() -> None:
    """What a page loads later has nothing that it has already."""
    ask, rest, answers = (set(told["texts"]) for told in _made("en"))
    of_asking = ("shared", "ask", "answers")
    assert ask | rest | answers == {t.key for t in ENGLISH.values() if t.domain in of_asking}
    assert not ask & rest


@pytest.mark.parametrize("bundle", ["start.js", "ask.js", "rest.js", "answers.js"])
def test_R16_a_bundle_names_texts_by_number_only(bundle: str) -> None:
    """The build put a number for every key, or failed: web/tests/keys.test.js."""
    script = (generate_words.STATIC / bundle).read_text(encoding="utf-8")
    assert uses(script, {key.partition(".")[0] for key in ENGLISH}) == set()


def test_R16_what_comes_at_once_has_the_first_numbers() -> None:
    """So that web/build.js refuses a first bundle that names a text of what is loaded later."""
    keys = generate_words.keys_of(_as_they_stand()[0]["en"])
    for page, parts in PAGES.items():
        made = keys[page]
        for number, key in enumerate(made["keys"]):
            assert PARTS[parts[0]].holds(key) == (number < made["first"])


def test_the_codes_of_the_languages_stand_beside_their_names() -> None:
    """The same numbers, for what reads a name aloud in its own language."""
    (rows,) = [told["lists"][CODES] for told in _made("en") if CODES in told["lists"]]
    found = {number: text for number, text, _ in _whole(rows, 0)}
    assert found == {entry.id: entry.code for entry in load("languages")}


def test_R16_a_stale_missing_or_stray_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """--check writes nothing, names each file that is wrong, and returns 1."""
    monkeypatch.setattr(generate_words, "ROOT", tmp_path)
    monkeypatch.setattr(generate_words, "STATIC", tmp_path / "static")
    monkeypatch.setattr(generate_words, "BUILT", tmp_path / "built")
    assert generate_words.main(["--check"]) == 1
    assert not (tmp_path / "static").exists()
    assert generate_words.main([]) == 0
    assert generate_words.main(["--check"]) == 0
    (tmp_path / "static" / "words.ask.es.json").write_text("{}", encoding="utf-8")
    (tmp_path / "static" / "words.ask.xx.json").write_text("{}", encoding="utf-8")
    (tmp_path / "built" / "plain.ko.json").unlink()
    capsys.readouterr()
    assert generate_words.main(["--check"]) == 1
    told = capsys.readouterr().out
    assert re.findall(r"stale: (\S+)", told) == [
        "built/plain.ko.json", "static/words.ask.es.json", "static/words.ask.xx.json",
    ]  # fmt: skip


def test_R16_what_is_built_has_each_text_under_its_number() -> None:
    """Every part of every language says again what the catalogue says, by the page's keys."""
    good = _as_they_stand()[0]
    keys = generate_words.keys_of(good["en"])
    for code, texts in good.items():
        for part in ASKING:
            plain = generate_words.for_pages(part, code, texts)
            told = json.loads(generate_words.numbered(part, plain, keys))
            (page,) = [page for page, parts in PAGES.items() if part in parts]
            numbers = dict(told["texts"]) if part == "rest" else dict(enumerate(told["texts"]))
            named = {keys[page]["keys"][int(number)]: text for number, text in numbers.items()}
            assert named == json.loads(plain)["texts"]
            assert told["keys"] == keys[page]["stamp"]


def test_R16_keys_of_another_order_have_another_stamp() -> None:
    """A page never takes a text of one build for a text of another."""
    texts = _as_they_stand()[0]["en"]
    turned = dict(reversed(texts.items()))
    for page, made in generate_words.keys_of(texts).items():
        assert generate_words.keys_of(turned)[page]["stamp"] != made["stamp"]


# --- what the server reads ---


@pytest.mark.parametrize("code", HERE)
def test_R16_the_server_has_its_texts_and_every_choice_in_every_language(code: str) -> None:
    """What a page without JavaScript says stands there, with lists and direction."""
    words = open_(code)
    assert words.code == code
    assert words.direction == ("rtl" if code == "ar" else "ltr")
    for key in (key for key, text in ENGLISH.items() if text.domain == "plain"):
        assert words.texts[key]
    for name in generate_words.LISTS:
        assert all(words.choice(name, entry.id) for entry in load(name))


def test_R16_the_server_offers_languages_in_the_order_of_the_list() -> None:
    """The order is that of languages.toml, not of file names."""
    assert list(codes()) == [tongue.code for tongue in load("languages") if tongue.code in codes()]
    assert sorted(codes()) != list(codes())
    assert set(codes()) == set(languages())


def test_R16_the_server_is_refused_what_is_not_there() -> None:
    """An unknown language or key raises; an unknown number is None."""
    with pytest.raises(KeyError):
        open_("xx")
    with pytest.raises(KeyError):
        open_("../en")
    with pytest.raises(KeyError):
        open_("en").text("plain.nothing")
    assert open_("en").choice("needs", 65535) is None
    assert open_("en").hint("needs", 65535) == ""
    assert open_("en").hint("needs", 1) == "For tonight, or for the next days."
