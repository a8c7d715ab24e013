"""Everything in crypto/ that reads bytes or texts from elsewhere, found by looking.

`reads` says how each is given any bytes; MAKES names what is only ever given values of one's own.
`test_decoders.py` compares both with what crypto/ has, so that a new function stands in one.
"""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from importlib import import_module  # noqa: TID251
from types import ModuleType

import crypto
import crypto.client
import crypto.public
from tests.crypto.streams import Stream
from tests.threats import (
    decoders_of_devices,
    decoders_of_hands,
    decoders_of_servers,
    decoders_of_vetting,
)
from tests.threats.decoders_of_devices import Target
from tests.threats.scene import provider, send

# A function with one of these verbs reads, also where what it reads lies inside an object.
VERBS = re.compile("accept|check|decode|load|open|parse|read|redeem|to_|verify")

# Given values of one's own device only, or bytes that something of READS has let through.
_MAKES = """
    client.admin_file.new_admin client.admin_file.seal_admin_file public.applications.make
    public.request_signing.sign public.wrapping.lookup public.wrapping.wrap encoding.b64
    encoding.frame encoding.lp encoding.pad fields.encode fields.from_text fields.unknown kdf.hkdf
    kdf.pbkdf2 client.aead.seal client.box.seal_answer client.box.seal_delivered client.box.sign
    client.code_text.digits client.code_text.symbols client.codes.code_keys
    client.codes.receipt_keys client.envelope.follow_up_tag client.envelope.for_code
    client.envelope.for_follow_up client.envelope.seal client.member_file.new_member
    client.member_file.seal_member_file client.message.room_for_text client.passphrase.stretch
    client.merge_sides.Sides.tell client.merge_unions.cursor client.merge_unions.devices
    client.merge_unions.later_week client.merge_unions.neither client.merge_unions.numbers_of
    client.merge_unions.outgoing client.merge_unions.pages client.merge_unions.stocks
    client.merge_unions.unreadable client.merge_unions.waiting_only client.merge_unions.weeks
    client.merge_unions.written client.settings.answer_of client.settings.pages_of
    client.settings.setting_id client.settings.stock_of client.settings.weekly_of
    client.stock.Stock.only client.stock.Stock.without client.stock.Token.read
    client.stock.Waiting.read client.record.seal client.reed_solomon.check_symbols
    client.signing.sign_one_time_key client.signing.sign_weekly_key client.store.Store.erase_seed
    client.invite.check_number client.invite.invite_keys client.invite.seal_reply
    client.recovery.member_of client.recovery.symbols public.armour.write public.cover.invite
    client.store.Store.remove_member client.store.Store.without_entry client.store_entries.is_over
    public.checkpoint.check_fresh public.cover.slot public.keys.hashed public.lines.check_room
    public.lines.check_spelling public.log.inclusion_proof public.log.leaf_hash public.log.node_hash
    public.log.root_of public.note_signing.cosign public.note_signing.public_of
    public.note_signing.sign public.note_signing.sign_note public.note_signing.signature_line
    public.notes.cosigned_message public.notes.format_note
    public.organisation_keys.one_time_key_message public.organisation_keys.weekly_key_message
    public.policy_chain.check_current public.policy.network_id_of public.profile.profile_hash
    public.sealing.PublicKey.seal public.sealing.seal public.suspensions.check_not_suspended
    public.suspensions.hash_of public.log_entries.hash_of_weekly_key
    public.consistency.consistency_proof public.edge.of public.edge.extend
    public.tiles.hashes_of public.tiles.write_bundle public.tiles.bundles
    public.admin_keys.make public.admin_keys.reading_seed
    public.cover.application client.application.reading_keys client.application.seal
    client.application.seal_keys client.application.write_key client.vetting_entries.seal
    public.seen.check public.suspensions.Suspensions.below
    public.suspensions.start_of
"""
MAKES = frozenset(_MAKES.split())

# Read by their methods, one after the other: tried whole.
WHOLE = {"encoding.Reader", "public.lines.Lines"}


def reads() -> dict[str, list[Target]]:
    """For each function that reads: what gives it bytes, with a sample that it takes."""
    sent = send(provider(), Stream("decoders"))
    return {
        **decoders_of_devices.plain(),
        **decoders_of_devices.sealed(sent),
        **decoders_of_devices.stores(),
        **decoders_of_hands.brought(),
        **decoders_of_servers.signed(),
        **decoders_of_servers.logged(),
        **decoders_of_servers.admission(sent),
        **decoders_of_servers.travelling(sent),
        **decoders_of_vetting.vetted(),
    }


def modules() -> Iterator[ModuleType]:
    """Every module of crypto/."""
    for package in (crypto, crypto.client, crypto.public):
        for found in pkgutil.iter_modules(package.__path__):
            if not found.ispkg:
                yield import_module(f"{package.__name__}.{found.name}")


def is_reader(name: str, function: Callable[..., object]) -> bool:
    """Say whether a function takes bytes or a text, or has a verb of reading."""
    hints = inspect.get_annotations(function)
    taken = " ".join(str(hint) for name, hint in hints.items() if name != "return")
    return re.search(r"\b(bytes|str)\b", taken) is not None or VERBS.match(name) is not None


def found_in(module: ModuleType) -> Iterator[str]:
    """The names, from crypto/ on, of a module's public functions and methods that read."""
    start = module.__name__.removeprefix("crypto.")
    for name, value in vars(module).items():
        if name.startswith("_") or getattr(value, "__module__", "") != module.__name__:
            continue
        if f"{start}.{name}" in WHOLE:
            yield f"{start}.{name}"
        elif inspect.isclass(value):
            yield from (f"{start}.{name}.{method}" for method in methods(value))
        elif callable(value) and is_reader(name, inspect.unwrap(value)):
            yield f"{start}.{name}"


def methods(cls: type) -> Iterator[str]:
    """The names of a class's own public methods that read; a protocol has none."""
    for name, raw in vars(cls).items():
        function = inspect.unwrap(getattr(raw, "__func__", raw))
        public = inspect.isfunction(function) and not name.startswith("_")
        if public and is_reader(name, function) and not getattr(cls, "_is_protocol", False):
            yield name
