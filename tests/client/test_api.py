"""The typed calls: what is sent, and what is taken for an answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from client import wire as forms
from client.api import Api
from client.errors import ServerProblem
from crypto import constants as c
from crypto.public import requests
from tests.client.peer.wires import json_answer, quick, whole, wire

BOX = requests.Box(
    id=bytes(16), holder_key_hash=bytes(32), write_key_hash=bytes(32), slot_0=bytes(4096)
)
REFERRAL = requests.Referral(
    locator=bytes(16), write_key=bytes(32), envelope=bytes(c.ENVELOPE_BYTES), box=BOX
)
WALK_IN = requests.WalkIn(epoch=20_779, nonce=bytes(8), envelope=bytes(c.ENVELOPE_BYTES), box=BOX)


def problem(kind: str, line: str, **more: object) -> bytes:
    """An answer that is a problem of the specification."""
    number = int(line[:3])
    named = {"type": f"urn:towpath:problem:{kind}", "title": "", "status": number, "detail": ""}
    return json_answer(json.dumps({**named, **more}).encode(), line)


def body_of(request: bytes) -> dict[str, Any]:
    """The JSON of a request as it was sent."""
    decoded: dict[str, Any] = json.loads(request.split(b"\r\n\r\n", 1)[1])
    return decoded


def without(box: requests.Box | None, request: requests.Request) -> requests.Request:
    """The same request with another box."""
    parts = {name: getattr(request, name) for name in type(request).__slots__}
    return type(request)(**{**parts, "box": box})


@pytest.mark.parametrize("value", [b"", b"\x00", b"\xfb\xff", b"abc", bytes(range(256))])
def test_bytes_travel_as_base64url_without_padding(value: bytes) -> None:
    """RFC 4648, 5: - and _ and no =."""
    text = forms.b64url(value)
    assert not set(text) & set("+/=")
    assert forms.unb64url(text) == value


@pytest.mark.parametrize(
    "text", ["A", "AA==", "AB", "+/+/", "AA\n", " AA", "A A", "é", "AAA=", "AAAAA", 5, None, ["AA"]]
)
def test_base64url_that_is_not_canonical_is_no_answer(text: object) -> None:
    """Padding, spare bits, the other alphabet, white space: refused."""
    with pytest.raises(ServerProblem):
        forms.unb64url(text)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"record":"AA","record":"AA"}',
        b'{"record":NaN}',
        b'{"record":1}',
        b'{"record":"AA"}',
        b'{"Record":"AA"}',
        b'\xff\xfe{"record":"AA"}',
        b'{"record":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"record":1' + b"0" * 5_000 + b"}",
    ],
)
def test_P10_an_answer_without_its_form_is_none(body: bytes) -> None:
    """Whatever comes back ends in one category, and never in the refusal."""
    with wire(json_answer(body)) as server:
        with pytest.raises(ServerProblem) as caught:
            Api(quick(server.url)).open_code(bytes(16))
        assert caught.value.kind == "answer"


@pytest.mark.parametrize("value", ['"\\ud83d"', '["x","\\udc00"]', "[1]", "1", "null"])
def test_a_text_with_half_of_a_letter_is_no_answer(value: str) -> None:
    """JSON can write it, UTF-8 can't: it ends in the same category, and not in an error of ours."""
    said = forms.loads(b'{"a":%b,"b":"\xe2\x80\x94","c":["","\xc3\xa9"]}' % value.encode())
    for read in (said.utf8, said.utf8s):
        with pytest.raises(ServerProblem) as caught:
            read("a")
        assert caught.value.kind == "answer"
    assert (said.utf8("b"), said.utf8s("c")) == ("—".encode(), (b"", "é".encode()))


def test_a_key_that_stands_twice_makes_no_answer() -> None:
    """Two readers might each take another one."""
    with wire(json_answer(b'{"last_epoch":1,"last_epoch":1}')) as server:
        with pytest.raises(ServerProblem):
            Api(quick(server.url)).paste("x")
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        whole(b"<h1>Not found</h1>", status="404 No", headers=["Content-Type: text/html"]),
        whole(b"{}", status="404 No", headers=["Content-Type: application/problem+json"]),
        whole(b'{"record":"AA"}', headers=["Content-Type: text/html"]),
        whole(b"{}", status="201 Made", headers=["Content-Type: application/json"]),
        whole(b"{}", status="302 Moved", headers=["Content-Type: application/json"]),
        problem("refused", "200 OK"),
        problem("refused", "404 No", status=403),
        json_answer(b'{"type":"refused","status":404}', "404 No"),
        json_answer(b'{"type":"urn:other:problem:refused","status":404}', "404 No"),
    ],
    ids=["html", "empty", "wrong_type", "201", "302", "200", "other_status", "bare", "other_urn"],
)
def test_P4_only_the_very_refusal_counts_as_one(answer: bytes) -> None:
    """What a proxy or a hotel's network says of its own never says that a code is gone."""
    with wire(answer) as server, pytest.raises(ServerProblem):
        Api(quick(server.url)).open_code(bytes(16))


def test_P4_the_refusal_is_a_value() -> None:
    """Each call that can be refused gives None for it."""
    calls: list[Callable[[Api], object]] = [
        lambda api: api.open_code(bytes(16)),
        lambda api: api.send(REFERRAL),
        lambda api: api.send(WALK_IN),
        lambda api: api.paste("x"),
        lambda api: api.add(bytes(16), bytes(32), bytes(16), bytes(c.ENVELOPE_BYTES)),
        lambda api: api.renew(bytes(16), bytes(32)),
    ]
    with wire(problem("refused", "404 Not Found")) as server:
        assert [call(Api(quick(server.url))) for call in calls] == [None] * len(calls)


@pytest.mark.parametrize("kind", ["busy", "limited", "broken", "work", "malformed", "something"])
def test_every_other_problem_is_raised_with_its_kind(kind: str) -> None:
    """Also one that this version does not know; its sentence holds nothing of the answer."""
    answer = problem(kind, "403 No", detail="canary")
    with wire(answer) as server:
        with pytest.raises(ServerProblem) as caught:
            Api(quick(server.url)).send(WALK_IN)
        assert caught.value.kind == kind
        assert "canary" not in str(caught.value)


@pytest.mark.parametrize("request_", [REFERRAL, WALK_IN], ids=["referral", "walk_in"])
def test_P8_R39_a_call_without_a_box_is_as_long_as_one_with(request_: requests.Request) -> None:
    """The length of what is sent does not tell whether an answer is wanted."""
    with wire(json_answer(b'{"last_epoch":20793}')) as server:
        api = Api(quick(server.url))
        assert api.send(request_) == api.send(without(None, request_)) == 20793
        with_box, nothing = server.requests
    assert len(with_box) == len(nothing)
    assert body_of(with_box)["pad"] == ""
    assert set(body_of(nothing)["pad"]) == {"A"}
    assert len(body_of(nothing)["pad"]) <= c.PAD_CHARACTERS
    assert body_of(nothing)["box"] is None


def test_a_request_has_exactly_the_keys_of_the_page() -> None:
    """http.md, 3: no key more, none less."""
    with wire(json_answer(b'{"last_epoch":1}')) as server:
        Api(quick(server.url)).send(REFERRAL)
        Api(quick(server.url)).send(WALK_IN)
        referral, walk_in = map(body_of, server.requests)
    assert referral.keys() == {"locator", "write_key", "envelope", "box", "pad"}
    assert walk_in.keys() == {"epoch", "nonce", "envelope", "box", "pad"}
    assert walk_in["epoch"] == 20_779
    assert referral["box"].keys() == {"id", "holder_key_hash", "write_key_hash", "slot_0"}


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_read_that_gives_another_number_of_slots_is_none(count: int) -> None:
    """Two slots were asked for."""
    slots = [forms.b64url(bytes(c.SLOT_BYTES))] * count
    answer = json_answer(json.dumps({"slots": slots}).encode())
    with wire(answer) as server, pytest.raises(ServerProblem):
        Api(quick(server.url)).read_box(bytes(16), bytes(32), [0, 1])


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (json_answer(b"{}"), "stored"),
        (problem("taken", "409 Conflict"), "taken"),
        (problem("refused", "404 Not Found"), "refused"),
    ],
)
def test_what_became_of_an_answer_is_one_of_three(answer: bytes, outcome: str) -> None:
    """Stored, taken, refused."""
    with wire(answer) as server:
        assert Api(quick(server.url)).answer(bytes(16), bytes(32), 1, bytes(4096)) == outcome


def rows(count: int, *, cut: int = 0) -> bytes:
    """A drop of so many rows."""
    size = count * c.DROP_STREAM_ROW_BYTES - cut
    return whole(bytes(size), headers=["Content-Type: application/octet-stream"])


def test_P3_the_drop_is_asked_for_with_the_weeks_key_and_no_name() -> None:
    """The key that all providers have, in a header; the cursor in the query."""
    with wire(rows(2)) as server:
        assert len(Api(quick(server.url)).drop(bytes(32), 7)) == 2 * c.DROP_STREAM_ROW_BYTES
        head = server.requests[0].decode()
    assert head.startswith("GET /v1/drop?after=7 HTTP/1.1\r\n")
    assert f"Authorization: Bearer {'A' * 43}\r\n" in head
    assert "Signature" not in head


@pytest.mark.parametrize("answer", [rows(1, cut=1), rows(501), json_answer(b"{}")])
def test_a_drop_of_half_rows_or_too_many_is_none(answer: bytes) -> None:
    """Whole rows, 500 at most, as bytes."""
    with wire(answer) as server, pytest.raises(ServerProblem):
        Api(quick(server.url)).drop(bytes(32), 0)
