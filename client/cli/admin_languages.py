"""`towpath admin languages`: which languages of the pages nobody has read yet."""

from __future__ import annotations

import click

from client.cli.common import json_option, tell, tell_json
from words import catalogues, load

_WIDTH = 12


@click.command()
@json_option
def languages(as_json: bool) -> None:
    """Show for each language of the pages how many texts that can hurt somebody nobody has read.

    A server shows such a language only where its operator has named it in `unreviewed_languages`.
    Ask who speaks it to read it: `./dev review LANGUAGE` prints the texts side by side.
    """
    unread = {code: len(catalogues.open_(code).unread_safety) for code in catalogues.codes()}
    if as_json:
        tell_json({"unread_safety_texts": unread})
        return
    for code, count in unread.items():
        entry = load("languages").by_code(code)
        said = f"{count} safety texts that nobody has read" if count else "read"
        tell(f"{code:<{_WIDTH}}{entry.english if entry else code}: {said}")
