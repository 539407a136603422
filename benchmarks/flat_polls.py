"""``python -m benchmarks.flat_polls``: the same polls over few customers and over many.

Both databases are asked in turn, in one process without a socket, so that only the poll itself counts.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

import changes
from benchmarks import database
from perfex_api import tables as t
from perfex_api.app import create_app
from perfex_api.core.db import make_engine
from perfex_api.http import tokens
from perfex_api.http.pipeline import Machinery
from perfex_api.settings import Settings

FEW, MANY = database.Data("few", 1_000, fields=False), database.Data("many", 1_000_000, fields=False)
HOURS = 3_600 * 1_000_000


class Polls:
    """A database whose customers have all changed within the last hour, and an application over it."""

    def __init__(self, server: database.Server, data: database.Data) -> None:
        self.rows = data.rows
        server.fill(data)
        self._note_changes(server.url(data), data.rows)
        settings = Settings.read({}, database_url=server.url(data), request_log=False)
        app = create_app(settings)
        machinery: Machinery = app.extensions["perfex_api"]
        with machinery.database.transaction() as db:
            self._token = tokens.mint(db, "polls", None)
            self._begin = changes.read_clock(db).trimmed_to
        self._client: FlaskClient = app.test_client()

    def _note_changes(self, url: str, number: int) -> None:
        engine = make_engine(url)
        step = max(HOURS // number, 1)
        with engine.begin() as connection:
            for table in (t.api_change_inbox, t.api_changes):
                connection.execute(table.delete())
            stamp = changes.journal.now() - HOURS + t.clients.c.userid * step
            events = sa.select(
                stamp, sa.literal("customers"), t.clients.c.userid, sa.literal("updated"), sa.func.now()
            )
            connection.execute(t.api_changes.insert().from_select(list(t.api_changes.c.keys()), events))
            last = connection.scalar(sa.select(sa.func.max(t.api_changes.c.stamp)))
            clock = {"last_stamp": last, "trimmed_to": changes.journal.now() - 2 * HOURS}
            connection.execute(t.api_journal.update().values(clock))
        engine.dispose()

    def ask(self, since: float) -> tuple[float, Any]:
        """How long a poll takes, in milliseconds, and what it answers."""
        began = time.perf_counter()
        answer = self._client.get(
            f"/api/zapier/poll/customers?since={since!r}", headers={"authtoken": self._token}
        )
        return (time.perf_counter() - began) * 1_000, answer.get_json()

    def measure(self) -> dict[str, float]:
        """A poll that finds nothing new, and one that finds a page in the middle of many."""
        _, page = self.ask(changes.journal.now() / 1_000_000 + 60)
        nothing, _ = self.ask(page["meta"]["next_poll"])
        middle, found = self.ask(changes.journal.now() // 1_000_000 - 1_800 + 0.500001)
        assert found["meta"]["count"] == 50
        return {"nothing new": nothing, "a page": middle}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.flat_polls", description=__doc__)
    parser.add_argument("--rounds", type=int, default=300, metavar="NUMBER")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="polls-") as folder, database.server(Path(folder)) as server:
        asked = [Polls(server, data) for data in (FEW, MANY)]
        found: list[dict[str, list[float]]] = [{}, {}]
        for _ in range(options.rounds):
            for polls, times in zip(asked, found, strict=True):
                for name, took in polls.measure().items():
                    times.setdefault(name, []).append(took)
        for name in found[0]:
            few, many = (statistics.median(times[name]) for times in found)
            print(
                f"{name}: {few:.2f} ms over {FEW.rows:,}, {many:.2f} ms over {MANY.rows:,}: {many / few:.2f}"
            )


if __name__ == "__main__":
    main()
