"""Expenses: ``/api/expenses`` over ``tblexpenses``; what the business spends, and may bill to a customer."""

from perfex_api.expenses.operations import add_expense as add_expense
from perfex_api.expenses.operations import api as api
from perfex_api.expenses.operations import change_expense as change_expense
from perfex_api.expenses.operations import delete_expense as delete_expense
from perfex_api.expenses.operations import list_expenses as list_expenses
from perfex_api.expenses.operations import read_expense as read_expense
from perfex_api.expenses.operations import search_expenses as search_expenses
