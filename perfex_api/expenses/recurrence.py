"""How often an expense comes again: the columns that the CRM's scheduler reads.

``recurring`` is a mere flag there, ``repeat_every`` and ``recurring_type`` say how often. The guide sends a
number of months as ``recurring``, the CRM's form sends ``repeat_every=2-week``, and both send ``custom`` with
two inputs of its own. All of them are understood, and so is a row that was read here and is sent back.
"""

from collections.abc import Mapping
from typing import Any

from perfex_api.core.errors import Invalid
from perfex_api.expenses.form import CUSTOM, RHYTHM

Values = dict[str, Any]

INPUTS = (
    "recurring",
    "repeat_every",
    "recurring_type",
    "custom_recurring",
    "repeat_every_custom",
    "repeat_type_custom",
)


def take(body: Values, stored: Mapping[str, Any] | None = None) -> Values:
    """Take the recurrence out of a body: what changes of its columns.

    Args:
        body: A parsed body; loses what it says of the recurrence.
        stored: The expense's row; None: it is new.

    Raises:
        Invalid: A custom recurrence lacks its count or its unit.
    """
    sent = {name: body.pop(name) for name in INPUTS if name in body}
    before = stored if stored and stored["recurring"] else {}
    every, recurring = sent.get("repeat_every"), sent.get("recurring")
    if recurring == "0" or (not recurring and every in ("", "0")) or (recurring == "" and not every):
        return _off(body)
    if CUSTOM in (every, recurring):
        return _custom(sent, before)
    if every and every != "0":
        return _rhythm(every, sent, before)
    if recurring:
        return _on(int(recurring), "month")
    if before.get("custom_recurring") and (sent.get("repeat_every_custom") or sent.get("repeat_type_custom")):
        return _custom(sent, before)
    return {}


def _on(every: int, unit: str, *, custom: int = 0) -> Values:
    return {"recurring": 1, "repeat_every": every, "recurring_type": unit, "custom_recurring": custom}


def _off(body: Values) -> Values:
    """Switched off, an expense forgets how often it came."""
    body.pop("cycles", None)
    nothing = dict.fromkeys(("recurring", "custom_recurring", "cycles", "total_cycles"), 0)
    return nothing | dict.fromkeys(("repeat_every", "recurring_type", "last_recurring_date"))


def _rhythm(every: str, sent: Values, before: Mapping[str, Any]) -> Values:
    found = RHYTHM.fullmatch(every)
    assert found is not None
    if found[2]:
        return _on(int(found[1]), found[2])
    unit = sent.get("recurring_type") or before.get("recurring_type") or "month"
    return _on(int(found[1]), unit, custom=sent.get("custom_recurring", before.get("custom_recurring", 0)))


def _custom(sent: Values, before: Mapping[str, Any]) -> Values:
    every = sent.get("repeat_every_custom") or before.get("repeat_every")
    unit = sent.get("repeat_type_custom") or before.get("recurring_type")
    if every and unit:
        return _on(every, unit, custom=1)
    missing = {} if every else {"repeat_every_custom": "The Repeat Every Custom field is required."}
    raise Invalid(
        missing | ({} if unit else {"repeat_type_custom": "The Repeat Type Custom field is required."})
    )
