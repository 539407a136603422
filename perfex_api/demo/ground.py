"""What every part of the demo company stands on: the transaction, its time, hashes that repeat themselves."""

import random
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from perfex_api import options
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db

SEED = 20_26


class Ground:
    """Where the rows go.

    Attributes:
        db: The transaction.
        now: The CRM's local time; every other time is told from it, so that the company never grows old.
    """

    def __init__(self, db: Db) -> None:
        self.db = db
        self.now = options.now(db)
        self._random = random.Random(SEED)

    def insert(self, table: sa.Table, **values: Any) -> int:
        """Add a row and give its id; nothing, and 0, where the database lacks the table."""
        return rows.insert(self.db, table, values) if self.db.live.has(table) else 0

    def day(self, days: int) -> date:
        """So many days from today, negative ones in the past."""
        return self.now.date() + timedelta(days)

    def moment(self, days: int, at: str = "09:30") -> datetime:
        """A time of that day."""
        return datetime.combine(self.day(days), time.fromisoformat(at))

    def hash(self) -> str:
        """What the CRM makes by hashing random bytes; here the same for the same company."""
        return f"{self._random.getrandbits(128):032x}"

    def first(self, column: sa.Column[Any], *where: sa.ColumnElement[bool]) -> Any:
        """The smallest of the values that an installation has already."""
        return self.db.scalar(sa.select(sa.func.min(column)).where(*where))

    def country(self, iso2: str) -> int:
        """The id of a country; 0 when it is unknown."""
        return self.first(t.countries.c.country_id, t.countries.c.iso2 == iso2) or 0
