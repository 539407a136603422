"""Tags: words that several kinds of records carry, in ``tbltags`` and ``tbltaggables``."""

from collections.abc import Sequence

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db

LONGEST = t.tags.c.name.type.length  # type: ignore[attr-defined]


def put(db: Db, rel_type: str, rel_id: int, names: Sequence[str]) -> None:
    """Give a record these tags, in this order, and no others.

    A new name becomes a tag; one that no record carries any more stays a tag. A number that is no tag's
    name but a tag's id means that tag, as the CRM's screens send it.

    Args:
        db: The transaction.
        rel_type: What the table calls the records: ``invoice``, ``lead``, ``project``, ...
        rel_id: The record.
        names: The tags; double quotes become single ones, because the screens cannot show others.
    """
    wanted = list(dict.fromkeys(name.replace('"', "'").strip()[:LONGEST] for name in names if name.strip()))
    clear(db, rel_type, [rel_id])
    tag_ids = list(dict.fromkeys(_tag_id(db, name) for name in wanted))
    for order, tag_id in enumerate(tag_ids, start=1):
        owner = {"rel_type": rel_type, "rel_id": rel_id}
        db.execute(t.taggables.insert().values(owner | {"tag_id": tag_id, "tag_order": order}))


def clear(db: Db, rel_type: str, rel_ids: Sequence[int]) -> None:
    """Take all tags off these records."""
    rows.delete(db, t.taggables, t.taggables.c.rel_type == rel_type, t.taggables.c.rel_id.in_(rel_ids))


def tagged(word: str, rel_type: str, record_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Whether a record carries a tag: what a search for ``#word`` asks.

    Args:
        word: The tag, with or without ``#``.
        rel_type: The kind of records.
        record_id: Their id column in the query.
    """
    links = sa.select(t.taggables.c.rel_id).join(t.tags, t.tags.c.id == t.taggables.c.tag_id)
    return record_id.in_(links.where(t.taggables.c.rel_type == rel_type, t.tags.c.name == word.lstrip("#")))


def _tag_id(db: Db, name: str) -> int:
    found = db.scalar(sa.select(t.tags.c.id).where(t.tags.c.name == name))
    if found is None and name.isascii() and name.isdigit() and len(name) < 10:
        found = db.scalar(sa.select(t.tags.c.id).where(t.tags.c.id == int(name)))
    return rows.insert(db, t.tags, {"name": name}) if found is None else int(found)
