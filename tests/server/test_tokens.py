"""Drawing tokens: three batches a week for each organisation, and one drop key for all."""

from __future__ import annotations

from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crypto import constants as c
from crypto import errors
from crypto.encoding import monday
from crypto.public import tokens
from crypto.public.note_signing import public_of
from server import issuing
from server.core import Core
from server.models import token_batch
from server.services import tokens as services
from server.services.refusals import Refusal
from tests.server import founding
from tests.server.calling import Caller, problem
from tests.server.founding import ON_SQLITE, Founded, Organisation
from tests.server.scene import FakeClock, Scene, b64url, from_b64url

PATH = "/v1/tokens"
MEMBERS = "/v1/organisations/me/members"


class Drawer:
    """Draws for one organisation over HTTP."""

    def __init__(self, core: Core, client: FlaskClient) -> None:
        self.core = core
        self.made: Founded = founding.found(core)
        self.shelter: Organisation = self.made.organisation("Shelter")
        self.caller = Caller(client, self.made.network_id)

    def batch(self, count: int | None = None) -> tokens.Draw:
        """Blind a batch, of the network's number unless another is given."""
        number = self.core.settings.tokens_a_week if count is None else count
        return tokens.draw(number, random=self.core.random)

    def ask(self, blinded: bytes, week: int | None = None, seed: bytes = b"") -> TestResponse:
        """Ask for a batch of this week."""
        asked = monday(self.core.today) if week is None else week
        values = {"week": asked, "blinded": blinded}
        return self.caller(seed or self.shelter.member_seed, "POST", PATH, values)

    def public_key(self, period: int) -> bytes:
        """The issuing key that everybody is shown."""
        keys = {one.period: one.public_key for one in self.made.document().token_keys}
        return keys[period]


@pytest.fixture
def drawer(core: Core, client: FlaskClient) -> Drawer:
    """A listed organisation that has drawn nothing yet."""
    return Drawer(core, client)


def test_P3_T21_a_drawn_batch_is_whole_and_each_token_is_taken(drawer: Drawer) -> None:
    """The proof holds under the key that everybody sees, and the server redeems every token."""
    batch, core = drawer.batch(), drawer.core
    said = drawer.ask(batch.request).get_json()
    drawn = batch.finalize(from_b64url(said["evaluated"]), drawer.public_key(said["period"]))
    assert len(drawn) == core.settings.tokens_a_week
    accepted = issuing.issuers(core.keyring, drawer.made.network_id, core.today, core.random)
    assert accepted[0][0] == said["period"]
    assert len({accepted[0][1].redeem(token) for token in drawn}) == len(drawn)


def test_P10_the_same_batch_again_is_evaluated_again_and_counted_once(
    drawer: Drawer, scene: Scene
) -> None:
    """After a lost answer the same request gets the same elements, with another proof."""
    batch = drawer.batch()
    answers = [from_b64url(drawer.ask(batch.request).get_json()["evaluated"]) for _ in range(5)]
    assert len({answer[c.TOKEN_PROOF_BYTES :] for answer in answers}) == 1
    assert len({answer[: c.TOKEN_PROOF_BYTES] for answer in answers}) == 5
    key = drawer.public_key(tokens.period_of(drawer.core.today))
    assert len({batch.finalize(answer, key) for answer in answers}) == 1
    assert scene.count(token_batch) == 1


def test_R34_a_fourth_batch_of_the_week_is_refused(
    drawer: Drawer, clock: FakeClock, scene: Scene
) -> None:
    """Three a week, by whichever member; the ones before are still repeated; Monday begins anew."""
    batches = [drawer.batch().request for _ in range(4)]
    second = founding.named("second")
    both = {"members": sorted([drawer.shelter.member_key, second.member_key])}
    assert drawer.caller(drawer.shelter.member_seed, "PUT", MEMBERS, both).status_code == 200
    answers = [drawer.ask(one, seed=second.member_seed) for one in batches[:2]]
    answers += [drawer.ask(one) for one in batches[2:]]
    assert list(map(problem, answers)) == [None, None, None, "drawn"]
    assert problem(drawer.ask(batches[0])) is None
    assert drawer.ask(b"").status_code == 200
    clock.days_pass(monday(drawer.core.today) + 6 - drawer.core.today)
    assert problem(drawer.ask(batches[3])) == "drawn"
    clock.days_pass(1)
    assert problem(drawer.ask(batches[3])) is None
    assert scene.count(token_batch) == 4


@pytest.mark.parametrize("week", [-7, -1, 1, 7, 70])
@ON_SQLITE
def test_P3_another_week_is_refused(drawer: Drawer, scene: Scene, week: int) -> None:
    """Nobody draws for last week or the next, so that all batches of a week are of that week."""
    asked = monday(drawer.core.today) + week
    assert problem(drawer.ask(drawer.batch().request, asked)) == "malformed"
    assert problem(drawer.ask(b"", asked)) == "malformed"
    assert scene.count(token_batch) == 0


@pytest.mark.parametrize("more", [-31, -1, 1, 224])
@ON_SQLITE
def test_P3_another_number_of_tokens_is_refused(drawer: Drawer, scene: Scene, more: int) -> None:
    """Every provider draws the same number, so that no number tells one apart."""
    number = drawer.core.settings.tokens_a_week + more
    assert problem(drawer.ask(drawer.batch(number).request)) == "malformed"
    assert scene.count(token_batch) == 0


@pytest.mark.parametrize("cut", [slice(1, None), slice(None, -1), slice(16, -16)])
@ON_SQLITE
def test_a_batch_of_no_elements_is_refused_and_not_counted(
    drawer: Drawer, scene: Scene, cut: slice
) -> None:
    """Bytes that are no elements, the identity among them, take none of the week's batches."""
    request = drawer.batch().request
    broken = [request[cut], bytes(len(request)), b"\xff" * len(request), bytes(32) + request[32:]]
    for blinded in broken:
        assert problem(drawer.ask(blinded)) == "malformed"
    assert scene.count(token_batch) == 0


def test_P3_the_drop_key_is_one_for_all_and_another_each_week(
    drawer: Drawer, clock: FakeClock, scene: Scene
) -> None:
    """Two organisations get the same 32 bytes without drawing; after Monday they are others."""
    clinic = drawer.made.organisation("Clinic")
    shown = [drawer.ask(b"", seed=seed).get_json() for seed in (b"", clinic.member_seed)]
    assert shown[0] == shown[1]
    assert shown[0]["evaluated"] == ""
    assert shown[0]["drop_week"] == monday(drawer.core.today)
    assert len(from_b64url(shown[0]["drop_key"])) == c.DROP_KEY_BYTES
    assert scene.count(token_batch) == 0
    drawn = drawer.ask(drawer.batch().request).get_json()
    assert drawn["drop_key"] == shown[0]["drop_key"]
    clock.days_pass(7)
    assert drawer.ask(b"").get_json()["drop_key"] != shown[0]["drop_key"]


def test_P3_T19_what_is_stored_of_a_batch_is_its_hash(drawer: Drawer, scene: Scene) -> None:
    """No blinded or evaluated element lies in the database."""
    batch = drawer.batch()
    said = drawer.ask(batch.request).get_json()
    everything = str(scene.dump())
    whole = batch.request + from_b64url(said["evaluated"])
    for at in range(0, len(whole), 32):
        assert str(whole[at : at + 32])[2:-1] not in everything
    assert b64url(batch.request[:32]) not in everything


def test_R34_batches_that_meet_are_counted_one_by_one(drawer: Drawer, scene: Scene) -> None:
    """Eight members' devices at one moment: three batches are drawn and five are not."""
    core, barrier, answers = drawer.core, Barrier(8), []
    seeds = [founding.named(f"member {number}").member_seed for number in range(8)]
    many = {"members": sorted(public_of(seed) for seed in seeds)}
    assert drawer.caller(drawer.shelter.member_seed, "PUT", MEMBERS, many).status_code == 200
    app = drawer.caller.client.application

    def ask(seed: bytes) -> None:
        caller = Caller(app.test_client(), drawer.made.network_id)
        values: dict[str, Any] = {
            "week": monday(core.today),
            "blinded": drawer.batch().request,
        }
        barrier.wait()
        answers.append(problem(caller(seed, "POST", PATH, values)))

    threads = [Thread(target=ask, args=(seed,)) for seed in seeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers, key=str) == [None] * 3 + ["drawn"] * 5
    assert scene.count(token_batch) == 3


@ON_SQLITE
def test_P3_a_token_of_the_period_before_is_no_longer_issued(
    drawer: Drawer, clock: FakeClock
) -> None:
    """From a new period's first day on, tokens are issued under its key alone."""
    first = drawer.ask(drawer.batch().request).get_json()["period"]
    clock.days_pass(first + 28 - drawer.core.today)
    assert drawer.made.refresh()  # as the sweeper does each day
    batch = drawer.batch()
    said = drawer.ask(batch.request).get_json()
    assert said["period"] == first + 28
    answer = from_b64url(said["evaluated"])
    with pytest.raises(errors.TokenRefused):
        batch.finalize(answer, drawer.public_key(first))
    assert len(batch.finalize(answer, drawer.public_key(first + 28))) > 0


@ON_SQLITE
def test_the_service_refuses_what_a_route_would_not_pass_on(drawer: Drawer) -> None:
    """A batch that is longer than a week's is refused below the routes too."""
    core = drawer.core
    terms = services.Terms(
        keyring=core.keyring,
        random=core.random,
        network_id=drawer.made.network_id,
        tokens_a_week=1,
        today=core.today,
    )
    work = partial(
        services.draw,
        organisation=drawer.shelter.key,
        week=monday(core.today),
        blinded=drawer.batch(2).request,
        terms=terms,
    )
    assert core.database.write(work) is Refusal.MALFORMED
