"""Invoices as clients send them."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from perfex_api import tables as t
from perfex_api.core.php import unserialize
from perfex_api.http import fields
from perfex_api.line_items import WithLines
from perfex_api.sales_documents import DiscountType

INVOICE = t.invoices.c
MOST = 2**31 - 1
CUSTOM = "custom"
UNITS = ("day", "week", "month", "year")

Values = dict[str, Any]


class Recurring(fields.Text):
    """How often an invoice comes again: ``0``, every 1 to 12 months, or ``custom``."""

    def read(self, value: Any) -> str:
        word = super().read(value).strip().lower()
        if word != CUSTOM and not re.fullmatch(r"\d|1[0-2]", word, re.ASCII):
            raise self.error("must be a number from 0 to 12, or custom")
        return word


class Unit(fields.Text):
    """What a custom recurrence counts."""

    def read(self, value: Any) -> str:
        word = super().read(value).strip().lower()
        if word not in UNITS:
            raise self.error("must be day, week, month or year")
        return word


class PaymentModes(fields.Texts):
    """Modes in any of the forms of a list, or serialized as ``GET /api/invoices/:id`` shows them."""

    def read(self, value: Any) -> list[str]:
        if isinstance(value, str) and value.startswith("a:"):
            try:
                value = unserialize(value)
            except ValueError:
                raise self.error("must be a list of payment modes") from None
        return super().read(value)


class InvoiceIn(WithLines):
    clientid = fields.Whole("Customer", least=1, most=MOST, required=True)
    number = fields.Whole("Invoice number", least=1, most=MOST, blank=None)
    date = fields.column(INVOICE.date, "Invoice date", required=True)
    duedate = fields.column(INVOICE.duedate, "Due date")
    currency = fields.Whole("Currency", least=1, most=MOST, required=True)
    subtotal = fields.Money("Sub Total", blank=None)
    total = fields.Money("Total", blank=None)
    discount_type = DiscountType("Discount Type")
    discount_percent = fields.Money("Discount Percent", blank=0)
    discount_total = fields.Money("Discount Total", blank=0)
    adjustment = fields.Money("Adjustment", blank=0)
    allowed_payment_modes = PaymentModes("Allow Payment Mode")
    status = fields.column(INVOICE.status)
    billing_street = fields.column(INVOICE.billing_street, "Billing Street")
    billing_city = fields.column(INVOICE.billing_city)
    billing_state = fields.column(INVOICE.billing_state)
    billing_zip = fields.column(INVOICE.billing_zip)
    billing_country = fields.column(INVOICE.billing_country)
    include_shipping = fields.Flag("Include Shipping")
    show_shipping_on_invoice = fields.Flag("Show shipping on invoice")
    shipping_street = fields.column(INVOICE.shipping_street)
    shipping_city = fields.column(INVOICE.shipping_city)
    shipping_state = fields.column(INVOICE.shipping_state)
    shipping_zip = fields.column(INVOICE.shipping_zip)
    shipping_country = fields.column(INVOICE.shipping_country)
    show_quantity_as = fields.Whole("Show Quantity As", least=1, most=3, blank=None)
    cancel_overdue_reminders = fields.Flag("Cancel Overdue Reminders")
    recurring = Recurring("Recurring")
    repeat_every_custom = fields.Whole("Repeat Every Custom", least=1, most=999, blank=None)
    repeat_type_custom = Unit("Repeat Type Custom")
    custom_recurring = fields.Flag("Custom Recurring")
    recurring_type = Unit("Recurring Type")
    cycles = fields.column(INVOICE.cycles)
    tags = fields.Texts("Tags")
    sale_agent = fields.column(INVOICE.sale_agent)
    project_id = fields.column(INVOICE.project_id, "Project")
    adminnote = fields.column(INVOICE.adminnote)
    clientnote = fields.column(INVOICE.clientnote)
    terms = fields.column(INVOICE.terms)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _must_be_complete(
        self, data: Values, original: Mapping[str, Any], *, partial: Any = None, **_: Any
    ) -> None:
        """What ``POST /api/invoices`` asks for; amounts follow from lines, so they are missed only without.

        An update keeps what it does not say, and may empty a street.
        """
        if partial:
            return
        missing: dict[str, str] = {}
        if not any(_was_sent(name, data, original) for name in ("newitems", "items")):
            amounts = {"subtotal": "Sub Total", "total": "Total"}
            missing = {"newitems[]": "Items"} | {
                name: label for name, label in amounts.items() if not _was_sent(name, data, original)
            }
        if not _was_sent("allowed_payment_modes", data, original):
            missing["allowed_payment_modes[]"] = "Allow Payment Mode"
        if not _was_sent("billing_street", data, original):
            missing["billing_street"] = "Billing Street"
        if missing:
            raise ValidationError(
                {name: [f"The {label} field is required."] for name, label in missing.items()}
            )

    @post_load
    def _drop_blanks(self, data: Values, **_: Any) -> Values:
        """A blank number or amount is one that was not sent."""
        blanks = ("number", "subtotal", "total", "show_quantity_as", "repeat_every_custom")
        return {name: value for name, value in data.items() if value is not None or name not in blanks}


def _was_sent(name: str, data: Values, original: Mapping[str, Any]) -> bool:
    """Whether there is anything; what was refused for its form has its own sentence."""
    return data[name] not in (None, "", []) if name in data else name in original
