"""Look-ups: ``/api/common``: expense categories, payment modes, taxes."""

from typing import Any

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core.db import Db
from perfex_api.core.errors import NotFound
from perfex_api.http import CrmBlueprint

#: ``paymentmethod_stripe_active`` is the option that switches a gateway on; ``…_label`` names it.
BEFORE, AFTER = "paymentmethod_", "_active"

api = CrmBlueprint("common")


@api.rows("/common/expense_category", feature="expense_categories", operation="expense_categories.list")
def list_expense_categories(db: Db) -> sa.Select[Any]:
    """List expense categories."""
    category = t.expenses_categories.c
    return sa.select(category.id, category.name, category.description).order_by(category.name, category.id)


@api.rows("/common/payment_mode", feature="payment_methods", operation="payment_modes.list")
def list_payment_modes(db: Db) -> sa.Select[Any]:
    """List active payment modes that pay more than invoices, then the online gateways that are on."""
    mode = t.payment_modes.c
    modes = sa.select(*mode, sa.literal(1).label("part")).where(mode.invoices_only != 1, mode.active == 1)
    both = sa.union_all(modes, _gateways()).subquery()
    return sa.select(*(both.c[column.name] for column in mode)).order_by(both.c.part, both.c.name, both.c.id)


def _gateways() -> sa.Select[Any]:
    switch, label = t.options.alias("switch"), t.options.alias("label")
    length = sa.func.length(switch.c.name) - len(BEFORE + AFTER)  # of the gateway's name
    gateway = sa.func.substr(switch.c.name, len(BEFORE) + 1, length, type_=switch.c.name.type)
    columns = {
        "id": gateway,
        "name": sa.func.coalesce(sa.func.nullif(label.c.value, ""), gateway),
        "description": sa.literal(""),
        "show_on_pdf": sa.literal(0),
        "invoices_only": sa.literal(0),
        "expenses_only": sa.literal(0),
        "selected_by_default": sa.literal(0),
        "active": sa.literal(1),
    }
    ordered = [columns[column.name].label(column.name) for column in t.payment_modes.c]
    named = label.c.name == sa.literal(BEFORE) + gateway + sa.literal("_label")
    is_switch = (
        switch.c.name.startswith(BEFORE, autoescape=True),
        switch.c.name.endswith(AFTER, autoescape=True),
        length > 0,
    )
    return (
        sa.select(*ordered, sa.literal(2).label("part"))
        .join_from(switch, label, named, isouter=True)
        .where(*is_switch, switch.c.value == "1")
        .distinct()  # nothing forbids a second row for an option
    )


@api.rows("/common/tax_data", feature="taxes", operation="taxes.list")
def list_taxes(db: Db) -> sa.Select[Any]:
    """List taxes, the lowest rate first."""
    return sa.select(t.taxes).order_by(t.taxes.c.taxrate, t.taxes.c.id)


@api.row("/common/<what>", feature="", operation="common.get")
def read_common(db: Db, what: str) -> Any:
    """Say that there is no such look-up; those that exist have URLs of their own."""
    raise NotFound("Not valid data")
