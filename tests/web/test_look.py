"""How the pages look: everything can be read, in both directions, and nothing is fetched for it."""

from __future__ import annotations

import gzip
import re
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import pytest

from words import load

PAGES = Path(__file__).resolve().parents[2] / "web" / "pages"
CSS = (PAGES / "page.css").read_text(encoding="utf-8")
SPRITE = (PAGES / "sprite.svg").read_text(encoding="utf-8")

# (text or line, what it may stand on, least contrast): WCAG 2.2, 1.4.6 (7) and 1.4.11 (3).
SURFACES = ["ground", "paper", "soft"]
PAIRS = [
    *((text, under, 7.0) for text, under in product(["ink", "faint", "deep"], SURFACES)),
    *(("wrong", under, 7.0) for under in ["ground", "paper"]),
    ("on-deep", "deep", 7.0),
    ("on-bar", "bar", 7.0),
    *(("line", under, 3.0) for under in SURFACES),
]
SHADES = {"ground", "paper", "soft", "ink", "faint", "line", "deep", "on-deep", "bar", "on-bar"}
CLASSES = [
    *["leave", "screen", "lead", "note", "warn", "error", "field", "counter", "two", "digits"],
    *["choices", "choice", "choice-icon", "choice-text", "choice-hint", "next", "more", "back"],
    *["reader", "tie", "summary", "receipt", "status", "answer", "progress", "done"],
    *["icon", "mirrored", "likely"],
]

SHAPES = {"path", "circle", "rect", "line", "polyline"}
PICTURED = ["needs", "soon", "channel", "children", "who", "eyes"]  # lists of words/
NAMES = ["back", "next", "more"]
PHYSICAL = re.compile(r"^(?!.*(block|inline)).*\b(left|right|top|bottom|width|height)\b")
FOUR_SIDED = {"margin", "padding", "inset", "border-width", "border-style", "border-color"}
SPRITE_MOST = 3 * 1024  # bytes, gzip
CSS_MOST = 2600  # the same, without comments and most spaces
SVG = "{http://www.w3.org/2000/svg}"


def _bare(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def _shades(css: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the custom properties that are colours: by day, and by night."""
    roots = re.findall(r"(@media[^{]*\{\s*)?:root \{(.*?)\}", _bare(css), flags=re.DOTALL)
    by_query = {query.strip(" {\n"): dict(_colours(body)) for query, body in roots}
    day = by_query[""]
    return day, day | by_query["@media (prefers-color-scheme: dark)"]


def _colours(body: str) -> list[tuple[str, str]]:
    return re.findall(r"--([a-z-]+):\s*(#[0-9a-f]+);", body)


def _light(colour: str) -> float:
    """Return the relative luminance of "#rgb" or "#rrggbb" (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted([_light(one), _light(other)])
    return (light + 0.05) / (dark + 0.05)


def css_faults(css: str) -> list[str]:
    """Return what a style sheet of the pages must not have, as found."""
    bare = _bare(css)
    rules = re.findall(r"([^{};]+)\{", bare)
    stated = re.findall(r"([a-z-]+):\s*([^;{}]+);", bare)
    still = "@media (prefers-reduced-motion: no-preference)"
    outside = re.sub(rf"{re.escape(still)}.*?\n\}}", "", bare, flags=re.DOTALL)
    faults = re.findall(r"url\(|@import|@font-face|expression\(", bare)
    faults += [rule.strip() for rule in rules if re.search(r"#[a-z]", rule, flags=re.IGNORECASE)]
    faults += re.findall(r"\b(?:animation|transition|scroll-behavior)[a-z-]*:", outside)
    for name, value in stated:
        sides = re.sub(r"\([^()]*(\([^()]*\))?[^()]*\)", "", value).split()
        physical = PHYSICAL.search(name) and name not in {"stroke-width", "line-height"}
        uneven = name in FOUR_SIDED and len(sides) == 4 and sides[1] != sides[3]
        coloured = not name.startswith("--") and re.search(r"#[0-9a-f]{3}|rgb|hsl", value)
        if physical or uneven or coloured or value in {"left", "right"}:
            faults.append(f"{name}: {value}")
    return faults


def sprite_faults(svg: str) -> list[str]:
    """Return what the drawings must not have, as found."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - a file of ours
    faults = [child.tag for child in root if child.tag != f"{SVG}symbol"]
    ids = [str(symbol.get("id")) for symbol in root]
    faults += [f"twice: {one}" for one in set(ids) if ids.count(one) > 1]
    for symbol in root:
        faults += [] if symbol.get("viewBox") == "0 0 24 24" else [f"{symbol.get('id')}: viewBox"]
        faults += [] if len(symbol) else [f"{symbol.get('id')}: empty"]
        for shape in symbol.iter():
            tag = shape.tag.removeprefix(SVG)
            faults += [] if shape is symbol or tag in SHAPES else [tag]
            faults += [name for name in shape.attrib if name.startswith("on") or "href" in name]
            faults += [
                f"{name}: {value}"
                for name, value in shape.attrib.items()
                if name in {"fill", "stroke", "style", "color"}
                and value not in {"none", "currentColor"}
            ]
    return faults


def _heads(name: str) -> list[str]:
    """Return how the drawing of each choice at the top of a list begins: its code, its number."""
    return [
        f'<!-- {one.code} -->\n<symbol id="i-{name}-{one.id}"'
        for one in load(name)
        if one.parent is None
    ]


@pytest.mark.parametrize(("text", "under", "least"), PAIRS)
def test_what_is_read_stands_out_by_day_and_by_night(text: str, under: str, least: float) -> None:
    """Texts reach 7:1 on whatever they stand on, borders and the focus ring 3:1 and more."""
    for shades in _shades(CSS):
        assert contrast(shades[text], shades[under]) >= least


def test_the_contrast_is_that_of_wcag() -> None:
    """Black on white is 21, #767676 on white just passes, a colour on itself is 1."""
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#abc", "#aabbcc") == 1


def test_every_shade_has_a_place_in_the_pairs() -> None:
    """A colour that nobody compared does not come into the pages."""
    day, night = _shades(CSS)
    assert set(day) == set(night) == SHADES | {"wrong"}
    assert {one for text, under, _ in PAIRS for one in (text, under)} == set(day)


def test_the_style_sheet_keeps_to_the_rules() -> None:
    """Logical properties, nothing fetched, no ids, no motion, no colour beside the shades."""
    assert css_faults(CSS) == []


@pytest.mark.parametrize(
    "bad",
    [
        ".a { margin-left: 1px; }",
        ".a { padding-right: 1px; }",
        ".a { border-top: 1px solid; }",
        ".a { border-left-width: 1px; }",
        ".a { left: 0; }",
        ".a { top: 0; }",
        ".a { width: 1px; }",
        ".a { min-height: 1px; }",
        ".a { text-align: left; }",
        ".a { float: right; }",
        ".a { margin: 0 1px 0 2px; }",
        ".a { background: url(https://example.org/a); }",
        "@import 'a.css';",
        "@font-face { font-family: a; }",
        "#main { color: inherit; }",
        ".a #main { color: inherit; }",
        ".a { color: #123456; }",
        ".a { color: rgb(1 2 3); }",
        ".a { transition: color 1s; }",
        ".a { animation-name: a; }",
    ],
)
def test_a_style_sheet_that_breaks_a_rule_is_found(bad: str) -> None:
    """Each of these would fail the test above."""
    assert css_faults(f":root {{ --ink: #000; }}\n{bad}\n")


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_of_the_pages_has_its_look(name: str) -> None:
    """The classes that the pages' code gives its elements stand in the style sheet."""
    assert re.search(rf"\.{name}(?![a-z-])", _bare(CSS))


def test_the_wishes_of_the_phone_are_kept() -> None:
    """Dark, more contrast and forced colours have rules; the focus is framed."""
    for query in ["prefers-color-scheme: dark", "prefers-contrast: more", "forced-colors: active"]:
        assert f"@media ({query})" in CSS
    assert re.search(r":focus-visible \{\s*outline: 3px solid", CSS)
    assert not re.search(r"outline:\s*(none|0)", CSS)
    assert re.search(r"\[hidden\] \{\s*display: none !important", CSS)


def test_the_look_is_small() -> None:
    """Style sheet and drawings keep to their share of the first screens."""
    dense = re.sub(r"\s*([{};:,])\s+", r"\1", _bare(CSS)).encode()
    assert len(gzip.compress(dense, mtime=0)) <= CSS_MOST
    assert len(gzip.compress(SPRITE.encode(), mtime=0)) <= SPRITE_MOST


def test_the_drawings_keep_to_the_rules() -> None:
    """Symbols of plain shapes with ids of their own, in no colour but that of the text."""
    assert sprite_faults(SPRITE) == []


@pytest.mark.parametrize(
    "bad",
    [
        '<symbol id="i-more" viewBox="0 0 24 24"><path d="M1 1"/></symbol>',
        '<symbol id="a"><path d="M1 1"/></symbol>',
        '<symbol id="a" viewBox="0 0 32 32"><path d="M1 1"/></symbol>',
        '<symbol id="a" viewBox="0 0 24 24"/>',
        '<symbol id="a" viewBox="0 0 24 24"><title>A</title></symbol>',
        '<symbol id="a" viewBox="0 0 24 24"><text>A</text></symbol>',
        '<symbol id="a" viewBox="0 0 24 24"><image href="a.png"/></symbol>',
        '<symbol id="a" viewBox="0 0 24 24"><script>a</script></symbol>',
        '<symbol id="a" viewBox="0 0 24 24"><path d="M1 1" fill="red"/></symbol>',
        '<symbol id="a" viewBox="0 0 24 24"><path d="M1 1" stroke="#000"/></symbol>',
        '<symbol id="a" viewBox="0 0 24 24"><path d="M1 1" style="fill:red"/></symbol>',
        '<symbol id="a" viewBox="0 0 24 24"><path d="M1 1" onclick="a"/></symbol>',
        '<path d="M1 1"/>',
    ],
)
def test_a_drawing_that_breaks_a_rule_is_found(bad: str) -> None:
    """Each of these, added to the drawings, would fail the test above."""
    assert sprite_faults(SPRITE.replace("</svg>", f"{bad}</svg>"))


@pytest.mark.parametrize("name", PICTURED)
def test_every_choice_of_these_lists_has_its_picture(name: str) -> None:
    """A picture for each choice at the top of these lists, so that no row is without one."""
    assert not [head for head in _heads(name) if head not in SPRITE]


def test_every_picture_belongs_to_something() -> None:
    """No drawing is left of a choice that is not there any more."""
    known = {f"i-{name}" for name in NAMES}
    known |= {head.split('"')[1] for name in PICTURED for head in _heads(name)}
    assert set(re.findall(r'<symbol id="([^"]+)"', SPRITE)) == known
