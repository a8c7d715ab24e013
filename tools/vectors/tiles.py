"""Where the pieces of a log lie, and what is in a bundle (log.md, 3)."""

from __future__ import annotations

from tools.vectors import wire
from tools.vectors.scenario import Scenarios, maker

_path = maker("tile_path", "log.md 3")
_bundle = maker("read_bundle", "log.md 3")
_SIZE = 70_000


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _paths()
    yield from _paths_refused()
    yield from _bundles()
    yield from _bundles_refused()


def _paths() -> Scenarios:
    rows = {
        "0/000": ("0", 0, 256, True),
        "0/272": ("0", 272, 256, True),
        "0/273": ("0", 273, 256, False),
        "0/273.p/112": ("0", 273, 112, True),
        "0/273.p/113": ("0", 273, 113, False),
        "1/000": ("1", 0, 256, True),
        "1/001.p/17": ("1", 1, 17, True),
        "1/001.p/18": ("1", 1, 18, False),
        "2/000.p/1": ("2", 0, 1, True),
        "2/000.p/2": ("2", 0, 2, False),
        "3/000.p/1": ("3", 0, 1, False),
        "entries/000.p/1": ("entries", 0, 1, True),
        "entries/272": ("entries", 272, 256, True),
        "proofs/273.p/112": ("proofs", 273, 112, True),
        "proofs/x001/067": ("proofs", 1_067, 256, False),
        "entries/x262/143": ("entries", 262_143, 256, False),
    }
    for at, (path, (rows_, number, width, there)) in enumerate(rows.items()):
        output = {"rows": rows_, "number": number, "width": width, "there": there}
        given = {"path": path, "size": str(_SIZE)}
        yield _path(f"tile_path_{at}", "A path, in a log of 70,000.", given, output=output)


def _paths_refused() -> Scenarios:
    refused = {
        "empty": "",
        "no_number": "0/",
        "level_4": "4/000",
        "level_leading_zero": "00/000",
        "other_rows": "data/000",
        "upper_case": "Entries/000",
        "two_digits": "0/67",
        "four_digits": "0/1067",
        "group_without_x": "0/001/067",
        "last_group_with_x": "0/x067",
        "x_leading_group": "0/x000/067",
        "beyond": "entries/x262/144",
        "far_beyond": "entries/x999/x999/x999/x999/999",
        "width_0": "0/000.p/0",
        "width_256": "0/000.p/256",
        "width_leading_zero": "0/000.p/01",
        "width_missing": "0/000.p/",
        "width_four_digits": "0/000.p/1000",
        "slash_in_front": "/0/000",
        "slash_behind": "0/000/",
        "dots": "0/../000",
        "line_feed": "0/000\n",
        "other_digits": "0/00\u0661",
        "other_level_digits": "\u0661/000",
    }
    for name, path in refused.items():
        given = {"path": path, "size": str(_SIZE)}
        yield _path(f"tile_path_refused_{name}", "No path of a tile.", given, "Malformed")


def _bundles() -> Scenarios:
    values = [wire.draw(f"entry of a bundle {n}", 40 + n) for n in range(3)]
    rows = {
        "three": values,
        "one_empty": [b""],
        "256_empty": [b""] * 256,
        "longest": [b"a" * 16_384],
    }
    for name, given in rows.items():
        yield _bundle(
            f"bundle_{name}",
            "Each value behind its length.",
            {"bundle": b"".join(map(wire.lp, given)), "width": len(given)},
            output={"values": given},
        )


def _bundles_refused() -> Scenarios:
    good = b"".join(map(wire.lp, (b"one", b"two")))
    rows = {
        "empty": ("Nothing, where one is asked for.", b"", 1),
        "fewer": ("Two where three are asked for.", good, 3),
        "more": ("Two where one is asked for.", good, 1),
        "cut": ("The last byte is missing.", good[:-1], 2),
        "byte_more": ("A byte too many.", good + b"\x00", 2),
        "half_a_length": ("Half a length at the end.", good + b"\x00", 3),
        "too_long": ("A value of 16,385 bytes.", wire.lp(b"a" * 16_385), 1),
    }
    for name, (comment, given, width) in rows.items():
        yield _bundle(
            f"bundle_refused_{name}", comment, {"bundle": given, "width": width}, "Malformed"
        )
