"""Asking with a code: who will read it, the receipt, the yes, sealing, sending, and reading back.

The order is the promise: what the code opens is checked before anything is shown; the receipt is
made before anything is sealed; without a yes nothing is sealed; and the listing is checked again
right before sealing, because an organisation may have been suspended while a form was filled in.

Source: docs/spec/envelope.md, 9; docs/spec/record.md, 3; docs/spec/http.md, 3.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from client import network_view
from client.api import Api
from client.errors import FirstDo, from_refusal
from client.flows.refusals import of_listing
from client.network_view import View
from crypto import constants as c
from crypto import errors
from crypto.client import answers, box, codes, envelope, message, record, record_check
from crypto.client.message import BoxKeys, Message
from crypto.client.record_check import Recipient
from crypto.encoding import Random
from crypto.errors import Refused
from crypto.public import keys as public_keys
from crypto.public import requests
from crypto.public.requests import Referral, WalkIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a code leads to, checked: the network, the code's keys, and who will read."""

    view: View
    keys: codes.CodeKeys = field(repr=False)
    contents: record.Contents = field(repr=False)
    recipient: Recipient


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt made on this device (10 bytes), and what it gives together with a word."""

    secret: bytes = field(repr=False)
    keys: codes.ReceiptKeys = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whom a request is sealed for: what slot 0 will say of it (box.md, 2)."""

    organisation: bytes
    name: str
    public_key: bytes = field(repr=False)


def open_code(
    api: Api, code: bytes, *, device_day: int, network_id: bytes | None = None
) -> Opened | None:
    """Return what a code (10 bytes) leads to, or None where the server refuses it.

    `device_day` is the device's epoch; `network_id` the pinned network, if there is one. Raises
    NotVetted, NotReadable, Unreachable or ServerProblem. Source: docs/spec/record.md, 3.
    """
    view = network_view.fetch(api, device_day=device_day, network_id=network_id)
    keys = codes.code_keys(code, view.policy.network_id)
    stored = api.open_code(keys.locator)
    if stored is None:
        return None
    try:
        contents = record.open_(stored, keys, view.policy.network_id)
    except Refused as refused:
        raise of_listing(refused) from None
    return Opened(view=view, keys=keys, contents=contents, recipient=_check(contents, keys, view))


def check_again(api: Api, opened: Opened, *, device_day: int) -> Opened:
    """Fetch the network anew and check the same record under it, right before sealing.

    Raises as `open_code`: the organisation may have been suspended since.
    """
    known = opened.view.policy.network_id
    view = network_view.fetch(api, device_day=device_day, network_id=known)
    recipient = _check(opened.contents, opened.keys, view)
    return replace(opened, view=view, recipient=recipient)


def make_receipt(network_id: bytes, word: str, *, random: Random) -> Receipt:
    """Draw a receipt and derive what it gives with a word of one's own ("" for none).

    Raises BadInput or NotReadable for a word that can't be one. Source: docs/spec/codes.md, 6.
    """
    secret = codes.new_secret(random)
    try:
        return Receipt(secret, codes.receipt_keys(secret, word, network_id))
    except Refused as refused:
        raise from_refusal(refused) from None


def seal(opened: Opened, draft: Message, receipt: Receipt | None, *, random: Random) -> Referral:
    """Seal a draft with its yes to who will read it, and slot 0 for the receipt.

    `receipt` is None when the draft's eyes are nobody's. Raises FirstDo without a yes, before
    anything is made; BadInput or NotReadable for a draft that breaks a rule.
    """
    network_id = opened.view.policy.network_id
    context = envelope.for_code(network_id, opened.keys.locator, opened.keys.psk)
    recipient, today = opened.recipient, opened.view.today
    reader = Reader(
        organisation=recipient.statement.organisation,
        name=recipient.statement.name,
        public_key=recipient.public_key,
    )
    encoded = encode(draft, receipt)
    try:
        return Referral(
            locator=opened.keys.locator,
            write_key=opened.keys.write_key,
            envelope=envelope.seal(encoded, recipient.public_key, context, random=random),
            box=make_box(
                reader,
                receipt,
                network_id,
                today=today,
                last_epoch=today + c.REFERRAL_DAYS,
                random=random,
            ),
        )
    except Refused as refused:
        raise from_refusal(refused) from None


def encode(draft: Message, receipt: Receipt | None) -> bytes:
    """Encode a draft with the receipt's box keys: 4,096 bytes.

    Raises FirstDo without a yes, BadInput or NotReadable for a draft that breaks a rule.
    """
    keys = BoxKeys.of(receipt.keys) if receipt else None
    try:
        return message.encode(replace(draft, box=keys))
    except errors.ConsentMissing as refused:
        raise FirstDo(
            str(refused), "Without a yes nothing is sealed and nothing is sent."
        ) from None
    except Refused as refused:
        raise from_refusal(refused) from None


def make_box(
    reader: Reader,
    receipt: Receipt | None,
    network_id: bytes,
    *,
    today: int,
    last_epoch: int,
    random: Random,
) -> requests.Box | None:
    """Return the box of a receipt with "delivered" in slot 0; None without a receipt.

    `last_epoch` is until when the request is kept unless it is renewed.
    Source: docs/spec/box.md, 1 and 2.
    """
    if receipt is None:
        return None
    delivered = answers.Answer(
        state=c.STATE_DELIVERED,
        epoch=today,
        last_epoch=last_epoch,
        organisation=reader.organisation,
        name=reader.name,
        public_key=reader.public_key,
    )
    keys = receipt.keys
    slot_0 = box.seal_delivered(
        delivered,
        network_id=network_id,
        box_id=keys.box_id,
        holder_key=keys.holder_key,
        random=random,
    )
    return requests.Box(
        id=keys.box_id,
        holder_key_hash=public_keys.key_hash(keys.holder_key),
        write_key_hash=public_keys.key_hash(keys.write_key),
        slot_0=slot_0,
    )


def is_delivered(api: Api, network_id: bytes, request: Referral | WalkIn, receipt: Receipt) -> bool:
    """Read slot 0 back and say whether it is the very one that was sent."""
    if request.box is None:
        return False
    read = api.read_box(receipt.keys.box_id, receipt.keys.holder_key, [answers.DELIVERED_SLOT])[0]
    try:
        box.open_delivered(
            read,
            network_id=network_id,
            box_id=receipt.keys.box_id,
            holder_key=receipt.keys.holder_key,
        )
    except Refused:
        return False
    return read == request.box.slot_0


def _check(contents: record.Contents, keys: codes.CodeKeys, view: View) -> Recipient:
    try:
        return record_check.check(contents, keys.locator, view.network)
    except Refused as refused:
        raise of_listing(refused) from None
