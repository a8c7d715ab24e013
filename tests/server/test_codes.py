"""Codes at the server: published once, opened while they live, cancelled by their write key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crypto import constants as c
from crypto.encoding import monday
from crypto.public import tokens
from server import issuing, models
from server.keyring import TOKEN
from server.services import codes, referrals
from server.services.codes import Published
from tests.crypto.networks import make_network
from tests.crypto.streams import flipped
from tests.server.scene import Code, Scene

NETWORK = make_network().network_id


def publish(scene: Scene, code: Code, spending: codes.Spending | None) -> Published:
    """Publish a code's row."""
    return scene.write(codes.publish, code=code.row, spending=spending)


def record_of(scene: Scene, locator: bytes) -> bytes | None:
    """Open a code."""
    return scene.read(codes.open_, locator=locator)


def test_a_published_code_gives_its_record_as_often_as_it_is_asked(scene: Scene) -> None:
    """Opening looks and changes nothing."""
    code = scene.published()
    before = scene.dump()
    for _ in range(3):
        assert record_of(scene, code.locator) == code.row.record
    assert scene.dump() == before


def test_P4_R6_unknown_spent_cancelled_and_expired_codes_open_alike(scene: Scene) -> None:
    """All of them open to nothing, whoever asks."""
    spent, cancelled, expired = scene.published(), scene.published(), scene.published()
    scene.write(referrals.store, referral=scene.make.referral(spent))
    scene.write(codes.cancel, locator=cancelled.locator, write_key=cancelled.write_key)
    assert record_of(scene, scene.make.code().locator) is None
    assert record_of(scene, spent.locator) is None
    assert record_of(scene, cancelled.locator) is None
    assert record_of(scene, expired.locator) == expired.row.record
    scene.clock.days_pass(expired.row.last_epoch - scene.today + 1)
    assert record_of(scene, expired.locator) is None


def test_P7_R25_a_code_lives_through_its_last_day_and_not_a_day_longer(scene: Scene) -> None:
    """No sweeper has run: a row that has ended is not found although it still lies there."""
    code = scene.published()
    scene.clock.days_pass(code.row.last_epoch - scene.today)
    assert record_of(scene, code.locator) == code.row.record
    scene.clock.days_pass(1)
    assert record_of(scene, code.locator) is None
    assert scene.count(models.code_record) == 1
    referral = scene.make.referral(code)
    assert scene.write(referrals.store, referral=referral) is None


def test_P10_publishing_again_takes_no_second_token(scene: Scene) -> None:
    """The same row again is done, with the token that paid or with another, which is kept."""
    code, first, second = scene.make.code(), scene.make.spending(), scene.make.spending()
    for spending in (first, first, second, None):
        assert publish(scene, code, spending) is Published.DONE
    assert scene.counts() | {"code_record": 1, "spent_token": 1} == scene.counts()
    assert publish(scene, scene.make.code(), second) is Published.DONE


def test_P10_publishing_again_in_the_next_week_is_done(scene: Scene) -> None:
    """An answer that was lost on Sunday is given on Monday, though the row is of last week."""
    code, spending = scene.make.code(), scene.make.spending()
    publish(scene, code, spending)
    scene.clock.days_pass(7)
    assert publish(scene, code, spending) is Published.DONE


@pytest.mark.parametrize("part", ["write_key_hash", "record", "last_epoch"])
def test_another_row_under_a_locator_is_taken_and_keeps_its_token(scene: Scene, part: str) -> None:
    """Whatever differs; the row that stands stays as it is."""
    code, spending = scene.published(), scene.make.spending()
    old = getattr(code.row, part)
    changed: Any = old + 7 if part == "last_epoch" else flipped(old, 3)
    other = replace(code.row, **{part: changed})
    before = scene.dump()
    assert publish(scene, replace(code, row=other), spending) is Published.TAKEN
    assert scene.dump() == before
    assert publish(scene, scene.make.code(), spending) is Published.DONE


def test_a_token_pays_once(scene: Scene) -> None:
    """A spent token stores nothing, and neither does none."""
    spending = scene.make.spending()
    assert publish(scene, scene.make.code(), spending) is Published.DONE
    before = scene.dump()
    assert publish(scene, scene.make.code(), spending) is Published.NO_TOKEN
    assert publish(scene, scene.make.code(), None) is Published.NO_TOKEN
    assert scene.dump() == before


@pytest.mark.parametrize("days", [-7, -1, 1, 7, 56])
def test_P3_only_the_weeks_last_epoch_is_taken_and_the_token_is_kept(
    scene: Scene, days: int
) -> None:
    """A date of its own would tell a provider's codes from others'."""
    code, spending = scene.make.code(), scene.make.spending()
    other = replace(code, row=replace(code.row, last_epoch=code.row.last_epoch + days))
    assert publish(scene, other, spending) is Published.OTHER_WEEK
    assert scene.counts() == dict.fromkeys(scene.counts(), 0)
    assert publish(scene, code, spending) is Published.DONE


def test_P3_codes_of_one_week_end_on_one_day(scene: Scene) -> None:
    """From Monday to Sunday the same; on the next Monday another."""
    scene.clock.days_pass(monday(scene.today) + 7 - scene.today)
    ends = set()
    for _ in range(7):
        ends.add(scene.published().row.last_epoch)
        scene.clock.days_pass(1)
    assert ends == {monday(scene.today - 1) + c.CODE_DAYS}
    assert scene.published().row.last_epoch == min(ends) + 7


def test_P4_cancelling_asks_for_the_write_key_and_says_nothing(scene: Scene) -> None:
    """A wrong key and an unknown locator are as good as nothing; the right one ends the code."""
    code, other = scene.published(), scene.published()
    before = scene.dump()
    for locator, key in (
        (code.locator, other.write_key),
        (code.locator, flipped(code.write_key, 31)),
        (flipped(code.locator, 0), code.write_key),
        (code.locator, code.row.write_key_hash),
    ):
        assert scene.write(codes.cancel, locator=locator, write_key=key) is None
    assert scene.dump() == before
    for _ in range(2):
        assert scene.write(codes.cancel, locator=code.locator, write_key=code.write_key) is None
        assert record_of(scene, code.locator) is None
    assert record_of(scene, other.locator) == other.row.record


def test_P4_a_code_that_is_gone_does_not_come_back_with_its_old_token(scene: Scene) -> None:
    """Publishing once more what was used or cancelled is refused: its token is spent."""
    code, spending = scene.make.code(), scene.make.spending()
    publish(scene, code, spending)
    scene.write(codes.cancel, locator=code.locator, write_key=code.write_key)
    assert publish(scene, code, spending) is Published.NO_TOKEN
    assert scene.count(models.code_record) == 0


def drawn(issuer: tokens.Issuer, random: object) -> bytes:
    """A token of an issuing key."""
    batch = tokens.draw(1, random=random)  # type: ignore[arg-type]
    return batch.finalize(issuer.issue(batch.request), issuer.public_key)[0]


def test_tokens_of_this_and_the_last_period_pay_and_no_others(scene: Scene) -> None:
    """Of another network, of a key that was ended, changed or random: none of them pays."""
    core, today = scene.core, scene.today
    last = tokens.period_of(today) - c.TOKEN_PERIOD_DAYS
    (_, older), *_ = issuing.issuers(core.keyring, NETWORK, last, core.random)
    (_, oldest), *_ = issuing.issuers(core.keyring, NETWORK, last - 28, core.random)
    accepted = issuing.issuers(core.keyring, NETWORK, today, core.random)
    (_, stranger), *_ = issuing.issuers(core.keyring, bytes(32), today, core.random)
    assert [period for period, _ in accepted] == [tokens.period_of(today), last]
    for period, issuer in accepted:
        spending = codes.redeem(accepted, drawn(issuer, core.random))
        assert spending is not None
        assert spending.period == period
    good = drawn(older, core.random)
    for bad in (
        drawn(oldest, core.random),
        drawn(stranger, core.random),
        flipped(good, 0),
        flipped(good, 95),
        core.random(c.TOKEN_BYTES),
        bytes(c.TOKEN_BYTES),
    ):
        assert codes.redeem(accepted, bad) is None


def test_only_the_present_issuing_key_is_ever_made(scene: Scene) -> None:
    """A period that has passed without a key gets none, or old tokens could be made anew."""
    core = scene.core
    present = tokens.period_of(scene.today)
    issuing.issuers(core.keyring, NETWORK, scene.today, core.random)
    assert core.keyring.numbers(TOKEN) == [present]
    core.keyring.make(TOKEN, present + c.TOKEN_PERIOD_DAYS, core.random)
    found = issuing.issuers(core.keyring, NETWORK, scene.today, core.random)
    assert [period for period, _ in found] == [present]


def test_a_nullifier_lives_as_long_as_its_issuing_key(scene: Scene) -> None:
    """So that a token can't be spent twice while it holds, and leaves nothing after it."""
    spending = scene.make.spending(period=tokens.period_of(scene.today) - 28)
    publish(scene, scene.make.code(), spending)
    ((nullifier, period, last_epoch),) = scene.dump()["spent_token"]
    assert (nullifier, period) == (spending.nullifier, spending.period)
    assert last_epoch == spending.period + 55
