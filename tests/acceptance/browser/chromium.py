"""Chromium as somebody runs it: a process with a profile of its own on the disk, to be killed.

Playwright drives it over the debugging port. The profile is an ordinary one, not a private window.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

# No sandbox: the tests run as root in CI. The rest keeps Chromium from calling its maker.
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-proxy-server",
    "--remote-debugging-port=0",
)
_START_S = 60.0


def program() -> str:
    """Return Chromium's path."""
    found = shutil.which("chromium")
    assert found is not None, "chromium is missing: ./dev system"
    return found


@dataclass
class Chromium:
    """A running browser, and the folder in which it keeps what it remembers."""

    profile: Path
    process: subprocess.Popen[bytes]
    browser: Browser

    @property
    def context(self) -> BrowserContext:
        """The profile's own windows."""
        return self.browser.contexts[0]

    def page(self) -> Page:
        """The window that it opened with."""
        return self.context.pages[0] if self.context.pages else self.context.new_page()

    def kill(self) -> None:
        """End it and all its children at once, as an empty battery does."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        """Close it as somebody does who closes the last window."""
        with suppress(Exception):  # it goes away while it answers
            self.browser.new_browser_cdp_session().send("Browser.close")
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def started(playwright: Playwright, profile: Path, more: Sequence[str] = ()) -> Iterator[Chromium]:
    """Start Chromium with a profile's folder, and end it whatever happens."""
    profile.mkdir(parents=True, exist_ok=True)
    port = profile / "DevToolsActivePort"
    port.unlink(missing_ok=True)
    process = subprocess.Popen(
        [program(), *OPTIONS, *more, f"--user-data-dir={profile}", "about:blank"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    running: Chromium | None = None
    try:
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{_port(port, process)}")
        running = Chromium(profile, process, browser)
        yield running
    finally:
        with suppress(Exception):  # it may be gone already
            if running is not None:
                running.browser.close()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _port(file: Path, process: subprocess.Popen[bytes]) -> int:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        assert process.poll() is None, "Chromium ended while it started"
        with suppress(OSError, IndexError, ValueError):
            return int(file.read_text().splitlines()[0])
        time.sleep(0.05)
    raise AssertionError("Chromium did not open its debugging port")
