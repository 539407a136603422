"""New rows go in as SQLAlchemy would write them, by each driver."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import counting
import pytest
import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import inserting, rows
from perfex_api.core.db import Database, Db
from perfex_api.core.hooks import Hooks

ODD = "Ünï 日本 🚀 \\ ' \" % %s {ids} `"
MOMENT = datetime(2026, 1, 31, 9, 8, 7, 6)


@pytest.fixture(params=["sqlite", "pymysql", "mysqldb"])
def driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def engine_name(driver: str) -> str:
    return "sqlite" if driver == "sqlite" else "mysql"


@pytest.fixture
def written(driver: str, crm_url: str) -> Iterator[Database]:
    """A database, by each driver that there is."""
    address = sa.make_url(crm_url)
    if driver == "mysqldb":
        pytest.importorskip("MySQLdb")
        address = address.set(drivername="mysql+mysqldb").difference_update_query(["ssl_disabled"])
    made = Database(address.render_as_string(hide_password=False), t.crm, Hooks())
    yield made
    made.dispose()


def test_values_are_as_they_were(written: Database) -> None:
    values = {
        "company": ODD,
        "vat": None,
        "phonenumber": "",
        "datecreated": datetime(2026, 1, 31, 9, 8, 7, 6),
    }
    amounts = {"amount": Decimal("0.125"), "date": date(2026, 2, 1)}

    def add(db: Db) -> tuple[rows.Row, rows.Row]:
        customer = rows.insert(db, t.clients, values | {"country": 7, "addedfrom": True})
        expense = rows.insert(db, t.expenses, amounts | {"dateadded": datetime(2026, 2, 1), "category": 1})
        return rows.get(db, t.clients, customer), rows.get(db, t.expenses, expense)

    customer, expense = written.run(add)
    assert {name: customer[name] for name in values} == values | {
        "datecreated": datetime(2026, 1, 31, 9, 8, 7)
    }
    assert (customer["country"], customer["addedfrom"]) == (7, 1)
    assert {name: expense[name] for name in amounts} == amounts | {"amount": Decimal("0.13")}


def test_the_key_is_the_databases_or_the_one_that_is_named(written: Database) -> None:
    def add(db: Db) -> tuple[int, int, int]:
        option = {"name": "first", "value": "", "autoload": 1}
        return (
            rows.insert(db, t.options, option | {"id": 77_001}),
            rows.insert(db, t.options, option | {"name": "second"}),
            rows.insert(db, t.api_state, {"name": "mine", "value": "x"}),
        )

    named, given, no_number = written.run(add)
    assert (named, given, no_number) == (77_001, 77_002, 0)


def test_many_rows_are_one_statement(written: Database) -> None:
    found = [[f"state {number}", ODD] for number in range(3)]
    with counting.queries(written.engine) as sent:
        written.run(lambda db: inserting.many(db, t.api_state, ("name", "value"), found))
    assert len(sent) == 1
    query = sa.select(t.api_state.c.value).where(t.api_state.c.name.like("state %"))
    assert written.run(lambda db: list(db.execute(query).scalars())) == [ODD] * 3


def test_a_key_that_is_taken_is_told_as_sqlalchemy_tells_it(written: Database) -> None:
    written.run(lambda db: rows.insert(db, t.api_state, {"name": "mine", "value": "x"}))
    with pytest.raises(sa.exc.IntegrityError):
        written.run(lambda db: rows.insert(db, t.api_state, {"name": "mine", "value": "y"}))


def test_what_is_computed_is_computed(written: Database) -> None:
    values: dict[str, Any] = {"name": "mine", "value": sa.func.upper("abc")}
    written.run(lambda db: rows.insert(db, t.api_state, values))
    query = sa.select(t.api_state.c.value).where(t.api_state.c.name == "mine")
    assert written.run(lambda db: db.scalar(query)) == "ABC"
