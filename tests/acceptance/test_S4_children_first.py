"""S4: a mother wants information and a lawyer; she cancels, goes back, and returns weeks later.

"No question on force, no penalty text" on the page: browser/test_S4_page.py. What
the command prints on this way is looked at; tests/words holds every list.
"""

from __future__ import annotations

import json

from client import wire
from tests.acceptance import linking, people, scan
from tests.acceptance.deployment import HARBOUR, Deployment
from tests.acceptance.people import Asked, Provider
from tests.acceptance.relay import Relay, relay
from words import banned

HERS = {
    "consent": "own",
    "needs": ["just_information", "family_law", "family_custody", "children_family"],
    "languages": ["es"],
    "channels": ["come_back"],
    "eyes": "receipt",
    "children": ["abroad", "other_side", "threat"],
    "peer": "former_client",
    "text": "Mi hija está con la familia de él.",
}
ANSWER = "Puede preguntar cuantas veces quiera. Usted decide."
WEEKS = 21


def test_S4_R13_R26_cancelled_is_gone_and_coming_back_is_not_linked(aging: Deployment) -> None:
    """The ciphertext is gone; the second request shares nothing with the first; the flag shows."""
    attorney = Provider(aging, HARBOUR)
    with relay(int(aging.url.rpartition(":")[2])) as way:
        before = linking.stored(aging)
        first, said = _asked(aging, way, attorney)
        stored_first = linking.stored(aging) - before
        sent_first = linking.sent(way.exchanges)

        # The threat shows, first thing the attorney reads of her children.
        case = attorney.newest()
        assert "threat" in attorney.show(case)["choices"]["Children"].lower()
        attorney.answer(case, ANSWER).done()

        aging.days.pass_by(1)
        sealed = wire.unb64url(json.loads(way.to("/v1/referrals")[0].body)["envelope"])
        assert scan.holds(aging, sealed), "until then it is there"
        cancelled = first.withdraw().done()
        opened = [one for rows in scan.unwrapped(aging).values() for one in rows]
        assert [one for one in opened if sealed in one] == []
        first.answers().refused(4, "Nothing opens with this receipt.")

        # The day after, not even the database's journal has what was written before.
        aging.days.pass_by(1)
        old = [row for row in stored_first if len(row) > 64]
        linking.until_gone(aging, old)

        aging.days.pass_by(WEEKS)
        before = linking.stored(aging)
        way.exchanges.clear()
        second, said_again = _asked(aging, way, attorney)
        stored_second = linking.stored(aging) - before
        sent_second = linking.sent(way.exchanges)

        assert linking.alike(sent_first, sent_second) == []
        assert linking.alike(stored_first, stored_second) == []
        assert linking.alike([*sent_first, *stored_first], [*sent_second, *stored_second]) == []
        assert linking.alike(sent_first, sent_first), "the comparison finds what is there twice"
        short = [b"\x18" + bytes(7)]
        assert linking.alike(short, short) == short, "a single byte beside zeros, too"

        # She is received as anybody: the provider sees one new request beside an old one.
        case = attorney.newest()
        assert attorney.show(case)["additions"] == []
        attorney.answer(case, ANSWER).done()
        assert [one["text"] for one in second.read()["answers"]] == [ANSWER]

        printed = " ".join([said, cancelled.all, said_again, second.shown().all])
    assert list(banned.find(printed)) == []
    for word in ("penalty", "again?", "why did you", "forced", "last time"):
        assert word not in printed.lower()


def _asked(at: Deployment, way: Relay, to: Provider) -> tuple[Asked, str]:
    said = people.try_to_ask(at, to.code(), HERS, url=way.url)
    assert said.json()["delivered"]
    asked = Asked(at, said.json()["receipt"]["letters"], url=way.url)
    assert asked.read()["answered"] is False
    return asked, said.all
