"""T62: listings that nobody vetted, whole as a server would show them, to both clients at once.

The same lines go to the Python client and to the page's modules in Node. `--long` tries 10,000.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

import pytest

from client import network_view, wire
from client.api import Api
from client.errors import Trouble
from client.flows import choosing
from client.http import Reply
from crypto.client import record, record_check
from crypto.errors import Refused
from crypto.public.organisation_keys import check_weekly_key
from crypto.public.seen import Seen
from tests.crypto.streams import Stream
from tests.threats.forging import (
    CODE_KEYS,
    FIRST,
    KINDS,
    NET,
    POLICIES,
    Shown,
    line_of,
    logged,
    true_listing,
)
from tests.web.browser import NODE, ROOT

SHORT, LONG = 12, 10_000 // len(KINDS) + 1
WORKER = ROOT / "web" / "tests" / "forged_worker.js"
CLASSES = {
    "one_admin": "TooFewSignatures",
    "server_alone": "BadSignature",
    "server_under_an_admins_name": "BadSignature",
    "server_and_an_admin": "BadSignature",
    "wrong_keys": "BadSignature",
    "one_wrong_key": "BadSignature",
    "same_signer_twice": "Malformed",
    "same_signer_under_two_names": "BadSignature",
    "former_admin": "TooFewSignatures",
    "old_policy": "Rollback",
    "old_policy_under_the_newest_checkpoint": "Rollback",
    "new_policy_by_one_admin": "BadSignature TooFewSignatures",
    "other_network": "WrongNetwork",
    "statement_of_another_network": "WrongNetwork",
    "edited_profile": "BadSignature",
    "edited_statement": "BadSignature",
    "other_organisations_proof": "NotInLog",
    "not_in_the_log": "NotInLog",
    "too_few_witnesses": "NotWitnessed",
    "no_witness": "NotWitnessed",
    "wrong_witnesses": "BadSignature",
    "old_cosignatures": "NotWitnessed",
    "other_log": "WrongNetwork BadSignature",
    "checkpoint_of_another_policy": "Rollback BadSignature",
    "expired": "Expired",
    "not_yet_valid": "NotYetValid",
    "too_long": "Malformed",
    "suspended": "Suspended",
    "superseded": "Suspended",
    "suspension_as_listing": "Suspended",
    "shortened_list": "BadSignature",
    "shortened_list_signed_anew": "NotWitnessed",
    "list_of_another_network": "WrongNetwork",
    "rolled_back": "Rollback",
    "split_view": "NotInLog",
    "frozen": "NotWitnessed",
    "other_organisations_keys": "BadSignature",
    "cut_or_longer_statement": "Malformed BadSignature WrongNetwork",
    "cut_or_longer_checkpoint": "Malformed BadSignature WrongNetwork NotWitnessed",
    "cut_or_longer_policy": "Malformed BadSignature WrongNetwork TooFewSignatures",
    "one_bit": "Malformed BadSignature WrongNetwork",
    "strangers_line": "BadSignature",
}


@dataclass(frozen=True)
class Made:
    """What a client made of what it was shown: why not, or "" where it took it."""

    code: str
    directory: str
    chosen: int


class Lying:
    """A server in this process that says what it is told to."""

    def __init__(self, said: dict[str, Any]) -> None:
        self._said = said

    def call(self, method: str, path: str, *_: object, **__: object) -> Reply:
        """Answer with the forged network or directory."""
        del method
        body = json.dumps(self._said[path.removeprefix("/v1/")]).encode()
        return Reply(200, {"content-type": "application/json"}, body)


def python_makes(line: str) -> Made:
    """Show it to the Python client: its own network view, record check and directory."""
    said = json.loads(line)
    api = Api(Lying(said))  # type: ignore[arg-type]  # it calls as Http does
    if said["before"]:
        before = said["before"]
        root = wire.unb64url(before["root"])
        seen = Seen(before["version"], before["size"], root, before["day"])
        api.memory.keep(NET.network_id, seen)
    try:
        view = network_view.fetch(api, device_day=NET.today, network_id=NET.network_id)
    except Trouble as trouble:
        return Made(trouble.category, trouble.category, 0)
    contents = record.open_(wire.unb64url(said["record"]), CODE_KEYS, NET.network_id)
    code = _why(lambda: record_check.check(contents, CODE_KEYS.locator, view.network))
    (one,) = api.directory()
    directory = _why(
        lambda: check_weekly_key(
            one.weekly_keys[0], choosing.check_listed(one, view).statement, view.today
        )
    )
    found = choosing.fetch(api, device_day=NET.today, network_id=NET.network_id)
    return Made(code, directory, len(choosing.matching(found.organisations)))


def _why(look: Any) -> str:
    try:
        look()
    except Refused as refused:
        return type(refused).__name__
    return ""


class Page:
    """The page's modules in Node, which take a line and say what they make of it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def makes(self, line: str) -> Made:
        """Show it to the page."""
        return Made(**self._said(line))

    def visited(self, *shown: Shown) -> list[str]:
        """Show it these networks in turn, in one visit; why it took each not, or ""."""
        networks = [one.as_answers()["network"] for one in shown]
        said: list[str] = self._said(wire.dumps({"visit": networks}).decode())
        return said

    def _said(self, line: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def page() -> Iterator[Page]:
    """Start it with the keys of the code that is tried."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    command = [str(NODE), str(WORKER)]
    with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
        assert process.stdin is not None
        begun = wire.dumps({"keys": asdict(CODE_KEYS), "day": NET.today}).decode()
        process.stdin.write(begun + "\n")
        yield Page(process)
        process.stdin.close()


def test_P2_P9_T62_a_true_listing_is_accepted_by_both() -> None:
    """So that what is refused below is refused for what is wrong with it."""
    with page() as other:
        for number in range(20):
            line = line_of("true", true_listing(Stream(f"true {number}")))
            assert python_makes(line) == other.makes(line) == Made("", "", 1)


@pytest.mark.parametrize(
    "each", [pytest.param(SHORT, id="short"), pytest.param(LONG, id="long", marks=pytest.mark.long)]
)
def test_P2_P9_T62_of_ten_thousand_forged_listings_neither_client_accepts_one(
    each: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of every kind as many: refused behind a code and in the directory, by both for one reason."""
    assert set(KINDS) == set(CLASSES)
    refused: defaultdict[str, Counter[str]] = defaultdict(Counter)
    with page() as other:
        for kind, forge in KINDS.items():
            random = Stream(f"T62 {kind}")
            for _ in range(each):
                line = line_of(kind, forge(random))
                made = python_makes(line)
                assert made == other.makes(line), (kind, line)
                assert made.code, (kind, line)
                assert made.directory, (kind, line)
                assert made.chosen == 0, (kind, line)
                refused[kind][made.code] += 1
    with capsys.disabled():
        print(f"\n{sum(one.total() for one in refused.values()):,} forged listings, 0 accepted")
        for kind, counted in refused.items():
            reasons = ", ".join(f"{why} {count}" for why, count in counted.most_common())
            print(f"  {kind.replace('_', ' '):<42} {counted.total():>5}  {reasons}")
    for kind, counted in refused.items():
        assert set(counted) <= set(CLASSES[kind].split()), (kind, counted)
        assert counted.total() == each


def test_P9_T63_a_page_takes_nothing_older_and_no_other_log_within_a_visit() -> None:
    """Version 1 after version 2, a smaller log, another log of the same size, another network."""
    random = Stream("a visit")
    seed = random(32)
    now = true_listing(random)
    old = replace(logged(random, FIRST.statement(seed), seed, net=FIRST), policies=POLICIES[:1])
    checkpoint = NET.checkpoint([b"one\n", b"two\n"])
    small = replace(now, checkpoint=checkpoint)
    other = true_listing(random)
    foreign = replace(now, network_id=bytes(32))
    with page() as here:
        assert here.visited(now, now) == ["", ""]
        assert here.visited(old, small) == ["", "seenRollback"]
        assert here.visited(now, old, now) == ["", "rulesRollback", ""]
        assert here.visited(now, small, now) == ["", "seenRollback", ""]
        assert here.visited(now, other, now) == ["", "seenNotInLog", ""]
        assert here.visited(now, foreign, now) == ["", "not_vetted", ""]
        assert here.visited(small, now, small) == ["", "", "seenRollback"]


def test_P9_T64_what_the_page_refuses_has_words_of_its_own() -> None:
    """Each step of network_view.js that can find a lie is one that network_words.js knows."""
    random = Stream("words")
    now = true_listing(random)
    alone = KINDS["no_witness"](random)
    stale = KINDS["old_cosignatures"](random)
    shortened = KINDS["shortened_list"](random)
    ahead = replace(now, checkpoint=NET.checkpoint([b"one\n"], policy_version=3))
    with page() as here:
        said = [here.visited(one)[0] for one in (alone, stale, shortened, ahead)]
    assert said == ["logNotWitnessed", "dayNotWitnessed", "listBadSignature", "logRollback"]
    words = (ROOT / "web" / "pages" / "network_words.js").read_text(encoding="utf-8")
    for why in (*said, "rulesRollback", "seenRollback", "seenNotInLog"):
        assert f"{why}: " in words
