"""How sales documents are made and changed: what the rules of invoices, estimates and others share."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from perfex_api import line_items, numbering, options, sales_documents
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.line_items import Sent
from perfex_api.numbering import Series
from perfex_api.text import broken
from perfex_api.totals import Line

#: Inputs that move the total; without any of them, and without lines, the stored one stays.
MOVES_TOTAL = ("total", "adjustment", *sales_documents.DISCOUNT)
AMOUNTS = ("subtotal", *MOVES_TOTAL)

Values = dict[str, Any]


def numbered(db: Db, series: Series, body: Values, lines: Sequence[Line], taken: str) -> Values:
    """The columns of a new document with a number, which is the counter's where none was sent.

    Args:
        db: The transaction; it has read nothing yet, see ``numbering``.
        series: What it is.
        body: The parsed body, without lines and tags; its number is taken out.
        lines: What counts of the lines.
        taken: The contract's sentence for a number that another document has.

    Raises:
        Conflict: Another document of the year has the number.
        Invalid: The body names what is not there, or amounts beyond their columns.
    """
    number = numbering.take(db, series, body["date"], body.pop("number", None), taken)
    sales_documents.refuse_unknown(db, body)
    return (
        numbering.columns(db, series, number, body["date"])
        | made(db)
        | columns(body, series.table)
        | sales_documents.shipping(body, _show(series), is_new=True)
        | sales_documents.amounts(db, body, lines)
    )


def renumbered(db: Db, series: Series, body: Values, document: rows.Row, taken: str) -> Values:
    """What a change makes of a document's number, address and notes; its lines and amounts are not looked at.

    Args:
        db: The transaction; it holds the document's lock and has read nothing else yet.
        series: What it is.
        body: The parsed body; its number is taken out.
        document: The stored row.
        taken: The contract's sentence for a number that another document has.

    Raises:
        Conflict: Another document of the year has the number.
        Invalid: The body names what is not there.
    """
    number: int = body.pop("number", document["number"])
    on: date = body["date"] if "date" in body else document["date"]
    if (number, on.year) != (document["number"], document["date"].year):
        numbering.change(db, series, document["id"], number, on, taken)
    sales_documents.refuse_unknown(db, body, document)
    dated = document | {"number": number, "date": on}
    return (
        {"number": number, "formatted_number": numbering.formatted(db, dated)}
        | columns(body, series.table)
        | sales_documents.shipping(body, _show(series), is_new=False)
    )


def made(db: Db) -> Values:
    """When a new document was made, and by whom."""
    return {"datecreated": options.now(db), "addedfrom": db.staff_id}


def last_day(db: Db, option: str) -> date | None:
    """Until when an offer of today stands by itself; None where the CRM's option names no days.

    Args:
        db: The transaction.
        option: The one that holds the days: ``estimate_due_after``.
    """
    days = options.get(db, option)
    if not (days.isascii() and days.isdigit() and len(days) < 5 and int(days)):
        return None
    return options.now(db).date() + timedelta(days=int(days))


def columns(body: Values, table: sa.Table) -> Values:
    """What a body says of a document's own columns, without its amounts.

    Raises:
        Invalid: A street does not fit its column any more, now that its line breaks are the screens' own.
    """
    own = {name: value for name, value in body.items() if name in table.c and name not in AMOUNTS}
    streets = [
        column for column in table.c if column.name in ("billing_street", "shipping_street", "address")
    ]
    return broken(own | sales_documents.texts(own), *streets)


def counted(sent: Sent) -> list[Line]:
    """What counts of new lines."""
    return [Line(line["qty"], line["rate"], line["taxes"]) for line in sent.new]


def change_lines(db: Db, rel_type: str, body: Values, document: rows.Row, sent: Sent) -> Values:
    """Change the lines of a document, and say what becomes of its amounts.

    Args:
        db: The transaction.
        rel_type: What the shared tables call the document.
        body: The parsed body, without lines.
        document: The stored row.
        sent: What the body says about lines.

    Returns:
        Columns to write; what neither was sent nor follows from what was sent is not among them.

    Raises:
        Invalid: A line to change is none of the document's, or amounts are beyond their columns.
    """
    if sent:
        line_items.change(db, rel_type, document["id"], sent)
    elif not any(name in body for name in AMOUNTS):
        return {}
    lines = line_items.amounts(db, rel_type, [document["id"]])[document["id"]]
    amounts = sales_documents.amounts(db, body, lines, document)
    if not sent and "subtotal" not in body:
        del amounts["subtotal"]
    if not sent and not any(name in body for name in MOVES_TOTAL):
        del amounts["total"]
    return amounts


def _show(series: Series) -> str:
    """The column that says whether customers see where the goods go."""
    return f"show_shipping_on_{series.kind}"
