"""Measure the page for asking as a slow phone loads and uses it, beside other projects' pages.

A demo network on this machine, Chromium at 400 kbit/s each way, 400 ms and a quarter of this
machine's speed; each time is the median of three runs. A script plays scenario S1 and waits like a
person: reading, looking for keys, copying the receipt by hand.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from client import ambient, demo_network, demo_server
from client.demo_places import FIRST, Places
from client.demo_server import HOST, DemoServer
from client.demo_up import begin
from client.flows import handing
from words import catalogues

RUNS: Final = 3
LATENCY_MS: Final = 400
BYTES_A_SECOND: Final = 400_000 // 8
SLOWER: Final = 4
KEY_MS: Final = 200
# How long somebody looks at a screen before the next tap: what is long is read longer.
READING_MS: Final = {
    "language": 3_000,
    "code": 8_000,
    "reader": 8_000,
    "needs": 5_000,
    "safe": 5_000,
    "check": 8_000,
}
COPYING_MS: Final = 40_000  # the receipt, on paper
FIRST_SCREEN: Final = ("/", "/static/page.css", "/static/start.js")
SHORT_WAY: Final = (*FIRST_SCREEN, "/static/ask.js", "/static/words.ask.{}.json")
ALL: Final = (*SHORT_WAY, "/static/rest.js", "/static/words.rest.{}.json")
# Other projects' pages for sending, as we measured them on the same network and slow-down: built
# from their sources and served as stubs without calls of their own, which is less than they load.
# Requests, KB over the wire (gzip), seconds to load.
PEERS: Final = (
    ("SecureDrop (the server encrypts)", 10, 56, 2.4),
    ("PrivateBin", 17, 161, 4.7),
    ("Hush Line", 9, 182, 5.3),
    ("Yopass", 8, 342, 8.3),
    ("GlobaLeaks 5.0.15", 9, 785, 18.4),
)
# Notes when each screen came and when somebody tapped last; it is not part of the page.
_NOTES = """
window.noted = {};
addEventListener('click', () => { noted.tap = performance.now(); }, true);
new MutationObserver(() => {
  const { screen } = document.getElementById('main')?.dataset ?? {};
  if (screen && !(screen in noted)) noted[screen] = [performance.now(), noted.tap];
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


@dataclass
class Run:
    """What one run took, in seconds, and what it loaded, in bytes."""

    usable: float = 0
    question: float = 0
    sent: float = 0
    whole: float = 0
    files: dict[str, tuple[int, int]] = field(default_factory=dict)
    calls: dict[str, tuple[int, int]] = field(default_factory=dict)


def main() -> None:
    """Measure and print."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit("bench: chromium is missing: ./dev system")
    with deployment() as (url, codes), sync_playwright() as playwright:
        print("Bodies over the wire, bytes, by language: brotli (gzip)")
        for language in catalogues.codes():
            print(f"  {language}  {_weights(url, language)}")
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--no-proxy-server"]
        )
        # Reading and copying take as long each time: the last run alone waits for all of it.
        runs = [play(browser, url, code, patient=code is codes[-1]) for code in codes]
        browser.close()
    _report(runs)


@contextmanager
def deployment() -> Iterator[tuple[str, list[str]]]:
    """Run a demo network in a folder of its own; gives its address and a code for each run."""
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_server.ended_by_signals(),
        demo_server.held(Path(folder)) as lock,
        demo_server.ended(DemoServer(Places(Path(folder)).server, lock)) as server,
    ):
        places = Places(Path(folder))
        first = begin(places, server, 0)
        at = demo_network.open_provider(places, FIRST)
        others = handing.hand_out(at, RUNS - 1, today=ambient.today())
        yield server.url, [one.symbols for one in (first, *others)]


def play(browser: Browser, url: str, code: str, *, patient: bool) -> Run:
    """Ask by code the short way, in English, as somebody does who reads and types."""
    wait = 1.0 if patient else 0.1
    context = browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True)
    context.set_default_timeout(60_000)
    context.add_init_script(_NOTES)
    page = context.new_page()
    run = Run()
    _slow(page, run, url)
    page.goto(f"{url}/")
    run.usable = page.evaluate(
        """() => Math.max(performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd,
             performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0) / 1000"""
    )
    _look(page, "language", wait)
    page.get_by_role("button", name="English", exact=True).tap()
    _come(page, "code", wait)
    run.question = _since_tap(page, "code")
    page.locator("input").press_sequentially(code, delay=KEY_MS * wait)
    _tap(page, "Next", "reader", wait)
    _tap(page, "Go on", "needs", wait)
    page.locator(".choice").first.tap()
    _tap(page, "Next", "safe", wait)
    page.locator(".choice").first.tap()
    _come(page, "check", wait)
    page.locator("[role=group] .next").first.tap()
    page.locator(".receipt p").first.wait_for()
    page.wait_for_timeout(COPYING_MS * wait)
    receipt = page.locator(".receipt p").first.inner_text()
    page.locator("input").press_sequentially(receipt[:4], delay=KEY_MS * wait)
    page.get_by_role("button", name="Send", exact=True).tap()
    page.locator('main[data-screen="done"]').wait_for()
    run.sent = _since_tap(page, "done")
    run.whole = page.evaluate("noted.done[0] / 1000")
    context.close()
    return run


def _slow(page: Page, run: Run, url: str) -> None:
    """Make a page slow, and note what it loads: headers and body as they were sent."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")
    conditions = {"offline": False, "latency": LATENCY_MS}
    rates = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    cdp.send("Network.emulateNetworkConditions", {**conditions, **rates})
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    begun: dict[str, tuple[str, int]] = {}

    def answered(event: dict[str, Any]) -> None:
        told = event["response"]
        begun[event["requestId"]] = (told["url"].removeprefix(url), told["encodedDataLength"])

    def finished(event: dict[str, Any]) -> None:
        path, headers = begun.get(event["requestId"], ("", 0))
        if path.startswith("/"):
            where = run.calls if path.startswith("/v1/") else run.files
            where[f"{path} {len(where)}"] = (int(event["encodedDataLength"]) - headers, headers)

    cdp.on("Network.responseReceived", answered)
    cdp.on("Network.loadingFinished", finished)


def _come(page: Page, screen: str, wait: float) -> None:
    """Wait for a screen, and read it."""
    page.locator(f'main[data-screen="{screen}"]').wait_for()
    _look(page, screen, wait)


def _tap(page: Page, button: str, then: str, wait: float) -> None:
    page.get_by_role("button", name=button, exact=True).tap()
    _come(page, then, wait)


def _look(page: Page, screen: str, wait: float) -> None:
    page.wait_for_timeout(READING_MS[screen] * wait)


def _since_tap(page: Page, screen: str) -> float:
    """Return the seconds from the tap before a screen until it was there."""
    return float(page.evaluate("name => (noted[name][0] - noted[name][1]) / 1000", screen))


def _weights(url: str, language: str) -> str:
    parts = (("first screen", FIRST_SCREEN), ("short way", SHORT_WAY), ("all of asking", ALL))
    told = []
    for name, paths in parts:
        br, gz = (
            sum(_size(url, path.format(language), coding) for path in paths)
            for coding in ("br, gzip", "gzip")
        )
        told.append(f"{name} {br:,} ({gz:,}) in {len(paths)}")
    return "; ".join(told)


def _size(url: str, path: str, coding: str) -> int:
    connection = HTTPConnection(HOST, int(url.rpartition(":")[2]), timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": coding})
    size = len(connection.getresponse().read())
    connection.close()
    return size


def _report(runs: list[Run]) -> None:
    files, calls = runs[-1].files, runs[-1].calls
    for name, found in (("files", files), ("calls", calls)):
        bodies, heads = (sum(one[at] for one in found.values()) for at in (0, 1))
        print(f"Chromium, the short way: {len(found)} {name}, {bodies:,} bytes, headers {heads:,}")
    print(f"400 kbit/s, {LATENCY_MS} ms, {SLOWER} x slower, median of {RUNS}, seconds:")
    for label, name in (
        ("first usable screen", "usable"),
        ("from the language to the first question", "question"),
        ("from the last tap to sent", "sent"),
    ):
        print(f"  {label:<45}{statistics.median(getattr(run, name) for run in runs):>7.1f}")
    print(f"  {'all of S1 once, reading, typing, copying':<45}{runs[-1].whole:>7.1f}")
    usable = statistics.median(run.usable + run.question for run in runs)
    kilobytes = sum(body + head for body, head in files.values()) / 1000
    print("Pages for sending, on this network: requests, KB over the wire, seconds to load")
    print(f"  {'ours, until the first question':<36}{len(files):>4}{kilobytes:>6.0f}{usable:>7.1f}")
    for peer, requests, kb, seconds in PEERS:
        print(f"  {peer:<36}{requests:>4}{kb:>6}{seconds:>7.1f}")


if __name__ == "__main__":
    main()
