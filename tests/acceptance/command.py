"""The command `towpath` in this process, typed as in a terminal, on the day of the deployment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from crypto import kdf
from crypto.client import passphrase
from tests.acceptance.days import Days, LaterClock
from towpath.__main__ import towpath


@dataclass(frozen=True)
class Said:
    """What a command printed, result and conversation, and its exit code."""

    exit_code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        """Everything that stood on the terminal."""
        return self.out + self.err

    def json(self) -> dict[str, Any]:
        """The result of --json."""
        assert self.exit_code == 0, self.all
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    def done(self) -> Said:
        """Return it, after seeing that the command succeeded."""
        assert self.exit_code == 0, self.all
        return self

    def refused(self, exit_code: int, *sentences: str) -> Said:
        """Return it, after seeing that it left with this code and said these sentences."""
        assert self.exit_code == exit_code, self.all
        plain = " ".join(self.all.split())
        for sentence in sentences:
            assert sentence in plain, (sentence, plain)
        return self


def run(*words: str, typed: str = "", env: Mapping[str, str | None] | None = None) -> Said:
    """Run `towpath` with these words and lines typed; a fault of the command is raised."""
    bare = dict.fromkeys(("TOWPATH_SERVER", "TOWPATH_NETWORK", "TOWPATH_HOME", "TOWPATH_PROXY"))
    found = CliRunner(env={**bare, **(env or {})}).invoke(towpath, words, input=typed)
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return Said(found.exit_code, found.stdout, found.stderr)


@contextmanager
def devices(days: Days) -> Iterator[None]:
    """Let the devices of this process live on the deployment's day, and stretch secrets once.

    What is derived is the same as always: deriving it once more is only slow.
    """
    patched = {
        # It may be entered within another one: for a device whose date is another one's.
        "client.ambient.time": SimpleNamespace(time=LaterClock(days).now),
        "crypto.client.codes.pbkdf2": _pbkdf2,
        "crypto.client.passphrase.stretch": _stretch,
        # Each call reads the machine's certificates anew, and none of these is over TLS.
        "ssl.SSLContext.load_default_certs": lambda *_: None,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in patched.items():
            patch.setattr(name, value)
        yield


_pbkdf2 = cache(kdf.pbkdf2)
_stretch = cache(passphrase.stretch)
