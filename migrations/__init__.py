"""The database's versions: `upgrade` and `downgrade` by alembic, on SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

_HOME = Path(__file__).parent


def upgrade(engine: Engine, version: str = "head") -> None:
    """Bring the schema to a version, the newest by default; does nothing where it is there."""
    with engine.connect() as connection:
        command.upgrade(_config(connection), version)


def downgrade(engine: Engine, version: str) -> None:
    """Take the schema back to an earlier version ("base": nothing)."""
    with engine.connect() as connection:
        command.downgrade(_config(connection), version)


def is_current(engine: Engine) -> bool:
    """Say whether the schema is the newest version."""
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory(str(_HOME)).get_current_head()


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HOME))
    config.attributes["connection"] = connection
    return config
