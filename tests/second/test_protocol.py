"""The product, and a second implementation made from docs/spec alone, read each other's bytes."""

from __future__ import annotations

import ast
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crypto.client import box, code_text, codes, envelope, hpke, message, walk_in
from crypto.client.store import open_store, seal_store
from crypto.public import cover, keys, work
from crypto.public.note_signing import public_of
from tests.crypto import store_samples as stores
from tests.second import both
from tests.second.asking import Stranger, StrangerFailed
from tests.second.both import made_up, values_of

RANDOM_INPUTS = 200
NETWORK_ID = made_up("network", 32)
SEED = made_up("recipient", 32)
PUBLIC_KEY = hpke.public_key(SEED)
STRANGER = Path(__file__).with_name("stranger")
Sealed = tuple[envelope.Context, message.Message]


def test_the_stranger_shares_no_code_with_the_product(stranger: Stranger) -> None:
    """Its process has loaded nothing of the product, and no file of its asks for it."""
    ours = {"crypto", "words", "client", "server", "tools", "bench"}
    assert not ours & {name.split(".")[0] for name in stranger("loaded")}
    for path in STRANGER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                named.append(node.module or "")
            assert not ours & {name.split(".")[0] for name in named}, path.name


def test_a_defect_is_an_error_and_not_a_refusal(stranger: Stranger) -> None:
    """A mistake in a test or in the stranger cannot pass for a refusal."""
    with pytest.raises(StrangerFailed, match="no such operation"):
        stranger("seal")
    with pytest.raises(StrangerFailed, match="TypeError"):
        stranger("cover", filler_key=bytes(32))


@pytest.mark.parametrize("kind", list(code_text.Kind), ids=lambda kind: kind.name)
def test_written_forms_are_the_same(stranger: Stranger, kind: code_text.Kind) -> None:
    """Both write the same symbols and digits for random codes and receipts, and read them back."""
    name = kind.name.lower()
    for number in range(RANDOM_INPUTS):
        secret = made_up(f"secret {number}", 10)
        for ours, op in ((code_text.symbols, "write_symbols"), (code_text.digits, "write_digits")):
            written = ours(secret, kind)
            assert stranger(op, secret=secret, kind=name) == written
            assert stranger("read_typed", text=written, kind=name) == [secret, "exact"]


def test_derivations_are_the_same(stranger: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both derive the same from random codes, receipts and words.

    In one round, for speed; the scenarios of docs/spec/vectors have all of them.
    """
    monkeypatch.setattr(codes, "PBKDF2_ROUNDS", 1)
    for number in range(RANDOM_INPUTS):
        secret, network_id = made_up(f"code {number}", 10), made_up(f"network {number}", 32)
        word = ["", "Σίσυφος", " ＡB  c ", "İstanbul"][number % 4]
        master = stranger("code_master", code=secret, network_id=network_id, rounds=1)
        ours = both.named(codes.code_keys(secret, network_id))
        assert stranger("code_keys", master=master) == ours
        asked = {"receipt": secret, "word": word, "network_id": network_id, "rounds": 1}
        theirs = stranger("receipt_keys", master=stranger("receipt_master", **asked))
        held = codes.receipt_keys(secret, word, network_id)
        assert theirs == {one.name: getattr(held, one.name) for one in fields(held)}


def test_covers_tags_and_ids_are_the_same(stranger: Stranger) -> None:
    """Both make the same covers, follow-up tags and keys, walk-in ids, hashes and last epochs."""
    for number in range(RANDOM_INPUTS):
        secret, box_id = made_up(f"filler {number}", 32), made_up(f"box {number}", 16)
        slot, epoch = number % 32, both.below(f"epoch {number}", 1 << 20)
        made = stranger("cover", filler_key=secret, box_id=box_id, number=slot)
        assert made == cover.slot(secret, box_id, slot)
        follow = envelope.for_follow_up(NETWORK_ID, secret, 1 + number % 7)
        theirs = stranger("follow_up", tag_key=secret, number=1 + number % 7)
        assert theirs == [follow.binding, follow.inner_key]
        public = made_up(f"public {number}", 1216)
        walking = walk_in.context(secret, public)
        theirs = stranger("walk_in", public_key=public, network_id=secret)
        assert theirs == [walking.binding, walking.inner_key]
        assert stranger("key_hash", key=secret) == keys.key_hash(secret)
        assert stranger("code_last_epoch", published=epoch) == codes.last_epoch(epoch)


def _envelopes() -> list[Sealed]:
    follow_ups = [
        (envelope.for_follow_up(NETWORK_ID, made_up("tag key", 32), n), both.follow_up(f"f{n}"))
        for n in range(1, 8)
    ]
    code = envelope.for_code(NETWORK_ID, made_up("locator", 16), made_up("psk", 32))
    walking = walk_in.context(NETWORK_ID, PUBLIC_KEY)
    return [(code, both.referral("by code")), (walking, both.referral("on foot")), *follow_ups]


@pytest.mark.parametrize(("context", "said"), _envelopes())
def test_T53_envelopes_of_all_kinds(
    stranger: Stranger, context: envelope.Context, said: message.Message
) -> None:
    """A referral, walk-in and each follow-up opens on the other side to the same values."""
    names = ("network_id", "kind", "binding", "inner_key")
    bound = {name: getattr(context, name) for name in names}
    sealed = envelope.seal(message.encode(said), PUBLIC_KEY, context, random=both.draws("e"))
    assert stranger("open_envelope", envelope=sealed, seed=SEED, **bound) == values_of(said)
    made = {"public_key": PUBLIC_KEY, "values": values_of(said), "nonce": bytes(24)}
    opened = envelope.open_(stranger("seal_envelope", **made, **bound), SEED, context)
    assert message.decode(opened, context.message_kind) == said


def test_messages_are_the_same(stranger: Stranger) -> None:
    """Both encode random referrals and follow-ups to the same bytes and decode the other's."""
    for number in range(100):
        for said in (both.referral(f"r{number}"), both.follow_up(f"f{number}")):
            encoded, values = message.encode(said), values_of(said)
            assert stranger("write_message", values=values, kind=said.kind) == encoded
            assert stranger("read_message", message=encoded, kind=said.kind) == values


def test_T53_slots_are_the_same(stranger: Stranger) -> None:
    """Both seal the same bytes for slots 1 to 31, and open them to the same signed answer."""
    where = {"box_id": made_up("box id", 16), "box_key": made_up("box key", 32)}
    where["network_id"] = NETWORK_ID
    seed = made_up("organisation seed", 32)
    by, signed = {"organisation_seed": seed}, {"organisation": public_of(seed)}
    for slot in range(1, 32):
        said = both.answer(f"a{slot}")
        sealed = box.seal_answer(said, slot=slot, random=both.draws("slot"), **by, **where)
        made = {"values": values_of(said), "nonce": both.draws("slot")(24), **by}
        assert stranger("seal_slot", number=slot, **made, **where) == sealed
        opened = box.open_answer(sealed, slot=slot, **signed, **where)
        assert replace(opened, signature=b"") == said
        theirs = stranger("open_slot", slot=sealed, number=slot, **signed, **where)
        assert theirs == values_of(opened)


def test_T53_slot_zero_is_the_same(stranger: Stranger) -> None:
    """Both seal the same bytes for slot 0 under the holder key, and open them to the same."""
    where = {"box_id": made_up("box id", 16), "holder_key": made_up("holder key", 32)}
    where["network_id"] = NETWORK_ID
    said = both.delivered(PUBLIC_KEY)
    sealed = box.seal_delivered(said, random=both.draws("slot"), **where)
    made = {"values": values_of(said), "nonce": both.draws("slot")(24)}
    assert stranger("seal_delivered", **made, **where) == sealed
    assert stranger("open_delivered", slot=sealed, **where) == values_of(said)
    assert box.open_delivered(sealed, **where) == said


def test_work_is_the_same(stranger: Stranger) -> None:
    """Both find the same first nonce, also past the last one, and accept it."""
    sent: dict[str, Any] = {"network_id": NETWORK_ID, "epoch": 20_000}
    sent["envelope"] = made_up("envelope", 5273)
    for bits, start in ((8, 0), (12, 1 << 40), (10, (1 << 64) - 3)):
        task = work.task(bits=bits, **sent)
        nonce = work.search(task, start, 1 << 16)
        assert nonce == stranger("find_work", bits=bits, start=start, tries=1 << 16, **sent)
        assert nonce is not None
        work.check(task, nonce)
        stranger("check_work", bits=bits, nonce=nonce, **sent)


def test_fillers_have_one_shape(stranger: Stranger) -> None:
    """A filler of either side is sized as an envelope, and opens for neither as one."""
    context, _ = _envelopes()[1]
    bound = {"network_id": NETWORK_ID, "binding": context.binding, "inner_key": context.inner_key}
    theirs = stranger("filler", seed=made_up("nobody", 32), content=made_up("nothing", 4136))
    for filler in (theirs, cover.envelope(both.draws("filler"))):
        opened = both.outcome(partial(envelope.open_, filler, SEED, context))
        asked = {"envelope": filler, "seed": SEED, "kind": 3, **bound}
        assert opened == both.outcome(partial(stranger, "open_envelope", **asked)) == "CannotOpen"


@pytest.mark.parametrize("size", [0, 200_000, 300_000])
def test_T53_stores_open_on_both_sides(stranger: Stranger, size: int) -> None:
    """A store of either side, in both its smallest sizes, opens for every member on the other."""
    members = [stores.member("first"), stores.member("second")]
    held = replace(stores.with_filler(stores.full(*members), size), generation=7)
    ours = seal_store(held, random=both.draws("store"))
    entries = [[kind, name, value] for (kind, name), value in sorted(held.entries.items())]
    theirs = stranger("seal_store", entries=entries, **_drawn_for_a_store())
    assert len(ours) == len(theirs)
    for member in members:
        secret = {"member_seed": member.xwing_seed, "network_id": member.network_id}
        asked = {**secret, "organisation": member.organisation_key, "lowest": 7}
        assert stranger("open_store", sealed=ours, **asked)["entries"] == entries
        opened = open_store(theirs, member, 7)
        assert (opened.entries, opened.generation) == (held.entries, 7)


def _drawn_for_a_store() -> dict[str, Any]:
    drawn = {"store_key": made_up("store key", 32), "nonce": made_up("nonce", 24)}
    unused = [made_up(f"unused {number}", 64) for number in range(16)]
    of = {"network_id": stores.NETWORK_ID, "organisation_seed": stores.ORGANISATION_SEED}
    return {"generation": 7, "unused": unused, **of, **drawn}
