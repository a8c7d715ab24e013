"""What servers read too, each with a good sample: what is signed, and what admits."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from crypto.client import merge_unions
from crypto.public import (
    applications,
    checkpoint,
    consistency,
    ed25519,
    edge,
    keys,
    log,
    log_entries,
    note_signing,
    notes,
    organisation_keys,
    policy,
    policy_chain,
    profile,
    request_signing,
    requests,
    sealing,
    statements,
    suspensions,
    tiles,
    tokens,
    work,
    wrapping,
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
        "public.notes.parse_line": [(of_text(notes.parse_line), statement.splitlines()[-1])],
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
        "public.statements.check_signed": [
            (lambda b: statements.check_signed(b, net.policy), statement)
        ],
        "public.suspensions.add_suspended": [
            (lambda b: suspensions.add_suspended(suspensions.parse(listed), [b], net.policy), said)
        ],
        "public.suspensions.parse": [(suspensions.parse, listed)],
        "public.suspensions.check": [
            (lambda b: suspensions.check(b, witnessed, network_id), listed)
        ],
    }


def logged() -> dict[str, list[Target]]:
    """Entries of the log, its edge, its pieces, and what shows that it goes on."""
    net = make_network()
    entries = (
        log_entries.ProfileEntry(
            network_id=net.network_id, organisation=net.organisation, profile=net.profile
        ),
        log_entries.TokenKeyEntry(network_id=net.network_id, period=4, key=bytes(32)),
    )
    leaves = [log.leaf_hash(b"%d" % at) for at in range(3)]
    kept, root = edge.of(leaves), log.root_of(leaves)
    (one, two) = consistency.consistency_proof(leaves, 1)
    first = leaves[0]

    def shown(*hashes: bytes, before: bytes = first, after: bytes = root) -> None:
        consistency.verify_consistency(hashes, first=1, first_root=before, size=3, root=after)

    return {
        "public.consistency.verify_consistency": [
            (lambda b: shown(b, two), one),
            (lambda b: shown(one, two, before=b), first),
            (lambda b: shown(one, two, after=b), root),
        ],
        "public.edge.append": [(lambda b: edge.append(kept, b), first)],
        "public.edge.decode": [(edge.decode, edge.encode(kept))],
        "client.merge_unions.longer_log": [
            (lambda b: merge_unions.longer_log(None, b, edge.encode(kept), 0), edge.encode(kept)),
            (lambda b: merge_unions.longer_log(None, edge.encode(kept), b, 0), edge.encode(kept)),
        ],
        "public.log_entries.parse": [
            (log_entries.parse, log_entries.format_entry(entry)) for entry in entries
        ],
        "public.tiles.parse_path": [(of_text(tiles.parse_path), b"entries/x001/067.p/9")],
        "public.tiles.read_bundle": [
            (lambda b: tiles.read_bundle(b, 2), tiles.write_bundle([b"one", b"two"]))
        ],
        "public.tiles.read_hashes": [(lambda b: tiles.read_hashes(b, 2), root + first)],
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


def travelling(sent: Sent) -> dict[str, list[Target]]:
    """Requests and their armour, signed calls, applications, wrapped rows."""
    net, seed = make_network(), seed_of("a caller")
    box = requests.Box(
        id=sent.receipt.box_id,
        holder_key_hash=keys.key_hash(sent.receipt.holder_key),
        write_key_hash=keys.key_hash(sent.receipt.write_key),
        slot_0=sent.slot_0,
    )
    nonce, envelope = bytes(8), sent.referral
    walk_in = requests.WalkIn(epoch=TODAY, nonce=nonce, envelope=envelope, box=box)
    referral = requests.Referral(
        locator=sent.to.keys.locator,
        write_key=sent.to.keys.write_key,
        envelope=envelope,
        box=None,
    )
    applied = applications.make(
        seed,
        network_id=net.network_id,
        member_key=note_signing.public_of(seed),
        epoch=TODAY,
        name="A name",
        profile=net.profile,
    )
    call: dict[str, Any] = {"method": "POST", "path": "/v1/tokens", "query": b"a=1"}
    call["network_id"] = net.network_id
    signed = request_signing.sign(seed, body=b"{}", counter=9, **call)
    verify = request_signing.verify
    place = (seed, "envelope", wrapping.lookup(seed, "envelope", bytes(16)))
    wrapped = wrapping.wrap(*place, envelope, random=Stream("wrapping"))
    digest, given, signature = (
        value.encode() for value in (signed.digest, signed.signature_input, signed.signature)
    )

    def with_header(name: str, text: str) -> object:
        return verify(replace(signed, **{name: text}), body=b"{}", **call)

    def with_line(name: str, text: str) -> object:
        return verify(signed, body=b"{}", **call | {name: text})

    return {
        "public.requests.decode": [
            (requests.decode, requests.encode(request)) for request in (referral, walk_in)
        ],
        "public.requests.from_armour": [
            (of_text(requests.from_armour), requests.armour(request).encode())
            for request in (referral, walk_in)
        ],
        "public.requests.walk_in_tag": [(requests.walk_in_tag, envelope)],
        "public.request_signing.read": [
            (of_text(partial(request_signing.read, network_id=net.network_id)), given)
        ],
        "public.request_signing.verify": [
            (of_text(partial(with_header, "digest")), digest),
            (of_text(partial(with_header, "signature_input")), given),
            (of_text(partial(with_header, "signature")), signature),
            (of_text(partial(with_line, "method")), b"POST"),
            (of_text(partial(with_line, "path")), b"/v1/tokens"),
            (of_text(partial(with_line, "query")), b"a=1"),
            (lambda b: verify(signed, body=b"{}", **call | {"query": b}), b"a=1"),
            (lambda b: verify(signed, body=b, **call), b"{}"),
        ],
        "public.applications.parse_and_check": [
            (lambda b: applications.parse_and_check(b, net.network_id), applied)
        ],
        "public.wrapping.unwrap": [(lambda b: wrapping.unwrap(*place, b), wrapped)],
    }
