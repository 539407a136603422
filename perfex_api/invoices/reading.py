"""Invoices as clients see them: rows, and what a single one tells beside its row."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from perfex_api import attachments, customers, line_items
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.invoices import paid
from perfex_api.totals import rounded

INVOICE = t.invoices.c
CURRENCY = t.currencies.c
#: An invoice with its currency, whose ``id`` stands under another name.
SHAPE = [
    *INVOICE,
    *(column for column in CURRENCY if column.name != "id"),
    CURRENCY.id.label("currencyid"),
    CURRENCY.name.label("currency_name"),
]
#: An invoice with its customer. Where both have a column, as ``datecreated``, ``addedfrom`` and addresses, it
#: shows the customer's value in the invoice's place (``GET /api/invoices/search/:keysearch``).
FOUND = [*rows.merged(t.invoices, t.clients), INVOICE.id.label("invoiceid")]

Row = dict[str, Any]


def invoices() -> sa.Select[Any]:
    """All invoices, the oldest first."""
    return (
        sa.select(*SHAPE)
        .join_from(t.invoices, t.currencies, CURRENCY.id == INVOICE.currency, isouter=True)
        .order_by(INVOICE.id)
    )


def whole(db: Db, invoice_id: int) -> Row | None:
    """One invoice with all that belongs to it, in the order of the guide's sample; None: there is none."""
    found: list[Row] = [*rows.wire(db, invoices().where(INVOICE.id == invoice_id))]
    for invoice in found:
        files = attachments.of(db, "invoice", [invoice_id]).get(invoice_id, [])
        left = Decimal(invoice["total"]) - sum(paid.entries(db, [invoice_id])[invoice_id])
        invoice["total_left_to_pay"] = str(rounded(left))
        invoice["items"] = line_items.of(db, "invoice", [invoice_id])[invoice_id]
        invoice["attachments"] = files
        if int(invoice["project_id"] or 0):
            project = _first(db, t.projects, t.projects.c.id == int(invoice["project_id"]))
            invoice |= {"project_data": project} if project else {}
        invoice["visible_attachments_to_customer_found"] = any(
            file["visible_to_customer"] == "1" for file in files
        )
        invoice["client"] = _client(db, invoice)
        invoice["payments"] = rows.wire(db, paid.payments().where(paid.PAYMENT.invoiceid == invoice_id))
        email = t.scheduled_emails.c
        mine = email.rel_type == "invoice", email.rel_id == invoice_id
        invoice["scheduled_email"] = _first(db, t.scheduled_emails, *mine)
        return invoice
    return None


def _client(db: Db, invoice: Row) -> Row:
    """The customer's columns; of one that is gone, the name that was kept."""
    client = customers.read_customer(db, int(invoice["clientid"]))
    if client is None:
        return {"company": invoice["deleted_customer_name"]}
    del client["id"]  # which only the customers' own operations add
    return client


def _first(db: Db, table: sa.Table, *where: sa.ColumnElement[bool]) -> Row | None:
    """The first row of a table that this database may lack."""
    if not db.live.has(table):
        return None
    query = sa.select(table).where(*where).order_by(rows.key(table)).limit(1)
    return next(iter(rows.wire(db, query)), None)
