"""What admins read and decide by is read, refused and counted alike on both sides."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crypto import constants as c
from crypto.client import aead, hpke
from crypto.encoding import frame, u16
from crypto.errors import Refused
from crypto.kdf import hkdf
from crypto.public.note_signing import public_of, sign
from tests.crossing.web import plain
from tests.second import both
from tests.second.asking import Stranger
from tests.second.both import below, made_up
from tests.vectors.runner import OK, OPERATIONS
from tests.vectors.values import unbytes

VECTORS = Path(__file__).resolve().parents[2] / "docs" / "spec" / "vectors"
SEALED = {
    "admin_key": "admin_key",
    "application_handed_on": "entry",
    "application_reply_open": "reply",
    "vetting_entry_open_met": "entry",
}
ENTRIES = ("decline", "longest_mark", "met", "note", "signature", "taken_back")
DECISIONS = 150
Given = dict[str, Any]


def _scenario(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _alike(stranger: Stranger, operation: str, given: Given) -> str:
    """How it ends, which must be the same on both sides, output and all."""
    try:
        asked = {"output": plain(OPERATIONS[operation](given))}
        ours = OK
    except Refused as refused:
        asked, ours = {}, type(refused).__name__
    scenario = {"operation": operation, "inputs": given, **asked}
    agreed = []
    theirs = both.outcome(lambda: agreed.append(stranger("run", scenario=scenario)))
    assert (theirs, agreed) == (both.OPENED, [True]) if ours == OK else theirs == ours, given
    return ours


def _changes(label: str, value: bytes, count: int, inside: int) -> Iterator[bytes]:
    """Some of the first `inside` bytes changed, one or two at a time."""
    for number in range(count):
        changed = bytearray(value)
        for twice in range(1 + number % 2):
            at = below(f"{label} place {number} {twice}", inside)
            changed[at] = (changed[at] + 1 + below(f"{label} by {number} {twice}", 255)) % 256
        yield bytes(changed)


@pytest.mark.parametrize("name", SEALED)
def test_T53_what_was_altered_on_its_way_is_refused_alike(stranger: Stranger, name: str) -> None:
    """An admin's key, an application handed on, a reply and an entry with other bytes: never ok."""
    scenario, what = _scenario(name), SEALED[name]
    value = unbytes(scenario["inputs"][what])
    forms = [*_changes(name, value, 40, len(value)), value[:-1], value + b"\x00", b""]
    for form in forms:
        given = scenario["inputs"] | {what: form.hex()}
        assert _alike(stranger, scenario["operation"], given) != OK


def test_T53_an_application_is_read_and_refused_alike(stranger: Stranger) -> None:
    """Other bytes before sealing and other bytes of the seal end in one category on both sides."""
    given = _scenario("application_open_asha")["inputs"]
    head, plaintext = unbytes(given["head"]), unbytes(given["plaintext"])
    seen = set()
    for form in _changes("plaintext", plaintext, 80, 700):
        seen.add(_alike(stranger, "open_application", _resealed(given, head, form)))
    others, own = head[: -c.READER_SEALED_BYTES], head[-c.READER_SEALED_BYTES :]
    forms = [others + form for form in _changes("part", own, 30, len(own))]
    forms += [form + own for form in _changes("head", others, 10, 2)]
    forms.append(head[:2] + others[2 + len(own) :] + others[2 : 2 + len(own)] + own)
    for form in forms:
        seen.add(_alike(stranger, "open_application", _resealed(given, form, plaintext)))
    assert OK not in seen
    assert {"Malformed", "CannotOpen", "BadSignature"} <= seen


def _resealed(given: Given, head: bytes, plaintext: bytes) -> Given:
    key, nonce, aad = (unbytes(given[name]) for name in ("key", "nonce", "aad"))
    whole = head + nonce + aead.seal(key, nonce=nonce, aad=aad, plaintext=plaintext)
    digest = hashlib.sha256(whole).hexdigest()
    return given | {"head": head.hex(), "plaintext": plaintext.hex(), "sha256": digest}


@pytest.mark.parametrize("what", ENTRIES)
def test_T53_an_entry_is_read_and_refused_alike(stranger: Stranger, what: str) -> None:
    """An entry that was not made by these pages ends in one category on both sides."""
    given = _scenario(f"vetting_entry_open_{what}")["inputs"]
    network_id, content_key = unbytes(given["network_id"]), unbytes(given["content_key"])
    info = frame(c.LABEL_VETTING_ENTRY_KEY, network_id)
    key = hkdf(content_key, info=info, length=32)
    place = (network_id, unbytes(given["id"]), u16(given["n"]))
    aad = frame(c.LABEL_VETTING_ENTRY, bytes([c.SUITE]), *place)
    entry = unbytes(given["entry"])
    nonce = entry[1:25]
    plaintext = aead.open_(key, nonce=nonce, aad=aad, ciphertext=entry[25:])
    seen = set()
    for form in _changes(what, plaintext, 40, len(plaintext.rstrip(b"\x00"))):
        sealed = entry[:25] + aead.seal(key, nonce=nonce, aad=aad, plaintext=form)
        seen.add(_alike(stranger, "open_vetting_entry", given | {"entry": sealed.hex()}))
    assert OK not in seen
    assert "BadSignature" in seen


def test_T70_what_is_missing_for_a_signature_is_counted_alike(stranger: Stranger) -> None:
    """Random marks and signatures of admins, former ones and strangers: one list on both sides."""
    free = 0
    for number in range(DECISIONS):
        given = _scenario(f"vetting_missing_{('nothing', 'threshold_3')[number % 2]}")["inputs"]
        given["entries"] = [
            *given["entries"],
            *(_entry(f"{number} {one}", given) for one in range(below(f"many {number}", 30))),
        ]
        _alike(stranger, "vetting_missing", given)
        free += not OPERATIONS["vetting_missing"](given)["missing"]
    assert 0 < free < DECISIONS


def _entry(label: str, given: Given) -> Given:
    signed = _scenario("vetting_missing_lines")["inputs"]["entries"][-1]["note"]
    authors = [
        one["author"] for one in _scenario("vetting_missing_objection_two")["inputs"]["entries"]
    ]
    author = [*authors[9:11], given["admin"], made_up("stranger", 32).hex()][below(label, 4)]
    said = {"author": author, "epoch": given["today"] - 100 + below(f"{label} day", 110)}
    kind = below(f"{label} kind", 10)
    if kind == 0:
        return said | {"kind": c.VETTING_NOTE, "text": "Seen."}
    if kind == 1:
        return said | {"kind": c.VETTING_SIGNATURE, "note": signed}
    state = (c.MARK_MET, c.MARK_MET, c.MARK_MET, c.MARK_NOT_MET, c.MARK_UNCLEAR, c.MARK_TAKEN_BACK)
    return said | {
        "kind": c.VETTING_MARK,
        "criterion": 1 + below(f"{label} item", 8),
        "state": state[below(f"{label} state", 6)],
        "text": "",
    }


def test_T70_two_keys_of_one_admin_are_one_admin(stranger: Stranger) -> None:
    """She is sealed to once, under her first key, and counts once among the k who must read."""
    given = _scenario("application_seal")["inputs"]
    seed = unbytes(_scenario("admin_key_make")["inputs"]["seed"])
    second, reader = _another_key_of(seed, unbytes(given["network_id"]))
    first = next(key for key in given["admin_keys"] if key[:130] == second[:130])
    others = [key for key in given["admin_keys"] if key != first]
    given["eseeds"] |= {reader: made_up("eseed", 64).hex()}
    for keys, expected in (
        ([first, second], "TooFewSignatures"),
        ([second, first], "TooFewSignatures"),
        ([first, second, others[0]], OK),
        ([second, first, *others], OK),
    ):
        assert _alike(stranger, "seal_application", given | {"admin_keys": keys}) == expected


def _another_key_of(seed: bytes, network_id: bytes) -> tuple[str, str]:
    public_key = hpke.public_key(made_up("another reading seed", 32))
    said = bytes([c.FORMAT_VERSION]) + network_id + public_of(seed) + public_key
    signature = sign(seed, frame(c.LABEL_ADMIN_KEY, said))
    return (said + signature).hex(), hashlib.sha256(public_key).digest()[: c.READER_BYTES].hex()
