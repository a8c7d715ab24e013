"""What organisations, admins, logs and witnesses sign is believed on both sides."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from crypto.client import codes, hpke, record, signing
from crypto.client.record_check import check
from crypto.public import organisation_keys, profile, statements
from tests.crypto import networks, records
from tests.second import both
from tests.second.asking import Stranger
from tests.second.both import made_up, values_of

SEED = made_up("recipient", 32)
PUBLIC_KEY = hpke.public_key(SEED)


def test_T53_a_record_of_the_product_is_believed(stranger: Stranger) -> None:
    """The stranger opens a record, checks every step and names the same organisation."""
    case = records.make()
    found = stranger("open_and_check", sealed=case.sealed, **both.seen_by_a_sender(case))
    ours = case.checked()
    assert found["statement"]["organisation"] == ours.statement.organisation
    assert found["statement"]["name"] == ours.statement.name
    for name in ("public_key", "last_epoch"):
        assert found["record"][name] == getattr(ours, name)
    assert stranger("read_profile", profile=found["record"]["profile"]) == values_of(ours.profile)


def test_T53_a_record_of_the_stranger_is_believed(stranger: Stranger) -> None:
    """The product believes a record of which the stranger made profile, notes, tree and seal."""
    case, net = records.make(), networks.make_network()
    listed = stranger("write_profile", values=values_of(profile.decode(net.profile)))
    text = _statement_by(stranger, net, listed)
    signers: list[list[Any]] = [[one.name, one.seed, None] for one in net.admins[:2]]
    note = stranger("write_note", text=text, signers=signers)
    root = stranger("leaf_hash", entry=text.encode())
    hashes = {"suspensions": hashlib.sha256(case.seen.suspensions).digest(), "root": root}
    hashes["policy_hash"] = hashlib.sha256(networks.entry_of(net.policy_note)).digest()
    text = stranger("write_checkpoint", log=net.log.name, size=1, version=1, **hashes)
    signers = [[one.name, one.seed, networks.noon(net.today)] for one in net.witnesses]
    signers.append([net.log.name, net.log.seed, None])
    checkpoint = stranger("write_note", text=text, signers=signers)
    parts = {"profile": listed, "statement": note, "checkpoint": checkpoint, "proof": []}
    parts |= {"organisation_seed": net.organisation_seed, "one_time_seed": SEED, "index": 0}
    place = {"code_keys": both.named(case.keys), "network_id": net.network_id}
    last = {"last_epoch": codes.last_epoch(net.today), "nonce": bytes(24)}
    opened = record.open_(
        stranger("make_record", **parts, **place, **last), case.keys, net.network_id
    )
    seen = replace(case.seen, newest=checkpoint)
    assert check(opened, case.keys.locator, seen).public_key == PUBLIC_KEY


def _statement_by(stranger: Stranger, net: networks.Network, listed: bytes) -> str:
    text: str = stranger(
        "write_statement",
        network_id=net.network_id,
        kind="vetted",
        serial=1,
        organisation=net.organisation,
        profile=hashlib.sha256(listed).digest(),
        first=net.today,
        until=net.today + 90,
        name="Maison d’Été",
    )
    return text


def test_suspension_lists_are_the_same(stranger: Stranger) -> None:
    """Both write the same list for the same organisations, however they are given."""
    net = networks.make_network()
    listed = [made_up(f"organisation {number}", 32) for number in range(20)]
    ended = [[key, 7] for key in listed]
    made = stranger("write_suspensions", network_id=net.network_id, ended=ended)
    assert made == net.suspensions(listed, serial=7)


def test_weekly_keys_are_the_same(stranger: Stranger) -> None:
    """Both sign the same weekly key, and each accepts it for the organisation's statement."""
    net = networks.make_network()
    first = networks.monday_of(net.today)
    made: dict[str, Any] = {"network_id": net.network_id, "first": first, "public_key": PUBLIC_KEY}
    weekly = bytes(signing.sign_weekly_key(net.organisation_seed, **made))
    assert stranger("sign_weekly_key", organisation_seed=net.organisation_seed, **made) == weekly
    shown = {"network_id": net.network_id, "today": net.today, "organisation": net.organisation}
    assert stranger("check_weekly_key", weekly=weekly, **shown)["public_key"] == PUBLIC_KEY
    statement = statements.check(net.statement(), net.policy, net.today)
    organisation_keys.check_weekly_key(weekly, statement, net.today)
