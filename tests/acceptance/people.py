"""Who uses a deployment: providers, people who ask, and what each of them types."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.acceptance import scan
from tests.acceptance.command import Said
from tests.acceptance.deployment import Deployment

_ARRIVAL_S = 30.0

SLEEP = {
    "consent": "yes",
    "needs": ["sleep_tonight", "documents", "money"],
    "languages": ["ko"],
    "channels": ["come_back"],
    "eyes": "receipt",
    "region": "northeast",
}
"""The least request of somebody with fifteen minutes (S1)."""


@dataclass(frozen=True)
class Provider:
    """An organisation's caseworker at her folder."""

    at: Deployment
    name: str

    @property
    def home(self) -> Path:
        """The folder on her device."""
        return self.at.folder / "providers" / self.name

    @property
    def options(self) -> tuple[str, ...]:
        """What every command of hers is told."""
        phrase = self.at.folder / "providers" / f"{self.name}.phrase"
        return ("--home", str(self.home), "--passphrase-file", str(phrase))

    def run(self, *words: str, typed: str = "", url: str | None = None) -> Said:
        """Run a command of hers."""
        return self.at.run("provider", *words, *self.options, typed=typed, url=url)

    def code(self) -> str:
        """Hand out one code, in letters."""
        return str(self.run("codes", "1", "--json").json()["codes"][0]["code"])

    def cancel(self, code: str) -> Said:
        """Take a code back before it was used."""
        return self.run("codes", "cancel", "--code-file", "-", typed=f"{code}\n").done()

    def sync(self, *, url: str | None = None) -> dict[str, Any]:
        """Bring in what has come."""
        return self.run("sync", "--json", url=url).json()

    def sync_until(self, requests: int = 0, additions: int = 0) -> dict[str, int]:
        """Bring in what comes, until so much is there, for as long as a few ticks take."""
        found = {"requests": 0, "additions": 0}
        until = time.monotonic() + _ARRIVAL_S
        while found["requests"] < requests or found["additions"] < additions:
            assert time.monotonic() < until, found
            done = self.sync()
            found = {name: found[name] + int(done[name]) for name in found}
        return found

    def catch_up(self) -> None:
        """Bring in what others sent before."""
        scan.settle(self.at)
        self.sync()

    def inbox(self) -> list[dict[str, Any]]:
        """The open requests, in short."""
        found = self.run("inbox", "--json").json()["cases"]
        assert isinstance(found, list)
        return found

    def newest(self) -> str:
        """Bring in one request and return its name."""
        before = {one["case"] for one in self.inbox()}
        self.sync_until(requests=1)
        (new,) = [one["case"] for one in self.inbox() if one["case"] not in before]
        return str(new)

    def show(self, case: str) -> dict[str, Any]:
        """One request with its text."""
        return self.run("show", case, "--text", "--json").json()

    def answer(self, case: str, text: str, state: str = "answered") -> Said:
        """Answer a request."""
        words = ("answer", case, "--state", state, "--text-file", "-")
        return self.run(*words, typed=text)


@dataclass(frozen=True)
class Asked:
    """A request that was sent: its receipt in letters, and the word that locks it, if any."""

    at: Deployment
    receipt: str
    word: str | None = None
    url: str | None = None
    """The way to the server, where it is not the straight one."""

    def _holding(self, *words: str) -> Said:
        more: tuple[str, ...] = ()
        if self.word is not None:
            file = self.at.folder / "her-word"
            file.write_text(self.word, encoding="utf-8")
            more = ("--word-file", str(file))
        receipt = f"{self.receipt}\n"
        return self.at.run(*words, "--receipt-file", "-", *more, typed=receipt, url=self.url)

    def answers(self) -> Said:
        """Read the answers."""
        return self._holding("answers", "--json")

    def read(self) -> dict[str, Any]:
        """Read the answers, of which there is a box."""
        return self.answers().json()

    def shown(self) -> Said:
        """Read the answers as they are shown."""
        return self._holding("answers")

    def withdraw(self) -> Said:
        """Take everything back."""
        return self._holding("withdraw", "--yes")

    def renew(self) -> Said:
        """Keep it for longer."""
        return self._holding("renew", "--json")

    def add(self, said: Mapping[str, Any]) -> Said:
        """Add something."""
        file = written(self.at, said)
        return self._holding("add", "--from", str(file), "--yes")

    def without_word(self) -> Asked:
        """The same receipt in the hand of somebody who does not know the word."""
        return replace(self, word=None)


def written(at: Deployment, said: Mapping[str, Any]) -> Path:
    """Write a request as a file for --from."""
    file = at.folder / "request.toml"
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in said.items()]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def ask(
    at: Deployment, code: str, said: Mapping[str, Any], word: str | None = None, **more: str
) -> Asked:
    """Send a request with a code, from a file, and see that it is delivered."""
    done = try_to_ask(at, code, said, word, **more).json()
    assert (done["sent"], done["delivered"]) == (True, True), done
    return Asked(at, done["receipt"]["letters"], word)


def try_to_ask(
    at: Deployment,
    code: str,
    said: Mapping[str, Any],
    word: str | None = None,
    *,
    url: str | None = None,
) -> Said:
    """Send a request with a code, from a file."""
    options = ["--from", str(written(at, said)), "--code-file", "-", "--yes", "--json"]
    if word is not None:
        file = at.folder / "word"
        file.write_text(word, encoding="utf-8")
        options += ["--word-file", str(file)]
    return at.run("ask", *options, typed=f"{code}\n", url=url)
