"""The rows of a JSON file that somebody else wrote, each with its line, within fixed limits.

First brackets and texts alone are looked at, in bytes, to find where each row begins and ends. Then
each row is read by itself, so that a row that is no JSON costs no other row, and what is too long
or too deep is never built. A file is a list of rows, a page as HSDS's interface gives it (the rows
under `contents`), or one row.

Source: docs/spec/exchange.md, 5.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from client.errors import BadInput

FILE_MOST = 64 << 20
ROWS_MOST = 10_000
ROW_MOST = 1 << 20
DEPTH_MOST = 24
TEXT_MOST = 20_000
DIGITS_MOST = 18
TOKENS_MOST = 8_000_000

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["\[\]{},]', re.DOTALL)
_CONTENTS = re.compile(rb"\s*:\s*\[")
_SPACE = b" \t\r\n"
_SPACES = re.compile(rb"[ \t\r\n]*+")
_AROUND_MOST = 1 << 16
_BOM = b"\xef\xbb\xbf"
_SURROGATE = re.compile("[\ud800-\udfff]")


class BadRow(ValueError):
    """A row is refused; the message is a reason that holds nothing of the row."""


@dataclass(frozen=True, slots=True)
class Row:
    """Where a row begins, in lines from 1, its bytes, and how deep its brackets go."""

    line: int
    data: bytes = field(repr=False)
    depth: int

    def read(self) -> dict[str, Any]:
        """Return the object that the row is; raises BadRow."""
        if len(self.data) > ROW_MOST:
            raise BadRow(f"it is longer than {ROW_MOST >> 20} MiB")
        if self.depth > DEPTH_MOST:
            raise BadRow(f"its brackets go deeper than {DEPTH_MOST}")
        try:
            said = json.loads(
                self.data.decode("utf-8"),
                object_pairs_hook=_object,
                parse_constant=_no_number,
                parse_int=_whole,
                parse_float=_broken,
            )
        except UnicodeDecodeError:
            raise BadRow("it is not text in UTF-8") from None
        except json.JSONDecodeError as error:
            line = self.line + error.lineno - 1
            raise BadRow(f"it is not JSON (line {line}: {error.msg})") from None
        if not isinstance(said, dict):
            raise BadRow("it is not an object")
        _check_texts(said)
        return said


def rows(data: bytes) -> Iterator[Row]:
    """Return the rows of a file's bytes, in their order; raises BadInput for a file that is none.

    The whole file is looked at before the first row is given.
    """
    if len(data) > FILE_MOST:
        raise BadInput(f"This file is larger than {FILE_MOST >> 20} MiB.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput("This file is not text in UTF-8.")
    start = len(_BOM) if data.startswith(_BOM) else 0
    spans = _spans(data, start)
    if len(spans) > ROWS_MOST:
        raise BadInput(f"This file has more than {ROWS_MOST:,} rows.", "Split it.")
    return _numbered(data, spans)


def _numbered(data: bytes, spans: list[tuple[int, int, int]]) -> Iterator[Row]:
    line, at = 1, 0
    for start, end, depth in spans:
        line += data.count(b"\n", at, start)
        at = start
        yield Row(line, data[start:end], depth)


def _spans(data: bytes, start: int) -> list[tuple[int, int, int]]:
    """Return begin, end and depth of each row."""
    first = _past_space(data, start)
    if data[first : first + 1] == b"[":
        spans, end = _listed(data, first)
        if data[end:].strip(_SPACE):
            raise BadInput(f"After the list, in line {_line(data, end)}, there is something else.")
        return spans
    if data[first : first + 1] != b"{":
        raise BadInput("This file holds neither a list nor an object of JSON.")
    opened = _contents(data, first)
    if opened is None:
        end = len(data.rstrip(_SPACE))
        return [(first, end, _depth(data, first, end))]
    spans, end = _listed(data, opened)
    _check_around(data[first:opened] + b"[]" + data[end:])
    return spans


def _listed(data: bytes, opened: int) -> tuple[list[tuple[int, int, int]], int]:
    """Return the rows of the list whose bracket stands at `opened`, and where the list ends."""
    spans: list[tuple[int, int, int]] = []
    begin, depth, deepest = opened + 1, 1, 0
    for token in _tokens(data, opened + 1, len(data)):
        sign = token[0]
        if sign in (b"[", b"{"):
            depth += 1
            deepest = max(deepest, depth - 1)
        elif sign == b'"':
            raise _never_closed(data, token.start())
        elif sign in (b"]", b"}"):
            depth -= 1
        if depth == 0 or (depth == 1 and sign == b","):
            row = _past_space(data, begin)
            if depth or spans or row < token.start():
                spans.append((min(row, token.start()), token.start(), deepest))
            begin, deepest = token.end(), 0
            if depth == 0 and sign == b"]":
                return spans, token.end()
            if depth == 0:
                raise BadInput(f"The list ends by another bracket in line {_line(data, begin)}.")
        if len(spans) > ROWS_MOST:
            return spans, len(data)
    raise _never_closed(data, opened)


def _contents(data: bytes, start: int) -> int | None:
    """Return where the list of a page's rows opens, or None where an object is no page."""
    depth = 0
    for token in _tokens(data, start, len(data)):
        sign = token[0]
        if sign == b'"':
            raise _never_closed(data, token.start())
        depth += (sign in (b"[", b"{")) - (sign in (b"]", b"}"))
        if depth == 1 and sign == b'"contents"':
            opened = _CONTENTS.match(data, token.end())
            if opened is not None:
                return opened.end() - 1
        if depth == 0:
            return None
    raise _never_closed(data, start)


def _depth(data: bytes, start: int, end: int) -> int:
    depth = deepest = 0
    for token in _tokens(data, start, end):
        depth += (token[0] in (b"[", b"{")) - (token[0] in (b"]", b"}"))
        deepest = max(deepest, depth)
    return deepest


def _tokens(data: bytes, start: int, end: int) -> Iterator[re.Match[bytes]]:
    """Give texts, brackets and commas; raises BadInput where there are more than any file has."""
    for count, token in enumerate(_TOKEN.finditer(data, start, end)):
        if count == TOKENS_MOST:
            where = f"It is read no further than line {_line(data, token.start())}."
            raise BadInput("This file has more brackets and texts than a directory has.", where)
        yield token


def _check_around(page: bytes) -> None:
    """Raise BadInput unless a page is an object of JSON without its rows."""
    if len(page) > _AROUND_MOST:
        raise BadInput("There is too much beside the rows in this file.")
    try:
        Row(1, page, _depth(page, 0, len(page))).read()
    except BadRow as why:
        raise BadInput(f"What stands around the rows can't be read: {why}.") from None


def _past_space(data: bytes, at: int) -> int:
    space = _SPACES.match(data, at)
    return space.end() if space else at


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def _never_closed(data: bytes, at: int) -> NoReturn:
    raise BadInput(f"What begins in line {_line(data, at)} is never closed.", "Is the file whole?")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadRow("a name stands twice in one object")
    return found


def _no_number(_: str) -> NoReturn:
    raise BadRow("it has a number that is none (NaN or Infinity)")


def _whole(digits: str) -> int:
    if len(digits) > DIGITS_MOST:
        raise BadRow("it has a number that is too long")
    return int(digits)


def _broken(digits: str) -> float:
    found = float(digits)
    if len(digits) > 4 * DIGITS_MOST or found in (float("inf"), float("-inf")):
        raise BadRow("it has a number that is too long")
    return found


def _check_texts(said: object) -> None:
    """Raise BadRow for a text that is too long, or holds half a character."""
    if isinstance(said, str):
        if len(said) > TEXT_MOST:
            raise BadRow(f"it has a text of more than {TEXT_MOST:,} characters")
        if _SURROGATE.search(said):
            raise BadRow("it has half a character")
    elif isinstance(said, dict):
        for key, value in said.items():
            _check_texts(key)
            _check_texts(value)
    elif isinstance(said, list):
        for value in said:
            _check_texts(value)
