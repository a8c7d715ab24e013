"""S6 (d): an organisation bound to a task force, under a pledge, applies.

It is stopped by V2 and V3 as it answers them; or, where what it tells is in order, it is listed,
and whoever asks reads its ties and its funders' terms first.
"""

from __future__ import annotations

from client import ambient
from client.cli import peer_show
from client.demo_network import api_at
from client.demo_places import PROVIDERS
from client.flows import choosing
from tests.acceptance.deployment import ADMINS, HARBOUR, Deployment

BLOCKING = ("V1", "V2", "V3", "V5", "V7")
_TIES = {
    'police_ties = ["goes_with_you"]': 'police_ties = ["task_force"]',
    'funding = ["government", "reports_totals"]': 'funding = ["pledge"]',
}


def _apply(at: Deployment, name: str, **said: str) -> None:
    """Hand in an application with these ties, and these answers in place of the usual ones."""
    text = PROVIDERS[HARBOUR].replace("Harbour Immigration Legal Aid", name)
    for before, after in _TIES.items():
        assert before in text
        text = text.replace(before, after)
    for criterion, answer in said.items():
        before = f'[{criterion}]\nanswer = "yes"'
        assert before in text
        text = text.replace(before, f'[{criterion}]\nanswer = "{answer}"')
    file, home = at.folder / f"{name}.toml", at.folder / f"home of {name}"
    file.write_text(text, encoding="utf-8")
    phrase = str(at.folder / "admins" / "phrase")
    options = ("--from", str(file), "--home", str(home), "--passphrase-file", phrase, "--yes")
    network = ("--network", at.network_id)
    at.run("provider", "apply", "--member", "A", *options, *network).done()


def test_S6_R21_T66_who_passes_names_on_is_listed_by_nobody_alone_and_past_nobody(
    deployed: Deployment,
) -> None:
    """(d) V2 answered with no: each admin alone is refused, and two past the third who objects."""
    _apply(deployed, "Bound House", V2="no", V3="part")
    for admin in ADMINS:
        said = deployed.admin(admin, "approve", "Bound House", "--days", "9")
        said.refused(6, "can't be signed yet", "V2: you have not marked it as met yourself.")
    for admin in ADMINS[:2]:
        for item in BLOCKING:
            deployed.mark(admin, "Bound House", item, "met").done()
    deployed.mark(ADMINS[2], "Bound House", "V2", "not-met", "--text", "It says so.").done()
    for admin in ADMINS[:2]:
        said = deployed.admin(admin, "approve", "Bound House", "--days", "9")
        said.refused(6, f"V2: {ADMINS[2]} marked it as not met")
    assert "Bound House" not in _shown(deployed)


def test_S6_R21_R22_ties_that_are_told_stand_before_whoever_asks(deployed: Deployment) -> None:
    """(d) Disclosed and met, it is listed; the client that asks shows task force and pledge."""
    _apply(deployed, "Open Ties")
    for admin in ADMINS[:2]:
        for item in BLOCKING:
            deployed.mark(admin, "Open Ties", item, "met").done()
    deployed.admin(ADMINS[0], "approve", "Open Ties", "--days", "9").done()
    deployed.admin(ADMINS[1], "approve", "Open Ties").done()
    shown = _shown(deployed)["Open Ties"]
    assert "task force" in shown["Ties to the police"]
    assert "pledge" in shown["Who pays them"]


def _shown(at: Deployment) -> dict[str, dict[str, str]]:
    """What a client that asks shows of each organisation that it takes for listed."""
    network_id = bytes.fromhex(at.network_id)
    found = choosing.fetch(api_at(at.url), device_day=ambient.today(), network_id=network_id)
    return {
        one.statement.name: peer_show.described(one.statement, one.profile, found.view)
        for one in found.organisations
    }
