"""Items: ``/api/items`` over ``tblitems``; what sales documents pick their lines from."""

from typing import Any

import sqlalchemy as sa

from perfex_api import activity, search
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import Invalid, NotFound
from perfex_api.core.prepared import Prepared
from perfex_api.http import CrmBlueprint, CrmBody, fields

Values = dict[str, Any]

ITEM = t.items.c
FIRST_TAX = t.taxes.alias("first_tax")
SECOND_TAX = t.taxes.alias("second_tax")
#: Both shapes of an item: the guide's eight keys, and those of the later module.
SHAPE = [
    ITEM.id,
    ITEM.id.label("itemid"),
    ITEM.description,
    ITEM.long_description,
    ITEM.rate,
    ITEM.tax,
    ITEM.tax2,
    FIRST_TAX.c.taxrate.label("taxrate"),
    FIRST_TAX.c.id.label("taxid"),
    FIRST_TAX.c.name.label("taxname"),
    SECOND_TAX.c.taxrate.label("taxrate_2"),
    SECOND_TAX.c.id.label("taxid_2"),
    SECOND_TAX.c.name.label("taxname_2"),
    ITEM.unit,
    ITEM.group_id,
    t.items_groups.c.name.label("group_name"),
]


def _items() -> sa.Select[Any]:
    return (
        sa.select(*SHAPE)
        .join_from(t.items, FIRST_TAX, FIRST_TAX.c.id == ITEM.tax, isouter=True)
        .join(SECOND_TAX, SECOND_TAX.c.id == ITEM.tax2, isouter=True)
        .join(t.items_groups, t.items_groups.c.id == ITEM.group_id, isouter=True)
    )


ONE = Prepared(_items().where(ITEM.id == sa.bindparam("item_id")))

api = CrmBlueprint("items", kind="items_pr", shows=SHAPE, numbers=("tax", "tax2", "group_id"))


class ItemIn(CrmBody):
    description = fields.column(ITEM.description, required=True)
    rate = fields.column(ITEM.rate, required=True)
    long_description = fields.column(ITEM.long_description)
    tax = fields.column(ITEM.tax)
    tax2 = fields.column(ITEM.tax2)
    group_id = fields.column(ITEM.group_id)
    unit = fields.column(ITEM.unit)


@api.rows("/items")
def list_items(db: Db) -> sa.Select[Any]:
    """List items."""
    return _items().order_by(ITEM.description, ITEM.id)


@api.search("/items/search", per_page=20)
def search_items(db: Db, word: str) -> sa.Select[Any]:
    """Search items by description, long description and custom fields; always in pages."""
    return list_items(db).where(
        sa.or_(
            search.anywhere(word, ITEM.description, ITEM.long_description),
            search.in_custom_fields(word, "items_pr", ITEM.id),
        )
    )


@api.row("/items/<id:item_id>", one=ONE)
def read_item(db: Db, item_id: int | None) -> Values | None:
    """Read one item."""
    return rows.first(db, ONE, item_id=item_id or 0)


@api.create("/items", schema=ItemIn, ok="Item created successfully", id_as="item_id")
def add_item(db: Db, body: Values) -> int:
    """Add an item."""
    _refuse_unknown(db, body)
    item_id = rows.insert(db, t.items, body)
    activity.note(db, f"New Invoice Item Added [ID:{item_id}, {body['description'][:100]}]")
    return item_id


@api.update(
    "/items/<id:item_id>",
    "/items",
    schema=ItemIn,
    ok="Item updated successfully",
    empty="No data provided for update",
)
def change_item(db: Db, body: Values, item_id: int | None) -> int:
    """Change an item."""
    found = _existing(db, item_id)
    _refuse_unknown(db, body)
    rows.update(db, t.items, found, body)
    activity.note(db, f"Invoice Item Updated [ID: {found}]")
    return found


@api.remove(
    "/delete/items/<id:item_id>",
    "/items/<id:item_id>",
    "/delete/items",
    "/items",
    ok="Item deleted successfully",
)
def delete_item(db: Db, item_id: int | None) -> None:
    """Delete an item; lines that were made from it stay."""
    found = _existing(db, item_id)
    rows.delete(db, t.items, ITEM.id == found)
    db.hooks.deleted(db, "items_pr", [found])
    activity.note(db, f"Invoice Item Deleted [ID: {found}]")


def _existing(db: Db, item_id: int | None) -> int:
    if item_id is None:
        raise NotFound("Invalid Item ID")
    rows.get(db, t.items, item_id, "Item not found")
    return item_id


def _refuse_unknown(db: Db, body: Values) -> None:
    """The taxes and the group must exist; 0, as the CRM stores none, names nothing."""
    known = {"tax": t.taxes, "tax2": t.taxes, "group_id": t.items_groups}
    errors = {
        name: f"The {ItemIn().fields[name].label} field names an unknown id: {body[name]}."  # type: ignore[attr-defined]
        for name, table in known.items()
        if body.get(name) and not rows.exists(db, rows.key(table) == body[name])
    }
    if errors:
        raise Invalid(errors)
