"""A newcomer joins by a code, with keys that never leave her device."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from client.errors import BadInput, CodeRefused, FirstDo, NotVetted, Unreachable
from client.flows import inviting, joining, members
from client.flows.inviting import Invitation
from client.flows.joining import Joining
from crypto.client.member_file import open_member_file
from crypto.client.store import open_store
from crypto.errors import CannotOpen
from tests.client.provider.test_commands import CODE, Terminal, served
from tests.client.provider.town import NAME, PHRASE, Asked, Device

BO = Invitation(name="Bo", role="caseworker", organisation=NAME)


@pytest.fixture
def at_listed(listed: Device, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Where an organisation was listed a moment ago."""
    yield from served(listed.town, monkeypatch)


@pytest.fixture
def at_asked(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Where a request waits in the drop."""
    yield from served(asked.device.town, monkeypatch)


def invite(device: Device, invitation: Invitation = BO) -> bytes:
    """Invite somebody and return the code."""
    return inviting.invite(device.desk, device.signed, invitation)


def answer(device: Device, code: bytes) -> Joining:
    """Answer an invitation from another device."""
    opened = joining.open_invitation(device.api, code, device.desk.network_id)
    made = joining.make(opened, PHRASE, device.town.random)
    joining.send(device.api, opened, made)
    return made


def test_R31_R40_a_newcomer_joins_and_works(at_listed: Terminal) -> None:
    """A code, her own passphrase, the number heard, the store from the server; removed, it ends."""
    folder = at_listed.town.folder
    own = folder / "bo phrase"
    own.write_text("other words\n")
    at_listed.done("sync")
    invited = at_listed.done("members", "invite", "Bo", "--role", "lead")
    found = CODE.search(invited)
    assert found
    code, key = found.group(), str(folder / "bo.key")
    hers = Terminal(at_listed.url, at_listed.town, own, home="bo home")
    joined = hers.type("join", "--key-file", key, "--code-file", "-", "--yes", said=code)
    assert joined.exit_code == 0, joined.output
    assert NAME in joined.stderr
    assert hers.type("import", "--key", key).exit_code == 7
    code_file = folder / "code"
    code_file.write_text(code)
    confirming = ("members", "confirm", "--code-file", str(code_file))
    wrong = at_listed.type(*confirming, said="000 000 000 000\n")
    assert wrong.exit_code == 4
    assert "Nobody was added" in wrong.output
    at_listed.done(*confirming, said=joined.stdout.split("\n")[0].replace(" ", "") + "\n")
    at_listed.done("sync")
    hers.done("import", "--key", key)
    hers.done("sync")
    assert "Bo" in hers.done("members", "list")
    at_listed.done("members", "remove", "Bo", "--yes")
    at_listed.done("sync")
    assert hers.type("sync").exit_code == 6


def test_R31_P9_the_store_is_sealed_to_her_once_the_number_was_confirmed(listed: Device) -> None:
    """Before, her keys open nothing and sign nothing."""
    listed.sync()
    code = invite(listed)
    made = answer(listed, code)
    member = open_member_file(made.key_file, PHRASE)
    listed.sync()
    with pytest.raises(FirstDo):
        joining.first_store(listed.api, member)
    with pytest.raises(CannotOpen):
        open_store(listed.signed.store(), member, 0)
    accepted = inviting.reply(listed.desk, listed.api, code)
    assert accepted
    assert accepted.number == made.number
    inviting.confirm(listed.desk, accepted, today=listed.town.today)
    inviting.confirm(listed.desk, accepted, today=listed.town.today)
    listed.sync()
    store = joining.first_store(listed.api, member)
    assert [one.entry.name for one in members.listed(store)] == ["Anna", "Bo"]


@pytest.mark.parametrize("part", ["member_id", "xwing_public_key", "ed25519_public_key"])
def test_nobody_takes_the_place_of_another_member(listed: Device, part: str) -> None:
    """Whoever answers with the id or a key of a member is not added, and the member stays."""
    code = invite(listed)
    answer(listed, code)
    accepted = inviting.reply(listed.desk, listed.api, code)
    assert accepted
    (anna,) = members.listed(listed.desk.read())
    hers = anna.member_id if part == "member_id" else getattr(anna.entry, part)
    taking = replace(accepted, reply=replace(accepted.reply, **{part: hers}))
    before = listed.desk.read().entries
    with pytest.raises(CodeRefused, match="another member"):
        inviting.confirm(listed.desk, taking, today=listed.town.today)
    assert listed.desk.read().entries == before


def test_P10_an_answer_that_got_lost_is_sent_again(listed: Device) -> None:
    """The same bytes are taken once more; another's are not."""
    code = invite(listed)
    opened = joining.open_invitation(listed.api, code, listed.desk.network_id)
    made = joining.make(opened, PHRASE, listed.town.random)
    listed.wire.lose["/v1/invites/accept"] = 1
    with pytest.raises(Unreachable):
        joining.send(listed.api, opened, made)
    joining.send(listed.api, opened, made)
    with pytest.raises(CodeRefused, match="Somebody else has answered"):
        answer(listed, code)


def test_nobody_has_answered_yet(listed: Device) -> None:
    """None, and no trouble."""
    assert inviting.reply(listed.desk, listed.api, invite(listed)) is None


def test_P4_a_code_that_is_no_invitation_is_refused(listed: Device) -> None:
    """On both sides; so is one whose day is over."""
    code = invite(listed)
    listed.town.clock.days_pass(2)
    for one in (bytes(10), code):
        with pytest.raises(CodeRefused):
            inviting.reply(listed.desk, listed.api, one)
        with pytest.raises(CodeRefused):
            joining.open_invitation(listed.api, one, listed.desk.network_id)


def test_P2_another_organisations_invitation_adds_nobody(listed: Device) -> None:
    """Its keys are not this one's to add."""
    other = listed.town.listed("Another House", "other")
    code = invite(other)
    answer(other, code)
    with pytest.raises(CodeRefused, match="another organisation"):
        inviting.reply(listed.desk, listed.api, code)


@pytest.mark.parametrize(
    "wrong",
    [
        Invitation(name="", role="lead", organisation=NAME),
        Invitation(name="x" * 65, role="lead", organisation=NAME),
        Invitation(name="Bo", role="queen", organisation=NAME),
        Invitation(name="Bo", role="lead", organisation="x" * 97),
        Invitation(name="Anna", role="lead", organisation=NAME),
    ],
)
def test_who_can_not_be_invited_is_refused_before_anything_is_sent(
    listed: Device, wrong: Invitation
) -> None:
    """Exit code 2."""
    with pytest.raises(BadInput):
        invite(listed, wrong)
    assert not listed.wire.paths("/v1/invites")


def test_P9_who_is_no_member_invites_nobody(town_applied: Device) -> None:
    """Before the listing the server takes no signature."""
    with pytest.raises(NotVetted):
        invite(town_applied)


@pytest.fixture
def town_applied(listed: Device) -> Device:
    """An organisation that has applied and is not listed."""
    return listed.town.apply("Not Yet", "not yet")


@pytest.mark.parametrize("heard", ["", "1", "123 456 789 013", "123456789012 "[::-1]])
def test_another_number_is_not_the_same(heard: str) -> None:
    """Only spaces do not matter."""
    assert not inviting.is_same("123 456 789 012", heard)
    assert inviting.is_same("123 456 789 012", "123456789012 ")


def test_R40_one_case_is_written_out_and_counts_hold_nothing_of_it(
    at_asked: Terminal, tmp_path: Path
) -> None:
    """Asked for, to a new file for its owner alone, with no cell that a spreadsheet works out."""
    at = at_asked
    at.done("sync")
    (case,) = [one["case"] for one in json.loads(at.done("inbox", "--json"))["cases"]]
    at.done("note", case, "--text-file", "-", said='=1+1\n+2, and "more"\n')
    target = tmp_path / "one.csv"
    assert at.type("export", case, "--to", str(target), said="n\n").exit_code == 7
    assert not target.exists()
    at.done("export", case, "--to", str(target), "--yes")
    written = target.read_bytes().decode()
    assert target.stat().st_mode & 0o077 == 0
    assert "What was told." in written
    note = '\'=1+1\n\'+2, and ""more""'
    assert f'Note,"{note}"\r\n' in written
    assert at.type("export", case, "--to", str(target), "--yes").exit_code == 2
    shown = at.done("workload", "--json")
    assert json.loads(shown)["workload"][-1] == {"name": "", "open": 1, "answered": 0, "closed": 0}
    assert case not in shown
    at.done("take", case)
    assert "   1 open" in at.done("workload").split("\n")[0]
