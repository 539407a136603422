"""What is told about a payment: to the staff under the bell, and by mail where that is switched on."""

from typing import Any

import sqlalchemy as sa

from perfex_api import mail, money, notifications, numbering, options
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.invoices import contacts
from perfex_api.invoices.printed import day

CUSTOMER, STAFF = "invoice-payment-recorded", "invoice-payment-recorded-to-staff"
RECEIPT = mail.Template(
    subject="Payment received for invoice {invoice_number}",
    message=(
        "Dear {contact_firstname} {contact_lastname},\n\n"
        "thank you: on {payment_date} we received {payment_total} for invoice {invoice_number}.\n\n"
        "Kind regards,\n{companyname}\n"
    ),
)
NOTE = mail.Template(
    subject="New payment for invoice {invoice_number}",
    message=(
        "Hi {staff_firstname},\n\n"
        "on {payment_date} {client_company} paid {payment_total} for invoice {invoice_number}.\n"
    ),
)

Values = dict[str, Any]


def tell(db: Db, payment: Values, invoice: rows.Row) -> None:
    """Tell of a new payment. Mails go out once it is stored; whether they arrive changes nothing.

    Args:
        db: The transaction.
        payment: The payment's columns.
        invoice: The row of the invoice that was paid on.
    """
    staffids: list[int] = []
    if options.get(db, "notification_when_customer_pay_invoice") == "1":
        staffids = list(dict.fromkeys(filter(None, (invoice["addedfrom"], invoice["sale_agent"]))))
        number, link = numbering.formatted(db, invoice), f"invoices/list_invoices/{invoice['id']}"
        notifications.notify(db, staffids, "not_invoice_payment_recorded", number, link=link)
    mail.later(db, lambda: _letters(db, payment, invoice, staffids))


def _letters(db: Db, payment: Values, invoice: rows.Row, staffids: list[int]) -> list[mail.Letter]:
    customer = rows.find(db, t.clients, invoice["clientid"]) or {}
    words = {
        "client_company": customer.get("company") or "",
        "invoice_number": numbering.formatted(db, invoice),
        "invoice_link": db.site.page(f"invoice/{invoice['id']}/{invoice['hash']}") or "",
        "payment_total": money.printed(db, payment["amount"], invoice["currency"]),
        "payment_date": day(db, payment["date"]),
    }
    receipt = mail.template(db, CUSTOMER, customer.get("default_language") or "", RECEIPT)
    note = mail.template(db, STAFF, "", NOTE)
    people = [
        (receipt, person, contacts.words(person)) for person in contacts.of_invoices(db, invoice["clientid"])
    ]
    people += [
        (note, person, {f"staff_{name}": person[name] for name in ("firstname", "lastname")})
        for person in _staff(db, staffids)
    ]
    return [
        mail.Letter(template, words | own, person["email"], f"{person['firstname']} {person['lastname']}")
        for template, person, own in people
    ]


def _staff(db: Db, staffids: list[int]) -> list[rows.Row]:
    member = t.staff.c
    query = sa.select(member.firstname, member.lastname, member.email)
    return rows.fetch(db, query.where(member.staffid.in_(staffids), member.active == 1)) if staffids else []
