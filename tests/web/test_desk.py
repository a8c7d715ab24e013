"""A provider's page against a real server: what it finds, keeps, sends, and above all refuses."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from client import ambient
from client import home as homes
from client.api import Api
from client.api_signed import SignedApi, store_hash
from client.errors import CodeRefused
from client.flows.desk import Desk, open_desk
from crypto import constants as c
from crypto.client import code_text
from crypto.client.code_text import Kind
from crypto.client.store import Store, open_store, seal_store
from crypto.public.keys import weekly_key_id
from crypto.public.organisation_keys import parse_weekly_key
from tests.acceptance import deployment, scan
from tests.acceptance.conftest import on_sqlite, own, started, way
from tests.acceptance.deployment import HARBOUR, NAMES, OPEN_DOOR, Deployment
from tests.acceptance.people import SLEEP, Asked, Provider, ask, try_to_ask
from tests.client.peer.wires import quick
from tests.web.browser import DESK, Browser, Trouble, browser

__all__ = ["on_sqlite", "own", "started", "way"]

PHRASE = "four words that open"
SIZE = c.STORE_STEPS[0]
REFUSED = CodeRefused.exit_code


@pytest.fixture
def town(own: Deployment) -> Deployment:
    """A deployment of a test's own, whose stores have the smallest size."""
    deployment.settings(own, store_bytes=SIZE)
    own.start()
    return own


@pytest.fixture
def harbour(town: Deployment) -> Provider:
    """The organisation whose members sit at pages; its store lies on the server."""
    provider = Provider(town, HARBOUR)
    put_store(provider)
    return provider


def desk_of(provider: Provider) -> Desk:
    """The same member at her own folder."""
    return open_desk(homes.load(provider.home), PHRASE, ambient.random)


def signed_of(provider: Provider, desk: Desk) -> SignedApi:
    """The Python client's signed calls of that member."""
    api = Api(quick(provider.at.url))
    return SignedApi(api, desk.member.ed25519_seed, desk.network_id, desk.home.counter)


def put_store(provider: Provider) -> None:
    """Bring the folder's store to the server, in place of what lies there."""
    desk = desk_of(provider)
    signed = signed_of(provider, desk)
    sealed = seal_store(desk.read(), random=ambient.random)
    assert signed.put_store(sealed, replaces=store_hash(signed.store()))


def store_of(provider: Provider) -> Store:
    """What lies on the server, opened by Python as the folder's member."""
    desk = desk_of(provider)
    return open_store(signed_of(provider, desk).store(), desk.member, 0)


@contextmanager
def page_of(provider: Provider, **at: float) -> Iterator[Browser]:
    """Her page, unlocked."""
    with browser(provider.at.url, DESK, **at) as page:
        file = base64.b64encode((provider.home / "member.key").read_bytes()).decode()
        assert page.do("unlock", file=file, passphrase=PHRASE) is True
        yield page


def refused(page: Browser, kind: str, what: str, **given: object) -> None:
    """See that a step is refused with this kind of trouble."""
    with pytest.raises(Trouble) as caught:
        page.do(what, **given)
    assert caught.value.kind == kind


def asked(provider: Provider, text: str = "tonight") -> Asked:
    """A request to a provider that lies in the drop."""
    sent = ask(provider.at, provider.code(), {**SLEEP, "text": text})
    scan.settle(provider.at)
    return sent


def ended(provider: Provider, code: str) -> None:
    """See that a code gets the one refusal."""
    try_to_ask(provider.at, code, SLEEP).refused(REFUSED, "The server does not take this code.")


def test_R14_a_request_of_the_python_client_is_found_answered_and_the_answer_read(
    harbour: Provider,
) -> None:
    """There and back between the two clients; the state travels with the text."""
    sent = asked(harbour, "=1+1")
    with page_of(harbour) as page:
        assert page.do("sync")["requests"] == 1
        (name,) = page.do("list")
        assert page.do("show", name=name)["text"] == "=1+1"
        page.do("take", name=name)
        assert page.do("answer", name=name, state="read") == "sent"
        assert page.do("answer", name=name, state="answered", text="Come at nine.") == "sent"
        assert page.do("unsaved") is True
        page.do("sync")
        assert page.do("unsaved") is False
        said = page.do("show", name=name)
    assert [one["text"] for one in said["answers"]] == ["", "Come at nine."]
    assert said["taker"] == "Anna"
    assert [one["text"] for one in sent.read()["answers"]] == ["", "Come at nine."]
    case = store_of(harbour).of_kind(c.ENTRY_CASE)
    assert len(list(case)) == 1


def test_a_store_of_python_opens_in_the_page_and_the_other_way(harbour: Provider) -> None:
    """All entries come through unchanged, and each write is one generation on."""
    before = store_of(harbour)
    with page_of(harbour) as page:
        assert page.do("generation") == before.generation
        page.do("sync")
    after = store_of(harbour)
    assert after.generation == before.generation + 1
    for kind in (c.ENTRY_MEMBER, c.ENTRY_SEED, c.ENTRY_WEEKLY):
        assert dict(after.of_kind(kind)) == dict(before.of_kind(kind))


@pytest.mark.parametrize(
    ("file", "phrase", "kind"),
    [
        (None, "four words that close", "passphrase"),
        (None, "", "passphrase"),
        (bytes(201), PHRASE, "key_file"),
        (bytes(200), PHRASE, "key_file"),
    ],
)
def test_without_her_file_and_her_passphrase_nothing_opens(
    harbour: Provider, file: bytes | None, phrase: str, kind: str
) -> None:
    """Nothing is asked of the server either."""
    given = (harbour.home / "member.key").read_bytes() if file is None else file
    with browser("http://127.0.0.1:9", DESK) as page:
        encoded = base64.b64encode(given).decode()
        refused(page, kind, "unlock", file=encoded, passphrase=phrase)


def test_an_organisation_without_a_store_on_the_server_is_told_so(town: Deployment) -> None:
    """The page founds none by itself."""
    with browser(town.url, DESK) as page:
        file = base64.b64encode((Provider(town, HARBOUR).home / "member.key").read_bytes())
        refused(page, "no_store", "unlock", file=file.decode(), passphrase=PHRASE)


def test_a_locked_page_knows_nothing_any_more(harbour: Provider) -> None:
    """Every step after locking is refused, and what was locked on purpose was saved before."""
    asked(harbour)
    with page_of(harbour) as page:
        page.do("sync")
        (name,) = page.do("list")
        page.do("note", name=name, text="called")
        page.do("lock")
        for what in ("list", "sync", "workload"):
            refused(page, "locked", what)
    with page_of(harbour) as again:
        assert again.do("show", name=name)["note"] == "called"


def test_of_two_pages_that_write_both_changes_stay(harbour: Provider) -> None:
    """The one who is later merges: nothing that either did is lost."""
    asked(harbour)
    with page_of(harbour) as one, page_of(harbour) as other:
        one.do("sync")
        other.do("sync")
        (name,) = one.do("list")
        one.do("note", name=name, text="one")
        other.do("take", name=name)
        one.do("sync")
        other.do("sync")
        said = other.do("show", name=name)
        assert (said["note"], said["taker"]) == ("one", "Anna")
        one.do("sync")
        assert one.do("show", name=name) == said


def test_R14_two_members_who_answer_at_once_do_not_answer_twice(harbour: Provider) -> None:
    """The second is told that the slot is taken, and only her own second yes sends it."""
    sent = asked(harbour)
    with page_of(harbour) as one, page_of(harbour) as other:
        one.do("sync")
        other.do("sync")
        (name,) = one.do("list")
        assert one.do("answer", name=name, state="answered", text="mine") == "sent"
        assert other.do("answer", name=name, state="answered", text="hers") == "taken"
        assert [one["text"] for one in sent.read()["answers"]] == ["mine"]
        one.do("sync")
        other.do("sync")
        assert [it["text"] for it in other.do("show", name=name)["answers"]] == ["mine"]
        assert other.do("answer", name=name, state="answered", text="hers") == "sent"
    assert [one["text"] for one in sent.read()["answers"]] == ["mine", "hers"]


def test_P10_an_answer_that_got_no_reply_waits_and_goes_out_once(harbour: Provider) -> None:
    """It goes out as the very same bytes at the next sync."""
    sent = asked(harbour)
    with page_of(harbour) as page:
        page.do("sync")
        (name,) = page.do("list")
        harbour.at.stop()
        refused(page, "unreachable", "answer", name=name, state="answered", text="wait")
        assert page.do("show", name=name)["waiting"] == "wait"
        harbour.at.start()
        assert page.do("sync")["sent"] == 1
        assert page.do("sync")["sent"] == 0
        assert page.do("show", name=name)["waiting"] is None
    assert [one["text"] for one in sent.read()["answers"]] == ["wait"]


def test_the_same_answer_twice_a_day_is_said_once(harbour: Provider) -> None:
    """A tap too many sends nothing."""
    sent = asked(harbour)
    with page_of(harbour) as page:
        page.do("sync")
        (name,) = page.do("list")
        for _ in range(2):
            assert page.do("answer", name=name, state="cannot_help", text="sorry") == "sent"
    assert len(sent.read()["answers"]) == 1


def test_R36_try_another_names_the_vetted_and_forwards_nothing(harbour: Provider) -> None:
    """Only those in the directory, never oneself; the other one gets nothing."""
    sent = asked(harbour)
    with page_of(harbour) as page:
        page.do("sync")
        (name,) = page.do("list")
        (other,) = page.do("others")
        assert other["name"] == NAMES[OPEN_DOOR]
        key = other["key"]
        refused(page, "input", "answer", name=name, state="try_another")
        refused(page, "input", "answer", name=name, state="answered", text="x", try_another=[key])
        assert page.do("answer", name=name, state="try_another", try_another=[key]) == "sent"
    (answer,) = sent.read()["answers"]
    assert answer["state"] == "try_another"
    assert Provider(harbour.at, OPEN_DOOR).sync()["requests"] == 0


def test_R10_a_walk_in_is_found_by_trial_and_once_only(harbour: Provider) -> None:
    """It lies under the hash of its envelope; the second sync does not file it again."""
    with page_of(harbour) as page, browser(harbour.at.url) as person:
        page.do("sync")
        person.do("list")
        person.do("choose", name=NAMES[HARBOUR])
        person.do("receipt")
        person.do(
            "seal",
            draft={"consent": 1, "needs": [1], "languages": [1], "channels": [1], "eyes": 1}
            | {"text": "no code"},
        )
        assert person.do("send") is not None
        scan.settle(harbour.at)
        assert page.do("sync")["requests"] == 1
        assert page.do("sync")["requests"] == 0
        (name,) = page.do("list")
        assert page.do("show", name=name)["text"] == "no code"


def test_P11_a_closed_case_opens_no_more_and_takes_no_answer(harbour: Provider) -> None:
    """Its one-time seed is erased in the store on the server too."""
    asked(harbour)
    with page_of(harbour) as page:
        page.do("sync")
        (name,) = page.do("list")
        page.do("close", name=name)
        refused(page, "case_closed", "answer", name=name, state="read")
        assert page.do("list") == []
        assert page.do("list", closed=True) == [name]
        page.do("sync")
    store = store_of(harbour)
    (case_id,) = [one for one, _ in store.of_kind(c.ENTRY_CASE)]
    assert (c.ENTRY_SEED, case_id) not in store.entries
    assert (c.ENTRY_ERASED, case_id) in store.entries


def test_R13_what_was_added_is_filed_with_its_case(harbour: Provider) -> None:
    """Also where it comes in the same page of the drop."""
    sent = asked(harbour)
    sent.add({"consent": "yes", "text": "and a cot"}).done()
    scan.settle(harbour.at)
    with page_of(harbour) as page:
        done = page.do("sync")
        assert (done["requests"], done["follow_ups"]) == (1, 1)
        (name,) = page.do("list")
        assert page.do("show", name=name)["additions"] == ["and a cot"]


def test_the_workload_counts_and_says_nothing_of_what_is_in_a_case(harbour: Provider) -> None:
    """A member's name, and numbers."""
    asked(harbour, "a secret of hers")
    with page_of(harbour) as page:
        page.do("sync")
        (name,) = page.do("list")
        nobody = {"name": "", "open": 1, "answered": 0, "closed": 0}
        anna = {"name": "Anna", "open": 0, "answered": 0, "closed": 0}
        assert page.do("workload") == [anna, nobody]
        page.do("take", name=name)
        assert page.do("workload") == [anna | {"open": 1}, nobody | {"open": 0}]


def test_R10_the_key_of_a_week_is_on_the_server_before_it_is_published(town: Deployment) -> None:
    """Whoever opens walk-ins publishes with the next sync, after the store was written."""
    provider = Provider(town, HARBOUR)
    provider.run("capacity", "--walk-ins", "closed").done()
    put_store(provider)
    with page_of(provider) as page:
        page.do("room", walk_ins=True)
        page.do("sync")
    seeds = dict(store_of(provider).of_kind(c.ENTRY_WEEKLY))
    shown = [weekly_key_id(parse_weekly_key(key).public_key) for key in _weekly(provider)]
    assert shown
    assert set(shown) <= set(seeds)


def test_P3_codes_are_drawn_made_and_published_each_at_its_moment(harbour: Provider) -> None:
    """None before the store with its seed was saved, and one at a time after that."""
    with page_of(harbour) as page:
        page.do("sync")
        assert page.do("turn")["published"] == 0
        counted = page.do("counted")
        assert (counted["ready"], counted["waiting"]) == (0, deployment.CODES)
        assert page.do("saved") == 0
        page.do("sync")
        assert page.do("saved") == deployment.CODES


def test_P4_codes_of_the_page_are_handed_out_once_used_and_cancelled(harbour: Provider) -> None:
    """What was cancelled or never in the store is refused, and what was used is told."""
    with page_of(harbour) as page:
        _stocked(page)
        refused(page, "stock", "hand", count=deployment.CODES + 1)
        refused(page, "input", "hand", count=0)
        first, second, third = page.do("hand", count=3)
        assert [one["out"] for one in page.do("batches")] == [3]
        rest = page.do("hand", count=deployment.CODES - 3)
        assert len({first, second, third, *rest}) == deployment.CODES
        refused(page, "stock", "hand", count=1)
        ask(harbour.at, first, {**SLEEP, "text": "by a code of the page"})
        scan.settle(harbour.at)
        page.do("sync")
        (name,) = page.do("list")
        assert page.do("show", name=name)["text"] == "by a code of the page"
        refused(page, "used_code", "cancel", code=first)
        page.do("cancel", code=second)
        refused(page, "input", "cancel", code="no code at all")
        refused(page, "no_code", "cancel", code=_unknown())
    ended(harbour, second)


def test_P3_a_batch_is_cancelled_one_at_a_time_over_a_day(harbour: Provider) -> None:
    """None is handed out any more at once, and after a day none opens."""
    with page_of(harbour) as page:
        _stocked(page)
        codes = page.do("hand", count=2)
        (batch,) = {one["batch"] for one in page.do("batches")}
        assert page.do("cancelBatch", batch=batch) == 2
        assert page.do("cancelBatch", batch=batch) == 0
        assert [one["out"] for one in page.do("batches")] == [0]
        page.do("later", seconds=86_400)
        # One goes, and the other, which is late, gets a new moment.
        assert [page.do("cancelDue")["left"] for _ in range(3)] == [1, 1, 1]
        page.do("later", seconds=86_400)
        assert page.do("cancelDue")["left"] == 0
    for code in codes:
        ended(harbour, code)


def test_a_newcomer_is_added_only_after_both_have_the_same_number(harbour: Provider) -> None:
    """Her keys are made on her own device; with the file that she saved she opens the store."""
    asked(harbour)
    with page_of(harbour) as page, browser(harbour.at.url, DESK) as hers:
        page.do("sync")
        refused(page, "same_name", "invite", name="Anna", role=1, organisation="Harbour")
        refused(page, "input", "invite", name="", role=1, organisation="Harbour")
        refused(page, "too_long", "invite", name="x" * 65, role=1, organisation="Harbour")
        code = page.do("invite", name="Noor", role=1, organisation="Harbour")
        assert page.do("reply") is None
        refused(hers, "invite", "join", code=_unknown())
        refused(hers, "input", "join", code="what")
        assert hers.do("join", code=code) == {"organisation": "Harbour", "name": "Noor", "role": 1}
        refused(hers, "input", "accept", passphrase="")
        joined = hers.do("accept", passphrase="a phrase of her own")
        assert page.do("reply") == joined["number"]
        refused(hers, "unsigned", "unlock", file=joined["file"], passphrase="a phrase of her own")
        page.do("confirm")
        page.do("sync")
        hers.do("unlock", file=joined["file"], passphrase="a phrase of her own")
        assert hers.do("list") == page.do("list")
        hers.do("sync")
        names = [(one["name"], one["self"]) for one in hers.do("members")]
        assert names == [("Anna", False), ("Noor", True)]


def test_an_invitation_that_somebody_else_accepted_is_refused(harbour: Provider) -> None:
    """The first reply stays; the same page may repeat its own."""
    with (
        page_of(harbour) as page,
        browser(harbour.at.url, DESK) as one,
        browser(harbour.at.url, DESK) as other,
    ):
        code = page.do("invite", name="Noor", role=1, organisation="Harbour")
        for who in (one, other):
            who.do("join", code=code)
        first = one.do("accept", passphrase="a phrase of hers")
        assert one.do("accept", passphrase="another of hers")["number"] == first["number"]
        refused(other, "invite", "accept", passphrase="a phrase of theirs")
        assert page.do("reply") == first["number"]


def test_who_was_removed_opens_nothing_new_and_her_codes_end(harbour: Provider) -> None:
    """The server takes no signature of hers, the weekly key is another, and no code opens."""
    with page_of(harbour) as page, browser(harbour.at.url, DESK) as hers:
        page.do("sync")
        code = page.do("invite", name="Noor", role=1, organisation="Harbour")
        hers.do("join", code=code)
        file = hers.do("accept", passphrase="a phrase of hers")["file"]
        page.do("reply")
        page.do("confirm")
        page.do("sync")
        hers.do("unlock", file=file, passphrase="a phrase of hers")
        outstanding = harbour.code()
        before = _weekly(harbour)
        refused(page, "yourself", "remove", name="Anna")
        assert page.do("remove", name="Noor")["codes"] == deployment.CODES
        page.do("sync")
        refused(hers, "unsigned", "sync")
        refused(hers, "unsigned", "unlock", file=file, passphrase="a phrase of hers")
        after = _weekly(harbour)
        assert len(after) == len(before)
        assert not set(after) & set(before)
        for _ in range(deployment.CODES + 1):
            page.do("later", seconds=86_400)
            page.do("cancelDue")
    store = store_of(harbour)
    assert [kind for kind, _ in store.entries if kind == c.ENTRY_LEFT] == [c.ENTRY_LEFT]
    ended(harbour, outstanding)


def _weekly(provider: Provider) -> list[bytes]:
    """The weekly keys that the directory shows of an organisation."""
    listed = Api(quick(provider.at.url)).directory()
    own = desk_of(provider).organisation_key
    return [key for one in listed for key in one.weekly_keys if key[1:33] == own]


def _stocked(page: Browser) -> None:
    """Let a week's codes be made, saved and published, as if two weeks went by."""
    page.do("sync")
    page.do("turn")
    page.do("sync")
    for _ in range(60):
        if not page.do("moments"):
            break
        page.do("turnLater")
    assert page.do("counted")["ready"] == 0, "they wait for the next look"
    page.do("sync")
    assert page.do("counted")["ready"] == deployment.CODES


def _unknown() -> str:
    """A code that nobody made."""
    return code_text.symbols(bytes(10), Kind.CODE)
