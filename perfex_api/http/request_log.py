"""The request log: one row for each answered call, written in batches, off the request's path."""

import atexit
import logging
import threading
import time
from collections import deque
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

from flask import Flask
from werkzeug import Response

from perfex_api import tables as t
from perfex_api.core import inserting, rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database, Db
from perfex_api.http import request_totals
from perfex_api.http.auth import token_of
from perfex_api.http.exchange import Exchange, of_flask
from perfex_api.http.redaction import redacted
from perfex_api.http.replay import KEPT

log = logging.getLogger("perfex_api")

BATCH = 500
EVERY = 1.0  # seconds
ADD_UP_EVERY = 5  # flushes
PURGE_EVERY = 3600
MOST_WAITING = 20_000
MOST = 2**31 - 1  # what the number columns hold
EXTENSION = "perfex_api_request_log"
COLUMNS = (
    *("at", "request_id", "token_kind", "token_id", "method", "path", "status", "duration_us"),
    *("bytes_in", "bytes_out", "ip", "user_agent", "error", "granted", "body"),
)


class RequestLog:
    """Collects what was answered and writes it every second.

    Args:
        database: Where the table is.
        days: How long a row is kept.
        body_bytes: How much of a body is kept; 0: nothing.
    """

    def __init__(self, database: Database, days: int = 90, body_bytes: int = 0) -> None:
        self._database = database
        self._body_bytes = body_bytes
        self._kept = timedelta(days=days)
        self._waiting: deque[dict[str, Any]] = deque()
        self._writing = threading.Lock()
        self._starting = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def install(self, app: Flask) -> None:
        """Write down every answered call of this application."""
        app.extensions[EXTENSION] = self
        app.after_request(lambda response: self.note(of_flask(), response))
        atexit.register(self.close)

    def close(self) -> None:
        """Write what is waiting, and nothing afterwards but what ``flush`` is asked to write."""
        self._closed.set()
        atexit.unregister(self.close)
        self.flush()

    def note(self, exchange: Exchange, response: Response) -> Response:
        """Write down an exchange that has come to its answer."""
        self._start()
        request, caller = exchange.request, exchange.caller
        environ = request.environ
        if not request.path.startswith("/api"):
            return response
        entry = {
            "at": utcnow(),
            "request_id": exchange.request_id,
            "token_kind": caller and caller.kind,
            "token_id": caller and caller.id,
            "method": _fit(request.method, 10),
            "path": _fit(request.path, 500),
            "status": response.status_code,
            "duration_us": min(int((time.perf_counter() - exchange.started) * 1_000_000), MOST),
            "bytes_in": min(request.content_length or 0, MOST) if "CONTENT_LENGTH" in environ else 0,
            "bytes_out": response.content_length or 0,
            "ip": _fit(request.remote_addr or "", 45),
            "user_agent": _fit(environ.get("HTTP_USER_AGENT", ""), 255),
            "error": exchange.error and _fit(exchange.error, 255),
            "granted": exchange.granted,
            "body": self._body(exchange),
        }
        if len(self._waiting) >= MOST_WAITING:
            log.warning("the request log is not keeping up; a row is dropped")
        else:
            self._waiting.append(entry)
        return response

    def _body(self, exchange: Exchange) -> str | None:
        body, request = exchange.body, exchange.request
        if not body or not body.present or not self._body_bytes:
            return None
        return redacted(body, request.content_length or 0, token_of(request), self._body_bytes)

    def _start(self) -> None:
        # Made on the first request, not before: a server forks its workers, and threads do not survive that.
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._work, name="request-log", daemon=True)
                    self._thread.start()

    def _work(self) -> None:
        for turn in count():
            if self._closed.wait(EVERY):
                return
            self.flush()
            if turn % ADD_UP_EVERY == 0:
                self.add_up()
            if turn % PURGE_EVERY == 0:
                self.purge()

    def flush(self) -> None:
        """Write what is waiting; what cannot be written is given up, for the log must not stop."""
        with self._writing:
            while batch := self._take():
                try:
                    self._database.run(partial(_write, batch=batch))
                except Exception:
                    log.exception("%d rows of the request log could not be written", len(batch))

    def add_up(self) -> None:
        """Bring the totals up to date."""
        try:
            while not self._closed.is_set() and self._database.run(request_totals.add_up):
                pass
        except Exception:
            log.exception("the totals of the request log could not be brought up to date")

    def purge(self) -> None:
        """Forget the calls that are too old, and the replays that are; once an hour, by every process."""
        now = utcnow()
        log_ends, replays_end = now - self._kept, now - KEPT
        try:
            self._database.run(
                lambda db: rows.delete(db, t.api_request_log, t.api_request_log.c.at < log_ends)
            )
            self._database.run(
                lambda db: rows.delete(db, t.api_replays, t.api_replays.c.created_at < replays_end)
            )
            self._database.run(partial(request_totals.forget, kept=self._kept))
        except Exception:
            log.exception("old rows of the request log could not be purged")

    def _take(self) -> list[dict[str, Any]]:
        batch: list[dict[str, Any]] = []
        while len(batch) < BATCH and self._waiting:
            batch.append(self._waiting.popleft())
        return batch


def _write(db: Db, batch: list[dict[str, Any]]) -> None:
    inserting.many(db, t.api_request_log, COLUMNS, [[entry[name] for name in COLUMNS] for entry in batch])
    used = {entry["token_id"]: entry["at"] for entry in batch if entry["token_kind"] == "own"}
    for token_id, at in sorted(used.items()):
        db.execute(t.api_tokens.update().where(t.api_tokens.c.id == token_id).values(last_used_at=at))


def _fit(text: str, length: int) -> str:
    """What a column takes of a text that a stranger sent: so much of it, and no half surrogate pairs."""
    text = text[:length]
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
