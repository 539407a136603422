"""Pages of long lists: the rows and the totals that the database would give, without counting and sorting."""

import random
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Api, Transaction
from counting import queries
from flask import Flask
from make import make_contact, make_custom_field, make_custom_field_value, make_customer

from perfex_api import tables as t
from perfex_api.http import pages
from perfex_api.http.pipeline import Machinery

NUMBER, SIZE = 23, 5


@pytest.fixture(autouse=True)
def short_lists_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat a few rows as a long list."""
    monkeypatch.setattr(pages, "LONG", 3)


@pytest.fixture
def engine(app: Flask) -> sa.Engine:
    """The application's."""
    machinery: Machinery = app.extensions["perfex_api"]
    return machinery.database.engine


@pytest.fixture
def customers(transaction: Transaction) -> None:
    """Customers with equal names and without one, and a custom field."""
    with transaction() as db:
        field = make_custom_field(db, "customers")
        for number in range(NUMBER):
            customer = make_customer(
                db, company=random.choice(["", "Acme", "acme", "Ärger", "Zoo"]), city="A"
            )
            make_contact(db, userid=customer, is_primary=1, firstname=f"P{number % 3}")
            make_custom_field_value(db, "customers", customer, field, f"value {number}")


def walk(api: Api, path: str) -> list[dict[str, Any]]:
    """Every row of a list, page by page."""
    found: list[dict[str, Any]] = []
    while True:
        page = api.get(f"{path}&per_page={SIZE}&page={len(found) // SIZE + 1}").json
        found += page["data"]
        if not page["meta"]["has_more"]:
            return found


@pytest.mark.usefixtures("customers")
@pytest.mark.parametrize(
    "query",
    [
        "",
        "sort=-city",
        "sort=company,-id",
        "fields=company",
        "active=1",
        "created_after=2020-01-01",
        "userid=4",
    ],
)
def test_pages_are_the_list(api: Api, query: str) -> None:
    whole = api.get(f"customers?{query}").json
    for _ in range(3):
        assert walk(api, f"customers?{query}") == whole


@pytest.mark.usefixtures("customers")
def test_pages_of_a_search_are_the_search(api: Api) -> None:
    whole = api.get("customers/search/a").json
    for _ in range(3):
        assert walk(api, "customers/search/a?") == whole


@pytest.mark.usefixtures("customers")
def test_a_page_that_is_asked_for_again_needs_neither_count_nor_sort(api: Api, engine: sa.Engine) -> None:
    with queries(engine) as first:
        api.get("customers?page=2")
    assert [each for each in first if "count(" in each]
    api.get("customers?page=2")
    with queries(engine) as third:
        api.get("customers?page=2")
    about_customers = [each for each in third if f"FROM {t.clients.name}" in each]
    assert len([each for each in about_customers if "ORDER BY" in each or "count(" in each]) == 0
    assert len([each for each in about_customers if f"{t.clients.name}.userid IN (" in each]) == 1


@pytest.mark.usefixtures("customers")
def test_a_change_by_anybody_is_on_the_very_next_page(api: Api, crm_engine: sa.Engine) -> None:
    walk(api, "customers?")
    walk(api, "customers?")
    for statement in (
        t.clients.insert().values(company="A first", datecreated=sa.text("'2026-01-01'")),
        t.clients.update().where(t.clients.c.userid == 3).values(company="ZZZ last"),
        t.contacts.update().values(firstname=sa.func.coalesce("Q", "")),
        t.customfieldsvalues.update().values(value="other"),
        t.clients.delete().where(t.clients.c.userid == 5),
    ):
        with crm_engine.begin() as foreign:
            foreign.execute(statement)
        assert walk(api, "customers?") == api.get("customers").json
        with crm_engine.connect().execution_options(reading=True) as foreign:
            number = foreign.scalar(sa.select(sa.func.count()).select_from(t.clients))
        assert api.get("customers?page=1").json["meta"]["total"] == number


@pytest.mark.usefixtures("customers")
def test_a_page_that_is_known_by_ids_is_confirmed_like_any_other(api: Api, crm_engine: sa.Engine) -> None:
    walk(api, "customers?")
    walk(api, "customers?")
    path = f"customers?page=2&per_page={SIZE}"
    tag = api.get(path).headers["ETag"]
    assert api.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert api.get(path, headers={"If-None-Match": tag}).status_code == 304
    with crm_engine.begin() as foreign:  # on another page, but the total is on this one
        foreign.execute(t.clients.delete().where(t.clients.c.userid == 1))
    assert api.get(path, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.usefixtures("customers")
def test_more_ids_than_there_is_room_for_are_not_kept(
    api: Api, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "IDS", NUMBER)
    for _ in range(3):
        assert walk(api, "customers?") == api.get("customers").json
    with queries(engine) as sent:
        api.get("customers?page=1")
    assert any("ORDER BY" in each for each in sent if f"FROM {t.clients.name}" in each)


def test_a_list_that_has_no_rows_any_more_is_not_found(
    api: Api, customers: None, transaction: Transaction, make: Callable[..., int]
) -> None:
    for _ in range(3):
        assert api.get("customers?page=4").status_code == 200
    with transaction() as db:
        db.execute(t.clients.delete())
    assert api.get("customers?page=4").status_code == 404
