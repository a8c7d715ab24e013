"""What a code and a receipt give (codes.md, 5, 6 and 8)."""

from __future__ import annotations

from tools.vectors import wire
from tools.vectors.people import CODE, MONDAY, NETWORK_ID, OTHER_NETWORK_ID, RECEIPT
from tools.vectors.scenario import Scenarios, maker

_code = maker("code_keys", "codes.md 5")
_receipt = maker("receipt_keys", "codes.md 6")
_word = maker("normal_word", "codes.md 6")
_hash = maker("key_hash", "codes.md 6")
_days = maker("code_last_epoch", "codes.md 8")

_CODE_VALUES = {
    "locator": ("locator", 16),
    "record_key": ("record-key", 32),
    "record_commitment": ("record-commitment", 32),
    "psk": ("psk", 32),
    "write_key": ("code-write-key", 32),
}
_RECEIPT_VALUES = {
    "box_id": ("box-id", 16),
    "holder_key": ("holder-key", 32),
    "box_key": ("box-key", 32),
    "write_key": ("box-write-key", 32),
    "tag_key": ("tag-key", 32),
}


def code_keys(code: bytes, network_id: bytes) -> dict[str, bytes]:
    """codes.md, 5."""
    master = wire.stretch(code, wire.frame("code", network_id))
    return {name: wire.kdf(master, *how) for name, how in _CODE_VALUES.items()}


def receipt_keys(receipt: bytes, word: str, network_id: bytes) -> dict[str, bytes]:
    """codes.md, 6, for a word in its normal form."""
    password = wire.lp(receipt) + wire.lp(word.encode())
    master = wire.stretch(password, wire.frame("receipt", network_id))
    return {name: wire.kdf(master, *how) for name, how in _RECEIPT_VALUES.items()}


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _codes()
    yield from _receipts()
    yield from _words()
    yield from _bad_words()
    yield from _others()


def _codes() -> Scenarios:
    for name, network in (("", NETWORK_ID), ("_other_network", OTHER_NETWORK_ID)):
        yield _code(
            f"derive_code{name}",
            "Everything that a code gives depends on the network too.",
            {"code": CODE, "network_id": network},
            output=code_keys(CODE, network),
        )
    sizes = {"code_short": (CODE[:9], NETWORK_ID), "code_network_short": (CODE, NETWORK_ID[:31])}
    for name, (code, network) in sizes.items():
        yield _code(
            f"derive_{name}",
            "A part of another length is refused before anything is derived.",
            {"code": code, "network_id": network},
            "Malformed",
        )


def _receipts() -> Scenarios:
    words = {
        "no_word": ("", "", "No word of hers."),
        "word": (" Blue  HERON ", "blue heron", "Her word is used in its normal form."),
    }
    for name, (word, normal, comment) in words.items():
        yield _receipt(
            f"derive_receipt_{name}",
            comment,
            {"receipt": RECEIPT, "word": word, "network_id": NETWORK_ID},
            output=receipt_keys(RECEIPT, normal, NETWORK_ID),
        )
    yield _receipt(
        "derive_receipt_spaces",
        "She typed spaces only: that is not the same as no word.",
        {"receipt": RECEIPT, "word": " \u3000\t", "network_id": NETWORK_ID},
        "Malformed",
    )
    yield _receipt(
        "derive_receipt_long",
        "Eleven bytes are no receipt.",
        {"receipt": RECEIPT + b"\x00", "word": "", "network_id": NETWORK_ID},
        "Malformed",
    )


def _words() -> Scenarios:
    rows = {
        "capitals": ("Capitals are made small.", "HeRoN", "heron"),
        "full_width": ("Full-width letters become plain ones.", "\uff28\uff25ron", "heron"),
        "composed": ("Composed and decomposed are one.", "cafe\u0301", "caf\u00e9"),
        "ligature": ("A ligature comes apart.", "\ufb01sh", "fish"),
        "turkish_dotted_i": (
            "A capital I with dot becomes i and a combining dot, whatever the device's language.",
            "\u0130zmir",
            "i\u0307zmir",
        ),
        "turkish_capital_i": ("A plain I becomes i, in Turkey too.", "ISIK", "isik"),
        "final_sigma": (
            "A sigma at a word's end is like any other.",
            "\u039f\u0394\u039f\u03a3 \u03bf\u03b4\u03cc\u03c2",
            "\u03bf\u03b4\u03bf\u03c3 \u03bf\u03b4\u03cc\u03c3",
        ),
        "sharp_s": ("A sharp s stays.", "STRA\u1e9eE", "stra\u00dfe"),
        "kelvin": ("NFKC before and after: the Kelvin sign is a k.", "\u212aelvin", "kelvin"),
        "spaces": (
            "Every run of white space is one space; none at the ends.",
            "\u00a0one\u2003\ttwo\u202f ",
            "one two",
        ),
        "none": ("No word stays none.", "", ""),
        "line_feeds": ("Line feeds are white space.", "one\r\ntwo\n", "one two"),
        "invisible": ("Marks that nobody sees are left out.", "a\u200db\u200f\u00adc", "abc"),
        "sixty_four_bytes": ("64 bytes of UTF-8 fit.", "\u00e9" * 32, "\u00e9" * 32),
        "thousand_characters": (
            "1,000 characters are read; the spaces among them go.",
            " " * 999 + "A",
            "a",
        ),
    }
    for name, (comment, word, normal) in rows.items():
        yield _word(f"word_{name}", comment, {"word": word}, output={"word": normal})


def _bad_words() -> Scenarios:
    rows = {
        "sixty_five_bytes": ("65 bytes do not fit.", "TooLong", "\u00e9" * 32 + "a"),
        "grows": (
            "A ligature of 3 bytes that becomes 33: what is derived from counts.",
            "TooLong",
            "\ufdfa\ufdfa",
        ),
        "thousand_and_one_characters": (
            "1,001 characters are refused, whatever would be left.",
            "TooLong",
            " " * 1000 + "a",
        ),
        "spaces_only": ("Something was typed and nothing is left.", "Malformed", " \u2003"),
        "nul": ("A control character is refused.", "Malformed", "a\x00b"),
        "delete": ("So is DELETE.", "Malformed", "a\x7f"),
        "c1": ("So is one of U+0080 to 009F.", "Malformed", "a\x9bb"),
        "escape": ("So is ESCAPE, in front too.", "Malformed", "\x1bheron"),
    }
    for name, (comment, expect, word) in rows.items():
        yield _word(f"word_{name}", comment, {"word": word}, expect)


def _others() -> Scenarios:
    key = wire.draw("write key", 32)
    yield _hash(
        "key_hash",
        "What a server keeps of a key that proves something.",
        {"key": key},
        output={"hash": wire.sha256(wire.frame("key-hash", key))},
    )
    yield _hash("key_hash_short", "31 bytes are no key.", {"key": key[:31]}, "Malformed")
    for name, today, last in (
        ("monday", MONDAY, MONDAY + 56),
        ("sunday", MONDAY + 6, MONDAY + 56),
        ("first_week", 4, 60),
    ):
        yield _days(
            f"code_last_epoch_{name}",
            "All codes of one week, Monday to Sunday, share their last epoch.",
            {"today": today},
            output={"last_epoch": last},
        )
