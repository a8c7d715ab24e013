"""What lies in a real server for one request, taken apart with the server's own keys."""

from __future__ import annotations

from dataclasses import dataclass

from client import ambient
from client.api import Api
from client.http import Http
from crypto.public.keys import key_hash
from server.services import box_rows
from tests.server import rows
from tests.server.running import HOST, Running
from tests.threats.hers import publish, request_of
from tests.threats.scene import Provider, send


@dataclass(frozen=True)
class Stored:
    """What lies in a server for one request: rows as they are, and what is in them but for days."""

    tables: list[str]
    rows: list[bytes]
    contents: list[bytes]
    known: list[bytes]
    """Some of what must be in them."""


def stored_for(running: Running, to: Provider) -> Stored:
    """Send a request and a follow-up as one device does, and answer it; return the new rows."""
    scene, made = running.scene, send(to, ambient.random, "blue door")
    before = set(rows.sealed_rows(scene.core))
    publish(scene, made)
    api = Api(Http(f"http://{HOST}:{running.port}", proxy=None, random=ambient.random))
    keys, tag = made.receipt, made.follow_up_context.binding
    assert api.send(request_of(made)) is not None
    assert api.answer(keys.box_id, keys.write_key, 1, made.slot_1) == "stored"
    assert api.add(keys.box_id, keys.holder_key, tag, made.follow_up) is not None
    new = sorted(set(rows.sealed_rows(scene.core)) - before)
    held = rows.keys_in(running.folder / "keyring")
    contents = [part for row in new for opened in rows.opened([row], held)
                for part in but_for_days(row[0], opened)]  # fmt: skip
    known = [made.referral, made.follow_up, made.slot_0, made.slot_1, key_hash(keys.holder_key)]
    return Stored(
        [row[0] for row in new], [part for row in new for part in row[1:]], contents, known
    )


def but_for_days(table: str, content: bytes) -> list[bytes]:
    """What a row's content has beside days, a number and zeros."""
    if table != "box":
        return [content]
    box = box_rows.decode(content)
    return [box.holder_key_hash, box.write_key_hash, *box.tags]
