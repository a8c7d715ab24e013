"""Texts that somebody writes who wants a page to do or to show something else than it says.

They are drawn from a seed, so that every run tries the same ones, and no two are equal. Whatever
script among them would run leaves its mark (`MARK`) on the page or asks for an address with it.
"""

from __future__ import annotations

import random  # noqa: TID251 - the same texts each time, no secret
from collections.abc import Callable, Iterator

MARK = "towpathMark"
"""What a script would set, and what an address would hold."""
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Signs that turn the direction of a text: pages leave them out."""

_SEED = 500
_DO = f"globalThis.{MARK}=1"
_MARKUP = (
    "<script>{do}</script>",
    "<ScRiPt src=/{mark}></sCrIpT >",
    "<img src=/{mark} onerror={do}>",
    "<svg/onload={do}>",
    '"><svg onload="{do}">',
    "'-({do})-'",
    "</p></main><script>{do}</script>",
    "<iframe srcdoc='<script>parent.{mark}=1</script>'></iframe>",
    "<style>@import '/{mark}'; body {{ display: none }}</style>",
    "<link rel=stylesheet href=/{mark}>",
    "<form action=/{mark}><button>Send</button></form>",
    "<base href=https://{mark}.example/>",
    "<meta http-equiv=refresh content='0;url=/{mark}'>",
    "<a href='javascript:{do}' autofocus onfocus='{do}'>Next</a>",
    "<math><mtext><img src=/{mark} onerror={do}></mtext></math>",
    "<!--<img src=/{mark} onerror={do}>-->",
    "<template><script>{do}</script></template>",
    "&lt;script&gt;{do}&lt;/script&gt;",
    "&#60;img src=/{mark}&#62;",
    "\\x3cscript\\x3e{do}\\x3c/script\\x3e",
    "]]><script>{do}</script>",
    "{{{{constructor.constructor('{do}')()}}}}",
    "${{{do}}}",
    "`${{{do}}}`",
    "<%= {do} %>",
    "{{% {do} %}}",
)
_ADDRESSES = (
    "javascript:{do}",
    "JaVaScRiPt:{do}//",
    "data:text/html,<script>{do}</script>",
    "vbscript:{do}",
    "https://{mark}.example/?q=1",
    "//{mark}.example/x",
    "blob:https://{mark}.example/1",
    "view-source:http://{mark}.example",
    "xn--{mark}-9za.example",
    "\\\\{mark}.example\\share",
)
_FORMULAS = ("=", "+", "-", "@", "|", "%")
_NAMES = (
    "{name}",
    "{date}",
    "{n}",
    "{{name}}",
    "{constructor}",
    "{__proto__}",
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "null",
    "undefined",
    "NaN",
    "[object Object]",
    "%s%n%x",
    "$&",
    "$'",
    "$1",
    "../../etc/passwd",
    "'; DROP TABLE boxes; --",
    "\\u0000",
)
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f\u2061\ufe0f\U000e0041\u3164"
_COMBINING = "\u0300\u0316\u0334\u0489\u0e47\u20dd\u0651\u093f\u1ab0"
_SCRIPTS = ("abc xyz", "שלום", "مرحبا", "नमस्ते", "한국어", "ไทย", "日本語", "Ωμέγα", "👩🏽‍🦽", "ﷺ")


def texts(count: int = 500) -> list[str]:
    """Return so many different texts, of one line each, without control characters."""
    drawn = random.Random(_SEED)  # noqa: S311 - as above
    found: dict[str, None] = {}
    while len(found) < count:
        for kind in _KINDS:
            found[kind(drawn)] = None
    return list(found)[:count]


def batches(given: list[str], most: int) -> Iterator[list[str]]:
    """Give texts in groups of at most so many bytes of UTF-8, one line each."""
    group: list[str] = []
    for one in given:
        if group and len("\n".join([*group, one]).encode()) > most:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def shown(text: str) -> str:
    """Return a text as a page shows it: without what would turn it, as written otherwise."""
    return "".join(sign for sign in text if sign not in TURNING)


def _filled(drawn: random.Random, forms: tuple[str, ...]) -> str:
    return drawn.choice(forms).format(do=_DO, mark=MARK)


def _markup(drawn: random.Random) -> str:
    return f"{drawn.choice(('', 'a ', 'Hello, '))}{_filled(drawn, _MARKUP)}{drawn.randrange(99)}"


def _address(drawn: random.Random) -> str:
    return f"{_filled(drawn, _ADDRESSES)}{drawn.choice(('', '#'))}{drawn.randrange(99)}"


def _formula(drawn: random.Random) -> str:
    call = f'HYPERLINK("//{MARK}.example","x")'
    return f"{drawn.choice(_FORMULAS)}{drawn.choice((call, f'cmd|{MARK}!A1'))}{drawn.randrange(99)}"


def _name(drawn: random.Random) -> str:
    return f"{drawn.choice(_NAMES)} {drawn.choice(_NAMES)}"


def _turned(drawn: random.Random) -> str:
    words = [drawn.choice(_SCRIPTS) for _ in range(4)]
    return "".join(f"{drawn.choice(TURNING)}{word}{drawn.choice(' !)(')}" for word in words) + "x"


def _left_open(drawn: random.Random) -> str:
    return f"x{drawn.choice(TURNING) * drawn.randrange(1, 20)}{drawn.choice(_SCRIPTS)} 5 > 3"


def _unseen(drawn: random.Random) -> str:
    word = drawn.choice(_SCRIPTS)
    return drawn.choice(_INVISIBLE).join(word) + drawn.choice(_INVISIBLE) * drawn.randrange(1, 9)


def _heaped(drawn: random.Random) -> str:
    return drawn.choice(_SCRIPTS) + "".join(drawn.choices(_COMBINING, k=drawn.randrange(9, 60)))


def _long(drawn: random.Random) -> str:
    return drawn.choice(("W", "ﷺ", "한", "_", "🏳️‍🌈", "م")) * drawn.randrange(30, 90)


def _mixed(drawn: random.Random) -> str:
    turned = f"{drawn.choice(TURNING)}{drawn.choice(_SCRIPTS)}{drawn.choice(_INVISIBLE)}"
    return f"{turned}{_filled(drawn, _MARKUP)}"


_KINDS: tuple[Callable[[random.Random], str], ...] = (
    _markup,
    _address,
    _formula,
    _name,
    _turned,
    _left_open,
    _unseen,
    _heaped,
    _long,
    _mixed,
)
