"""Sessions: a signed cookie holds a random id, a row of ours says whose it is and whether it still counts.

Flask signs the cookie; the row lets an administrator end a session that is not theirs to end by cookie.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from perfex_api import tables as t
from perfex_api.console import accounts
from perfex_api.console.accounts import Account
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database, Db

COOKIE = "perfex_api_console"
#: The name under which ``api_state`` keeps the key that signs the cookies.
STATE = "console key"
#: How exactly a row knows when its session was last seen.
SEEN_EVERY = timedelta(minutes=1)


class ConsoleSessions(SecureCookieSessionInterface):
    """Flask's sessions for the console alone: a call of the API neither reads a cookie nor sets one.

    Args:
        database: Where the signing key is.
        home: The path that the console lies under.
    """

    digest_method = staticmethod(hashlib.sha256)

    def __init__(self, database: Database, home: str) -> None:
        self._database = database
        self._home = home

    def open_session(self, app: Flask, incoming: Request) -> SecureCookieSession | None:
        if not (incoming.path + "/").startswith(f"{self._home}/"):
            return None
        if not app.secret_key:
            app.secret_key = self._database.run(signing_key)
        return super().open_session(app, incoming)

    def get_cookie_name(self, app: Flask) -> str:
        return COOKIE

    def get_cookie_path(self, app: Flask) -> str:
        return request.script_root + self._home

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure

    def get_cookie_httponly(self, app: Flask) -> bool:
        return True

    def get_cookie_samesite(self, app: Flask) -> str:
        return "Lax"


def signing_key(db: Db) -> str:
    """The key that signs the cookies of all servers on this database; made when it is first needed."""
    query = sa.select(t.api_state.c.value).where(t.api_state.c.name == STATE)
    if found := db.scalar(query):
        return str(found)
    made = secrets.token_urlsafe(32)
    try:
        with db.connection.begin_nested():
            rows.insert(db, t.api_state, {"name": STATE, "value": made})
    except sa.exc.IntegrityError:  # another process was quicker; only a locking read sees its row
        return str(db.scalar(query.with_for_update()))
    return made


def begin(db: Db, staff_id: int, ip: str, user_agent: str) -> str:
    """Begin a session.

    Args:
        db: The transaction.
        staff_id: Whose it is.
        ip: Where from.
        user_agent: By which program.

    Returns:
        Its id, for the cookie.
    """
    session_id = secrets.token_urlsafe(32)
    now = utcnow().replace(microsecond=0)
    values = {"staff_id": staff_id, "created_at": now, "seen_at": now, "ip": ip, "user_agent": user_agent}
    rows.insert(db, t.api_console_sessions, {"id_hash": _hash(session_id)} | values)
    return session_id


def current(db: Db, session_id: str, idle: timedelta) -> tuple[Account, datetime] | None:
    """Whose session this is, and when it was last seen; None when it has ended.

    Args:
        db: The transaction.
        session_id: From the cookie.
        idle: How long it may go unused.
    """
    mine = t.api_console_sessions
    query = sa.select(mine).where(mine.c.id_hash == _hash(session_id), mine.c.seen_at > utcnow() - idle)
    found = rows.fetch(db, query)
    account = accounts.find(db, found[0]["staff_id"]) if found else None
    return (account, found[0]["seen_at"]) if account else None


def see(db: Db, session_id: str) -> None:
    """Note that a session is in use."""
    mine, now = t.api_console_sessions, utcnow().replace(microsecond=0)
    db.execute(mine.update().where(mine.c.id_hash == _hash(session_id)).values(seen_at=now))


def end(db: Db, session_id: str) -> None:
    """End one session."""
    rows.delete(db, t.api_console_sessions, t.api_console_sessions.c.id_hash == _hash(session_id))


def forget_idle(db: Db, idle: timedelta) -> None:
    """Remove the sessions that have gone unused for too long."""
    rows.delete(db, t.api_console_sessions, t.api_console_sessions.c.seen_at < utcnow() - idle)


def listed(db: Db, staff_id: int, session_id: str, idle: timedelta) -> list[dict[str, Any]]:
    """An administrator's sessions, the last used first, each with ``here``: whether it is this one."""
    mine = t.api_console_sessions
    query = sa.select(mine).where(mine.c.staff_id == staff_id, mine.c.seen_at > utcnow() - idle)
    found = rows.fetch(db, query.order_by(mine.c.seen_at.desc(), mine.c.created_at.desc()))
    return [row | {"here": row["id_hash"] == _hash(session_id)} for row in found]


def _hash(session_id: str) -> str:
    return hashlib.sha256(session_id.encode("utf-8", "replace")).hexdigest()
