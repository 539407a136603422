"""Subscriptions: ``/api/subscriptions`` over ``tblsubscriptions``; what a payment provider bills on and on.

The provider is told nothing: the rows are what its own messages and the CRM's screens go by.
"""

import secrets
from typing import Any

import sqlalchemy as sa

from perfex_api import cascades, options, references, search
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import ApiError, Invalid, NotFound
from perfex_api.http import CrmBlueprint, CrmBody, fields

Values = dict[str, Any]

PLAN = t.subscriptions.c
#: The guide's order, which is not the table's; ``stripe_tax_id``, which it leaves out, in its place there.
SHAPE = [
    PLAN.id,
    PLAN.name,
    PLAN.description,
    PLAN.description_in_item,
    PLAN.clientid,
    PLAN.date,
    PLAN.terms,
    PLAN.currency,
    PLAN.tax_id,
    PLAN.stripe_tax_id,
    PLAN.stripe_tax_id_2,
    PLAN.stripe_plan_id,
    PLAN.tax_id_2,
    PLAN.stripe_subscription_id,
    PLAN.next_billing_cycle,
    PLAN.ends_at,
    PLAN.status,
    PLAN.quantity,
    PLAN.project_id,
    PLAN.hash,
    PLAN.created,
    PLAN.created_from,
    PLAN.date_subscribed,
    PLAN.in_test_environment,
    PLAN.last_sent_at,
]
#: The provider's words for a subscription that is over; without any it has not begun.
OVER = ("canceled", "incomplete_expired")
#: What every subscription has: nobody can take it away by sending a blank.
ALWAYS = ("hash", "created", "created_from")

api = CrmBlueprint("subscriptions", shows=SHAPE)


class SubscriptionIn(CrmBody):
    name = fields.column(PLAN.name, "Subscription Name", required=True)
    quantity = fields.column(PLAN.quantity, "Quantity", required=True)
    next_billing_cycle = fields.column(
        PLAN.next_billing_cycle, " Billing Plan", required=True
    )  # unix seconds
    currency = fields.Whole("Currency", least=1, most=2**31 - 1, required=True)
    clientid = fields.Whole("clientid", least=1, most=2**31 - 1, required=True)
    description = fields.column(PLAN.description)
    description_in_item = fields.Flag()
    date = fields.column(PLAN.date)
    terms = fields.column(PLAN.terms)
    tax_id = fields.column(PLAN.tax_id)
    stripe_tax_id = fields.column(PLAN.stripe_tax_id)
    tax_id_2 = fields.column(PLAN.tax_id_2)
    stripe_tax_id_2 = fields.column(PLAN.stripe_tax_id_2)
    stripe_plan_id = fields.column(PLAN.stripe_plan_id)
    stripe_subscription_id = fields.column(PLAN.stripe_subscription_id)
    ends_at = fields.column(PLAN.ends_at)  # unix seconds
    status = fields.Text(length=50, blank=None)
    project_id = fields.column(PLAN.project_id)
    hash = fields.column(PLAN.hash)
    created = fields.column(PLAN.created)
    created_from = fields.Whole(least=0, most=2**31 - 1, blank=None)
    date_subscribed = fields.column(PLAN.date_subscribed)
    in_test_environment = fields.Flag()
    last_sent_at = fields.column(PLAN.last_sent_at)


@api.rows("/subscriptions")
def list_subscriptions(db: Db) -> sa.Select[Any]:
    """List subscriptions."""
    return sa.select(*SHAPE).order_by(PLAN.id)


@api.search("/subscriptions/search")
def search_subscriptions(db: Db, word: str) -> sa.Select[Any]:
    """Search subscriptions by name, description, status, the provider's ids and the customer's company."""
    of_customers = sa.select(t.clients.c.userid).where(search.contains(t.clients.c.company, word))
    texts = (PLAN.name, PLAN.description, PLAN.status, PLAN.stripe_plan_id, PLAN.stripe_subscription_id)
    return list_subscriptions(db).where(
        sa.or_(search.anywhere(word, *texts), PLAN.clientid.in_(of_customers))
    )


@api.rows("/subscriptions/<id:subscription_id>", operation="subscriptions.get")
def read_subscription(db: Db, subscription_id: int | None) -> sa.Select[Any]:
    """Read one subscription, as a list of one."""
    return list_subscriptions(db).where(PLAN.id == (subscription_id or 0))


@api.create("/subscriptions", schema=SubscriptionIn, ok="Data Added Successfully")
def add_subscription(db: Db, body: Values) -> int:
    """Add a subscription."""
    values = _checked(db, body, {})
    if _is_taken(db, values.get("hash")):
        # POST /api/subscriptions: the guide's only refusal with a text under ``error``, and status 400.
        raise ApiError("The Hash is already in use.", error="Data not Added")
    now = options.now(db)
    # As in the original, a subscription that nobody in particular made is the first staff member's.
    made = {"hash": secrets.token_hex(16), "created": now, "created_from": db.staff_id or 1}
    return rows.insert(db, t.subscriptions, made | values)


@api.update(
    "/subscriptions/<id:subscription_id>",
    "/subscriptions",
    schema=SubscriptionIn,
    ok="Data Update Successful.",
    empty_status=404,  # PUT /api/subscriptions/:id, by the guide
)
def change_subscription(db: Db, body: Values, subscription_id: int | None) -> int:
    """Change a subscription."""
    if subscription_id is None:
        raise NotFound("Invalid data or missing Send ID. please provide updated data ID.")
    stored = rows.get(db, t.subscriptions, subscription_id, "Data Update Fail.")
    values = _checked(db, body, stored)
    if _is_taken(db, values.get("hash"), PLAN.id != subscription_id):
        raise Invalid({"hash": "The Hash is already in use."})
    rows.update(db, t.subscriptions, subscription_id, values)
    return subscription_id


@api.remove(
    "/subscriptions/<id:subscription_id>",
    "/delete/subscriptions/<id:subscription_id>",
    "/subscriptions",
    "/delete/subscriptions",
    ok="Delete Successful.",
)
def delete_subscription(db: Db, subscription_id: int | None) -> None:
    """Delete a subscription that the payment provider does not bill any more; its invoices stay."""
    if subscription_id is None:
        raise NotFound("Invalid ID")
    stored = rows.get(db, t.subscriptions, subscription_id, "Delete Fail.")
    began = stored["stripe_subscription_id"] and stored["status"]
    if began and stored["status"] not in OVER and not stored.get("in_test_environment"):
        raise NotFound("Delete Fail.")  # the customer would go on paying for what nobody can see
    cascades.subscriptions(db, [subscription_id])


def _checked(db: Db, body: Values, stored: Values) -> Values:
    """The columns that a body changes; what the row named before may be gone by now."""
    values = {name: value for name, value in body.items() if value or name not in ALWAYS}
    references.check(
        db,
        {name: value for name, value in values.items() if value != stored.get(name)},
        clientid=("clientid", t.clients),
        currency=("Currency", t.currencies),
        tax_id=("Tax Id", t.taxes),
        tax_id_2=("Tax Id 2", t.taxes),
        project_id=("Project Id", t.projects),
    )
    return values


def _is_taken(db: Db, hash_: str | None, *others: sa.ColumnElement[bool]) -> bool:
    """Whether a subscription's public page, which its hash leads to, is that of another one."""
    return bool(hash_) and rows.exists(db, PLAN.hash == hash_, *others)
