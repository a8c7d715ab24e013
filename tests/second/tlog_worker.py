"""Runs under .venv-tlog: aics-tlog's view of a log, one line of JSON asked, one answered.

Nothing of ours is imported here. Bytes are hexadecimal.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import aics_tlog as tlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_WITNESS = 0x04


def look(said: dict[str, Any]) -> dict[str, Any]:
    """Fetch a log over HTTP and check all of it: see `Tlog.look`."""
    reader = tlog.HttpTileReader(said["url"], proxies={})
    note = tlog.parse_note(reader.read_checkpoint())
    checked = tlog.verify_checkpoint(
        note,
        tlog.vkey_from_ed25519(said["log"][0], bytes.fromhex(said["log"][1])),
        [tlog.cosignature_vkey(name, bytes.fromhex(key)) for name, key in said["witnesses"]],
        quorum=said["quorum"],
    )
    if not checked.ok:
        return {"refused": checked.error}
    size, root = checked.size, checked.root
    tlog.audit_tiles(reader, size, root)
    seen = tlog.VerifiedTileReader(reader, size, root)
    entries = [seen.entry(index) for index in range(size)]
    for index, entry in enumerate(entries):
        proof = tlog.inclusion_proof_from_tiles(seen, index, size)
        if not tlog.verify_leaf_inclusion(entry, index, size, proof, root):
            return {"refused": f"entry {index} is not in the tree"}
    roots = [tlog.tree_root_from_tiles(seen, at, size) for at in range(1, size + 1)]
    steps = 0
    for new in range(1, size + 1):
        for old in range(1, new + 1):
            proof = tlog.consistency_proof_from_tiles(seen, old, new, size)
            if not tlog.verify_consistency(old, new, roots[old - 1], roots[new - 1], proof):
                return {"refused": f"{old} does not begin {new}"}
            steps += 1
    return {
        "size": size,
        "root": root.hex(),
        "witnesses": checked.witnesses,
        "entries": [entry.hex() for entry in entries],
        "roots": [one.hex() for one in roots],
        "consistent": steps,
    }


def make(said: dict[str, Any]) -> dict[str, Any]:
    """Write a log of these entries as tiles below a folder, with proofs and a checkpoint."""
    entries = [bytes.fromhex(entry) for entry in said["entries"]]
    store = tlog.DirectoryTileStore(Path(said["folder"]), fsync=False)
    tlog.IncrementalTileWriter(store).append(entries)
    tree = tlog.MerkleTree(entries)
    name, seed = said["log"]
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
    extra = tuple(said["lines"])
    checkpoint = tlog.Checkpoint(name, len(entries), tree.root(), extra)
    note = tlog.sign_checkpoint(checkpoint, key, name)
    lines = list(note.signatures)
    for witness, its_seed, time in said["witnesses"]:
        its_key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(its_seed))
        lines.append(
            tlog.sign_cosignature(its_key, witness, time, name, len(entries), tree.root(), extra)[1]
        )
    size = len(entries)
    return {
        "note": tlog.Note(text=note.text, signatures=tuple(lines)).to_bytes().hex(),
        "root": tree.root().hex(),
        "inclusions": [[one.hex() for one in tree.inclusion_proof(index)] for index in range(size)],
        "consistent": [
            [old, tree.root(old).hex(), [one.hex() for one in tree.consistency_proof(old, size)]]
            for old in range(1, size + 1)
        ],
    }


def verify(said: dict[str, Any]) -> dict[str, Any]:
    """Say whether a checkpoint's note holds with a log's key and enough of these witnesses."""
    try:
        checked = tlog.verify_checkpoint(
            tlog.parse_note(bytes.fromhex(said["note"])),
            tlog.vkey_from_ed25519(said["log"][0], bytes.fromhex(said["log"][1])),
            [tlog.cosignature_vkey(name, bytes.fromhex(key)) for name, key in said["witnesses"]],
            quorum=said["quorum"],
        )
    except ValueError as refused:
        return {"refused": str(refused)}
    return {"ok": True} if checked.ok else {"refused": checked.error}


_OPERATIONS = {"look": look, "make": make, "verify": verify}


def main() -> None:
    """Answer until the questions end."""
    for line in sys.stdin:
        said = json.loads(line)
        try:
            answer = _OPERATIONS[said.pop("op")](said)
        except (tlog.TileVerificationError, tlog.TileMissingError) as refused:
            answer = {"refused": str(refused)}
        except Exception as fault:  # told to whoever asked, who fails
            answer = {"error": repr(fault)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
