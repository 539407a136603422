"""What is sold and paid: items, sales documents, payments, expenses, subscriptions."""

from typing import Any

from contract.resources.resource import Body, Resource
from make import (
    make_customer,
    make_expense_category,
    make_invoice,
    make_item,
    make_item_group,
    make_payment_mode,
    make_project,
    make_staff,
    make_tax,
)

from perfex_api import tables as t

#: 200 with 18 % and 50 without.
LINES = [
    {
        "description": "Crossing",
        "long_description": "3 m & more",
        "qty": 2,
        "rate": "100.00",
        "unit": "m²",
        "order": 1,
        "taxname": ["CGST|9.00", "SGST|9.00"],
    },
    {"description": "Paint", "qty": 1, "rate": "50.00", "order": 2},
]
#: What shows lines, files and people beside the columns: single sales documents.
BESIDE = {"items", "attachments", "visible_attachments_to_customer_found", "client", "scheduled_email"}


def _item(db: Any) -> Body:
    return {
        "description": "Zebra crossing, 3 m",
        "long_description": "white\nblack",
        "rate": "1234.50",
        "tax": make_tax(db, name="VAT", taxrate="19.00"),
        "tax2": make_tax(db, name="City", taxrate="2.50"),
        "group_id": make_item_group(db, name="Streets"),
        "unit": "m²",
    }


def _document(db: Any) -> Body:
    """What invoices, estimates and credit notes take alike."""
    texts = [
        f"{kind}_{part}" for kind in ("billing", "shipping") for part in ("street", "city", "state", "zip")
    ]
    return {
        "clientid": make_customer(db, company="Zebra & Sons"),
        "number": 7,
        "date": "2026-07-01",
        "currency": 1,
        "newitems": LINES,
        "discount_type": "before_tax",
        "discount_percent": "10.00",
        "adjustment": "-7.40",
        "subtotal": "250.00",
        "total": "250.00",
        "include_shipping": True,
        "billing_country": 15,
        "shipping_country": 16,
        "show_quantity_as": 2,
        "adminnote": "for us",
        "clientnote": "for you & yours",
        "terms": "30 days",
        **{name: f"a {name}" for name in texts},
    }


def _invoice(db: Any) -> Body:
    return _document(db) | {
        "allowed_payment_modes": [make_payment_mode(db)],
        "duedate": "2099-07-31",
        "cancel_overdue_reminders": True,
        "recurring": 3,
        "cycles": 4,
        "project_id": make_project(db),
        "sale_agent": make_staff(db),
        "tags": ["hot", "new"],
    }


def _estimate(db: Any) -> Body:
    return _document(db) | {
        "expirydate": "2099-07-31",
        "status": 2,
        "reference_no": "R-1",
        "project_id": make_project(db),
        "sale_agent": make_staff(db),
        "tags": ["hot", "new"],
    }


def _credit_note(db: Any) -> Body:
    return _document(db) | {"reference_no": "R-1", "project_id": make_project(db)}


def _proposal(db: Any) -> Body:
    texts = ("phone", "address", "city", "state", "zip")
    return {
        "subject": "Zebra & Sons",
        "rel_type": "customer",
        "rel_id": make_customer(db),
        "proposal_to": "Zoë Söhne",
        "date": "2026-07-01",
        "open_till": "2026-08-01",
        "currency": 1,
        "newitems": LINES,
        "discount_type": "after_tax",
        "discount_percent": "10.00",
        "subtotal": "250.00",
        "total": "257.40",
        "status": 4,
        "assigned": make_staff(db),
        "email": "zoe+1@example.com",
        "country": 14,
        "allow_comments": True,
        "tags": ["hot", "new"],
        **{name: f"a {name}" for name in texts},
    }


def _payment(db: Any) -> Body:
    return {
        "invoiceid": make_invoice(db, clientid=make_customer(db), total="286.00", number_format=1),
        "amount": "86.00",
        "paymentmode": make_payment_mode(db, name="Zebra bank"),
        "paymentmethod": "wire",
        "date": "2026-07-01",
        "note": "white & black",
        "transactionid": "T-1",
    }


def _expense(db: Any) -> Body:
    customer = make_customer(db)
    return {
        "category": make_expense_category(db),
        "amount": "1234.50",
        "date": "2026-07-01",
        "currency": 1,
        "expense_name": "Zebra & Sons",
        "note": "white & black",
        "clientid": customer,
        "project_id": make_project(db, clientid=customer),
        "tax": make_tax(db),
        "tax2": make_tax(db),
        "paymentmode": make_payment_mode(db),
        "reference_no": "R-1",
        "billable": True,
        "create_invoice_billable": False,
        "send_invoice_to_customer": True,
        "repeat_every": "2-week",
        "cycles": 4,
    }


def _subscription(db: Any) -> Body:
    return {
        "name": "Zebra & Sons",
        "description": "white & black",
        "description_in_item": True,
        "clientid": make_customer(db),
        "date": "2026-07-01",
        "terms": "30 days",
        "currency": 1,
        "tax_id": make_tax(db),
        "tax_id_2": make_tax(db),
        "stripe_plan_id": "plan_1",
        "next_billing_cycle": 1785000000,
        "quantity": 3,
        "project_id": make_project(db),
    }


RESOURCES = (
    Resource(
        "items",
        _item,
        changed={"rate": "9.90"},
        word="zebra cross",
        make=lambda db: make_item(db, description="Same"),
        fieldto="items",
        values="items_pr",
        shown={"tax": "taxid", "tax2": "taxid_2"},
    ),
    Resource(
        "invoices",
        _invoice,
        changed={"adminnote": "another"},
        word="Zebra",
        fieldto="invoice",
        values="invoice",
        hidden={"newitems", "allowed_payment_modes", "tags"},
        alone=BESIDE | {"total_left_to_pay", "payments", "project_data"},
        leaves={t.tags},
    ),
    Resource(
        "estimates",
        _estimate,
        changed={"reference_no": "R-2"},
        word="Zebra",
        fieldto="estimate",
        values="estimate",
        hidden={"newitems", "tags"},
        alone=BESIDE | {"project_data"},
        leaves={t.tags},
    ),
    Resource(
        "credit_notes",
        _credit_note,
        changed={"reference_no": "R-2"},
        word="Zebra",
        fieldto="credit_note",
        values="credit_note",
        hidden={"newitems"},
        alone=BESIDE | {"refunds", "total_refunds", "applied_credits", "remaining_credits", "credits_used"},
    ),
    Resource(
        "proposals",
        _proposal,
        changed={"phone": "another"},
        word="Zebra",
        fieldto="proposal",
        values="proposal",
        hidden={"newitems", "tags"},
        leaves={t.tags, t.notifications},
    ),
    Resource(
        "payments",
        _payment,
        changed={"note": "another"},
        word="Zebra",
        key="paymentid",
        leaves={t.sales_activity},
    ),
    Resource(
        "expenses",
        _expense,
        changed={"reference_no": "R-2"},
        word="Zebra",
        fieldto="expenses",
        values="expenses",
        hidden={"repeat_every"},
        alone={"attachment", "filetype", "attachment_added_from", "currency_data", "project_data"},
        leaves={t.project_activity},
    ),
    Resource(
        "subscriptions",
        _subscription,
        changed={"quantity": "5"},
        word="Zebra",
    ),
)
