"""What every test may ask for, and what the run says at its end.

Markers: needs("strace") skips with a reason that names ./dev system; long leaves a test out
unless --long is given. Fixtures: count_official, count_scenarios and count_cases add to the closing
counts.
Nothing here reaches the network: connecting beyond this machine fails.
"""

import glob
import ipaddress
import os
import shutil
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings

# The usual run tries the same examples every time and for everyone; --long tries new ones.
settings.register_profile("usual", deadline=None, derandomize=True, database=None)
settings.register_profile("long", deadline=None, max_examples=1000, print_blob=True)

# (property name, test id) -> values; filled from reports, so it works under xdist too.
OFFICIAL = "towpath.official"
SCENARIOS = "towpath.scenarios"
CASES = "towpath.cases"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our two options."""
    group = parser.getgroup("towpath")
    group.addoption("--long", action="store_true", help="also run the tests marked long")
    group.addoption("--no-skips", action="store_true", help="a skipped test counts as a failure")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples the property tests try, and find what Debian keeps off the path."""
    beside = [*glob.glob("/usr/lib/postgresql/*/bin"), "/usr/sbin", "/sbin"]
    os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), *beside])
    os.environ["TOWPATH_STATE"] = ""  # a test that remembers networks says where
    settings.load_profile("long" if config.getoption("--long") else "usual")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave long tests out (deselected, not skipped) unless they were asked for."""
    if config.getoption("--long"):
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    if left_out:
        items[:] = [item for item in items if not item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=left_out)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose programs are missing, saying which command brings them."""
    for marker in item.iter_markers("needs"):
        missing = [program for program in marker.args if shutil.which(program) is None]
        if missing:
            pytest.skip(f"needs {', '.join(missing)}: ./dev system")


@pytest.fixture
def count_official(request: pytest.FixtureRequest) -> Callable[[str, int], None]:
    """Count `count` official vectors of the collection `name` as passed, if the test passes."""

    def record(name: str, count: int) -> None:
        request.node.user_properties.append((OFFICIAL, [name, count]))

    return record


@pytest.fixture
def count_scenarios(request: pytest.FixtureRequest) -> Callable[[int, int], None]:
    """Count our own vectors: `scenarios` in all, of which `refusals` are refusals."""

    def record(scenarios: int, refusals: int) -> None:
        request.node.user_properties.append((SCENARIOS, [scenarios, refusals]))

    return record


@pytest.fixture
def count_cases(request: pytest.FixtureRequest) -> Callable[[int], None]:
    """Count made-up calls that a server really answered."""

    def record(count: int) -> None:
        request.node.user_properties.append((CASES, [count]))

    return record


def _is_local(address: object) -> bool:
    """Say whether connecting to this address stays on this machine."""
    if not isinstance(address, tuple):
        return True  # a Unix socket
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return str(address[0]) == "localhost"


@pytest.fixture(autouse=True, scope="session")
def _stay_on_this_machine() -> Iterator[None]:
    """Refuse connections beyond the loopback interface, so that no test depends on a network."""
    original = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if not _is_local(address):
            raise AssertionError(f"a test tried to connect to {address!r}")
        original(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


def _not_run(reporter: Any) -> list[str]:
    """List skipped and expectedly failing tests, each with its reason, once."""
    lines = set()
    for report in reporter.stats.get("skipped", []):
        longrepr = report.longrepr
        reason = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
        lines.add(f"{report.nodeid}: {reason.removeprefix('Skipped: ')}")
    for report in reporter.stats.get("xfailed", []):
        lines.add(f"{report.nodeid}: expected to fail: {report.wasxfail}")
    return sorted(lines)


def _no_skips(config: pytest.Config) -> bool:
    return bool(config.getoption("--no-skips")) or os.environ.get("TOWPATH_NO_SKIPS") == "1"


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a run with skips red where that was asked for (the controller decides)."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and _no_skips(session.config) and _not_run(reporter):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def _counted(reporter: Any, name: str) -> list[list[Any]]:
    """Collect what passed tests recorded under this property name."""
    return [
        value
        for report in reporter.stats.get("passed", [])
        for key, value in report.user_properties
        if key == name
    ]


def _print_vectors(reporter: Any) -> None:
    official: Counter[str] = Counter()
    for name, count in _counted(reporter, OFFICIAL):
        official[name] += count
    if official:
        reporter.section("Official vectors")
        for name, count in sorted(official.items()):
            reporter.write_line(f"{count:6d}  {name}")
        reporter.write_line(f"{official.total():6d}  in all")
    ours = _counted(reporter, SCENARIOS)
    if ours:
        scenarios, refusals = (sum(column) for column in zip(*ours, strict=True))
        reporter.write_line(f"Our vectors: {scenarios} scenarios, {refusals} refusals")
    if cases := _counted(reporter, CASES):
        reporter.write_line(f"Made-up calls: {sum(count for [count] in cases)}")


def _print_skips(reporter: Any, config: pytest.Config) -> None:
    lines = _not_run(reporter)
    reporter.write_line(f"Skipped: {len(lines)}")
    for line in lines:
        reporter.write_line(f"  {line}")
    if any("./dev system" in line for line in lines):
        reporter.write_line("./dev system installs the packages that these tests lack.")
    if lines and _no_skips(config):
        reporter.write_line("Skips count as failures in this run.", red=True)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the counts: official vectors, our vectors, skipped tests."""
    _print_vectors(terminalreporter)
    _print_skips(terminalreporter, config)
