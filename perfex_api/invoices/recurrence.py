"""How often an invoice comes again: the columns that the CRM's scheduler reads."""

from collections.abc import Mapping
from typing import Any

from perfex_api.core.errors import Invalid
from perfex_api.invoices.form import CUSTOM

Values = dict[str, Any]


def take(body: Values, stored: Mapping[str, Any] | None = None) -> Values:
    """Take the recurrence out of a body: what changes of its columns.

    A number of months leaves nothing custom. Switched off, an invoice forgets how often it came.
    ``repeat_every_custom`` and ``repeat_type_custom`` count only with ``recurring=custom``, or on an invoice
    that has such a recurrence, which may also be sent as ``GET /api/invoices/:id`` shows it.

    Args:
        body: A parsed body.
        stored: The invoice's row; None: it is new.

    Raises:
        Invalid: A custom recurrence lacks its count or its unit.
    """
    every, unit = body.pop("repeat_every_custom", None), body.pop("repeat_type_custom", "")
    shown_unit = body.pop("recurring_type", "")
    before = stored if stored and stored["custom_recurring"] else {}
    recurring = body.pop("recurring", CUSTOM if before and (every or unit) else None)
    if body.pop("custom_recurring", 0) and recurring not in (None, CUSTOM):
        every, unit, recurring = every or int(recurring), unit or shown_unit, CUSTOM
    if recurring is None:
        return {}
    if recurring == CUSTOM:
        return _custom(every or before.get("recurring"), unit or before.get("recurring_type"))
    months = {"recurring": int(recurring or 0), "recurring_type": None, "custom_recurring": 0}
    if months["recurring"]:
        return months
    body.pop("cycles", None)
    return months | {"cycles": 0, "total_cycles": 0, "last_recurring_date": None}


def _custom(every: int | None, unit: str | None) -> Values:
    labels = {
        "repeat_every_custom": (every, "Repeat Every Custom"),
        "repeat_type_custom": (unit, "Repeat Type Custom"),
    }
    if missing := {name: label for name, (value, label) in labels.items() if not value}:
        raise Invalid({name: f"The {label} field is required." for name, label in missing.items()})
    return {"recurring": every, "recurring_type": unit, "custom_recurring": 1}
