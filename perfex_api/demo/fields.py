"""The demo company's custom fields: all ten types, with values."""

from collections.abc import Mapping, Sequence
from typing import Any

from perfex_api import tables as t
from perfex_api.demo.documents import Shop
from perfex_api.demo.ground import Ground
from perfex_api.demo.people import plain

#: fieldto, name, type, options
DEFINITIONS = (
    # Field 1 takes any text, because published examples write custom_fields[customers][1].
    ("customers", "Known from", "input", ""),
    ("customers", "Delivery zone", "select", "Benelux, DACH, France, Nordics, Rest of Europe"),
    ("customers", "Branches", "multiselect", "Office, Restaurant, Hotel, Shop, Workshop"),
    ("customers", "Credit check", "date_picker", ""),
    ("customers", "Delivery notes", "textarea", ""),
    ("customers", "Brand colour", "colorpicker", ""),
    ("customers", "Price list", "link", ""),
    ("contacts", "Speaks", "input", ""),
    ("contacts", "Newsletters", "checkbox", "Lighting, Wiring, Trade fairs"),
    ("invoice", "Goods collected", "date_picker_time", ""),
    ("items", "Warranty in months", "number", ""),
)

#: company, then the values of its fields but the price list; the credit check is so many days ago
CUSTOMERS = (
    (
        "Aldermoor Interiors",
        "Trade fair in Utrecht",
        "Rest of Europe",
        "Office, Shop",
        40,
        "Ring twice.<br />\nNo lorries.",
        "#7a1f3d",
    ),
    ("Bakkerij De Zonnewende", "A neighbour", "Benelux", "Shop", 12, "Before 6 in the morning.", "#e0a526"),
    (
        "Boutique Hotel Lindenallee",
        "Its architect",
        "DACH",
        "Hotel, Restaurant",
        200,
        "Entrance in the yard.",
        "#2f6b4f",
    ),
    ("Elvedal Kontor", "", "Nordics", "Office", 75, "", "#20364f"),
    ("Polder Elektro", "Aldermoor Interiors", "Benelux", "Workshop", 30, "Forklift on site.", "#005f9e"),
)

#: company, what its primary contact speaks, newsletters
CONTACTS = (
    ("Aldermoor Interiors", "English", "Lighting, Trade fairs"),
    ("Atelier Brume", "French, English", "Lighting"),
    ("Polder Elektro", "Dutch, German", "Wiring"),
)

#: item, months
ITEMS = (("Pendant Halo 40", 60), ("Pendant Halo 60", 60), ("Track light Vira", 36), ("Dimmer Silva", 24))


def fill(shop: Shop, invoices: Sequence[int]) -> None:
    """Add definitions and values."""
    ground = shop.ground
    fields = {
        name: _define(ground, order, kind, name, type_, options)
        for order, (kind, name, type_, options) in enumerate(DEFINITIONS, 1)
    }
    for company, source, zone, branches, checked, notes, colour in CUSTOMERS:
        address = f"https://prices.example/{plain(company)}"
        values = {
            "Known from": source,
            "Delivery zone": zone,
            "Branches": branches,
            "Credit check": ground.day(-checked).isoformat(),
            "Delivery notes": notes,
            "Brand colour": colour,
            "Price list": f'<a href="{address}" target="_blank">Price list</a>',
        }
        _set(ground, fields, "customers", shop.people.customers[company], values)
    for company, languages, newsletters in CONTACTS:
        values = {"Speaks": languages, "Newsletters": newsletters}
        _set(ground, fields, "contacts", shop.people.contacts[company], values)
    for name, months in ITEMS:
        # The catalogue shares its definitions with the lines of documents; its values have another name.
        _set(ground, fields, "items_pr", shop.catalogue.items[name], {"Warranty in months": str(months)})
    collected = ground.moment(-300, "15:30").isoformat(" ")
    _set(ground, fields, "invoice", invoices[0], {"Goods collected": collected})


def _define(ground: Ground, order: int, kind: str, name: str, type_: str, options: str) -> int:
    return ground.insert(
        t.customfields,
        fieldto=kind,
        name=name,
        slug=f"{kind}_{plain(name).replace('-', '_')}",
        type=type_,
        options=options,
        field_order=order,
        show_on_table=1,
    )


def _set(
    ground: Ground, fields: Mapping[str, int], kind: str, record_id: int, values: Mapping[str, Any]
) -> None:
    """Store values; an empty one has no row."""
    for name, value in values.items():
        if value:
            ground.insert(
                t.customfieldsvalues, relid=record_id, fieldid=fields[name], fieldto=kind, value=value
            )
