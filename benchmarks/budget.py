"""``python -m benchmarks.budget``: where the processor time of one small request goes, step by step.

One thread calls the WSGI application over a private MariaDB, without a server in between. Each step's
function is wrapped in a stopwatch of processor time, which stands still while the database works;
what a step spends in an inner one counts for the inner one alone. Of many rounds the best is told.
"""

import argparse
import io
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks import database
from benchmarks.scenarios import FORM
from custom_fields import inject, store
from perfex_api.app import create_app
from perfex_api.core import db as databases
from perfex_api.core.link import Link
from perfex_api.core.prepared import Ready
from perfex_api.http import answers, body, direct, listing, middleware, pipeline
from perfex_api.http.auth import Gate
from perfex_api.http.direct import Direct
from perfex_api.http.fields import CrmBody
from perfex_api.http.kept import Kept
from perfex_api.http.limits import Limits
from perfex_api.http.request_log import EXTENSION, RequestLog
from perfex_api.settings import Settings

#: A method, a path, and whether the client has the answer already.
ASKED = (
    ("GET", "/api/customers/1", False),
    ("GET", "/api/invoices/1", False),
    ("GET", "/api/customers?page=200&per_page=25", False),
    ("GET", "/api/customers", True),
    ("POST", "/api/customers", False),
)
IF_NONE_MATCH = "HTTP_IF_NONE_MATCH"
ROUNDS, CALLS = 60, 50
DATA = database.Data("budget", 10_000)

#: What a step is called, where its function is, and its name there.
STEPS: tuple[tuple[str, Any, str], ...] = (
    ("routing, the exchange, and what stands under no other step", Direct, "__call__"),
    ("who calls: address, token, expiry", Gate, "authenticate"),
    ("permission", Gate, "admit"),
    ("rate limits", Limits, "count"),
    ("reading the body", body, "parse"),
    ("the body's schema", CrmBody, "load"),
    ("the transaction's beginning", Link, "__init__"),
    ("the transaction's beginning", Link, "begin"),
    ("the transaction's end: ROLLBACK", Link, "close"),
    ("the transaction's end: COMMIT", Link, "commit"),
    ("queries that are compiled once", Ready, "run"),
    ("statements through SQLAlchemy", databases.Db, "execute"),
    ("the rule, and the verb's answer", answers.RowAnswer, "__call__"),
    ("the rule, and the verb's answer", answers.ListAnswer, "__call__"),
    ("the rule, and the verb's answer", answers.CreateAnswer, "__call__"),
    ("which rows: plan, total, ids", listing, "answer"),
    ("what is known still holds", Kept, "find"),
    ("custom fields", inject, "read"),
    ("custom fields", store, "written"),
    ("JSON, digest, answer", pipeline, "respond"),
    ("JSON, digest, answer", pipeline, "_tagged"),
    ("headers that every answer has", middleware, "tell"),
    ("the request log's row", RequestLog, "note"),
    ("handing the answer to the server", direct, "sent"),
)


class Stopwatches:
    """Processor time by step, in nanoseconds, without that of the steps inside."""

    def __init__(self) -> None:
        self.spent: dict[str, int] = {}
        self._inner = [0]
        self._thread = threading.get_ident()

    def around(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function with a stopwatch around it."""

        def timed(*arguments: Any, **options: Any) -> Any:
            if threading.get_ident() != self._thread:  # the request log is written by another
                return function(*arguments, **options)
            self._inner.append(0)
            began = time.thread_time_ns()
            try:
                return function(*arguments, **options)
            finally:
                took = time.thread_time_ns() - began
                self.spent[step] = self.spent.get(step, 0) + took - self._inner.pop()
                self._inner[-1] += took

        return timed


@contextmanager
def watched() -> Iterator[Stopwatches]:
    """Put a stopwatch around every step for the block, in which the application has to be made."""
    watches, patches = Stopwatches(), []
    for step, owner, name in STEPS:
        patches.append(mock.patch.object(owner, name, watches.around(step, getattr(owner, name))))
    for patch in patches:
        patch.start()
    try:
        yield watches
    finally:
        for patch in patches:
            patch.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.budget", description=__doc__)
    parser.add_argument("--driver", default="mysqldb", choices=["mysqldb", "pymysql"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="budget-") as folder, database.server(Path(folder)) as server:
        token = server.fill(DATA)
        url = server.url(DATA, options.driver)
        for method, path, unchanged in ASKED:
            _tell(f"{method} {path}", _environ(method, path, token, unchanged), url, folder)


def _tell(asked: str, environ: Callable[[], dict[str, Any]], url: str, folder: str) -> None:
    settings = Settings.read({}, database_url=url, uploads_folder=folder)
    bare = _best(create_app(settings), environ, None)[""]
    with watched() as watches:
        found = _best(create_app(settings), environ, watches)
    unchanged = ", unchanged" if IF_NONE_MATCH in environ() else ""
    print(f"\n`{asked}`{unchanged}: {bare:.0f} microseconds of processor time, without stopwatches\n")
    print("| Step | microseconds |\n| --- | ---: |")
    for step in dict.fromkeys(step for step, _, _ in STEPS):
        if step in found:
            print(f"| {step} | {found[step]:.0f} |")


def _environ(method: str, path: str, token: str, unchanged: bool) -> Callable[[], dict[str, Any]]:
    path, _, query = path.partition("?")
    form = FORM.format(n=1).encode() if method == "POST" else b""
    usual = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_AUTHTOKEN": token,
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
    }
    if unchanged:
        usual[IF_NONE_MATCH] = "*"
    if form:
        usual |= {"CONTENT_TYPE": body.FORM, "CONTENT_LENGTH": str(len(form))}
    return lambda: usual | {"wsgi.input": io.BytesIO(form)}


def _best(app: Any, environ: Callable[[], dict[str, Any]], watches: Stopwatches | None) -> dict[str, float]:
    """Of many rounds the best: microseconds a call, by step, and of all under an empty name."""
    statuses: set[str] = set()

    def call() -> None:
        content = app(environ(), lambda status, headers, error=None: statuses.add(status))
        b"".join(content)

    for _ in range(3):  # until what holds from one time to the next is known
        call()
    found: list[dict[str, float]] = []
    for _ in range(ROUNDS):
        if watches:
            watches.spent.clear()
        began = time.thread_time_ns()
        for _ in range(CALLS):
            call()
        spent = {"": time.thread_time_ns() - began} | (watches.spent if watches else {})
        found.append({step: nanoseconds / CALLS / 1e3 for step, nanoseconds in spent.items()})
    app.extensions[EXTENSION].close()
    app.extensions["perfex_api"].database.dispose()
    if statuses not in ({"200 OK"}, {"304 NOT MODIFIED"}):
        raise SystemExit(f"Answered {', '.join(sorted(statuses))}.")
    return {step: min(each[step] for each in found) for step in found[0]}


if __name__ == "__main__":
    main()
