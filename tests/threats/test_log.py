"""What a server with its log's key can't do to who has seen the log, or only keeps its edge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from client import network_view
from client.api_types import NetworkDocument, TokenKey
from client.errors import NotVetted
from client.flows.issuing_key import issuing_key
from crypto.errors import NotInLog, Suspended, TokenRefused
from crypto.public import checkpoint, consistency, edge, log, log_entries, notes, tokens
from crypto.public.log_entries import ProfileEntry, TokenKeyEntry
from crypto.public.statements import Kind
from server.core import Core
from tests.crypto.networks import PROFILE, seed_of
from tests.server import founding, lying_log
from tests.server.conftest import app, client, clock, core, settings
from tests.server.founding import Founded
from tests.server.lying_log import Said
from tests.server.scene import FakeClock
from tests.server.test_network import document_of

__all__ = ["app", "client", "clock", "core", "settings"]  # fixtures of a server
OTHER = PROFILE[:-1] + b"\x02"
Lie = Callable[[Said, Founded], Said]


@pytest.fixture
def url(tmp_path: object) -> str:
    """A database that is a file."""
    return f"sqlite:///{tmp_path}/towpath.db"


@pytest.fixture
def made(core: Core) -> Founded:
    """A network with two witnesses, who have seen two organisations, one of them suspended."""
    founded = founding.found(core, witnesses=2, needed=2)
    founded.organisation("Clinic")
    shelter = founded.organisation("Shelter")
    note = founded.statement(shelter, serial=2, kind=Kind.SUSPENDED, signed_by=founded.admins[:1])
    founded.post(note)
    founded.witness()
    return founded


def _forged(made: Founded) -> bytes:
    return log_entries.format_entry(
        ProfileEntry(
            network_id=made.network_id,
            organisation=founding.named("Shelter").key,
            profile=OTHER,
        )
    )


BEFORE: dict[str, Lie] = {
    "rewritten": lambda said, made: lying_log.rewritten(said, made.network.log, 2, _forged(made)),
    "dropped": lambda said, made: lying_log.dropped(said, made.network.log, 3),
    "inserted": lambda said, made: lying_log.inserted(said, made.network.log, 2, _forged(made)),
    "split": lambda said, made: lying_log.split(said, made.network.log, _forged(made)),
}


@pytest.mark.parametrize("lie", BEFORE)
def test_T72_who_keeps_an_edge_notices_a_log_that_was_changed_before_it(
    made: Founded, client: FlaskClient, lie: str
) -> None:
    """Rewritten, dropped, put in between, split: the entries behind it come to another root."""
    honest = lying_log.said_by(client)
    kept = edge.of(log.leaf_hash(text) for text in honest.texts)
    made.organisation("Refuge")
    later = lying_log.said_by(client)
    assert _root(later) == edge.root(edge.extend(kept, later.texts[kept.size :]))
    changed = BEFORE[lie](later, made)
    if lie == "split":
        kept = edge.of(log.leaf_hash(text) for text in later.texts)
    assert edge.root(edge.extend(kept, changed.texts[kept.size :])) != _root(changed)


@pytest.mark.parametrize("lie", ["rewritten", "dropped", "inserted"])
def test_T72_no_hashes_show_a_changed_log_to_go_on_from_the_one_before(
    made: Founded, client: FlaskClient, lie: str
) -> None:
    """Consistency is shown between honest logs, and never to a changed one."""
    honest = lying_log.said_by(client)
    made.organisation("Refuge")
    later = lying_log.said_by(client)
    for said, holds in ((later, True), (BEFORE[lie](later, made), False)):
        leaves = [log.leaf_hash(text) for text in said.texts]
        trees = {
            "first": len(honest.texts),
            "first_root": _root(honest),
            "size": len(leaves),
            "root": _root(said),
        }
        shown = consistency.consistency_proof(leaves, len(honest.texts))
        try:
            consistency.verify_consistency(shown, **trees)  # type: ignore[arg-type]
        except NotInLog:
            assert not holds
        else:
            assert holds


def test_T72_two_who_are_shown_different_logs_can_prove_it_with_two_checkpoints(
    made: Founded, client: FlaskClient
) -> None:
    """Both are signed by the log, of one size, with different roots."""
    honest = lying_log.said_by(client)
    lie = BEFORE["split"](honest, made)
    read = [notes.parse(said.pending) for said in (honest, lie)]
    for note in read:
        log_line = replace(note, lines=note.lines[:1])
        (signature,) = notes.verify(log_line, [made.network.policy.log])
        assert signature.key == made.network.policy.log
    one, other = (checkpoint.parse(note.text) for note in read)
    assert one.size == other.size
    assert one.root != other.root


def test_T72_a_log_without_its_witnesses_is_believed_by_no_client(
    made: Founded, client: FlaskClient
) -> None:
    """Whatever the log's key signs, a client asks for two witnesses who have seen it."""
    document = document_of(client)
    assert _view(made, document).witnessed
    for lie in BEFORE.values():
        changed = lie(lying_log.said_by(client), made)
        with pytest.raises(NotVetted):
            _view(made, replace(document, checkpoint=changed.pending))


@pytest.mark.parametrize("lie", ["shortened", "lowered"])
def test_T74_a_list_that_was_cut_is_no_list_of_a_checkpoint_that_witnesses_have_seen(
    made: Founded, client: FlaskClient, lie: str
) -> None:
    """The list is named by the checkpoint; with another one, the client stops."""
    said, key = lying_log.said_by(client), founding.named("Shelter").key
    changed = {
        "shortened": lambda: lying_log.shortened(said, made.network.log, key),
        "lowered": lambda: lying_log.lowered(said, made.network.log, key, 1),
    }[lie]()
    document = document_of(client)
    for wrong in (
        replace(document, suspensions=changed.suspensions),
        replace(document, suspensions=changed.suspensions, checkpoint=changed.pending),
    ):
        with pytest.raises(NotVetted):
            _view(made, wrong)


def test_T74_a_frozen_list_is_refused_a_week_after_witnesses_saw_it(
    made: Founded, client: FlaskClient, clock: FakeClock
) -> None:
    """Everything as it was is believed for seven days, and the person is warned after that."""
    document = document_of(client)
    clock.days_pass(7)
    assert not _view(made, document).may_be_withheld
    clock.days_pass(1)
    assert _view(made, document).may_be_withheld
    with pytest.raises(NotVetted):
        _view(made, document, build=made.core.today)


def test_T74_a_note_that_no_admin_signed_suspends_nobody(
    made: Founded, client: FlaskClient
) -> None:
    """A server can't put organisations out of reach by suspensions of its own."""
    clinic = founding.named("Clinic")
    stranger = made.network.witnesses[:1]
    document, listed = made.document(), made.directory()
    forged = made.statement(clinic, serial=2, kind=Kind.SUSPENDED, signed_by=stranger)
    shown = replace(document, suspended=(forged,))
    assert len(founding.seen(shown, listed, made.core.today, made.network_id)) == 1
    held = made.statement(clinic, serial=2, kind=Kind.SUSPENDED, signed_by=made.admins[1:2])
    shown = replace(document, suspended=(forged, held))
    with pytest.raises(Suspended):
        founding.seen(shown, listed, made.core.today, made.network_id)


def test_T73_one_provider_is_not_given_an_issuing_key_of_its_own(
    made: Founded, client: FlaskClient
) -> None:
    """Another key, with any inclusion there is, is in no log that witnesses have seen."""
    document = document_of(client)
    (shown,) = document.token_keys
    assert issuing_key(document, shown.period) == shown.public_key
    own = tokens.Issuer(seed_of("for one alone"), made.network_id, shown.period).public_key
    size = checkpoint.parse(notes.parse(document.checkpoint).text).size
    lies = [replace(shown, public_key=own, index=at) for at in range(size)]
    lies += [replace(shown, hashes=shown.hashes[1:]), replace(shown, index=shown.index + 1)]
    for lie in lies:
        with pytest.raises(TokenRefused):
            issuing_key(_with(document, lie), shown.period)
    for keys in ((), (shown, replace(shown, public_key=own))):
        with pytest.raises(TokenRefused):
            issuing_key(replace(document, token_keys=keys), shown.period)


def test_T73_a_key_that_was_logged_for_one_period_issues_in_no_other(
    made: Founded, client: FlaskClient
) -> None:
    """The period stands in the entry, so an old key can't be handed out again as a new one."""
    document = document_of(client)
    (shown,) = document.token_keys
    moved = replace(shown, period=shown.period + 28)
    with pytest.raises(TokenRefused):
        issuing_key(_with(document, moved), moved.period)


def test_T73_a_key_that_only_one_client_was_shown_in_a_log_is_in_a_log_of_its_own(
    made: Founded, client: FlaskClient
) -> None:
    """A log that has it besides needs a checkpoint that no witness has signed."""
    document = document_of(client)
    (shown,) = document.token_keys
    own = tokens.Issuer(seed_of("for one alone"), made.network_id, shown.period).public_key
    entry = TokenKeyEntry(network_id=made.network_id, period=shown.period, key=own)
    said = lying_log.said_by(client)
    text = log_entries.format_entry(entry)
    lie = lying_log.rewritten(said, made.network.log, shown.index, text)
    leaves = [log.leaf_hash(one) for one in lie.texts]
    inclusion = log.inclusion_proof(leaves, shown.index)
    key = TokenKey(shown.period, own, inclusion.index, inclusion.hashes)
    given = replace(_with(document, key), checkpoint=lie.pending)
    assert issuing_key(given, shown.period) == own
    with pytest.raises(NotVetted):
        _view(made, given)


def _with(document: NetworkDocument, key: TokenKey) -> NetworkDocument:
    return replace(document, token_keys=(key,))


def _root(said: Said) -> bytes:
    return checkpoint.parse(notes.parse(said.pending).text).root


def _view(made: Founded, document: NetworkDocument, build: int | None = None) -> network_view.View:
    day = made.network.today if build is None else build
    return network_view.view_of(
        document, device_day=made.core.today, network_id=made.network_id, build_epoch=day
    )
