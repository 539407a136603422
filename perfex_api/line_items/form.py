"""Lines as clients send them: ``newitems``, ``items``, ``removed_items`` (docs/compatibility.md, 12)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import ValidationError, post_load

from perfex_api import tables as t
from perfex_api import totals
from perfex_api.http import CrmBody, fields
from perfex_api.http.shapes import as_list
from perfex_api.totals import Tax

LINE = t.itemable.c
LONGEST_NAME: int = t.item_tax.c.taxname.type.length  # type: ignore[attr-defined]
Values = dict[str, Any]


class Taxes(fields.CrmField):
    """Taxes of a line: ``NAME|RATE``, ``{name, rate}``, or several of either; each counts once."""

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(label, blank=(), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:
        return tuple(dict.fromkeys(map(self._tax, _taxes(value))))

    def _tax(self, value: Any) -> Tax:
        if isinstance(value, dict):
            name, rate = value.get("name", value.get("taxname", "")), value.get("rate", value.get("taxrate"))
        else:
            name, _, rate = str(value).rpartition("|")
        try:
            percent = Decimal(str(rate).strip())
        except InvalidOperation:
            percent = Decimal("NaN")
        name = str(name).strip()
        if not (name and percent.is_finite() and abs(percent) < totals.TOO_MUCH):
            raise self.error("must be a name and a rate, e.g. VAT|20.00")
        if len(name) > LONGEST_NAME:
            raise self.error(f"must not have a name of more than {LONGEST_NAME} characters")
        return Tax(name, totals.rounded(percent))


class LineIn(CrmBody):
    itemid = fields.column(LINE.id, "Item Id")
    description = fields.column(LINE.description, required=True)
    long_description = fields.column(LINE.long_description)
    qty = fields.Money("Quantity", blank=None)
    rate = fields.Money("Rate", blank=None)
    unit = fields.column(LINE.unit)
    item_order = fields.column(LINE.item_order, "Order")
    taxname = Taxes("Tax", attribute="taxes")

    class Aliases(CrmBody.Aliases):
        order = "item_order"
        taxes = "taxname"

    @post_load
    def _keep_what_is_stored(self, line: Values, **_: Any) -> Values:
        """Amounts as their columns hold them, so that totals are those of the stored lines; no blanks."""
        line = {name: value for name, value in line.items() if value is not None}
        return line | {name: totals.rounded(line[name]) for name in ("qty", "rate") if name in line}


class Lines(fields.CrmField):
    """Lines in any of the forms that clients have: list, map with number keys, map of lists, JSON text, one.

    In an update, a line with an ``itemid`` is one that the document has, and says what changes; any other is
    new and complete. Both are dicts by column name, with a tuple ``taxes``, and ``custom_fields`` as sent.

    Args:
        label: The name in sentences.
        new: Whether the lines are all new: an ``itemid`` says nothing then.
    """

    def __init__(self, label: str = "", *, new: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self.new = new

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, *, partial: Any = None, **_: Any
    ) -> Any:
        lines: list[Values] = []
        errors: dict[str | int, Any] = {}
        for number, entry in enumerate(self._entries(value)):
            try:
                lines.append(_line(entry, may_be_known=bool(partial) and not self.new))
            except ValidationError as error:
                errors[number] = error.messages
        if errors:
            raise ValidationError(errors)
        return lines

    def _entries(self, value: Any) -> list[Values]:
        value = _decoded(value)
        if isinstance(value, dict):
            value = as_list(value) if all(key.isdigit() for key in value) else _from_columns(value)
        entries = [_decoded(entry) for entry in value or ()] if isinstance(value, list | None) else [value]
        if not all(isinstance(entry, dict) for entry in entries):
            raise self.error("must be a list of lines")
        return entries


@dataclass
class Sent:
    """What a body says about lines.

    Attributes:
        new: Lines to add.
        changed: Lines to change, each with its ``itemid`` and what is different.
        removed: Ids of lines to remove.
    """

    new: list[Values] = field(default_factory=list)
    changed: list[Values] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)

    @classmethod
    def take(cls, body: Values) -> "Sent":
        """Take the lines out of a parsed body; ``items`` without an ``itemid`` are new ones."""
        items = body.pop("items", [])
        return cls(
            new=body.pop("newitems", []) + [line for line in items if "itemid" not in line],
            changed=[line for line in items if "itemid" in line],
            removed=body.pop("removed_items", []),
        )

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.removed)


class WithLines(CrmBody):
    """What bodies of sales documents share."""

    newitems = Lines("Items", new=True)
    items = Lines("Items")
    removed_items = fields.Ids("Removed Items")


def _line(entry: Values, *, may_be_known: bool) -> Values:
    entry = _as_sent_back(entry)
    known = may_be_known and entry.get("itemid") not in (None, "")
    if not known:
        entry.pop("itemid", None)
    line: Values = LineIn(partial=known).load(entry)
    if known:
        return line
    return {"qty": Decimal(1), "rate": Decimal(0), "long_description": "", "unit": "", "taxes": ()} | line


def _as_sent_back(entry: Values) -> Values:
    """Read a line that ``GET /api/invoices/:id`` has shown: with an ``id``, names and rates side by side."""
    line = dict(entry)
    if "rel_id" in line and "id" in line:
        line.setdefault("itemid", line["id"])
    names, rates = line.get("taxname"), line.get("taxrate")
    if isinstance(names, list) and isinstance(rates, list) and not any("|" in str(name) for name in names):
        line["taxname"] = [{"name": name, "rate": rate} for name, rate in zip(names, rates, strict=False)]
    return line


def _decoded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value.strip() else None
    except (ValueError, RecursionError):
        return value


def _from_columns(value: Values) -> list[Values]:
    """One line, or the lines of a map of lists: ``{"description": ["a", "b"], "qty": [1, 2]}``."""
    if not isinstance(value.get("description"), list):
        return [value]
    columns = {name: as_list(column) for name, column in value.items()}
    return [
        {name: column[number] for name, column in columns.items() if number < len(column)}
        for number in range(len(columns["description"]))
    ]


def _taxes(value: Any) -> list[Any]:
    if isinstance(value, dict) and not all(key.isdigit() for key in value):
        return [value]
    if isinstance(value, str) and not value.lstrip().startswith(("[", "{")):
        return _split(value) if value.strip() else []
    return [part for part in as_list(value) if part not in ("", None)]


def _split(text: str) -> list[str]:
    """``CGST|9.00,SGST|9.00`` are two taxes; a comma that follows no rate is a part of the name."""
    name, *between, rate = text.split("|") if "|" in text else (text, "")
    if not all("," in part for part in between):
        return [text]
    taxes = []
    for part in between:
        its_rate, _, next_name = part.partition(",")
        taxes.append(f"{name}|{its_rate}")
        name = next_name
    return [*taxes, f"{name}|{rate}"]
