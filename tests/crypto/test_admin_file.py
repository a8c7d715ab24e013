"""An admin's key file: her passphrase opens it, and nothing else does."""

from __future__ import annotations

import pytest

from crypto.client import aead, passphrase
from crypto.client.admin_file import new_admin, open_admin_file, seal_admin_file
from crypto.client.member_file import open_member_file
from crypto.encoding import frame
from crypto.errors import CannotOpen, Malformed, Refused, Unsupported
from crypto.public.note_signing import Signer
from tests.crypto.streams import Stream, flipped, refusal_of

PHRASE = "seven small boats pass the Café"
ADMIN = new_admin("asha.harbour-1", random=Stream("admin"))
SEALED = seal_admin_file(ADMIN, PHRASE, random=Stream("file"))


def refusal(sealed: bytes, phrase: str = PHRASE) -> type[Refused] | None:
    """How opening is refused."""
    return refusal_of(lambda: open_admin_file(sealed, phrase))


def sealed_by_hand(secret: bytes, label: str = "towpath/v1/admin-file") -> bytes:
    """A file of any secret, sealed as an admin's is."""
    salt, nonce = bytes(16), bytes(24)
    key, aad = passphrase.stretch(PHRASE, salt), frame(label, b"\x01", salt)
    return b"\x01" + salt + nonce + aead.seal(key, nonce=nonce, aad=aad, plaintext=secret)


def test_the_passphrase_opens_it_in_either_unicode_form() -> None:
    """What was sealed is what is read, 115 bytes long, also from a keyboard that composes."""
    assert len(SEALED) == 115
    assert open_admin_file(SEALED, PHRASE) == ADMIN
    assert open_admin_file(SEALED, PHRASE.replace("é", "e\u0301")) == ADMIN


def test_T36_its_length_does_not_tell_the_name() -> None:
    """A name of one byte and one of 24 make files of one size."""
    for name in ("a", "a" * 24):
        admin = new_admin(name, random=Stream(name))
        sealed = seal_admin_file(admin, PHRASE, random=Stream("file"))
        assert len(sealed) == 115
        assert open_admin_file(sealed, PHRASE) == admin


def test_it_is_made_as_the_specification_says() -> None:
    """Opened by hand: seed, name behind its length, zeros."""
    salt, nonce, sealed = SEALED[1:17], SEALED[17:41], SEALED[41:]
    aad = frame("towpath/v1/admin-file", b"\x01", salt)
    key = passphrase.stretch(PHRASE, salt)
    secret = aead.open_(key, nonce=nonce, aad=aad, ciphertext=sealed)
    assert secret == ADMIN.seed + b"\x00\x0easha.harbour-1" + bytes(10)


@pytest.mark.parametrize("phrase", [PHRASE[:-1], PHRASE + " ", PHRASE.upper()])
def test_T36_a_wrong_passphrase_is_refused(phrase: str) -> None:
    """Near is not enough, and the refusal is that of a changed file."""
    assert refusal(SEALED, phrase) is CannotOpen


@pytest.mark.parametrize("at", [1, 16, 17, 40, 41, 98, 99, 114])
def test_T36_a_changed_salt_nonce_secret_or_tag_is_refused(at: int) -> None:
    """No byte behind the first can be changed unseen."""
    assert refusal(flipped(SEALED, at)) is CannotOpen


def test_T36_a_members_file_is_no_admins() -> None:
    """The two are bound to what they are, also where lengths would fit."""
    assert refusal(sealed_by_hand(bytes(58), "towpath/v1/member-file")) is CannotOpen
    assert refusal_of(lambda: open_member_file(SEALED, PHRASE)) is Malformed


@pytest.mark.parametrize("version", [0, 2, 255])
def test_T13_another_version_is_refused_before_any_work(
    version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file can't ask for other parameters of Argon2id, cheaper or dearer ones."""
    monkeypatch.delattr(passphrase, "stretch")
    assert refusal(bytes([version]) + SEALED[1:]) is Unsupported


@pytest.mark.parametrize("sealed", [b"", SEALED[:1], SEALED[:-1], SEALED + b"\x00", SEALED * 2])
def test_T13_another_length_is_refused_before_any_work(
    sealed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is stretched for a file that can't be one."""
    monkeypatch.delattr(passphrase, "stretch")
    assert refusal(sealed) is Malformed


@pytest.mark.parametrize(
    "name", [b"\x00\x00", b"\x00\x04Asha", b"\x00\x02a ", b"\x00\x01\xff", b"\x00\x19" + b"a" * 24]
)
def test_T13_a_secret_that_names_nobody_is_refused(name: bytes) -> None:
    """Sealed under the right passphrase, and still no admin's."""
    assert refusal(sealed_by_hand((bytes(32) + name).ljust(58, b"\x00"))) is Malformed


def test_T13_padding_is_zeros() -> None:
    """Nothing hides behind the name."""
    secret = bytes(32) + b"\x00\x01a"
    assert open_admin_file(sealed_by_hand(secret.ljust(58, b"\x00")), PHRASE) == Signer(
        "a", bytes(32)
    )
    assert refusal(sealed_by_hand(secret.ljust(57, b"\x00") + b"\x01")) is Malformed


@pytest.mark.parametrize("name", ["", "a" * 25, "Asha", "asha b", "åsa", "a\n", "half \ud800"])
def test_a_name_that_no_policy_can_have_is_not_drawn_or_sealed(name: str) -> None:
    """1 to 24 of a-z, 0-9, dot, dash and slash."""
    with pytest.raises(Malformed):
        new_admin(name, random=Stream("admin"))
    with pytest.raises(Malformed):
        seal_admin_file(Signer(name, bytes(32)), PHRASE, random=Stream("file"))


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_seed_of_another_length_is_not_sealed(size: int) -> None:
    """A key pair's 64 bytes are no seed either."""
    with pytest.raises(Malformed):
        seal_admin_file(Signer("asha", bytes(size)), PHRASE, random=Stream("file"))


@pytest.mark.parametrize("phrase", ["", "half \ud800"])
def test_T2_a_passphrase_that_is_none_seals_and_opens_nothing(phrase: str) -> None:
    """Neither an empty one nor one that is no text."""
    assert refusal(SEALED, phrase) is Malformed
    with pytest.raises(Malformed):
        seal_admin_file(ADMIN, phrase, random=Stream("file"))


def test_T36_nothing_of_the_secret_stands_in_the_file_and_no_two_are_alike() -> None:
    """Salt and nonce are drawn anew, so two files of one admin share no part."""
    other = seal_admin_file(ADMIN, PHRASE, random=Stream("another file"))
    assert other[1:17] != SEALED[1:17]
    assert other[41:] != SEALED[41:]
    assert ADMIN.seed not in SEALED
    assert ADMIN.name.encode() not in SEALED
    assert repr(ADMIN.seed)[2:-1] not in repr(ADMIN)
