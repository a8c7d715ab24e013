"""What devices read, each with a good sample: plain parts, what is sealed, the store."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from crypto import constants as c
from crypto import encoding, fields
from crypto.client import (
    admin_file,
    aead,
    answers,
    box,
    code_text,
    codes,
    envelope,
    hpke,
    member_file,
    message,
    open_pages,
    record,
    record_check,
    stock,
    store,
    store_entries,
    walk_in,
)
from crypto.client.code_text import Kind
from crypto.public import lines, notes
from tests.crypto import store_samples as samples
from tests.crypto.streams import Stream
from tests.threats.scene import Sent, walked_in

Read = Callable[[bytes], object]
Target = tuple[Read, bytes]


def of_text(read: Callable[[str], object]) -> Read:
    """Give a decoder of texts any bytes: those that are no UTF-8 as halves of surrogate pairs."""
    return lambda data: read(data.decode("utf-8", "surrogateescape"))


def _reader(data: bytes) -> object:
    reader = encoding.Reader(data)
    parts = (reader.u8(), reader.u16(), reader.u32(), reader.u64(), reader.lp())
    reader.end()
    return parts


def _lines(text: str) -> object:
    reader = lines.Lines(text)
    reader.label("label")
    return (reader.value("a"), reader.values("b", 3), reader.number("c"), reader.hash("d"))


def plain() -> dict[str, list[Target]]:
    """What typed texts and the smallest parts are read with."""
    body = bytes.fromhex("01 0002 0001 02 0001 07")
    typed = [
        (of_text(partial(code_text.read, kind=kind)), write(bytes(10), kind).encode())
        for kind in Kind
        for write in (code_text.symbols, code_text.digits)
    ]
    digest = encoding.b64(bytes(32)).encode()
    text = b"label\na 1\nb 2\nb 3\nc 4\nd " + digest + b"\n"
    return {
        "encoding.text": [(encoding.text, "é".encode())],
        "encoding.unb64": [(of_text(encoding.unb64), digest)],
        "encoding.Reader": [(_reader, bytes(15) + b"\0\2ok")],
        "fields.decode": [(fields.decode, body)],
        "fields.fixed": [(partial(fields.fixed, size=4), bytes(4))],
        "fields.to_id": [(fields.to_id, b"\0\1")],
        "fields.to_ids": [(partial(fields.to_ids, at_most=8), b"\0\1\0\2")],
        "fields.to_number": [(partial(fields.to_number, size=4), bytes(4))],
        "fields.to_text": [(partial(fields.to_text, at_most=99), b"text")],
        "client.code_text.read": typed,
        "client.codes.normal_word": [(of_text(codes.normal_word), "Blue Dóor".encode())],
        "public.lines.Lines": [(of_text(_lines), text)],
        "public.lines.check_name": [(of_text(partial(lines.check_name, at_most=96)), b"A name")],
        "public.lines.hash_of": [(of_text(lines.hash_of), digest)],
        "public.lines.number": [(of_text(lines.number), b"1970")],
        "public.notes.is_key_name": [(of_text(notes.is_key_name), b"log.example")],
        "encoding.utf8": [(of_text(encoding.utf8), b"text")],
    }


def sealed(sent: Sent) -> dict[str, list[Target]]:
    """What opens, and what reads what was opened."""
    to, network_id, receipt = sent.to, sent.to.network.network_id, sent.receipt
    place: dict[str, Any] = {"network_id": network_id, "box_id": receipt.box_id}
    named: dict[str, Any] = {
        "box_key": receipt.box_key,
        "slot": 1,
        "organisation": to.network.organisation,
    }
    holder = {"holder_key": receipt.holder_key}
    key = hpke.PrivateKey(to.one_time_seed)
    info, sealed = to.context.info, sent.referral[1:]
    aad = {"nonce": bytes(24), "aad": b""}
    shut = aead.seal(bytes(32), plaintext=b"text", **aad)
    walk_in_key = hpke.PrivateKey(to.weekly_seeds[0])
    walked = walked_in(to, sent.encoded, Stream("walk-in"))
    said = answers.Answer(state=3, epoch=1, text="text", signature=bytes(64))
    answer = answers.encode_body(said, 1)
    contents = to.case.contents
    parts = record.encode(contents)
    filled = parts + bytes(c.RECORD_BYTES - c.RECORD_OVERHEAD_BYTES - len(parts))
    boxed = message.BoxKeys.of(receipt).encode()
    referral = message.encode_body(sent.said)
    return {
        "client.aead.open_": [(lambda b: aead.open_(bytes(32), ciphertext=b, **aad), shut)],
        "client.answers.decode_body": [(lambda b: answers.decode_body(b, 1), answer)],
        "client.box.open_answer": [
            (lambda b: box.open_answer(b, **named, **place), sent.slot_1),
        ],
        "client.box.open_delivered": [
            (lambda b: box.open_delivered(b, **holder, **place), sent.slot_0),
        ],
        "client.envelope.open_": [(lambda b: envelope.open_(b, key, to.context), sent.referral)],
        "client.hpke.PrivateKey.open": [(lambda b: key.open(info=info, sealed=b), sealed)],
        "client.hpke.open_": [(lambda b: hpke.open_(key, info=info, sealed=b), sealed)],
        "client.hpke.load_private": [(hpke.load_private, to.one_time_seed)],
        "client.message.BoxKeys.decode": [(message.BoxKeys.decode, boxed)],
        "client.message.decode": [(lambda b: message.decode(b, 1), sent.encoded)],
        "client.message.decode_body": [(lambda b: message.decode_body(1, b), referral)],
        "client.record.open_": [(lambda b: record.open_(b, to.keys, network_id), to.case.sealed)],
        "client.record.decode": [(record.decode, filled)],
        "client.record_check.check": _fuzzed_records(to.case.contents, sent),
        "client.record_check.check_listing": _fuzzed_listings(sent),
        "client.walk_in.context": [(partial(walk_in.context, network_id), walk_in_key.public)],
        "client.walk_in.open_with_any": [
            (lambda b: walk_in.open_with_any(b, [walk_in_key, key], network_id), walked)
        ],
    }


def _fuzzed_records(contents: record.Contents, sent: Sent) -> list[Target]:
    """One target for each part of a record's contents that is bytes."""
    case = sent.to.case

    def with_part(name: str, data: bytes) -> object:
        changed = case.with_contents(**{name: data})
        return record_check.check(changed.contents, case.keys.locator, case.seen)

    names = ("public_key", "signature", "profile", "statement", "checkpoint")
    return [(partial(with_part, name), getattr(contents, name)) for name in names]


def _fuzzed_listings(sent: Sent) -> list[Target]:
    """One target for each thing that a server shows beside the record."""
    case, parts = sent.to.case, ("profile", "statement", "inclusion", "checkpoint")
    listing = record_check.Listing(**{one: getattr(case.contents, one) for one in parts})

    def seen(name: str, data: bytes) -> object:
        return record_check.check_listing(listing, case.with_seen(**{name: data}).seen)

    return [(partial(seen, name), getattr(case.seen, name)) for name in ("newest", "suspensions")]


def stores() -> dict[str, list[Target]]:
    """The store, sealed and inside, its entries, and a member's key file."""
    anna = samples.member("Anna")
    full = samples.full(anna)
    sealed = store.seal_store(full, random=samples.draws("decoders"))
    file = member_file.seal_member_file(anna, "phrase", random=samples.draws("file"))
    admin = admin_file.new_admin("asha", random=samples.draws("admin"))
    admins = admin_file.seal_admin_file(admin, "phrase", random=samples.draws("admin's file"))
    values: list[tuple[type[store_entries.Entry], bytes]] = [
        (store_entries.MemberEntry, samples.member_entry(anna).encode()),
        (store_entries.SeedEntry, samples.seed_entry().encode()),
        (store_entries.WeeklyEntry, samples.weekly_entry().encode()),
        (store_entries.Case, samples.case().encode()),
        (store_entries.Erased, store_entries.Erased(forget_after=1).encode()),
        (store_entries.Left, store_entries.Left(since=1).encode()),
    ]
    opened = open_pages.OpenPages(2, {bytes(8): 1}).encode()
    stocked = stock.Stock(week=1, tokens=(stock.Token(1, bytes(96)),)).encode()
    entries: dict[str, list[Target]] = {
        "client.open_pages.OpenPages.decode": [(open_pages.OpenPages.decode, opened)],
        "client.stock.Stock.decode": [(stock.Stock.decode, stocked)],
    }
    entries |= {
        f"{kind.__module__.removeprefix('crypto.')}.{kind.__name__}.decode": [(kind.decode, value)]
        for kind, value in values
    }
    checks: list[Target] = [
        (partial(store_entries.check, kind.KIND, bytes(16)), value) for kind, value in values
    ]
    adds: list[Target] = [
        (partial(full.with_entry, kind.KIND, bytes(16)), value) for kind, value in values
    ]
    plaintext = samples.plaintext_of(sealed, samples.store_key_of(sealed, anna))
    content = plaintext[4 : 4 + int.from_bytes(plaintext[:4], "big")]

    def opened_inside(data: bytes) -> object:
        shut = samples.seal_by_hand(samples.in_smallest_step(data), [anna])
        return store.open_store(shut, anna, 0)

    return {
        **entries,
        "client.store_entries.check": checks,
        "client.store.Store.with_entry": adds,
        "client.store.open_store": [
            (lambda b: store.open_store(b, anna, 0), sealed),
            (opened_inside, content),
        ],
        "client.member_file.open_member_file": [
            (lambda b: member_file.open_member_file(b, "phrase"), file)
        ],
        "client.admin_file.open_admin_file": [
            (lambda b: admin_file.open_admin_file(b, "phrase"), admins)
        ],
    }
