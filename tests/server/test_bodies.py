"""A body is read in one way or not at all: each cause of refusal by itself, then anything."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.constants import BODY_BYTES
from server.problems import MALFORMED
from server.routes import bodies
from server.routes.bodies import Body, parse, parse_query
from tests.server.edge import ECHO, QUERY, After, Asked, Scene, scene

ID = "AAAAAAAAAAAAAAAAAAAAAQ"
RIGHT: dict[str, Any] = {
    "id": ID,
    "number": 1,
    "switch": True,
    "pad": "",
    "text": "",
    "numbers": None,
}


def sent(**changed: object) -> bytes:
    """Return the right body with some values changed."""
    return json.dumps({**RIGHT, **changed}).encode()


def written(key: str, value: str) -> bytes:
    """Return the right body in which one value is written as these characters."""
    return sent(**{key: "@"}).replace(b'"@"', value.encode())


def without(key: str) -> bytes:
    """Return the right body without a key."""
    return json.dumps({name: value for name, value in RIGHT.items() if name != key}).encode()


class Wrong(NamedTuple):
    """One cause of refusal."""

    cause: str
    body: bytes


WRONG = (
    Wrong("nothing at all", b""),
    Wrong("white space alone", b" \n"),
    Wrong("not JSON", b"id=1"),
    Wrong("a list", b"[]"),
    Wrong("a number", b"1"),
    Wrong("a text", b'"text"'),
    Wrong("null", b"null"),
    Wrong("cut off", sent()[:-1]),
    Wrong("something after it", sent() + b"{}"),
    Wrong("a comma too many", sent()[:-1] + b",}"),
    Wrong("a comment", b"/* */" + sent()),
    Wrong("single quotes", sent().replace(b'"', b"'")),
    Wrong("a byte order mark", b"\xef\xbb\xbf" + sent()),
    Wrong("UTF-16", sent().decode().encode("utf-16")),
    Wrong("UTF-16 without a mark", sent().decode().encode("utf-16-le")),
    Wrong("UTF-32", sent().decode().encode("utf-32-be")),
    Wrong("Latin-1", sent(text="@").replace(b"@", b"\xe9")),
    Wrong("overlong UTF-8", sent(text="@").replace(b"@", b"\xc0\x80")),
    Wrong("a surrogate in UTF-8", sent(text="@").replace(b"@", b"\xed\xa0\x80")),
    Wrong("half a surrogate pair", written("text", '"\\ud800"')),
    Wrong("the other half", written("text", '"\\udc00"')),
    Wrong("a pair the wrong way round", written("text", '"\\udc00\\ud800"')),
    Wrong("beyond Unicode", sent(text="@").replace(b"@", b"\xf4\x90\x80\x80")),
    Wrong("a bare line feed in a text", written("text", '"\n"')),
    Wrong("an unknown escape", written("text", '"\\x41"')),
    Wrong("a key twice", sent()[:-1] + b',"number":1}'),
    Wrong("a key twice, once escaped", sent()[:-1] + b',"n\\u0075mber":1}'),
    Wrong("an unknown key", sent(more=1)),
    Wrong("a key in capitals", sent()[:-1] + b',"ID":1}'),
    Wrong("an empty key", sent()[:-1] + b',"":1}'),
    *(Wrong(f"no {key}", without(key)) for key in RIGHT),
    Wrong("a number for bytes", sent(id=1)),
    Wrong("null for bytes", sent(id=None)),
    Wrong("a list for bytes", sent(id=[ID])),
    Wrong("no bytes", sent(id="")),
    Wrong("fewer bytes", sent(id=ID[:-2])),
    Wrong("more bytes", sent(id=ID + "A")),
    Wrong("padded base64url", sent(id=ID + "==")),
    Wrong("base64, not base64url", sent(id="+" + ID[1:])),
    Wrong("spare bits set", sent(id=ID[:-1] + "B")),
    Wrong("spare bits set, all", sent(id=ID[:-1] + "_")),
    Wrong("a line feed after it", sent(id=ID + "\n")),
    Wrong("a line feed in its place", sent(id=ID[:-1] + "\n")),
    Wrong("white space before it", sent(id=" " + ID[1:])),
    Wrong("other digits", sent(id="\u0661" + ID[1:])),
    Wrong("a text for a number", sent(number="1")),
    Wrong("true for a number", sent(number=True)),
    Wrong("null for a number", sent(number=None)),
    Wrong("1.0", written("number", "1.0")),
    Wrong("1e0", written("number", "1e0")),
    Wrong("0.5", written("number", "0.5")),
    Wrong("+1", written("number", "+1")),
    Wrong("01", written("number", "01")),
    Wrong("0x1", written("number", "0x1")),
    Wrong("1_0", written("number", "1_0")),
    Wrong("-1", written("number", "-1")),
    Wrong("NaN", written("number", "NaN")),
    Wrong("Infinity", written("number", "Infinity")),
    Wrong("-Infinity", written("number", "-Infinity")),
    Wrong("1e400", written("number", "1e400")),
    Wrong("2 to the 32", written("number", str(2**32))),
    Wrong("2 to the 64", written("number", str(2**64))),
    Wrong("20 digits", written("number", "9" * 20)),
    Wrong("5,000 digits", written("number", "9" * 5_000)),
    Wrong("60,000 digits", written("number", "9" * 60_000)),
    Wrong("1 for true", sent(switch=1)),
    Wrong("0 for false", sent(switch=0)),
    Wrong("a text for true", sent(switch="true")),
    Wrong("null for true", sent(switch=None)),
    Wrong("True", written("switch", "True")),
    Wrong("another letter in the pad", sent(pad="AB")),
    Wrong("a line feed in the pad", sent(pad="A\n")),
    Wrong("a pad too long", sent(pad="A" * 8_193)),
    Wrong("a text too long", sent(text="x" * 41)),
    Wrong("a number in place of a list", sent(numbers=1)),
    Wrong("an object in place of a list", sent(numbers={})),
    Wrong("a text in a list", sent(numbers=["1"])),
    Wrong("true in a list", sent(numbers=[True])),
    Wrong("too much in a list", sent(numbers=[32])),
    Wrong("a list in a list", sent(numbers=[[1]])),
    Wrong("one list deeper", sent(numbers=[[[1]]])),
    Wrong("60,000 lists", b"[" * 60_000),
    Wrong("60,000 lists in a value", written("numbers", "[" * 60_000)),
    Wrong("30,000 lists that end", b"[" * 30_000 + b"]" * 30_000),
    Wrong("10,000 objects", b'{"a":' * 10_000),
    Wrong("30,000 empty lists", b"[]" * 30_000),
    Wrong("30,000 quotation marks", b'"' + b'\\"' * 30_000),
    Wrong("60,000 texts", b'"' * 60_000),
    Wrong("a text that does not end", b'{"id":"' + b"A" * 60_000),
    Wrong("ends in a backslash", b'{"id":"\\'),
    Wrong("60,000 zero bytes", bytes(60_000)),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Run a server that notes what its views were asked."""
    with scene(tmp_path_factory.mktemp("server"), refusal_tick_ms=0) as made:
        yield made


def posted(server: Scene, body: bytes, content_type: str = "application/json") -> tuple[int, bytes]:
    """Send a body; the answer's status and bytes. Only what is answered 200 reached a view."""
    server.asked.clear()
    answer = server.app.test_client().post(ECHO, data=body, content_type=content_type)
    assert (answer.status_code == 200) == bool(server.asked)
    return answer.status_code, answer.data


def problem(server: Scene, body: bytes, content_type: str = "application/json") -> str:
    """Send a body that is refused; the problem's name."""
    return str(json.loads(posted(server, body, content_type)[1])["type"]).rpartition(":")[2]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.cause)
def test_T13_each_malformed_body_is_refused_before_a_view_sees_it(
    server: Scene, wrong: Wrong
) -> None:
    """One cause a body; the answer is always the same bytes, so nothing of the input is in it."""
    expected = msgspec.json.encode(MALFORMED.members())
    began = time.monotonic()
    assert posted(server, wrong.body) == (400, expected)
    assert time.monotonic() - began < 1


def test_the_corpus_has_no_cause_twice_and_every_body_fits() -> None:
    """So that no cause hides behind another, nor behind the size."""
    assert len({wrong.cause for wrong in WRONG}) == len(WRONG)
    assert len({wrong.body for wrong in WRONG}) == len(WRONG) > 80
    assert all(len(wrong.body) <= BODY_BYTES for wrong in WRONG)


@pytest.mark.parametrize(
    "body",
    [
        sent(),
        sent(numbers=[0, 31], number=2**32 - 1, switch=False),
        b" \n" + sent(text='[{[{[{\\"').replace(b", ", b" ,\t\r\n") + b" ",
        sent(text="\U0001f600").replace(b"\\ud83d\\ude00", "\U0001f600".encode()),
        sent(text="\U0001f600"),
        sent(pad="A" * 8_192),
        sent()[:-1] + b" " * (BODY_BYTES - len(sent())) + b"}",
    ],
)
def test_a_right_body_reaches_the_view(server: Scene, body: bytes) -> None:
    """White space, escapes and brackets inside texts are JSON as well."""
    assert posted(server, body)[0] == 200


@pytest.mark.parametrize("more", [1, 2, 1_000_000])
def test_T13_a_body_longer_than_any_call_takes_is_too_large(server: Scene, more: int) -> None:
    """One byte more than BODY_BYTES is enough, and it is the size that is refused."""
    body = sent()[:-1] + b" " * (BODY_BYTES - len(sent()) + more) + b"}"
    assert posted(server, body)[0] == 413
    assert problem(server, body) == "too-large"


class Endless:
    """A body without a length and without an end; counts what is read of it."""

    def __init__(self) -> None:
        self.read_bytes = 0

    def read(self, size: int = -1) -> bytes:
        """Return as much as is asked for."""
        assert size >= 0, "somebody wants to read everything"
        self.read_bytes += size
        return b" " * size

    def readline(self, size: int = -1) -> bytes:
        """Return as much as is asked for."""
        return self.read(size)


def environ(server: Scene, **more: Any) -> dict[str, Any]:
    """Return what a WSGI server gives for a POST."""
    from werkzeug.test import EnvironBuilder

    built = EnvironBuilder(method="POST", path=ECHO, content_type="application/json").get_environ()
    return {**built, **more}


def called(server: Scene, environ: dict[str, Any]) -> str:
    """Call the app as a WSGI server does; the status."""
    statuses: list[str] = []

    def start(status: str, headers: Any, exc_info: Any = None) -> Any:
        statuses.append(status)

    b"".join(server.app(environ, start))
    return statuses[0][:3]


def test_T13_a_body_without_an_end_is_read_no_further_than_the_bound(server: Scene) -> None:
    """Chunked, it has no length to refuse it by."""
    body = Endless()
    given = environ(server, HTTP_TRANSFER_ENCODING="chunked")
    given |= {"wsgi.input": body, "wsgi.input_terminated": True}
    given.pop("CONTENT_LENGTH", None)
    assert called(server, given) == "413"
    assert body.read_bytes <= BODY_BYTES + 2**16


@pytest.mark.parametrize("length", ["-1", "x", "1.5", "٣", "", "0", str(2**70), "999999"])
def test_T13_a_length_that_is_not_the_bodys_is_no_server_error(server: Scene, length: str) -> None:
    """Whatever stands in Content-Length, the client is told that it is at fault."""
    import io

    given = environ(server, CONTENT_LENGTH=length)
    given["wsgi.input"] = io.BytesIO(sent())
    assert called(server, given) in {"400", "413"}


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        'application/json ; charset="utf-8"',
    ],
)
def test_json_is_taken_under_its_own_name(server: Scene, content_type: str) -> None:
    """With the one character set that JSON has, or without."""
    assert posted(server, sent(), content_type)[0] == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "json",
        "text/json",
        "text/plain",
        "application/jsonp",
        "application/json5",
        "application/problem+json",
        "application/json, text/plain",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "application/json; profile=x",
        "application/json; charset=utf-8; charset=utf-8",
        "application/json;",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json\x0b",
    ],
)
def test_T13_any_other_content_type_is_refused(server: Scene, content_type: str) -> None:
    """A form on somebody else's page can send three of these without asking; none is taken."""
    assert posted(server, sent(), content_type)[0] == 415
    assert problem(server, sent(), content_type) == "media-type"


def test_a_compressed_body_is_not_unpacked(server: Scene) -> None:
    """It is bytes that are no JSON: a small body cannot become a large one."""
    import gzip

    client = server.app.test_client()
    answer = client.post(
        ECHO,
        data=gzip.compress(sent()),
        content_type="application/json",
        headers={"Content-Encoding": "gzip"},
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "",
        "after",
        "after=",
        "after=-1",
        "after=+1",
        "after=01",
        "after=1.0",
        "after=1e3",
        "after=%31%0A",
        "after=1%00",
        "after=0x10",
        "after=1_000",
        "after=\u0661",
        "after=" + "9" * 21,
        "after=" + "9" * 70_000,
        "after=1&after=1",
        "after=1&before=2",
        "after=1&",
        "&after=1",
        "After=1",
        "before=1",
        "after=1;before=2",
        "after=true",
        "after=null",
        "after[]=1",
        "after=%",
        "after=%ff",
    ],
)
def test_T13_a_query_that_the_route_does_not_have_is_refused(server: Scene, query: str) -> None:
    """A key missing, twice, unknown, or with anything but a decimal number."""
    server.asked.clear()
    answer = server.app.test_client().get(f"{QUERY}?{query}")
    assert (answer.status_code, answer.data) == (400, msgspec.json.encode(MALFORMED.members()))
    assert not server.asked


@pytest.mark.parametrize("after", ["0", "1", str(2**63 - 1), str(2**64 - 1), "9" * 20])
def test_a_number_in_a_query_is_read(server: Scene, after: str) -> None:
    """And fits every database: what is larger than any cursor is the largest."""
    server.asked.clear()
    assert server.app.test_client().get(f"{QUERY}?after={after}").status_code == 200
    assert bodies.number(server.asked[0].after) == min(int(after), 2**63 - 1)


@pytest.mark.parametrize("path", [ECHO + "?x=1", ECHO + "?="])
def test_T13_a_query_where_there_is_none_is_refused(server: Scene, path: str) -> None:
    """So that nobody puts a code there and it is taken."""
    answer = server.app.test_client().post(path, data=sent(), content_type="application/json")
    assert answer.status_code == 400


def test_T13_a_body_where_there_is_none_is_refused(server: Scene) -> None:
    """A GET carries nothing."""
    assert server.app.test_client().get(QUERY + "?after=0", data=b"x").status_code == 400


@pytest.mark.parametrize("size", [0, 1, 2, 3, 8, 16, 32, 64, 513, 1_321, 4_096, 5_273])
def test_canonical_base64url_of_each_size_is_taken_and_nothing_beside_it(size: int) -> None:
    """By comparing with what comes back when the decoded bytes are encoded again."""
    exact = msgspec.defstruct(
        "Exact", [("value", Annotated[str, bodies.b64url(size)])], bases=(Body,)
    )
    any_ = msgspec.defstruct(
        "Any", [("value", Annotated[str, bodies.b64url_up_to(6_000)])], bases=(Body,)
    )
    data = bytes(index * 7 % 256 for index in range(size))
    right = bodies.text(data)
    assert bodies.raw(right) == data
    assert len(right) == bodies.characters(size)
    for kind in (exact, any_):
        assert parse(kind, json.dumps({"value": right}).encode()) == kind(value=right)
        for last in (
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" if size else ""
        ):
            other = right[:-1] + last
            again = base64.urlsafe_b64encode(bodies.raw(other)).rstrip(b"=").decode()
            taken = parse(kind, json.dumps({"value": other}).encode()) != MALFORMED
            assert taken == (again == other)
        for wrong in (right + "=", right + "\n", "\n" + right, right + "A" * (size % 3 == 0)):
            if wrong != right:
                assert parse(kind, json.dumps({"value": wrong}).encode()) == MALFORMED


@pytest.mark.parametrize("least", [0, 1, 32])
def test_bytes_of_a_range_of_sizes_are_taken_within_it_alone(least: int) -> None:
    """One fewer and one more are refused."""
    kind = msgspec.defstruct(
        "Range", [("value", Annotated[str, bodies.b64url_up_to(40, least=least)])], bases=(Body,)
    )
    for size in range(45):
        body = json.dumps({"value": bodies.text(bytes(size))}).encode()
        assert (parse(kind, body) != MALFORMED) == (least <= size <= 40)


@given(st.binary(max_size=300))
def test_T13_any_bytes_are_a_value_or_malformed(data: bytes) -> None:
    """Nothing is raised."""
    assert parse(Asked, data) == MALFORMED


@given(st.binary(max_size=80))
def test_T13_any_query_is_a_value_or_malformed(data: bytes) -> None:
    """Nothing is raised."""
    assert isinstance(parse_query(After, data), After | type(MALFORMED))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(ID),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*RIGHT]), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*RIGHT, "more"]), json_values))
def test_T13_any_json_that_is_taken_comes_back_as_it_was_sent(changed: dict[str, Any]) -> None:
    """What a view gets is exactly what was sent: nothing is converted, dropped or filled in."""
    asked = {**RIGHT, **changed}
    found = parse(Asked, json.dumps(asked).encode())
    if isinstance(found, Asked):
        back = msgspec.to_builtins(found)
        assert json.dumps(back, sort_keys=True) == json.dumps(asked, sort_keys=True)


@given(st.integers(0, len(sent())), st.binary(max_size=3), st.integers(0, 3))
def test_T13_a_right_body_with_a_few_other_bytes_is_a_value_or_malformed(
    at: int, put: bytes, cut: int
) -> None:
    """And as for any JSON, it is taken only where json itself reads the same from it."""
    body = sent()[:at] + put + sent()[at + cut :]
    found = parse(Asked, body)
    if isinstance(found, Asked):
        assert msgspec.to_builtins(found) == json.loads(body)
