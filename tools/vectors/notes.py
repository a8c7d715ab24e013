"""Signed notes and the texts in them (statements.md), written down as they must or must not be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.vectors import wire

DAY_SECONDS = 86_400
NOON = DAY_SECONDS // 2


@dataclass(frozen=True)
class Signer:
    """A name with an Ed25519 key, drawn from a label."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        """The public key."""
        return wire.ed25519_public(self.seed)

    def listed(self, keyword: str) -> str:
        """The line of a policy."""
        return f"{keyword} {self.name} {wire.b64(self.public)}\n"

    def line(self, text: str) -> str:
        """A signature line as admin or log."""
        return self._line(1, wire.sign(self.seed, text.encode()))

    def cosign(self, text: str, epoch: int) -> str:
        """A signature line as witness, at noon of a day."""
        time = epoch * DAY_SECONDS + NOON
        message = f"cosignature/v1\ntime {time}\n{text}"
        return self._line(4, wire.u64(time) + wire.sign(self.seed, message.encode()))

    def _line(self, alg: int, signature: bytes) -> str:
        named = self.name.encode() + b"\n" + wire.u8(alg) + self.public
        return signature_line(self.name, wire.sha256(named)[:4] + signature)


def signature_line(name: str, blob: bytes) -> str:
    """A signature line of a key id and signature."""
    return f"\u2014 {name} {wire.b64(blob)}\n"


def signer(name: str, label: str = "") -> Signer:
    """A signer whose key comes from the name, or from a label to have another."""
    return Signer(name, wire.draw(f"signer {label or name}", 32))


def note(text: str, *lines: str) -> str:
    """A text and its signature lines."""
    return text + "\n" + "".join(lines)


def signed(text: str, *signers: Signer) -> str:
    """A note signed by admins or by the log."""
    return note(text, *(one.line(text) for one in signers))


@dataclass(frozen=True)
class Policy:
    """The parts of a policy (statements.md, 4)."""

    admins: Sequence[Signer]
    log: Signer
    threshold: int = 2
    witnesses: Sequence[Signer] = ()
    quorum: int = 0
    version: int = 1
    until: int = 30_000
    network_id: bytes = b""
    former_admins: Sequence[Signer] = ()
    former_witnesses: Sequence[Signer] = ()
    regions: Sequence[str] = ()

    @property
    def text(self) -> str:
        """The text, in the order that the page gives."""
        network = "new" if self.version == 1 else wire.b64(self.network_id)
        head = (
            f"towpath/v1/policy\nnetwork {network}\nversion {self.version}\n"
            f"threshold {self.threshold}\nwitnesses {self.quorum}\nuntil {self.until}\n"
        )
        lists = (
            ("log", (self.log,)),
            ("admin", self.admins),
            ("witness", self.witnesses),
            ("former-admin", self.former_admins),
            ("former-witness", self.former_witnesses),
        )
        keys = "".join(one.listed(keyword) for keyword, listed in lists for one in listed)
        return head + keys + "".join(f"region {region}\n" for region in self.regions)


def network_id_of(text: str) -> bytes:
    """The network id of the text of version 1."""
    return wire.sha256(wire.frame("network", text.encode()))


def statement(network_id: bytes, organisation: bytes, profile: bytes, /, **changed: object) -> str:
    """The text of a statement; `changed` replaces values by keyword, `first` standing for from."""
    values: dict[str, object] = {
        "network": wire.b64(network_id),
        "kind": "vetted",
        "serial": 7,
        "organisation": wire.b64(organisation),
        "profile": wire.b64(wire.sha256(profile)),
        "from": changed.pop("first", 0),
        "until": 0,
        "name": "Example House",
    }
    assert changed.keys() <= values.keys()
    lines = [f"{keyword} {value}\n" for keyword, value in {**values, **changed}.items()]
    return "towpath/v1/statement\n" + "".join(lines)


def suspensions(network_id: bytes, *organisations: bytes, serial: object = 8) -> str:
    """A suspension list in the order given, ending all statements below `serial`."""
    lines = "".join(f"organisation {wire.b64(one[:12])} {serial}\n" for one in organisations)
    return f"towpath/v1/suspensions\nnetwork {wire.b64(network_id)}\n{lines}"


def checkpoint(policy: Policy, size: object, root: bytes, listed: str) -> str:
    """The text of a checkpoint of a policy's log, which names that policy and a suspension list."""
    under, digest = (wire.b64(wire.sha256(text.encode())) for text in (policy.text, listed))
    return (
        f"{policy.log.name}\n{size}\n{wire.b64(root)}\n"
        f"policy {policy.version} {under}\nsuspensions {digest}\n"
    )
