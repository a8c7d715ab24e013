"""What servers read too, each with a good sample: what is signed, and what admits."""

from __future__ import annotations

from functools import partial
from typing import Any

from crypto.public import (
    checkpoint,
    ed25519,
    keys,
    log,
    note_signing,
    notes,
    organisation_keys,
    policy,
    policy_chain,
    profile,
    sealing,
    statements,
    suspensions,
    tokens,
    work,
)
from tests.crypto.networks import TODAY, entry_of, make_network, seed_of
from tests.crypto.streams import Stream
from tests.threats.decoders_of_devices import Target, of_text
from tests.threats.scene import Sent


def signed() -> dict[str, list[Target]]:
    """Notes, what stands in them, the log, plain signatures."""
    net = make_network()
    statement, listed = net.statement(), net.suspensions([net.organisation])
    point = net.checkpoint([entry_of(statement)], suspensions=listed)
    said = entry_of(statement)
    later = net.next_policy()
    first = notes.parse(net.policy_note).text.encode()
    network_id, seed = net.network_id, seed_of("a key")
    public, signed = note_signing.public_of(seed), note_signing.sign(seed, b"text")
    witnessed = checkpoint.check(point, net.policy).checkpoint
    leaf = log.leaf_hash(said)
    inclusion, root = log.inclusion_proof([leaf, leaf], 0), log.root_of([leaf, leaf])
    line = note_signing.signature_line(notes.parse(later).text, net.admins[2])
    verified = partial(notes.verify, keys=net.policy.admins)
    chain = [net.policy_note, later]
    return {
        "public.checkpoint.parse": [(of_text(checkpoint.parse), entry_of(point))],
        "public.checkpoint.check": [(lambda b: checkpoint.check(b, net.policy), point)],
        "public.checkpoint.check_newest": [
            (lambda b: checkpoint.check_newest(b, net.policy), point)
        ],
        "public.ed25519.verify": [
            (lambda b: ed25519.verify(b, b"text", signed), public),
            (lambda b: ed25519.verify(public, b, signed), b"text"),
            (lambda b: ed25519.verify(public, b"text", b), signed),
        ],
        "public.log.verify_inclusion": [
            (lambda b: log.verify_inclusion(b, inclusion, size=2, root=root), leaf),
            (lambda b: log.verify_inclusion(leaf, inclusion, size=2, root=b), root),
            (lambda b: log.verify_inclusion(leaf, log.Inclusion(0, (b,)), size=2, root=root), leaf),
        ],
        "public.note_signing.add_signature": [
            (lambda b: note_signing.add_signature(b, net.admins[2]), statement)
        ],
        "public.notes.parse": [(notes.parse, statement)],
        "public.notes.add_lines": [(lambda b: notes.add_lines(b, [line]), later)],
        "public.notes.verify": [(lambda b: verified(notes.parse(b)), statement)],
        "public.policy.parse": [(of_text(policy.parse), first)],
        "public.policy_chain.accept_first": [
            (lambda b: policy_chain.accept_first(b, network_id), net.policy_note)
        ],
        "public.policy_chain.accept_next": [
            (lambda b: policy_chain.accept_next(net.policy, b), later)
        ],
        "public.policy_chain.accept_chain": [
            (lambda b: policy_chain.accept_chain([chain[0], b], network_id, TODAY, 1), later)
        ],
        "public.profile.decode": [(profile.decode, net.profile)],
        "public.statements.parse": [(of_text(statements.parse), said)],
        "public.statements.check": [(lambda b: statements.check(b, net.policy, TODAY), statement)],
        "public.suspensions.parse": [(suspensions.parse, listed)],
        "public.suspensions.check": [
            (lambda b: suspensions.check(b, witnessed, network_id), listed)
        ],
    }


def admission(sent: Sent) -> dict[str, list[Target]]:
    """Keys shown, weekly and one-time keys, tokens, work."""
    net = make_network()
    public = sealing.public_key(seed_of("a seed"))
    statement = statements.check(net.statement(), net.policy, TODAY)
    weekly = net.weekly_key()
    issuer = tokens.Issuer(seed_of("issuer"), net.network_id, 7)
    draw = tokens.draw(2, random=Stream("tokens"))
    answer = issuer.issue(draw.request)
    (token, _) = draw.finalize(answer, issuer.public_key)
    task = work.task(net.network_id, TODAY, sent.referral, 8)
    contents = sent.to.case.contents
    nonce = work.search(task, 0, 10_000) or b""
    signed: dict[str, Any] = {"network_id": sent.to.network.network_id}
    signed |= {"locator": sent.to.keys.locator, "last_epoch": contents.last_epoch}
    signed |= {"public_key": contents.public_key, "organisation": sent.to.network.organisation}
    one_time = organisation_keys.verify_one_time_key
    kept = keys.key_hash(bytes(32))
    return {
        "public.keys.key_hash": [(keys.key_hash, bytes(32))],
        "public.keys.proves": [
            (lambda b: keys.proves(b, kept), bytes(32)),
            (lambda b: keys.proves(bytes(32), b), kept),
        ],
        "public.keys.request_hash": [(keys.request_hash, b"body")],
        "public.keys.weekly_key_id": [(keys.weekly_key_id, public)],
        "public.organisation_keys.parse_weekly_key": [(organisation_keys.parse_weekly_key, weekly)],
        "public.organisation_keys.check_weekly_key": [
            (lambda b: organisation_keys.check_weekly_key(b, statement, TODAY), weekly)
        ],
        "public.organisation_keys.verify_one_time_key": [
            (lambda b: one_time(b, **signed), contents.signature)
        ],
        "public.sealing.load_public": [(sealing.load_public, public)],
        "public.sealing.expand": [(sealing.expand, bytes(32))],
        "public.sealing.public_key": [(sealing.public_key, bytes(32))],
        "public.tokens.Issuer.issue": [(issuer.issue, draw.request)],
        "public.tokens.Issuer.redeem": [(issuer.redeem, token)],
        "public.tokens.Draw.finalize": [
            (lambda b: draw.finalize(b, issuer.public_key), answer),
            (lambda b: draw.finalize(answer, b), issuer.public_key),
        ],
        "public.work.task": [(lambda b: work.task(net.network_id, TODAY, b, 8), sent.referral)],
        "public.work.check": [(lambda b: work.check(task, b), nonce)],
    }
