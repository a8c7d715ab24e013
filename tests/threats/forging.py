"""Listings that nobody vetted, as a server would show them: whole, and each wrong in one way.

The forger has everything but the keys of k admins at once: the server and its log key, all but two
witnesses' keys, one admin's, a former admin's, an organisation's own. Where a forgery does not need
the witnesses, they are honest and have cosigned whatever the log holds, so that nothing but the one
thing can be why it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from client import wire
from crypto import constants as c
from crypto import fields
from crypto.client import hpke, record, signing
from crypto.public import log, notes, statements
from crypto.public import policy as policies
from crypto.public.log import Inclusion
from crypto.public.note_signing import Signer, cosign, public_of, signature_line
from crypto.public.seen import Seen
from tests.crypto.networks import (
    PROFILE,
    SECONDS_A_DAY,
    Network,
    keys,
    make_network,
    monday_of,
    noon,
    reseal,
    seed_of,
)
from tests.crypto.records import CODE, keys_of, one_time_key, stream
from tests.crypto.streams import Stream

FIRST = make_network(admins=3, threshold=2, witnesses=3, witness_threshold=2, name="forged-")
FORMER = FIRST.admins[2]
NEW_ADMIN = Signer("forged-a4", seed_of("forged-a4"))
SECOND_POLICY = FIRST.next_policy(
    admins=keys((*FIRST.admins[:2], NEW_ADMIN)), former_admins=keys([FORMER])
)
NET = FIRST.at(SECOND_POLICY)
POLICIES = (FIRST.policy_note, SECOND_POLICY)
OTHER = make_network(admins=3, threshold=2, witnesses=3, witness_threshold=2, name="other-")
CODE_KEYS = keys_of(CODE, NET.network_id)
OTHERS = tuple(b"entry %d\n" % number for number in range(5))
SIZE = len(OTHERS) + 1
WEEKLY = hpke.public_key(seed_of("weekly key"))


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Everything that a server shows of one organisation, in the directory and behind a code."""

    seed: bytes
    profile: bytes
    statement: bytes
    inclusion: Inclusion
    checkpoint: bytes
    suspensions: bytes
    policies: tuple[bytes, ...] = POLICIES
    network_id: bytes = NET.network_id
    weekly_seed: bytes | None = None
    code_seed: bytes | None = None
    last_epoch: int = monday_of(NET.today) + 56
    locator: bytes = CODE_KEYS.locator
    before: Seen | None = None

    @property
    def weekly_key(self) -> bytes:
        """Its weekly key, signed by itself or by whom the forger took."""
        made = signing.sign_weekly_key(
            self.weekly_seed or self.seed,
            network_id=NET.network_id,
            first=monday_of(NET.today),
            public_key=WEEKLY,
        )
        return bytes(made)

    @property
    def record(self) -> bytes:
        """The 4,096 bytes behind the code."""
        public_key = one_time_key()
        signature = signing.sign_one_time_key(
            self.code_seed or self.seed,
            network_id=NET.network_id,
            locator=self.locator,
            last_epoch=self.last_epoch,
            public_key=public_key,
        )
        contents = record.Contents(
            last_epoch=self.last_epoch,
            public_key=public_key,
            signature=signature,
            profile=self.profile,
            statement=self.statement,
            inclusion=self.inclusion,
            checkpoint=self.checkpoint,
        )
        return record.seal(contents, CODE_KEYS, NET.network_id, random=stream("record"))

    def as_answers(self) -> dict[str, Any]:
        """What the server answers, as http.md has it, and what the client saw before."""
        return {
            "network": {
                "network_id": self.network_id,
                # What is no UTF-8 can't be said here; what stands in its place is forged as well.
                "policies": [note.decode(errors="replace") for note in self.policies],
                "checkpoint": self.checkpoint.decode(errors="replace"),
                "suspensions": self.suspensions.decode("latin-1"),
                "suspended": [],
                "token_keys": [],
                "tokens_a_week": 8,
                "work_bits": 8,
                "tick_seconds": 120,
                "store_bytes": c.STORE_STEPS[0],
            },
            "directory": {
                "organisations": [
                    {
                        "statement": self.statement,
                        "profile": self.profile,
                        "index": self.inclusion.index,
                        "hashes": list(self.inclusion.hashes),
                        "walk_ins": True,
                        "capacity": None,
                        "weekly_keys": [self.weekly_key],
                    }
                ]
            },
            "record": self.record,
            "before": None if self.before is None else before_of(self.before),
        }


def before_of(seen: Seen) -> dict[str, Any]:
    """What was seen before, for a client in another language."""
    return {
        "version": seen.version,
        "size": seen.size,
        "root": seen.root,
        "day": seen.day,
        "network_id": NET.network_id,
    }


Forge = Callable[[Stream], Shown]
KINDS: dict[str, Forge] = {}


def forgery(forge: Forge) -> Forge:
    """Keep a way of forging under its name."""
    KINDS[forge.__name__.strip("_")] = forge
    return forge


def true_listing(random: Stream) -> Shown:
    """An organisation that k admins vetted, of a key of its own: what must be accepted."""
    return logged(random, NET.statement(seed := random(32)), seed)


def logged(random: Stream, statement: bytes, seed: bytes, **changes: Any) -> Shown:
    """A statement in the log, anywhere, under a checkpoint of today that witnesses cosigned.

    `changes` are of `Network.checkpoint`, and `suspensions` of the list that is shown.
    """
    entry, at = _entry(statement), random.below(SIZE)
    entries = [*OTHERS[:at], entry, *OTHERS[at:]]
    listed = changes.pop("suspensions", None) or NET.suspensions()
    net: Network = changes.pop("net", NET)
    return Shown(
        seed=seed,
        profile=PROFILE,
        statement=statement,
        inclusion=log.inclusion_proof([log.leaf_hash(one) for one in entries], at),
        checkpoint=net.checkpoint(entries, suspensions=listed, **changes),
        suspensions=listed,
    )


def _entry(statement: bytes) -> bytes:
    return statement.rpartition(b"\n\n")[0] + b"\n"


def _signed(random: Stream, *people: Signer, **changes: Any) -> Shown:
    """A listing under the signatures of these people."""
    seed = random(32)
    return logged(random, NET.statement(seed, signed_by=people, **changes), seed)


@forgery
def one_admin(random: Stream) -> Shown:
    """Fewer than k: one true admin."""
    return _signed(random, (*NET.admins[:2], NEW_ADMIN)[random.below(3)])


@forgery
def server_alone(random: Stream) -> Shown:
    """Signed with the log's key alone."""
    return _signed(random, NET.log)


@forgery
def server_under_an_admins_name(random: Stream) -> Shown:
    """Signed with the log's key, under the names of two admins."""
    return _signed(random, *(Signer(one.name, NET.log.seed) for one in NET.admins[:2]))


@forgery
def server_and_an_admin(random: Stream) -> Shown:
    """One admin and the log, or a witness."""
    return _signed(random, NET.admins[0], (NET.log, *NET.witnesses)[random.below(4)])


@forgery
def wrong_keys(random: Stream) -> Shown:
    """Two who call themselves as admins do."""
    return _signed(random, *(Signer(one.name, random(32)) for one in NET.admins[:2]))


@forgery
def one_wrong_key(random: Stream) -> Shown:
    """A true admin, and one who calls herself as another does."""
    return _signed(random, NET.admins[0], Signer(NET.admins[1].name, random(32)))


@forgery
def same_signer_twice(random: Stream) -> Shown:
    """One admin's line, twice."""
    made = _signed(random, NET.admins[0])
    return replace(made, statement=made.statement + made.statement.rpartition(b"\n\n")[2])


@forgery
def same_signer_under_two_names(random: Stream) -> Shown:
    """One admin's key, under the names of two."""
    return _signed(random, NET.admins[0], Signer(NET.admins[1].name, NET.admins[0].seed))


@forgery
def former_admin(random: Stream) -> Shown:
    """An admin and a former one, whose key was stolen."""
    return _signed(random, NET.admins[random.below(2)], FORMER)


@forgery
def old_policy(random: Stream) -> Shown:
    """The chain without its end, of a time when the former admin was one; her key was stolen."""
    seed, day = random(32), NET.today
    statement = FIRST.statement(seed, signed_by=[FIRST.admins[0], FORMER])
    made = logged(random, statement, seed, net=FIRST)
    return replace(made, policies=POLICIES[:1], before=Seen(2, 1, bytes(32), day))


@forgery
def old_policy_under_the_newest_checkpoint(random: Stream) -> Shown:
    """The same to a client that remembers nothing, with the true checkpoint."""
    seed = random(32)
    made = logged(random, FIRST.statement(seed, signed_by=[FIRST.admins[0], FORMER]), seed)
    return replace(made, policies=POLICIES[:1])


@forgery
def new_policy_by_one_admin(random: Stream) -> Shown:
    """A policy of the server's own admins, which one true one signed."""
    own = tuple(Signer(f"own{number}", random(32)) for number in range(2))
    note = NET.next_policy(signed_by=[NET.admins[0], *own], admins=keys(own))
    text = notes.parse(note).text
    taken = replace(NET, policy=policies.parse(text), policy_note=note)
    seed = random(32)
    made = logged(random, taken.statement(seed, signed_by=own), seed, net=taken)
    return replace(made, policies=(*POLICIES, note))


@forgery
def other_network(random: Stream) -> Shown:
    """A listing that holds in another network, shown as ours."""
    seed = random(32)
    made = logged(random, OTHER.statement(seed), seed, net=OTHER, suspensions=OTHER.suspensions())
    return replace(made, policies=(OTHER.policy_note,))


@forgery
def statement_of_another_network(random: Stream) -> Shown:
    """A statement of another network in our log."""
    seed = random(32)
    return logged(random, OTHER.statement(seed), seed)


@forgery
def edited_profile(random: Stream) -> Shown:
    """No ties to the police, it says now."""
    edited = {
        **fields.decode(PROFILE),
        c.PROFILE_POLICE_TIES: fields.from_ids([2 + random.below(3)], 8),
    }
    return replace(true_listing(random), profile=fields.encode(edited))


@forgery
def edited_statement(random: Stream) -> Shown:
    """Another name, key, serial or day in a true statement, with its true signatures."""
    made, key = true_listing(random), random(32)
    edits = (
        (b"name Example Shelter", b"name Example Haven"),
        (b"serial 1\n", b"serial %d\n" % (2 + random.below(90))),
        (b"until %d" % (NET.today + 90), b"until %d" % (NET.today + random.below(90))),
        (_line(made.statement, b"organisation "), b"organisation " + _base64(public_of(key))),
    )
    old, new = edits[random.below(len(edits))]
    statement = made.statement.replace(old, new)
    assert statement != made.statement
    return replace(logged(random, statement, made.seed))


@forgery
def other_organisations_proof(random: Stream) -> Shown:
    """Signed by one admin, beside the place of a true listing in the log."""
    true, own = true_listing(random), _signed(random, NET.admins[0], NET.admins[1])
    return replace(own, inclusion=true.inclusion, checkpoint=true.checkpoint)


@forgery
def not_in_the_log(random: Stream) -> Shown:
    """k admins were deceived by night, and the log does not show it."""
    made = true_listing(random)
    hashes = tuple(random(32) for _ in made.inclusion.hashes)
    return replace(made, inclusion=Inclusion(random.below(SIZE), hashes))


@forgery
def too_few_witnesses(random: Stream) -> Shown:
    """One witness, of two that are asked for."""
    seed = random(32)
    one = [NET.witnesses[random.below(3)]]
    return logged(random, NET.statement(seed), seed, witnesses=one)


@forgery
def no_witness(random: Stream) -> Shown:
    """The log alone."""
    seed = random(32)
    return logged(random, NET.statement(seed), seed, witnesses=[])


@forgery
def wrong_witnesses(random: Stream) -> Shown:
    """One witness, and one who calls itself as another does."""
    seed = random(32)
    people = [NET.witnesses[0], Signer(NET.witnesses[1].name, random(32))]
    return logged(random, NET.statement(seed), seed, witnesses=people)


@forgery
def old_cosignatures(random: Stream) -> Shown:
    """All witnesses, 9 to 80 days ago: one of them today changes nothing."""
    seed, past = random(32), noon(NET.today) - (9 + random.below(72)) * SECONDS_A_DAY
    times = [past, past, (past, noon(NET.today))[random.below(2)]]
    vetted = NET.statement(seed, first=NET.today - 90, until=NET.today)
    return logged(random, vetted, seed, times=times)


@forgery
def other_log(random: Stream) -> Shown:
    """A log of another name, or of another key."""
    seed = random(32)
    if random.below(2):
        return logged(random, NET.statement(seed), seed, log_name="another.example")
    own = [Signer(NET.log.name, random(32))]
    return logged(random, NET.statement(seed), seed, signed_by=own)


@forgery
def checkpoint_of_another_policy(random: Stream) -> Shown:
    """It names a policy that nobody was shown, or the first one."""
    seed = random(32)
    named: Sequence[dict[str, Any]] = (
        {"policy_version": 3},
        {"policy_hash": random(32)},
        {"policy_version": 1, "policy_hash": policies.text_hash(FIRST.policy)},
    )
    return logged(random, NET.statement(seed), seed, **named[random.below(3)])


@forgery
def expired(random: Stream) -> Shown:
    """Vetted, and past its last day."""
    ended = NET.today - 1 - random.below(60)
    return _signed(random, *NET.admins[:2], first=ended - 30, until=ended)


@forgery
def not_yet_valid(random: Stream) -> Shown:
    """Vetted from a later day on."""
    first = NET.today + 1 + random.below(60)
    return _signed(random, *NET.admins[:2], first=first, until=first + 30)


@forgery
def too_long(random: Stream) -> Shown:
    """Vetted for more than 90 days at once, by k admins."""
    made = true_listing(random)
    days = f"until {NET.today + 91 + random.below(900)}"
    statement = reseal(made.statement, f"until {NET.today + 90}", days, NET.admins[:2])
    return logged(random, statement, made.seed)


@forgery
def suspended(random: Stream) -> Shown:
    """One admin suspended it: it is on the list."""
    seed = random(32)
    listed = NET.suspensions([public_of(seed), random(32), random(32)], serial=2)
    return logged(random, NET.statement(seed), seed, suspensions=listed)


@forgery
def superseded(random: Stream) -> Shown:
    """An older, cleaner statement: a newer one took its place."""
    seed, serial = random(32), 2 + random.below(90)
    listed = NET.suspensions([public_of(seed)], serial=serial + 1)
    return logged(random, NET.statement(seed, serial=serial), seed, suspensions=listed)


@forgery
def suspension_as_listing(random: Stream) -> Shown:
    """The statement that suspends it, shown as the one that lists it."""
    return _signed(random, *NET.admins[:2], kind=statements.Kind.SUSPENDED)


@forgery
def shortened_list(random: Stream) -> Shown:
    """It is suspended, and its line was taken out of the list that is shown."""
    return replace(suspended(random), suspensions=NET.suspensions([random(32)]))


@forgery
def shortened_list_signed_anew(random: Stream) -> Shown:
    """The same, under a checkpoint that the server and one witness signed."""
    seed, listed = random(32), NET.suspensions([random(32)])
    one = [NET.witnesses[random.below(3)]]
    return logged(random, NET.statement(seed), seed, suspensions=listed, witnesses=one)


@forgery
def list_of_another_network(random: Stream) -> Shown:
    """The list of another network, where nobody is suspended."""
    seed = random(32)
    return logged(random, NET.statement(seed), seed, suspensions=OTHER.suspensions([random(32)]))


@forgery
def rolled_back(random: Stream) -> Shown:
    """A smaller log than the client saw before, of the time before a suspension."""
    made = true_listing(random)
    return replace(made, before=Seen(2, SIZE + 1 + random.below(99), random(32), NET.today))


@forgery
def split_view(random: Stream) -> Shown:
    """As large as the log that the client saw before, and another one."""
    return replace(true_listing(random), before=Seen(2, SIZE, random(32), NET.today))


@forgery
def frozen(random: Stream) -> Shown:
    """Kept as it was on a day that the client has seen to be long past."""
    made = true_listing(random)
    return replace(made, before=Seen(2, 1, random(32), NET.today + 8 + random.below(60)))


@forgery
def other_organisations_keys(random: Stream) -> Shown:
    """A true listing, with keys to seal to that the server made."""
    own = random(32)
    return replace(true_listing(random), weekly_seed=own, code_seed=own)


@forgery
def cut_or_longer_statement(random: Stream) -> Shown:
    """A true statement, with bytes cut off, put in or put after it."""
    made = true_listing(random)
    return replace(made, statement=_disturbed(random, made.statement))


@forgery
def cut_or_longer_checkpoint(random: Stream) -> Shown:
    """A true checkpoint, with bytes cut off, put in or put after it."""
    made = true_listing(random)
    return replace(made, checkpoint=_disturbed(random, made.checkpoint))


@forgery
def cut_or_longer_policy(random: Stream) -> Shown:
    """A true policy, with bytes cut off, put in or put after it."""
    made, at = true_listing(random), random.below(2)
    changed = list(POLICIES)
    changed[at] = _disturbed(random, changed[at])
    return replace(made, policies=tuple(changed))


@forgery
def one_bit(random: Stream) -> Shown:
    """One bit of any signed part of a true listing."""
    made = true_listing(random)
    name = ("statement", "checkpoint", "profile")[random.below(3)]
    data: bytes = getattr(made, name)
    at = random.below(len(data))
    changed: Any = data[:at] + bytes([data[at] ^ 1 << random.below(8)]) + data[at + 1 :]
    parts: dict[str, Any] = {name: changed}
    return replace(made, **parts)


@forgery
def strangers_line(random: Stream) -> Shown:
    """A line by nobody of this network beneath a true statement or checkpoint."""
    made, who = true_listing(random), Signer("stranger", random(32))
    if random.below(2):
        line = signature_line(notes.parse(made.statement).text, who)
        return replace(made, statement=made.statement + str(line).encode())
    seen = cosign(notes.parse(made.checkpoint).text, who.name, who.seed, noon(NET.today))
    return replace(made, checkpoint=made.checkpoint + str(seen).encode())


def _disturbed(random: Stream, data: bytes) -> bytes:
    at = random.below(len(data))
    extra = (b"\n", b" ", b"x", b"\r", b"\xef\xbb\xbf", data[:40], random(8))[random.below(7)]
    return (data[:at], data[:at] + extra + data[at:], data + extra)[random.below(3)]


def _line(note: bytes, start: bytes) -> bytes:
    return next(line for line in note.split(b"\n") if line.startswith(start))


def _base64(key: bytes) -> bytes:
    return _line(NET.statement(organisation=key), b"organisation ").partition(b" ")[2]


def line_of(kind: str, shown: Shown) -> str:
    """One line for both clients: the kind, and what the server answers."""
    return wire.dumps({"kind": kind, **shown.as_answers()}).decode()
