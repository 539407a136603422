"""Lines put into documents, changed and taken out, with what their taxes, tasks and expenses need."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from perfex_api import sales_activity
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import Invalid
from perfex_api.line_items.form import Sent
from perfex_api.line_items.reading import KIND
from perfex_api.sales_activity import Event
from perfex_api.text import with_breaks
from perfex_api.totals import Tax

LINE = t.itemable.c
TAX = t.item_tax.c
COLUMNS = ("description", "long_description", "qty", "rate", "unit", "item_order")
#: The documents whose changes the CRM's screens tell.
LOGGED = ("invoice", "estimate")

Values = dict[str, Any]


def add(db: Db, rel_type: str, rel_id: int, lines: Sequence[Values], *, after: int = 0) -> None:
    """Put new lines into a document.

    Args:
        db: The transaction.
        rel_type: What the document is: ``invoice``, ``estimate``, ``proposal`` or ``credit_note``.
        rel_id: The document.
        lines: As ``form.Lines`` reads them; one that names no order comes where it stands.
        after: The order of the last line that is there.
    """
    owner = {"rel_type": rel_type, "rel_id": rel_id}
    taxes: list[Values] = []
    for order, line in enumerate(lines, start=after + 1):
        line_id = rows.insert(db, t.itemable, owner | {"item_order": order} | _columns(line))
        taxes += _tax_rows(owner, line_id, line["taxes"])
        db.hooks.written(db, KIND, line_id, line.get("custom_fields"), True)
    if taxes:
        db.execute(t.item_tax.insert(), taxes)


def change(db: Db, rel_type: str, rel_id: int, sent: Sent) -> None:
    """Change the lines of a document; what is not sent stays as it is.

    An id to remove that is none of the document's is nothing to remove: a request may be sent twice.

    Args:
        db: The transaction.
        rel_type: What the document is.
        rel_id: The document.
        sent: What the body says about lines.

    Raises:
        Invalid: A line to change is none of the document's.
    """
    mine = LINE.rel_type == rel_type, LINE.rel_id == rel_id
    there = {line["id"]: line for line in rows.fetch(db, sa.select(t.itemable).where(*mine))}
    if unknown := [line["itemid"] for line in sent.changed if line["itemid"] not in there]:
        raise Invalid({"items[]": f"The Items field names a line that is not there: {unknown[0]}."})
    gone = {line_id: there.pop(line_id) for line_id in sent.removed if line_id in there}
    events: list[Event] = []
    events += [("invoice_estimate_activity_removed_item", line["description"]) for line in gone.values()]
    _remove(db, rel_type, list(gone))
    events += _edit(db, rel_type, rel_id, there, [line for line in sent.changed if line["itemid"] in there])
    last = max((line["item_order"] or 0 for line in there.values()), default=0)
    add(db, rel_type, rel_id, sent.new, after=last)
    events += [("invoice_estimate_activity_added_item", line["description"]) for line in sent.new]
    if rel_type in LOGGED:
        sales_activity.note(db, rel_type, rel_id, *events)


def _edit(
    db: Db, rel_type: str, rel_id: int, there: dict[int, Values], lines: Sequence[Values]
) -> list[Event]:
    events: list[Event] = []
    taxes = _taxes_of(db, [line["itemid"] for line in lines if "taxes" in line])
    for line in lines:
        old = there[line["itemid"]]
        new = {name: value for name, value in _columns(line).items() if value != old[name]}
        rows.update(db, t.itemable, old["id"], new)
        events += _events(old, new)
        if "taxes" in line and list(line["taxes"]) != taxes.get(old["id"], []):
            rows.delete(db, t.item_tax, TAX.itemid == old["id"], TAX.rel_type == rel_type)
            if wanted := _tax_rows({"rel_type": rel_type, "rel_id": rel_id}, old["id"], line["taxes"]):
                db.execute(t.item_tax.insert(), wanted)
        if "custom_fields" in line:
            db.hooks.written(db, KIND, old["id"], line["custom_fields"], False)
        old |= new
    return events


def _events(old: Values, new: Values) -> list[Event]:
    """What changed, as the screens tell it; they do not tell of units, orders and taxes."""
    about = "invoice_estimate_activity_updated"
    events: list[Event] = []
    if "rate" in new:
        events.append((f"{about}_item_rate", str(old["rate"]), str(new["rate"])))
    if "qty" in new:
        events.append((f"{about}_qty_item", old["description"], str(old["qty"]), str(new["qty"])))
    if "description" in new:
        events.append((f"{about}_item_short_description", old["description"], new["description"]))
    if "long_description" in new:
        texts = old["long_description"] or "", new["long_description"]
        events.append((f"{about}_item_long_description", *texts))
    return events


def _remove(db: Db, rel_type: str, ids: Collection[int]) -> None:
    if not ids:
        return
    rows.delete(db, t.itemable, LINE.id.in_(ids))
    rows.delete(db, t.item_tax, TAX.itemid.in_(ids), TAX.rel_type == rel_type)
    if rel_type == "invoice":
        _free_what_was_billed(db, ids)
    db.hooks.deleted(db, KIND, ids)


def _free_what_was_billed(db: Db, ids: Collection[int]) -> None:
    """The tasks and expenses that these lines billed may be billed again."""
    link = t.related_items.c
    for rel_type, table, free in (
        ("task", t.tasks, {"billed": 0, "invoice_id": 0}),
        ("expense", t.expenses, {"invoiceid": None}),
    ):
        # Looked up first: an UPDATE with a subquery would lock every task and expense there is.
        billed = rows.ids(db, link.rel_id, link.item_id.in_(ids), link.rel_type == rel_type)
        if billed:
            db.execute(table.update().where(table.c.id.in_(billed)).values(free))
    rows.delete(db, t.related_items, link.item_id.in_(ids))


def _columns(line: Values) -> Values:
    columns = {name: line[name] for name in COLUMNS if name in line}
    if "long_description" in columns:
        columns["long_description"] = with_breaks(columns["long_description"])
    return columns


def _taxes_of(db: Db, ids: Collection[int]) -> dict[int, list[Tax]]:
    taxes: dict[int, list[Tax]] = {}
    query = sa.select(TAX.itemid, TAX.taxname, TAX.taxrate).where(TAX.itemid.in_(ids)).order_by(TAX.id)
    for row in rows.fetch(db, query) if ids else ():
        taxes.setdefault(row["itemid"], []).append(Tax(row["taxname"], row["taxrate"]))
    return taxes


def _tax_rows(owner: Values, line_id: int, taxes: Collection[Tax]) -> list[Values]:
    return [owner | {"itemid": line_id, "taxname": tax.name, "taxrate": tax.rate} for tax in taxes]
