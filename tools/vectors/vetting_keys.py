"""Admins' reading keys, what an application's secret gives, its cover (vetting.md, 1, 3 and 5)."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from tools.vectors import wire
from tools.vectors.notes import Signer
from tools.vectors.people import (
    ASHA,
    BERIT,
    CARLA,
    DORA,
    LATER,
    NETWORK_ID,
    OTHER_NETWORK_ID,
    POLICY,
    STRANGER,
)
from tools.vectors.scenario import Scenarios, maker, utf8

_make = maker("make_admin_key", "vetting.md 1")
_check = maker("check_admin_key", "vetting.md 1")
_keys = maker("application_keys", "vetting.md 3")
_cover = maker("cover_application", "vetting.md 5")

SECRET = wire.draw("application secret", 32)
FILLER_KEY = wire.draw("filler key", 32)
TOO_BIG = b"\xff" * 1_216  # coefficients above 3,329: no X-Wing key


def reading_seed(admin: Signer, network_id: bytes = NETWORK_ID) -> bytes:
    """vetting.md, 1."""
    return wire.kdf(admin.seed, "admin-reading", 32, network_id)


def reading_public(admin: Signer) -> bytes:
    """The X-Wing key of an admin."""
    return wire.xwing_public(reading_seed(admin))


def reader(admin: Signer) -> bytes:
    """vetting.md, 3: what names an admin's reading key."""
    return wire.sha256(reading_public(admin))[:16]


LOW_ORDER = reading_public(ASHA)[:-32] + bytes(32)


@cache
def admin_key(
    admin: Signer,
    *,
    version: bytes = wire.VERSION,
    network_id: bytes = NETWORK_ID,
    public_key: bytes = b"",
    by: Signer | None = None,
    label: str = "admin-key",
) -> bytes:
    """vetting.md, 1; right or wrong, and signed all the same."""
    own = wire.xwing_public(reading_seed(admin, network_id))
    said = version + network_id + admin.public + (public_key or own)
    return said + wire.sign((by or admin).seed, wire.frame(label, said))


def application_keys(secret: bytes = SECRET, network_id: bytes = NETWORK_ID) -> dict[str, bytes]:
    """vetting.md, 3."""
    return {
        "id": wire.kdf(secret, "application-id", 16, network_id),
        "write_key": wire.kdf(secret, "application-write", 32, network_id),
        "reply_key": wire.kdf(secret, "application-reply", 32, network_id),
        "content_key": wire.kdf(secret, "application-content", 32, network_id),
    }


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _made()
    yield from _checked()
    yield from _derived()
    yield from _covers()


def _made() -> Scenarios:
    for name, network in (("", NETWORK_ID), ("_other_network", OTHER_NETWORK_ID)):
        yield _make(
            f"admin_key_make{name}",
            "From the one seed of an admin comes another reading key in each network.",
            {"seed": ASHA.seed, "network_id": network},
            output={
                "reading_seed": reading_seed(ASHA, network),
                "admin_key": admin_key(ASHA, network_id=network),
            },
        )
    for name, seed, network in (
        ("seed_short", ASHA.seed[:31], NETWORK_ID),
        ("seed_long", ASHA.seed + b"\x00", NETWORK_ID),
        ("network_short", ASHA.seed, NETWORK_ID[:31]),
    ):
        inputs = {"seed": seed, "network_id": network}
        yield _make(f"admin_key_make_{name}", "A part of another length.", inputs, "Malformed")


def _checking(key: bytes, policy: str = POLICY.text) -> dict[str, Any]:
    return {"admin_key": key, "policy": utf8(policy)}


def _checked() -> Scenarios:
    for name, admin, policy in (
        ("", ASHA, POLICY.text),
        ("_new_admin", DORA, LATER.text),
    ):
        yield _check(
            f"admin_key{name}",
            "The key of an admin of the policy as it is now.",
            _checking(admin_key(admin), policy),
            output={
                "admin": admin.public,
                "public_key": reading_public(admin),
                "reader": reader(admin),
            },
        )
    good = admin_key(ASHA)
    other = admin_key(ASHA, network_id=OTHER_NETWORK_ID)
    rows: dict[str, tuple[str, str, bytes]] = {
        "empty": ("Malformed", "Nothing.", b""),
        "cut": ("Malformed", "1,344 bytes.", good[:-1]),
        "appended": ("Malformed", "1,346 bytes.", good + b"\x00"),
        "version_2": ("Unsupported", "Version 2.", admin_key(ASHA, version=b"\x02")),
        "version_2_other_network": (
            "Unsupported",
            "Version 2 of another network: the version is looked at first.",
            admin_key(ASHA, version=b"\x02", network_id=OTHER_NETWORK_ID),
        ),
        "other_network": ("WrongNetwork", "Of another network.", other),
        "stranger": ("BadSignature", "Of somebody who is no admin.", admin_key(STRANGER)),
        "of_two": ("BadSignature", "Signed by another admin.", admin_key(ASHA, by=BERIT)),
        "other_label": (
            "BadSignature",
            "Signed as something else.",
            admin_key(ASHA, label="admin-file"),
        ),
        "swapped": (
            "BadSignature",
            "Another's reading key in its place, under the old signature.",
            good[:65] + reading_public(STRANGER) + good[-64:],
        ),
        "signature_flipped": ("BadSignature", "A bit of the signature.", wire.flip(good, 1_300)),
        "no_key": ("Malformed", "What is no X-Wing key.", admin_key(ASHA, public_key=TOO_BIG)),
        "low_order": (
            "Malformed",
            "A key with whom everybody shares the same secret.",
            admin_key(ASHA, public_key=LOW_ORDER),
        ),
        "no_key_stranger": (
            "BadSignature",
            "No key, and no admin: who signed is looked at first.",
            admin_key(STRANGER, public_key=TOO_BIG),
        ),
    }
    for name, (expect, comment, key) in rows.items():
        yield _check(f"admin_key_{name}", comment, _checking(key), expect)
    yield _check(
        "admin_key_former",
        "Of an admin who has left: nothing is sealed to her any more.",
        _checking(admin_key(CARLA), LATER.text),
        "BadSignature",
    )


def _derived() -> Scenarios:
    for name, network in (("", NETWORK_ID), ("_other_network", OTHER_NETWORK_ID)):
        yield _keys(
            f"application_keys{name}",
            "What the secret of an application gives, other in each network.",
            {"secret": SECRET, "network_id": network},
            output=application_keys(network_id=network),
        )
    for name, secret, network in (
        ("short", SECRET[:31], NETWORK_ID),
        ("long", SECRET + b"\x00", NETWORK_ID),
        ("network_short", SECRET, NETWORK_ID[:31]),
    ):
        inputs = {"secret": secret, "network_id": network}
        yield _keys(f"application_keys_{name}", "A part of another length.", inputs, "Malformed")


def cover() -> bytes:
    """vetting.md, 5."""
    framed = wire.frame("application-cover", FILLER_KEY, application_keys()["id"])
    return hashlib.shake_256(framed).digest(2_048)


def _covers() -> Scenarios:
    given = {"filler_key": FILLER_KEY, "id": application_keys()["id"]}
    yield _cover("application_cover", "Where there is no reply.", given, output={"cover": cover()})
    for name, changes in (
        ("key_short", {"filler_key": FILLER_KEY[:31]}),
        ("id_long", {"id": given["id"] + b"\x00"}),
    ):
        yield _cover(
            f"application_cover_{name}", "Another length.", {**given, **changes}, "Malformed"
        )
