"""An application from the organisation's side: sealed, kept, answered, taken back."""

from __future__ import annotations

import pytest

from client.api import Api
from client.api_signed import SignedApi
from client.errors import FirstDo
from client.flows import apply, kept, provider_status
from client.flows.signed_calls import AskedCounter
from crypto import constants as c
from crypto.client import application, vetting_entries
from crypto.client.hpke import PrivateKey
from crypto.client.vetting_entries import Reply
from crypto.errors import CannotOpen
from crypto.public import admin_keys
from tests.client.provider.town import NAME, PHRASE, Device, Doom, Town, Wire
from tests.crypto import vettings


def admin_of(town: Town, number: int = 0) -> SignedApi:
    """The calls of an admin."""
    api = Api(Wire(town.app, Doom()))  # type: ignore[arg-type]  # it calls as Http does
    seed = town.founded.admins[number].seed
    return SignedApi(api, seed, town.founded.network_id, AskedCounter())


def waiting(town: Town, number: int = 0) -> tuple[bytes, application.ReadingKeys]:
    """The one open application as an admin opens it: its sealed bytes and keys."""
    calls, seed = admin_of(town, number), town.founded.admins[number].seed
    (one,) = calls.applications()
    shown = calls.open_application(one.application_id)
    assert shown is not None
    key = PrivateKey(admin_keys.reading_seed(seed, town.founded.network_id))
    place = {"network_id": town.founded.network_id, "application_id": one.application_id}
    return shown.application, application.find_keys(shown.application, key, **place)


def test_R21_T65_each_admin_reads_what_was_handed_in_and_the_server_does_not(town: Town) -> None:
    """Name, contact and answers reach all three; no byte of them lies on the server."""
    device = town.apply()
    for number in range(3):
        sealed, keys = waiting(town, number)
        found = application.open_(sealed, keys)
        assert (found.listing.name, found.contact) == (NAME, vettings.CONTACT)
        assert list(found.answers) == vettings.answers()
    stored = b"".join(file.read_bytes() for file in town.folder.glob("towpath.db*"))
    listing = apply.last(device.desk)
    secrets = [listing.organisation, listing.member_key, listing.profile, NAME.encode()]
    secrets += [vettings.CONTACT.encode(), vettings.EVIDENCE.encode()]
    assert len(stored) > c.APPLICATION_BODY_BYTES
    assert [one for one in secrets if one in stored] == []


def test_R21_what_the_admins_replied_is_read_by_the_organisation_alone(town: Town) -> None:
    """Before there is a reply nothing has come; the first stands."""
    device = town.apply()
    assert apply.reply(device.desk, device.api) is None
    _, keys = waiting(town)
    said = Reply(kind=c.REPLY_DECLINED, text="V1: a form is asked.")
    reply = vetting_entries.seal_reply(said, keys, random=town.random)
    assert admin_of(town).answer_application(keys.application_id, reply) == "stored"
    other = vetting_entries.seal_reply(Reply(kind=3, text=""), keys, random=town.random)
    assert admin_of(town, 1).answer_application(keys.application_id, other) == "taken"
    assert apply.reply(device.desk, device.api) == said
    assert apply.reply(device.again().desk, device.api) == said
    came = device.api.application_reply(keys.application_id, bytes(c.KEY_BYTES))
    with pytest.raises(CannotOpen):
        vetting_entries.open_reply(came, keys)


def test_R25_taken_back_it_is_gone_here_and_there(town: Town) -> None:
    """The admins see it no more, the store keeps no secret of it, and nothing can be sent again."""
    device = town.apply()
    apply.withdraw(device.desk, device.api)
    assert admin_of(town).applications() == []
    assert not apply.is_kept(device.desk)
    with pytest.raises(FirstDo, match="no application"):
        apply.post(device.desk, device.api)
    town.renew(device, NAME)
    apply.post(device.desk, device.api)
    assert len(admin_of(town).applications()) == 1


def test_an_application_of_before_they_were_sealed_is_none(town: Town) -> None:
    """A store of an earlier version has it in the open: it is made anew, and never sent."""
    device = town.apply()
    listing = apply.said(device.desk).said
    device.desk.edit(lambda store: kept.put(store, kept.APPLICATION, listing))
    assert apply.reply(device.desk, device.api) is None
    with pytest.raises(FirstDo, match="--renew --from"):
        apply.last(device.desk)


def test_R21_renewal_is_due_from_56_days_before_the_end() -> None:
    """Neither a day sooner nor a day later."""
    assert [provider_status.is_due(100, today) for today in (43, 44, 99)] == [False, True, True]


def test_P5_no_object_of_an_application_shows_its_secret(listed: Device) -> None:
    """What is printed by mistake names no secret and no phrase."""
    whole = apply._needed(listed.desk)
    shown = repr(whole) + repr(apply.said(listed.desk))
    assert whole.secret.hex() not in shown
    assert repr(whole.secret)[2:-1] not in shown
    assert vettings.CONTACT not in shown
    assert PHRASE not in shown
