"""Lists: what date bounds and filters keep, the same on every engine."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Api, Transaction
from databases import OpenEngine
from flask import Flask
from make import make_customer, make_invoice, make_item, make_lead, make_payment

from changes import capture
from perfex_api import tables as t
from perfex_api.core.errors import InvalidQuery, NotFound
from perfex_api.http import listing

NOTHING = {"status": False, "message": "No data were found"}
BAD_DATE = "Dates must be ISO formatted, e.g. 2026-01-31 or 2026-01-31 23:59:59"


@pytest.fixture
def companies(transaction: Transaction) -> Callable[..., None]:
    """Add customers of these names."""

    def add(*names: str, **columns: Any) -> None:
        with transaction() as db:
            for name in names:
                make_customer(db, company=name, **columns)

    return add


def found(api: Api, query: str, resource: str = "customers") -> str:
    """The names of the customers that a query keeps."""
    answer = api.get(f"{resource}?{query}")
    assert answer.status_code == 200
    return "".join(row["company"] for row in answer.json)


# When a record was created


@pytest.fixture
def four_moments(companies: Callable[..., None]) -> None:
    companies("a", datecreated=datetime(2026, 1, 30, 23, 59, 59))
    companies("b", datecreated=datetime(2026, 1, 31, 0, 0, 0))
    companies("c", datecreated=datetime(2026, 1, 31, 23, 59, 59))
    companies("d", datecreated=datetime(2026, 2, 1, 0, 0, 0))


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("created_after=2026-01-31", "bcd"),
        ("created_before=2026-01-31", "abc"),
        ("created_after=2026-01-31&created_before=2026-01-31", "bc"),
        ("created_after=2026-01-31 00:00:01", "cd"),
        ("created_after=2026-01-31T23:59:59", "cd"),
        ("created_before=2026-01-31 00:00:00", "ab"),
        ("created_before=2026-01-30 23:59:58&created_after=2027-01-01", ""),
        ("created_before=2026-01-31T23:59", "ab"),
        ("created_before=2026-01-31T23:59:59Z", "abc"),
        ("created_before=2026-01-31T23:59:59.999%2B02:00", "abc"),
        ("created_after=20260201", "d"),
        ("date_from=2026-02-01", "d"),
        ("date_to=2026-01-30", "a"),
        ("created_after=2026-02-01&date_from=2020-01-01", "d"),
        ("created_after=&date_from=2026-02-01", "d"),
        ("created_after= 2026-02-01 ", "d"),
        ("created_after=0001-01-01&created_before=9999-12-31", "abcd"),
        ("created_after=", "abcd"),
    ],
)
@pytest.mark.usefixtures("four_moments")
def test_date_bounds_are_inclusive(api: Api, query: str, kept: str) -> None:
    assert found(api, query) == kept


@pytest.mark.parametrize(
    "text",
    ["31/01/2026", "2026-02-30", "2026-13-01", "yesterday", "2026-01-31 25:00", "0", "1769817600", "'"],
)
@pytest.mark.parametrize("name", ["created_after", "created_before"])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_an_unreadable_date_is_told(api: Api, name: str, text: str) -> None:
    for sent in (name, {"created_after": "date_from", "created_before": "date_to"}[name]):
        answer = api.get("customers", query_string={sent: text})
        assert answer.status_code == 422
        assert answer.get_data(as_text=True) == (
            '{"status":false,"error":"validation_failed","message":"Invalid date filter",'
            f'"errors":{{"{name}":"{BAD_DATE}"}}}}'
        )


def test_both_unreadable_dates_are_told(api: Api) -> None:
    answer = api.get("customers?created_after=x&created_before=y")
    assert answer.json["errors"] == {"created_after": BAD_DATE, "created_before": BAD_DATE}


@pytest.mark.usefixtures("four_moments")
def test_bounds_that_leave_nothing_are_no_error(api: Api) -> None:
    late = "created_after=2030-01-01"
    assert (api.get(f"customers?{late}").status_code, api.get(f"customers?{late}").json) == (200, [])
    meta = {
        "page": 1,
        "per_page": 5,
        "total": 0,
        "total_pages": 0,
        "has_more": False,
        "current_page": 1,
        "last_page": 1,
    }
    answer = api.get(f"customers?{late}&per_page=5&page=3")
    assert (answer.status_code, answer.json) == (200, {"data": [], "meta": meta})
    assert api.get(f"customers/search/a?{late}").json == []


@pytest.mark.parametrize("query", ["", "&page=1"])
@pytest.mark.usefixtures("four_moments")
def test_nothing_to_bound_is_404_all_the_same(api: Api, query: str) -> None:
    for url in ("items?created_after=2026-01-01", "customers/search/zzz?created_after=2026-01-01"):
        answer = api.get(url + query)
        assert (answer.status_code, answer.json) == (404, NOTHING)
    answer = api.get(f"customers?userid=99&created_after=2030-01-01{query}")
    assert (answer.status_code, answer.json) == (404, NOTHING)


def test_a_list_without_a_creation_column_ignores_bounds(api: Api, transaction: Transaction) -> None:
    with transaction() as db:
        make_item(db)
    assert len(api.get("items?created_after=2030-01-01").json) == 1
    assert api.get("items?created_after=x").status_code == 422


def test_rows_without_a_date_stay(transaction: Transaction) -> None:
    with transaction() as db:
        make_lead(db, name="old", dateadded=datetime(2020, 1, 1))
        make_lead(db, name="new", dateadded=datetime(2026, 1, 1))
        query = sa.select(t.leads.c.id, t.leads.c.name, t.leads.c.dateadded).order_by(t.leads.c.id)
        undated = sa.select(
            sa.literal(3).label("id"),
            sa.literal("undated").label("name"),
            sa.cast(sa.null(), t.leads.c.dateadded.type).label("dateadded"),
        )
        both = sa.union_all(query.order_by(None), undated).subquery()
        rows = listing.answer(
            db,
            sa.select(*both.c).order_by(both.c.id),
            {"created_after": "2025-01-01"},
            lambda db, page: None,
            ids=("id",),
        )
    assert [row["name"] for row in rows] == ["new", "undated"]


@pytest.mark.parametrize(
    ("bounds", "kept"),
    [
        ({"created_after": "2026-01-31"}, [31, 1]),
        ({"created_after": "2026-01-31 00:00:00"}, [31, 1]),
        ({"created_after": "2026-01-31 00:00:01"}, [1]),
        ({"created_before": "2026-01-31"}, [30, 31]),
        ({"created_before": "2026-01-30 23:59:59"}, [30]),
        ({"created_before": "9999-12-31", "created_after": "0001-01-01"}, [30, 31, 1]),
    ],
)
def test_a_column_of_days_is_bounded_by_the_day(
    transaction: Transaction, bounds: dict[str, str], kept: list[int]
) -> None:
    with transaction() as db:
        for day in (date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1)):
            make_payment(db, make_invoice(db), date=day)
        payment = t.invoicepaymentrecords.c
        query = sa.select(payment.id, payment.date).order_by(payment.id)
        rows = listing.answer(db, query, bounds, lambda db, page: None, ids=("id",))
    assert [int(row["date"][-2:]) for row in rows] == kept


# Plain filters


def test_indexed_columns_filter(api: Api, companies: Callable[..., None]) -> None:
    companies("a", country=1, active=1)
    companies("b", country=2, active=1)
    companies("c", country=2, active=0)
    assert found(api, "country=2") == "bc"
    assert found(api, "country=2&active=1") == "b"
    assert found(api, "userid=3") == "c"
    assert found(api, "id=1") == "a"
    assert found(api, "country= 2 ") == "bc"
    assert found(api, "country=%2B2") == "bc"
    assert found(api, "country=") == "abc"
    assert found(api, "company=B") == "b"
    assert found(api, "country=2&created_after=2020-01-01&sort=-company") == "cb"
    assert api.get("customers?country=2&page=1").json["meta"]["total"] == 2


@pytest.mark.parametrize("query", ["country=99", "country=-1", "userid=999999999999999999", "company=zzz"])
def test_a_filter_that_leaves_nothing_is_404(api: Api, companies: Callable[..., None], query: str) -> None:
    companies("a")
    for answer in (api.get(f"customers?{query}"), api.get(f"customers?{query}&page=1")):
        assert (answer.status_code, answer.json) == (404, NOTHING)


def test_other_columns_do_not_filter(api: Api, companies: Callable[..., None]) -> None:
    companies(*"ab", city="Berlin")
    assert found(api, "city=Paris&zip=1&nothing=1") == "ab"


@pytest.mark.parametrize(
    "text", ["x", "1.5", "1e3", "0x1", "9" * 19, "1 OR 1=1", "\u0661", "1_0", "--1", "null"]
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_filter_that_cannot_be_read_is_told(api: Api, text: str) -> None:
    answer = api.get("customers", query_string={"country": text, "active": 1, "userid": text})
    message = "This filter must be a whole number"
    assert (answer.status_code, answer.json) == (
        422,
        {
            "status": False,
            "error": "validation_failed",
            "message": "Invalid filter",
            "errors": {"country": message, "userid": message},
        },
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2024-01-31", ["early", "late"]),
        ("2024-01-31 23:59:59", ["late"]),
        ("2024-01-31T00:00", ["early"]),
        ("2024-02-01", None),
    ],
)
def test_a_column_of_moments_filters_by_day_or_moment(
    transaction: Transaction, text: str, kept: list[str] | None
) -> None:
    with transaction() as db:
        make_lead(db, name="early", dateadded=datetime(2024, 1, 31))
        make_lead(db, name="late", dateadded=datetime(2024, 1, 31, 23, 59, 59))
        query = sa.select(t.leads.c.id, t.leads.c.name, t.leads.c.dateadded).order_by(t.leads.c.id)

        def rows() -> Any:
            return listing.answer(db, query, {"dateadded": text}, lambda db, page: None, ids=("id",))

        if kept is None:
            with pytest.raises(NotFound):
                rows()
        else:
            assert [row["name"] for row in rows()] == kept


def test_a_moment_that_cannot_be_read_is_told(transaction: Transaction) -> None:
    with transaction() as db:
        make_lead(db)
        query = sa.select(t.leads.c.id, t.leads.c.dateadded)
        with pytest.raises(InvalidQuery) as refused:
            listing.answer(db, query, {"dateadded": "x"}, lambda db, page: None, ids=("id",))
    assert refused.value.errors == {"dateadded": BAD_DATE}


def test_columns_that_an_older_database_lacks_are_unknown(
    crm_url: str, open_engine: OpenEngine, make_app: Callable[..., Flask], mint: Callable[..., Api]
) -> None:
    token, engine = mint().token, open_engine(crm_url)
    with engine.connect() as connection:
        capture.remove(connection)  # SQLite drops no column that a trigger names
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO tblclients (company, datecreated) VALUES ('a', '2020-01-01')")
        for name in ("leadid", "stripe_id"):
            if connection.dialect.name == "sqlite" and name == "leadid":
                connection.exec_driver_sql("DROP INDEX ix_tblclients_leadid")
            connection.exec_driver_sql(f"ALTER TABLE tblclients DROP COLUMN {name}")
    api = Api(make_app().test_client(), token)
    for query in ("sort=stripe_id", "leadid=3", "fields=leadid,company", "sort=-leadid&leadid=x"):
        assert found(api, query) == "a"
    assert "leadid" not in api.get("customers").json[0]
