"""Applications: what an organisation says of itself, and its key's signature on all of it."""

from __future__ import annotations

from typing import Any

import pytest

from crypto.constants import APPLICATION_BYTES
from crypto.encoding import frame
from crypto.errors import BadSignature, Malformed, Refused, TooLong, Unsupported, WrongNetwork
from crypto.public import applications, note_signing, profile
from tests.crypto.networks import PROFILE, TODAY, seed_of
from tests.crypto.streams import flipped, refusal_of

SEED, NETWORK = seed_of("an organisation"), seed_of("a network")
MEMBER = note_signing.public_of(seed_of("its first member"))
NAME = "Hafen & Söhne 24/7"
GIVEN: dict[str, Any] = {
    "network_id": NETWORK,
    "member_key": MEMBER,
    "epoch": TODAY,
    "name": NAME,
    "profile": PROFILE,
}
MADE = applications.make(SEED, **GIVEN)


def refusal(data: bytes) -> type[Refused] | None:
    """How an application to this network is refused."""
    return refusal_of(lambda: applications.parse_and_check(data, NETWORK))


def signed(said: bytes, seed: bytes = SEED, label: str = "towpath/v1/application") -> bytes:
    """Any bytes, signed as an application is."""
    return said + note_signing.sign(seed, frame(label, said))


def test_R21_what_was_applied_for_is_what_admins_read() -> None:
    """Every part comes back, under the organisation's own key."""
    read = applications.parse_and_check(MADE, NETWORK)
    assert {name: getattr(read, name) for name in GIVEN} == GIVEN
    assert read.organisation == note_signing.public_of(SEED)
    assert read.signature == MADE[-64:]


def test_it_is_made_as_the_specification_says() -> None:
    """By hand: version, ids, day, name, profile, and a signature over the frame of all."""
    name = NAME.encode()
    said = b"\x01" + NETWORK + note_signing.public_of(SEED) + MEMBER + TODAY.to_bytes(4, "big")
    said += len(name).to_bytes(2, "big") + name + len(PROFILE).to_bytes(2, "big") + PROFILE
    assert signed(said) == MADE


def test_P9_no_byte_can_be_changed_unseen() -> None:
    """Each bit-flip is refused; a changed version or network is named as such."""
    for at in range(len(MADE)):
        found = refusal(flipped(MADE, at, 1 << at % 8))
        assert found in (BadSignature, Malformed, Unsupported, WrongNetwork), at
        assert (found is Unsupported) == (at == 0)
        assert (found is WrongNetwork) == (1 <= at < 33)


def test_T13_every_length_but_its_own_is_refused() -> None:
    """Cut anywhere, or with something behind it."""
    for size in range(len(MADE)):
        assert refusal(MADE[:size]) is Malformed, size
    for more in (b"\x00", MADE, bytes(APPLICATION_BYTES)):
        assert refusal(MADE + more) is Malformed


@pytest.mark.parametrize("version", [0, 2, 255])
def test_another_version_is_unsupported_though_signed(version: int) -> None:
    """What a newer client may mean is not guessed."""
    other = signed(bytes([version]) + MADE[1:-64])
    assert refusal(other) is Unsupported
    assert refusal(other.ljust(APPLICATION_BYTES, b"\x00")) is Unsupported
    assert refusal(other.ljust(APPLICATION_BYTES + 1, b"\x00")) is Malformed


def test_P9_another_signer_label_or_no_frame_does_not_hold() -> None:
    """Nobody applies in an organisation's name, and nothing else that it signed is one."""
    said = MADE[:-64]
    assert refusal(signed(said)) is None
    assert refusal(signed(said, seed_of("another"))) is BadSignature
    assert refusal(signed(said, label="towpath/v1/answer")) is BadSignature
    assert refusal(said + note_signing.sign(SEED, said)) is BadSignature


def test_another_networks_application_is_refused() -> None:
    """An application can't be carried to a network that it was not made for."""
    other = applications.make(SEED, **GIVEN | {"network_id": seed_of("another network")})
    assert refusal(other) is WrongNetwork


NAMES = ["", " ", "a ", " a", "---", "a\nb", "a\u202eb", "a\u200bb", "\u3164", "a\x00"]


@pytest.mark.parametrize("name", NAMES)
def test_P9_T30_no_name_that_misleads_is_made_or_read(name: str) -> None:
    """Blank, invisible, or turning text round: admins and senders never see such a name."""
    with pytest.raises(Malformed):
        applications.make(SEED, **GIVEN | {"name": name})
    encoded = name.encode()
    said = MADE[:101] + len(encoded).to_bytes(2, "big") + encoded
    said += len(PROFILE).to_bytes(2, "big") + PROFILE
    assert refusal(signed(said)) is Malformed


def test_a_name_is_written_in_one_spelling() -> None:
    """A maker writes NFC; a reader does not ask, since versions of Unicode differ."""
    with pytest.raises(Malformed):
        applications.make(SEED, **GIVEN | {"name": "Cafe\u0301"})
    assert applications.make(SEED, **GIVEN | {"name": "Café"})


def test_names_and_profiles_have_a_most() -> None:
    """96 and 248 bytes: one more is too long to make."""
    longest = applications.make(SEED, **GIVEN | {"name": "ü" * 48})
    assert refusal(longest) is None
    with pytest.raises(TooLong):
        applications.make(SEED, **GIVEN | {"name": "ü" * 48 + "a"})
    with pytest.raises(TooLong):
        applications.make(SEED, **GIVEN | {"profile": bytes(249)})


@pytest.mark.parametrize("encoded", [b"", b"\x00", PROFILE[:-1], PROFILE + b"\x01", PROFILE[5:]])
def test_R22_T31_a_profile_that_is_none_is_not_made_or_read(encoded: bytes) -> None:
    """What must be known before anybody chooses is there, or there is no application."""
    with pytest.raises(Malformed):
        profile.decode(encoded)
    with pytest.raises(Malformed):
        applications.make(SEED, **GIVEN | {"profile": encoded})
    said = MADE[: -64 - 2 - len(PROFILE)] + len(encoded).to_bytes(2, "big") + encoded
    assert refusal(signed(said)) is Malformed


@pytest.mark.parametrize(
    "changed",
    [{"network_id": bytes(31)}, {"member_key": bytes(33)}, {"epoch": -1}, {"epoch": 1 << 32}],
)
def test_parts_of_another_length_are_not_signed(changed: dict[str, Any]) -> None:
    """Malformed, before anything is signed."""
    with pytest.raises(Malformed):
        applications.make(SEED, **GIVEN | changed)
    with pytest.raises(Malformed):
        applications.make(SEED[1:], **GIVEN)
