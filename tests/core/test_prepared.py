"""Prepared queries: compiled once, sound when a connection is lost, seen by whoever counts statements."""

import counting
import pytest
import sqlalchemy as sa
from databases import OpenEngine
from make import make_customer

from perfex_api import options
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Database, Db
from perfex_api.core.prepared import Prepared, many

NAMES = Prepared(
    sa.select(t.clients.c.userid, t.clients.c.company)
    .where(t.clients.c.userid.in_([many("ids")]), t.clients.c.company != sa.bindparam("other"))
    .order_by(t.clients.c.userid)
)


def test_its_values_are_values(db: Db) -> None:
    first, second = make_customer(db, company="100 % 'A'"), make_customer(db, company="{ids}")
    found = rows.wire(db, NAMES, ids=[first, second], other="x' OR '1'='1")
    assert [row["company"] for row in found] == ["100 % 'A'", "{ids}"]
    assert rows.wire(db, NAMES, ids=[first, second], other="100 % 'A'") == found[1:]
    assert rows.wire_tuples(db, NAMES, ids=[second], other="") == [(str(second), "{ids}")]


def test_ids_are_numbers(db: Db) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        rows.wire(db, NAMES, ids=["1) OR (1=1"], other="")


def test_it_is_counted_like_any_query(database: Database) -> None:
    with counting.queries(database.engine) as sent:
        database.run(lambda db: options.get(db, "default_timezone"), write=False)
    assert len(sent) == 1


def test_what_the_server_refuses_is_told_as_sqlalchemy_tells_it(db: Db) -> None:
    wrong = Prepared(sa.select(sa.column("missing")).select_from(t.clients))
    with pytest.raises(sa.exc.DBAPIError) as raised:
        rows.wire(db, wrong)
    assert "missing" in str(raised.value.orig)


@pytest.mark.parametrize("engine_name", ["mysql"])
def test_a_lost_connection_is_replaced(database: Database, crm_url: str, open_engine: OpenEngine) -> None:
    with database.transaction(write=False) as db:
        lost = db.scalar(sa.text("SELECT CONNECTION_ID()"))
    with open_engine(crm_url).connect() as other:
        other.exec_driver_sql(f"KILL {lost}")
    assert database.run(lambda db: options.get(db, "default_timezone"), write=False)
