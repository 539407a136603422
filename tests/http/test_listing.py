"""Lists: pages, order, chosen fields, and the answer when there is nothing."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from conftest import Api, Transaction
from flask import Flask
from make import make_custom_field, make_custom_field_value, make_customer, make_item

NOTHING = {"status": False, "message": "No data were found"}
META = ["page", "per_page", "total", "total_pages", "has_more", "current_page", "last_page"]


@pytest.fixture
def companies(transaction: Transaction) -> Callable[..., None]:
    """Add customers of these names."""

    def add(*names: str, **columns: Any) -> None:
        with transaction() as db:
            for name in names:
                make_customer(db, company=name, **columns)

    return add


def names(rows: Sequence[dict[str, Any]]) -> list[str]:
    return [row["company"] for row in rows]


# Bare arrays and envelopes


def test_a_list_is_a_bare_array_until_a_page_is_asked_for(api: Api, companies: Callable[..., None]) -> None:
    companies(*"abc")
    for query in ("", "?limit=2", "?offset=1", "?sort=company", "?fields=company"):
        answer = api.get(f"customers{query}")
        assert isinstance(answer.json, list)
        assert names(answer.json) == ["a", "b", "c"]


@pytest.mark.parametrize("query", ["page=1", "per_page=25", "page=", "page=1&per_page=25", "page=x"])
def test_a_page_comes_in_the_envelope(api: Api, companies: Callable[..., None], query: str) -> None:
    companies(*"abc")
    answer = api.get(f"customers?{query}").json
    assert list(answer) == ["data", "meta"]
    assert names(answer["data"]) == ["a", "b", "c"]
    assert list(answer["meta"]) == META
    assert list(answer["meta"].values()) == [1, 25, 3, 1, False, 1, 1]


@pytest.mark.parametrize(
    ("query", "page", "rows", "meta"),
    [
        ("page=1&per_page=2", 1, "ab", [1, 2, 5, 3, True, 1, 3]),
        ("page=2&per_page=2", 2, "cd", [2, 2, 5, 3, True, 2, 3]),
        ("page=3&per_page=2", 3, "e", [3, 2, 5, 3, False, 3, 3]),
        ("page=4&per_page=2", 3, "e", [3, 2, 5, 3, False, 3, 3]),
        ("page=999999999999999999&per_page=2", 3, "e", [3, 2, 5, 3, False, 3, 3]),
        ("page=99999999999999999999999&per_page=2", 3, "e", [3, 2, 5, 3, False, 3, 3]),
        ("page=0&per_page=2", 1, "ab", [1, 2, 5, 3, True, 1, 3]),
        ("page=-1&per_page=2", 1, "ab", [1, 2, 5, 3, True, 1, 3]),
        ("page=x&per_page=2", 1, "ab", [1, 2, 5, 3, True, 1, 3]),
        ("page=1.5&per_page=2", 1, "ab", [1, 2, 5, 3, True, 1, 3]),
        ("page= 2 &per_page=2", 2, "cd", [2, 2, 5, 3, True, 2, 3]),
        ("per_page=0", 1, "a", [1, 1, 5, 5, True, 1, 5]),
        ("per_page=-5", 1, "a", [1, 1, 5, 5, True, 1, 5]),
        ("per_page=101", 1, "abcde", [1, 100, 5, 1, False, 1, 1]),
        ("per_page=x", 1, "abcde", [1, 25, 5, 1, False, 1, 1]),
        ("per_page=", 1, "abcde", [1, 25, 5, 1, False, 1, 1]),
        ("page=1&limit=2", 1, "ab", [1, 2, 5, 3, True, 1, 3]),
        ("page=2&limit=2", 2, "cd", [2, 2, 5, 3, True, 2, 3]),
        ("page=1&limit=2&per_page=3", 1, "abc", [1, 3, 5, 2, True, 1, 2]),
        ("per_page=3&limit=2", 1, "abc", [1, 3, 5, 2, True, 1, 2]),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_pages_are_clamped(
    api: Api, companies: Callable[..., None], query: str, page: int, rows: str, meta: list[Any]
) -> None:
    companies(*"abcde")
    answer = api.get(f"customers?{query}").json
    assert names(answer["data"]) == list(rows)
    assert list(answer["meta"].values()) == meta
    assert answer["meta"]["page"] == page


def test_pages_together_are_the_whole_list(api: Api, companies: Callable[..., None]) -> None:
    companies(*["same"] * 30)
    pages = [api.get(f"customers?page={page}&per_page=7&sort=company").json["data"] for page in range(1, 6)]
    assert sorted(int(row["id"]) for page in pages for row in page) == list(range(1, 31))


@pytest.mark.parametrize("query", ["", "?page=1", "?per_page=5&page=3", "?fields=company", "?sort=-company"])
def test_an_empty_table_is_404(api: Api, query: str) -> None:
    answer = api.get(f"customers{query}")
    assert (answer.status_code, answer.json) == (404, NOTHING)


def test_what_nobody_knows_is_ignored(api: Api, companies: Callable[..., None]) -> None:
    companies("a")
    answer = api.get("customers?nonsense=1&offset=x&_=1700000000&sort=nothing&a[]=1&%00=1&=")
    assert names(answer.json) == ["a"]


def test_search_pages_as_lists_do(api: Api, companies: Callable[..., None]) -> None:
    companies("Acme 1", "Acme 2", "other")
    answer = api.get("customers/search/acme?page=2&per_page=1").json
    assert names(answer["data"]) == ["Acme 2"]
    assert list(answer["meta"].values()) == [2, 1, 2, 2, False, 2, 2]
    assert names(api.get("customers/search/acme?sort=-company&fields=company").json) == ["Acme 2", "Acme 1"]


def test_the_search_of_items_is_always_a_page_of_20(api: Api, transaction: Transaction) -> None:
    with transaction() as db:
        for number in range(21):
            make_item(db, description=f"Paper {number:02}")
    answer = api.get("items/search/paper").json
    assert len(answer["data"]) == 20
    assert list(answer["meta"].values()) == [1, 20, 21, 2, True, 1, 2]
    assert len(api.get("items/search/paper?page=2").json["data"]) == 1
    assert len(api.get("items/search/paper?per_page=30").json["data"]) == 21
    assert len(api.get("items/search/paper?limit=5").json["data"]) == 20
    nothing = api.get("items/search/nothing")
    assert (nothing.status_code, nothing.json) == (404, NOTHING)


def test_a_setting_envelopes_the_lists_that_once_were(
    make_app: Callable[..., Flask], mint: Callable[..., Api], transaction: Transaction
) -> None:
    with transaction() as db:
        for _ in range(21):
            make_customer(db)
        make_item(db)
    api = Api(make_app(legacy_envelope=True).test_client(), mint().token)
    answer = api.get("customers").json
    assert len(answer["data"]) == 20
    assert list(answer["meta"].values()) == [1, 20, 21, 2, True, 1, 2]
    assert len(api.get("customers?limit=5").json["data"]) == 20
    assert len(api.get("customers?per_page=5").json["data"]) == 5
    assert list(api.get("items").json) == ["data", "meta"]
    assert isinstance(api.get("customers/search/customer").json, list)
    assert api.get("contacts").json == NOTHING
    with transaction() as db:
        make_custom_field(db, "customers")
    assert isinstance(api.get("custom_fields/customers").json, list)


# Order


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("company", ["Ärger", "apfel", "Banane", "Zebra"]),
        ("-company", ["Zebra", "Banane", "apfel", "Ärger"]),
        ("+company", ["apfel", "Ärger", "Banane", "Zebra"]),
        ("nothing", ["apfel", "Ärger", "Banane", "Zebra"]),
        ("-nothing,-company", ["Zebra", "Banane", "Ärger", "apfel"]),
    ],
)
def test_text_is_sorted_without_regard_to_case(
    api: Api, companies: Callable[..., None], sort: str, expected: list[str]
) -> None:
    companies("Zebra", "apfel", "Banane", "Ärger")
    found = names(api.get(f"customers?sort={sort}").json)
    assert sorted(found) == sorted(expected)
    # Accents order equal letters differently from version to version; the first letters do not.
    assert [name[0].replace("Ä", "a").lower() for name in found] == [
        name[0].replace("Ä", "a").lower() for name in expected
    ]


def test_numbers_are_sorted_by_number(api: Api, transaction: Transaction) -> None:
    with transaction() as db:
        for rate in ("10", "9.5", "-1", "100", "0.05"):
            make_item(db, rate=rate)
    rates = [row["rate"] for row in api.get("items?sort=rate").json]
    assert rates == ["-1.00", "0.05", "9.50", "10.00", "100.00"]
    assert [row["rate"] for row in api.get("items?sort=-rate").json] == rates[::-1]
    ids = [row["id"] for row in api.get("items?sort=-id").json]
    assert ids == ["5", "4", "3", "2", "1"]


def test_several_keys_sort_one_after_the_other(api: Api, companies: Callable[..., None]) -> None:
    companies("b", country=1)
    companies("a", country=2)
    companies("c", country=2)
    companies("a", country=1)

    def found(sort: str) -> list[tuple[str, str]]:
        return [(row["company"], row["country"]) for row in api.get(f"customers?sort={sort}").json]

    assert found("country,company") == [("a", "1"), ("b", "1"), ("a", "2"), ("c", "2")]
    assert found("-country,company") == [("a", "2"), ("c", "2"), ("a", "1"), ("b", "1")]
    assert found(" company , -country ,,") == [("a", "2"), ("a", "1"), ("b", "1"), ("c", "2")]
    assert found("country,-country,country,-company") == [("b", "1"), ("a", "1"), ("c", "2"), ("a", "2")]


@pytest.mark.parametrize("sort", ["country", "-country", "vat", "datecreated,country"])
def test_equal_rows_stand_by_id(api: Api, companies: Callable[..., None], sort: str) -> None:
    companies(*"cab", country=7)
    assert names(api.get(f"customers?sort={sort}").json) == ["c", "a", "b"]


def test_nulls_come_first(api: Api, companies: Callable[..., None]) -> None:
    companies("b", vat="1")
    companies("a", vat=None)
    assert names(api.get("customers?sort=vat").json) == ["a", "b"]
    assert names(api.get("customers?sort=-vat").json) == ["b", "a"]


def test_a_long_wish_for_order_is_no_trouble(api: Api, companies: Callable[..., None]) -> None:
    companies(*"ab")
    assert names(api.get("customers?sort=" + "-company," * 20_000).json) == ["b", "a"]
    assert names(api.get("customers?fields=" + "company," * 20_000).json) == ["a", "b"]


# Chosen fields


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        ("company", ["id", "userid", "company"]),
        ("vat,company", ["id", "userid", "company", "vat"]),
        (" company , vat ,,", ["id", "userid", "company", "vat"]),
        ("company,nothing", ["id", "userid", "company"]),
        ("nothing", ["id", "userid"]),
        ("id", ["id", "userid"]),
        ("COMPANY", ["id", "userid"]),
        ("company,customfields", ["id", "userid", "company", "customfields"]),
        ("customfields", ["id", "userid", "customfields"]),
    ],
)
@pytest.mark.parametrize("url", ["customers?", "customers/search/acme?", "customers?page=1&"])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_only_chosen_fields_are_answered_and_the_id(
    api: Api, transaction: Transaction, url: str, fields: str, keys: list[str]
) -> None:
    with transaction() as db:
        customer = make_customer(db, company="Acme")
        field = make_custom_field(db, "customers", show_on_table=1)
        make_custom_field_value(db, "customers", customer, field, "x")
    answer = api.get(f"{url}fields={fields}").json
    (row,) = answer["data"] if "page" in url else answer
    assert list(row) == keys


@pytest.mark.parametrize("fields", ["", ",", " , "])
def test_no_chosen_fields_are_all_of_them(api: Api, companies: Callable[..., None], fields: str) -> None:
    companies("Acme")
    assert api.get(f"customers?fields={fields}").json == api.get("customers").json
