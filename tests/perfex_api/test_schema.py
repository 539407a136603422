"""A database is made, adopted, upgraded or refused, whoever else is at it and whenever the power fails."""

import multiprocessing
import os
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

import perfex_database
import pytest
import sqlalchemy as sa
from databases import FreshUrl, OpenEngine

from perfex_api import tables as t
from perfex_api.core.db import make_engine
from perfex_api.install import install
from perfex_api.install.options import OPTIONS
from perfex_api.schema import SchemaError, initialise, start
from perfex_api.settings import Settings

spawn = multiprocessing.get_context("spawn")


@pytest.fixture
def empty(engine_name: str, fresh_url: FreshUrl, open_engine: OpenEngine) -> sa.Engine:
    """An engine on an empty database."""
    return open_engine(fresh_url(engine_name))


def count(engine: sa.Engine, table: sa.Table) -> int:
    with engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def note(engine: sa.Engine) -> tuple[str, str]:
    """Holder and note of the lease."""
    with engine.connect() as connection:
        holder, text = connection.execute(sa.select(t.api_leases.c.holder, t.api_leases.c.note)).one()
    return holder, text


def test_an_empty_database_gets_everything(empty: sa.Engine) -> None:
    assert initialise(empty, Settings()) == "created"
    assert t.crm.tables.keys() | t.own.tables.keys() <= set(sa.inspect(empty).get_table_names())
    assert note(empty) == ("", "created")
    assert initialise(empty, Settings()) == "ready"


def test_a_fresh_crm_starts_with_the_rows_that_clients_know(crm_engine: sa.Engine) -> None:
    def rows(*columns: sa.Column[Any]) -> list[tuple[Any, ...]]:
        with crm_engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.select(*columns).order_by(columns[0]))]

    countries = dict(rows(t.countries.c.country_id, t.countries.c.short_name))
    assert list(countries) == list(range(1, 251))
    known = {1: "Afghanistan", 2: "Aland Islands", 102: "India", 235: "United Kingdom", 236: "United States"}
    assert countries.items() >= known.items()

    currencies, leads_status = t.currencies.c, t.leads_status.c
    assert rows(currencies.id, currencies.name, currencies.isdefault) == [(1, "USD", 1), (2, "EUR", 0)]
    assert rows(leads_status.id, leads_status.name, leads_status.isdefault) == [(1, "Customer", 1)]
    assert rows(t.migrations.c.version) == [(341,)]
    for table, names in (
        (t.tickets_status, ["Open", "In progress", "Answered", "On Hold", "Closed"]),
        (t.tickets_priorities, ["Low", "Medium", "High"]),
        (t.leads_sources, ["Google", "Facebook"]),
        (t.payment_modes, ["Bank"]),
        (t.roles, ["Employee"]),
        (t.estimate_request_status, ["Cancelled", "Processing", "Completed"]),
    ):
        (key,) = table.primary_key.columns
        assert rows(key, table.c.name) == list(enumerate(names, 1))

    options = dict(rows(t.options.c.name, t.options.c.value))
    assert options["dateformat"] == "Y-m-d|%Y-%m-%d"
    assert options["default_tax"] == "a:0:{}"
    assert options["default_contact_permissions"].startswith('a:6:{i:0;s:1:"1";')


def test_install_rows_go_only_where_there_are_none(crm_engine: sa.Engine) -> None:
    with crm_engine.begin() as connection:
        connection.execute(t.options.delete().where(t.options.c.name != "time_format"))
        connection.execute(t.roles.delete())
        install(connection)
    assert count(crm_engine, t.options) == 1
    assert count(crm_engine, t.roles) == 1
    assert count(crm_engine, t.countries) == 250


@pytest.mark.parametrize("older", [False, True], ids=["current", "older"])
def test_adopting_changes_nothing_of_perfex(mysql_url: str, open_engine: OpenEngine, older: bool) -> None:
    perfex_database.build(mysql_url, older=older)
    engine = open_engine(mysql_url)
    with engine.connect() as connection:
        before = perfex_database.fingerprint(connection)
    assert initialise(engine, Settings()) == "adopted"
    assert initialise(engine, Settings()) == "ready"
    with engine.connect() as connection:
        assert perfex_database.fingerprint(connection) == before
        names = set(sa.inspect(connection).get_table_names())
    assert t.own.tables.keys() <= names
    assert names - t.own.tables.keys() - {row[0] for row in before["tables"]} == {start.VERSION_TABLE}
    assert len(before["tables"]) == (122 if older else 125)
    assert note(engine) == ("", "adopted")


def test_an_adopted_database_is_never_migrated_but_stamped(mysql_url: str, open_engine: OpenEngine) -> None:
    perfex_database.build(mysql_url, older=True)
    engine = open_engine(mysql_url)
    initialise(engine, Settings())
    version: sa.ColumnClause[str] = sa.column("version_num")
    versions = sa.table(start.VERSION_TABLE, version)
    with engine.begin() as connection:
        head = connection.scalar(sa.select(version).select_from(versions).where(version.like("crm%")))
        connection.execute(versions.update().where(version == head).values(version_num="crm_01_people"))
        before = perfex_database.fingerprint(connection)
    assert initialise(engine, Settings()) == "ready"
    with engine.connect() as connection:
        assert perfex_database.fingerprint(connection) == before
        assert connection.scalar(sa.select(sa.func.count()).select_from(versions).where(version == head)) == 1


def test_a_database_of_somebody_else_is_refused(empty: sa.Engine) -> None:
    with empty.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE wp_posts (id INT)")
    with pytest.raises(SchemaError, match="1 tables, wp_posts among them"):
        initialise(empty, Settings())
    assert sa.inspect(empty).get_table_names() == ["wp_posts"]


def test_a_perfex_database_with_another_prefix_is_recognised(empty: sa.Engine) -> None:
    with empty.begin() as connection:
        for name in ("crm_options", "crm_clients"):
            connection.exec_driver_sql(f"CREATE TABLE {name} (id INT)")
    with pytest.raises(SchemaError, match="set TABLE_PREFIX=crm_"):
        initialise(empty, Settings())


def test_the_prefix_of_the_settings_must_be_the_tables(empty: sa.Engine) -> None:
    with pytest.raises(SchemaError, match='start with "tbl", but the settings say "crm_"'):
        initialise(empty, Settings(table_prefix="crm_"))


def test_a_database_of_a_newer_program_is_refused(crm_engine: sa.Engine) -> None:
    with crm_engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO {start.VERSION_TABLE} VALUES ('own_99_future')")
    with pytest.raises(SchemaError, match="does not know own_99_future"):
        initialise(crm_engine, Settings())


# Several processes.


def race(url: str, start_line: Barrier, finished: "Queue[str]") -> None:
    engine = make_engine(url)
    start_line.wait()
    try:
        finished.put(initialise(engine, Settings()))
    except Exception as error:
        finished.put(repr(error))
    engine.dispose()


def test_processes_that_start_at_once_initialise_once(empty: sa.Engine) -> None:
    runners = 3
    url = empty.url.render_as_string(hide_password=False)
    start_line, finished = spawn.Barrier(runners), spawn.Queue()
    processes = [spawn.Process(target=race, args=(url, start_line, finished)) for _ in range(runners)]
    for process in processes:
        process.start()
    results = sorted(finished.get(timeout=60) for _ in processes)
    for process in processes:
        process.join()
    assert results == ["created", "ready", "ready"]
    assert count(empty, t.countries) == 250
    assert count(empty, t.options) == len(OPTIONS)


def test_waiting_for_another_process_has_an_end(empty: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "PATIENCE", 0.2)
    monkeypatch.setattr(start, "LEASE_SECONDS", 60)
    with interrupted(empty, after=40):
        initialise(empty, Settings())
    with pytest.raises(SchemaError, match="Another process"):
        initialise(empty, Settings())


# Interruptions.


class PowerFailure(BaseException):
    """Passes every ``except`` of the program, as a kill would."""


class interrupted:
    """A context in which the engine fails at a certain statement; ``happened``: it came to that."""

    def __init__(self, engine: sa.Engine, after: int) -> None:
        self.engine = engine
        self.left = after
        self.happened = False

    def count(self, *_: Any) -> None:
        self.left -= 1
        if self.left == 0:
            raise PowerFailure

    def __enter__(self) -> "interrupted":
        sa.event.listen(self.engine, "before_cursor_execute", self.count)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        sa.event.remove(self.engine, "before_cursor_execute", self.count)
        self.happened = kind is PowerFailure
        return self.happened


def test_interrupted_work_is_continued(
    empty: sa.Engine, crm_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "LEASE_SECONDS", 0)  # a dead holder is noticed at once
    interruptions = 0
    for statements in range(1, 400, 5):
        with interrupted(empty, after=statements) as failure:
            initialise(empty, Settings())
        if not failure.happened:
            break
        interruptions += 1
    assert interruptions > 5
    assert initialise(empty, Settings()) == "ready"
    assert contents(empty) == contents(crm_engine)


def contents(engine: sa.Engine) -> dict[str, Any]:
    """All indexes and rows; the leases and the journal know different times."""
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        return {
            table.name: (
                sorted(str(index["name"]) for index in inspector.get_indexes(table.name)),
                connection.execute(sa.select(table)).all(),
            )
            for table in (*t.crm.tables.values(), *t.own.tables.values())
            if table not in (t.api_leases, t.api_journal)
        }


def test_an_error_gives_the_lease_up_at_once(empty: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: sa.Connection) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(start, "install", fail)
        with pytest.raises(ZeroDivisionError):
            initialise(empty, Settings())
    assert note(empty) == ("", "creating")
    assert initialise(empty, Settings()) == "created"


def die_midway(url: str) -> None:
    start.LEASE_SECONDS = 1.0
    engine = make_engine(url)
    statements = iter(range(1, 100))
    sa.event.listen(engine, "before_cursor_execute", lambda *_: next(statements, None) or os._exit(9))
    initialise(engine, Settings())


def test_the_work_of_a_killed_process_is_continued_when_its_lease_ends(empty: sa.Engine) -> None:
    process = spawn.Process(target=die_midway, args=(empty.url.render_as_string(hide_password=False),))
    process.start()
    process.join()
    assert process.exitcode == 9
    assert note(empty)[1] == "creating"
    assert note(empty)[0] != ""
    assert initialise(empty, Settings()) == "created"
    assert count(empty, t.countries) == 250
