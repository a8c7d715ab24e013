"""What lies on a provider's disk: a store and a member's key file, searched for what is in them."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from dataclasses import asdict, replace

import pytest

from client import ambient, store_file
from crypto import constants as c
from crypto.client import code_text
from crypto.client.code_text import Kind
from crypto.client.member_file import open_member_file, seal_member_file
from crypto.client.store import Store, open_store, seal_store
from crypto.client.store_entries import Case
from crypto.errors import CannotOpen, Refused
from tests.crypto.networks import TODAY
from tests.crypto.streams import flipped, refusal_of
from tests.threats.scene import provider

ONE = provider()
ANNA, BINTA = ONE.members
PHRASE = "seven small boats pass the Café"
CANARIES = ("Canary of a note", "Kanarienvogel für alle", "카나리아 이야기", "канарейка поёт")


@pytest.fixture(scope="module")
def full() -> Store:
    """A store whose case carries a canary in each place for words."""
    case = Case(
        arrived=TODAY,
        state=2,
        message=CANARIES[0].encode() * 3,
        last_epoch=TODAY + 14,
        follow_ups=((1, CANARIES[1].encode()),),
        answers=((1, CANARIES[2].encode()),),
        note=CANARIES[3],
    )
    return ONE.store().with_entry(c.ENTRY_CASE, b"another locator.", case.encode())


@pytest.fixture(scope="module")
def at_rest(full: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files as they lie on the disk, before and after a change, and the key file."""
    place = tmp_path_factory.mktemp("provider")
    path = place / "store"
    store_file.create(path, seal_store(full, random=ambient.random), ANNA)
    first = path.read_bytes()
    store_file.edit(
        path,
        ANNA,
        lambda store: store.with_entry(c.ENTRY_SETTING, bytes(16), b"a setting"),
        at_least_generation=0,
        random=ambient.random,
    )
    (place / "key").write_bytes(seal_member_file(ANNA, PHRASE, random=ambient.random))
    left = {one.name: one.read_bytes() for one in place.iterdir()}
    return {"before": first, **left}


def secrets(store: Store) -> Iterator[bytes]:
    """Everything that must not be found: words, names, codes, keys and seeds, locators."""
    yield from (text.encode() for text in CANARIES)
    yield from (b"A. Member", PHRASE.encode(), store.organisation_seed)
    yield from (ONE.code, ONE.one_time_seed, *ONE.weekly_seeds, *asdict(ONE.keys).values())
    yield from (code_text.symbols(ONE.code, Kind.CODE).encode(), b"another locator.")
    for member in ONE.members:
        yield from (member.member_id, member.xwing_seed, member.ed25519_seed)
        yield from (member.ed25519_public_key, member.xwing_public_key[:64])


def forms(secret: bytes) -> Iterator[bytes]:
    """A secret as it may lie in a file: plain, turned round, and in the usual encodings."""
    yield from (secret, secret[::-1], secret.hex().encode(), secret.hex().upper().encode())
    yield from (base64.b64encode(b"\0" * shift + secret)[4:-4] for shift in range(3))
    yield from (base64.urlsafe_b64encode(secret)[:-4], base64.b85encode(secret)[:-5])
    yield base64.b32encode(secret)[:-8]
    text = secret.decode("latin-1")
    yield from (text.encode("utf-16-le"), text.encode("utf-16-be"))
    yield from (text.upper().encode("latin-1", "ignore"), text.lower().encode("latin-1", "ignore"))
    yield repr(secret)[2:-1].encode()
    yield bytes(value ^ 0xFF for value in secret)


def found(data: bytes, secret: bytes) -> bool:
    """Say whether eight bytes or more of a secret stand in some data, in any form."""
    return any(
        len(form) >= 8 and any(form[at : at + 8] in data for at in range(0, len(form) - 7, 4))
        for form in forms(secret)
    )


def test_P11_T36_no_word_name_code_key_or_seed_lies_in_a_file(
    full: Store, at_rest: dict[str, bytes]
) -> None:
    """No stretch of eight bytes of a secret, however it is encoded, in any file of the provider."""
    assert len(at_rest) >= 3
    for name, data in at_rest.items():
        for secret in secrets(full):
            assert not found(data, secret), (name, secret[:4])


def test_T36_a_planted_secret_is_found(full: Store, at_rest: dict[str, bytes]) -> None:
    """Each secret in each form is noticed between the bytes of a sealed file."""
    start, end = at_rest["store"][:1000], at_rest["store"][-1000:]
    for secret in secrets(full):
        for form in forms(secret):
            if len(form) >= 8:
                assert found(start + form + end, secret)


def test_P11_T36_the_files_look_random(at_rest: dict[str, bytes]) -> None:
    """Nothing in store or key file can be packed smaller, whatever the entries are."""
    for data in at_rest.values():
        assert len(zlib.compress(data, 9)) >= len(data)


def test_P11_T36_wrong_phrase_another_key_and_changed_bytes_are_refused_alike(
    at_rest: dict[str, bytes],
) -> None:
    """One category and one sentence for all of them: a thief does not learn how near it was."""
    key, sealed = at_rest["key"], at_rest["store"]
    assert open_member_file(key, PHRASE) == ANNA
    said: set[tuple[type[Refused] | None, str]] = set()
    for phrase in (PHRASE + ".", PHRASE.lower(), "seven"):
        said.add(_said(key, phrase))
    for at in (1, 17, 41, 200):
        said.add(_said(flipped(key, at), PHRASE))
    assert said == {(CannotOpen, CannotOpen.__doc__)}
    stranger = replace(provider("two").members[0], network_id=ANNA.network_id)
    other = replace(ANNA, xwing_seed=BINTA.ed25519_seed)
    for secret in (stranger, other):
        assert refusal_of(lambda: open_store(sealed, secret, 0)) is CannotOpen  # noqa: B023
    for at in (1, 1168, 18_689, 18_713, len(sealed) - 1):
        changed = flipped(sealed, at)
        assert refusal_of(lambda: open_store(changed, ANNA, 0)) is CannotOpen  # noqa: B023


def _said(sealed: bytes, phrase: str) -> tuple[type[Refused] | None, str]:
    try:
        open_member_file(sealed, phrase)
    except Refused as refusal:
        return type(refusal), str(refusal)
    return None, "it opens"
