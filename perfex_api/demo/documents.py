"""What the demo company's sales documents have in common: a head, a number, lines, totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from perfex_api import line_items, numbering
from perfex_api.demo.catalogue import ITEMS, Catalogue
from perfex_api.demo.customers import CUSTOMERS
from perfex_api.demo.ground import Ground
from perfex_api.demo.people import ADMINISTRATOR, People
from perfex_api.numbering import Series
from perfex_api.totals import BEFORE_TAX, Discount, compute
from perfex_api.totals import Line as CountedLine

PLACES = {customer.company: customer for customer in CUSTOMERS}

#: An item's name and how many of it.
Line = tuple[str, str]


@dataclass(frozen=True)
class Shop:
    """Everything that a document refers to."""

    ground: Ground
    people: People
    catalogue: Catalogue


def totals(lines: Sequence[Line], discount_percent: int = 0) -> dict[str, Any]:
    """The amount columns of a document; a discount is taken before tax."""
    kind, percent = (BEFORE_TAX if discount_percent else ""), Decimal(discount_percent)
    counted = [
        CountedLine(Decimal(quantity), ITEMS[name].rate, ITEMS[name].taxes) for name, quantity in lines
    ]
    sums = compute(counted, Discount(kind, percent))
    return {
        "subtotal": sums.subtotal,
        "total_tax": sums.total_tax,
        "total": sums.total,
        "discount_percent": percent,
        "discount_total": sums.discount_total,
        "discount_type": kind,
        "adjustment": 0,
    }


def add_lines(shop: Shop, kind: str, document_id: int, lines: Sequence[Line]) -> None:
    """Add the lines of a document with their taxes."""
    of_items = [ITEMS[name]._asdict() | {"qty": Decimal(quantity)} for name, quantity in lines]
    line_items.add(shop.ground.db, kind, document_id, of_items)


def head(shop: Shop, company: str, day: int) -> dict[str, Any]:
    """Whose document it is, of which day, in which currency."""
    place = PLACES[company]
    return {
        "clientid": shop.people.customers[company],
        "datecreated": shop.ground.moment(day),
        "date": shop.ground.day(day),
        "currency": shop.catalogue.currency,
        "addedfrom": shop.people.staff[ADMINISTRATOR],
        "billing_street": place.street,
        "billing_city": place.city,
        "billing_zip": place.zip,
        "billing_country": shop.ground.country(place.country),
        "include_shipping": 0,
    }


def number(shop: Shop, series: Series, day: int, *, draft: bool = False) -> dict[str, Any]:
    """The columns of the next number, such as ``INV-000001``; a draft has none yet."""
    db, date = shop.ground.db, shop.ground.day(day)
    taken = numbering.DRAFT if draft else numbering.take(db, series, date, None, "")
    return numbering.columns(db, series, taken, date, draft=draft)
