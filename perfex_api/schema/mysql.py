"""What can be wrong with a MySQL or MariaDB server, its account and its tables, beside missing columns."""

import re
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from perfex_api import tables as t

#: The privileges that the account needs, and what happens without them.
NEEDED = {
    "SELECT": "every request fails",
    "INSERT": "nothing can be added, the request log stays empty",
    "UPDATE": "nothing can be changed",
    "DELETE": "nothing can be deleted",
    "CREATE": "`perfex-api init` cannot add or upgrade this server's own tables",
}
OLDEST_MYSQL, OLDEST_MARIADB = (8, 0), (10, 6)

_GRANT = re.compile(r"GRANT (?P<privileges>.+?) ON (?P<scope>.+?) TO ")


def check(connection: sa.Connection) -> tuple[list[str], list[str]]:
    """Examine the server.

    Args:
        connection: To a MySQL or MariaDB database.

    Returns:
        Problems and notes, a sentence each.
    """
    problems: list[str] = []
    notes: list[str] = []
    _check_version(connection, problems)
    _check_privileges(connection, problems, notes)
    _check_mode(connection, problems)
    _check_tables(connection, problems, notes)
    return problems, notes


def _check_version(connection: sa.Connection, problems: list[str]) -> None:
    dialect: Any = connection.dialect
    oldest = OLDEST_MARIADB if dialect.is_mariadb else OLDEST_MYSQL
    if dialect.server_version_info[:2] < oldest:
        problems.append(f"The server is older than {oldest[0]}.{oldest[1]}, the oldest version supported.")


def _check_privileges(connection: sa.Connection, problems: list[str], notes: list[str]) -> None:
    database = str(connection.scalar(sa.select(sa.func.database())))
    granted = privileges(connection.exec_driver_sql("SHOW GRANTS").scalars().all(), database)
    problems += [
        f"The database account lacks the {privilege} privilege on {database}: {effect}."
        for privilege, effect in NEEDED.items()
        if privilege not in granted
    ]
    if "TRIGGER" not in granted:
        notes.append(
            "The database account lacks the TRIGGER privilege: changes that others make cannot be captured."
        )


def privileges(grants: Iterable[str], database: str) -> set[str]:
    """The privileges that an account has on all of a database.

    Args:
        grants: The lines of SHOW GRANTS.
        database: Its name.
    """
    granted: set[str] = set()
    for found in filter(None, map(_GRANT.match, grants)):
        if _covers(found["scope"], database):
            words = {word.strip().upper() for word in found["privileges"].split(",")}
            granted |= {*NEEDED, "TRIGGER"} if words & {"ALL", "ALL PRIVILEGES"} else words
    return granted


def _covers(scope: str, database: str) -> bool:
    r"""Whether ``*.*`` or ``\`name\`.*``, where the name may hold LIKE's wildcards, means this database."""
    name, _, table = scope.rpartition(".")
    if table != "*":
        return False
    if name == "*":
        return True
    pattern = re.sub(
        r"\\?.",
        lambda part: {"%": ".*", "_": "."}.get(part[0], re.escape(part[0][-1])),
        name.strip("`"),
    )
    return re.fullmatch(pattern, database) is not None


def _check_mode(connection: sa.Connection, problems: list[str]) -> None:
    mode = str(connection.exec_driver_sql("SELECT @@SESSION.sql_mode").scalar())
    if not {"STRICT_TRANS_TABLES", "STRICT_ALL_TABLES"} & set(mode.split(",")):
        problems.append(f'The connection is not strict, values may be cut off: sql_mode is "{mode}".')


def _check_tables(connection: sa.Connection, problems: list[str], notes: list[str]) -> None:
    names = list(t.crm.tables)
    rows = connection.execute(
        sa.text(
            "SELECT table_name, engine, table_collation FROM information_schema.tables "
            "WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND table_name IN :names "
            "ORDER BY table_name"
        ).bindparams(sa.bindparam("names", expanding=True)),
        {"names": names},
    ).all()
    if slack := [name for name, engine, _ in rows if engine != "InnoDB"]:
        problems.append(f"Tables without transactions, because they are not InnoDB: {_some(slack)}.")
    if narrow := [name for name, _, collation in rows if not collation.startswith("utf8mb4")]:
        notes.append(f"Tables that refuse emoji, because they are not utf8mb4: {_some(narrow)}.")


def _some(names: list[str]) -> str:
    rest = len(names) - 5
    return ", ".join(names[:5]) + (f" and {rest} more" if rest > 0 else "")
