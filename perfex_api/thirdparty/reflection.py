"""What a table looks like now, asked of the database each time: its owner may change it while we run."""

import re
from dataclasses import dataclass

import sqlalchemy as sa

from perfex_api.core.db import Db
from perfex_api.core.types import Date, DateTime

_MYSQL = """
    SELECT c.table_name, c.column_name, c.column_type, c.is_nullable = 'YES',
        (c.column_default IS NOT NULL AND c.column_default <> 'NULL') OR c.extra LIKE '%%auto_increment%%',
        c.column_key = 'PRI', c.extra LIKE '%%VIRTUAL%%' OR c.extra LIKE '%%STORED%%'
            OR c.extra LIKE '%%PERSISTENT%%',
        c.column_key <> ''
    FROM information_schema.columns AS c
    JOIN information_schema.tables AS t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
    WHERE c.table_schema = DATABASE() AND c.table_name = %(name)s AND t.table_type = 'BASE TABLE'
        AND c.extra NOT LIKE '%%INVISIBLE%%'
    ORDER BY c.ordinal_position
"""
_SQLITE = """
    SELECT t.name, c.name, c.type, NOT c."notnull" AND NOT c.pk,
        c.dflt_value IS NOT NULL OR (c.pk AND upper(c.type) = 'INTEGER'),
        c.pk, c.hidden > 1,
        c.name IN (
            SELECT i.name FROM pragma_index_list(t.name) AS l JOIN pragma_index_info(l.name) AS i
            WHERE i.seqno = 0
        )
    FROM sqlite_master AS t JOIN pragma_table_xinfo(t.name) AS c
    WHERE t.type = 'table' AND t.name = :name AND c.hidden <> 1
    ORDER BY c.cid
"""
#: MariaDB keeps JSON in a long text, with this condition on it.
_JSON = """
    SELECT check_clause FROM information_schema.check_constraints
    WHERE constraint_schema = DATABASE() AND table_name = %(name)s
"""
_IS_JSON = re.compile(r"json_valid\(`((?:[^`]|``)+)`\)", re.IGNORECASE)


@dataclass(frozen=True)
class Described:
    """A column as the database describes it.

    Attributes:
        name: As the database spells it.
        declared: Its type: ``decimal(10,2)``, ``enum('a','b')``.
        nullable: Whether it may be null.
        filled: Whether the database fills it when a new row says nothing.
        primary: Whether it belongs to the primary key.
        computed: Whether the database computes it, so that nobody may write it.
        indexed: Whether an index begins with it.
    """

    name: str
    declared: str
    nullable: bool
    filled: bool
    primary: bool
    computed: bool
    indexed: bool


def columns(db: Db, table_name: str) -> list[Described]:
    """The columns of a table, in their physical order; none when there is no table of exactly this name."""
    query = _SQLITE if db.is_sqlite else _MYSQL
    rows = db.connection.exec_driver_sql(query, {"name": table_name}).all()
    found = [Described(row[1], str(row[2]), *map(bool, row[3:])) for row in rows if row[0] == table_name]
    if not any(each.declared.startswith("longtext") for each in found) or not _is_mariadb(db):
        return found
    clauses = db.connection.exec_driver_sql(_JSON, {"name": table_name}).scalars()
    json = {match[1].replace("``", "`") for clause in clauses if (match := _IS_JSON.search(clause))}
    return [_as_json(each) if each.name in json else each for each in found]


def _as_json(column: Described) -> Described:
    return Described(**vars(column) | {"declared": "json"})


def _is_mariadb(db: Db) -> bool:
    return bool(getattr(db.connection.dialect, "is_mariadb", False))


def key(found: list[Described]) -> Described | None:
    """The only column of the primary key; None when it has none, or several."""
    primary = [each for each in found if each.primary]
    return primary[0] if len(primary) == 1 else None


def table(name: str, found: list[Described], types: dict[str, sa.types.TypeEngine[object]]) -> sa.Table:
    """The table in terms of SQLAlchemy, which quotes every name that goes into a statement.

    Args:
        name: As the database spells it.
        found: Its columns.
        types: By column, the type that values go in and out by.
    """
    made = sa.Table(
        name,
        sa.MetaData(),
        *(
            sa.Column(
                each.name,
                types[each.name],
                primary_key=each.primary,
                autoincrement=each.filled and isinstance(types[each.name], sa.Integer),
            )
            for each in found
        ),
    )
    for each in found:
        # A date that is compared with any other text is an error on some servers.
        if each.indexed and not isinstance(types[each.name], Date | DateTime | sa.LargeBinary):
            sa.Index(None, made.c[each.name])
    return made
