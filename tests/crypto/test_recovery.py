"""The recovery sheet: what is printed comes back, what is mistyped does not, and it is a member."""

from __future__ import annotations

import pytest

from crypto import constants as c
from crypto.client import code_text, recovery
from crypto.client.code_text import Kind
from crypto.client.member_file import new_member
from crypto.client.store import Store, open_store, seal_store
from crypto.client.store_entries import MemberEntry
from crypto.errors import CannotOpen, CodeMistyped, Malformed
from crypto.public.note_signing import public_of
from tests.crypto.store_samples import draws

NETWORK, SEED = bytes(range(32)), bytes(range(1, 33))
SECRET = recovery.new_secret(draws(7))
TEXT = recovery.symbols(SECRET)
PLACE = {"network_id": NETWORK, "organisation_key": public_of(SEED)}


@pytest.mark.parametrize("seed", range(12))
def test_what_is_printed_is_read(seed: int) -> None:
    """Six groups of five, whatever was drawn."""
    secret = recovery.new_secret(draws(seed))
    text = recovery.symbols(secret)
    assert [len(group) for group in text.split("-")] == [5] * 6
    assert recovery.read(text) == recovery.read(text.lower().replace("-", " ")) == secret


@pytest.mark.parametrize("at", [at for at in range(len(TEXT)) if TEXT[at] != "-"])
def test_no_wrong_symbol_passes(at: int) -> None:
    """Wherever it stands, and whichever it is."""
    for other in c.CODE_ALPHABET:
        if other != TEXT[at]:
            with pytest.raises(CodeMistyped):
                recovery.read(TEXT[:at] + other + TEXT[at + 1 :])


@pytest.mark.parametrize(
    "text", ["", "0" * 29, "0" * 31, TEXT + "0", TEXT[:-1], "U" * 30, "é" * 30]
)
def test_what_has_another_form_is_none(text: str) -> None:
    """Neither fewer symbols nor more, nor other signs."""
    with pytest.raises(CodeMistyped):
        recovery.read(text)


def test_a_code_is_no_sheet_and_a_sheet_no_code() -> None:
    """They have other lengths."""
    with pytest.raises(CodeMistyped):
        recovery.read(code_text.symbols(bytes(10), Kind.CODE))
    with pytest.raises(CodeMistyped):
        code_text.read(TEXT, Kind.CODE)


@pytest.mark.parametrize("secret", [b"", SECRET[:16], SECRET + b"\0", bytes(16) + b"\x01"])
def test_what_is_no_secret_gives_nothing(secret: bytes) -> None:
    """Another length, or bits where there are none."""
    with pytest.raises(Malformed):
        recovery.symbols(secret)
    with pytest.raises(Malformed):
        recovery.member_of(secret, **PLACE)


def test_R31_the_sheet_opens_the_store_and_another_does_not() -> None:
    """Sealed to its member, the store opens by the paper alone."""
    random = draws(9)
    sheet = recovery.member_of(recovery.read(TEXT), **PLACE)
    entry = MemberEntry(
        role=c.ROLE_RECOVERY,
        xwing_public_key=sheet.xwing_public_key,
        ed25519_public_key=sheet.ed25519_public_key,
        since=1,
        name="Sheet",
    )
    lost = new_member(random=random, **PLACE)
    store = Store(
        network_id=NETWORK,
        organisation_seed=SEED,
        generation=1,
        entries={
            (c.ENTRY_MEMBER, sheet.member_id): entry.encode(),
            (c.ENTRY_MEMBER, lost.member_id): MemberEntry(
                role=1,
                xwing_public_key=lost.xwing_public_key,
                ed25519_public_key=lost.ed25519_public_key,
                since=1,
                name="Anna",
            ).encode(),
        },
    )
    sealed = seal_store(store, random=random)
    assert open_store(sealed, sheet, 0).entries == store.entries
    other = recovery.member_of(recovery.new_secret(draws(8)), **PLACE)
    elsewhere = recovery.member_of(SECRET, **{**PLACE, "network_id": bytes(32)})
    for wrong in (other, elsewhere):
        with pytest.raises(CannotOpen):
            open_store(sealed, wrong, 0)
