"""Plans of lists: shared by who asks for the same, and by nobody else."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Api, Transaction
from counting import queries
from flask import Flask
from make import make_contact, make_customer, make_invoice

from perfex_api import tables as t
from perfex_api.core.db import Db
from perfex_api.http import pages, plans
from perfex_api.http.asking import Asked
from perfex_api.http.plans import Plan, Plans

CLIENT = t.clients.c


def query(*where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """A rule's, made anew."""
    return sa.select(CLIENT.userid, CLIENT.company).where(*where).order_by(CLIENT.company)


def with_values(value: Any, type_: Any = None) -> sa.Select[Any]:
    """A query with a value in it."""
    return query(CLIENT.active == sa.bindparam(None, value, type_=type_ or sa.Integer()))


@pytest.fixture
def of() -> Callable[..., Plan]:
    """The plan of a query and a URL, of one process."""
    known = Plans()

    def of(asked: sa.Select[Any], args: Mapping[str, str] | None = None, names: str = "userid") -> Plan:
        made = Asked(asked, asked, asked, CLIENT.userid, frozenset([names]))
        return known.of(asked, args or {}, ("userid",), lambda: made)

    return of


def test_equal_queries_have_one_plan(of: Callable[..., Plan]) -> None:
    plan = of(query(CLIENT.active == 1, CLIENT.userid.in_([1, 2])), {"sort": "city", "page": "1"})
    again = of(
        query(CLIENT.active == 1, CLIENT.userid.in_([1, 2])), {"sort": "city", "page": "7", "limit": "3"}
    )
    assert again is plan


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (query(), query(CLIENT.active == 1)),
        (query(), query().order_by(CLIENT.city)),
        (query(), query().limit(1)),
        (query(), sa.select(CLIENT.userid, CLIENT.company.label("city")).order_by(CLIENT.company)),
        (query(), query().with_hint(t.clients, "FORCE INDEX (company)")),
        (query(CLIENT.company == "a"), query(CLIENT.company == "A")),
        (query(CLIENT.company == "a"), query(CLIENT.city == "a")),
        (query(CLIENT.userid.in_([1, 23])), query(CLIENT.userid.in_([12, 3]))),
        (query(CLIENT.userid.in_([1, 2])), query(CLIENT.userid.in_([1]))),
        (with_values(1), with_values(True)),
        (with_values(1), with_values("1")),
        (with_values(1), with_values(1.0)),
        (with_values(1), with_values(None)),
        (with_values(1), with_values(1, sa.String())),
        (with_values(Decimal("1.0")), with_values(Decimal("1.00"))),
        (with_values(date(2026, 1, 1)), with_values(datetime(2026, 1, 1))),
    ],
)
def test_what_may_give_other_rows_has_another_plan(
    of: Callable[..., Plan], one: sa.Select[Any], other: sa.Select[Any]
) -> None:
    assert of(one) is not of(other)


def test_another_url_has_another_plan(of: Callable[..., Plan]) -> None:
    plan = of(query(), {"sort": "city"})
    for args in ({}, {"sort": "-city"}, {"sort": "city", "active": "1"}, {"fields": "city"}):
        assert of(query(), args) is not plan


def test_what_can_change_under_its_name_has_a_plan_of_its_own_each_time(of: Callable[..., Plan]) -> None:
    class Word(str):
        """Anything else than it looks like."""

    assert of(with_values(Word("a"), sa.String())) is not of(with_values(Word("a"), sa.String()))


def test_a_column_that_is_called_as_a_page_is_a_column(of: Callable[..., Plan]) -> None:
    first = of(query(), {"page": "1"}, names="page")
    assert of(query(), {"page": "2"}, names="page") is not first


def test_those_that_nobody_asks_for_make_room(
    of: Callable[..., Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "PLANS", 2)
    first, second = of(query(CLIENT.userid == 1)), of(query(CLIENT.userid == 2))
    assert of(query(CLIENT.userid == 1)) is first
    of(query(CLIENT.userid == 3))
    assert of(query(CLIENT.userid == 1)) is first
    assert of(query(CLIENT.userid == 2)) is not second


# Over HTTP


@pytest.fixture
def engine(app: Flask) -> sa.Engine:
    """The application's."""
    engine: sa.Engine = app.extensions["perfex_api"].database.engine
    return engine


def test_pages_that_differ_in_a_value_alone_have_their_own_rows(api: Api, transaction: Transaction) -> None:
    with transaction() as db:
        for number in range(6):
            make_customer(db, company=f"Acme {number % 2}", country=number % 3)
    for _ in range(2):
        for country in (0, 1, 2):
            page = api.get(f"customers?country={country}&page=1").json
            assert {row["country"] for row in page["data"]} == {str(country)}
            assert page["meta"]["total"] == 2
        for word in "01":
            found = api.get(f"customers/search/Acme {word}?page=1&per_page=2").json
            assert {row["company"] for row in found["data"]} == {f"Acme {word}"}
            assert found["meta"]["total"] == 3


def test_bounds_and_amounts_are_sent_as_their_types_store_them(api: Api, transaction: Transaction) -> None:
    with transaction() as db:
        for day in range(1, 8):
            make_invoice(db, datecreated=datetime(2026, 1, day, 12), total="10.50")
    for _ in range(2):
        page = api.get("invoices?created_after=2026-01-02&created_before=2026-01-06T12:00:00&page=1").json
        assert page["meta"]["total"] == 5
        assert [row["total"] for row in page["data"]] == ["10.50"] * 5


def make_nine(db: Db, nameless: int) -> None:
    """Nine customers, some of whom are persons without a name of their own."""
    for number in range(9):
        customer = make_customer(db, company="" if number < nameless else f"{'cab'[number % 3]} & Co")
        make_contact(db, userid=customer, is_primary=1, firstname="b", lastname=str(number))


@pytest.mark.parametrize("nameless", [0, 1, 3])
def test_the_order_of_names_is_that_of_the_index_as_long_as_everybody_has_one(
    api: Api, transaction: Transaction, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, nameless: int
) -> None:
    monkeypatch.setattr(pages, "LONG", 3)
    with transaction() as db:
        make_nine(db, nameless)
    whole = api.get("customers?sort=company").json
    api.get("customers?page=1&per_page=2")
    with queries(engine) as sent:
        found = [api.get(f"customers?page={page}&per_page=2").json["data"] for page in range(1, 6)]
    assert [row["id"] for page in found for row in page] == [row["id"] for row in whole]
    (ids,) = [each for each in sent if each.startswith(f"SELECT {t.clients.name}.userid \nFROM")]
    assert ids.endswith(f"ORDER BY {t.clients.name}.company, {t.clients.name}.userid") == (not nameless)


@pytest.mark.parametrize("nameless", [0, 1])
def test_a_page_that_nobody_has_asked_for_is_read_along_the_index(
    api: Api,
    make_app: Callable[..., Flask],
    transaction: Transaction,
    monkeypatch: pytest.MonkeyPatch,
    nameless: int,
) -> None:
    monkeypatch.setattr(pages, "LONG", 3)
    with transaction() as db:
        make_nine(db, nameless)
    whole = api.get("customers?sort=company").json
    for page in (1, 2, 5):
        app = make_app()
        with queries(app.extensions["perfex_api"].database.engine) as sent:
            found = Api(app.test_client(), api.token).get(f"customers?page={page}&per_page=2")
        assert found.json["data"] == whole[2 * page - 2 : 2 * page]
        sorting = [each for each in sent if "ORDER BY" in each and "firstname" in each]
        assert bool(sorting) == bool(nameless)
