"""What travels (docs/spec/http.md, 5, 7 and 8): requests, armour, signed calls, applications."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from tests.second.stranger import messages, sealing
from tests.second.stranger.basics import (
    BAD_SIGNATURE,
    TOO_LONG,
    UNSUPPORTED,
    VERSION,
    WRONG_NETWORK,
    K,
    Reader,
    Refused,
    frame,
    from_base64,
    from_utf8,
    lp,
    need,
    to_base64,
    to_utf8,
    u8,
    u32,
)
from tests.second.stranger.keys import is_in
from tests.second.stranger.notes import display_name, is_composed

_BOX = (("id", 16), ("holder_key_hash", 32), ("write_key_hash", 32), ("slot_0", 4096))
_REFERRAL = (("locator", 16), ("write_key", 32), ("envelope", 5273))
_WALK_IN = (("nonce", 8), ("envelope", 5273))

Parts = Mapping[str, Any]


def write_request(request: Parts) -> bytes:
    """The canonical form."""
    if "epoch" in request:
        form = u8(K.KIND_WALK_IN) + u32(request["epoch"]) + _joined(request, _WALK_IN)
    else:
        form = u8(K.KIND_REFERRAL) + _joined(request, _REFERRAL)
    box = request["box"]
    return form + (u8(0) if box is None else u8(1) + _joined(box, _BOX))


def _joined(parts: Parts, sizes: tuple[tuple[str, int], ...]) -> bytes:
    for name, size in sizes:
        need(len(parts[name]) == size)
    return b"".join(parts[name] for name, _ in sizes)


def read_request(form: bytes) -> dict[str, Any]:
    """The parts of a canonical form."""
    reader = Reader(form)
    found: dict[str, Any] = {}
    kind = reader.number(1)
    need(kind in (K.KIND_REFERRAL, K.KIND_WALK_IN))
    if kind == K.KIND_WALK_IN:
        found["epoch"] = reader.number(4)
    for name, size in _WALK_IN if kind == K.KIND_WALK_IN else _REFERRAL:
        found[name] = reader.take(size)
    boxes = reader.number(1)
    need(boxes <= 1)
    box = {name: reader.take(size) for name, size in _BOX} if boxes else None
    reader.end()
    return found | {"box": box}


def _marks(what: str) -> list[str]:
    return [f"-----{which} TOWPATH {what}-----" for which in ("BEGIN", "END")]


def write_armour(form: bytes, what: str = "REQUEST") -> str:
    """Two marks, and lines of 64 between them."""
    text = to_base64(form + sealing.sha256(form)[: K.ARMOUR_CHECK_BYTES])
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "".join(f"{line}\n" for line in (_marks(what)[0], *lines, _marks(what)[1]))


def read_armour(text: str) -> dict[str, Any]:
    """The one request in a text."""
    return read_request(from_armour(text, "REQUEST", K.ARMOUR_CHARACTERS))


def from_armour(text: str, what: str, most: int) -> bytes:
    """What stands between the marks."""
    need(len(text) <= most)
    begin, end = (mark.replace(" ", "") for mark in _marks(what))
    bare = _bare(text)
    need(bare.count(begin) == 1 and bare.count(end) == 1 and bare.index(begin) < bare.index(end))
    whole = from_base64(bare[bare.index(begin) + len(begin) : bare.index(end)])
    need(len(whole) >= K.ARMOUR_CHECK_BYTES)
    form, check = whole[:-4], whole[-4:]
    need(sealing.sha256(form)[:4] == check)
    return form


def _bare(text: str) -> str:
    """The text without white space, and without what quotes a line."""
    kept, at_start = [], True
    for character in text:
        if character in "\r\n":
            at_start = True
        elif not is_in(character, K.TYPING_WHITE_SPACE) and not (at_start and character == ">"):
            at_start = False
            kept.append(character)
    return "".join(kept)


def sign_call(
    seed: bytes, counter: int, network_id: bytes, body: bytes, **line: str
) -> dict[str, bytes]:
    """The three headers."""
    need(1 <= counter <= K.COUNTER_MOST and len(network_id) == 32 and len(seed) == 32)
    digest = f"sha-256=:{to_base64(sealing.sha256(body))}:"
    said = _parameters(sealing.ed25519_public_key(seed), str(counter), network_id)
    signature = to_base64(sealing.sign(seed, _base(line, digest, said)))
    headers = (digest, f"towpath={said}", f"towpath=:{signature}:")
    names = ("content_digest", "signature_input", "signature_header")
    return {name: value.encode() for name, value in zip(names, headers, strict=True)}


def verify_call(
    content_digest: str,
    signature_input: str,
    signature_header: str,
    network_id: bytes,
    body: bytes,
    **line: str,
) -> dict[str, Any]:
    """Key and counter, or BadSignature: read, written again, compared."""
    try:
        key, counter = _claimed(signature_input)
        said = _parameters(key, counter, network_id)
        digest = f"sha-256=:{to_base64(sealing.sha256(body))}:"
        need(signature_input == f"towpath={said}" and content_digest == digest)
        signature = from_base64(signature_header[len("towpath=:") : -1])
        need(signature_header == f"towpath=:{to_base64(signature)}:")
        sealing.verify(key, _base(line, digest, said), signature)
    except Refused:
        raise Refused(BAD_SIGNATURE) from None
    return {"key": key, "counter": int(counter)}


def _claimed(signature_input: str) -> tuple[bytes, str]:
    parts = signature_input.split('"')
    need(len(parts) == 15 and signature_input.isascii())
    counter, key = parts[9], parts[11]
    need(counter.isdigit() and len(counter) < 20 and counter[0] != "0")
    need(int(counter) <= K.COUNTER_MOST and len(key) == 43)
    need(all(character.isalnum() or character in "-_" for character in key))
    return base64.urlsafe_b64decode(key + "="), counter


def _parameters(key: bytes, counter: str, network_id: bytes) -> str:
    named = [base64.urlsafe_b64encode(one).decode().rstrip("=") for one in (key, network_id)]
    covered = '("@method" "@path" "@query" "content-digest")'
    return f'{covered};nonce="{counter}";keyid="{named[0]}";tag="towpath/v1/{named[1]}"'


def _base(line: Mapping[str, str], digest: str, said: str) -> bytes:
    method, path, query = line["method"], line["path"], line["query"]
    need(1 <= len(method) <= 16 and all("A" <= letter <= "Z" for letter in method))
    need(path.startswith("/") and all("!" <= one <= "~" for one in path + query))
    lines = [f'"@method": {method}', f'"@path": {path}', f'"@query": ?{query}']
    lines += [f'"content-digest": {digest}', f'"@signature-params": {said}']
    return "\n".join(lines).encode()


def make_application(
    organisation_seed: bytes,
    network_id: bytes,
    member_key: bytes,
    epoch: int,
    name: str,
    profile: bytes,
) -> bytes:
    """Signed by the organisation."""
    need(len(organisation_seed) == len(network_id) == len(member_key) == 32)
    called = to_utf8(name)
    need(len(called) <= K.ORGANISATION_NAME_BYTES and len(profile) <= K.PROFILE_BYTES, TOO_LONG)
    display_name(name, K.ORGANISATION_NAME_BYTES)
    need(is_composed(name))
    messages.read_profile(profile)
    key = sealing.ed25519_public_key(organisation_seed)
    said = VERSION + network_id + key + member_key + u32(epoch) + lp(called) + lp(profile)
    return said + sealing.sign(organisation_seed, frame(K.LABEL_APPLICATION, said))


def check_application(application: bytes, network_id: bytes) -> dict[str, Any]:
    """What it says, if it holds."""
    said = read_application(application)
    need(said.pop("network_id") == network_id, WRONG_NETWORK)
    check_application_signature(application)
    return said


def read_application(application: bytes) -> dict[str, Any]:
    """What it says, by its form alone."""
    need(len(application) <= K.APPLICATION_BYTES)
    reader = Reader(application)
    need(reader.take(1) == VERSION, UNSUPPORTED)
    network, organisation, member = reader.take(32), reader.take(32), reader.take(32)
    epoch = reader.number(4)
    name = from_utf8(reader.prefixed(K.ORGANISATION_NAME_BYTES))
    profile, _ = reader.prefixed(K.PROFILE_BYTES), reader.take(64)
    reader.end()
    display_name(name, K.ORGANISATION_NAME_BYTES)
    messages.read_profile(profile)
    found = {"network_id": network, "organisation": organisation, "member_key": member}
    return found | {"epoch": epoch, "name": name, "profile": profile}


def check_application_signature(application: bytes) -> None:
    """What was read is signed by the organisation that it names, or BadSignature."""
    organisation = read_application(application)["organisation"]
    signed = frame(K.LABEL_APPLICATION, application[:-64])
    sealing.verify(organisation, signed, application[-64:])
