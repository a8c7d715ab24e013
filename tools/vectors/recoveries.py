"""The recovery sheet (store.md, 10)."""

from __future__ import annotations

from tools.vectors import reed_solomon, wire
from tools.vectors.people import NETWORK_ID, OTHER_NETWORK_ID
from tools.vectors.scenario import Scenarios, maker

_write = maker("write_recovery", "store.md 10")
_read = maker("read_recovery", "store.md 10")
_keys = maker("recovery_keys", "store.md 10")

_DRAWN = wire.draw("recovery secret", 17)
SECRET = _DRAWN[:16] + bytes([_DRAWN[16] & 0xC0])


def symbols(secret: bytes) -> str:
    """Six groups of five symbols."""
    number = int.from_bytes(secret, "big") >> 6
    data = [number >> shift & 31 for shift in range(125, -1, -5)]
    word = data + reed_solomon.checks(data)
    text = "".join(reed_solomon.ALPHABET[one] for one in word)
    return "-".join(text[at : at + 5] for at in range(0, 30, 5))


def keys(network_id: bytes) -> dict[str, bytes]:
    """What the secret gives."""
    return {
        "member_id": wire.kdf(SECRET, "recovery-id", 16, network_id),
        "xwing_seed": wire.kdf(SECRET, "recovery-xwing", 32, network_id),
        "ed25519_seed": wire.kdf(SECRET, "recovery-signing", 32, network_id),
    }


def scenarios() -> Scenarios:
    """All of this area."""
    for name, secret in (("", SECRET), ("_zeros", bytes(17)), ("_ones", b"\xff" * 16 + b"\xc0")):
        yield _write(
            f"recovery_write{name}",
            "Thirty symbols.",
            {"secret": secret},
            output={"symbols": symbols(secret)},
        )
    for name, secret in (
        ("short", SECRET[:16]),
        ("long", SECRET + b"\x00"),
        ("spare_bit", SECRET[:16] + bytes([SECRET[16] | 1])),
    ):
        yield _write(f"recovery_write_{name}", "No secret.", {"secret": secret}, "Malformed")
        given = {"secret": secret, "network_id": NETWORK_ID}
        yield _keys(f"recovery_keys_{name}", "No secret.", given, "Malformed")
    yield from _typed()
    for name, network in (("", NETWORK_ID), ("_other_network", OTHER_NETWORK_ID)):
        yield _keys(
            f"recovery_keys{name}",
            "Id and seeds depend on the network.",
            {"secret": SECRET, "network_id": network},
            output=keys(network),
        )
    short = {"secret": SECRET, "network_id": NETWORK_ID[:31]}
    yield _keys("recovery_keys_network_short", "31 bytes are no id.", short, "Malformed")


def _typed() -> Scenarios:
    right = symbols(SECRET)
    forgiven = {
        "": right,
        "_lower": right.lower(),
        "_spaces": f" {right.replace('-', '  ')}\n",
        "_alike": right.replace("0", "O").replace("1", "l"),
    }
    for name, text in forgiven.items():
        comment = "As it is printed, or nearly."
        yield _read(f"recovery_read{name}", comment, {"text": text}, output={"secret": SECRET})
    plain = right.replace("-", "")
    other = reed_solomon.ALPHABET[reed_solomon.ALPHABET.index(plain[3]) ^ 1]
    last = reed_solomon.ALPHABET[reed_solomon.ALPHABET.index(plain[29]) ^ 16]
    swapped = next(at for at in range(29) if plain[at] != plain[at + 1])
    mistyped = {
        "empty": "",
        "short": plain[:-1],
        "long": plain + "0",
        "one_wrong": plain[:3] + other + plain[4:],
        "check_wrong": plain[:29] + last,
        "swapped": plain[:swapped] + plain[swapped + 1] + plain[swapped] + plain[swapped + 2 :],
        "letter_u": plain[:3] + "U" + plain[4:],
        "code": "0" * 20,
        "characters": plain + " " * 171,
    }
    for name, text in mistyped.items():
        yield _read(f"recovery_read_{name}", "Not corrected.", {"text": text}, "CodeMistyped")
