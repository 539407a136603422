"""Payments: what they do to invoices, how they are listed and found, and their flag of another name."""

from datetime import date
from decimal import Decimal

import consistency
import pytest
from answers import said
from contract import stored
from contract.reference import keys, refusal
from invoicing import activity, add, counter, invoice
from make import make_customer, make_invoice, make_payment, make_payment_mode, make_row, make_staff
from stopped_clock import stop

from perfex_api import tables as t
from perfex_api.invoices import paid

contract = pytest.mark.contract

TODAY = date(2026, 1, 31)
BODY = {"invoiceid": 1, "amount": "86.00", "paymentmode": 1}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """It is noon on the last day of January 2026."""
    return stop(monkeypatch)


@pytest.fixture(autouse=True)
def unpaid(api, make):
    """Invoice 1 of customer 1: 286.00 to pay."""
    make(make_customer, company="Acme")
    return add(api)


def flagged(status, sentence, **others):
    """An answer: the guide's flag, ours beside it."""
    return {"paymentmode": status, "status": status, "message": sentence} | others


def documented(operation, when):
    """A refusal of the contract, with ``status`` beside the guide's flag."""
    status, body = refusal(operation, when)
    return status, {"paymentmode": False, "status": False} | body


def payment(transaction, payment_id=1):
    return stored.row(transaction, t.invoicepaymentrecords, payment_id)


def status_of(transaction, invoice_id=1):
    return invoice(transaction, invoice_id)["status"]


# -- create ------------------------------------------------------------------------------------------


@contract("payments.create")
@pytest.mark.parametrize("encoding", ["json", "data"])
def test_a_create_answers_both_flags_and_the_new_id(api, encoding):
    response = api.post("payments", **{encoding: BODY})
    assert said(response) == (200, flagged(True, "Payment add successful.", record_id=1))


@contract("payments.create")
def test_a_payment_is_of_today_unless_it_says_another_day(api, transaction, today):
    api.post("payments", json=BODY)
    row = payment(transaction)
    assert row.pop("daterecorded").isoformat() == "2026-01-31T13:00:00"  # Berlin's
    assert row == {
        "id": 1,
        "invoiceid": 1,
        "amount": Decimal("86.00"),
        "paymentmode": "1",
        "paymentmethod": "",
        "date": TODAY,
        "note": "",
        "transactionid": "",
    }
    texts = {"paymentmethod": "Credit card", "note": "half", "transactionid": "T-9"}
    api.post("payments", json=BODY | texts | {"date": "2026-01-05"})
    row = payment(transaction, 2)
    assert {name: row[name] for name in texts} == texts
    assert row["date"] == date(2026, 1, 5)


@contract("payments.create")
@pytest.mark.parametrize(
    ("amounts", "status", "left"),
    [
        (["86"], "3", "200.00"),
        (["86.00", "200.00"], "2", "0.00"),
        (["286"], "2", "0.00"),
        (["300.00"], "2", "-14.00"),
        (["285.994", "0.005"], "2", "0.00"),
    ],
)
def test_payments_make_the_status_of_the_invoice(api, transaction, amounts, status, left):
    for amount in amounts:
        assert api.post("payments", json=BODY | {"amount": amount}).status_code == 200
    found = api.get("invoices/1").json
    assert (found["status"], found["total_left_to_pay"]) == (status, left)
    with transaction() as db:
        consistency.check(db, today=TODAY)


@contract("payments.create")
def test_a_payment_is_told_on_the_invoice_s_page_and_in_the_log(api, transaction):
    api.post("payments", json=BODY | {"amount": "1234.5"})
    words = ["$1,234.50", '<a href="/admin/payments/payment/1" target="_blank">#1</a>']
    assert activity(transaction)[-1] == ("invoice_activity_payment_made_by_client", words)
    event = stored.found(transaction, t.sales_activity)[-1]
    assert (event["staffid"], event["full_name"]) == (None, "")
    assert [row["description"] for row in stored.log(transaction)] == [
        "Invoice Status Updated [Invoice Number: INV-000001, From: 1 To: 2]",
        "Payment Recorded [ID: 1, Invoice Number: INV-000001, Total: $1,234.50]",
    ]


@contract("payments.create")
def test_a_draft_that_is_paid_becomes_an_invoice(api, transaction):
    draft = add(api, status=6)
    api.post("payments", json=BODY | {"invoiceid": draft})
    row = invoice(transaction, draft)
    assert (row["status"], row["number"], row["formatted_number"]) == (3, 2, "INV-000002")
    assert counter(transaction) == "3"
    with transaction() as db:
        consistency.check(db, today=TODAY)


@contract("payments.create")
def test_a_cancelled_invoice_takes_money_and_stays_cancelled(api, transaction):
    api.put("invoices/1", json={"status": 5})
    assert api.post("payments", json=BODY).status_code == 200
    assert status_of(transaction) == 5


@contract("payments.create")
@pytest.mark.parametrize("mode", ["1", 1, "stripe", "cash"])
def test_a_mode_is_a_number_or_a_gateway(api, transaction, mode):
    assert api.post("payments", json=BODY | {"paymentmode": mode}).status_code == 200
    assert payment(transaction)["paymentmode"] == str(mode)


@contract("payments.create")
@pytest.mark.parametrize("missing", ["invoiceid", "amount", "paymentmode"])
@pytest.mark.parametrize("nothing", ["", None, "absent"])
def test_what_is_missing_is_told_in_the_guide_s_words(api, transaction, missing, nothing):
    body = BODY | {missing: nothing}
    if nothing == "absent":
        del body[missing]
    assert said(api.post("payments", json=body)) == documented("payments.create", f"{missing} missing")
    assert stored.found(transaction, t.invoicepaymentrecords) == []


@contract("payments.create")
@pytest.mark.parametrize("amount", [0, "0", "0.00", "-5", -0.01, "0.004"])
def test_no_money_is_no_payment(api, transaction, amount):
    response = api.post("payments", json=BODY | {"amount": amount})
    sentence = "The Source field must contain a number greater than 0."
    told = flagged(False, f"<p>{sentence}</p>\n", error={"amount": sentence})
    assert said(response) == (404, told)
    assert status_of(transaction) == 1


@contract("payments.create")
@pytest.mark.parametrize("amount", ["much", "1,5", "NaN", "Infinity", "99999999999999"])
def test_an_amount_is_a_number_that_fits(api, amount):
    response = api.post("payments", json=BODY | {"amount": amount})
    assert (response.status_code, list(response.json["error"])) == (404, ["amount"])


@contract("payments.create")
@pytest.mark.parametrize("unknown", [99, 2**31 - 1])
def test_an_unknown_invoice_cannot_be_paid(api, transaction, unknown):
    response = api.post("payments", json=BODY | {"invoiceid": unknown})
    sentence = f"The Payment Name field names an unknown id: {unknown}."
    status, told = documented("payments.create", "create failed")
    assert said(response) == (status, told | {"error": {"invoiceid": sentence}})
    assert stored.found(transaction, t.invoicepaymentrecords) == []


@contract("payments.create")
@pytest.mark.parametrize("mode", ["99", "0", "9" * 30])
def test_an_unknown_mode_is_refused_and_a_draft_stays_one(api, transaction, mode):
    draft = add(api, status=6)
    response = api.post("payments", json=BODY | {"invoiceid": draft, "paymentmode": mode})
    assert (response.status_code, list(response.json["error"])) == (404, ["paymentmode"])
    assert status_of(transaction, draft) == 6
    assert counter(transaction) == "2"


# -- list and read -----------------------------------------------------------------------------------


@contract("payments.list")
def test_the_list_shows_payments_with_their_modes_the_oldest_first(api, make):
    """``id`` is the mode's, null for a gateway; ``paymentid`` is the payment's."""
    cash = make(make_payment_mode, name="Cash", description="in coins")
    for mode in (cash, "stripe", 1):
        api.post("payments", json=BODY | {"paymentmode": mode})
    found = api.get("payments").json
    assert [list(row) for row in found] == [keys("payments.list")] * 3
    assert [(row["paymentid"], row["id"], row["name"]) for row in found] == [
        ("1", str(cash), "Cash"),
        ("2", None, None),
        ("3", "1", "Bank"),
    ]
    assert found[0] == {
        "id": str(cash),
        "invoiceid": "1",
        "amount": "86.00",
        "paymentmode": str(cash),
        "paymentmethod": "",
        "date": "2026-01-31",
        "daterecorded": "2026-01-31 13:00:00",
        "note": "",
        "transactionid": "",
        "name": "Cash",
        "description": "in coins",
        "show_on_pdf": "0",
        "invoices_only": "0",
        "expenses_only": "0",
        "selected_by_default": "1",
        "active": "1",
        "paymentid": "1",
    }


@contract("payments.list")
def test_one_payment_is_an_object_of_the_same_keys(api):
    api.post("payments", json=BODY)
    assert api.get("payments/1").json == api.get("payments").json[0]


@contract("payments.list")
def test_payments_can_be_paged_filtered_and_bounded(api, make):
    other = make(make_invoice)
    for _ in range(3):
        make(make_payment, 1, date=date(2026, 1, 5))
    make(make_payment, other, date=date(2026, 1, 9))
    page = api.get("payments?page=2&per_page=3").json
    assert ([row["paymentid"] for row in page["data"]], page["meta"]["total"]) == (["4"], 4)
    assert [row["paymentid"] for row in api.get(f"payments?invoiceid={other}").json] == ["4"]
    assert [row["paymentid"] for row in api.get("payments?created_after=2026-01-09").json] == ["4"]


@contract("payments.list")
@pytest.mark.parametrize("path", ["payments", "payments/1", "payments/abc", "payments?page=1"])
def test_no_payment_is_not_found(api, path):
    assert said(api.get(path)) == documented("payments.list", "nothing found")


# -- search ------------------------------------------------------------------------------------------


@contract("payments.search")
@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("bank", "1"),
        ("BAN", "1"),
        ("stripe", "2"),
        ("86.00", "1"),
        ("6.0", "1"),
        ("1234.5", "2"),
        ("34.50", "2"),
    ],
)
def test_a_payment_is_found_by_mode_and_amount(api, make, word, found):
    make(make_payment, 1, amount="86.00", paymentmode="1")
    make(make_payment, 1, amount="1234.50", paymentmode="stripe")
    assert [row["paymentid"] for row in api.get(f"payments/search/{word}").json] == [found]


@contract("payments.search")
def test_found_payments_stand_by_the_names_of_their_modes(api, make):
    for name in ("Zelle", "Cash"):
        make(make_payment, 1, paymentmode=str(make(make_payment_mode, name=name)), amount="7.77")
    found = api.get("payments/search/7.77").json
    assert [row["name"] for row in found] == ["Cash", "Zelle"]
    assert list(found[0]) == keys("payments.search")


@contract("payments.search")
def test_nothing_found_and_nothing_asked_for_are_told(api):
    assert said(api.get("payments/search/xyzzy")) == documented("payments.search", "nothing found")
    assert said(api.get("payments/search")) == documented("payments.search", "without a term")


# -- update ------------------------------------------------------------------------------------------


@contract("payments.update")
def test_a_payment_changes_in_what_is_sent(api, transaction):
    api.post("payments", json=BODY | {"note": "half"})
    before = payment(transaction)
    response = api.put("payments/1", json={"amount": "286"})
    assert said(response) == (200, flagged(True, "Payment Update Successful."))
    assert payment(transaction) == before | {"amount": 286}
    assert status_of(transaction) == 2
    every = {"paymentmode": "stripe", "paymentmethod": "Card", "note": "all", "transactionid": "T-1"}
    api.put("payments/1", json=every | {"date": "2026-01-02"})
    assert payment(transaction) == before | {"amount": 286, "date": date(2026, 1, 2)} | every
    with transaction() as db:
        consistency.check(db, today=TODAY)


@contract("payments.update")
def test_a_payment_stays_with_its_invoice_and_keeps_its_day(api, transaction, make):
    other = make(make_invoice)
    api.post("payments", json=BODY)
    before = payment(transaction)
    assert api.put("payments/1", json={"invoiceid": other, "date": ""}).status_code == 200
    assert payment(transaction) == before


@contract("payments.update")
@pytest.mark.parametrize("body", [{"amount": 0}, {"amount": ""}, {"paymentmode": "99"}, {"paymentmode": ""}])
def test_a_payment_cannot_become_none(api, transaction, body):
    api.post("payments", json=BODY)
    before = payment(transaction)
    response = api.put("payments/1", json=body)
    assert (response.status_code, list(response.json["error"])) == (404, list(body))
    assert payment(transaction) == before


@contract("payments.update")
def test_an_unknown_payment_cannot_change(api):
    for path in ("payments/99", "payments/abc"):
        assert said(api.put(path, json={"note": "x"})) == documented("payments.update", "unknown id")
    assert said(api.put("payments/99", json={})) == documented("payments.update", "empty or unreadable")


# -- delete ------------------------------------------------------------------------------------------


@contract("payments.delete")
@pytest.mark.parametrize("path", ["payments/1", "delete/payments/1"])
def test_a_deleted_payment_is_owed_again(api, transaction, path):
    api.post("payments", json=BODY | {"amount": 286})
    response = api.delete(path)
    assert said(response) == (200, flagged(True, "Payment Delete Successful."))
    assert stored.found(transaction, t.invoicepaymentrecords) == []
    assert status_of(transaction) == 1
    assert activity(transaction)[-1] == ("invoice_activity_payment_deleted", ["1", "$286.00"])
    assert stored.log(transaction)[-1]["description"] == "Payment Deleted [ID: 1, Invoice ID: 1]"
    assert said(api.delete(path)) == documented("payments.delete", "unknown id")


@contract("payments.delete")
def test_the_rest_that_stays_decides(api, transaction):
    for amount in (86, 200):
        api.post("payments", json=BODY | {"amount": amount})
    api.delete("payments/2")
    assert status_of(transaction) == 3


@contract("payments.delete", "payments.update")
def test_a_payment_outlives_its_invoice(api, make, transaction):
    orphan = make(make_payment, 77)
    assert api.put(f"payments/{orphan}", json={"note": "lost"}).status_code == 200
    assert api.delete(f"payments/{orphan}").status_code == 200


# -- money as the CRM prints it ----------------------------------------------------------------------


@contract("payments.create")
@pytest.mark.parametrize(
    ("currency", "text"),
    [
        (
            {"symbol": "€", "decimal_separator": ",", "thousand_separator": ".", "placement": "after"},
            "1.234,50€",
        ),
        ({"symbol": "CHF ", "thousand_separator": "'"}, "CHF 1'234.50"),
        ({"symbol": "$"}, "$1,234.50"),
    ],
)
def test_amounts_are_told_in_the_invoice_s_currency(api, make, transaction, currency, text):
    number = make(make_row, t.currencies, name="Any", **currency)
    mine = add(api, currency=number)
    api.post("payments", json=BODY | {"invoiceid": mine, "amount": "1234.5"})
    assert activity(transaction, mine)[-1][1][0] == text


@contract("payments.create")
def test_a_staff_member_s_payment_is_still_the_customer_s_doing(make, mint, transaction):
    mint(staff_id=make(make_staff)).post("payments", json=BODY)
    assert stored.found(transaction, t.sales_activity)[-1]["staffid"] is None


@contract("payments.list")
@pytest.mark.parametrize("engine_name", ["mysql"])
def test_a_payments_mode_is_found_by_its_number(make, transaction):
    for _ in range(20):
        make(make_payment, 1, amount="1.00", paymentmode=str(make(make_payment_mode)))
    query = paid.payments().where(t.invoicepaymentrecords.c.invoiceid == 1)
    with transaction() as db:
        text = str(query.compile(db.connection, compile_kwargs={"literal_binds": True}))
        plan = db.connection.exec_driver_sql(f"EXPLAIN {text}".replace("%", "%%")).mappings().all()
    assert plan[1]["type"] == "eq_ref"
    assert "temporary" not in str([step["Extra"] for step in plan])
