"""On a database that Perfex made, triggers are the only addition to its tables, whatever its version."""

import perfex_database
import pytest
import sqlalchemy as sa
from databases import OpenEngine

import changes
from changes import capture
from changes.tracked import LOOKED_UP
from perfex_api import tables as t
from perfex_api.core.db import Database
from perfex_api.core.hooks import Hooks
from perfex_api.schema import initialise
from perfex_api.settings import Settings


@pytest.mark.parametrize("older", [False, True], ids=["3.4.1", "3.0"])
def test_adopted_tables_get_triggers_and_nothing_else(
    mysql_url: str, open_engine: OpenEngine, older: bool
) -> None:
    perfex_database.build(mysql_url, older=older)
    engine = open_engine(mysql_url)
    with engine.connect() as connection:
        before = perfex_database.fingerprint(connection)
    initialise(engine, Settings())
    with engine.connect() as connection:
        made = capture.install(connection)
        after = perfex_database.fingerprint(connection)
    on_our_own = 3 * len([name for name in LOOKED_UP if t.PREFIX + name in t.own.tables])
    assert len(after.pop("triggers")) == made - on_our_own > 100
    del before["triggers"]
    assert after == before

    loose = sa.create_engine(mysql_url)
    with loose.begin() as connection:
        connection.exec_driver_sql("SET SESSION sql_mode = ''")
        connection.exec_driver_sql("UPDATE tblclients SET company = 'By PHP' WHERE userid = 1")
        connection.exec_driver_sql(
            "INSERT INTO tblinvoices (clientid, number, date) VALUES (1, 9, '0000-00-00')"
        )
    loose.dispose()
    database = Database(mysql_url, t.crm, Hooks())
    changes.seal(database)
    with database.transaction(write=False) as db:
        page = changes.page(db, ["customers", "invoices"], 0, 50)
    database.dispose()
    assert [(event.resource, event.action) for event in page.events] == [
        ("customers", "updated"),
        ("invoices", "created"),
    ]
