"""Writing under an application: one entry at a time, behind everything that stands there.

Where somebody else wrote first, what she wrote is read, what is to be written is checked against
it anew, and it is written behind hers: nothing is overwritten.

Source: docs/spec/vetting.md, 4 and 5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from client.api_signed import SignedApi
from client.errors import BadInput, FirstDo
from client.flows import admin_calls, review
from client.flows.review import Opened, Written
from client.flows.scene import Scene
from crypto import constants as c
from crypto.client import vetting_entries
from crypto.client.vetting_entries import Entry, Reply
from crypto.encoding import Random
from crypto.errors import Refused, TooLong
from crypto.public import note_signing, notes
from crypto.public.admin_keys import AdminKey
from crypto.public.note_signing import Signer

Check = Callable[[Opened], None]
Tell = Callable[[Written], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """An admin who writes: her calls and key, what holds today, and who hears of others' entries.

    `tell` gets each entry that somebody else wrote meanwhile.
    """

    calls: SignedApi
    signer: Signer = field(repr=False)
    scene: Scene
    random: Random = field(repr=False)
    tell: Tell = field(repr=False)

    def write(self, opened: Opened, entry: Entry, check: Check | None = None) -> Opened:
        """Write an entry and return the application with it, and with what came meanwhile.

        `check` is asked before each try whether it may still be written; it raises what it finds.
        Raises BadInput for what can't be written, FirstDo where the application is gone.
        """

        def seal(now: Opened) -> bytes:
            return vetting_entries.seal(
                entry,
                now.keys,
                len(now.written),
                author_seed=self.signer.seed,
                random=self.random,
            )

        return self._write(opened, seal, check)

    def hand_on(self, opened: Opened, key: AdminKey) -> Opened:
        """Let one more admin, whose key was checked, read an application from now on."""
        return self._write(opened, lambda now: vetting_entries.hand_on(key, now.keys), None)

    def reply(self, opened: Opened, kind: int, text: str) -> bool:
        """Tell the applicant; False where she was told something before, which stands.

        Raises BadInput for a text that can't be sent, FirstDo where the application is gone.
        """
        said = _fit(
            lambda: vetting_entries.seal_reply(
                Reply(kind=kind, text=text), opened.keys, random=self.random
            )
        )
        with admin_calls.told_plainly():
            done = self.calls.answer_application(opened.keys.application_id, said)
        if done == "refused":
            raise _gone()
        return done == "stored"

    def _write(
        self, opened: Opened, make: Callable[[Opened], bytes], check: Check | None
    ) -> Opened:
        now = opened
        for _ in range(c.VETTING_ENTRIES_MOST):
            if check is not None:
                check(now)
            number = len(now.written)
            if number >= c.VETTING_ENTRIES_MOST:
                break
            sealed = _fit(partial(make, now))
            with admin_calls.told_plainly():
                done = self.calls.add_entry(now.keys.application_id, number, sealed)
            if done == "stored":
                return review.read_on(now, [sealed], self.scene)
            if done == "refused":
                raise _gone()
            now = self._read_on(now)
        raise FirstDo(
            "There is no room for more entries under this application.",
            "The organisation has to apply again.",
        )

    def _read_on(self, opened: Opened) -> Opened:
        """Read what others wrote meanwhile, and tell of it."""
        after = len(opened.written)
        with admin_calls.told_plainly():
            shown = self.calls.open_application(opened.keys.application_id, after)
        if shown is None:
            raise _gone()
        now = review.read_on(opened, shown.entries, self.scene)
        for one in now.written[after:]:
            self.tell(one)
        return now


def note_entry(signer: Signer, today: int, text: str) -> Entry:
    """Return a note of today."""
    return _entry(signer, today, c.VETTING_NOTE, text=text)


def mark_entry(signer: Signer, today: int, criterion: int, state: int, text: str) -> Entry:
    """Return a mark of today on a criterion (1 to 16)."""
    return _entry(signer, today, c.VETTING_MARK, criterion=criterion, state=state, text=text)


def decline_entry(signer: Signer, today: int, reason: str) -> Entry:
    """Return a refusal of today, with its reason."""
    return _entry(signer, today, c.VETTING_DECLINE, text=reason)


def signature_entry(signer: Signer, today: int, note: bytes) -> Entry:
    """Return this admin's own line under a statement, as an entry of today."""
    text = notes.parse(note).text
    own = note_signing.sign_note(text, signer, at_most=c.STATEMENT_BYTES)
    return _entry(signer, today, c.VETTING_SIGNATURE, note=own)


def _entry(
    signer: Signer,
    today: int,
    kind: int,
    *,
    text: str = "",
    criterion: int = 0,
    state: int = 0,
    note: bytes = b"",
) -> Entry:
    return Entry(
        author=signer.key.public_key,
        epoch=today,
        kind=kind,
        text=text,
        criterion=criterion,
        state=state,
        note=note,
    )


def _fit(make: Callable[[], bytes]) -> bytes:
    try:
        return make()
    except TooLong:
        raise BadInput("This is too long to be written here.", "Write it shorter.") from None
    except Refused:
        raise BadInput(
            "This can't be written.", "It is empty, or has a sign in it that can't be seen."
        ) from None


def _gone() -> FirstDo:
    return FirstDo(
        "This application is not open any more.", "Its days were over, or it was taken back."
    )
