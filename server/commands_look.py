"""`towpath server holdings` and `doctor`: what is held, and what weakens a promise."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from server import data_map, doctor, doctor_database
from server.commands_common import Fault, First, folder_option, json_option, opened, told
from server.core import Core
from server.data_map import Entry
from server.founding import database_file, folders
from server.services import holdings as held
from server.settings import Settings

_DAY_0 = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file of the server's folders: where, of which kind (data map, 2), how long."""

    path: str
    kind: str
    bytes: int


@click.command()
@folder_option
@json_option
@told
def holdings(folder: Path, as_json: bool) -> None:
    """Print everything this server holds, and what it tells whoever has it."""
    settings, core = opened(folder)
    text = data_map.PAGE.read_text(encoding="utf-8")
    columns, files = data_map.columns(text), data_map.files(text)
    try:
        tables = core.database.read(held.tables)
        unknown = core.database.read(held.strangers)
    finally:
        core.database.close()
    there = files_of(settings, folder)
    unknown += [
        f"column {table.table}.{column}"
        for table in tables
        for column in table.columns
        if f"{table.table}.{column}" not in columns
    ]
    unknown += [f"file {file.path}" for file in there if file.kind not in files]
    if as_json:
        click.echo(json.dumps(_as_json(tables, there, unknown, columns, files), indent=2))
    else:
        _print(tables, there, columns, files)
    if unknown:
        raise Fault("This does not stand in docs/data-map.md:\n" + "\n".join(unknown))


@click.command(name="doctor")
@folder_option
@json_option
@told
def doctor_command(folder: Path, as_json: bool) -> None:
    """Say which setting, disk or habit of this machine weakens a promise."""
    settings, core = opened(folder)
    found = findings(settings, core, folder, doctor.Machine())
    core.database.close()
    weak = [one for one in found if one.promise]
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], indent=2))
    else:
        for one in found:
            click.echo(f"{one.promise or '--':4}{one.what}\n    Do: {one.do}\n")
        click.echo(f"Found {len(weak)} that weaken a promise.")
    if weak:
        raise SystemExit(First.exit_code)


def findings(
    settings: Settings, core: Core, folder: Path, machine: doctor.Machine
) -> list[doctor.Finding]:
    """Return what weakens a promise, of the machine, the settings and the database."""
    of_machine = doctor.examine(settings, folder, machine)
    return of_machine + doctor_database.examine(core.database)


def files_of(settings: Settings, folder: Path) -> list[HeldFile]:
    """Return every file below the server's folder, the database's, the keyring and its copy."""
    database = database_file(settings)
    found: dict[Path, HeldFile] = {}
    for place in [folder, *folders(settings)]:
        for path in sorted(place.absolute().rglob("*")):
            if path.is_symlink() or not path.is_dir():
                kind = data_map.kind_of(path.name, database.name if database else None)
                found[path] = HeldFile(str(path), kind, path.lstat().st_size)
    return list(found.values())


def _print(
    tables: list[held.Held],
    there: list[HeldFile],
    columns: dict[str, Entry],
    files: dict[str, Entry],
) -> None:
    for table in tables:
        click.echo(f"{table.table}: {table.rows} rows, {table.bytes} bytes")
        for day, count in table.by_last_epoch.items():
            click.echo(f"    {count} until {_DAY_0 + timedelta(day)}")
        for column in table.columns:
            _describe(column, columns.get(f"{table.table}.{column}"))
    click.echo("\nFiles:")
    for file in there:
        _describe(f"{file.path}, {file.bytes} bytes", files.get(file.kind))
    click.echo("\nWhat else remembers: docs/data-map.md, section 3.")


def _describe(name: str, entry: Entry | None) -> None:
    if entry is None:
        click.echo(f"  {name}: NOT IN THE DATA MAP")
        return
    click.echo(
        f"  {name}: {entry.what}. Tells: {entry.tells}. For: {entry.who}. Ends: {entry.ends}"
    )


def _as_json(
    tables: list[held.Held],
    there: list[HeldFile],
    unknown: list[str],
    columns: dict[str, Entry],
    files: dict[str, Entry],
) -> dict[str, Any]:
    def said(entry: Entry | None) -> dict[str, str] | None:
        return None if entry is None else asdict(entry)

    return {
        "tables": [
            {
                **asdict(table),
                "columns": {
                    column: said(columns.get(f"{table.table}.{column}")) for column in table.columns
                },
            }
            for table in tables
        ],
        "files": [{**asdict(file), "map": said(files.get(file.kind))} for file in there],
        "not_in_the_data_map": unknown,
    }
