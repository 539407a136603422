"""The doctor's findings."""

from uuid import uuid4

import perfex_database
import pytest
import sqlalchemy as sa
from databases import FreshUrl, OpenEngine

from perfex_api import tables as t
from perfex_api.core.live import Live
from perfex_api.schema import Report, examine, initialise
from perfex_api.schema.mysql import privileges
from perfex_api.settings import Settings


def test_a_fresh_database_is_fine(crm_engine: sa.Engine) -> None:
    report = examine(crm_engine, Settings())
    assert report.ok
    assert report.engine.startswith(("SQLite 3", "MariaDB 1", "MySQL 8"))
    assert report.lines() == [f"Database: {report.engine}", "Perfex schema: 341", "Everything is fine."]


def test_an_empty_database_needs_init(engine_name: str, fresh_url: FreshUrl, open_engine: OpenEngine) -> None:
    report = examine(open_engine(fresh_url(engine_name)), Settings())
    assert report.schema == "unknown"
    assert [problem for problem in report.problems if "run `perfex-api init`" in problem] == report.problems
    assert report.lines()[-1] == "Problems found: 2."


def test_the_wrong_prefix_is_a_problem(crm_engine: sa.Engine) -> None:
    report = examine(crm_engine, Settings(table_prefix="crm_"))
    assert report.problems == ['The tables start with "tbl", but the settings say "crm_".']


@pytest.fixture
def perfex(mysql_url: str, open_engine: OpenEngine) -> sa.Engine:
    """An engine on an adopted database of an old Perfex."""
    perfex_database.build(mysql_url, older=True)
    engine = open_engine(mysql_url)
    initialise(engine, Settings())
    return engine


def after(engine: sa.Engine, *statements: str) -> Report:
    """The report after somebody changed the database."""
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    return examine(engine, Settings())


def test_what_the_age_of_perfex_explains_is_no_problem(perfex: sa.Engine) -> None:
    report = examine(perfex, Settings())
    assert report.ok
    assert report.schema == "300"
    missing = "is missing (Perfex 3.1.0 added it), so nothing of it is read or written. Affected: staffs."
    assert f"tblfilters {missing}" in report.notes
    missing = "is missing (Perfex 3.0.5 added it), so it is neither shown nor stored. Affected: contracts."
    assert f"tblcontracts.last_sent_at {missing}" in report.notes


def test_every_table_of_an_old_perfex_can_be_read(perfex: sa.Engine) -> None:
    with perfex.connect() as connection:
        live = Live.read(connection, t.crm)
        for table in filter(live.has, t.crm.tables.values()):
            connection.execute(live.fit(sa.select(table))).all()
        invoice = connection.execute(live.fit(sa.select(t.invoices))).first()
    assert invoice is not None
    assert invoice.duedate is None  # 0000-00-00 in the database
    assert "formatted_number" not in invoice._mapping


def test_what_no_version_explains_is_a_problem(perfex: sa.Engine) -> None:
    report = after(perfex, "DROP TABLE tblservices", "ALTER TABLE tbltags DROP name")
    assert sorted(problem.partition(",")[0] for problem in report.problems) == [
        "tblservices is missing",
        "tbltags.name is missing",
    ]


def test_an_old_api_module_is_no_problem(perfex: sa.Engine) -> None:
    report = after(perfex, "DROP TABLE tblapi_webhook_queue", "ALTER TABLE tbluser_api DROP staff_id")
    assert report.ok
    assert sorted(note.partition(",")[0] for note in report.notes if "module" in note) == [
        "tblapi_webhook_queue is missing (version 3.0.0 of the API module added it)",
        "tbluser_api.staff_id is missing (version 3.0.0 of the API module added it)",
    ]


def test_a_column_that_nobody_can_fill_is_a_problem(perfex: sa.Engine) -> None:
    report = after(perfex, "ALTER TABLE tblservices ADD vip INT NOT NULL, ADD age INT")
    (problem,) = report.problems
    assert problem.startswith("tblservices.vip, a column that Perfex does not have, is NOT NULL")


def test_old_formats_of_tables_are_named(perfex: sa.Engine) -> None:
    report = after(perfex, "ALTER TABLE tbltags ENGINE=MyISAM, CONVERT TO CHARSET latin1")
    assert report.problems == ["Tables without transactions, because they are not InnoDB: tbltags."]
    assert "Tables that refuse emoji, because they are not utf8mb4: tbltags." in report.notes


def test_a_connection_that_is_not_strict_is_a_problem(perfex: sa.Engine) -> None:
    lax = sa.create_engine(perfex.url)
    sa.event.listen(lax, "engine_connect", lambda connection: connection.exec_driver_sql("SET sql_mode = ''"))
    report = examine(lax, Settings())
    lax.dispose()
    assert report.problems == ['The connection is not strict, values may be cut off: sql_mode is "".']


def test_an_account_that_may_too_little_is_a_problem(perfex: sa.Engine, open_engine: OpenEngine) -> None:
    user, password = f"u{uuid4().hex[:12]}", uuid4().hex
    database = perfex.url.database
    with perfex.begin() as connection:
        connection.exec_driver_sql(f"CREATE USER {user} IDENTIFIED BY '{password}'")
        connection.exec_driver_sql(f"GRANT SELECT, INSERT ON `{database}`.* TO {user}")
    url = perfex.url.set(username=user, password=password)
    report = examine(open_engine(url.render_as_string(hide_password=False)), Settings())
    with perfex.begin() as connection:
        connection.exec_driver_sql(f"DROP USER {user}")
    lacks = "The database account lacks the {} privilege on " + str(database)
    assert report.problems == [
        f"{lacks.format('UPDATE')}: nothing can be changed.",
        f"{lacks.format('DELETE')}: nothing can be deleted.",
        f"{lacks.format('CREATE')}: `perfex-api init` cannot add or upgrade this server's own tables.",
    ]
    assert any("TRIGGER" in note for note in report.notes)


@pytest.mark.parametrize(
    ("grant", "granted"),
    [
        (
            "GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION",
            {"CREATE", "TRIGGER", "DELETE"},
        ),
        ("GRANT SELECT, INSERT, CREATE ON `crm`.* TO `u`@`%`", {"SELECT", "INSERT", "CREATE"}),
        (r"GRANT ALL PRIVILEGES ON `c\_m`.* TO 'u'@'%'", set()),
        ("GRANT TRIGGER ON `c_m`.* TO 'u'@'%'", {"TRIGGER"}),
        ("GRANT UPDATE ON `cr%`.* TO 'u'@'%'", {"UPDATE"}),
        ("GRANT SELECT ON `crm`.`tblclients` TO 'u'@'%'", set()),
        ("GRANT SELECT ON `other`.* TO 'u'@'%'", set()),
        ("GRANT USAGE ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*0'", set()),
        ("GRANT `reader`@`%` TO `u`@`%`", set()),
    ],
)
def test_grants_are_understood(grant: str, granted: set[str]) -> None:
    found = privileges([grant], "crm")
    assert found >= granted
    assert bool(found - {"USAGE"}) == bool(granted)
