"""`towpath ask --no-code`: choosing an organisation from the directory, and who is told why.

Without a code nothing proves the network, so its id has to be named.

Source: docs/spec/walk-in.md; R10.
"""

from __future__ import annotations

from collections.abc import Sequence

from client.cli import asking, peer_sent, peer_words
from client.cli.common import Session, note
from client.errors import BadInput, FirstDo, NotVetted
from client.flows import choosing
from client.flows.choosing import Directory, Organisation
from client.flows.ways import ByChoice, Way
from crypto import constants as c

_FILTER_FROM = 8  # a shorter list is read faster than questions are answered
_ACCEPTS = c.PROFILE_ACCEPTS_MOST
NO_NETWORK = (
    "Without a code nothing shows that this server is of the right network. So its id is needed.",
    "`towpath network` shows what the server says. Compare it with the id that you have from"
    " somebody you trust (on paper, or from an organisation of the network), then write"
    " --network ID.",
)


def way(session: Session, wanted: str | None) -> Way:
    """Return the way to an organisation: the one named, or one that is chosen from the list.

    `wanted` is a part of its name. Raises FirstDo without a network id, NotVetted where none can
    be chosen.
    """
    if session.network_id is None:
        raise FirstDo(*NO_NETWORK)
    found = choosing.fetch(session.api, device_day=session.today(), network_id=session.network_id)
    chosen = chosen_of(found, wanted)
    return ByChoice(
        session.api, found.view, chosen, session.today, session.random, peer_sent.work_progress()
    )


def chosen_of(found: Directory, wanted: str | None) -> Organisation:
    """Return the organisation that is named, by a part of its name, or chosen from the list."""
    return _named(found, wanted) if wanted else _chosen(found)


def check_either(*, no_code: bool, code_file: str | None, to: str | None = None) -> None:
    """Raise BadInput where a code and none are asked for, or a name goes with a code."""
    if no_code and code_file:
        raise BadInput("Either a code or none: --code-file and --no-code exclude each other.")
    if to and not no_code:
        raise BadInput("--to names an organisation where there is no code.", "Add --no-code.")


def _named(found: Directory, wanted: str) -> Organisation:
    able = choosing.matching(found.organisations)
    folded = wanted.casefold()
    exact = [one for one in able if one.statement.name.casefold() == folded]
    near = exact or [one for one in able if folded in one.statement.name.casefold()]
    if not near:
        raise NotVetted(
            "No organisation of this name takes requests without a code now.",
            "`towpath ask --no-code` lists those that do.",
        )
    if len(near) > 1:
        raise BadInput("More than one organisation has this in its name.", "Write all of it.")
    return near[0]


def _chosen(found: Directory) -> Organisation:
    able: Sequence[Organisation] = choosing.matching(found.organisations)
    if not able:
        raise NotVetted("No organisation takes requests without a code now.", "Try again later.")
    if len(able) > _FILTER_FROM:
        able = _filtered(found, able)
    options = [asking.Option(place, "", _label(one)) for place, one in enumerate(able, 1)]
    place = asking.one("Who could help? Only the one that you choose can read it.", options)
    return able[place - 1]


def _filtered(found: Directory, able: Sequence[Organisation]) -> Sequence[Organisation]:
    """Ask what is wanted, to shorten the list; one that would be empty is shown whole."""
    needs = asking.several(
        "What would help?", peer_words.options("needs"), at_most=c.NEEDS, needed=False
    )
    regions = peer_words.region_options(found.view.policy.regions)
    region = asking.one("Where?", regions, needed=False)
    accepts = asking.several(
        "Who must be welcome?", peer_words.options("accepts"), at_most=_ACCEPTS, needed=False
    )
    fitting = choosing.matching(able, needs=needs, region=region, accepts=accepts)
    if not fitting:
        note("None of them says that it offers this there, to all of these. These are all:")
    return fitting or able


def _label(one: Organisation) -> str:
    parts = [one.statement.name, peer_words.texts_of("kind", one.profile.kind)]
    if one.capacity is not None:
        parts.append(peer_words.text_of("capacity", one.capacity))
    return " - ".join(parts)
