"""Which WSGI server suits the application: ``python -m benchmarks.servers``.

The same application behind each that is installed, in turn: a process for each core and four threads in each,
but for those that have only one or the other. With ``--numbers``, granian, which ``serve`` uses, with other
numbers of both.
"""

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

from benchmarks import database, load, peers, report
from benchmarks.scenarios import SCENARIOS, Scenario

PROCESSES = str(peers.cores())
THREADS = "4"
PYTHON = (sys.executable, "-m")
SERVE = (*PYTHON, "perfex_api.cli", "serve", "--port", "{port}")
#: What each is started with.
SERVERS: dict[str, tuple[str, ...]] = {
    "granian": SERVE,
    "gunicorn": (
        *(
            *PYTHON,
            "gunicorn",
            "--bind",
            "127.0.0.1:{port}",
            "--worker-class",
            "gthread",
            "--keep-alive",
            "30",
        ),
        *("--workers", PROCESSES, "--threads", THREADS, "wsgi:app"),
    ),
    "uwsgi": (
        *(str(Path(sys.executable).with_name("uwsgi")), "--http11-socket", "127.0.0.1:{port}", "--lazy-apps"),
        *("--master", "--processes", PROCESSES, "--threads", THREADS, "--disable-logging", "--die-on-term"),
        *("--pythonpath", ".", "--virtualenv", sys.prefix, "--http-keepalive", "--module", "wsgi:app"),
    ),
    "waitress": (
        *PYTHON,
        *("waitress", f"--threads={int(PROCESSES) * int(THREADS)}", "--listen=127.0.0.1:{port}", "wsgi:app"),
    ),
    "bjoern": (*PYTHON, "benchmarks.with_bjoern", "{port}", PROCESSES),
}
#: Granian, with other settings: the workers and their threads.
NUMBERS = ((1, 4), (1, 8), (2, 1), (2, 2), (2, 4), (2, 8), (4, 2), (4, 4))
ASKED = ("one", "list", "lists")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.servers", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, metavar="NUMBER")
    parser.add_argument("--seconds", type=float, default=5, metavar="NUMBER", help="of each measurement")
    parser.add_argument("--numbers", action="store_true", help="workers and threads instead of servers")
    parser.add_argument("--only", default=",".join(ASKED), metavar="NAME,...", help="these scenarios alone")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as running:
        folder = Path(name)
        server = running.enter_context(database.server(folder))
        scenarios = [SCENARIOS[each] for each in options.only.split(",")]
        data = {each: server.fill(each) for each in {scenario.data for scenario in scenarios}}
        wanted = _numbers() if options.numbers else {name: (SERVERS[name], {}) for name in _installed()}
        there = [
            running.enter_context(peers.application(server, data, folder, name, command, **settings))
            for name, (command, settings) in wanted.items()
        ]
        report.heading(server.url(next(iter(data))), options.rounds, options.seconds)
        for name, scenario in zip(options.only.split(","), scenarios, strict=True):
            found: dict[str, list[load.Result]] = {peer.name: [] for peer in there}
            for seed in range(1, options.rounds + 1):
                for peer in there:
                    found[peer.name].append(_measured(peer, scenario, server.pid, options.seconds, seed))
            report.lines(name, scenario, found)


def _installed() -> list[str]:
    there = {name: bool(find_spec(name)) for name in SERVERS}
    there["uwsgi"] = os.access(SERVERS["uwsgi"][0], os.X_OK)
    for name in SERVERS:
        if not there[name]:
            print(f"{name} is not installed, and left out")
    return [name for name in SERVERS if there[name]]


def _numbers() -> dict[str, tuple[tuple[str, ...], dict[str, str]]]:
    return {
        f"{workers}x{threads}": ((*SERVE, "--workers", str(workers)), {"THREADS": str(threads)})
        for workers, threads in NUMBERS
    }


def _measured(
    peer: peers.Peer, scenario: Scenario, database_pid: int, seconds: float, seed: int
) -> load.Result:
    name = scenario.data.name
    load.settle([*peer.pids[name], database_pid])
    return load.run(
        peer,
        name,
        database_pid,
        scenario.path,
        connections=scenario.connections,
        seconds=seconds,
        most=scenario.most,
        seed=seed,
    )


if __name__ == "__main__":
    main()
