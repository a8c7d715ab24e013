"""What commands share that deal with one application: it is fetched and opened on this device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from client.cli import admin_shared, admin_shown
from client.cli.common import Session, connection, note
from client.flows import admin_calls, vetting
from client.flows.admin_calls import Seen
from client.flows.review import Opened, Written
from client.flows.scene import Scene
from client.flows.vetting_writing import Writer
from crypto.public.note_signing import Signer


@dataclass(frozen=True, slots=True)
class Room:
    """One application, what holds today, and the admin who reads and writes."""

    session: Session
    scene: Scene
    signer: Signer = field(repr=False)
    opened: Opened
    writer: Writer


def see(session: Session) -> Seen:
    """Fetch the network and check it, and say where listings do not hold."""
    seen = admin_calls.see(session.api, device_day=session.today(), network_id=session.network_id)
    if seen.scene.broken:
        note(f"LOOK: {seen.scene.broken} of the server's listings do not hold and are left out.")
    return seen


def enter(organisation: str, session: Session, signer: Signer, scene: Scene) -> Room:
    """Open the application of an organisation, named by its name or the start of its key."""
    found = admin_calls.applications(session.api, signer, scene)
    opened = vetting.pick_application(organisation, (x for x in found if isinstance(x, Opened)))
    writer = Writer(
        calls=admin_calls.signed_calls(session.api, signer, scene.policy),
        signer=signer,
        scene=scene,
        random=session.random,
        tell=lambda one: _tell(one, scene),
    )
    return Room(session, scene, signer, opened, writer)


def room_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the key's and the server's options; ORGANISATION becomes `room`, its application."""

    @admin_shared.key_options
    @connection
    @wraps(command)
    def with_room(
        organisation: str,
        *args: Any,
        signer: Callable[[], Signer],
        session: Session,
        **kwargs: Any,
    ) -> None:
        scene = see(session).scene
        command(*args, room=enter(organisation, session, signer(), scene), **kwargs)

    return with_room


def _tell(one: Written, scene: Scene) -> None:
    note(f"Meanwhile: {admin_shown.entry(one, scene)}")
