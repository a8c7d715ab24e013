"""What the server says when it does not do what was asked: one list, as in http.md 1.

A view returns one of these; an exception becomes `BUSY` or `BROKEN`. No text here depends on what
was sent, so nothing of it can come back (T11, R4).

Source: docs/spec/http.md, 1; RFC 9457.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

URN = "urn:towpath:problem:"
MEDIA = "application/problem+json"
BUSY_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One kind of refusal or trouble. `type` is without `URN`; `retry_after` is whole seconds."""

    type: str
    status: int
    title: str
    detail: str
    counter: int | None = None
    retry_after: int | None = None

    def members(self) -> dict[str, str | int]:
        """Return the members of the answer's JSON object, in their order."""
        found: dict[str, str | int] = {
            "type": URN + self.type,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.counter is not None:
            found["counter"] = self.counter
        return found


def _problem(type_: str, status: int, title: str, detail: str) -> Problem:
    return Problem(type=type_, status=status, title=title, detail=detail)


MALFORMED = _problem(
    "malformed", 400, "Not understood", "What was sent is not what this call asks for."
)
UNSIGNED = _problem(
    "unsigned", 401, "Not signed", "The signature, the key or the signer does not hold here."
)
TOKEN = _problem("token", 403, "Token not taken", "The token does not hold, or was used before.")
WORK = _problem(
    "work", 403, "Work not taken", "The proof of work does not hold, or is of another day."
)
REFUSED = _problem("refused", 404, "Not taken", "This server does not take that.")
NO_ROUTE = _problem("no-route", 404, "No such page", "There is nothing at this address.")
METHOD = _problem("method", 405, "No such method", "This address is called in another way.")
TAKEN = _problem("taken", 409, "Taken", "Something else lies there already.")
STALE = _problem("stale", 409, "Changed meanwhile", "What lies there is not what this call names.")
DRAWN = _problem(
    "drawn", 409, "Drawn already", "The batches of this week are drawn. Next week has new ones."
)
TOO_LARGE = _problem("too-large", 413, "Too long", "What was sent is longer than this call takes.")
MEDIA_TYPE = _problem(
    "media-type", 415, "Another content type", "This call does not take that content type."
)
BROKEN = _problem(
    "broken", 500, "A fault", "The server has a fault. Nothing is wrong with what you sent."
)
BUSY = replace(
    _problem("busy", 503, "Busy", "Nothing was stored. Please send the same again in a moment."),
    retry_after=BUSY_SECONDS,
)


def COUNTER(last: int) -> Problem:
    """Return the refusal of a counter that is not above `last`, the highest one seen."""
    told = _problem(
        "counter", 409, "Counter too low", "Sign again with a counter above the one given here."
    )
    return replace(told, counter=last)


def LIMITED(seconds: int) -> Problem:
    """Return the refusal for now of what came too often; `seconds` is rounded up to a minute."""
    told = _problem("limited", 429, "Too many for now", "Please wait, and send it again later.")
    return replace(told, retry_after=max(1, -(-seconds // 60)) * 60)


EVERY = (
    MALFORMED,
    UNSIGNED,
    TOKEN,
    WORK,
    REFUSED,
    NO_ROUTE,
    METHOD,
    COUNTER(0),
    TAKEN,
    STALE,
    DRAWN,
    TOO_LARGE,
    MEDIA_TYPE,
    LIMITED(1),
    BROKEN,
    BUSY,
)
