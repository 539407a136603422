"""Invoices as clients send them."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from perfex_api import tables as t
from perfex_api.core.php import unserialize
from perfex_api.http import fields
from perfex_api.sales_form import MOST, NumberedIn

INVOICE = t.invoices.c
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


class InvoiceIn(NumberedIn):
    number = fields.Whole("Invoice number", least=1, most=MOST, blank=None)
    date = fields.column(INVOICE.date, "Invoice date", required=True)
    duedate = fields.column(INVOICE.duedate, "Due date")
    allowed_payment_modes = PaymentModes("Allow Payment Mode")
    status = fields.column(INVOICE.status)
    billing_street = fields.column(INVOICE.billing_street, "Billing Street")
    show_shipping_on_invoice = fields.Flag("Show shipping on invoice")
    cancel_overdue_reminders = fields.Flag("Cancel Overdue Reminders")
    recurring = Recurring("Recurring")
    repeat_every_custom = fields.Whole("Repeat Every Custom", least=1, most=999, blank=None)
    repeat_type_custom = Unit("Repeat Type Custom")
    custom_recurring = fields.Flag("Custom Recurring")
    recurring_type = Unit("Recurring Type")
    cycles = fields.column(INVOICE.cycles)
    tags = fields.Texts("Tags")
    sale_agent = fields.column(INVOICE.sale_agent)

    unsaid = (*NumberedIn.unsaid, "repeat_every_custom")

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _must_say_how_to_pay(
        self, data: Values, original: Mapping[str, Any], *, partial: Any = None, **_: Any
    ) -> None:
        """What ``POST /api/invoices`` asks for beside lines; a change may leave it out, or empty a street."""
        asked = {
            "allowed_payment_modes": ("allowed_payment_modes[]", "Allow Payment Mode"),
            "billing_street": ("billing_street", "Billing Street"),
        }
        errors = {
            key: [f"The {label} field is required."]
            for name, (key, label) in asked.items()
            # What was refused for its form has its own sentence.
            if not data.get(name) and (name in data or name not in original)
        }
        if errors and not partial:
            raise ValidationError(errors)
