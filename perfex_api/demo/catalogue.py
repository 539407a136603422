"""What the demo company sells and spends, and the taxes on it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from perfex_api import tables as t
from perfex_api.demo.ground import Ground

#: name, rate
TAXES = (("VAT", "21.00"), ("VAT reduced", "6.00"), ("Recycling", "1.00"))
FULL, REDUCED = ("VAT",), ("VAT reduced",)
DEVICE = ("VAT", "Recycling")

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
    taxes: tuple[str, ...]


ITEMS = {
    item[0]: Item(item[0], item[1], Decimal(item[2]), *item[3:])
    for item in (
        ("Pendant Halo 40", "Ring of light, 40 cm, dimmable, brass", "189.00", "pc", "Lighting", DEVICE),
        ("Pendant Halo 60", "Ring of light, 60 cm, dimmable, brass", "249.00", "pc", "Lighting", DEVICE),
        ("Track light Vira", "Spot for a three-phase track, 12 W, 36°", "64.50", "pc", "Lighting", DEVICE),
        ("Desk lamp Oto", "Jointed arm, warm white, linen cable", "112.00", "pc", "Lighting", DEVICE),
        ("Three-phase track 2 m", "Aluminium, white, with end caps", "41.90", "pc", "Wiring", FULL),
        ("Textile cable 3 x 0.75", "Linen, natural", "4.20", "m", "Wiring", FULL),
        ("Floor box Kubo", "Four sockets and two data outlets, steel lid", "138.00", "pc", "Wiring", FULL),
        ("Dimmer Silva", "Rotary, 3 to 150 W LED", "57.80", "pc", "Wiring", DEVICE),
        ("Cabinet handle Linea", "Brushed steel, 160 mm", "8.75", "pc", "Fittings", FULL),
        ("Shelf bracket Nord", "Powder-coated, holds 25 kg", "12.40", "pair", "Fittings", FULL),
        ("Installation", "An electrician on site", "68.00", "h", "Services", REDUCED),
        ("Lighting plan", "Drawing and calculation for one room", "320.00", "room", "Services", FULL),
    )
}


@dataclass(frozen=True)
class Catalogue:
    """Ids, by name.

    Attributes:
        items: Of the items.
        taxes: Of the taxes.
        expense_categories: Of the expense categories.
        currency: Of the euro, or of the base currency where there is none.
        payment_mode: Of the first payment mode.
    """

    items: dict[str, int]
    taxes: dict[str, int]
    expense_categories: dict[str, int]
    currency: int
    payment_mode: int


def fill(ground: Ground) -> Catalogue:
    """Add taxes, items and expense categories."""
    taxes = {name: ground.insert(t.taxes, name=name, taxrate=Decimal(rate)) for name, rate in TAXES}
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
