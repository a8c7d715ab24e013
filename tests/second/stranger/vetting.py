"""What admins write to one another, and when one may sign (docs/spec/vetting.md, 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.second.stranger import applying, calls, sealing
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
    from_utf8,
    lp,
    need,
    pad,
    u8,
    u16,
    u32,
)
from tests.second.stranger.notes import Note, check_lines, read_note
from tests.second.stranger.policy import Policy
from tests.second.stranger.statements import VETTED, Statement, read_statement

Entry = Mapping[str, Any]
_PARTS = {
    K.VETTING_NOTE: {"text"},
    K.VETTING_MARK: {"criterion", "state", "text"},
    K.VETTING_SIGNATURE: {"note"},
    K.VETTING_DECLINE: {"text"},
}
_STATES = (K.MARK_MET, K.MARK_NOT_MET, K.MARK_UNCLEAR, K.MARK_TAKEN_BACK)
_OBJECTIONS = (K.MARK_NOT_MET, K.MARK_UNCLEAR)
_FORM_1, _FORM_2 = b"\x01", b"\x02"


def _key(content_key: bytes, network_id: bytes) -> bytes:
    need(len(content_key) == len(network_id) == 32)
    return sealing.kdf(content_key, K.LABEL_VETTING_ENTRY_KEY, 32, network_id)


def _aad(network_id: bytes, application_id: bytes, n: int) -> bytes:
    return applying.place(K.LABEL_VETTING_ENTRY, network_id, application_id, u16(n))


def _signed(network_id: bytes, application_id: bytes, n: int, entry: Entry, body: bytes) -> bytes:
    where = (network_id, application_id, u16(n))
    who = (entry["author"], u32(entry["epoch"]), u8(entry["kind"]))
    return frame(K.LABEL_VETTING_ENTRY_SIGNED, *where, *who, body)


def seal_entry(
    content_key: bytes,
    application_id: bytes,
    network_id: bytes,
    n: int,
    author_seed: bytes,
    entry: Entry,
    nonce: bytes,
) -> bytes:
    """An entry of form 1, signed by its author as number n."""
    body = _write_body(entry)
    said = {**entry, "author": sealing.ed25519_public_key(author_seed)}
    signed = _signed(network_id, application_id, n, said, body)
    plaintext = VERSION + said["author"] + u32(entry["epoch"]) + u8(entry["kind"]) + lp(body)
    plaintext = pad(plaintext + sealing.sign(author_seed, signed), K.VETTING_ENTRY_PLAINTEXT_BYTES)
    key, aad = _key(content_key, network_id), _aad(network_id, application_id, n)
    return _FORM_1 + nonce + sealing.aead_seal(key, nonce, aad, plaintext)


def _write_body(entry: Entry) -> bytes:
    kind = entry["kind"]
    need(kind in _PARTS and set(entry) == {"epoch", "kind"} | _PARTS[kind])
    if kind == K.VETTING_SIGNATURE:
        need(len(entry["note"]) <= K.STATEMENT_BYTES, TOO_LONG)
        _one_line(entry["note"])
        return bytes(entry["note"])
    if kind != K.VETTING_MARK:
        return applying.to_text(entry["text"], 1, K.VETTING_NOTE_BYTES)
    _check_mark(entry["criterion"], entry["state"])
    text = applying.to_text(entry["text"], 0, K.VETTING_MARK_BYTES)
    return u8(entry["criterion"]) + u8(entry["state"]) + text


def _check_mark(criterion: int, state: int) -> None:
    need(1 <= criterion <= K.VETTING_CRITERIA and state in _STATES)


def _one_line(content: bytes) -> tuple[Note, Statement]:
    """The note of a vetted statement below which one line stands."""
    note = read_note(content, K.STATEMENT_BYTES)
    statement = read_statement(note.text)
    need(len(note.lines) == 1 and statement.kind == VETTED)
    return note, statement


def open_entry(
    entry: bytes,
    content_key: bytes,
    application_id: bytes,
    network_id: bytes,
    n: int,
    under: Policy,
) -> dict[str, Any]:
    """What stands in an entry of form 1, if one who is or was an admin wrote it."""
    need(len(entry) == K.VETTING_ENTRY_BYTES)
    need(entry[:1] == _FORM_1, UNSUPPORTED)
    key, aad = _key(content_key, network_id), _aad(network_id, application_id, n)
    plaintext = sealing.aead_open(key, entry[1:25], aad, entry[25:])
    need(plaintext[:1] == VERSION, UNSUPPORTED)
    reader = Reader(plaintext[1:])
    found: dict[str, Any] = {"author": reader.take(32)}
    found |= {"epoch": reader.number(4), "kind": reader.number(1)}
    body, signature = reader.prefixed(0xFFFF), reader.take(64)
    reader.end_in_zeros()
    found |= _read_body(found["kind"], body)

    theirs = [
        key for key in under.admins + under.former_admins if key.public_key == found["author"]
    ]
    if found["kind"] == K.VETTING_SIGNATURE:
        note, statement = _one_line(found["note"])
        need(statement.network_id == under.network_id, WRONG_NETWORK)
        check_lines(note, theirs)
    need(bool(theirs), BAD_SIGNATURE)
    signed = _signed(network_id, application_id, n, found, body)
    sealing.verify(found["author"], signed, signature)
    return found


def _read_body(kind: int, body: bytes) -> dict[str, Any]:
    need(kind in _PARTS)
    if kind == K.VETTING_SIGNATURE:
        _one_line(body)
        return {"note": body}
    if kind != K.VETTING_MARK:
        return {"text": applying.from_text(body, 1, K.VETTING_NOTE_BYTES)}
    need(len(body) >= 2)
    _check_mark(body[0], body[1])
    text = applying.from_text(body[2:], 0, K.VETTING_MARK_BYTES)
    return {"criterion": body[0], "state": body[1], "text": text}


def hand_on(
    content_key: bytes,
    reply_key: bytes,
    application_id: bytes,
    network_id: bytes,
    admin_key: bytes,
    under: Policy,
    eseed: bytes | None = None,
) -> bytes:
    """An entry of form 2, for an admin whose key holds."""
    hers = applying.check_admin_key(admin_key, under)
    info = applying.place(K.LABEL_APPLICATION_KEY, network_id, application_id)
    sealed = applying.seal_to(hers["public_key"], info, content_key + reply_key, eseed)
    return pad(_FORM_2 + b"".join(sealed), K.VETTING_ENTRY_BYTES)


def open_handed_on(
    entry: bytes, application_id: bytes, network_id: bytes, reading_seed: bytes
) -> dict[str, bytes]:
    """Both keys, for the admin to whom they were handed on."""
    need(len(entry) == K.VETTING_ENTRY_BYTES)
    need(entry[:1] == _FORM_2, UNSUPPORTED)
    reader = Reader(entry[1:])
    part = reader.take(K.READER_SEALED_BYTES)
    reader.end_in_zeros()
    info = applying.place(K.LABEL_APPLICATION_KEY, network_id, application_id)
    parts = {part[: K.READER_BYTES]: part[K.READER_BYTES :]}
    return applying.open_own(parts, reading_seed, info)


def missing(
    statement: bytes,
    listing: bytes,
    network_id: bytes,
    under: Policy,
    entries: Sequence[Entry],
    admin: bytes,
    today: int,
) -> dict[str, Any]:
    """Why an admin may not sign a statement yet, and whose last signature is under it."""
    admins = [key.public_key for key in under.admins]
    marks: dict[tuple[bytes, int], Entry] = {}
    signatures: dict[bytes, bytes] = {}
    for entry in entries:
        if entry["kind"] == K.VETTING_MARK:
            marks[entry["author"], entry["criterion"]] = entry
        if entry["kind"] == K.VETTING_SIGNATURE:
            signatures[entry["author"]] = entry["note"]
    found: list[list[Any]] = []
    if not _says_what_is_listed(statement, listing, network_id):
        found.append(["statement", 0, 0, "", 0])
    for criterion in K.VETTING_BLOCKING:
        last = {one: marks[one, criterion] for one in admins if (one, criterion) in marks}
        found += _lacking(criterion, last, admin, today, under.threshold)
    under_it = [one for one in admins if signatures.get(one, b"").startswith(statement + b"\n")]
    return {"missing": found, "lines": under_it}


def _lacking(
    criterion: int, last: Mapping[bytes, Entry], admin: bytes, today: int, threshold: int
) -> list[list[Any]]:
    """What is missing for one item, from each current admin's last mark, in the policy's order."""
    met = {
        one
        for one, mark in last.items()
        if mark["state"] == K.MARK_MET and today <= mark["epoch"] + K.VETTED_DAYS
    }
    found: list[list[Any]] = []
    if admin not in met:
        found.append(["own", criterion, 0, "", 0])
    others = threshold - 1 - len(met - {admin})
    if others > 0:
        found.append(["others", criterion, others, "", 0])
    return found + [
        ["objection", criterion, 0, one.hex(), mark["state"]]
        for one, mark in last.items()
        if one != admin and mark["state"] in _OBJECTIONS
    ]


def _says_what_is_listed(statement: bytes, listing: bytes, network_id: bytes) -> bool:
    try:
        said = read_statement(from_utf8(statement))
        listed = calls.check_application(listing, network_id)
    except Refused:
        return False
    same = (said.network_id, said.organisation) == (network_id, listed["organisation"])
    same &= (said.name, said.profile) == (listed["name"], sealing.sha256(listed["profile"]))
    return same and said.kind == VETTED
