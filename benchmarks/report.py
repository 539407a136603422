"""The table that a run prints."""

import platform
from collections.abc import Mapping, Sequence
from datetime import date

from benchmarks.database import engine_version
from benchmarks.load import Result
from benchmarks.peers import cores
from benchmarks.scenarios import Scenario

COLUMNS = "| | requests/s | p50 ms | p99 ms | CPU ms | database ms | peak MiB | of php | of floor |"


def heading(url: str, rounds: int, seconds: float) -> None:
    """Say what was measured where, and begin the table."""
    machine = (
        f"{cores()} cores ({platform.machine()}), Python {platform.python_version()}, {engine_version(url)}"
    )
    print(f"{date.today()}, {machine}; best of {rounds} rounds of {seconds:g} s, servers in turn.\n")
    print(COLUMNS)
    print("| --- |" + " ---: |" * (COLUMNS.count("|") - 2), flush=True)


def lines(name: str, scenario: Scenario, found: Mapping[str, Sequence[Result]]) -> None:
    """One line for each server that was asked."""
    best = {peer: max(results, key=lambda each: each.rate) for peer, results in found.items()}
    print(f"| **{scenario.about}**, {scenario.connections} at once (`{name}`) |" + " |" * 8)
    for peer, result in best.items():
        ratios = [
            f"{result.rate / best[other].rate:.2f}" if other in best else "" for other in ("php", "floor")
        ]
        broken = f" ({result.refused} refused)" if result.refused else ""
        numbers = (
            f"{result.rate:.1f}{broken}",
            f"{result.p50:.1f}",
            f"{result.p99:.1f}",
            f"{result.cpu:.2f}",
        )
        cells = (peer, *numbers, f"{result.db_cpu:.2f}", f"{result.peak:.0f}", *ratios)
        print(f"| {' | '.join(cells)} |", flush=True)
