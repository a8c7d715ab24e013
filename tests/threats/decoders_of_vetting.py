"""What applicants and admins read of one another, each with a good sample."""

from __future__ import annotations

from functools import partial
from typing import Any

from crypto.client import application, vetting_entries, vetting_rules
from crypto.client.vetting_entries import Reply
from crypto.public import admin_keys, applications, lines, notes
from tests.crypto import vettings
from tests.crypto.networks import TODAY, make_network
from tests.crypto.streams import Stream
from tests.threats.decoders_of_devices import Target, of_text


def vetted() -> dict[str, list[Target]]:
    """Admins' keys, applications, entries, replies, and the texts that are signed at the end."""
    net, random = make_network(), Stream("vetting")
    admin = net.admins[0]
    keys, policy, reading = vettings.keys_of(net), net.policy, vettings.reading_key(net, admin)
    place: dict[str, Any] = {
        "network_id": net.network_id,
        "application_id": keys.application_id,
    }
    own = admin_keys.make(admin.seed, net.network_id)
    sealed = vettings.sealed(net, random)
    part = application.seal_keys(reading.public, keys)
    statement = net.statement()
    said = [vettings.mark(net, admin, 2), vettings.signature(net, admin, statement)]
    entries = [vettings.written(net, admin, one, 3, random) for one in said]
    handed = vetting_entries.hand_on(admin_keys.check(own, policy), keys)
    reply = vetting_entries.seal_reply(Reply(kind=1, text="no"), keys, random=random)
    listing = applications.parse_and_check(vettings.listing(net), net.network_id)
    missing = partial(
        vetting_rules.missing,
        listing=listing,
        entries=said,
        policy=policy,
        admin=admin.key.public_key,
        today=TODAY,
    )
    text = notes.parse(statement).text.encode()
    under = partial(vetting_rules.lines_under, entries=said, policy=policy)
    return {
        "public.admin_keys.check": [(lambda b: admin_keys.check(b, policy), own)],
        "public.admin_keys.holding": [(lambda b: admin_keys.holding([b], policy), own)],
        "public.admin_keys.reader_of": [(admin_keys.reader_of, reading.public)],
        "public.applications.readers_of": [(applications.readers_of, sealed)],
        "public.lines.check_text": [(of_text(lines.check_text), b"a text\nof two lines")],
        "client.application.find_keys": [
            (lambda b: application.find_keys(b, reading, **place), sealed)
        ],
        "client.application.open_keys": [
            (lambda b: application.open_keys(b, reading, **place), part)
        ],
        "client.application.open_": [(lambda b: application.open_(b, keys), sealed)],
        "client.vetting_entries.open_": [
            (lambda b: vetting_entries.open_(b, keys, 3, policy), one) for one in entries
        ],
        "client.vetting_entries.open_handed_on": [
            (lambda b: vetting_entries.open_handed_on(b, reading, **place), handed)
        ],
        "client.vetting_entries.open_reply": [
            (lambda b: vetting_entries.open_reply(b, keys), reply)
        ],
        "client.vetting_rules.missing": [(of_text(missing), text)],
        "client.vetting_rules.lines_under": [(of_text(under), text)],
    }
