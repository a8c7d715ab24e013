"""What an admin still needs before she may sign (vetting.md, 4)."""

from __future__ import annotations

from typing import Any

from tools.vectors.applications import NAME
from tools.vectors.notes import Policy, Signer, signed, statement
from tools.vectors.people import (
    ASHA,
    BERIT,
    CARLA,
    DORA,
    LATER,
    NETWORK_ID,
    ORGANISATION,
    OTHER_NETWORK_ID,
    OTHER_ORGANISATION,
    POLICY,
    PROFILE,
    TODAY,
)
from tools.vectors.scenario import Scenario, Scenarios, maker, utf8
from tools.vectors.vetting_sealed import LISTING
from tools.vectors.vetting_written import MARK, NOTE, SIGNATURE, TEXT

_make = maker("vetting_missing", "vetting.md 4")

BLOCKING = (1, 2, 3, 5, 7)
MET, NOT_MET, UNCLEAR, TAKEN_BACK = 1, 2, 3, 4
Said = dict[str, Any]


def mark(author: Signer, criterion: int, state: int = MET, epoch: int = TODAY) -> Said:
    """A mark."""
    said = {"author": author.public, "epoch": epoch, "kind": MARK}
    return {**said, "criterion": criterion, "state": state, "text": ""}


def all_met(*authors: Signer, epoch: int = TODAY) -> list[Said]:
    """Every blocking item, by each of these."""
    return [mark(author, item, epoch=epoch) for author in authors for item in BLOCKING]


def signature(author: Signer, text: str = TEXT) -> Said:
    """A signature."""
    said = {"author": author.public, "epoch": TODAY, "kind": SIGNATURE}
    return {**said, "note": signed(text, author).encode()}


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _marked()
    yield from _objected()
    yield from _other_statements()
    yield from _signed()


def _one(
    name: str,
    comment: str,
    entries: list[Said],
    *missing: list[Any],
    admin: Signer = ASHA,
    policy: Policy = POLICY,
    text: str = TEXT,
    lines: list[Signer] | None = None,
) -> Scenario:
    inputs = {
        "statement": utf8(text),
        "listing": LISTING,
        "network_id": NETWORK_ID,
        "policy": utf8(policy.text),
        "entries": entries,
        "admin": admin.public,
        "today": TODAY,
    }
    output = {"missing": list(missing), "lines": [one.public for one in lines or []]}
    return _make(f"vetting_missing_{name}", comment, inputs, output=output)


def own(*criteria: int) -> list[list[Any]]:
    """She has not marked these."""
    return [["own", one, 0, b"", 0] for one in criteria]


def _others(count: int, *criteria: int) -> list[list[Any]]:
    return [["others", one, count, b"", 0] for one in criteria]


def _by(author: Signer, criterion: int, state: int) -> list[Any]:
    return ["objection", criterion, 0, author.public, state]


def _both(criteria: tuple[int, ...]) -> list[list[Any]]:
    return [
        line for one in criteria for line in (["own", one, 0, b"", 0], ["others", one, 1, b"", 0])
    ]


def _marked() -> Scenarios:
    yield _one("nothing", "Both of two have marked all five.", all_met(ASHA, BERIT))
    yield _one("all", "Nobody has marked anything.", [], *_both(BLOCKING))
    yield _one("others", "One admin alone is not k.", all_met(ASHA), *_others(1, *BLOCKING))
    yield _one(
        "own",
        "k others have marked all, and she has not: she may not sign on their word.",
        all_met(BERIT, CARLA),
        *own(*BLOCKING),
    )
    yield _one(
        "one_item",
        "One item of hers is not marked.",
        [*all_met(BERIT), *(mark(ASHA, one) for one in BLOCKING if one != 3)],
        *own(3),
    )
    yield _one(
        "not_blocking",
        "What is not blocking is in nobody's way.",
        [*all_met(ASHA, BERIT), mark(CARLA, 4, NOT_MET), mark(CARLA, 16, UNCLEAR)],
    )
    yield _one(
        "twice",
        "The same admin twice is one admin.",
        all_met(ASHA, ASHA),
        *_others(1, *BLOCKING),
    )
    yield _one(
        "former",
        "An admin who has left is not one of k.",
        all_met(ASHA, CARLA),
        *_others(1, *BLOCKING),
        policy=LATER,
    )
    yield _one(
        "threshold_3",
        "k is 3: two more are needed where she alone has marked.",
        [*all_met(ASHA), mark(BERIT, 1)],
        *_others(1, 1),
        *_others(2, *BLOCKING[1:]),
        policy=_of_three(),
    )
    yield _one(
        "ninety_days",
        "Marks of 90 days ago still count.",
        all_met(ASHA, BERIT, epoch=TODAY - 90),
    )
    yield _one(
        "too_old",
        "Marks of 91 days ago do not.",
        [*all_met(ASHA), *all_met(BERIT, epoch=TODAY - 91)],
        *_others(1, *BLOCKING),
    )
    note = {"author": BERIT.public, "epoch": TODAY, "kind": NOTE, "text": "All met."}
    yield _one("note", "A note is no mark.", [*all_met(ASHA), note], *_others(1, *BLOCKING))


def _of_three() -> Policy:
    return Policy(
        admins=POLICY.admins, log=POLICY.log, threshold=3, version=2, network_id=NETWORK_ID
    )


def _objected() -> Scenarios:
    met = all_met(ASHA, BERIT)
    for name, state in (("not_met", NOT_MET), ("unclear", UNCLEAR)):
        yield _one(
            f"objection_{name}",
            "k admins say met, one says otherwise: nobody signs.",
            [*met, mark(CARLA, 2, state)],
            _by(CARLA, 2, state),
        )
    yield _one(
        "objection_old",
        "An objection does not grow old.",
        [*met, mark(CARLA, 2, NOT_MET, TODAY - 91)],
        _by(CARLA, 2, NOT_MET),
    )
    yield _one(
        "objection_taken_back",
        "Taken back, it is gone.",
        [mark(CARLA, 2, NOT_MET), *met, mark(CARLA, 2, TAKEN_BACK)],
    )
    yield _one(
        "objection_turned",
        "Turned to met, it is gone.",
        [mark(CARLA, 2, NOT_MET), *met, mark(CARLA, 2)],
    )
    yield _one(
        "objection_again",
        "The last mark counts, not the first.",
        [mark(CARLA, 2), *met, mark(CARLA, 2, UNCLEAR)],
        _by(CARLA, 2, UNCLEAR),
    )
    yield _one(
        "objection_by_another_taken_back",
        "Nobody takes back another's objection.",
        [*met, mark(CARLA, 2, NOT_MET), mark(BERIT, 2, TAKEN_BACK), mark(BERIT, 2)],
        _by(CARLA, 2, NOT_MET),
    )
    yield _one(
        "objection_retired",
        "It goes with who made it.",
        [*all_met(ASHA, BERIT), mark(CARLA, 2, NOT_MET)],
        policy=LATER,
    )
    yield _one(
        "objection_own",
        "Her own objection stops her, and she is not one of k.",
        [*all_met(ASHA, BERIT), mark(ASHA, 2, NOT_MET)],
        *own(2),
    )
    yield _one(
        "objection_two",
        "Two others object, in the order of the policy.",
        [*met, mark(CARLA, 7, NOT_MET), mark(BERIT, 7, UNCLEAR)],
        *_others_none(7),
        _by(BERIT, 7, UNCLEAR),
        _by(CARLA, 7, NOT_MET),
    )
    yield _one(
        "withdrawn",
        "A mark of one of k was taken back.",
        [*met, mark(BERIT, 5, TAKEN_BACK)],
        *_others(1, 5),
    )


def _others_none(criterion: int) -> list[list[Any]]:
    return _others(1, criterion)


def _other_statements() -> Scenarios:
    def text(**changed: Any) -> str:
        given = {"until": TODAY + 90, "name": NAME, "first": TODAY, **changed}
        network_id = given.pop("network_id", NETWORK_ID)
        organisation = given.pop("organisation_key", ORGANISATION)
        profile = given.pop("profile_bytes", PROFILE)
        return statement(network_id, organisation, profile, **given)

    rows: dict[str, tuple[str, str]] = {
        "name": ("Another name.", text(name="Harbor House")),
        "organisation": ("Another organisation.", text(organisation_key=OTHER_ORGANISATION)),
        "profile": ("Another profile.", text(profile_bytes=PROFILE + b"\x00")),
        "network": ("Another network.", text(network_id=OTHER_NETWORK_ID)),
        "suspended": ("A suspension.", text(kind="suspended")),
        "malformed": ("No statement.", POLICY.text),
        "too_long": ("91 days.", text(until=TODAY + 91)),
    }
    for name, (comment, said) in rows.items():
        yield _one(
            f"statement_{name}",
            f"{comment} Every item is met, and it is not signed all the same.",
            all_met(ASHA, BERIT),
            ["statement", 0, 0, b"", 0],
            text=said,
        )


def _signed() -> Scenarios:
    met = all_met(ASHA, BERIT)
    other = statement(
        NETWORK_ID, ORGANISATION, PROFILE, first=TODAY, until=TODAY + 60, name=NAME, serial=1
    )
    yield _one(
        "lines",
        "Another has signed this text.",
        [*met, signature(BERIT)],
        lines=[BERIT],
    )
    yield _one(
        "lines_other_text",
        "Another has signed another text of the same organisation.",
        [*met, signature(BERIT, other)],
    )
    yield _one(
        "lines_last",
        "Only the last signature of each counts.",
        [*met, signature(BERIT), signature(BERIT, other), signature(ASHA, other), signature(ASHA)],
        lines=[ASHA],
    )
    yield _one(
        "lines_former",
        "Who has left signs nothing any more.",
        [*all_met(ASHA, BERIT), signature(CARLA), signature(BERIT)],
        policy=LATER,
        lines=[BERIT],
    )
    yield _one(
        "lines_objection",
        "Signed by another, and objected to by a third: the k-th does not sign.",
        [*met, signature(BERIT), mark(CARLA, 1, NOT_MET)],
        _by(CARLA, 1, NOT_MET),
        lines=[BERIT],
    )
    yield _one(
        "not_an_admin",
        "Who is no admin has marked nothing.",
        met,
        *own(*BLOCKING),
        admin=DORA,
    )
