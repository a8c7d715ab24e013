"""S6 (a), (b), (e): wrong hands try codes, a fake customer looks for a place, the time is over.

Not asked here: (c) a seizure with everything, (d), which is test_S6_task_force.py, (f) a caseworker
who leaves (open: parts 4 and 5).
"""

from __future__ import annotations

import json
import time
from dataclasses import fields
from http.client import HTTPConnection
from typing import Any

from client import wire
from client.demo_places import PROVIDERS
from crypto import constants as c
from crypto.client import code_text, codes, record
from crypto.client.code_text import Kind
from crypto.public import profile as profiles
from crypto.public import statements
from server.keyring import WRAP
from server.services import expiry
from tests.acceptance import people, scan
from tests.acceptance.deployment import HARBOUR, NAMES, OPEN_DOOR, Deployment
from tests.acceptance.people import SLEEP, Provider
from tests.acceptance.relay import relay
from tests.server.rows import keys_in, opened, sealed_rows

ADDRESS = "14 Quiet Street, second bell"


def _raw(at: Deployment, method: str, path: str, body: object = None) -> tuple[int, bytes, bytes]:
    """Call the server and return status, headers without the date, and body."""
    port = int(at.url.rpartition(":")[2])
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        data = None if body is None else json.dumps(body).encode()
        connection.request(method, path, data, {"Content-Type": "application/json"} if data else {})
        answer = connection.getresponse()
        kept = [f"{k}: {v}".lower() for k, v in answer.getheaders() if k.lower() != "date"]
        return answer.status, "\n".join(sorted(kept)).encode(), answer.read()
    finally:
        connection.close()


def _keys(at: Deployment, code: str) -> codes.CodeKeys:
    secret = code_text.read(code, Kind.CODE).secret
    return codes.code_keys(secret, bytes.fromhex(at.network_id))


def _opening(at: Deployment, code: str) -> tuple[int, bytes, bytes]:
    locator = wire.b64url(_keys(at, code).locator)
    return _raw(at, "POST", "/v1/codes/open", {"locator": locator})


def _sending(at: Deployment, code: str) -> tuple[int, bytes, bytes]:
    """Send another envelope with the keys of a code."""
    keys = _keys(at, code)
    values = {
        "locator": wire.b64url(keys.locator),
        "write_key": wire.b64url(keys.write_key),
        "envelope": wire.b64url(bytes(c.ENVELOPE_BYTES)),
        "box": None,
        "pad": "",
    }
    return _raw(at, "POST", "/v1/referrals", values)


def _guessed() -> str:
    return code_text.symbols(b"a guess :)", Kind.CODE)


def test_S6_P4_R6_R7_codes_that_are_none_get_one_answer(deployed: Deployment) -> None:
    """(a) Spent, cancelled and guessed codes: the same bytes, by hand and on the wire."""
    shelter = Provider(deployed, OPEN_DOOR)
    spent, cancelled = shelter.code(), shelter.code()
    people.ask(deployed, spent, {**SLEEP, "text": ADDRESS})
    shelter.cancel(cancelled)

    tried = (spent, cancelled, _guessed())
    opened_ = {_opening(deployed, code) for code in tried}
    sent = {_sending(deployed, code) for code in tried}
    typed = {deployed.run("ask", "--code-file", "-", typed=f"{code}\n") for code in tried}
    assert [len(opened_), len(sent), len(typed)] == [1, 1, 1]
    assert opened_ == sent, "and the same whatever is asked"
    (said,) = typed
    said.refused(4, "used, cancelled, or past its last day", "towpath ask --no-code")
    (refusal,) = opened_
    assert refusal[0] == 404
    assert json.loads(refusal[2])["type"] == "urn:towpath:problem:refused"
    assert scan.unwrapped(deployed)["envelope"], "what was sent with the first is still there"


def test_S6_P4_R7_R35_a_live_code_opens_an_empty_form(deployed: Deployment) -> None:
    """(a) With a live code: who would read it, and nothing of anybody; looking leaves it live."""
    shelter = Provider(deployed, OPEN_DOOR)
    code = shelter.code()
    status, _, body = _opening(deployed, code)
    assert status == 200
    answer = json.loads(body)
    assert answer.keys() == {"record"}, "the record, and not a field more"
    network_id = bytes.fromhex(deployed.network_id)
    contents = record.open_(wire.unb64url(answer["record"]), _keys(deployed, code), network_id)
    public = {"last_epoch", "public_key", "signature", "profile", "statement", "inclusion"}
    assert {one.name for one in fields(contents)} == public | {"checkpoint"}

    looked = deployed.run("ask", typed=f"{code}\nn\n")
    looked.refused(7, NAMES[OPEN_DOOR], "Nothing was sent.")
    again = deployed.run("ask", typed=f"{code}\nn\n")
    assert again == looked, "the second look shows what the first one showed"
    assert "What would help?" not in looked.all
    people.ask(deployed, code, SLEEP)


def test_S6_R23_R35_a_crawl_finds_no_address(deployed: Deployment) -> None:
    """(b) Whatever anybody can fetch: coded choices and names of organisations, and no other text.

    An address that a provider wrote to somebody is in none of it.
    """
    shelter = Provider(deployed, HARBOUR)
    people.ask(deployed, shelter.code(), SLEEP)
    shelter.answer(shelter.newest(), ADDRESS).done()

    paths = json.loads(_raw(deployed, "GET", "/v1/openapi.json")[2])["paths"]
    gets = [path for path, calls in paths.items() if "get" in calls]
    pages = {path: _raw(deployed, "GET", path)[2] for path in [*gets, "/", "/robots.txt"]}
    assert {"/v1/network", "/v1/directory"} <= pages.keys()
    assert [path for path, page in pages.items() if ADDRESS.encode() in page] == []

    listed = json.loads(pages["/v1/directory"])["organisations"]
    # The tests of a task force may have listed one more on this server.
    names = [_name_of(one) for one in listed if _name_of(one) != "Open Ties"]
    assert sorted(names) == sorted(NAMES.values())
    for one in listed:
        profile = profiles.decode(wire.unb64url(one["profile"]))
        assert not profile.unknown
        for field in fields(profile):
            value = getattr(profile, field.name)
            assert all(isinstance(number, int) for number in value), field.name
        rest = one.keys() - {"statement", "profile"}
        assert rest == {"index", "hashes", "walk_ins", "capacity", "weekly_keys"}


def _name_of(listed: dict[str, Any]) -> str:
    note = wire.unb64url(listed["statement"]).decode()
    return statements.parse(note.partition("\n\n")[0] + "\n").name


def test_S6_R23_a_profile_with_a_free_text_is_not_handed_in(deployed: Deployment) -> None:
    """(b) An organisation that would publish where it is can't: there is no such field."""
    file = deployed.folder / "profile.toml"
    phrase = str(deployed.folder / "admins" / "phrase")
    for key in ("address", "street", "phone", "about", "website"):
        file.write_text(f'{key} = "{ADDRESS}"\n{PROVIDERS[OPEN_DOOR]}', encoding="utf-8")
        home = deployed.folder / f"new-{key}"
        options = ("--from", str(file), "--home", str(home), "--passphrase-file", phrase, "--yes")
        said = deployed.run("provider", "apply", "--member", "A", *options)
        said.refused(2, "has no place in a profile")
        assert ADDRESS not in said.all
        assert not home.exists()


def test_S6_P4_an_expired_code_gets_the_same_answer(aging: Deployment) -> None:
    """(a) After its last day a code is what a guess is."""
    code = Provider(aging, OPEN_DOOR).code()
    assert _opening(aging, code)[0] == 200
    aging.days.pass_by(c.CODE_DAYS + 1)
    assert _opening(aging, code) == _opening(aging, _guessed())
    assert _sending(aging, code) == _sending(aging, _guessed()) == _opening(aging, code)


def test_S6_P7_R25_after_the_last_day_the_storage_is_empty(aging: Deployment) -> None:
    """(e) No row, no key and no backup is left that opens anything of what there was."""
    shelter = Provider(aging, OPEN_DOOR)
    with relay(int(aging.url.rpartition(":")[2])) as way:
        said = people.try_to_ask(aging, shelter.code(), SLEEP, url=way.url).json()
    asked = people.Asked(aging, said["receipt"]["letters"])
    asked.add({"consent": "yes", "needs": ["money_cash"]}).done()
    shelter.answer(shelter.newest(), ADDRESS).done()
    walked = ("--no-code", "--to", "harbour", "--network", aging.network_id, "--yes", "--json")
    aging.run("ask", *walked, "--from", str(people.written(aging, SLEEP))).done()
    shelter.code()
    asked.renew().done()

    envelope = wire.unb64url(json.loads(way.to("/v1/referrals")[0].body)["envelope"])
    there = scan.unwrapped(aging)
    assert all(there[table] for table in scan.REQUESTS)
    assert any(envelope in row for row in there["envelope"]), "the scan finds it while it lives"
    with aging.core() as core:
        backup = sealed_rows(core)
        days = {int(name) for name in core.keyring.numbers(WRAP)}
        assert list(opened(backup, keys_in(core.settings.keyring)))

    longest = max(c.CODE_DAYS, c.REFERRAL_DAYS_MOST, c.APPLICATION_DAYS)
    aging.days.pass_by(longest + c.WEEKLY_KEY_DAYS)
    _wait_for_the_sweep(aging)

    left = scan.rows(aging)
    assert {table: len(left[table]) for table in scan.REQUESTS} == dict.fromkeys(scan.REQUESTS, 0)
    assert not left["spent_token"]
    with aging.core() as core:
        assert min(days) < core.today
        assert all(int(one) >= core.today for one in core.keyring.numbers(WRAP)), "keys are gone"
        assert list(opened(backup, keys_in(core.settings.keyring))) == [], "so is every backup"
        today = core.today
    ending = [table.name for table in expiry.ending_tables()]
    assert [name for name in ending for row in left[name] if row["last_epoch"] < today] == []
    assert not scan.holds(aging, envelope)
    asked.answers().refused(4, "Nothing opens with this receipt.")


def _wait_for_the_sweep(at: Deployment) -> None:
    until = time.monotonic() + 30
    while any(scan.rows(at)[table] for table in scan.REQUESTS):
        assert time.monotonic() < until, "rows that have ended are still there"
        time.sleep(0.2)
