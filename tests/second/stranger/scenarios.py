"""The operations of docs/spec/vectors, each from its inputs to its output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from tests.second.stranger import (
    cases,
    codes,
    envelopes,
    invites,
    keys,
    merging,
    messages,
    notation,
    scenarios_calls,
    scenarios_log,
    scenarios_signed,
    scenarios_vetting,
    sealing,
    store,
)
from tests.second.stranger.basics import CANNOT_OPEN, K, Refused, need

Inputs = Mapping[str, Any]


def run(scenario: Inputs) -> bool:
    """Whether the output is the scenario's; a refusal is raised."""
    operation = OPERATIONS[scenario["operation"]]
    inputs = {name: notation.read(value, name) for name, value in scenario["inputs"].items()}
    got = operation(inputs)
    return notation.agrees(got, scenario.get("output"))


def outcome(operation: str, inputs: Inputs) -> dict[str, Any]:
    """What an operation gives for inputs that are not written down; a refusal is raised."""
    return OPERATIONS[operation](inputs)


def operations() -> list[str]:
    """The names of those that are here."""
    return sorted(OPERATIONS)


def _code_keys(i: Inputs) -> dict[str, Any]:
    master = keys.code_master(i["code"], i["network_id"], K.PBKDF2_ROUNDS)
    return asdict(keys.code_keys(master))


def _receipt_keys(i: Inputs) -> dict[str, Any]:
    receipt = (i["receipt"], i["word"], i["network_id"])
    return asdict(keys.receipt_keys(keys.receipt_master(*receipt, K.PBKDF2_ROUNDS)))


def _read_code(i: Inputs) -> dict[str, Any]:
    return dict(zip(("secret", "how"), codes.read_typed(i["text"], i["kind"]), strict=True))


def _write_code(i: Inputs) -> dict[str, Any]:
    both = (i["secret"], i["kind"])
    return {"symbols": codes.write_symbols(*both), "digits": codes.write_digits(*both)}


def _encode_message(i: Inputs) -> dict[str, Any]:
    values = dict(i["message"])
    kind = values.pop("kind")
    return {"encoded": messages.write_message(_with_box(values, _join), kind)}


def _decode_message(i: Inputs) -> dict[str, Any]:
    kind = i["kind"]
    need(len(i["encoded"]) == K.MESSAGE_BYTES)
    need(i["encoded"][0] == K.FORMAT_VERSION, "Unsupported")
    need(kind in (K.KIND_REFERRAL, K.KIND_FOLLOW_UP))
    values = messages.read_message(i["encoded"], kind)
    return {"message": {"kind": kind} | _with_box(values, _split)}


_BOX = (("box_id", 16), ("box_key", 32), ("write_key", 32), ("tag_key", 32))


def _with_box(values: dict[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    return {name: change(v) if name == "box" else v for name, v in values.items()}


def _join(box: Any) -> Any:
    return b"".join(box[name] for name, _ in _BOX) if isinstance(box, dict) else box


def _split(box: bytes) -> dict[str, bytes]:
    parts, start = {}, 0
    for name, size in _BOX:
        parts[name], start = box[start : start + size], start + size
    return parts


def _open_envelope(i: Inputs) -> dict[str, Any]:
    message = envelopes.open_message(**i)
    messages.read_message(message, envelopes.message_kind(i["kind"]))
    return {"message": message}


def _open_walk_in(i: Inputs) -> dict[str, Any]:
    for which, seed in enumerate(i["seeds"]):
        binding, key = keys.walk_in(sealing.xwing_public_key(seed), i["network_id"])
        context = (i["network_id"], K.KIND_WALK_IN, binding, key)
        try:
            return {
                "message": envelopes.open_message(i["envelope"], seed, *context),
                "which": which,
            }
        except Refused as refused:
            need(refused.args[0] == CANNOT_OPEN, refused.args[0])
    raise Refused(CANNOT_OPEN)


def _open_delivered(i: Inputs) -> dict[str, Any]:
    place = (i["box_id"], i["holder_key"], i["network_id"])
    return {"answer": envelopes.open_delivered(i["sealed"], *place)}


def _seal_delivered(i: Inputs) -> dict[str, Any]:
    place = (i["box_id"], i["holder_key"], i["network_id"])
    return {"sealed": envelopes.seal_delivered(*place, i["answer"], i["nonce"])}


def _open_slot(i: Inputs) -> dict[str, Any]:
    place = (i["box_id"], i["box_key"], i["network_id"], i["slot"])
    return {"answer": envelopes.open_slot(i["sealed"], *place, i["organisation"])}


def _seal_slot(i: Inputs) -> dict[str, Any]:
    place = (i["box_id"], i["box_key"], i["network_id"], i["slot"])
    signed = (i["answer"], i["organisation_seed"], i["nonce"])
    return {"sealed": envelopes.seal_slot(*place, *signed)}


def _read_entry(i: Inputs) -> dict[str, Any]:
    cases.check_entry(i["kind"], i["value"])
    return {"again": i["value"]}


def _open_store(i: Inputs) -> dict[str, Any]:
    secret = i["secret"]
    member = (secret["xwing_seed"], secret["network_id"], secret["organisation_key"])
    found = asdict(store.open_store(i["store"], *member, i["at_least_generation"]))
    found["entries"] = [list(entry) for entry in found["entries"]]
    return {name: found[name] for name in ("generation", "organisation_seed", "entries")}


def _seal_store(i: Inputs) -> dict[str, Any]:
    entries = tuple(sorted((kind, name, value) for kind, name, value in i["entries"]))
    made = store.Store(i["generation"], i["network_id"], i["organisation_seed"], entries)
    sealed = store.seal_store(made, bytes(32), bytes(24), [bytes(64)] * K.STORE_SLOTS)
    organisation = sealing.ed25519_public_key(i["organisation_seed"])
    for seed in i["member_seeds"]:
        opened = store.open_store(sealed, seed, i["network_id"], organisation, 0)
        need(opened == made, "Differs")
    return {"size": len(sealed), "content": store.write_content(made)}


def _merge_stores(i: Inputs) -> dict[str, Any]:
    base = None if i["base"] is None else _copy(i["base"])
    merged, told = merging.merge_stores(base, _copy(i["mine"]), _copy(i["theirs"]), i["today"])
    return {
        "generation": merged.generation,
        "entries": [list(entry) for entry in merged.entries],
        "overruled": [list(one) for one in told],
    }


def _copy(i: Inputs) -> store.Store:
    entries = tuple(sorted((kind, name, value) for kind, name, value in i["entries"]))
    return store.Store(i["generation"], i["network_id"], i["organisation_seed"], entries)


def _nothing(call: Callable[..., None]) -> Callable[[Inputs], dict[str, Any]]:
    def answer(i: Inputs) -> dict[str, Any]:
        call(**i)
        return {}

    return answer


def _pair(call: Callable[..., tuple[Any, Any]], *names: str) -> Callable[[Inputs], dict[str, Any]]:
    return lambda i: dict(zip(names, call(**i), strict=True))


def _one(call: Callable[..., Any], name: str) -> Callable[[Inputs], dict[str, Any]]:
    return lambda i: {name: call(**i)}


OPERATIONS: dict[str, Callable[[Inputs], dict[str, Any]]] = {
    **invites.OPERATIONS,
    **scenarios_calls.OPERATIONS,
    **scenarios_log.OPERATIONS,
    **scenarios_signed.OPERATIONS,
    **scenarios_vetting.OPERATIONS,
    "check_work": _nothing(envelopes.check_work),
    "code_keys": _code_keys,
    "code_last_epoch": lambda i: {"last_epoch": keys.code_last_epoch(i["today"])},
    "cover_slot": lambda i: {"cover": envelopes.cover(i["filler_key"], i["box_id"], i["slot"])},
    "decode_message": _decode_message,
    "decode_profile": lambda i: {"profile": messages.read_profile(i["encoded"])},
    "encode_message": _encode_message,
    "encode_profile": lambda i: {"encoded": messages.write_profile(i["profile"])},
    "follow_up_context": _pair(keys.follow_up, "tag", "key"),
    "key_hash": _one(keys.key_hash, "hash"),
    "merge_stores": _merge_stores,
    "normal_word": _one(keys.normal_word, "word"),
    "open_delivered": _open_delivered,
    "open_envelope": _open_envelope,
    "open_slot": _open_slot,
    "open_store": _open_store,
    "open_walk_in": _open_walk_in,
    "read_code": _read_code,
    "read_entry": _read_entry,
    "receipt_keys": _receipt_keys,
    "seal_delivered": _seal_delivered,
    "seal_envelope": _one(envelopes.seal_message, "envelope"),
    "seal_slot": _seal_slot,
    "seal_store": _seal_store,
    "search_work": _one(envelopes.find_work, "nonce"),
    "verify_signature": _nothing(sealing.verify),
    "walk_in_context": _pair(keys.walk_in, "id", "key"),
    "write_code": _write_code,
}
