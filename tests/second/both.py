"""The same things as the product and the stranger name them, and asking both at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any

from crypto.client import answers, message
from crypto.client.codes import CodeKeys
from crypto.encoding import Random
from crypto.errors import Refused
from tests.crypto.records import Case
from tests.second.asking import StrangerRefused

OPENED = "opened"


def made_up(label: str, size: int) -> bytes:
    """Bytes that look random and are the same each time."""
    return hashlib.shake_256(b"both: " + label.encode()).digest(size)


def draws(label: str) -> Random:
    """A source of randomness that is the same each time."""
    count = 0

    def draw(size: int) -> bytes:
        nonlocal count
        count += 1
        return made_up(f"{label} {count}", size)

    return draw


def below(label: str, limit: int) -> int:
    """A number from 0 up to, not including, the limit."""
    return int.from_bytes(made_up(label, 16), "big") % limit


def outcome(call: Callable[[], object]) -> str:
    """The category of the refusal, by either of the two, or "opened"."""
    try:
        call()
    except Refused as refused:
        return type(refused).__name__
    except StrangerRefused as refused:
        return str(refused)
    return OPENED


def named(keys: CodeKeys) -> dict[str, bytes]:
    """What a code gives, as the stranger takes it."""
    return {field.name: getattr(keys, field.name) for field in fields(keys)}


def seen_by_a_sender(case: Case) -> dict[str, Any]:
    """What the stranger is told besides the record."""
    return {
        "code_keys": named(case.keys),
        "chain": [case.network.policy_note],
        "network_id": case.network.network_id,
        "newest": case.seen.newest,
        "suspensions": case.seen.suspensions,
        "today": case.seen.today,
    }


def values_of(ours: Any) -> dict[str, Any]:
    """A message, answer or profile of the product's, as the stranger names its parts."""
    values = {}
    for field in fields(ours):
        value = getattr(ours, field.name)
        if field.name == "kind" and isinstance(value, int):
            continue  # a message's, which the stranger is told
        if isinstance(value, message.BoxKeys):
            value = value.encode()
        if isinstance(value, tuple):
            value = [list(part) if isinstance(part, tuple) else part for part in value]
        # An epoch of 0 is a day; every other empty value means: not there.
        if value not in (None, [], "", b"", 0) or (value == 0 and "epoch" in field.name):
            values[field.name] = value
    return values


@cache
def box_keys() -> message.BoxKeys:
    """What a receipt gives to the provider."""
    return message.BoxKeys(*(made_up(f"box {n}", size) for n, size in enumerate((16, 32, 32, 32))))


def _ids(label: str, most: int) -> tuple[int, ...]:
    count = below(label + " count", most + 1)
    drawn = [1 + below(f"{label} {number}", 0xFFFF) for number in range(count)]
    return tuple(dict.fromkeys(drawn))


def _text(label: str, most: int) -> str:
    alphabet = "aé漢🙂 \n’x"
    size = below(label + " size", most + 1)
    return "".join(alphabet[byte % 8] for byte in made_up(label, size))[: size // 4]


def referral(label: str) -> message.Message:
    """A referral that no other label gives; about half of what may be left out is."""
    eyes = 1 + below(label + " eyes", 3)
    unknown = tuple((19 + n * 50, made_up(f"{label} {n}", n * 7)) for n in range(len(label) % 4))
    return message.Message(
        consent=1 + below(label + " consent", 2),
        needs=_ids(label + " needs", 31) or (1,),
        languages=_ids(label + " languages", 8) or (7, 3),
        region=below(label + " region", 1100),
        people=below(label + " people", 100),
        who=_ids(label + " who", 16),
        children=_ids(label + " children", 16),
        soon=below(label + " soon", 5),
        channels=_ids(label + " channels", 8) or (2,),
        hours=_ids(label + " hours", 16),
        never=_ids(label + " never", 16),
        contact=_text(label + " contact", 160),
        safe_word=_text(label + " safe word", 64),
        peer=below(label + " peer", 4),
        wishes=_ids(label + " wishes", 24),
        eyes=eyes,
        box=None if eyes == 3 else box_keys(),
        text=_text(label + " text", 3000),
        unknown=unknown,
    )


def follow_up(label: str) -> message.Message:
    """A follow-up that no other label gives."""
    return message.Message(
        kind=2,
        consent=1,
        channels=_ids(label + " channels", 8),
        text=_text(label, 3000) or "more",
    )


def delivered(public_key: bytes) -> answers.Answer:
    """What the sender puts into slot 0."""
    return answers.Answer(
        state=1,
        epoch=20_000,
        last_epoch=20_014,
        organisation=made_up("organisation", 32),
        name="Süd-Haus",
        public_key=public_key,
    )


def answer(label: str) -> answers.Answer:
    """What a provider puts into another slot."""
    others = tuple(made_up(f"{label} other {n}", 32) for n in range(below(label, 5)))
    return answers.Answer(
        state=2 + below(label + " state", 9),
        epoch=below(label + " epoch", 1 << 32),
        text=_text(label, 3000),
        try_another=others,
        last_epoch=20_014 if others else None,
        unknown=((10, b""), (255, b"later")) if len(others) > 2 else (),
    )
