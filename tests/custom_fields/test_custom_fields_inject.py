from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from make import make_custom_field, make_custom_field_value, make_customer

from custom_fields import inject
from perfex_api.core.db import Db


@pytest.fixture
def statements(db: Db) -> Iterator[list[str]]:
    """What is sent to the database from now on."""
    sent: list[str] = []

    def note(*arguments: Any) -> None:
        sent.append(arguments[2])

    sa.event.listen(db.connection, "before_cursor_execute", note)
    yield sent
    sa.event.remove(db.connection, "before_cursor_execute", note)


def shown(db: Db, kind: str, record_id: int) -> list[tuple[str, str]]:
    """Label and value of a record's custom fields."""
    row: dict[str, Any] = {"id": str(record_id)}
    inject.read(db, kind, [row], [record_id])
    return [(each["label"], each["value"]) for each in row["customfields"]]


def test_every_active_field_is_shown_in_the_order_of_the_screens(db: Db) -> None:
    make_custom_field(db, "customers", name="third", field_order=2)
    make_custom_field(db, "customers", name="second", field_order=1)
    make_custom_field(db, "customers", name="gone", field_order=1, active=0)
    make_custom_field(db, "customers", name="also third", field_order=2)
    make_custom_field(db, "customers", name="first", field_order=0, only_admin=1)
    make_custom_field(db, "invoice", name="elsewhere")
    labels = [label for label, _ in shown(db, "customers", 1)]
    assert labels == ["first", "second", "third", "also third"]


def test_a_record_shows_its_own_values_and_an_empty_text_for_the_others(db: Db) -> None:
    size = make_custom_field(db, "customers", name="Size")
    make_custom_field(db, "customers", name="Colour")
    make_custom_field_value(db, "customers", 5, size, "large")
    make_custom_field_value(db, "customers", 6, size, "small")
    make_custom_field_value(db, "invoice", 5, size, "of an invoice")
    assert shown(db, "customers", 5) == [("Size", "large"), ("Colour", "")]
    assert shown(db, "customers", 6) == [("Size", "small"), ("Colour", "")]
    assert shown(db, "customers", 7) == [("Size", ""), ("Colour", "")]


def test_the_key_is_the_last_of_a_row(db: Db) -> None:
    field = make_custom_field(db, "customers", name="Size")
    make_custom_field_value(db, "customers", 5, field, "large")
    row: dict[str, Any] = {"userid": "5", "company": "Acme"}
    inject.read(db, "customers", [row], [5])
    assert list(row.items()) == [
        ("userid", "5"),
        ("company", "Acme"),
        ("customfields", [{"label": "Size", "value": "large"}]),
    ]


def test_lines_and_catalogue_items_share_their_fields_but_not_their_values(db: Db) -> None:
    field = make_custom_field(db, "items", name="Colour")
    make_custom_field_value(db, "items", 5, field, "of a line")
    make_custom_field_value(db, "items_pr", 5, field, "of an item")
    assert shown(db, "items", 5) == [("Colour", "of a line")]
    assert shown(db, "items_pr", 5) == [("Colour", "of an item")]


@pytest.mark.parametrize("kind", ["payments", "subscriptions", "milestones", "timesheets", "events"])
def test_kinds_without_custom_fields_show_an_empty_list(db: Db, statements: list[str], kind: str) -> None:
    assert shown(db, kind, 1) == []
    assert statements == []


def test_a_value_that_is_stored_twice_is_shown_as_the_screens_show_it(db: Db) -> None:
    field = make_custom_field(db, "customers", name="Size")
    make_custom_field_value(db, "customers", 5, field, "older")
    make_custom_field_value(db, "customers", 5, field, "newer")
    assert shown(db, "customers", 5) == [("Size", "older")]


@pytest.mark.parametrize("size", [1, 200])
def test_a_page_costs_two_queries_however_many_rows_it_has(db: Db, statements: list[str], size: int) -> None:
    field = make_custom_field(db, "customers", name="Size")
    customers = [make_customer(db) for _ in range(size)]
    for customer in customers:
        make_custom_field_value(db, "customers", customer, field, f"of {customer}")
    statements.clear()
    page: list[dict[str, Any]] = [{} for _ in customers]
    inject.read(db, "customers", page, customers)
    assert len(statements) == 2
    values = [row["customfields"][0]["value"] for row in page]
    assert values == [f"of {customer}" for customer in customers]


def test_a_page_may_have_more_rows_than_sqlite_allows_variables(db: Db) -> None:
    field = make_custom_field(db, "customers", name="Size")
    make_custom_field_value(db, "customers", 39_999, field, "large")
    numbers: list[int] = []

    def note(*arguments: Any) -> None:
        numbers.append(len(arguments[3]))

    sa.event.listen(db.connection, "before_cursor_execute", note)
    ids = list(range(40_000))
    page: list[dict[str, Any]] = [{} for _ in ids]
    inject.read(db, "customers", page, ids)
    sa.event.remove(db.connection, "before_cursor_execute", note)
    assert page[-1]["customfields"] == [{"label": "Size", "value": "large"}]
    assert max(numbers) < 10
