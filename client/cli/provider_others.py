"""Naming other organisations in an answer, from the directory as this device has checked it."""

from __future__ import annotations

from client.cli import asking
from client.cli.asking import Option
from client.cli.provider_shared import Work
from client.errors import BadInput, FirstDo
from client.flows import choosing
from client.flows.choosing import Organisation
from crypto.constants import TRY_ANOTHER


def chosen(work: Work, names: tuple[str, ...]) -> tuple[bytes, ...]:
    """Return the keys (32 bytes) of organisations that are named, or picked from a list.

    Raises BadInput for a name that none or several have, FirstDo where no other one is listed.
    """
    directory = choosing.fetch(work.api, device_day=work.today(), network_id=work.desk.network_id)
    offered = [
        one
        for one in directory.organisations
        if one.statement.organisation != work.desk.organisation_key
    ]
    if not offered:
        raise FirstDo("No other organisation is listed today.", "Answer with cannot_help.")
    named = [_named(offered, name) for name in names] or _picked(offered)
    return tuple(one.statement.organisation for one in named)


def _named(offered: list[Organisation], name: str) -> Organisation:
    found = [one for one in offered if one.statement.name.casefold() == name.casefold()]
    if len(found) != 1:
        raise BadInput(
            "No organisation of this name is listed today."
            if not found
            else "Several organisations of this name are listed.",
            "Without --organisation they are shown to choose from.",
        )
    return found[0]


def _picked(offered: list[Organisation]) -> list[Organisation]:
    options = [
        Option(number, f"organisation-{number}", one.statement.name)
        for number, one in enumerate(offered, 1)
    ]
    chosen = asking.several(
        "Which may help? The person is shown the names and chooses.",
        options,
        at_most=TRY_ANOTHER,
        needed=True,
    )
    return [offered[number - 1] for number in chosen]
