"""What was withdrawn, to somebody who has the database and the drop: it looks like the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crypto import constants as c
from crypto.encoding import Random
from crypto.public import sealing
from server.services import boxes, drop, referrals
from tests.server.founding import ON_SQLITE
from tests.server.scene import Scene


def sealed_to_somebody(random: Random) -> bytes:
    """An envelope as a sender seals it, as far as its outside goes."""
    key = sealing.public_key(random(c.XWING_SEED_BYTES))
    return bytes([c.SUITE]) + sealing.seal(key, info=b"x", plaintext=random(c.INNER_BYTES))


def ones(rows: Sequence[bytes]) -> list[int]:
    """How many rows have each bit set."""
    width = 8 * len(rows[0])
    bits = (format(int.from_bytes(row, "big"), f"0{width}b") for row in rows)
    return [column.count("1") for column in zip(*bits, strict=True)]


def told_apart(real: list[bytes], filler: list[bytes]) -> float:
    """How often an attacker is right, who learned the most telling bit on half of the rows."""
    half = len(real) // 2
    counts = list(zip(ones(real[:half]), ones(filler[:half]), strict=True))
    bit = max(range(len(counts)), key=lambda at: abs(counts[at][0] - counts[at][1]))
    in_filler = counts[bit][1] > counts[bit][0]
    set_in_real, set_in_filler = (ones(rows[half:])[bit] for rows in (real, filler))
    right = (half - set_in_real) + set_in_filler
    return (right if in_filler else 2 * half - right) / (2 * half)


@ON_SQLITE
def test_P3_T19_filler_and_requests_are_told_apart_no_better_than_guessing(scene: Scene) -> None:
    """In the drop, opened with the wrap keys, and as they lie; other filler would be noticed."""
    random, each = scene.make.random, 100
    kept = {sealed_real(scene, withdrawn=False) for _ in range(each)}
    for _ in range(each):
        sealed_real(scene, withdrawn=True)
    random_bytes = scene.core.random
    scene.core.database.write(lambda connection: drop.join(connection, random_bytes))
    wraps = scene.core.wraps()
    ways: dict[str, tuple[list[bytes], list[bytes]]] = {"lying": ([], []), "opened": ([], [])}
    for _, lookup, _, _, last_epoch, sealed in scene.dump()["envelope"]:
        opened = wraps.open("envelope", lookup, last_epoch, sealed)
        assert opened is not None
        is_filler = opened[32:48] not in kept
        ways["lying"][is_filler].append(lookup + sealed)
        ways["opened"][is_filler].append(opened)
    # 100 guesses: by chance within 0.165 of a half, but for one time in a thousand.
    for real, filler in ways.values():
        assert (len(real), len(filler)) == (each, each)
        assert abs(told_apart(real, filler) - 0.5) < 0.165
    real, _ = ways["opened"]
    assert told_apart(real, [random(len(one)) for one in real]) > 0.65
    zeros = [one[:32] + bytes(16) + one[48:] for one in real]
    assert told_apart(real, zeros) > 0.65


def sealed_real(scene: Scene, *, withdrawn: bool) -> bytes:
    """Send a referral that is sealed to somebody, and perhaps withdraw it; its locator."""
    receipt = scene.make.receipt()
    made = scene.make.referral(scene.published(), receipt)
    real = replace(made, envelope=sealed_to_somebody(scene.make.random))
    assert scene.write(referrals.store, referral=real) is not None
    if withdrawn:
        scene.write(boxes.withdraw, box_id=receipt.box_id, holder_key=receipt.holder_key)
    return real.locator
