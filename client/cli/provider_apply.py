"""`towpath provider apply`: what an organisation says, sealed to the admins, and its keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import click

from client import ambient, network_view
from client import home as homes
from client.api import Api
from client.cli import asking, peer_words
from client.cli.asking import Option
from client.cli.common import (
    api_for,
    network_id_of,
    network_id_text,
    note,
    read_text,
    tell,
)
from client.cli.provider_shared import (
    home_option,
    new_phrase,
    phrase,
    phrase_option,
    server_options,
)
from client.errors import FirstDo
from client.flows import answers_file, apply, profile_file, profile_words
from client.flows.apply import Admins, Founding
from client.flows.desk import Desk, open_desk
from client.flows.profile_file import FIELDS, Described, Field
from client.network_view import View
from crypto import constants as c
from crypto.client.application import Answer
from crypto.encoding import Random
from crypto.public import profile as profiles
from crypto.public.applications import Application
from crypto.public.policy import Region
from crypto.public.profile import Profile
from words import vetting
from words.vetting import Criterion

_KINDS = (
    Option(c.CRITERION_YES, "yes", "Yes"),
    Option(c.CRITERION_NO, "no", "No"),
    Option(c.CRITERION_PART, "part", "In part"),
    Option(c.CRITERION_NONE, "none", "Does not apply"),
)
_CONTACT_MOST = c.APPLICATION_CONTACT_BYTES
_DAY_MOST = 10


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command was told."""

    folder: Path
    source: str | None
    member: str | None
    phrase_source: str | None
    network: str | None
    yes: bool
    random: Random = ambient.random


@click.command("apply")
@click.option("--from", "source", metavar="FILE", help="What you say (- for standard input).")
@click.option("--example", is_flag=True, help="Print a file for --from, to fill in, and end.")
@click.option("--renew", is_flag=True, help="Apply anew: in other words, or for more days.")
@click.option("--withdraw", is_flag=True, help="Take the application back, and end.")
@click.option("--member", metavar="NAME", help="What you are called in the list of members.")
@click.option("--network", envvar="TOWPATH_NETWORK", metavar="ID", help="The network's id.")
@click.option("--yes", is_flag=True, help="Hand in without asking.")
@home_option
@phrase_option
@server_options
def apply_(
    source: str | None,
    example: bool,
    renew: bool,
    withdraw: bool,
    member: str | None,
    network: str | None,
    yes: bool,
    folder: Path,
    phrase_source: str | None,
    server: str | None,
    proxy: str | None,
) -> None:
    """Ask the network's admins to list your organisation.

    Makes the organisation's keys and your own on this device. Run again, it hands in the same;
    with --renew it applies anew under the same keys. What you say is sealed to the admins on this
    device: the server learns neither who applies nor what they say.
    """
    if example:
        tell(profile_file.example().rstrip("\n"))
        return
    asked = _Asked(folder, source, member, phrase_source, network, yes)
    if (folder / "home.json").exists():
        home = homes.load(folder)
        desk = open_desk(home, phrase(phrase_source), ambient.random)
        api = api_for(server or home.server, proxy, home.memory)
        if withdraw:
            apply.withdraw(desk, api)
            tell("Taken back. What was sent is gone from the server.")
            return
        if renew:
            _renew(asked, desk, api)
    elif renew or withdraw:
        homes.load(folder)
        return
    else:
        homes.check_free(folder)
        api = api_for(server, proxy)
        desk = _found(asked, server or "", api)
    apply.post(desk, api)
    _say_handed_in(desk)


def _found(asked: _Asked, server: str, api: Api) -> Desk:
    pinned = network_id_of(asked.network) if asked.network else None
    view = network_view.fetch(api, device_day=ambient.today(), network_id=pinned)
    network_id = view.policy.network_id
    if pinned is None:
        note(f"The server says that its network is {network_id_text(network_id)}.")
        note("Ask an admin whether that is the one: every code of yours is bound to it.")
    admins = _admins(api, view)
    described = _described(asked, view)
    name = asked.member or asking.line(
        "What you are called in the list of members", at_most=c.MEMBER_NAME_BYTES
    )
    _confirm(asked, described, view)
    founding = Founding(
        server=server,
        network_id=network_id,
        member_name=name,
        phrase=new_phrase(asked.phrase_source),
    )
    home = apply.found(
        asked.folder, founding, described, admins, today=ambient.today(), random=asked.random
    )
    note(f"Your folder is {home.folder}. Without it and the passphrase nothing can be opened.")
    return open_desk(home, founding.phrase, asked.random)


def _renew(asked: _Asked, desk: Desk, api: Api) -> None:
    view = network_view.fetch(api, device_day=ambient.today(), network_id=desk.network_id)
    admins = _admins(api, view)
    if asked.source is not None:
        described = _described(asked, view)
    else:
        said = apply.said(desk)
        described = Described(said.listing.name, said.listing.profile, said.contact, said.answers)
    if apply.is_kept(desk) and _changes(described, apply.last(desk)):
        note(
            "The words change. From the day on which this is listed, codes that are out and were"
            " published before are not taken any more: hand out others then."
        )
    _confirm(asked, described, view)
    apply.renew(desk, api, described, admins, today=ambient.today(), random=asked.random)


def _changes(described: Described, before: Application) -> bool:
    return (described.name, described.profile) != (before.name, before.profile)


def _admins(api: Api, view: View) -> Admins:
    """Return to whom it is sealed, and say where some admins can't read it."""
    found = apply.admins_of(view.policy, api.admin_keys())
    if len(found.keys) < found.every:
        note(
            f"{len(found.keys)} of {found.every} admins have a key to read with: it is sealed to"
            " these."
        )
    return found


def _described(asked: _Asked, view: View) -> Described:
    if asked.source is not None:
        return profile_file.parse(read_text(asked.source), view.policy.regions)
    note("What people see before they choose. `--example` prints it as a file to fill in.")
    name = asking.line("The organisation's name", at_most=c.ORGANISATION_NAME_BYTES)
    ids = {field.key: _chosen(field, view.policy.regions) for field in FIELDS}
    public = profile_file.described(name, Profile(**ids))  # type: ignore[arg-type]  # by field
    note("")
    note("From here on: for the admins alone, sealed to them on this device.")
    contact = answers_file.checked_contact(
        asking.line("How they reach you (no address on a street)", at_most=_CONTACT_MOST)
    )
    answers = [found for one in vetting.load().criteria if (found := _answer(one)) is not None]
    return replace(public, contact=contact, answers=answers_file.checked_answers(answers))


def _answer(criterion: Criterion) -> Answer | None:
    kind = asking.one(f"{criterion.question}", _KINDS, needed=criterion.blocking)
    if not kind:
        return None
    note(criterion.evidence)
    text = asking.line("How, and where it is found", at_most=c.ANSWER_TEXT_BYTES)
    dated = asking.line("Of which day (like 2026-05-01), or Enter alone", at_most=_DAY_MOST)
    epoch = answers_file.day_of(dated, criterion.name) if dated else 0
    return answers_file.make(criterion.number, kind, epoch, text)


def _chosen(field: Field, regions: tuple[Region, ...]) -> tuple[int, ...]:
    offered: list[Option] = (
        peer_words.region_options(regions)
        if field.key == "regions"
        else peer_words.options(field.list_name)
    )
    return asking.several(field.about, offered, at_most=field.most, needed=field.needed)


def _confirm(asked: _Asked, described: Described, view: View) -> None:
    note("")
    note(described.name)
    for row in profile_words.rows(profiles.decode(described.profile), view.policy.regions):
        note(f"  {row.title:<16}{'; '.join(row.texts)}")
    note(f"  and {len(described.answers)} answers, for the admins alone.")
    if not asked.yes and not asking.yes("Hand this in? The admins sign exactly this."):
        raise FirstDo("Nothing was handed in.")


def _say_handed_in(desk: Desk) -> None:
    application = apply.last(desk)
    tell(f"Handed in: {application.name}")
    tell(f"Your organisation's key: {application.organisation.hex()}")
    note("Tell the admins that key by another way, so that they know it is yours.")
    note("It is kept for 90 days. `towpath provider status` shows when you are listed.")
