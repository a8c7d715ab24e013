"""Listing requests of organisations that ask to be vetted (vetting.md, 2)."""

from __future__ import annotations

from typing import Any

from tools.vectors import profiles, wire
from tools.vectors.people import (
    NETWORK_ID,
    ORGANISATION,
    ORGANISATION_SEED,
    OTHER_NETWORK_ID,
    OTHER_ORGANISATION,
    OTHER_ORGANISATION_SEED,
    PROFILE,
    TODAY,
)
from tools.vectors.scenario import Scenarios, maker
from tools.vectors.wire import draw, lp, u32

NAME = "Harbour House"
MEMBER = wire.ed25519_public(draw("first member", 32))
MOST = 513

_make = maker("make_application", "vetting.md 2")
_check = maker("check_application", "vetting.md 2")


def application(
    name: bytes = NAME.encode(),
    profile: bytes = PROFILE,
    *,
    network_id: bytes = NETWORK_ID,
    organisation: bytes = ORGANISATION,
    version: bytes = wire.VERSION,
    seed: bytes = ORGANISATION_SEED,
    label: str = "application",
    more: bytes = b"",
) -> bytes:
    """vetting.md, 2; right or wrong, and signed all the same."""
    head = version + network_id + organisation + MEMBER + u32(TODAY)
    said = head + lp(name) + lp(profile) + more
    return said + wire.sign(seed, wire.frame(label, said))


def scenarios() -> Scenarios:
    """All of this area."""
    long_profile, _ = profiles.longest()
    rows = {
        "usual": ("An organisation asks to be vetted.", NAME, PROFILE),
        "longest": ("513 bytes: name and profile as long as they may be.", "é" * 48, long_profile),
        "script": (
            "A name in another script.",
            "\u062e\u0627\u0646\u0647\u200c\u06cc \u0645\u0627",
            PROFILE,
        ),
    }
    for name, (comment, called, profile) in rows.items():
        made = application(called.encode(), profile)
        assert (len(made) == MOST) == (name == "longest")
        yield _make(
            f"application_make_{name}",
            comment,
            _making(called, profile),
            output={"application": made},
        )
        yield _check(f"application_{name}", comment, _checking(made), output=_said(called, profile))
    decomposed = "Cafe\u0301"
    yield _check(
        "application_not_nfc",
        "A reader does not ask for one spelling.",
        _checking(application(decomposed.encode())),
        output=_said(decomposed, PROFILE),
    )
    yield from _not_made()
    yield from _not_read()


def _making(name: str = NAME, profile: bytes = PROFILE) -> dict[str, Any]:
    return {
        "organisation_seed": ORGANISATION_SEED,
        "network_id": NETWORK_ID,
        "member_key": MEMBER,
        "epoch": TODAY,
        "name": name,
        "profile": profile,
    }


def _checking(content: bytes) -> dict[str, Any]:
    return {"application": content, "network_id": NETWORK_ID}


def _said(name: str, profile: bytes) -> dict[str, Any]:
    return {
        "organisation": ORGANISATION,
        "member_key": MEMBER,
        "epoch": TODAY,
        "name": name,
        "profile": profile,
    }


def _not_made() -> Scenarios:
    long_profile, _ = profiles.longest()
    rows: dict[str, tuple[str, str, dict[str, Any]]] = {
        "name_long": ("TooLong", "97 bytes.", {"name": "a" * 97}),
        "profile_long": ("TooLong", "249 bytes.", {"profile": long_profile + b"\x00"}),
        "name_empty": ("Malformed", "No name.", {"name": ""}),
        "name_not_nfc": ("Malformed", "A name in another spelling.", {"name": "Cafe\u0301"}),
        "name_blank": ("Malformed", "A name of dashes.", {"name": "---"}),
        "name_space": ("Malformed", "A space at its end.", {"name": NAME + " "}),
        "name_turned": ("Malformed", "A name that turns text round.", {"name": "a\u202eb"}),
        "profile_none": ("Malformed", "No profile.", {"profile": b""}),
        "profile_cut": ("Malformed", "A profile cut short.", {"profile": PROFILE[:-1]}),
        "epoch_large": ("Malformed", "An epoch of 5 bytes.", {"epoch": 1 << 32}),
        "epoch_negative": ("Malformed", "A negative epoch.", {"epoch": -1}),
        "seed_short": ("Malformed", "A seed of 31 bytes.", {"organisation_seed": bytes(31)}),
        "network_short": ("Malformed", "31 bytes.", {"network_id": NETWORK_ID[1:]}),
        "member_long": ("Malformed", "A key of 33 bytes.", {"member_key": MEMBER + b"\x01"}),
    }
    for name, (expect, comment, changed) in rows.items():
        yield _make(f"application_make_{name}", comment, {**_making(), **changed}, expect)


def _not_read() -> Scenarios:
    good = application()
    other: dict[str, Any] = {"organisation": OTHER_ORGANISATION, "seed": ORGANISATION_SEED}
    long_profile, _ = profiles.longest()
    more = wire.fields({**profiles.LEAST, 99: bytes(300)})
    rows = {
        "empty": ("Malformed", "Nothing.", b""),
        "version_0": ("Unsupported", "Version 0.", application(version=b"\x00")),
        "version_2": ("Unsupported", "Version 2.", application(version=b"\x02")),
        "version_2_long": (
            "Malformed",
            "514 bytes, whatever their version.",
            wire.pad(application(version=b"\x02"), MOST + 1),
        ),
        "cut": ("Malformed", "A byte less.", good[:-1]),
        "cut_head": ("Malformed", "Cut within the member's key.", good[:90]),
        "appended": ("Malformed", "A byte more.", good + b"\x00"),
        "more_signed": ("Malformed", "A byte more, and signed.", application(more=b"\x00")),
        "name_empty": ("Malformed", "No name.", application(b"")),
        "name_blank": ("Malformed", "A name of dashes.", application(b"---")),
        "name_long": ("Malformed", "A name of 97 bytes.", application(b"a" * 97)),
        "name_control": ("Malformed", "A line feed in the name.", application(b"a\nb")),
        "name_invisible": ("Malformed", "A zero-width space.", application("a\u200bb".encode())),
        "name_turned": ("Malformed", "A name that turns text.", application("a\u202eb".encode())),
        "name_space": ("Malformed", "A space in front.", application(b" a")),
        "name_utf8": ("Malformed", "A name that is no UTF-8.", application(b"a\xff")),
        "name_surrogate": ("Malformed", "Half a pair.", application(b"a\xed\xa0\x80")),
        "profile_none": ("Malformed", "No profile.", application(profile=b"")),
        "profile_cut": ("Malformed", "A profile cut short.", application(profile=PROFILE[:-1])),
        "profile_long": ("Malformed", "A profile too long.", application(profile=more)),
        "profile_249": (
            "Malformed",
            "249 bytes under a short name.",
            application(profile=long_profile + b"\x00"),
        ),
        "profile_order": ("Malformed", "Fields out of order.", application(profile=_unordered())),
        "other_network": (
            "WrongNetwork",
            "To another network.",
            application(network_id=OTHER_NETWORK_ID),
        ),
        "other_network_signature": (
            "WrongNetwork",
            "To another network, and its signature does not hold.",
            wire.flip(application(network_id=OTHER_NETWORK_ID), 200),
        ),
        "other_signer": ("BadSignature", "Signed by another.", _by_another()),
        "other_organisation": ("BadSignature", "In another's name.", application(**other)),
        "other_label": ("BadSignature", "Signed as something else.", application(label="answer")),
        "no_frame": ("BadSignature", "Signed without its frame.", _unframed()),
        "signature_flipped": ("BadSignature", "A bit of it.", wire.flip(good, len(good) - 1)),
        "signature_zero": ("BadSignature", "Zeros.", good[:-64] + bytes(64)),
        "member_flipped": ("BadSignature", "Another member's key.", wire.flip(good, 65)),
        "epoch_flipped": ("BadSignature", "Another day.", wire.flip(good, 100)),
        "name_flipped": ("BadSignature", "Another name.", wire.flip(good, 104)),
        "key_small_order": (
            "BadSignature",
            "An organisation key that is no key.",
            application(organisation=bytes(32)),
        ),
    }
    for name, (expect, comment, content) in rows.items():
        yield _check(f"application_{name}", comment, _checking(content), expect)


def _by_another() -> bytes:
    return application(seed=OTHER_ORGANISATION_SEED)


def _unframed() -> bytes:
    said = application()[:-64]
    return said + wire.sign(ORGANISATION_SEED, said)


def _unordered() -> bytes:
    return wire.fields(dict(reversed(profiles.LEAST.items())))
