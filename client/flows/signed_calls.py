"""What signed calls of people share: their numbers, and what a refusal means, in plain words."""

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


class AskedCounter:
    """Numbers of signed calls by somebody who keeps none: the server says which was the last.

    An admin signs a few calls a month, from whatever device has the key file; a newcomer and
    whoever has a recovery sheet have no folder yet.
    """

    __slots__ = ("_last",)

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        """Return a number above every one before."""
        self._last += 1
        return self._last

    def seen(self, counter: int) -> None:
        """Take note of the last number that the server knows."""
        self._last = max(self._last, counter)
