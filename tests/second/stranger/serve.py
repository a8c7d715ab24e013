"""Answers questions to the stranger, a JSON object a line, until the input ends.

A question is {"op": name, "arguments": {...}}; the answer {"value": ...}, {"refused": category}
or {"error": text}. In both, a string begins with "x:" (bytes, in hexadecimal) or "s:" (text).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

# Last, so that the interpreter's own packages come first (run with -I, it has no other place).
sys.path.append(str(Path(__file__).resolve().parents[3]))

from tests.second.stranger import (
    cases,
    codes,
    envelopes,
    keys,
    messages,
    policy,
    record,
    scenarios,
    sealing,
    statements,
    store,
)
from tests.second.stranger.basics import Refused
from tests.second.stranger.notes import write_note

_MODULES = (cases, codes, envelopes, keys, messages, policy, record, sealing, statements, store)


def to_plain(value: Any) -> Any:
    """What JSON can carry; an object of ours becomes its fields by name."""
    if isinstance(value, bytes):
        return "x:" + value.hex()
    if isinstance(value, str):
        return "s:" + value
    if isinstance(value, dict):
        return {name: to_plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [to_plain(part) for part in value]
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    return value


def from_plain(value: Any) -> Any:
    """The way back; objects stay dictionaries."""
    if isinstance(value, str):
        return bytes.fromhex(value[2:]) if value.startswith("x:") else value[2:]
    if isinstance(value, list):
        return [from_plain(part) for part in value]
    if isinstance(value, dict):
        return {name: from_plain(part) for name, part in value.items()}
    return value


def open_and_check(
    code_keys: dict[str, bytes],
    sealed: bytes,
    chain: list[bytes],
    network_id: bytes,
    newest: bytes,
    suspensions: bytes,
    today: int,
) -> dict[str, Any]:
    """Everything between the bytes of a record and the name that the person is shown."""
    held = keys.CodeKeys(**code_keys)
    accepted = policy.accept_chain(chain, network_id, 0, today)
    opened = record.open_record(sealed, held, network_id)
    statement = record.check_record(opened, held, accepted, newest, suspensions, today)
    return {"record": opened, "statement": statement}


def make_record(code_keys: dict[str, bytes], **arguments: Any) -> bytes:
    """A record, the keys given by name."""
    return record.make_record(keys.CodeKeys(**code_keys), **arguments)


def open_record(sealed: bytes, code_keys: dict[str, bytes], network_id: bytes) -> record.Record:
    """Opened, not checked."""
    return record.open_record(sealed, keys.CodeKeys(**code_keys), network_id)


def statement_under(
    chain: list[bytes], network_id: bytes, content: bytes, today: int
) -> statements.Statement:
    """A statement checked under the last policy of a chain."""
    accepted = policy.accept_chain(chain, network_id, 0, today)
    return statements.check_statement(content, accepted, today)


def checkpoint_under(
    chain: list[bytes], network_id: bytes, content: bytes, today: int
) -> statements.Checkpoint:
    """A checkpoint checked, also for its age, under the last policy of a chain."""
    accepted = policy.accept_chain(chain, network_id, 0, today)
    checkpoint = statements.check_newest(content, accepted)
    statements.need_fresh(checkpoint, today)
    return checkpoint


def seal_store(
    generation: int,
    network_id: bytes,
    organisation_seed: bytes,
    entries: list[list[Any]],
    store_key: bytes,
    nonce: bytes,
    unused: list[bytes],
) -> bytes:
    """A store, its entries as lists of kind, id and value."""
    held = tuple((kind, entry_id, value) for kind, entry_id, value in entries)
    content = store.Store(generation, network_id, organisation_seed, held)
    return store.seal_store(content, store_key, nonce, unused)


def write_statement(**values: Any) -> str:
    """A statement's text from its values."""
    return statements.write_statement(statements.Statement(text="", **values))


def loaded() -> list[str]:
    """The names of all modules in this process."""
    return sorted(sys.modules)


def _operations() -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {}
    for module in _MODULES:
        for name, value in vars(module).items():
            if callable(value) and getattr(value, "__module__", "") == module.__name__:
                found[name] = value
    ours: list[Callable[..., Any]] = [open_and_check, make_record, open_record, statement_under]
    ours += [checkpoint_under, seal_store, write_statement, write_note, loaded]
    ours += [scenarios.run, scenarios.outcome, scenarios.operations]
    return found | {function.__name__: function for function in ours}


def _answer(line: str, operations: dict[str, Callable[..., Any]]) -> dict[str, Any]:
    question = json.loads(line)
    if question["op"] not in operations:
        return {"error": "no such operation"}
    try:
        value = operations[question["op"]](**from_plain(question["arguments"]))
    except Refused as refused:
        return {"refused": refused.args[0]}
    except Exception as error:  # a defect of the stranger's, which a test must see as one
        return {"error": f"{type(error).__name__}: {error}"}
    return {"value": to_plain(value)}


def main() -> None:
    """Answer line by line."""
    operations = _operations()
    for line in sys.stdin:
        print(json.dumps(_answer(line, operations)), flush=True)


if __name__ == "__main__":
    main()
