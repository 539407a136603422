"""What an administrator does to a token of ours: change it, rotate it, narrow its grants."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Db
from perfex_api.core.errors import Conflict
from perfex_api.http import tokens
from perfex_api.http.tokens import Grant, Quota

UNKNOWN = "There is no token with this id."


def change(
    db: Db,
    token_id: int,
    name: str,
    grants: Collection[Grant] | None,
    *,
    expires_at: datetime | None = None,
    staff_id: int | None = None,
    quota: Quota | None = None,
    addresses: Collection[str] = (),
) -> None:
    """Give a token other properties, all of them at once; see ``tokens.mint``.

    Raises:
        NotFound: There is no such token.
        Conflict: It is revoked.
    """
    _live(db, token_id)
    changed = tokens.properties(
        name, grants, expires_at=expires_at, staff_id=staff_id, quota=quota, addresses=addresses
    )
    rows.update(db, t.api_tokens, token_id, changed)
    _grant(db, token_id, grants or ())


def narrow(db: Db, token_id: int, unused: Collection[Grant]) -> None:
    """Take grants away from a token that does not carry all.

    Raises:
        NotFound: There is no such token.
        Conflict: It is revoked.
    """
    _live(db, token_id)
    _grant(db, token_id, grants_of(db, token_id) - set(unused))


def rotate(db: Db, token_id: int, overlap: timedelta, created_by: str) -> str:
    """Mint the successor of a token; both work until the overlap ends.

    Args:
        db: The transaction.
        token_id: Whose.
        overlap: How long the old one goes on working, unless it expires before.
        created_by: Who asked for it.

    Returns:
        The new token: the only time that it can be read.

    Raises:
        NotFound: There is no such token.
        Conflict: It is revoked, or has a successor already.
    """
    old = _live(db, token_id)
    if old["replaced_by"]:
        raise Conflict("This token has a successor already.")
    limit = old["request_limit"]
    token = tokens.mint(
        db,
        old["name"],
        None if old["all_grants"] else grants_of(db, token_id),
        expires_at=old["expires_at"],
        staff_id=old["staff_id"],
        quota=Quota(limit, old["limit_seconds"] or 60) if limit else None,
        addresses=(old["ip_allowlist"] or "").split(",") if old["ip_allowlist"] else (),
        created_by=created_by,
    )
    ends = utcnow() + overlap
    if old["expires_at"]:
        ends = min(ends, old["expires_at"])
    rows.update(db, t.api_tokens, token_id, {"expires_at": ends, "replaced_by": id_of(db, token)})
    return token


def id_of(db: Db, token: str) -> int:
    """The row of a token that was just minted."""
    query = sa.select(t.api_tokens.c.id).where(t.api_tokens.c.token_hash == tokens.digest(token))
    return int(db.scalar(query))


def grants_of(db: Db, token_id: int) -> frozenset[Grant]:
    """What a token carries, beside ``all_grants``."""
    grants = t.api_token_grants.c
    query = sa.select(grants.feature, grants.capability).where(grants.token_id == token_id)
    return frozenset((row["feature"], row["capability"]) for row in rows.fetch(db, query))


def _live(db: Db, token_id: int) -> rows.Row:
    found = rows.get(db, t.api_tokens, token_id, UNKNOWN, lock=True)
    if found["revoked_at"]:
        raise Conflict("This token is revoked.")
    return found


def _grant(db: Db, token_id: int, grants: Collection[Grant]) -> None:
    mine = t.api_token_grants
    rows.delete(db, mine, mine.c.token_id == token_id)
    for feature, capability in sorted(set(grants)):
        rows.insert(db, mine, {"token_id": token_id, "feature": feature, "capability": capability})
