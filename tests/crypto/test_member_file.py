"""The member's key file: her passphrase opens it, and nothing else does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crypto.client import aead, passphrase
from crypto.client.member_file import open_member_file, seal_member_file
from crypto.encoding import frame
from crypto.errors import CannotOpen, Malformed, Refused, Unsupported
from tests.crypto import store_samples as samples

SECRET = samples.member("Anna")
PHRASE = "seven small boats pass the Café"
SEALED = seal_member_file(SECRET, PHRASE, random=samples.draws("file"))


def refusal(sealed: bytes, phrase: str = PHRASE) -> type[Refused]:
    """Return how opening is refused, and see that nothing is said beyond that."""
    with pytest.raises(Refused) as caught:
        open_member_file(sealed, phrase)
    assert str(caught.value) == caught.type.__doc__
    assert caught.value.__cause__ is None
    return caught.type


def flipped(at: int) -> bytes:
    """Return the sealed file with one bit changed."""
    return SEALED[:at] + bytes([SEALED[at] ^ 1]) + SEALED[at + 1 :]


def test_the_passphrase_opens_it_in_either_unicode_form() -> None:
    """What was sealed is what is read, 201 bytes long, also from a keyboard that composes."""
    assert len(SEALED) == 201
    assert open_member_file(SEALED, PHRASE) == SECRET
    assert open_member_file(SEALED, PHRASE.replace("é", "e\u0301")) == SECRET


def test_an_empty_passphrase_is_none() -> None:
    """A key file is never made under no passphrase at all, and none opens one."""
    with pytest.raises(Malformed):
        seal_member_file(SECRET, "", random=samples.draws("file"))
    assert refusal(SEALED, "") is Malformed


def test_it_is_made_as_the_specification_says() -> None:
    """Opened by hand: each part at its offset, under the frame that binds version and salt."""
    salt, nonce, sealed = SEALED[1:17], SEALED[17:41], SEALED[41:]
    key = passphrase.stretch(PHRASE, salt)
    aad = frame("towpath/v1/member-file", b"\x01", salt)
    assert aead.open_(key, nonce=nonce, aad=aad, ciphertext=sealed) == b"".join(
        (
            SECRET.member_id,
            SECRET.xwing_seed,
            SECRET.ed25519_seed,
            samples.NETWORK_ID,
            samples.ORGANISATION_KEY,
        )
    )


@pytest.mark.parametrize("phrase", [PHRASE[:-1], PHRASE + " ", PHRASE.upper()])
def test_T36_a_wrong_passphrase_is_refused(phrase: str) -> None:
    """Near is not enough, and the refusal is that of a changed file."""
    assert refusal(SEALED, phrase) is CannotOpen


@pytest.mark.parametrize("at", [1, 16, 17, 40, 41, 184, 185, 200])
def test_T36_a_changed_salt_nonce_secret_or_tag_is_refused(at: int) -> None:
    """No byte behind the first can be changed unseen."""
    assert refusal(flipped(at)) is CannotOpen


@pytest.mark.parametrize("version", [0, 2, 255])
def test_T13_another_version_is_refused_before_any_work(
    version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file cannot ask for other parameters of Argon2id, cheaper or dearer ones."""
    monkeypatch.delattr(passphrase, "stretch")
    assert refusal(bytes([version]) + SEALED[1:]) is Unsupported


@pytest.mark.parametrize("sealed", [b"", SEALED[:1], SEALED[:-1], SEALED + b"\x00", SEALED * 2])
def test_T13_another_length_is_refused_before_any_work(
    sealed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is stretched for a file that cannot be one."""
    monkeypatch.delattr(passphrase, "stretch")
    assert refusal(sealed) is Malformed


def test_T2_a_passphrase_that_is_no_text_is_refused_without_a_word_of_it() -> None:
    """Half a surrogate pair is refused when opening and when sealing."""
    assert refusal(SEALED, "half \ud800") is Malformed
    with pytest.raises(Malformed):
        seal_member_file(SECRET, "half \ud800", random=samples.draws("file"))


def test_T36_nothing_of_the_secret_stands_in_the_file_and_no_two_are_alike() -> None:
    """Salt and nonce are drawn anew, so two files of one member share no part."""
    other = seal_member_file(SECRET, PHRASE, random=samples.draws("another file"))
    assert other[1:17] != SEALED[1:17]
    assert other[41:] != SEALED[41:]
    assert SECRET.xwing_seed not in SEALED
    assert SECRET.member_id not in SEALED


@pytest.mark.parametrize(
    "part", ["member_id", "xwing_seed", "ed25519_seed", "network_id", "organisation_key"]
)
@pytest.mark.parametrize("change", [b"", b"\x00"], ids=["short", "long"])
def test_a_secret_with_a_part_of_another_length_is_refused(part: str, change: bytes) -> None:
    """Such a secret cannot be made, so it is never sealed."""
    value: bytes = getattr(SECRET, part)
    with pytest.raises(Malformed):
        replace(SECRET, **{part: value + change if change else value[:-1]})


def test_a_new_member_is_drawn_whole() -> None:
    """Id and both seeds come from the source given, and no two of them are the same."""
    other = samples.member("Binta")
    drawn = (SECRET.member_id, SECRET.xwing_seed, SECRET.ed25519_seed)
    assert not set(drawn) & {other.member_id, other.xwing_seed, other.ed25519_seed}
    assert len(set(drawn)) == 3


def test_T2_no_seed_shows_in_any_repr() -> None:
    """A secret that is printed or stands in a traceback shows neither of its seeds."""
    shown = f"{SECRET!r} {SECRET} {(SECRET,)!r}"
    for seed in (SECRET.xwing_seed, SECRET.ed25519_seed):
        assert repr(seed)[2:-1] not in shown
        assert seed.hex() not in shown
