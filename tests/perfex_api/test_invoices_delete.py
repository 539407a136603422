"""Invoices that are deleted: what forbids it, what goes along, what is set free."""

import consistency
import pytest
from answers import done, said
from contract import stored
from contract.reference import refusal
from invoicing import add, counter
from make import (
    THEN,
    make_credit,
    make_credit_note,
    make_custom_field,
    make_customer,
    make_estimate,
    make_expense,
    make_invoice,
    make_payment,
    make_proposal,
    make_row,
    make_task,
    set_option,
)

from perfex_api import tables as t

contract = pytest.mark.contract

DELETED = done("Invoice Deleted Successfully")


@pytest.fixture(autouse=True)
def customer(make):
    """Customer 1, whom the bodies name."""
    return make(make_customer, company="Acme")


@contract("invoices.delete")
@pytest.mark.parametrize("path", ["invoices/1", "delete/invoices/1"])
def test_a_deleted_invoice_is_gone_and_so_is_its_number(api, transaction, path):
    add(api)
    assert said(api.delete(path)) == DELETED
    assert stored.found(transaction, t.invoices) == []
    assert counter(transaction) == "1"
    assert [row["description"] for row in stored.log(transaction)] == ["Invoice Deleted [INV-000001]"]
    assert said(api.delete(path)) == refusal("invoices.delete", "not numeric")


@contract("invoices.delete")
@pytest.mark.parametrize("path", ["invoices/abc", "invoices/99", "delete/invoices/abc", "invoices"])
def test_an_unknown_invoice_cannot_be_deleted(api, path):
    assert said(api.delete(path)) == refusal("invoices.delete", "not numeric")


@contract("invoices.delete")
def test_only_the_last_invoice_can_be_deleted_unless_the_crm_allows_others(api, make, transaction):
    add(api), add(api)
    assert said(api.delete("invoices/1")) == refusal("invoices.delete", "delete failed")
    assert len(stored.found(transaction, t.invoices)) == 2
    make(set_option, "delete_only_on_last_invoice", "0")
    assert said(api.delete("invoices/1")) == DELETED
    # The counter moved back to 2, which the other invoice has: the next one gets the number after it.
    assert counter(transaction) == "2"
    assert add(api) == 3
    assert stored.values(transaction, t.invoices.c.number) == [2, 3]


@contract("invoices.delete")
def test_the_counter_stays_where_the_option_says_so(api, make, transaction):
    make(set_option, "invoice_number_decrement_on_delete", "0")
    add(api)
    api.delete("invoices/1")
    assert counter(transaction) == "2"


@contract("invoices.delete")
def test_a_deleted_draft_moves_no_counter(api, transaction):
    add(api), add(api, status=6)
    api.delete("invoices/2")
    assert counter(transaction) == "2"


@contract("invoices.delete", "custom_fields.delete")
def test_everything_that_hangs_on_an_invoice_goes_with_it(api, make, transaction):
    before = stored.counts(transaction)
    fields = make(make_custom_field, "invoice"), make(make_custom_field, "items")
    mine = add(
        api,
        tags="urgent",
        custom_fields={"invoice": {str(fields[0]): "x"}},
        newitems=[
            {"description": "a", "taxname": "VAT|9", "custom_fields": {"items": {str(fields[1]): "y"}}}
        ],
    )
    api.post("payments", json={"invoiceid": mine, "amount": 5, "paymentmode": 1})
    owner = {"rel_type": "invoice", "rel_id": mine}
    for table in (t.notes, t.reminders, t.files, t.views_tracking):
        make(make_row, table, **owner)
    make(make_row, t.scheduled_emails, **owner)
    make(make_row, t.tracked_mails, **owner)
    make(make_row, t.related_items, rel_type="task", rel_id=1, item_id=1)
    make(make_task, **owner)
    assert said(api.delete(f"invoices/{mine}")) == DELETED
    after = stored.counts(transaction)
    grown = {name.removeprefix("tbl") for name in after if after[name] != before[name]}
    assert grown == {"tags", "customfields", "activity_log"}
    with transaction() as db:
        consistency.check(db)


@contract("invoices.delete")
def test_what_became_or_was_billed_by_an_invoice_is_free_again(api, make, transaction):
    mine, other = make(make_invoice, clientid=1), make(make_invoice, clientid=1, number=1)
    make(set_option, "delete_only_on_last_invoice", "0")
    proposals = [make(make_proposal, invoice_id=each, date_converted=THEN) for each in (mine, other)]
    estimates = [make(make_estimate, invoiceid=each, invoiced_date=THEN) for each in (mine, other)]
    expenses = [make(make_expense, invoiceid=each) for each in (mine, other)]
    tasks = [make(make_task, invoice_id=each, billed=1) for each in (mine, other)]
    child = make(make_invoice, clientid=1, number=2, is_recurring_from=mine)
    api.delete(f"invoices/{mine}")

    def columns(table, record_id, *names):
        row = stored.row(transaction, table, record_id)
        return tuple(row[name] for name in names)

    assert columns(t.proposals, proposals[0], "invoice_id", "date_converted") == (None, None)
    assert columns(t.estimates, estimates[0], "invoiceid", "invoiced_date") == (None, None)
    assert columns(t.expenses, expenses[0], "invoiceid") == (None,)
    assert columns(t.tasks, tasks[0], "invoice_id", "billed") == (0, 0)
    assert columns(t.invoices, child, "is_recurring_from") == (None,)
    assert columns(t.proposals, proposals[1], "invoice_id", "date_converted") == (other, THEN)
    assert columns(t.estimates, estimates[1], "invoiceid") == (other,)
    assert columns(t.tasks, tasks[1], "invoice_id", "billed") == (other, 1)
    (event,) = stored.found(transaction, t.sales_activity)
    told = (event["rel_type"], event["rel_id"], event["description"])
    assert told == ("estimate", estimates[0], "not_estimate_invoice_deleted")


@contract("invoices.delete")
def test_credits_go_back_to_their_notes(api, make, transaction):
    mine = make(make_invoice, clientid=1, total="50.00")
    used_up = make(make_credit_note, clientid=1, total="50.00", status=2)
    refunded = make(make_credit_note, clientid=1, total="30.00", status=2)
    make(make_credit, mine, used_up, amount="50.00")
    make(make_credit, mine, refunded, amount="0.00")
    make(make_row, t.creditnote_refunds, credit_note_id=refunded, amount="30.00", payment_mode="1")
    api.delete(f"invoices/{mine}")
    assert stored.row(transaction, t.creditnotes, used_up)["status"] == 1
    assert stored.row(transaction, t.creditnotes, refunded)["status"] == 2
    assert stored.found(transaction, t.credits) == []


@contract("invoices.delete")
def test_other_invoices_and_documents_of_the_same_id_keep_what_is_theirs(api, make, transaction):
    add(api, tags="urgent"), add(api)
    for rel_type in ("estimate", "proposal"):
        make(make_row, t.notes, rel_type=rel_type, rel_id=2)
    make(make_payment, 1, amount="1.00")
    api.delete("invoices/2")
    assert len(stored.found(transaction, t.itemable)) == 2
    assert len(stored.found(transaction, t.item_tax)) == 2
    assert len(stored.found(transaction, t.taggables)) == 1
    assert len(stored.found(transaction, t.notes)) == 2
    assert len(stored.found(transaction, t.invoicepaymentrecords)) == 1
