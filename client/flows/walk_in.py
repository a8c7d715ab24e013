"""Asking without a code: sealing to an organisation's weekly key, and the work that admits it.

Source: docs/spec/walk-in.md, 2 and 3; docs/spec/http.md, 3.
"""

from __future__ import annotations

from collections.abc import Callable

from client.api import Api
from client.errors import FirstDo, NotVetted, ServerProblem, from_refusal
from client.flows import ask, choosing
from client.flows.ask import Receipt
from client.flows.choosing import Organisation
from client.network_view import View
from crypto import constants as c
from crypto.client import envelope, walk_in
from crypto.client.message import Message
from crypto.encoding import Random, monday
from crypto.errors import Refused
from crypto.public import work
from crypto.public.organisation_keys import WeeklyKey
from crypto.public.requests import WalkIn

_STEP = 1 << 15
_KEY_LIVES_DAYS = c.WEEKLY_KEY_DAYS + c.WEEKLY_KEY_GRACE_DAYS

Progress = Callable[[int, int], None]
"""Called after each step of the work: how many tries were made, how many it takes on average."""


def check_again(
    api: Api, view: View, chosen: Organisation, *, device_day: int
) -> tuple[View, Organisation]:
    """Fetch network and directory anew and return the chosen organisation, right before sealing.

    Raises NotVetted where its listing or weekly key does not hold any more.
    """
    again = choosing.fetch(api, device_day=device_day, network_id=view.policy.network_id)
    found = choosing.named(again.organisations, chosen.statement.organisation)
    if found is None or found.weekly_key is None:
        raise NotVetted(
            "This organisation is not listed any more, or takes no requests without a code now.",
            "Nothing was sent. Choose another one.",
        )
    if found.statement.profile != chosen.statement.profile:
        raise NotVetted(
            "What this organisation says of itself was changed a moment ago.",
            "Nothing was sent. Read it again, then choose.",
        )
    return again.view, found


def seal(
    view: View,
    chosen: Organisation,
    draft: Message,
    receipt: Receipt | None,
    *,
    random: Random,
    day: int,
) -> WalkIn:
    """Seal a draft with its yes to the chosen organisation's weekly key; no work is done yet.

    `day` is the epoch of sending. Raises as `ask.seal`.
    """
    network_id, weekly = view.policy.network_id, _weekly_key(chosen)
    reader = ask.Reader(
        organisation=chosen.statement.organisation,
        name=chosen.statement.name,
        public_key=weekly.public_key,
    )
    encoded = ask.encode(draft, receipt)
    try:
        context = walk_in.context(network_id, weekly.public_key)
        return WalkIn(
            epoch=day,
            nonce=bytes(c.U64_BYTES),
            envelope=envelope.seal(encoded, weekly.public_key, context, random=random),
            box=ask.make_box(
                reader,
                receipt,
                network_id,
                today=view.today,
                last_epoch=last_epoch(view.today),
                random=random,
            ),
        )
    except Refused as refused:
        raise from_refusal(refused) from None


def last_epoch(today: int) -> int:
    """Return until when a walk-in of this epoch is kept: never after its key's last day of grace.

    Source: docs/spec/http.md, 3.
    """
    return min(today + c.REFERRAL_DAYS, monday(today) + _KEY_LIVES_DAYS - 1)


def with_work(
    view: View, sealed: WalkIn, *, day: int, random: Random, progress: Progress
) -> WalkIn:
    """Return the sealed request with the work of a day (an epoch) done; the envelope stays.

    Takes 2^bits hashes on average. Source: docs/spec/walk-in.md, 3.
    """
    try:
        task = work.task(view.policy.network_id, day, sealed.envelope, view.document.work_bits)
    except Refused as refused:
        raise from_refusal(refused) from None
    start, tried, expected = int.from_bytes(random(c.U64_BYTES), "big"), 0, 1 << task.bits
    nonce = None
    while nonce is None:
        nonce = work.search(task, start + tried, _STEP)
        tried += _STEP
        if nonce is None:
            progress(tried, expected)
    return WalkIn(epoch=day, nonce=nonce, envelope=sealed.envelope, box=sealed.box)


def send(
    api: Api,
    view: View,
    sealed: WalkIn,
    *,
    today: Callable[[], int],
    random: Random,
    progress: Progress,
) -> tuple[WalkIn, int | None]:
    """Post a walk-in, doing its work anew where midnight has passed since.

    `today` gives the device's epoch. Returns what was sent and its last epoch, or None for the
    refusal. Raises FirstDo where the server takes no day of this device, ServerProblem,
    Unreachable.
    """
    try:
        return sealed, api.send(sealed)
    except ServerProblem as problem:
        if problem.kind != "work":
            raise
    day = today()
    if day != sealed.epoch:
        anew = with_work(view, sealed, day=day, random=random, progress=progress)
        try:
            return anew, api.send(anew)
        except ServerProblem as problem:
            if problem.kind != "work":
                raise
    raise FirstDo(
        "The server does not take the day that this device says it is.",
        "Set the date of this device right, then try again. Nothing was sent.",
    )


def _weekly_key(chosen: Organisation) -> WeeklyKey:
    if chosen.weekly_key is None:
        raise NotVetted(
            "This organisation takes no requests without a code now.", "Choose another."
        )
    return chosen.weekly_key
