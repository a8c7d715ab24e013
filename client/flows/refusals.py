"""What a refusal means at the place where it came: plain sentences instead of categories.

Source: docs/spec/record.md, 3; docs/spec/walk-in.md, 1.
"""

from __future__ import annotations

from client.errors import NotReadable, NotVetted, Trouble, from_refusal
from crypto import errors

_NOT_SENT = "Nothing was sent."

_OF_A_LISTING: dict[type[errors.Refused], tuple[type[Trouble], str, str]] = {
    errors.Suspended: (
        NotVetted,
        "The organisation behind this is not listed any more, or its listing was replaced.",
        f"{_NOT_SENT} Ask for another code, or choose an organisation without a code.",
    ),
    errors.Expired: (
        NotVetted,
        "The last day of this, or of the organisation's listing, has passed.",
        f"{_NOT_SENT} Ask for another code, or choose an organisation without a code. If the"
        " date of this device is wrong, set it right.",
    ),
    errors.NotYetValid: (
        NotVetted,
        "The organisation's listing begins on a later day than today.",
        f"{_NOT_SENT} Look at the date of this device; if it is right, try again tomorrow.",
    ),
    errors.TooFewSignatures: (
        NotVetted,
        "Fewer admins have signed this organisation's listing than the network asks for.",
        f"{_NOT_SENT} Do not send anything to it.",
    ),
    errors.NotInLog: (
        NotVetted,
        "The network's public log does not contain this organisation's listing.",
        f"{_NOT_SENT} Do not send anything to it.",
    ),
    errors.BadSignature: (
        NotVetted,
        "Something in what the server gave was changed, or was signed by somebody unknown.",
        f"{_NOT_SENT} Do not send anything through this server for now.",
    ),
    errors.CannotOpen: (
        NotReadable,
        "What lies on the server for this code does not open with it.",
        f"{_NOT_SENT} Ask for another code.",
    ),
    errors.Malformed: (
        NotReadable,
        "What lies on the server for this code does not have the form that it must have.",
        f"{_NOT_SENT} Ask for another code.",
    ),
}


def of_listing(refused: errors.Refused) -> Trouble:
    """Return what a refused record, listing or weekly key means to somebody who wants to send."""
    known = _OF_A_LISTING.get(type(refused))
    if known is None:
        return from_refusal(refused)
    kind, sentence, then = known
    return kind(sentence, then)
