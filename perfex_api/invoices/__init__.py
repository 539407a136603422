"""Invoices: ``/api/invoices`` over ``tblinvoices``, with lines, payments, credits and their status.

``operations`` holds the URLs and rules, ``form`` what clients send, ``reading`` what they get, ``status`` how
an invoice becomes paid or overdue, ``paid`` what was paid on it, ``sending`` how it gets to the customer,
``printed`` and ``pdf`` what is on its paper.
"""

from perfex_api.invoices.operations import add_invoice as add_invoice
from perfex_api.invoices.operations import api as api
from perfex_api.invoices.operations import change_invoice as change_invoice
from perfex_api.invoices.operations import delete_invoice as delete_invoice
from perfex_api.invoices.operations import list_invoices as list_invoices
from perfex_api.invoices.operations import read_invoice as read_invoice
from perfex_api.invoices.operations import search_invoices as search_invoices
from perfex_api.invoices.sending import send_invoice as send_invoice
