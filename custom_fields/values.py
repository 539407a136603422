"""The values: one row for a record and a field."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.prepared import Prepared

VALUE = t.customfieldsvalues.c


def belong_to(kind: str | sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    """Whether a value belongs to this kind.

    An expression, not the column: the index of ``fieldto`` leads to every value of the kind, and SQLite would
    take it before that of ``relid`` (0.3 s instead of 0.3 ms for a page among 100,000 customers).
    """
    return (VALUE.fieldto + "") == kind


OF_ONE = Prepared(
    sa.select(VALUE.fieldid, VALUE.value).where(
        VALUE.relid == sa.bindparam("record_id"), belong_to(sa.bindparam("kind"))
    )
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
    if len(record_ids) == 1:
        (record_id,) = record_ids
        mine: dict[int, str] = {}
        for row in rows.wire(db, OF_ONE, record_id=record_id, kind=kind):
            mine.setdefault(int(row["fieldid"] or 0), row["value"] or "")
        return {record_id: mine}
    query = sa.select(VALUE.relid, VALUE.fieldid, VALUE.value).where(of_records(kind, record_ids))
    stored: Sequence[Any] = db.execute(query).all()
    found: dict[int, dict[int, str]] = {}
    for record_id, field_id, value in stored:
        found.setdefault(record_id, {}).setdefault(field_id, value)
    return found
