"""The way out: what leaves this machine, and what counts as an answer."""

from __future__ import annotations

import socket
import ssl
import time
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from client.errors import BadInput, FirstDo, Unreachable
from client.http import Http, check_address, is_listening, proxy_for
from tests.client.peer.wires import quick, whole, wire

GOOD = whole(b"{}", headers=["Content-Type: application/json"])


def headers_of(request: bytes) -> dict[str, str]:
    """The headers of a request as it was sent, by lower-case name."""
    lines = request.split(b"\r\n\r\n")[0].decode("ascii").split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (ln.partition(":") for ln in lines)}


def test_P5_R4_a_call_says_nothing_of_who_sends_it() -> None:
    """No program, language, encoding, cookie or referrer: only what the call needs."""
    with wire(GOOD) as server:
        quick(server.url).call("POST", "/v1/x", body=b"{}", headers={"Content-Type": "a/b"})
        sent = headers_of(server.requests[0])
    assert sent.keys() == {"host", "connection", "content-type", "content-length"}
    assert sent["connection"] == "close"


def test_P5_a_get_has_no_body_and_nothing_but_host_and_close() -> None:
    """A call without a body sends two headers."""
    with wire(GOOD) as server:
        quick(server.url).call("GET", "/v1/drop?after=3")
        assert server.requests[0].startswith(b"GET /v1/drop?after=3 HTTP/1.1\r\n")
        assert headers_of(server.requests[0]).keys() == {"host", "connection"}


def test_P3_every_call_has_a_connection_of_its_own() -> None:
    """Even a server that would keep the connection gets one request on it."""
    kept = whole(b"{}", headers=["Connection: keep-alive"])
    with wire(kept) as server:
        way_out = quick(server.url)
        for _ in range(3):
            way_out.call("GET", "/v1/network")
        assert len(server.requests) == 3
        assert all(request.count(b"HTTP/1.1") == 1 for request in server.requests)


def test_P3_over_socks_each_call_has_its_own_name_and_password() -> None:
    """Tor keeps circuits apart by name and password: no two calls share one."""
    with wire(GOOD, socks=True) as proxy:
        way_out = quick("http://example.onion", proxy=f"socks5h://127.0.0.1:{proxy.port}")
        for _ in range(4):
            way_out.call("GET", "/v1/network")
        assert len({name for name, _ in proxy.logins}) == 4
        assert len({password for _, password in proxy.logins}) == 4


def test_P5_names_are_resolved_behind_the_proxy() -> None:
    """The proxy is given the name: no resolver of this machine learns of it."""
    with wire(GOOD, socks=True) as proxy:
        way_out = quick("http://example.onion", proxy=f"socks5h://127.0.0.1:{proxy.port}")
        way_out.call("GET", "/v1/network")
        assert proxy.asked_for == [(3, b"example.onion")]


def test_a_repeat_over_socks_has_a_new_name_and_password() -> None:
    """A call that is repeated after a lost answer takes another circuit."""
    with wire(b"", GOOD, socks=True) as proxy:
        way_out = quick("http://example.onion", proxy=f"socks5h://127.0.0.1:{proxy.port}")
        way_out.call("GET", "/v1/network")
        assert len(set(proxy.logins)) == 2


@pytest.mark.parametrize(
    "lost",
    [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}",
        b"not http at all\r\n\r\n",
    ],
    ids=["none", "cut_status", "short", "cut_chunk", "no_last_chunk", "no_length", "x", "garbage"],
)
def test_P10_a_cut_answer_is_a_lost_one_and_the_same_bytes_go_again(lost: bytes) -> None:
    """Half an answer counts as none; the repeat is byte for byte the same."""
    with wire(lost, GOOD) as server:
        reply = quick(server.url).call("POST", "/v1/referrals", body=b'{"a":1}')
        assert reply.body == b"{}"
        assert len(server.requests) == 2
        assert server.requests[0] == server.requests[1]


def test_P10_without_any_whole_answer_it_is_said_that_none_came() -> None:
    """Three tries and no more; then a sentence, and exit code 3."""
    with wire(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}") as server:
        with pytest.raises(Unreachable) as caught:
            quick(server.url).call("POST", "/v1/referrals", body=b"{}")
        assert len(server.requests) == 3
    assert caught.value.exit_code == 3
    assert "127.0.0.1" not in str(caught.value)


@pytest.mark.parametrize("status", ["502 Bad Gateway", "503 Busy", "504 Late"])
def test_a_passing_trouble_is_waited_out(status: str) -> None:
    """A proxy or a busy server gets the same request again."""
    with wire(whole(b"", status=status), GOOD) as server:
        assert quick(server.url).call("POST", "/v1/x", body=b"{}").status == 200


def test_the_servers_word_how_long_to_wait_is_kept_within_reason() -> None:
    """Retry-After is followed, but nobody is made to wait for an hour."""
    waits: list[float] = []
    answers = [
        whole(b"", status="503 Busy", headers=["Retry-After: 4"]),
        whole(b"", status="503 Busy", headers=["Retry-After: 3600"]),
        whole(b"", status="503 Busy"),
    ]
    with wire(*answers) as server:
        assert quick(server.url, waits=waits).call("GET", "/v1/x").status == 503
        assert len(server.requests) == 3
    assert waits == [4.0, 10.0]


@pytest.mark.parametrize("status", ["400 Bad", "403 No", "404 Gone", "409 Taken", "500 Broken"])
def test_what_was_refused_is_not_tried_again(status: str) -> None:
    """A whole answer is an answer, whatever it says."""
    with wire(whole(b"", status=status)) as server:
        assert quick(server.url).call("GET", "/v1/x").status == int(status[:3])
        assert len(server.requests) == 1


def test_P5_no_redirect_is_followed() -> None:
    """A server can't send a code's locator on to another place."""
    with wire(GOOD) as other:
        moved = whole(b"", status="307 Moved", headers=[f"Location: {other.url}/v1/x"])
        with wire(moved) as server:
            assert quick(server.url).call("POST", "/v1/x", body=b"{}").status == 307
        assert other.requests == []


def test_P5_no_cookie_is_taken_or_given_back() -> None:
    """What a server sets is forgotten."""
    with wire(whole(b"{}", headers=["Set-Cookie: who=she"])) as server:
        way_out = quick(server.url)
        way_out.call("GET", "/v1/x")
        way_out.call("GET", "/v1/x")
        assert b"ookie" not in server.requests[1]


def test_an_endless_answer_ends() -> None:
    """A server that never stops is left after 64 MiB, and that is a lost answer."""

    def pour(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        piece = b"100000\r\n" + bytes(0x100000) + b"\r\n"
        for _ in range(70):
            connection.sendall(piece)
        connection.sendall(b"0\r\n\r\n")

    with wire(pour) as server, pytest.raises(Unreachable):
        quick(server.url).call("GET", "/v1/x")


def test_a_silent_server_is_left() -> None:
    """A server that takes the call and says nothing does not hold anybody for long."""
    with wire(lambda _: time.sleep(1.0)) as server, pytest.raises(Unreachable):
        quick(server.url).call("GET", "/v1/x")


def test_a_closed_door_is_said_to_be_closed() -> None:
    """Where nothing listens the sentence says so, in words."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable, match="can't be reached"):
        quick(f"http://127.0.0.1:{port}").call("GET", "/v1/x")


def test_what_speaks_no_tls_on_https_is_not_spoken_to() -> None:
    """Nothing of the call goes out in the clear."""
    with wire(GOOD) as server:
        with pytest.raises(Unreachable):
            quick(f"https://127.0.0.1:{server.port}").call("POST", "/v1/x", body=b"canary")
        assert all(b"canary" not in request for request in server.requests)


def test_P5_a_certificate_that_nobody_vouches_for_is_refused_at_once(tmp_path: Path) -> None:
    """Somebody in between hears nothing of the call, and it is said what may be the matter."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    with wire(GOOD, tls=context) as server:
        with pytest.raises(Unreachable, match="can't show that it is the server"):
            quick(f"https://127.0.0.1:{server.port}").call("POST", "/v1/x", body=b"canary")
        assert server.requests == []


def self_signed(folder: Path) -> Path:
    """A certificate for this machine that its own key signed, and that key, in one file."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(here, critical=False)
        .sign(key, None)
    )
    file = folder / "certificate.pem"
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(made.public_bytes(pem) + secret)
    return file


@pytest.mark.parametrize(
    "address",
    [
        "http://towpath.example",
        "http://192.0.2.1:8000",
        "ftp://towpath.example",
        "towpath.example",
        "https://",
        "https://user:word@towpath.example",
        "https://towpath.example/deeper",
        "https://towpath.example?code=1",
        "https://towpath.example:99999",
        "https://[",
        "",
    ],
)
def test_P5_an_address_without_protection_or_with_more_in_it_is_refused(address: str) -> None:
    """Nothing goes in the clear over a network, and nothing secret hides in an address."""
    with pytest.raises(BadInput):
        Http(address, proxy=None, random=bytes)


@pytest.mark.parametrize(
    "address",
    [
        "https://towpath.example",
        "https://towpath.example:8443/",
        "http://localhost:8000",
        "http://127.0.0.1:8000",
        "http://[::1]:8000",
        "http://abc.onion",
    ],
)
def test_addresses_that_are_protected_are_taken(address: str) -> None:
    """TLS, this machine, and onion addresses."""
    assert check_address(address)


def listens(*ports: int) -> object:
    """A probe to which these ports listen."""
    return lambda _, port: port in ports


@pytest.mark.parametrize(
    ("address", "chosen", "ports", "proxy"),
    [
        ("https://a.example", None, (), None),
        ("https://a.example", None, (9050, 9150), "socks5h://127.0.0.1:9050"),
        ("https://a.example", None, (9150,), "socks5h://127.0.0.1:9150"),
        ("https://a.example", "none", (9050,), None),
        ("https://a.example", "socks5h://10.0.0.1:1080", (9050,), "socks5h://10.0.0.1:1080"),
        ("http://127.0.0.1:8000", None, (9050,), None),
        ("http://localhost:8000", None, (9050,), None),
        ("http://127.0.0.1:8000", "socks5h://127.0.0.1:1", (), "socks5h://127.0.0.1:1"),
        ("http://a.onion", None, (9050,), "socks5h://127.0.0.1:9050"),
    ],
)
def test_P5_tor_is_taken_where_it_runs(
    address: str, chosen: str | None, ports: tuple[int, ...], proxy: str | None
) -> None:
    """What was chosen counts; else Tor, where it listens; on this machine nothing."""
    assert proxy_for(address, chosen, listens(*ports)) == proxy  # type: ignore[arg-type]


@pytest.mark.parametrize("chosen", [None, "none"])
def test_an_onion_address_without_tor_says_what_is_missing(chosen: str | None) -> None:
    """It is never asked of the network's own resolver."""
    with pytest.raises(FirstDo, match="Tor"):
        proxy_for("http://a.onion", chosen, listens())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "chosen", ["socks5://127.0.0.1:9050", "http://127.0.0.1:8118", "9050", "socks5h://u:p@h:1"]
)
def test_P5_another_kind_of_proxy_is_refused(chosen: str) -> None:
    """One that resolves names here, or that has one name and password for all calls."""
    with pytest.raises(BadInput):
        proxy_for("https://a.example", chosen, listens())  # type: ignore[arg-type]


def test_listening_is_noticed() -> None:
    """The probe tells an open port from a closed one."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        assert is_listening("127.0.0.1", port)
    assert not is_listening("127.0.0.1", port)
