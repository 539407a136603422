"""Triggers: whoever writes to a tracked table, an event of the right record is noted, and nothing breaks."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from make import make_customer, make_row

import changes
from changes import capture, tracked, triggers
from changes.tracked import TABLES, Meaning
from perfex_api import tables as t
from perfex_api.core.db import Database, Db
from perfex_api.core.types import Date, DateTime

Happened = tuple[str, int, str]
#: The record that every row belongs to, and another one.
RECORD, OTHER = 7, 8


@pytest.fixture
def noted(database: Database) -> Callable[[Callable[[Db], Any]], list[Happened]]:
    """Do something in a transaction, and say which events it was."""

    def noted(work: Callable[[Db], Any]) -> list[Happened]:
        with database.transaction() as db:
            db.execute(t.api_change_inbox.delete())
            work(db)
            inbox = t.api_change_inbox.c
            events = sa.select(inbox.resource, inbox.record_id, inbox.action).where(inbox.resource != "")
            found = db.execute(events.order_by(inbox.id))
            return [tuple(row) for row in found]

    return noted


def rows_of(table: str) -> Iterator[tuple[Meaning, str, dict[str, Any]]]:
    """What makes a row of a table mean something: for each meaning and kind the resource and the columns."""
    for meaning in TABLES[table].meanings:
        columns = {} if meaning.itself else {meaning.record: RECORD}
        if meaning.through:
            yield meaning, "", {meaning.by: RECORD}
        elif meaning.kinds is None:
            yield meaning, meaning.resource, columns
        else:
            for word, resource in meaning.kinds.items():
                yield meaning, resource, columns | {meaning.kind: word}


def visible(table: sa.Table, but: set[str]) -> Iterator[sa.Column[Any]]:
    """The columns of a table whose change is an event."""
    name = table.info["name"]
    for column in table.c:
        if column.name not in {*TABLES[name].noise, *TABLES[name].hidden, *but} and not column.primary_key:
            yield column


def another(column: sa.Column[Any]) -> Any:
    """A value that a column did not have."""
    if isinstance(column.type, sa.String):
        return "Å"
    return sa.text("'2031-05-06'") if isinstance(column.type, Date | DateTime) else 3


def test_every_resource_with_records_is_tracked() -> None:
    assert sorted(tracked.RECORDS) == sorted(
        [
            *("calendar", "contacts", "contracts", "credit_notes", "customers", "estimates", "expenses"),
            *("invoices", "items", "leads", "milestones", "payments", "projects", "proposals", "staffs"),
            *("subscriptions", "tasks", "tickets", "timesheets"),
        ]
    )
    for name, each in TABLES.items():
        columns = t.crm.tables[t.PREFIX + name].c
        assert set(each.noise) <= {*columns.keys(), *tracked._LOGINS}
        assert set(each.hidden) <= {*columns.keys(), *tracked._SECRETS}
        for meaning in each.meanings:
            assert (meaning.by if meaning.through else meaning.record) in columns


def test_each_row_of_each_table_is_an_event_of_its_record(noted: Callable[..., list[Happened]]) -> None:
    for name in TABLES:
        table = t.crm.tables[t.PREFIX + name]
        for meaning, resource, columns in rows_of(name):
            if meaning.through:
                continue
            made: list[int] = []
            created = noted(lambda db: made.append(make_row(db, table, **columns)))  # noqa: B023
            record = made[0] if meaning.itself else RECORD
            action = "created" if meaning.itself else "updated"
            assert (resource, record, action) in created, (name, resource)

            mine = table.c[meaning.record] == record
            for column in visible(table, {meaning.record, meaning.kind}):
                change = table.update().where(mine).values({column.name: another(column)})
                told = noted(lambda db: db.execute(change))  # noqa: B023
                if not meaning.columns or column.name in meaning.columns:
                    assert (resource, record, "updated") in told, (name, column.name)
                again = noted(lambda db: db.execute(change))  # noqa: B023
                assert again == [], (name, column.name)

            gone = noted(lambda db: db.execute(table.delete().where(mine)))  # noqa: B023
            assert (resource, record, "deleted" if meaning.itself else "updated") in gone, name


def test_noise_is_no_event(noted: Callable[..., list[Happened]]) -> None:
    for name, each in TABLES.items():
        table = t.crm.tables[t.PREFIX + name]
        noise = [column for column in table.c if column.name in (*each.noise, *each.hidden)]
        if not noise:
            continue
        noted(lambda db: make_row(db, table))  # noqa: B023
        change = table.update().values({column.name: another(column) for column in noise})
        assert noted(lambda db: db.execute(change)) == [], name  # noqa: B023


def test_a_change_of_case_or_of_blanks_is_a_change(noted: Callable[..., list[Happened]]) -> None:
    made: list[int] = []
    noted(lambda db: made.append(make_customer(db, company="acme")))
    for company in ("Acme", "Acme ", "Ácme ", None):
        change = t.clients.update().values(company=company)
        assert noted(lambda db: db.execute(change)) == [("customers", made[0], "updated")]  # noqa: B023


def test_a_part_that_moves_is_an_update_of_both_records(noted: Callable[..., list[Happened]]) -> None:
    noted(lambda db: make_row(db, t.itemable, rel_id=RECORD, rel_type="invoice"))
    moved = noted(lambda db: db.execute(t.itemable.update().values(rel_id=OTHER, rel_type="estimate")))
    assert sorted(moved) == [("estimates", OTHER, "updated"), ("invoices", RECORD, "updated")]


def test_a_custom_field_of_a_line_is_an_update_of_its_document(noted: Callable[..., list[Happened]]) -> None:
    def add(db: Db) -> None:
        line = make_row(db, t.itemable, rel_id=RECORD, rel_type="credit_note")
        make_row(db, t.customfieldsvalues, relid=line, fieldto="items", value="red")

    assert noted(add) == [("credit_notes", RECORD, "updated")] * 2


def test_parts_of_nothing_are_nobodys_event(noted: Callable[..., list[Happened]]) -> None:
    assert noted(lambda db: make_row(db, t.files, rel_id=RECORD, rel_type="newsfeed")) == []
    assert noted(lambda db: make_row(db, t.files, rel_id=0, rel_type="invoice")) == []
    task = noted(lambda db: make_row(db, t.tasks, milestone=0))
    assert [event[0] for event in task] == ["tasks"]


def test_a_milestone_changes_when_its_tasks_are_done(noted: Callable[..., list[Happened]]) -> None:
    noted(lambda db: make_row(db, t.tasks, milestone=RECORD, status=1))
    done = noted(lambda db: db.execute(t.tasks.update().values(status=5)))
    assert ("milestones", RECORD, "updated") in done
    named = noted(lambda db: db.execute(t.tasks.update().values(name="Other")))
    assert [event[0] for event in named] == ["tasks"]


@pytest.fixture
def connection(crm_engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection without a transaction."""
    with crm_engine.connect() as connection:
        yield connection


def ended(connection: sa.Connection) -> capture.Status:
    found = capture.status(connection)
    connection.rollback()
    return found


def test_install_is_harmless_when_repeated_and_remove_leaves_nothing(connection: sa.Connection) -> None:
    before = ended(connection)
    assert (before.by, before.is_complete) == ("triggers", True)
    assert capture.install(connection) == 0
    assert capture.remove(connection) == 3 * before.tables
    removed = ended(connection)
    assert (removed.by, len(removed.missing), removed.definers) == ("program", 3 * before.tables, ())
    assert capture.install(connection) == 3 * before.tables
    assert ended(connection) == before


def clock(connection: sa.Connection) -> Any:
    found = connection.execute(sa.select(t.api_journal)).one()
    connection.rollback()
    return found


def test_what_happened_without_triggers_is_no_part_of_the_journal(connection: sa.Connection) -> None:
    before = clock(connection)
    capture.install(connection)
    assert clock(connection) == before
    capture.remove(connection)
    assert clock(connection).trimmed_to == before.trimmed_to
    capture.install(connection)
    after = clock(connection)
    assert after.trimmed_to == after.last_stamp + 1 > before.trimmed_to


def test_triggers_follow_the_columns(connection: sa.Connection) -> None:
    with connection.begin():
        connection.exec_driver_sql("ALTER TABLE tblclients ADD COLUMN shoe_size int NULL")
    assert ended(connection).stale == ("tblapi_clients_au",)
    assert capture.install(connection) == 1
    assert ended(connection).is_complete
    with connection.begin():
        connection.exec_driver_sql("INSERT INTO tblclients (company, datecreated) VALUES ('A', '2026-01-01')")
        connection.exec_driver_sql("UPDATE tblclients SET shoe_size = 44")
    assert connection.scalar(sa.select(sa.func.count()).select_from(t.api_change_inbox)) == 2


def test_a_table_that_is_missing_is_not_tracked(connection: sa.Connection) -> None:
    with connection.begin():
        connection.exec_driver_sql("DROP TABLE tblscheduled_emails")
    assert ended(connection).is_complete
    assert capture.install(connection) == 0


def test_what_is_in_the_way_is_replaced(connection: sa.Connection) -> None:
    with connection.begin():
        connection.exec_driver_sql("DROP TRIGGER tblapi_clients_ai")
        connection.exec_driver_sql("DROP TRIGGER tblapi_leads_ad")
        for table in ("activity_log", "leads"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER tblapi_{table}_ad AFTER DELETE ON tbl{table} "
                "FOR EACH ROW BEGIN DELETE FROM tblnotes; END"
            )
    found = ended(connection)
    assert found.missing == ("tblapi_clients_ai",)
    assert sorted(found.stale) == ["tblapi_activity_log_ad", "tblapi_leads_ad"]
    assert capture.install(connection) == 3
    assert ended(connection).is_complete


@pytest.mark.parametrize("engine_name", ["mysql"])  # SQLite has no handlers; its only writer is this server
def test_no_error_in_a_trigger_breaks_a_write(engine_name: str, connection: sa.Connection) -> None:
    write = "INSERT INTO tblclients (company, datecreated) VALUES ('A', '2026-01-01')"
    change = "UPDATE tblclients SET company = 'B'"
    for damage in (
        "ALTER TABLE tblclients DROP COLUMN vat",
        "ALTER TABLE tblclients CHANGE zip postcode varchar(15)",
        "ALTER TABLE tblapi_change_inbox DROP COLUMN action",
        "DROP TABLE tblapi_change_inbox",
    ):
        with connection.begin():
            connection.exec_driver_sql(damage)
        with connection.begin():
            assert connection.exec_driver_sql(write).rowcount == 1
            assert connection.exec_driver_sql(change).rowcount > 0
            assert connection.exec_driver_sql("DELETE FROM tblclients").rowcount > 0


@pytest.mark.parametrize("engine_name", ["mysql"])  # SQLite drops no column that a trigger names
def test_a_dropped_column_makes_every_update_count(engine_name: str, connection: sa.Connection) -> None:
    with connection.begin():
        connection.exec_driver_sql("ALTER TABLE tblclients DROP COLUMN vat")
        connection.exec_driver_sql("INSERT INTO tblclients (company, datecreated) VALUES ('A', '2026-01-01')")
        connection.exec_driver_sql("UPDATE tblclients SET company = 'B'")
    actions = connection.execute(sa.select(t.api_change_inbox.c.action)).scalars().all()
    connection.rollback()
    assert actions == ["created", "updated"]
    assert ended(connection).stale == ("tblapi_clients_au",)


@pytest.mark.parametrize("engine_name", ["mysql"])  # SQLite has no sessions
def test_a_session_can_be_left_out(engine_name: str, connection: sa.Connection) -> None:
    with connection.begin():
        connection.exec_driver_sql(f"SET {triggers.OFF} = 1")
        connection.exec_driver_sql("INSERT INTO tblclients (company, datecreated) VALUES ('A', '2026-01-01')")
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.api_change_inbox)) == 0


@pytest.mark.parametrize("engine_name", ["mysql"])  # SQLite has one writer at a time
def test_open_transactions_do_not_hold_each_other_up(engine_name: str, database: Database) -> None:
    with database.transaction() as one, database.transaction() as other:
        other.execute(sa.text("SET SESSION innodb_lock_wait_timeout = 1"))
        first = make_customer(one)
        second = make_customer(other)
        one.execute(t.clients.update().where(t.clients.c.userid == first).values(city="Ulm"))
        other.execute(t.clients.update().where(t.clients.c.userid == second).values(city="Ulm"))
        one.execute(t.clients.delete().where(t.clients.c.userid == first))
    assert changes.seal(database) == 2


def test_parts_that_go_after_their_record_are_no_event(database: Database) -> None:
    """The CRM deletes a document first, and then, without a transaction, what belongs to it."""
    with database.transaction() as db:
        invoice = make_row(db, t.invoices)
        line = make_row(db, t.itemable, rel_id=invoice, rel_type="invoice")
    changes.seal(database)
    with database.transaction() as db:
        db.execute(t.invoices.delete())
    changes.seal(database)
    with database.transaction() as db:
        db.execute(t.itemable.delete().where(t.itemable.c.id == line))
    changes.seal(database)
    with database.transaction(write=False) as db:
        page = changes.page(db, ["invoices"], 0, 50, every=True)
    assert [event.action for event in page.events] == ["created", "deleted"]
