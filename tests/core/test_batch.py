"""Statements that go to mysqlclient in one message: fewer journeys, one transaction, the same answers."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from unittest import mock

import pytest
import sqlalchemy as sa
from counting import messages
from make import make_customer

from perfex_api import activity, options
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import CALM, Database, Db
from perfex_api.core.hooks import Hooks
from perfex_api.core.prepared import Asked, Prepared, expect

ZONE, FORMAT = "default_timezone", "dateformat"
COMPANIES = Prepared(sa.select(t.clients.c.company).where(t.clients.c.company == sa.bindparam("company")))
BROKEN = Prepared(sa.select(sa.column("missing")).select_from(t.clients))


@pytest.fixture
def engine_name() -> str:
    return "mysql"


@pytest.fixture
def database(crm_url: str) -> Iterator[Database]:
    pytest.importorskip("MySQLdb")
    address = sa.make_url(crm_url).set(drivername="mysql+mysqldb").difference_update_query(["ssl_disabled"])
    made = Database(address.render_as_string(hide_password=False), t.crm, Hooks())
    made.run(lambda db: None)  # the pool has a connection
    yield made
    made.dispose()


def asks_for(name: str) -> Asked:
    return options.ONE, {"name": name}


def companies(db: Db, name: str) -> int:
    return len(rows.wire(db, COMPANIES, company=name))


def test_what_is_expected_goes_with_the_first_question(database: Database) -> None:
    def work(db: Db) -> tuple[str, str, str]:
        return options.get(db, ZONE), options.get(db, FORMAT), options.get(db, "companyname")

    apart = database.run(work, write=False)
    with messages() as sent:
        together = database.ask(work, [asks_for(FORMAT), asks_for("companyname")])
    assert together == apart
    assert len(sent) == 1
    assert sent[0].endswith("ROLLBACK")


def test_who_asks_for_more_reads_all_of_it_again_at_one_moment(database: Database) -> None:
    seen: list[tuple[int, int]] = []

    def work(db: Db) -> tuple[int, int]:
        before = companies(db, "New")
        if not seen:
            database.run(lambda other: make_customer(other, company="New"))
        options.get(db, ZONE)
        seen.append((before, companies(db, " New".strip())))
        return seen[-1]

    assert database.ask(work) == (1, 1)
    assert seen == [(0, 1), (1, 1)]


def test_who_asked_for_more_is_expected_to_do_so_again(database: Database) -> None:
    def more(db: Db) -> str:
        return options.get(db, ZONE) + options.get(db, FORMAT)

    database.ask(more)
    with messages() as sent:
        database.ask(more)
    assert [each.partition(" ")[0] for each in sent] == ["SELECT", "SELECT", "ROLLBACK"]
    for _ in range(CALM):
        database.ask(lambda db: options.get(db, ZONE))
    with messages() as sent:
        database.ask(lambda db: options.get(db, ZONE))
    assert len(sent) == 1


@pytest.mark.parametrize("asked", [[ZONE], [ZONE, "companyname"]])
def test_nothing_stays_open(database: Database, crm_url: str, asked: list[str]) -> None:
    database.ask(lambda db: [companies(db, "New"), *(options.get(db, name) for name in asked)])
    other = Database(crm_url, t.crm, Hooks())
    other.run(lambda db: make_customer(db, company="New"))
    other.dispose()
    with closing(database.engine.raw_connection()) as pooled, closing(pooled.cursor()) as cursor:
        cursor.execute("SELECT COUNT(*) FROM tblclients WHERE company = 'New'")
        assert cursor.fetchone() == (1,)


def test_what_is_expected_and_fails_fails_when_it_is_asked(database: Database) -> None:
    expected: list[Asked] = [(BROKEN, {}), asks_for(FORMAT)]
    found = database.ask(lambda db: (options.get(db, ZONE), options.get(db, FORMAT)), expected)
    assert found == database.run(lambda db: (options.get(db, ZONE), options.get(db, FORMAT)), write=False)
    with pytest.raises(sa.exc.DBAPIError, match="missing"):
        database.ask(lambda db: (options.get(db, ZONE), rows.wire(db, BROKEN)), expected)
    assert database.run(lambda db: options.get(db, ZONE))


def test_what_is_expected_is_given_once(database: Database) -> None:
    def work(db: Db) -> list[int]:
        expect(db, [(COMPANIES, {"company": "New"})])
        found = [companies(db, "New")]
        make_customer(db, company="New")
        return [*found, companies(db, "New")]

    assert database.run(work) == [0, 1]


def test_a_line_of_the_log_goes_with_the_commit(database: Database) -> None:
    with messages() as sent:
        database.run(lambda db: (options.now(db), activity.note(db, "It's done")))
    assert len(sent) == 2
    assert sent[1].startswith("INSERT")
    assert sent[1].endswith(";COMMIT")
    log = t.activity_log.c.description
    assert database.run(lambda db: rows.exists(db, log == "It's done"), write=False)


def test_a_line_of_the_log_is_there_for_whoever_asks_in_the_same_transaction(database: Database) -> None:
    log = t.activity_log.c.description
    of_the_log = Prepared(sa.select(log).where(log == sa.bindparam("line")))

    def work(db: Db) -> tuple[bool, int]:
        activity.note(db, "first")
        by_sqlalchemy = rows.exists(db, log == "first")
        activity.note(db, "second")
        return by_sqlalchemy, len(rows.wire(db, of_the_log, line="second"))

    assert database.run(work) == (True, 1)


def test_what_was_owed_is_gone_with_the_rest_when_the_work_fails(database: Database) -> None:
    def work(db: Db) -> None:
        activity.note(db, "never")
        raise LookupError

    with pytest.raises(LookupError):
        database.run(work)
    log = t.activity_log.c.description
    assert not database.run(lambda db: rows.exists(db, log == "never"), write=False)


def test_nothing_is_committed_when_what_goes_with_the_commit_fails(database: Database) -> None:
    def work(db: Db) -> None:
        make_customer(db, company="Half")
        db.link.batch.later(b"INSERT INTO nowhere VALUES (1)")

    with pytest.raises(sa.exc.DBAPIError, match="nowhere"):
        database.run(work)
    assert database.run(lambda db: companies(db, "Half"), write=False) == 0


def test_the_work_is_done_again_when_what_goes_with_the_commit_meets_a_deadlock(database: Database) -> None:
    tries: list[int] = []

    def work(db: Db) -> None:
        make_customer(db, company="Once")
        if not tries:
            db.link.batch.later(b"SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213")
        tries.append(1)

    database.run(work)
    assert len(tries) == 2
    assert database.run(lambda db: companies(db, "Once"), write=False) == 1


def test_where_a_proxy_takes_one_statement_at_a_time_each_goes_alone(crm_url: str) -> None:
    mysql = pytest.importorskip("MySQLdb")
    from MySQLdb.connections import Connection

    query = Connection.query

    def one_at_a_time(self: Any, statement: bytes | str) -> Any:
        if b";" in (statement if isinstance(statement, bytes) else statement.encode()):
            raise mysql.ProgrammingError(1064, "You have an error in your SQL syntax")
        return query(self, statement)

    address = sa.make_url(crm_url).set(drivername="mysql+mysqldb").difference_update_query(["ssl_disabled"])
    with mock.patch.object(Connection, "query", one_at_a_time):
        database = Database(address.render_as_string(hide_password=False), t.crm, Hooks())
        database.run(lambda db: activity.note(db, "alone"))
        found = database.ask(
            lambda db: (options.get(db, FORMAT), companies(db, "New")), [(COMPANIES, {"company": "New"})]
        )
        assert found == (database.run(lambda db: options.get(db, FORMAT)), 0)
        database.dispose()
