"""Records, stores and rows: what one side seals the other opens, and what one refuses, both do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crypto import constants as c
from crypto.client import hpke, record
from crypto.client import store as stores
from crypto.client.codes import CodeKeys
from crypto.client.member_file import MemberSecret
from crypto.errors import Refused
from crypto.public import policy, wrapping
from tests.crossing.made_up import Draw
from tests.crossing.web import Web
from tests.crypto import records, store_samples
from tests.crypto.networks import make_network
from tests.vectors.values import Drawn


@pytest.fixture(scope="module")
def case() -> records.Case:
    """A record that holds, in a made-up network."""
    return records.make(make_network())


def _seen(case: records.Case) -> dict[str, Any]:
    return {
        "network_id": case.network.network_id,
        "policy": {"utf8": policy.format_text(case.seen.policy)},
        "newest_checkpoint": case.seen.newest,
        "suspensions": case.seen.suspensions,
        "today": case.seen.today,
    }


def _derived(draw: Draw) -> CodeKeys:
    return CodeKeys(draw.bytes_of(16), draw.bytes_of(32), draw.bytes_of(32), b"", b"")


def _opens(keys: CodeKeys) -> dict[str, bytes]:
    names = ("locator", "record_key", "record_commitment")
    return {name: getattr(keys, name) for name in names}


def test_records_cross_both_ways(web: Web, case: records.Case) -> None:
    """Random codes' records are sealed to the same bytes and open with every check."""
    draw = Draw(13)
    for number in range(50):
        one = replace(case, keys=_derived(draw)).signed_by(
            case.network.organisation_seed, public_key=hpke.public_key(draw.bytes_of(32))
        )
        contents, nonce = one.contents, draw.bytes_of(24)
        network_id = one.network.network_id
        sealed = record.seal(contents, one.keys, network_id, random=Drawn(nonce))
        parts = {
            name: getattr(contents, name) for name in ("last_epoch", "public_key", "signature")
        }
        parts |= {name: getattr(contents, name) for name in ("profile", "statement", "checkpoint")}
        given = {**parts, **_opens(one.keys), "network_id": network_id, "nonce": nonce}
        proof = {"index": str(contents.inclusion.index), "hashes": list(contents.inclusion.hashes)}
        assert web.bytes_of("seal_record", "record", **given, **proof) == sealed
        opened = web.agreed("open_record", record=sealed, **_opens(one.keys), **_seen(one))
        assert isinstance(opened, dict), number


def test_changed_records_are_refused_alike(web: Web, case: records.Case) -> None:
    """A change to a record, or to what is seen of the network: one category on both sides."""
    draw, found = Draw(14), set()
    for _ in range(100):
        given: dict[str, Any] = {"record": case.sealed, **_opens(case.keys), **_seen(case)}
        name = draw.choice([one for one in given if one not in ("policy", "today")])
        given[name] = draw.changed(given[name])
        if draw.half():
            given["today"] += draw.choice((-200, -90, -1, 1, 7, 8, 90, 200))
        found.add(str(web.agreed("open_record", **given)))
    assert {"Malformed", "CannotOpen", "Expired"} <= found


def test_stores_cross_both_ways(web: Web) -> None:
    """What Python seals is opened there, sealed anew, and opened here with the same entries."""
    draw, secret = Draw(15), store_samples.member("ana")
    entries = {(c.ENTRY_MEMBER, secret.member_id): store_samples.member_entry(secret).encode()}
    for number in range(8):
        entries[(200, draw.bytes_of(16))] = draw.bytes_of(40)
        shut = stores.Store(
            network_id=store_samples.NETWORK_ID,
            organisation_seed=store_samples.ORGANISATION_SEED,
            generation=2**60 + number,
            entries=entries,
        )
        sealed = stores.seal_store(shut, random=draw.bytes_of)
        names = ("member_id", "xwing_seed", "ed25519_seed", "network_id", "organisation_key")
        named = {name: getattr(secret, name) for name in names}
        given = {"store": sealed, "secret": named, "random": draw.bytes_of(4096)}
        again = web.bytes_of("reseal_store", "store", **given)
        assert len(again) == len(sealed)
        assert again != sealed
        assert stores.open_store(again, secret, 2**60) == shut
        changed = draw.changed(sealed)
        given["store"] = changed
        assert web.outcome("reseal_store", **given) == _category(changed, secret)


def _category(sealed: bytes, secret: MemberSecret) -> str:
    try:
        stores.open_store(sealed, secret, 0)
    except Refused as refused:
        return type(refused).__name__
    return "opened"


def test_wrapped_rows_cross_both_ways(web: Web) -> None:
    """A row is wrapped to the same bytes, found by the same value, and refused alike."""
    draw = Draw(16)
    for _ in range(50):
        key, plaintext, nonce = (
            draw.bytes_of(32),
            draw.bytes_of(draw.below(100)),
            draw.bytes_of(24),
        )
        table, id_ = draw.choice(("code", "envelope", "box")), draw.bytes_of(16)
        found = wrapping.lookup(key, table, id_)
        assert web.bytes_of("wrap_lookup", "lookup", wrap_key=key, table=table, id=id_) == found
        wrapped = wrapping.wrap(key, table, found, plaintext, random=Drawn(nonce))
        given = {"wrap_key": key, "table": table, "lookup": found}
        assert web.bytes_of("wrap", "wrapped", plaintext=plaintext, nonce=nonce, **given) == wrapped
        assert web.bytes_of("unwrap", "plaintext", wrapped=wrapped, **given) == plaintext
        changed = draw.changed(wrapped)
        assert web.outcome("unwrap", wrapped=changed, **given) == "CannotOpen"
        with pytest.raises(Refused):
            wrapping.unwrap(key, table, found, changed)
