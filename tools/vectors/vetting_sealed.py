"""Applications sealed to admins, and opened by them (vetting.md, 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tools.vectors import wire
from tools.vectors.applications import application as listing
from tools.vectors.notes import Signer
from tools.vectors.people import (
    ASHA,
    BERIT,
    CARLA,
    DORA,
    LATER,
    NETWORK_ID,
    ORGANISATION_SEED,
    OTHER_NETWORK_ID,
    OTHER_ORGANISATION_SEED,
    POLICY,
    TODAY,
)
from tools.vectors.scenario import Scenarios, hashed, maker, utf8
from tools.vectors.vetting_keys import (
    LOW_ORDER,
    SECRET,
    TOO_BIG,
    admin_key,
    application_keys,
    reader,
    reading_public,
    reading_seed,
)

_seal = maker("seal_application", "vetting.md 3")
_open = maker("open_application", "vetting.md 3")

NONCE = wire.draw("application nonce", 24)
PLAIN_BYTES = 20_480
PART_BYTES = 1_216  # a reader, an encapsulation, two keys, a tag
CONTACT = "Ring 555 0100 and ask for Mina, mornings."
LISTING = listing()
Answers = list[list[Any]]
ANSWERS: Answers = [
    [1, 1, TODAY - 30, "Registered charity 1234567; https://example.org/register"],
    [2, 1, 0, "No share of our money comes from police or prosecutors: accounts, page 4."],
    [3, 1, 0, "Nobody has to talk to police to be helped. See our intake form."],
    [5, 4, 0, "We offer no housing."],
    [7, 1, TODAY - 400, "Two people who were helped sit on the board.\nAsk Mina."],
    [16, 3, 0, ""],
]
KEYS = application_keys()


def _eseed(admin: Signer) -> bytes:
    return wire.draw(f"application encapsulation to {admin.name}", wire.ESEED_BYTES)


def key_part(
    admin: Signer,
    *,
    network_id: bytes = NETWORK_ID,
    application_id: bytes = KEYS["id"],
    label: str = "application-key",
    named: bytes = b"",
    content: bytes = KEYS["content_key"],
) -> bytes:
    """What an application is sealed with to one admin."""
    info = wire.frame(label, wire.SUITE, network_id, application_id)
    said = content + KEYS["reply_key"]
    sealed = wire.seal_hpke(reading_public(admin), _eseed(admin), info, said)
    return (named or reader(admin)) + sealed


_part = cache(key_part)


def answers_bytes(answers: Answers) -> bytes:
    """The answers, right or wrong, behind their number."""
    parts = (
        wire.u8(criterion)
        + wire.u8(kind)
        + wire.u32(epoch)
        + wire.lp(text if isinstance(text, bytes) else text.encode())
        for criterion, kind, epoch, text in answers
    )
    return wire.u8(len(answers)) + b"".join(parts)


def plaintext(
    *,
    version: bytes = wire.VERSION,
    listed: bytes = LISTING,
    contact: bytes = CONTACT.encode(),
    answers: Answers = ANSWERS,
    seed: bytes = ORGANISATION_SEED,
    label: str = "application-answers",
    application_id: bytes = KEYS["id"],
    after: bytes = b"",
) -> bytes:
    """vetting.md, 3, right or wrong, and signed all the same."""
    said = version + wire.lp(listed) + wire.lp(contact) + answers_bytes(answers)
    signature = wire.sign(seed, wire.frame(label, application_id, said))
    return said + signature + after


@dataclass(frozen=True)
class Sealed:
    """An application in its two halves, as a scenario gives it: what is in front, and the body."""

    head: bytes
    said: bytes

    @property
    def aad(self) -> bytes:
        """What the body is bound to."""
        return wire.frame("application-sealed", wire.SUITE, NETWORK_ID, KEYS["id"])

    @property
    def plaintext(self) -> bytes:
        """What stands in the body."""
        return wire.pad(self.said, PLAIN_BYTES)

    def __bytes__(self) -> bytes:
        """Write it as it is posted."""
        key = KEYS["content_key"]
        return self.head + NONCE + wire.seal_aead(key, NONCE, self.aad, self.plaintext)


def sealed(
    said: bytes | None = None,
    parts: Sequence[bytes] = (),
    suite: bytes = wire.SUITE,
    count: int | None = None,
) -> Sealed:
    """vetting.md, 3: to Asha and Berit unless other parts are given."""
    given = parts or sorted(_part(one) for one in (ASHA, BERIT))
    number = wire.u8(len(given) if count is None else count)
    return Sealed(suite + number + b"".join(given), plaintext() if said is None else said)


SEALED = sealed()
ALL_THREE = sealed(parts=sorted(_part(one) for one in (ASHA, BERIT, CARLA)))


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _made()
    yield from _not_made()
    yield from _opened()
    yield from _not_opened()
    yield from _not_said()


def _making(*admins: Signer, **changed: Any) -> dict[str, Any]:
    keys = [admin_key(one) for one in admins or (CARLA, ASHA, BERIT)]
    return {
        "secret": SECRET,
        "network_id": NETWORK_ID,
        "organisation_seed": ORGANISATION_SEED,
        "listing": LISTING,
        "contact": CONTACT,
        "answers": ANSWERS,
        "policy": utf8(POLICY.text),
        "admin_keys": keys,
        "nonce": NONCE,
        "eseeds": {reader(one).hex(): _eseed(one) for one in (ASHA, BERIT, CARLA, DORA)},
        **changed,
    }


def _out(made: Sealed) -> dict[str, Any]:
    return {"application": hashed(bytes(made), wire.sha256(bytes(made)))}


def _made() -> Scenarios:
    two = SEALED
    yield _seal("application_seal", "To all three admins.", _making(), output=_out(ALL_THREE))
    yield _seal(
        "application_seal_two",
        "k of the admins have a key: the others cannot read, and it goes out.",
        _making(BERIT, ASHA),
        output=_out(two),
    )
    some = [admin_key(ASHA), wire.flip(admin_key(CARLA), 100), b"", admin_key(BERIT)]
    yield _seal(
        "application_seal_one_does_not_hold",
        "A key that a server has changed is left out.",
        _making(admin_keys=some),
        output=_out(two),
    )
    yield _seal(
        "application_seal_repeated",
        "An admin's key twice: it is sealed to her once.",
        _making(ASHA, BERIT, ASHA),
        output=_out(two),
    )
    yield from _made_past_others()
    longest: Answers = [[v, 1, 2**32 - 1, "\u00e9" * 500] for v in range(1, 17)]
    contact = "c" * 500
    yield _seal(
        "application_seal_longest",
        "All that may be said, at its longest, has room.",
        _making(contact=contact, answers=longest),
        output=_out(_to_all(plaintext(contact=contact.encode(), answers=longest))),
    )


def _made_past_others() -> Scenarios:
    """What one admin posts that is not hers or no key, and what comes of it: nothing."""
    stolen = admin_key(CARLA, public_key=reading_public(BERIT))
    bad = [admin_key(CARLA, public_key=one) for one in (TOO_BIG, bytes(1_216), LOW_ORDER)]
    asha, berit = admin_key(ASHA), admin_key(BERIT)
    rows: dict[str, tuple[str, list[bytes]]] = {
        "stolen": (
            "An admin signed another's key: it is sealed to that once.",
            [asha, berit, stolen],
        ),
        "stolen_first": ("The same, where the thief stands first.", [stolen, asha, berit]),
        "stolen_and_own": (
            "The first key of an admin stands, also where it is another's.",
            [stolen, admin_key(CARLA), asha, berit],
        ),
        "no_keys_of_one": ("An admin posts what no key is: it is left out.", [*bad, asha, berit]),
    }
    for name, (comment, keys) in rows.items():
        given = _making(admin_keys=keys)
        yield _seal(f"application_seal_{name}", comment, given, output=_out(SEALED))


def _to_all(said: bytes) -> Sealed:
    return Sealed(ALL_THREE.head, said)


def _changed(criterion: int, at: int, value: Any) -> Answers:
    return [[*one[:at], value, *one[at + 1 :]] if one[0] == criterion else one for one in ANSWERS]


def _wrong_answers() -> dict[str, tuple[str, Answers]]:
    return {
        "blocking_missing": ("V5 is not answered.", [one for one in ANSWERS if one[0] != 5]),
        "none": ("No answer.", []),
        "order": ("Not ascending.", [ANSWERS[1], ANSWERS[0], *ANSWERS[2:]]),
        "twice": ("V1 twice.", [ANSWERS[0], *ANSWERS]),
        "criterion_0": ("There is no V0.", [[0, 1, 0, ""], *ANSWERS]),
        "criterion_17": ("There is no V17.", [*ANSWERS, [17, 1, 0, ""]]),
        "kind_0": ("No kind of answer.", _changed(3, 1, 0)),
        "kind_5": ("No kind of answer.", _changed(3, 1, 5)),
        "control": ("A tab.", _changed(1, 3, "a\tb")),
        "carriage_return": ("A carriage return.", _changed(1, 3, "a\r\nb")),
        "turned": ("A text that turns round.", _changed(2, 3, "a\u202eb")),
        "invisible": ("A zero-width space.", _changed(2, 3, "a\u200bb")),
        "plane_16": ("A character that can't be seen.", _changed(2, 3, "a\U00100000b")),
    }


def _not_made() -> Scenarios:
    rows: dict[str, tuple[str, str, dict[str, Any]]] = {
        "too_few": ("TooFewSignatures", "One admin has a key.", _making(ASHA)),
        "no_keys": ("TooFewSignatures", "No admin has a key.", _making(admin_keys=[])),
        "stolen_alone": (
            "TooFewSignatures",
            "Two admins with one key are one reader.",
            _making(
                admin_keys=[admin_key(BERIT), admin_key(CARLA, public_key=reading_public(BERIT))]
            ),
        ),
        "former": (
            "TooFewSignatures",
            "One of the two is no admin any more.",
            _making(ASHA, CARLA, policy=utf8(LATER.text)),
        ),
        "contact_long": ("TooLong", "501 bytes.", _making(contact="c" * 501)),
        "text_long": ("TooLong", "1,001 bytes.", _making(answers=_changed(1, 3, "a" * 1_001))),
        "contact_none": ("Malformed", "No way to reach them.", _making(contact="")),
        "contact_control": ("Malformed", "A bell.", _making(contact="a\x07")),
        "contact_turned": ("Malformed", "A text that turns.", _making(contact="a\u2066b")),
        "other_seed": (
            "BadSignature",
            "By another organisation than the listing.",
            _making(organisation_seed=OTHER_ORGANISATION_SEED),
        ),
        "listing_network": (
            "WrongNetwork",
            "A listing in another network.",
            _making(listing=listing(network_id=OTHER_NETWORK_ID)),
        ),
        "listing_flipped": (
            "BadSignature",
            "A listing whose signature does not hold.",
            _making(listing=wire.flip(LISTING, len(LISTING) - 1)),
        ),
        "secret_short": ("Malformed", "31 bytes.", _making(secret=SECRET[:31])),
    }
    for name, (expect, comment, inputs) in rows.items():
        yield _seal(f"application_seal_{name}", comment, inputs, expect)
    for name, (comment, answers) in _wrong_answers().items():
        inputs = _making(answers=answers)
        yield _seal(f"application_seal_answers_{name}", comment, inputs, "Malformed")


def _opening(
    made: Sealed, admin: Signer = ASHA, change: dict[str, Any] | None = None, **changed: Any
) -> dict[str, Any]:
    whole = bytes(made) if change is None else wire.change(bytes(made), change)
    return {
        "head": made.head,
        "nonce": NONCE,
        "key": KEYS["content_key"],
        "aad": made.aad,
        "plaintext": made.plaintext,
        **({} if change is None else {"change": change}),
        "sha256": wire.sha256(whole),
        "id": KEYS["id"],
        "network_id": NETWORK_ID,
        "reading_seed": reading_seed(admin),
        **changed,
    }


def _said(**changed: Any) -> dict[str, Any]:
    given = {"listing": LISTING, "contact": CONTACT, "answers": ANSWERS}
    return {**{name: KEYS[name] for name in ("content_key", "reply_key")}, **given, **changed}


def _opened() -> Scenarios:
    for admin in (ASHA, CARLA):
        yield _open(
            f"application_open_{admin.name}",
            "Each admin to whom it was sealed reads it.",
            _opening(ALL_THREE, admin),
            output=_said(),
        )
    least: Answers = [[v, 2, 0, ""] for v in (1, 2, 3, 5, 7)]
    yield _open(
        "application_open_least",
        "Every blocking criterion answered with no, and nothing else.",
        _opening(sealed(plaintext(contact=b"c", answers=least))),
        output=_said(contact="c", answers=least),
    )


def _not_opened() -> Scenarios:
    parts = sorted(_part(one) for one in (ASHA, BERIT))
    start = 2 + parts.index(_part(ASHA)) * PART_BYTES
    size = len(bytes(SEALED))
    wrong_key = key_part(ASHA, content=wire.draw("another content key", 32))
    renamed = sorted((key_part(CARLA, named=reader(ASHA)), _part(BERIT)))
    twice = sorted((_part(ASHA), _part(ASHA)))
    head = SEALED.head
    suite_2 = sealed(suite=b"\x02")
    rows: dict[str, tuple[str, str, dict[str, Any]]] = {
        "body_alone": ("Malformed", "No suite.", _opening(Sealed(b"", plaintext()))),
        "cut": ("Malformed", "A byte less.", _opening(SEALED, change={"cut": 1})),
        "appended": ("Malformed", "A byte more.", _opening(SEALED, change={"append": "00"})),
        "nobody": ("Malformed", "Sealed to nobody.", _opening(Sealed(b"\x01\x00", plaintext()))),
        "seventeen": (
            "Malformed",
            "Sealed to more admins than there can be.",
            _opening(Sealed(wire.pad(b"\x01\x11", 2 + 17 * PART_BYTES), plaintext())),
        ),
        "suite_2": ("Unsupported", "Suite 2.", _opening(suite_2)),
        "suite_2_cut": (
            "Malformed",
            "Suite 2, cut: the length is looked at first.",
            _opening(suite_2, change={"cut": 1}),
        ),
        "count": ("Malformed", "It says 1 admin and has 2.", _opening(sealed(count=1))),
        "order": ("Malformed", "Readers not ascending.", _opening(sealed(parts=parts[::-1]))),
        "twice": ("Malformed", "A reader twice.", _opening(sealed(parts=twice))),
        "not_hers": ("CannotOpen", "Sealed to others.", _opening(SEALED, DORA)),
        "part_flipped": (
            "CannotOpen",
            "A bit of what is sealed to her.",
            _opening(SEALED, change={"flip": start + 20}),
        ),
        "part_of_another": (
            "CannotOpen",
            "Under her name stands what is sealed to another.",
            _opening(sealed(parts=renamed)),
        ),
        "part_other_label": (
            "CannotOpen",
            "Sealed to her as something else.",
            _opening(sealed(parts=[key_part(ASHA, label="application-sealed")])),
        ),
        "body_flipped": (
            "CannotOpen",
            "The last bit.",
            _opening(SEALED, change={"flip": size - 1}),
        ),
        "nonce_flipped": (
            "CannotOpen",
            "In the nonce.",
            _opening(SEALED, change={"flip": len(head)}),
        ),
        "other_id": (
            "CannotOpen",
            "Shown as another application.",
            _opening(SEALED, id=wire.draw("another application", 16)),
        ),
        "other_network": (
            "CannotOpen",
            "In another network.",
            _opening(SEALED, network_id=OTHER_NETWORK_ID),
        ),
        "wrong_key": (
            "CannotOpen",
            "Another key for the body.",
            _opening(sealed(parts=sorted((wrong_key, _part(BERIT))))),
        ),
        "admin_seed": (
            "CannotOpen",
            "An admin's Ed25519 seed does not read.",
            _opening(SEALED, reading_seed=ASHA.seed),
        ),
    }
    for name, (expect, comment, inputs) in rows.items():
        yield _open(f"application_open_{name}", comment, inputs, expect)


def _not_said() -> Scenarios:
    long = "\u00e9" * 500 + "a"
    said: dict[str, tuple[str, str, bytes]] = {
        "version_2": ("Unsupported", "Version 2.", plaintext(version=b"\x02")),
        "padding": ("Malformed", "Padding that is not zero.", plaintext(after=b"\x00\x01")),
        "listing_none": ("Malformed", "No listing.", plaintext(listed=b"")),
        "listing_version": (
            "Unsupported",
            "A listing of version 2.",
            plaintext(listed=listing(version=b"\x02")),
        ),
        "listing_network": (
            "WrongNetwork",
            "A listing in another network.",
            plaintext(listed=listing(network_id=OTHER_NETWORK_ID)),
        ),
        "listing_name": ("Malformed", "A name of dashes.", plaintext(listed=listing(b"---"))),
        "listing_flipped": (
            "BadSignature",
            "A listing whose signature does not hold.",
            plaintext(listed=wire.flip(LISTING, len(LISTING) - 1)),
        ),
        "contact_none": ("Malformed", "No contact.", plaintext(contact=b"")),
        "contact_long": ("Malformed", "501 bytes.", plaintext(contact=b"c" * 501)),
        "contact_utf8": ("Malformed", "No UTF-8.", plaintext(contact=b"\xff")),
        "contact_turned": ("Malformed", "Turned.", plaintext(contact="a\u202eb".encode())),
        "text_long": ("Malformed", "1,001 bytes.", plaintext(answers=_changed(1, 3, long))),
        "text_utf8": ("Malformed", "No UTF-8.", plaintext(answers=_changed(1, 3, b"\xc3"))),
        "other_signer": (
            "BadSignature",
            "Signed by another organisation.",
            plaintext(seed=OTHER_ORGANISATION_SEED),
        ),
        "other_label": (
            "BadSignature",
            "Signed as something else.",
            plaintext(label="application"),
        ),
        "signed_elsewhere": (
            "BadSignature",
            "Answers that were signed for another application.",
            plaintext(application_id=wire.draw("another application", 16)),
        ),
        "malformed_first": (
            "Malformed",
            "No contact, and a listing in another network: form is looked at first.",
            plaintext(contact=b"", listed=listing(network_id=OTHER_NETWORK_ID)),
        ),
    }
    for name, (expect, comment, given) in said.items():
        yield _open(f"application_open_{name}", comment, _opening(sealed(given)), expect)
    for name, (comment, answers) in _wrong_answers().items():
        inputs = _opening(sealed(plaintext(answers=answers)))
        yield _open(f"application_open_answers_{name}", comment, inputs, "Malformed")
