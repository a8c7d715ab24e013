"""The log over HTTP, what waits for witnesses, and what is shown meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from client import network_view
from crypto.constants import SUSPENDED_MOST, TILE_WIDTH
from crypto.encoding import monday
from crypto.errors import NotInLog, NotWitnessed, Suspended
from crypto.public import (
    checkpoint,
    edge,
    log,
    log_entries,
    notes,
    organisation_keys,
    suspensions,
    tiles,
    tokens,
)
from crypto.public import policy as policies
from crypto.public.log_entries import ProfileEntry, TokenKeyEntry, WeeklyKeyEntry
from crypto.public.note_signing import Signer, cosign, sign_note, signature_line
from crypto.public.policy import Policy
from crypto.public.profile import profile_hash
from crypto.public.statements import Kind, Statement
from server.core import Core
from server.keyring import TOKEN
from server.models import log_entry
from server.services.cosignatures import Cosigned
from server.services.network import Loaded
from server.services.refusals import Refusal
from tests.crypto.networks import PROFILE, make_network, seed_of, witness_keys
from tests.server import calling, founding
from tests.server.founding import ON_SQLITE, Founded
from tests.server.reading import Reading
from tests.server.scene import FakeClock, Scene
from tests.server.test_network import document_of

OTHER = PROFILE[:-1] + b"\x02"
STRANGER = Signer("w9", seed_of("w9"))


@pytest.fixture
def founded(core: Core) -> Founded:
    """A network with three witnesses, of whom any two must have seen what is shown."""
    made = founding.found(core, witnesses=3, needed=2)
    made.witness()
    return made


def _suspend(made: Founded, name: str, serial: int = 2) -> None:
    of = founding.named(name)
    note = made.statement(of, serial=serial, kind=Kind.SUSPENDED, signed_by=made.admins[:1])
    posted = made.post(note)
    assert not isinstance(posted, Refusal)


def _names(made: Founded) -> list[str]:
    return [one.statement.name for one in made.seen()]


def test_R21_everything_that_is_said_in_public_is_in_the_log_in_its_order(
    core: Core, client: FlaskClient
) -> None:
    """Policy, issuing keys, profile before its statement, weekly key; renewed without a profile."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    week = made.weekly_key(shelter)
    assert made.put_weekly_key(shelter, week) is None
    made.vet(shelter, serial=2)
    changed = replace(shelter, profile=OTHER)
    made.vet(changed, serial=3)
    read = Reading(client)
    policy, issuing, *rest = read.entries()
    assert isinstance(policy, Policy)
    assert isinstance(issuing, TokenKeyEntry)
    kinds = [ProfileEntry, Statement, WeeklyKeyEntry, Statement, ProfileEntry, Statement]
    assert [type(one) for one in rest] == kinds
    assert isinstance(rest[0], ProfileEntry)
    assert rest[0].profile == PROFILE
    assert isinstance(rest[2], WeeklyKeyEntry)
    assert rest[2].key == hashlib.sha256(week).digest()
    for profile, statement in ((rest[0], rest[1]), (rest[4], rest[5])):
        assert isinstance(profile, ProfileEntry)
        assert isinstance(statement, Statement)
        assert profile_hash(profile.profile) == statement.profile
        assert profile.organisation == statement.organisation
    # What shows of each that it was signed stands beside it.
    proofs = read.proofs()
    texts = read.texts()
    for at in (0, 3, 5, 7):
        assert notes.parse(proofs[at]).text.encode() == texts[at]
    assert proofs[4] == week
    assert [proofs[at] for at in (1, 2, 6)] == [b""] * 3


def test_R21_a_weekly_key_is_logged_when_it_is_first_shown_and_when_it_is_replaced(
    core: Core, client: FlaskClient
) -> None:
    """Once each, however often it is put; each as its organisation signed it."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    first, second = made.weekly_key(shelter), made.weekly_key(shelter, name="another")
    replaced = organisation_keys.parse_weekly_key(first).public_key
    for _ in range(2):
        assert made.put_weekly_key(shelter, first) is None
    named = hashlib.sha256(replaced).digest()[:16]
    assert made.put_weekly_key(shelter, second, replaces=bytes(16)) is Refusal.STALE
    for _ in range(2):
        assert made.put_weekly_key(shelter, second, replaces=named) is None
    read = Reading(client)
    keys = [one.key for one in read.entries() if isinstance(one, WeeklyKeyEntry)]
    assert keys == [hashlib.sha256(one).digest() for one in (first, second)]
    (listed,) = made.directory()
    assert listed.weekly_keys == (second,)


@ON_SQLITE
def test_T73_the_next_issuing_key_is_in_the_log_two_weeks_before_its_period(
    core: Core, clock: FakeClock, client: FlaskClient
) -> None:
    """Each period has one, there on its 14th day before; the document shows it once it begins."""
    made = founding.found(core)
    present = tokens.period_of(core.today)
    clock.days_pass(present + 14 - core.today - 1)
    assert not made.refresh()
    clock.days_pass(1)
    assert made.refresh()
    assert not made.refresh()
    logged = [one for one in Reading(client).entries() if isinstance(one, TokenKeyEntry)]
    assert [one.period for one in logged] == [present, present + 28]
    assert [one.period for one in made.document().token_keys] == [present]
    clock.days_pass(14)
    shown = made.document().token_keys
    assert [one.period for one in shown] == [present + 28, present]
    assert [one.public_key for one in shown] == [one.key for one in reversed(logged)]


@ON_SQLITE
def test_T73_a_key_that_the_log_does_not_have_so_is_shown_to_nobody(core: Core) -> None:
    """Where a key's file was lost, no second key takes its place in that period."""
    made = founding.found(core)
    core.keyring.destroy(TOKEN, tokens.period_of(core.today))
    assert made.document().token_keys == ()
    assert not made.refresh()


def test_T74_nothing_that_waits_is_shown_before_enough_witnesses_have_seen_it(
    founded: Founded,
) -> None:
    """A listing, a renewal with another profile, a policy: with one of two, all is as before."""
    shelter = founded.organisation("Shelter")
    assert founded.seen() == []
    assert not founded.witness(1).published
    assert founded.seen() == []
    assert founded.witness(2).published
    assert _names(founded) == ["Shelter"]
    before = founded.document()
    changed = replace(shelter, profile=OTHER, name="Shelter of all")
    founded.vet(changed, serial=2)
    founded.witness(1)
    assert _names(founded) == ["Shelter"]
    assert founded.directory()[0].profile == PROFILE
    assert founded.document().suspensions == before.suspensions
    founded.witness(2)
    assert _names(founded) == ["Shelter of all"]
    assert founded.directory()[0].profile == OTHER
    note = founded.network.next_policy()
    assert founded.load(note) == Loaded(founded.network_id, 2, founded=False, waits_for=2)
    assert founded.document().policies == (founded.network.policy_note,)
    assert _names(founded) == ["Shelter of all"]
    founded.witness(2)
    assert founded.document().policies == (founded.network.policy_note, note)


def test_T74_before_the_first_checkpoint_was_seen_nothing_is_shown(
    core: Core, client: FlaskClient
) -> None:
    """A network with witnesses begins to exist for others when they have seen it."""
    made = founding.found(core, witnesses=3, needed=2)
    for path in ("/v1/network", "/v1/directory", "/v1/log/checkpoint"):
        assert calling.problem(client.get(path)) == "busy"
    assert client.get("/v1/log/pending").data == made.pending()
    made.witness(2)
    view = network_view.view_of(
        document_of(client),
        device_day=core.today,
        network_id=made.network_id,
        build_epoch=core.today,
    )
    assert view.witnessed
    assert view.checkpoint_day == core.today


def test_T74_a_suspension_shows_at_once_while_every_witness_sleeps(
    founded: Founded, client: FlaskClient
) -> None:
    """It stands in the very next document, and a client takes it as a line of the list."""
    founded.organisation("Shelter")
    founded.organisation("Clinic")
    founded.witness()
    kept = founded.directory()
    _suspend(founded, "Shelter")
    document = founded.document()
    listed = suspensions.parse(document.suspensions)
    assert listed.ended == ()
    assert len(document.suspended) == 1
    assert _names(founded) == ["Clinic"]
    # A server that goes on showing the listing beside it is not believed.
    with pytest.raises(Suspended):
        founding.seen(document, kept, founded.core.today, founded.network_id)
    assert document_of(client).suspended == document.suspended
    founded.witness()
    seen = founded.document()
    assert seen.suspended == ()
    assert [one.serial for one in suspensions.parse(seen.suspensions).ended] == [3]


def test_T74_who_was_suspended_is_shown_again_only_when_witnesses_have_seen_the_lifting(
    founded: Founded,
) -> None:
    """Vetted anew while the suspension still waits, neither the old nor the new listing shows."""
    shelter = founded.organisation("Shelter")
    founded.witness()
    _suspend(founded, "Shelter")
    founded.vet(shelter, serial=3)
    assert founded.directory() == []
    assert len(founded.document().suspended) == 1
    founded.witness()
    assert _names(founded) == ["Shelter"]


@ON_SQLITE
def test_T74_of_many_suspensions_the_newest_64_are_shown(founded: Founded) -> None:
    """The newest first."""
    shelter = founded.organisation("Shelter")
    founded.witness()
    for serial in range(2, 2 * SUSPENDED_MOST + 4, 2):
        _suspend(founded, "Shelter", serial)
        founded.vet(shelter, serial=serial + 1)
    shown = founded.document().suspended
    assert len(shown) == SUSPENDED_MOST
    assert f"serial {2 * SUSPENDED_MOST + 2}\n".encode() in shown[0]


def test_T74_a_policy_with_fewer_witnesses_sets_a_stuck_network_going(founded: Founded) -> None:
    """Where witnesses are lost, the admins' next policy asks for one, or for none."""
    founded.organisation("Shelter")
    policy = founded.network.policy
    one = replace(policy, version=2, witnesses_threshold=1)
    assert isinstance(founded.load(_signed(founded, one)), Loaded)
    assert founded.seen() == []
    founded.witness(1)
    assert _names(founded) == ["Shelter"]
    founded.organisation("Clinic")
    none = replace(
        one,
        version=3,
        witnesses_threshold=0,
        witnesses=(),
        former_witnesses=witness_keys(founded.network.witnesses),
    )
    loaded = founded.load(_signed(founded, none))
    assert loaded == Loaded(founded.network_id, 3, founded=False)
    assert sorted(_names(founded)) == ["Clinic", "Shelter"]


def _signed(made: Founded, policy: Policy) -> bytes:
    return sign_note(policies.format_text(policy), *made.admins[:2])


def test_T74_a_line_counts_for_the_very_text_that_it_is_over(founded: Founded) -> None:
    """One over what waited before is stale; by a stranger, under any name: unsigned."""
    founded.organisation("Shelter")
    before = founded.pending()
    early = founded.line(founded.network.witnesses[0])
    founded.organisation("Clinic")
    assert founded.pending() != before
    assert founded.cosign(early) is Refusal.STALE
    assert founded.cosign(founded.line(STRANGER)) is Refusal.UNSIGNED
    named = Signer(founded.network.witnesses[0].name, STRANGER.seed)
    assert founded.cosign(founded.line(named)) is Refusal.UNSIGNED
    text = notes.parse(founded.pending()).text
    as_log = str(signature_line(text, founded.network.witnesses[0])).rstrip("\n")
    assert founded.cosign(as_log) is Refusal.MALFORMED
    assert notes.parse(founded.pending()).lines[1:] == ()


@ON_SQLITE
def test_T74_a_line_of_another_day_or_form_is_malformed(founded: Founded) -> None:
    """Yesterday and today are taken, and no line that is more or less than one line."""
    (one, *_) = founded.network.witnesses
    noon = int(founded.core.clock.now())
    for time in (noon - 86_400 * 3 // 2 - 1, noon + 86_400 // 2, 1 << 63, 0):
        assert founded.cosign(founded.line(one, time=time)) is Refusal.MALFORMED
    good = founded.line(one)
    for wrong in ("", good + "\n", good + good, good[2:], " " + good, good.replace("=", "")):
        assert founded.cosign(wrong) is Refusal.MALFORMED
    assert isinstance(founded.cosign(founded.line(one, time=noon - 86_400)), Cosigned)


def test_T74_a_witness_may_cosign_again_and_again_and_its_latest_line_stays(
    founded: Founded, clock: FakeClock
) -> None:
    """What is shown grows no older while nothing happens; an earlier line changes nothing."""
    note = founded.document().checkpoint
    early = [founded.line(one, note=note) for one in founded.network.witnesses]
    clock.days_pass(6)
    for one in founded.network.witnesses:
        line = founded.line(one, note=note)
        for again in (True, False):
            assert founded.cosign(line) == Cosigned(
                cosignatures=_count(founded), needed=2, published=True, is_new=again
            )
    policy = founded.network.policy
    shown = checkpoint.check_newest(founded.document().checkpoint, policy)
    assert shown.day == founded.core.today
    assert founded.cosign(early[0]) is Refusal.MALFORMED
    assert founded.pending() == founded.document().checkpoint


def _count(made: Founded) -> int:
    return len(notes.parse(made.document().checkpoint).lines) - 1


@ON_SQLITE
def test_of_more_than_five_witnesses_the_latest_five_lines_stay(core: Core) -> None:
    """A checkpoint with the longest names fits where a record has room for it."""
    made = Founded(
        core,
        make_network(witnesses=7, witness_threshold=5, today=core.today, longest_names=True),
    )
    core.keyring.make("log", 0, lambda _size: made.network.log.seed)
    assert isinstance(made.load(made.network.policy_note), Loaded)
    noon, note = int(core.clock.now()), made.pending()
    for later, one in enumerate(made.network.witnesses):
        assert isinstance(made.cosign(made.line(one, note=note, time=noon + later)), Cosigned)
    lines = notes.parse(made.document().checkpoint).lines
    assert [notes.time_of(line) for line in lines] == [None, *range(noon + 6, noon + 1, -1)]


def test_the_last_published_is_cosigned_under_its_own_policy(founded: Founded) -> None:
    """A witness of the policy that is shown refreshes it while the next one waits."""
    policy = founded.network.policy
    fewer = replace(
        policy,
        version=2,
        witnesses=policy.witnesses[1:],
        former_witnesses=(policy.witnesses[0],),
    )
    founded.load(_signed(founded, fewer))
    gone = founded.network.witnesses[0]
    assert founded.cosign(founded.line(gone)) is Refusal.STALE
    shown = founded.document().checkpoint
    later = int(founded.core.clock.now()) + 60
    outcome = founded.cosign(founded.line(gone, note=shown, time=later))
    assert outcome == Cosigned(cosignatures=2, needed=2, published=True, is_new=True)
    assert founded.document().checkpoint != shown


def test_the_route_for_cosignatures_publishes_and_refuses(
    founded: Founded, client: FlaskClient
) -> None:
    """Over HTTP: 1 of 2, 2 of 2, again; stale, unsigned and malformed."""

    def post(line: str) -> object:
        answer = calling.post(client, "/v1/log/cosignatures", cosignature=line)
        return answer.get_json() if answer.status_code == 200 else calling.problem(answer)

    founded.organisation("Shelter")
    note = founded.pending()
    one, two, three = (founded.line(by, note=note) for by in founded.network.witnesses)
    assert post(one) == {"cosignatures": 1, "needed": 2, "published": False}
    assert post(one) == {"cosignatures": 1, "needed": 2, "published": False}
    assert post(two) == {"cosignatures": 2, "needed": 2, "published": True}
    assert post(three) == {"cosignatures": 3, "needed": 2, "published": True}
    assert post(founded.line(STRANGER)) == "unsigned"
    assert post("hello") == "malformed"
    founded.organisation("Clinic")
    stale = cosign("another text\n", "w1", founded.network.witnesses[0].seed, _noon(founded))
    assert post(str(stale).rstrip("\n")) == "stale"
    assert client.get("/v1/log/checkpoint").data == founded.document().checkpoint
    assert client.get("/v1/log/pending").data == founded.pending()


def _noon(made: Founded) -> int:
    return int(made.core.clock.now())


@ON_SQLITE
def test_the_log_is_read_in_pieces_that_come_to_its_root(
    founded: Founded, client: FlaskClient
) -> None:
    """Entries, hashes of each level and the pending checkpoint agree, across three tiles."""
    shelter = founded.organisation("Shelter")
    for serial in range(2, 2 * TILE_WIDTH + 20):
        founded.vet(shelter, serial=serial)
    read = Reading(client)
    said = read.said()
    assert said.size == 2 * TILE_WIDTH + 22
    leaves = [log.leaf_hash(text) for text in read.texts()]
    assert len(leaves) == said.size
    assert edge.root(edge.of(leaves)) == said.root
    for path in ("0/000", "0/001", f"0/002.p/{said.size % TILE_WIDTH}", "0/002.p/1", "1/000.p/2"):
        tile = tiles.parse_path(path)
        assert read.tile(path) == tiles.hashes_of(tile, leaves)
    for path in (
        "0/002",
        f"0/002.p/{said.size % TILE_WIDTH + 1}",
        "1/000",
        "1/000.p/3",
        "2/000.p/1",
        "0/003.p/1",
        "entries/002",
        "entries/x000/000",
        "entries/0",
        "",
        "data/000",
    ):
        assert calling.problem(client.get(f"/v1/log/tile/{path}")) == "no-route"


def test_T73_the_documents_issuing_key_is_shown_to_be_in_the_log(
    founded: Founded, client: FlaskClient
) -> None:
    """By the inclusion that stands beside it; another key at its place is in no log."""
    document = document_of(client)
    (key,) = document.token_keys
    said = checkpoint.parse(notes.parse(document.checkpoint).text)
    for public, holds in ((key.public_key, True), (bytes(32), False)):
        entry = TokenKeyEntry(network_id=founded.network_id, period=key.period, key=public)
        leaf = log.leaf_hash(log_entries.format_entry(entry))
        inclusion = log.Inclusion(key.index, key.hashes)
        try:
            log.verify_inclusion(leaf, inclusion, size=said.size, root=said.root)
        except NotInLog:
            assert not holds
        else:
            assert holds


@ON_SQLITE
def test_T74_what_witnesses_saw_long_ago_is_not_taken_for_new(
    founded: Founded, client: FlaskClient, clock: FakeClock
) -> None:
    """A client refuses what no witness has confirmed for more than a week."""
    clock.days_pass(8)
    document = document_of(client)
    assert founded.network.policy.witnesses_threshold == 2
    seen = checkpoint.check_newest(document.checkpoint, founded.network.policy)
    with pytest.raises(NotWitnessed):
        checkpoint.check_fresh(seen.day, founded.core.today)


@ON_SQLITE
@pytest.mark.parametrize(
    "lose",
    [
        lambda made: made.vet(founding.named("Clinic")),
        lambda made: _suspend(made, "Shelter"),
        lambda made: made.put_weekly_key(
            founding.named("Shelter"), made.weekly_key(founding.named("Shelter"))
        ),
    ],
)
def test_P10_without_the_log_key_nothing_is_stored_that_no_checkpoint_names(
    founded: Founded, scene: Scene, lose: Callable[[Founded], object]
) -> None:
    """Each call is one transaction with its entries and its checkpoint, or nothing."""
    founded.organisation("Shelter")

    founded.core.keyring.destroy("log", 0)
    before = scene.dump()
    with pytest.raises(OSError, match="log"):
        lose(founded)
    assert scene.dump() == before


def test_the_log_has_nothing_that_its_route_does_not_show(
    founded: Founded, client: FlaskClient, scene: Scene
) -> None:
    """As many entries as rows, each leaf the hash of what is read; all below /v1/log."""
    shelter = founded.organisation("Shelter")
    founded.put_weekly_key(shelter, founded.weekly_key(shelter, monday(founded.core.today)))
    read = Reading(client)
    rows = sorted(scene.dump()[log_entry.name])
    assert [row[3] for row in rows] == [log.leaf_hash(text) for text in read.texts()]
