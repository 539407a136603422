"""Polling, to the letter: the guide's samples and refusals, and whose records a token may poll."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import failed, said
from conftest import Api, Transaction
from contract.reference import keys, refusal
from journaling import happen
from make import make_customer

from zapier.feeds import FEEDS
from zapier.samples import SAMPLES

FORBIDDEN = failed(403, "Your API token does not have the necessay permissions for the requested operation")
GUIDE = [
    {"key": "customers", "label": "Customers", "description": "New or updated customers"},
    {"key": "invoices", "label": "Invoices", "description": "New or updated invoices"},
    {"key": "leads", "label": "Leads", "description": "New or updated leads"},
    {"key": "tasks", "label": "Tasks", "description": "New or updated tasks"},
    {"key": "tickets", "label": "Tickets", "description": "New or updated support tickets"},
]


@pytest.mark.contract("zapier.resources")
@pytest.mark.parametrize(
    "path", ["zapier/resources", "zapier/resources/", "zapier", "connectors", "connectors/resources"]
)
def test_the_guides_resources_come_first_and_then_all_others(api: Api, path: str) -> None:
    answer = api.get(path).json
    assert list(answer) == ["status", "data", "resources"]
    assert answer["status"] is True
    assert answer["data"][:5] == GUIDE
    assert [list(each) for each in answer["data"]] == [keys("zapier.resources")] * len(FEEDS)
    assert answer["resources"] == [each["key"] for each in answer["data"]] == list(FEEDS)


@pytest.mark.contract("zapier.poll")
def test_a_poll_has_the_guides_keys(api: Api, make: Callable[..., int], transaction: Transaction) -> None:
    customer = make(make_customer, company="Example Company")
    with transaction() as db:
        happen(db, "customers", "created", customer)
    answer = api.get("zapier/poll/customers").json
    assert list(answer) == ["status", "resource", "data", "meta"]
    assert (answer["status"], answer["resource"]) == (True, "customers")
    (row,) = answer["data"]
    assert (row["id"], row["company"]) == (str(customer), "Example Company")
    assert set(keys("zapier.poll")) <= set(row)
    assert list(answer["meta"])[:3] == ["since", "count", "next_poll"]
    assert answer["meta"]["count"] == 1
    assert all(type(answer["meta"][name]) is int for name in ("since", "count"))
    assert isinstance(answer["meta"]["next_poll"], int | float)


@pytest.mark.contract("zapier.poll")
def test_nothing_new_is_no_refusal(api: Api) -> None:
    """The vendor's n8n node tests its credential with this call."""
    status, answer = said(api.get("zapier/poll/customers?limit=1"))
    assert (status, answer["data"], answer["meta"]["count"]) == (200, [], 0)


@pytest.mark.contract("zapier.poll", "zapier.test")
def test_of_an_unknown_resource_there_is_nothing(api: Api) -> None:
    answer = api.get("zapier/poll/nothing").json
    assert (answer["data"], answer["meta"]["count"]) == ([], 0)
    assert said(api.get("zapier/test/nothing")) == (200, {"status": True, "data": []})


@pytest.mark.contract("zapier.poll", "zapier.test", "zapier.route")
@pytest.mark.parametrize("method", ["poll", "test"])
@pytest.mark.parametrize("prefix", ["zapier", "connectors"])
def test_a_resource_is_required(api: Api, prefix: str, method: str) -> None:
    for path in (f"{prefix}/{method}", f"{prefix}/{method}/"):
        assert said(api.get(path)) == refusal(f"zapier.{method}", "bad request")


@pytest.mark.contract("zapier.route")
def test_an_unknown_method_is_named(api: Api) -> None:
    said_of_invalid = refusal("zapier.route", "documented failure")
    assert said(api.get("zapier/invalid/customers")) == said_of_invalid
    assert said(api.get("zapier/invalid")) == said_of_invalid
    assert said(api.get("connectors/other/customers")) == (404, {"error": "Method not found: other_get"})


@pytest.mark.contract("zapier.test")
@pytest.mark.parametrize("resource", FEEDS)
def test_without_records_a_sample_shows_their_shape(
    api: Api, resource: str, transaction: Transaction
) -> None:
    with transaction() as db:
        db.execute(FEEDS[resource].table.delete())
    assert said(api.get(f"zapier/test/{resource}")) == (200, {"status": True, "data": SAMPLES[resource]})


@pytest.mark.contract("zapier.test")
def test_the_sample_of_a_customer_is_the_guides(api: Api) -> None:
    assert api.get("zapier/test/customers").get_data(as_text=True) == (
        '{"status":true,"data":{"id":1,"company":"Sample Company",'
        '"email":"sample@example.com","phone":"+1234567890"}}'
    )


@pytest.mark.contract("zapier.test")
def test_the_newest_record_that_counts_is_better_than_a_sample(api: Api, make: Callable[..., int]) -> None:
    make(make_customer)
    newest = make(make_customer)
    make(make_customer, active=0)
    row = api.get("zapier/test/customers").json["data"]
    listed = {each["id"]: each for each in api.get("customers").json}
    assert row == listed[str(newest)] | {"event_id": f"{newest}-0"}


def test_polling_needs_the_grant_of_the_resource_too(mint: Callable[..., Api]) -> None:
    poll, get = ("zapier", "poll"), ("customers", "get")
    assert said(mint(poll).get("zapier/poll/customers")) == FORBIDDEN
    assert said(mint(get).get("zapier/poll/customers")) == FORBIDDEN
    assert said(mint(poll, ("customers", "search_get")).get("zapier/poll/customers")) == FORBIDDEN
    assert mint(poll, get).get("zapier/poll/customers").status_code == 200
    assert said(mint(poll, get).get("zapier/test/customers")) == FORBIDDEN
    assert mint(("zapier", "test"), get).get("zapier/test/customers").status_code == 200
    assert said(mint(("zapier", "test")).get("zapier/test/customers")) == FORBIDDEN


@pytest.mark.parametrize(
    ("parameter", "sentence"),
    [
        ("since=yesterday", "Since must be unix seconds, e.g. 1705312200"),
        ("since=-1", "Since must be unix seconds, e.g. 1705312200"),
        ("since=1e9", "Since must be unix seconds, e.g. 1705312200"),
        ("since=1705312200000", "Since must be unix seconds, e.g. 1705312200"),
        ("since=٣", "Since must be unix seconds, e.g. 1705312200"),
        ("limit=0", "Limit must be a whole number from 1 to 500"),
        ("limit=-5", "Limit must be a whole number from 1 to 500"),
        ("limit=ten", "Limit must be a whole number from 1 to 500"),
        ("cursor=x", "Cursor must be the cursor of an earlier answer"),
        ("event=changed", "Event must be created, updated or deleted"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(api: Api, parameter: str, sentence: str) -> None:
    name = parameter.partition("=")[0]
    refused: dict[str, Any] = {"status": False, "error": "validation_failed", "message": "Invalid parameter"}
    assert said(api.get(f"zapier/poll/customers?{parameter}")) == (
        422,
        refused | {"errors": {name: sentence}},
    )


@pytest.mark.parametrize("parameter", ["since=", "limit=", "limit=100000", "cursor=", "event=", "other=1"])
def test_what_is_empty_too_much_or_unknown_does_no_harm(api: Api, parameter: str) -> None:
    assert api.get(f"zapier/poll/customers?{parameter}").status_code == 200
