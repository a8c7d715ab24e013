"""The admins' reading keys: each her own, of current admins alone, the same for all who ask."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from crypto import constants as c
from crypto.public import admin_keys
from crypto.public import policy as policies
from crypto.public.note_signing import Signer, sign_note
from server.models import admin_key
from server.services.network import Loaded
from server.sweeper import Sweeper
from tests.crypto.networks import keys, seed_of
from tests.server.calling import Caller, problem
from tests.server.founding import ON_SQLITE, Founded
from tests.server.scene import Scene, from_b64url

PATH, MINE = "/v1/admins", "/v1/admins/me/key"
NEWCOMER = Signer("z-new", seed_of("z-new"))


@pytest.fixture
def caller(founded: Founded, client: FlaskClient) -> Caller:
    """Signs calls."""
    return Caller(client, founded.network_id)


def _made(made: Founded, admin: Signer) -> bytes:
    return admin_keys.make(admin.seed, made.network_id)


def _put(caller: Caller, seed: bytes, key: bytes) -> str | None:
    return problem(caller(seed, "PUT", MINE, {"admin_key": key}))


def _shown(client: FlaskClient) -> list[bytes]:
    return [from_b64url(key) for key in client.get(PATH).get_json()["admin_keys"]]


def _retire_first(made: Founded) -> None:
    changed = replace(
        made.network.policy,
        version=2,
        admins=keys((*made.admins[1:], NEWCOMER)),
        former_admins=(made.admins[0].key,),
        until=made.network.policy.until + 5,
    )
    note = sign_note(policies.format_text(changed), *made.admins[1:])
    assert isinstance(made.load(note), Loaded)


def test_R21_everybody_sees_the_keys_of_those_who_have_posted_one(
    founded: Founded, caller: Caller, client: FlaskClient
) -> None:
    """Ascending by whose they are; the same key again changes nothing."""
    assert _shown(client) == []
    for admin in founded.admins:
        assert _put(caller, admin.seed, _made(founded, admin)) is None
    assert _put(caller, founded.admins[0].seed, _made(founded, founded.admins[0])) is None
    ordered = sorted(founded.admins, key=lambda one: one.key.public_key)
    assert _shown(client) == [_made(founded, one) for one in ordered]
    held = admin_keys.holding(_shown(client), founded.network.policy)
    assert {one.admin for one in held} == {one.key.public_key for one in founded.admins}


def test_P9_T69_an_admin_posts_nobodys_key_but_her_own(
    founded: Founded, caller: Caller, scene: Scene
) -> None:
    """Another admin's true key, a stranger's and one with a changed byte are refused."""
    one, other = founded.admins[:2]
    true = _made(founded, one)
    assert _put(caller, one.seed, _made(founded, other)) == "unsigned"
    assert _put(caller, one.seed, _made(founded, NEWCOMER)) == "unsigned"
    assert _put(caller, NEWCOMER.seed, _made(founded, NEWCOMER)) == "unsigned"
    assert _put(caller, one.seed, true[:-1] + bytes([true[-1] ^ 1])) == "unsigned"
    swapped = true[: -c.XWING_PUBLIC_KEY_BYTES - 64] + _made(founded, other)[-1_280:]
    assert _put(caller, one.seed, swapped) == "unsigned"
    elsewhere = admin_keys.make(one.seed, bytes(32))
    for changed in (elsewhere, b"\x02" + true[1:], bytes(c.ADMIN_KEY_BYTES)):
        assert _put(caller, one.seed, changed) == "malformed"
    assert scene.count(admin_key) == 0


@pytest.mark.parametrize("size", [0, c.ADMIN_KEY_BYTES - 1, c.ADMIN_KEY_BYTES + 1])
@ON_SQLITE
def test_R39_T34_admin_keys_have_one_length(founded: Founded, caller: Caller, size: int) -> None:
    """Anything else is malformed."""
    assert _put(caller, founded.admins[0].seed, bytes(size)) == "malformed"


def test_P9_T45_T69_a_retired_admin_is_not_sealed_to_and_reads_no_more(
    founded: Founded, caller: Caller, client: FlaskClient, scene: Scene
) -> None:
    """Her key is gone with the policy, she can't post it again, and no call of hers is taken."""
    for admin in founded.admins:
        assert _put(caller, admin.seed, _made(founded, admin)) is None
    applied, retired, stays = scene.applied(), founded.admins[0], founded.admins[1]
    _retire_first(founded)
    assert _made(founded, retired) not in _shown(client)
    assert len(_shown(client)) == scene.count(admin_key) == 2
    assert _put(caller, retired.seed, _made(founded, retired)) == "unsigned"
    calls: list[tuple[str, str, dict[str, Any] | None]] = [
        ("GET", "/v1/applications", None),
        ("POST", "/v1/applications/open", {"id": applied.id, "after": 0}),
        ("POST", "/v1/applications/entries", {"id": applied.id, "n": 0, "entry": bytes(2_560)}),
        ("POST", "/v1/applications/answer", {"id": applied.id, "reply": bytes(2_048)}),
    ]
    for method, path, values in calls:
        assert problem(caller(retired.seed, method, path, values)) == "unsigned"
        assert problem(caller(stays.seed, method, path, values)) is None
    assert _put(caller, NEWCOMER.seed, _made(founded, NEWCOMER)) is None
    assert len(_shown(client)) == 3


def test_P7_keys_end_with_the_policy(
    founded: Founded, caller: Caller, client: FlaskClient, scene: Scene
) -> None:
    """A new policy lets them live on; on the day after its last they are gone."""
    for admin in founded.admins:
        assert _put(caller, admin.seed, _made(founded, admin)) is None
    _retire_first(founded)
    scene.clock.days_pass(founded.network.policy.until + 5 - scene.today)
    assert len(_shown(client)) == 2
    scene.clock.days_pass(1)
    assert _shown(client) == []
    Sweeper(scene.core).run_once()
    assert scene.count(admin_key) == 0
