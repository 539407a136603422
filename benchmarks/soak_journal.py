"""Writers against followers of the change journal, and what triggers cost.

``python -m benchmarks.soak_journal URL`` has eight processes write to the customers of a prepared database by
plain SQL, as the CRM's own program does, with transactions held open and some rolled back, while others read
on by what the last page told them. At the end each follower must know the final state of every record.
``--cost`` compares bulk inserts with and without triggers instead. All customers are deleted first: use a
database that may be spoilt.
"""

import argparse
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from statistics import median

import sqlalchemy as sa

import changes
from changes import triggers
from changes.journal import SECOND
from perfex_api import tables as t
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database, make_engine
from perfex_api.core.hooks import Hooks

_clients = t.clients.c
PAGE = 50
#: For how long nothing new may come before a follower believes that the writers have ended, in seconds.
QUIET = 3.0


@dataclass
class Followed:
    """What one follower has seen.

    Attributes:
        states: By customer, the city that it had when an event was read; None: it was gone.
        stamps: The stamps of all events, in the order in which they came.
    """

    states: dict[int, str | None] = field(default_factory=dict)
    stamps: list[int] = field(default_factory=list)

    @property
    def repeated(self) -> int:
        """How many events came more than once."""
        return len(self.stamps) - len(set(self.stamps))


def write(url: str, changes_: int, seed: int, held: float = 0.05) -> int:
    """Create, update and delete customers of one's own, a few in each transaction; roll some of them back.

    Args:
        url: The database.
        changes_: How many changes to commit at least.
        seed: Of the random numbers.
        held: For how long a transaction is held open at most, in seconds.

    Returns:
        How many were committed.
    """
    chance = random.Random(seed)
    engine, mine, done = make_engine(url), list[int](), 0
    while done < changes_:
        alive, count = list(mine), chance.randint(1, 5)
        with engine.connect() as connection:
            for _ in range(count):
                _change(connection, chance, alive)
            time.sleep(chance.uniform(0, held) if chance.random() < 0.3 else 0)
            if chance.random() < 0.15:
                connection.rollback()
                continue
            connection.commit()
        mine, done = alive, done + count
    engine.dispose()
    return done


def _change(connection: sa.Connection, chance: random.Random, alive: list[int]) -> None:
    city = {"city": f"{chance.random():.12f}"}
    if not alive or chance.random() < 0.4:
        new = {"company": "Soak", "datecreated": utcnow()} | city
        key = connection.execute(t.clients.insert().values(new)).inserted_primary_key
        assert key
        alive.append(int(key[0]))
    elif chance.random() < 0.75:
        connection.execute(t.clients.update().where(_clients.userid == chance.choice(alive)).values(city))
    else:
        gone = alive.pop(chance.randrange(len(alive)))
        connection.execute(t.clients.delete().where(_clients.userid == gone))


def follow(url: str, since: int, *, every: bool = False, truncating: bool = False) -> Followed:
    """Read on until nothing comes any more.

    Args:
        url: The database.
        since: Where to begin.
        every: As the change feed does, which gives each event; otherwise as a poll does.
        truncating: Hand back whole seconds only.
    """
    database, seen = Database(url, t.crm, Hooks()), Followed()
    known, last = set[int](), time.monotonic()
    while time.monotonic() - last < QUIET:
        changes.seal(database)
        with database.transaction(write=False) as db:
            # A second that has more than a page would hold up who goes back to its beginning for ever.
            limit = 100_000 if truncating else PAGE
            page = changes.page(db, ["customers"], since, limit, every=every)
            ids = [event.record_id for event in page.events]
            found = db.execute(sa.select(_clients.userid, _clients.city).where(_clients.userid.in_(ids)))
            seen.states |= dict.fromkeys(ids) | {row.userid: row.city for row in found}
        stamps = [event.stamp for event in page.events]
        if not known.issuperset(stamps):
            last = time.monotonic()
        known.update(stamps)
        seen.stamps += stamps
        since = page.next if page.more else changes.close(database, page.next)
        if truncating:
            since = since // SECOND * SECOND
        if not page.more:
            time.sleep(0.02)
    database.dispose()
    return seen


def soak(url: str, pool: Executor, writers: int, changes_: int) -> list[tuple[str, Followed]]:
    """Let writers and followers loose on a database.

    Args:
        url: A prepared database without customers.
        pool: Where they run.
        writers: How many write.
        changes_: How many changes each of them commits.

    Returns:
        What each follower saw, by what it is called.
    """
    database = Database(url, t.crm, Hooks())
    changes.seal(database, patience=600)
    with database.transaction(write=False) as db:
        since = changes.read_clock(db).last_stamp + 1
    database.dispose()
    followers: dict[str, Callable[[], Followed]] = {
        "poll": partial(follow, url, since),
        "poll, whole seconds": partial(follow, url, since, truncating=True),
        "feed": partial(follow, url, since, every=True),
    }
    writing = [pool.submit(write, url, changes_, seed) for seed in range(writers)]
    reading = {name: pool.submit(each) for name, each in followers.items()}
    for each in writing:
        each.result()
    return [(name, each.result()) for name, each in reading.items()]


def final(url: str) -> dict[int, str | None]:
    """The city of every customer."""
    engine = make_engine(url)
    with engine.connect() as connection:
        found = {
            row.userid: row.city for row in connection.execute(sa.select(_clients.userid, _clients.city))
        }
    engine.dispose()
    return found


def missed(seen: Followed, truth: dict[int, str | None]) -> int:
    """Of how many records a follower does not know the final state."""
    known = {record: city for record, city in seen.states.items() if city is not None}
    return len(set(known.items()) ^ set(truth.items()))


def cost(url: str, rows: int = 10_000, rounds: int = 5) -> float:
    """The time of a bulk insert with triggers, as a multiple of the time without; the median of some rounds.

    Args:
        url: A prepared MySQL or MariaDB database.
        rows: How many customers.
        rounds: How often.
    """
    engine = make_engine(url)
    batch = [{"company": f"Customer {number}", "datecreated": utcnow()} for number in range(rows)]
    taken: dict[str, list[float]] = {"NULL": [], "1": []}
    for _ in range(rounds):
        for off, times in taken.items():
            with engine.begin() as connection:
                connection.exec_driver_sql(f"SET {triggers.OFF} = {off}")
                begin = time.perf_counter()
                connection.execute(t.clients.insert(), batch)
                times.append(time.perf_counter() - begin)
                connection.exec_driver_sql(f"SET {triggers.OFF} = NULL")
    engine.dispose()
    return median(taken["NULL"]) / median(taken["1"])


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--changes", type=int, default=20_000)
    parser.add_argument("--cost", action="store_true")
    wanted = parser.parse_args(arguments)
    engine = make_engine(wanted.url)
    with engine.begin() as connection:
        connection.execute(t.clients.delete())
    engine.dispose()
    if wanted.cost:
        print(f"with triggers: {cost(wanted.url):.2f} times as long")
        return
    with ProcessPoolExecutor(11, mp_context=get_context("spawn")) as pool:
        begin = time.monotonic()
        followed = soak(wanted.url, pool, 8, wanted.changes // 8)
    print(f"{wanted.changes} changes in {time.monotonic() - begin:.0f} s")
    truth = final(wanted.url)
    for name, seen in followed:
        print(f"{name}: {len(seen.stamps)} events, {seen.repeated} repeated, {missed(seen, truth)} missed")


if __name__ == "__main__":
    main()
