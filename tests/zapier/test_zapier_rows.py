"""What a poll answers of a record: its list's own row, an id, and an id of the event."""

from collections.abc import Callable
from typing import Any

import pytest
from conftest import Api, Transaction
from counting import queries
from journaling import begin, happen
from make import (
    make_contact,
    make_contract,
    make_credit_note,
    make_custom_field,
    make_custom_field_value,
    make_customer,
    make_estimate,
    make_event,
    make_expense,
    make_invoice,
    make_item,
    make_lead,
    make_milestone,
    make_payment,
    make_project,
    make_proposal,
    make_staff,
    make_subscription,
    make_task,
    make_ticket,
    make_timesheet,
)

from perfex_api import tables as t
from perfex_api.core.db import Database, Db
from zapier.feeds import FEEDS

MAKE: dict[str, Callable[[Db], int]] = {
    "customers": make_customer,
    "invoices": make_invoice,
    "leads": make_lead,
    "tasks": make_task,
    "tickets": make_ticket,
    "contacts": make_contact,
    "estimates": make_estimate,
    "proposals": make_proposal,
    "credit_notes": make_credit_note,
    "payments": lambda db: make_payment(db, make_invoice(db)),
    "subscriptions": make_subscription,
    "expenses": make_expense,
    "items": make_item,
    "projects": make_project,
    "milestones": make_milestone,
    "timesheets": make_timesheet,
    "contracts": lambda db: make_contract(db, client=make_customer(db)),
    "calendar": make_event,
    "staffs": make_staff,
}
#: Where lists have the id of a record, when it is not ``id``.
KEYS = {"payments": "paymentid", "calendar": "eventid", "staffs": "staffid"}


def polled(api: Api, resource: str, parameters: str = "since=1500000000") -> dict[str, dict[str, Any]]:
    """The rows of a poll by their ids."""
    answer = api.get(f"zapier/poll/{resource}?{parameters}").json
    return {row["id"]: row for row in answer["data"]}


def test_every_resource_of_the_api_can_be_polled(app: Any) -> None:
    lists = {
        operation.id.partition(".")[0]
        for blueprint in app.blueprints.values()
        for operation in getattr(blueprint, "operations", ())
        if operation.id.endswith(".list")
    }
    assert set(MAKE) == set(FEEDS)
    # Look-ups have no grants, ids or records of their own; other modules' tables no form.
    assert lists - set(FEEDS) == {"expense_categories", "payment_modes", "taxes", "thirdparty", "changes"}


@pytest.mark.parametrize("resource", FEEDS)
def test_a_row_is_that_of_the_resources_list(api: Api, resource: str, transaction: Transaction) -> None:
    with transaction() as db:
        made = [MAKE[resource](db) for _ in range(3)]
        happen(db, resource, "created", *made)
    listed = api.get(resource).json
    listed = listed if isinstance(listed, list) else listed["data"]
    key = KEYS.get(resource, "id")
    rows = polled(api, resource)
    assert {str(each) for each in made} <= set(rows)
    for row in listed:
        found = dict(rows[row[key]])
        record_id, _, stamp = found.pop("event_id").rpartition("-")
        assert (record_id, int(stamp) > 0) == (row[key], True)
        assert found == {"id": ""} | row | {"id": row[key]}
        assert [name for name in found if name in row] == (
            list(row)
            if "id" not in row or next(iter(row)) == "id"
            else ["id", *(each for each in row if each != "id")]
        )


@pytest.mark.parametrize("resource", FEEDS)
def test_records_that_the_journal_does_not_know_look_the_same(
    api: Api, resource: str, transaction: Transaction, database: Database
) -> None:
    with transaction() as db:
        made = [MAKE[resource](db) for _ in range(3)]
    begin(database)
    rows = polled(api, resource, "since=0")
    assert {str(each) for each in made} <= set(rows)
    with transaction() as db:
        happen(db, resource, "updated", *made)
    again = polled(api, resource)
    for each in map(str, made):
        assert again[each] == rows[each] | {"event_id": again[each]["event_id"]}
        assert rows[each]["event_id"] == f"{each}-0" != again[each]["event_id"]


def test_custom_fields_come_along(api: Api, transaction: Transaction) -> None:
    with transaction() as db:
        field, customer = make_custom_field(db, "customers", name="Colour"), make_customer(db)
        make_custom_field_value(db, "customers", customer, field, "red")
        happen(db, "customers", "created", customer)
    row = polled(api, "customers")[str(customer)]
    assert row["customfields"] == [{"label": "Colour", "value": "red"}]


@pytest.mark.parametrize(
    ("resource", "make_record", "hiding"),
    [
        ("customers", make_customer, {"active": 0}),
        ("leads", make_lead, {"junk": 1}),
        ("tasks", make_task, {"status": 5}),
        ("tickets", make_ticket, {"status": 5}),
        ("contacts", make_contact, {"active": 0}),
    ],
)
def test_what_the_original_leaves_out_is_left_out(
    api: Api, transaction: Transaction, resource: str, make_record: Any, hiding: dict[str, int]
) -> None:
    with transaction() as db:
        hidden, shown = make_record(db, **hiding), make_record(db)
        happen(db, resource, "created", hidden, shown)
    assert set(polled(api, resource)) == {str(shown)}


@pytest.mark.parametrize("resource", ["customers", "invoices", "leads", "tickets", "tasks"])
def test_a_poll_costs_the_same_however_many_records_it_answers(
    api: Api, transaction: Transaction, database: Database, resource: str
) -> None:
    counted = []
    for number in (1, 40):
        with transaction() as db:
            made = [MAKE[resource](db) for _ in range(number)]
            happen(db, resource, "created", *made)
        polled(api, resource)  # gives the changes their stamps
        with queries(database.engine) as sent:
            assert len(polled(api, resource)) >= number
        # The journal's clock may have to be set once more, or not.
        counted.append(len([each for each in sent if t.api_journal.name not in each]))
    assert counted[0] == counted[1]
