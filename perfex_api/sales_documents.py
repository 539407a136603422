"""What invoices, estimates, proposals and credit notes share beside lines and numbers.

Amounts that the caller leaves out, addresses, notes, and the records that a document names.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError

from perfex_api import references, totals
from perfex_api import tables as t
from perfex_api.core.db import Db
from perfex_api.core.errors import Invalid
from perfex_api.http import fields
from perfex_api.text import with_breaks
from perfex_api.totals import AFTER_TAX, BEFORE_TAX, CENT, NOTHING, Discount, Line, Tax

Values = dict[str, Any]

DISCOUNT = ("discount_type", "discount_percent", "discount_total")
SHIPPING = ("shipping_street", "shipping_city", "shipping_state", "shipping_zip", "shipping_country")
#: Texts in which the CRM's screens store line breaks as ``<br />``; notes for customers may be HTML instead.
PLAIN_TEXTS = ("billing_street", "shipping_street", "adminnote")
RICH_TEXTS = ("clientnote", "terms")
LINE_BREAK = re.compile(r"(?<!>)(\r\n|\n\r|\n|\r)")
#: What a document may name, what people call it, and where it must be.
NAMED = {
    "clientid": ("Customer", t.clients),
    "currency": ("Currency", t.currencies),
    "project_id": ("Project", t.projects),
    "sale_agent": ("Sale Agent", t.staff),
}


class DiscountType(fields.Text):
    """Whether a discount is taken off before or after tax; blank: there is none."""

    def read(self, value: Any) -> str:
        kind = super().read(value).strip().lower()
        if kind not in (BEFORE_TAX, AFTER_TAX):
            raise ValidationError(f"The {self.label} field must be {BEFORE_TAX} or {AFTER_TAX}.")
        return kind


def new_hash() -> str:
    """What makes a document's public address unguessable: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def amounts(
    db: Db, sent: Mapping[str, Any], lines: Sequence[Line], stored: Mapping[str, Any] | None = None
) -> Values:
    """The amounts that a document stores: those that were sent, and what follows from them and the lines.

    ``subtotal`` and ``total`` are stored as sent; missing ones are computed. Where what was sent contradicts
    the lines by more than a cent, a warning says so.

    Args:
        db: The transaction; takes the warnings.
        sent: The caller's values, by column name.
        lines: All lines of the document that count.
        stored: The document's row; None: it is new.

    Returns:
        By column name: subtotal, discount, adjustment, ``total_tax`` and total.

    Raises:
        Invalid: The amounts are larger than their columns.
    """
    before: Mapping[str, Any] = stored or {}
    adjustment: Decimal = sent.get("adjustment", before.get("adjustment")) or NOTHING
    discount = _discount(sent, before)
    found = totals.compute(lines, discount, adjustment, stored_subtotal=sent.get("subtotal"))
    computed = {"subtotal": found.subtotal, "total": found.total}
    if excess := [name for name, amount in computed.items() if abs(amount) >= totals.TOO_MUCH]:
        sentence = f"The lines make more than {totals.TOO_MUCH}."
        raise Invalid(dict.fromkeys(excess, sentence))
    _warn(db, sent, computed)
    taken_off = (
        found.discount_total if discount.percent and not sent.get("discount_total") else discount.fixed
    )
    return {
        "subtotal": sent.get("subtotal", found.subtotal),
        "discount_type": discount.kind if taken_off else "",
        "discount_percent": discount.percent,
        "discount_total": taken_off,
        "adjustment": adjustment,
        "total_tax": found.total_tax,
        "total": sent.get("total", found.total),
    }


def taxes(lines: Sequence[Line], document: Mapping[str, Any]) -> dict[Tax, Decimal]:
    """The taxes of a stored document, as a discount before tax leaves them.

    Args:
        lines: All lines of the document that count.
        document: Its row.
    """
    discount = _discount({}, document)
    return totals.compute(lines, discount, stored_subtotal=document["subtotal"]).taxes


def shipping(sent: Values, show: str, *, is_new: bool) -> Values:
    """Where the goods go. Without ``include_shipping`` a new document has no shipping address.

    Args:
        sent: The caller's values, by column name.
        show: The column that says whether to print the address: ``show_shipping_on_invoice``.
        is_new: Whether the document is; an old one keeps what is not sent.

    Returns:
        The columns that differ from what was sent.
    """
    included = sent.get("include_shipping", 0 if is_new else None)
    if included is None:
        return {}
    if not included:
        return dict.fromkeys(SHIPPING) | {"include_shipping": 0, show: 1}
    return {show: sent.get(show, 0)} if is_new else {}


def texts(sent: Values) -> Values:
    """The texts that were sent, with line breaks as the screens store them."""
    plain = {name: with_breaks(sent[name]) for name in PLAIN_TEXTS if sent.get(name)}
    return plain | {name: _rich(sent[name]) for name in RICH_TEXTS if sent.get(name)}


def refuse_unknown(db: Db, sent: Mapping[str, Any], stored: Mapping[str, Any] | None = None) -> None:
    """Make sure that the records exist that a document names; what it named before may be gone.

    Args:
        db: The transaction.
        sent: The caller's values, by column name.
        stored: The document's row; None: it is new.

    Raises:
        Invalid: With every name that leads nowhere.
    """
    before: Mapping[str, Any] = stored or {}
    changed = {name: sent[name] for name in NAMED if name in sent and sent[name] != before.get(name)}
    references.check(db, changed, **NAMED)


def _discount(sent: Mapping[str, Any], before: Mapping[str, Any]) -> Discount:
    percent = sent.get("discount_percent", before.get("discount_percent")) or NOTHING
    fixed = sent.get("discount_total", before.get("discount_total")) or NOTHING
    if not percent and before.get("discount_percent") and "discount_total" not in sent:
        fixed = NOTHING  # the amount that is stored is that of the percentage which has just been taken away
    kind = sent.get("discount_type", before.get("discount_type")) or ""
    return Discount(kind or (BEFORE_TAX if percent or fixed else ""), percent, fixed)


def _warn(db: Db, sent: Mapping[str, Any], computed: Mapping[str, Decimal]) -> None:
    for name, amount in computed.items():
        said = sent.get(name)
        if said is not None and abs(said - amount) > CENT:
            db.warnings.append(f"{name} is stored as sent, {said:.2f}; the lines make {amount:.2f}")


def _rich(text: str) -> str:
    """Line breaks in a text that may be HTML: after a tag there is none to be seen."""
    return LINE_BREAK.sub(r"<br />\1", text) if "</" in text else with_breaks(text)
