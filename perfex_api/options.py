"""The CRM's own settings, ``tbloptions``, and what follows from them: the local time."""

from datetime import datetime

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import clock, dates, rows
from perfex_api.core.db import Db
from perfex_api.core.prepared import Prepared

ONE = Prepared(sa.select(t.options.c.value).where(t.options.c.name == sa.bindparam("name")).limit(1))
DEFAULT_TIMEZONE = "Europe/Berlin"


def get(db: Db, name: str) -> str:
    """One option; an empty text when the row is missing, as the original reads it.

    An option is read once in a transaction.
    """
    memo = ("option", name)
    if memo not in db.memo:
        found = rows.wire(db, ONE, name=name)
        db.memo[memo] = (found[0]["value"] or "") if found else ""
    return str(db.memo[memo])


def read(db: Db, *names: str) -> dict[str, str]:
    """Several options in one query; those that are not there are empty texts."""
    option = t.options.c
    query = sa.select(option.name, option.value).where(option.name.in_(names)).order_by(option.id.desc())
    found = {str(row.name): str(row.value) for row in db.execute(query)}
    for name in names:
        db.memo["option", name] = found.get(name, "")
    return {name: get(db, name) for name in names}


def date_format(db: Db) -> dates.DateFormat:
    """How the CRM writes dates."""
    return dates.DateFormat.chosen(read(db, *dates.OPTIONS))


def now(db: Db) -> datetime:
    """The CRM's local time, which its date columns hold."""
    return clock.local(zone(db))


def zone(db: Db) -> str:
    """The name of the time zone that the CRM's clock is in."""
    return get(db, "default_timezone") or DEFAULT_TIMEZONE
