"""Invoices as clients see them: rows, and what a single one tells beside its row."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from perfex_api import line_items, sales_reading
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Database, Db
from perfex_api.core.prepared import Asked, Prepared
from perfex_api.invoices import paid
from perfex_api.totals import rounded

INVOICE = t.invoices.c
#: What the shared tables and the custom fields call an invoice.
KIND = "invoice"
#: An invoice with its currency, whose ``id`` stands under another name.
SHAPE = [*INVOICE, *sales_reading.CURRENCY, *sales_reading.CURRENCY_AGAIN]
#: An invoice with its customer. Where both have a column, as ``datecreated``, ``addedfrom`` and addresses, it
#: shows the customer's value in the invoice's place (``GET /api/invoices/search/:keysearch``).
FOUND = [*rows.merged(t.invoices, t.clients), INVOICE.id.label("invoiceid")]

Row = dict[str, Any]


def invoices() -> sa.Select[Any]:
    """All invoices, the oldest first."""
    return (
        sa.select(*SHAPE)
        .join_from(t.invoices, t.currencies, t.currencies.c.id == INVOICE.currency, isouter=True)
        .order_by(INVOICE.id)
    )


ONE = Prepared(invoices().add_columns(paid.CREDITED).where(INVOICE.id == sa.bindparam("invoice_id")))


def beside(database: Database, invoice_id: int) -> list[Asked]:
    """What ``whole`` asks once it has the invoice's row."""
    lines = line_items.expected(database.hooks, KIND, invoice_id)
    return [paid.expected(invoice_id), *lines, *sales_reading.expected(database, KIND, invoice_id)]


def whole(db: Db, invoice_id: int) -> Row | None:
    """One invoice with all that belongs to it, in the order of the guide's sample; None: there is none."""
    if not (row := rows.first(db, ONE, invoice_id=invoice_id)):
        return None
    credited = Decimal(row.pop("credited", None) or 0)
    payments, total_paid = paid.of(db, invoice_id)
    files = sales_reading.files(db, KIND, invoice_id)
    invoice: Row = row | {
        "total_left_to_pay": str(rounded(Decimal(row["total"] or 0) - total_paid - credited)),
        "items": line_items.of(db, KIND, [invoice_id])[invoice_id],
        "attachments": files.pop("attachments"),
    }
    invoice |= sales_reading.project(db, KIND, invoice) | files
    return invoice | {
        "client": sales_reading.client(db, KIND, invoice),
        "payments": payments,
        "scheduled_email": sales_reading.scheduled_email(db, KIND, invoice_id),
    }
