"""Makes docs/spec/vectors/*.json; --check names what is missing, stale or there for no reason.

How a scenario reads is said in docs/spec/vectors.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.vectors import (
    admin_files,
    applications,
    armours,
    boxes,
    boxes_refused,
    calls,
    calls_refused,
    carried,
    checkpoints,
    codes_text,
    derivations,
    edges,
    envelopes,
    envelopes_refused,
    invites,
    log_entries,
    logs,
    member_files,
    merges,
    merges_edges,
    merges_settings,
    messages,
    messages_refused,
    policies,
    policy_texts,
    profiles,
    records_budget,
    records_check,
    records_network,
    records_open,
    recoveries,
    requests,
    signatures,
    statements,
    store_entries,
    stores_open,
    suspended,
    suspension_lists,
    tiles,
    tokens,
    vetting_keys,
    vetting_rules,
    vetting_sealed,
    vetting_written,
    walk_ins,
)

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "spec" / "vectors"
AREAS = (
    codes_text,
    derivations,
    messages,
    messages_refused,
    envelopes,
    envelopes_refused,
    boxes,
    boxes_refused,
    walk_ins,
    profiles,
    records_open,
    records_check,
    records_network,
    records_budget,
    policies,
    policy_texts,
    statements,
    checkpoints,
    suspension_lists,
    logs,
    log_entries,
    edges,
    tiles,
    suspended,
    signatures,
    tokens,
    member_files,
    store_entries,
    stores_open,
    merges,
    merges_edges,
    merges_settings,
    admin_files,
    requests,
    armours,
    carried,
    calls,
    calls_refused,
    applications,
    invites,
    recoveries,
    vetting_keys,
    vetting_sealed,
    vetting_written,
    vetting_rules,
)


def render() -> dict[str, str]:
    """Return the text of every file, by file name."""
    files: dict[str, str] = {}
    for area in AREAS:
        for scenario in area.scenarios():
            name = f"{scenario.name}.json"
            if name in files:
                raise ValueError(f"two scenarios are called {scenario.name}")
            files[name] = scenario.render()
    return files


def differences(wanted: Mapping[str, str], folder: Path) -> list[str]:
    """Say of each file in which it differs how the folder is not what is wanted."""
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    missing = [f"missing: {name}" for name in wanted.keys() - there.keys()]
    extra = [f"extra: {name}" for name in there.keys() - wanted.keys()]
    both = wanted.keys() & there.keys()
    stale = [f"stale: {name}" for name in both if wanted[name] != there[name]]
    return sorted(missing + extra + stale)


def write(wanted: Mapping[str, str], folder: Path) -> None:
    """Make the folder what is wanted, and leave files alone that are so already."""
    folder.mkdir(parents=True, exist_ok=True)
    for line in differences(wanted, folder):
        what, _, name = line.partition(": ")
        if what == "extra":
            (folder / name).unlink()
        else:
            (folder / name).write_text(wanted[name], encoding="utf-8")


def main() -> int:
    """Write the files, or with --check compare and return 1 when they differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only")
    wanted = render()
    if not parser.parse_args().check:
        write(wanted, FOLDER)
        return 0
    found = differences(wanted, FOLDER)
    if found:
        sys.stdout.write("\n".join([*found, "(run ./dev vectors)\n"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
