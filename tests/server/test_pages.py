"""The pages: the same for everybody, kept nowhere, and nothing of what was sent comes back."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crypto.public import requests
from server import assets, pages
from server.assets import Asset
from server.core import EXTENSION, Core
from server.db import Busy, Database
from server.headers import PAGE_POLICY, SENT
from server.models import envelope
from server.routes.route import FILE, FORM, PAGES
from server.services import codes
from server.services.refusals import Refusal
from server.settings import BadSettings, Settings, from_table
from tests.server import founding
from tests.server.edge import TurnedClock, make_app
from tests.server.founding import Founded
from tests.server.running import HOST, Running
from tests.server.scene import FakeClock, Scene
from words import catalogues
from words.banned import find

CANARY = "canary-7Q4M"
READ = ["/", "/answers", "/inbox", "/apply", "/vetting", "/plain", "/about"]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
FILES = [one.path for one in PAGES if one.answer == FILE]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Reads pages of a server without a network, for all tests of this file."""
    app = make_app(tmp_path_factory.mktemp("server"))
    yield app.test_client()
    app.extensions[EXTENSION].database.close()


@pytest.fixture
def url(tmp_path: Path) -> str:
    """SQLite alone: the database is not the point."""
    return f"sqlite:///{tmp_path / 'towpath.db'}"


def text_of(answer: TestResponse) -> str:
    """Return what a browser shows of a page, without marks and runs of spaces."""
    body = answer.get_data(as_text=True).partition("<body>")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def paste(client: FlaskClient, text: str, **headers: str) -> TestResponse:
    """Send the form of /plain."""
    return client.post("/paste", data={"request": text}, headers=headers)


def test_the_pages_are_these() -> None:
    """One more is a decision; none has a place for a value."""
    found = {f"{one.method} {one.path}" for one in PAGES if one.answer != FILE}
    assert found == {*(f"GET {path}" for path in READ), "GET /saved", "GET /bye", "POST /paste"}
    assert all(re.fullmatch(r"/static/[A-Za-z0-9.-]+", path) for path in FILES)


def test_R38_the_page_as_one_file_is_given_and_never_shown(reader: FlaskClient) -> None:
    """It is kept under a name that says nothing; it is the one in the sums, for everybody."""
    answer = reader.get("/saved")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="notes.html"'
    assert answer.get_data() == (assets.STATIC / "saved.html").read_bytes()
    assert "connect-src 'none'" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", [*READ, "/bye", "/?x=1", "/plain?x"])
def test_P5_P6_R4_every_page_has_the_headers(reader: FlaskClient, path: str) -> None:
    """It is kept nowhere, is framed by nobody, loads from nowhere else, and sets nothing."""
    answer = reader.get(path)
    for name, value in {**SENT, "Content-Security-Policy": POLICY}.items():
        assert answer.headers.getlist(name) == [value]
    for name in ("Set-Cookie", "ETag", "Last-Modified", "Expires", "Content-Language", "Refresh"):
        assert name not in answer.headers
    assert ("Clear-Site-Data" in answer.headers) == (path == "/bye")
    assert ("Location" in answer.headers) == (path == "/bye")


def test_only_pages_have_the_wider_policy(reader: FlaskClient) -> None:
    """What is not shown may do nothing at all."""
    assert PAGE_POLICY == POLICY
    for path in ("/v1/network", "/healthz", "/nothing", *FILES):
        assert reader.get(path).headers["Content-Security-Policy"].startswith("default-src 'none';")
        assert (
            reader.get(path).headers["Content-Security-Policy"] == SENT["Content-Security-Policy"]
        )


@pytest.mark.parametrize("path", READ)
def test_P6_R4_a_page_is_the_same_for_everybody(reader: FlaskClient, path: str) -> None:
    """Language, agent, cookies and address change no byte; packed, it is the same page."""
    plain = reader.get(path)
    told = {
        "Accept-Language": "ko, ar;q=0.5",
        "Cookie": f"lang=ko; name={CANARY}",
        "User-Agent": CANARY,
        "Referer": f"https://example.org/{CANARY}",
        "X-Forwarded-For": "203.0.113.77",
        "X-Forwarded-Host": CANARY,
        "Host": f"{CANARY}.example.org",
        "Sec-GPC": "1",
        "Save-Data": "on",
        "If-None-Match": "*",
        "Range": "bytes=0-10",
    }
    other = reader.get(path, headers=told)
    assert (other.status_code, other.data) == (plain.status_code, plain.data) == (200, plain.data)
    assert list(other.headers) == list(plain.headers)
    packed = reader.get(path, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", READ)
def test_R38_nothing_on_a_page_says_what_it_is(reader: FlaskClient, path: str) -> None:
    """A neutral title and icon, no name of ours, nothing for a preview, nothing from elsewhere."""
    text = reader.get(path).get_data(as_text=True)
    head = text.partition("</head>")[0]
    assert re.findall(r"<title>(.*)</title>", text) == ["Notes"]
    assert "Towpath".lower() not in text.lower()
    assert not re.search(r"og:|twitter:|description|canonical|manifest|theme-color", head)
    assert re.findall(r'<link rel="icon" href="(data:image/svg\+xml),', head)
    assert not re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", text)
    assert not re.search(r"<style|style=|<script>|\son[a-z]+=", text)
    assert 'name="referrer"' in head or SENT["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", [*READ, "/?x=1"])
def test_R9_every_page_has_the_way_out_first(reader: FlaskClient, path: str) -> None:
    """A real link, so that it works without JavaScript, before anything else on the page."""
    body = reader.get(path).get_data(as_text=True).partition("<body>")[2]
    first = re.search(r"<(a|button|input|textarea)[^>]*>", body)
    assert first
    assert 'class="leave"' in first[0]
    assert 'href="/bye"' in first[0]


def test_P6_R9_the_way_out_empties_and_leads_away(reader: FlaskClient) -> None:
    """To the address in the settings, with an empty body."""
    answer = reader.get("/bye")
    assert (answer.status_code, answer.data) == (303, b"")
    assert answer.headers["Location"] == "https://www.wikipedia.org/"
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_the_way_out_leads_where_the_operator_says(tmp_path: Path) -> None:
    """And contacts stand on the page for everybody, as text."""
    away, line = "https://weather.example/today?city=x", "Signal <b>&amp; 'x'"
    app = make_app(tmp_path, leave_to=away, contacts=(line,))
    client = app.test_client()
    assert client.get("/bye").headers["Location"] == away
    text = client.get("/plain").get_data(as_text=True)
    assert "<bdi>Signal &lt;b&gt;&amp;amp; &#39;x&#39;</bdi>" in text
    assert line not in text
    app.extensions[EXTENSION].database.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("leave_to", "http://example.org/"),
        ("leave_to", "https://"),
        ("leave_to", "https://example.org/ü"),
        ("leave_to", "https://example.org/ x"),
        ("leave_to", "https://example.org/\nX: y"),
        ("leave_to", "javascript:alert(1)"),
        ("leave_to", "//example.org"),
        ("leave_to", ""),
        ("leave_to", 1),
        ("contacts", "one"),
        ("contacts", [1]),
        ("contacts", [""]),
        ("contacts", ["a\nb"]),
        ("contacts", ["x" * 121]),
        ("contacts", ["x"] * 9),
        ("contacts", [["x"]]),
    ],
)
def test_other_ways_out_and_contacts_are_refused(tmp_path: Path, name: str, value: Any) -> None:
    """By a sentence that names the setting."""
    table = {"database": "sqlite:///x", "keyring": "keys", name: value}
    with pytest.raises(BadSettings, match=name):
        from_table(table, tmp_path)


def test_contacts_and_the_way_out_are_taken(tmp_path: Path) -> None:
    """At their longest."""
    said = {"leave_to": "https://e.org/" + "x" * 190, "contacts": ["x" * 120] * 8}
    made = from_table({"database": "sqlite:///x", "keyring": "keys", **said}, tmp_path)
    assert (made.leave_to, made.contacts) == (said["leave_to"], ("x" * 120,) * 8)
    assert Settings(database="sqlite:///x", keyring=tmp_path).contacts == ()


@pytest.mark.parametrize("path", [*READ, "/bye", "/static/start.js"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_another_method_is_refused(reader: FlaskClient, path: str, method: str) -> None:
    """And told which ones there are."""
    answer = reader.open(path, method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", [*READ, "/bye", "/static/start.js"])
def test_a_head_is_the_page_without_its_bytes(reader: FlaskClient, path: str) -> None:
    """With the same headers."""
    head, whole = reader.head(path), reader.get(path)
    assert (head.status_code, head.data) == (whole.status_code, b"")
    assert list(head.headers) == list(whole.headers)


@pytest.mark.parametrize("path", [*READ, "/bye", "/static/start.js"])
@pytest.mark.parametrize("more", ["?", "?x", f"?code={CANARY}", f"?{CANARY}"])
def test_P4_P5_R4_an_address_with_something_added_is_refused(
    reader: FlaskClient, path: str, more: str
) -> None:
    """In words, and nothing of it comes back; an empty query is none."""
    answer = reader.get(path + more)
    assert answer.status_code == (400 if more != "?" else reader.get(path).status_code)
    assert CANARY not in answer.get_data(as_text=True) + str(answer.headers)


@pytest.mark.parametrize("path", [*READ, "/bye", "/static/start.js"])
def test_a_get_with_a_body_is_refused(reader: FlaskClient, path: str) -> None:
    """Pages take nothing."""
    assert reader.get(path, data=b"x").status_code == 400


@pytest.mark.parametrize("running", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("method", "path", "headers", "closed"),
    [
        ("POST", "/v1/codes/open", {}, True),
        ("POST", "/v1/referrals", {}, True),
        ("POST", "/v1/boxes/read", {}, True),
        ("POST", "/v1/boxes/add", {}, True),
        ("POST", "/v1/codes", {}, True),
        ("POST", "/paste", {}, True),
        ("POST", "/v1/nothing", {}, True),
        ("GET", "/v1/drop?after=0", {"Authorization": "Bearer x"}, True),
        ("GET", "/v1/applications", {"Signature": "x"}, True),
        ("GET", "/v1/network", {}, False),
        ("GET", "/v1/directory", {}, False),
        ("GET", "/", {}, False),
        ("GET", "/plain", {}, False),
    ],
)
def test_P3_P5_a_call_that_could_be_somebodys_ends_its_connection(
    running: Running, method: str, path: str, headers: dict[str, str], closed: bool
) -> None:
    """A browser would send the next one on the same; what all read alike may share one."""
    connection = HTTPConnection(HOST, running.port, timeout=20)
    body = b"{}" if method == "POST" else None
    connection.request(method, path, body, {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    answer.read()
    assert (answer.headers["Connection"] == "close") is closed
    assert answer.will_close is closed
    if closed and connection.sock is not None:
        assert connection.sock.recv(1) == b""
    connection.close()


# --- Texts --------------------------------------------------------------------------------


def test_R16_the_first_page_offers_every_language_by_its_own_name(reader: FlaskClient) -> None:
    """As buttons with language and direction; none is chosen."""
    text = reader.get("/").get_data(as_text=True)
    offered = re.findall(r'<button type="button" class="choice" lang="([^"]+)" dir="(\w+)"', text)
    assert offered == [(one.code, one.words.direction) for one in pages.languages()]
    assert offered[0] == ("en", "ltr")
    for one in pages.languages():
        assert f">{one.name}</button>" in text
        link = f'href="/plain#{one.code}">{one.words.text("plain.title")}</a>'
        assert link in text.partition("<noscript>")[2]
    assert 'data-page="ask"' in text
    assert 'data-page="answers"' in reader.get("/answers").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/plain", "/about"])
def test_R16_words_stand_there_in_every_language(reader: FlaskClient, path: str) -> None:
    """Each in a part of its own that says its language and direction, with every heading."""
    text = reader.get(path).get_data(as_text=True)
    for one in pages.languages():
        opening = f'<section id="{one.code}" lang="{one.code}" dir="{one.words.direction}">'
        part = text.partition(opening)[2].partition("</section>")[0]
        assert len(re.findall(r"<h[23]>", part)) >= 3
        assert ("unreviewed" in part) is False
        assert (one.words.texts["shared.unreviewed"] in part) == one.words.unreviewed


@pytest.mark.parametrize("path", READ)
def test_R19_R20_no_page_uses_a_word_that_none_may(reader: FlaskClient, path: str) -> None:
    """In English; what it says of lists is theirs."""
    assert find(text_of(reader.get(path))) == ()


def test_what_is_not_protected_is_said(reader: FlaskClient) -> None:
    """Each thing of the threat model that a person can do something about."""
    said = text_of(reader.get("/about"))
    for part in ("program on it that watches", "history", "law makes it report", "first visit",
                 "five organisations", "both ends", "receipt"):  # fmt: skip
        assert part in said, part
    assert "does not clear the history" in text_of(reader.get("/plain"))


def test_a_language_without_all_texts_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page with holes would be worse than one in another language."""
    whole = catalogues.open_("en")
    texts = {key: text for key, text in whole.texts.items() if key != "plain.exit"}
    holed = catalogues.Catalogue(
        code="xx",
        direction="ltr",
        unreviewed=True,
        unread_safety=(),
        texts=texts,
        choices=whole.choices,
    )
    monkeypatch.setattr(catalogues, "codes", lambda: ("en", "xx"))
    monkeypatch.setattr(catalogues, "open_", lambda code: {"en": whole, "xx": holed}[code])
    assert [one.code for one in pages.languages()] == ["en"]


# --- Who is listed ------------------------------------------------------------------------


def test_R22_only_who_is_vetted_today_is_listed(
    client: FlaskClient, founded: Founded, clock: FakeClock
) -> None:
    """With name and what it says of itself; whoever lapsed or has one signature is not there."""
    founded.organisation("Open <i>Door</i>")
    asked = founding.named("Only Applied")
    assert isinstance(founded.vet(asked, signed_by=founded.admins[:1]), Refusal)
    text = client.get("/plain").get_data(as_text=True)
    assert text.count("<bdi>Open &lt;i&gt;Door&lt;/i&gt;</bdi>") == len(pages.languages())
    assert "Only Applied" not in text
    assert "police" in text_of(client.get("/plain"))
    clock.days_pass(91)
    assert "Open" not in re.findall(r"<h4><bdi>(\w+)", client.get("/plain").get_data(as_text=True))


def test_no_place_of_an_organisation_is_shown(client: FlaskClient, founded: Founded) -> None:
    """Nor its key: what stands there is its name and the coded lists."""
    made = founded.organisation("Shelter")
    text = client.get("/plain").get_data(as_text=True)
    assert made.key.hex() not in text
    assert not re.search(r"[A-Za-z0-9_-]{43}", re.sub(r"<[^>]*>", "", text))
    assert not re.search(
        r"address|street|tel:|mailto:",
        text.lower().partition("<article")[2].partition("</article>")[0],
    )


def test_before_a_network_was_founded_nobody_is_listed(reader: FlaskClient) -> None:
    """And it says so."""
    assert "Nobody is on the list today." in text_of(reader.get("/plain"))


# --- The form -----------------------------------------------------------------------------


def test_a_request_that_was_sealed_elsewhere_is_taken(
    client: FlaskClient, scene: Scene, founded: Founded
) -> None:
    """By the form as by the interface; sent again it is taken again and stored once."""
    code = scene.published()
    armour = requests.armour(scene.make.referral(code))
    before = scene.count(envelope)
    for text in (armour, armour.replace("\n", "\r\n"), f"> {armour}\nbye"):
        answer = paste(client, text)
        assert answer.status_code == 200
        assert "It was sent" in text_of(answer)
    assert scene.count(envelope) == before + 1


def test_P4_the_form_has_the_one_refusal(
    client: FlaskClient, scene: Scene, founded: Founded, clock: FakeClock
) -> None:
    """For unknown, spent and cancelled codes alike, byte for byte, and on the tick."""
    used = scene.sent()
    code = scene.published()
    scene.write(codes.cancel, locator=code.locator, write_key=code.write_key)
    tried = [
        scene.make.referral(scene.make.code()),
        replace(used, envelope=scene.make.envelope()),
        scene.make.referral(code),
    ]
    stored, began = scene.count(envelope), clock.monotonic()
    answers = [paste(client, requests.armour(one)) for one in tried]
    assert {(one.status_code, one.data, str(one.headers)) for one in answers} == {
        (404, answers[0].data, str(answers[0].headers))
    }
    assert "It was not taken" in text_of(answers[0])
    assert clock.monotonic() - began == pytest.approx(0.1 * len(tried))
    assert scene.count(envelope) == stored


def test_P4_the_form_counts_misses_as_the_interface_does(tmp_path: Path) -> None:
    """Beyond the limit it says when to come back, in words."""
    app = make_app(tmp_path, clock=TurnedClock(), misses_a_minute=1)
    core: Core = app.extensions[EXTENSION]
    founding.found(core)
    scene = Scene(core, FakeClock())
    armour = requests.armour(scene.make.referral(scene.make.code()))
    first, second = (paste(app.test_client(), armour) for _ in range(2))
    assert (first.status_code, second.status_code) == (404, 429)
    assert second.headers["Retry-After"] == "60"
    assert "Please wait a little" in text_of(second)
    core.database.close()


def test_a_fault_is_said_in_words(
    client: FlaskClient, founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Busy or broken, a page stays a page; a call of the interface keeps its own form."""
    for trouble, status, words in (
        (Busy(), 503, "Please wait a little"),
        (RuntimeError(CANARY), 500, "Something went wrong here"),
    ):

        def fail(*_: Any, of: Exception = trouble) -> None:
            raise of

        monkeypatch.setattr(Database, "read", fail)
        answer = client.get("/plain")
        assert (answer.status_code, answer.mimetype) == (status, "text/html")
        assert words in text_of(answer)
        assert CANARY not in answer.get_data(as_text=True)
        assert client.get("/v1/directory").mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"request",
        b"request=",
        b"other=x",
        b"request=x&request=y",
        b"request=x&more=y",
        b"&request=x",
        b"request=x;y=z&",
        b"request=%ff",
        b"request=%zz",
        "request=ü".encode(),
        b"request=" + b"A" * 20_001,
        f"request={CANARY}".encode(),
        f"request=<script>{CANARY}</script>".encode(),
        b"request=-----BEGIN TOWPATH REQUEST-----%0AAAAA%0A-----END TOWPATH REQUEST-----",
    ],
)
def test_R4_T11_a_form_that_cannot_be_read_is_refused_in_words(
    client: FlaskClient, founded: Founded, body: bytes
) -> None:
    """Nothing of it comes back, and the page is the same for each."""
    answer = client.post("/paste", data=body, content_type=FORM)
    assert answer.status_code == 400
    assert CANARY not in answer.get_data(as_text=True) + str(answer.headers)
    assert answer.data == client.get("/?x").data
    assert "This cannot be read" in text_of(answer)


@pytest.mark.parametrize(
    "media",
    ["", "text/plain", "application/json", "multipart/form-data; boundary=x", f"{FORM}; charset=x"],
)
def test_another_kind_of_form_is_refused(reader: FlaskClient, media: str) -> None:
    """In words, with the status of the interface."""
    answer = reader.post("/paste", data=b"request=x", content_type=media)
    assert answer.status_code == 415
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_form_that_is_too_long_is_refused(reader: FlaskClient) -> None:
    """Before it is read any further."""
    answer = reader.post("/paste", data=b"request=" + b"A" * 70_000, content_type=FORM)
    assert answer.status_code == 413
    assert "This cannot be read" in text_of(answer)


# --- Files --------------------------------------------------------------------------------

SUMS = {
    name: digest
    for digest, name in re.findall(
        r"^([0-9a-f]{64})  (.+)$", (assets.STATIC / "SHA256SUMS").read_text(), re.MULTILINE
    )
}


@pytest.mark.parametrize(
    ("accepted", "end", "coding"),
    [
        ("", "", None),
        ("identity", "", None),
        ("gzip", ".gz", "gzip"),
        ("gzip, deflate, br, zstd", ".br", "br"),
        ("br;q=0, gzip", ".gz", "gzip"),
        ("*", "", None),
        ("br;q=0, gzip;q=0.000", "", None),
        ("BR", ".br", "br"),
        ("br;q=2", "", None),
        (CANARY, "", None),
    ],
)
def test_a_file_leaves_as_it_was_built(
    reader: FlaskClient, accepted: str, end: str, coding: str | None
) -> None:
    """In each coding, equal to the file and its sum; what cannot be read gives the plain bytes."""
    assert len(FILES) >= 10
    for path in FILES:
        name = path.removeprefix("/static/")
        answer = reader.get(path, headers={"Accept-Encoding": accepted})
        if name == "SHA256SUMS":
            assert answer.data == (assets.STATIC / name).read_bytes()
            continue
        assert answer.headers.get("Content-Encoding") == coding
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.data == (assets.STATIC / (name + end)).read_bytes()
        assert hashlib.sha256(answer.data).hexdigest() == SUMS[name + end]


def test_the_sums_name_every_file_that_is_served() -> None:
    """And its packed copies, and nothing else lies there."""
    there = {file.name for file in assets.STATIC.iterdir()}
    assert set(SUMS) == there - {"SHA256SUMS"}
    assert {
        f"/static/{name}" for name in there if not name.endswith((".br", ".gz", ".html"))
    } == set(FILES)


@pytest.mark.parametrize("name", pages.BUILT)
def test_T24_a_page_leaves_as_it_was_built(reader: FlaskClient, name: str) -> None:
    """Its bytes are those of the sums, so that what a server gives can be compared."""
    path = "/" if name == "ask" else f"/{name}"
    for accepted, end in (("", ""), ("gzip", ".gz"), ("br, gzip", ".br")):
        answer = reader.get(path, headers={"Accept-Encoding": accepted})
        assert hashlib.sha256(answer.data).hexdigest() == SUMS[f"{name}.html{end}"]
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static", "/static/start.js.br", "/static/start.js.gz", "/static/../pages.py",
     "/static/%2e%2e/pages.py", "/static//start.js", "/static/START.JS", "/static/none.js",
     "/templates/base.html", "/static/start.js/", "/static/ask.html", "/ask.html",
     "/favicon.ico", "/robots.txt"],
)  # fmt: skip
def test_nothing_else_is_served(reader: FlaskClient, path: str) -> None:
    """No folder is looked through."""
    assert reader.get(path).status_code == 404


def test_a_coding_is_chosen_only_where_there_is_one() -> None:
    """What was not packed leaves plain."""
    asset = Asset("text/plain", b"x", {"gzip": b"y"})
    assert assets.choose("br, gzip", asset) == "gzip"
    assert assets.choose("br", asset) == ""
    assert assets.choose("gzip;q=0.5;x=1", asset) == ""
    assert assets.choose("," * 1_000, asset) == ""


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    """And a file of an unknown kind is a mistake of the build."""
    assert assets.load(tmp_path / "none") == {}
    (tmp_path / "x.exe").touch()
    with pytest.raises(KeyError):
        assets.load(tmp_path)
