"""What a refusal of a member's signed call means to her, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from client.errors import FirstDo, NotVetted, ServerProblem


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what the server says to a signed call into what to do about it."""
    try:
        yield
    except ServerProblem as problem:
        if problem.kind == "unsigned":
            raise NotVetted(
                "The server does not take this member's signature.",
                "Either your organisation is not listed yet, its listing has ended or was"
                " suspended, or this member was removed. Look with `towpath provider status`.",
            ) from None
        if problem.kind == "malformed":
            raise FirstDo(
                "The server did not understand this request.",
                "Most often this device's date is wrong: set it right, then try again. Otherwise"
                " the client and the server are of different versions: update both.",
            ) from None
        raise
