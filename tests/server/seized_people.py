"""People who ask through a server that will be seized: what each sends, and every value of it that
nothing may keep.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crypto import constants as c
from crypto.client import answers, box, code_text, codes, envelope, message
from crypto.client.code_text import Kind
from crypto.encoding import Random
from crypto.public import keys, requests
from server.routes.route import ROUTES
from server.services.codes import Code
from tests.crypto.networks import TODAY
from tests.server.scene import as_json, b64url
from tests.server.seizure import Canary, of_kind
from tests.server.serving import Served
from tests.threats.scene import Provider, provider


@dataclass(frozen=True)
class Person:
    """One who asks, with a code of her own, from an address of her own."""

    number: int
    to: Provider
    receipt: bytes
    receipt_keys: codes.ReceiptKeys
    request: requests.Referral

    @property
    def address(self) -> str:
        """Where her calls come from."""
        return f"127.66.{self.number}.{200 - self.number}"

    @property
    def marker(self) -> str:
        """A word that only she uses."""
        return marker(self.number)

    def row(self, last_epoch: int) -> Code:
        """Her code's row, as its provider published it."""
        code = self.to.keys
        return Code(
            locator=code.locator,
            write_key_hash=keys.key_hash(code.write_key),
            record=self.to.case.sealed,
            last_epoch=last_epoch,
        )

    def headers(self) -> dict[str, str]:
        """What a browser, a proxy or a curious program would send along."""
        return {
            "Content-Type": "application/json",
            "User-Agent": f"Agent-{self.marker}/5.0",
            "Referer": f"https://referrer-{self.marker}.example/page",
            "X-Forwarded-For": forwarded(self.number),
            "X-Real-IP": forwarded(self.number),
            "Forwarded": f"for={forwarded(self.number)}",
            "Cookie": f"session=cookie-{self.marker}",
            "Accept-Language": f"x-{self.marker}",
        }

    def canaries(self) -> list[Canary]:
        """Return every value of hers that nothing may keep."""
        code, receipt = self.to.keys, self.receipt_keys
        texts = [
            written
            for secret, kind in ((self.to.code, Kind.CODE), (self.receipt, Kind.RECEIPT))
            for text in (code_text.symbols(secret, kind), code_text.digits(secret, kind))
            for written in (text, text.replace("-", "").replace(" ", ""))
        ]
        secrets = [
            *(self.to.code, self.receipt, code.locator, code.write_key, code.psk, code.record_key),
            *(receipt.box_id, receipt.holder_key, receipt.box_key, receipt.write_key),
            *(receipt.tag_key, self.request.envelope[:40], requests.encode(self.request)[50:90]),
        ]
        return [
            *of_kind("words", [self.marker]),
            *of_kind("code or receipt", texts),
            *of_kind("secret", secrets),
            *of_kind("address", [self.address]),
            *of_kind("forwarded address", [forwarded(self.number)]),
        ]


def marker(number: int) -> str:
    """Return a word that stands nowhere else."""
    return f"quietheron{number:02d}zq"


def forwarded(number: int) -> str:
    """Return an address that a proxy would pass on."""
    return f"203.0.113.{number + 100}"


def person(number: int, random: Random) -> Person:
    """Make a person who has sealed her request."""
    to = provider(f"seized {number}")
    network_id = to.network.network_id
    secret = codes.new_secret(random)
    receipt = codes.receipt_keys(secret, f"word {marker(number)}", network_id)
    recipient = to.case.checked()
    said = message.Message(
        consent=c.CONSENT_SELF, needs=(1,), languages=(1,), channels=(1,), eyes=c.EYES_RECEIPT,
        contact=f"behind {marker(number)}", text=f"I am {marker(number)}.",
        box=message.BoxKeys.of(receipt),
    )  # fmt: skip
    delivered = answers.Answer(
        state=c.STATE_DELIVERED, epoch=TODAY, last_epoch=TODAY + 14, name=recipient.statement.name,
        organisation=recipient.statement.organisation, public_key=recipient.public_key,
    )  # fmt: skip
    slot_0 = box.seal_delivered(
        delivered,
        network_id=network_id,
        box_id=receipt.box_id,
        holder_key=receipt.holder_key,
        random=random,
    )
    request = requests.Referral(
        locator=to.keys.locator,
        write_key=to.keys.write_key,
        envelope=envelope.seal(
            message.encode(said), recipient.public_key, to.context, random=random
        ),
        box=requests.Box(
            id=receipt.box_id,
            holder_key_hash=keys.key_hash(receipt.holder_key),
            write_key_hash=keys.key_hash(receipt.write_key),
            slot_0=slot_0,
        ),
    )
    return Person(number, to, secret, receipt, request)


def ask(served: Served, who: Person) -> None:
    """Send her request as she would, twice, and read, add to and renew it; all of it works."""
    locator = {"locator": b64url(who.request.locator)}
    assert post(served, who, "/v1/codes/open", locator) == 200
    assert post(served, who, "/v1/referrals", as_json(who.request)) == 200
    assert post(served, who, "/v1/referrals", as_json(who.request)) == 200
    held = {
        "box_id": b64url(who.receipt_keys.box_id),
        "holder_key": b64url(who.receipt_keys.holder_key),
    }
    assert post(served, who, "/v1/boxes/read", {**held, "slots": [0, 1]}) == 200
    added = {"tag": b64url(who.receipt_keys.tag_key[:16]), "envelope": b64url(who.request.envelope)}
    assert post(served, who, "/v1/boxes/add", {**held, **added}) == 200
    assert post(served, who, "/v1/boxes/renew", held) == 200
    if who.number % 5 == 0:
        assert post(served, who, "/v1/boxes/withdraw", held) == 200


def misuse(served: Served, who: Person) -> Iterator[int]:
    """Call everything wrongly, with her words in every place; give the statuses."""
    for route in ROUTES:
        for method, path, body in wrong(who, route.method, route.path):
            yield served.call(method, path, body, who.headers(), who.address)[0]
    headers = who.headers() | {"Content-Type": f"text/{who.marker}"}
    yield served.call("POST", "/v1/codes/open", who.marker.encode(), headers, who.address)[0]
    for data in raw(who):
        served.send(data, who.address)


def wrong(who: Person, method: str, path: str) -> Iterator[tuple[str, str, bytes | None]]:
    """Give wrong calls of a route: method, path and body."""
    word = who.marker.encode()
    values = {"locator": who.marker, "box_id": who.marker, "text": [{who.marker: who.marker}]}
    other = "GET" if method != "GET" else "POST"
    yield other, path, None
    yield method, f"{path}?{who.marker}={who.marker}", None
    yield method, f"{path}/{who.marker}/{code_text.symbols(who.to.code, Kind.CODE)}", None
    if method != "GET":
        yield method, path, json.dumps(values).encode()
        yield method, path, json.dumps(as_json(who.request) | {who.marker: 1}).encode()
        yield method, path, b'{"locator": "' + word
        yield method, path, b"\xff" + word
        yield method, path, b"[" * 2_000 + word
        yield method, path, json.dumps({"locator": who.marker * 7_000}).encode()


def raw(who: Person) -> Iterator[bytes]:
    """Give bytes that are no request, or half of one."""
    word = who.marker.encode()
    yield b"GET /" + word + b" HTTP/9.9\r\n\r\n"
    yield word + b"\r\n\r\n"
    yield b"\x16\x03\x01\x02\x00" + word
    yield b"GET /" + b"a" * 500_000 + word + b" HTTP/1.1\r\n\r\n"
    yield b"POST /v1/referrals HTTP/1.1\r\nHost: " + word + b"\r\nContent-Length: x" + word
    yield (
        b"POST /v1/referrals HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        b"Content-Length: 9000\r\n\r\n{" + word
    )
    yield (
        b"POST /v1/codes/open HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n" + word + b"\r\n"
    )


def post(served: Served, who: Person, path: str, values: dict[str, Any]) -> int:
    """Post JSON as she would, with all those headers, and return the status."""
    return served.call("POST", path, json.dumps(values).encode(), who.headers(), who.address)[0]
