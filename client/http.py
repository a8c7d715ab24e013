"""The one way out: each call on a connection of its own, over Tor where there is one.

No call says which program or which language is at this end, none follows a redirect, and none
keeps anything. Every call of docs/spec/http.md may be repeated byte for byte, so a call that got
no whole answer is sent again a few times.

Source: docs/spec/http.md, 1 ("Connections", "Repeating").
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import urllib3
from urllib3.contrib.socks import SOCKSProxyManager
from urllib3.util import SKIP_HEADER, Timeout

from client.errors import BadInput, FirstDo, Trouble, Unreachable
from crypto.encoding import Random

NO_PROXY = "none"
_TOR_PORTS = (9050, 9150)
_TRIES = 3
_WAITS_S = (0.5, 2.0)
_WAIT_MOST_S = 10.0
_PASSING = frozenset({502, 503, 504})
_BODY_MOST = 64 * 1024 * 1024  # of an answer: the largest store
_CHUNK = 64 * 1024
_ACROSS_MOST_S = 300.0  # for one whole answer, however slowly it drips

Probe = Callable[[str, int], bool]


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole answer: its status, its headers by lower-case name, its body."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class _NoAnswer(Exception):
    """This try got no whole answer."""


@dataclass(frozen=True, slots=True)
class Http:
    """Calls to one server.

    `base_url` is `https://host[:port]`, or `http://` on this machine and for onion addresses;
    `proxy` is None or `socks5h://host:port` (see `proxy_for`); `random` draws each call's user
    name and password; `timeout_s` bounds connecting, and each wait for more of an answer.
    """

    base_url: str
    proxy: str | None = field(kw_only=True)
    random: Random = field(kw_only=True, repr=False)
    timeout_s: float = field(default=20.0, kw_only=True)
    sleep: Callable[[float], None] = field(default=time.sleep, kw_only=True, repr=False)

    def __post_init__(self) -> None:
        check_address(self.base_url)
        if self.proxy is not None:
            check_proxy(self.proxy)

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send one request and return the whole answer, whatever its status.

        `path` begins with a slash and carries the query, if there is one. Tries 3 times where no
        whole answer comes or the status is 502, 503 or 504; the last answer is returned. Raises
        Unreachable where no try got one. Source: docs/spec/http.md, 1.
        """
        reply: Reply | None = None
        for number in range(_TRIES):
            if number:
                self.sleep(_wait(number, reply))
            try:
                reply = self._once(method, path, body, headers or {})
            except _NoAnswer:
                continue
            if reply.status not in _PASSING:
                return reply
        if reply is None:
            raise _unreachable(self.proxy)
        return reply

    def _once(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        sent = {
            "User-Agent": SKIP_HEADER,
            "Accept-Encoding": SKIP_HEADER,
            "Connection": "close",
            **headers,
        }
        pool = self._pool()
        try:
            response = pool.request(
                method,
                self.base_url.rstrip("/") + path,
                body=body,
                headers=sent,
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
                timeout=Timeout(connect=self.timeout_s, read=self.timeout_s),
            )
            with closing(response):
                return _whole(response)
        except urllib3.exceptions.SSLError as trouble:
            if isinstance(trouble.args[0], ssl.SSLCertVerificationError):
                raise _untrusted() from None
            raise _NoAnswer from None
        except (urllib3.exceptions.HTTPError, OSError):
            # What broke may name the host or the proxy; which step broke changes nothing.
            raise _NoAnswer from None
        finally:
            pool.clear()

    def _pool(self) -> urllib3.PoolManager:
        """Make what one call is sent through, and nothing else ever is."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_default_certs()
        if self.proxy is None:
            return urllib3.PoolManager(num_pools=1, maxsize=1, ssl_context=context)
        # Tor gives each user name and password a circuit of its own.
        return SOCKSProxyManager(
            self.proxy,
            username=self.random(16).hex(),
            password=self.random(16).hex(),
            num_pools=1,
            maxsize=1,
            ssl_context=context,
        )


def proxy_for(base_url: str, chosen: str | None, probe: Probe) -> str | None:
    """Return the SOCKS proxy to reach a server through, or None for the straight way.

    `chosen` is None, "none" for the straight way, or `socks5h://host:port`; `probe` says whether
    something listens (`is_listening`). On this machine there is none; elsewhere Tor's, where it
    listens. Raises FirstDo for an onion address without Tor, BadInput for another kind of proxy.
    """
    host = check_address(base_url)
    if chosen and chosen != NO_PROXY:
        return check_proxy(chosen)
    if not chosen and not is_this_machine(host):
        for port in _TOR_PORTS:
            if probe("127.0.0.1", port):
                return f"socks5h://127.0.0.1:{port}"
    if host.endswith(".onion"):
        raise FirstDo(
            "This address is reached through Tor, and Tor is not running here.",
            "Start Tor or Tor Browser, or name its address with --proxy socks5h://HOST:PORT.",
        )
    return None


def is_listening(host: str, port: int) -> bool:
    """Say whether something takes connections at an address of this machine."""
    try:
        socket.create_connection((host, port), timeout=0.5).close()
    except OSError:
        return False
    return True


def is_this_machine(host: str) -> bool:
    """Say whether a host name or address is the loopback interface."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_address(base_url: str) -> str:
    """Return the host of a server's address; raises BadInput for one that can't be used.

    Without TLS only this machine and onion addresses, which have their own protection.
    """
    host = _parts(base_url, ("http", "https"), "https://towpath.example")
    if base_url.startswith("http:") and not (is_this_machine(host) or host.endswith(".onion")):
        raise BadInput(
            "This address begins with http:// and is not protected on its way.",
            "Write https:// in its place.",
        )
    return host


def check_proxy(proxy: str) -> str:
    """Return a proxy's address as it is; raises BadInput for any but `socks5h://host:port`."""
    _parts(proxy, ("socks5h",), "socks5h://127.0.0.1:9050")
    return proxy


def _parts(address: str, schemes: tuple[str, ...], example: str) -> str:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    else:
        extra = parts.username or parts.password or parts.query or parts.fragment
        if parts.scheme not in schemes or extra or parts.path not in ("", "/"):
            host = None
    if not host:
        raise BadInput("This is not an address that can be used.", f"It looks like {example}.")
    return host.rstrip(".")


def _whole(response: urllib3.BaseHTTPResponse) -> Reply:
    """Read an answer to its end; a cut one and one of unknown length are lost answers."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    chunked = headers.get("transfer-encoding", "").strip().lower() == "chunked"
    length = headers.get("content-length", "")
    if not chunked and not (length.isascii() and length.isdigit()):
        raise _NoAnswer
    return Reply(response.status, headers, _read(response))  # which refuses a short body


def _read(response: urllib3.BaseHTTPResponse) -> bytes:
    until = time.monotonic() + _ACROSS_MOST_S
    parts: list[bytes] = []
    read = 0
    for part in response.stream(_CHUNK, decode_content=False):
        parts.append(part)
        read += len(part)
        if read > _BODY_MOST or time.monotonic() > until:
            raise _NoAnswer
    return b"".join(parts)


def _wait(number: int, reply: Reply | None) -> float:
    """Return the seconds before try `number`: the server's word where it gave one, bounded."""
    asked = reply.headers.get("retry-after", "") if reply else ""
    wait = float(asked) if asked.isascii() and asked.isdigit() else _WAITS_S[number - 1]
    return min(wait, _WAIT_MOST_S)


def _untrusted() -> Trouble:
    return Unreachable(
        "What answers at this address can't show that it is the server.",
        "Somebody may stand in between, as the network of a hotel does; or the date of this device"
        " is wrong. Nothing was sent.",
    )


def _unreachable(proxy: str | None) -> Trouble:
    if proxy is None:
        return Unreachable(
            "The server can't be reached, or its answer was lost.",
            "Check the connection and the server's address, then try again.",
        )
    return Unreachable(
        "The server can't be reached through Tor, or its answer was lost.",
        "Check that Tor is running and the server's address, then try again;"
        " --proxy none goes without Tor.",
    )
