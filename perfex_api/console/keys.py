"""The tokens as an administrator sees them: ours and the original's in one list.

What is done to one goes to the CRM's activity log, in the administrator's name.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from perfex_api import options
from perfex_api import tables as t
from perfex_api.console import originals
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Db
from perfex_api.core.errors import NotFound
from perfex_api.http import token_changes, tokens
from perfex_api.http.tokens import Grant, Quota

CREATED, UPDATED, DELETED = "api_key_created", "api_key_updated", "api_key_deleted"


@dataclass(frozen=True)
class Key:
    """One token.

    Attributes:
        kind: ``own`` or ``legacy``.
        id: Its row.
        name: What it is for.
        hint: What tells it from others: the beginning of ours, the end of the original's.
        state: ``active``, ``expired``, ``revoked`` or ``rotating``, which ends because it has a successor.
        expires_at: UTC for ours, the CRM's local time for the original's.
        everything: Whether it may do everything.
        grants: What it may do otherwise.
        staff_id: Whom it acts for.
        user: The original's column of that name.
        quota: Our rate limit.
        addresses: Where it may be used from.
        created_at: When it was minted.
        created_by: By whom.
        last_used_at: When it was last seen, if that is known.
        replaced_by: Its successor.
    """

    kind: str
    id: int
    name: str
    hint: str
    state: str
    expires_at: datetime | None = None
    everything: bool = False
    grants: frozenset[Grant] = frozenset()
    staff_id: int | None = None
    user: str = ""
    quota: Quota | None = None
    addresses: tuple[str, ...] = ()
    created_at: datetime | None = None
    created_by: str | None = None
    last_used_at: datetime | None = None
    replaced_by: int | None = None
    row: rows.Row = field(default_factory=dict)

    @property
    def key(self) -> str:
        """As the request log's totals name it."""
        return f"{self.kind}:{self.id}"

    @property
    def live(self) -> bool:
        """Whether it lets anybody in."""
        return self.state in ("active", "rotating")


def listed(db: Db, word: str = "", *, ended: bool = False) -> list[Key]:
    """All tokens, newest first, ours before the original's.

    Args:
        db: The transaction.
        word: What the name, the user or the beginning holds.
        ended: Those that let nobody in any more, instead of the others.
    """
    found = [_own(row, frozenset()) for row in rows.fetch(db, sa.select(t.api_tokens))]
    found.sort(key=lambda each: -each.id)
    now = options.now(db)
    found += [_legacy(row, frozenset(), now) for row in originals.listed(db)]
    word = word.casefold()
    return [
        each
        for each in found
        if each.live is not ended
        and any(word in text.casefold() for text in (each.name, each.user, each.hint))
    ]


def get(db: Db, kind: str, token_id: int | None) -> Key:
    """One token with its grants.

    Raises:
        NotFound: There is none.
    """
    if kind == "own":
        row = rows.get(db, t.api_tokens, token_id, token_changes.UNKNOWN)
        return _own(row, token_changes.grants_of(db, row["id"]))
    if kind == "legacy" and token_id is not None:
        row = originals.get(db, token_id)
        return _legacy(row, originals.grants_of(db, token_id), options.now(db))
    raise NotFound(token_changes.UNKNOWN)


def names(db: Db, keys: Iterable[str]) -> dict[str, str]:
    """The names of tokens by ``Key.key``; what is gone is left out."""
    wanted: dict[str, list[int]] = {"own": [], "legacy": []}
    for key in set(keys):
        kind, _, number = key.partition(":")
        if kind in wanted and number.isdigit():
            wanted[kind].append(int(number))
    mine = t.api_tokens.c
    query = sa.select(mine.id, mine.name).where(mine.id.in_(wanted["own"]))
    found = {f"own:{row['id']}": row["name"] for row in rows.fetch(db, query)} if wanted["own"] else {}
    return found | {f"legacy:{each}": name for each, name in originals.names(db, wanted["legacy"]).items()}


def create(
    db: Db,
    by: str,
    name: str,
    grants: Collection[Grant] | None,
    *,
    expires_at: datetime | None,
    staff_id: int | None,
    quota: Quota | None,
    addresses: Collection[str],
) -> tuple[int, str]:
    """Mint a token; see ``tokens.mint``.

    Returns:
        Its id, and the token, which can be read this once.
    """
    token = tokens.mint(
        db,
        name,
        grants,
        expires_at=expires_at,
        staff_id=staff_id,
        quota=quota,
        addresses=addresses,
        created_by=by[:100],
    )
    token_id = token_changes.id_of(db, token)
    note(db, by, CREATED, token_id, name)
    return token_id, token


def change(
    db: Db,
    by: str,
    key: Key,
    name: str,
    grants: Collection[Grant] | None,
    *,
    expires_at: datetime | None,
    staff_id: int | None,
    quota: Quota | None,
    addresses: Collection[str],
) -> None:
    """Change a token of ours; see ``token_changes.change``."""
    token_changes.change(
        db,
        key.id,
        name,
        grants,
        expires_at=expires_at,
        staff_id=staff_id,
        quota=quota,
        addresses=addresses,
    )
    note(db, by, UPDATED, key.id, name)


def rotate(db: Db, by: str, key: Key, overlap: timedelta) -> tuple[int, str]:
    """Mint the successor of a token of ours, or one of ours in the place of the original's.

    Returns:
        Its id, and the token, which can be read this once.

    Raises:
        Conflict: It is over.
    """
    if key.kind == "own":
        token = token_changes.rotate(db, key.id, overlap, by[:100])
    else:
        token = originals.replace(db, key.id, overlap, by[:100])
    token_id = token_changes.id_of(db, token)
    note(db, by, CREATED, token_id, key.name)
    note(db, by, UPDATED, key.id, key.name)
    return token_id, token


def revoke(db: Db, by: str, key: Key) -> None:
    """End a token: the next request that carries it is refused. The original's row is deleted."""
    if key.kind == "own":
        tokens.revoke(db, key.id)
    else:
        originals.delete(db, key.id)
    note(db, by, DELETED, key.id, key.name)


def narrow(db: Db, by: str, key: Key, unused: Collection[Grant]) -> None:
    """Take these grants away."""
    if key.kind == "own":
        token_changes.narrow(db, key.id, unused)
    else:
        originals.grant(db, key.id, originals.grants_of(db, key.id) - set(unused))
    note(db, by, UPDATED, key.id, key.name)


def note(db: Db, by: str, event: str, token_id: int, name: str) -> None:
    """Tell the CRM's activity log of one of its events."""
    line = {"description": f"{event} [ID: {token_id}, Name: {name}]", "date": options.now(db)}
    rows.insert(db, t.activity_log, line | {"staffid": by[:100]})


def _own(row: rows.Row, grants: frozenset[Grant]) -> Key:
    limit = row["request_limit"]
    if row["revoked_at"]:
        state = "revoked"
    elif row["expires_at"] and row["expires_at"] <= utcnow():
        state = "expired"
    else:
        state = "rotating" if row["replaced_by"] else "active"
    return Key(
        "own",
        row["id"],
        row["name"],
        f"{row['token_prefix']}…",
        state,
        expires_at=row["expires_at"],
        everything=bool(row["all_grants"]),
        grants=grants,
        staff_id=row["staff_id"],
        quota=Quota(limit, row["limit_seconds"] or 60) if limit else None,
        addresses=tuple((row["ip_allowlist"] or "").split(",")) if row["ip_allowlist"] else (),
        created_at=row["created_at"],
        created_by=row["created_by"],
        last_used_at=row["last_used_at"],
        replaced_by=row["replaced_by"],
        row=row,
    )


def _legacy(row: rows.Row, grants: frozenset[Grant], now: datetime) -> Key:
    ends = row["expiration_date"]
    return Key(
        "legacy",
        row["id"],
        row["name"],
        f"…{row['ending']}",
        "expired" if ends and ends <= now else "active",
        expires_at=ends,
        # 0, or no such column yet: a token from before permissions may do all.
        everything=not row.get("permission_enable"),
        grants=grants,
        user=row["user"],
        row=row,
    )
