"""What the demo company has sold: invoices with their payments, and a credit note."""

from decimal import Decimal
from typing import NamedTuple

from perfex_api import numbering
from perfex_api import tables as t
from perfex_api.core import php
from perfex_api.demo.documents import Line, Shop, add_lines, head, number, totals
from perfex_api.demo.people import ADMINISTRATOR, STAFF
from perfex_api.totals import rounded

UNPAID, PAID, PARTIALLY_PAID, OVERDUE, CANCELLED, DRAFT = range(1, 7)
TERMS = "Payable within 30 days. Goods remain ours until they are paid for."


class Invoice(NamedTuple):
    """An invoice; days are counted from today.

    Attributes:
        payments: The day of each, and its share of the total in percent.
        status: Only of drafts and cancelled ones; the others' follows from what was paid.
    """

    company: str
    day: int
    lines: tuple[Line, ...]
    payments: tuple[tuple[int, int], ...] = ()
    discount: int = 0
    status: int = 0


INVOICES = (
    Invoice(
        "Aldermoor Interiors",
        -310,
        (("Pendant Halo 40", "6"), ("Dimmer Silva", "2"), ("Installation", "4.5")),
        payments=((-288, 100),),
    ),
    Invoice("Polder Elektro", -262, (("Textile cable 3 x 0.75", "250"),), payments=((-240, 100),)),
    Invoice(
        "Boutique Hotel Lindenallee",
        -205,
        (("Pendant Halo 60", "14"), ("Desk lamp Oto", "36"), ("Lighting plan", "3")),
        payments=((-200, 40), (-170, 60)),
        discount=5,
    ),
    Invoice(
        "Havenkwartier Coworking",
        -168,
        (("Floor box Kubo", "22"), ("Installation", "31")),
        payments=((-141, 100),),
    ),
    Invoice("Northgate Joinery", -133, (("Cabinet handle Linea", "180"),), payments=((-120, 100),)),
    Invoice(
        "Casa Mirador",
        -104,
        (("Track light Vira", "24"), ("Three-phase track 2 m", "8")),
        payments=((-80, 50),),
    ),
    Invoice("Ristorante Due Lune", -77, (("Pendant Halo 40", "9"), ("Dimmer Silva", "3"))),
    Invoice("Grünblick Architekten", -58, (("Lighting plan", "5"),), payments=((-31, 100),), discount=10),
    Invoice("Bistro Kormoran", -49, (("Desk lamp Oto", "12"),), status=CANCELLED),
    Invoice("Galerie Quatorze", -33, (("Track light Vira", "40"), ("Installation", "12"))),
    Invoice(
        "Södermark Design",
        -21,
        (("Pendant Halo 60", "4"), ("Textile cable 3 x 0.75", "30")),
        payments=((-9, 30),),
    ),
    Invoice("Harbour & Pike Offices", -12, (("Floor box Kubo", "10"), ("Shelf bracket Nord", "48"))),
    Invoice("Aldermoor Interiors", -4, (("Pendant Halo 60", "8"), ("Lighting plan", "2")), discount=5),
    Invoice("Kino Panorama", -1, (("Track light Vira", "60"),), status=DRAFT),
)

#: company, day, lines
CREDIT_NOTES = (("Casa Mirador", -70, (("Track light Vira", "2"),)),)


def fill(shop: Shop) -> list[int]:
    """Add invoices, payments and credit notes; the ids of the invoices."""
    invoices = [_add_invoice(shop, invoice) for invoice in INVOICES]
    for company, day, lines in CREDIT_NOTES:
        note = shop.ground.insert(
            t.creditnotes,
            **head(shop, company, day),
            **number(shop, numbering.CREDIT_NOTES, day),
            **totals(lines),
            status=1,
        )
        add_lines(shop, "credit_note", note, lines)
    return invoices


def _add_invoice(shop: Shop, invoice: Invoice) -> int:
    ground, amounts = shop.ground, totals(invoice.lines, invoice.discount)
    paid = [(day, rounded(amounts["total"] * share / 100)) for day, share in invoice.payments]
    is_draft = invoice.status == DRAFT
    invoice_id = ground.insert(
        t.invoices,
        **head(shop, invoice.company, invoice.day),
        **number(shop, numbering.INVOICES, invoice.day, draft=is_draft),
        **amounts,
        duedate=ground.day(invoice.day + 30),
        sent=int(not is_draft),
        datesend=None if is_draft else ground.moment(invoice.day, "11:00"),
        status=invoice.status or _status(invoice, amounts["total"], paid),
        hash=ground.hash(),
        allowed_payment_modes=php.serialize([str(shop.catalogue.payment_mode)]),
        terms=TERMS,
    )
    add_lines(shop, "invoice", invoice_id, invoice.lines)
    _note_creation(shop, invoice_id, invoice.day)
    for day, amount in paid:
        ground.insert(
            t.invoicepaymentrecords,
            invoiceid=invoice_id,
            amount=amount,
            paymentmode=str(shop.catalogue.payment_mode),
            date=ground.day(day),
            daterecorded=ground.moment(day, "14:15"),
            transactionid=f"SEPA-{ground.hash()[:12].upper()}",
        )
    return invoice_id


def _status(invoice: Invoice, total: Decimal, paid: list[tuple[int, Decimal]]) -> int:
    received = sum((amount for _, amount in paid), Decimal(0))
    if received >= total:
        return PAID
    if received:
        return PARTIALLY_PAID
    return OVERDUE if invoice.day + 30 < 0 else UNPAID


def _note_creation(shop: Shop, invoice_id: int, day: int) -> None:
    shop.ground.insert(
        t.sales_activity,
        rel_type="invoice",
        rel_id=invoice_id,
        description="invoice_activity_created",
        staffid=str(shop.people.staff[ADMINISTRATOR]),
        full_name=" ".join(STAFF[0][:2]),
        date=shop.ground.moment(day),
    )
