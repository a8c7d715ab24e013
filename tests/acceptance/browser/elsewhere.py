"""A site that has nothing to do with ours: where the quick exit leads in these tests.

It speaks TLS with a certificate of its own, as `leave_to` must begin with https://, so browsers
that go there are told to overlook that nobody signed it.
"""

from __future__ import annotations

import datetime
import ipaddress
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.acceptance.deployment import Deployment

OVERLOOK = "--ignore-certificate-errors"
"""The option of a Chromium that goes there."""
TITLE = "Weather"
_GOOD = tuple(datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (2020, 2120))
_HOST = ipaddress.IPv4Address("127.0.0.1")
# A page as others write it: the field is remembered, and so is the page.
_PAGE = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>{TITLE}</title>
<h1>It rains</h1><form><label>Place <input name="place"></label></form></html>"""


class _Weather(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5  # a connection that says nothing more is not waited for

    def do_GET(self) -> None:
        page = _PAGE.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Overlook connections that browsers open and never use."""


@contextmanager
def elsewhere(folder: Path) -> Iterator[str]:
    """Serve that site until the end of the block, and give its address; `folder` holds its key."""
    folder.mkdir(parents=True, exist_ok=True)
    with _Server((str(_HOST), 0), _Weather) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(folder))
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"https://{_HOST}:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def leads_to(at: Deployment, url: str) -> None:
    """Set where the quick exit of a server leads; it has to be started afterwards."""
    file = at.server / "server.toml"
    text = file.read_text(encoding="utf-8")
    text, found = re.subn(r'^leave_to = ".*"$', f'leave_to = "{url}"', text, flags=re.MULTILINE)
    assert found == 1
    file.write_text(text, encoding="utf-8")


def _certificate(folder: Path) -> Path:
    """Write a key and a certificate that it signs itself; return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, str(_HOST))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_GOOD[0])
        .not_valid_after(_GOOD[1])
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(_HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "elsewhere.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file
