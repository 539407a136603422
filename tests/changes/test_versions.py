"""Versions: equal as long as a table has not changed, whoever writes, and whatever is sealed meanwhile."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Transaction
from counting import queries
from make import make_customer, make_row

import changes
from changes import capture, triggers, versions
from changes.tracked import COUNTED
from perfex_api import tables as t
from perfex_api.core.db import Database, Db
from perfex_api.core.types import Date, DateTime

Seen = Callable[[], dict[str, tuple[int, str]]]


@pytest.fixture
def seen(transaction: Transaction) -> Seen:
    """All versions, now."""

    def seen() -> dict[str, tuple[int, str]]:
        with transaction(write=False) as db:
            return dict(versions.read(db).tables)

    return seen


@pytest.fixture
def changed(transaction: Transaction) -> Iterator[Callable[[Callable[[Db], Any]], set[str]]]:
    """Do something, and say whose versions are others afterwards; all in one transaction."""
    with transaction() as db:

        def changed(work: Callable[[Db], Any]) -> set[str]:
            before = versions.read(db).tables
            work(db)
            return {name for name, version in versions.read(db).tables.items() if version != before[name]}

        yield changed


def tables() -> Iterator[tuple[str, sa.Table]]:
    """Every counted table, with its name as versions have it."""
    every = t.crm.tables | t.own.tables
    for name in COUNTED:
        yield name, every[t.PREFIX + name]


def another(column: sa.Column[Any]) -> Any:
    """A value that a column did not have."""
    if isinstance(column.type, sa.String):
        return "Å"
    return sa.text("'2031-05-06'") if isinstance(column.type, Date | DateTime) else 3


def test_every_counted_table_has_a_version(seen: Seen) -> None:
    noisy = {name + triggers.NOISE for name, each in COUNTED.items() if each.noise}
    assert seen().keys() == {*COUNTED, *noisy}


def add(db: Db, table: sa.Table) -> None:
    """A row without a meaning for any record."""
    if table.name == t.api_token_grants.name:
        token = make_row(db, t.api_tokens, token_hash="other")
        make_row(db, table, token_id=token, feature="leads", capability="get")
    else:
        make_row(db, table)


def test_a_row_that_comes_changes_or_goes_changes_its_tables_version(
    changed: Callable[..., set[str]],
) -> None:
    for name, table in tables():
        changed(lambda db: db.execute(table.delete()))  # noqa: B023
        assert name in changed(lambda db: add(db, table)), name  # noqa: B023
        for column in table.c:
            if column.primary_key or column.foreign_keys:
                continue
            each = COUNTED[name]
            change = table.update().values({column.name: another(column)})
            found = changed(lambda db: db.execute(change))  # noqa: B023
            if column.name in each.hidden:
                assert not found, (name, column.name)
            else:
                expected = name + triggers.NOISE if column.name in each.noise else name
                assert expected in found, (name, column.name)
            if column.name in each.noise:
                assert name not in found, (name, column.name)
        assert name in changed(lambda db: db.execute(table.delete())), name  # noqa: B023


def test_what_stays_as_it_is_changes_no_version(changed: Callable[..., set[str]]) -> None:
    changed(lambda db: make_customer(db, company="Acme"))
    assert changed(lambda db: db.execute(t.clients.update().values(company="Acme"))) == set()


def test_sealing_changes_no_version(database: Database, transaction: Transaction, seen: Seen) -> None:
    for number in range(3):
        with transaction() as db:
            customer = make_customer(db)
            make_row(db, t.files, rel_id=customer, rel_type="newsfeed")
            db.execute(t.options.update().where(t.options.c.id == 1).values(value=f"Other {number}"))
    before = seen()
    assert changes.seal(database) == 3
    with transaction(write=False) as db:
        assert versions.read(db) == versions.Versions(before, waiting=0)


def test_what_is_only_counted_is_nobodys_event(database: Database, transaction: Transaction) -> None:
    with transaction() as db:
        db.execute(t.options.update().where(t.options.c.id == 1).values(value="Other"))
    assert changes.seal(database) == 0
    with transaction(write=False) as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(t.api_change_inbox)) == 0
        assert db.scalar(sa.select(sa.func.count()).select_from(t.api_changes)) == 0


def test_versions_are_those_of_the_transaction_that_reads(
    transaction: Transaction, database: Database, seen: Seen
) -> None:
    with transaction(write=False) as reader:
        before = versions.read(reader)
        with transaction() as writer:
            make_customer(writer)
            assert versions.read(reader) == before
        assert versions.read(reader) == before
        changes.seal(database)
        assert versions.read(reader) == before
        assert reader.scalar(sa.select(sa.func.count()).select_from(t.clients)) == 0
    assert seen()["clients"] != before.tables["clients"]


def test_they_are_one_query_when_all_is_sealed(transaction: Transaction, database: Database) -> None:
    changes.seal(database)
    with transaction(write=False) as db, queries(db.connection.engine) as asked:
        found = versions.read(db)
    assert len(asked) == 1
    assert found.of(["clients", "staff~"]) == (found.tables["clients"], found.tables["staff~"])
    assert found.of(["clients", "sessions"]) is None


@pytest.fixture
def connection(crm_engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection without a transaction."""
    with crm_engine.connect() as connection:
        yield connection


def test_without_triggers_there_are_none(connection: sa.Connection, seen: Seen) -> None:
    before = seen()
    capture.remove(connection)
    assert seen() == {}
    capture.install(connection)
    after = seen()
    assert after.keys() == before.keys()
    assert all(after[name] != before[name] for name in before)


def test_what_may_have_been_missed_has_another_version(connection: sa.Connection, seen: Seen) -> None:
    before = seen()
    with connection.begin():
        connection.exec_driver_sql("DROP TRIGGER tblapi_leads_au")
    capture.install(connection)
    assert {name for name, version in seen().items() if version != before[name]} == {"leads"}


def test_a_table_whose_triggers_cannot_be_made_has_none(
    connection: sa.Connection, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.begin():
        connection.exec_driver_sql("DROP TRIGGER tblapi_leads_au")

    def refuse(*_: object) -> None:
        raise capture.CaptureRefused("denied")

    monkeypatch.setattr(capture, "_create", refuse)
    with pytest.raises(capture.CaptureRefused):
        capture.install(connection)
    assert "leads" not in seen()
    assert "clients" in seen()
    with connection.begin():
        assert not capture.status(connection).is_complete
