"""A statement's number is above the last in the public log, also where nothing else shows that."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from client import ambient
from client.api import Api
from client.api_log import LogApi
from client.errors import NotVetted, ServerProblem
from client.flows import log_serials
from client.http import Http
from crypto.constants import TILE_WIDTH
from crypto.public import tiles
from crypto.public.note_signing import Signer
from crypto.public.statements import Kind
from tests.client.log.served import Served, serving
from tests.client.log.written import Written
from tests.crypto.networks import make_network, seed_of

NETWORK = make_network()


def with_two() -> Written:
    """Write a log with two organisations: one renewed once, one suspended."""
    log = Written(NETWORK)
    log.vet("Shelter")
    log.vet("Harbour")
    log.vet("Shelter", serial=20_600)
    log.suspend("Harbour")
    return log


@pytest.fixture
def served() -> Iterator[Served]:
    """A log with two organisations: one renewed once, one suspended."""
    with serving(with_two()) as found:
        yield found


def last(served: Served, name: str) -> int:
    """The serial of an organisation's last statement, as an admin's device finds it."""
    api = LogApi(Api(Http(served.url, proxy=None, random=ambient.random)))
    policy = served.log.network.policy
    return log_serials.last(api, served.log.key(name), policy)


def test_P9_the_last_statement_of_each_is_found_whatever_it_says(served: Served) -> None:
    """Listing or suspending; of somebody who never had one there is none."""
    assert [last(served, name) for name in ("Shelter", "Harbour", "Nobody")] == [20_600, 2, 0]


def test_P9_what_waits_for_witnesses_counts(served: Served) -> None:
    """People are shown an older checkpoint; the number is used all the same."""
    served.published = served.log.checkpoint()
    served.log.vet("Shelter", serial=20_601)
    assert last(served, "Shelter") == 20_601


def test_P9_an_admin_who_was_retired_since_has_signed_all_the_same(served: Served) -> None:
    """A new policy ends the listing, and its number stays used."""
    admins = NETWORK.policy.admins
    served.log.follow_policy(
        signed_by=NETWORK.admins[1:], admins=admins[1:], former_admins=admins[:1]
    )
    assert last(served, "Shelter") == 20_600


def test_a_long_log_is_read_from_its_end_and_no_further_than_needed(served: Served) -> None:
    """Two bundles of entries where the first has it, and one of proofs."""
    for number in range(TILE_WIDTH):
        served.log.token_key(30_000 + 91 * number)
    assert last(served, "Shelter") == 20_600
    read = [path for path in served.asked if "tile" in path]
    assert [path.split("/tile/")[1] for path in read] == [
        f"entries/001.p/{len(served.log.entries) - TILE_WIDTH}",
        "entries/000",
        "proofs/000",
    ]
    served.asked.clear()
    served.log.vet("Shelter", serial=20_601)
    assert last(served, "Shelter") == 20_601
    assert not [path for path in served.asked if path.endswith("/000")]


def _a_stranger(log: Written) -> None:
    log.vet("Shelter", serial=2**32 - 2, signed_by=[Signer("a1", seed_of("a stranger"))])


def _the_log_itself(log: Written) -> None:
    log.vet("Shelter", serial=2**32 - 2, signed_by=[NETWORK.log])


def _for_another_number(log: Written) -> None:
    log.vet("Shelter", serial=2**32 - 2)
    log.proofs[-1] = NETWORK.statement(log.seed("Shelter"), serial=20_601, name="Shelter")


def _for_another_kind(log: Written) -> None:
    log.vet("Shelter", serial=20_601)
    log.proofs[-1] = NETWORK.statement(
        log.seed("Shelter"), serial=20_601, name="Shelter", kind=Kind.SUSPENDED
    )


def _nobody(log: Written) -> None:
    log.vet("Shelter", serial=2**32 - 2)
    log.proofs[-1] = b""


FORGED = (_a_stranger, _the_log_itself, _for_another_number, _for_another_kind, _nobody)
"""What a server may put at the end of a log, for a number that no admin has signed."""


@pytest.mark.parametrize("forge", FORGED)
def test_P9_T76_a_number_that_no_admin_signed_is_refused(
    served: Served, forge: Callable[[Written], None]
) -> None:
    """Else whoever runs a server could use up all numbers of an organisation."""
    forge(served.log)
    with pytest.raises(NotVetted, match="no admin has signed"):
        last(served, "Shelter")
    assert last(served, "Harbour") == 2


def test_what_no_log_may_have_is_passed_over(served: Served) -> None:
    """A witness tells of it; the number is found behind it."""
    served.log.add(b"towpath/v1/statement\nnetwork none\n")
    assert last(served, "Shelter") == 20_600


@pytest.mark.parametrize("pending", [b"", b"x", b"log\n1\n"])
def test_a_server_without_a_readable_log_is_told(served: Served, pending: bytes) -> None:
    """So that nobody signs a number that was guessed."""
    served.pending = pending
    with pytest.raises(ServerProblem):
        last(served, "Shelter")


def test_a_bundle_that_is_cut_is_told(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """And of a size that no log has nothing is fetched."""
    whole = tiles.write_bundle
    monkeypatch.setattr(tiles, "write_bundle", lambda values: whole(values)[:-1])
    with pytest.raises(ServerProblem):
        last(served, "Shelter")
    served.asked.clear()
    served.pending = served.log.checkpoint(size=1 << 26)
    with pytest.raises(ServerProblem):
        last(served, "Shelter")
    assert not [path for path in served.asked if "tile" in path]
