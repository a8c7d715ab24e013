"""The network, organisation and secrets that most scenarios share; none of them is real."""

from __future__ import annotations

from dataclasses import replace

from tools.vectors import wire
from tools.vectors.notes import Policy, network_id_of, signer

MONDAY = 20_500
TODAY = MONDAY + 2
LAST_EPOCH = MONDAY + 56

ASHA, BERIT, CARLA = (signer(name) for name in ("asha", "berit", "carla"))
DORA = signer("dora")
STRANGER = signer("stranger")
LOG = signer("log.example/towpath")
WITNESSES = tuple(signer(f"witness-{n}.example") for n in (1, 2, 3))
FORMER_WITNESS = signer("witness-0.example")

POLICY = Policy(
    admins=(ASHA, BERIT, CARLA),
    log=LOG,
    witnesses=WITNESSES,
    quorum=2,
    regions=("1000 Harbour", "1001 Old Town"),
)
NETWORK_ID = network_id_of(POLICY.text)
OTHER_NETWORK_ID = wire.draw("other network", 32)
# Version 2: Carla has left, Dora has come, and one witness was replaced.
LATER = replace(
    POLICY,
    admins=(ASHA, BERIT, DORA),
    version=2,
    network_id=NETWORK_ID,
    former_admins=(CARLA,),
    former_witnesses=(FORMER_WITNESS,),
)

CODE = wire.draw("code", 10)
RECEIPT = wire.draw("receipt", 10)
ORGANISATION_SEED = wire.draw("organisation", 32)
ORGANISATION = wire.ed25519_public(ORGANISATION_SEED)
OTHER_ORGANISATION_SEED = wire.draw("other organisation", 32)
OTHER_ORGANISATION = wire.ed25519_public(OTHER_ORGANISATION_SEED)
ONE_TIME_SEED = wire.draw("one-time seed", 32)
WEEKLY_SEED = wire.draw("weekly seed", 32)
OTHER_SEED = wire.draw("another X-Wing seed", 32)

PROFILE = wire.fields(
    {
        1: wire.ids(1),
        2: wire.ids(1, 5, 9),
        5: wire.ids(1),
        6: wire.ids(2),
        7: wire.ids(1, 3),
        10: wire.ids(1000),
    }
)
