"""Lines as clients see them, and as sums need them; for any number of documents at once."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.hooks import Hooks
from perfex_api.core.prepared import Asked, Prepared, many
from perfex_api.totals import Line, Tax

LINE = t.itemable.c
TAX = t.item_tax.c
#: How the custom fields of lines are called.
KIND = "items"

Ids = Collection[int]
Row = dict[str, Any]


def _lines(rel_type: Any, *ids: Any) -> sa.Select[Any]:
    mine = LINE.rel_type == rel_type, LINE.rel_id.in_(ids)
    return sa.select(t.itemable).where(*mine).order_by(LINE.rel_id, LINE.item_order, LINE.id)


def _taxes(rel_type: Any, *ids: Any) -> sa.Select[Any]:
    mine = TAX.rel_type == rel_type, TAX.rel_id.in_(ids)
    return sa.select(TAX.itemid, TAX.taxname, TAX.taxrate).where(*mine).order_by(TAX.id)


LINES, TAXES = (Prepared(query(sa.bindparam("rel_type"), many("ids"))) for query in (_lines, _taxes))


def of(db: Db, rel_type: str, ids: Ids) -> dict[int, list[Row]]:
    """The lines of documents as clients see them, with their custom fields; queries do not grow with ``ids``.

    Those of invoices also tell the names and the rates of their taxes, as two lists (``invoices.get``).

    Args:
        db: The transaction.
        rel_type: What the documents are: ``invoice``, ``estimate``, ``proposal`` or ``credit_note``.
        ids: The documents.

    Returns:
        By document, in the lines' own order; documents without lines have an empty list.
    """
    found: dict[int, list[Row]] = {document_id: [] for document_id in ids}
    if not found:
        return found
    lines: list[Row] = [*rows.wire(db, LINES, rel_type=rel_type, ids=[*ids])]
    if rel_type == "invoice":
        _add_taxes(db, rel_type, ids, lines)
    db.hooks.read(db, KIND, lines, [int(line["id"]) for line in lines])
    for line in lines:
        found[int(line["rel_id"])].append(line)
    return found


def expected(hooks: Hooks, rel_type: str, *ids: int) -> list[Asked]:
    """What ``of`` asks about these documents, but for the values of their lines' custom fields."""
    values = {"rel_type": rel_type, "ids": [*ids]}
    taxes = [(TAXES, values)] if rel_type == "invoice" else []
    return [(LINES, values), *taxes, *hooks.expected(KIND)]


def amounts(db: Db, rel_type: str, ids: Ids) -> dict[int, list[Line]]:
    """The lines of documents that count, for sums; an optional line that nobody selected does not.

    Args:
        db: The transaction.
        rel_type: What the documents are.
        ids: The documents.
    """
    found: dict[int, list[Line]] = {document_id: [] for document_id in ids}
    if not found:
        return found
    taxes: dict[int, list[Tax]] = {}
    for row in rows.fetch(db, _taxes(rel_type, *ids)):
        taxes.setdefault(row["itemid"], []).append(Tax(row["taxname"], row["taxrate"]))
    for line in rows.fetch(db, _lines(rel_type, *ids)):
        # The CRM has optional lines since version 3.4.0.
        if not line.get("is_optional") or line.get("is_selected"):
            mine = tuple(dict.fromkeys(taxes.get(line["id"], ())))
            found[line["rel_id"]].append(Line(line["qty"], line["rate"], mine))
    return found


def _add_taxes(db: Db, rel_type: str, ids: Ids, lines: list[Row]) -> None:
    for line in lines:
        line |= {"taxname": [], "taxrate": []}
    by_id = {line["id"]: line for line in lines}
    for line_id, name, rate in rows.wire_tuples(db, TAXES, rel_type=rel_type, ids=[*ids]):
        if line_id in by_id:
            by_id[line_id]["taxname"].append(name)
            by_id[line_id]["taxrate"].append(rate)
