"""What travels: requests and their armour, signed calls, applications, an admin's key file."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from crypto.client import admin_file, carried
from crypto.client.carried import Carried, Organisation
from crypto.public import applications, request_signing, requests
from crypto.public.note_signing import Signer
from crypto.public.request_signing import Signed
from crypto.public.requests import Box, Referral, Request, WalkIn
from tests.vectors.values import Drawn, Given, Output, unbytes, unlist

_HEADERS = ("content_digest", "signature_input", "signature_header")


def encode_request(given: Given) -> Output:
    """Write a request in its canonical form and in armour."""
    request = _request(given["request"])
    referral = isinstance(request, Referral)
    return {
        "form": requests.encode(request),
        "hash": requests.hash_of(request),
        "armour": requests.armour(request).encode("ascii"),
        "tag": None if referral else requests.walk_in_tag(request.envelope),
    }


def decode_request(given: Given) -> Output:
    """Read a canonical form."""
    return {"request": _parts(requests.decode(unbytes(given["form"])))}


def read_armour(given: Given) -> Output:
    """Read a text that has a request in it."""
    return {"request": _parts(requests.from_armour(given["text"]))}


def write_carried(given: Given) -> Output:
    """Write a carried document: its form and its text."""
    said = _carried(given["carried"])
    return {"form": carried.encode(said), "text": carried.write(said).encode("ascii")}


def read_carried(given: Given) -> Output:
    """Read a text that has a carried document in it."""
    found = asdict(carried.read(given["text"]))
    listed = [{**one, "index": str(one["index"])} for one in found["organisations"]]
    return {"carried": {**found, "organisations": listed}}


def sign_call(given: Given) -> Output:
    """Sign a call."""
    signed = request_signing.sign(
        unbytes(given["seed"]), counter=int(given["counter"]), **_call(given)
    )
    values = (signed.digest, signed.signature_input, signed.signature)
    return {name: value.encode() for name, value in zip(_HEADERS, values, strict=True)}


def verify_call(given: Given) -> Output:
    """Check a call's three headers."""
    claim = request_signing.verify(Signed(*(given[name] for name in _HEADERS)), **_call(given))
    return {"key": claim.key, "counter": str(claim.counter)}


def make_application(given: Given) -> Output:
    """Make and sign an application."""
    made = applications.make(
        unbytes(given["organisation_seed"]),
        network_id=unbytes(given["network_id"]),
        member_key=unbytes(given["member_key"]),
        epoch=given["epoch"],
        name=given["name"],
        profile=unbytes(given["profile"]),
    )
    return {"application": made}


def check_application(given: Given) -> Output:
    """Read and check an application."""
    content, network_id = unbytes(given["application"]), unbytes(given["network_id"])
    found = applications.parse_and_check(content, network_id)
    names = ("organisation", "member_key", "epoch", "name", "profile")
    return {name: getattr(found, name) for name in names}


def seal_admin_file(given: Given) -> Output:
    """Seal an admin's key file."""
    admin = Signer(given["name"], unbytes(given["seed"]))
    drawn = Drawn(unbytes(given["salt"]), unbytes(given["nonce"]))
    return {"file": admin_file.seal_admin_file(admin, given["passphrase"], random=drawn)}


def open_admin_file(given: Given) -> Output:
    """Open an admin's key file."""
    admin = admin_file.open_admin_file(unbytes(given["file"]), given["passphrase"])
    return {"name": admin.name, "seed": admin.seed}


def _call(given: Given) -> dict[str, Any]:
    texts = {name: given[name] for name in ("method", "path", "query")}
    body, network_id = unbytes(given["body"]), unbytes(given["network_id"])
    return {**texts, "body": body, "network_id": network_id}


def _request(said: Given) -> Request:
    box = said["box"] and Box(**{name: unbytes(value) for name, value in said["box"].items()})
    envelope = unbytes(said["envelope"])
    if "epoch" in said:
        nonce = unbytes(said["nonce"])
        return WalkIn(epoch=said["epoch"], nonce=nonce, envelope=envelope, box=box)
    locator, write_key = unbytes(said["locator"]), unbytes(said["write_key"])
    return Referral(locator=locator, write_key=write_key, envelope=envelope, box=box)


def _parts(request: Request) -> dict[str, Any]:
    box = request.box
    names = ("id", "holder_key_hash", "write_key_hash", "slot_0")
    rest = {
        "envelope": request.envelope,
        "box": box and {name: getattr(box, name) for name in names},
    }
    if isinstance(request, WalkIn):
        return {"epoch": request.epoch, "nonce": request.nonce, **rest}
    return {"locator": request.locator, "write_key": request.write_key, **rest}


def _carried(said: Given) -> Carried:
    return Carried(
        network_id=unbytes(said["network_id"]),
        work_bits=said["work_bits"],
        policies=unlist(said["policies"]),
        checkpoint=unbytes(said["checkpoint"]),
        suspensions=unbytes(said["suspensions"]),
        organisations=tuple(map(_organisation, said["organisations"])),
        record=said["record"] and unbytes(said["record"]),
    )


def _organisation(said: Given) -> Organisation:
    return Organisation(
        statement=unbytes(said["statement"]),
        profile=unbytes(said["profile"]),
        index=int(said["index"]),
        hashes=unlist(said["hashes"]),
        capacity=said["capacity"],
        weekly_keys=unlist(said["weekly_keys"]),
    )
