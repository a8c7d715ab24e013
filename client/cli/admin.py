"""`towpath admin`: the commands of those who vet. Everything is signed on this device."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from client import ambient
from client.cli import admin_languages, admin_marks, admin_policy, admin_review, admin_shared
from client.cli.admin_shared import FILE, phrase, with_passphrase
from client.cli.common import (
    Commands,
    Session,
    connection,
    json_option,
    note,
    tell,
    tell_json,
)
from client.flows import admin_calls, admin_keys
from crypto.encoding import b64
from crypto.public.note_signing import Signer
from crypto.public.notes import Key


@click.group(cls=Commands)
def admin() -> None:
    """Vet organisations, together with the other admins of a network.

    Your key signs on this machine and is never sent. Begin with `towpath admin keys new`.
    """


@admin.group()
def keys() -> None:
    """Your key: made once, kept in a file under a passphrase."""


@keys.command("new")
@click.option("--name", required=True, help="Your name as an admin: a to z, 0 to 9, . - /")
@click.option("--out", required=True, type=FILE, metavar="FILE", help="The key file to make.")
@with_passphrase
@json_option
def new(name: str, out: Path, passphrase_file: str | None, as_json: bool) -> None:
    """Make your key file, and show the line that names its public half."""
    said = phrase(passphrase_file, twice=True)
    key = admin_keys.create(out, name, said, random=ambient.random)
    note("Keep the file and its passphrase apart, and a copy of the file elsewhere.")
    note("Send the other admins this line; they should hear it from you, too:")
    _show(key, as_json)
    note("Once the policy names you: `towpath admin keys publish`, so that you read applications.")


@keys.command("show")
@click.argument("file", type=FILE)
@with_passphrase
@json_option
def show(file: Path, passphrase_file: str | None, as_json: bool) -> None:
    """Show the line that names the public half of a key file."""
    _show(admin_keys.load(file, phrase(passphrase_file)).key, as_json)


@keys.command("publish")
@admin_shared.key_options
@connection
def publish(signer: Callable[[], Signer], session: Session) -> None:
    """Publish the key with which you read applications; it comes from your key file.

    Organisations seal what they say to the admins whose keys are there. Doing it again changes
    nothing.
    """
    policy = admin_calls.current_policy(session.api, session.network_id)
    key = signer()
    admin_calls.publish_key(session.api, key, policy)
    tell(f"Published: applications are sealed to {key.name}, too, from now on.")


def _show(key: Key, as_json: bool) -> None:
    if as_json:
        tell_json({"name": key.name, "key": b64(key.public_key), "line": admin_keys.line(key)})
    else:
        tell(admin_keys.line(key))


admin.add_command(admin_languages.languages)
admin.add_command(admin_policy.policy)
admin.add_command(admin_review.review)
admin.add_command(admin_review.approve)
admin.add_command(admin_review.suspend)
admin.add_command(admin_marks.mark)
admin.add_command(admin_marks.note_)
admin.add_command(admin_marks.ask)
admin.add_command(admin_marks.decline)
admin.add_command(admin_marks.minutes_)
admin.add_command(admin_marks.share)
