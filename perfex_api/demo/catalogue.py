"""What the demo company sells and spends, and the taxes on it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from perfex_api import tables as t
from perfex_api.demo.ground import Ground
from perfex_api.totals import Tax

VAT = Tax("VAT", Decimal("21.00"))
REDUCED_VAT = Tax("VAT reduced", Decimal("6.00"))
RECYCLING = Tax("Recycling", Decimal("1.00"))
TAXES = (VAT, REDUCED_VAT, RECYCLING)
GOODS, LABOUR, DEVICE = (VAT,), (REDUCED_VAT,), (VAT, RECYCLING)

GROUPS = ("Lighting", "Wiring", "Fittings", "Services")

#: name, description
EXPENSE_CATEGORIES = (
    ("Materials", "Samples and small stock"),
    ("Software", "Licences and subscriptions"),
    ("Travel", "Trains, flights and hotels"),
    ("Vehicles", "Fuel, tolls and repairs"),
)


class Item(NamedTuple):
    """Something in the catalogue."""

    description: str
    long_description: str
    rate: Decimal
    unit: str
    group: str
    taxes: tuple[Tax, ...]


ITEMS = {
    item[0]: Item(item[0], item[1], Decimal(item[2]), *item[3:])
    for item in (
        ("Pendant Halo 40", "Ring of light, 40 cm, dimmable, brass", "189.00", "pc", "Lighting", DEVICE),
        ("Pendant Halo 60", "Ring of light, 60 cm, dimmable, brass", "249.00", "pc", "Lighting", DEVICE),
        ("Track light Vira", "Spot for a three-phase track, 12 W, 36°", "64.50", "pc", "Lighting", DEVICE),
        ("Desk lamp Oto", "Jointed arm, warm white, linen cable", "112.00", "pc", "Lighting", DEVICE),
        ("Three-phase track 2 m", "Aluminium, white, with end caps", "41.90", "pc", "Wiring", GOODS),
        ("Textile cable 3 x 0.75", "Linen, natural", "4.20", "m", "Wiring", GOODS),
        ("Floor box Kubo", "Four sockets and two data outlets, steel lid", "138.00", "pc", "Wiring", GOODS),
        ("Dimmer Silva", "Rotary, 3 to 150 W LED", "57.80", "pc", "Wiring", DEVICE),
        ("Cabinet handle Linea", "Brushed steel, 160 mm", "8.75", "pc", "Fittings", GOODS),
        ("Shelf bracket Nord", "Powder-coated, holds 25 kg", "12.40", "pair", "Fittings", GOODS),
        ("Installation", "An electrician on site", "68.00", "h", "Services", LABOUR),
        ("Lighting plan", "Drawing and calculation for one room", "320.00", "room", "Services", GOODS),
    )
}


@dataclass(frozen=True)
class Catalogue:
    """Ids, by name; of the taxes, by the tax.

    Attributes:
        items: Of the items.
        taxes: Of the taxes.
        expense_categories: Of the expense categories.
        currency: Of the euro, or of the base currency where there is none.
        payment_mode: Of the first payment mode.
    """

    items: dict[str, int]
    taxes: dict[Tax, int]
    expense_categories: dict[str, int]
    currency: int
    payment_mode: int


def fill(ground: Ground) -> Catalogue:
    """Add taxes, items and expense categories."""
    taxes = {tax: ground.insert(t.taxes, name=tax.name, taxrate=tax.rate) for tax in TAXES}
    groups = {name: ground.insert(t.items_groups, name=name) for name in GROUPS}
    items = {
        name: ground.insert(
            t.items,
            description=name,
            long_description=item.long_description,
            rate=item.rate,
            tax=taxes[item.taxes[0]],
            tax2=taxes[item.taxes[1]] if len(item.taxes) > 1 else None,
            unit=item.unit,
            group_id=groups[item.group],
        )
        for name, item in ITEMS.items()
    }
    categories = {
        name: ground.insert(t.expenses_categories, name=name, description=about)
        for name, about in EXPENSE_CATEGORIES
    }
    return Catalogue(items, taxes, categories, _currency(ground), ground.first(t.payment_modes.c.id) or 0)


def _currency(ground: Ground) -> int:
    euro = ground.first(t.currencies.c.id, t.currencies.c.name == "EUR")
    return euro or ground.first(t.currencies.c.id, t.currencies.c.isdefault == 1) or 0
