"""Customers, contacts, leads and staff."""

from typing import Any

from contract.resources.resource import Body, Resource
from make import (
    make_contact,
    make_customer,
    make_customer_group,
    make_department,
    make_lead,
    make_lead_source,
    make_lead_status,
    make_staff,
)

from perfex_api import tables as t


def _customer(db: Any) -> Body:
    texts = ("vat", "phonenumber", "website", "city", "state", "zip", "default_language", "address")
    streets = [
        f"{kind}_{part}" for kind in ("billing", "shipping") for part in ("street", "city", "state", "zip")
    ]
    numbers = {"default_currency": 2, "country": 14, "billing_country": 15, "shipping_country": 16}
    groups = [make_customer_group(db), make_customer_group(db)]
    named = {name: f"a {name}"[:15] for name in (*texts, *streets)}
    return {"company": "Zebra & Sons", "groups_in": groups, **named, **numbers}


def _contact(db: Any) -> Body:
    mails = ("invoice", "estimate", "credit_note", "contract", "project", "ticket")
    return {
        "customer_id": make_customer(db),
        "firstname": "Zoë",
        "lastname": "Söhne",
        "email": "zoe+1@example.com",
        "title": "Head of <b>sales</b>",
        "phonenumber": "+49 555 / 0123",
        "direction": "rtl",
        "password": "secret & more",
        "is_primary": True,
        "donotsendwelcomeemail": True,
        "permissions": [1, 3, 6],
        "task_emails": False,
        **{f"{kind}_emails": True for kind in mails},
    }


def _lead(db: Any) -> Body:
    texts = ("title", "website", "phonenumber", "company", "city", "zip", "state", "default_language")
    return {
        "name": "Zebra & Sons",
        "source": make_lead_source(db),
        "status": make_lead_status(db),
        "assigned": make_staff(db),
        "tags": ["hot", "new"],
        "email": "zoe+1@example.com",
        "address": "Main St 1",
        "country": 14,
        "description": "white & black",
        "is_public": True,
        **{name: f"a {name}" for name in texts},
    }


def _staff(db: Any) -> Body:
    make_staff(db, admin=1)  # who takes over
    texts = ("phonenumber", "facebook", "linkedin", "skype", "default_language", "email_signature")
    return {
        "firstname": "Zoë",
        "lastname": "Söhne",
        "email": "zoe+1@example.com",
        "password": "secret & more",
        "hourly_rate": "12.50",
        "direction": "rtl",
        "send_welcome_email": True,
        "departments": [make_department(db), make_department(db)],
        "permissions": {"customers": ["view", "edit"]},
        **{name: f"a {name}" for name in texts},
    }


RESOURCES = (
    Resource(
        "customers",
        _customer,
        changed={"city": "Bonn"},
        word="Zebra",
        make=lambda db: make_customer(db, company="Same"),
        fieldto="customers",
        values="customers",
        hidden={"groups_in"},
    ),
    Resource(
        "contacts",
        _contact,
        changed={"lastname": "Renamed"},
        word="zoe+1@",
        make=lambda db: make_contact(db, firstname="Same"),
        fieldto="contacts",
        values="contacts",
        hidden={"permissions", "password", "donotsendwelcomeemail"},
        shown={"customer_id": "userid"},
        one="contacts/{customer_id}/{id}",
    ),
    Resource(
        "leads",
        _lead,
        changed={"city": "Bonn"},
        word="Zebra",
        make=lambda db: make_lead(db, name="Same"),
        fieldto="leads",
        values="leads",
        hidden={"tags"},
        alone={"attachments", "public_url"},
        leaves={t.tags, t.notifications},
    ),
    Resource(
        "staffs",
        _staff,
        changed={"skype": "another"},
        word="zoe+1@",
        make=lambda db: make_staff(db, firstname="Same"),
        fieldto="staff",
        values="staff",
        hidden={"password", "departments", "permissions", "send_welcome_email"},
        key="staffid",
        alone={"permissions"},
    ),
)
