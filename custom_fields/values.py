"""The values: one row for a record and a field."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import closing
from typing import cast

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import raw, rows
from perfex_api.core.db import Db
from perfex_api.core.prepared import Prepared, many

VALUE = t.customfieldsvalues.c
#: Characters of all values of a kind that are held at once.
MOST_HELD = 1 << 24

#: The values by the ids of their field and their record, both as the database gives them.
Texts = dict[str, dict[str, str]]
Stored = Iterable[tuple[str, str, str]]
COLUMNS = [VALUE.relid, VALUE.fieldid, sa.func.coalesce(VALUE.value, "").label("value")]
#: Of two values that a record has of a field the older one counts: it comes last.
OLDER_LAST = sa.select(*COLUMNS).order_by(VALUE.id.desc())


def belong_to(kind: str | sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    """Whether a value belongs to this kind.

    An expression, not the column: the index of ``fieldto`` leads to every value of the kind, and SQLite would
    take it before that of ``relid`` (0.3 s instead of 0.3 ms for a page among 100,000 customers).
    """
    return (VALUE.fieldto + "") == kind


OF_RECORDS = Prepared(
    OLDER_LAST.where(VALUE.relid.in_([many("record_ids")]), belong_to(sa.bindparam("kind")))
)


def of_records(kind: str, record_ids: Collection[int]) -> sa.ColumnElement[bool]:
    """Whether a value belongs to one of these records.

    The ids are written into the statement: variables have a limit on SQLite, which a large page would pass.
    """
    ids = sa.bindparam("record_ids", list(record_ids), type_=sa.Integer, expanding=True, literal_execute=True)
    return sa.and_(VALUE.relid.in_(ids), belong_to(kind))


def load(db: Db, kind: str, record_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """The values of many records, by record id and field id, in one query.

    Nothing keeps the CRM from storing a value twice; the older row counts, as on its screens.
    """
    found: dict[int, dict[int, str]] = {}
    for field_id, mine in texts(db, kind, record_ids).items():
        for record_id, text in mine.items():
            found.setdefault(int(record_id), {})[int(field_id)] = text
    return found


def texts(db: Db, kind: str, record_ids: Collection[int]) -> Texts:
    """The values of many records, in one query; in none when ``load_all`` has them."""
    held: Texts | None = db.memo.get(_held(kind))
    if held is not None or not record_ids:
        return held or {}
    found: Texts = defaultdict(dict)
    _sort_in(found, rows.wire_tuples(db, OF_RECORDS, record_ids=[*record_ids], kind=kind))
    return found


def load_all(db: Db, kind: str) -> bool:
    """Keep the values of all records of a kind for this transaction, unless they are too much to hold.

    One query that walks through the table takes a tenth of the time of those that look up each record.
    """
    found: Texts = defaultdict(dict)
    size = 0
    with closing(rows.wire_tuple_parts(db, OLDER_LAST.where(VALUE.fieldto == kind))) as parts:
        for part in parts:
            size += _sort_in(found, part)
            if size > MOST_HELD:
                return False
    db.memo[_held(kind)] = found
    return True


def _held(kind: str) -> tuple[str, str]:
    return "custom field values", kind


def _sort_in(found: Texts, stored: Iterable[raw.WireTuple]) -> int:
    """Put values where they belong, and say how many characters they have."""
    size = 0
    for record_id, field_id, text in cast(Stored, stored):
        found[field_id][record_id] = text
        size += len(text)
    return size
