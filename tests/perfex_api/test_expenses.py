"""Expenses: every rule, sentence and side effect of ``/api/expenses``."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from answers import NOT_FOUND, done, failed, refused, said
from contract import stored
from contract.reference import keys, refusal
from counting import queries
from make import (
    make_custom_field,
    make_custom_field_value,
    make_customer,
    make_expense,
    make_expense_category,
    make_invoice,
    make_payment_mode,
    make_project,
    make_row,
    make_task,
    make_tax,
)

from perfex_api import tables as t
from perfex_api.core import clock
from perfex_api.expenses import recurrence

contract = pytest.mark.contract

ADDED = "Expense Added Successfully"
UPDATED = done("Expense Updated Successfully")
DELETED = done("Expense Deleted Successfully")
UNKNOWN_CATEGORY = refused("category", "The Expense Category is not found.", 409)
#: The guide's keys; one of them is a column of another add-on.
KEYS = [key for key in keys("expenses.get") if key != "is_expense_created_in_xero"]
#: What a single one shows beside them, in the original's order; of a project, ``project_data`` as well.
ALONE = ["attachment", "filetype", "attachment_added_from", "currency_data"]
OFF = {
    "recurring": 0,
    "repeat_every": None,
    "recurring_type": None,
    "custom_recurring": 0,
    "cycles": 0,
    "total_cycles": 0,
    "last_recurring_date": None,
}


@pytest.fixture
def noon(monkeypatch):
    """It is noon in Greenwich on a summer's day."""
    monkeypatch.setattr(clock, "utcnow", lambda: datetime(2026, 7, 1, 12, 0, 0))


@pytest.fixture
def category(make):
    return make(make_expense_category, name="Hosting", description="server space")


@pytest.fixture
def body(category):
    """What an expense must have."""
    return {"category": category, "amount": "50.00", "date": "2021-09-01", "currency": 1}


def first(found):
    """The first row of a list, of a page, or the row itself."""
    rows = found if isinstance(found, list) else found.get("data", [found])
    return rows[0]


# -- create ------------------------------------------------------------------------------------------


@contract("expenses.create")
def test_a_new_expense_has_the_defaults_of_the_crm(mint, body, transaction, noon):
    assert said(mint(staff_id=7).post("expenses", data=body)) == done(ADDED, record_id=1)
    assert stored.row(transaction, t.expenses, 1) == dict.fromkeys(t.expenses.c.keys()) | OFF | {
        "id": 1,
        "category": body["category"],
        "currency": 1,
        "amount": Decimal("50.00"),
        "tax": 0,
        "tax2": 0,
        "note": "",
        "clientid": 0,
        "project_id": 0,
        "billable": 0,
        "date": date(2021, 9, 1),
        "create_invoice_billable": 0,
        "send_invoice_to_customer": 0,
        "dateadded": datetime(2026, 7, 1, 14, 0, 0),
        "addedfrom": 7,
    }
    assert [line["description"] for line in stored.log(transaction)] == ["New Expense Added [1]"]


@contract("expenses.create")
@pytest.mark.parametrize("encoding", ["json", "data"])
def test_every_input_of_the_contract_is_stored(api, make, body, transaction, encoding):
    texts = {"expense_name": "Cloud", "reference_no": "012457893"}
    links = {
        "clientid": make(make_customer),
        "tax": make(make_tax),
        "tax2": make(make_tax),
        "project_id": make(make_project),
    }
    flags = {"billable": 1, "create_invoice_billable": 1, "send_invoice_to_customer": 1}
    others = {"note": "First\nsecond", "paymentmode": str(make(make_payment_mode)), "cycles": 12}
    sent = body | texts | links | flags | others | {"recurring": "3"}
    assert said(api.post("expenses/", **{encoding: sent})) == done(ADDED, record_id=1)
    row = stored.row(transaction, t.expenses, 1)
    wanted = texts | links | flags | others | {"note": "First<br />\nsecond"}
    assert {name: row[name] for name in wanted} == wanted


@contract("expenses.create")
@pytest.mark.parametrize("name", ["currency_id", "currencyid"])
def test_the_currency_has_other_names(api, body, transaction, name):
    body[name] = 2
    del body["currency"]
    assert api.post("expenses", data=body).status_code == 200
    assert stored.row(transaction, t.expenses, 1)["currency"] == 2


@contract("expenses.create")
@pytest.mark.parametrize("flag", ["billable", "create_invoice_billable", "send_invoice_to_customer"])
def test_a_flag_that_is_sent_as_0_is_0(api, body, transaction, flag):
    api.post("expenses", data=body | {flag: "0"})
    assert stored.row(transaction, t.expenses, 1)[flag] == 0


@contract("expenses.create")
@pytest.mark.parametrize("blank", ["absent", "", None])
@pytest.mark.parametrize(
    ("field", "label"),
    [
        ("category", "Expense Category"),
        ("amount", "Amount"),
        ("date", "Expense date"),
        ("currency", "Currency"),
    ],
)
def test_what_the_contract_demands_must_come(api, body, transaction, field, label, blank):
    sent = {name: value for name, value in body.items() if name != field}
    sent |= {} if blank == "absent" else {field: blank}
    before = stored.counts(transaction)
    assert said(api.post("expenses", json=sent)) == refused(field, f"The {label} field is required.", 409)
    assert stored.counts(transaction) == before


def test_the_demands_are_the_contract_s():
    for field, sentence in (
        ("date", "The Expense date field is required."),
        ("amount", "The Amount field is required."),
    ):
        assert refusal("expenses.create", f"{field} missing") == refused(field, sentence, 409)
    assert refusal("expenses.create", "unknown category") == UNKNOWN_CATEGORY


WRONG = [
    ("amount", "0", "The Amount field must contain a number greater than 0."),
    ("amount", "0.004", "The Amount field must contain a number greater than 0."),
    ("amount", "-5", "The Amount field must contain a number greater than 0."),
    ("amount", "much", "The Amount field must contain a decimal number."),
    ("amount", "1e13", "The Amount field must contain a number less than 10000000000000."),
    ("date", "soon", "The Expense date field must contain a valid date, e.g. 2026-01-31."),
    ("category", "x", "The Expense Category field must contain only numbers."),
    ("currency", 99, "The Currency field names an unknown id: 99."),
    ("clientid", 99, "The Customer field names an unknown id: 99."),
    ("tax", 99, "The Tax field names an unknown id: 99."),
    ("tax2", 99, "The Tax 2 field names an unknown id: 99."),
    ("project_id", 99, "The Project field names an unknown id: 99."),
    ("paymentmode", 99, "The Payment Mode field names an unknown id: 99."),
    ("expense_name", "x" * 192, "The Expense Name field cannot exceed 191 characters in length."),
    ("reference_no", ["x"], "The Reference No field must be a single value."),
    ("billable", "x", "The Billable field must be on or off (1 or 0)."),
    ("recurring", "13", "The Recurring field must be a number from 0 to 12, or custom."),
    ("repeat_every", "2-moons", "The Repeat Every field must be like 1-month or 2-week, or custom."),
    ("recurring_type", "moon", "The Recurring Type field must be day, week, month or year."),
    ("cycles", "-1", "The Cycles field must contain a number between 0 and 2147483647."),
    ("repeat_every_custom", 0, "The Repeat Every Custom field must contain a number between 1 and 999."),
]


@contract("expenses.create", "expenses.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_does_not_fit_is_refused(api, make, body, transaction, method, subtests):
    path = "expenses" if method == "POST" else f"expenses/{make(make_expense)}"
    before = stored.counts(transaction), stored.found(transaction, t.expenses)
    for field, wrong, sentence in WRONG:
        with subtests.test(f"{field}={wrong!r}"):
            assert said(api(method, path, json=body | {field: wrong})) == refused(field, sentence, 409)
    assert (stored.counts(transaction), stored.found(transaction, t.expenses)) == before


@contract("expenses.create", "expenses.update")
@pytest.mark.parametrize("unknown", [0, 99, 2**31 - 1])
def test_an_unknown_category_is_not_found(api, make, body, transaction, unknown):
    make(make_expense)
    before = stored.counts(transaction)
    for method, path in (("POST", "expenses"), ("PUT", "expenses/1")):
        assert said(api(method, path, data=body | {"category": unknown})) == UNKNOWN_CATEGORY
    assert stored.counts(transaction) == before


@contract("expenses.create")
def test_a_gateway_is_a_payment_mode_by_its_name(api, body, transaction):
    assert api.post("expenses", data=body | {"paymentmode": "stripe"}).status_code == 200
    assert stored.row(transaction, t.expenses, 1)["paymentmode"] == "stripe"
    assert first(api.get("expenses").json)["payment_mode_name"] is None


@contract("expenses.create")
@pytest.mark.parametrize("visible", ["0", "1"])
def test_a_project_is_told_of_its_expense(api, make, body, transaction, visible):
    project = make(make_project)
    make(make_row, t.project_settings, project_id=project, name="view_finance_overview", value=visible)
    api.post("expenses", data=body | {"project_id": project})
    (told,) = stored.found(transaction, t.project_activity)
    assert told["project_id"] == project
    assert told["description_key"] == "project_activity_recorded_expense"
    assert told["additional_data"] == "Hosting"
    assert told["visible_to_customer"] == int(visible)


@contract("expenses.create", "expenses.update")
def test_custom_fields_are_stored_with_an_expense(api, make, body, transaction):
    field = make(make_custom_field, "expenses", name="Receipt")
    api.post("expenses", json=body | {"custom_fields": {"expenses": {field: "R1"}}})
    assert api.get("expenses/1").json[0]["customfields"] == [{"label": "Receipt", "value": "R1"}]
    assert said(api.put("expenses/1", json={"custom_fields": {"expenses": {field: "R2"}}})) == UPDATED
    assert api.get("expenses").json[0]["customfields"] == [{"label": "Receipt", "value": "R2"}]


@contract("expenses.create", "expenses.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_file_comes_with_an_expense(api, make, body, transaction, uploads, method):
    path = "expenses" if method == "POST" else f"expenses/{make(make_expense)}"
    response = api(method, path, data=body | {"file": (BytesIO(b"paid"), "receipt.pdf")})
    assert response.status_code == 200
    (row,) = stored.found(transaction, t.files)
    assert (row["rel_type"], row["rel_id"], row["file_name"]) == ("expense", 1, "receipt.pdf")
    assert (uploads / "expenses" / "1" / "receipt.pdf").read_bytes() == b"paid"


@contract("expenses.create")
def test_a_wrong_file_leaves_nothing_behind(api, body, transaction, uploads):
    before = stored.counts(transaction)
    response = api.post("expenses", data=body | {"file": (BytesIO(b"<?php"), "../../x.php")})
    assert response.status_code == 409
    assert list(response.json["error"]) == ["file"]
    assert stored.counts(transaction) == before
    assert not list(uploads.rglob("*.*"))


# -- recurrence --------------------------------------------------------------------------------------


def on(every, unit, custom=0):
    return {"recurring": 1, "repeat_every": every, "recurring_type": unit, "custom_recurring": custom}


EVERY_OTHER_WEEK = on(2, "week", custom=1) | {"cycles": 5, "total_cycles": 3}
CUSTOM = {"repeat_every_custom": 10, "repeat_type_custom": "day"}
#: What is sent, what the expense has, and what changes.
RECURRENCES = {
    "nothing said": ({}, {}, {}),
    "a number of months": ({"recurring": "3"}, {}, on(3, "month")),
    "the form's way": ({"repeat_every": "2-week"}, {}, on(2, "week")),
    "the form's way, in the plural": ({"repeat_every": "2-weeks"}, {}, on(2, "week")),
    "both ways": ({"recurring": "1", "repeat_every": "1-year"}, {}, on(1, "year")),
    "the guide's custom": ({"recurring": "custom"} | CUSTOM, {}, on(10, "day", 1)),
    "the form's custom": ({"repeat_every": "custom"} | CUSTOM, {}, on(10, "day", 1)),
    "custom inputs alone": (CUSTOM, {}, {}),
    "custom inputs of a custom one": ({"repeat_every_custom": 4}, EVERY_OTHER_WEEK, on(4, "week", 1)),
    "custom again": ({"recurring": "custom"}, EVERY_OTHER_WEEK, on(2, "week", 1)),
    "other months": ({"recurring": "6"}, EVERY_OTHER_WEEK, on(6, "month")),
    "off": ({"recurring": "0"}, EVERY_OTHER_WEEK, OFF),
    "off with a blank": ({"recurring": ""}, EVERY_OTHER_WEEK, OFF),
    "off, the form's way": ({"repeat_every": ""}, EVERY_OTHER_WEEK, OFF),
    "a row that is sent back": (
        {"recurring": "1", "repeat_every": "2", "recurring_type": "week", "custom_recurring": 1},
        EVERY_OTHER_WEEK,
        on(2, "week", 1),
    ),
    "a row without one that is sent back": (
        {"recurring": "0", "repeat_every": "", "recurring_type": "", "custom_recurring": 0},
        {"recurring": 0},
        OFF,
    ),
}


@pytest.mark.parametrize("case", RECURRENCES)
def test_a_recurrence_may_be_said_in_many_ways(case):
    body, before, changes = RECURRENCES[case]
    assert recurrence.take(dict(body), before) == changes


@contract("expenses.create")
def test_a_recurrence_is_stored_as_the_scheduler_reads_it(api, body, transaction):
    api.post("expenses", data=body | {"recurring": "custom", "cycles": "4"} | CUSTOM)
    row = stored.row(transaction, t.expenses, 1)
    wanted = on(10, "day", 1) | {"cycles": 4, "total_cycles": 0}
    assert {name: row[name] for name in wanted} == wanted


@contract("expenses.update")
def test_switching_a_recurrence_off_forgets_how_often_it_came(api, make, transaction):
    expense = make(make_expense, **EVERY_OTHER_WEEK, last_recurring_date=date(2026, 1, 1))
    assert said(api.put(f"expenses/{expense}", data={"recurring": "0", "cycles": "9"})) == UPDATED
    row = stored.row(transaction, t.expenses, expense)
    assert {name: row[name] for name in OFF} == OFF


@contract("expenses.create")
def test_a_custom_recurrence_needs_a_count_and_a_unit(api, body, transaction):
    before = stored.counts(transaction)
    response = api.post("expenses", data=body | {"recurring": "custom"})
    assert response.status_code == 409
    assert response.json["error"] == {
        "repeat_every_custom": "The Repeat Every Custom field is required.",
        "repeat_type_custom": "The Repeat Type Custom field is required.",
    }
    assert stored.counts(transaction) == before


# -- read --------------------------------------------------------------------------------------------


@contract("expenses.get", "expenses.list", "expenses.search")
def test_an_expense_is_the_guide_s_keys_in_their_order(api, make, category):
    customer = make(make_customer, company="Company A", addedfrom=9)
    mode = make(make_payment_mode, name="Paypal", active=0)
    taxes = make(make_tax, name="CGST", taxrate="9.00"), make(make_tax, name="SGST", taxrate="5.50")
    for _ in range(3):  # so that the id of the expense is nobody else's
        make(make_expense, date=date(2020, 1, 1))
    expense = make(
        make_expense,
        category=category,
        clientid=customer,
        paymentmode=str(mode),
        tax=taxes[0],
        tax2=taxes[1],
        expense_name="Cloud",
        addedfrom=3,
    )
    for path in (f"expenses/{expense}", "expenses", "expenses/search/cloud", "expenses?page=1"):
        row = first(api.get(path).json)
        alone = ALONE if path.endswith(str(expense)) else []
        assert list(row) == [*KEYS[:-1], *alone, KEYS[-1]]
        told = {
            "id": str(expense),
            "expenseid": str(expense),
            "addedfrom": "3",  # the expense's
            "company": "Company A",
            "userid": str(customer),
            "active": "0",  # the payment mode's
            "name": "Hosting",  # the category's
            "description": "server space",
            "category_name": "Hosting",
            "payment_mode_name": "Paypal",
            "tax": str(taxes[0]),
            "taxrate": "9.00",
            "tax_name": "CGST",
            "tax_name2": "SGST",
            "taxrate2": "5.50",
            "amount": "5.00",
            "customfields": [],
        }
        assert {key: row[key] for key in told} == told


@contract("expenses.list")
def test_an_expense_without_customer_mode_and_taxes_has_nulls_in_their_places(api, make):
    make(make_expense)
    (row,) = api.get("expenses").json
    assert list(row) == KEYS
    for key in ("company", "userid", "payment_mode_name", "tax_name", "taxrate", "taxrate2", "active"):
        assert row[key] is None


@contract("expenses.get")
def test_a_setting_takes_a_single_expense_out_of_its_list(make_app, mint, api, make):
    make(make_expense)
    (row,) = api.get("expenses/1").json
    client = make_app(expense_as_object=True).test_client()
    alone = client.get("/api/expenses/1", headers={"authtoken": api.token})
    assert alone.json == row


@contract("expenses.get")
def test_a_single_expense_tells_its_file_its_currency_and_its_project(api, make, body):
    body |= {"project_id": make(make_project, name="Roof"), "currency": 2}
    api.post("expenses", data=body | {"file": (BytesIO(b"paid"), "receipt.pdf")})
    (row,) = api.get("expenses/1").json
    assert {name: row[name] for name in ALONE[:3]} == {
        "attachment": "receipt.pdf",
        "filetype": "application/pdf",
        "attachment_added_from": "0",
    }
    assert (row["currency_data"]["id"], row["currency_data"]["name"]) == ("2", "EUR")
    assert row["project_data"]["name"] == "Roof"
    api.put("expenses/1", json={"project_id": 0})
    assert "project_data" not in api.get("expenses/1").json[0]


@contract("expenses.get")
@pytest.mark.parametrize("unknown", ["99", "x", "0", str(2**64)])
def test_an_unknown_expense_is_not_found(api, make, unknown):
    make(make_expense)
    assert said(api.get(f"expenses/{unknown}")) == NOT_FOUND


@contract("expenses.list")
def test_no_expenses_are_404(api):
    assert said(api.get("expenses")) == NOT_FOUND


@contract("expenses.list")
def test_the_latest_expense_comes_first(api, make):
    days = [date(2026, 1, 2), date(2026, 1, 3), date(2026, 1, 1), date(2026, 1, 3)]
    ids = [str(make(make_expense, date=day)) for day in days]
    wanted = [ids[3], ids[1], ids[0], ids[2]]
    assert [row["id"] for row in api.get("expenses").json] == wanted
    assert [row["id"] for row in api.get("expenses?page=2&per_page=3").json["data"]] == wanted[3:]
    assert [row["id"] for row in api.get("expenses?sort=id").json] == ids


@contract("expenses.list")
def test_a_list_is_bounded_by_the_day_expenses_were_entered(api, make):
    make(make_expense, dateadded=datetime(2026, 1, 1))
    late = make(make_expense, dateadded=datetime(2026, 3, 1), date=date(2020, 1, 1))
    assert [row["id"] for row in api.get("expenses?created_after=2026-02-01").json] == [str(late)]
    assert said(api.get("expenses?created_after=x")) == refusal("expenses.list", "unreadable")


@contract("expenses.list")
def test_the_queries_of_a_list_do_not_grow_with_it(api, make, database):
    field = make(make_custom_field, "expenses")
    counts = []
    for number in (1, 20):
        for _ in range(number):
            make(make_custom_field_value, "expenses", make(make_expense), field, "x")
        with queries(database.engine) as sent:
            api.get("expenses")
        counts.append(len(sent))
    assert counts[0] == counts[1]


@contract("expenses.search")
@pytest.mark.parametrize(
    "factory",
    [
        lambda make: make(make_expense, expense_name="the needle in it"),
        lambda make: make(make_expense, note="the needle in it"),
        lambda make: make(make_expense, category=make(make_expense_category, name="a needle")),
        lambda make: make(make_expense, paymentmode=str(make(make_payment_mode, name="a needle"))),
        *(
            lambda make, column=column: make(
                make_expense, clientid=make(make_customer, **{column: "a needle"})
            )
            for column in ("company", "vat", "phonenumber", "city", "zip", "address", "state")
        ),
    ],
)
def test_a_search_looks_into_the_expense_and_what_it_names(api, make, factory):
    make(make_expense)
    wanted = factory(make)
    assert [row["id"] for row in api.get("expenses/search/NEEDLE").json] == [str(wanted)]
    assert [row["id"] for row in api.get("expenses/search?q=needle").json] == [str(wanted)]


@contract("expenses.search")
def test_a_search_looks_into_custom_fields(api, make):
    make(make_expense)
    wanted = make(make_expense)
    make(make_custom_field_value, "expenses", wanted, make(make_custom_field, "expenses"), "a needle")
    assert [row["id"] for row in api.get("expenses/search/needle").json] == [str(wanted)]


@contract("expenses.search")
def test_a_search_without_a_word_or_a_hit_is_refused(api, make):
    make(make_expense)
    assert said(api.get("expenses/search")) == refusal("expenses.search", "without a term")
    assert said(api.get("expenses/search/nothing")) == refusal("expenses.search", "nothing found")


# -- update ------------------------------------------------------------------------------------------


@pytest.fixture
def full(make, category):
    """An expense that has something in every column that a form writes."""
    return make(
        make_expense,
        **EVERY_OTHER_WEEK,
        category=category,
        billable=1,
        create_invoice_billable=1,
        send_invoice_to_customer=1,
        note="Keep",
        expense_name="Cloud",
        reference_no="R1",
        clientid=make(make_customer),
        project_id=make(make_project),
        tax=make(make_tax),
        tax2=make(make_tax),
        paymentmode=str(make(make_payment_mode)),
        last_recurring_date=date(2026, 1, 1),
    )


@contract("expenses.update")
def test_an_update_changes_what_is_sent_and_nothing_else(api, full, transaction, subtests):
    changes = {
        "amount": ("7.50", Decimal("7.50")),
        "expense_name": ("After", "After"),
        "note": ("a\nb", "a<br />\nb"),
        "billable": (0, 0),
        "create_invoice_billable": ("0", 0),
        "send_invoice_to_customer": (False, 0),
        "cycles": (9, 9),
        "tax2": (0, 0),
        "tax": ("", 0),
        "clientid": (0, 0),
        "project_id": ("", 0),
        "paymentmode": ("paypal", "paypal"),
        "date": ("2026-02-03", date(2026, 2, 3)),
    }
    for name, (sent, value) in changes.items():
        with subtests.test(name):
            before = stored.row(transaction, t.expenses, full)
            assert said(api.put(f"expenses/{full}", json={name: sent})) == UPDATED
            assert stored.row(transaction, t.expenses, full) == before | {name: value}
    assert {line["description"] for line in stored.log(transaction)} == {f"Expense Updated [{full}]"}


@contract("expenses.update")
@pytest.mark.parametrize("name", ["id", "expenseid"])
@pytest.mark.parametrize("encoding", ["json", "data"])
def test_the_body_may_say_which_expense_it_is(api, make, transaction, name, encoding):
    other, expense = make(make_expense), make(make_expense)
    body = {name: expense, "expense_name": "After"}
    assert said(api.put("expenses", **{encoding: body})) == UPDATED
    names = [stored.row(transaction, t.expenses, each)["expense_name"] for each in (other, expense)]
    assert names == [None, "After"]


@contract("expenses.update")
def test_the_path_wins_over_the_body(api, make, transaction):
    other, expense = make(make_expense), make(make_expense)
    assert said(api.put(f"expenses/{expense}", json={"id": other, "expense_name": "After"})) == UPDATED
    assert stored.row(transaction, t.expenses, expense)["expense_name"] == "After"
    assert stored.row(transaction, t.expenses, other)["expense_name"] is None


@contract("expenses.update")
def test_what_was_read_can_be_sent_back(api, full, transaction):
    before = stored.row(transaction, t.expenses, full)
    (row,) = api.get(f"expenses/{full}").json
    assert said(api.put("expenses", json=row)) == UPDATED
    assert stored.row(transaction, t.expenses, full) == before


@contract("expenses.update")
def test_what_an_expense_named_before_may_be_gone(api, make, transaction):
    gone = {"category": 88, "clientid": 99, "tax": 99, "project_id": 99, "paymentmode": "99", "currency": 99}
    expense = make(make_expense, **gone)
    assert said(api.put(f"expenses/{expense}", json=gone | {"note": "After"})) == UPDATED
    assert stored.row(transaction, t.expenses, expense)["note"] == "After"


@contract("expenses.update")
def test_an_update_needs_an_expense(api, make):
    make(make_expense)
    body = {"note": "After"}
    assert said(api.put("expenses/99", data=body)) == refusal("expenses.update", "unknown id")
    assert said(api.put("expenses", data=body | {"id": 99})) == refusal("expenses.update", "unknown id")
    for nobody in ({}, {"id": "x"}, {"expenseid": "-1"}, {"id": "9" * 30}):
        assert said(api.put("expenses", data=body | nobody)) == failed(404, "Invalid Expense ID")
    assert said(api.put("expenses/x", data=body)) == failed(404, "Invalid Expense ID")


@contract("expenses.update")
@pytest.mark.parametrize("path", ["expenses", "expenses/1"])
def test_an_empty_update_is_refused(api, make, path):
    make(make_expense)
    assert said(api.put(path)) == refusal("expenses.update", "empty or unreadable")


# -- delete ------------------------------------------------------------------------------------------


@contract("expenses.delete")
@pytest.mark.parametrize("path", ["expenses/", "delete/expenses/"])
def test_a_delete_takes_along_what_hangs_on_the_expense(api, make, transaction, path):
    gone, stays = make(make_expense), make(make_expense)
    field = make(make_custom_field, "expenses")
    for each in (gone, stays):
        make(make_custom_field_value, "expenses", each, field, "x")
        make(make_task, rel_type="expense", rel_id=each)
        make(make_row, t.reminders, rel_type="expense", rel_id=each)
        make(make_row, t.related_items, rel_type="expense", rel_id=each, item_id=each)
        make(make_row, t.files, rel_type="expense", rel_id=each)
    copy = make(make_expense, recurring_from=gone)
    assert said(api.delete(f"{path}{gone}")) == DELETED
    assert stored.values(transaction, t.expenses.c.id) == [stays, copy]
    assert stored.row(transaction, t.expenses, copy)["recurring_from"] is None
    for table in (t.tasks, t.reminders, t.related_items, t.files):
        assert stored.values(transaction, table.c.rel_id) == [stays], table.name
    assert stored.values(transaction, t.customfieldsvalues.c.relid) == [stays]
    assert [line["description"] for line in stored.log(transaction)] == [f"Expense Deleted [{gone}]"]


@contract("expenses.delete")
def test_an_expense_that_an_invoice_bills_is_not_deleted(api, make, transaction):
    make(make_expense, invoiceid=make(make_invoice))
    before = stored.counts(transaction)
    assert said(api.delete("expenses/1")) == refusal("expenses.delete", "delete failed")
    assert stored.counts(transaction) == before


@contract("expenses.delete")
def test_a_delete_needs_an_expense(api):
    for path in ("expenses/99", "expenses/x", "expenses", "delete/expenses", "delete/expenses/99"):
        assert said(api.delete(path)) == refusal("expenses.delete", "id missing")
