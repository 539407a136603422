"""Queries that every request asks: written once, compiled once, and from then on only run.

Building a SELECT of thirty columns and finding it in SQLAlchemy's cache costs more than running it does. So
what nearly every request needs (who calls, one record, its custom fields) stands at the top of a module as a
``Prepared``, and goes to the driver without a detour.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from perfex_api.core import raw
from perfex_api.core.raw import WireRow, WireTuple
from perfex_api.core.unconverted import ALL_TEXT

if TYPE_CHECKING:
    from perfex_api.core.db import Db


def many(name: str) -> sa.ColumnElement[int]:
    """A parameter that stands for any number of ids, inside an ``in_``; they are written into the statement.

    Variables have a limit on SQLite, which a large page would pass.
    """
    return sa.literal_column(f"{{{name}}}", sa.Integer)


class Prepared:
    """A query for rows as clients see them.

    Args:
        query: With ``sa.bindparam`` for what differs from one time to the next: integers, texts and bytes; or
            with ``many``.
    """

    def __init__(self, query: sa.Select[Any] | sa.CompoundSelect[Any]) -> None:
        self._query = query

    def wire(self, db: "Db", values: Mapping[str, Any]) -> list[WireRow]:
        """Run the query: texts and nulls, keys in the order of the columns.

        Args:
            db: The transaction.
            values: By parameter.
        """
        found: list[WireRow] = self._on(db).run(db, values, True)
        return found

    def tuples(self, db: "Db", values: Mapping[str, Any]) -> list[WireTuple]:
        """As ``wire``, without the keys: for the many rows of which something else is made."""
        found: list[WireTuple] = self._on(db).run(db, values, False)
        return found

    def _on(self, db: "Db") -> "_Ready":
        ready: _Ready | None = db.live.compiled.get(self)
        if ready is None:
            # A union is of tables that are as we know them.
            query = db.live.fit(self._query) if isinstance(self._query, sa.Select) else self._query
            ready = db.live.compiled[self] = _Ready(db, query)
        return ready


class _Ready:
    """A query in the words of one database."""

    def __init__(self, db: "Db", query: sa.Select[Any] | sa.CompoundSelect[Any]) -> None:
        dialect = db.link.engine.dialect
        compiled = query.compile(dialect=dialect)
        self._sql = str(compiled)
        self._names = compiled.positiontup  # None where the driver takes parameters by name
        self._fixed = dict(compiled.params)
        self._keys = [str(column.key) for column in query.selected_columns]
        self._printers = raw.printers_of(dialect, query)

    def run(self, db: "Db", values: Mapping[str, Any], keyed: bool) -> Any:
        """Its rows: dicts, or when they need no keys tuples."""
        sql = self._sql
        for name, ids in values.items():
            if type(ids) is list:
                sql = sql.replace(f"{{{name}}}", ", ".join(map(str, map(int, ids))))
        arguments: Any = {**self._fixed, **values}
        if self._names is not None:
            arguments = [arguments[name] for name in self._names]
        _tell(db, sql, arguments)
        driver = db.link.driver
        try:
            if hasattr(driver, "converter"):
                return _of_mysqlclient(driver, sql, arguments, keyed)
            found = _of_others(driver, sql, arguments)
        except Exception as error:
            raise raw.told(error, db.connection, sql) from error
        made = (raw.as_row(self._keys, row, self._printers) for row in found)
        return list(made) if keyed else [tuple(row.values()) for row in made]


class PreparedInsert:
    """An INSERT of many rows at once, for what is written on every request.

    Args:
        table: Where to; nobody else listens to what is written there.
        names: The columns that a row has values for.
    """

    def __init__(self, table: sa.Table, *names: str) -> None:
        self._table = table
        self._names = names
        quoted = ", ".join(f"`{name}`" for name in names)
        self._head = f"INSERT INTO `{table.name}` ({quoted}) VALUES ".encode()

    def run(self, db: "Db", found: Sequence[Sequence[Any]]) -> None:
        """Add rows: integers, texts, moments and nulls, in the order of the columns."""
        driver = db.link.driver
        if not hasattr(driver, "converter"):
            db.execute(self._table.insert(), [dict(zip(self._names, row, strict=True)) for row in found])
            return
        rows = [b"(%s)" % b",".join([_literal(driver, value) for value in row]) for row in found]
        _tell(db, self._head.decode(), found)
        try:
            driver.query(self._head + b",".join(rows))
        except Exception as error:
            raise raw.told(error, db.connection, self._head.decode()) from error


def _tell(db: "Db", sql: str, arguments: Any) -> None:
    """Tell those who listen to statements, as SQLAlchemy would."""
    if db.link.noted is not None:
        db.link.noted.add(sql)
    if listening := db.link.dispatch.before_cursor_execute:
        for note in listening:
            note(db.connection, None, sql, arguments, None, False)


def _of_mysqlclient(driver: Any, sql: str, arguments: Sequence[Any], keyed: bool) -> Any:
    before, driver.converter = driver.converter, ALL_TEXT
    try:
        driver.query(sql.encode() % tuple([_literal(driver, each) for each in arguments]))
        return list(driver.store_result().fetch_row(0, int(keyed)))
    finally:
        driver.converter = before


def _literal(driver: Any, value: Any) -> bytes:
    """A value in the words of SQL; what is common without the driver's own detours."""
    if type(value) is str:
        found: bytes = driver.string_literal(value.encode())
    elif type(value) is int:
        found = b"%d" % value
    elif value is None:
        found = b"NULL"
    elif type(value) is datetime:
        found = b"'%s'" % value.isoformat(" ").encode()
    else:
        found = driver.literal(value)
    return found


def _of_others(driver: Any, sql: str, arguments: Any) -> Any:
    decoders = getattr(driver, "decoders", None)
    if decoders is not None:
        driver.decoders = {}
    try:
        cursor = driver.cursor()
        cursor.execute(sql, arguments)
        found = cursor.fetchall()
        cursor.close()
    finally:
        if decoders is not None:
            driver.decoders = decoders
    return found
