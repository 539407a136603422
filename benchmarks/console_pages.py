"""``python -m benchmarks.console_pages``: the console's pages over a long request log, on MariaDB and SQLite.

Each page is asked some times in turn, in one process without a socket.
"""

import argparse
import re
import statistics
import tempfile
import time
from pathlib import Path

from flask.testing import FlaskClient

from benchmarks import database
from perfex_api import passwords
from perfex_api import tables as t
from perfex_api.app import create_app
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Db, make_engine
from perfex_api.http import tokens
from perfex_api.http.pipeline import Machinery
from perfex_api.schema import initialise
from perfex_api.settings import Settings
from tests.browser import history

EMAIL, PASSWORD = "benchmark@example.com", "benchmark"
TOKENS = 20
PAGES = (
    *(f"?period={period}" for period in ("24h", "7d", "30d", "90d")),
    "/tokens",
    "/tokens/own/1?period=90d",
    "/tokens/own/1/edit",
    "/requests",
    "/requests?token=own:1",
    "/requests?status=500",
    "/requests?path=/api/leads",
    "/requests?path=/api/nothing",
    "/health",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console_pages", description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000, metavar="NUMBER")
    parser.add_argument("--rounds", type=int, default=10, metavar="NUMBER")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="console-") as folder, database.server(Path(folder)) as server:
        mariadb = server.create(database.Data("console", 0))
        for name, url in (("MariaDB", mariadb), ("SQLite", f"sqlite:///{folder}/console.sqlite3")):
            client = _signed_in(url, options.calls)
            for page in PAGES:
                times = [_took(client, page) for _ in range(options.rounds)]
                print(f"{name} /admin{page}: median {statistics.median(times):.0f} ms, max {max(times):.0f}")


def _signed_in(url: str, calls: int) -> FlaskClient:
    """An administrator's browser, before a console with a past."""
    engine = make_engine(url)
    initialise(engine, Settings())
    engine.dispose()
    app = create_app(Settings.read({}, database_url=url, request_log=False))
    machinery: Machinery = app.extensions["perfex_api"]
    machinery.database.run(_prepare)
    history.fill(machinery.database, calls, days=90, tokens=TOKENS)
    client = app.test_client()
    form = client.get("/admin/sign-in").get_data(as_text=True)
    (csrf,) = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', form)
    sent = {"csrf_token": csrf, "email": EMAIL, "password": PASSWORD}
    answer = client.post("/admin/sign-in", data=sent, headers={"Referer": "http://localhost/admin/sign-in"})
    assert answer.status_code == 302, answer.status
    return client


def _prepare(db: Db) -> None:
    admin = {"email": EMAIL, "password": passwords.hashed(PASSWORD), "admin": 1, "active": 1}
    person = {"firstname": "Ada", "lastname": "Admin", "datecreated": utcnow()}
    rows.insert(db, t.staff, person | admin)
    for number in range(TOKENS):
        tokens.mint(db, f"token {number}", {("customers", "get"), ("leads", "post"), ("items", "get")})


def _took(client: FlaskClient, page: str) -> float:
    began = time.perf_counter()
    answer = client.get(f"/admin{page}")
    assert answer.status_code == 200, (page, answer.status)
    return (time.perf_counter() - began) * 1_000


if __name__ == "__main__":
    main()
