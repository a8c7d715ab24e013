"""Admins' reading keys, applications, what admins write to one another, and when one may sign."""

from __future__ import annotations

import hashlib
from typing import Any
from unittest.mock import patch

from crypto import constants as c
from crypto.client import aead, application, hpke, vetting_entries, vetting_rules
from crypto.client.application import Answer, Opened, ReadingKeys
from crypto.client.vetting_entries import Entry, Reply
from crypto.public import admin_keys, applications, cover, note_signing
from tests.reference import hpke as reference
from tests.vectors.operations.signed import accepted
from tests.vectors.values import Drawn, Given, Output, changed, unbytes, unlist

_PARTS = ("criterion", "state", "text", "note")


def make_admin_key(given: Given) -> Output:
    """Make an admin's key, and the seed with which she reads."""
    seed, network_id = unbytes(given["seed"]), unbytes(given["network_id"])
    return {
        "admin_key": admin_keys.make(seed, network_id),
        "reading_seed": admin_keys.reading_seed(seed, network_id),
    }


def check_admin_key(given: Given) -> Output:
    """Check an admin's key."""
    key = admin_keys.check(unbytes(given["admin_key"]), accepted(given))
    return {"admin": key.admin, "public_key": key.public_key, "reader": key.reader}


def application_keys(given: Given) -> Output:
    """Derive what an application's secret gives."""
    secret, network_id = unbytes(given["secret"]), unbytes(given["network_id"])
    keys = application.reading_keys(secret, network_id)
    return {
        "id": keys.application_id,
        "write_key": application.write_key(secret, network_id),
        "reply_key": keys.reply_key,
        "content_key": keys.content_key,
    }


def cover_application(given: Given) -> Output:
    """Make the cover of a reply's place."""
    return {"cover": cover.application(unbytes(given["filler_key"]), unbytes(given["id"]))}


def seal_application(given: Given) -> Output:
    """Seal an application, the encapsulations by the reference, which takes their randomness."""
    rules = accepted(given)
    eseeds = {bytes.fromhex(reader): unbytes(one) for reader, one in given["eseeds"].items()}
    keys = application.reading_keys(unbytes(given["secret"]), unbytes(given["network_id"]))
    with _sealing(eseeds):
        sealed = application.seal(
            keys,
            organisation_seed=unbytes(given["organisation_seed"]),
            listing=unbytes(given["listing"]),
            contact=given["contact"],
            answers=[_answer(*one) for one in given["answers"]],
            readers=admin_keys.holding(unlist(given["admin_keys"]), rules),
            threshold=rules.threshold,
            random=Drawn(unbytes(given["nonce"])),
        )
    return {"application": sealed}


def open_application(given: Given) -> Output:
    """Open an application that is made from its parts, as an admin does."""
    sealed = _made(given)
    key = hpke.load_private(unbytes(given["reading_seed"]))
    place = {"network_id": unbytes(given["network_id"]), "application_id": unbytes(given["id"])}
    keys = application.find_keys(sealed, key, **place)
    return {**_secrets(keys), **_said(application.open_(sealed, keys))}


def seal_vetting_entry(given: Given) -> Output:
    """Sign and seal an entry."""
    seed = unbytes(given["author_seed"])
    entry = _entry(given["entry"], note_signing.public_of(seed))
    random = Drawn(unbytes(given["nonce"]))
    sealed = vetting_entries.seal(entry, _keys(given), given["n"], author_seed=seed, random=random)
    return {"entry": sealed}


def open_vetting_entry(given: Given) -> Output:
    """Open an entry."""
    sealed, keys = unbytes(given["entry"]), _keys(given)
    found = vetting_entries.open_(sealed, keys, given["n"], accepted(given))
    parts = {name: getattr(found, name) for name in _parts_of(found.kind)}
    return {"author": found.author, "epoch": found.epoch, "kind": found.kind, **parts}


def hand_on_application(given: Given) -> Output:
    """Hand an application on to one more admin."""
    key = admin_keys.check(unbytes(given["admin_key"]), accepted(given))
    with _sealing({key.reader: unbytes(given["eseed"])}):
        return {"entry": vetting_entries.hand_on(key, _keys(given))}


def open_handed_on(given: Given) -> Output:
    """Open what was handed on."""
    key = hpke.load_private(unbytes(given["reading_seed"]))
    place = {"network_id": unbytes(given["network_id"]), "application_id": unbytes(given["id"])}
    return _secrets(vetting_entries.open_handed_on(unbytes(given["entry"]), key, **place))


def seal_application_reply(given: Given) -> Output:
    """Seal the reply to an application."""
    said = Reply(kind=given["kind"], text=given["text"])
    random = Drawn(unbytes(given["nonce"]))
    return {"reply": vetting_entries.seal_reply(said, _keys(given), random=random)}


def open_application_reply(given: Given) -> Output:
    """Open the reply to an application."""
    said = vetting_entries.open_reply(unbytes(given["reply"]), _keys(given))
    return {"kind": said.kind, "text": said.text}


def vetting_missing(given: Given) -> Output:
    """Say what is in the way of a signature, and who has signed the same text."""
    text, rules = unbytes(given["statement"]).decode(), accepted(given)
    entries = [_entry(one, unbytes(one["author"])) for one in given["entries"]]
    network_id = unbytes(given["network_id"])
    found = vetting_rules.missing(
        text,
        listing=applications.parse_and_check(unbytes(given["listing"]), network_id),
        entries=entries,
        policy=rules,
        admin=unbytes(given["admin"]),
        today=given["today"],
    )
    rows = [[one.what, one.criterion, one.count, one.by, one.state] for one in found]
    return {"missing": rows, "lines": list(vetting_rules.lines_under(text, entries, rules))}


def _sealing(eseeds: dict[bytes, bytes]) -> Any:
    def seal(key: bytes, *, info: bytes, plaintext: bytes) -> bytes:
        public = hpke.load_public(key).encoded
        eseed = eseeds[admin_keys.reader_of(public)]
        return reference.seal(public, eseed=eseed, info=info, plaintext=plaintext)

    return patch.object(hpke, "seal", seal)


def _made(given: Given) -> bytes:
    key, nonce, aad = (unbytes(given[name]) for name in ("key", "nonce", "aad"))
    body = aead.seal(key, nonce=nonce, aad=aad, plaintext=unbytes(given["plaintext"]))
    sealed = unbytes(given["head"]) + nonce + body
    if "change" in given:
        sealed = changed(sealed, given["change"])
    if "sha256" in given:
        assert hashlib.sha256(sealed).digest() == unbytes(given["sha256"])
    return sealed


def _keys(given: Given) -> ReadingKeys:
    names = ("content_key", "reply_key")
    held = {name: unbytes(given[name]) if name in given else bytes(32) for name in names}
    network_id, application_id = unbytes(given["network_id"]), unbytes(given["id"])
    return ReadingKeys(network_id=network_id, application_id=application_id, **held)


def _secrets(keys: ReadingKeys) -> Output:
    return {"content_key": keys.content_key, "reply_key": keys.reply_key}


def _answer(criterion: int, kind: int, epoch: int, text: str) -> Answer:
    return Answer(criterion=criterion, kind=kind, epoch=epoch, text=text)


def _said(found: Opened) -> Output:
    answers = [[one.criterion, one.kind, one.epoch, one.text] for one in found.answers]
    return {"listing": found.said, "contact": found.contact, "answers": answers}


def _entry(said: Given, author: bytes) -> Entry:
    parts = {name: said[name] for name in ("epoch", "kind", *_PARTS) if name in said}
    if "note" in parts:
        parts["note"] = unbytes(parts["note"])
    return Entry(author=author, **parts)


def _parts_of(kind: int) -> tuple[str, ...]:
    if kind == c.VETTING_MARK:
        return ("criterion", "state", "text")
    return ("note",) if kind == c.VETTING_SIGNATURE else ("text",)
