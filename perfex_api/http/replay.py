"""``Idempotency-Key``: a POST that is sent twice is done once (section 6.3 of the behaviour notes).

The key is reserved before the work begins. The answer is kept *in the work's own transaction*, so that a
server that dies leaves either both or neither; refusals, which roll their transaction back, are kept
afterwards.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
import sqlalchemy as sa
from werkzeug import Request, Response

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database, Db
from perfex_api.core.errors import ApiError, Conflict

KEPT = timedelta(hours=24)
ABANDONED = timedelta(seconds=60)
LONGEST_KEY = 191


@dataclass(frozen=True)
class Reservation:
    """A key that the current request alone may fill."""

    token_key: str
    idem_key: str

    def keep(self, db: Db, payload: bytes, status: int) -> None:
        """Remember the answer; in the transaction that does the work."""
        kept = {"status": status, "body": payload.decode()}
        db.execute(t.api_replays.update().where(*self._mine).values(kept))

    def release(self, db: Db) -> None:
        """Forget the key: the work failed on our side and may be tried again."""
        rows.delete(db, t.api_replays, *self._mine)

    @property
    def _mine(self) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            t.api_replays.c.token_key == self.token_key,
            t.api_replays.c.idem_key == self.idem_key,
        )


@dataclass(frozen=True)
class Replays:
    """The kept answers.

    Args:
        database: Where they are kept.
        strict: Refuse a known key that comes with another path or body, instead of replaying.
    """

    database: Database
    strict: bool = False

    def reserve(self, token_key: str, request: Request, values: Any) -> Reservation | Response | None:
        """Look at a request's ``Idempotency-Key``.

        Args:
            token_key: Whose keys.
            request: The request.
            values: Its body.

        Returns:
            None without a key; a kept answer; or the reservation under which to do the work.

        Raises:
            ApiError: The key is too long.
            Conflict: The first request with this key is still at work; or, strictly, it was another request.
        """
        idem_key = request.headers.get("Idempotency-Key", "").strip()
        if not idem_key:
            return None
        if len(idem_key) > LONGEST_KEY:
            raise ApiError(f"The Idempotency-Key is longer than {LONGEST_KEY} characters.")
        told = {
            "method": request.method,
            "path": request.path[:255],
            "body_hash": _digest(values),
        }
        return self.database.run(lambda db: self._reserve(db, Reservation(token_key, idem_key), told))

    def _reserve(self, db: Db, mine: Reservation, told: dict[str, str]) -> Reservation | Response:
        now = utcnow()
        stale = sa.or_(
            t.api_replays.c.created_at < now - KEPT,
            sa.and_(t.api_replays.c.status.is_(None), t.api_replays.c.created_at < now - ABANDONED),
        )
        rows.delete(db, t.api_replays, *mine._mine, stale)
        try:
            with db.connection.begin_nested():
                key = {"token_key": mine.token_key, "idem_key": mine.idem_key, "created_at": now}
                db.execute(t.api_replays.insert().values(key | told))
        except sa.exc.IntegrityError:
            return self._kept(db, mine, told)
        return mine

    def _kept(self, db: Db, mine: Reservation, told: dict[str, str]) -> Response:
        # The plain read would be the snapshot of before the other's insert; a locking one sees what is there.
        query = sa.select(t.api_replays).where(*mine._mine).with_for_update()
        kept = db.execute(query).mappings().one()
        if self.strict and any(kept[name] != value for name, value in told.items()):
            raise Conflict("This Idempotency-Key was used for another request.")
        if kept["status"] is None:
            raise Conflict("A request with this Idempotency-Key is still being processed.")
        response = Response(kept["body"], kept["status"], mimetype="application/json")
        response.headers["Idempotency-Replayed"] = "true"
        return response


def _digest(values: Any) -> str:
    options = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
    return hashlib.sha256(orjson.dumps(values, default=str, option=options)).hexdigest()
