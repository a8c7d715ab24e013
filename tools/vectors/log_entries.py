"""Entries of the log that are no notes, and those that are (log.md, 1)."""

from __future__ import annotations

from typing import Any

from tools.vectors import wire
from tools.vectors.people import MONDAY, NETWORK_ID, ORGANISATION, POLICY, PROFILE
from tools.vectors.scenario import Scenarios, maker, utf8
from tools.vectors.statements import TEXT
from tools.vectors.wire import b64

PERIOD = 4 + 28 * 732
KEY = wire.draw("issuing key", 32)
WEEKLY_HASH = wire.sha256(wire.draw("signed weekly key", 1_321))

_read = maker("read_log_entry", "log.md 1")


def profile_entry(profile: bytes = PROFILE) -> str:
    """The entry of a profile."""
    network, organisation = b64(NETWORK_ID), b64(ORGANISATION)
    return (
        f"towpath/v1/profile\nnetwork {network}\n"
        f"organisation {organisation}\nprofile {b64(profile)}\n"
    )


def weekly_entry(first: object = MONDAY - 2) -> str:
    """The entry of a weekly key."""
    network, organisation = b64(NETWORK_ID), b64(ORGANISATION)
    return (
        f"towpath/v1/weekly-key-entry\nnetwork {network}\n"
        f"organisation {organisation}\nfrom {first}\nkey {b64(WEEKLY_HASH)}\n"
    )


def token_entry(period: object = PERIOD) -> str:
    """The entry of an issuing key."""
    return (
        f"towpath/v1/token-key-entry\nnetwork {b64(NETWORK_ID)}\nperiod {period}\nkey {b64(KEY)}\n"
    )


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _read_ones()
    yield from _lines_refused()
    yield from _values_refused()


def _read_ones() -> Scenarios:
    of = {"network_id": NETWORK_ID, "organisation": ORGANISATION}
    monday = _a_monday()
    rows: dict[str, tuple[str, str, dict[str, Any]]] = {
        "profile": ("A profile.", profile_entry(), {**of, "profile": PROFILE}),
        "profile_longest": (
            "The longest profile, whatever is in it: admins sign its hash.",
            profile_entry(bytes(range(248))),
            {**of, "profile": bytes(range(248))},
        ),
        "weekly_key": (
            "A weekly key, by its hash.",
            weekly_entry(monday),
            {**of, "first": monday, "key": WEEKLY_HASH},
        ),
        "token_key": (
            "An issuing key.",
            token_entry(),
            {"network_id": NETWORK_ID, "period": PERIOD, "key": KEY},
        ),
        "token_key_first": (
            "The first period there is.",
            token_entry(4),
            {"network_id": NETWORK_ID, "period": 4, "key": KEY},
        ),
    }
    for name, (comment, given, parts) in rows.items():
        label = given.partition("\n")[0]
        output = {"label": label, **parts, "again": utf8(given)}
        yield _read(f"log_entry_{name}", comment, {"entry": utf8(given)}, output=output)
    for name, text in (("policy", POLICY.text), ("statement", TEXT)):
        output = {"label": text.partition("\n")[0], "again": utf8(text)}
        yield _read(
            f"log_entry_{name}",
            f"The text of a {name}, without its lines.",
            {"entry": utf8(text)},
            output=output,
        )


def _lines_refused() -> Scenarios:
    kinds = {
        "profile": profile_entry(),
        "weekly_key": weekly_entry(_a_monday()),
        "token_key": token_entry(),
    }
    for kind, good in kinds.items():
        label, network, *rest = good.splitlines(keepends=True)
        rows = {
            "other_label": ("Another version.", good.replace("v1/", "v2/", 1)),
            "line_missing": ("The last line is missing.", "".join((label, network, *rest[:-1]))),
            "line_more": ("A line too many.", good + "colour blue\n"),
            "line_twice": ("A line twice.", good + rest[-1]),
            "lines_swapped": ("Lines in another order.", "".join((label, rest[0], network))),
            "no_last_line_feed": ("The last line has no end.", good[:-1]),
            "signature_line": ("With a line as a note has.", good + "\n— asha AAAA\n"),
            "carriage_returns": ("Other line ends.", good.replace("\n", "\r\n")),
            "two_spaces": ("Two spaces.", good.replace("network ", "network  ")),
            "other_keyword": ("Another keyword.", good.replace("network ", "Network ")),
            "short_network": ("A network id of 31 bytes.", _short(good, NETWORK_ID)),
        }
        for name, (comment, given) in rows.items():
            yield _refused(f"{kind}_{name}", comment, given)


def _values_refused() -> Scenarios:
    monday = _a_monday()
    rows = {
        "empty": ("Nothing.", ""),
        "label_alone": ("A label and nothing more.", "towpath/v1/profile\n"),
        "suspensions": (
            "A list of suspensions is no entry.",
            f"towpath/v1/suspensions\nnetwork {b64(NETWORK_ID)}\n",
        ),
        "byte_order_mark": ("A mark in front.", "\ufeff" + token_entry()),
        "profile_empty": ("A profile of no bytes.", profile_entry(b"")),
        "profile_too_long": ("A profile of 249 bytes.", profile_entry(bytes(249))),
        "profile_spare_bits": (
            "Base64 that is not canonical.",
            profile_entry(b"\x00").replace("profile AA==", "profile AB=="),
        ),
        "profile_short_key": ("A key of 31 bytes.", _short(profile_entry(), ORGANISATION)),
        "weekly_key_short_key": ("A key of 31 bytes.", _short(weekly_entry(), ORGANISATION)),
        "weekly_key_short_hash": ("A hash of 31 bytes.", _short(weekly_entry(), WEEKLY_HASH)),
        "weekly_key_tuesday": ("Not from a Monday.", weekly_entry(monday + 1)),
        "weekly_key_33_bits": ("A day of 33 bits.", weekly_entry(2**32 + monday)),
        "weekly_key_negative": ("A day with a sign.", weekly_entry(-3)),
        "token_key_short": ("A key of 31 bytes.", _short(token_entry(), KEY)),
        "token_key_inside": ("A day that begins no period.", token_entry(PERIOD + 7)),
        "token_key_before_the_first": ("Before the first period.", token_entry(0)),
        "token_key_leading_zero": ("A leading zero.", token_entry(f"0{PERIOD}")),
        "token_key_33_bits": ("A day of 33 bits.", token_entry(2**32)),
    }
    for name, (comment, given) in rows.items():
        yield _refused(name, comment, given)
    yield _read(
        "log_entry_refused_ill_formed", "Ill-formed UTF-8.", {"entry": b"\xff\n"}, "Malformed"
    )
    yield _refused("note", "A whole note, lines and all.", TEXT + "\n— asha AAAA\n")
    long = "towpath/v1/profile\n" + "a" * 16_366
    yield _refused("too_long", "16,385 bytes.", long)


def _refused(name: str, comment: str, given: str) -> Any:
    return _read(f"log_entry_refused_{name}", comment, {"entry": utf8(given)}, "Malformed")


def _short(text: str, value: bytes) -> str:
    assert b64(value) in text
    return text.replace(b64(value), b64(value[:-1]))


def _a_monday() -> int:
    """Epoch 0 was a Thursday."""
    return MONDAY - (MONDAY + 3) % 7
