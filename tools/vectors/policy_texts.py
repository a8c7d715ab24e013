"""Texts of policies that are none (statements.md, 3 and 4)."""

from __future__ import annotations

from dataclasses import replace

from tools.vectors import wire
from tools.vectors.notes import Signer, network_id_of, signed, signer
from tools.vectors.people import ASHA, BERIT, CARLA, NETWORK_ID, POLICY
from tools.vectors.policies import accepting
from tools.vectors.scenario import Scenario, Scenarios, maker

_chain = maker("accept_policy_chain", "statements.md 4")


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _bad_numbers()
    yield from _bad_lists()
    yield from _bad_lines()


def _bad_numbers() -> Scenarios:
    rows = {
        "threshold_1": ("k is at least 2.", replace(POLICY, threshold=1)),
        "threshold_4_of_3": ("k is at most the number of admins.", replace(POLICY, threshold=4)),
        "threshold_4_of_4": (
            "A record has room for 3 signatures.",
            replace(POLICY, admins=_many(4), threshold=4),
        ),
        "witnesses_6_of_6": (
            "And for 5 cosignatures.",
            replace(POLICY, witnesses=_witnesses(6), quorum=6),
        ),
        "version_0": ("Versions begin with 1.", replace(POLICY, version=0, network_id=bytes(32))),
        "witnesses_4_of_3": ("w is at most the number of witnesses.", replace(POLICY, quorum=4)),
        "one_admin": ("A network has 2 admins or more.", replace(POLICY, admins=(ASHA,))),
        "17_admins": ("And 16 at most.", replace(POLICY, admins=_many(17))),
        "region_999": (
            "Regions of a network have ids from 1000 on.",
            replace(POLICY, regions=("999 Harbour",)),
        ),
        "region_65536": (
            "A region's id has two bytes in a message.",
            replace(POLICY, regions=("65536 Harbour",)),
        ),
    }
    for name, (comment, policy) in rows.items():
        yield _malformed(name, comment, policy.text)


def _bad_lists() -> Scenarios:
    namesake = signer("asha", "namesake")
    renamed = replace(ASHA, name="asha-2")
    long = signer("a" * 25)
    rows = {
        "admins_unordered": (
            "Admins ascend by name.",
            replace(POLICY, admins=(BERIT, ASHA, CARLA)),
        ),
        "name_twice": ("No name stands twice.", replace(POLICY, admins=(ASHA, namesake, BERIT))),
        "key_twice": ("No key stands twice.", replace(POLICY, admins=(ASHA, renamed, BERIT))),
        "key_in_two_roles": (
            "An admin's key may not be a former admin's as well.",
            replace(POLICY, former_admins=(signer("old-asha", "asha"),)),
        ),
        "admin_is_log": (
            "Nor the log's.",
            replace(POLICY, log=replace(ASHA, name="log.example")),
        ),
        "admin_name_too_long": (
            "25 bytes of an admin's name.",
            replace(POLICY, admins=(long, ASHA, BERIT)),
        ),
        "log_name_too_long": ("33 bytes.", replace(POLICY, log=signer("l" * 33))),
        "capital_name": ("A key's name has small letters.", replace(POLICY, log=signer("Log"))),
        "regions_unordered": (
            "Regions ascend by id.",
            replace(POLICY, regions=("1001 Old Town", "1000 Harbour")),
        ),
        "region_bidi": (
            "A region's name that turns the text around it.",
            replace(POLICY, regions=("1000 Harb\u202eour",)),
        ),
    }
    for name, (comment, policy) in rows.items():
        yield _malformed(name, comment, policy.text)


def _bad_lines() -> Scenarios:
    text = POLICY.text
    asha = ASHA.listed("admin")
    rows = {
        "label": ("Another label.", text.replace("v1/policy", "v2/policy")),
        "leading_zero": ("Numbers have no leading zeros.", text.replace("old 2", "old 02")),
        "sign": ("Nor a sign.", text.replace("until 3", "until +3")),
        "number_too_large": ("Nor 33 bits.", text.replace("until 30000", "until 4294967296")),
        "line_missing": ("Every line stands there.", text.replace("witnesses 2\n", "")),
        "line_unknown": ("And no other.", text + "colour blue\n"),
        "lines_swapped": (
            "In the order given.",
            text.replace("threshold 2\nwitnesses 2\n", "witnesses 2\nthreshold 2\n"),
        ),
        "two_spaces": ("One space after a keyword.", text.replace("version 1", "version  1")),
        "carriage_return": ("No carriage returns.", text.replace("\n", "\r\n")),
        "key_short": (
            "A key has 32 bytes.",
            text.replace(asha, f"admin asha {wire.b64(ASHA.public[:31])}\n"),
        ),
        "version_1_with_id": (
            "Version 1 can't know its id.",
            text.replace("network new", f"network {wire.b64(NETWORK_ID)}"),
        ),
    }
    for name, (comment, changed) in rows.items():
        yield _malformed(name, comment, changed)


def _malformed(name: str, comment: str, text: str) -> Scenario:
    """A first policy of which every signature holds and the text does not."""
    inputs = accepting([signed(text, ASHA, BERIT)], network_id=network_id_of(text))
    return _chain(f"policy_text_{name}", comment, inputs, "Malformed")


def _witnesses(count: int) -> list[Signer]:
    return [signer(f"witness-{number}.example") for number in range(count)]


def _many(count: int) -> list[Signer]:
    others = [signer(f"d{number:02d}") for number in range(count - 3)]
    return [ASHA, BERIT, CARLA, *others]
