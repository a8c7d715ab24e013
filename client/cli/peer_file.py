"""A request from a file: TOML with the codes of `words`, for who sends by a script or by routine.

The same checks as the form, the same yes: without `consent` nothing is sealed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from client.cli import asking, peer_words
from client.cli.asking import Option
from client.errors import BadInput
from crypto import constants as c
from crypto.client.message import Message
from crypto.public.policy import Region


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of the file: the field that it fills, its list, how many choices at most."""

    field: str
    words: str
    at_most: int
    what: str


_LISTS = {
    "needs": _Key("needs", "needs", c.NEEDS, "what would help; one is enough"),
    "languages": _Key("languages", "languages", c.LANGUAGES, "of the answer, the best first"),
    "channels": _Key("channels", "channel", c.CHANNELS, "safe ways to answer, the safest first"),
    "who": _Key("who", "who", c.WHO, "who it is for"),
    "children": _Key("children", "children", c.CHILDREN, "children"),
    "hours": _Key("hours", "hours", c.HOURS, "when it is safe to answer"),
    "never": _Key("never", "never", c.NEVER, "what must never be done"),
    "wishes": _Key("wishes", "wish", c.WISHES, "wishes"),
}
_ONES = {
    "consent": _Key(
        "consent", "consent", 1, "is there a yes to this? Without one nothing is sealed or sent"
    ),
    "eyes": _Key("eyes", "eyes", 1, "who may read the answers"),
    "region": _Key("region", "regions", 1, "where"),
    "soon": _Key("soon", "soon", 1, "how soon"),
    "peer": _Key("peer", "peer", 1, "who is writing"),
}
_TEXTS = {
    "contact": c.CONTACT_BYTES,
    "safe_word": c.SAFE_WORD_BYTES,
    "text": c.TEXT_BYTES,
}
_NEEDED = ("consent", "needs", "languages", "channels", "eyes")
# No consent: whoever copies the example has to ask, and to write it down.
_EXAMPLE = {
    "eyes": '"receipt"',
    "needs": '["sleep_tonight", "documents", "money"]',
    "languages": '["ko"]',
    "channels": '["come_back"]',
    "region": '"northeast"',
    "soon": '"minutes"',
    "peer": '"coworker"',
}


def parse(text: str, regions: Sequence[Region] = (), *, follow_up: bool = False) -> Message:
    """Read the text of a file; raises BadInput that names the key, never what stands there.

    A follow-up needs consent and one more key, and takes neither languages nor eyes.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise BadInput("This file is not TOML.", "`towpath ask --example` shows one.") from None
    known = _ONES.keys() | _LISTS.keys() | _TEXTS.keys() | {"people"}
    if not said.keys() <= known:
        raise BadInput(
            "The file has a key that there is none of.",
            f"The keys are: {', '.join(sorted(known))}.",
        )
    missing = [] if follow_up else [key for key in _NEEDED if key not in said]
    if missing:
        raise BadInput(
            f"The file lacks {', '.join(missing)}.", "`towpath ask --example` shows one."
        )
    values = _values(said, regions)
    return Message(kind=c.KIND_FOLLOW_UP if follow_up else c.KIND_REFERRAL, **values)


def example() -> str:
    """Return an example file, with every code that may stand in it."""
    lines = [
        "# A request from a file:",
        "#   towpath ask --from THIS --code-file CODE",
        "# The first five are needed. A line that begins with # says nothing: take the # away.",
        "",
    ]
    order = [*_NEEDED, *(key for key in (*_ONES, *_LISTS) if key not in _NEEDED)]
    for key in order:
        lines += _example_of(key, _ONES.get(key) or _LISTS[key])
    lines += [f"# people, 1 to {c.PEOPLE}", "# people = 2", ""]
    for key, at_most in _TEXTS.items():
        lines += [f"# {key}: at most {at_most} bytes", f'# {key} = "..."', ""]
    return "\n".join(lines)


def _example_of(key: str, rule: _Key) -> list[str]:
    codes = [one.code for one in _options(rule.words)]
    lines = [f"# {key}: {rule.what}"]
    row = "#  "
    for code in codes:
        if len(row) + len(code) > 96:
            lines.append(row)
            row = "#  "
        row += f" {code}"
    lines.append(row)
    empty = f'"{codes[0]}"' if key in _ONES else f'["{codes[0]}"]'
    given = _EXAMPLE.get(key)
    return [*lines, f"{key} = {given}" if given else f"# {key} = {empty}", ""]


def _values(said: Mapping[str, object], regions: Sequence[Region]) -> Mapping[str, Any]:
    values: dict[str, Any] = {}
    for key, value in said.items():
        if key in _ONES:
            values[key] = _ids(key, [value], _ONES[key], regions)[0]
        elif key in _LISTS:
            values[key] = _ids(key, value, _LISTS[key], regions)
        elif key in _TEXTS:
            values[key] = _text(key, value)
        else:
            values[key] = _people(value)
    return values


def _ids(key: str, value: object, rule: _Key, regions: Sequence[Region]) -> tuple[int, ...]:
    if not isinstance(value, list) or not value:
        raise BadInput(f"{key}: a list of codes is needed.", "`towpath ask --example` has them.")
    if len(value) > rule.at_most:
        raise BadInput(f"{key}: at most {rule.at_most}.")
    offered = {one.code: one.id for one in _options(rule.words, regions)}
    found = tuple(offered.get(one, 0) if isinstance(one, str) else 0 for one in value)
    if 0 in found or len(set(found)) != len(found):
        place = found.index(0) + 1 if 0 in found else len(found)
        raise BadInput(
            f"{key}: entry {place} is not a code of this list, or stands there twice.",
            "`towpath ask --example` has them all.",
        )
    return found


def _options(name: str, regions: Sequence[Region] = ()) -> list[Option]:
    if name == "regions":
        return peer_words.region_options(regions)
    top = peer_words.options(name)
    return top + [below for one in top for below in peer_words.options(name, one.code)]


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadInput(f"{key}: a text is needed.")
    plain = asking.plain_text(value)
    over = len(plain.encode()) - _TEXTS[key]
    if over > 0:
        raise BadInput(f"{key}: {over} bytes too long (of {_TEXTS[key]}).", "Nothing was sent.")
    return plain


def _people(value: object) -> int:
    if type(value) is not int or not 1 <= value <= c.PEOPLE:
        raise BadInput(f"people: a number of 1 to {c.PEOPLE} is needed.")
    return value
