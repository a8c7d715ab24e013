"""What others did in place of what was done here, in plain words."""

from __future__ import annotations

import pytest

from client.cli import provider_merged
from client.flows.filing import Filed
from client.flows.sync import Synced
from crypto import constants as c
from crypto.client.answers import Answer, encode_body
from crypto.client.merge import Overruled
from tests.crypto.merging import founded

_BODY = encode_body(Answer(state=2, epoch=20_000, text="Come at nine.", signature=bytes(64)), 1)


def _said(field: int, lost: bytes) -> dict[str, str | None]:
    told = Overruled(c.ENTRY_CASE, bytes(16), field, lost)
    done = Synced(Filed(), 0, 0, (), (told,), may_be_withheld=False)
    (line,) = provider_merged.as_values(founded(), done)
    return line


def test_an_answer_that_was_not_sent_can_be_read_again() -> None:
    """Its words are there."""
    assert _said(c.CASE_ANSWER, b"\x01" + _BODY)["text"] == "Come at nine."


@pytest.mark.parametrize("body", [b"", b"\x00", b"no answer", _BODY[:-1]])
def test_what_is_no_answer_is_told_without_its_words(body: bytes) -> None:
    """Another member's store may have anything in its place, and stops nothing."""
    line = _said(c.CASE_ANSWER, b"\x01" + body)
    assert line["text"] is None
    assert "yours does not stand" in str(line["what"])


def test_a_note_that_came_back_is_not_said_to_be_too_long() -> None:
    """Who took it away is told that another member changed it."""
    assert "do not fit" in str(_said(c.CASE_NOTE, b"mine")["what"])
    assert "do not fit" not in str(_said(c.CASE_NOTE, b"")["what"])
