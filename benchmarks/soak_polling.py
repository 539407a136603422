"""Everybody writes, and everybody follows: ``python -m benchmarks.soak_polling``.

Writers change customers through our API and by SQL of their own, in transactions that stay open and are
sometimes rolled back. Meanwhile pollers follow by ``next_poll`` alone, one of them dropping its decimals, and
others follow the feed of all changes. In the end each has to know every customer as it is, and none of those
that keep their place as it is may have seen a change twice.
"""

import argparse
import contextlib
import http.client
import json
import math
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks import database
from perfex_api import tables as t
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database, make_engine
from perfex_api.core.hooks import Hooks
from perfex_api.http import tokens
from perfex_api.schema import initialise
from perfex_api.settings import Settings

#: How long followers look away when there is nothing, in seconds.
PAUSE = 0.05
#: How long one may take to come to the end once all is written, in seconds.
PATIENCE = 120


@dataclass(frozen=True)
class Plan:
    """How much of everything.

    Attributes:
        changes: How many customers are created, changed or deleted in all.
        api_writers: How many write through the API.
        sql_writers: How many write by SQL.
        pollers: How many follow by ``next_poll``; the last one drops its decimals.
        feeds: How many follow the feed of all changes; the last one with the records.
        limit: How many records a page holds.
        open_for: How long a transaction of SQL stays open at most, in seconds.
    """

    changes: int = 20_000
    api_writers: int = 4
    sql_writers: int = 4
    pollers: int = 4
    feeds: int = 2
    limit: int = 50
    open_for: float = 0.5


@dataclass
class Follower:
    """What one follower has seen.

    Attributes:
        name: What it is called in the report.
        drops_decimals: Whether it may see a change twice.
        known: The city of each customer that it knows of.
        events: How often it has seen each event.
        requests: How many answers it has read.
    """

    name: str
    drops_decimals: bool = False
    known: dict[int, str] = field(default_factory=dict)
    events: Counter[str] = field(default_factory=Counter)
    requests: int = 0

    @property
    def repeated(self) -> int:
        """How many events it has seen more than once."""
        return sum(1 for seen in self.events.values() if seen > 1)


@dataclass(frozen=True)
class Result:
    """How it ended.

    Attributes:
        truth: The city of each customer that there is.
        followers: Everybody who followed.
        seconds: How long it took until everybody was done.
    """

    truth: dict[int, str]
    followers: list[Follower]
    seconds: float

    def failures(self) -> list[str]:
        """What is wrong, in words."""
        found = []
        for each in self.followers:
            missed = [key for key, city in self.truth.items() if each.known.get(key) != city]
            if missed:
                found.append(f"{each.name} does not know {len(missed)} customers as they are: {missed[:5]}")
            if each.repeated and not each.drops_decimals:
                found.append(f"{each.name} has seen {each.repeated} changes twice")
            if each.name.startswith("feed") and (ghosts := each.known.keys() - self.truth.keys()):
                found.append(f"{each.name} still knows {len(ghosts)} customers that are gone")
        return found


class Client:
    """A connection to one of the servers."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._token = token

    def __call__(self, method: str, path: str, **body: Any) -> tuple[int, Any]:
        """The status and what the answer says."""
        headers = {"authtoken": self._token, "Content-Type": "application/json"}
        self._connection.request(method, f"/api/{path}", json.dumps(body) if body else None, headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()


def soak(
    url: str, ports: Sequence[int], token: str, plan: Plan, executor: Callable[[int], Executor]
) -> Result:
    """Let everybody write and follow until all is written and read.

    Args:
        url: The database.
        ports: Where the servers are.
        token: May do everything.
        plan: How much.
        executor: Makes what the writers run in.
    """
    began = time.monotonic()
    written = threading.Event()
    pollers = [Follower(f"poller {number}") for number in range(1, plan.pollers)]
    pollers.append(Follower("poller that drops decimals", drops_decimals=True))
    feeds = [Follower(f"feed {number}") for number in range(1, plan.feeds + 1)]
    writers = plan.api_writers + plan.sql_writers
    share = plan.changes // writers
    with ThreadPoolExecutor(len(pollers) + len(feeds)) as following, executor(writers) as writing:
        followed = [
            following.submit(_poll, each, ports[number % len(ports)], token, plan.limit, written)
            for number, each in enumerate(pollers)
        ]
        followed += [
            following.submit(_feed, each, ports[number % len(ports)], token, each is feeds[-1], written)
            for number, each in enumerate(feeds)
        ]
        try:
            wrote = [
                writing.submit(write_by_api, ports[number % len(ports)], token, share, number)
                for number in range(plan.api_writers)
            ]
            wrote += [
                writing.submit(write_by_sql, url, share, number, plan.open_for)
                for number in range(plan.sql_writers)
            ]
            for each in wrote:
                each.result()
        finally:
            written.set()
        for each in followed:
            each.result()
    return Result(truth(url), pollers + feeds, time.monotonic() - began)


def write_by_api(port: int, token: str, number: int, seed: int) -> None:
    """Create, change and delete customers through the API."""
    chance, mine = random.Random(f"api {seed}"), list[int]()
    with Client(port, token) as client:
        for step in range(number):
            dice, city = chance.random(), f"api {seed} {step}"
            if dice < 0.5 or not mine:
                status, answer = client("POST", "customers", company=f"Company {city}", city=city)
                mine.append(answer["record_id"])
            elif dice < 0.85:
                status, answer = client("PUT", f"customers/{chance.choice(mine)}", city=city)
            else:
                gone = mine.pop(chance.randrange(len(mine)))
                status, answer = client("DELETE", f"customers/{gone}")
            assert status == 200, answer


def write_by_sql(url: str, number: int, seed: int, open_for: float) -> None:
    """Create, change and delete customers as another program does; a fifth of it is rolled back."""
    chance, mine, engine = random.Random(f"sql {seed}"), list[int](), make_engine(url, pool_size=1)
    step = 0
    while step < number:
        with engine.connect() as connection:
            transaction, kept = connection.begin(), list(mine)
            steps = min(chance.randint(1, 20), number - step)
            for _ in range(steps):
                step += 1
                _change(connection, chance, mine, f"sql {seed} {step}")
            time.sleep(chance.random() * open_for)
            if chance.random() < 0.2:
                transaction.rollback()
                mine[:] = kept
            else:
                transaction.commit()
    engine.dispose()


def _change(connection: sa.Connection, chance: random.Random, mine: list[int], city: str) -> None:
    customer = t.clients.c
    dice = chance.random()
    if dice < 0.5 or not mine:
        values = {"company": f"Company {city}", "city": city, "datecreated": utcnow()}
        key = connection.execute(t.clients.insert().values(values)).inserted_primary_key
        assert key
        mine.append(key[0])
    elif dice < 0.85:
        one = customer.userid == chance.choice(mine)
        connection.execute(t.clients.update().where(one).values(city=city))
    else:
        gone = mine.pop(chance.randrange(len(mine)))
        connection.execute(t.clients.delete().where(customer.userid == gone))


def _turns(written: threading.Event) -> Iterator[bool]:
    """A follower's turns: whether all was written before each; none may go on for ever after that."""
    give_up = math.inf
    while time.monotonic() < give_up:
        if last := written.is_set():
            give_up = min(give_up, time.monotonic() + PATIENCE)
        yield last
    raise TimeoutError("A follower does not come to the end.")


def _poll(follower: Follower, port: int, token: str, limit: int, written: threading.Event) -> None:
    since = "1500000000"
    with Client(port, token) as client:
        for last in _turns(written):
            status, answer = client("GET", f"zapier/poll/customers?limit={limit}&since={since}")
            assert status == 200, answer
            follower.requests += 1
            for row in reversed(answer["data"]):
                follower.known[int(row["id"])] = row["city"]
                follower.events[row["event_id"]] += 1
            meta = answer["meta"]
            since = str(int(meta["next_poll"])) if follower.drops_decimals else repr(meta["next_poll"])
            if not meta["has_more"]:
                if last:
                    return
                time.sleep(PAUSE)


def _feed(follower: Follower, port: int, token: str, with_records: bool, written: threading.Event) -> None:
    cursor, include = "", "&include=record" if with_records else ""
    with Client(port, token) as client:
        for last in _turns(written):
            status, answer = client("GET", f"changes?resources=customers&wait=1&cursor={cursor}{include}")
            assert status == 200, answer
            follower.requests += 1
            for change in answer["data"]:
                _apply(follower, change, client, with_records)
            cursor = answer["meta"]["cursor"]
            if last and not answer["data"]:
                return


def _apply(follower: Follower, change: dict[str, Any], client: Client, with_records: bool) -> None:
    record_id = int(change["id"])
    follower.events[str(change["stamp"])] += 1
    record = change.get("record")
    if not with_records and change["action"] != "deleted":
        status, record = client("GET", f"customers/{record_id}")
        record = record if status == 200 else None
    if record is None:
        follower.known.pop(record_id, None)
    else:
        follower.known[record_id] = record["city"]


def truth(url: str) -> dict[int, str]:
    """The city of each customer that there is."""
    engine = make_engine(url)
    with engine.connect() as connection:
        found = connection.execute(sa.select(t.clients.c.userid, t.clients.c.city)).all()
    engine.dispose()
    return {row.userid: row.city for row in found}


@contextlib.contextmanager
def serving(url: str, folder: Path, number: int = 1, module: str = "perfex_api.cli") -> Iterator[list[int]]:
    """Servers of ours on one database; the block gets their ports.

    Args:
        url: The database.
        folder: Where they run.
        number: How many; each finds its own in ``SERVER``, from 0 on.
        module: The program.
    """
    ports = [_free_port() for _ in range(number)]
    environment = {"DATABASE_URL": url, "PATH": "/usr/bin:/bin", "REQUEST_LOG": "0"}
    environment |= {"UPLOADS_FOLDER": str(folder), "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-m", module, "serve", "--workers", "1", "--port"]
    processes = [
        subprocess.Popen(
            [*command, str(port)],
            cwd=folder,
            env=environment | {"SERVER": str(each)},
            stdout=subprocess.DEVNULL,
        )
        for each, port in enumerate(ports)
    ]
    try:
        for port in ports:
            _wait_for(port)
        yield ports
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    give_up = time.monotonic() + 120
    while time.monotonic() < give_up:
        with contextlib.suppress(OSError), Client(port, "") as client:
            client("GET", "openapi.json")
            return
        time.sleep(0.1)
    raise TimeoutError(f"no server on port {port}")


def prepared(url: str) -> str:
    """Make a database ready, and a token that may do everything."""
    engine = make_engine(url)
    initialise(engine, Settings.read({"DATABASE_URL": url}))
    engine.dispose()
    opened = Database(url, t.crm, Hooks())
    token = opened.run(lambda db: tokens.mint(db, "soak", None))
    opened.dispose()
    return token


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak_polling", description=__doc__)
    parser.add_argument("--changes", type=int, default=Plan.changes, metavar="NUMBER")
    parser.add_argument("--sqlite", action="store_true", help="on SQLite, with one server")
    options = parser.parse_args()
    plan = Plan(options.changes, open_for=0.02) if options.sqlite else Plan(options.changes)
    with tempfile.TemporaryDirectory(prefix="soak-") as name, contextlib.ExitStack() as running:
        folder = Path(name)
        if options.sqlite:
            url = f"sqlite:///{folder / 'soak.sqlite3'}"
        else:
            server = running.enter_context(database.server(folder))
            url = server.create(database.Data("soak", 0))
        token = prepared(url)
        ports = running.enter_context(serving(url, folder, 1 if options.sqlite else 2))
        result = soak(url, ports, token, plan, ProcessPoolExecutor)
    print(f"{plan.changes} changes, {len(result.truth)} customers left, {result.seconds:.0f} seconds")
    for each in result.followers:
        print(f"{each.name}: {len(each.events)} events, {each.repeated} repeated, {each.requests} answers")
    if failures := result.failures():
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main()
