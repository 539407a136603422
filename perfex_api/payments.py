"""Payments: ``/api/payments`` over ``tblinvoicepaymentrecords``; what customers paid on invoices.

In the guide every answer's flag is called ``paymentmode``; ``status`` stands beside it. The sentences of its
validation have the wrong labels, which clients know as they are.
"""

from typing import Any

import sqlalchemy as sa

from perfex_api import activity, money, numbering, options, references, sales_activity, search
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import Invalid, NotFound
from perfex_api.http import CrmBlueprint, CrmBody, fields
from perfex_api.invoices import paid, receipts, status
from perfex_api.totals import rounded

PAYMENT = t.invoicepaymentrecords.c

Values = dict[str, Any]

api = CrmBlueprint("payments", key="paymentid", flag="paymentmode", shows=paid.SHAPE)


class Amount(fields.Money):
    """An amount of money that is more than none."""

    def read(self, value: Any) -> Any:
        amount = rounded(super().read(value))
        if amount <= 0:
            raise self.error("must contain a number greater than 0")
        return amount


class PaymentIn(CrmBody):
    invoiceid = fields.column(PAYMENT.invoiceid, "Payment Name", required=True)
    amount = Amount("Source", required=True)
    paymentmode = fields.column(PAYMENT.paymentmode, "Status", required=True)
    paymentmethod = fields.column(PAYMENT.paymentmethod, "Payment Method")
    date = fields.column(PAYMENT.date)
    note = fields.column(PAYMENT.note)
    transactionid = fields.column(PAYMENT.transactionid, "Transaction ID")


@api.rows("/payments")
def list_payments(db: Db) -> sa.Select[Any]:
    """List payments with their payment modes."""
    return paid.payments()


@api.row("/payments/<id:payment_id>", one=paid.ONE)
def read_payment(db: Db, payment_id: int | None) -> Values | None:
    """Read one payment with its payment mode."""
    return rows.first(db, paid.ONE, payment_id=payment_id or 0)


@api.search("/payments/search")
def search_payments(db: Db, word: str) -> sa.Select[Any]:
    """Search payments by the name of their mode, the mode itself and the amount."""
    mode = t.payment_modes.c
    found = search.anywhere(word, mode.name, PAYMENT.paymentmode, _amount_as_text(db))
    return paid.payments().where(found).order_by(None).order_by(mode.name, PAYMENT.id)


@api.create("/payments", schema=PaymentIn, ok="Payment add successful.")
def add_payment(db: Db, body: Values) -> int:
    """Add a payment to an invoice, which may be more than is left; a draft becomes an invoice by it.

    Receipts and notes to the staff are mailed where `AUTOMATIC_MAILS` is on.
    """
    invoice = rows.find(db, t.invoices, body["invoiceid"], lock=True)
    if invoice is None:
        sentence = references.unknown("Payment Name", body["invoiceid"])
        raise NotFound("Payment add fail.", error={"invoiceid": sentence})
    was_draft = invoice["status"] == status.DRAFT
    if was_draft:
        invoice |= (issued := status.issue(db, invoice))
        rows.update(db, t.invoices, invoice["id"], issued)
    _refuse_unknown_mode(db, body)
    now = options.now(db)
    values: Values = dict.fromkeys(("paymentmethod", "note", "transactionid"), "") | body
    values |= {"date": body.get("date") or now.date(), "daterecorded": now}
    payment_id = rows.insert(db, t.invoicepaymentrecords, values)
    status.recalculate(db, [invoice["id"]], force=was_draft)
    _log(db, payment_id, values, invoice)
    receipts.tell(db, values, invoice)
    return payment_id


@api.update("/payments/<id:payment_id>", schema=PaymentIn, ok="Payment Update Successful.")
def change_payment(db: Db, body: Values, payment_id: int | None) -> int:
    """Change a payment; it stays with its invoice."""
    payment = rows.get(db, t.invoicepaymentrecords, payment_id, lock=True)
    rows.find(db, t.invoices, payment["invoiceid"], lock=True)
    _refuse_unknown_mode(db, body)
    values = {name: value for name, value in body.items() if name != "invoiceid"}
    if values.get("date", payment["date"]) is None:
        del values["date"]
    rows.update(db, t.invoicepaymentrecords, payment["id"], values)
    status.recalculate(db, [payment["invoiceid"]])
    activity.note(db, f"Payment Updated [ID: {payment['id']}]")
    return int(payment["id"])


@api.remove(
    "/payments/<id:payment_id>",
    "/delete/payments/<id:payment_id>",
    "/payments",
    "/delete/payments",
    ok="Payment Delete Successful.",
)
def delete_payment(db: Db, payment_id: int | None) -> None:
    """Delete a payment; its invoice is unpaid by so much again."""
    payment = rows.get(db, t.invoicepaymentrecords, payment_id, "Payment Delete Fail.", lock=True)
    invoice = rows.find(db, t.invoices, payment["invoiceid"], lock=True)
    rows.delete(db, t.invoicepaymentrecords, PAYMENT.id == payment["id"])
    if invoice is not None:
        status.recalculate(db, [invoice["id"]])
        amount = money.printed(db, payment["amount"], invoice["currency"])
        event = "invoice_activity_payment_deleted", str(payment["id"]), amount
        sales_activity.note(db, "invoice", invoice["id"], event)
    activity.note(db, f"Payment Deleted [ID: {payment['id']}, Invoice ID: {payment['invoiceid']}]")


def _refuse_unknown_mode(db: Db, body: Values) -> None:
    """A mode is the number of one that exists, or the name of a gateway."""
    mode = body.get("paymentmode", "")
    if mode.isascii() and mode.isdigit():
        known = len(mode) < 11 and rows.exists(db, t.payment_modes.c.id == int(mode))
        if not known:
            raise Invalid({"paymentmode": references.unknown("Status", mode)})


def _log(db: Db, payment_id: int, payment: Values, invoice: rows.Row) -> None:
    amount = money.printed(db, payment["amount"], invoice["currency"])
    page = db.site.page(f"admin/payments/payment/{payment_id}") or f"/admin/payments/payment/{payment_id}"
    link = f'<a href="{page}" target="_blank">#{payment_id}</a>'
    event = "invoice_activity_payment_made_by_client", amount, link
    sales_activity.note(db, "invoice", invoice["id"], event, by_customer=True)
    number = numbering.formatted(db, invoice)
    activity.note(db, f"Payment Recorded [ID: {payment_id}, Invoice Number: {number}, Total: {amount}]")


def _amount_as_text(db: Db) -> sa.ColumnElement[str]:
    """An amount as it is printed; SQLite keeps hundredths."""
    if db.is_sqlite:
        return sa.func.printf("%.2f", sa.type_coerce(PAYMENT.amount, sa.Integer) / 100.0, type_=sa.String())
    return sa.cast(PAYMENT.amount, sa.String(20))
