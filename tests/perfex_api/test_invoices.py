"""Invoices: what they are made of."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import consistency
import pytest
import sqlalchemy as sa
from answers import done, refused, said
from contract import stored
from contract.reference import refusal
from invoicing import BODY, LINES, activity, add, counter, invoice
from make import make_custom_field, make_customer, make_project, make_staff, set_option

from perfex_api import tables as t

contract = pytest.mark.contract

#: The guide's own way: names with brackets, in a form.
FORM = (
    "clientid=1&number=7&date=2026-03-05&currency=1&billing_street=High+Street+1&subtotal=1200.00&total=1416.00"
    "&newitems[0][description]=Camera&newitems[0][long_description]=&newitems[0][qty]=1&newitems[0][rate]=1200"
    "&newitems[0][order]=1&newitems[0][unit]=1&newitems[0][taxname][]=CGST|9.00&newitems[0][taxname][]=SGST|9.00"
    "&allowed_payment_modes[0]=1"
)


@pytest.fixture(autouse=True)
def customer(make):
    """Customer 1, whom the bodies name."""
    return make(make_customer, company="Acme")


# -- create ------------------------------------------------------------------------------------------


@contract("invoices.create")
def test_a_create_answers_the_sentence_and_the_new_id(api):
    assert said(api.post("invoices", json=BODY)) == done("Invoice Added Successfully", record_id=1)


@contract("invoices.create")
def test_a_new_invoice_is_as_the_crm_makes_one(api, transaction):
    before = datetime.now()
    api.post("invoices", json=BODY)
    row = invoice(transaction)
    assert len(row.pop("hash")) == 32
    assert abs(row.pop("datecreated") - before) < timedelta(hours=15)
    assert row == dict.fromkeys(set(t.invoices.c.keys()) - {"hash", "datecreated"}) | {
        "id": 1,
        "sent": 0,
        "clientid": 1,
        "number": 7,
        "prefix": "INV-",
        "number_format": 1,
        "formatted_number": "INV-000007",
        "date": date(2026, 3, 5),
        "currency": 1,
        "subtotal": Decimal("250.00"),
        "total_tax": Decimal("36.00"),
        "total": Decimal("286.00"),
        "adjustment": Decimal("0.00"),
        "addedfrom": 0,
        "status": 1,
        "cancel_overdue_reminders": 0,
        "allowed_payment_modes": 'a:2:{i:0;s:1:"1";i:1;s:6:"stripe";}',
        "discount_percent": Decimal("0.00"),
        "discount_total": Decimal("0.00"),
        "discount_type": "",
        "recurring": 0,
        "custom_recurring": 0,
        "cycles": 0,
        "total_cycles": 0,
        "sale_agent": 0,
        "billing_street": "High Street 1",
        "include_shipping": 0,
        "show_shipping_on_invoice": 1,
        "show_quantity_as": 1,
        "project_id": 0,
        "subscription_id": 0,
    }
    assert activity(transaction) == [("invoice_activity_created", [])]
    with transaction() as db:
        consistency.check(db)


@contract("invoices.create")
def test_the_guide_s_literal_form_works(api, transaction):
    response = api.post("invoices", data=FORM, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert said(response) == done("Invoice Added Successfully", record_id=1)
    row = invoice(transaction)
    assert (row["subtotal"], row["total_tax"], row["total"]) == (1200, 216, 1416)
    assert row["allowed_payment_modes"] == 'a:1:{i:0;s:1:"1";}'
    (line,) = stored.found(transaction, t.itemable)
    assert (line["description"], line["rate"], line["unit"], line["item_order"]) == ("Camera", 1200, "1", 1)
    assert stored.values(transaction, t.item_tax.c.taxname) == ["CGST", "SGST"]


@contract("invoices.create")
def test_a_multipart_form_with_lines_as_json_text_works(api, transaction):
    body = BODY | {"newitems": '[{"description": "Camera", "qty": 3, "rate": 0.1}]'}
    body |= {"allowed_payment_modes": "1,stripe"}
    response = api.post("invoices", data=body, content_type="multipart/form-data")
    assert response.status_code == 200
    row = invoice(transaction)
    assert row["subtotal"] == Decimal("0.30")
    assert row["allowed_payment_modes"] == 'a:2:{i:0;s:1:"1";i:1;s:6:"stripe";}'


@contract("invoices.create")
def test_items_are_as_good_as_newitems(api, transaction):
    body = {name: value for name, value in BODY.items() if name != "newitems"}
    assert api.post("invoices", json=body | {"items": LINES}).status_code == 200
    assert invoice(transaction)["total"] == 286


@contract("invoices.create")
def test_every_input_is_stored(api, make, transaction):
    project, agent = make(make_project), make(make_staff)
    texts = {
        f"{where}_{what}": f"{where} {what}"
        for where in ("billing", "shipping")
        for what in ("street", "city", "state", "zip")
    }
    texts |= {"adminnote": "a", "clientnote": "c", "terms": "t"}
    numbers = {"billing_country": 81, "shipping_country": 14, "sale_agent": agent, "project_id": project}
    numbers |= {"include_shipping": 1, "show_shipping_on_invoice": 1, "cancel_overdue_reminders": 1}
    numbers |= {"recurring": 3, "cycles": 4, "show_quantity_as": 2}
    dates = {"duedate": "2026-04-04"}
    api.post("invoices", json=BODY | texts | numbers | dates)
    row = invoice(transaction)
    assert {name: row[name] for name in texts | numbers} == texts | numbers
    assert row["duedate"] == date(2026, 4, 4)


@contract("invoices.create")
def test_line_breaks_are_stored_as_the_screens_store_them(api, transaction):
    plain = dict.fromkeys(("billing_street", "adminnote", "clientnote"), "one\ntwo")
    api.post("invoices", json=BODY | plain | {"terms": "<p>one</p>\ntwo\nthree"})
    row = invoice(transaction)
    assert {row[name] for name in plain} == {"one<br />\ntwo"}
    assert row["terms"] == "<p>one</p>\ntwo<br />\nthree"


@contract("invoices.create")
@pytest.mark.parametrize("missing", ["clientid", "date", "currency"])
@pytest.mark.parametrize("nothing", [None, "", "absent"])
def test_some_things_cannot_be_left_out(api, transaction, missing, nothing):
    labels = {"clientid": "Customer", "date": "Invoice date", "currency": "Currency"}
    body = BODY | {missing: nothing}
    if nothing == "absent":
        del body[missing]
    response = api.post("invoices", json=body)
    assert said(response) == refused(missing, f"The {labels[missing]} field is required.")
    assert stored.found(transaction, t.invoices) == []


@contract("invoices.create")
@pytest.mark.parametrize(
    ("missing", "case"),
    [
        ("newitems", "newitems[] missing"),
        ("allowed_payment_modes", "allowed_payment_modes[] missing"),
        ("billing_street", "billing_street missing"),
    ],
)
@pytest.mark.parametrize("nothing", ["", [], "absent"])
def test_what_the_guide_asks_for_is_refused_in_its_words(api, missing, case, nothing):
    body = BODY | {"subtotal": 1, "total": 1, missing: nothing}
    if nothing == "absent":
        del body[missing]
    if (missing, nothing) != ("billing_street", []):
        assert said(api.post("invoices", json=body)) == refusal("invoices.create", case)


@contract("invoices.create")
def test_amounts_are_asked_for_where_no_lines_make_them(api):
    body = {name: value for name, value in BODY.items() if name != "newitems"}
    assert list(api.post("invoices", json=body).json["error"]) == ["newitems[]", "subtotal", "total"]
    for name, other in (("subtotal", "total"), ("total", "subtotal")):
        status, documented = refusal("invoices.create", f": {name} missing")
        response = api.post("invoices", json=body | {other: 1})
        assert response.status_code == status
        assert response.json["error"][name] == documented["error"][name]


@contract("invoices.create")
def test_a_wrong_line_is_told_by_its_place(api):
    response = api.post("invoices", json=BODY | {"newitems": [*LINES, {"description": "x", "rate": "many"}]})
    assert said(response) == refused("newitems[2][rate]", "The Rate field must contain a decimal number.")


@contract("invoices.create")
@pytest.mark.parametrize("name", ["clientid", "currency", "project_id", "sale_agent"])
def test_what_an_invoice_names_must_exist(api, transaction, name):
    response = api.post("invoices", json=BODY | {name: 99})
    labels = {
        "clientid": "Customer",
        "currency": "Currency",
        "project_id": "Project",
        "sale_agent": "Sale Agent",
    }
    assert said(response) == refused(name, f"The {labels[name]} field names an unknown id: 99.")
    assert counter(transaction) == "1"


@contract("invoices.create")
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("discount_type", "never", "The Discount Type field must be before_tax or after_tax."),
        ("recurring", "13", "The Recurring field must be a number from 0 to 12, or custom."),
        ("repeat_type_custom", "hour", "The Repeat Type Custom field must be day, week, month or year."),
        ("date", "soon", None),
        ("total", "much", "The Total field must contain a decimal number."),
        ("clientid", "0", "The Customer field must contain a number between 1 and 2147483647."),
        ("billing_street", "x" * 201, "The Billing Street field cannot exceed 200 characters in length."),
        ("include_shipping", "perhaps", "The Include Shipping field must be on or off (1 or 0)."),
    ],
)
def test_what_no_column_could_mean_is_refused(api, name, value, sentence):
    response = api.post("invoices", json=BODY | {name: value})
    assert response.status_code == 404
    assert list(response.json["error"]) == [name]
    if sentence:
        assert response.json["error"][name] == sentence


@contract("invoices.create")
def test_unknown_inputs_and_those_of_the_crm_alone_are_ignored(api, transaction):
    own = {"hash": "x", "prefix": "X", "addedfrom": 9, "total_tax": 5, "id": 9, "token": "x", "nonsense": 1}
    assert add(api, **own) == 1
    row = invoice(transaction)
    assert (row["prefix"], row["addedfrom"], row["token"], row["total_tax"]) == ("INV-", 0, None, 36)


@contract("invoices.create")
def test_an_invoice_is_added_by_the_token_s_staff_member(make, mint, transaction):
    agent = make(make_staff, firstname="Bo", lastname="Ek")
    add(mint(staff_id=agent))
    assert invoice(transaction)["addedfrom"] == agent
    (event,) = stored.found(transaction, t.sales_activity)
    assert (event["staffid"], event["full_name"]) == (str(agent), "Bo Ek")


@contract("invoices.create")
def test_without_one_it_is_nobody_s(api, transaction):
    add(api)
    (event,) = stored.found(transaction, t.sales_activity)
    assert (event["staffid"], event["full_name"]) == ("0", "")


@contract("invoices.create")
def test_tags_come_in_their_order(api, transaction):
    add(api, tags="urgent, paper")
    with transaction() as db:
        names = sa.select(t.tags.c.name).join(t.taggables, t.taggables.c.tag_id == t.tags.c.id)
        found = db.execute(names.order_by(t.taggables.c.tag_order)).scalars().all()
    assert found == ["urgent", "paper"]


# -- numbers -----------------------------------------------------------------------------------------


@contract("invoices.create")
def test_a_number_that_another_invoice_of_the_year_has_is_refused(api, transaction):
    api.post("invoices", json=BODY)
    assert said(api.post("invoices", json=BODY | {"date": "2026-12-31"})) == refusal(
        "invoices.create", "number already used"
    )
    assert len(stored.found(transaction, t.invoices)) == 1


@contract("invoices.create")
@pytest.mark.parametrize("number", ["0000007", 7, "7"])
def test_leading_zeros_make_no_other_number(api, number):
    api.post("invoices", json=BODY)
    assert api.post("invoices", json=BODY | {"number": number}).status_code == 409


@contract("invoices.create")
def test_the_same_number_is_free_in_another_year(api):
    api.post("invoices", json=BODY)
    assert api.post("invoices", json=BODY | {"date": "2025-12-31"}).status_code == 200


@contract("invoices.create")
def test_a_number_that_is_not_sent_is_the_counter_s(api, transaction):
    body = {name: value for name, value in BODY.items() if name != "number"}
    for sent in ({}, {"number": ""}, {"number": None}):
        assert api.post("invoices", json=body | sent).status_code == 200
    assert stored.values(transaction, t.invoices.c.formatted_number) == [
        "INV-000001",
        "INV-000002",
        "INV-000003",
    ]
    assert counter(transaction) == "4"


@contract("invoices.create")
def test_prefix_and_format_are_those_of_the_options(api, make, transaction):
    make(set_option, "invoice_prefix", "R-")
    make(set_option, "invoice_number_format", "4")
    api.post("invoices", json=BODY)
    row = invoice(transaction)
    assert (row["prefix"], row["number_format"], row["formatted_number"]) == ("R-", 4, "R-000007/03/2026")


# -- amounts -----------------------------------------------------------------------------------------


@contract("invoices.create")
def test_amounts_are_stored_as_sent_and_a_contradiction_is_named(api, transaction):
    response = api.post("invoices", json=BODY | {"subtotal": "240", "total": "300.00"})
    assert said(response) == done(
        "Invoice Added Successfully",
        record_id=1,
        warnings=[
            "subtotal is stored as sent, 240.00; the lines make 250.00",
            "total is stored as sent, 300.00; the lines make 286.00",
        ],
    )
    row = invoice(transaction)
    assert (row["subtotal"], row["total"], row["total_tax"]) == (240, 300, 36)


@contract("invoices.create")
@pytest.mark.parametrize("total", ["286.00", "286.01", "285.99", 286])
def test_a_cent_is_no_contradiction(api, total):
    assert "warnings" not in api.post("invoices", json=BODY | {"subtotal": 250, "total": total}).json


@contract("invoices.create")
@pytest.mark.parametrize(
    ("sent", "row"),
    [
        ({"discount_percent": 10, "discount_type": "before_tax"}, ("before_tax", 10, 25, "32.40", "257.40")),
        ({"discount_percent": 10, "discount_type": "after_tax"}, ("after_tax", 10, "28.60", 36, "257.40")),
        ({"discount_total": 25, "discount_type": "before_tax"}, ("before_tax", 0, 25, "32.40", "257.40")),
        ({"discount_total": 25, "discount_type": "after_tax"}, ("after_tax", 0, 25, 36, 261)),
        ({"discount_percent": 10}, ("before_tax", 10, 25, "32.40", "257.40")),
        ({"discount_percent": 10, "discount_total": 25, "discount_type": "before_tax"},
         ("before_tax", 10, 25, "32.40", "257.40")),
        ({"discount_type": "before_tax"}, ("", 0, 0, 36, 286)),
        ({"discount_type": "before_tax", "discount_total": 0, "discount_percent": ""}, ("", 0, 0, 36, 286)),
        ({"adjustment": "-6"}, ("", 0, 0, 36, 280)),
    ],
)  # fmt: skip
def test_discounts_and_adjustments_count(api, transaction, sent, row):
    api.post("invoices", json=BODY | sent)
    found = invoice(transaction)
    names = ("discount_type", "discount_percent", "discount_total", "total_tax", "total")
    assert tuple(found[name] for name in names) == (row[0], *map(Decimal, row[1:]))
    with transaction() as db:
        consistency.check(db)


@contract("invoices.create")
def test_amounts_beyond_the_columns_are_refused(api):
    lines = [{"description": "x", "qty": "9999999999999", "rate": "9999999999999"}]
    response = api.post("invoices", json=BODY | {"newitems": lines})
    assert response.status_code == 404
    assert list(response.json["error"]) == ["subtotal", "total"]


# -- shipping and recurrence -------------------------------------------------------------------------


SHIPPING = {"shipping_street": "s", "shipping_city": "c", "shipping_zip": "z", "shipping_country": 14}


@contract("invoices.create")
@pytest.mark.parametrize(
    ("sent", "included", "shown", "street"),
    [
        ({}, 0, 1, None),
        ({"include_shipping": 0, "show_shipping_on_invoice": 0}, 0, 1, None),
        ({"include_shipping": 1}, 1, 0, "s"),
        ({"include_shipping": "yes", "show_shipping_on_invoice": "on"}, 1, 1, "s"),
        ({"include_shipping": "true", "show_shipping_on_invoice": "0"}, 1, 0, "s"),
    ],
)
def test_a_shipping_address_is_there_when_it_is_included(api, transaction, sent, included, shown, street):
    api.post("invoices", json=BODY | SHIPPING | sent)
    row = invoice(transaction)
    found = (row["include_shipping"], row["show_shipping_on_invoice"], row["shipping_street"])
    assert found == (included, shown, street)


@contract("invoices.create")
@pytest.mark.parametrize(
    ("sent", "row"),
    [
        ({"recurring": 0, "cycles": 5}, (0, None, 0, 0)),
        ({"recurring": "12", "cycles": 5}, (12, None, 0, 5)),
        ({"recurring": "custom", "repeat_every_custom": 2, "repeat_type_custom": "week"}, (2, "week", 1, 0)),
        ({"repeat_every_custom": 2, "repeat_type_custom": "week"}, (0, None, 0, 0)),
    ],
)
def test_an_invoice_recurs_by_months_or_in_a_way_of_its_own(api, transaction, sent, row):
    add(api, **sent)
    found = invoice(transaction)
    names = ("recurring", "recurring_type", "custom_recurring", "cycles")
    assert tuple(found[name] for name in names) == row


@contract("invoices.create")
def test_payment_modes_may_come_serialized(api, transaction):
    modes = 'a:2:{i:0;s:1:"1";i:1;s:6:"stripe";}'
    add(api, allowed_payment_modes=modes)
    assert invoice(transaction)["allowed_payment_modes"] == modes
    response = api.post("invoices", json=BODY | {"allowed_payment_modes": 'a:2:{i:0;s:1:"1";}'})
    sentence = "The Allow Payment Mode field must be a list of payment modes."
    assert response.json["error"] == {"allowed_payment_modes": sentence}


@contract("invoices.create")
def test_a_way_of_its_own_needs_count_and_unit(api):
    response = api.post("invoices", json=BODY | {"recurring": "custom"})
    assert response.json["error"] == {
        "repeat_every_custom": "The Repeat Every Custom field is required.",
        "repeat_type_custom": "The Repeat Type Custom field is required.",
    }


# -- custom fields -----------------------------------------------------------------------------------


@contract("invoices.create", "custom_fields.add")
def test_custom_fields_of_invoice_and_lines_are_stored_and_read(api, make, transaction):
    make(make_custom_field, "invoice", name="Ref")
    make(make_custom_field, "items", name="Colour")
    lines = [LINES[0] | {"custom_fields": {"items": {"2": "red"}}}, LINES[1]]
    add(api, newitems=lines, custom_fields={"invoice": {"1": "X-7"}})
    found = api.get("invoices/1").json
    assert found["customfields"] == [{"label": "Ref", "value": "X-7"}]
    assert [line["customfields"] for line in found["items"]] == [
        [{"label": "Colour", "value": "red"}],
        [{"label": "Colour", "value": ""}],
    ]
    with transaction() as db:
        consistency.check(db)


@contract("invoices.create")
def test_an_unknown_custom_field_of_a_line_undoes_everything(api, transaction):
    before = stored.counts(transaction)
    lines = [LINES[0] | {"custom_fields": {"items": {"99": "red"}}}]
    assert api.post("invoices", json=BODY | {"newitems": lines}).status_code == 404
    assert stored.counts(transaction) == before
