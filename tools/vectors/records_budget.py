"""The budget that record.md, 1 promises: k = 3, 5 witnesses, a log of 2 to the 20 entries."""

from __future__ import annotations

from tools.vectors import wire
from tools.vectors.notes import Policy, signed, signer, statement, suspensions
from tools.vectors.people import ORGANISATION, TODAY
from tools.vectors.profiles import longest
from tools.vectors.records import Place, Record, checking
from tools.vectors.scenario import Scenarios, maker

_NAME = "record_budget_k3_w5_log2_20"
_HASHES = tuple(wire.draw(f"long log {n}", 32) for n in range(20))
_ADMINS = tuple(signer(f"admin-{n}-".ljust(24, "x")) for n in range(3))
_WITNESSES = tuple(signer(f"witness-{n}.example/".ljust(32, "x")) for n in range(5))
_LOG = signer("log.example/".ljust(32, "x"))
_POLICY = Policy(
    admins=_ADMINS,
    threshold=3,
    log=_LOG,
    witnesses=_WITNESSES,
    quorum=5,
    version=2**32 - 1,
    network_id=wire.draw("budget network", 32),
)

_seal = maker("seal_record", "record.md 1")
_open = maker("open_record", "record.md 1")


def scenarios() -> Scenarios:
    """A record in which everything is as long as the budget allows, made and opened."""
    record = _record()
    yield _seal(
        _NAME,
        "Longest names and profile, three signatures, five cosignatures, twenty hashes: bytes "
        "used by each part with its length, and the room that is left.",
        record.inputs(),
        output=record.made(),
    )
    yield _open(
        f"{_NAME}_open",
        "The same record opens, and every check holds.",
        checking(record.seal(), record.place),
        output=record.said(),
    )


def _record() -> Record:
    network_id = _POLICY.network_id
    sizes = {"locator": 16, "record_key": 32, "record_commitment": 32}
    code = {name: wire.draw(f"budget {name}", size) for name, size in sizes.items()}
    place = Place(_POLICY, network_id, code, suspensions(network_id))
    profile, _ = longest()
    text = statement(
        network_id,
        ORGANISATION,
        profile,
        serial=2**32 - 2,
        first=TODAY,
        until=TODAY + 90,
        name="\u0939" * 32,
    )
    return Record(
        place=place,
        statement=signed(text, *_ADMINS),
        profile=profile,
        index=777_777,
        hashes=_HASHES,
    )
