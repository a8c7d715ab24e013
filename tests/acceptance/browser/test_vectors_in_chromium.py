"""The vectors of docs/spec in a browser: every scenario comes out in Chromium as it says."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright

from server.pages import HTML
from tests.acceptance.browser.chromium import started as running
from tests.server.serving import ROOT
from tests.web.browser import NODE

pytestmark = pytest.mark.needs("chromium")

VECTORS = ROOT / "docs" / "spec" / "vectors"
JITLESS = "--js-flags=--jitless"
"""Switches off compiling, and WebAssembly with it."""
# Each of these derives keys with Argon2id, which is very slow where nothing is compiled.
SLOW = ("open_admin_file", "seal_admin_file", "open_member_file", "seal_member_file")
_ESBUILD = ROOT / "web" / "node_modules" / "esbuild" / "bin" / "esbuild"
# The policy of our pages, so that what is tried may do no more than they.
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
_PAGE = (
    '<!doctype html><html lang="en"><title>Vectors</title>'
    '<script type="module" src="/run.js"></script></html>'
)
_RUN = f"""
import {{ fault, parse }} from {json.dumps(str(ROOT / "web/tests/vectors/runner.js"))};
const given = await (await fetch('/vectors.json')).json();
const failed = {{}};
let passed = 0;
for (const [name, text] of Object.entries(given)) {{
  const found = await fault(parse(text));
  if (found === undefined) passed += 1;
  else failed[name] = found;
}}
globalThis.told = {{ passed, failed, wasm: typeof WebAssembly }};
"""


@contextmanager
def served(files: Mapping[str, tuple[str, bytes]]) -> Iterator[str]:
    """Serve these files, path -> (type, content), until the end of the block; give the address."""

    class Files(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = files.get(self.path, ("text/plain", b""))
            self.send_response(200 if self.path in files else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", _POLICY)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Files) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The operations that Node's tests use, bundled for a page as our pages are."""
    folder = tmp_path_factory.mktemp("vectors")
    source, out = folder / "source.js", folder / "run.js"
    source.write_text(_RUN, encoding="utf-8")
    words = [
        "--bundle",
        "--format=esm",
        "--platform=browser",
        "--target=es2022",
        f"--outfile={out}",
    ]
    subprocess.run([NODE, _ESBUILD, source, *words, "--log-level=error"], check=True, timeout=60)
    return out.read_bytes()


def told(
    playwright: Playwright, folder: Path, script: bytes, scenarios: Mapping[str, str], *flags: str
) -> dict[str, Any]:
    """Run scenarios, name -> text, in a page of a new Chromium, and return what it says."""
    files = {
        "/": (HTML, _PAGE.encode()),
        "/run.js": ("text/javascript", script),
        "/vectors.json": ("application/json", json.dumps(scenarios).encode()),
    }
    with served(files) as url, running(playwright, folder / "profile", flags) as browser:
        page = browser.page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        page.wait_for_function("() => globalThis.told", timeout=1_500_000)
        assert errors == []
        found = page.evaluate("() => globalThis.told")
        assert isinstance(found, dict)
        return found


def all_scenarios() -> dict[str, str]:
    """Return the text of every scenario, by the name of its file."""
    return {file.name: file.read_text(encoding="utf-8") for file in VECTORS.glob("*.json")}


def operation(text: str) -> str:
    """Return the operation of a scenario."""
    return str(json.loads(text)["operation"])


def test_every_scenario_comes_out_in_chromium(
    playwright: Playwright, tmp_path: Path, script: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """As many pass as there are files, and none fails."""
    scenarios = all_scenarios()
    found = told(playwright, tmp_path, script, scenarios)
    with capsys.disabled():
        print(f"\nChromium: {found['passed']} of {len(scenarios)} scenarios passed")
    assert found["failed"] == {}
    assert found["passed"] == len(scenarios) > 1_000
    assert found["wasm"] == "object", "this one has everything switched on"


def test_scenarios_come_out_without_compiling_and_without_webassembly(
    playwright: Playwright, tmp_path: Path, script: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """One scenario of each operation and expectation, without those that derive with Argon2id."""
    sample: dict[tuple[str, str], tuple[str, str]] = {}
    for name, text in sorted(all_scenarios().items()):
        if operation(text) not in SLOW:
            sample.setdefault((operation(text), json.loads(text)["expect"]), (name, text))
    scenarios = dict(sample.values())
    found = told(playwright, tmp_path, script, scenarios, JITLESS)
    left = len(all_scenarios()) - len(scenarios)
    with capsys.disabled():
        print(f"\nChromium without JIT: {found['passed']} scenarios passed, {left} left for --long")
    assert found == {"passed": len(scenarios), "failed": {}, "wasm": "undefined"}
    assert len(scenarios) > 100


@pytest.mark.long
def test_every_scenario_but_argon2id_comes_out_without_compiling(
    playwright: Playwright, tmp_path: Path, script: bytes
) -> None:
    """All that senders need. Key files of members and admins derive with Argon2id, and are not done
    in 25 minutes without a JIT: no page has them yet.
    """
    every = all_scenarios()
    scenarios = {name: text for name, text in every.items() if operation(text) not in SLOW}
    found = told(playwright, tmp_path, script, scenarios, JITLESS)
    assert found == {"passed": len(scenarios), "failed": {}, "wasm": "undefined"}
    assert len(every) > len(scenarios) > 1_000


def test_a_wrong_expectation_is_noticed(
    playwright: Playwright, tmp_path: Path, script: bytes
) -> None:
    """A scenario whose output or category was changed is named."""
    chosen = dict(sorted(all_scenarios().items())[-40:])
    changed = {
        name: re.sub(r'"expect": "\w+"', '"expect": "Expired"', text)
        for name, text in chosen.items()
        if '"expect": "Expired"' not in text
    }
    assert changed
    found = told(playwright, tmp_path, script, changed)
    assert found["passed"] == 0
    assert set(found["failed"]) == set(changed)
