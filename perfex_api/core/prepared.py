"""Queries that every request asks: written once, compiled once, and from then on only run.

Building a SELECT of thirty columns and finding it in SQLAlchemy's cache costs more than running it does. So
what nearly every request needs (who calls, one record, its custom fields) stands at the top of a module as a
``Prepared``, and goes to the driver without a detour.
"""

import re
from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from perfex_api.core import raw
from perfex_api.core.raw import WireRow, WireTuple
from perfex_api.core.unconverted import ALL_TEXT

if TYPE_CHECKING:
    from perfex_api.core.db import Db

#: Where a value goes, in mysqlclient's words, or any number of ids; see ``many``.
PLACES = re.compile(r"(%s|\{\w+\})")


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

    def __init__(self, query: sa.Select[Any]) -> None:
        self._query = query

    def wire(self, db: "Db", values: Mapping[str, Any]) -> list[WireRow]:
        """Run the query: texts and nulls, keys in the order of the columns.

        Args:
            db: The transaction.
            values: By parameter.
        """
        found: list[WireRow] = self.on(db).run(db, values, True)
        return found

    def tuples(self, db: "Db", values: Mapping[str, Any]) -> list[WireTuple]:
        """As ``wire``, without the keys: for the many rows of which something else is made."""
        found: list[WireTuple] = self.on(db).run(db, values, False)
        return found

    def on(self, db: "Db") -> "Ready":
        """The query in the words of this database."""
        ready: Ready | None = db.live.compiled.get(self)
        if ready is None:
            # A union is of tables that are as we know them.
            query = db.live.fit(self._query) if isinstance(self._query, sa.Select) else self._query
            ready = db.live.compiled[self] = Ready(db, query)
        return ready


#: A query, and the values of its parameters.
Asked = tuple[Prepared, Mapping[str, Any]]


def expect(db: "Db", asked: Iterable[Asked]) -> None:
    """Say which queries are about to be asked: they go with the next one, in one message.

    When they are asked, in the same words, their rows are there. Where that cannot be (``Live.together``),
    each is sent when it is asked. What is never asked costs the database its work all the same.

    Args:
        db: The transaction, which writes nothing to the tables of these queries before they are asked.
        asked: The queries.
    """
    if db.live.together:
        driver = db.link.driver
        db.link.batch.expect([query.on(db).written(driver, values) for query, values in asked])


class Ready:
    """A query in the words of one database.

    Attributes:
        key: What tells it from every other one: its text, and the values that are always the same.
    """

    def __init__(self, db: "Db", query: sa.Select[Any]) -> None:
        dialect = db.link.engine.dialect
        compiled = query.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self._sql = str(compiled)
        self._names = compiled.positiontup  # None where the driver takes parameters by name
        self._fixed = {
            name: _as_sent(each, dialect) for name, each in compiled.binds.items() if not each.required
        }
        self.key = self._sql, repr(self._fixed)
        self._template: tuple[bytes, list[str]] | None = None
        self._keys = [str(column.key) for column in query.selected_columns]
        self._printers = raw.printers_of(dialect, query)

    def run(self, db: "Db", values: Mapping[str, Any], keyed: bool) -> Any:
        """Its rows: dicts, or when they need no keys tuples."""
        tell(db, self._sql, values)
        driver = db.link.driver
        try:
            if hasattr(driver, "converter"):
                return self._by_mysqlclient(db, driver, values, keyed)
            found = self._by_others(driver, values)
        except Exception as error:
            raise raw.told(error, db.link.handle, self._sql) from error
        made = (raw.as_row(self._keys, row, self._printers) for row in found)
        return list(made) if keyed else [tuple(row.values()) for row in made]

    def _by_mysqlclient(self, db: "Db", driver: Any, values: Mapping[str, Any], keyed: bool) -> Any:
        batch = db.link.batch
        if (result := batch.has_come(key := self._key(values))) is not None:
            return list(result.fetch_row(0, int(keyed)))
        statement = self._statement(driver, values)
        before, driver.converter = driver.converter, ALL_TEXT
        try:
            return list(batch.ask(driver, statement, key).fetch_row(0, int(keyed)))
        finally:
            driver.converter = before

    def written(self, driver: Any, values: Mapping[str, Any]) -> tuple[Hashable, bytes]:
        """A key that stands for the query with these values, and what is sent to mysqlclient."""
        return self._key(values), self._statement(driver, values)

    def _key(self, values: Mapping[str, Any]) -> Hashable:
        return self, repr(values)

    def _statement(self, driver: Any, values: Mapping[str, Any]) -> bytes:
        text, names = self._template = self._template or self._written_by(driver)
        return text % tuple([_part(driver, values[name]) for name in names])

    def _written_by(self, driver: Any) -> tuple[bytes, list[str]]:
        """The statement with what is always the same in it, and the names of what is not, in their order."""
        positions, text, names = iter(self._names or ()), b"", []
        for part in PLACES.split(self._sql):
            name = next(positions) if part == "%s" else part[1:-1] if PLACES.fullmatch(part) else None
            if name in self._fixed:
                text += literal(driver, self._fixed[name]).replace(b"%", b"%%")
            elif name is not None:
                text += b"%s"
                names.append(name)
            else:
                text += part.encode()
        return text, names

    def _by_others(self, driver: Any, values: Mapping[str, Any]) -> Any:
        sql, arguments = self._sql, self._fixed | dict(values)
        for name, ids in values.items():
            if type(ids) is list:
                sql = sql.replace(f"{{{name}}}", _listed(ids))
        positional = arguments if self._names is None else [arguments[name] for name in self._names]
        decoders = getattr(driver, "decoders", None)
        if decoders is not None:
            driver.decoders = {}
        try:
            cursor = driver.cursor()
            cursor.execute(sql, positional)
            found = cursor.fetchall()
            cursor.close()
        finally:
            if decoders is not None:
                driver.decoders = decoders
        return found


def ready(db: "Db", query: sa.Select[Any]) -> Ready:
    """As ``Prepared``, for a query that is found out at run time: whoever asks keeps what it becomes."""
    return Ready(db, db.live.fit(query))


def _as_sent(each: sa.BindParameter[Any], dialect: sa.Dialect) -> Any:
    """A value as its type hands it to the driver."""
    convert = each.type._cached_bind_processor(dialect)
    return convert(each.effective_value) if convert else each.effective_value


def _part(driver: Any, value: Any) -> bytes:
    return _listed(value).encode() if type(value) is list else literal(driver, value)


def _listed(ids: list[Any]) -> str:
    return ", ".join(map(str, map(int, ids)))


def tell(db: "Db", sql: str, values: Any) -> None:
    """Tell those who listen to statements, as SQLAlchemy would."""
    if db.link.noted is not None:
        db.link.noted.add(sql)
    if listening := db.link.dispatch.before_cursor_execute:
        for note in listening:
            note(db.link.handle, None, sql, values, None, False)


def literal(driver: Any, value: Any) -> bytes:
    """A value in mysqlclient's words; what is common without the driver's own detours."""
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
