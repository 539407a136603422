"""What the connected database really has, compared with the tables that this program knows.

An older Perfex lacks columns, its modules and its owner add some. Both are normal: what is missing is left
out of every statement, and what somebody added is answered where the original's ``SELECT *`` shows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from perfex_api.core import batch

_MYSQL = """
    SELECT table_name, column_name, is_nullable = 'NO' AND column_default IS NULL AND extra = ''
    FROM information_schema.columns
    WHERE table_schema = DATABASE() AND extra NOT LIKE '%%INVISIBLE%%'
    ORDER BY table_name, ordinal_position
"""
_SQLITE = """
    SELECT t.name, c.name, c."notnull" AND c.dflt_value IS NULL AND NOT c.pk
    FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c
    WHERE t.type IN ('table', 'view')
    ORDER BY t.name, c.cid
"""


class Extra(NamedTuple):
    """A column that the database has and the program does not know.

    Attributes:
        name: As the database spells it.
        after: The column that physically precedes it; empty when it is the first.
        required: It is NOT NULL and has no default: a strict server refuses every row we insert.
    """

    name: str
    after: str
    required: bool


@dataclass(frozen=True)
class Live:
    """The differences between a database and the metadata.

    Attributes:
        missing: By full table name, the known columns that the database lacks.
        missing_tables: Full names of the known tables that it lacks.
        extra: By full table name, the columns that only the database knows, in their physical order.
        together: Whether it takes several statements in one message; see ``core.batch``.
        compiled: What ``core.prepared`` has made of its queries for this database.
    """

    missing: dict[str, set[str]]
    missing_tables: set[str]
    extra: dict[str, list[Extra]]
    together: bool = False
    compiled: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def read(cls, connection: sa.Connection, metadata: sa.MetaData) -> "Live":
        """Compare a database with what the program knows, in one query.

        Args:
            connection: To the database.
            metadata: The tables that should be there; the database may have others, which nobody asks about.
        """
        live = cls({}, set(), {}, batch.can_be_sent(connection))
        found = _columns(connection)
        for table in metadata.tables.values():
            # Without regard to case: some servers fold table names, and all of them compare columns that way.
            there = found.get(table.name.lower())
            if there is None:
                live.missing_tables.add(table.name)
                continue
            known = {column.name.lower(): column.name for column in table.c}
            if missing := known.keys() - {extra.name.lower() for extra in there}:
                live.missing[table.name] = {known[name] for name in missing}
            if unknown := [extra for extra in there if extra.name.lower() not in known]:
                live.extra[table.name] = unknown
        return live

    @property
    def differs(self) -> bool:
        """Whether anything is missing, or more than known."""
        return bool(self.missing or self.missing_tables or self.extra)

    def has(self, table: sa.FromClause) -> bool:
        """Whether the database has this table, or the table behind this alias."""
        return _name(table) not in self.missing_tables

    def has_column(self, column: sa.ColumnElement[Any]) -> bool:
        """Whether the database has this column of a table or of its alias."""
        return not self._lacks(column)

    def columns_for_insert(self, table: sa.Table, values: Mapping[str, Any]) -> dict[str, Any]:
        """Leave out the values whose columns the database lacks.

        Args:
            table: Where they are to be written, by INSERT or UPDATE.
            values: By column name.
        """
        missing = self.missing.get(table.name, ())
        return {name: value for name, value in values.items() if name not in missing}

    def fit(self, select: sa.Select[Any]) -> sa.Select[Any]:
        """Make a query fit the database; the very same query when nothing differs.

        Selected columns that the database lacks are dropped. A table whose columns are all selected gets the
        columns that only the database knows too, each in its physical position; all are selected even when an
        expression, or another table's column, stands under the name of one or another. Joins, conditions and
        order stay as they are: a rule that needs a doubtful column there asks ``has_column`` first.

        Args:
            select: A query in terms of the metadata.
        """
        if not self.differs:
            return select
        before = cast("list[sa.ColumnElement[Any]]", list(select.inner_columns))
        columns = [column for column in before if not self._lacks(column)]
        for source in dict.fromkeys(map(_source, columns)):
            if source is not None and _name(source) in self.extra:
                columns = self._completed(columns, source)
        if not columns or list(map(id, columns)) == list(map(id, before)):
            return select
        fitted: sa.Select[Any] = select.with_only_columns(*columns, maintain_column_froms=True)
        return fitted

    def _lacks(self, element: sa.ColumnElement[Any]) -> bool:
        if not (self.missing or self.missing_tables):
            return False
        parts = (element,) if isinstance(element, sa.ColumnClause) else visitors.iterate(element)
        return any(
            _name(part.table) in self.missing_tables or part.name in self.missing.get(_name(part.table), ())
            for part in parts
            if isinstance(part, sa.ColumnClause)
        )

    def _completed(
        self, columns: list[sa.ColumnElement[Any]], source: sa.FromClause
    ) -> list[sa.ColumnElement[Any]]:
        names = [_key(column) for column in columns]
        present = {_key(column) for column in source.c if not self._lacks(column)}
        # Most must be its own: two columns of a small table are no ``SELECT *`` because others are namesakes.
        first, *others = (
            name for name, column in zip(names, columns, strict=True) if _source(column) is source
        )
        if not present.issubset(names) or len(others) < len(present) // 2:
            return columns
        completed = list(columns)
        for extra in self.extra[_name(source)]:
            name, before = extra.name.lower(), extra.after.lower()
            if name not in names:
                place = names.index(before) + 1 if before in names else names.index(first)
                completed.insert(place, _column(extra.name, source))
                names.insert(place, name)
        return completed


def _columns(connection: sa.Connection) -> dict[str, list[Extra]]:
    """Every column of the database, by its table's name in small letters, as if none were known."""
    found: dict[str, list[Extra]] = {}
    rows = connection.exec_driver_sql(_SQLITE if connection.dialect.name == "sqlite" else _MYSQL)
    for table, name, required in rows:
        there = found.setdefault(table.lower(), [])
        there.append(Extra(name, there[-1].name if there else "", bool(required)))
    return found


def _name(table: sa.FromClause | None) -> str:
    while isinstance(table, sa.Alias):
        table = table.element
    return table.name if isinstance(table, sa.TableClause) else ""


def _source(column: sa.ColumnElement[Any]) -> sa.FromClause | None:
    """The table, or the alias, of a plain column; None for an expression."""
    return column.table if isinstance(column, sa.ColumnClause) else None


def _key(column: sa.ColumnElement[Any]) -> str:
    """The name in the answer, without regard to case; empty for an expression that has none."""
    return str(getattr(column, "name", "")).lower()


def _column(name: str, source: sa.FromClause) -> sa.ColumnClause[Any]:
    """A column outside the metadata; the dialect quotes its name where needed."""
    column: sa.ColumnClause[Any] = sa.column(name)
    column.table = source
    return column
