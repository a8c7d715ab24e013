"""The log: its entries, its edge, its pieces, and what it shows of suspensions."""

from __future__ import annotations

from crypto.encoding import text
from crypto.public import consistency, edge, log_entries, suspensions, tiles
from crypto.public.log_entries import ProfileEntry, TokenKeyEntry, WeeklyKeyEntry
from tests.vectors.operations.signed import accepted
from tests.vectors.values import Given, Output, unbytes, unlist


def extend_edge(given: Given) -> Output:
    """Put entries at the end of a log of which the edge is known."""
    found = edge.extend(edge.decode(unbytes(given["edge"])), unlist(given["entries"]))
    return {"edge": edge.encode(found), "size": str(found.size), "root": edge.root(found)}


def check_consistency(given: Given) -> Output:
    """Check that one log begins another."""
    consistency.verify_consistency(
        unlist(given["hashes"]),
        first=int(given["first"]),
        first_root=unbytes(given["first_root"]),
        size=int(given["size"]),
        root=unbytes(given["root"]),
    )
    return {}


def read_log_entry(given: Given) -> Output:
    """Read an entry, and write it again where it is no note."""
    data = unbytes(given["entry"])
    found = log_entries.parse(data)
    output: Output = {"label": text(data).partition("\n")[0], "again": data}
    if isinstance(found, ProfileEntry | WeeklyKeyEntry | TokenKeyEntry):
        parts = {name: getattr(found, name) for name in type(found).__slots__}
        return {**output, **parts, "again": log_entries.format_entry(found)}
    return output


def tile_path(given: Given) -> Output:
    """Read a path, and write it again."""
    found = tiles.parse_path(given["path"])
    assert tiles.path_of(found) == given["path"]
    there = tiles.is_in(found, int(given["size"]))
    return {"rows": found.rows, "number": found.number, "width": found.width, "there": there}


def read_bundle(given: Given) -> Output:
    """Read a bundle, and write it again."""
    data = unbytes(given["bundle"])
    values = tiles.read_bundle(data, given["width"])
    assert tiles.write_bundle(values) == data
    return {"values": values}


def add_suspended(given: Given) -> Output:
    """Take suspensions that wait for witnesses as lines of the list."""
    listed = suspensions.parse(unbytes(given["suspensions"]))
    found = suspensions.add_suspended(listed, unlist(given["suspended"]), accepted(given))
    return {"ended": [[one.start, one.serial] for one in found.ended]}
