"""The words in which migrations create tables. They are frozen together with the migrations that use them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import ColumnCollectionConstraint, CreateIndex, CreateTable
from sqlalchemy.sql.compiler import DDLCompiler
from sqlalchemy.types import TypeEngine

from perfex_api.core.types import bigint, integer

_STORAGE = {"engine": "InnoDB", "charset": "utf8mb4", "collate": "utf8mb4_unicode_ci"}
_OPTIONS: dict[str, Any] = {
    f"{dialect}_{name}": value for dialect in ("mysql", "mariadb") for name, value in _STORAGE.items()
}


@dataclass(frozen=True)
class Index:
    """An index, as ``index`` declares it."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    lengths: dict[str, int] = field(default_factory=dict)


class _Key(ColumnCollectionConstraint):
    """An index inside CREATE TABLE, because MySQL knows no CREATE INDEX IF NOT EXISTS."""

    def __init__(self, index: Index) -> None:
        super().__init__(*index.columns, name=index.name)
        self.index = index


@compiles(_Key)
def _key(key: _Key, compiler: DDLCompiler, **_: Any) -> str:
    quote = compiler.preparer.quote
    lengths = {name: f"({length})" for name, length in key.index.lengths.items()}
    columns = ", ".join(quote(name) + lengths.get(name, "") for name in key.index.columns)
    return f"{'UNIQUE ' * key.index.unique}KEY {quote(key.index.name)} ({columns})"


def create(name: str, *items: sa.Column[Any] | sa.Constraint | Index) -> sa.Table:
    """Create a table unless it is there already, so that an interrupted run can be repeated.

    Args:
        name: Its name without the prefix.
        items: Columns in their physical order, constraints, indexes.

    Returns:
        The table, for ``references``.
    """
    context = op.get_context()
    table, statements = described(context.opts["table_prefix"] + name, items, context.dialect.name)
    for statement in statements:
        op.execute(statement)
    return table


def described(
    name: str, items: Sequence[sa.Column[Any] | sa.Constraint | Index], dialect: str
) -> tuple[sa.Table, list[sa.Executable]]:
    """A table and the statements that create it and its indexes.

    Args:
        name: Its full name.
        items: As in ``create``.
        dialect: "sqlite", "mysql" or "mariadb".
    """
    indexes = [item for item in items if isinstance(item, Index)]
    parts: list[Any] = [item for item in items if not isinstance(item, Index)]
    if dialect != "sqlite":
        parts += map(_Key, indexes)
    table: sa.Table = sa.Table(name, sa.MetaData(), *parts, sqlite_autoincrement=True, **_OPTIONS)
    statements: list[sa.Executable] = [CreateTable(table, if_not_exists=True)]
    if dialect == "sqlite":
        for each in indexes:
            # SQLite keeps the names of all tables and indexes in one namespace.
            columns = [table.c[column] for column in each.columns]
            named = sa.Index(f"ix_{name}_{each.name}", *columns, unique=each.unique)
            statements.append(CreateIndex(named, if_not_exists=True))
    return table, statements


def drop(name: str) -> None:
    """Drop a table if it is there."""
    op.drop_table(op.get_context().opts["table_prefix"] + name, if_exists=True)


def add(table: str, added: sa.Column[Any]) -> None:
    """Add a column to a table of ours unless it is there already, so that an interrupted run can be repeated.

    Args:
        table: Its name without the prefix.
        added: The column; one that may be NULL, or has a default.
    """
    full_name = op.get_context().opts["table_prefix"] + table
    if added.name not in _columns(full_name):
        op.add_column(full_name, added)


def take_away(table: str, name: str) -> None:
    """Drop a column of a table of ours if it is there."""
    full_name = op.get_context().opts["table_prefix"] + table
    if name in _columns(full_name):
        _drop_triggers(full_name)
        op.drop_column(full_name, name)


def _drop_triggers(table: str) -> None:
    """SQLite drops no column that a trigger names; those that note changes are made anew afterwards."""
    if op.get_context().dialect.name == "sqlite":
        query = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
        for name in op.get_bind().execute(query, {"table": table}).scalars().all():
            op.execute(f"DROP TRIGGER {name}")


def _columns(table: str) -> set[str]:
    return {str(found["name"]) for found in sa.inspect(op.get_bind()).get_columns(table)}


def column(
    name: str, type_: TypeEngine[Any], *constraints: sa.ForeignKey, default: Any = None
) -> sa.Column[Any]:
    """A column that is NOT NULL."""
    return sa.Column(name, type_, *constraints, nullable=False, server_default=default)


def nullable(name: str, type_: TypeEngine[Any], default: Any = None) -> sa.Column[Any]:
    """A column that may be NULL."""
    return sa.Column(name, type_, nullable=True, server_default=default)


def pk(name: str = "id", type_: TypeEngine[int] | None = None) -> sa.Column[Any]:
    """A primary key that counts by itself."""
    return sa.Column(name, type_ or integer(), primary_key=True, autoincrement=True)


def number(name: str) -> sa.Column[Any]:
    """A primary key, ``bigint(20)``, that is sent with every insert."""
    return sa.Column(name, bigint(), primary_key=True, autoincrement=False)


def references(
    target: sa.Column[Any], on_delete: str | None = None, on_update: str | None = None
) -> sa.ForeignKey:
    """A foreign key to a column of a table that ``create`` returned."""
    return sa.ForeignKey(target, ondelete=on_delete, onupdate=on_update)


def index(*columns: str, name: str = "", unique: bool = False, lengths: Sequence[int] = ()) -> Index:
    """An index, named after its first column unless told otherwise."""
    return Index(name or columns[0], columns, unique, dict(zip(columns, lengths, strict=False)))


def now(*, on_update: bool = False) -> sa.TextClause:
    """The default CURRENT_TIMESTAMP; ``on_update``: MySQL renews it with every update of the row."""
    renewed = on_update and op.get_context().dialect.name != "sqlite"
    return sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP" if renewed else "CURRENT_TIMESTAMP")
