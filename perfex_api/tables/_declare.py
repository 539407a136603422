"""The words in which the tables are declared.

``column`` is NOT NULL, ``nullable`` is not; a ``column`` without a default must be sent with every insert,
because the connection is strict.

``table.info["name"]`` is the name without the prefix, ``table.info["used_by"]`` names the resources that need
the table. ``info["since"]``, which columns have too, is the version that added it: of the CRM, or of its API
module ("module 2.1.0"); what has been there since before version 2.3 has none.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from perfex_api.core.types import bigint, integer

#: What stands before every table name. It is part of the metadata, so the environment is read here, once.
PREFIX = os.environ.get("TABLE_PREFIX") or "tbl"

#: The CRM's own tables, which exist in every Perfex database.
crm = sa.MetaData()

#: The tables that only this server knows.
own = sa.MetaData()

#: Both spellings of the dialect: SQLAlchemy calls it "mariadb" when the URL does.
MYSQL = ("mysql", "mariadb")

_STORAGE = {"engine": "InnoDB", "charset": "utf8mb4", "collate": "utf8mb4_unicode_ci"}
_TABLE_OPTIONS = {f"{dialect}_{option}": value for dialect in MYSQL for option, value in _STORAGE.items()}


class _Touched(sa.ColumnElement[Any]):
    """A default that MySQL renews with every update of the row; on SQLite the rules do that."""

    inherit_cache = True


@compiles(_Touched)
def _touched(element: _Touched, compiler: SQLCompiler, **_: Any) -> str:
    return "CURRENT_TIMESTAMP"


@compiles(_Touched, *MYSQL)
def _touched_on_mysql(element: _Touched, compiler: SQLCompiler, **_: Any) -> str:
    return "CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"


NOW = sa.text("CURRENT_TIMESTAMP")
TOUCHED = _Touched()

Default = str | sa.ColumnElement[Any] | sa.TextClause


@dataclass(frozen=True)
class Key:
    """An index before its table is known."""

    name: str
    columns: tuple[str, ...]
    unique: bool
    lengths: dict[str, int]

    def indexes(self, table: str) -> list[sa.Index]:
        """The index, once per engine: SQLite keeps the names of all tables and indexes in one namespace."""
        return [
            self._index(f"ix_{table}_{self.name}", "sqlite"),
            *(self._index(self.name, each) for each in MYSQL),
        ]

    def _index(self, name: str, dialect: str) -> sa.Index:
        options: dict[str, Any] = {}
        if self.lengths and dialect != "sqlite":
            options[f"{dialect}_length"] = self.lengths
        index = sa.Index(name, *self.columns, unique=self.unique, info={"dialect": dialect}, **options)
        return index.ddl_if(dialect)


Item = sa.Column[Any] | sa.Constraint | Key


def column(
    name: str,
    type_: TypeEngine[Any],
    *constraints: sa.ForeignKey,
    default: Default | None = None,
    since: str = "",
) -> sa.Column[Any]:
    """A column that is NOT NULL.

    Args:
        name: The column.
        type_: One of ``perfex_api.core.types``.
        constraints: What it references, if the database knows that.
        default: The database's own default; none: every insert sends a value.
        since: The version of the CRM, or of its API module, that added the column.
    """
    return sa.Column(name, type_, *constraints, nullable=False, server_default=default, info=_info(since))


def nullable(
    name: str,
    type_: TypeEngine[Any],
    *constraints: sa.ForeignKey,
    default: Default | None = None,
    since: str = "",
) -> sa.Column[Any]:
    """A column that may be NULL; see ``column``."""
    return sa.Column(name, type_, *constraints, nullable=True, server_default=default, info=_info(since))


def pk(name: str = "id", type_: TypeEngine[int] | None = None, *, since: str = "") -> sa.Column[Any]:
    """A primary key that counts by itself, ``int(11)`` unless told otherwise."""
    return sa.Column(name, type_ or integer(), primary_key=True, autoincrement=True, info=_info(since))


def number(name: str) -> sa.Column[Any]:
    """A primary key, ``bigint(20)``, that is sent with every insert."""
    return sa.Column(name, bigint(), primary_key=True, autoincrement=False, info=_info(""))


def references(target: str, *, on_delete: str | None = None, on_update: str | None = None) -> sa.ForeignKey:
    """One of the few foreign keys that the database itself holds.

    Args:
        target: ``table.column``, without the prefix.
        on_delete: What happens to this row when its parent goes.
        on_update: What happens when the parent's key changes.
    """
    return sa.ForeignKey(f"{PREFIX}{target}", ondelete=on_delete, onupdate=on_update)


def index(*columns: str, name: str = "", unique: bool = False, lengths: Sequence[int] = ()) -> Key:
    """An index, named after its first column unless told otherwise.

    Args:
        columns: The columns, in order.
        name: Its name on MySQL.
        unique: Whether it forbids equal rows.
        lengths: How many characters of each column MySQL indexes; none: all.
    """
    return Key(name or columns[0], columns, unique, dict(zip(columns, lengths, strict=False)))


def crm_table(name: str, *items: Item, used_by: str = "", since: str = "") -> sa.Table:
    """A table of the CRM.

    Args:
        name: Its name without the prefix.
        items: Columns in their physical order, then indexes.
        used_by: The resources that read or write it, separated by spaces; ``*`` is all of them.
        since: The version of the CRM, or of its API module, that added it.
    """
    return _table(crm, name, items, {"used_by": tuple(used_by.split())} | _info(since))


def own_table(name: str, *items: Item) -> sa.Table:
    """A table of ours; see ``crm_table``."""
    return _table(own, name, items, {})


def _table(metadata: sa.MetaData, name: str, items: Sequence[Item], info: dict[str, Any]) -> sa.Table:
    parts: list[sa.schema.SchemaItem] = []
    for item in items:
        parts += item.indexes(PREFIX + name) if isinstance(item, Key) else [item]
    # As on MySQL, the number of a deleted row is never given again.
    options: dict[str, Any] = _TABLE_OPTIONS | {"sqlite_autoincrement": True}
    table: sa.Table = sa.Table(PREFIX + name, metadata, *parts, info={"name": name} | info, **options)
    return table


def _info(since: str) -> dict[str, Any]:
    return {"since": since} if since else {}
