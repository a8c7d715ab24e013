"""`towpath directory`: the checked list of organisations, for other directories and for paper."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from client import directory_page
from client.cli.common import (
    STDIN,
    Commands,
    Session,
    check_new,
    connection,
    json_option,
    note,
    read_bytes,
    tell,
    tell_json,
    write_new,
)
from client.cli.peer_choosing import NO_NETWORK
from client.errors import BadInput, FirstDo
from client.flows import choosing, hsds_export, hsds_import, hsds_rows
from client.flows.choosing import Directory
from client.flows.hsds_import import Asking, Joined, Outcome, Refused, Taken
from words import catalogues

_NAMES = {key: key.replace("_", " ") for key in hsds_import.NEEDED}


@click.group(cls=Commands)
def directory() -> None:
    """Exchange the list of organisations with other directories, or print it.

    Others get and give it as HSDS 3, the Human Services Data Specification.
    """


@directory.command("export")
@click.option("--out", default=STDIN, metavar="FILE", help="A new file (else the output).")
@connection
def export(out: str, session: Session) -> None:
    """Write the organisations whose listing holds today, as HSDS 3.

    Regions alone say where: no address, no place, no telephone. The network's id has to be named.
    """
    check_new(out)
    found = hsds_export.organizations(_checked(session))
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    write_new(out, text)
    note(f"{len(found)} organisations.")


@directory.command("import")
@click.argument("file")
@click.option("--check", is_flag=True, help="Only say what would become of each row.")
@click.option("--out", "folder", metavar="FOLDER", help="Where the files go: a new folder.")
@json_option
def import_(file: str, check: bool, folder: str | None, as_json: bool) -> None:
    """Read a directory of others in HSDS, and write a file to fill in for each row that holds.

    A file lists nobody: its organisation fills in its contact and its answers for the admins, which
    stand in no directory, hands it in by `towpath provider apply --from`, and is vetted as anybody.
    What HSDS cannot say (ties to the police, who pays, what must be reported) is never guessed:
    such a file is named to-ask, and its profile has to be filled in, too. Both are refused before.
    """
    if check == (folder is not None):
        raise BadInput("Either --check or --out FOLDER is needed.")
    data = read_bytes(file, at_most=hsds_rows.FILE_MOST)
    target = _new_folder(folder) if folder is not None else None
    refused = 0
    shown: list[dict[str, object]] = []
    for number, outcome in enumerate(hsds_import.outcomes(data), 1):
        written = _write(target, number, outcome) if target is not None else ""
        refused += isinstance(outcome, Refused)
        if as_json:
            shown.append(_as_json(outcome, written))
        else:
            tell(_line(outcome, written))
    if as_json:
        tell_json({"rows": shown})
    if refused:
        raise BadInput(f"Rows that were refused: {refused}. Nothing of them was taken.")


@directory.command("print")
@click.option("--language", "code", required=True, metavar="LANG", help="es, ar, ...; or: all")
@click.option("--out", "folder", required=True, metavar="FOLDER", help="Where the page goes.")
@connection
def print_(code: str, folder: str, session: Session) -> None:
    """Write the list as a page to print, in one language or in each.

    The page fetches nothing and runs nothing. It holds until the day that it says: print it anew.
    """
    chosen = catalogues.codes() if code == "all" else (code,)
    if not set(chosen) <= set(catalogues.codes()):
        raise BadInput("There are no texts in this language.", f"{', '.join(catalogues.codes())}.")
    targets = [Path(folder) / f"list.{one}.html" for one in chosen]
    for target in targets:
        check_new(str(target))
    found = _checked(session)
    Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    for one, target in zip(chosen, targets, strict=True):
        texts = catalogues.open_(one)
        write_new(str(target), directory_page.page(found, texts))
        tell(str(target))
        if texts.unread_safety:
            note(f"Nobody has read what can hurt somebody in this language yet: {one}.")


def _checked(session: Session) -> Directory:
    if session.network_id is None:
        raise FirstDo(*NO_NETWORK)
    return choosing.fetch(session.api, device_day=session.today(), network_id=session.network_id)


def _new_folder(folder: str) -> Path:
    check_new(folder)
    Path(folder).mkdir(mode=0o700, parents=True)
    return Path(folder)


def _write(folder: Path, number: int, outcome: Outcome) -> str:
    """Write what a row gives, and return the file's name; "" where it gives none."""
    if not isinstance(outcome, Taken | Asking):
        return ""
    name = f"row-{number:05d}{'.to-ask' if isinstance(outcome, Asking) else ''}.toml"
    write_new(str(folder / name), outcome.file)
    return name


def _line(outcome: Outcome, written: str) -> str:
    where = f"line {outcome.line}: "
    if isinstance(outcome, Refused):
        return f"{where}refused: {outcome.reason}"
    if isinstance(outcome, Joined):
        return f"{where}another service of the organisation of line {outcome.first}"
    what = "profile whole"
    if isinstance(outcome, Asking):
        what = f"needs asking: {_missing(outcome.missing)}"
    return f"{where}{what}: {outcome.name}" + (f" -> {written}" if written else "")


def _missing(keys: Sequence[str]) -> str:
    return ", ".join(_NAMES[key] for key in keys)


def _as_json(outcome: Outcome, written: str) -> dict[str, object]:
    said: dict[str, object] = {"line": outcome.line, "outcome": type(outcome).__name__.lower()}
    if isinstance(outcome, Refused):
        said["reason"] = outcome.reason
    elif isinstance(outcome, Joined):
        said["first"] = outcome.first
    else:
        said["name"] = outcome.name
        if isinstance(outcome, Asking):
            said["missing"] = list(outcome.missing)
        if written:
            said["file"] = written
    return said
