"""S5: two agency workers, passports held, pay taken; a customer passes them a code.

Keeping the reply: the page makes a file of it where somebody asks for one
(tests/acceptance/browser/test_keeping.py, R37); the command prints it, and whoever wants to keep it
sends it to a file.
"""

from __future__ import annotations

from crypto.client import code_text
from crypto.client.code_text import Kind
from tests.acceptance.deployment import HARBOUR, NAMES, Deployment
from tests.acceptance.people import Asked, Provider

REPLY = "Не подписывайте ничего без адвоката."


def _typed(code: str) -> str:
    """What the customer types for them: the short way, and then what is behind "add more"."""
    lines = [
        code,
        "y",
        "documents immigration_law housing criminal_law",
        "ru",
        "not_said",
        "tonight",
        "come_back",
        "y",  # add more
        "2",  # people
        "man",
        "none",  # children
        "evenings",
        "workplace call",  # never
        "",  # safe word
        "documents_held",  # papers: what exactly?
        "",  # papers to stay: what exactly?
        "housing_men",  # a place to live: what exactly?
        "",  # arrest or court: what exactly?
        "",  # wishes
        "client",
        "",  # own words
        "receipt",
        "yes",
    ]
    return "".join(f"{line}\n" for line in lines)


def test_S5_R20_R22_R27_two_ask_and_see_before_whom_they_ask(deployed: Deployment) -> None:
    """Two people and a man travel as choices; privilege and police ties are shown before."""
    attorney = Provider(deployed, HARBOUR)
    code = attorney.code()
    asked = deployed.run("ask", typed=_typed(code)).done()

    # Shown before anything is asked: what stays between them, police ties, money, duties.
    before = asked.err[: asked.err.index("What would help?")]
    for line in (
        NAMES[HARBOUR],
        "Ties to the police        Goes with you to police, only if you decide so",
        "What stays between you    A lawyer must keep what you say secret",
        "Who is welcome            Everyone; People with any papers, or none",
        "Who pays them             Paid in part by a government; Reports only totals to a funder",
        "What they must report     Must hand over what a court orders",
    ):
        assert line in before, (line, before)

    # The provider reads how many, that one is a man, that men have to be accepted, and the needs.
    case = attorney.newest()
    choices = attorney.show(case)["choices"]
    assert choices["People"] == "2"
    assert choices["Who"] == "A man is among us"
    assert choices["Written by"] == "A client or customer"
    for need in ("Passport and papers", "A lawyer for papers to stay", "Men can stay too"):
        assert need in choices["What would help"], choices
    assert attorney.show(case)["contact_rule"]["Never"]

    # The reply is theirs, in Russian, to print or to keep; nothing else is written anywhere.
    attorney.answer(case, REPLY).done()
    receipt = asked.err.split("It cannot be shown again.")[1].splitlines()[1].strip()
    files = sorted(deployed.folder.rglob("*"))
    assert REPLY in Asked(deployed, receipt).shown().done().out
    assert sorted(deployed.folder.rglob("*")) == files

    # The agency finds the card: to its staff it is what a card that never was is.
    spent = deployed.run("ask", "--code-file", "-", typed=f"{code}\n")
    never = code_text.symbols(b"never made", Kind.CODE)
    unknown = deployed.run("ask", "--code-file", "-", typed=f"{never}\n")
    spent.refused(4, "all of these look alike on purpose")
    assert spent == unknown
    assert NAMES[HARBOUR] not in spent.all
