"""Print what sealing, opening, trial opening and deriving cost beside the bare library calls."""

from __future__ import annotations

import argparse
import platform

from bench import protocol
from bench.timing import Result, measure

_WIDTHS = (34, 12, 12, 8)


def main() -> None:
    """Measure every pair and print one line for each."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each of three runs")
    seconds = parser.parse_args().seconds
    print(f"Python {platform.python_version()}, one core, median of 3, calls a second")
    _row("what", "ours", "bare", "ratio")
    for pair in protocol.pairs():
        _show(measure(pair, seconds))


def _show(result: Result) -> None:
    rates = f"{result.ours_a_second:,.1f}", f"{result.bare_a_second:,.1f}"
    _row(result.name, *rates, f"{result.ratio:.2f}")
    if result.note:
        print(f"    {result.note}")


def _row(name: str, ours: str, bare: str, ratio: str) -> None:
    a, b, c, d = _WIDTHS
    print(f"{name:<{a}}{ours:>{b}}{bare:>{c}}{ratio:>{d}}", flush=True)


if __name__ == "__main__":
    main()
