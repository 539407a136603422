"""Counting: as many as the query gives, and without joins that cannot change it."""

from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Transaction
from make import make_contact, make_customer, make_invoice, make_row

from perfex_api import demo
from perfex_api import tables as t
from perfex_api.app import RESOURCES
from perfex_api.core.db import Db
from perfex_api.http.counting import counting

CLIENT, INVOICE, CONTACT, CURRENCY = t.clients, t.invoices, t.contacts, t.currencies
OTHER = sa.alias(CLIENT)
#: Its column is a key in its table, and stands here more than once.
LATEST = sa.select(t.invoices.c.id).join(CONTACT, CONTACT.c.id != t.invoices.c.id).subquery()


def of(source: sa.FromClause, *where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(INVOICE.c.id, INVOICE.c.total).select_from(source).where(*where).order_by(INVOICE.c.id)


def beside(table: Any, on: sa.ColumnElement[bool]) -> sa.Join:
    return sa.outerjoin(INVOICE, table, on)


BY_KEY = beside(CLIENT, CLIENT.c.userid == INVOICE.c.clientid)
#: Joins that are left out.
NEEDLESS = [
    of(BY_KEY),
    of(beside(CLIENT, INVOICE.c.clientid == CLIENT.c.userid)),
    of(beside(OTHER, OTHER.c.userid == INVOICE.c.clientid), INVOICE.c.number > 1),
    of(BY_KEY.outerjoin(CURRENCY, CURRENCY.c.id == CLIENT.c.default_currency)),
    of(INVOICE.outerjoin(CLIENT, CLIENT.c.userid == INVOICE.c.clientid), INVOICE.c.clientid == 1),
    sa.select(INVOICE.c.id, CLIENT.c.company).join(
        CLIENT, CLIENT.c.userid == INVOICE.c.clientid, isouter=True
    ),
]
#: Joins on which the number depends.
NEEDED = [
    of(INVOICE.join(CLIENT, CLIENT.c.userid == INVOICE.c.clientid)),
    of(beside(CONTACT, CONTACT.c.userid == INVOICE.c.clientid)),
    of(beside(CLIENT, CLIENT.c.userid >= INVOICE.c.clientid)),
    of(beside(CLIENT, sa.or_(CLIENT.c.userid == INVOICE.c.clientid, CLIENT.c.active == 1))),
    of(beside(CLIENT, CLIENT.c.userid == CLIENT.c.leadid)),
    of(BY_KEY, CLIENT.c.company == "Acme"),
    of(BY_KEY, sa.exists().where(CONTACT.c.userid == CLIENT.c.userid)),
    of(BY_KEY.outerjoin(CONTACT, CONTACT.c.userid == CLIENT.c.userid)),
    of(sa.join(CONTACT, BY_KEY, CONTACT.c.userid == CLIENT.c.userid)),
    of(beside(LATEST, LATEST.c.id == INVOICE.c.clientid)),
    sa.select(CLIENT.c.company).select_from(BY_KEY).distinct(),
]


@pytest.fixture
def stored(transaction: Transaction) -> None:
    """Customers with contacts and without, and invoices of some and of nobody."""
    with transaction() as db:
        make_row(db, CURRENCY, name="EUR")
        for number in range(4):
            customer = make_customer(db, company=["Acme", "Zoo"][number % 2])
            for _ in range(number):
                make_contact(db, userid=customer)
            for _ in range(number % 3):
                make_invoice(db, clientid=customer, number=number)
        make_invoice(db, clientid=99, number=1)


def numbers(db: Db, query: sa.Select[Any]) -> tuple[int, int]:
    """How many rows are counted, and how many there are."""
    return int(db.scalar(counting(query))), len(db.execute(query).all())


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("query", [pytest.param(each, id=str(each)[-60:]) for each in NEEDLESS])
def test_what_is_only_looked_up_is_not(transaction: Transaction, query: sa.Select[Any]) -> None:
    assert "JOIN" not in str(counting(query))
    with transaction() as db:
        counted, there = numbers(db, query)
    assert counted == there


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("query", [pytest.param(each, id=str(each)[-60:]) for each in NEEDED])
def test_what_adds_rows_or_takes_some_away_is_joined(transaction: Transaction, query: sa.Select[Any]) -> None:
    assert "JOIN" in str(counting(query))
    if not query._distinct:
        with transaction() as db:
            counted, there = numbers(db, query)
        assert counted == there


@pytest.mark.parametrize(
    ("operation", "joined"), [("tickets.list", 0), ("items.list", 0), ("leads.list", 0), ("expenses.list", 1)]
)
def test_lists_count_what_they_give(db: Db, operation: str, joined: int) -> None:
    demo.fill(db)
    operations = {each.id: each for resource in RESOURCES for each in resource.api.operations}
    query = operations[operation].rule(db)
    assert str(counting(query)).count("JOIN") == joined
    counted, there = numbers(db, query)
    assert counted == there > 0
