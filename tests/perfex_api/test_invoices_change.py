"""Invoices that change: what is sent changes, everything else stays."""

from datetime import date
from decimal import Decimal

import consistency
import pytest
from answers import done, refused, said
from contract import stored
from contract.reference import refusal
from invoicing import BODY, LINES, activity, add, counter, invoice, lines
from make import make_custom_field, make_customer, make_invoice, make_payment, make_project, make_staff

from perfex_api import tables as t

contract = pytest.mark.contract

UPDATED = done("Invoice Updated Successfully")


@pytest.fixture(autouse=True)
def customer(make):
    """Customer 1, whom the bodies name."""
    return make(make_customer, company="Acme")


@pytest.fixture
def full(api, make):
    """Invoice 1, with a value in every column that an update could lose."""
    make(make_custom_field, "invoice")
    others = {
        "duedate": "2099-04-04",
        "tags": "urgent,paper",
        "recurring": "custom",
        "repeat_every_custom": 2,
        "repeat_type_custom": "week",
        "cycles": 5,
        "cancel_overdue_reminders": 1,
        "adjustment": "4.00",
        "discount_percent": "10",
        "discount_type": "after_tax",
        "include_shipping": 1,
        "show_shipping_on_invoice": 1,
        "shipping_street": "Low Street 2",
        "shipping_country": 14,
        "sale_agent": make(make_staff),
        "project_id": make(make_project),
        "adminnote": "a",
        "clientnote": "c",
        "terms": "t",
        "custom_fields": {"invoice": {"1": "X-7"}},
    }
    return add(api, **others)


# -- what is not sent stays --------------------------------------------------------------------------


@contract("invoices.update")
@pytest.mark.parametrize("column", ["duedate", "cycles", "recurring", "recurring_type", "custom_recurring"])
def test_an_update_that_does_not_say_so_resets_no(api, transaction, full, column):
    before = invoice(transaction)
    assert said(api.put("invoices/1", json={"clientnote": "new"})) == UPDATED
    assert invoice(transaction)[column] == before[column] not in (None, 0, "")


@contract("invoices.update")
def test_an_update_without_payment_modes_keeps_them(api, transaction, full):
    api.put("invoices/1", json={"clientnote": "new"})
    assert invoice(transaction)["allowed_payment_modes"] == 'a:2:{i:0;s:1:"1";i:1;s:6:"stripe";}'


@contract("invoices.update")
def test_an_update_without_the_flag_keeps_reminders_off(api, transaction, full):
    api.put("invoices/1", json={"clientnote": "new"})
    assert invoice(transaction)["cancel_overdue_reminders"] == 1


@contract("invoices.update")
def test_an_update_without_an_adjustment_keeps_it(api, transaction, full):
    api.put("invoices/1", json={"clientnote": "new"})
    assert invoice(transaction)["adjustment"] == 4


@contract("invoices.update")
def test_an_update_without_shipping_keeps_the_address(api, transaction, full):
    api.put("invoices/1", json={"clientnote": "new"})
    row = invoice(transaction)
    names = ("include_shipping", "show_shipping_on_invoice", "shipping_street", "shipping_country")
    assert tuple(row[name] for name in names) == (1, 1, "Low Street 2", 14)


@contract("invoices.update")
def test_an_update_of_one_field_changes_one_column(api, transaction, full):
    before, lines_before = invoice(transaction), lines(transaction)
    api.put("invoices/1", json={"clientnote": "new"})
    assert invoice(transaction) == before | {"clientnote": "new"}
    assert lines(transaction) == lines_before
    assert len(stored.found(transaction, t.taggables)) == 2
    assert stored.values(transaction, t.customfieldsvalues.c.value) == ["X-7"]
    assert stored.values(transaction, t.item_tax.c.taxname) == ["CGST", "SGST"]


@contract("invoices.update", "custom_fields.update")
def test_custom_fields_alone_are_an_update(api, transaction, full):
    before = invoice(transaction)
    assert said(api.put("invoices/1", json={"custom_fields": {"invoice": {"1": "X-8"}}})) == UPDATED
    assert stored.values(transaction, t.customfieldsvalues.c.value) == ["X-8"]
    assert invoice(transaction) == before


@contract("invoices.update")
def test_what_was_read_can_be_sent_back(api, transaction, full):
    """Everything that ``GET /api/invoices/:id`` shows, as it shows it; a null is an empty text."""
    before, lines_before = invoice(transaction), lines(transaction)
    assert said(api.put("invoices/1", json=api.get("invoices/1").json)) == UPDATED
    assert {name: value or "" for name, value in invoice(transaction).items()} == {
        name: value or "" for name, value in before.items()
    }
    assert lines(transaction) == lines_before
    assert activity(transaction) == [("invoice_activity_created", [])]


# -- what is sent changes ----------------------------------------------------------------------------


@contract("invoices.update")
def test_what_is_emptied_is_empty(api, transaction, full):
    nothing = {"duedate": "", "adjustment": "", "clientnote": "", "project_id": 0, "tags": ""}
    api.put("invoices/1", json=nothing | {"cancel_overdue_reminders": 0, "billing_street": ""})
    row = invoice(transaction)
    assert row["duedate"] is None
    assert (row["adjustment"], row["project_id"], row["cancel_overdue_reminders"]) == (0, 0, 0)
    assert (row["clientnote"], row["billing_street"]) == ("", "")
    assert stored.found(transaction, t.taggables) == []


@contract("invoices.update")
def test_shipping_that_is_switched_off_takes_its_address_with_it(api, transaction, full):
    api.put("invoices/1", json={"include_shipping": 0})
    row = invoice(transaction)
    names = ("include_shipping", "show_shipping_on_invoice", "shipping_street", "shipping_country")
    assert tuple(row[name] for name in names) == (0, 1, None, None)


@contract("invoices.update")
def test_a_recurrence_that_is_switched_off_forgets_how_often_it_came(api, transaction, full):
    with transaction() as db:
        db.execute(t.invoices.update().values(total_cycles=3, last_recurring_date=date(2026, 3, 5)))
    api.put("invoices/1", json={"recurring": 0})
    row = invoice(transaction)
    names = (
        "recurring",
        "recurring_type",
        "custom_recurring",
        "cycles",
        "total_cycles",
        "last_recurring_date",
    )
    assert tuple(row[name] for name in names) == (0, None, 0, 0, 0, None)


@contract("invoices.update")
@pytest.mark.parametrize(
    ("sent", "row"),
    [
        ({"repeat_every_custom": 3}, (3, "week", 1)),
        ({"repeat_type_custom": "month"}, (2, "month", 1)),
        ({"recurring": "custom"}, (2, "week", 1)),
        ({"recurring": "6"}, (6, None, 0)),
    ],
)
def test_a_recurrence_changes_in_what_is_sent(api, transaction, full, sent, row):
    api.put("invoices/1", json=sent)
    found = invoice(transaction)
    assert (found["recurring"], found["recurring_type"], found["custom_recurring"]) == row
    assert found["cycles"] == 5


@contract("invoices.update")
@pytest.mark.parametrize("encoding", ["json", "data"])
def test_lines_are_added_changed_and_removed(api, transaction, encoding):
    add(api)
    body = {
        "newitems": '[{"description": "Lens", "qty": 1, "rate": "10.00", "taxname": ["CGST|9.00"]}]',
        "items": '[{"itemid": 1, "qty": 3}]',
        "removed_items": "2",
    }
    assert said(api.put("invoices/1", **{encoding: body})) == UPDATED
    found = lines(transaction)
    assert [(line["description"], line["qty"], line["item_order"]) for line in found] == [
        ("Camera", 3, 1),
        ("Lens", 1, 2),
    ]
    row = invoice(transaction)
    assert (row["subtotal"], row["total_tax"], row["total"]) == (310, Decimal("54.90"), Decimal("364.90"))
    assert [key for key, _ in activity(transaction)][1:] == [
        "invoice_estimate_activity_removed_item",
        "invoice_estimate_activity_updated_qty_item",
        "invoice_estimate_activity_added_item",
    ]
    with transaction() as db:
        consistency.check(db)


@contract("invoices.update")
def test_an_unknown_line_is_refused_and_nothing_changes(api, transaction):
    add(api)
    before = invoice(transaction)
    response = api.put("invoices/1", json={"items": [{"itemid": 9, "qty": 3}], "clientnote": "new"})
    assert said(response) == refused("items[]", "The Items field names a line that is not there: 9.", 409)
    assert invoice(transaction) == before


@contract("invoices.update")
@pytest.mark.parametrize(
    ("sent", "row"),
    [
        # a discount of 10 % after tax on 250 and 36 is 28.60; 4 are the adjustment
        ({}, ("after_tax", 10, "28.60", 36, "261.40")),
        ({"adjustment": 0}, ("after_tax", 10, "28.60", 36, "257.40")),
        ({"discount_percent": 20}, ("after_tax", 20, "57.20", 36, "232.80")),
        ({"discount_percent": 0}, ("", 0, 0, 36, 290)),
        ({"discount_percent": 0, "discount_total": 25}, ("after_tax", 0, 25, 36, 265)),
        ({"discount_type": "before_tax"}, ("before_tax", 10, 25, "32.40", "261.40")),
        ({"items": [{"itemid": 2, "rate": 150}]}, ("after_tax", 10, "38.60", 36, "351.40")),
        ({"items": [{"itemid": 2, "rate": 150}], "total": 350}, ("after_tax", 10, "38.60", 36, 350)),
        ({"total": 99}, ("after_tax", 10, "28.60", 36, 99)),
    ],
)  # fmt: skip
def test_amounts_follow_what_changes(api, transaction, full, sent, row):
    api.put("invoices/1", json=sent or {"clientnote": "x"})
    found = invoice(transaction)
    names = ("discount_type", "discount_percent", "discount_total", "total_tax", "total")
    assert tuple(found[name] for name in names) == (row[0], *map(Decimal, row[1:]))


@contract("invoices.update")
def test_a_note_does_not_touch_amounts_that_were_sent(api, transaction):
    add(api, subtotal=1, total=2)
    api.put("invoices/1", json={"clientnote": "new"})
    row = invoice(transaction)
    assert (row["subtotal"], row["total"]) == (1, 2)


@contract("invoices.update")
def test_an_update_that_contradicts_the_lines_is_warned_of(api, transaction):
    add(api)
    response = api.put("invoices/1", json={"subtotal": 250, "total": 300})
    assert said(response) == done(
        "Invoice Updated Successfully",
        warnings=["total is stored as sent, 300.00; the lines make 286.00"],
    )


@contract("invoices.update")
def test_what_an_invoice_names_must_exist_but_may_have_gone_since(api, make):
    add(api)
    response = api.put("invoices/1", json={"clientid": 99})
    assert said(response) == refused("clientid", "The Customer field names an unknown id: 99.", 409)
    old = make(make_invoice, clientid=77, sale_agent=78, date=date(2026, 1, 1))
    assert said(api.put(f"invoices/{old}", json={"clientid": 77, "sale_agent": 78})) == UPDATED


# -- numbers -----------------------------------------------------------------------------------------


@contract("invoices.update")
def test_a_new_number_is_told_and_the_counter_stays(api, transaction):
    add(api)
    assert said(api.put("invoices/1", json={"number": "0042"})) == UPDATED
    row = invoice(transaction)
    assert (row["number"], row["formatted_number"], counter(transaction)) == (42, "INV-000042", "2")
    assert activity(transaction)[-1] == ("invoice_activity_number_changed", ["INV-000001", "INV-000042"])


@contract("invoices.update")
def test_an_invoice_may_keep_its_own_number(api, transaction):
    add(api, number=7)
    assert said(api.put("invoices/1", json={"number": 7, "date": "2026-12-31"})) == UPDATED
    assert len(activity(transaction)) == 1


@contract("invoices.update")
def test_a_number_of_another_invoice_is_refused(api):
    add(api, number=7), add(api, number=8)
    assert said(api.put("invoices/2", json={"number": 7})) == refusal("invoices.update", "already used")


@contract("invoices.update")
def test_a_date_cannot_bring_a_number_into_a_year_that_has_it(api):
    add(api, number=7), add(api, number=7, date="2025-03-05")
    assert api.put("invoices/2", json={"date": "2026-03-05"}).status_code == 409
    assert api.put("invoices/2", json={"date": "2024-03-05"}).status_code == 200


@contract("invoices.update")
def test_a_new_date_is_in_the_number_where_its_format_has_it(api, make, transaction):
    make(make_invoice, clientid=1, number=5, prefix="R", number_format=4, date=date(2026, 1, 1))
    api.put("invoices/1", json={"date": "2026-02-02"})
    assert invoice(transaction)["formatted_number"] == "R000005/02/2026"


@contract("invoices.update")
@pytest.mark.parametrize("number_format", [1, 2, 3, 4])
def test_an_old_invoice_without_a_date_can_change(api, make, transaction, engine_name, number_format):
    """What a server without strict mode made of no date."""
    make(make_invoice, clientid=1, number=5, number_format=number_format, total="9.00")
    with transaction() as db:
        if engine_name == "mysql":
            db.connection.exec_driver_sql("SET SESSION sql_mode = ''")
        db.connection.exec_driver_sql(f"UPDATE {t.invoices.name} SET date = '0000-00-00'")
    assert said(api.put("invoices/1", json={"clientnote": "x"})) == UPDATED
    assert said(api.put("invoices/1", json={"date": "2026-01-01", "status": 5})) == UPDATED
    assert invoice(transaction)["date"] == date(2026, 1, 1)


# -- refusals ----------------------------------------------------------------------------------------


@contract("invoices.update")
@pytest.mark.parametrize("path", ["invoices/99", "invoices/abc", "invoices"])
def test_an_unknown_invoice_cannot_change(api, path):
    assert said(api.put(path, json={"clientnote": "x"})) == refusal("invoices.update", "unknown id")


@contract("invoices.update")
@pytest.mark.parametrize("body", [{}, {"nonsense": 1}])
def test_an_empty_body_is_not_acceptable(api, body):
    add(api)
    assert said(api.put("invoices/1", json=body)) == refusal("invoices.update", "empty or unreadable")


@contract("invoices.update")
@pytest.mark.parametrize("name", ["clientid", "date", "currency"])
def test_what_must_be_there_cannot_be_emptied(api, name):
    add(api)
    response = api.put("invoices/1", json={name: ""})
    assert (response.status_code, list(response.json["error"])) == (409, [name])


@contract("invoices.update")
def test_a_wrong_value_is_refused_with_the_status_of_updates(api):
    add(api)
    response = api.put("invoices/1", json={"total": "much"})
    assert said(response) == refused("total", "The Total field must contain a decimal number.", 409)


@contract("invoices.update")
@pytest.mark.parametrize(("literal", "status"), [(False, True), (True, False)])
def test_one_setting_serves_the_guide_s_own_flag(make_app, mint, literal, status):
    api = mint()
    add(api)
    api.client = make_app(guide_literal_update_status=literal).test_client()
    response = api.put("invoices/1", json={"clientnote": "x"})
    assert said(response) == (200, {"status": status, "message": "Invoice Updated Successfully"})


@contract("invoices.update")
def test_the_guide_s_whole_body_is_an_update(api, transaction):
    """The guide asks for everything again; ``newitems`` come after the lines that are there."""
    add(api)
    body = BODY | {"number": 1, "subtotal": "500.00", "total": "572.00", "newitems": LINES}
    assert said(api.put("invoices/1", json=body)) == UPDATED
    assert [line["item_order"] for line in lines(transaction)] == [1, 2, 3, 4]
    assert invoice(transaction)["total_tax"] == 72


@contract("invoices.update")
def test_any_update_recalculates_the_status(api, make, transaction):
    add(api)
    make(make_payment, 1, amount="100.00")
    api.put("invoices/1", json={"clientnote": "x"})
    assert invoice(transaction)["status"] == 3
