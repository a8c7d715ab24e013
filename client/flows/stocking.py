"""One turn of keeping the stock: draw the week's tokens, make codes, publish what is due.

Source: docs/spec/tokens.md, 3 and 6; docs/spec/http.md, 4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from client.api import Api
from client.api_signed import SignedApi
from client.errors import ServerProblem, Unreachable
from client.flows import cancelling, kept, publish, schedule, stock, stock_data
from client.flows.desk import Desk
from client.flows.listing import Place
from client.flows.publish import Published
from client.flows.stock import Tell

Pace = Literal["as drawn", "this week", "at once"]

_LOOK_AGAIN_S = 900  # clocks are set and devices sleep: never wait longer without looking
_AFTER_TROUBLE_S = 600
_PASSING = frozenset({"busy", "limited", "broken", "answer"})


@dataclass(slots=True)
class Keeper:
    """Keeps the stock of one device; `place` fetches one's own listing, at most once a day.

    The record of a code may carry an older checkpoint (record.md, 3), and asking once a day keeps
    what is asked apart from what is published.
    """

    desk: Desk
    api: Api
    signed: SignedApi
    place: Callable[[], Place]
    now: Callable[[], int]
    tell: Tell
    _place: Place | None = field(default=None, init=False)
    _day: int = field(default=-1, init=False)

    def turn(self, pace: Pace = "as drawn") -> Published:
        """Draw and make what this week has, and publish what is due, or what `pace` says.

        One code that is to be cancelled and is due is cancelled first.

        Raises FirstDo where the organisation is not listed or its listing ends too soon, NotVetted,
        Unreachable and ServerProblem; what was drawn and made by then is kept.
        """
        today = self.now() // schedule.DAY_S
        place = self._listing(today)
        cancelling.cancel_due(self.desk, self.api, now=self.now())
        drawn = stock.draw(self.desk, self.signed, place.view.document, today=today)
        if drawn:
            self.tell(f"{drawn} tokens drawn for this week")
        publish.check_room_for_codes(place, today)
        stock.make_codes(self.desk, now=self.now(), tell=self.tell)
        if pace == "at once":
            return publish.publish_all(self.desk, self.api, place, now=self.now())
        if pace == "this week":
            publish.bring_forward(self.desk, now=self.now())
        return publish.publish_due(self.desk, self.api, place, now=self.now())

    def run(self, sleep: Callable[[float], None]) -> None:
        """Take a turn whenever one is due, until the process is stopped.

        Passing trouble is told and waited out; everything else ends it, as `turn` raises it.
        """
        while True:
            try:
                done = self.turn()
                if done.published:
                    self.tell(f"1 code published, {done.waiting} wait")
                sleep(self._until_next())
            except Unreachable as trouble:
                self.tell(str(trouble))
                sleep(_AFTER_TROUBLE_S)
            except ServerProblem as problem:
                if problem.kind not in _PASSING:
                    raise
                self.tell(str(problem))
                sleep(problem.retry_after or _AFTER_TROUBLE_S)

    def _until_next(self) -> float:
        waiting = stock_data.of(self.desk.read(), self.desk.home.device).waiting
        next_due = min((one.due for one in waiting), default=self.now() + _LOOK_AGAIN_S)
        return float(min(max(next_due - self.now(), 1), _LOOK_AGAIN_S))

    def _listing(self, today: int) -> Place:
        if self._place is None or self._day != today:
            self._place, self._day = self.place(), today
            regions = self._place.view.policy.regions
            if kept.regions(self.desk.read()) != regions:
                self.desk.edit(lambda store: kept.with_regions(store, regions))
        return self._place
