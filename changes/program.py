"""Where there are no triggers: this server notes its own writes, and looks for what others have created.

Its own are noted in the transaction that does them, statement by statement, by the same map that the triggers
are made from; unlike a trigger it does not compare values, so an update that changes nothing counts as well.
What other programs update or delete stays unseen.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from changes.tracked import RECORDS, TABLES, Meaning
from changes.versions import PROGRAM
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database, Db
from perfex_api.core.live import Live

#: How long a process may go on as before when triggers were installed or removed, in seconds.
MODE_SECONDS = 5.0
#: For how long a transaction may stay open for its new records to be found, in minutes.
OPEN_MINUTES = 10
#: How many new records of a resource are looked at in a transaction.
MOST = 1_000

Values = Mapping[str, Any]


class Notes:
    """Notes what the connections of a database write, as long as no triggers do.

    Args:
        database: The CRM's.
    """

    def __init__(self, database: Database) -> None:
        self._live = database.live
        self._is_needed = False
        self._asked_at = float("-inf")
        event.listen(database.engine, "before_execute", self._before)
        event.listen(database.engine, "after_execute", self._after)
        database.hooks.on_inserted.append(self._inserted)

    def _before(self, connection: sa.Connection, statement: Any, many: Any, one: Any, _: Any) -> None:
        if (table := _tracked(statement)) is None or isinstance(statement, sa.Insert):
            return
        if not self._must_note(connection.connection):
            return
        is_delete = isinstance(statement, sa.Delete)
        for values in many or [one]:
            _append(connection, table, _rows(connection, self._live, table, statement, values), is_delete)

    def _after(
        self, connection: sa.Connection, statement: Any, many: Any, one: Any, _: Any, result: Any
    ) -> None:
        if (table := _tracked(statement)) is None or isinstance(statement, sa.Delete):
            return
        if not self._must_note(connection.connection):
            return
        sent: list[Values] = [dict(each) for each in result.context.compiled_parameters]
        if isinstance(statement, sa.Insert):
            if len(sent) == 1 and len(table.primary_key.columns) == 1:
                new = result.inserted_primary_key
                sent = [dict(sent[0]) | {rows.key(table).name: new[0] if new else None}]
            _append(connection, table, sent, False, created=True)
        else:
            # A part that moved is an update of the record where it is now, too.
            _append(connection, table, sent, False)

    def _inserted(self, db: Db, table: sa.Table, values: Values, new_key: int) -> None:
        if _is_tracked(table) and self._must_note(db.link.driver):
            keys = list(table.primary_key.columns)
            found = dict(values) | ({keys[0].name: new_key} if len(keys) == 1 else {})
            _append(db.connection, table, [found], False, created=True)

    def _must_note(self, connection: Any) -> bool:
        if time.monotonic() - self._asked_at > MODE_SECONDS:
            # By the driver itself: this is no part of what the rule asked for.
            cursor = connection.cursor()
            cursor.execute(f"SELECT capture FROM {t.api_journal.name}")
            self._is_needed, self._asked_at = cursor.fetchone() == (PROGRAM,), time.monotonic()
            cursor.close()
        return self._is_needed


def find_created(database: Database) -> int:
    """Note the records that other programs have created, where there are no triggers.

    Ids are given before a commit: one that is passed is looked for again until no transaction can be open any
    more in which it was given. What is in the journal already is not noted again.

    Returns:
        How many were found.
    """
    if database.run(lambda db: db.scalar(sa.select(t.api_journal.c.capture))) != PROGRAM:
        return 0
    return sum(database.run(partial(_find, resource=name)) for name in RECORDS)


def _find(db: Db, resource: str) -> int:
    table = t.crm.tables[t.PREFIX + RECORDS[resource].table]
    if not db.live.has(table):
        return 0
    key, mark = rows.key(table), t.api_change_marks
    highest = db.scalar(sa.select(sa.func.max(key))) or 0
    query = sa.select(mark).where(mark.c.resource == resource).with_for_update()
    known = db.execute(query).mappings().first()
    if known is None:
        first = {"resource": resource, "passed": highest, "ahead": highest, "ahead_at": utcnow()}
        db.execute(mark.insert().values(first))
        return 0
    found: list[int] = []
    if highest > known["passed"]:
        in_order = sa.select(key).where(key > known["passed"]).order_by(key)
        candidates = list(db.execute(in_order).scalars())
        for start in range(0, len(candidates), MOST):
            part = candidates[start : start + MOST]
            noted: set[int] = set()
            for journal in (t.api_changes.c, t.api_change_inbox.c):
                noted |= set(
                    db.execute(
                        sa.select(journal.record_id).where(
                            journal.resource == resource, journal.record_id.in_(part)
                        )
                    ).scalars()
                )
            found += [record_id for record_id in part if record_id not in noted]
    _insert(db.connection, [(RECORDS[resource].table, resource, each, "created") for each in found])
    if utcnow() - known["ahead_at"] > timedelta(minutes=OPEN_MINUTES):
        moved = {"passed": known["ahead"], "ahead": highest, "ahead_at": utcnow()}
        db.execute(mark.update().where(mark.c.resource == resource).values(moved))
    return len(found)


def _tracked(statement: Any) -> sa.Table | None:
    """The table that a statement writes, if it is tracked."""
    if isinstance(statement, sa.Insert | sa.Update | sa.Delete) and isinstance(statement.table, sa.Table):
        return statement.table if _is_tracked(statement.table) else None
    return None


def _is_tracked(table: sa.Table) -> bool:
    return table.metadata is t.crm and table.info["name"] in TABLES


def _rows(
    connection: sa.Connection, live: Live, table: sa.Table, statement: Any, values: Values
) -> list[Values]:
    """What a statement is about to change or delete, as far as it says whose it is."""
    names = {name for each in TABLES[table.info["name"]].meanings for name in _names(each)}
    query = sa.select(*(table.c[name] for name in sorted(names)))
    if statement.whereclause is not None:
        query = query.where(statement.whereclause)
    return [dict(row) for row in connection.execute(live.fit(query), values).mappings()]


def _append(
    connection: sa.Connection,
    table: sa.Table,
    found: Iterable[Values],
    is_delete: bool,
    *,
    created: bool = False,
) -> None:
    name = table.info["name"]
    own = "deleted" if is_delete else "created" if created else "updated"
    events = {
        (name, resource, record, own if meaning.itself else "updated"): None
        for row in found
        for meaning in TABLES[name].meanings
        for resource, record in _records(connection, meaning, row)
    }
    _insert(connection, list(events))


def _records(connection: sa.Connection, meaning: Meaning, row: Values) -> Iterator[tuple[str, int]]:
    """The record that a row means, if any."""
    if meaning.through:
        parent = t.crm.tables[t.PREFIX + meaning.through]
        query = sa.select(*(parent.c[name] for name in (meaning.record, meaning.kind)))
        query = query.where(rows.key(parent) == row.get(meaning.by))
        row = {name: value for each in connection.execute(query).mappings() for name, value in each.items()}
    record, resource = row.get(meaning.record), meaning.resource
    if meaning.kinds is not None:
        resource = meaning.kinds.get(str(row.get(meaning.kind)), "")
    if isinstance(record, int) and record > 0 and resource:
        yield resource, record


def _names(meaning: Meaning) -> Iterator[str]:
    yield from [meaning.by] if meaning.through else filter(None, [meaning.record, meaning.kind])


def _insert(connection: sa.Connection, events: list[tuple[str, str, int, str]]) -> None:
    if events:
        keys = ("source", "resource", "record_id", "action")
        at = {"at": utcnow()}
        inbox = t.api_change_inbox.insert()
        connection.execute(inbox, [dict(zip(keys, each, strict=True)) | at for each in events])
