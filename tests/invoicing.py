"""Invoices for tests: a body that is complete, and what to ask about an invoice."""

from typing import Any

from contract import stored

from perfex_api import tables as t
from perfex_api.core.php import unserialize

LINES = [
    {
        "description": "Camera",
        "long_description": "12 MP",
        "qty": 2,
        "rate": "100",
        "unit": "pc",
        "taxname": ["CGST|9.00", "SGST|9.00"],
    },
    {"description": "Bag", "qty": 1, "rate": "50.00"},
]
#: ``POST /api/invoices``; customer 1 must be there.
BODY: dict[str, Any] = {
    "clientid": 1,
    "number": 7,
    "date": "2026-03-05",
    "currency": 1,
    "newitems": LINES,
    "allowed_payment_modes": ["1", "stripe"],
    "billing_street": "High Street 1",
}


def add(api, **changes):
    """Add an invoice, with the next number unless told; its id."""
    response = api.post("invoices", json=BODY | {"number": ""} | changes)
    assert response.status_code == 200, response.json
    return response.json["record_id"]


def invoice(transaction, invoice_id=1):
    """The invoice as it is stored."""
    return stored.row(transaction, t.invoices, invoice_id)


def lines(transaction, invoice_id=1):
    """Its lines as they are stored."""
    return stored.found(transaction, t.itemable, t.itemable.c.rel_id == invoice_id)


def activity(transaction, invoice_id=1):
    """What its page tells: language keys, each with the words of its sentence."""
    mine = t.sales_activity.c.rel_type == "invoice", t.sales_activity.c.rel_id == invoice_id
    return [
        (event["description"], unserialize(event["additional_data"]) if event["additional_data"] else [])
        for event in stored.found(transaction, t.sales_activity, *mine)
    ]


def counter(transaction):
    """The next number."""
    (value,) = stored.values(transaction, t.options.c.value, t.options.c.name == "next_invoice_number")
    return value
