"""`towpath admin mark`, `note`, `decline`, `ask`, `minutes`, `share`, `keys publish`; S6 (d)."""

from __future__ import annotations

import json
import threading

import pytest

from client import ambient
from client.cli import peer_show
from client.flows import admin_calls, apply, approving, choosing, vetting, vetting_writing
from client.flows.review import Opened
from crypto import constants as c
from crypto.client import hpke
from crypto.client.application import Answer
from crypto.public import admin_keys, statements
from tests.client.admin.running import CONTACT, TIED, Running, plain
from tests.crypto import vettings
from words import banned


def answers(**said: tuple[int, str]) -> list[Answer]:
    """Answers to all that is asked: yes, but for those that are given."""
    found = []
    for one in vettings.answers():
        kind, text = said.get(f"V{one.criterion}", (one.kind, one.text))
        found.append(Answer(criterion=one.criterion, kind=kind, epoch=one.epoch, text=text))
    return found


def test_S6_R21_a_task_force_with_a_pledge_is_stopped_by_what_it_says(running: Running) -> None:
    """Bound to a task force, under a pledge: V2 and V3 are not met, and nobody can list it alone.

    Neither one admin, whoever it is, nor two of three where one objects.
    """
    bound = answers(
        V2=(c.CRITERION_NO, "Our funder gets names; we share what people tell us at the table."),
        V3=(c.CRITERION_PART, "We sit on the task force."),
        V4=(c.CRITERION_YES, "We signed a pledge."),
    )
    seed = running.apply("Bound House", TIED, answers=bound)
    shown = running.run("ana", "review", "Bound House").output
    assert "V2 (blocking): open" in shown
    assert "Our funder gets names" in shown
    assert "Answered: No." in shown
    assert "whose decision" in plain(running.run("ana", "review", "Bound House"))
    for who in ("ana", "bo", "cy"):
        alone = running.run(who, "approve", "Bound House", "--days", "9", "--yes")
        assert (alone.exit_code, "can't be signed yet" in plain(alone)) == (6, True)
    running.mark("Bound House", "ana", "bo")
    said = running.run("cy", "mark", "Bound House", "V2", "not-met", "--text", "Says so itself.")
    assert "V2: marked as not met." in said.stdout
    running.mark("Bound House", "cy", state="not-met", items=(3,))
    for who in ("ana", "bo"):
        result = running.run(who, "approve", "Bound House", "--days", "9", "--yes")
        assert result.exit_code == 6
        assert "V2: cy marked it as not met; only cy can change that." in plain(result)
        assert running.run(who, "mark", "Bound House", "V2", "met").exit_code == 0
    assert running.run("bo", "approve", "Bound House", "--days", "9", "--yes").exit_code == 6
    assert running.reviewed("Bound House")["blocking_met"] == 3
    assert not running.is_listed(seed)


def test_S6_R21_R22_ties_that_are_told_and_harm_nobody_are_listed_and_labelled(
    running: Running,
) -> None:
    """What it says of police and funders, openly, is met: it is listed, and its ties are shown."""
    seed = running.apply("Open Ties", TIED)
    running.mark("Open Ties", "ana", "bo")
    assert running.run("ana", "approve", "Open Ties", "--days", "9", "--yes").exit_code == 0
    assert running.run("bo", "approve", "Open Ties", "--yes").exit_code == 0
    assert running.is_listed(seed)
    (one,) = [x for x in running.scene().listed if x.statement.name == "Open Ties"]
    assert one.profile.police_ties == TIED.police_ties
    assert one.profile.funding == TIED.funding
    found = choosing.fetch(running.api, device_day=ambient.today(), network_id=running.network_id)
    (seen,) = [x for x in found.organisations if x.statement.name == "Open Ties"]
    asked = peer_show.described(seen.statement, seen.profile, found.view)
    assert "task force" in asked["Ties to the police"]
    assert "pledge" in asked["Who pays them"]


def test_P9_R21_T66_an_objection_holds_until_who_made_it_takes_it_back(running: Running) -> None:
    """Met, not met, taken back: only the last word of each admin counts."""
    seed = running.apply("Doubted")
    running.mark("Doubted", "ana", "bo")
    assert running.run("cy", "mark", "Doubted", "v7", "unclear").exit_code == 0
    assert running.run("ana", "approve", "Doubted", "--days", "9", "--yes").exit_code == 6
    taken = running.run("cy", "mark", "Doubted", "V7", "take-back", "--text", "Asked: it is fine.")
    assert "5 of 5 blocking items met by both" in taken.stdout
    assert running.run("ana", "approve", "Doubted", "--days", "9", "--yes").exit_code == 0
    assert running.run("bo", "approve", "Doubted", "--yes").exit_code == 0
    assert running.is_listed(seed)


def test_P9_T66_an_objection_between_two_signatures_stops_the_last(running: Running) -> None:
    """The first has signed when a third objects: the last does not, and nothing goes out."""
    seed = running.ready("Halfway")
    assert running.run("ana", "approve", "Halfway", "--days", "9", "--yes").exit_code == 0
    running.run("cy", "mark", "Halfway", "V3", "not-met", "--text", "New: a seat at the table.")
    late = running.run("bo", "approve", "Halfway", "--yes")
    assert (late.exit_code, "cy marked it as not met" in plain(late)) == (6, True)
    assert not running.is_listed(seed)


def test_P9_R21_two_who_write_at_once_lose_nothing(running: Running) -> None:
    """Both write as the same number; one is taken, the other reads it and writes behind it."""
    running.apply("At once")
    rooms = {name: running.enter("At once", name) for name in ("ana", "bo")}
    running.heard.clear()
    found: dict[str, Opened] = {}

    def write(name: str) -> None:
        writer, opened = rooms[name]
        for number in range(4):
            text = f"{name} {number}"
            entry = vetting_writing.note_entry(writer.signer, writer.scene.today, text)
            opened = writer.write(opened, entry)
        found[name] = opened

    threads = [threading.Thread(target=write, args=(name,)) for name in rooms]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    _, opened = running.enter("At once", "cy")
    said = [entry.text for entry in opened.entries]
    assert sorted(said) == sorted(f"{name} {number}" for name in rooms for number in range(4))
    assert [one.number for one in opened.written] == list(range(8))
    for name in rooms:
        assert [text for text in said if text.startswith(name)] == [
            f"{name} {number}" for number in range(4)
        ]
    assert running.heard


def test_P9_T66_who_signs_at_once_with_an_objection_reads_it_first(running: Running) -> None:
    """Between looking and signing somebody objects: the signature is not written."""
    running.ready("Meanwhile")
    writer, opened = running.enter("Meanwhile", "ana")
    statement = vetting.new_statement(opened, writer.scene, 9, logged=0)
    signed = vetting.sign_new(statement, writer.signer, writer.scene.policy)
    running.mark("Meanwhile", "cy", state="not-met", items=(1,))
    running.heard.clear()
    with pytest.raises(Exception, match="cy marked it as not met"):
        approving.approve(writer, running.api, opened, signed)
    assert [one.entry.criterion for one in running.heard if one.entry] == [1]
    assert running.reviewed("Meanwhile")["drafts"] == []


def test_R21_a_refusal_reaches_the_organisation_sealed_and_the_admins_see_it(
    running: Running,
) -> None:
    """The first reply stands; a second reason stays among the admins."""
    running.apply("Declined")
    assert running.reply("Declined") is None
    done = running.run("ana", "decline", "Declined", "--reason", "V1: a form is asked.", "--yes")
    assert "Declined." in done.stdout
    reply = running.reply("Declined")
    assert reply is not None
    assert (reply.kind, reply.text) == (c.REPLY_DECLINED, "V1: a form is asked.")
    again = running.run("bo", "decline", "Declined", "--reason", "Another.", "--yes")
    assert "had a reply already" in again.stdout
    assert "LOOK: ana declined it: V1: a form is asked." in running.run("cy", "review").output
    asked = running.run("cy", "ask", "Declined", "--text", "Who pays?")
    assert (asked.exit_code, "had a reply" in plain(asked)) == (7, True)


def test_R21_a_question_reaches_the_organisation_and_a_note_only_the_admins(
    running: Running,
) -> None:
    """What admins note among themselves stands in no reply."""
    running.apply("Asked House")
    running.run("ana", "note", "Asked House", "--text", "I know somebody there.")
    assert running.reply("Asked House") is None
    assert running.run("bo", "ask", "Asked House", "--text", "Who pays you?").exit_code == 0
    reply = running.reply("Asked House")
    assert reply is not None
    assert (reply.kind, reply.text) == (c.REPLY_QUESTION, "Who pays you?")
    shown = json.loads(running.run("cy", "review", "Asked House", "--json").stdout)
    assert [one["said"] for one in shown["written"]] == [
        "I know somebody there.",
        "Asked: Who pays you?",
    ]
    assert shown["contact"] == CONTACT
    assert len(shown["items"]) == c.VETTING_CRITERIA


def test_R21_minutes_are_written_once_and_over_no_other_file(running: Running) -> None:
    """A page with everything on it; a file that is there already stays."""
    running.ready("Minuted")
    out = running.places.folder / "minutes.html"
    assert running.run("ana", "minutes", "Minuted", "--out", str(out)).exit_code == 0
    page = out.read_text(encoding="utf-8")
    assert "5 of 5 blocking items met by both" in page
    assert running.run("ana", "minutes", "Minuted", "--out", str(out)).exit_code == 2
    assert running.run("bo", "minutes", "Minuted").stdout.startswith("<!doctype html>")


def test_R21_T65_what_is_not_sealed_to_an_admin_is_handed_on_by_another(running: Running) -> None:
    """An application that two admins read is opened by the third once one of them shares it."""
    policy = running.scene().policy
    keys = running.api.admin_keys()
    held = apply.admins_of(policy, keys)
    cy = next(key.public_key for key in policy.admins if key.name == "cy")
    few = apply.Admins(tuple(x for x in held.keys if x.admin != cy), held.every, held.threshold)
    running.apply("For two", admins=few)
    shut = running.run("cy", "review")
    assert "not sealed to you" in plain(shut)
    assert running.run("cy", "note", "For two", "--text", "x").exit_code == 2
    assert running.run("ana", "share", "For two", "nobody").exit_code == 2
    assert running.run("ana", "share", "For two", "cy").exit_code == 0
    assert running.run("cy", "mark", "For two", "V1", "met").exit_code == 0
    assert "Handed on to one more admin" in running.run("bo", "review", "For two").output


def test_P9_T66_who_posts_anothers_key_is_told_to_her_and_stops_nobody(running: Running) -> None:
    """The organisation applies, the admin whose key it is reads it and is told who posted it."""
    policy, cy = running.scene().policy, running.signer("cy")
    seed = admin_keys.reading_seed(running.signer("bo").seed, policy.network_id)
    calls = admin_calls.signed_calls(running.api, cy, policy)
    calls.put_admin_key(vettings.signed_key(cy, policy.network_id, hpke.public_key(seed)))
    running.apply("Past a thief")
    shown = running.run("bo", "review")
    assert "Past a thief" in shown.output
    assert "cy has published your key to read with, and can't read. Ask why." in plain(shown)
    assert "not sealed to you" in plain(running.run("cy", "review"))
    assert running.run("bo", "share", "Past a thief", "bo").exit_code == 0
    assert running.run("cy", "keys", "publish").exit_code == 0
    assert "has published your key" not in plain(running.run("bo", "review"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("mark", "Fit House", "V0", "met"), 2),
        (("mark", "Fit House", "V17", "met"), 2),
        (("mark", "Fit House", "V1", "perhaps"), 2),
        (("mark", "Nobody Of This Name", "V1", "met"), 2),
        (("mark", "Fit House", "V1", "met", "--text", "a" * 1_501), 2),
        (("note", "Fit House", "--text", ""), 2),
        (("note", "Fit House", "--text", "a\u202eb"), 2),
        (("decline", "Fit House", "--reason", "", "--yes"), 2),
        (("decline", "Fit House", "--reason", "x"), 130),
    ],
)
def test_R21_what_can_not_be_written_is_not(
    running: Running, words: tuple[str, ...], code: int
) -> None:
    """No such item, state or organisation, too long, empty, turned round, not confirmed."""
    if "Fit House" not in running.secrets:
        running.apply("Fit House")
    assert running.run("ana", *words).exit_code == code
    assert running.enter("Fit House")[1].written == ()


def test_R21_an_admins_key_is_published_again_and_again_as_the_same(running: Running) -> None:
    """It comes from the key file alone; who is no admin publishes none."""
    before = running.api.admin_keys()
    assert running.run("bo", "keys", "publish").exit_code == 0
    assert running.api.admin_keys() == before
    scene = running.scene()
    for name in ("ana", "bo"):
        by = admin_calls.posted_by(running.api, running.signer(name), scene.policy)
        assert [key.name for key in by] == [name]


def test_R25_an_application_that_was_taken_back_is_gone_for_all(running: Running) -> None:
    """The admins see it no more, and what they wrote went with it."""
    running.ready("Gone House")
    writer, opened = running.enter("Gone House")
    running.withdraw("Gone House")
    assert "Gone House" not in running.run("bo", "review").output
    entry = vetting_writing.note_entry(writer.signer, ambient.today(), "too late")
    with pytest.raises(Exception, match="not open any more"):
        writer.write(opened, entry)


def test_P9_R21_a_statement_that_was_not_handed_in_is_handed_in_again(running: Running) -> None:
    """All have signed and the last post was lost: doing it again lists, and signs nothing twice."""
    seed = running.ready("Lost Post")
    assert running.run("ana", "approve", "Lost Post", "--days", "9", "--yes").exit_code == 0
    writer, opened = running.enter("Lost Post", "bo")
    draft = vetting.pick_draft(opened)
    assert draft is not None
    signed = vetting.sign_draft(draft, opened.application, writer.signer, writer.scene)
    entry = vetting_writing.signature_entry(writer.signer, writer.scene.today, signed.note)
    writer.write(opened, entry)
    assert not running.is_listed(seed)
    assert running.run("bo", "approve", "Lost Post", "--yes").exit_code == 0
    assert running.is_listed(seed)
    kinds = [one.kind for one in running.enter("Lost Post")[1].entries]
    assert kinds.count(c.VETTING_SIGNATURE) == 2
    assert statements.parse(signed.note.decode().partition("\n\n")[0] + "\n") == signed.statement


def test_R19_nothing_that_an_admin_reads_here_uses_a_banned_word(running: Running) -> None:
    """All that was printed so far, but what organisations say of their funders' terms."""
    said = " ".join(running.printed).replace("anti-prostitution pledge", "")
    assert said
    assert banned.find(said) == ()
