"""The policy: who may found a network here, what follows, and what everybody is shown of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from client import network_view
from client.api_types import NetworkDocument, TokenKey
from crypto.public import checkpoint, notes, suspensions
from crypto.public import policy as policies
from crypto.public.note_signing import Signer, public_of, sign_note
from crypto.public.notes import Key
from crypto.public.policy import Policy
from crypto.public.statements import Kind
from server import log_key
from server.core import Core
from server.keyring import LOG, Keyring, KeyringBroken
from server.models import admin_counter, log_entry
from server.services import network
from server.services.network import Loaded, PolicyRefusal
from server.services.refusals import Refusal
from tests.crypto.networks import keys, make_network, seed_of
from tests.server import calling, founding
from tests.server.calling import Caller
from tests.server.scene import Scene, from_b64url

NEWCOMER = Signer("z-new", seed_of("z-new"))


def document_of(client: FlaskClient) -> NetworkDocument:
    """What GET /v1/network says, as a client holds it."""
    said = client.get("/v1/network").get_json()
    return NetworkDocument(
        network_id=from_b64url(said["network_id"]),
        policies=tuple(note.encode() for note in said["policies"]),
        checkpoint=said["checkpoint"].encode(),
        suspensions=said["suspensions"].encode(),
        suspended=tuple(note.encode() for note in said["suspended"]),
        token_keys=tuple(
            TokenKey(
                one["period"],
                from_b64url(one["public_key"]),
                one["index"],
                tuple(map(from_b64url, one["hashes"])),
            )
            for one in said["token_keys"]
        ),
        tokens_a_week=said["tokens_a_week"],
        work_bits=said["work_bits"],
        tick_seconds=said["tick_seconds"],
        store_bytes=said["store_bytes"],
    )


def _note(policy: Policy, *signers: Signer) -> bytes:
    return sign_note(policies.format_text(policy), *signers)


def test_P9_a_client_accepts_the_network_that_the_first_policy_founded(
    core: Core, client: FlaskClient
) -> None:
    """What GET network shows passes every check of a client that knows the network's id."""
    made = founding.found(core)
    document = document_of(client)
    view = network_view.view_of(
        document, device_day=core.today, network_id=made.network_id, build_epoch=core.today
    )
    assert view.policy == made.network.policy
    assert not view.witnessed
    assert [one.period for one in document.token_keys] == [core.today - (core.today - 4) % 28]
    settings = core.settings
    assert document.tokens_a_week == settings.tokens_a_week
    assert document.work_bits == settings.work_bits
    assert document.tick_seconds == settings.tick_seconds
    assert document.store_bytes == settings.store_bytes


def test_before_a_policy_was_loaded_nothing_is_shown_taken_or_stored(
    core: Core, client: FlaskClient, scene: Scene
) -> None:
    """Every call that needs the network says busy, and leaves no row."""
    before = scene.dump()
    made = founding.Founded(core, make_network(witnesses=0, witness_threshold=0))
    shelter = founding.named("Shelter")
    headers = Caller(client, made.network_id).headers(
        made.admins[0].seed, "GET", "/v1/applications"
    )
    answers = [
        client.get("/v1/network"),
        client.get("/v1/directory"),
        client.get("/v1/applications", headers=headers),
        client.get("/v1/admins"),
        calling.post(client, "/v1/applications", **scene.make.application().body()),
        calling.post(client, "/v1/statements", note=made.statement(shelter), listing=None),
    ]
    assert [calling.problem(answer) for answer in answers] == ["busy"] * 6
    assert made.post(made.statement(shelter)) is Refusal.NO_NETWORK
    assert scene.dump() == before


OTHER_LOG = Key("other.example", seed_of("other log"))


@pytest.mark.parametrize(
    ("changes", "signers", "refusal"),
    [
        ({"log": OTHER_LOG}, 2, PolicyRefusal.OTHER_LOG),
        ({}, 1, PolicyRefusal.TOO_FEW),
        ({"until": 20_779}, 2, PolicyRefusal.ENDED),
        ({"version": 2}, 2, PolicyRefusal.MALFORMED),
    ],
)
def test_P9_T45_a_policy_that_does_not_hold_founds_nothing(
    core: Core,
    scene: Scene,
    changes: dict[str, object],
    signers: int,
    refusal: PolicyRefusal,
) -> None:
    """A first policy with another log, too few signatures or no day left: refused."""
    made = make_network(witnesses=1, witness_threshold=0)
    core.keyring.make(LOG, 0, lambda _size: made.log.seed)
    note = _note(replace(made.policy, **changes), *made.admins[:signers])  # type: ignore[arg-type]
    assert founding.load(core, note) is refusal
    assert scene.count(log_entry) == 0
    assert core.database.read(network.network_id) is None


def test_P9_T45_forged_and_foreign_lines_found_nothing(core: Core, scene: Scene) -> None:
    """A line that does not hold, or is by nobody whom the policy names, spoils the whole note."""
    made = make_network(witnesses=0, witness_threshold=0)
    core.keyring.make(LOG, 0, lambda _size: made.log.seed)
    forged = made.policy_note.replace(b"threshold 2", b"threshold 3")
    foreign = _note(made.policy, *made.admins, NEWCOMER)
    for note in (forged, foreign):
        assert founding.load(core, note) is PolicyRefusal.UNSIGNED
    for note in (b"", b"towpath/v1/policy\n", made.policy_note[:-1]):
        assert founding.load(core, note) is PolicyRefusal.MALFORMED
    assert scene.count(log_entry) == 0


def test_P9_a_server_without_the_policys_log_key_is_not_its_server(
    core: Core, scene: Scene
) -> None:
    """A policy is taken by the server that holds its log key, and by no other."""
    made = make_network(witnesses=0, witness_threshold=0)
    assert founding.load(core, made.policy_note) is PolicyRefusal.OTHER_LOG
    core.keyring.make(LOG, 0, core.random)
    assert founding.load(core, made.policy_note) is PolicyRefusal.OTHER_LOG
    assert scene.count(log_entry) == 0


def test_P9_R21_a_lost_log_key_is_replaced_by_the_next_policy_and_nothing_else(
    core: Core, scene: Scene
) -> None:
    """A new key signs nothing until k admins name it; then listings stand, and the old one ends."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    core.keyring.destroy(LOG, 0)
    seed = log_key.make_next(core.keyring, core.random)
    assert log_key.seed_of(core.keyring, made.network.policy.log) is None
    with pytest.raises(KeyringBroken):
        made.post(made.statement(shelter, serial=2, kind=Kind.SUSPENDED, signed_by=made.admins[:1]))
    renamed = replace(made.network.policy, version=2, log=Key("log2.example", public_of(seed)))
    assert made.load(_note(renamed, made.admins[0])) is PolicyRefusal.TOO_FEW
    assert isinstance(made.load(_note(renamed, *made.admins[:2])), Loaded)
    shown = made.document()
    policy = policies.parse(notes.parse(shown.policies[-1]).text)
    assert checkpoint.check_newest(shown.checkpoint, policy).checkpoint.size == scene.count(
        log_entry
    )
    assert [one.statement.name for one in made.seen()] == ["Shelter"]


def test_P9_of_two_log_keys_the_one_that_the_policy_names_signs(core: Core) -> None:
    """Before the next policy a new key changes nothing; after it, the old one is destroyed."""
    made = founding.found(core)
    old = made.network.policy.log
    new = Key("log2.example", public_of(log_key.make_next(core.keyring, core.random)))
    made.organisation("Shelter")
    assert made.seen() != []
    log_key.end_others(core.keyring, old)
    assert log_key.seed_of(core.keyring, new) is None
    assert log_key.seed_of(core.keyring, old) is not None


def test_P9_T45_the_next_policy_takes_k_of_the_old_and_k_of_the_new(core: Core) -> None:
    """Version 2 with a new admin is taken with both, and a client follows the chain to it."""
    made = founding.found(core)
    old, changed = made.admins, (*made.admins[1:], NEWCOMER)
    policy = replace(
        made.network.policy, version=2, admins=keys(changed), former_admins=(old[0].key,)
    )
    refused = [
        (_note(policy, old[0], NEWCOMER), PolicyRefusal.TOO_FEW),
        (_note(policy, old[1], NEWCOMER), PolicyRefusal.TOO_FEW),
        (_note(policy, old[0], old[1]), PolicyRefusal.TOO_FEW),
        (_note(replace(policy, version=3), old[1], old[2]), PolicyRefusal.MALFORMED),
        (_note(replace(policy, network_id=bytes(32)), *old[1:]), PolicyRefusal.OTHER_NETWORK),
        (_note(replace(policy, log=OTHER_LOG), *old[1:]), PolicyRefusal.OTHER_LOG),
    ]
    before = made.document()
    for note, refusal in refused:
        assert made.load(note) is refusal
    assert made.document() == before
    note = _note(policy, old[1], old[2])
    assert made.load(note) == Loaded(made.network_id, 2, founded=False)
    assert made.document().policies == (made.network.policy_note, note)
    assert made.seen() == []
    assert made.load(made.network.policy_note) is PolicyRefusal.OLD


def test_a_policy_given_again_changes_nothing(core: Core, scene: Scene) -> None:
    """Loading the policy that stands, as after a lost answer, stores nothing twice."""
    made = founding.found(core)
    before = scene.dump()
    assert made.load(made.network.policy_note) == Loaded(made.network_id, 1, founded=False)
    assert scene.dump() == before


def test_P9_T44_a_listing_that_a_new_policy_does_not_bear_ends(
    core: Core, client: FlaskClient
) -> None:
    """Where an admin is retired, statements that are left with fewer than k lines list nobody."""
    made = founding.found(core)
    stays, goes = founding.named("Clinic"), made.organisation("Shelter")
    made.vet(stays, signed_by=made.admins)
    retired = replace(
        made.network.policy,
        version=2,
        admins=keys((*made.admins[1:], NEWCOMER)),
        former_admins=(made.admins[0].key,),
    )
    assert isinstance(made.load(_note(retired, *made.admins[1:])), Loaded)
    assert [one.statement.name for one in made.seen()] == ["Clinic"]
    # Nobody signs for it any more, either.
    caller = Caller(client, made.network_id)
    values = {"walk_ins": True, "capacity": None}
    answer = caller(goes.member_seed, "PUT", "/v1/organisations/me/capacity", values)
    assert calling.problem(answer) == "unsigned"


def test_P9_the_checkpoint_always_names_policy_and_list(core: Core, scene: Scene) -> None:
    """After founding, listing, suspending and a new policy, it names what is shown beside it."""
    made = founding.found(core)
    steps: list[Callable[[], object]] = [
        lambda: made.organisation("Shelter"),
        lambda: made.post(
            made.statement(
                founding.named("Shelter"),
                serial=2,
                kind=Kind.SUSPENDED,
                signed_by=made.admins[:1],
            )
        ),
        lambda: made.load(made.network.next_policy()),
    ]
    for step in steps:
        step()
        shown = made.document()
        policy = policies.parse(notes.parse(shown.policies[-1]).text)
        held = checkpoint.check_newest(shown.checkpoint, policy)
        listed = suspensions.check(shown.suspensions, held.checkpoint, made.network_id)
        assert held.checkpoint.size == scene.count(log_entry)
    assert [one.serial for one in listed.ended] == [3]


def test_P9_another_process_sees_a_new_policy_at_once(core: Core) -> None:
    """What one process keeps in memory never outlives what another has stored."""
    made = founding.found(core)
    other = core.database.read(network.current_policy)
    assert other is not None
    assert other.version == 1
    note = made.network.next_policy()
    from_elsewhere = replace(core, keyring=Keyring(core.settings.keyring))
    assert isinstance(founding.load(from_elsewhere, note), Loaded)
    newest = core.database.read(network.current_policy)
    assert newest is not None
    assert newest.version == 2


def test_P10_without_the_log_key_nothing_is_listed(core: Core, scene: Scene) -> None:
    """A statement that no checkpoint could name is not stored, so that no state is half a one."""
    made = founding.found(core)
    shelter = founding.named("Shelter")
    core.keyring.destroy(LOG, 0)
    before = scene.dump()
    with pytest.raises(KeyringBroken):
        made.vet(shelter)
    assert scene.dump() == before


def test_P12_counters_of_retired_admins_end_with_their_policy(
    core: Core, client: FlaskClient, scene: Scene
) -> None:
    """Who is no admin any more leaves no row; those who stay keep theirs."""
    made = founding.found(core)
    caller = Caller(client, made.network_id)
    for admin in made.admins[:2]:
        assert caller(admin.seed, "GET", "/v1/applications").status_code == 200
    assert scene.count(admin_counter) == 2
    retired = replace(
        made.network.policy,
        version=2,
        admins=keys((*made.admins[1:], NEWCOMER)),
        former_admins=(made.admins[0].key,),
    )
    assert isinstance(made.load(_note(retired, *made.admins[1:])), Loaded)
    rows = scene.dump()["admin_counter"]
    assert [row[:2] for row in rows] == [(made.admins[1].key.public_key, 1)]
    assert calling.problem(caller(made.admins[0].seed, "GET", "/v1/applications")) == "unsigned"
    assert caller(made.admins[1].seed, "GET", "/v1/applications").status_code == 200
