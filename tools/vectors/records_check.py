"""What a sender checks in an opened record: each step, refused in its category (record.md, 3)."""

from __future__ import annotations

from dataclasses import replace

from tools.vectors import wire
from tools.vectors.checkpoints import seen
from tools.vectors.notes import checkpoint, note, signed
from tools.vectors.people import (
    ASHA,
    BERIT,
    CARLA,
    LATER,
    LOG,
    MONDAY,
    OTHER_NETWORK_ID,
    OTHER_ORGANISATION,
    OTHER_ORGANISATION_SEED,
    POLICY,
    STRANGER,
    TODAY,
    WITNESSES,
)
from tools.vectors.profiles import LEAST
from tools.vectors.records import EMPTY_LIST, GOOD, PLACE, but, checking, newest, on, stated
from tools.vectors.scenario import Scenarios, maker
from tools.vectors.statements import FIRST, NOTE, TEXT, UNTIL

_open = maker("open_record", "record.md 3")


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _dates()
    yield from _statements()
    yield from _profiles()
    yield from _one_time_keys()
    yield from _logged()


def _dates() -> Scenarios:
    rows = {
        "expired": ("Expired", "After its last day.", but(last_epoch=MONDAY), TODAY),
        "expired_first": (
            "Expired",
            "The record's own end is looked at before its statement.",
            replace(stated(ASHA), last_epoch=MONDAY),
            TODAY,
        ),
        "statement_expired": (
            "Expired",
            "The statement has ended before the code.",
            but(last_epoch=MONDAY + 84),
            UNTIL + 1,
        ),
        "statement_not_yet": ("NotYetValid", "Its statement has not begun.", GOOD, FIRST - 1),
    }
    for name, (expect, comment, record, today) in rows.items():
        yield _open(f"record_{name}", comment, checking(record.seal(), **on(today)), expect)
    yield _open(
        "record_not_monday",
        "An end that no code has would tell it from the others of its week.",
        checking(but(last_epoch=GOOD.last_epoch + 1).seal()),
        "Malformed",
    )


def _statements() -> Scenarios:
    other = wire.b64(OTHER_NETWORK_ID)
    rows = {
        "one_signature": ("TooFewSignatures", "One admin of two.", stated(ASHA)),
        "stranger": ("BadSignature", "A stranger beside enough.", stated(ASHA, BERIT, STRANGER)),
        "forged": (
            "BadSignature",
            "A statement that was changed.",
            but(statement=NOTE.replace("Example", "Exemple")),
        ),
        "statement_other_network": ("WrongNetwork", "Another's.", stated(network=other)),
        "statement_suspends": (
            "Suspended",
            "It says suspended, by k admins.",
            stated(kind="suspended"),
        ),
        "statement_malformed": (
            "Malformed",
            "A statement without a signature line.",
            but(statement=TEXT + "\n"),
        ),
        "statement_91_days": ("Malformed", "91 days.", stated(until=FIRST + 91)),
    }
    for name, (expect, comment, record) in rows.items():
        yield _open(f"record_{name}", comment, checking(record.seal()), expect)


def _profiles() -> Scenarios:
    least = {number: value for number, value in LEAST.items() if number != 5}
    rows = {
        "profile_changed": (
            "BadSignature",
            "Another profile than the statement names: who reads it is not what was vetted.",
            but(profile=wire.fields(LEAST)),
        ),
        "profile_without_police_ties": (
            "Malformed",
            "A vetted profile that leaves out what she must be shown.",
            stated(profile=wire.fields(least)),
        ),
    }
    for name, (expect, comment, record) in rows.items():
        yield _open(f"record_{name}", comment, checking(record.seal()), expect)


def _one_time_keys() -> Scenarios:
    late = but(signature=GOOD.signed, last_epoch=GOOD.last_epoch + 7)
    zero = GOOD.public_key[:-32] + bytes(32)
    rows = {
        "key_of_other_organisation": (
            "BadSignature",
            "A one-time key that another vetted organisation signed.",
            but(signer=OTHER_ORGANISATION_SEED),
        ),
        "statement_of_other_organisation": (
            "BadSignature",
            "Another organisation's statement on this organisation's key.",
            stated(organisation=wire.b64(OTHER_ORGANISATION)),
        ),
        "key_replaced": (
            "BadSignature",
            "The key was replaced under the old signature.",
            but(signature=GOOD.signed, public_key=wire.xwing_public(wire.draw("thief", 32))),
        ),
        "key_for_other_code": (
            "BadSignature",
            "A key that was signed for another code.",
            but(signed_locator=wire.draw("other locator", 16)),
        ),
        "key_for_other_network": (
            "BadSignature",
            "A key that was signed for another network.",
            but(signed_network=OTHER_NETWORK_ID),
        ),
        "last_epoch_changed": ("BadSignature", "A week was added to its life.", late),
        "signature_flipped": (
            "BadSignature",
            "A bit of the signature.",
            but(signature=wire.flip(GOOD.signed, 40)),
        ),
        "key_none": (
            "Malformed",
            "The organisation signed an X25519 key of zeros.",
            but(public_key=zero),
        ),
    }
    for name, (expect, comment, record) in rows.items():
        section = "conventions.md 5" if name == "key_none" else "record.md 3"
        yield _open(f"record_{name}", comment, checking(record.seal()), expect, at=section)


def _logged() -> Scenarios:
    logged = GOOD.logged
    listed = logged.rpartition("\n\n")[0] + "\n"
    cosigned = [one.cosign(listed, TODAY - 40) for one in WITNESSES[:2]]
    renamed = checkpoint(POLICY, 8, wire.draw("root", 32), EMPTY_LIST)
    renamed = renamed.replace(LOG.name, "other.example")
    later = newest(place=replace(PLACE, policy=LATER))
    rows = {
        "not_in_log": ("NotInLog", "A log without it.", but(checkpoint=newest())),
        "other_place": ("NotInLog", "At another place.", but(index=4, checkpoint=logged)),
        "beyond_log": ("NotInLog", "Behind the log's end.", but(index=8, checkpoint=logged)),
        "hash_missing": (
            "NotInLog",
            "A proof that is too short.",
            but(hashes=GOOD.hashes[:2], checkpoint=logged),
        ),
        "statement_resigned": (
            "ok",
            "Other signature lines under the same text: the log keeps the text.",
            but(statement=signed(TEXT, CARLA, BERIT), checkpoint=logged),
        ),
        "log_one_witness": (
            "NotWitnessed",
            "Its checkpoint has one witness of two.",
            but(checkpoint=note(listed, LOG.line(listed), cosigned[0])),
        ),
        "log_unsigned": (
            "BadSignature",
            "Its checkpoint is not signed by the log.",
            but(checkpoint=note(listed, *cosigned)),
        ),
        "log_other": ("WrongNetwork", "Another log's.", but(checkpoint=seen(renamed, 1, 1))),
        "log_later_policy": (
            "Rollback",
            "Its checkpoint names a later policy than the client was shown.",
            but(checkpoint=later),
        ),
        "log_malformed": ("Malformed", "No checkpoint.", but(checkpoint="")),
    }
    for name, (expect, comment, record) in rows.items():
        output = record.said() if expect == "ok" else None
        yield _open(f"record_{name}", comment, checking(record.seal()), expect, output)
