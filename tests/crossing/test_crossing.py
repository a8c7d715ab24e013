"""What either side seals the other opens, Python and the browser; what one refuses, both do."""

from __future__ import annotations

from typing import Any

from crypto import constants as c
from crypto.client import answers, box, envelope, hpke
from crypto.client.answers import Answer
from crypto.client.envelope import Context
from crypto.public.note_signing import public_of
from tests.crossing.made_up import Draw
from tests.crossing.web import Outcome, Web, mixed

MANY = 200
NETWORK_ID = bytes(range(32))
KINDS = (c.KIND_REFERRAL, c.KIND_FOLLOW_UP, c.KIND_WALK_IN)


def _context(draw: Draw) -> Context:
    return Context(NETWORK_ID, draw.choice(KINDS), draw.bytes_of(16), draw.bytes_of(32))


def _named(context: Context) -> dict[str, Any]:
    names = ("network_id", "kind", "binding", "inner_key")
    return {name: getattr(context, name) for name in names}


def test_messages_are_written_and_read_alike(web: Web) -> None:
    """Random messages give the same bytes or the same refusal, and are read back the same."""
    draw = Draw(1)
    outcomes: list[Outcome] = []
    while len(outcomes) < 2 * MANY:
        said = draw.message()
        encoded = web.agreed("encode_message", message=said)
        outcomes.append(encoded)
        if isinstance(encoded, dict):
            read = web.agreed("decode_message", kind=said["kind"], encoded=encoded["encoded"])
            assert isinstance(read, dict)
    mixed(outcomes, MANY)


def test_changed_messages_are_refused_alike(web: Web) -> None:
    """A message that was changed anywhere is read the same or refused in the same category."""
    draw = Draw(2)
    outcomes: list[Outcome] = []
    while len(outcomes) < 2 * MANY:
        said = draw.message()
        encoded = web.outcome("encode_message", message=said)
        if isinstance(encoded, dict):
            front = bytes.fromhex(encoded["encoded"])
            at = draw.choice((12, len(front.rstrip(b"\0")) + 1))
            changed = (draw.changed(front[:at]) + front[at:]).ljust(c.MESSAGE_BYTES, b"\0")
            changed = changed[: c.MESSAGE_BYTES + draw.seldom()]
            kind = draw.choice((said["kind"], said["kind"], 1))
            outcomes.append(web.agreed("decode_message", kind=kind, encoded=changed))
    assert {"Malformed", "Unsupported", "ConsentMissing"} <= {str(one) for one in outcomes}
    assert any(isinstance(one, dict) for one in outcomes)


def test_envelopes_that_python_seals_open_in_the_browser(web: Web) -> None:
    """200 envelopes of every kind, sealed by the product, give their message there."""
    draw = Draw(3)
    for _ in range(MANY):
        seed, context, message = draw.bytes_of(32), _context(draw), draw.bytes_of(c.MESSAGE_BYTES)
        key = hpke.public_key(seed)
        sealed = envelope.seal(message, key, context, random=draw.bytes_of)
        opened = web.bytes_of(
            "open_envelope", "message", envelope=sealed, seed=seed, **_named(context)
        )
        assert opened == message


def test_envelopes_that_the_browser_seals_open_in_python(web: Web) -> None:
    """200 envelopes of every kind, sealed there, give their message in the product."""
    draw = Draw(4)
    for _ in range(MANY):
        seed, context, message = draw.bytes_of(32), _context(draw), draw.bytes_of(c.MESSAGE_BYTES)
        sealed = web.bytes_of(
            "seal_envelope",
            "envelope",
            message=message,
            public_key=hpke.public_key(seed),
            nonce=draw.bytes_of(24),
            eseed=draw.bytes_of(64),
            **_named(context),
        )
        assert envelope.open_(sealed, seed, context) == message


def test_changed_envelopes_are_refused_alike(web: Web) -> None:
    """Turned, cut and longer envelopes, other seeds and contexts: one category on both sides."""
    draw, seed = Draw(5), bytes(range(32))
    key, found = hpke.public_key(seed), set()
    for _ in range(MANY):
        context = _context(draw)
        sealed = envelope.seal(bytes(c.MESSAGE_BYTES), key, context, random=draw.bytes_of)
        given = {"envelope": sealed, "seed": seed, **_named(context)}
        name = draw.choice(("envelope", "envelope", "envelope", "seed", "binding", "inner_key"))
        given[name] = draw.changed(given[name])
        if draw.seldom():
            given["envelope"] = bytes((draw.below(256),)) + sealed[1:]
        outcome = web.agreed("open_envelope", **given)
        assert isinstance(outcome, str) or given["envelope"] == sealed
        found.add(str(outcome))
    assert {"Malformed", "Unsupported", "CannotOpen"} <= found


def test_public_keys_are_refused_alike(web: Web) -> None:
    """Changed X-Wing keys take an envelope or are refused on both sides."""
    draw, seed, outcomes = Draw(6), bytes(range(32)), []
    key = hpke.public_key(seed)
    small = (0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18, 2**255 + 1)
    keys = [key[:-32] + number.to_bytes(32, "little") for number in small]
    keys += [draw.changed(key) for _ in range(30)]
    keys += [key[: 3 * at] + b"\xff" * 3 + key[3 * at + 3 :] for at in (0, 100, 383)]
    for one in keys:
        given = _named(_context(draw)) | {"message": bytes(4096), "public_key": one}
        nonce, eseed = draw.bytes_of(24), draw.bytes_of(64)
        outcomes.append(web.agreed("seal_envelope", nonce=nonce, eseed=eseed, **given))
    mixed(outcomes, 10)


def _slot(draw: Draw, slot: int) -> dict[str, Any]:
    return {
        "answer": draw.answer(slot),
        "network_id": NETWORK_ID,
        "box_id": draw.bytes_of(16),
        "holder_key" if slot == 0 else "box_key": draw.bytes_of(32),
        "nonce": draw.bytes_of(24),
        **({} if slot == 0 else {"slot": slot, "organisation_seed": draw.bytes_of(32)}),
    }


def _opening(web: Web, given: dict[str, Any], sealed: bytes) -> dict[str, Any]:
    shut = {name: given[name] for name in given if name not in ("answer", "nonce")}
    if "slot" in given:
        seed = shut.pop("organisation_seed")
        shut["organisation"] = public_of(seed)
    return {**shut, "sealed": sealed}


def test_answers_cross_both_ways(web: Web) -> None:
    """Random answers are sealed to the same bytes, refused alike, and opened by both."""
    draw = Draw(7)
    outcomes: list[Outcome] = []
    while len(outcomes) < 3 * MANY:
        slot = draw.choice((0, 0, draw.between(1, 31), draw.between(1, 31), draw.between(1, 33)))
        name = "delivered" if slot == 0 else "slot"
        given = _slot(draw, slot)
        sealed = web.agreed(f"seal_{name}", **given)
        outcomes.append(sealed)
        if isinstance(sealed, dict):
            opening = _opening(web, given, bytes.fromhex(sealed["sealed"]))
            assert isinstance(web.agreed(f"open_{name}", **opening), dict)
            part = draw.choice([one for one in opening if one not in ("slot", "network_id")])
            opening[part] = draw.changed(opening[part])
            assert isinstance(web.agreed(f"open_{name}", **opening), str)
    mixed(outcomes, MANY)


def test_answers_with_forged_fields_are_refused_alike(web: Web) -> None:
    """Bodies that no maker writes, sealed by a hand that does: one outcome on both sides."""
    draw, found = Draw(8), set()
    key, box_id = bytes(32), bytes(16)
    place = {"network_id": NETWORK_ID, "box_id": box_id}
    good = Answer(
        state=1, epoch=5, last_epoch=6, organisation=bytes(32), name="A", public_key=bytes(1216)
    )
    body = answers.encode_body(good, 0)
    for _ in range(MANY):
        at = draw.choice((draw.below(40), draw.below(len(body))))
        changed = body[:at] + draw.changed(body[at:])
        aad = box._aad(NETWORK_ID, box_id, 0)
        sealed = box._seal(changed, key, 0, aad, draw.bytes_of)
        found.add(str(web.agreed("open_delivered", sealed=sealed, holder_key=key, **place)))
    assert "Malformed" in found
    assert len(found) > 1
