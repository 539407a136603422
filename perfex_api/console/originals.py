"""The tokens of the original's API module, as far as its tables let us change them.

The token itself is neither read nor written: only its module can make one that it accepts. Older versions of
the module lack columns; what they lack is neither shown nor stored.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from perfex_api import options
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import Conflict, NotFound
from perfex_api.http import tokens
from perfex_api.http.token_changes import UNKNOWN
from perfex_api.http.tokens import Grant, Quota

#: How many letters of a token tell it from others.
ENDING = 6

_theirs, _permissions = t.user_api, t.user_api_permissions


def listed(db: Db) -> list[rows.Row]:
    """All of them, newest first, each with the ``ending`` of its token."""
    if not db.live.has(_theirs):
        return []
    return rows.fetch(db, _query().order_by(_theirs.c.id.desc()))


def get(db: Db, token_id: int) -> rows.Row:
    """One of them.

    Raises:
        NotFound: There is no such token.
    """
    found = rows.fetch(db, _query().where(_theirs.c.id == token_id)) if db.live.has(_theirs) else []
    if not found:
        raise NotFound(UNKNOWN)
    return found[0]


def names(db: Db, ids: Collection[int]) -> dict[int, str]:
    """Their names by their ids."""
    if not ids or not db.live.has(_theirs):
        return {}
    query = sa.select(_theirs.c.id, _theirs.c.name).where(_theirs.c.id.in_(ids))
    return {row["id"]: row["name"] for row in rows.fetch(db, query)}


def has_permissions(db: Db) -> bool:
    """Whether this version of the module knows permissions at all."""
    return db.live.has(_permissions) and db.live.has_column(_theirs.c.permission_enable)


def has_quotas(db: Db) -> bool:
    """Whether this version of the module knows quotas."""
    return db.live.has_column(_theirs.c.quota_active)


def grants_of(db: Db, token_id: int) -> frozenset[Grant]:
    """The permissions of a token, those that this server does not know among them."""
    if not db.live.has(_permissions):
        return frozenset()
    query = sa.select(_permissions.c.feature, _permissions.c.capability)
    found = rows.fetch(db, query.where(_permissions.c.api_id == token_id))
    return frozenset((row["feature"], row["capability"]) for row in found)


def change(db: Db, token_id: int, columns: Mapping[str, Any], grants: Collection[Grant] | None) -> None:
    """Change columns of a token, and what it may do.

    Args:
        db: The transaction.
        token_id: Whose.
        columns: Of ``tbluser_api``; ``permission_enable`` follows from the grants.
        grants: Its permissions; None: everything, as for a token from before there were permissions.

    Raises:
        NotFound: There is no such token.
    """
    get(db, token_id)
    changed = dict(columns) | {"permission_enable": int(grants is not None)}
    if "quota_active" in columns:
        changed["quota_updated_at"] = options.now(db)
    rows.update(db, _theirs, token_id, changed)
    if grants is not None:
        grant(db, token_id, grants)


def grant(db: Db, token_id: int, grants: Collection[Grant]) -> None:
    """Let a token do exactly this."""
    if not db.live.has(_permissions):
        return
    # The table has no key, and the original's screen may have left one permission in it twice.
    rows.delete(db, _permissions, _permissions.c.api_id == token_id)
    for feature, capability in sorted(set(grants)):
        rows.insert(db, _permissions, {"api_id": token_id, "feature": feature, "capability": capability})


def delete(db: Db, token_id: int) -> None:
    """Delete a token with its permissions, as the original's screen does.

    Raises:
        NotFound: There is no such token.
    """
    get(db, token_id)
    rows.delete(db, _permissions, _permissions.c.api_id == token_id)
    rows.delete(db, _theirs, _theirs.c.id == token_id)


def replace(db: Db, token_id: int, overlap: timedelta, created_by: str) -> str:
    """Mint a token of ours that may do the same; the original's ends with the overlap.

    Its expiry date is in the CRM's local time, and the original's own program shows it without enforcing it.

    Returns:
        The new token: the only time that it can be read.

    Raises:
        NotFound: There is no such token.
        Conflict: It has expired.
    """
    row = get(db, token_id)
    now = options.now(db)
    if row["expiration_date"] and row["expiration_date"] <= now:
        raise Conflict("This token has expired.")
    burst = row.get("burst_limit") if row.get("quota_active") else 0
    token = tokens.mint(
        db,
        row["name"],
        grants_of(db, token_id) if row.get("permission_enable") else None,
        quota=Quota(burst, 60) if burst and burst > 0 else None,
        created_by=created_by,
    )
    ends = now + overlap
    if row["expiration_date"]:
        ends = min(ends, row["expiration_date"])
    rows.update(db, _theirs, token_id, {"expiration_date": ends})
    return token


def _query() -> sa.Select[Any]:
    columns = [column for column in _theirs.c if column is not _theirs.c.token]
    return sa.select(*columns, sa.func.substr(_theirs.c.token, -ENDING).label("ending"))
