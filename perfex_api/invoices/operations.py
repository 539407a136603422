"""The operations of invoices: their URLs, their rules, their sentences."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from perfex_api import (
    activity,
    cascades,
    line_items,
    numbering,
    options,
    sales_activity,
    sales_documents,
    sales_reading,
    sales_writing,
    tags,
)
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import Conflict, Invalid, NotFound
from perfex_api.core.php import serialize
from perfex_api.http import CrmBlueprint
from perfex_api.invoices import reading, recurrence, status
from perfex_api.invoices.form import InvoiceIn
from perfex_api.invoices.reading import KIND
from perfex_api.invoices.status import CANCELLED, DRAFT, TAKEN

INVOICE = t.invoices.c

Values = dict[str, Any]

api = CrmBlueprint("invoices", kind=KIND, shows=reading.SHAPE)


@api.rows("/invoices")
def list_invoices(db: Db) -> sa.Select[Any]:
    """List invoices."""
    return reading.invoices()


@api.search("/invoices/search", missing="No Data Were Found")
def search_invoices(db: Db, word: str) -> sa.Select[Any]:
    """Search invoices by number, customer, contact, addresses, notes and custom fields; ``#word`` by tag.

    A row holds the invoice's columns and the customer's.
    """
    return (
        sa.select(*reading.FOUND)
        .join_from(t.invoices, t.clients, t.clients.c.userid == INVOICE.clientid, isouter=True)
        .where(sales_reading.matching(db, word, KIND, t.invoices))
        .order_by(*sales_reading.newest_first(t.invoices))
    )


@api.row("/invoices/<id:invoice_id>", one=reading.ONE, beside=reading.beside)
def read_invoice(db: Db, invoice_id: int | None) -> Values | None:
    """Read one invoice with its lines, payments, customer and attachments."""
    return reading.whole(db, invoice_id) if invoice_id is not None else None


@api.create("/invoices", schema=InvoiceIn, ok="Invoice Added Successfully")
def add_invoice(db: Db, body: Values) -> int:
    """Add an invoice; a number that is not sent is the next one, amounts that are not follow from the lines.

    ``status`` 6 makes a draft, which has no number yet, and 5 a cancelled invoice; any other follows from
    payments and the due date.
    """
    wanted, on = body.pop("number", None), body["date"]
    is_draft = body.get("status") == DRAFT
    number = numbering.DRAFT if is_draft else numbering.take(db, numbering.INVOICES, on, wanted, TAKEN)
    sales_documents.refuse_unknown(db, body)
    sent, words = line_items.Sent.take(body), body.pop("tags", [])
    values = numbering.columns(db, numbering.INVOICES, number, on, draft=is_draft)
    values |= sales_writing.made(db) | {"hash": sales_documents.new_hash()} | _columns(body, None)
    values |= sales_documents.amounts(db, body, sales_writing.counted(sent))
    if values.get("status") not in status.DECIDED:
        values["status"] = status.of(values["total"], [], values.get("duedate"), options.now(db).date())
    invoice_id = rows.insert(db, t.invoices, values)
    line_items.add(db, KIND, invoice_id, sent.new)
    tags.put(db, KIND, invoice_id, words)
    sales_activity.note(db, KIND, invoice_id, ("invoice_activity_created",))
    return invoice_id


@api.update(
    "/invoices/<id:invoice_id>",
    "/invoices",
    schema=InvoiceIn,
    ok="Invoice Updated Successfully",
    invalid=409,
    guide_prints_false=True,
)
def change_invoice(db: Db, body: Values, invoice_id: int | None) -> int:
    """Change an invoice; ``newitems`` come after the lines it has, and what is not sent stays."""
    invoice = rows.find(db, t.invoices, invoice_id, lock=True)
    if invoice is None or invoice_id is None:
        raise Conflict("Invoice ID Doesn't Not Exist.")  # PUT /api/invoices/:id, to the letter
    decided = _decision(body.pop("status", None), invoice)
    values = _number(db, body, invoice, stays_draft=invoice["status"] == DRAFT and decided is None)
    sales_documents.refuse_unknown(db, body, invoice)
    sent, words = line_items.Sent.take(body), body.pop("tags", None)
    values |= sales_writing.change_lines(db, KIND, body, invoice, sent)
    rows.update(db, t.invoices, invoice_id, _columns(body, invoice) | values)
    if words is not None:
        tags.put(db, KIND, invoice_id, words)
    if decided == CANCELLED:
        status.change(db, [invoice | values], CANCELLED)
    else:
        status.recalculate(db, [invoice_id], force=decided is not None)
    return invoice_id


@api.remove(
    "/invoices/<id:invoice_id>",
    "/delete/invoices/<id:invoice_id>",
    "/invoices",
    "/delete/invoices",
    ok="Invoice Deleted Successfully",
)
def delete_invoice(db: Db, invoice_id: int | None) -> None:
    """Delete an invoice with its lines and payments; unless the CRM allows others, only the last one."""
    invoice = rows.get(db, t.invoices, invoice_id, "Invalid Invoice ID", lock=True)
    numbering.lock(db, numbering.INVOICES)
    only_the_last = options.get(db, "delete_only_on_last_invoice") == "1"
    if only_the_last and rows.exists(db, INVOICE.id > invoice["id"]):
        raise NotFound("Invoice Delete Fail")
    is_draft = invoice["status"] == DRAFT
    cascades.invoices(db, [invoice["id"]])
    if not is_draft:
        numbering.give_back(db, numbering.INVOICES)
    activity.note(db, f"Invoice Deleted [{numbering.formatted(db, invoice, draft=is_draft)}]")


def _columns(body: Values, stored: rows.Row | None) -> Values:
    """What a body says of the invoice's own columns, without number, amounts, lines and tags."""
    again = recurrence.take(body, stored)
    address = sales_documents.shipping(body, "show_shipping_on_invoice", is_new=stored is None)
    columns = sales_writing.columns(body, t.invoices)
    if "allowed_payment_modes" in columns:
        columns["allowed_payment_modes"] = serialize(columns["allowed_payment_modes"])
    return columns | address | again


def _decision(wanted: int | None, invoice: rows.Row) -> int | None:
    """What the caller decides about the status; None when it follows from payments, as it did before.

    Raises:
        Invalid: An invoice that has its number cannot become a draft again.
    """
    if wanted == DRAFT and invoice["status"] != DRAFT:
        raise Invalid({"status": "The Status field cannot make a draft of an invoice that has its number."})
    if wanted == invoice["status"] or (wanted != CANCELLED and invoice["status"] not in status.DECIDED):
        return None
    return wanted


def _number(db: Db, body: Values, invoice: rows.Row, *, stays_draft: bool) -> Values:
    """The number that the invoice has from now on; takes the counter's lock where it could collide."""
    wanted: int | None = body.pop("number", None)
    before: date = invoice["date"] or date.min  # an old database may hold a date that is none
    on = body.get("date", before)
    dated = invoice | {"date": on}
    if stays_draft:
        return {"formatted_number": numbering.formatted(db, dated, draft=True)}
    if invoice["status"] == DRAFT:
        return status.issue(db, dated, wanted)
    number: int = invoice["number"] if wanted is None else wanted
    if (number, on.year) != (invoice["number"], before.year):
        numbering.change(db, numbering.INVOICES, invoice["id"], number, on, TAKEN)
    if number != invoice["number"]:
        old, new = (numbering.formatted(db, dated | {"number": each}) for each in (invoice["number"], number))
        sales_activity.note(db, KIND, invoice["id"], ("invoice_activity_number_changed", old, new))
    return {"number": number, "formatted_number": numbering.formatted(db, dated | {"number": number})}
