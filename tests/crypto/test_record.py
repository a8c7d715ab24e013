"""The record's sealed layer: it opens with its own code in its own network, or not at all."""

from __future__ import annotations

import dataclasses

import pytest

from crypto import constants as c
from crypto.client import record
from crypto.errors import CannotOpen, Malformed, Refused, TooLong, Unsupported
from crypto.public import log
from tests.crypto import records
from tests.crypto.networks import flips, make_network, seed_of

COMMITMENT = range(1, 33)


def test_R39_T34_a_record_has_one_size_and_opens_to_what_was_sealed() -> None:
    """Whatever stands in it, a record has 4,096 bytes and opens to the same parts."""
    case = records.make()
    assert len(case.sealed) == c.RECORD_BYTES
    opened = record.open_(case.sealed, case.keys, case.network.network_id)
    assert opened == case.contents


def test_P2_T15_every_changed_byte_of_a_record_is_refused() -> None:
    """No byte of a record can be changed, in any of three ways, without being noticed."""
    case = records.make()
    for at, altered in flips(case.sealed):
        with pytest.raises(Refused) as refusal:
            record.open_(altered, case.keys, case.network.network_id)
        expected = Unsupported if at == 0 else CannotOpen
        assert refusal.type is expected, at


def test_T15_a_record_cut_or_longer_is_malformed() -> None:
    """A record of any other length is refused before anything is tried."""
    case = records.make()
    sealed = case.sealed
    for altered in (b"", sealed[:1], sealed[:-1], sealed[1:], sealed + b"\0", sealed * 2):
        with pytest.raises(Malformed):
            record.open_(altered, case.keys, case.network.network_id)


def test_P2_T15_swapped_neighbours_are_refused() -> None:
    """Exchanging two neighbouring bytes anywhere is noticed."""
    case = records.make()
    sealed = case.sealed
    for at in range(0, len(sealed) - 1, 3):
        altered = sealed[:at] + sealed[at : at + 2][::-1] + sealed[at + 2 :]
        if altered == sealed:
            continue
        with pytest.raises(Refused):
            record.open_(altered, case.keys, case.network.network_id)


def test_P2_T15_a_record_under_another_code_does_not_open() -> None:
    """The record of one code is closed to every other code, also with its locator."""
    case = records.make()
    other = records.keys_of(bytes(10), case.network.network_id)
    for keys in (other, dataclasses.replace(other, locator=case.keys.locator)):
        with pytest.raises(CannotOpen):
            record.open_(case.sealed, keys, case.network.network_id)


def test_P2_T15_a_record_moved_to_another_locator_does_not_open() -> None:
    """A server that hands out a record under another locator is noticed."""
    case = records.make()
    moved = dataclasses.replace(case.keys, locator=bytes(16))
    with pytest.raises(CannotOpen):
        record.open_(case.sealed, moved, case.network.network_id)


def test_P2_T15_a_record_under_another_network_does_not_open() -> None:
    """The network is part of what is authenticated, not only of what is derived."""
    case = records.make()
    with pytest.raises(CannotOpen):
        record.open_(case.sealed, case.keys, make_network(name="other-").network_id)


def test_P2_T15_the_commitment_binds_the_record_to_its_key() -> None:
    """A record whose sealed part opens is still refused when it commits to another key."""
    case = records.make()
    for wrong in (bytes(32), case.keys.record_key):
        keys = dataclasses.replace(case.keys, record_commitment=wrong)
        sealed = record.seal(case.contents, keys, case.network.network_id, random=bytes)
        assert record.open_(sealed, keys, case.network.network_id) == case.contents
        with pytest.raises(CannotOpen):
            record.open_(sealed, case.keys, case.network.network_id)


@pytest.mark.parametrize(
    ("part", "size"),
    [("profile", 249), ("statement", 801), ("checkpoint", 1201)],
)
def test_a_part_beyond_its_maximum_is_too_long(part: str, size: int) -> None:
    """Making a record refuses a part that is longer than the specification allows."""
    case = records.make().with_contents(**{part: bytes(size)})
    with pytest.raises(TooLong):
        _ = case.sealed


def test_parts_that_do_not_fit_together_are_too_long() -> None:
    """Parts that are each within bounds, but not together, are refused when making."""
    case = records.make().with_contents(
        profile=bytes(248),
        statement=bytes(800),
        checkpoint=bytes(1200),
        inclusion=log.Inclusion(0, (bytes(32),) * 26),
    )
    with pytest.raises(TooLong):
        _ = case.sealed


@pytest.mark.parametrize("part", ["public_key", "signature"])
def test_a_part_of_another_length_is_malformed(part: str) -> None:
    """A key or signature of another length can't be put in."""
    case = records.make().with_contents(**{part: bytes(7)})
    with pytest.raises(Malformed):
        _ = case.sealed


def _plaintext() -> bytes:
    encoded = record.encode(records.make().contents)
    return encoded + bytes(c.RECORD_BYTES - c.RECORD_OVERHEAD_BYTES - len(encoded))


def test_padding_must_be_zero() -> None:
    """What follows the last part is zero in every byte, so that nothing can hide there."""
    plaintext = _plaintext()
    used = len(record.encode(records.make().contents))
    for at in (used, used + 1, len(plaintext) - 1):
        with pytest.raises(Malformed):
            record.decode(plaintext[:at] + b"\x01" + plaintext[at + 1 :])


def test_another_version_of_the_contents_is_unsupported() -> None:
    """A newer form of the contents is named as such."""
    with pytest.raises(Unsupported):
        record.decode(b"\x02" + _plaintext()[1:])


def test_more_proof_hashes_than_any_log_needs_are_malformed() -> None:
    """A count of proof hashes beyond the maximum is refused before they are read."""
    contents = records.make().contents
    at = len(record.encode(contents)) - 2 - len(contents.checkpoint)
    at -= 1 + 32 * len(contents.inclusion.hashes)
    plaintext = _plaintext()
    assert plaintext[at] == len(contents.inclusion.hashes)
    with pytest.raises(Malformed):
        record.decode(plaintext[:at] + bytes([27]) + plaintext[at + 1 :])


@pytest.mark.parametrize("size", [0, 1, 5, 1221, 1285, 1400, 1500, 2000])
def test_contents_cut_anywhere_are_malformed(size: int) -> None:
    """Contents that end inside a part are refused."""
    with pytest.raises(Malformed):
        record.decode(_plaintext()[:size])


def test_P11_two_records_of_the_same_parts_share_nothing() -> None:
    """Sealing again draws a fresh nonce."""
    case = records.make()
    network_id = case.network.network_id
    one, two = (
        record.seal(case.contents, case.keys, network_id, random=records.stream(name))
        for name in ("a", "b")
    )
    assert one[:33] == two[:33]
    assert all(one[at : at + 16] != two[at : at + 16] for at in range(33, len(one) - 16))


def test_the_contents_hide_nothing_that_a_log_should_not_show() -> None:
    """Printing contents or keys shows no key material."""
    case = records.make()
    shown = repr(case.contents) + repr(case.keys) + repr(case)
    for secret in (case.keys.record_key, case.keys.psk, case.keys.write_key, seed_of("x")):
        assert repr(secret) not in shown
        assert secret.hex() not in shown
