"""Servers that lie about their log, made of what a real one says.

    said = said_by(client)                        # all that a real server's log says
    lie = dropped(said, made.network.log, 3)      # the same log without its fourth entry
    lie.answer("tile/entries/000.p/6")            # what a server with that log would answer

A lie is a function of this module that takes what the server said and gives another copy. All of
them are signed by the log's own key, as a server would do that has it: only what was seen before,
or what others see, shows them to be lies.

Source: docs/spec/log.md, 5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flask.testing import FlaskClient

from crypto.public import checkpoint, log, log_entries, notes, suspensions, tiles
from crypto.public.note_signing import Signer, sign_note
from crypto.public.policy import Policy, text_hash
from crypto.public.suspensions import Ended, Suspensions
from crypto.public.tiles import ENTRIES, PROOFS
from tests.server.reading import Reading

TEXT = "text/plain; charset=utf-8"
OCTETS = "application/octet-stream"


@dataclass(frozen=True)
class Said:
    """All that a log says: its entries, what shows that they were signed, list and checkpoint."""

    texts: tuple[bytes, ...]
    proofs: tuple[bytes, ...]
    suspensions: bytes
    pending: bytes

    def policy(self) -> Policy:
        """The newest policy in it."""
        read = map(log_entries.parse, self.texts)
        return [one for one in read if isinstance(one, Policy)][-1]

    def answer(self, path: str) -> tuple[bytes, str] | None:
        """What a server with this log answers below `/v1/log/`, and its type; None: no-route."""
        if path in ("pending", "checkpoint"):
            return self.pending, TEXT
        if path == "suspensions":
            return self.suspensions, TEXT
        tile = tiles.parse_path(path.removeprefix("tile/"))
        if not tiles.is_in(tile, len(self.texts)):
            return None
        if tile.rows in (ENTRIES, PROOFS):
            rows = self.texts if tile.rows == ENTRIES else self.proofs
            return tiles.write_bundle(rows[tile.first : tile.first + tile.width]), OCTETS
        leaves = [log.leaf_hash(text) for text in self.texts]
        return tiles.hashes_of(tile, leaves), OCTETS


def said_by(client: FlaskClient) -> Said:
    """Read everything that a real server's log says now."""
    read = Reading(client)
    return Said(
        texts=read.texts(),
        proofs=read.proofs(),
        suspensions=client.get("/v1/log/suspensions").data,
        pending=client.get("/v1/log/pending").data,
    )


def signed(said: Said, by: Signer) -> Said:
    """The same with a checkpoint that names all of it, signed by the log's key (`by`)."""
    policy = said.policy()
    text = checkpoint.format_text(
        checkpoint.Checkpoint(
            log_name=by.name,
            size=len(said.texts),
            root=log.root_of([log.leaf_hash(one) for one in said.texts]),
            policy_version=policy.version,
            policy_hash=text_hash(policy),
            suspensions=suspensions.hash_of(said.suspensions),
        )
    )
    return replace(said, pending=sign_note(text, by))


def rewritten(said: Said, by: Signer, at: int, text: bytes, proof: bytes = b"") -> Said:
    """The entry at `at` is another one, as if it had always been."""
    return signed(
        replace(said, texts=_put(said.texts, at, text), proofs=_put(said.proofs, at, proof)),
        by,
    )


def dropped(said: Said, by: Signer, at: int) -> Said:
    """The entry at `at` was never there."""
    return signed(
        replace(said, texts=_without(said.texts, at), proofs=_without(said.proofs, at)), by
    )


def inserted(said: Said, by: Signer, at: int, text: bytes, proof: bytes = b"") -> Said:
    """An entry more stands at `at`; at the end it is appended."""
    return signed(
        replace(
            said,
            texts=(*said.texts[:at], text, *said.texts[at:]),
            proofs=(*said.proofs[:at], proof, *said.proofs[at:]),
        ),
        by,
    )


def rolled_back(said: Said, by: Signer, size: int) -> Said:
    """Only the first `size` entries are there, as if nothing had come since."""
    return signed(replace(said, texts=said.texts[:size], proofs=said.proofs[:size]), by)


def split(said: Said, by: Signer, text: bytes, proof: bytes = b"") -> Said:
    """As long as the honest one, with another last entry: what one of two clients is shown."""
    return rewritten(said, by, len(said.texts) - 1, text, proof)


def shortened(said: Said, by: Signer, organisation: bytes) -> Said:
    """The line of an organisation (its key, 32 bytes) is gone from the suspension list."""
    return _listing(
        said,
        by,
        lambda ended: [one for one in ended if one.start != suspensions.start_of(organisation)],
    )


def lowered(said: Said, by: Signer, organisation: bytes, serial: int) -> Said:
    """The line of an organisation ends no more than the statements below `serial`."""
    return _listing(
        said,
        by,
        lambda ended: [
            Ended(one.start, serial) if one.start == suspensions.start_of(organisation) else one
            for one in ended
        ],
    )


def lengthened(said: Said, by: Signer, organisation: bytes, serial: int) -> Said:
    """The list has a line that no entry asks for."""
    return _listing(
        said, by, lambda ended: [*ended, Ended(suspensions.start_of(organisation), serial)]
    )


def frozen(said: Said, by: Signer, earlier: Said) -> Said:
    """The entries of now beside the list of before."""
    return signed(replace(said, suspensions=earlier.suspensions), by)


def _listing(said: Said, by: Signer, change: Callable[[Sequence[Ended]], list[Ended]]) -> Said:
    listed = suspensions.parse(said.suspensions)
    ended = sorted(change(listed.ended), key=lambda one: one.start)
    changed = suspensions.format_list(Suspensions(listed.network_id, tuple(ended)))
    return signed(replace(said, suspensions=changed), by)


def _put(values: tuple[bytes, ...], at: int, value: bytes) -> tuple[bytes, ...]:
    return (*values[:at], value, *values[at + 1 :])


def _without(values: tuple[bytes, ...], at: int) -> tuple[bytes, ...]:
    return (*values[:at], *values[at + 1 :])


def text_of(note: bytes) -> bytes:
    """The entry of a note: its text."""
    return notes.parse(note).text.encode()
