"""``Idempotency-Key``: a POST that is sent twice is done once (docs/compatibility.md, section 13).

The key is reserved before the work begins. The answer is kept *in the work's own transaction*, so that a
server that dies leaves either both or neither; refusals, which roll their transaction back, are kept
afterwards.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
import sqlalchemy as sa
from werkzeug import Request, Response
from werkzeug.datastructures import FileStorage

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database, Db
from perfex_api.core.errors import ApiError, Conflict
from perfex_api.http.body import Body

KEPT = timedelta(hours=24)
ABANDONED = timedelta(seconds=60)
LONGEST_KEY = 191
AT_WORK = "A request with this Idempotency-Key is still being processed."


@dataclass(frozen=True)
class Reservation:
    """A key that the current request alone may fill.

    Attributes:
        token_key: Whose key.
        idem_key: The key.
        since: When it was reserved; a later moment means that another request has taken it over.
    """

    token_key: str
    idem_key: str
    since: datetime

    def keep(self, db: Db, payload: bytes, status: int) -> None:
        """Remember the answer; in the transaction that does the work.

        Raises:
            Conflict: Another request has taken the key over, so this one must not do the work as well.
        """
        kept = {"status": status, "body": payload.decode()}
        if not db.execute(t.api_replays.update().where(*self._mine).values(kept)).rowcount:
            raise Conflict(AT_WORK)

    def release(self, db: Db) -> None:
        """Forget the key: the work failed on our side and may be tried again.

        Not so an answer that is kept already: when the connection breaks during the commit, nobody knows
        whether the work was done, and the kept answer is the proof that it was.
        """
        rows.delete(db, t.api_replays, *self._mine)

    @property
    def _mine(self) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            *_same(self.token_key, self.idem_key),
            t.api_replays.c.created_at == self.since,
            t.api_replays.c.status.is_(None),
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

    def reserve(self, token_key: str, request: Request, sent: Body) -> Reservation | Response | None:
        """Look at a request's ``Idempotency-Key``.

        Args:
            token_key: Whose keys.
            request: The request.
            sent: Its body.

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
        mine = Reservation(token_key, idem_key, utcnow())
        told = {"method": request.method, "path": request.path[:255], "body_hash": _digest(sent)}
        try:
            self.database.run(lambda db: _insert(db, mine, told))
        except sa.exc.IntegrityError:
            # In a transaction of its own: the failed insert has locked what the look-up must lock otherwise.
            return self.database.run(lambda db: self._look_up(db, mine, told))
        return mine

    def _look_up(self, db: Db, mine: Reservation, told: dict[str, str]) -> Reservation | Response:
        """The kept answer, or the reservation that nobody else will fill any more."""
        same = _same(mine.token_key, mine.idem_key)
        kept = db.execute(sa.select(t.api_replays).where(*same).with_for_update()).mappings().first()
        if kept is None:  # given up at this very moment; the client may ask again
            raise Conflict(AT_WORK)
        age = mine.since - kept["created_at"]
        if age > KEPT or (kept["status"] is None and age > ABANDONED):
            anew = told | {"created_at": mine.since, "status": None, "body": None}
            db.execute(t.api_replays.update().where(*same).values(anew))
            return mine
        if self.strict and any(kept[name] != value for name, value in told.items()):
            raise Conflict("This Idempotency-Key was used for another request.")
        if kept["status"] is None:
            raise Conflict(AT_WORK)
        response = Response(kept["body"], kept["status"], mimetype="application/json")
        response.headers["Idempotency-Replayed"] = "true"
        return response


def _insert(db: Db, mine: Reservation, told: dict[str, str]) -> None:
    key = {"token_key": mine.token_key, "idem_key": mine.idem_key, "created_at": mine.since}
    db.execute(t.api_replays.insert().values(key | told))


def _same(token_key: str, idem_key: str) -> tuple[sa.ColumnElement[bool], ...]:
    return t.api_replays.c.token_key == token_key, t.api_replays.c.idem_key == idem_key


def _digest(sent: Body) -> str:
    files = [(name, file.filename, _size(file)) for name, file in sent.files.items(multi=True)]
    options = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
    return hashlib.sha256(orjson.dumps([sent.values, files], default=str, option=options)).hexdigest()


def _size(file: FileStorage) -> int:
    size = file.stream.seek(0, os.SEEK_END)
    file.stream.seek(0)
    return size
