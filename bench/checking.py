"""Measure what a peer loads and computes to check a network, beyond the record of her code.

One answer of `GET /v1/network`: 5 admins of whom 3 sign, 5 witnesses who all cosign, a policy in
its third version, 64 regions, and 500 organisations of which none, 50 or all have a line on the
list of ended statements. Bytes are those of the answer as our server packs it. The time is from the
whole answer to "it holds", by the page's own modules in Chromium at a quarter of this machine's
speed, the median of three runs of a new page each: the CPU that the page's thread used (the
browser's own threads, which verify signatures, are not slowed down), and the time that passed.
Beside it stands what the answer took before that: fetching it, whoever checks it.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import msgspec
from playwright.sync_api import Browser, CDPSession, sync_playwright

from crypto.public import policy as policies
from crypto.public import policy_chain
from crypto.public.note_signing import sign_note
from crypto.public.policy import Region
from server.routes.bodies import text
from server.routes.public import NetworkDocument, TokenKey
from tests.crypto.networks import Network, make_network, seed_of

RUNS: Final = 3
SLOWER: Final = 4
VERSIONS: Final = 3
LINES: Final = (0, 50, 500)
ENTRIES: Final = 8_000  # of the log: 500 organisations, their renewals, profiles, weekly keys
_LEVELS: Final = 13  # hashes of an inclusion in a log of that size
MOST_BYTES: Final = 12 * 1024
MOST_MS: Final = 100
WEB: Final = Path(__file__).parents[1] / "web"
_NAMES: Final = ("North", "South", "East", "West", "Upper", "Lower", "New", "Old")
_PLACES: Final = ("Harbour", "Valley", "Province", "County", "Lakes", "Coast", "Hills", "Bridge")
_OPTIONS: Final = ("--bundle", "--format=esm", "--target=es2022", "--charset=utf8")
_SMALLER: Final = """
import { readFileSync } from 'node:fs';
import { NEEDED_AT_ONCE, smaller } from './web/build/smaller.js';
process.stdout.write(NEEDED_AT_ONCE + (await smaller(readFileSync(0, 'utf8'))));
"""
_SCRIPT: Final = """
import { Api } from './flows/api.js';
import { viewOf } from './flows/network_view.js';

let body;

window.loaded = async (address) => {
  body = new Uint8Array(await (await fetch(address)).arrayBuffer());
};

window.checked = async (day) => {
  const reply = { status: 200, header: () => 'application/json', body };
  const begun = performance.now();
  const view = await viewOf(await new Api({ call: async () => reply }).network(), day);
  if (!view.witnessed) throw new Error('not witnessed');
  return performance.now() - begun;
};
"""


@dataclass(frozen=True)
class Took:
    """Milliseconds of the thread's CPU, to load the answer and to check it, and by the clock."""

    loading: float
    checking: float
    passed: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="./dev bench checking", description=__doc__)
    parser.add_argument("--slower", type=float, default=SLOWER, help="than this machine")
    slower = parser.parse_args().slower
    program = shutil.which("chromium")
    if program is None:
        sys.exit("bench: chromium is missing: ./dev system")
    network, notes = long_standing()
    answers = {lines: document(network, notes, lines) for lines in LINES}
    print("What a peer loads to check a network of 500 organisations, and how long that takes")
    print(f"in Chromium at 1/{slower:g} of this machine's speed, median of {RUNS}")
    os.sync()  # what a setup wrote a moment ago is not measured
    with serving(answers) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--no-proxy-server"]
        )
        once(browser, url, 0, network.today, slower)  # what a browser does once is not counted
        took = [
            {lines: once(browser, url, lines, network.today, slower) for lines in answers}
            for _ in range(RUNS)
        ]
        browser.close()
    for lines, answer in answers.items():
        _report(lines, answer, [one[lines] for one in took])
    print(f"  at most {MOST_BYTES:,} bytes and {MOST_MS} ms (issue 6, Shows 6)")


def long_standing() -> tuple[Network, list[bytes]]:
    """A network in its third policy, and the notes of all three."""
    made = make_network(admins=5, threshold=3, witnesses=5, witness_threshold=5, name="bench-")
    regions = tuple(
        Region(1000 + at, f"{_NAMES[at % 8]} {_PLACES[at // 8]}")
        for at in range(len(_NAMES) * len(_PLACES))
    )
    words = policies.format_text(replace(made.policy, regions=regions, network_id=b""))
    notes = [sign_note(words, *made.admins[: made.policy.threshold])]
    policy = policy_chain.accept_first(notes[0], policies.network_id_of(words))
    network = replace(made, policy=policy, policy_note=notes[0])
    while network.policy.version < VERSIONS:
        notes.append(network.next_policy(until=network.policy.until + 180))
        network = network.at(notes[-1])
    return network, notes


def document(network: Network, notes: list[bytes], lines: int) -> bytes:
    """What `GET /v1/network` says of it, with so many lines on the list, as JSON."""
    listed = network.suspensions(hashlib.sha256(b"%d" % at).digest() for at in range(lines))
    checkpoint = network.checkpoint([b"%d" % at for at in range(ENTRIES)], suspensions=listed)
    said = NetworkDocument(
        network_id=text(network.network_id),
        policies=[note.decode() for note in notes],
        checkpoint=checkpoint.decode(),
        suspensions=listed.decode(),
        suspended=[],
        token_keys=[
            TokenKey(
                period=network.today - at,
                public_key=text(seed_of(f"issuing key {at}")),
                index=ENTRIES - 1 - at,
                hashes=[text(seed_of(f"hash {at} {level}")) for level in range(_LEVELS)],
            )
            for at in (0, 91)
        ],
        tokens_a_week=32,
        work_bits=20,
        tick_seconds=120,
        store_bytes=1_048_576,
    )
    return msgspec.json.encode(said)


def once(browser: Browser, url: str, lines: int, day: int, slower: float) -> Took:
    """What it takes to load an answer, and then until "it holds", in a new page."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    page.wait_for_function("() => Boolean(window.checked)")
    devtools = context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.evaluate("() => undefined")  # the first call of all is the instrument's own
    begun = _busy(devtools)
    page.evaluate("(address) => loaded(address)", f"/{lines}")
    there = _busy(devtools)
    passed = page.evaluate("(day) => checked(day)", day)
    done = _busy(devtools)
    context.close()
    return Took(there - begun, done - there, passed)


def _busy(devtools: CDPSession) -> float:
    """Milliseconds of CPU that the page's thread has used, slowed down as it is."""
    found = devtools.send("Performance.getMetrics")["metrics"]
    return 1000 * next(float(one["value"]) for one in found if one["name"] == "TaskDuration")


@contextmanager
def serving(answers: dict[int, bytes]) -> Iterator[str]:
    """Serve a page with the page's modules, and each answer under its number of lines."""
    pages = {f"/{lines}": ("application/json", body) for lines, body in answers.items()}
    pages["/"] = ("text/html", b'<!doctype html><script type="module" src="/checked.js"></script>')
    pages["/checked.js"] = ("text/javascript", _bundle())

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            media, body = pages.get(self.path, ("text/plain", b""))
            self.send_response(200)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()


def _bundle() -> bytes:
    """The page's modules as pages have them: bundled, and made smaller as web/build.js does."""
    with tempfile.NamedTemporaryFile(suffix=".js", dir=WEB, mode="w") as source:
        source.write(_SCRIPT)
        source.flush()
        bundled = _node(["web/node_modules/esbuild/bin/esbuild", source.name, *_OPTIONS], b"")
    return _node(["--input-type=module", "--eval", _SMALLER], bundled)


def _node(words: list[str], given: bytes) -> bytes:
    command = ["./dev", "node", *words]
    made = subprocess.run(  # noqa: S603  # our own bundler, on our own sources
        command, check=True, input=given, stdout=subprocess.PIPE, cwd=WEB.parent
    )
    return made.stdout


def _report(lines: int, answer: bytes, took: list[Took]) -> None:
    packed = len(gzip.compress(answer))
    print(
        f"  {lines:>3} lines: {packed:>6,} bytes (gzip; {len(answer):,} plain),"
        f" {statistics.median(one.checking for one in took):.0f} ms of CPU,"
        f" {statistics.median(one.passed for one in took):.0f} ms by the clock"
        f" (and {statistics.median(one.loading for one in took):.0f} ms of CPU to load it)"
    )


if __name__ == "__main__":
    main()
