"""What can go wrong for somebody who uses a client, each in plain sentences and with an exit code.

A trouble carries what happened and what to do next. Neither ever holds a code, a receipt, a key,
a text that was typed or an address, so that it may be printed anywhere.
"""

from __future__ import annotations

from crypto import errors

EXIT_FAULT = 1
EXIT_USAGE = 2
EXIT_UNREACHABLE = 3
EXIT_REFUSED = 4
EXIT_NOT_READABLE = 5
EXIT_NOT_VETTED = 6
EXIT_FIRST_DO = 7
EXIT_LOG_LIES = 8
EXIT_ENDED_BY_HAND = 130


class Trouble(Exception):
    """Something stands in the way: one sentence that says what, one that says what to do.

    `category` is that of what `crypto` refused, where it was that.
    """

    exit_code = EXIT_FAULT

    def __init__(self, sentence: str, then: str = "", category: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.then = then
        self.category = category

    def __str__(self) -> str:
        return f"{self.sentence} {self.then}".rstrip()


class BadInput(Trouble):
    """What was typed or named cannot be used as it is."""

    exit_code = EXIT_USAGE


class Unreachable(Trouble):
    """No whole answer came: it is not known whether the request arrived."""

    exit_code = EXIT_UNREACHABLE


class CodeRefused(Trouble):
    """A code or receipt is not one, or the server does not take it."""

    exit_code = EXIT_REFUSED


class NotReadable(Trouble):
    """Something does not open or does not have its form."""

    exit_code = EXIT_NOT_READABLE


class NotVetted(Trouble):
    """Signatures, days, the public log or the suspension list do not hold."""

    exit_code = EXIT_NOT_VETTED


class FirstDo(Trouble):
    """Something has to be done first."""

    exit_code = EXIT_FIRST_DO


class ServerProblem(Trouble):
    """The server answered with a problem of docs/spec/http.md, 1, or with no answer of that page.

    `kind` is the last part of its type ("limited", "taken", ...), or "answer" for an answer that
    the page does not know; `retry_after` counts seconds; `counter` is the last one that was used.
    """

    exit_code = EXIT_FAULT

    def __init__(
        self, kind: str, status: int, *, retry_after: int | None = None, counter: int | None = None
    ) -> None:
        sentence, then = _PROBLEMS.get(kind, _PROBLEMS["answer"])
        super().__init__(sentence, then)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after
        self.counter = counter
        if kind in _EXITS:
            self.exit_code = _EXITS[kind]


_UPDATE = "This client and the server may be of different versions: update both."
_AGAIN = "Wait a little, then try again."

_PROBLEMS: dict[str, tuple[str, str]] = {
    "malformed": ("The server did not understand this request.", _UPDATE),
    "unsigned": (
        "The server does not take this signature or key.",
        "Either this device is not listed any more, or the week's key has to be fetched first.",
    ),
    "token": ("The server does not take this token.", "Draw new ones, then try again."),
    "work": ("The proof of work was not taken: it may be of another day.", "Do it again."),
    "refused": ("The server does not take this code or receipt.", ""),
    "no-route": ("There is no Towpath server at this address.", "Check the server's address."),
    "method": ("The server does not know this call.", _UPDATE),
    "counter": ("This signed request was older than one that came before.", "Try again."),
    "taken": ("Something else lies there already.", ""),
    "drawn": ("This week's tokens are drawn already.", "There are new ones on Monday."),
    "too-large": ("This is longer than the server takes.", "Make it shorter."),
    "media-type": ("The server did not take the form of this request.", _UPDATE),
    "limited": ("The server has too much to do just now.", _AGAIN),
    "broken": ("The server has a fault.", "Try again later, and tell the people who run it."),
    "busy": ("The server is busy. Nothing was stored.", _AGAIN),
    "answer": (
        "What came back is not an answer of a Towpath server.",
        "Check the server's address, and whether this network lets you through.",
    ),
}

_EXITS = {
    "refused": EXIT_REFUSED,
    "answer": EXIT_UNREACHABLE,
    "busy": EXIT_UNREACHABLE,
    "limited": EXIT_UNREACHABLE,
    "no-route": EXIT_UNREACHABLE,
    "drawn": EXIT_FIRST_DO,
    "token": EXIT_FIRST_DO,
    "unsigned": EXIT_NOT_VETTED,
}

_DO_NOT_SEND = "Nothing was sent. Do not send anything to this address for now."

_REFUSALS: dict[type[errors.Refused], tuple[type[Trouble], str]] = {
    errors.Malformed: (NotReadable, "Nothing was sent."),
    errors.Unsupported: (NotReadable, "Update this client."),
    errors.CannotOpen: (NotReadable, ""),
    errors.BadSignature: (NotVetted, _DO_NOT_SEND),
    errors.TooFewSignatures: (NotVetted, _DO_NOT_SEND),
    errors.WrongNetwork: (NotVetted, _DO_NOT_SEND),
    errors.Expired: (NotVetted, "Nothing was sent. Ask for another code."),
    errors.NotYetValid: (NotVetted, "Nothing was sent. Check the date of this device."),
    errors.Suspended: (NotVetted, "Nothing was sent. Another organisation may help."),
    errors.NotInLog: (NotVetted, _DO_NOT_SEND),
    errors.NotWitnessed: (NotVetted, "Nothing was sent. Try again tomorrow."),
    errors.Rollback: (NotVetted, _DO_NOT_SEND),
    errors.ConsentMissing: (FirstDo, "Ask first. Without a yes nothing is sent."),
    errors.TooLong: (BadInput, "Make it shorter."),
    errors.CodeMistyped: (CodeRefused, "Look at it again, sign by sign."),
    errors.WrongKind: (CodeRefused, ""),
    errors.WorkMissing: (FirstDo, "Do the work again."),
    errors.TokenRefused: (FirstDo, "Draw new tokens, then try again."),
}


def from_refusal(refused: errors.Refused) -> Trouble:
    """Return the trouble that a refusal of `crypto` means to somebody who uses a client.

    Its sentence is the category's cause; what to do is the category's. A caller who knows more
    says more.
    """
    kind, then = _REFUSALS[type(refused)]
    return kind(str(refused), then, type(refused).__name__)
