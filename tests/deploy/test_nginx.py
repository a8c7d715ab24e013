"""deploy/nginx.conf: nginx takes it, and run before a server it writes nobody down and passes on
nothing about who asks.
"""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.server import seizure
from tests.server.serving import free_port

SITE = Path(__file__).parents[2] / "deploy" / "nginx.conf"
pytestmark = pytest.mark.needs("nginx", "openssl")

MARKER = "quietheron77zq"
TOLD = {
    "User-Agent": f"agent-{MARKER}",
    "Referer": f"https://{MARKER}.example/",
    "Cookie": f"c={MARKER}",
    "Origin": f"https://{MARKER}.example",
    "Accept-Language": f"x-{MARKER}",
    "X-Forwarded-For": "203.0.113.77",
    "X-Real-IP": "203.0.113.77",
    "Forwarded": "for=203.0.113.77",
    "Via": f"1.1 {MARKER}",
}
ADDRESS = "127.66.77.78"


class Upstream(BaseHTTPRequestHandler):
    """Takes the place of the server, and notes what arrives."""

    protocol_version = "HTTP/1.1"
    arrived: list[dict[str, str]]

    def do_POST(self) -> None:
        """Note headers and length, and answer with what the server would."""
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        self.arrived.append({**dict(self.headers.items()), "length": str(length)})
        body = b'{"type":"urn:towpath:problem:too-large"}' if length > 65_536 else b"{}"
        self.send_response(413 if length > 65_536 else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@dataclass
class Proxy:
    """A running nginx with the site, before an upstream."""

    home: Path
    https: int
    http: int
    arrived: list[dict[str, str]]

    def post(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> Any:
        """Post over TLS from an address of our own; return status, headers and body."""
        trust = ssl.create_default_context(cafile=str(self.home / "cert.pem"))
        connection = HTTPSConnection(
            "localhost", self.https, context=trust, timeout=20, source_address=(ADDRESS, 0)
        )
        connection.request("POST", path, body, {**(headers or {}), "Connection": "close"})
        answer = connection.getresponse()
        found = answer.status, dict(answer.getheaders()), answer.read()
        connection.close()
        return found


def configured(home: Path, *, https: int, http: int, upstream: int) -> Path:
    """Write nginx's main file with the site in it, on free ports, with a certificate of an hour."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost", "-keyout", home / "key.pem", "-out", home / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    site = SITE.read_text()
    for old, new in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{https} ssl;"),
        ("    listen [::]:443 ssl;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("    listen [::]:80;\n", ""),
        ("/etc/letsencrypt/live/help.example.org/fullchain.pem", str(home / "cert.pem")),
        ("/etc/letsencrypt/live/help.example.org/privkey.pem", str(home / "key.pem")),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{upstream}"),
        ("server_name help.example.org", "server_name localhost"),
    ):
        assert old in site, old
        site = site.replace(old, new)
    (home / "site.conf").write_text(site)
    for folder in ("body", "proxy", "other", "logs"):
        (home / folder).mkdir()
    main = home / "nginx.conf"
    # The main error log, the paths and packing are Debian's concern, not the site's.
    main.write_text(
        f"""daemon off;
pid {home}/nginx.pid;
error_log {home}/logs/main.log warn;
events {{}}
http {{
    access_log {home}/logs/access.log;
    gzip on;
    gzip_types *;
    gzip_min_length 1;
    gzip_proxied any;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/other;
    uwsgi_temp_path {home}/other;
    scgi_temp_path {home}/other;
    include {home}/site.conf;
}}
"""
    )
    return main


@contextmanager
def upstream(port: int) -> Iterator[list[dict[str, str]]]:
    """Run the upstream, and give what arrives."""
    handler = type("Handler", (Upstream,), {"arrived": []})
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield handler.arrived  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    """nginx, running before an upstream."""
    ports = {"https": free_port(), "http": free_port(), "upstream": free_port()}
    main = configured(tmp_path, **ports)
    with upstream(ports["upstream"]) as arrived, nginx(main, ports["https"]):
        yield Proxy(tmp_path, ports["https"], ports["http"], arrived)


@contextmanager
def nginx(main: Path, port: int) -> Iterator[None]:
    """Run nginx until the end of the block."""
    process = subprocess.Popen(["nginx", "-c", main, "-p", main.parent], stderr=subprocess.PIPE)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None, process.stderr and process.stderr.read()
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_nginx_takes_the_site(tmp_path: Path) -> None:
    """Without a word about any line of it."""
    main = configured(tmp_path, https=free_port(), http=free_port(), upstream=8000)
    run = subprocess.run(["nginx", "-t", "-c", main], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "[warn]" not in run.stderr


def test_nginx_refuses_a_site_with_a_mistake(tmp_path: Path) -> None:
    """So that the test above can fail."""
    main = configured(tmp_path, https=free_port(), http=free_port(), upstream=8000)
    site = main.with_name("site.conf")
    site.write_text(site.read_text().replace("access_log off", "acces_log off", 1))
    assert subprocess.run(["nginx", "-t", "-c", main], capture_output=True, check=False).returncode


def test_P5_R4_nothing_about_who_asks_goes_on(proxy: Proxy) -> None:
    """Not the address, nor what a browser or another proxy says of her."""
    assert proxy.post("/v1/codes/open", b"{}", TOLD)[0] == 200
    (arrived,) = proxy.arrived
    said = json.dumps(arrived).lower()
    assert MARKER not in said
    assert "203.0.113.77" not in said
    assert ADDRESS not in said
    assert arrived.keys() <= {"Host", "Connection", "Content-Length", "Accept-Encoding", "length"}


def test_P5_R4_T26_nginx_writes_nobody_down(proxy: Proxy) -> None:
    """Neither requests that work nor those that are refused, too long or broken."""
    canaries = [*seizure.of_kind("words", [MARKER]), *seizure.of_kind("text", [ADDRESS])]
    proxy.post(f"/v1/{MARKER}?{MARKER}", MARKER.encode() * 10, TOLD)
    proxy.post(f"/v1/{MARKER}", MARKER.encode() * 4_000, TOLD)  # below the limit, above a page
    assert proxy.post(f"/v1/{MARKER}", MARKER.encode() * 10_000, TOLD)[0] == 413
    half = HTTPConnection("127.0.0.1", proxy.https, source_address=(ADDRESS, 0))
    half.connect()
    half.sock.sendall(f"GET /{MARKER} HTTP/1.1\r\n\r\n".encode())
    half.close()
    plain = HTTPConnection("127.0.0.1", proxy.http, source_address=(ADDRESS, 0))
    plain.request("GET", f"/{MARKER}?{MARKER}", headers=TOLD)
    assert plain.getresponse().status == 301
    plain.close()
    time.sleep(0.3)
    written = seizure.files_below(proxy.home)
    assert {path.name for path in written} >= {"access.log", "main.log"}
    assert seizure.search(written, canaries) == []


def test_T26_a_site_with_a_log_is_found(tmp_path: Path) -> None:
    """The same search finds what nginx writes where the two lines are not there."""
    ports = {"https": free_port(), "http": free_port(), "upstream": free_port()}
    main = configured(tmp_path, **ports)
    site = main.with_name("site.conf")
    site.write_text(site.read_text().replace("access_log off;", "").replace("error_log /dev", "#"))
    with upstream(ports["upstream"]) as arrived, nginx(main, ports["https"]):
        Proxy(tmp_path, ports["https"], ports["http"], arrived).post(f"/{MARKER}", b"{}", TOLD)
        time.sleep(0.3)
    canaries = [*seizure.of_kind("words", [MARKER]), *seizure.of_kind("text", [ADDRESS])]
    found = seizure.search(seizure.files_below(tmp_path), canaries)
    assert {hit.kind for hit in found} == {"words", "text"}


def test_a_long_body_is_refused_by_the_server_in_its_own_form(proxy: Proxy) -> None:
    """Up to a little above what the protocol allows, the refusal is the one that clients know."""
    status, _, body = proxy.post("/v1/referrals", b"x" * 70_000)
    assert (status, body) == (413, b'{"type":"urn:towpath:problem:too-large"}')
    assert proxy.post("/v1/referrals", b"x" * 65_536)[0] == 200


def test_a_server_that_is_away_is_busy_in_its_own_form(tmp_path: Path) -> None:
    """So that clients know that nothing was stored and try again."""
    ports = {"https": free_port(), "http": free_port(), "upstream": free_port()}
    main = configured(tmp_path, **ports)
    with nginx(main, ports["https"]):
        away = Proxy(tmp_path, ports["https"], ports["http"], [])
        status, headers, body = away.post("/v1/codes/open", b"{}")
    assert status == 503
    assert headers["Content-Type"] == "application/problem+json"
    assert headers["Retry-After"] == "5"
    assert json.loads(body)["type"] == "urn:towpath:problem:busy"


@pytest.mark.parametrize(
    ("method", "path", "closed"),
    [
        ("POST", "/v1/codes/open", True),
        ("POST", "/v1/boxes/read", True),
        ("GET", "/v1/drop?after=0", True),
        ("POST", "/paste", True),
        ("GET", "/", False),
        ("GET", "/v1/network", False),
        ("GET", "/v1/directory", False),
    ],
)
def test_P5_a_call_that_could_be_somebodys_ends_its_connection(
    proxy: Proxy, method: str, path: str, closed: bool
) -> None:
    """Whatever the browser would like; what is the same for all does not."""
    context = ssl.create_default_context(cafile=str(proxy.home / "cert.pem"))
    connection = HTTPSConnection("localhost", proxy.https, context=context, timeout=10)
    connection.request(method, path, b"{}" if method == "POST" else None)
    answer = connection.getresponse()
    answer.read()
    assert (answer.headers["Connection"] == "close") is closed
    connection.close()


def test_nothing_is_packed_on_the_way(proxy: Proxy) -> None:
    """The length of an answer would say something of what is in it."""
    for path in ("/", "/v1/network", "/v1/codes/open"):
        answer = proxy.post(path, b"{}", {"Accept-Encoding": "gzip, br"})
        assert "Content-Encoding" not in answer[1]


def test_P5_two_connections_of_one_device_share_no_session(proxy: Proxy) -> None:
    """No ticket and no session id is given that would tell them to be of one."""
    context = ssl.create_default_context(cafile=str(proxy.home / "cert.pem"))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection(("127.0.0.1", proxy.https), 10) as raw,
        context.wrap_socket(raw, server_hostname="localhost") as wrapped,
    ):
        session = wrapped.session
    assert session is None or not session.has_ticket
    assert session is None or session.id == b""
