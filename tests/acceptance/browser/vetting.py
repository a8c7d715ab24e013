"""Who asks to be listed and who signs, each at a laptop of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crypto import constants as c
from tests.acceptance.browser.working import PHRASE, Laptop
from tests.acceptance.deployment import Deployment
from words import load

MEMBER_PHRASE = "five words that open it all"
"""The passphrase of the member who applies: 16 letters or more."""
_OPENING_S = 180.0
_CRITERIA = range(1, c.VETTING_CRITERIA + 1)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What an organisation says of itself; answers are yes, with a text, but for these kinds."""

    name: str = "Lantern House"
    contact: str = "Telephone 0171 5550199, mornings, ask for Anna"
    profile: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {
            "kind": ("open_shelter",),
            "police_ties": ("shared_office",),
            "funding": ("pledge",),
            "reporting": ("minors",),
            "services": ("sleep_tonight", "documents"),
        }
    )
    kinds: dict[int, int] = field(default_factory=lambda: {4: c.CRITERION_PART})
    texts: dict[int, str] = field(default_factory=lambda: {3: "We share a floor with a unit."})


LANTERN = Said()
# In the order in which the page asks.
_FIELDS = {
    "kind": "kind",
    "police_ties": "police_tie",
    "funding": "funding",
    "reporting": "reporting",
    "services": "needs",
    "privilege": "privilege",
    "languages": "languages",
    "regions": "regions",
    "accepts": "accepts",
    "housing": "housing",
    "pledge": "pledge",
}


def opens(laptop: Laptop, path: str, language: str = "en") -> None:
    """Open a page in a language, at its first screen."""
    laptop.opens(path)
    found = load("languages").by_code(language)
    assert found is not None
    laptop.speaks(language)
    laptop.tap(laptop.page.get_by_role("button", name=found.text, exact=True))
    laptop.waits_for("begin", "open")


def admin_key(at: Deployment, name: str) -> Path:
    """The key file of an admin of a deployment."""
    return at.folder / "admins" / f"{name}.key"


def sits_down(laptop: Laptop, key: Path, phrase: str = PHRASE) -> None:
    """Open the page for admins with a key file, which stands at its first screen."""
    laptop.page.locator("input[type=file]").set_input_files(str(key))
    laptop.types("vetting.open.passphrase", phrase)
    laptop.says("vetting.open.go")
    laptop.waits_for("list", seconds=_OPENING_S)


def fills_in(laptop: Laptop, said: Said = LANTERN) -> None:
    """Say everything, from the first screen to the read-back."""
    for _ in filling_in(laptop, said):
        pass


def filling_in(laptop: Laptop, said: Said = LANTERN) -> Iterator[str]:
    """The same, and give the screens on the way, each with a name of its own."""
    laptop.says("apply.begin.go")
    laptop.waits_for("name")
    yield "name"
    laptop.types("apply.name.label", said.name)
    laptop.says("shared.next")
    for place, list_name in _FIELDS.items():
        laptop.waits_for("profile")
        laptop.chooses(list_name, *said.profile.get(place, ()))
        yield place
        _goes_on(laptop)
    laptop.waits_for("contact")
    yield "contact"
    laptop.types("apply.contact.label", said.contact)
    laptop.says("shared.next")
    for criterion in _CRITERIA:
        laptop.waits_for("answer")
        kind = said.kinds.get(criterion, c.CRITERION_YES)
        laptop.tap(laptop.choice(laptop.words[f"vetting.answer.{kind}"]))
        laptop.types("apply.answer.text", said.texts.get(criterion, ""))
        yield f"V{criterion}"
        _goes_on(laptop)
    laptop.waits_for("check")
    yield "check"


def makes_keys(laptop: Laptop, folder: Path, member: str = "Anna") -> tuple[Path, Path]:
    """Make keys behind the read-back, and keep both files; nothing is handed in yet."""
    laptop.says("apply.check.keys")
    laptop.waits_for("keys")
    laptop.types("apply.keys.name", member)
    laptop.types("inbox.invited.passphrase", MEMBER_PHRASE)
    laptop.types("inbox.invited.again", MEMBER_PHRASE)
    laptop.says("inbox.invited.make")
    laptop.waits_for("keep", seconds=_OPENING_S)
    return keeps(laptop, "key", folder), keeps(laptop, "store", folder)


def keeps(laptop: Laptop, which: str, folder: Path) -> Path:
    """Keep one of the two files."""
    with laptop.page.expect_download() as download:
        laptop.says(f"apply.keep.{which}.go")
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def applies(laptop: Laptop, folder: Path, said: Said = LANTERN) -> tuple[Path, Path]:
    """Apply, from the first screen to "handed in"; returns the key file and the file beside it."""
    fills_in(laptop, said)
    files = makes_keys(laptop, folder)
    laptop.says("apply.keep.go")
    laptop.waits_for("sent")
    return files


def comes_back(laptop: Laptop, key: Path, store: Path | None = None) -> None:
    """Come back to the page with what was kept, to see where it stands."""
    opens(laptop, "/apply")
    laptop.says("apply.begin.again")
    laptop.waits_for("open")
    inputs = laptop.page.locator("input[type=file]")
    inputs.nth(0).set_input_files(str(key))
    if store is not None:
        inputs.nth(1).set_input_files(str(store))
    laptop.types("apply.open.passphrase", MEMBER_PHRASE)
    laptop.says("apply.open.go")
    laptop.waits_for("standing", seconds=_OPENING_S)
    settled(laptop)


def settled(laptop: Laptop) -> None:
    """Wait until what is under way on a screen is over."""
    status = laptop.page.locator("p.status")
    status.filter(has_text=laptop.words["shared.wait"]).first.wait_for(state="detached")


def reads(laptop: Laptop, name: str) -> str:
    """Open the one application of this name, and return what is shown of it."""
    laptop.tap(laptop.page.get_by_role("button").filter(has_text=name).first)
    laptop.waits_for("application")
    return laptop.shown()


def marks(laptop: Laptop, criterion: int, state: int = c.MARK_MET, text: str = "") -> None:
    """Mark a criterion of the application that is open."""
    laptop.tap(laptop.button(laptop.words.said("vetting.item.mark", criterion=f"V{criterion}")))
    laptop.waits_for("mark")
    laptop.tap(laptop.choice(laptop.words[f"vetting.mark.{state}"]))
    if text:
        laptop.types("vetting.mark.label", text)
    laptop.says("vetting.mark.send")


def marks_blocking(laptop: Laptop) -> None:
    """Mark everything as met without which nobody is listed."""
    for criterion in c.VETTING_BLOCKING:
        marks(laptop, criterion, text=f"I saw the paper for {criterion}.")
        laptop.waits_for("application")


def signs(laptop: Laptop, admin: str) -> str:
    """Sign the application that is open, and return what was shown before."""
    laptop.says("vetting.item.sign")
    laptop.waits_for("sign")
    shown = laptop.shown()
    laptop.tap(laptop.button(laptop.words.said("vetting.sign.go", name=admin)))
    laptop.waits_for("signed")
    return shown


def suspends(laptop: Laptop, name: str, admin: str) -> None:
    """End a listing, from the list of applications."""
    laptop.says("vetting.list.listed")
    laptop.waits_for("listed")
    laptop.tap(laptop.button(laptop.words.said("vetting.suspend.begin", name=name)))
    laptop.waits_for("suspend")
    laptop.tap(laptop.button(laptop.words.said("vetting.suspend.go", name=admin)))
    laptop.waits_for("suspended")


def _goes_on(laptop: Laptop) -> None:
    """Tap "Next", and wait until this screen is gone: the next has the same name."""
    before = laptop.page.query_selector("h1")
    assert before is not None
    laptop.says("shared.next")
    before.wait_for_element_state("hidden")
