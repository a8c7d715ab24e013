"""`towpath admin review`, `approve` and `suspend` against a real server."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from client import ambient
from client.api_signed import SignedApi
from client.cli.admin import admin
from client.errors import NotVetted, ServerProblem
from client.flows import admin_calls
from client.flows.signed_calls import AskedCounter
from crypto import constants as c
from crypto.public import note_signing, statements
from crypto.public import profile as profiles
from crypto.public.note_signing import Signer, public_of
from crypto.public.statements import Kind, Statement
from tests.client.admin.running import PLAIN, TIED, Running, held_back, plain
from tests.crypto.networks import seed_of
from words import banned


def test_P9_R21_one_admin_lists_nobody_two_do(running: Running) -> None:
    """After one signature the organisation is not in the directory; after the second it is."""
    seed = running.ready("Night Lamp")
    first = running.run("ana", "approve", "Night Lamp", "--days", "90", answer="y\n")
    assert "1 more must sign" in first.stdout
    assert not running.is_listed(seed)
    assert running.reviewed("Night Lamp")["drafts"] == [{"signed": ["ana"], "wrong": []}]
    assert running.reply("Night Lamp") is None
    second = running.run("cy", "approve", "Night Lamp", answer="y\n")
    assert "It is listed." in second.stdout
    reply = running.reply("Night Lamp")
    assert reply is not None
    assert reply.kind == c.REPLY_LISTED
    assert running.reviewed("Night Lamp")["done"] is True
    assert running.is_listed(seed)
    assert banned.find(first.output + second.output) == ()


@pytest.mark.parametrize(("days", "told"), [("30", False), ("29", True), ("31", True)])
def test_P9_R21_only_other_days_than_those_of_the_draft_are_left_out(
    running: Running, days: str, told: bool
) -> None:
    """Who says the same days joins the draft without a word of them; who says others is told."""
    seed = running.ready("Same Days")
    assert running.run("ana", "approve", "Same Days", "--days", "30", "--yes").exit_code == 0
    second = running.run("cy", "approve", "Same Days", "--days", days, "--yes")
    assert ("chose other days" in plain(second)) is told
    assert running.is_listed(seed)


def test_P9_R21_the_same_admin_twice_is_one_signature(running: Running) -> None:
    """The second try is refused before it asks, and lists nobody."""
    seed = running.ready("Twice")
    assert running.run("ana", "approve", "Twice", "--days", "9", "--yes").exit_code == 0
    again = running.run("ana", "approve", "Twice")
    assert (again.exit_code, "signed this already" in plain(again)) == (7, True)
    assert not running.is_listed(seed)


def test_P9_without_a_yes_nothing_is_signed_or_sent(running: Running) -> None:
    """No, and a closed input, leave the application as it was."""
    running.ready("Unsure")
    for answer, code in (("n\n", 1), ("", 130)):
        assert (
            running.run("ana", "approve", "Unsure", "--days", "9", answer=answer).exit_code == code
        )
    assert running.reviewed("Unsure")["drafts"] == []


@pytest.mark.parametrize("days", ["0", "91", "-1"])
def test_R21_R25_more_than_90_days_are_not_signed(running: Running, days: str) -> None:
    """The exit code is that of a wrong use."""
    running.ready("Too long")
    result = running.run("ana", "approve", "Too long", "--days", days, "--yes")
    assert (result.exit_code, "1 to 90 days" in plain(result)) == (2, True)


def test_R21_days_are_asked_for_where_nobody_has_chosen_them(running: Running) -> None:
    """A first signature needs --days; an organisation that did not apply can't be approved."""
    running.ready("How long")
    assert "For how long" in plain(running.run("ana", "approve", "How long", "--yes"))
    unknown = running.run("ana", "approve", "Nobody Of This Name", "--days", "9", "--yes")
    assert (unknown.exit_code, "no organisation" in plain(unknown)) == (2, True)


def test_R22_S6_police_ties_and_funding_are_read_first(running: Running) -> None:
    """A task force, raids and a pledge stand above what is offered, in review and approve alike."""
    running.ready("Tied House", TIED)
    for words in (("review",), ("approve", "Tied House", "--days", "9")):
        said = running.run("bo", *words, answer="n\n").output
        shown = said[said.index("Tied House") :]
        offered = shown.index("Helps with")
        for tie in ("task force", "police enter homes", "anti-prostitution pledge"):
            assert 0 <= shown.find(tie) < offered


def test_P9_R21_a_look_alike_of_a_listed_name_is_flagged_and_not_blocked(running: Running) -> None:
    """Another key under a listed name in other dress: said in review, and the admins decide."""
    running.list("Quiet Harbour")
    other = running.ready("QUIET-HARBOUR", seed=seed_of("somebody else"))
    flags = running.reviewed("QUIET-HARBOUR")["flags"]
    first = "Its name looks like that of Quiet Harbour, which is another organisation."
    assert flags[0] == first
    same = "Its profile is the same as that of Quiet Harbour, which is another organisation."
    assert same in flags
    meant = running.run("ana", "approve", "QUIET-HARBOUR", "--days", "9", "--yes")
    assert (meant.exit_code, "Several" in plain(meant)) == (2, True)
    digits = public_of(other).hex()[:12]
    assert running.run("ana", "approve", digits, "--days", "9", "--yes").exit_code == 0


def test_R22_a_listed_organisations_new_profile_is_shown_as_what_changes(running: Running) -> None:
    """What comes and what goes against the listing, field by field."""
    running.list("Changing")
    running.apply("Changing", TIED)
    said = running.run("ana", "review").output
    assert "Police ties, new: Sits on a task force with police" in said
    assert "Police ties, gone: No ties to police or immigration authorities" in said


def test_P9_R21_a_draft_of_an_earlier_application_is_not_signed(running: Running) -> None:
    """The organisation applies anew with other ties while a draft goes from hand to hand."""
    note = running.note("earlier")
    running.ready("Turncoat")
    words = ("approve", "Turncoat", "--days", "9", "--yes", "--out", str(note))
    assert running.run("ana", *words).exit_code == 0
    seed = running.ready("Turncoat", TIED)
    result = running.run("bo", "approve", "Turncoat", "--file", str(note), "--yes")
    assert (result.exit_code, "another profile" in plain(result)) == (6, True)
    assert not running.is_listed(seed)


def test_P9_notes_passed_by_hand_list_like_any_other(running: Running) -> None:
    """The first admin sends nothing; the second signs the file and hands it in."""
    seed, note = running.ready("By hand"), running.note("by-hand")
    out = running.run("ana", "approve", "By hand", "--days", "9", "--yes", "--out", str(note))
    assert (out.exit_code, "nothing was sent" in plain(out)) == (0, True)
    assert running.reviewed("By hand")["drafts"] == []
    assert running.run("bo", "approve", "By hand", "--file", str(note), "--yes").exit_code == 0
    assert running.is_listed(seed)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"serial": 1}, "number"),
        ({"network_id": seed_of("another network")}, "another network"),
        ({"name": "Steady Hands"}, "another name"),
        ({"kind": Kind.SUSPENDED}, "suspends"),
        ({"organisation": seed_of("x")}, "another organisation"),
    ],
)
def test_P9_R21_a_file_that_says_something_else_is_not_signed(
    running: Running, changes: dict[str, object], word: str
) -> None:
    """A stale serial, another network, name, kind or key: refused, whoever signed it."""
    name = "Steady Hand"
    seed = seed_of(name)
    if not running.is_listed(seed):
        running.list(name)
    running.ready(name, TIED)
    said: dict[str, object] = {
        "network_id": running.network_id,
        "kind": Kind.VETTED,
        "serial": 1 << 20,
        "organisation": public_of(seed),
        "profile": profiles.profile_hash(profiles.encode(TIED)),
        "first": ambient.today(),
        "until": ambient.today() + 9,
        "name": name,
    }
    text = statements.format_text(Statement(**{**said, **changes}))  # type: ignore[arg-type]
    ana = running.signer("ana")
    note = running.note(f"wrong-{word.replace(' ', '-')}")
    note.write_bytes(note_signing.sign_note(text, ana))
    before = note.read_bytes()
    result = running.run("bo", "approve", name, "--file", str(note), "--yes", "--out", str(note))
    assert (result.exit_code, word in plain(result)) == (6, True)
    assert note.read_bytes() == before


def test_P9_another_network_than_the_named_one_is_refused(running: Running) -> None:
    """A server of another network gets no signature and no call that is signed."""
    for words in (("review",), ("approve", "x", "--days", "9"), ("suspend", "x")):
        result = running.run("ana", *words, network="00" * 32)
        assert (result.exit_code, "another network" in plain(result)) == (6, True)


def test_P9_who_is_no_admin_sees_no_application(running: Running) -> None:
    """Another key under an admin's name, and a stranger's: refused here, and by the server."""
    scene = running.scene()
    for signer in (Signer("ana", seed_of("stolen name")), Signer("zoe", seed_of("zoe"))):
        calls = SignedApi(running.api, signer.seed, running.network_id, AskedCounter())
        with pytest.raises(ServerProblem) as problem:
            calls.applications()
        assert problem.value.kind == "unsigned"
        with pytest.raises(NotVetted):
            admin_calls.applications(running.api, signer, scene)


def test_R32_an_admins_key_opens_no_call_of_a_provider(running: Running) -> None:
    """Tokens, the drop key, capacity, members: there an admin is a stranger."""
    ana = running.signer("ana")
    calls = SignedApi(running.api, ana.seed, running.network_id, AskedCounter())
    week = ambient.today() - (ambient.today() + 3) % 7
    for call in (
        lambda: calls.tokens(week, b""),
        lambda: calls.put_capacity(True, None),
        lambda: calls.put_members([public_of(ana.seed)]),
        lambda: running.api.drop(ana.seed, 0),
    ):
        with pytest.raises(ServerProblem) as problem:
            call()
        assert problem.value.kind == "unsigned"


def test_P9_R21_S6_one_admin_ends_a_listing_and_two_lift_that(running: Running) -> None:
    """Suspended alone, at once; approving anew takes as many as for any listing."""
    seed = running.list("Suspended")
    ended = running.run("cy", "suspend", "Suspended", answer="y\n")
    assert "Its listing has ended" in ended.stdout
    assert "To lift it, 2 admins" in ended.stdout
    assert not running.is_listed(seed)
    running.ready("Suspended")
    assert any("ended early" in flag for flag in running.reviewed("Suspended")["flags"])
    running.run("ana", "approve", "Suspended", "--days", "9", "--yes")
    assert not running.is_listed(seed)
    running.run("bo", "approve", "Suspended", "--yes")
    assert running.is_listed(seed)


def test_P9_R21_a_server_that_takes_a_statement_and_goes_on_as_before_is_noticed(
    running: Running,
) -> None:
    """It answers that all is done, and shows what it showed: the admin is told, with code 6."""
    running.list("Goes on")
    running.ready("Not yet")
    running.run("ana", "approve", "Not yet", "--days", "9", "--yes")
    for words in (("suspend", "Goes on"), ("approve", "Not yet")):
        with held_back(running.server.url) as url:
            result = running.run("bo", *words, "--yes", url=url)
        assert (result.exit_code, "does not show it" in plain(result)) == (6, True)


def test_P9_suspending_asks_first_and_ends_nothing_without_a_yes(running: Running) -> None:
    """No is no; an organisation that is not listed can't be suspended."""
    seed = running.list("Still there")
    assert running.run("ana", "suspend", "Still there", answer="n\n").exit_code == 1
    assert running.is_listed(seed)
    result = running.run("ana", "suspend", "Not there", "--yes")
    assert (result.exit_code, "no organisation" in plain(result)) == (2, True)


def test_P9_two_of_one_name_are_told_apart_by_their_keys(running: Running) -> None:
    """The name alone signs for neither; the first digits of the key do."""
    running.apply("Twins")
    del running.secrets["Twins"]
    other = running.ready("Twins", seed=seed_of("the other twin"))
    both = running.run("ana", "approve", "Twins", "--days", "9", "--yes")
    assert (both.exit_code, "Several" in plain(both)) == (2, True)
    digits = public_of(other).hex()[:12]
    assert running.run("ana", "approve", digits, "--days", "9", "--yes").exit_code == 0
    assert [one.exit_code for one in (running.run("bo", "approve", digits, "--yes"),)] == [0]
    assert running.is_listed(other)


def test_R19_nothing_that_an_admin_reads_uses_a_banned_word(running: Running) -> None:
    """All that was printed so far, but what organisations say of their funders' terms."""
    said = " ".join(running.printed).replace("anti-prostitution pledge", "")
    assert said
    assert banned.find(said) == ()


def test_P9_R21_an_admin_who_was_retired_is_out_at_once(running: Running) -> None:
    """The next policy is drafted, signed and loaded; the old key reviews and signs nothing.

    What rested on that key has ended, is shown nowhere, and can be listed anew on the same day.
    """
    ended = running.list("Rested on it", signed_by=("ana", "cy"))
    path = running.places.folder / "two"
    server = ("--server", running.server.url)
    drafted = CliRunner().invoke(
        admin, ["policy", "next", "--retire", "cy", "--out", str(path), *server]
    )
    assert drafted.exit_code == 0, drafted.output
    for name in ("ana", "bo"):
        assert running.run(name, "policy", "sign", str(path), "--yes").exit_code == 0
    running.server.load_policy(path)
    assert running.policy_version() == 2
    running.apply("After", PLAIN)
    running.mark("After", "ana", "bo")
    for words in (("review",), ("approve", "After", "--days", "9", "--yes")):
        result = running.run("cy", *words)
        assert (result.exit_code, "was retired" in plain(result)) == (6, True)
    assert running.run("ana", "approve", "After", "--days", "9", "--yes").exit_code == 0
    assert not running.is_listed(ended)
    running.apply("Rested on it")
    running.mark("Rested on it", "ana", "bo")
    for name in ("ana", "bo"):
        again = running.run(name, "approve", "Rested on it", "--days", "9", "--yes")
        assert again.exit_code == 0, again.output
    assert running.is_listed(ended)
