"""The status of invoices: what payments, credits and the calendar make of them.

See docs/compatibility.md, section 12.
"""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from perfex_api import activity, numbering, options, sales_activity
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.invoices import paid

UNPAID, PAID, PARTLY_PAID, OVERDUE, CANCELLED, DRAFT = range(1, 7)
#: Only somebody's decision takes an invoice out of these.
DECIDED = (CANCELLED, DRAFT)
TAKEN = "The Invoice number is already in use"

INVOICE = t.invoices.c


def of(total: Decimal, entries: Sequence[Decimal], duedate: date | None, today: date) -> int:
    """The status that an invoice has by itself.

    Args:
        total: What is to be paid.
        entries: What was paid and credited, the first entry first.
        duedate: The last day for it; None: there is none.
        today: By the CRM's clock.
    """
    late = OVERDUE if duedate is not None and duedate < today else UNPAID
    if not entries:
        return PAID if total == 0 else late
    paid_so_far = sum(entries, Decimal(0))
    if paid_so_far >= total or entries[0] == total:
        return PAID
    if paid_so_far == 0:
        return UNPAID
    return late if paid_so_far < 0 and duedate is not None else PARTLY_PAID


def recalculate(db: Db, ids: Collection[int], *, force: bool = False) -> None:
    """Give invoices the status that their payments, credits and due dates make.

    Cancelled ones and drafts stay what they are, unless ``force`` says that they no longer are. Each change
    is written into the activity log and onto the invoice's own page. Reading costs the same for any number.
    """
    found = rows.fetch(db, sa.select(t.invoices).where(INVOICE.id.in_(ids))) if ids else []
    wanted = [invoice for invoice in found if force or invoice["status"] not in DECIDED]
    entries = paid.entries(db, [invoice["id"] for invoice in wanted])
    today = options.now(db).date()
    changed: dict[int, list[rows.Row]] = {}
    for invoice in wanted:
        status = of(invoice["total"], entries[invoice["id"]], invoice["duedate"], today)
        if status != invoice["status"]:
            changed.setdefault(status, []).append(invoice)
    for status, invoices in changed.items():
        change(db, invoices, status)


def recalculate_due(db: Db) -> None:
    """Find the invoices that have become overdue: what the CRM does every night."""
    due = INVOICE.duedate.is_not(None), INVOICE.status.not_in((PAID, *DECIDED))
    recalculate(db, rows.ids(db, INVOICE.id, *due))


def change(db: Db, invoices: Sequence[rows.Row], status: int) -> None:
    """Write a new status down, and that it is new.

    Args:
        db: The transaction.
        invoices: Their rows, with the old status.
        status: The new one.
    """
    ids = [invoice["id"] for invoice in invoices]
    db.execute(t.invoices.update().where(INVOICE.id.in_(ids)).values(status=status))
    for invoice in invoices:
        old = invoice["status"]
        number = numbering.formatted(db, invoice, draft=invoice["number"] == numbering.DRAFT)
        activity.note(db, f"Invoice Status Updated [Invoice Number: {number}, From: {old} To: {status}]")
        words = f"<original_status>{old}</original_status>", f"<new_status>{status}</new_status>"
        sales_activity.note(db, "invoice", invoice["id"], ("invoice_activity_status_updated", *words))


def issue(db: Db, invoice: rows.Row, wanted: int | None = None) -> dict[str, Any]:
    """The number that a draft gets when it becomes an invoice: when it is sent, paid, credited or cancelled.

    Args:
        db: The transaction; it holds the invoice's lock and has read nothing yet.
        invoice: Its row, with the date that it shall have.
        wanted: The number that the caller wants for it; None: the counter's.

    Returns:
        Columns to write. A draft of an older CRM may have a number already.
    """
    number = invoice["number"]
    if number == numbering.DRAFT or wanted is not None:
        number = numbering.take(db, numbering.INVOICES, invoice["date"], wanted, TAKEN)
    return {"number": number, "formatted_number": numbering.formatted(db, invoice | {"number": number})}


def take_back(db: Db, invoice_id: int, number: int) -> None:
    """Make a draft of an invoice again that was issued only to be sent, if nothing else has happened to it.

    Args:
        db: The transaction; it has read nothing yet.
        invoice_id: The invoice.
        number: The number that it was issued with.
    """
    invoice = rows.find(db, t.invoices, invoice_id, lock=True)
    if invoice is None or invoice["number"] != number or invoice["sent"] or invoice["status"] in DECIDED:
        return
    numbering.lock(db, numbering.INVOICES)
    if paid.entries(db, [invoice_id])[invoice_id]:
        return
    numbering.untake(db, numbering.INVOICES, number)
    formatted = numbering.formatted(db, invoice, draft=True)
    rows.update(db, t.invoices, invoice_id, {"number": numbering.DRAFT, "formatted_number": formatted})
    change(db, [invoice | {"number": numbering.DRAFT}], DRAFT)
