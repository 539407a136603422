"""Tokens: ours, and those that the original module has minted.

Ours are 256 random bits behind a visible ``pfx_``, shown once and stored as their SHA-256. The original's are
whatever ``tbluser_api`` holds, accepted letter by letter; deleting the row there revokes them here at once.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Db
from perfex_api.core.prepared import Prepared
from perfex_api.core.raw import WireRow, WireTuple

PREFIX = "pfx_"
Grant = tuple[str, str]
#: Rows, by column, as a key of what is made of them.
Found = tuple[tuple[tuple[str, str | None], ...], ...]
OUR_COLUMNS = (
    *("id", "name", "staff_id", "all_grants", "expires_at", "request_limit", "limit_seconds"),
    *("ip_allowlist", "feature", "capability"),
)

_mine, _granted_here = t.api_tokens.c, t.api_token_grants.c
OURS = Prepared(
    sa.select(
        _mine.id,
        _mine.name,
        _mine.staff_id,
        _mine.all_grants,
        _mine.expires_at,
        _mine.request_limit,
        _mine.limit_seconds,
        _mine.ip_allowlist,
        _granted_here.feature,
        _granted_here.capability,
    )
    .join_from(t.api_tokens, t.api_token_grants, _granted_here.token_id == _mine.id, isouter=True)
    .where(_mine.token_hash == sa.bindparam("digest"), _mine.revoked_at.is_(None))
)

_theirs, _granted_there = t.user_api.c, t.user_api_permissions.c
# The column compares without regard to case, a token does not: hence as bytes. The token itself is not
# selected, because what a query finds may be logged.
_theirs_alone = sa.select(*(column for column in _theirs if column is not _theirs.token)).where(
    sa.cast(_theirs.token, sa.LargeBinary) == sa.bindparam("token", type_=sa.LargeBinary)
)
THEIRS = Prepared(_theirs_alone)
THEIRS_WITH_GRANTS = Prepared(
    _theirs_alone.join(t.user_api_permissions, _granted_there.api_id == _theirs.id, isouter=True).add_columns(
        _granted_there.feature, _granted_there.capability
    )
)


@dataclass(frozen=True)
class Quota:
    """So many calls in so many seconds.

    Attributes:
        amount: Calls.
        seconds: The window.
        each_endpoint: Whether every endpoint counts for itself.
    """

    amount: int
    seconds: int
    each_endpoint: bool = False


@dataclass(frozen=True)
class Caller:
    """Who a token stands for.

    Attributes:
        kind: ``own`` or ``legacy``: the table it came from.
        id: Its row there.
        name: What its administrator called it.
        staff_id: The staff member it acts for; 0: nobody.
        grants: Pairs of feature and capability; None: everything.
        expires_at: When it ends; UTC for ours, the CRM's local time for the original's.
        quotas: Its rate limits.
        addresses: Addresses or networks that may use it; empty: all.
    """

    kind: str
    id: int
    name: str
    staff_id: int = 0
    grants: frozenset[Grant] | None = None
    expires_at: datetime | None = None
    quotas: tuple[Quota, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """One word that no other token has."""
        return f"{self.kind}:{self.id}"

    def may(self, feature: str, capability: str) -> bool:
        """Whether the token carries this grant."""
        return self.grants is None or (feature, capability) in self.grants

    def granted(self, *wanted: Grant) -> str | None:
        """The first of these grants that the token carries, as text; the request log keeps it."""
        return next((":".join(each) for each in wanted if each[0] and self.may(*each)), None)


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def mint(
    db: Db,
    name: str,
    grants: Collection[Grant] | None,
    *,
    expires_at: datetime | None = None,
    staff_id: int | None = None,
    quota: Quota | None = None,
    addresses: Collection[str] = (),
    created_by: str | None = None,
) -> str:
    """Make a token.

    Args:
        db: The transaction.
        name: What it is for.
        grants: Pairs of feature and capability; None: everything.
        expires_at: When it ends, UTC.
        staff_id: The staff member it acts for.
        quota: Its rate limit.
        addresses: Addresses or networks that may use it.
        created_by: Who asked for it.

    Returns:
        The token: the only time that it can be read.
    """
    token = PREFIX + secrets.token_urlsafe(32)
    made = {
        "token_hash": digest(token),
        "token_prefix": token[:12],
        "created_at": utcnow(),
        "created_by": created_by,
    }
    said = properties(
        name, grants, expires_at=expires_at, staff_id=staff_id, quota=quota, addresses=addresses
    )
    token_id = rows.insert(db, t.api_tokens, made | said)
    for feature, capability in sorted(set(grants or ())):
        rows.insert(
            db, t.api_token_grants, {"token_id": token_id, "feature": feature, "capability": capability}
        )
    return token


def properties(
    name: str,
    grants: Collection[Grant] | None,
    *,
    expires_at: datetime | None,
    staff_id: int | None,
    quota: Quota | None,
    addresses: Collection[str],
) -> dict[str, Any]:
    """The columns of what an administrator decides about a token; see ``mint``."""
    return {
        "name": name,
        "staff_id": staff_id,
        "all_grants": int(grants is None),
        "expires_at": expires_at,
        "request_limit": quota and quota.amount,
        "limit_seconds": quota and quota.seconds,
        "ip_allowlist": ",".join(addresses) or None,
    }


def revoke(db: Db, token_id: int) -> None:
    """End one of our tokens; the next request that carries it is refused.

    Raises:
        NotFound: There is no such token.
    """
    rows.get(db, t.api_tokens, token_id, "There is no token with this id.")
    rows.update(db, t.api_tokens, token_id, {"revoked_at": utcnow()})


def listed(db: Db) -> list[rows.Row]:
    """All tokens of ours, newest first, each with its ``grants`` as texts."""
    found = rows.fetch(db, sa.select(t.api_tokens).order_by(t.api_tokens.c.id.desc()))
    grants: dict[int, list[str]] = {}
    for grant in rows.fetch(db, sa.select(t.api_token_grants)):
        grants.setdefault(grant["token_id"], []).append(f"{grant['feature']}:{grant['capability']}")
    return [token | {"grants": grants.get(token["id"], [])} for token in found]


def find(db: Db, token: str) -> Caller | None:
    """Who this token stands for, in one query; None when nobody has minted it, or it was revoked."""
    if token.startswith(PREFIX) and (caller := _ours(db, token)):
        return caller
    return _the_originals(db, token)


def _ours(db: Db, token: str) -> Caller | None:
    return _our_caller(tuple(rows.wire_tuples(db, OURS, digest=digest(token))))


def _the_originals(db: Db, token: str) -> Caller | None:
    if not db.live.has(t.user_api):
        return None
    query = THEIRS_WITH_GRANTS if db.live.has(t.user_api_permissions) else THEIRS
    return _their_caller(_hashable(rows.wire(db, query, token=token.encode("utf-8", "replace"))))


def _hashable(found: list[WireRow]) -> Found:
    return tuple([tuple(row.items()) for row in found])


# Tokens are looked up on every request, so that one that is revoked, or has lost a grant, has lost it on the
# next; what is made of the rows is remembered under the rows themselves.
@lru_cache(maxsize=1_024)
def _our_caller(found: tuple[WireTuple, ...]) -> Caller | None:
    if not found:
        return None
    row = dict(zip(OUR_COLUMNS, found[0], strict=True))
    limit = _number(row["request_limit"])
    return Caller(
        "own",
        _number(row["id"]),
        row["name"] or "",
        staff_id=_number(row["staff_id"]),
        grants=None if _number(row["all_grants"]) else _granted(each[-2:] for each in found),
        expires_at=_moment(row["expires_at"]),
        quotas=(Quota(limit, _number(row["limit_seconds"]) or 60),) if limit else (),
        addresses=tuple((row["ip_allowlist"] or "").split(",")) if row["ip_allowlist"] else (),
    )


@lru_cache(maxsize=1_024)
def _their_caller(found: Found) -> Caller | None:
    if not found:
        return None
    row = dict(found[0])
    # permission_enable 0, or no such column yet (module 1.x): a token from before permissions may do all.
    restricted = _number(row.get("permission_enable"))
    return Caller(
        "legacy",
        _number(row["id"]),
        row["name"] or "",
        grants=_granted(map(_grant_there, found)) if restricted else None,
        expires_at=_moment(row["expiration_date"]),
        quotas=_quotas_of_the_original(row),
    )


def _number(text: str | None) -> int:
    return int(text or 0)


def _moment(text: str | None) -> datetime | None:
    """A date-time as the wire has it; None for a zero date as well."""
    return None if text is None or text.startswith("0000-00-00") else datetime.fromisoformat(text)


def _grant_there(row: tuple[tuple[str, str | None], ...]) -> tuple[str | None, ...]:
    named = dict(row)
    return named.get("feature"), named.get("capability")


def _granted(found: Iterable[tuple[str | None, ...]]) -> frozenset[Grant]:
    return frozenset((feature, capability or "") for feature, capability in found if feature)


def _quotas_of_the_original(row: dict[str, str | None]) -> tuple[Quota, ...]:
    if not _number(row.get("quota_active")):
        return ()
    burst, limit, window = (_number(row[name]) for name in ("burst_limit", "request_limit", "time_window"))
    quotas = (Quota(burst, 60), Quota(limit, window, each_endpoint=True))
    return tuple(quota for quota in quotas if quota.amount > 0 and quota.seconds > 0)
