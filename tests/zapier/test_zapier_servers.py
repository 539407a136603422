"""Two servers whose clocks differ, and are set: who asks now the one and now the other misses nothing."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from polling import by_cursor, by_next_poll, truncating
from server_with_a_clock import show

from benchmarks.soak_polling import Client, Follower, Result, prepared, serving, truth, write_by_api
from changes.journal import SECOND

#: Noon on the last day of January 2036: later than this machine's time, at which the journal begins.
NOON = 2_085_393_600 * SECOND
HOUR = 3_600
#: By how many seconds each of the two clocks goes on before the next changes: they are five seconds apart;
#: then one is set back by an hour, then the other, which is set right again.
STEPS = [
    *[(0.3, 5.3), (0, 0), (0.2, 0.2), (0.5, 0.5), (4, 4), (1, 1)],
    *[(0, -HOUR), (0.4, 0.4), (1, 1), (-HOUR, 0), (0, 0), (1, 1), (HOUR, 0), (1, 1)],
]


@dataclass
class Journey:
    """How one client follows.

    Attributes:
        seen: What it has seen.
        path: What it asks for, without its place.
        ask: Its place, from the ``meta`` of the last answer.
        place: Where it goes on.
        more: There is more already.
    """

    seen: Follower
    path: str
    ask: Callable[[dict[str, Any]], str]
    place: str
    more: bool = True
    servers: Iterator[int] = field(default_factory=lambda: cycle((0, 1)))

    def go_on(self, clients: Sequence[Client]) -> None:
        """Read a page, from the other server than the last one."""
        status, answer = clients[next(self.servers)]("GET", f"{self.path}&{self.place}")
        assert status == 200, answer
        for row in reversed(answer["data"]) if "zapier" in self.path else answer["data"]:
            record = row.get("record", row)
            self.seen.events[str(row.get("event_id", row.get("stamp")))] += 1
            if record is None:
                self.seen.known.pop(int(row["id"]), None)
            else:
                self.seen.known[int(row["id"])] = record["city"]
        self.place, self.more = self.ask(answer["meta"]), answer["meta"]["has_more"]

    def follow(self, ports: Sequence[int], token: str, pages: int) -> None:
        """Read so many pages, and then on until there are no more."""
        with Client(ports[0], token) as first, Client(ports[1], token) as second:
            for _ in range(pages):
                self.go_on((first, second))
            for _ in range(200):
                self.go_on((first, second))
                if not self.more:
                    return
        raise AssertionError(f"{self.seen.name} never ends")


def journeys() -> list[Journey]:
    poll, since = "zapier/poll/customers?limit=3", "since=1500000000"
    feed = "changes?resources=customers&limit=3&include=record"
    return [
        Journey(Follower("poller"), poll, by_next_poll, since),
        Journey(Follower("poller by cursor"), poll, by_cursor, since),
        Journey(Follower("poller that drops decimals", drops_decimals=True), poll, truncating, since),
        Journey(Follower("feed"), feed, by_cursor, ""),
    ]


@pytest.mark.contract("zapier.poll")
def test_servers_whose_clocks_differ_lose_and_repeat_nothing(crm_url: str, tmp_path: Path) -> None:
    token, clocks, followers = prepared(crm_url), [NOON, NOON], journeys()
    for server, shown in enumerate(clocks):
        show(tmp_path, server, shown)
    with (
        serving(crm_url, tmp_path, 2, "tests.server_with_a_clock") as ports,
        ThreadPoolExecutor(2 + len(followers)) as pool,
    ):
        for turn, steps in enumerate(STEPS):
            for server, seconds in enumerate(steps):
                clocks[server] += int(seconds * SECOND)
                show(tmp_path, server, clocks[server])
            writing = [
                pool.submit(write_by_api, port, token, 5, 2 * turn + n) for n, port in enumerate(ports)
            ]
            reading = [pool.submit(each.follow, ports, token, 2) for each in followers]
            for each in (*writing, *reading):
                each.result()
            for each in [pool.submit(each.follow, ports, token, 0) for each in followers]:
                each.result()
            assert Result(truth(crm_url), [each.seen for each in followers], 0).failures() == []
    assert truth(crm_url)
    for each in followers:
        stamps = [int(event.rpartition("-")[2]) for event in each.seen.events]
        # By the clocks of the servers, not by this machine's.
        assert NOON <= min(stamps) <= max(stamps) < NOON + HOUR * SECOND
