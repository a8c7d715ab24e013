"""What tests ask of a running network: commands of its admins, and organisations that apply."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from click.testing import CliRunner, Result

from client import ambient, demo_network, network_view
from client.api import Api
from client.cli.admin import admin
from client.demo_places import Places
from client.demo_server import DemoServer
from client.flows import admin_calls, apply, vetting, vetting_writing
from client.flows.checklist import STATES
from client.flows.review import Opened, Written
from client.flows.scene import Scene
from client.flows.vetting_writing import Writer
from client.http import Http
from crypto import constants as c
from crypto.client import application, vetting_entries
from crypto.client.application import Answer
from crypto.client.vetting_entries import Reply
from crypto.errors import CannotOpen
from crypto.public import applications, profile
from crypto.public.keys import key_hash
from crypto.public.note_signing import Signer, public_of
from crypto.public.profile import Profile
from tests.crypto import vettings
from tests.crypto.networks import seed_of

CONTACT = "ring 555 0100 and ask for Mina"
PLAIN = Profile(kind=(12,), services=(1,), police_ties=(1,), funding=(1,), reporting=(1,))
TIED = Profile(kind=(12,), services=(1,), police_ties=(3, 6), funding=(2,), reporting=(2,))


def plain(result: Result) -> str:
    """What a command printed, without regard to where lines were broken."""
    return " ".join(result.output.split())


class Behind(BaseHTTPRequestHandler):
    """Shows network and directory as they were, and passes everything else on to the server."""

    url: ClassVar[str]
    before: ClassVar[dict[str, bytes]]

    def do_GET(self) -> None:
        """Answer from what was kept, or from the server."""
        self._answer(self.before.get(self.path))

    def do_POST(self) -> None:
        """Pass a call on."""
        self._answer(None)

    def do_PUT(self) -> None:
        """Pass a call on."""
        self._answer(None)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, kept: bytes | None) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        names = ("Content-Type", "Content-Digest", "Signature-Input", "Signature")
        headers = {name: self.headers[name] for name in names if name in self.headers}
        status, kind = 200, "application/json"
        if kept is None:
            http = Http(self.url, proxy=None, random=ambient.random)
            reply = http.call(self.command, self.path, body=sent or None, headers=headers)
            status, kind, kept = reply.status, reply.headers["content-type"], reply.body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(kept)))
        self.end_headers()
        self.wfile.write(kept)


@contextmanager
def held_back(url: str) -> Iterator[str]:
    """A server in front of another that holds back what is new there from now on."""
    http = Http(url, proxy=None, random=ambient.random)
    before = {path: http.call("GET", path).body for path in ("/v1/network", "/v1/directory")}
    handler = type("Handler", (Behind,), {"url": url, "before": before})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@dataclass
class Running:
    """A network with three admins, any two of whom sign, on a real server."""

    places: Places
    server: DemoServer
    printed: list[str] = field(default_factory=list)
    signers: dict[str, Signer] = field(default_factory=dict)
    secrets: dict[str, bytes] = field(default_factory=dict)
    heard: list[Written] = field(default_factory=list)

    @property
    def api(self) -> Api:
        """The server's calls."""
        return demo_network.api_at(self.server.url)

    @property
    def network_id(self) -> bytes:
        """The network's id."""
        return self.api.network().network_id

    def key(self, name: str) -> tuple[str, ...]:
        """The options by which an admin signs."""
        path = self.places.admin(name)
        return ("--key", str(path), "--passphrase-file", str(self.places.passphrase(path)))

    def run(
        self, name: str, *words: str, answer: str = "", network: str = "", url: str = ""
    ) -> Result:
        """Run a command of `towpath admin` as this admin, at the server or at `url`."""
        at = ("--server", url or self.server.url, "--network", network or self.network_id.hex())
        result = CliRunner().invoke(admin, [*words, *self.key(name), *at], input=answer)
        self.printed.append(result.output)
        return result

    def apply(
        self,
        name: str,
        said: Profile = PLAIN,
        *,
        seed: bytes | None = None,
        answers: list[Answer] | None = None,
        admins: apply.Admins | None = None,
    ) -> bytes:
        """Let an organisation apply, its seed made from its name; return its seed."""
        self.withdraw(name)
        own = seed or seed_of(name)
        listing = applications.make(
            own,
            network_id=self.network_id,
            member_key=public_of(seed_of(f"member of {own.hex()}")),
            epoch=ambient.today(),
            name=name,
            profile=profile.encode(said),
        )
        secret = ambient.random(c.APPLICATION_SECRET_BYTES)
        self.secrets[name] = secret
        policy = network_view.fetch(self.api, device_day=ambient.today(), network_id=None).policy
        admins = admins or apply.admins_of(policy, self.api.admin_keys())
        keys = application.reading_keys(secret, self.network_id)
        sealed = application.seal(
            keys,
            organisation_seed=own,
            listing=listing,
            contact=CONTACT,
            answers=answers or vettings.answers(),
            readers=admins.keys,
            threshold=admins.threshold,
            random=ambient.random,
        )
        write_key = application.write_key(secret, self.network_id)
        self.api.apply(keys.application_id, key_hash(write_key), sealed)
        return own

    def reply(self, name: str) -> Reply | None:
        """What the admins replied to an organisation's last application."""
        secret = self.secrets[name]
        keys = application.reading_keys(secret, self.network_id)
        came = self.api.application_reply(
            keys.application_id, application.write_key(secret, self.network_id)
        )
        try:
            return vetting_entries.open_reply(came, keys)
        except CannotOpen:
            return None

    def mark(
        self, name: str, *admins: str, state: str = "met", items: tuple[int, ...] = ()
    ) -> None:
        """Let admins mark all blocking items, or others, of an organisation."""
        for admin_name in admins:
            writer, opened = self.enter(name, admin_name)
            for criterion in items or c.VETTING_BLOCKING:
                entry = vetting_writing.mark_entry(
                    writer.signer, writer.scene.today, criterion, STATES[state], "seen"
                )
                opened = writer.write(opened, entry)

    def ready(self, name: str, said: Profile = PLAIN, *, seed: bytes | None = None) -> bytes:
        """Let an organisation apply, and all three admins mark all that blocks as met."""
        own = self.apply(name, said, seed=seed)
        self.mark(public_of(own).hex() if seed else name, "ana", "bo", "cy")
        return own

    def enter(self, name: str, admin_name: str = "ana") -> tuple[Writer, Opened]:
        """An admin at an organisation's application."""
        scene, signer = self.scene(), self.signer(admin_name)
        found = admin_calls.applications(self.api, signer, scene)
        opened = vetting.pick_application(name, [x for x in found if isinstance(x, Opened)])
        calls = admin_calls.signed_calls(self.api, signer, scene.policy)
        heard = self.heard.append
        writer = Writer(calls=calls, signer=signer, scene=scene, random=ambient.random, tell=heard)
        return writer, opened

    def list(
        self, name: str, said: Profile = PLAIN, *, signed_by: tuple[str, str] = ("ana", "bo")
    ) -> bytes:
        """Let an organisation apply and two admins sign for it; return its seed."""
        seed = self.apply(name, said)
        signers = [self.signer(one) for one in signed_by]
        demo_network.vet(signers, self.api, self.network_id, name, days=30)
        return seed

    def signer(self, name: str) -> Signer:
        """An admin's key, opened once."""
        if name not in self.signers:
            self.signers[name] = demo_network.open_admin(self.places, name)
        return self.signers[name]

    def withdraw(self, name: str) -> None:
        """Take back the organisation's last application, if it made one here."""
        if name in self.secrets:
            secret, network_id = self.secrets.pop(name), self.network_id
            keys = application.reading_keys(secret, network_id)
            self.api.withdraw_application(
                keys.application_id, application.write_key(secret, network_id)
            )

    def reviewed(self, name: str, admin_name: str = "ana") -> dict[str, Any]:
        """Return the application of an organisation as an admin's device shows it."""
        said = self.run(admin_name, "review", "--json")
        assert said.exit_code == 0, said.output
        shown = json.loads(said.stdout)["applications"]
        (found,) = [one for one in shown if one.get("name") == name]
        return dict(found)

    def scene(self) -> Scene:
        """What holds in the network now."""
        return admin_calls.see(self.api, device_day=ambient.today(), network_id=None).scene

    def is_listed(self, seed: bytes) -> bool:
        """Whether an organisation is listed, by every check of a client."""
        return self.scene().of(public_of(seed)) is not None

    def note(self, name: str) -> Path:
        """A file to pass a statement on with."""
        return self.places.folder / f"{name}.note"

    def policy_version(self) -> int:
        """The version of the policy that the server shows."""
        view = network_view.fetch(self.api, device_day=ambient.today(), network_id=None)
        return view.policy.version
