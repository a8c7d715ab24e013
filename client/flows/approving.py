"""Approving: an admin signs as an entry, and who has the last line that it takes hands it in.

Only then does a server see a name. Nothing is signed while the checklist is in the way.

Source: docs/spec/vetting.md, 4 and 5.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from client.api import Api
from client.errors import FirstDo, Trouble
from client.flows import admin_calls, checklist, vetting_writing
from client.flows.review import Draft, Opened
from client.flows.scene import Scene
from client.flows.vetting import Signed
from client.flows.vetting_writing import Writer
from crypto import constants as c
from crypto.client import vetting_rules
from crypto.public import notes
from crypto.public.note_signing import Signer


@dataclass(frozen=True, slots=True)
class Approved:
    """An application with this admin's line under it; `handed_in`: the statement went out."""

    opened: Opened
    handed_in: bool


def own_line_stands(draft: Draft, opened: Opened, signer: Signer, scene: Scene) -> bool:
    """Say whether this admin's last signature is under a draft's text already.

    Raises FirstDo where it is and others still have to sign.
    """
    text = notes.parse(draft.note).text
    lines = vetting_rules.lines_under(text, opened.entries, scene.policy)
    if signer.key.public_key not in lines:
        return False
    missing = scene.policy.threshold - len(lines)
    if missing > 0:
        raise FirstDo("You have signed this already.", f"{missing} more must sign.")
    return True


def approve(writer: Writer, api: Api, opened: Opened, signed: Signed) -> Approved:
    """Write this admin's line under what was signed, and hand it in where that makes k.

    Where somebody wrote meanwhile, what she wrote is looked at first. Raises NotVetted where the
    checklist is in the way, then or now.
    """
    text, own = notes.parse(signed.note).text, writer.signer.key.public_key

    def check(now: Opened) -> None:
        checklist.require_signable(text, now, writer.signer, writer.scene)

    check(opened)
    now = opened
    if own not in vetting_rules.lines_under(text, opened.entries, writer.scene.policy):
        entry = vetting_writing.signature_entry(writer.signer, writer.scene.today, signed.note)
        now = writer.write(opened, entry, check)
    if signed.missing:
        return Approved(now, False)
    admin_calls.post(api, signed, now.said)
    with suppress(Trouble):  # a courtesy: the organisation sees it in the directory anyway
        writer.reply(now, c.REPLY_LISTED, "")
    return Approved(now, True)
