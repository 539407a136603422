"""A checker of what sales have left in the database: every id leads somewhere, every amount follows.

It reads the tables as the CRM's own screens do and knows nothing of how the program wrote them:
numbers (section 6), totals (7), statuses (2.1), rows of shared tables (3 and 5). Run it after a story.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.php import unserialize

Row = dict[str, Any]

DOCUMENTS = {
    "invoice": t.invoices,
    "estimate": t.estimates,
    "proposal": t.proposals,
    "credit_note": t.creditnotes,
}
#: Documents with numbers, and the option that holds the next one.
NUMBERED = {
    "invoice": "next_invoice_number",
    "estimate": "next_estimate_number",
    "credit_note": "next_credit_note_number",
}
HASH = re.compile(r"[0-9a-f]{32}")
DRAFT = 6


def check(db: Db, *, sent_amounts: tuple[int, ...] = (), today: date | None = None) -> None:
    """Fail with every inconsistency there is.

    Args:
        db: A transaction.
        sent_amounts: Invoices whose subtotal and total contradict their lines, because they were sent so.
        today: By the CRM's clock, for due dates; None: whether an invoice is overdue is not looked at.
    """
    everything = _Everything(db)
    problems = [
        *_names(everything),
        *_numbers(everything),
        *_amounts(everything, sent_amounts),
        *_statuses(everything, today),
        *_lines(everything),
        *_money(everything),
        *_hanging_on(everything),
    ]
    assert problems == []


class _Everything:
    """All rows of the tables that sales write, read once."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._read: dict[str, list[Row]] = {}

    def of(self, table: sa.Table) -> list[Row]:
        if table.name not in self._read:
            self._read[table.name] = rows.fetch(self._db, sa.select(table))
        return self._read[table.name]

    def ids(self, table: sa.Table) -> set[int]:
        return {row[rows.key(table).name] for row in self.of(table)}

    def documents(self) -> Iterator[tuple[str, Row]]:
        for rel_type, table in DOCUMENTS.items():
            for row in self.of(table):
                yield rel_type, row

    def lines(self, rel_type: str, rel_id: int) -> list[Row]:
        return [row for row in self.of(t.itemable) if (row["rel_type"], row["rel_id"]) == (rel_type, rel_id)]

    def option(self, name: str) -> str:
        return next((row["value"] for row in self.of(t.options) if row["name"] == name), "")


def _names(everything: _Everything) -> Iterator[str]:
    """What documents, tasks and the like name must exist; 0 and NULL name nothing."""
    columns = [
        *((table.c.currency, t.currencies) for table in DOCUMENTS.values()),
        *((DOCUMENTS[name].c.clientid, t.clients) for name in NUMBERED),
        *((table.c.project_id, t.projects) for table in DOCUMENTS.values()),
        *((table.c.sale_agent, t.staff) for table in (t.invoices, t.estimates)),
        (t.invoices.c.is_recurring_from, t.invoices),
        (t.estimates.c.invoiceid, t.invoices),
        (t.proposals.c.invoice_id, t.invoices),
        (t.proposals.c.estimate_id, t.estimates),
        (t.expenses.c.invoiceid, t.invoices),
        (t.tasks.c.invoice_id, t.invoices),
        (t.credits.c.invoice_id, t.invoices),
        (t.credits.c.credit_id, t.creditnotes),
        (t.creditnote_refunds.c.credit_note_id, t.creditnotes),
        (t.invoicepaymentrecords.c.invoiceid, t.invoices),
        (t.taggables.c.tag_id, t.tags),
        (t.customfieldsvalues.c.fieldid, t.customfields),
    ]
    for column, target in columns:
        known = everything.ids(target)
        for row in everything.of(column.table):
            if row[column.name] and row[column.name] not in known:
                yield f"{column} names {row[column.name]}, which is not there"
    for task in everything.of(t.tasks):
        if task["billed"] and not task["invoice_id"]:
            yield f"task {task['id']} was billed by nobody"


def _numbers(everything: _Everything) -> Iterator[str]:
    hashes = Counter[str]()
    used = Counter[tuple[str, int, int]]()
    for rel_type, row in everything.documents():
        where = f"{rel_type} {row['id']}"
        if "hash" in row:
            hashes[row["hash"]] += 1
            if not HASH.fullmatch(row["hash"] or ""):
                yield f"{where} has no hash"
        if rel_type in NUMBERED:
            is_draft = rel_type == "invoice" and row["status"] == DRAFT
            if not is_draft:
                used[rel_type, row["date"].year, row["number"]] += 1
            wanted = f"{row['prefix']}DRAFT" if is_draft else _formatted(everything, row)
            if row["formatted_number"] != wanted:
                yield f"{where} is called {row['formatted_number']}, not {wanted}"
    yield from (f"the hash {each} is used {number} times" for each, number in hashes.items() if number > 1)
    yield from (f"{each} is used {number} times" for each, number in used.items() if number > 1)
    for counter in NUMBERED.values():
        if not everything.option(counter).isdigit() or int(everything.option(counter)) < 1:
            yield f"{counter} is {everything.option(counter)!r}"


def _formatted(everything: _Everything, row: Row) -> str:
    digits = str(row["number"]).zfill(int(everything.option("number_padding_prefixes") or 0))
    on, prefix = row["date"], row["prefix"]
    formats = {
        1: f"{prefix}{digits}",
        2: f"{prefix}{on.year}/{digits}",
        3: f"{prefix}{digits}-{on.year % 100:02}",
        4: f"{prefix}{digits}/{on.month:02}/{on.year}",
    }
    return formats.get(row["number_format"], str(row["number"]))


def _amounts(everything: _Everything, sent: tuple[int, ...]) -> Iterator[str]:
    taxes: dict[int, list[Decimal]] = {}
    for each in everything.of(t.item_tax):
        taxes.setdefault(each["itemid"], []).append(each["taxrate"])
    for rel_type, row in everything.documents():
        where = f"{rel_type} {row['id']}"
        counted = [
            line
            for line in everything.lines(rel_type, row["id"])
            if not line["is_optional"] or line["is_selected"]
        ]
        subtotal = sum((line["qty"] * line["rate"] for line in counted), Decimal(0))
        tax = sum(
            (
                line["qty"] * line["rate"] * rate / 100
                for line in counted
                for rate in taxes.get(line["id"], ())
            ),
            Decimal(0),
        )
        kind, percent, fixed = row["discount_type"], row["discount_percent"] or 0, row["discount_total"] or 0
        if kind == "before_tax" and percent:
            tax -= tax * percent / 100
        elif kind == "before_tax" and row["subtotal"]:
            tax -= tax * fixed / row["subtotal"]
        base = subtotal + tax if kind == "after_tax" else subtotal
        off = base * percent / 100 if percent else fixed
        total = subtotal - (off if kind else 0) + tax + (row["adjustment"] or 0)
        if not kind and fixed:
            yield f"{where} has a discount of no kind"
        if row["total_tax"] != _cents(tax):
            yield f"{where} has the tax {row['total_tax']}, not {_cents(tax)}"
        if rel_type != "invoice" or row["id"] not in sent:
            if abs(row["subtotal"] - subtotal) > Decimal("0.01"):
                yield f"{where} has the subtotal {row['subtotal']}, not {_cents(subtotal)}"
            if abs(row["total"] - total) > Decimal("0.01"):
                yield f"{where} has the total {row['total']}, not {_cents(total)}"


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _statuses(everything: _Everything, today: date | None) -> Iterator[str]:
    for invoice in everything.of(t.invoices):
        paid = [
            row["amount"]
            for row in everything.of(t.invoicepaymentrecords)
            if row["invoiceid"] == invoice["id"]
        ]
        paid += [row["amount"] for row in everything.of(t.credits) if row["invoice_id"] == invoice["id"]]
        late = 4 if today and invoice["duedate"] and invoice["duedate"] < today else 1
        if not paid:
            right = {2} if invoice["total"] == 0 else {late} if today else {1, 4}
        elif sum(paid) >= invoice["total"] or paid[0] == invoice["total"]:
            right = {2}
        else:
            right = {3} if sum(paid) > 0 else {1, 4}
        if invoice["status"] not in right | {5, DRAFT}:
            yield f"invoice {invoice['id']} has the status {invoice['status']}, not one of {sorted(right)}"
        if invoice["status"] == DRAFT and paid:
            yield f"the draft {invoice['id']} was paid"
    for note in everything.of(t.creditnotes):
        used = sum(row["amount"] for row in everything.of(t.credits) if row["credit_id"] == note["id"])
        used += sum(
            row["amount"]
            for row in everything.of(t.creditnote_refunds)
            if row["credit_note_id"] == note["id"]
        )
        if note["status"] != 3 and (note["status"] == 2) != (used == note["total"]):
            yield f"credit note {note['id']} has the status {note['status']}, with {used} used"


def _lines(everything: _Everything) -> Iterator[str]:
    owners = {line["id"]: (line["rel_type"], line["rel_id"]) for line in everything.of(t.itemable)}
    for line in everything.of(t.itemable):
        if line["rel_id"] not in everything.ids(DOCUMENTS[line["rel_type"]]):
            yield f"line {line['id']} belongs to no {line['rel_type']}"
        if line["item_order"] is None:
            yield f"line {line['id']} has no order"
    seen = Counter[tuple[Any, ...]]()
    for tax in everything.of(t.item_tax):
        seen[tax["itemid"], tax["taxname"], tax["taxrate"]] += 1
        if owners.get(tax["itemid"]) != (tax["rel_type"], tax["rel_id"]):
            yield f"tax {tax['id']} belongs to no line of its document"
    yield from (
        f"line and tax {each} stand there {number} times" for each, number in seen.items() if number > 1
    )
    for link in everything.of(t.related_items):
        if link["item_id"] not in owners:
            yield f"related item {link['id']} belongs to no line"


def _money(everything: _Everything) -> Iterator[str]:
    modes = {str(mode_id) for mode_id in everything.ids(t.payment_modes)}
    for payment in everything.of(t.invoicepaymentrecords):
        mode = payment["paymentmode"] or ""
        if mode not in modes and (mode == "" or mode.isdigit()):
            yield f"payment {payment['id']} was made by {mode!r}"
        if not payment["amount"]:
            yield f"payment {payment['id']} is of nothing"
    for invoice in everything.of(t.invoices):
        modes_text = invoice["allowed_payment_modes"]
        if modes_text is not None and not _is_list_of_texts(modes_text):
            yield f"invoice {invoice['id']} allows {modes_text}"


def _hanging_on(everything: _Everything) -> Iterator[str]:
    """Rows of the tables that all kinds of records share."""
    shared: list[tuple[sa.Table, Callable[[Row], tuple[str, int]]]] = [
        (table, lambda row: (row["rel_type"], row["rel_id"]))
        for table in (
            t.taggables,
            t.sales_activity,
            t.notes,
            t.reminders,
            t.files,
            t.views_tracking,
            t.scheduled_emails,
            t.tracked_mails,
            t.tasks,
        )
    ]
    shared.append((t.customfieldsvalues, lambda row: (row["fieldto"], row["relid"])))
    for table, owner in shared:
        for row in everything.of(table):
            rel_type, rel_id = owner(row)
            if rel_type in DOCUMENTS and rel_id not in everything.ids(DOCUMENTS[rel_type]):
                yield f"a row of {table.name} belongs to {rel_type} {rel_id}, which is not there"
    lines = everything.ids(t.itemable)
    values = Counter[tuple[Any, ...]]()
    for value in everything.of(t.customfieldsvalues):
        values[value["fieldto"], value["fieldid"], value["relid"]] += 1
        if value["fieldto"] == "items" and value["relid"] not in lines:
            yield f"custom field value {value['id']} belongs to no line"
    yield from (
        f"the value of {each} is there {number} times" for each, number in values.items() if number > 1
    )
    orders: dict[tuple[str, int], list[int]] = {}
    for tag in everything.of(t.taggables):
        orders.setdefault((tag["rel_type"], tag["rel_id"]), []).append(tag["tag_order"])
    for each, order in orders.items():
        if sorted(order) != list(range(1, len(order) + 1)):
            yield f"the tags of {each} stand in the order {order}"
    for event in everything.of(t.sales_activity):
        data = event["additional_data"]
        if data and not _is_list_of_texts(data):
            yield f"sales activity {event['id']} cannot be shown: {data}"


def _is_list_of_texts(text: str) -> bool:
    try:
        found = unserialize(text)
    except ValueError:
        return False
    return isinstance(found, list) and all(isinstance(each, str) for each in found)
