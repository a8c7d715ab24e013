"""An organisation that applies to a server that will be seized, and two admins who write about it.

Everything is sealed for real and goes over HTTP; every word has a canary in it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from crypto import constants as c
from crypto.client import application, vetting_entries
from crypto.client.application import Answer, ReadingKeys
from crypto.client.hpke import PrivateKey
from crypto.client.vetting_entries import Entry, Reply
from crypto.encoding import Random
from crypto.public import admin_keys, applications, keys, note_signing
from crypto.public.note_signing import Signer
from server.clock import SystemClock, day_of
from tests.crypto.networks import Network, seed_of
from tests.server import calling
from tests.server.scene import b64url, from_b64url
from tests.server.seizure import Canary, of_kind
from tests.server.serving import Served

NAME = "Quietheron House"
CONTACT = "ask for quietheronia at five five five"
ANSWER = "quietheron answer to V{}, page 4"
NOTE, MARK, DECLINE = "quietheronote of Asha", "quietheronmark of Bilal", "quietheronno of Asha"
REPLY = "quietheronreply: one question is left"
PATH = "/v1/applications"


@dataclass
class Applicant:
    """The organisation, its application, and what the admins who read it do."""

    network: Network
    random: Random
    seed: bytes = seed_of("organisation quietheron")
    member_seed: bytes = seed_of("member of quietheron")
    counters: Counter[bytes] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.network = replace(self.network, today=day_of(SystemClock()))
        self.secret = self.random(c.APPLICATION_SECRET_BYTES)
        self.keys: ReadingKeys = application.reading_keys(self.secret, self.network.network_id)
        self.write_key = application.write_key(self.secret, self.network.network_id)
        self.request = applications.make(
            self.seed,
            network_id=self.network.network_id,
            member_key=note_signing.public_of(self.member_seed),
            epoch=self.network.today,
            name=NAME,
            profile=self.network.profile,
        )

    @property
    def id(self) -> str:
        """The application's id, as it travels."""
        return b64url(self.keys.application_id)

    def note(self, *signers: Signer) -> bytes:
        """The statement about the organisation, signed by these admins."""
        return self.network.statement(self.seed, name=NAME, signed_by=signers)

    # --- What is called, one after the other ----------------------------------------------------

    def apply(self, served: Served) -> bytes:
        """Let every admin post her key, and hand in the application; return it sealed."""
        for admin in self.network.admins:
            key = b64url(admin_keys.make(admin.seed, self.network.network_id))
            assert self.signed(served, admin, "PUT", "/v1/admins/me/key", admin_key=key) == {}
        status, told = served.call("GET", "/v1/admins")
        assert status == 200
        given = map(from_b64url, json.loads(told)["admin_keys"])
        criteria = range(1, c.VETTING_CRITERIA + 1)
        sealed = application.seal(
            self.keys,
            organisation_seed=self.seed,
            listing=self.request,
            contact=CONTACT,
            answers=[
                Answer(criterion=one, kind=1, epoch=1, text=ANSWER.format(one)) for one in criteria
            ],
            readers=admin_keys.holding(given, self.network.policy),
            threshold=self.network.policy.threshold,
            random=self.random,
        )
        hashed = b64url(keys.key_hash(self.write_key))
        body = {"id": self.id, "write_key_hash": hashed, "application": b64url(sealed)}
        assert posted(served, PATH, body) == {}
        return sealed

    def discuss(self, served: Served) -> None:
        """Let two admins read it, write every kind of entry, and reply to the applicant."""
        one, other = self.network.admins[:2]
        for admin in (one, other):
            read = self.signed(served, admin, "POST", f"{PATH}/open", id=self.id, after=0)
            place = {
                "network_id": self.network.network_id,
                "application_id": self.keys.application_id,
            }
            reading = PrivateKey(admin_keys.reading_seed(admin.seed, self.network.network_id))
            found = application.find_keys(from_b64url(read["application"]), reading, **place)
            opened = application.open_(from_b64url(read["application"]), found)
            assert (opened.listing.name, opened.contact) == (NAME, CONTACT)
        written = [
            (one, Entry(author=b"", epoch=1, kind=c.VETTING_NOTE, text=NOTE)),
            (
                other,
                Entry(author=b"", epoch=1, kind=c.VETTING_MARK, criterion=1, state=1, text=MARK),
            ),
            (one, Entry(author=b"", epoch=1, kind=c.VETTING_SIGNATURE, note=self.note(one))),
            (one, Entry(author=b"", epoch=1, kind=c.VETTING_DECLINE, text=DECLINE)),
        ]
        for n, (admin, entry) in enumerate(written):
            self.write(served, admin, n, replace(entry, author=admin.key.public_key))
        handed = vetting_entries.hand_on(
            admin_keys.check(
                admin_keys.make(other.seed, self.network.network_id), self.network.policy
            ),
            self.keys,
        )
        assert (
            self.signed(
                served,
                one,
                "POST",
                f"{PATH}/entries",
                id=self.id,
                n=len(written),
                entry=b64url(handed),
            )
            == {}
        )
        told = Reply(kind=c.REPLY_QUESTION, text=REPLY)
        sealed = vetting_entries.seal_reply(told, self.keys, random=self.random)
        answer = {"id": self.id, "reply": b64url(sealed)}
        assert self.signed(served, one, "POST", f"{PATH}/answer", **answer) == {}
        who = {"id": self.id, "write_key": b64url(self.write_key)}
        reply = from_b64url(posted(served, f"{PATH}/reply", who)["reply"])
        assert vetting_entries.open_reply(reply, self.keys).text == REPLY

    def write(self, served: Served, admin: Signer, n: int, entry: Entry) -> None:
        """Write an entry as an admin, and see that another one reads it."""
        sealed = vetting_entries.seal(
            entry, self.keys, n, author_seed=admin.seed, random=self.random
        )
        body = {"id": self.id, "n": n, "entry": b64url(sealed)}
        assert self.signed(served, admin, "POST", f"{PATH}/entries", **body) == {}
        other = self.network.admins[2]
        read = self.signed(served, other, "POST", f"{PATH}/open", id=self.id, after=n)
        (lies,) = map(from_b64url, read["entries"])
        assert vetting_entries.open_(lies, self.keys, n, self.network.policy).text == entry.text

    def misuse(self, served: Served) -> set[int]:
        """Send what says who applies where it does not belong; return the statuses."""
        note, listing = self.note(self.network.admins[0]), b64url(self.request)
        wrong: list[tuple[str, dict[str, Any]]] = [
            ("/v1/statements", {"note": b64url(note), "listing": listing}),
            ("/v1/statements", {"note": b64url(note), "listing": None}),
            ("/v1/statements", {"note": b64url(note), "listing": listing, "name": NAME}),
            (PATH, {"application": listing}),
            (PATH, {"id": NAME, "write_key_hash": CONTACT, "application": listing}),
            (f"{PATH}/entries", {"id": self.id, "n": 0, "entry": NOTE}),
            (f"{PATH}/reply", {"id": self.id, "write_key": NAME}),
            (f"{PATH}/{NAME.replace(' ', '-')}", {}),
        ]
        headers = {"Content-Type": "application/json"}
        return {
            served.call("POST", path, json.dumps(values).encode(), headers)[0]
            for path, values in wrong
        }

    def signed(
        self, served: Served, admin: Signer, method: str, path: str, **values: Any
    ) -> dict[str, Any]:
        """Make a call that an admin signs."""
        self.counters[admin.seed] += 1
        body = json.dumps(values).encode()
        headers = calling.signed(
            admin.seed,
            self.network.network_id,
            self.counters[admin.seed],
            method=method,
            path=path,
            body=body,
        )
        headers["Content-Type"] = "application/json"
        status, told = served.call(method, path, body, headers)
        assert status == 200, told
        return dict(json.loads(told))

    # --- What nothing may keep ------------------------------------------------------------------

    def words(self) -> list[Canary]:
        """What is never for a server, listed or not."""
        answers = [ANSWER.format(one) for one in range(1, c.VETTING_CRITERIA + 1)]
        keep = [self.secret, self.write_key, self.keys.content_key, self.keys.reply_key]
        return [
            *of_kind("contact", [CONTACT]),
            *of_kind("answers", answers),
            *of_kind("entries", [NOTE, MARK, DECLINE]),
            *of_kind("reply", [REPLY]),
            *of_kind("secret", keep),
        ]

    def name(self) -> list[Canary]:
        """What becomes public when k admins have signed."""
        member = note_signing.public_of(self.member_seed)
        known = [
            note_signing.public_of(self.seed),
            member,
            self.network.profile,
            self.request[-64:],
        ]
        line = self.note(self.network.admins[0]).rsplit(b" ", 1)[1].strip()
        return [*of_kind("name", [NAME]), *of_kind("organisation", known), *of_kind("line", [line])]


def posted(served: Served, path: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Make a call that nobody signs."""
    headers = {"Content-Type": "application/json"}
    status, told = served.call("POST", path, json.dumps(values).encode(), headers)
    assert status == 200, told
    return dict(json.loads(told))
