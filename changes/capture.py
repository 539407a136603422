"""Capturing changes: triggers on the tables that are tracked, so that every program's writes are seen."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import sqlalchemy as sa

from changes import triggers, versions
from changes.journal import now
from changes.tracked import COUNTED
from changes.triggers import NOISE, Trigger
from changes.versions import PROGRAM as PROGRAM
from changes.versions import TRIGGERS as TRIGGERS
from perfex_api import tables as t

#: For how long a trigger's making may wait for the table, and everybody else for it, in seconds.
LOCK_SECONDS = 5
#: The account may not: TRIGGER is denied, SUPER is needed because of the binary log, or in general. Or a long
#: transaction holds the table.
REFUSALS = {1142, 1419, 1227, 1044, 1205}

_TEXT = {"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set", "json"}
_COLUMNS = """
    SELECT c.table_name, c.column_name, c.data_type
    FROM information_schema.columns AS c JOIN information_schema.tables AS t USING (table_schema, table_name)
    WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, ordinal_position
"""
_TRIGGERS = """
    SELECT trigger_name, event_object_table, action_statement, definer
    FROM information_schema.triggers WHERE trigger_schema = DATABASE()
"""


class CaptureRefused(Exception):
    """The database does not let this account make triggers, or not now; the message says why."""


@dataclass(frozen=True)
class Status:
    """What is captured, and how.

    Attributes:
        by: "triggers", or "program": only what this server writes itself is noted.
        tables: How many tables are tracked.
        missing: The names of triggers that should be there.
        stale: Triggers that do not fit their tables, or this version, any more.
        definers: The accounts in whose names they run: none of them may go.
        are_counted: Whether the changes of every table are counted.
    """

    by: str
    tables: int
    missing: tuple[str, ...]
    stale: tuple[str, ...]
    definers: tuple[str, ...]
    are_counted: bool

    @property
    def is_complete(self) -> bool:
        """Whether every tracked table has the triggers that it should have, and all is done with them."""
        return not (self.missing or self.stale or (self.by == TRIGGERS and not self.are_counted))


def status(connection: sa.Connection) -> Status:
    """See what is captured, and how; changes nothing.

    Args:
        connection: To the database.
    """
    wanted, found = _wanted(connection), _found(connection)
    missing = tuple(name for name in wanted if name not in found)
    stale = tuple(
        name for name, (body, _) in found.items() if name not in wanted or body != wanted[name].body
    )
    by = connection.scalar(sa.select(t.api_journal.c.capture)) or PROGRAM
    tables = len({trigger.table for trigger in wanted.values()})
    definers = sorted({definer for _, definer in found.values() if definer})
    are_counted = versions.are_kept(connection, _sources(wanted.values()))
    return Status(by, tables, missing, stale, tuple(definers), are_counted)


def install(connection: sa.Connection) -> int:
    """Make the triggers that are missing, and those anew that do not fit any more.

    Args:
        connection: To the database, without a transaction.

    Returns:
        How many were made, or removed because they belong to no table any more.

    Raises:
        CaptureRefused: The account may not. What this server itself writes is noted all the same.
    """
    with connection.begin():
        wanted, found = _wanted(connection), _found(connection)
        fits = [name for name in wanted if name in found and found[name][0] == wanted[name].body]
        unfit = _sources(wanted[name] for name in wanted.keys() - set(fits))
        counted = _sources(wanted.values())
        # What is missed until the triggers are there must not look as if nothing had changed.
        if unfit:
            versions.keep(connection, counted - unfit)
    changed = 0
    with _patient(connection):
        for name, trigger in wanted.items():
            if name not in found:
                _create(connection, trigger)
            elif found[name][0] != trigger.body:
                _replace(connection, trigger)
            else:
                continue
            changed += 1
        for name in found.keys() - wanted.keys():
            _drop(connection, name)
            changed += 1
    with connection.begin():
        _take_over(connection, known=bool(found))
        versions.keep(connection, counted, renewed=unfit)
    return changed


def remove(connection: sa.Connection) -> int:
    """Remove every trigger of ours.

    Args:
        connection: To the database, without a transaction.

    Returns:
        How many they were.
    """
    with connection.begin():
        connection.execute(t.api_journal.update().values(capture=PROGRAM, counts=None))
        found = _found(connection)
    with _patient(connection):
        for name in found:
            _drop(connection, name)
    return len(found)


def _take_over(connection: sa.Connection, *, known: bool) -> None:
    """From now on triggers note everything; without any before, nobody knows what was missed until now."""
    clock = sa.select(t.api_journal.c.last_stamp, t.api_journal.c.capture).with_for_update()
    last_stamp, by = connection.execute(clock).one()
    if not known:
        begin = max(last_stamp + 1, now())
        values = {"capture": TRIGGERS, "trimmed_to": begin, "last_stamp": begin - 1}
        connection.execute(t.api_journal.update().values(values))
    elif by != TRIGGERS:
        connection.execute(t.api_journal.update().values(capture=TRIGGERS))


def _wanted(connection: sa.Connection) -> dict[str, Trigger]:
    return triggers.wanted(connection.dialect.name, _columns(connection))


def _sources(some: Iterable[Trigger]) -> set[str]:
    """What these triggers name as the source of a change."""
    tables = {trigger.table.removeprefix(t.PREFIX) for trigger in some}
    return tables | {name + NOISE for name in tables if COUNTED[name].noise}


def _columns(connection: sa.Connection) -> dict[str, dict[str, bool]]:
    """The columns of the tracked tables, and whether they hold text."""
    if connection.dialect.name == "sqlite":
        query = (
            "SELECT t.name, c.name, c.type FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c "
            "WHERE t.type = 'table' ORDER BY t.name, c.cid"
        )
    else:
        query = _COLUMNS
    tracked = {(t.PREFIX + name).lower(): name for name in COUNTED}
    found: dict[str, dict[str, bool]] = {}
    for table, column, kind in connection.exec_driver_sql(query):
        if name := tracked.get(table.lower()):
            found.setdefault(name, {})[column] = kind.lower().partition("(")[0] in _TEXT
    return found


def _found(connection: sa.Connection) -> dict[str, tuple[str, str]]:
    """The bodies and definers of the triggers that are ours, by their names."""
    if connection.dialect.name == "sqlite":
        rows: Iterable[tuple[str, str, str, str]] = (
            (name, table, sql.partition(" FOR EACH ROW ")[2], "")
            for name, table, sql in connection.exec_driver_sql(
                "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
            )
        )
    else:
        rows = (tuple(row) for row in connection.exec_driver_sql(_TRIGGERS))
    start = f"{t.PREFIX}api_".lower()
    return {name: (body, definer) for name, _, body, definer in rows if name.lower().startswith(start)}


def _create(connection: sa.Connection, trigger: Trigger) -> None:
    _run(connection, trigger.statement)


def _replace(connection: sa.Connection, trigger: Trigger) -> None:
    """At no moment is there none: for a moment there are two, and events that come twice are one."""
    if connection.dialect.name == "sqlite":
        _drop(connection, trigger.name)
        _create(connection, trigger)
        return
    meanwhile = trigger.named(f"{trigger.name}_new")
    _drop(connection, meanwhile.name)
    _create(connection, meanwhile)
    _drop(connection, trigger.name)
    _create(connection, trigger)
    _drop(connection, meanwhile.name)


def _drop(connection: sa.Connection, name: str) -> None:
    _run(connection, f"DROP TRIGGER IF EXISTS {name}")


def _run(connection: sa.Connection, statement: str) -> None:
    try:
        connection.exec_driver_sql(statement)
    except sa.exc.DBAPIError as error:
        number, *words = error.orig.args if error.orig else (0,)
        if number not in REFUSALS:
            raise
        raise CaptureRefused(" ".join(map(str, words)).rstrip(".")) from None


@contextmanager
def _patient(connection: sa.Connection) -> Iterator[None]:
    """Let statements about tables wait for long transactions, but not long: everybody waits behind them."""
    if connection.dialect.name == "sqlite":
        with connection.begin():
            yield
        return
    with connection.begin():
        connection.exec_driver_sql(f"SET SESSION lock_wait_timeout = {LOCK_SECONDS}")
        try:
            yield
        finally:
            with suppress(sa.exc.SQLAlchemyError):
                connection.exec_driver_sql("SET SESSION lock_wait_timeout = DEFAULT")
