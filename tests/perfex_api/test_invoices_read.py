"""Invoices as clients see them: one with everything, lists, searches."""

from datetime import date, datetime

import pytest
from answers import said
from contract.reference import keys, refusal
from counting import queries
from invoicing import add
from make import (
    make_contact,
    make_credit,
    make_credit_note,
    make_custom_field,
    make_custom_field_value,
    make_customer,
    make_invoice,
    make_line,
    make_payment,
    make_project,
    make_row,
)

from perfex_api import tables as t

contract = pytest.mark.contract


@pytest.fixture(autouse=True)
def customer(make):
    """Customer 1, whom the bodies name."""
    return make(make_customer, company="Acme")


# -- read --------------------------------------------------------------------------------------------


@contract("invoices.get")
def test_one_invoice_has_the_keys_of_the_guide_in_its_order(api, make):
    add(api)
    found = api.get("invoices/1").json
    guide = keys("invoices.get")
    assert [key for key in found if key in guide] == guide
    newer = {"formatted_number", "last_due_reminder", "short_link", "customfields"}
    assert set(found) - set(guide) == newer
    assert list(found)[-1] == "customfields"


@contract("custom_fields.embedded_get")
def test_the_keys_of_a_newer_sample_stand_in_its_order(api):
    add(api)
    found = api.get("invoices/1").json
    sample = keys("custom_fields.embedded_get")
    assert [key for key in found if key in sample] == sample


@contract("invoices.get")
def test_one_invoice_tells_everything(api, make, transaction):
    add(api, duedate="2099-01-01")
    make(make_payment, 1, amount="86.00", paymentmode="1")
    make(make_payment, 1, amount="1.00", paymentmode="stripe")
    make(make_credit, 1, make(make_credit_note), amount="99.00")
    found = api.get("invoices/1").json
    assert found["total_left_to_pay"] == "100.00"
    assert (found["currencyid"], found["currency_name"], found["symbol"], found["id"]) == (
        "1",
        "USD",
        "$",
        "1",
    )
    assert [payment["amount"] for payment in found["payments"]] == ["86.00", "1.00"]
    assert [payment["name"] for payment in found["payments"]] == ["Bank", None]
    assert list(found["client"]) == [column.name for column in t.clients.c]
    assert found["client"]["company"] == "Acme"
    assert (found["attachments"], found["visible_attachments_to_customer_found"]) == ([], False)
    assert found["scheduled_email"] is None
    assert "project_data" not in found
    line = found["items"][0]
    assert [key for key in line if key not in ("is_optional", "is_selected")] == [
        "id",
        "rel_id",
        "rel_type",
        "description",
        "long_description",
        "qty",
        "rate",
        "unit",
        "item_order",
        "taxname",
        "taxrate",
        "customfields",
    ]
    assert (line["qty"], line["taxname"], line["taxrate"]) == ("2.00", ["CGST", "SGST"], ["9.00", "9.00"])


@contract("invoices.get")
def test_what_hangs_on_an_invoice_is_shown(api, make):
    project = make(make_project, name="Tower")
    add(api, project_id=project)
    row = {"rel_type": "invoice", "rel_id": 1}
    make(make_row, t.files, **row, file_name="a.pdf")
    make(make_row, t.files, **row, file_name="b.pdf", visible_to_customer=1)
    make(make_row, t.scheduled_emails, **row, contacts="1", template="invoice_send_to_customer")
    found = api.get("invoices/1").json
    assert [file["file_name"] for file in found["attachments"]] == ["a.pdf", "b.pdf"]
    assert found["visible_attachments_to_customer_found"] is True
    assert found["project_data"]["name"] == "Tower"
    assert found["scheduled_email"]["template"] == "invoice_send_to_customer"
    order = list(found)
    assert order.index("attachments") < order.index("project_data") < order.index("client")


@contract("invoices.get")
def test_one_invoice_takes_a_statement_for_each_kind_of_thing(api, make, database):
    add(api)
    make(make_payment, 1, amount="86.00", paymentmode="1")
    with queries(database.engine) as sent:
        assert api.get("invoices/1").status_code == 200
    # The token; the invoice, its payments, files, lines, taxes, customer, mail; fields of two kinds.
    assert len(sent) == 10, "\n".join(sent)


@contract("invoices.get")
def test_an_invoice_outlives_its_customer(api, make):
    make(make_invoice, clientid=0, deleted_customer_name="Gone Ltd", date=date(2026, 1, 1))
    assert api.get("invoices/1").json["client"] == {"company": "Gone Ltd"}


@contract("invoices.get")
@pytest.mark.parametrize("wrong", ["99", "abc", "0", "9" * 30])
def test_no_invoice_is_not_found(api, wrong):
    assert said(api.get(f"invoices/{wrong}")) == refusal("invoices.get", "nothing found")


# -- list --------------------------------------------------------------------------------------------


@contract("invoices.list")
def test_the_list_shows_every_invoice_with_its_currency_the_oldest_first(api, make):
    for number in (3, 1, 2):
        add(api, number=number)
    found = api.get("invoices").json
    assert [row["id"] for row in found] == ["1", "2", "3"]
    single = api.get("invoices/1").json
    own = ("total_left_to_pay", "items", "attachments", "visible_attachments_to_customer_found", "client")
    own = (*own, "payments", "scheduled_email")
    assert list(found[0]) == [key for key in single if key not in own]
    assert {key: single[key] for key in found[0]} == found[0]


@contract("invoices.list")
def test_an_empty_list_is_not_found(api):
    assert said(api.get("invoices")) == refusal("invoices.list", "nothing found")


@contract("invoices.list")
def test_a_page_comes_in_an_envelope(api):
    for _ in range(3):
        add(api)
    found = api.get("invoices?page=2&per_page=2").json
    assert [row["id"] for row in found["data"]] == ["3"]
    assert found["meta"]["total"] == 3


@contract("invoices.list")
def test_the_list_can_be_filtered_and_sorted(api, make):
    other = make(make_customer)
    add(api), add(api, clientid=other), add(api)
    assert [row["id"] for row in api.get("invoices?clientid=1&sort=-id").json] == ["3", "1"]
    assert api.get("invoices?fields=total").json[0].keys() == {"id", "total"}
    assert said(api.get("invoices?created_after=soon")) == refusal("invoices.list", "unreadable")


@contract("invoices.list")
def test_a_thousand_invoices_cost_as_many_queries_as_one(api, make, database, transaction):
    make(make_custom_field, "invoice")
    make(make_custom_field, "items")
    with transaction() as db:
        for number in range(1, 1001):
            mine = make_invoice(db, clientid=1, number=number, date=date(2026, 1, 1), status=1)
            line = make_line(db, "invoice", mine, taxes=[("CGST", "9.00")])
            if number % 100 == 0:
                make_custom_field_value(db, "invoice", mine, 1, str(number))
                make_custom_field_value(db, "items", line, 2, str(number))
    with queries(database.engine) as for_one:
        api.get("invoices?clientid=1&page=1&per_page=1")
    with queries(database.engine) as for_all:
        found = api.get("invoices").json
    assert len(found) == 1000
    assert found[99]["customfields"][0]["value"] == "100"
    assert len(for_all) <= 6
    assert len(for_one) <= 8  # a page tells their number, after a look whether that is known
    api.get("invoices/999")  # the first one tells that lines have fields
    with queries(database.engine) as for_single:
        assert api.get("invoices/1000").json["items"][0]["customfields"][0]["value"] == "1000"
    assert len(for_single) == 12


# -- search ------------------------------------------------------------------------------------------


@contract("invoices.search")
def test_a_found_invoice_shows_its_customer_s_columns_in_the_guide_s_order(api, make, transaction):
    make(
        make_row,
        t.clients,
        company="Beta",
        addedfrom=5,
        billing_city="Paris",
        datecreated=datetime(2020, 1, 2),
    )
    add(api, clientid=2, billing_city="Rome")
    (found,) = api.get("invoices/search/Beta").json
    guide = keys("invoices.search")
    assert [key for key in found if key in guide] == guide
    assert set(found) - set(guide) == {"formatted_number", "last_due_reminder", "short_link", "customfields"}
    assert (found["datecreated"], found["addedfrom"]) == ("2020-01-02 00:00:00", "5")
    assert (found["billing_city"], found["invoiceid"], found["company"]) == ("Paris", "1", "Beta")


FINDABLE = """
    42, 0042, INV-000042, inv-42, beta works, ETA, its vat, its phone, its city, its state, its zip,
    its address, my billing street, my shipping zip, my adminnote, my clientnote, Ann Lee, lee ann,
    my custom field, #urgent
"""


@pytest.fixture
def searched(api, make):
    """One invoice of a customer with everything that can be searched, and another of nobody known."""
    texts = ("vat", "phonenumber", "city", "state", "zip", "address")
    known = make(make_customer, company="Beta Works", **{name: f"its {name}" for name in texts})
    make(make_contact, userid=known, firstname="Ann", lastname="Lee")
    address = {
        f"{where}_{what}": f"my {where} {what}"
        for where in ("billing", "shipping")
        for what in ("street", "city", "state", "zip")
    }
    notes = {"adminnote": "my adminnote", "clientnote": "my clientnote"}
    number = make(make_custom_field, "invoice")
    fields = {"custom_fields": {str(number): "my custom field"}}
    others = address | notes | fields | {"include_shipping": 1}
    mine = add(api, clientid=known, number=42, tags="urgent", **others)
    add(api, number=43)
    return mine


@contract("invoices.search")
@pytest.mark.parametrize("word", [each.strip() for each in FINDABLE.split(",")])
def test_an_invoice_is_found_by(api, searched, word):
    found = api.get("invoices/search", query_string={"q": word}).json
    assert [row["invoiceid"] for row in found] == [str(searched)]


@contract("invoices.search")
@pytest.mark.parametrize("word", ["4", "xyzzy", "#urg", "#", "%", "_"])
def test_no_invoice_is_found_by(api, searched, word):
    response = api.get("invoices/search", query_string={"q": word})
    assert said(response) == refusal("invoices.search", "nothing found")


@contract("invoices.search")
def test_a_search_needs_a_word(api):
    assert said(api.get("invoices/search")) == refusal("invoices.search", "without a term")


@contract("invoices.search")
def test_found_invoices_stand_by_number_the_highest_first(api):
    for number in (5, 7, 6):
        add(api, number=number)
    add(api, number=6, date="2025-01-01")
    found = api.get("invoices/search/Acme").json
    assert [(row["number"], row["date"]) for row in found] == [
        ("7", "2026-03-05"),
        ("6", "2026-03-05"),
        ("6", "2025-01-01"),
        ("5", "2026-03-05"),
    ]
