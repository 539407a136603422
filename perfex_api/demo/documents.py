"""What the demo company's sales documents have in common: a head, a number, lines, totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from perfex_api import numbering
from perfex_api import tables as t
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
    sums = compute([_counted(*line) for line in lines], Discount(kind, percent))
    return {
        "subtotal": sums.subtotal,
        "total_tax": sums.total_tax,
        "total": sums.total,
        "discount_percent": percent,
        "discount_total": sums.discount_total,
        "discount_type": kind,
        "adjustment": 0,
    }


def _counted(name: str, quantity: str) -> CountedLine:
    item = ITEMS[name]
    return CountedLine(Decimal(quantity), item.rate, item.taxes)


def add_lines(shop: Shop, kind: str, document_id: int, lines: Sequence[Line]) -> None:
    """Add the lines of a document with their taxes."""
    owner = {"rel_id": document_id, "rel_type": kind}
    for order, (name, quantity) in enumerate(lines, 1):
        item = ITEMS[name]
        line = shop.ground.insert(
            t.itemable,
            **owner,
            description=name,
            long_description=item.long_description,
            qty=Decimal(quantity),
            rate=item.rate,
            unit=item.unit,
            item_order=order,
        )
        for tax in item.taxes:
            shop.ground.insert(t.item_tax, **owner, itemid=line, taxrate=tax.rate, taxname=tax.name)


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
