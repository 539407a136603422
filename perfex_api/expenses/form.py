"""Expenses as clients send them."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from perfex_api import tables as t
from perfex_api.http import CrmBody, fields

EXPENSE = t.expenses.c
CUSTOM = "custom"
UNITS = ("day", "week", "month", "year")
#: How ``repeat_every`` is sent: as the CRM's own form does, or as the column holds it.
RHYTHM = re.compile(rf"(\d{{1,3}})(?:-({'|'.join(UNITS)})s?)?", re.ASCII)
LABELS = {
    "currency": "Currency",
    "clientid": "Customer",
    "tax": "Tax",
    "tax2": "Tax 2",
    "paymentmode": "Payment Mode",
    "project_id": "Project",
}
CENT = Decimal("0.01")
MOST_OFTEN = 999


class Price(fields.Money):
    """An amount of at least a cent."""

    def read(self, value: Any) -> Decimal:
        amount = super().read(value)
        if amount.quantize(CENT, ROUND_HALF_UP) <= 0:
            raise self.error("must contain a number greater than 0")
        return amount


class Recurring(fields.Text):
    """Whether an expense comes again: ``0``, every 1 to 12 months, or ``custom``."""

    def read(self, value: Any) -> str:
        word = super().read(value).strip().lower()
        if word != CUSTOM and not re.fullmatch(r"\d|1[0-2]", word, re.ASCII):
            raise self.error("must be a number from 0 to 12, or custom")
        return word


class RepeatEvery(fields.Text):
    """How often it comes again: ``2-week``, ``custom``, or the number that the column holds."""

    def read(self, value: Any) -> str:
        word = super().read(value).strip().lower()
        if word != CUSTOM and not RHYTHM.fullmatch(word):
            raise self.error("must be like 1-month or 2-week, or custom")
        return word


class Unit(fields.Text):
    """What a recurrence counts."""

    def read(self, value: Any) -> str:
        word = super().read(value).strip().lower()
        if word not in UNITS:
            raise self.error("must be day, week, month or year")
        return word


class ExpenseIn(CrmBody):
    category = fields.column(EXPENSE.category, "Expense Category", required=True)
    amount = Price("Amount", required=True)
    date = fields.column(EXPENSE.date, "Expense date", required=True)
    currency = fields.Whole(LABELS["currency"], least=1, most=2**31 - 1, required=True)
    expense_name = fields.column(EXPENSE.expense_name)
    note = fields.column(EXPENSE.note)
    clientid = fields.column(EXPENSE.clientid, LABELS["clientid"])
    project_id = fields.column(EXPENSE.project_id, LABELS["project_id"])
    tax = fields.Whole(LABELS["tax"], least=0, most=2**31 - 1, blank=0)
    tax2 = fields.column(EXPENSE.tax2, LABELS["tax2"])
    paymentmode = fields.column(EXPENSE.paymentmode, LABELS["paymentmode"])
    reference_no = fields.column(EXPENSE.reference_no)
    billable = fields.Flag()
    create_invoice_billable = fields.Flag()
    send_invoice_to_customer = fields.Flag()
    recurring = Recurring()
    repeat_every = RepeatEvery()
    recurring_type = Unit()
    custom_recurring = fields.Flag()
    repeat_every_custom = fields.Whole(least=1, most=MOST_OFTEN, blank=None)
    repeat_type_custom = Unit()
    cycles = fields.Whole(least=0, most=2**31 - 1, blank=0)

    class Aliases(CrmBody.Aliases):
        currency_id = "currency"
        currencyid = "currency"


class ExpenseUpdateIn(ExpenseIn):
    """An expense that may say which one it is: ``PUT /api/expenses``."""

    id = fields.Text()
    expenseid = fields.Text()
