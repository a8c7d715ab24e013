"""Refusals: one class for each outcome category of the vectors (docs/spec/conventions.md, 6).

A class's docstring is its cause in plain words. An instance carries no argument, so that neither
a message nor a traceback line of ours can hold a secret or say which byte was wrong.
"""


class Refused(Exception):
    """Towpath refused this."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class Malformed(Refused):
    """This does not have the form it must have."""


class Unsupported(Refused):
    """This was made by a version that this one does not know."""


class CannotOpen(Refused):
    """This does not open: another key, or something in it was changed."""


class BadSignature(Refused):
    """What was signed does not match its signature, or the signer is not known here."""


class TooFewSignatures(Refused):
    """Fewer admins signed this than the network asks for."""


class WrongNetwork(Refused):
    """This belongs to another network."""


class Expired(Refused):
    """The last day of this has passed."""


class NotYetValid(Refused):
    """The first day of this has not come."""


class Suspended(Refused):
    """This organisation's listing was suspended or replaced."""


class NotInLog(Refused):
    """The public log does not contain this."""


class NotWitnessed(Refused):
    """Too few witnesses have confirmed the public log, or too long ago."""


class Rollback(Refused):
    """This is older than what was seen before."""


class ConsentMissing(Refused):
    """There is no yes of the person in this."""


class TooLong(Refused):
    """This is longer than there is room for."""


class CodeMistyped(Refused):
    """These letters or digits are not a code."""


class WrongKind(Refused):
    """This is a receipt where a code is asked for, or a code where a receipt is."""


class WorkMissing(Refused):
    """The proof of work does not hold."""


class TokenRefused(Refused):
    """The token, or the proof that came with it, is not valid."""


CATEGORIES: tuple[type[Refused], ...] = (
    Malformed,
    Unsupported,
    CannotOpen,
    BadSignature,
    TooFewSignatures,
    WrongNetwork,
    Expired,
    NotYetValid,
    Suspended,
    NotInLog,
    NotWitnessed,
    Rollback,
    ConsentMissing,
    TooLong,
    CodeMistyped,
    WrongKind,
    WorkMissing,
    TokenRefused,
)
