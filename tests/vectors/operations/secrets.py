"""Codes, receipts and what they give."""

from __future__ import annotations

from dataclasses import asdict

from crypto.client import code_text, codes
from crypto.client.code_text import Kind
from crypto.public import keys
from tests.vectors.values import Given, Output, unbytes


def read_code(given: Given) -> Output:
    """Read what somebody typed."""
    typed = code_text.read(given["text"], Kind(given["kind"]))
    return {"secret": typed.secret, "how": typed.how}


def write_code(given: Given) -> Output:
    """Write ten bytes in both forms."""
    secret, kind = unbytes(given["secret"]), Kind(given["kind"])
    return {"symbols": code_text.symbols(secret, kind), "digits": code_text.digits(secret, kind)}


def code_keys(given: Given) -> Output:
    """Derive what a code gives."""
    return asdict(codes.code_keys(unbytes(given["code"]), unbytes(given["network_id"])))


def receipt_keys(given: Given) -> Output:
    """Derive what a receipt and her word give."""
    receipt, network_id = unbytes(given["receipt"]), unbytes(given["network_id"])
    return asdict(codes.receipt_keys(receipt, given["word"], network_id))


def normal_word(given: Given) -> Output:
    """Bring her word to its one form."""
    return {"word": codes.normal_word(given["word"])}


def key_hash(given: Given) -> Output:
    """Hash a key as a server keeps it."""
    return {"hash": keys.key_hash(unbytes(given["key"]))}


def code_last_epoch(given: Given) -> Output:
    """Say when a code that is published today ends."""
    return {"last_epoch": codes.last_epoch(given["today"])}
