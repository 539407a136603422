"""Credit notes: ``/api/credit_notes`` over ``tblcreditnotes``; what a customer may deduct from invoices."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from perfex_api import activity, cascades, line_items, numbering, sales_reading, sales_writing
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Database, Db
from perfex_api.core.errors import Conflict
from perfex_api.core.prepared import Asked, Prepared
from perfex_api.http import CrmBlueprint, fields
from perfex_api.invoices import status
from perfex_api.numbering import CREDIT_NOTES
from perfex_api.sales_form import NumberedIn
from perfex_api.totals import rounded

NOTE = t.creditnotes.c
#: What the shared tables and the custom fields call a credit note.
KIND = "credit_note"
TAKEN = "The Credit Note number is already in use"
#: The guide prints a credit note with its customer's columns (``GET /api/credit_notes/:id``), later versions
#: answer its currency's: here are both. What both tables have is the note's own.
SHAPE = [
    *rows.merged(t.creditnotes, t.clients, keep=NOTE.keys()),
    NOTE.id.label("credit_note_id"),
    *sales_reading.CURRENCY,
    *sales_reading.CURRENCY_AGAIN,
]
#: A found one shows the customer's value where both have a column, as ``datecreated`` and addresses
#: (``GET /api/credit_notes/search/:keysearch``).
FOUND = [*rows.merged(t.creditnotes, t.clients), NOTE.id.label("credit_note_id")]


def _with_customers(shape: list[sa.ColumnElement[Any]]) -> sa.Select[Any]:
    customer = t.clients.c.userid == NOTE.clientid
    return sa.select(*shape).join_from(t.creditnotes, t.clients, customer, isouter=True)


def _credit_notes() -> sa.Select[Any]:
    return _with_customers(SHAPE).join(t.currencies, t.currencies.c.id == NOTE.currency, isouter=True)


_credit, _refund = t.credits.c, t.creditnote_refunds.c
_this_one: sa.BindParameter[int] = sa.bindparam("credit_note_id")
ONE = Prepared(_credit_notes().where(NOTE.id == _this_one))
REFUNDS = Prepared(
    sa.select(t.creditnote_refunds).where(_refund.credit_note_id == _this_one).order_by(_refund.id)
)
APPLIED = Prepared(sa.select(t.credits).where(_credit.credit_id == _this_one).order_by(_credit.id))

Values = dict[str, Any]

api = CrmBlueprint("credit_notes", kind=KIND, shows=SHAPE)


class CreditNoteIn(NumberedIn):
    number = fields.Whole("Credit Note Number", least=1, most=2**31 - 1, blank=None)
    date = fields.column(NOTE.date, "Credit Note Date", required=True)
    reference_no = fields.column(NOTE.reference_no, "Reference")
    show_shipping_on_credit_note = fields.Flag("Show shipping on credit note")

    class Aliases(NumberedIn.Aliases):
        Admin = "adminnote"
        Admin_Note = "adminnote"


class CreditNoteUpdateIn(CreditNoteIn):
    """The note may be named here (``PUT /api/credit_notes``)."""

    id = fields.Text()
    credit_note_id = fields.Text()


@api.rows("/credit_notes")
def list_credit_notes(db: Db) -> sa.Select[Any]:
    """List credit notes, the highest number first."""
    return _credit_notes().order_by(*sales_reading.newest_first(t.creditnotes))


@api.search("/credit_notes/search")
def search_credit_notes(db: Db, word: str) -> sa.Select[Any]:
    """Search credit notes by number, customer, contact, addresses, notes and custom fields.

    A row holds the credit note's columns and the customer's.
    """
    matching = sales_reading.matching(db, word, KIND, t.creditnotes)
    return _with_customers(FOUND).where(matching).order_by(*sales_reading.newest_first(t.creditnotes))


def _beside(database: Database, credit_note_id: int) -> list[Asked]:
    lines = line_items.expected(database.hooks, KIND, credit_note_id)
    use: list[Asked] = [(query, {"credit_note_id": credit_note_id}) for query in (REFUNDS, APPLIED)]
    return [*use, *lines, *sales_reading.expected(database, KIND, credit_note_id)]


@api.row("/credit_notes/<id:credit_note_id>", one=ONE, beside=_beside)
def read_credit_note(db: Db, credit_note_id: int | None) -> Values | None:
    """Read one credit note with its lines, customer, refunds and where its credits went."""
    if not credit_note_id or not (row := rows.first(db, ONE, credit_note_id=credit_note_id)):
        return None
    note: Values = row | _use(db, credit_note_id, Decimal(row["total"] or 0))
    note["items"] = line_items.of(db, KIND, [credit_note_id])[credit_note_id]
    note["client"] = sales_reading.client(db, KIND, note)
    note["attachments"] = sales_reading.files(db, KIND, credit_note_id)["attachments"]
    return note


@api.create("/credit_notes", schema=CreditNoteIn, ok="Credit Note Added Successfully")
def add_credit_note(db: Db, body: Values) -> int:
    """Add a credit note; without a number it gets the next one, without amounts those of its lines."""
    sent = line_items.Sent.take(body)
    values = sales_writing.numbered(db, CREDIT_NOTES, body, sales_writing.counted(sent), TAKEN)
    credit_note_id = rows.insert(db, t.creditnotes, values | {"status": 1})
    line_items.add(db, KIND, credit_note_id, sent.new)
    cascades.close_or_open_credit_notes(db, [credit_note_id])
    activity.note(db, f"New Credit Note Created [{numbering.formatted(db, values)}]")
    return credit_note_id


@api.update(
    "/credit_notes",
    "/credit_notes/<id:credit_note_id>",
    schema=CreditNoteUpdateIn,
    ok="Credit Note Updated Successfully",
    invalid=409,
)
def change_credit_note(db: Db, body: Values, credit_note_id: int | None = None) -> int:
    """Change a credit note, which the path names, or ``id`` or ``credit_note_id`` in the body.

    ``newitems`` come after the lines it has; what is not sent stays. It is closed when all of it was used.
    """
    note = rows.find(db, t.creditnotes, _named(body, credit_note_id), lock=True)
    if note is None:
        raise Conflict("Credit Note ID Doesn't Not Exist.")  # PUT /api/credit_notes, to the letter
    sent = line_items.Sent.take(body)
    values = sales_writing.renumbered(db, CREDIT_NOTES, body, note, TAKEN)
    values |= sales_writing.change_lines(db, KIND, body, note, sent)
    rows.update(db, t.creditnotes, note["id"], values)
    cascades.close_or_open_credit_notes(db, [note["id"]])
    activity.note(db, f"Credit Note Updated [{numbering.formatted(db, note | values)}]")
    return int(note["id"])


@api.remove(
    "/credit_notes/<id:credit_note_id>",
    "/delete/credit_notes/<id:credit_note_id>",
    "/credit_notes",
    "/delete/credit_notes",
    ok="Credit Note Deleted Successfully",
)
def delete_credit_note(db: Db, credit_note_id: int | None) -> None:
    """Delete a credit note; invoices that it paid for are unpaid by so much again."""
    note = rows.get(db, t.creditnotes, credit_note_id, "Invalid Credit Note ID", lock=True)
    numbering.lock(db, CREDIT_NOTES)
    was_the_last = not rows.exists(db, NOTE.id > note["id"])
    paid = rows.ids(db, t.credits.c.invoice_id, t.credits.c.credit_id == note["id"])
    cascades.credit_notes(db, [note["id"]])
    status.recalculate(db, paid)
    if was_the_last:
        numbering.give_back(db, CREDIT_NOTES)
    activity.note(db, f"Credit Note Deleted [{numbering.formatted(db, note)}]")


def _named(body: Values, credit_note_id: int | None) -> int | None:
    """The credit note that a request is about; None when it names none."""
    named = [body.pop(name, "").strip() for name in ("credit_note_id", "id")]
    if credit_note_id is not None:
        return credit_note_id
    text = named[0] or named[1]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _use(db: Db, credit_note_id: int, total: Decimal) -> Values:
    """What became of a credit note: refunds, credits on invoices, and what is left."""
    refunded, used = (rows.wire(db, query, credit_note_id=credit_note_id) for query in (REFUNDS, APPLIED))
    total_refunds, credits_used = (
        sum((Decimal(each["amount"] or 0) for each in entries), Decimal(0)) for entries in (refunded, used)
    )
    return {
        "refunds": refunded,
        "total_refunds": str(rounded(total_refunds)),
        "applied_credits": used,
        "remaining_credits": str(rounded(total - credits_used - total_refunds)),
        "credits_used": str(rounded(credits_used)),
    }
