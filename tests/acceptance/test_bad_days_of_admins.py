"""Bad days of people who vouch: a key stolen or lost, too few admins left, the log's key gone.

Each way back is that of docs/runbook/admins.md, with the commands themselves: nothing is repaired
by one person alone, and nothing silently.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from server.services import log_entries
from tests.acceptance import people
from tests.acceptance.command import Said
from tests.acceptance.deployment import ADMINS, HARBOUR, NAMES, OPEN_DOOR, Deployment, options_of
from tests.acceptance.people import SLEEP, Provider
from tests.server import serving

ANA, BO, CY = ADMINS
BLOCKING = ("V1", "V2", "V3", "V5", "V7")


def policy(at: Deployment, name: str, *words: str, signed_by: tuple[str, ...]) -> Said:
    """Draft the next policy, let these admins sign it, and give it to the server."""
    file = at.folder / name
    network = ("--network", at.network_id)
    at.run("admin", "policy", "next", *words, *network, "--out", str(file)).done()
    for admin in signed_by:
        at.admin(admin, "policy", "sign", str(file), *network).done()
    loaded = serving.run("policy", file, folder=at.server)
    return Said(loaded.returncode, loaded.stdout, loaded.stderr)


def new_key(at: Deployment, name: str) -> str:
    """Make the key of another admin and return its line."""
    _, file, *phrase = options_of(at.folder, name)
    made = at.run("admin", "keys", "new", "--name", name, "--out", file, *phrase).done()
    return next(line for line in made.out.splitlines() if line.startswith("admin "))


def approve_again(provider: Provider, *admins: str) -> None:
    """Let an organisation apply anew, and admins look at it anew and sign."""
    at, named = provider.at, NAMES[provider.name]
    provider.run("apply", "--renew", "--yes").done()
    for admin in admins:
        for item in BLOCKING:
            at.mark(admin, named, item, "met").done()
    for admin in admins:
        at.admin(admin, "approve", named, "--days", "90").done()
    provider.run("capacity", "--walk-ins", "open").done()
    provider.sync()


def ask_without_a_code(at: Deployment, name: str) -> None:
    """Send a request to an organisation of the directory."""
    words = ("--no-code", "--to", name, "--network", at.network_id, "--yes", "--json")
    at.run("ask", *words, "--from", str(people.written(at, SLEEP))).done()


@pytest.fixture
def door(started: Deployment) -> Provider:
    """An organisation that the first two admins have signed for."""
    return Provider(started, OPEN_DOOR)


def test_P9_R21_a_stolen_admin_key_can_be_taken_out_and_what_it_did_is_lifted_by_k(
    started: Deployment, door: Provider
) -> None:
    """It suspends until two others retire it; then they list anew, on the same day."""
    at, harbour, found = started, Provider(started, HARBOUR), door.code()
    at.admin(ANA, "suspend", NAMES[HARBOUR]).done()  # the thief's
    line = new_key(at, "dee")
    retiring = ("--retire", ANA, "--add", line)
    alone = policy(at, "thief", "--retire", BO, signed_by=(ANA,))
    assert alone.exit_code == 1
    assert "Too few admins" in alone.err
    assert policy(at, "next", *retiring, signed_by=(BO, CY)).exit_code == 0
    network = ("--network", at.network_id)
    at.run("admin", "review", *options_of(at.folder, ANA), *network).refused(6, "ana was retired")
    # What rested on that key holds no more, and the peer is told before anything is sent.
    people.try_to_ask(at, found, SLEEP).refused(6, "Nothing was sent")
    for provider in (door, harbour):
        approve_again(provider, BO, CY)
    ask_without_a_code(at, "open door")
    at.run("admin", "keys", "publish", *options_of(at.folder, "dee")).done()


def test_P9_with_fewer_than_k_admins_left_nothing_is_listed_and_any_one_still_suspends(
    started: Deployment, door: Provider
) -> None:
    """The last admin can't make rules for others, and can stop whoever has to be stopped."""
    code = door.code()
    alone = policy(started, "alone", "--threshold", "3", signed_by=(CY,))
    assert alone.exit_code == 1
    assert "Too few admins" in alone.err
    door.run("apply", "--renew", "--yes").done()
    for item in BLOCKING:
        started.mark(CY, NAMES[OPEN_DOOR], item, "met").done()
    refused = started.admin(CY, "approve", NAMES[OPEN_DOOR], "--days", "90")
    assert refused.exit_code != 0
    started.admin(CY, "suspend", NAMES[OPEN_DOOR]).done()
    people.try_to_ask(started, code, SLEEP).refused(6, "Nothing was sent")


def test_P9_a_lost_log_key_costs_the_codes_that_are_out_and_nothing_else(
    own: Deployment,
) -> None:
    """The server says what to do, the next policy names another key, and asking goes on."""
    own.start(later=True)
    door = Provider(own, OPEN_DOOR)
    found = door.code()
    own.stop()
    for key in (own.server / "keyring").glob("log-*.key"):
        key.unlink()
    started = serving.run("serve", folder=own.server)
    assert started.returncode == 7
    assert "server log-key" in started.stderr
    made = serving.run("log-key", "--name", "log2.example", folder=own.server)
    line = next(x.strip() for x in made.stdout.splitlines() if x.strip().startswith("log log2"))
    named = _drafted_offline(own, line)
    assert serving.run("policy", named, folder=own.server).returncode == 0
    own.start(later=True)
    people.try_to_ask(own, found, SLEEP).refused(6, "Nothing was sent")
    ask_without_a_code(own, "open door")


def _drafted_offline(at: Deployment, line: str) -> Path:
    """Draft and sign the next policy from files, as the server does not run."""
    file, first = at.folder / "next", at.folder / "server-policy"
    with at.core() as core:
        document = core.database.read(lambda connection: log_entries.policy_notes(connection, 1))
    first.write_bytes(document[0])
    after = ("--after", str(first))
    at.run("admin", "policy", "next", "--log", line, *after, "--out", str(file)).done()
    for admin in (ANA, BO):
        at.admin(admin, "policy", "sign", str(file), *after).done()
    return file
