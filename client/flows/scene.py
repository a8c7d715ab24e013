"""What holds in the network on one day, as an admin's device has checked it.

Source: docs/spec/statements.md, 5 and 8.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crypto.client import record_check
from crypto.client.record_check import Listed, Listing
from crypto.constants import RENEW_DAYS, SERIAL_MOST, SERIALS_LEFT
from crypto.errors import Refused
from crypto.public import checkpoint, suspensions
from crypto.public.policy import Policy
from crypto.public.suspensions import Suspensions


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What holds in the network on this day, checked by this device.

    `ended` is the suspension list: below which serials statements have ended;
    `broken` counts the listings that the server shows and that do not hold.
    """

    policy: Policy
    today: int
    listed: tuple[Listed, ...]
    ended: Suspensions
    broken: int

    def of(self, organisation: bytes) -> Listed | None:
        """Return the listing of the organisation with this key (32 bytes), if it has one."""
        return next((x for x in self.listed if x.statement.organisation == organisation), None)

    def due(self) -> list[Listed]:
        """Return whose listings end within 56 days, those that end first in front."""
        found = (x for x in self.listed if x.statement.until - self.today <= RENEW_DAYS)
        return sorted(found, key=lambda x: x.statement.until)

    def name_of(self, admin: bytes) -> str:
        """Return how the admin with this key (32 bytes) is called."""
        known = {key.public_key: key.name for key in self.policy.all_admins}
        return known.get(admin, "nobody of this network")


def look(network: record_check.Network, listings: Iterable[Listing]) -> Scene:
    """Check what a server shows of a network; `listings` are those of its directory.

    Raises what `checkpoint.check_newest` and `suspensions.check` do.
    """
    policy = network.policy
    newest = checkpoint.check_newest(network.newest, policy)
    ended = suspensions.check(network.suspensions, newest.checkpoint, policy.network_id)
    held, broken = [], 0
    for listing in listings:
        try:
            held.append(record_check.check_listing(listing, network))
        except Refused:
            broken += 1
    return Scene(
        policy=policy,
        today=network.today,
        listed=tuple(held),
        ended=ended,
        broken=broken,
    )


def last_serial(organisation: bytes, scene: Scene) -> int:
    """Return the highest serial that the network shows for an organisation; 0 for none."""
    listed = scene.of(organisation)
    return max(listed.statement.serial if listed else 0, scene.ended.below(organisation) - 1)


def highest_serial(organisation: bytes, scene: Scene) -> int:
    """Return the highest serial that a draft for an organisation may have.

    So many stay free that nobody's draft uses them up, unless they are used up already.
    Source: docs/spec/vetting.md, 4.
    """
    return max(SERIAL_MOST - SERIALS_LEFT, last_serial(organisation, scene) + 1)
