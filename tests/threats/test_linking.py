"""Codes in the database: which of them one provider made, and whose an envelope is (T19)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from statistics import NormalDist
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select

import migrations
from client.flows import schedule
from crypto import constants as c
from server import make_core, models
from server.clock import SECONDS_A_DAY
from server.services import codes, drop, envelopes, referrals
from server.settings import Settings
from server.wraps import Wraps
from tests.crypto.networks import TODAY
from tests.crypto.streams import Stream
from tests.server.scene import Code, FakeClock, Scene
from tests.threats import linking
from tests.threats.linking import Row, Scores, World

NETWORKS = [12, pytest.param(100, marks=pytest.mark.long)]
PROVIDERS = 5
CODES = 200
SENT = 40  # referrals of each provider's codes

Moments = Callable[[int, Stream], list[int]]


def as_the_client(_provider: int, random: Stream) -> list[int]:
    """When a provider's client publishes a week's stock: in the week after it was drawn."""
    drawn = TODAY - 7
    now = drawn * SECONDS_A_DAY + SECONDS_A_DAY // 2
    return [schedule.for_drawn(drawn, now, random) for _ in range(CODES)]


def in_one_burst(provider: int, random: Stream) -> list[int]:
    """What no client may do: all at once, a second apart."""
    start = TODAY * SECONDS_A_DAY + provider * 3_600 + random.below(3_600)
    return list(range(start, start + CODES))


@dataclass(frozen=True)
class Made:
    """What lies in a server's database, as the attacker has it."""

    codes: World
    envelopes: World


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A server on SQLite that carries one made-up network after the other."""
    place = tmp_path_factory.mktemp("linking")
    (place / "keyring").mkdir(mode=0o700)
    settings = Settings(database=f"sqlite:///{place / 'towpath.db'}", keyring=place / "keyring")
    clock = FakeClock()
    core = make_core(settings, clock=clock, random=Stream("server"))
    migrations.upgrade(core.database.engine)
    yield Scene(core, clock)
    core.database.close()


def play(scene: Scene, name: str, moments: Moments = as_the_client) -> Made:
    """One network: five providers publish a week's stock, and some codes are used."""
    random = Stream(name)
    stock = [(at, who) for who in range(PROVIDERS) for at in moments(who, random)]
    core, make = scene.core, scene.make
    owner: dict[bytes, int] = {}
    by_provider: dict[int, list[Code]] = {who: [] for who in range(PROVIDERS)}
    arrivals: dict[str, list[bytes]] = {"code": [], "envelope": []}

    def work(connection: Connection) -> Made:
        for table in (models.code_record, models.spent_token, models.envelope):
            connection.execute(delete(table))
        for at, who in sorted(stock):
            wraps = Wraps(core.keyring, at // SECONDS_A_DAY, random)
            code = make.code(TODAY)
            done = codes.publish(connection, wraps=wraps, code=code.row, spending=make.spending())
            assert done is codes.Published.DONE
            owner[code.locator] = who
            by_provider[who].append(code)
            arrivals["code"].append(code.row.record)
        wraps = Wraps(core.keyring, TODAY + 6, random)
        before = code_rows(connection, wraps, owner, by_provider, arrivals["code"])
        used = [
            code
            for made in by_provider.values()
            for code in sorted(made, key=lambda _: random(8))[:SENT]
        ]
        for code in sorted(used, key=lambda _: random(8)):
            sent = make.referral(code)
            assert referrals.store(connection, wraps=wraps, referral=sent) is not None
            arrivals["envelope"].append(sent.envelope)
        assert drop.join(connection, random) == len(used)
        return Made(before, envelope_rows(connection, wraps, owner, arrivals["envelope"]))

    return core.database.write(work)


def code_rows(
    connection: Connection,
    wraps: Wraps,
    owner: dict[bytes, int],
    by_provider: dict[int, list[Code]],
    arrived: list[bytes],
) -> World:
    """The codes, with the tokens that paid for them at the same moment."""
    whose = {code.row.record: who for who, made in by_provider.items() for code in made}
    assert len(whose) == len(owner)
    order = {record: place for place, record in enumerate(arrived)}
    lying = {row.lookup: row for row in connection.execute(select(models.code_record))}
    spent = list(connection.execute(select(models.spent_token)))
    rows: list[Row] = []
    for row in lying.values():
        opened = wraps.open("code_record", row.lookup, row.last_epoch, row.sealed)
        assert opened is not None
        record = opened[c.HASH_BYTES :]
        token = spent[len(rows)]
        numbers = {"order of arrival": order[record], "number": row.id,
                   "last epoch": row.last_epoch, "period": token.period}  # fmt: skip
        values = {"look-up": row.lookup, "sealed": row.sealed, "opened": opened}
        rows.append(Row(whose[record], numbers, values))
    return rows


def envelope_rows(
    connection: Connection, wraps: Wraps, owner: dict[bytes, int], arrived: list[bytes]
) -> World:
    """The envelopes; the attacker remembers when the code of each was published."""
    order = {envelope: place for place, envelope in enumerate(arrived)}
    published = {locator: place for place, locator in enumerate(owner)}
    rows: list[Row] = []
    for row in connection.execute(select(models.envelope)):
        opened = wraps.open("envelope", row.lookup, row.last_epoch, row.sealed)
        assert opened is not None
        content = envelopes.decode(opened)
        numbers = {"order of arrival": order[content.envelope], "number": row.id,
                   "cursor": row.cursor, "arrived": row.arrived, "last epoch": row.last_epoch,
                   "its code's arrival": published[content.tag]}  # fmt: skip
        values = {"look-up": row.lookup, "sealed": row.sealed, "opened": opened}
        rows.append(Row(owner[content.tag], numbers, values))
    return rows


def told(scores: list[Scores]) -> tuple[dict[str, float], bool]:
    """What an attacker learns: features that tell, and whether the one learned on half of the
    networks tells nothing in the other half.
    """
    half = len(scores) // 2
    learned, used = (linking.together(part) for part in (scores[:half], scores[half:]))
    chosen = used[linking.best(learned)]
    is_guessing = chosen.is_guessing(NormalDist().inv_cdf(1 - (1 - linking.INTERVAL) / 2))
    return linking.within(linking.together(scores)), is_guessing


def scores_of(worlds: Iterable[World], guess: linking.Guess) -> list[Scores]:
    """What the attacker's features tell in each of some worlds."""
    random = Stream("attacker")
    return [linking.attack(world, guess, random) for world in worlds]


@dataclass(frozen=True)
class Attacked:
    """What the attacker's features tell in each network, and the first four networks' codes."""

    codes: dict[linking.Guess, list[Scores]]
    envelopes: dict[linking.Guess, list[Scores]]
    worlds: list[World]


GUESSES = (linking.pairs, linking.owners)
guesses = pytest.mark.parametrize("guess", GUESSES)


@pytest.fixture(scope="module", params=NETWORKS)
def attacked(scene: Scene, request: pytest.FixtureRequest) -> Attacked:
    """So many networks, one after the other."""
    random = Stream("attacker")
    found = Attacked({one: [] for one in GUESSES}, {one: [] for one in GUESSES}, [])
    for number in range(request.param):
        made = play(scene, f"network {number}")
        for guess in GUESSES:
            found.codes[guess].append(linking.attack(made.codes, guess, random))
            found.envelopes[guess].append(linking.attack(made.envelopes, guess, random))
        if number < 4:
            found.worlds.append(made.codes)
    return found


@guesses
def test_P3_R33_T19_which_codes_belong_together_and_to_whom_is_guessing(
    attacked: Attacked, guess: linking.Guess
) -> None:
    """With order, days, sizes, numbers, sealed and opened columns of a thousand codes each."""
    telling, chosen_is_guessing = told(attacked.codes[guess])
    assert telling == {}
    assert chosen_is_guessing


@guesses
def test_P3_T19_whose_an_envelope_is_is_guessing(attacked: Attacked, guess: linking.Guess) -> None:
    """Also to one who remembers when the code of each envelope was published."""
    telling, chosen_is_guessing = told(attacked.envelopes[guess])
    assert telling == {}
    assert chosen_is_guessing


@pytest.fixture(scope="module")
def bursts(scene: Scene) -> list[World]:
    """Two networks in which every provider publishes its whole stock at once."""
    return [play(scene, f"burst {number}", in_one_burst).codes for number in range(2)]


@guesses
def test_T19_a_stock_that_is_published_in_one_burst_is_told_apart(
    bursts: list[World], guess: linking.Guess
) -> None:
    """By the same attacker, and by the order of arrival alone."""
    telling, chosen_is_guessing = told(scores_of(bursts, guess))
    assert telling["order of arrival"] == max(telling.values()) > 0.9
    assert not chosen_is_guessing


def planted(world: World, name: str, plant: Callable[[Row], Row]) -> World:
    """The same world with something in each row that a server must not have."""
    changed = [plant(row) for row in world]
    assert name in linking.features(changed)
    return changed


def with_number(row: Row, number: Iterator[int]) -> Row:
    """A column that says which batch of tokens a code was paid with."""
    return replace(row, numbers={**row.numbers, "batch": row.owner * 10 + next(number) % 2})


def with_bytes(row: Row) -> Row:
    """A mark of the maker inside what is opened."""
    opened = row.bytes_["opened"]
    marked = opened[:960] + bytes([row.owner]) * 16 + opened[976:]
    return replace(row, bytes_={**row.bytes_, "opened": marked})


def with_size(row: Row) -> Row:
    """A column that is longer for some makers."""
    return replace(row, bytes_={**row.bytes_, "sealed": row.bytes_["sealed"] + bytes(row.owner)})


@pytest.mark.parametrize(
    ("name", "plant"),
    [
        ("batch", partial(with_number, number=count())),
        ("opened, from 960", with_bytes),
        ("sealed, size", with_size),
    ],
)
@guesses
def test_T19_a_planted_mark_is_found(
    attacked: Attacked, guess: linking.Guess, name: str, plant: Any
) -> None:
    """A batch number, equal bytes in a record, another size: each is found, and tells the most."""
    worlds = [planted(one, name, plant) for one in attacked.worlds]
    telling, chosen_is_guessing = told(scores_of(worlds, guess))
    assert telling[name] == max(telling.values()) > 0.9
    assert not chosen_is_guessing


def test_P3_T19_the_database_keeps_less_than_the_attacker_was_given() -> None:
    """No column of codes, tokens or envelopes is an order of arrival or a batch."""
    columns = {
        table.name: set(table.columns.keys())
        for table in (models.code_record, models.spent_token, models.envelope)
    }
    assert columns == {
        "code_record": {"id", "lookup", "last_epoch", "sealed"},
        "spent_token": {"nullifier", "period", "last_epoch"},
        "envelope": {"id", "lookup", "cursor", "arrived", "last_epoch", "sealed"},
    }
