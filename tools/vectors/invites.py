"""Inviting a member (invite.md): what a code gives, offers, replies, the number, the cover."""

from __future__ import annotations

import hashlib
from typing import Any

from tools.vectors import wire
from tools.vectors.people import CODE, NETWORK_ID, ORGANISATION, OTHER_NETWORK_ID, OTHER_SEED
from tools.vectors.scenario import Scenarios, maker

_keys = maker("invite_keys", "invite.md 1")
_seal_offer = maker("seal_offer", "invite.md 2")
_open_offer = maker("open_offer", "invite.md 2")
_seal_reply = maker("seal_reply", "invite.md 2")
_open_reply = maker("open_reply", "invite.md 2")
_check = maker("invite_check", "invite.md 3")
_cover = maker("cover_invite", "invite.md 4")

PLAIN_BYTES = 1_496
NONCE = wire.draw("invite nonce", 24)
FILLER_KEY = wire.draw("filler key", 32)
SAID: dict[str, Any] = {
    "organisation_key": ORGANISATION,
    "role": 1,
    "words": "Open Door, by the station",
    "name": "Bo",
}
HERS: dict[str, Any] = {
    "member_id": wire.draw("newcomer's id", 16),
    "xwing_public_key": wire.xwing_public(OTHER_SEED),
    "ed25519_public_key": wire.ed25519_public(wire.draw("newcomer's Ed25519 seed", 32)),
}
_TOO_BIG = b"\xff" * 1_216  # coefficients above 3,329


def keys(network_id: bytes = NETWORK_ID) -> dict[str, bytes]:
    """invite.md, 1."""
    master = wire.stretch(CODE, wire.frame("invite", network_id))
    return {
        "locator": wire.kdf(master, "invite-locator", 16),
        "offer_key": wire.kdf(master, "invite-offer-key", 32),
        "reply_key": wire.kdf(master, "invite-reply-key", 32),
        "write_key": wire.kdf(master, "invite-write-key", 32),
    }


def _offer_text(
    version: bytes = wire.VERSION, network_id: bytes = NETWORK_ID, **said: Any
) -> bytes:
    said = {**SAID, **said}
    words, name = said["words"], said["name"]
    return b"".join(
        (
            version,
            network_id,
            said["organisation_key"],
            wire.u16(said["role"]),
            wire.lp(words if isinstance(words, bytes) else words.encode()),
            wire.lp(name if isinstance(name, bytes) else name.encode()),
        )
    )


def offer(text: bytes, network_id: bytes = NETWORK_ID) -> bytes:
    """A sealed offer of a plaintext without its padding (invite.md, 2)."""
    aad = wire.frame("invite-offer", network_id, keys()["locator"])
    return NONCE + wire.seal_aead(keys()["offer_key"], NONCE, aad, wire.pad(text, PLAIN_BYTES))


OFFER = offer(_offer_text())


def reply(text: bytes, answered: bytes = OFFER) -> bytes:
    """A sealed reply of a plaintext without its padding (invite.md, 2)."""
    aad = wire.frame("invite-reply", NETWORK_ID, keys()["locator"], wire.sha256(answered))
    return NONCE + wire.seal_aead(keys()["reply_key"], NONCE, aad, wire.pad(text, PLAIN_BYTES))


def _reply_text(version: bytes = wire.VERSION, **hers: bytes) -> bytes:
    return version + b"".join({**HERS, **hers}.values())


REPLY = reply(_reply_text())


def number(
    network_id: bytes = NETWORK_ID, organisation: bytes = ORGANISATION, answered: bytes = OFFER
) -> str:
    """invite.md, 3."""
    salt = wire.frame("invite-check", network_id, organisation, wire.sha256(answered))
    value = int.from_bytes(wire.stretch(b"".join(HERS.values()), salt)[:8], "big") % 10**12
    digits = f"{value:012d}"
    return " ".join(digits[at : at + 3] for at in range(0, 12, 3))


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _derived()
    yield from _offers_sealed()
    yield from _offers_opened()
    yield from _replies_sealed()
    yield from _replies_opened()
    yield from _numbers()
    yield from _covers()


def _derived() -> Scenarios:
    for name, network in (("", NETWORK_ID), ("_other_network", OTHER_NETWORK_ID)):
        inputs = {"code": CODE, "network_id": network}
        yield _keys(
            f"invite_keys{name}",
            "The same ten bytes as a code for a request give other values, in each network.",
            inputs,
            output=keys(network),
        )
    for name, code, network in (
        ("short", CODE[:9], NETWORK_ID),
        ("long", CODE + b"\x00", NETWORK_ID),
        ("network_short", CODE, NETWORK_ID[:31]),
    ):
        inputs = {"code": code, "network_id": network}
        yield _keys(f"invite_keys_{name}", "A part of another length.", inputs, "Malformed")


def _sealing(**said: Any) -> dict[str, Any]:
    given = {name: keys()[name] for name in ("locator", "offer_key")}
    return {**given, "network_id": NETWORK_ID, **SAID, "nonce": NONCE, **said}


def _offers_sealed() -> Scenarios:
    yield _seal_offer("invite_offer_seal", "An offer.", _sealing(), output={"offer": OFFER})
    longest: dict[str, Any] = {"words": "\u00e9" * 48, "name": "n" * 64, "role": 65_535}
    yield _seal_offer(
        "invite_offer_seal_longest",
        "96 bytes of words and 64 of a name.",
        _sealing(**longest),
        output={"offer": offer(_offer_text(**longest))},
    )
    rows: dict[str, tuple[str, str, dict[str, Any]]] = {
        "words_long": ("TooLong", "97 bytes of words.", {"words": "w" * 97}),
        "name_long": ("TooLong", "65 bytes of a name.", {"name": "n" * 65}),
        "words_empty": ("Malformed", "No words.", {"words": ""}),
        "name_empty": ("Malformed", "No name.", {"name": ""}),
        "name_control": ("Malformed", "A control character.", {"name": "B\x07o"}),
        "role_0": ("Malformed", "The number 0 is no role.", {"role": 0}),
        "role_large": ("Malformed", "A role beyond two bytes.", {"role": 65_536}),
        "key_short": ("Malformed", "31 bytes are no key.", {"organisation_key": ORGANISATION[:31]}),
        "network_long": ("Malformed", "33 bytes are no id.", {"network_id": NETWORK_ID + b"\x00"}),
    }
    for name, (expect, comment, said) in rows.items():
        yield _seal_offer(f"invite_offer_seal_{name}", comment, _sealing(**said), expect)


def _opening(sealed: bytes, **given: Any) -> dict[str, Any]:
    held = {name: keys()[name] for name in ("locator", "offer_key")}
    return {**held, "offer": sealed, "network_id": NETWORK_ID, **given}


def _offers_opened() -> Scenarios:
    yield _open_offer("invite_offer_open", "An offer.", _opening(OFFER), output=SAID)
    other = wire.draw("another invite", 16)
    full = _offer_text(words="w" * 96, name="n" * 64)
    rows: dict[str, tuple[str, str, dict[str, Any]]] = {
        "cut": ("Malformed", "1,535 bytes.", _opening(OFFER[:-1])),
        "appended": ("Malformed", "1,537 bytes.", _opening(OFFER + b"\x00")),
        "flipped": ("CannotOpen", "The last bit.", _opening(wire.flip(OFFER, 1_535))),
        "nonce": ("CannotOpen", "A bit of the nonce.", _opening(wire.flip(OFFER, 0))),
        "locator": ("CannotOpen", "Moved to another invite.", _opening(OFFER, locator=other)),
        "network": (
            "CannotOpen",
            "Asked for in another network.",
            _opening(OFFER, network_id=OTHER_NETWORK_ID),
        ),
        "reply_key": (
            "CannotOpen",
            "The reply's key opens no offer.",
            _opening(OFFER, offer_key=keys()["reply_key"]),
        ),
        "reply": ("CannotOpen", "A reply in its place.", _opening(REPLY)),
        "version_2": ("Unsupported", "Version 2.", _opening(offer(_offer_text(b"\x02")))),
        "says_network": (
            "WrongNetwork",
            "It names another network than the one it is sealed for.",
            _opening(offer(_offer_text(network_id=OTHER_NETWORK_ID))),
        ),
        "role_0": ("Malformed", "No role.", _opening(offer(_offer_text(role=0)))),
        "words_empty": ("Malformed", "No words.", _opening(offer(_offer_text(words="")))),
        "words_long": ("Malformed", "97 bytes.", _opening(offer(_offer_text(words="w" * 97)))),
        "name_empty": ("Malformed", "No name.", _opening(offer(_offer_text(name="")))),
        "name_long": ("Malformed", "65 bytes.", _opening(offer(_offer_text(name="n" * 65)))),
        "name_control": ("Malformed", "A tab.", _opening(offer(_offer_text(name="B\to")))),
        "name_utf8": ("Malformed", "No UTF-8.", _opening(offer(_offer_text(name=b"\xff")))),
        "padding": ("Malformed", "Padding that is not zero.", _opening(offer(full + b"\x00\x01"))),
    }
    for name, (expect, comment, given) in rows.items():
        yield _open_offer(f"invite_offer_open_{name}", comment, given, expect)


def _replying(**hers: Any) -> dict[str, Any]:
    held = {name: keys()[name] for name in ("locator", "reply_key")}
    return {**held, "network_id": NETWORK_ID, "offer": OFFER, **HERS, "nonce": NONCE, **hers}


_NOT_HERS: dict[str, tuple[str, dict[str, Any]]] = {
    "id_short": ("15 bytes are no id.", {"member_id": HERS["member_id"][:15]}),
    "xwing_short": ("A key cut short.", {"xwing_public_key": HERS["xwing_public_key"][:-1]}),
    "xwing_none": ("No X-Wing key.", {"xwing_public_key": _TOO_BIG}),
    "ed25519_long": ("33 bytes.", {"ed25519_public_key": HERS["ed25519_public_key"] + b"\x00"}),
}


def _replies_sealed() -> Scenarios:
    yield _seal_reply("invite_reply_seal", "A reply.", _replying(), output={"reply": REPLY})
    for name, (comment, hers) in _NOT_HERS.items():
        yield _seal_reply(f"invite_reply_seal_{name}", comment, _replying(**hers), "Malformed")
    short = _replying(offer=OFFER[:-1])
    yield _seal_reply("invite_reply_seal_offer_short", "To no offer.", short, "Malformed")


def _reading(sealed: bytes, **given: Any) -> dict[str, Any]:
    held = {name: keys()[name] for name in ("locator", "reply_key")}
    return {**held, "network_id": NETWORK_ID, "offer": OFFER, "reply": sealed, **given}


def _replies_opened() -> Scenarios:
    yield _open_reply("invite_reply_open", "A reply.", _reading(REPLY), output=HERS)
    other = wire.draw("another invite", 16)
    rows: dict[str, tuple[str, str, dict[str, Any]]] = {
        "cover": ("CannotOpen", "Nobody has replied yet.", _reading(cover())),
        "other_offer": (
            "CannotOpen",
            "It answers another offer under the same code.",
            _reading(REPLY, offer=offer(_offer_text(name="Cy"))),
        ),
        "flipped": ("CannotOpen", "A bit.", _reading(wire.flip(REPLY, 700))),
        "locator": ("CannotOpen", "Of another invite.", _reading(REPLY, locator=other)),
        "network": ("CannotOpen", "Elsewhere.", _reading(REPLY, network_id=OTHER_NETWORK_ID)),
        "offer_key": (
            "CannotOpen",
            "The offer's key opens no reply.",
            _reading(REPLY, reply_key=keys()["offer_key"]),
        ),
        "cut": ("Malformed", "1,535 bytes.", _reading(REPLY[:-1])),
        "offer_short": ("Malformed", "To no offer.", _reading(REPLY, offer=OFFER[:-1])),
        "version_2": ("Unsupported", "Version 2.", _reading(reply(_reply_text(b"\x02")))),
        "xwing_none": (
            "Malformed",
            "No X-Wing key.",
            _reading(reply(_reply_text(xwing_public_key=_TOO_BIG))),
        ),
        "padding": ("Malformed", "Not zero.", _reading(reply(_reply_text() + b"\x01"))),
    }
    for name, (expect, comment, given) in rows.items():
        yield _open_reply(f"invite_reply_open_{name}", comment, given, expect)


def _numbers() -> Scenarios:
    other = offer(_offer_text(name="other"))
    for name, network, organisation, answered in (
        ("", NETWORK_ID, ORGANISATION, OFFER),
        ("_other_network", OTHER_NETWORK_ID, ORGANISATION, OFFER),
        ("_other_organisation", NETWORK_ID, HERS["ed25519_public_key"], OFFER),
        ("_other_offer", NETWORK_ID, ORGANISATION, other),
    ):
        place = {"offer": answered, "network_id": network, "organisation_key": organisation}
        yield _check(
            f"invite_check{name}",
            "The number depends on her keys, the offer, the organisation and the network.",
            {**HERS, **place},
            output={"check": number(network, organisation, answered)},
        )
    place = {"offer": OFFER, "network_id": NETWORK_ID, "organisation_key": ORGANISATION}
    for name, (comment, hers) in _NOT_HERS.items():
        yield _check(f"invite_check_{name}", comment, {**HERS, **place, **hers}, "Malformed")
    short = {**HERS, **place, "organisation_key": ORGANISATION[:31]}
    yield _check("invite_check_organisation_short", "31 bytes.", short, "Malformed")
    cut = {**HERS, **place, "offer": OFFER[:-1]}
    yield _check("invite_check_offer_short", "1,535 bytes.", cut, "Malformed")


def cover() -> bytes:
    """invite.md, 4."""
    framed = wire.frame("invite-cover", FILLER_KEY, keys()["locator"])
    return hashlib.shake_256(framed).digest(1_536)


def _covers() -> Scenarios:
    given = {"filler_key": FILLER_KEY, "locator": keys()["locator"]}
    yield _cover("invite_cover", "Where there is no reply.", given, output={"cover": cover()})
    for name, changes in (
        ("key_short", {"filler_key": FILLER_KEY[:31]}),
        ("locator_long", {"locator": given["locator"] + b"\x00"}),
    ):
        yield _cover(f"invite_cover_{name}", "Another length.", {**given, **changes}, "Malformed")
