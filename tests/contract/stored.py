"""What the database holds, for tests that look behind the API."""

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows


def row(transaction, table, record_id):
    """The row with this primary key; None when there is none."""
    with transaction() as db:
        return rows.find(db, table, record_id)


def found(transaction, table, *where):
    """The rows that fulfil the conditions."""
    with transaction() as db:
        return rows.fetch(db, sa.select(table).where(*where))


def values(transaction, column, *where):
    """One column of the rows that fulfil the conditions, sorted."""
    with transaction() as db:
        return sorted(db.execute(sa.select(column).where(*where)).scalars())


def log(transaction):
    """The lines of the activity log."""
    with transaction() as db:
        return rows.fetch(db, sa.select(t.activity_log).order_by(t.activity_log.c.id))


def counts(transaction):
    """How many rows every table of the CRM holds: equal counts mean that nothing was added or removed."""
    each = (
        sa.select(sa.literal(table.name).label("name"), sa.func.count().label("rows")).select_from(table)
        for table in t.crm.sorted_tables
    )
    with transaction() as db:
        return dict(db.execute(sa.union_all(*each)).all())
