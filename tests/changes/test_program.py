"""Without triggers: this server's writes are noted by itself, and what others create is found."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
import stopped_clock
from conftest import Api
from make import make_customer, make_row

import changes
from changes import capture, program, triggers
from perfex_api import tables as t
from perfex_api.core.db import Database, make_engine

Told = list[tuple[str, int, str]]


@pytest.fixture
def told(database: Database) -> Callable[[], Told]:
    """What the journal has got since it was asked last; there are no triggers, or none that are heeded."""
    if database.engine.dialect.name == "sqlite":
        with database.engine.connect() as connection:
            capture.remove(connection)
    else:
        sa.event.listen(database.engine, "checkout", unheeded)
    with database.transaction() as db:
        db.execute(t.api_journal.update().values(capture=capture.PROGRAM))
    since = [0]

    def told() -> Told:
        changes.seal(database)
        every = {*("customers", "invoices", "estimates", "credit_notes", "tasks", "leads", "items")}
        with database.transaction(write=False) as db:
            page = changes.page(db, every, since[0], 1_000, every=True)
        since[0] = page.next
        return [(event.resource, event.record_id, event.action) for event in page.events]

    told()
    return told


def test_what_the_api_writes_is_noted(told: Callable[[], Told], api: Api) -> None:
    customer = api.post("customers", json={"company": "Acme"}).get_json()["record_id"]
    assert told() == [("customers", customer, "created")]
    api.put(f"customers/{customer}", json={"city": "Ulm"})
    assert told() == [("customers", customer, "updated")]
    api.delete(f"delete/customers/{customer}")
    assert told() == [("customers", customer, "deleted")]


def test_parts_count_as_their_record(told: Callable[[], Told], database: Database) -> None:
    with database.transaction() as db:
        line = make_row(db, t.itemable, rel_id=7, rel_type="invoice")
    assert told() == [("invoices", 7, "updated")]
    with database.transaction() as db:
        make_row(db, t.customfieldsvalues, relid=line, fieldto="items", value="red")
        make_row(db, t.files, rel_id=7, rel_type="newsfeed")
    assert told() == [("invoices", 7, "updated")]
    with database.transaction() as db:
        db.execute(t.itemable.update().where(t.itemable.c.id == line).values(rel_id=8, rel_type="estimate"))
    assert sorted(told()) == [("estimates", 8, "updated"), ("invoices", 7, "updated")]
    with database.transaction() as db:
        db.execute(t.itemable.delete().where(t.itemable.c.id == line))
    assert told() == [("estimates", 8, "updated")]


def test_what_is_rolled_back_is_not_noted(told: Callable[[], Told], database: Database) -> None:
    with database.transaction() as db:
        make_customer(db)
        db.connection.rollback()
    assert told() == []


def test_with_triggers_nothing_is_noted_twice(api: Api, database: Database) -> None:
    api.post("customers", json={"company": "Acme"})
    with database.transaction() as db:
        inbox = db.execute(sa.select(t.api_change_inbox).where(t.api_change_inbox.c.resource != "")).all()
    assert len(inbox) == 1


def unheeded(connection: Any, *_: Any) -> None:
    """Switch the triggers off for a connection, which is faster than to remove them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET {triggers.OFF} = 1")


def elsewhere(url: str, table: sa.Table, **columns: Any) -> None:
    """Add a row as another program does."""
    engine = make_engine(url)
    if engine.dialect.name != "sqlite":
        sa.event.listen(engine, "checkout", unheeded)
    with engine.begin() as connection:
        connection.execute(table.insert().values(columns))
    engine.dispose()


def test_what_others_create_is_found_once(
    told: Callable[[], Told], database: Database, crm_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = stopped_clock.stop(monkeypatch, datetime(2036, 1, 31, 12))
    with database.transaction() as db:
        make_customer(db)
    told()
    assert program.find_created(database) == 0
    for turn in range(4):
        elsewhere(crm_url, t.clients, company="Elsewhere", datecreated=datetime(2026, 1, 1))
        with database.transaction() as db:
            ours = make_customer(db)
        assert program.find_created(database) == 1, turn
        assert sorted(told()) == [("customers", ours - 1, "created"), ("customers", ours, "created")]
        assert program.find_created(database) == 0
        clock.advance(minutes=11)


def test_with_triggers_nothing_is_looked_for(database: Database, crm_url: str) -> None:
    elsewhere(crm_url, t.clients, company="Elsewhere", datecreated=datetime(2026, 1, 1))
    assert program.find_created(database) == 0
