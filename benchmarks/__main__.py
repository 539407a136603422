"""``python -m benchmarks``: run every server in turn, and print the table of ratios."""

import argparse
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks import database, load, peers, report
from benchmarks.scenarios import SCENARIOS, Scenario

FULL, QUICK = (3, 6.0), (1, 2.0)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round: about five minutes")
    parser.add_argument("--only", default="", metavar="NAME,...", help="these scenarios alone")
    parser.add_argument(
        "--peers", default="ours,php,floor,queries", metavar="NAME,...", help="these servers alone"
    )
    parser.add_argument(
        "--driver", default="mysqldb", choices=["mysqldb", "pymysql"], help="ours talks through it"
    )
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder otherwise")
    options = parser.parse_args()
    rounds, seconds = QUICK if options.quick else FULL
    wanted = options.only.split(",") if options.only else list(SCENARIOS)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder, ExitStack() as running:
        server = running.enter_context(database.server(Path(folder)))
        needed = {SCENARIOS[name].data for name in wanted}
        data = {each: server.fill(each) for each in needed}
        started = {
            "ours": lambda: peers.ours(server, data, Path(folder), options.driver),
            "php": lambda: peers.php(server, data, Path(folder)),
            "floor": lambda: peers.floor(server, data, Path(folder)),
            "queries": lambda: peers.same_queries(server, data, Path(folder)),
        }
        there = [running.enter_context(started[name]()) for name in options.peers.split(",")]
        report.heading(server.url(next(iter(data))), rounds, seconds)
        for name in wanted:
            report.lines(
                name, SCENARIOS[name], _measured(SCENARIOS[name], there, server.pid, rounds, seconds)
            )


def _measured(
    scenario: Scenario, there: list[peers.Peer], database_pid: int, rounds: int, seconds: float
) -> dict[str, list[load.Result]]:
    """Every server in turn, round after round."""
    found: dict[str, list[load.Result]] = {peer.name: [] for peer in there if scenario.asks(peer.name)}
    for seed in range(1, rounds + 1):
        for peer in there:
            if peer.name not in found:
                continue
            name = scenario.data.name
            load.settle([*peer.pids[name], database_pid])
            path, etag = scenario.asks(peer.name), ""
            if scenario.unchanged:
                etag = peers.ask(peer, name, path)[1]["etag"]
            found[peer.name].append(
                load.run(
                    peer,
                    name,
                    database_pid,
                    path,
                    connections=scenario.connections,
                    seconds=max(seconds, scenario.seconds),
                    most=scenario.most,
                    body=scenario.body,
                    etag=etag,
                    seed=seed,
                )
            )
            time.sleep(0.3)
    return found


if __name__ == "__main__":
    main()
