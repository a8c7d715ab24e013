"""The drop: who joins when and in which order, what is in it, and who may read it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection

from crypto import constants as c
from crypto.encoding import monday
from crypto.public.requests import walk_in_tag
from server import models
from server.core import Core
from server.keyring import DROP
from server.services import boxes, drop, envelopes
from tests.crypto.networks import TODAY
from tests.crypto.streams import Stream, flipped
from tests.server.scene import FakeClock, Scene, b64url

ROW = c.DROP_STREAM_ROW_BYTES


def join(scene: Scene) -> int:
    """Let a tick pass."""
    random = scene.core.random
    return scene.core.database.write(lambda connection: drop.join(connection, random))


def rows_after(scene: Scene, after: int = 0) -> list[tuple[int, bytes, bytes]]:
    """The drop after a cursor: cursors, tags and envelopes."""
    today, wraps = scene.today, scene.core.wraps()
    wanted = scene.core.database.read(
        lambda connection: drop.cursors(connection, today=today, after=after)
    )
    data = scene.core.database.read(
        lambda connection: drop.read(connection, wraps=wraps, wanted=wanted)
    )
    return parsed(data)


def parsed(data: bytes) -> list[tuple[int, bytes, bytes]]:
    """Rows of the drop as a client takes them apart."""
    assert len(data) % ROW == 0
    rows = (data[at : at + ROW] for at in range(0, len(data), ROW))
    return [(int.from_bytes(row[:8], "big"), row[8:24], row[24:]) for row in rows]


def test_arrivals_are_in_the_drop_after_the_tick_and_not_before(scene: Scene) -> None:
    """Referral, follow-up and walk-in, each under its tag, byte for byte."""
    receipt = scene.make.receipt()
    referral, walk_in = scene.sent(receipt), scene.walked_in()
    tag, envelope = scene.make.random(16), scene.make.envelope()
    scene.write(boxes.add, box_id=receipt.box_id, holder_key=receipt.holder_key,
                tag=tag, envelope=envelope)  # fmt: skip
    assert rows_after(scene) == []
    assert join(scene) == 3
    found = rows_after(scene)
    assert [cursor for cursor, _, _ in found] == [1, 2, 3]
    assert {one: sealed for _, one, sealed in found} == {
        referral.locator: referral.envelope,
        tag: envelope,
        walk_in_tag(walk_in.envelope): walk_in.envelope,
    }


def test_a_tick_without_arrivals_changes_nothing(scene: Scene) -> None:
    """Neither the first nor a later one."""
    scene.sent()
    assert join(scene) == 1
    before = scene.dump()
    assert join(scene) == join(scene) == 0
    assert scene.dump() == before


def test_P3_the_order_is_drawn_for_each_tick(scene: Scene) -> None:
    """Nothing of the order of arrival is left: each place is taken by each about as often."""
    places = [[0] * 4 for _ in range(4)]
    last = 0
    for _ in range(60):
        arrived = [scene.sent().locator for _ in range(4)]
        join(scene)
        order = [tag for _, tag, _ in rows_after(scene, last)]
        last += 4
        for place, tag in enumerate(order):
            places[arrived.index(tag)][place] += 1
    chi_square = sum((count - 15) ** 2 / 15 for row in places for count in row)
    assert chi_square < 33  # 9 degrees of freedom: by chance once in 7,000


def test_cursors_never_fall_and_are_never_given_twice(scene: Scene) -> None:
    """Not after rows were withdrawn, ended or swept away: there are gaps."""
    given: list[int] = []
    for _ in range(5):
        receipt = scene.make.receipt()
        scene.sent(receipt)
        scene.sent()
        join(scene)
        given += [cursor for cursor, _, _ in rows_after(scene, max(given, default=0))]
        scene.write(boxes.withdraw, box_id=receipt.box_id, holder_key=receipt.holder_key)
        scene.clock.days_pass(c.REFERRAL_DAYS + 1)
        assert rows_after(scene) == []
        scene.core.database.write(
            lambda connection: connection.execute(models.envelope.delete()).rowcount
        )
    assert given == list(range(1, 11))


def test_P7_an_ended_row_is_not_in_the_drop_before_any_sweeper_ran(scene: Scene) -> None:
    """On its last day it is, the day after it is not."""
    scene.sent()
    join(scene)
    scene.clock.days_pass(c.REFERRAL_DAYS)
    assert len(rows_after(scene)) == 1
    scene.clock.days_pass(1)
    assert rows_after(scene) == []


def test_P3_P8_a_withdrawn_row_keeps_its_cursor_and_says_nothing_else(scene: Scene) -> None:
    """Before or after the tick: its tag and envelope are others, of the same form."""
    early, late = scene.make.receipt(), scene.make.receipt()
    sent = [scene.sent(early), scene.sent(late)]
    scene.write(boxes.withdraw, box_id=early.box_id, holder_key=early.holder_key)
    join(scene)
    before = rows_after(scene)
    scene.write(boxes.withdraw, box_id=late.box_id, holder_key=late.holder_key)
    after = rows_after(scene)
    assert [cursor for cursor, _, _ in after] == [cursor for cursor, _, _ in before] == [1, 2]
    for request in sent:
        for _, tag, envelope in after:
            assert tag != request.locator
            assert envelope[0] == c.SUITE
            parts = {envelope[at : at + 8] for at in range(len(envelope) - 7)}
            assert not [at for at in range(0, 5264, 8) if request.envelope[at : at + 8] in parts]


def test_a_row_that_ends_while_it_is_read_becomes_filler(scene: Scene) -> None:
    """So that the answer is as long as was said; its tag belongs to nobody."""
    referral = scene.sent()
    join(scene)
    wraps = scene.core.wraps()
    found = scene.core.database.read(
        lambda connection: drop.read(connection, wraps=wraps, wanted=[1, 2])
    )
    (first, second) = parsed(found)
    assert (first[0], first[1]) == (1, referral.locator)
    assert second[0] == 2
    assert second[2][0] == c.SUITE


def arrive(scene: Scene, count: int) -> None:
    """Let envelopes arrive, and a tick pass."""
    wraps, make = scene.core.wraps(), scene.make

    def store(connection: Connection) -> None:
        for _ in range(count):
            content = envelopes.Content(make.random(32), make.random(16), make.envelope())
            assert envelopes.store(connection, wraps, content, scene.today + c.REFERRAL_DAYS)

    scene.core.database.write(store)
    assert join(scene) == count


# Over HTTP.


def get(client: FlaskClient, key: bytes, after: int | str = 0) -> tuple[int, bytes]:
    """Download the drop."""
    header = {"Authorization": f"Bearer {b64url(key)}"}
    answer = client.get(f"/v1/drop?after={after}", headers=header)
    if answer.status_code == 200:
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert answer.headers["Content-Type"] == "application/octet-stream"
    return answer.status_code, answer.data


@pytest.fixture
def key(core: Core) -> bytes:
    """This week's drop key."""
    return core.keyring.make(DROP, monday(core.today), core.random)


def test_the_drop_is_read_in_pieces_of_500(scene: Scene, client: FlaskClient, key: bytes) -> None:
    """Each goes on where the last ended, and an empty one says that there is nothing more."""
    arrive(scene, 2 * c.DROP_ROWS + 7)
    found: list[tuple[int, bytes, bytes]] = []
    for expected in (c.DROP_ROWS, c.DROP_ROWS, 7, 0):
        status, data = get(client, key, found[-1][0] if found else 0)
        assert (status, len(data)) == (200, expected * ROW)
        found += parsed(data)
    assert [cursor for cursor, _, _ in found] == list(range(1, len(found) + 1))
    assert len({tag for _, tag, _ in found}) == len(found)
    assert get(client, key, "18446744073709551615") == (200, b"")


def test_the_drop_leaves_in_pieces_of_flat_memory(scene: Scene, app: Flask, key: bytes) -> None:
    """However much is asked for, little of it is in memory at once."""
    arrive(scene, c.DROP_ROWS)
    header = {"Authorization": f"Bearer {b64url(key)}"}
    answer = app.test_client().get("/v1/drop?after=0", headers=header, buffered=False)
    sizes = [len(piece) for piece in answer.iter_encoded()]
    assert sum(sizes) == c.DROP_ROWS * ROW
    assert max(sizes) <= 32 * ROW


def test_P3_the_drop_is_the_same_for_everybody(
    scene: Scene, client: FlaskClient, key: bytes
) -> None:
    """Byte for byte, however often it is asked for."""
    arrive(scene, 30)
    assert len({get(client, key)[1] for _ in range(3)}) == 1


def test_the_weeks_key_opens_the_drop_until_the_next_mondays_end(
    clock: FakeClock, client: FlaskClient, key: bytes
) -> None:
    """From its Monday on, and not on the Tuesday of the week after."""
    for day in range(monday(TODAY) - TODAY, 10):
        assert (get(client, key)[0] == 200) == (day <= 7), day
        clock.days_pass(1)


def test_the_drop_is_closed_to_whoever_has_no_key_of_the_week(
    core: Core, clock: FakeClock, client: FlaskClient, key: bytes
) -> None:
    """Not to another week's, a changed one, one that is written otherwise, or none."""
    clock.days_pass(2)
    this_week = monday(core.today)
    assert core.today != this_week
    other_weeks = [core.keyring.make(DROP, this_week + n, core.random) for n in (-14, -7, 7)]
    for wrong in (*other_weeks, flipped(key, 0), flipped(key, 31), bytes(32)):
        assert get(client, wrong)[0] == 401
    good = b64url(key)
    for header in ("", good, f"bearer {good}", f"Bearer  {good}", f"Bearer {good}=",
                   f"Bearer {good[:-1]}", f"Bearer {good}A", f"Basic {good}"):  # fmt: skip
        answer = client.get("/v1/drop?after=0", headers={"Authorization": header})
        assert answer.status_code == 401, header
    assert client.get("/v1/drop?after=0").status_code == 401
    assert get(client, key)[0] == 200


def test_no_drop_key_is_made_by_asking(core: Core, client: FlaskClient) -> None:
    """Where no provider has drawn one this week, nobody reads the drop."""
    random = Stream("keys")
    for _ in range(5):
        assert get(client, random(32))[0] == 401
    assert core.keyring.numbers(DROP) == []


def test_other_queries_than_a_cursor_are_malformed(client: FlaskClient, key: bytes) -> None:
    """A sign, a leading zero, a second one, another name, none."""
    header = {"Authorization": f"Bearer {b64url(key)}"}
    for query in ("", "?after=", "?after=-1", "?after=01", "?after=1&after=2", "?before=1",
                  "?after=1&x=1", "?after=1.0", "?after=%C2%B2", "?after=0x1"):  # fmt: skip
        assert client.get(f"/v1/drop{query}", headers=header).status_code == 400, query
