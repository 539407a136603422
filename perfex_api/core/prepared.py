"""Queries that every request asks: written once, compiled once, and from then on only run.

Building a SELECT of thirty columns and finding it in SQLAlchemy's cache costs more than running it does. So
what nearly every request needs (who calls, one record, its custom fields) stands at the top of a module as a
``Prepared``, and goes to the driver without a detour.
"""

from typing import Any

import sqlalchemy as sa

from perfex_api.core import raw
from perfex_api.core.live import Live
from perfex_api.core.raw import WireRow, WireTuple


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

    def wire(self, connection: sa.Connection, live: Live, values: dict[str, Any]) -> list[WireRow]:
        """Run the query: texts and nulls, keys in the order of the columns.

        Args:
            connection: The open transaction's connection.
            live: What that database has.
            values: By parameter.
        """
        found: list[WireRow] = self._on(connection, live).run(connection, values, True)
        return found

    def tuples(self, connection: sa.Connection, live: Live, values: dict[str, Any]) -> list[WireTuple]:
        """As ``wire``, without the keys: for the many rows of which something else is made."""
        found: list[WireTuple] = self._on(connection, live).run(connection, values, False)
        return found

    def _on(self, connection: sa.Connection, live: Live) -> "_Ready":
        ready: _Ready | None = live.compiled.get(self)
        if ready is None:
            ready = live.compiled[self] = _Ready(connection, self._fitted(live))
        return ready

    def _fitted(self, live: Live) -> sa.Select[Any] | sa.CompoundSelect[Any]:
        # A union is of tables that are as we know them.
        return live.fit(self._query) if isinstance(self._query, sa.Select) else self._query


class _Ready:
    """A query in the words of one database."""

    def __init__(self, connection: sa.Connection, query: sa.Select[Any] | sa.CompoundSelect[Any]) -> None:
        compiled = query.compile(dialect=connection.dialect)
        self._sql = str(compiled)
        self._names = compiled.positiontup  # None where the driver takes parameters by name
        self._fixed = dict(compiled.params)
        self._keys = [str(column.key) for column in query.selected_columns]
        self._printers = raw.printers_of(connection, query)

    def run(self, connection: sa.Connection, values: dict[str, Any], keyed: bool) -> Any:
        """Its rows: dicts, or when they need no keys tuples."""
        sql = self._sql
        for name, ids in values.items():
            if isinstance(ids, list):
                sql = sql.replace(f"{{{name}}}", ", ".join(map(str, map(int, ids))))
        arguments: Any = self._fixed | values
        if self._names is not None:
            arguments = tuple([arguments[name] for name in self._names])
        for note in connection.dispatch.before_cursor_execute:
            note(connection, None, sql, arguments, None, False)
        driver: Any = connection.connection.dbapi_connection
        try:
            if hasattr(driver, "converter"):
                return _of_mysqlclient(driver, sql, arguments, keyed)
            found = _of_others(driver, sql, arguments)
        except Exception as error:
            raise raw.told(error, connection, sql) from error
        made = (raw.as_row(self._keys, row, self._printers) for row in found)
        return list(made) if keyed else [tuple(row.values()) for row in made]


def _of_mysqlclient(driver: Any, sql: str, arguments: tuple[Any, ...], keyed: bool) -> Any:
    before, driver.converter = driver.converter, raw.ALL_TEXT
    try:
        driver.query(sql.encode() % tuple(map(driver.literal, arguments)))
        return list(driver.store_result().fetch_row(0, int(keyed)))
    finally:
        driver.converter = before


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
