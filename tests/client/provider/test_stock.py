"""Drawing, making and publishing codes, against the real server, on good days and bad ones."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest

from client.errors import FirstDo, NotVetted, ServerProblem, Trouble, Unreachable
from client.flows import apply, copies, kept, publish, schedule, stock, stock_data
from client.flows.copies import Brought
from client.flows.listing import Place
from client.flows.stocking import Keeper
from client.wire import unb64url
from crypto import constants as c
from crypto.client import codes
from crypto.client.settings import pages_of
from crypto.client.store import Store
from crypto.client.store_entries import SeedEntry
from crypto.encoding import u32
from crypto.errors import TokenRefused
from crypto.public.statements import Kind
from server.models import code_record, spent_token
from tests.client.provider import town as towns
from tests.client.provider.town import TOKENS, Device, Stopped, Town
from tests.client.test_store_disk import always, trouble
from tests.server.scene import Scene

WEEK = 7


def scene(device: Device) -> Scene:
    """The server below its routes."""
    return Scene(device.town.core, device.town.clock)


def publish_all(device: Device) -> publish.Published:
    """Publish everything that waits."""
    return publish.publish_all(device.desk, device.api, device.place(), now=device.town.now)


def publish_due(device: Device) -> publish.Published:
    """Publish what is due."""
    return publish.publish_due(device.desk, device.api, device.place(), now=device.town.now)


def waiting(device: Device) -> tuple[stock_data.Waiting, ...]:
    """What waits for its moment."""
    return stock_data.of(device.desk.read(), device.desk.home.device).waiting


def states(device: Device) -> list[int]:
    """The states of all codes."""
    return sorted(code.state for _, code in stock_data.codes(device.desk.read()))


def test_P3_R33_nothing_that_publishes_says_who(listed: Device) -> None:
    """What is published carries no signature, no key of anybody's, nothing that was signed."""
    made = towns.with_one_code(listed)
    publish_all(made)
    sent = [call for call in made.wire.calls if call[1] == "/v1/codes"]
    assert len(sent) == 1
    assert not {"Signature", "Authorization", "Cookie"} & set(sent[0][3])
    said = json.loads(sent[0][2])
    assert set(said) == {"locator", "write_key_hash", "record", "last_epoch", "token"}
    drawn = made.wire.paths("/v1/tokens")[0].decode()
    assert said["token"][:20] not in drawn


def test_P3_every_provider_draws_the_same_number_once_a_week(listed: Device) -> None:
    """Whether it needs them or not; and again on Monday."""
    assert listed.draw() == TOKENS
    assert listed.draw() == 0
    assert len(listed.wire.paths("/v1/tokens")) == 1
    listed.town.clock.days_pass(6)
    assert listed.draw() == 0
    listed.town.clock.days_pass(1)
    assert listed.draw() == TOKENS


def test_P10_a_draw_whose_answer_is_lost_is_drawn_again_three_times(listed: Device) -> None:
    """A device that dies amid a draw loses that batch, and no more than the week's three."""
    for _ in range(3):
        listed.wire.lose["/v1/tokens"] = 1
        with pytest.raises(Unreachable):
            listed.draw()
    assert listed.draw() == 0
    assert stock_data.of(listed.desk.read(), listed.desk.home.device).week == listed.town.today
    listed.town.clock.days_pass(WEEK)
    assert listed.draw() == TOKENS


def test_P3_tokens_of_a_key_that_not_everybody_sees_are_refused(listed: Device) -> None:
    """A server that issues under a key of its own for one provider gets nothing published."""
    document = listed.api.network()
    other = replace(document.token_keys[0], public_key=bytes(31) + b"\x01")
    for keys in ((other,), ()):
        shown = replace(document, token_keys=keys)
        with pytest.raises(TokenRefused):
            stock.draw(listed.desk, listed.signed, shown, today=listed.town.today)
    assert not stock_data.of(listed.desk.read(), listed.desk.home.device).tokens


def test_codes_are_in_the_store_before_anything_is_published(made: Device) -> None:
    """Each has its one-time seed and its moment next week; the server has none of it."""
    assert states(made) == [c.SEED_MADE]
    assert not made.wire.paths("/v1/codes")
    (one,) = waiting(made)
    assert made.town.today + WEEK <= one.due // schedule.DAY_S < made.town.today + 2 * WEEK
    assert publish_due(made) == publish.Published(0, 0, 1)


def test_P2_what_was_published_opens_with_the_code_alone(made: Device) -> None:
    """A sender who has the code is shown this organisation, and sends to it."""
    publish_all(made)
    ((_, code),) = list(stock_data.codes(made.desk.read()))
    assert code.state == c.SEED_PUBLISHED
    assert code.last_epoch == codes.last_epoch(made.town.today)
    made.town.ask(code.code)
    assert made.sync().requests == 1


def test_P10_stopped_at_any_moment_every_code_is_published_once(made: Device) -> None:
    """Whatever the device did last, the next run completes it, with one row and one token."""
    home = made.desk.home
    before = home.store.read_bytes()
    for at in count(1):
        device = made.again(at)
        try:
            publish_all(device)
        except Stopped:
            done = made.again()
            publish_all(done)
            assert states(done) == [c.SEED_PUBLISHED], at
            assert not waiting(done), at
            ((locator, code),) = list(stock_data.codes(done.desk.read()))
            assert done.api.open_code(locator), at
            assert scene(done).count(spent_token) == 1, at
            done.api.cancel_code(locator, code.write_key)
            home.store.write_bytes(before)
            _forget_spent(done)
        else:
            assert at > 8
            break


def _forget_spent(device: Device) -> None:
    """Let the server take the same token again, for the next round of the test."""
    device.town.core.database.write(lambda connection: connection.execute(spent_token.delete()))


def test_P10_a_lost_answer_is_asked_for_with_the_same_bytes(made: Device) -> None:
    """The server then says yes again, and takes no second token."""
    made.wire.lose["/v1/codes"] = 1
    with pytest.raises(Unreachable):
        publish_all(made)
    assert states(made) == [c.SEED_MADE]
    assert publish_all(made) == publish.Published(1, 0, 0)
    first, second = made.wire.paths("/v1/codes")
    assert first == second
    assert scene(made).count(code_record) == 1


@pytest.mark.parametrize("arrived", [False, True])
def test_P10_a_lost_answer_over_the_end_of_a_week(made: Device, arrived: bool) -> None:
    """What arrived keeps its last day; what did not gets the new week's, as the server asks."""
    made.wire.cut = not arrived
    made.wire.lose["/v1/codes"] = int(arrived)
    place, now = _place_before(made), made.town.now
    with pytest.raises(Unreachable):
        publish.publish_all(made.desk, made.api, place, now=now)
    made.wire.cut = False
    week_of = made.town.today
    made.town.clock.days_pass(WEEK)
    assert publish_all(made) == publish.Published(1, 0, 0)
    ((locator, code),) = list(stock_data.codes(made.desk.read()))
    assert code.last_epoch == week_of + c.CODE_DAYS + (0 if arrived else WEEK)
    assert made.api.open_code(locator)


def _place_before(device: Device) -> Place:
    """One's own listing, fetched while there is a way."""
    cut, device.wire.cut = device.wire.cut, False
    found = device.place()
    device.wire.cut = cut
    return found


def test_P10_a_store_brought_back_from_before_knows_its_code_again(made: Device) -> None:
    """The server says that something lies there: it is one's own, and becomes stock."""
    before = made.desk.home.store.read_bytes()
    publish_all(made)
    made.desk.home.store.write_bytes(before)
    back = made.again()
    assert publish_all(back) == publish.Published(1, 0, 0)
    assert states(back) == [c.SEED_PUBLISHED]


def test_a_locator_that_somebody_else_has_is_given_up(made: Device) -> None:
    """Another record under it is not handed out as one's own."""
    before = made.desk.home.store.read_bytes()
    publish_all(made)
    made.desk.home.store.write_bytes(before)
    back = made.again()

    def swap(store: Store) -> Store:
        ((locator, code),) = list(stock_data.codes(store))
        other = replace(code, xwing_seed=bytes(32)).encode()
        return store.with_entry(c.ENTRY_SEED, locator, other)

    back.desk.edit(swap)
    assert publish_all(back) == publish.Published(0, 1, 0)
    assert states(back) == []


def test_a_token_that_was_spent_is_given_up_with_its_code(listed: Device) -> None:
    """Nobody was given this code: it is forgotten, and said."""
    towns.with_one_code(listed)
    publish_all(listed)
    ((_, code),) = list(stock_data.codes(listed.desk.read()))
    spent = json.loads(listed.wire.paths("/v1/codes")[0])["token"]
    listed.town.clock.days_pass(WEEK)
    towns.with_one_code(listed)
    (one,) = waiting(listed)
    again = replace(one, token=replace(one.token, value=unb64url(spent)))
    mine = listed.desk.home.device
    listed.desk.edit(
        lambda store: stock_data.put(store, mine, stock_data.of(store, mine).with_waiting(again))
    )
    assert publish_all(listed) == publish.Published(0, 1, 0)
    assert [x.code for _, x in stock_data.codes(listed.desk.read())] == [code.code]


def test_P7_tokens_whose_key_has_ended_are_not_sent(made: Device) -> None:
    """A device that was off for months gives up what it can't use, without asking."""
    made.town.clock.days_pass(60)
    made.town.approve(_applied_anew(made), serial=2)
    assert publish_all(made) == publish.Published(0, 1, 0)
    assert not made.wire.paths("/v1/codes")


def _applied_anew(device: Device) -> Device:
    device.town.renew(device, apply.last(device.desk).name)
    apply.post(device.desk, device.api)
    return device


def test_P9_no_code_outlives_the_listing(made: Device) -> None:
    """Where the listing ends sooner than the week's codes would, none is published, and it says so.

    Exit code 7, and how to go on; what was drawn stays.
    """
    made.town.clock.days_pass(5 * WEEK)
    with pytest.raises(FirstDo, match=r"Your listing ends on .*apply --renew") as caught:
        publish_all(made)
    assert caught.value.exit_code == 7
    assert not made.wire.paths("/v1/codes")
    made.town.clock.days_pass(-WEEK)
    assert publish_all(made).published == 1


def _suspend(device: Device) -> None:
    town = device.town
    note = town.founded.statement(
        device.organisation,
        kind=Kind.SUSPENDED,
        serial=2,
        signed_by=town.founded.admins[:1],
    )
    town.founded.post(note)


def test_P9_a_suspended_organisation_is_told_at_once(listed: Device) -> None:
    """It draws nothing and publishes nothing, and the sentence names what may have happened."""
    _suspend(listed)
    with pytest.raises(NotVetted, match="suspended") as caught:
        listed.draw()
    assert caught.value.exit_code == 6
    with pytest.raises(FirstDo, match="not listed"):
        listed.place()


def test_before_it_is_listed_nothing_can_be_drawn(town: Town) -> None:
    """An applicant waits for the admins."""
    applicant = town.apply()
    with pytest.raises(NotVetted, match="not listed yet"):
        applicant.draw()


def test_a_wrong_date_is_named_as_what_it_most_often_is(listed: Device) -> None:
    """Exit code 7, and the date as the first thing to look at."""
    document = listed.api.network()
    with pytest.raises(FirstDo, match="date is wrong"):
        stock.draw(listed.desk, listed.signed, document, today=listed.town.today + WEEK)


def test_P10_a_full_disk_loses_no_code(made: Device) -> None:
    """Nothing is sent that is not written down; with room again all is as it was."""
    with trouble("write", errno.ENOSPC, always), pytest.raises(Trouble, match="as it was"):
        publish_all(made)
    assert not made.wire.paths("/v1/codes")
    assert publish_all(made) == publish.Published(1, 0, 0)


def test_P3_of_several_that_came_due_together_one_goes(listed: Device) -> None:
    """A device that was off does not show by a burst which codes are one provider's."""
    listed.draw()
    mine = listed.desk.home.device
    late = [
        stock_data.Waiting(bytes([number]) * 16, listed.town.now - 5, token)
        for number, token in enumerate(stock_data.of(listed.desk.read(), mine).tokens)
    ]
    listed.desk.edit(
        lambda store: stock_data.put(
            store, mine, stock_data.Stock(listed.town.today, (), tuple(late))
        )
    )
    assert publish_due(listed).waiting == TOKENS - 1
    assert all(one.due > listed.town.now for one in waiting(listed))
    assert publish_due(listed).waiting == TOKENS - 1


def test_bringing_forward_spreads_over_this_week(made: Device) -> None:
    """`--this-week` gives every code a moment of this week."""
    assert publish.bring_forward(made.desk, now=made.town.now) == 1
    assert all(one.due // schedule.DAY_S < made.town.today + WEEK for one in waiting(made))


def test_stopped_while_making_codes_no_token_is_lost(listed: Device) -> None:
    """Tokens without a code get one with the next run, and none gets two."""
    listed.draw()
    with pytest.raises(Stopped):
        listed.again(1).make()
    assert len(stock_data.of(listed.desk.read(), listed.desk.home.device).tokens) == TOKENS
    with pytest.raises(Stopped):
        listed.again(2).make()
    done = listed.again()
    assert done.make() == 0
    assert len(waiting(done)) == TOKENS
    assert len({one.token for one in waiting(done)}) == TOKENS


def _keeper(device: Device, told: Callable[[str], None] = lambda _: None) -> Keeper:
    return Keeper(
        device.desk, device.api, device.signed, device.place, lambda: device.town.now, told
    )


class _Enough(Exception):
    """The test has seen enough."""


def test_the_loop_waits_out_trouble_that_passes_and_goes_on(listed: Device) -> None:
    """No way to the server: said, waited for, done the next time."""
    told: list[str] = []
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        listed.wire.cut = False
        if len(slept) == 2:
            raise _Enough

    listed.wire.cut = True
    with pytest.raises(_Enough):
        _keeper(listed, told.append).run(sleep)
    assert told[0] == "cut"
    assert stock_data.of(listed.desk.read(), listed.desk.home.device).week == listed.town.today
    assert all(0 < seconds <= 900 for seconds in slept)


def test_the_loop_ends_where_somebody_has_to_do_something(listed: Device) -> None:
    """A listing that has ended is no trouble that passes."""
    _suspend(listed)
    with pytest.raises(FirstDo, match="not listed"):
        _keeper(listed).run(lambda _: None)


def test_P3_one_listing_a_day_is_fetched_and_not_one_a_code(stocked: Device) -> None:
    """What is asked does not come together with what is published."""
    keeper = _keeper(stocked)
    for _ in range(4):
        keeper.turn()
    assert len(stocked.wire.paths("/v1/directory")) == 1


def _founded_from(made: Device, store: Store, *, replaces: bool) -> Device:
    """Found a second folder from a store."""
    brought = Brought(store, made.desk.member, made.desk.home.key_file.read_bytes())
    home = copies.found_from(
        made.town.folder / "second",
        brought,
        server="http://127.0.0.1:1",
        replaces=replaces,
        random=made.town.random,
    )
    return made.town.device(home)


def test_a_second_device_draws_for_itself_and_has_its_own_codes(made: Device) -> None:
    """Two devices of one organisation do not hand out the same codes."""
    publish_all(made)
    second = _founded_from(made, made.desk.read(), replaces=False)
    today = made.town.today
    assert not stock_data.ready(second.desk.read(), second.desk.home.stocks, today)
    assert len(stock_data.ready(made.desk.read(), made.desk.home.stocks, today)) == 1
    assert second.draw() == TOKENS
    shutil.rmtree(second.desk.home.folder)


def test_where_the_device_before_is_gone_its_stock_goes_on(made: Device) -> None:
    """`--replaces` takes over codes, tokens and what waits."""
    publish_all(made)
    second = _founded_from(made, made.desk.read(), replaces=True)
    assert len(stock_data.ready(second.desk.read(), second.desk.home.stocks, made.town.today)) == 1
    assert second.draw() == 0


def test_P4_the_stock_of_a_page_stays_the_pages(made: Device) -> None:
    """Its member may have it open: a folder that replaces all devices hands out nothing of it."""
    publish_all(made)
    page = made.desk.home.device
    store = kept.put(made.desk.read(), pages_of(page), bytes(2))
    second = _founded_from(made, store, replaces=True)
    stocks = second.desk.home.stocks
    assert page not in stocks
    assert not stock_data.ready(second.desk.read(), stocks, made.town.today)
    assert stock_data.of(second.desk.read(), page) == stock_data.of(store, page)


def test_the_drop_key_comes_with_the_tokens(listed: Device) -> None:
    """One signed call a week is enough."""
    listed.draw()
    assert kept.drop_key(listed.desk.read(), listed.town.today)
    listed.sync()
    assert len(listed.wire.paths("/v1/tokens")) == 1


def test_a_server_problem_that_is_not_of_this_code_is_not_swallowed(made: Device) -> None:
    """A route that is not there ends it; nothing is given up."""
    place = made.place()
    bare = made.again()
    real = bare.wire.call

    def gone(method: str, path: str, **more: object) -> object:
        return real(method, "/v1/nowhere" if path == "/v1/codes" else path, **more)  # type: ignore[arg-type]

    bare.wire.call = gone  # type: ignore[method-assign,assignment]
    with pytest.raises(ServerProblem):
        publish.publish_all(bare.desk, bare.api, place, now=bare.town.now)
    assert len(waiting(bare)) == 1


def test_stock_survives_encoding() -> None:
    """What is written is what is read."""
    token = stock_data.Token(5, bytes(96))
    waits = stock_data.Waiting(bytes(16), 2**40, token, b"record")
    whole = stock_data.Stock(7, (token,), (waits,))
    assert stock_data.Stock.decode(whole.encode()) == whole
    assert stock_data.batch(b"abcd", 7) == b"abcd" + u32(7)
    assert SeedEntry.KIND == c.ENTRY_SEED
