"""Load a server with wrk, and weigh the processes that answer."""

import os
import re
import subprocess
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.database import which
from benchmarks.peers import HOST, Peer

SCRIPT = Path(__file__).with_name("requests.lua")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Result:
    """What one run measured.

    Attributes:
        rate: Requests a second.
        p50: Median latency, in milliseconds.
        p99: 99th percentile, in milliseconds.
        cpu: Processor time of the server's processes for a request, in milliseconds.
        db_cpu: The database's, likewise.
        peak: The most memory of the server's processes together, in MiB (PSS).
        refused: Answers that were no success.
    """

    rate: float
    p50: float
    p99: float
    cpu: float
    db_cpu: float
    peak: float
    refused: int


def run(
    peer: Peer,
    database: str,
    database_pid: int,
    path: str,
    *,
    connections: int,
    seconds: float,
    most: int = 1,
    body: str = "",
    etag: str = "",
    seed: int = 1,
) -> Result:
    """Send one kind of request for some seconds.

    Args:
        peer: The server.
        database: Which of its databases.
        database_pid: The database server's process.
        path: What to ask for; see ``requests.lua``.
        connections: How many at once.
        seconds: How long; a slow answer gets time for about three of each connection.
        most: The largest number in the path.
        body: A form to post.
        etag: For ``If-None-Match``.
        seed: Of the numbers' order.
    """
    wrk = which("wrk")
    if not wrk:
        raise SystemExit("Install the package wrk first.")
    environ = {
        "BENCH_PATH": path,
        "BENCH_MOST": str(most),
        "BENCH_TOKEN": peer.token[database],
        "BENCH_SEED": str(seed),
    }
    environ |= {name: value for name, value in (("BENCH_BODY", body), ("BENCH_ETAG", etag)) if value}
    url = f"http://{HOST}:{peer.ports[database]}"
    command = [wrk, "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "60s", "-s", str(SCRIPT), url]
    mine, before = peer.pids[database], time_of(peer.pids[database])
    before_there = time_of([database_pid])
    with Scales(mine) as scales:
        ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    spent, spent_there = time_of(mine) - before, time_of([database_pid]) - before_there
    said = ended.stdout.partition("RESULT")[2]
    found = {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", said)}
    number = max(1, found["requests"])
    return Result(
        rate=found["requests"] / (found["micros"] / 1e6),
        p50=found["p50"] / 1e3,
        p99=found["p99"] / 1e3,
        cpu=spent * 1e3 / number,
        db_cpu=spent_there * 1e3 / number,
        peak=scales.peak,
        refused=found["refused"] + found["broken"],
    )


def tree(roots: Iterable[int]) -> set[int]:
    """These processes and all that come from them."""
    children: dict[int, list[int]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            parent = int(Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(name))
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        found.add(pid := waiting.pop())
        waiting += children.get(pid, [])
    return found


def time_of(roots: Iterable[int]) -> float:
    """Seconds of processor time, user and system, that these trees have used."""
    total = 0
    for pid in tree(roots):
        try:
            parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(parts[11]) + int(parts[12])
    return total / TICKS


def memory_of(roots: Iterable[int]) -> float:
    """The memory of these trees, shared pages counted once, in MiB."""
    total = 0
    for pid in tree(roots):
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


class Scales:
    """Weighs processes four times a second while the block runs."""

    def __init__(self, roots: Iterable[int]) -> None:
        self._roots = tuple(roots)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._weigh)
        self.peak = 0.0

    def __enter__(self) -> "Scales":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _weigh(self) -> None:
        while True:
            self.peak = max(self.peak, memory_of(self._roots))
            if self._ended.wait(0.25):
                return


def settle(roots: Iterable[int], most: float = 20) -> None:
    """Wait until these processes have finished what the last load left behind."""
    roots, ends = tuple(roots), time.monotonic() + most
    while time.monotonic() < ends:
        before = time_of(roots)
        time.sleep(0.3)
        if time_of(roots) - before <= 0.02:
            return
