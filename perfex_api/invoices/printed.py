"""What stands on the paper of an invoice: the texts, in the order in which they are read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from perfex_api import line_items, money, numbering, options, sales_documents
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.php import unserialize
from perfex_api.invoices import paid, status
from perfex_api.invoices.reading import KIND
from perfex_api.text import plain
from perfex_api.totals import NOTHING, Tax, rounded

COMPANY = (
    *("invoice_company_name", "companyname", "invoice_company_address", "invoice_company_city"),
    *("company_state", "invoice_company_postal_code", "invoice_company_country_code"),
    *("invoice_company_phonenumber", "company_vat", "company_logo"),
)
LOOKS = ("dateformat", "decimal_separator", "thousand_separator", "remove_decimals_on_zero")
#: By the document's ``show_quantity_as``: its lines count pieces, hours, or both.
QUANTITY = {2: "Hours", 3: "Qty/Hours"}
STATUS = {
    status.UNPAID: "UNPAID",
    status.PAID: "PAID",
    status.PARTLY_PAID: "PARTIALLY PAID",
    status.OVERDUE: "OVERDUE",
    status.CANCELLED: "CANCELLED",
    status.DRAFT: "DRAFT",
}

Row = dict[str, Any]


@dataclass(frozen=True)
class PrintedLine:
    """A line as it is read."""

    description: str
    details: str
    qty: str
    rate: str
    taxes: str
    amount: str


@dataclass(frozen=True)
class Printed:
    """An invoice as it is read; nothing in it has markup.

    Attributes:
        number: ``INV-000001``.
        status: One of ``STATUS``.
        company: Whose invoice it is: name, then address.
        logo: Where the company's picture should be; None: it has none.
        bill_to: Whom it is for: name, then address.
        ship_to: Where the goods go; empty when that is not shown.
        facts: Labels with their values: dates and custom fields.
        quantity: What stands above the quantities.
        lines: The lines, in their order.
        totals: Labels with amounts; the last one is what is left to pay.
        notes: Headings with texts.
        date: As it is printed.
        duedate: As it is printed; empty when there is none.
        total: As it is printed.
    """

    number: str
    status: str
    company: tuple[str, ...]
    logo: Path | None
    bill_to: tuple[str, ...]
    ship_to: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    quantity: str
    lines: tuple[PrintedLine, ...]
    totals: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    date: str
    duedate: str
    total: str

    def texts(self) -> Iterator[str]:
        """Everything that is written, to know the letters."""
        yield from (self.number, *self.company, *self.bill_to, *self.ship_to)
        for pairs in (self.facts, self.totals, self.notes):
            yield from (text for pair in pairs for text in pair)
        for line in self.lines:
            yield from (line.description, line.details, line.qty, line.rate, line.taxes, line.amount)


def printed(db: Db, invoice: Row) -> Printed:
    """Read an invoice as it is printed; the queries do not grow with its lines.

    Args:
        db: The transaction.
        invoice: Its row.
    """
    looks = options.read(db, *COMPANY, *LOOKS, "number_padding_prefixes")
    due = invoice["duedate"]
    on, until = day(db, invoice["date"]), day(db, due) if due else ""
    dates = [("Invoice Date", on), *([("Due Date", until)] if until else [])]
    return Printed(
        number=numbering.formatted(db, invoice),
        status=STATUS.get(invoice["status"], ""),
        company=_company(db, looks),
        logo=_logo(db, looks["company_logo"]),
        bill_to=_customer(db, invoice),
        ship_to=_address(db, invoice, "shipping") if _is_shipped(invoice) else (),
        facts=(*dates, *_custom_fields(db, invoice)),
        quantity=QUANTITY.get(invoice.get("show_quantity_as") or 1, "Qty"),
        lines=tuple(_lines(db, invoice)),
        totals=tuple(_totals(db, invoice)),
        notes=tuple(_notes(db, invoice)),
        date=on,
        duedate=until,
        total=money.printed(db, invoice["total"], invoice["currency"]),
    )


def day(db: Db, on: date | None) -> str:
    """A date as the CRM writes it: the second half of its option ``dateformat``."""
    if on is None:
        return ""
    return on.strftime(options.get(db, "dateformat").partition("|")[2] or "%Y-%m-%d")


def _company(db: Db, found: Mapping[str, str]) -> tuple[str, ...]:
    lines = (
        found["invoice_company_name"] or found["companyname"],
        *plain(found["invoice_company_address"]).splitlines(),
        " ".join(filter(None, (found["invoice_company_city"], found["company_state"]))),
        " ".join(filter(None, (found["invoice_company_country_code"], found["invoice_company_postal_code"]))),
        found["invoice_company_phonenumber"],
        f"VAT Number: {found['company_vat']}" if found["company_vat"] else "",
    )
    return tuple(line for line in lines if line.strip())


def _logo(db: Db, name: str) -> Path | None:
    return db.site.uploads / "company" / Path(name).name if name else None


def _customer(db: Db, invoice: Row) -> tuple[str, ...]:
    customer = rows.find(db, t.clients, invoice["clientid"]) or {}
    name = customer.get("company") or invoice["deleted_customer_name"] or _person(db, invoice["clientid"])
    vat = customer.get("vat") or ""
    address = _address(db, invoice, "billing")
    return tuple(filter(None, (name, *address, f"VAT Number: {vat}" if vat else "")))


def _person(db: Db, customer_id: int) -> str:
    """A customer without a company is its primary contact."""
    contact = t.contacts.c
    query = sa.select(contact.firstname, contact.lastname).where(
        contact.userid == customer_id, contact.is_primary == 1
    )
    found = db.execute(query.limit(1)).first()
    return " ".join(filter(None, found)) if found else ""


def _address(db: Db, invoice: Row, which: str) -> tuple[str, ...]:
    part = {name: plain(invoice[f"{which}_{name}"]) for name in ("street", "city", "state", "zip")}
    country = rows.find(db, t.countries, invoice[f"{which}_country"]) or {}
    lines = (
        *part["street"].splitlines(),
        " ".join(filter(None, (part["zip"], part["city"]))),
        part["state"],
        country.get("short_name") or "",
    )
    return tuple(line for line in lines if line.strip())


def _is_shipped(invoice: Row) -> bool:
    return bool(invoice["include_shipping"] and invoice["show_shipping_on_invoice"])


def _custom_fields(db: Db, invoice: Row) -> Iterator[tuple[str, str]]:
    """Those that their definitions show on paper."""
    field, value = t.customfields.c, t.customfieldsvalues.c
    query = (
        sa.select(field.name, value.value)
        .join(t.customfieldsvalues, value.fieldid == field.id)
        .where(value.fieldto == KIND, value.relid == invoice["id"])
        .where(field.active == 1, field.show_on_pdf == 1)
        .order_by(field.field_order, field.id)
    )
    for row in db.execute(query):
        if row.value:
            yield row.name, plain(row.value)


def _lines(db: Db, invoice: Row) -> Iterator[PrintedLine]:
    for line in line_items.of(db, KIND, [invoice["id"]])[invoice["id"]]:
        # The CRM has optional lines since version 3.4.0; one that nobody selected is not billed.
        if line.get("is_optional") == "1" and line.get("is_selected") == "0":
            continue
        qty, rate = Decimal(line["qty"]), Decimal(line["rate"])
        taxes = zip(line["taxname"], line["taxrate"], strict=True)
        yield PrintedLine(
            description=plain(line["description"]),
            details=plain(line["long_description"]),
            qty=" ".join(filter(None, (_number(qty), line["unit"] or ""))),
            rate=money.printed(db, rounded(rate), invoice["currency"]),
            taxes="\n".join(_tax(Tax(name, Decimal(percent))) for name, percent in taxes),
            amount=money.printed(db, rounded(qty * rate), invoice["currency"]),
        )


def _totals(db: Db, invoice: Row) -> Iterator[tuple[str, str]]:
    def written(amount: Decimal) -> str:
        return money.printed(db, amount, invoice["currency"])

    yield "Subtotal", written(invoice["subtotal"])
    percent = invoice["discount_percent"] or NOTHING
    if invoice["discount_total"]:
        label = f"Discount ({_number(percent)}%)" if percent else "Discount"
        yield label, written(-invoice["discount_total"])
    counted = line_items.amounts(db, KIND, [invoice["id"]])[invoice["id"]]
    for tax, amount in sales_documents.taxes(counted, invoice).items():
        yield _tax(tax), written(amount)
    if invoice["adjustment"]:
        yield "Adjustment", written(invoice["adjustment"])
    yield "Total", written(invoice["total"])
    payments = paid.sums(db, invoice["id"])
    for label, amount in zip(("Total Paid", "Applied Credits"), payments, strict=True):
        if amount:
            yield label, written(-amount)
    yield "Amount Due", written(rounded(invoice["total"] - sum(payments)))


def _notes(db: Db, invoice: Row) -> Iterator[tuple[str, str]]:
    modes = [int(mode) for mode in _modes(invoice) if mode.isascii() and mode.isdigit() and len(mode) < 10]
    mode = t.payment_modes.c
    shown = sa.select(mode.name, mode.description).where(mode.id.in_(modes), mode.show_on_pdf == 1)
    for row in db.execute(shown.order_by(mode.id)) if modes else ():
        yield row.name, plain(row.description)
    for heading, column in (("Note", "clientnote"), ("Terms & Conditions", "terms")):
        if text := plain(invoice[column]):
            yield heading, text


def _modes(invoice: Row) -> list[str]:
    try:
        stored = unserialize(invoice["allowed_payment_modes"] or "")
    except ValueError:
        return []
    values = stored.values() if isinstance(stored, dict) else stored
    return [str(mode) for mode in values] if isinstance(stored, dict | list) else []


def _number(amount: Decimal) -> str:
    """A quantity or a percentage without the zeros behind it."""
    return f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"


def _tax(tax: Tax) -> str:
    return f"{tax.name} ({_number(tax.rate)}%)"
