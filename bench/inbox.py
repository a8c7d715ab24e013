"""Measure the inbox of an organisation that opens it with 5,000 envelopes in the drop.

A demo network on this machine and Chromium at a quarter of its speed. Half of the envelopes came
without a code, so that every organisation tries its weekly keys on them; 300 are for this one.
Each figure is the median of three runs, every one from the same store.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from client import ambient, demo_network, demo_server
from client import home as homes
from client.api_signed import store_hash
from client.demo_places import FIRST, PROVIDERS, Places
from client.demo_server import DemoServer
from client.demo_up import begin
from client.flows import profile_file, store_sync
from client.flows.desk import Desk
from server import make_core
from server.settings import load as load_settings
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.filling import fill

RUNS: Final = 3
SLOWER: Final = 4
ROWS: Final = 5_000
OWN: Final = 300
WALK_INS: Final = ROWS // 2
GOAL_S: Final = 30
_MOST_MS: Final = 300_000
_LATE_MS: Final = 1000 / 30
_MB: Final = 1_000_000
_TEXTS: Final = page_words("en")
# Notes when each text of the opening screen came, and when somebody tapped; not part of the page.
_NOTES = """
window.noted = {};
addEventListener('click', () => { noted.tap = performance.now(); noted.said = []; }, true);
new MutationObserver(() => {
  const main = document.getElementById('main');
  const said = main?.querySelector('[role=status]')?.textContent ?? '';
  noted.said?.push([performance.now(), main?.dataset.screen ?? '', said]);
}).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
"""
# Scrolls to the end, a hand's breadth each frame; gives how long each frame took, in ms.
_SCROLL = """
() => new Promise((done) => {
  const gaps = [];
  let before;
  const frame = (now) => {
    if (before !== undefined) gaps.push(now - before);
    before = now;
    const at = scrollY;
    scrollBy(0, 120);
    if (scrollY === at && gaps.length) done(gaps);
    else requestAnimationFrame(frame);
  };
  scrollTo(0, 0);
  requestAnimationFrame(frame);
})
"""


@dataclass(frozen=True)
class Run:
    """What one run took: seconds, milliseconds for frames (late ones: of 100), bytes."""

    key: float
    store: float
    drop: float
    work: float
    longest_frame: float
    late_frames: float
    usual_frame: float
    peak: float
    after: float
    buffers: float

    @property
    def whole(self) -> float:
        """From the tap on "Open" to the list."""
        return self.key + self.store + self.drop


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="./dev bench inbox", description=__doc__)
    parser.add_argument("--slower", type=float, default=SLOWER, help="than this machine")
    slower = parser.parse_args().slower
    program = shutil.which("chromium")
    if program is None:
        sys.exit("bench: chromium is missing: ./dev system")
    with deployment() as (url, places, desk), sync_playwright() as playwright:
        before = _on_server(desk, url, None)
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--no-proxy-server"]
        )
        runs = []
        for _ in range(RUNS):
            runs.append(play(browser, url, places, slower))
            _on_server(desk, url, before)
        browser.close()
    _report(runs, slower)


@contextmanager
def deployment() -> Iterator[tuple[str, Places, Desk]]:
    """Run a demo network with a full drop, and a store of its first organisation on the server."""
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_server.ended_by_signals(),
        demo_server.held(Path(folder)) as lock,
        demo_server.ended(DemoServer(Places(Path(folder)).server, lock)) as server,
    ):
        places = Places(Path(folder))
        begin(places, server, 0)
        desk = demo_network.open_provider(places, FIRST)
        api = demo_network.api_at(server.url)
        signed = demo_network.signed_calls(desk, api)
        store_sync.save(desk, signed, api.network().store_bytes, today=ambient.today())
        first, *others = (profile_file.parse(said).name for said in PROVIDERS.values())
        core = make_core(load_settings(places.server))
        walked_in = {first: OWN, others[0]: WALK_INS - OWN}
        fill(core, api, desk.network_id, walked_in, rows=ROWS)
        core.database.close()
        yield server.url, places, desk


def _on_server(desk: Desk, url: str, wanted: bytes | None) -> bytes:
    """Return the store that lies on the server, and put another in its place, if one is given."""
    signed = demo_network.signed_calls(desk, demo_network.api_at(url))
    there = signed.store()
    if wanted is not None and wanted != there:
        assert signed.put_store(wanted, replaces=store_hash(there))
    return there


def play(browser: Browser, url: str, places: Places, slower: float) -> Run:
    """Open the inbox in English, show every request, and scroll through them."""
    home = places.home(FIRST)
    phrase = places.passphrase(home).read_text(encoding="utf-8").strip()
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(_MOST_MS)
    context.add_init_script(_NOTES)
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(f"{url}/inbox")
    _tap(page, "English")
    page.locator('main[data-screen="open"]').wait_for()
    page.locator("input[type=file]").set_input_files(str(homes.load(home).key_file))
    page.get_by_label(_TEXTS["inbox.open.passphrase"], exact=True).fill(phrase)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    begun = _worked(cdp)
    _tap(page, _TEXTS["inbox.open.go"])
    peak = _peak(page, cdp)
    work = _worked(cdp) - begun
    said = page.evaluate("noted.said.map(([at, ...said]) => [at - noted.tap, ...said])")
    frames = _scrolled(page)
    cdp.send("HeapProfiler.collectGarbage")
    heap = _heap(cdp)
    context.close()
    store, rows, shown = _moments(said)
    return Run(
        key=store,
        store=rows - store,
        drop=shown - rows,
        work=work,
        longest_frame=max(frames),
        late_frames=100 * sum(one > _LATE_MS for one in frames) / len(frames),
        usual_frame=statistics.median(frames),
        peak=peak,
        after=heap["usedSize"],
        buffers=heap.get("backingStorageSize", 0),
    )


def _tap(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def _peak(page: Page, cdp: CDPSession) -> float:
    """Wait for the list; return the most memory that was seen meanwhile, in bytes."""
    most = 0.0
    until = time.monotonic() + _MOST_MS / 1000
    while page.evaluate("document.getElementById('main').dataset.screen") != "list":
        assert time.monotonic() < until, page.locator("main").inner_text()
        heap = _heap(cdp)
        most = max(most, heap["usedSize"] + heap.get("backingStorageSize", 0))
        page.wait_for_timeout(500)
    return most


def _worked(cdp: CDPSession) -> float:
    """Return how long the page's thread was at work so far, in seconds, whatever else ran."""
    told = cdp.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in told if one["name"] == "ThreadTime"))


def _heap(cdp: CDPSession) -> dict[str, Any]:
    return cdp.send("Runtime.getHeapUsage")


def _moments(said: list[tuple[float, str, str]]) -> tuple[float, float, float]:
    """Return when the store was fetched, the first rows came, and the list was there: seconds."""
    fetching = _TEXTS["inbox.opening.store"]
    looking = _TEXTS["inbox.opening.drop"].split("{")[0]
    return (
        next(at for at, _, text in said if text == fetching) / 1000,
        next(at for at, _, text in said if text.startswith(looking)) / 1000,
        next(at for at, screen, _ in said if screen == "list") / 1000,
    )


def _scrolled(page: Page) -> list[float]:
    """Show all requests, and return how long each frame of scrolling through them took, in ms."""
    shown = page.locator("li.request")
    while shown.count() < OWN:
        before = shown.count()
        _tap(page, _TEXTS["inbox.list.more"])
        page.wait_for_function(
            "before => document.querySelectorAll('li.request').length > before", arg=before
        )
    found = page.evaluate(_SCROLL)
    assert isinstance(found, list)
    return found


def _report(runs: list[Run], slower: float) -> None:
    def middle(name: str) -> float:
        return statistics.median(float(getattr(run, name)) for run in runs)

    print(f"{ROWS:,} envelopes, {WALK_INS:,} of them walk-ins, {OWN} for this organisation;")
    print(f"Chromium {slower:g} x slower, median of {RUNS}, seconds:")
    for label, name in (
        ("the key (Argon2id)", "key"),
        ("list of the network, store, first page", "store"),
        ("looking through the drop, writing the store", "drop"),
        ("from Open to the list", "whole"),
        ("of which the page itself was at work", "work"),
    ):
        print(f"  {label:<45}{middle(name):>7.1f}")
    print(f"  {'what it should take at most':<45}{GOAL_S:>7.1f}")
    print(f"Scrolling through {OWN} requests, milliseconds:")
    print(f"  {'usual frame':<45}{middle('usual_frame'):>7.1f}")
    print(f"  {'frames longer than a thirtieth second, of 100':<45}{middle('late_frames'):>7.1f}")
    print(f"  {'longest frame':<45}{middle('longest_frame'):>7.1f}")
    print("Memory of the page's script, MB:")
    for label, name in (
        ("most while opening, with buffers", "peak"),
        ("afterwards, objects", "after"),
        ("afterwards, buffers", "buffers"),
    ):
        print(f"  {label:<45}{middle(name) / _MB:>7.1f}")


if __name__ == "__main__":
    main()
