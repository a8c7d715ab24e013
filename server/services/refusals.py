"""Why a signed or vetting call was not done; routes turn each into its problem of http.md, 1."""

from __future__ import annotations

from enum import Enum, auto


class Refusal(Enum):
    """An expected refusal, returned and not raised, so that what came before it is kept."""

    MALFORMED = auto()
    UNSIGNED = auto()
    REFUSED = auto()  # there is nothing under that id
    TAKEN = auto()
    STALE = auto()  # what lies there is not what was named
    DRAWN = auto()
    FULL = auto()  # as many open applications as there is room for
    NO_NETWORK = auto()  # no policy was loaded yet
