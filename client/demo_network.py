"""A whole network for a demo, founded by what the commands themselves do: nothing in it is special.

Three admins of whom any two sign, and two providers. Everything lies below one folder, passphrases
in files beside what they open: for a demo, and for nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from client import ambient, network_view
from client import home as homes
from client.api import Api
from client.api_signed import SignedApi
from client.demo_places import PROVIDERS, Places
from client.errors import FirstDo, Trouble
from client.flows import (
    admin_calls,
    admin_keys,
    apply,
    approving,
    copies,
    desk,
    kept,
    listing,
    note_files,
    policy,
    policy_signing,
    profile_file,
    publish,
    stock,
    stock_data,
    vetting,
    vetting_writing,
    walk_in_keys,
)
from client.flows.desk import Desk
from client.flows.listing import Place
from client.flows.profile_file import Described
from client.flows.review import Opened
from client.flows.vetting import Signed
from client.flows.vetting_writing import Writer
from client.http import Http
from crypto.constants import MARK_MET, VETTED_DAYS, VETTING_BLOCKING
from crypto.public.note_signing import Signer
from crypto.public.notes import Key
from crypto.public.policy import Policy

ADMINS = ("ana", "bo", "cy")
THRESHOLD = 2
_POLICY_DAYS = 365
_OPEN = 1  # of the list "capacity"
_PHRASE_BYTES = 10

Tell = Callable[[str], None]


def sign_policy(places: Places, log_line: str) -> tuple[Signer, ...]:
    """Make the admins' keys and write the network's first policy; return those who signed it."""
    keys = [_new_admin(places, name) for name in ADMINS]
    signers = tuple(open_admin(places, name) for name in ADMINS[:THRESHOLD])
    text = policy.first(
        admins=keys,
        log=admin_keys.read_line(log_line, "log"),
        threshold=THRESHOLD,
        until=ambient.today() + _POLICY_DAYS,
    )
    draft = policy_signing.read(text.encode())
    for signer in signers:
        draft = policy_signing.sign(draft, None, signer, ambient.today())
    note_files.write_new(places.policy, draft.note or b"")
    return signers


def found(
    places: Places, admins: Iterable[Signer], url: str, tell: Tell, names: Iterable[str]
) -> None:
    """Let providers apply and be vetted by these admins, and publish their stock, at a server."""
    api, signers = api_at(url), tuple(admins)
    policy_now = policy_signing.accept([places.policy.read_bytes()])
    publish_keys(signers, api, policy_now)
    for name in names:
        said = profile_file.parse(PROVIDERS[name])
        tell(f"{said.name} applies; {THRESHOLD} of {len(ADMINS)} admins look and sign.")
        at = _apply(places, name, said, policy_now, url, api)
        vet(signers, api, policy_now.network_id, said.name)
        _open_for_work(places, name, at, api, tell)
    whole = json.dumps({"network": policy_now.network_id.hex()})
    note_files.write_new(places.founded, whole.encode())


def publish_keys(admins: Iterable[Signer], api: Api, policy_now: Policy) -> None:
    """Do what `towpath admin keys publish` does, for each of these admins."""
    for admin in admins:
        admin_calls.publish_key(api, admin, policy_now)


def vet(
    admins: Sequence[Signer], api: Api, network_id: bytes, name: str, days: int = VETTED_DAYS
) -> None:
    """Do what `towpath admin mark` and `approve` do, without asking: all is met, and k sign."""
    for admin in admins:
        writer, opened = _enter(admin, api, network_id, name)
        for criterion in VETTING_BLOCKING:
            entry = vetting_writing.mark_entry(
                admin, writer.scene.today, criterion, MARK_MET, "Looked at for the demo."
            )
            opened = writer.write(opened, entry)
    for admin in admins:
        writer, opened = _enter(admin, api, network_id, name)
        approving.approve(writer, api, opened, _signed(writer, opened, days))


def reuse(places: Places, url: str) -> None:
    """See that what was founded before still holds today; raises FirstDo, with --reset, if not."""
    api = api_at(url)
    try:
        network_id = bytes.fromhex(json.loads(places.founded.read_bytes())["network"])
        network_view.fetch(api, device_day=ambient.today(), network_id=network_id)
        for name in PROVIDERS:
            _tell_address(places.home(name), url)
            at = open_provider(places, name)
            place = _place(at, api)
            publish.check_room_for_codes(place, ambient.today())
            if not stock_data.ready(at.read(), at.home.stocks, ambient.today()):
                _fill_stock(at, api, lambda _: None)
    except (Trouble, OSError, ValueError, KeyError) as trouble:
        raise FirstDo(
            f"The demo in {places.folder} is too old or not whole. {trouble}",
            "Begin it anew with --reset: everything in that folder is then gone.",
        ) from None


def open_provider(places: Places, name: str) -> Desk:
    """Open a provider's folder with the passphrase that lies beside it."""
    folder = places.home(name)
    phrase = places.passphrase(folder).read_text(encoding="utf-8").strip()
    return desk.open_desk(homes.load(folder), phrase, ambient.random)


def open_admin(places: Places, name: str) -> Signer:
    """Open an admin's key file with the passphrase that lies beside it."""
    path = places.admin(name)
    return admin_keys.load(path, places.passphrase(path).read_text(encoding="utf-8").strip())


def signed_calls(at: Desk, api: Api) -> SignedApi:
    """Return the calls that a provider's member signs."""
    return SignedApi(api, at.member.ed25519_seed, at.network_id, at.home.counter)


def api_at(url: str) -> Api:
    """Return the calls to a server on this machine."""
    return Api(Http(url, proxy=None, random=ambient.random))


def _place(at: Desk, api: Api) -> Place:
    return listing.own(
        api,
        device_day=ambient.today(),
        network_id=at.network_id,
        organisation=at.organisation_key,
    )


def _new_admin(places: Places, name: str) -> Key:
    path = places.admin(name)
    return admin_keys.create(path, name, _new_phrase(places, path), random=ambient.random)


def _new_phrase(places: Places, of: Path) -> str:
    of.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    phrase = ambient.random(_PHRASE_BYTES).hex()
    note_files.write_new(places.passphrase(of), f"{phrase}\n".encode())
    return phrase


def _apply(
    places: Places, name: str, said: Described, policy_now: Policy, url: str, api: Api
) -> Desk:
    folder = places.home(name)
    admins = apply.admins_of(policy_now, api.admin_keys())
    founding = apply.Founding(
        server=url,
        network_id=policy_now.network_id,
        member_name="Caseworker",
        phrase=_new_phrase(places, folder),
    )
    apply.found(folder, founding, said, admins, today=ambient.today(), random=ambient.random)
    at = open_provider(places, name)
    apply.post(at, api)
    return at


def _enter(signer: Signer, api: Api, network_id: bytes, name: str) -> tuple[Writer, Opened]:
    seen = admin_calls.see(api, device_day=ambient.today(), network_id=network_id)
    found = admin_calls.applications(api, signer, seen.scene)
    opened = vetting.pick_application(name, [one for one in found if isinstance(one, Opened)])
    calls = admin_calls.signed_calls(api, signer, seen.scene.policy)
    writer = Writer(
        calls=calls,
        signer=signer,
        scene=seen.scene,
        random=ambient.random,
        tell=lambda _: None,
    )
    return writer, opened


def _signed(writer: Writer, opened: Opened, days: int) -> Signed:
    draft = vetting.pick_draft(opened)
    if draft is None:
        # Whoever is listed here was founded a moment ago: no log has a statement of it.
        statement = vetting.new_statement(opened, writer.scene, days, logged=0)
        return vetting.sign_new(statement, writer.signer, writer.scene.policy)
    return vetting.sign_draft(draft, opened.application, writer.signer, writer.scene)


def _open_for_work(places: Places, name: str, at: Desk, api: Api, tell: Tell) -> None:
    """Do what a provider does once it is listed: second copy, weekly key, stock of codes."""
    places.copy(name).mkdir(mode=0o700, parents=True)
    copies.set_place(at, places.copy(name))
    room = kept.Room(walk_ins=True, capacity=_OPEN)
    walk_in_keys.set_room(at, api, signed_calls(at, api), room, today=ambient.today())
    _fill_stock(at, api, tell)


def _fill_stock(at: Desk, api: Api, tell: Tell) -> None:
    """Draw tokens, make codes and publish them at once, which only a demo may do."""
    place = _place(at, api)
    stock.draw(at, signed_calls(at, api), place.view.document, today=ambient.today())
    stock.make_codes(at, now=ambient.now(), tell=tell)
    publish.publish_all(at, api, place, now=ambient.now())


def _tell_address(folder: Path, url: str) -> None:
    """Write the server's address of today into a provider's folder: its port may be another."""
    path = folder / "home.json"
    said = json.loads(path.read_bytes())
    if said["server"] != url:
        note_files.write_over(path, json.dumps({**said, "server": url}, indent=2).encode() + b"\n")
