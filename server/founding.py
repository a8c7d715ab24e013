"""Beginning a server: its folder, settings, keys and empty database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import migrations
from crypto.encoding import Random, b64
from crypto.public.note_signing import public_of
from crypto.public.notes import is_key_name
from server.db import Database
from server.keyring import FILLER, LOG, Keyring
from server.settings import FILE_NAME, BadSettings, Settings, load

_DEFAULT_DATABASE = "sqlite:///data/towpath.sqlite"
_DEFAULT_KEYRING = "keyring"

_TEMPLATE = """\
# Settings of this server. They are read once, when it starts; a bad one refuses to start.
# Relative paths start from this folder.

# Where rows lie: sqlite:///FILE, or postgresql+psycopg://USER@HOST/DATABASE.
database = {database}

# The folder of keys, outside the database and its backups. Best on another disk than the database.
# Whoever has both reads which rows there are; when a key is destroyed, its rows are over.
keyring = {keyring}

# A second folder for every key, on another disk: when one disk dies, no request is lost with it.
{keyring_copy}

# Where the server listens. Put a proxy or an onion service in front of it (deploy/).
host = {host}
port = {port}

# Processes (1 with SQLite) and threads in each.
processes = 1
threads = 8

# How often arrivals join the drop, in seconds. Longer hides better when somebody asked.
tick_seconds = 120

# Refusals leave on multiples of this many milliseconds, so that their time says nothing.
refusal_tick_ms = 100

# Work that a request without a code costs its sender's device: one bit more is twice as much.
work_bits = 18

# How many codes an organisation can publish a week.
tokens_a_week = 32

# The one size of all stores, in bytes: 262144, 1048576, 4194304, 16777216 or 67108864. Each is sent
# whole every ten minutes by every device that is open; larger holds more cases.
store_bytes = 1048576

# Limits, for everybody together: nobody's address is kept or looked at.
misses_a_minute = 600
walk_ins_a_day = 500
applications_a_day = 50
invites_a_day = 200
cosignatures_a_day = 20000

# Where to write about a weakness of this server: mailto:... or https://...
# contact = "mailto:security@example.org"

# Where the quick exit of the pages leads: a page that anybody might look at, in any language.
leave_to = "https://www.wikipedia.org/"

# At most 8 lines of at most 120 characters, shown to everybody on the page that needs no
# JavaScript (/plain): ways to reach somebody by hand. They stand there in every language.
# contacts = ["Signal: ...", "Weekdays, 9 to 17 UTC: +00 ..."]

# Languages that the pages show though a machine translated texts in which a mistake can hurt
# somebody (the yes, sent or not, police ties, never ...) and nobody has read them since. Without
# this line they are not shown; `doctor` names them. Each is named by its code, such as "es".
unreviewed_languages = []
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """What an operator chooses at the beginning; None takes the usual."""

    host: str = "127.0.0.1"
    port: int = 8000
    database: str | None = None
    keyring: Path | None = None
    keyring_copy: Path | None = None


def found(folder: Path, chosen: Founding, random: Random) -> Settings:
    """Make a server in a folder that has none yet, and return its settings.

    Raises BadSettings for a folder that has one, or a choice that can't be used; OSError where
    the disk refuses; Busy where the database does.
    """
    file = folder / FILE_NAME
    if file.exists():
        raise BadSettings(f"{file} is there already: this folder has its server.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    _write(file, _text(chosen))
    try:
        settings = load(folder)
        for needed in folders(settings):
            needed.mkdir(mode=0o700, parents=True, exist_ok=True)
            needed.chmod(0o700)
    except BadSettings:
        file.unlink()
        raise
    keyring = Keyring(settings.keyring, settings.keyring_copy)
    for kind in (LOG, FILLER):
        keyring.make(kind, 0, random)
    migrate(settings)
    return settings


def migrate(settings: Settings) -> None:
    """Bring the database's schema to the newest version."""
    database = Database(settings.database)
    try:
        migrations.upgrade(database.engine)
    finally:
        database.close()
    file = database_file(settings)
    if file is not None:
        file.chmod(0o600)


def log_line(name: str, seed: bytes) -> str:
    """Return the line by which the admins' policy names this server's log.

    Raises BadSettings for a name that no policy takes. Source: docs/spec/statements.md, 4
    """
    if not is_key_name(name):
        raise BadSettings("The log's name has other characters than a-z, 0-9, dot, - and /.")
    return f"log {name} {b64(public_of(seed))}"


def folders(settings: Settings) -> list[Path]:
    """Return the folders that hold what the server keeps: keys, their copy, the database's file."""
    file = database_file(settings)
    places = [settings.keyring, settings.keyring_copy, file.parent if file else None]
    return [place for place in places if place is not None]


def database_file(settings: Settings) -> Path | None:
    """Return SQLite's file; None for PostgreSQL."""
    path = settings.database.removeprefix("sqlite:///")
    return None if path == settings.database else Path(path)


def _text(chosen: Founding) -> str:
    copy = chosen.keyring_copy
    return _TEMPLATE.format(
        database=_quoted(chosen.database or _DEFAULT_DATABASE),
        keyring=_quoted(str(chosen.keyring.absolute()) if chosen.keyring else _DEFAULT_KEYRING),
        keyring_copy=(
            f"keyring_copy = {_quoted(str(copy.absolute()))}"
            if copy
            else '# keyring_copy = "/mnt/other-disk/towpath-keys"'
        ),
        host=_quoted(chosen.host),
        port=chosen.port,
    )


def _quoted(text: str) -> str:
    """Write a text as TOML does."""
    if not text.isprintable():
        raise BadSettings("A setting has characters that can't be printed.")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _write(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")
