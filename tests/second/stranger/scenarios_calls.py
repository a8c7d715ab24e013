"""The operations of docs/spec/vectors on what travels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.second.stranger import calls, carried, keys
from tests.second.stranger.basics import K
from tests.second.stranger.sealing import labelled_hash, sha256

Inputs = Mapping[str, Any]


def _encode_request(i: Inputs) -> dict[str, Any]:
    form = calls.write_request(i["request"])
    return {
        "form": form,
        "hash": labelled_hash(K.LABEL_REQUEST, form),
        "armour": calls.write_armour(form).encode(),
        "tag": sha256(i["request"]["envelope"])[:16] if "epoch" in i["request"] else None,
    }


def _token_period(i: Inputs) -> dict[str, Any]:
    period = keys.token_period(i["epoch"])
    return {"period": period, "last_epoch": period + 55}


OPERATIONS: dict[str, Callable[[Inputs], dict[str, Any]]] = {
    "check_application": lambda i: calls.check_application(**i),
    "decode_request": lambda i: {"request": calls.read_request(i["form"])},
    "encode_request": _encode_request,
    "make_application": lambda i: {"application": calls.make_application(**i)},
    "read_carried": lambda i: {"carried": carried.read(i["text"])},
    "read_armour": lambda i: {"request": calls.read_armour(i["text"])},
    "sign_call": lambda i: calls.sign_call(**i),
    "token_period": _token_period,
    "write_carried": lambda i: carried.write(i["carried"]),
    "verify_call": lambda i: calls.verify_call(**i),
}
