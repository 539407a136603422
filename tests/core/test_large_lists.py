"""Whole lists: in parts, from the wire where nothing else is asked in between, along an index."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Api, Transaction
from counting import queries
from databases import OpenEngine
from make import make_contact, make_custom_field, make_custom_field_value, make_customer

from custom_fields import values
from perfex_api import customers
from perfex_api import tables as t
from perfex_api.core import raw, rows
from perfex_api.core.db import Database, Db
from perfex_api.core.unconverted import Turn

ROWS = 2 * raw.PART + 7


@pytest.fixture
def many(transaction: Transaction) -> None:
    """More customers than a part holds."""
    with transaction() as db:
        for number in range(ROWS):
            make_customer(db, company=f"Company {number % 9}", vat=None)


def names(api: Api, query: str = "") -> list[str]:
    return [row["company"] for row in api.get(f"customers{query}").json]


# Parts


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("alone", [False, True])
def test_parts_are_the_whole_result(db: Db, alone: bool) -> None:
    query = sa.select(t.clients).order_by(t.clients.c.userid)
    parts = list(rows.wire_parts(db, query, alone=alone))
    assert [len(part) for part in parts] == ([raw.PART, raw.PART, 7] if alone else [ROWS])
    assert [row for part in parts for row in part] == rows.wire(db, query)
    together = [row for part in rows.wire_tuple_parts(db, query) for row in part]
    assert together == [tuple(row.values()) for row in rows.wire(db, query)]


@pytest.mark.usefixtures("many")
def test_a_list_that_is_given_up_leaves_the_connection_usable(db: Db) -> None:
    with closing(rows.wire_parts(db, sa.select(t.clients), alone=True)) as parts:
        next(parts)
    assert rows.exists(db, t.clients.c.userid == 1)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("engine_name", ["mysql"])
def test_a_connection_that_is_lost_on_the_way_is_told_as_sqlalchemy_tells_it(
    database: Database, crm_url: str, open_engine: OpenEngine
) -> None:
    with database.transaction() as db:
        db.execute(t.clients.update().values(address="x" * 180, shipping_street="y" * 180))
        wide = sa.select(t.clients, *(sa.literal("z" * 4_000).label(f"z{n}") for n in range(9)))
    with open_engine(crm_url).connect() as other, database.transaction(write=False) as db:
        lost = db.scalar(sa.text("SELECT CONNECTION_ID()"))
        parts = rows.wire_parts(db, wide, alone=True)
        next(parts)
        other.exec_driver_sql(f"KILL {lost}")
        with pytest.raises(sa.exc.DBAPIError) as raised:
            list(parts)
    assert raised.value.connection_invalidated
    assert database.run(lambda db: rows.exists(db, t.clients.c.userid == 1), write=False)


def test_who_had_the_turn_stands_behind_who_waits_for_it() -> None:
    turn, order = Turn(), []

    def wait() -> None:
        with turn:
            order.append("who waited")

    waiting = threading.Thread(target=wait)
    with turn:
        waiting.start()
        deadline = time.monotonic() + 10
        while not turn.is_wanted and time.monotonic() < deadline:
            pass
    with turn:
        order.append("who had it")
    waiting.join(10)
    assert order == ["who waited", "who had it"]


# Order


@pytest.fixture
def told(database: Database) -> Iterator[list[str]]:
    """What is sent to the database."""
    with queries(database.engine) as sent:
        yield sent


@pytest.mark.usefixtures("many")
def test_customers_stand_in_the_same_order_with_and_without_their_index(
    api: Api, transaction: Transaction, told: list[str], engine_name: str
) -> None:
    along = api.get("customers").data
    by_force = any("FORCE INDEX FOR ORDER BY (`company`)" in each for each in told)
    assert by_force == (engine_name == "mysql")
    told.clear()
    with transaction() as db:
        make_customer(db, company="", userid=9_000)
        make_contact(db, userid=9_000, firstname="Company", lastname="4", is_primary=1)
    sorted_by_expression = api.get("customers").json
    assert "FORCE INDEX" not in told[-1]
    person = next(row for row in sorted_by_expression if row["id"] == "9000")
    assert person["company"] == "Company 4"
    place = sorted_by_expression.index(person)
    assert sorted_by_expression[place - 1]["company"] == "Company 4"
    assert sorted_by_expression[place + 1]["company"] == "Company 5"
    with transaction() as db:
        rows.delete(db, t.contacts, t.contacts.c.userid == 9_000)
        rows.delete(db, t.clients, t.clients.c.userid == 9_000)
    assert api.get("customers").data == along


def test_a_database_without_the_index_sorts(api: Api, transaction: Transaction, told: list[str]) -> None:
    with transaction() as db:
        for name in "bca":
            make_customer(db, company=name)
        if not db.is_sqlite:
            db.execute(sa.text("DROP INDEX company ON tblclients"))
    assert names(api) == names(api) == ["a", "b", "c"]
    assert sum("FORCE INDEX" in each for each in told) <= 1


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("query", ["?sort=-userid", "?country=0", "?created_after=2020-01-01"])
def test_another_order_or_a_filter_takes_no_index_by_force(api: Api, told: list[str], query: str) -> None:
    assert len(names(api, query)) == ROWS
    assert not any("FORCE INDEX" in each for each in told)


def test_the_rule_itself_orders_by_name(db: Db) -> None:
    for name in ("b", None, "a"):
        make_customer(db, company=name)
    listed = rows.wire(db, customers.list_customers(db))
    assert [row["company"] for row in listed] == [None, "a", "b"]


# Custom fields


@pytest.fixture
def with_fields(api: Api, transaction: Transaction) -> list[dict[str, Any]]:
    """Customers with custom fields, as a list shows them page by page."""
    with transaction() as db:
        fields = [make_custom_field(db, "customers", name=name) for name in ("Tier", "Note")]
        make_custom_field(db, "customers", name="Gone", active=0)
        for number in range(60):
            customer = make_customer(db, company=f"Company {number:03}")
            for field in fields[: number % 3]:
                make_custom_field_value(db, "customers", customer, field, f"of {customer}")
                make_custom_field_value(db, "customers", customer, field, "younger")
        empty = make_customer(db, company="z")
        make_custom_field_value(db, "customers", empty, fields[0], "")
        make_custom_field_value(db, "customers", empty, fields[0], "younger")
    return [row for page in (1, 2, 3) for row in api.get(f"customers?page={page}").json["data"]]


def test_a_whole_list_asks_once_for_all_values(
    api: Api, with_fields: list[dict[str, Any]], told: list[str]
) -> None:
    listed = api.get("customers").json
    assert listed == with_fields
    assert sum("SELECT" in each and "tblcustomfieldsvalues" in each for each in told) == 1
    assert listed[2]["customfields"] == [
        {"label": "Tier", "value": "of 3"},
        {"label": "Note", "value": "of 3"},
    ]
    assert listed[-1]["customfields"] == [{"label": "Tier", "value": ""}, {"label": "Note", "value": ""}]


def test_values_that_are_too_much_to_hold_are_asked_for_part_by_part(
    api: Api, with_fields: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = api.get("customers").data
    monkeypatch.setattr(values, "MOST_HELD", 100)
    monkeypatch.setattr(raw, "PART", 10)
    assert api.get("customers").data == whole
    assert api.get("customers?active=1").json == with_fields
