"""Bodies of sales documents: what invoices, estimates, credit notes and proposals all take.

A blank stands for "nothing said" where nothing cannot be stored: in numbers, amounts and statuses.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, post_load, validates_schema

from perfex_api import tables as t
from perfex_api.http import fields
from perfex_api.line_items import WithLines
from perfex_api.sales_documents import DiscountType

#: Addresses and notes have the same columns in all tables of sales documents.
COLUMN = t.invoices.c
MOST = 2**31 - 1

Values = dict[str, Any]


class SalesDocumentIn(WithLines):
    currency = fields.Whole("Currency", least=1, most=MOST, required=True)
    project_id = fields.column(COLUMN.project_id, "Project")
    subtotal = fields.Money("Sub Total", blank=None)
    total = fields.Money("Total", blank=None)
    discount_type = DiscountType("Discount Type")
    discount_percent = fields.Money("Discount Percent", blank=0)
    discount_total = fields.Money("Discount Total", blank=0)
    adjustment = fields.Money("Adjustment", blank=0)
    show_quantity_as = fields.Whole("Show Quantity As", least=1, most=3, blank=None)

    #: Fields whose blank says nothing.
    unsaid: ClassVar[tuple[str, ...]] = ("number", "status", "subtotal", "total", "show_quantity_as")
    #: What is missed where a new document has no lines; from lines, amounts follow.
    missed_without_lines: ClassVar[Mapping[str, str]] = {}

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _must_have_lines(
        self, data: Values, original: Mapping[str, Any], *, partial: Any = None, **_: Any
    ) -> None:
        if partial or any(_was_sent(name, data, original) for name in ("newitems", "items")):
            return
        missed = {
            name: label
            for name, label in self.missed_without_lines.items()
            if not _was_sent(name, data, original)
        }
        errors = {name: [f"The {label} field is required."] for name, label in missed.items()}
        raise ValidationError({"newitems[]": ["The Items field is required."]} | errors)

    @post_load
    def _drop_blanks(self, data: Values, **_: Any) -> Values:
        return {name: value for name, value in data.items() if value is not None or name not in self.unsaid}


class NumberedIn(SalesDocumentIn):
    """A body of an invoice, an estimate or a credit note: these have numbers, addresses and notes."""

    clientid = fields.Whole("Customer", least=1, most=MOST, required=True)
    billing_street = fields.column(COLUMN.billing_street, "Street")
    billing_city = fields.column(COLUMN.billing_city)
    billing_state = fields.column(COLUMN.billing_state)
    billing_zip = fields.column(COLUMN.billing_zip)
    billing_country = fields.column(COLUMN.billing_country)
    include_shipping = fields.Flag("Include Shipping")
    shipping_street = fields.column(COLUMN.shipping_street)
    shipping_city = fields.column(COLUMN.shipping_city)
    shipping_state = fields.column(COLUMN.shipping_state)
    shipping_zip = fields.column(COLUMN.shipping_zip)
    shipping_country = fields.column(COLUMN.shipping_country)
    adminnote = fields.column(COLUMN.adminnote)
    clientnote = fields.column(COLUMN.clientnote)
    terms = fields.column(COLUMN.terms)

    missed_without_lines: ClassVar[Mapping[str, str]] = {"subtotal": "Sub Total", "total": "Total"}


def _was_sent(name: str, data: Values, original: Mapping[str, Any]) -> bool:
    """Whether there is anything; what was refused for its form has its own sentence."""
    return data[name] not in (None, "", []) if name in data else name in original
