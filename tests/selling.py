"""Estimates, credit notes and proposals for tests: lines, and what to ask of the tables about a document."""

import sqlalchemy as sa
from contract import stored

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.php import unserialize

#: 200 with 18 % and 50 without: 250 and 36 tax make 286.
LINES = [
    {
        "description": "Camera",
        "long_description": "12 MP",
        "qty": 2,
        "rate": "100",
        "unit": "pc",
        "taxname": ["CGST|9.00", "SGST|9.00"],
    },
    {"description": "Bag", "qty": 1, "rate": "50.00"},
]
#: The same lines as the guide's own forms send them.
FORM = "&".join(
    (
        "newitems[0][description]=Camera",
        "newitems[0][long_description]=12+MP",
        "newitems[0][qty]=2",
        "newitems[0][rate]=100",
        "newitems[0][order]=1",
        "newitems[0][unit]=pc",
        "newitems[0][taxname][]=CGST|9.00",
        "newitems[0][taxname][]=SGST|9.00",
        "newitems[1][description]=Bag",
        "newitems[1][long_description]=",
        "newitems[1][qty]=1",
        "newitems[1][rate]=50",
        "newitems[1][order]=2",
        "newitems[1][unit]=1",
    )
)
#: What is sent with a form.
AS_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
#: A discount or adjustment of these lines; then kind, percentage, discount, tax, total, worked out by hand.
SUMS = [
    ({}, ("", 0, 0, 36, 286)),
    ({"discount_percent": 10, "discount_type": "before_tax"}, ("before_tax", 10, 25, "32.40", "257.40")),
    ({"discount_percent": 10, "discount_type": "after_tax"}, ("after_tax", 10, "28.60", 36, "257.40")),
    ({"discount_total": 25, "discount_type": "before_tax"}, ("before_tax", 0, 25, "32.40", "257.40")),
    ({"discount_total": 25, "discount_type": "after_tax"}, ("after_tax", 0, 25, 36, 261)),
    ({"discount_type": "before_tax"}, ("", 0, 0, 36, 286)),
    ({"adjustment": "-6"}, ("", 0, 0, 36, 280)),
    ({"adjustment": "0.55", "discount_total": "0.55", "discount_type": "after_tax"},
     ("after_tax", 0, "0.55", 36, 286)),
]  # fmt: skip
SUM_COLUMNS = ("discount_type", "discount_percent", "discount_total", "total_tax", "total")
#: Where a document's address is.
ADDRESS = {
    f"{where}_{what}": f"my {where} {what}"
    for where in ("billing", "shipping")
    for what in ("street", "city", "state", "zip")
}
#: What a line of these documents shows.
LINE_KEYS = [
    "id",
    "rel_id",
    "rel_type",
    "description",
    "long_description",
    "qty",
    "rate",
    "unit",
    "item_order",
    "customfields",
]


def lines(transaction, kind, document_id=1):
    """A document's lines, in their order: description, quantity, rate, order."""
    line = t.itemable.c
    mine = line.rel_type == kind, line.rel_id == document_id
    with transaction() as db:
        found = rows.fetch(db, sa.select(t.itemable).where(*mine).order_by(line.item_order, line.id))
    return [(row["description"], row["qty"], row["rate"], row["item_order"]) for row in found]


def tags(transaction, kind, document_id=1):
    """A document's tags, in their order."""
    link = t.taggables.c
    names = sa.select(t.tags.c.name).join(t.taggables, link.tag_id == t.tags.c.id).order_by(link.tag_order)
    with transaction() as db:
        return list(db.execute(names.where(link.rel_type == kind, link.rel_id == document_id)).scalars())


def events(transaction, kind, document_id=1):
    """What a document's page tells: language keys, each with the words of its sentence."""
    event = t.sales_activity.c
    return [
        (row["description"], *(unserialize(row["additional_data"]) if row["additional_data"] else ()))
        for row in stored.found(
            transaction, t.sales_activity, event.rel_type == kind, event.rel_id == document_id
        )
    ]


def counter(transaction, kind):
    """The next number."""
    option = t.options.c
    (value,) = stored.values(transaction, option.value, option.name == f"next_{kind}_number")
    return value


def log(transaction):
    """The sentences of the activity log."""
    return [line["description"] for line in stored.log(transaction)]
