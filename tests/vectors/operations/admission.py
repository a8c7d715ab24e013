"""What admits: weekly keys, work, tokens."""

from __future__ import annotations

from crypto.client import signing
from crypto.constants import TOKEN_ELEMENT_BYTES, TOKEN_PROOF_BYTES
from crypto.public import organisation_keys, tokens, work
from crypto.public.statements import Kind, Statement
from tests.reference import ristretto_voprf as reference
from tests.vectors.values import Drawn, Given, Output, changed, unbytes, unlist


def make_weekly_key(given: Given) -> Output:
    """Sign a weekly key."""
    key = signing.sign_weekly_key(
        unbytes(given["organisation_seed"]),
        network_id=unbytes(given["network_id"]),
        first=given["first"],
        public_key=unbytes(given["public_key"]),
    )
    return {"weekly_key": bytes(key)}


def check_weekly_key(given: Given) -> Output:
    """Check a weekly key against the organisation of a statement that holds."""
    statement = Statement(
        network_id=unbytes(given["network_id"]),
        kind=Kind.VETTED,
        serial=1,
        organisation=unbytes(given["organisation"]),
        profile=bytes(32),
        first=0,
        until=0,
        name="Example House",
    )
    weekly_key = unbytes(given["weekly_key"])
    key = organisation_keys.check_weekly_key(weekly_key, statement, given["today"])
    return {"public_key": key.public_key, "first": key.first, "last": key.last}


def check_work(given: Given) -> Output:
    """Check a proof of work."""
    work.check(_task(given), unbytes(given["nonce"]))
    return {}


def search_work(given: Given) -> Output:
    """Search for a proof of work."""
    return {"nonce": work.search(_task(given), int(given["start"]), given["tries"])}


def token_period(given: Given) -> Output:
    """Say in which period an epoch lies, and until when its tokens are taken."""
    period = tokens.period_of(given["epoch"])
    return {"period": period, "last_epoch": tokens.last_epoch_of(period)}


def token_issue(given: Given) -> Output:
    """Evaluate a batch; its proof is drawn afresh, so it is verified and not compared."""
    issuer, request = _issuer(given), unbytes(given["request"])
    answer = issuer.issue(request)
    proof, elements = answer[:TOKEN_PROOF_BYTES], _split(answer[TOKEN_PROOF_BYTES:])
    public, *points = map(reference.deserialize_element, [issuer.public_key, *_split(request)])
    evaluated = [reference.deserialize_element(element) for element in elements]
    assert reference.verify_proof(public, points, evaluated, proof)
    return {"public_key": issuer.public_key, "elements": elements}


def token_round(given: Given) -> Output:
    """Draw a batch, have it evaluated, change the answer on its way, finalize."""
    issuer, inputs = _issuer(given), unlist(given["inputs"])
    draw = tokens.draw(len(inputs), random=Drawn(*inputs))
    answer = issuer.issue(draw.request)
    if "change" in given:
        answer = changed(answer, given["change"])
    public_key = unbytes(given["public_key"]) if "public_key" in given else issuer.public_key
    return {"tokens": draw.finalize(answer, public_key)}


def token_redeem(given: Given) -> Output:
    """Redeem a token."""
    return {"nullifier": _issuer(given).redeem(unbytes(given["token"]))}


def _task(given: Given) -> work.Task:
    network_id, envelope = unbytes(given["network_id"]), unbytes(given["envelope"])
    return work.task(network_id, given["epoch"], envelope, given["bits"])


def _issuer(given: Given) -> tokens.Issuer:
    return tokens.Issuer(unbytes(given["seed"]), unbytes(given["network_id"]), given["period"])


def _split(elements: bytes) -> list[bytes]:
    size = TOKEN_ELEMENT_BYTES
    return [elements[at : at + size] for at in range(0, len(elements), size)]
