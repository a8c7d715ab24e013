"""Every scenario with something in it changed: both sides still come to one outcome."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.crossing.made_up import Draw
from tests.crossing.web import Web
from tests.vectors.runner import FOLDER, load
from tests.vectors.values import unbytes

SCENARIOS = [load(path) for path in sorted(FOLDER.glob("*.json"))]
OPERATIONS = sorted({one.operation for one in SCENARIOS})
CHANGES = 40
# Slow on purpose; or what comes out is random, or is made up by the runner itself.
FEW = {name: 2 for name in OPERATIONS if name.endswith(("_file", "_keys"))}
LEFT_OUT = {"open_store", "seal_store", "token_issue", "token_round"}
TEXTS = {"content_digest", "method", "name", "passphrase", "path", "query", "text", "word"}
TEXTS |= {"answers", "contact", "safe_word", "words", "signature_header", "signature_input"}
# Read by the runner: drawn at one size, a choice, or a number in decimal digits.
KEPT = {"nonce", "salt", "eseed", "kind", "index", "size", "start", "counter"}
KEPT |= {"eseeds", "first", "seen_size"}
Place = tuple[Any, Any, bool]


def _places(value: Any, under: str = "") -> Iterator[Place]:
    """Give every holder of bytes or a text in some inputs, where, and whether it is a text."""
    for key, one in value.items() if isinstance(value, dict) else enumerate(value):
        name = key if isinstance(key, str) else under
        if name in KEPT:
            continue
        if isinstance(one, str) or (isinstance(one, dict) and one.keys() & _FORMS):
            yield value, key, name in TEXTS
        elif isinstance(one, dict | list):
            yield from _places(one, name)


_FORMS = {"utf8", "hex", "shake256"}


def _change(draw: Draw, inputs: dict[str, Any]) -> bool:
    """Change something in some inputs; say whether there was anything to change."""
    places = list(_places(inputs))
    if not places:
        return False
    holder, key, is_text = draw.choice(places)
    value = holder[key]
    if isinstance(value, dict) and "utf8" in value:
        holder[key] = {"utf8": _other_text(draw, value["utf8"])}
    elif is_text:
        holder[key] = _other_text(draw, value)
    else:
        holder[key] = draw.changed(unbytes(value)).hex()
    return True


def _other_text(draw: Draw, value: str) -> str:
    at = draw.below(len(value) + 1)
    put_in = draw.choice(("", "\n", " ", "0", "-", "A", draw.character()))
    return value[:at] + put_in + value[at + draw.choice((0, 1, 1, 8)) :]


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one not in LEFT_OUT])
def test_a_change_has_one_outcome(web: Web, operation: str) -> None:
    """Bytes turned, cut or longer and texts with other characters: the same on both sides."""
    draw = Draw(operation)
    good = [one for one in SCENARIOS if (one.operation, one.expect) == (operation, "ok")]
    for _ in range(FEW.get(operation, CHANGES)):
        inputs = deepcopy(dict(draw.choice(good).inputs))
        inputs.pop("sha256", None)  # of what the runner makes: here it is to be another
        if _change(draw, inputs):
            web.agreed(operation, **inputs)
