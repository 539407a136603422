"""How often a task comes again: the columns that the CRM's scheduler reads."""

import re
from collections.abc import Mapping
from typing import Any

from perfex_api.core.errors import Invalid
from perfex_api.http import fields

Values = dict[str, Any]

CUSTOM = "custom"
NEEDED = "must be custom or a number and a unit, e.g. 2-week"
UNITS = ("day", "week", "month", "year")
EVERY = re.compile(rf"[1-9][0-9]{{0,2}}(-({'|'.join(UNITS)}))?", re.ASCII)
#: A task that never came again.
OFF: Values = {
    "recurring": 0,
    "repeat_every": 0,
    "recurring_type": None,
    "custom_recurring": 0,
    "cycles": 0,
    "total_cycles": 0,
    "last_recurring_date": None,
}


class Every(fields.Text):
    """``1-week``, ``3-month``, ... or ``custom``; a blank means never.

    A mere number, which is how a task shows it, leaves the unit as it is.
    """

    def read(self, value: Any) -> str:
        text = super().read(value).strip().lower()
        if text == "0":
            return ""
        if text != CUSTOM and not EVERY.fullmatch(text):
            raise self.error(NEEDED)
        return text


def take(body: Values, stored: Mapping[str, Any] | None = None) -> Values:
    """Take the recurrence out of a body: what changes of its columns.

    Switched off, a task forgets how often it came. ``repeat_every_custom`` and ``repeat_type_custom`` count
    only with ``repeat_every=custom``, or on a task that has such a recurrence.

    Args:
        body: A parsed body.
        stored: The task's row; None: it is new.

    Raises:
        Invalid: A recurrence lacks its count or its unit.
    """
    count, unit = body.pop("repeat_every_custom", None), body.pop("repeat_type_custom", "")
    before = stored if stored and stored["custom_recurring"] else {}
    every = body.pop("repeat_every", CUSTOM if before and (count or unit) else None)
    if every is None and stored:
        return {}
    if not every:
        body.pop("cycles", None)
        return dict(OFF)
    if every == CUSTOM:
        return _custom(count or before.get("repeat_every"), unit or before.get("recurring_type"))
    number, _, word = every.partition("-")
    if word:
        return {"recurring": 1, "repeat_every": int(number), "recurring_type": word, "custom_recurring": 0}
    if not (stored and stored["recurring_type"]):
        raise Invalid({"repeat_every": f"The Repeat Every field {NEEDED}."})
    return {"recurring": 1, "repeat_every": int(number)}


def _custom(count: int | None, unit: str | None) -> Values:
    labels = {
        "repeat_every_custom": (count, "Repeat Every Custom"),
        "repeat_type_custom": (unit, "Repeat Type Custom"),
    }
    if missing := {name: label for name, (value, label) in labels.items() if not value}:
        raise Invalid({name: f"The {label} field is required." for name, label in missing.items()})
    return {"recurring": 1, "repeat_every": count, "recurring_type": unit, "custom_recurring": 1}
