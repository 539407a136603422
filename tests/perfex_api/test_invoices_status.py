"""The status of invoices: drafts, cancelled and overdue ones, and what payments and credits make of it."""

from datetime import date
from decimal import Decimal

import consistency
import pytest
import sqlalchemy as sa
from answers import refused, said
from contract import stored
from invoicing import activity, add, counter, invoice
from make import make_credit, make_credit_note, make_customer, make_invoice, make_payment
from stopped_clock import stop

from perfex_api import numbering
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.invoices import status
from perfex_api.invoices.status import CANCELLED, DRAFT, OVERDUE, PAID, PARTLY_PAID, UNPAID

contract = pytest.mark.contract

TODAY = date(2026, 1, 31)
YESTERDAY, TOMORROW = date(2026, 1, 30), date(2026, 2, 1)


@pytest.fixture(autouse=True)
def customer(make):
    """Customer 1, whom the bodies name."""
    return make(make_customer, company="Acme")


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """It is noon on the last day of January 2026."""
    return stop(monkeypatch)


# -- the rule ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "entries", "duedate", "expected"),
    [
        # nothing was paid
        ("100", [], None, UNPAID),
        ("100", [], TODAY, UNPAID),
        ("100", [], TOMORROW, UNPAID),
        ("100", [], YESTERDAY, OVERDUE),
        ("0", [], None, PAID),
        ("0", [], YESTERDAY, PAID),
        # all of it, or more
        ("100", ["100"], None, PAID),
        ("100", ["60", "40"], YESTERDAY, PAID),
        ("100", ["150"], None, PAID),
        ("100", ["99.99", "0.01"], None, PAID),
        # the first entry alone decides when it is the total
        ("100", ["100", "-30"], None, PAID),
        ("100", ["-30", "100"], None, PARTLY_PAID),
        # a part, also when it is late
        ("100", ["99.99"], None, PARTLY_PAID),
        ("100", ["1"], YESTERDAY, PARTLY_PAID),
        # paid and given back
        ("100", ["50", "-50"], None, UNPAID),
        ("100", ["50", "-50"], YESTERDAY, UNPAID),
        ("100", ["-5"], None, PARTLY_PAID),
        ("100", ["-5"], TOMORROW, UNPAID),
        ("100", ["-5"], YESTERDAY, OVERDUE),
    ],
)
def test_the_status_follows_from_what_was_paid(total, entries, duedate, expected):
    assert status.of(Decimal(total), list(map(Decimal, entries)), duedate, TODAY) == expected


# -- invoices as they are made -----------------------------------------------------------------------


@contract("invoices.create")
@pytest.mark.parametrize(
    "sent", [{}, {"status": 1}, {"status": 2}, {"status": 3}, {"status": 4}, {"status": ""}]
)
def test_the_status_that_is_sent_is_replaced_by_the_right_one(api, transaction, sent):
    add(api, **sent)
    assert invoice(transaction)["status"] == UNPAID


@contract("invoices.create")
def test_an_invoice_that_was_due_before_today_is_overdue(api, transaction):
    add(api, duedate="2026-01-30")
    assert invoice(transaction)["status"] == OVERDUE


@contract("invoices.create")
def test_today_is_the_crm_s_day(api, transaction, today):
    """At eleven in the evening in Greenwich, tomorrow has begun in Berlin."""
    today.advance(hours=11, minutes=30)
    add(api, duedate="2026-01-31")
    assert invoice(transaction)["status"] == OVERDUE


@contract("invoices.create")
def test_an_invoice_of_nothing_is_paid(api, transaction):
    add(api, newitems=[{"description": "A gift", "rate": 0}])
    assert invoice(transaction)["status"] == PAID


@contract("invoices.create")
def test_a_draft_has_no_number_and_moves_no_counter(api, transaction):
    add(api, status=6, number=7)
    row = invoice(transaction)
    assert (row["status"], row["number"], row["formatted_number"]) == (DRAFT, numbering.DRAFT, "INV-DRAFT")
    assert counter(transaction) == "1"
    add(api, status=6)
    with transaction() as db:
        consistency.check(db, today=TODAY)


@contract("invoices.create")
def test_a_cancelled_invoice_stays_so(api, transaction):
    add(api, status=5, duedate="2026-01-01")
    row = invoice(transaction)
    assert (row["status"], row["number"]) == (CANCELLED, 1)


# -- invoices as they change -------------------------------------------------------------------------


@contract("invoices.update")
def test_a_draft_that_changes_stays_a_draft(api, transaction):
    add(api, status=6)
    api.put("invoices/1", json={"clientnote": "x", "number": 7, "status": 6})
    row = invoice(transaction)
    assert (row["status"], row["number"], row["clientnote"]) == (DRAFT, numbering.DRAFT, "x")
    assert counter(transaction) == "1"


@contract("invoices.update")
@pytest.mark.parametrize(("number", "formatted"), [(None, "INV-000001"), (42, "INV-000042")])
def test_a_draft_that_is_issued_gets_a_number(api, transaction, number, formatted):
    add(api, status=6)
    api.put("invoices/1", json={"status": 1} | ({"number": number} if number else {}))
    row = invoice(transaction)
    assert (row["status"], row["formatted_number"], counter(transaction)) == (UNPAID, formatted, "2")
    words = ["<original_status>6</original_status>", "<new_status>1</new_status>"]
    assert activity(transaction)[-1] == ("invoice_activity_status_updated", words)


@contract("invoices.update")
def test_a_draft_that_is_cancelled_gets_a_number(api, transaction):
    add(api, status=6)
    api.put("invoices/1", json={"status": 5})
    row = invoice(transaction)
    assert (row["status"], row["formatted_number"], counter(transaction)) == (CANCELLED, "INV-000001", "2")


@contract("invoices.update")
def test_a_draft_cannot_take_over_a_number(api, transaction):
    add(api, number=7), add(api, status=6)
    assert api.put("invoices/2", json={"status": 1, "number": 7}).status_code == 409
    assert invoice(transaction, 2)["status"] == DRAFT


@contract("invoices.update")
def test_a_draft_of_an_older_crm_keeps_the_number_it_has(api, make, transaction):
    make(make_invoice, clientid=1, number=5, status=6, prefix="INV-", number_format=1, total="9.00")
    api.put("invoices/1", json={"status": 1})
    row = invoice(transaction)
    assert (row["status"], row["formatted_number"], counter(transaction)) == (UNPAID, "INV-000005", "1")


@contract("invoices.update")
def test_an_issued_invoice_cannot_become_a_draft(api, transaction):
    add(api)
    sentence = "The Status field cannot make a draft of an invoice that has its number."
    assert said(api.put("invoices/1", json={"status": 6})) == refused("status", sentence, 409)
    assert invoice(transaction)["status"] == UNPAID


@contract("invoices.update")
def test_an_invoice_can_be_cancelled_and_taken_back(api, make, transaction):
    add(api)
    api.put("invoices/1", json={"status": 5})
    assert invoice(transaction)["status"] == CANCELLED
    make(make_payment, 1, amount="10.00")
    api.put("invoices/1", json={"clientnote": "x"})
    assert invoice(transaction)["status"] == CANCELLED
    api.put("invoices/1", json={"status": 1})
    assert invoice(transaction)["status"] == PARTLY_PAID
    told = [words for key, words in activity(transaction) if key == "invoice_activity_status_updated"]
    assert told == [
        ["<original_status>1</original_status>", "<new_status>5</new_status>"],
        ["<original_status>5</original_status>", "<new_status>3</new_status>"],
    ]


@contract("invoices.update")
def test_another_status_cannot_be_chosen(api, transaction):
    add(api)
    api.put("invoices/1", json={"status": 2})
    assert invoice(transaction)["status"] == UNPAID
    assert len(activity(transaction)) == 1


@contract("invoices.update")
def test_a_due_date_that_moves_moves_the_status(api, transaction):
    add(api)
    api.put("invoices/1", json={"duedate": "2026-01-30"})
    assert invoice(transaction)["status"] == OVERDUE
    api.put("invoices/1", json={"duedate": ""})
    assert invoice(transaction)["status"] == UNPAID
    assert [row["description"] for row in stored.log(transaction)] == [
        "Invoice Status Updated [Invoice Number: INV-000001, From: 1 To: 4]",
        "Invoice Status Updated [Invoice Number: INV-000001, From: 4 To: 1]",
    ]


# -- many at once ------------------------------------------------------------------------------------


def test_credits_count_like_payments(db):
    credited = make_invoice(db, total="100.00")
    make_payment(db, credited, amount="40.00")
    make_credit(db, credited, make_credit_note(db), amount="60.00")
    status.recalculate(db, [credited])
    assert rows.get(db, t.invoices, credited)["status"] == PAID


def test_the_night_finds_what_became_overdue_and_leaves_the_rest(db):
    late = make_invoice(db, total="9.00", duedate=YESTERDAY)
    begun = make_invoice(db, total="9.00", duedate=YESTERDAY)
    make_payment(db, begun, amount="1.00")
    decided = [make_invoice(db, total="9.00", duedate=YESTERDAY, status=each) for each in (CANCELLED, DRAFT)]
    early = make_invoice(db, total="9.00", duedate=TOMORROW)
    undated = make_invoice(db, total="9.00")
    status.recalculate_due(db)
    found = {row["id"]: row["status"] for row in rows.fetch(db, sa.select(t.invoices))}
    assert found == {
        late: OVERDUE,
        begun: PARTLY_PAID,
        decided[0]: CANCELLED,
        decided[1]: DRAFT,
        early: UNPAID,
        undated: UNPAID,
    }


def test_nothing_is_asked_for_no_invoices(db):
    status.recalculate(db, [])
