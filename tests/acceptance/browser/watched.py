"""What a browser did while somebody used a page: requests, errors, violations, texts shown.

It is watched from outside the page (a script of the debugger's, which no policy of the page holds
back), so the page that is tried is the page that is served.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request

from crypto.client import code_text
from crypto.client.code_text import Kind
from tests.acceptance.relay import Exchange

_NAME = "towpathSeen"
_SCRIPT = """
(() => {
  const later = LATER_MS;
  if (later) {
    const now = Date.now.bind(Date);
    Date.now = () => now() + later;
  }
  const tell = (what, value) => globalThis.towpathSeen?.(what, value);
  addEventListener('securitypolicyviolation', (event) =>
    tell('violation', `${event.effectiveDirective} ${event.blockedURI} ${event.sample}`), true);
  let last = '';
  const look = () => {
    const main = document.getElementById('main');
    if (!main) return;
    const labels = [...document.querySelectorAll('[aria-label]')].map((one) => one.ariaLabel);
    const shown = {
      screen: main.dataset.screen ?? '',
      title: document.title,
      fields: [...document.querySelectorAll('input, textarea, select')].map(
        (one) => [...(one.labels ?? [])].map((label) => label.textContent).join()),
      text: [document.body.innerText, ...labels].join('\\n'),
    };
    const now = JSON.stringify(shown);
    if (now !== last) tell('screen', shown);
    last = now;
  };
  new MutationObserver(look).observe(document, {
    subtree: true, childList: true, characterData: true, attributes: true,
    attributeFilter: ['data-screen', 'aria-label', 'hidden'],
  });
})();
"""
# What Chromium itself writes for an answer such as 404, which the page handles.
_ANSWERED = "Failed to load resource: the server responded with a status of"
_POLICY = re.compile(r"content security policy|trustedhtml|trustedscript|trusted type", re.I)


@dataclass(frozen=True)
class Asked:
    """One request of the browser's."""

    method: str
    url: str
    body: str
    is_own: bool
    is_exit: bool
    """Whether it is where the quick exit led."""


@dataclass
class Watched:
    """All of it for one browser context; `secrets` is what must never stand in a URL or title."""

    origin: str
    requests: list[Asked] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    screens: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    """The labels of all fields in which something could be typed."""
    secrets: list[str] = field(default_factory=list)
    _finished: list[Request] = field(default_factory=list)
    _exits: set[str] = field(default_factory=set)

    def secret(self, typed: str, kind: Kind) -> None:
        """Never may this code or receipt stand in a URL or a title, in any form."""
        raw = code_text.read(typed, kind).secret
        forms = {typed, code_text.symbols(raw, kind), code_text.digits(raw, kind)}
        self.secrets += [form for form in forms if form not in self.secrets]

    def faults(self) -> list[str]:
        """Return everything that must not happen on any page, with what it was."""
        found = [f"violation: {one}" for one in self.violations]
        found += [f"error of the page: {one}" for one in self.errors]
        found += [f"console: {one}" for one in self.console if _is_fault(one)]
        for one in self.requests:
            if not one.is_own and not one.is_exit:
                found.append(f"request to elsewhere: {one.url}")
            found += [f"secret in a URL: {one.url}" for _ in self._in(one.url)]
            found += [f"secret in a body to {one.url}" for _ in self._in(one.body)]
        found += [f"secret in a title: {one}" for one in self.titles if self._in(one)]
        return found

    def exchanges(self) -> list[Exchange]:
        """Return the calls of the interface since the last time; ask before the page is left."""
        found = []
        for one in self._finished:
            answer = one.response()
            assert answer is not None
            path, body = urlsplit(one.url).path, one.post_data_buffer or b""
            found.append(Exchange(path, b"", body, b"\r\n\r\n" + answer.body()))
        self._finished.clear()
        return found

    def _in(self, text: str) -> list[str]:
        plain = _signs(unquote(text))
        return [one for one in self.secrets if _signs(one) in plain]

    def paths(self) -> list[str]:
        """Return the paths that were asked for at the page's own server, in order."""
        return [urlsplit(one.url).path for one in self.requests if one.is_own]

    def _seen(self, _source: Any, what: str, value: Any) -> None:
        if what == "violation":
            self.violations.append(str(value))
            return
        if value["screen"] and self.screens[-1:] != [value["screen"]]:
            self.screens.append(value["screen"])
        self.texts.append(value["text"])
        self.titles.add(value["title"])
        self.fields.update(value["fields"])

    def _has_finished(self, request: Request) -> None:
        if request.url.startswith(f"{self.origin}/v1/"):
            self._finished.append(request)

    def _said(self, message: ConsoleMessage) -> None:
        self.console.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        first: Request = request
        while first.redirected_from is not None:
            first = first.redirected_from
        if first is not request and first.url == f"{self.origin}/bye":
            self._exits.add(request.url)
        self.requests.append(
            Asked(
                request.method,
                request.url,
                request.post_data or "",
                request.url.startswith((f"{self.origin}/", "data:")),
                # Nothing has a name here, and Chromium tries twice.
                request.is_navigation_request() and request.url in self._exits,
            )
        )


def watch(context: BrowserContext, origin: str, later_s: float = 0.0) -> Watched:
    """Watch a context from its first page on; its clock is so many seconds later than ours."""
    seen = Watched(origin)
    context.expose_binding(_NAME, seen._seen)
    context.add_init_script(_SCRIPT.replace("LATER_MS", str(round(later_s * 1000))))
    context.on("request", seen._asked)
    context.on("requestfinished", seen._has_finished)
    context.on("console", seen._said)
    context.on("weberror", lambda error: seen.errors.append(str(error.error)))
    return seen


def _is_fault(said: str) -> bool:
    if _POLICY.search(said):
        return True
    return said.startswith("error: ") and not said.startswith(f"error: {_ANSWERED}")


def _signs(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.casefold())
