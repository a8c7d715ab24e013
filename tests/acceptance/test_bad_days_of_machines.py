"""Bad days of a machine: a full disk, a second device, a lost key, a wrong clock, midnight."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from crypto import constants as c
from crypto.encoding import monday
from server.keyring import WRAP
from tests.acceptance import command, people, scan
from tests.acceptance.days import Days
from tests.acceptance.deployment import CODES, OPEN_DOOR, Deployment
from tests.acceptance.people import SLEEP, Asked, Provider
from tests.acceptance.relay import Relay
from tests.server import disk, serving

_DAY_0 = date(1970, 1, 1).toordinal()
_SUNDAY = 6


@pytest.fixture
def shelter(started: Deployment) -> Provider:
    """An organisation with codes."""
    return Provider(started, OPEN_DOOR)


def _day(epoch: int) -> str:
    return date.fromordinal(_DAY_0 + epoch).isoformat()


def _today(at: Deployment) -> int:
    with at.core() as core:
        return core.today


def test_P10_a_store_on_a_full_disk_loses_nothing(started: Deployment, shelter: Provider) -> None:
    """Sync says that nothing was written and what to do; with room, everything comes."""
    people.ask(started, shelter.code(), SLEEP)
    scan.settle(started)
    before = {file: file.read_bytes() for file in shelter.home.iterdir() if file.name == "store"}
    with disk.full(at_bytes=100_000):
        said = shelter.run("sync")
    said.refused(
        1, "The store was not written and is as it was", "Make room or mend the disk, then do this"
    )
    assert {file: file.read_bytes() for file in before} == before
    assert {file.name for file in shelter.home.iterdir()} <= {
        "home.json", "member.key", "store", "store.lock", "store.base.lock", "counter",
        f"seen-{started.network_id}",
    }  # fmt: skip
    assert shelter.sync()["requests"] == 1


def test_P10_on_a_full_disk_no_code_is_handed_out(started: Deployment, shelter: Provider) -> None:
    """Nothing is printed; with room, all codes are still there."""
    with disk.full(at_bytes=100_000):
        said = shelter.run("codes", "1")
    assert said.exit_code in (1, 7), said.all
    assert said.out == ""
    assert len(shelter.run("codes", str(CODES), "--json").json()["codes"]) == CODES


def test_P4_P10_two_devices_of_one_provider(started: Deployment, shelter: Provider) -> None:
    """Both have what comes; a later answer waits for a yes and arrives; no code goes out twice."""
    asked = people.ask(started, shelter.code(), SLEEP)
    other = _second_device(started, shelter)
    case = shelter.newest()
    assert other.sync()["requests"] == 0, "it came with the store, not a second time"
    assert [one["case"] for one in other.inbox()] == [case]
    shelter.answer(case, "From the first.").done()
    other.answer(case, "From the second.").refused(7, "Another member has answered", "--also")
    words = ("answer", case, "--state", "answered", "--text-file", "-", "--also")
    other.run(*words, typed="From the second.").done()
    told = [one["text"] for one in asked.read()["answers"]]
    assert told == ["From the first.", "From the second."]
    other.run("codes", "1").refused(7, "There is no code in stock.")
    assert len(shelter.run("codes", str(CODES - 1), "--json").json()["codes"]) == CODES - 1


def _second_device(at: Deployment, first: Provider) -> Provider:
    """Found a second folder from the copy, as docs/first-hour/provider.md says."""
    other = Provider(at, "second")
    shutil.copy(at.folder / "providers" / f"{first.name}.phrase", _phrase_of(at, other))
    (copy,) = (file for file in (at.folder / "copies" / first.name).iterdir() if file.is_file())
    key = first.home / "member.key"
    other.run("import", str(copy), "--key", str(key)).done()
    place = at.folder / "copies" / "second"
    place.mkdir()
    other.run("copy", str(place)).done()
    return other


def _phrase_of(at: Deployment, of: Provider) -> Path:
    return at.folder / "providers" / f"{of.name}.phrase"


def test_P10_a_missing_wrap_key_stops_the_start_until_it_is_back(
    started: Deployment, shelter: Provider
) -> None:
    """The server says which days and how many rows; with the key again, nothing was lost."""
    asked = people.ask(started, shelter.code(), SLEEP)
    with started.core() as core:
        day = core.today + c.REFERRAL_DAYS
    started.stop()
    key = started.server / "keyring" / f"{WRAP}-{day:08d}.key"
    kept = key.rename(started.folder / "kept.key")
    refused = serving.run("serve", folder=started.server)
    assert refused.returncode == 7
    plain = " ".join(refused.stderr.split())
    for part in (f"lacks the keys of days {day}", "Restore the keyring", "--without-lost-keys"):
        assert part in plain, plain
    kept.rename(key)
    started.start(later=True)
    assert asked.read()["delivered"]
    assert shelter.sync_until(requests=1)["requests"] == 1


@pytest.mark.parametrize("off", [-1, 1])
def test_a_senders_clock_that_is_a_day_off_still_sends(
    started: Deployment, shelter: Provider, off: int
) -> None:
    """With a code it arrives; she is told nothing, since nothing is wrong with it."""
    code = shelter.code()
    with command.devices(_another_day(started, off)):
        asked = people.ask(started, code, SLEEP)
        assert asked.read()["delivered"]
    assert shelter.sync_until(requests=1)["requests"] == 1


@pytest.mark.parametrize("off", [-1, 1])
def test_a_walk_in_from_a_clock_that_is_a_day_off(started: Deployment, off: int) -> None:
    """A day behind it arrives, but on a Monday, when the week's key begins; a day ahead the date
    is named, and nothing is stored.
    """
    today = _today(started)
    started.days.pass_by(today == monday(today))
    words = ("--no-code", "--to", "harbour", "--network", started.network_id, "--yes", "--json")
    with command.devices(_another_day(started, off)):
        said = started.run("ask", *words, "--from", str(people.written(started, SLEEP)))
    if off < 0:
        assert said.json()["delivered"]
        return
    assert said.exit_code != 0
    assert "date" in said.err, said.all
    assert scan.rows(started)["envelope"] == []


@pytest.mark.parametrize("off", [-1, 1])
def test_a_providers_clock_that_is_a_day_off_at_the_turn_of_a_week(
    started: Deployment, off: int
) -> None:
    """On the wrong side of Sunday's midnight: told that it may be the date, or it works."""
    shelter = Provider(started, OPEN_DOOR)
    people.ask(started, shelter.code(), SLEEP)
    today = _today(started)
    to_sunday = monday(today) + _SUNDAY - today + (0 if off > 0 else 1)
    started.days.pass_by(to_sunday)
    with command.devices(_another_day(started, off)):
        said = shelter.run("sync", "--json")
    if said.exit_code:
        assert "date" in said.err, said.all
    scan.settle(started)
    shelter.sync()
    assert len(shelter.inbox()) == 1, "nothing was lost by it"


def _another_day(at: Deployment, off: int) -> Days:
    """A device beside the deployment, whose date is another one."""
    folder = at.folder / "device"
    folder.mkdir()
    days = Days(folder)
    days.seconds_pass(at.days.seconds())
    days.pass_by(off)
    return days


def test_R25_the_last_day_that_people_see_is_the_day_before_the_last(
    started: Deployment, shelter: Provider
) -> None:
    """What is said to be good until a day is good through that day, wherever in the world."""
    code = shelter.code()
    looked = started.run("ask", typed=f"{code}\nn\n")
    code_ends = monday(_today(started)) + c.CODE_DAYS
    assert f"The code can be used until {_day(code_ends - 1)}." in looked.err
    said = people.try_to_ask(started, code, SLEEP).json()
    assert said["last_day"] == _day(_today(started) + c.REFERRAL_DAYS - 1)


def test_R25_midnight_in_the_middle_of_a_form_on_the_day_that_is_shown_last(
    started: Deployment, shelter: Provider, way: Relay
) -> None:
    """Begun on the last day that was shown, sent after midnight: it still arrives."""
    code = shelter.code()
    ends = monday(_today(started)) + c.CODE_DAYS
    started.days.pass_by(ends - 1 - _today(started))
    way.after["/v1/codes/open"] = lambda: started.days.pass_by(1)
    said = people.try_to_ask(started, code, SLEEP, url=way.url).json()
    assert said["delivered"]
    assert _today(started) == ends


def test_R25_midnight_after_the_very_last_day_is_told_and_nothing_is_sent(
    started: Deployment, shelter: Provider, way: Relay
) -> None:
    """A day later than was shown, and then midnight: the words say what to do."""
    code = shelter.code()
    started.days.pass_by(monday(_today(started)) + c.CODE_DAYS - _today(started))
    way.after["/v1/codes/open"] = lambda: started.days.pass_by(1)
    said = people.try_to_ask(started, code, SLEEP, url=way.url)
    said.refused(6, "has passed", "Nothing was sent.", "Ask for another code")
    assert way.to("/v1/referrals") == []


def test_R25_midnight_while_a_walk_in_is_worked_for(started: Deployment, way: Relay) -> None:
    """The work is of yesterday, or is done anew; it arrives once."""
    words = ("--no-code", "--to", "harbour", "--network", started.network_id, "--yes", "--json")
    way.before["/v1/walk-ins"] = lambda: started.days.pass_by(1)
    file = str(people.written(started, SLEEP))
    said = started.run("ask", *words, "--from", file, url=way.url).json()
    assert said["delivered"]
    assert len(scan.rows(started)["envelope"]) == 1
    assert Asked(started, said["receipt"]["letters"]).read()["delivered"]


def test_P10_midnight_between_asking_and_reading_loses_nothing(
    started: Deployment, shelter: Provider
) -> None:
    """Sent before midnight, read after it by the provider, answered, and read by her."""
    asked = people.ask(started, shelter.code(), SLEEP)
    started.days.pass_by(1)
    shelter.answer(shelter.newest(), "Come at ten.").done()
    started.days.pass_by(1)
    assert [one["text"] for one in asked.read()["answers"]] == ["Come at ten."]
