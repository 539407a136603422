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
    search,
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
from perfex_api.invoices.status import CANCELLED, DRAFT, TAKEN
from perfex_api.totals import Line

INVOICE = t.invoices.c
#: What the shared tables and the custom fields call an invoice.
KIND = "invoice"
#: Inputs that move the amounts; without any of them the stored ones stay.
AMOUNTS = ("subtotal", "total", "adjustment", *sales_documents.DISCOUNT)

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
        .where(tags.tagged(word, KIND, INVOICE.id) if word.startswith("#") else _matching(db, word))
        .order_by(INVOICE.number.desc(), sa.extract("year", INVOICE.date).desc(), INVOICE.id.desc())
    )


@api.row("/invoices/<id:invoice_id>")
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
    lines = [Line(line["qty"], line["rate"], line["taxes"]) for line in sent.new]
    values = numbering.columns(db, numbering.INVOICES, number, on, draft=is_draft)
    values |= {
        "hash": sales_documents.new_hash(),
        "datecreated": options.now(db),
        "addedfrom": db.staff_id,
    }
    values |= _columns(db, body, None) | sales_documents.amounts(db, body, lines)
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
    if sent:
        line_items.change(db, KIND, invoice_id, sent)
    if sent or any(name in body for name in AMOUNTS):
        values |= _new_amounts(db, body, invoice, lines_changed=bool(sent))
    rows.update(db, t.invoices, invoice_id, _columns(db, body, invoice) | values)
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


def _matching(db: Db, word: str) -> sa.ColumnElement[bool]:
    client, contact = t.clients.c, t.contacts.c
    addresses = [column for column in INVOICE if column.name.startswith(("billing_", "shipping_"))]
    texts = [column for column in addresses if isinstance(column.type, sa.String)]
    of_contacts = sa.select(contact.userid).where(
        sa.or_(
            search.contains(contact.firstname + " " + contact.lastname, word),
            search.contains(contact.lastname + " " + contact.firstname, word),
        )
    )
    number = word.lower().removeprefix(options.get(db, "invoice_prefix").lower()).lstrip("0")
    is_number = number.isascii() and number.isdigit() and len(number) < 11
    return sa.or_(
        INVOICE.number == int(number) if is_number else sa.false(),
        search.anywhere(word, client.company, client.vat, client.phonenumber),
        search.anywhere(word, client.city, client.state, client.zip, client.address),
        search.anywhere(word, *texts, INVOICE.clientnote, INVOICE.adminnote),
        INVOICE.clientid.in_(of_contacts),
        search.in_custom_fields(word, KIND, INVOICE.id),
    )


def _columns(db: Db, body: Values, stored: rows.Row | None) -> Values:
    """What a body says of the invoice's own columns, without number, amounts, lines and tags."""
    again = recurrence.take(body, stored)
    address = sales_documents.shipping(body, "show_shipping_on_invoice", is_new=stored is None)
    columns = {name: value for name, value in body.items() if name in INVOICE and name not in AMOUNTS}
    if "allowed_payment_modes" in columns:
        columns["allowed_payment_modes"] = serialize(columns["allowed_payment_modes"])
    return columns | sales_documents.texts(body) | address | again


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
    on: date = body["date"] if "date" in body else invoice["date"]
    dated = invoice | {"date": on}
    if stays_draft:
        return {"formatted_number": numbering.formatted(db, dated, draft=True)}
    if invoice["status"] == DRAFT:
        return status.issue(db, dated, wanted)
    number: int = invoice["number"] if wanted is None else wanted
    if (number, on.year) != (invoice["number"], invoice["date"].year):
        numbering.change(db, numbering.INVOICES, invoice["id"], number, on, TAKEN)
    if number != invoice["number"]:
        old, new = (numbering.formatted(db, dated | {"number": each}) for each in (invoice["number"], number))
        sales_activity.note(db, KIND, invoice["id"], ("invoice_activity_number_changed", old, new))
    return {"number": number, "formatted_number": numbering.formatted(db, dated | {"number": number})}


def _new_amounts(db: Db, body: Values, invoice: rows.Row, *, lines_changed: bool) -> Values:
    """The amounts after a change; what neither was sent nor follows from it stays."""
    lines = line_items.amounts(db, KIND, [invoice["id"]])[invoice["id"]]
    amounts = sales_documents.amounts(db, body, lines, invoice)
    if not lines_changed and "subtotal" not in body:
        del amounts["subtotal"]
    if not lines_changed and not any(
        name in body for name in ("total", "adjustment", *sales_documents.DISCOUNT)
    ):
        del amounts["total"]
    return amounts
