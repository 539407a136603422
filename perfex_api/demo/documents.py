"""What the demo company's sales documents have in common: a head, a number, lines, totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from perfex_api import options
from perfex_api import tables as t
from perfex_api.demo.catalogue import ITEMS, TAXES, Catalogue
from perfex_api.demo.customers import CUSTOMERS
from perfex_api.demo.ground import Ground
from perfex_api.demo.people import ADMINISTRATOR, People

CENT = Decimal("0.01")
RATES = {name: Decimal(rate) for name, rate in TAXES}
PLACES = {customer.company: customer for customer in CUSTOMERS}

#: An item's name and how many of it.
Line = tuple[str, str]


@dataclass(frozen=True)
class Shop:
    """Everything that a document refers to."""

    ground: Ground
    people: People
    catalogue: Catalogue


def cents(amount: Decimal) -> Decimal:
    """An amount in whole cents."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def totals(lines: Sequence[Line], discount_percent: int = 0) -> dict[str, Any]:
    """The amount columns of a document; a discount is taken before tax."""
    amounts = [(ITEMS[name], Decimal(quantity) * ITEMS[name].rate) for name, quantity in lines]
    subtotal = cents(sum((amount for _, amount in amounts), Decimal(0)))
    discount = cents(subtotal * discount_percent / 100)
    taxes = sum((amount * RATES[tax] / 100 for item, amount in amounts for tax in item.taxes), Decimal(0))
    total_tax = cents(taxes * (100 - discount_percent) / 100)
    return {
        "subtotal": subtotal,
        "total_tax": total_tax,
        "total": subtotal - discount + total_tax,
        "discount_percent": discount_percent,
        "discount_total": discount,
        "discount_type": "before_tax" if discount_percent else "",
        "adjustment": 0,
    }


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
            shop.ground.insert(t.item_tax, **owner, itemid=line, taxrate=RATES[tax], taxname=tax)


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


def number(shop: Shop, document: str) -> dict[str, Any]:
    """The next number of its kind: ``INV-000001``."""
    taken = shop.ground.next_number(f"next_{document}_number")
    prefix = options.get(shop.ground.db, f"{document}_prefix")
    padding = int(options.get(shop.ground.db, "number_padding_prefixes") or 0)
    return {
        "number": taken,
        "prefix": prefix,
        "number_format": 1,
        "formatted_number": f"{prefix}{taken:0{padding}}",
    }
