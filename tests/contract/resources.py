"""The resources of the API, as the life story needs to know them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from make import (
    make_contact,
    make_contract,
    make_contract_type,
    make_customer,
    make_customer_group,
    make_department,
    make_item,
    make_item_group,
    make_lead,
    make_lead_source,
    make_lead_status,
    make_project,
    make_service,
    make_staff,
    make_task,
    make_tax,
    make_ticket,
)

from perfex_api import tables as t

Body = dict[str, Any]


@dataclass(frozen=True)
class Resource:
    """One resource.

    Attributes:
        name: What URLs and permissions call it.
        body: Makes the records that a new one refers to, and a body with everything that a create may send.
        changed: What an update sends, and how a row shows it.
        word: A word that finds the record.
        fieldto: What the definitions of its custom fields belong to; empty: it has none.
        values: What their values belong to, and the key under which clients send them.
        make: Adds a plain record that the word "same" finds.
        hidden: What a body holds that no row shows.
        shown: Keys of the body under which rows show another one, or another value.
        lists: How many statements its rows take for what else they carry.
        one: The path of a single record; ``{id}``, or a key of the body.
        key: The key of a row under which its id stands.
        alone: Keys that single rows have and lists have not.
        leaves: Tables in which a record that is deleted leaves rows, beside the log.
        page: The size of its pages, when its lists always come in pages.
    """

    name: str
    body: Callable[[Any], Body]
    changed: Mapping[str, Any]
    word: str
    make: Callable[[Any], int]
    fieldto: str = ""
    values: str = ""
    hidden: Collection[str] = ()
    shown: Mapping[str, tuple[str, Any] | str] = field(default_factory=dict)
    lists: int = 0
    one: str = "{name}/{id}"
    key: str = "id"
    alone: Collection[str] = ()
    leaves: Collection[sa.Table] = ()
    page: int = 0

    def path(self, record_id: int, body: Body) -> str:
        """Where one record is read."""
        return self.one.format(**body | {"name": self.name, "id": record_id})


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


def _task(db: Any) -> Body:
    return {
        "name": "Zebra & crossing",
        "startdate": "2026-07-01",
        "duedate": "2026-08-01",
        "description": "white\nblack",
        "priority": 3,
        "rel_type": "customer",
        "rel_id": make_customer(db),
        "is_public": True,
        "billable": False,
        "hourly_rate": "12.50",
        "repeat_every": "2-week",
        "cycles": 4,
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


def _ticket(db: Any) -> Body:
    customer = make_customer(db)
    return {
        "subject": "Zebra & Sons",
        "department": make_department(db),
        "contactid": make_contact(db, userid=customer),
        "userid": customer,
        "project_id": make_project(db),
        "message": "white & black",
        "service": make_service(db),
        "assigned": make_staff(db),
        "cc": "zoe+1@example.com",
        "priority": 2,
        "tags": ["hot", "new"],
    }


def _contract(db: Any) -> Body:
    return {
        "subject": "Zebra & Sons",
        "client": make_customer(db),
        "datestart": "2026-01-31",
        "dateend": "2027-01-31",
        "contract_type": make_contract_type(db),
        "contract_value": "1234.50",
        "description": "white\nblack",
        "content": "<p>All & more</p>",
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
        "tasks",
        _task,
        changed={"status": "3"},
        word="zebra & cross",
        make=lambda db: make_task(db, name="Same"),
        fieldto="tasks",
        values="tasks",
        hidden={"repeat_every"},
        lists=11,
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
    Resource(
        "tickets",
        _ticket,
        changed={"cc": "bo@example.com"},
        word="Zebra",
        make=lambda db: make_ticket(db, subject="Same"),
        fieldto="tickets",
        values="tickets",
        hidden={"tags"},
        alone={"attachments"},
        leaves={t.tags, t.notifications},
        page=20,
    ),
    Resource(
        "contracts",
        _contract,
        changed={"contract_value": "9.90"},
        word="Zebra",
        make=lambda db: make_contract(db, subject="Same", client=make_customer(db)),
        fieldto="contracts",
        values="contracts",
        lists=2,
    ),
)
