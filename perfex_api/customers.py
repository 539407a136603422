"""Customers: ``/api/customers`` over ``tblclients``."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from perfex_api import activity, cascades, options, references, search
from perfex_api import tables as t
from perfex_api.core import raw, rows
from perfex_api.core.db import Db
from perfex_api.core.errors import Invalid, NotFound
from perfex_api.core.prepared import Prepared
from perfex_api.core.types import collated
from perfex_api.http import CrmBlueprint, CrmBody, fields
from perfex_api.http.ordering import IN_ORDER, InOrder
from perfex_api.text import broken

Values = dict[str, Any]


def _company() -> sa.Label[Any]:
    """The name; a customer without one, a person, goes by the primary contact's."""
    person = sa.alias(t.contacts)
    name = sa.select(person.c.firstname + " " + person.c.lastname).where(
        person.c.userid == t.clients.c.userid, person.c.is_primary == 1
    )
    named = sa.case((t.clients.c.company == "", name.limit(1).scalar_subquery()), else_=t.clients.c.company)
    return collated(named).label("company")


COMPANY = _company()
#: Where the CRM's screens store line breaks as ``<br />``.
STREETS = (t.clients.c.address, t.clients.c.billing_street, t.clients.c.shipping_street)
#: The records that a customer names.
NAMED = {
    "default_currency": ("Default Currency", t.currencies),
    "country": ("Country", t.countries),
    "billing_country": ("Billing Country", t.countries),
    "shipping_country": ("Shipping Country", t.countries),
}
#: What keeps the name of a customer that is gone.
DOCUMENTS = (t.invoices, t.estimates, t.creditnotes)

#: A customer as clients see it: ``id``, then the 31 columns of the guide's introduction in database order.
CUSTOMER = [
    t.clients.c.userid.label("id"),
    *(COMPANY if column.name == "company" else column for column in t.clients.c),
]
#: As above, where every customer has a name of its own.
ALL_NAMED = [t.clients.c.userid.label("id"), *t.clients.c]


def _is_named(first: raw.WireRow) -> bool:
    """Whether nobody is nameless, by the first of all customers by company: a letter is more than nothing."""
    return (first["company"] or "")[:1].isalnum()


ALONG_COMPANY = InOrder(
    sa.select(*ALL_NAMED).order_by(t.clients.c.company, t.clients.c.userid),
    index="company",
    begins=_is_named,
)
#: The list. It is the same object each time, so that it is known at a glance.
ALL = (
    sa.select(*CUSTOMER).order_by(COMPANY, t.clients.c.userid).execution_options(**{IN_ORDER: ALONG_COMPANY})
)

_asks_for_vat = sa.select(t.options.c.value).where(t.options.c.name == "company_requires_vat_number_field")
#: GET /api/customers/:id alone leaves the VAT number out where the CRM does not ask for it; lists show it.
_vat = sa.case((_asks_for_vat.limit(1).scalar_subquery() == "0", sa.null()), else_=t.clients.c.vat).label(
    "vat"
)
_single = sa.select(*(_vat if column.name == "vat" else column for column in ALL_NAMED))
_this_one = t.clients.c.userid == sa.bindparam("userid")
ONE = Prepared(_single.where(_this_one))
#: Asked for the few that have none of their own: the subquery costs as much as all of the row.
NAME = Prepared(sa.select(_company()).where(_this_one))


def named_by(column: sa.Column[Any]) -> Prepared:
    """The customer that a row of another table names, by that row's ``id``; see ``find``."""
    return Prepared(_single.where(t.clients.c.userid == rows.named_by(column)))


def find(db: Db, query: Prepared, **values: Any) -> Values | None:
    """The customer that ``ONE``, or one of ``named_by``, gives; with a name."""
    customer: Values | None = rows.first(db, query, **values)
    if customer and not (customer["company"] or "").strip():
        customer |= rows.wire(db, NAME, userid=int(customer["userid"]))[0]
    return customer


api = CrmBlueprint("customers", kind="customers", key="userid", shows=CUSTOMER)


class CustomerIn(CrmBody):
    company = fields.column(t.clients.c.company, required=True)
    vat = fields.column(t.clients.c.vat)
    phonenumber = fields.column(t.clients.c.phonenumber, "Phone")
    website = fields.column(t.clients.c.website)
    groups_in = fields.Ids("Groups")
    default_language = fields.column(t.clients.c.default_language)
    default_currency = fields.column(t.clients.c.default_currency)
    address = fields.column(t.clients.c.address)
    city = fields.column(t.clients.c.city)
    state = fields.column(t.clients.c.state)
    zip = fields.column(t.clients.c.zip)
    country = fields.column(t.clients.c.country)
    billing_street = fields.column(t.clients.c.billing_street)
    billing_city = fields.column(t.clients.c.billing_city)
    billing_state = fields.column(t.clients.c.billing_state)
    billing_zip = fields.column(t.clients.c.billing_zip)
    billing_country = fields.column(t.clients.c.billing_country)
    shipping_street = fields.column(t.clients.c.shipping_street)
    shipping_city = fields.column(t.clients.c.shipping_city)
    shipping_state = fields.column(t.clients.c.shipping_state)
    shipping_zip = fields.column(t.clients.c.shipping_zip)
    shipping_country = fields.column(t.clients.c.shipping_country)


@api.rows("/customers")
def list_customers(db: Db) -> sa.Select[Any]:
    """List customers."""
    return ALL


@api.search("/customers/search")
def search_customers(db: Db, word: str) -> sa.Select[Any]:
    """Search active customers by company, VAT number, phone, contact and custom fields."""
    contact = t.contacts.c
    of_contacts = sa.select(contact.userid).where(
        search.anywhere(word, contact.firstname, contact.lastname, contact.email)
    )
    return ALL.where(
        t.clients.c.active == 1,
        sa.or_(
            search.anywhere(word, t.clients.c.company, t.clients.c.vat, t.clients.c.phonenumber),
            t.clients.c.userid.in_(of_contacts),
            search.in_custom_fields(word, "customers", t.clients.c.userid),
        ),
    )


@api.row("/customers/<id:userid>", one=ONE)
def read_customer(db: Db, userid: int | None) -> Values | None:
    """Read one customer."""
    return find(db, ONE, userid=userid) if userid else None


@api.create("/customers", schema=CustomerIn, ok="Customer add successful.")
def add_customer(db: Db, body: Values) -> int:
    """Add a customer."""
    groups = body.pop("groups_in", [])
    references.check(db, body, **NAMED)
    _refuse_unknown_groups(db, groups)
    values = {"datecreated": options.now(db), "addedfrom": db.staff_id} | broken(body, *STREETS)
    userid = rows.insert(db, t.clients, values)
    _add_to_groups(db, userid, groups)
    activity.note(db, f"New Client Created [{body['company']}, ID: {userid}]")
    return userid


@api.update("/customers/<id:userid>", "/customers", schema=CustomerIn, ok="Customer Update Successful.")
def change_customer(db: Db, body: Values, userid: int | None) -> int:
    """Change a customer; ``groups_in``, when sent, replaces its groups."""
    if userid is None:
        raise NotFound("Invalid Customers ID")
    customer = rows.get(db, t.clients, userid, "Customer not found")
    # What the customer named before may be gone.
    references.check(db, {name: body[name] for name in body if body[name] != customer.get(name)}, **NAMED)
    changed = not body  # custom fields came alone
    if "groups_in" in body:
        groups = body.pop("groups_in")
        _refuse_unknown_groups(db, groups)
        changed = _put_in_groups(db, userid, groups)
    values = broken(body, *STREETS)
    rows.update(db, t.clients, userid, values)
    if changed or any(customer.get(name) != value for name, value in values.items()):
        activity.note(db, f"Customer Info Updated [{(customer | values)['company']}, ID: {userid}]")
    return userid


@api.remove(
    "/delete/customers/<id:userid>",
    "/customers/<id:userid>",
    "/delete/customers",
    "/customers",
    ok="Customer Delete Successful.",
)
def delete_customer(db: Db, userid: int | None) -> None:
    """Delete a customer that no invoice, estimate or credit note refers to."""
    if userid is None:
        raise NotFound("Invalid Customer ID")
    rows.get(db, t.clients, userid, "Customer Delete Fail.")
    blocked = any(rows.exists(db, table.c.clientid == userid) for table in DOCUMENTS)
    if blocked and options.get(db, "enable_gdpr") != "1":
        raise NotFound("Customer Delete Fail.")
    if blocked:
        _leave_the_name(db, userid)
    cascades.customers(db, [userid])
    activity.note(db, f"Client Deleted [ID: {userid}]")


def _refuse_unknown_groups(db: Db, groups: Collection[int]) -> None:
    if not groups:
        return
    known = set(rows.ids(db, t.customers_groups.c.id, t.customers_groups.c.id.in_(groups)))
    if unknown := [group for group in groups if group not in known]:
        raise Invalid({"groups_in": f"The Groups field names an unknown group: {unknown[0]}."})


def _put_in_groups(db: Db, userid: int, groups: Collection[int]) -> bool:
    """Put a customer in these groups and no others; whether that changed anything."""
    mine = t.customer_groups.c.customer_id == userid
    before, wanted = set(rows.ids(db, t.customer_groups.c.groupid, mine)), set(groups)
    # Only what is there: a DELETE that finds nothing locks the gap where others are about to add customers.
    if gone := before - wanted:
        rows.delete(db, t.customer_groups, mine, t.customer_groups.c.groupid.in_(gone))
    _add_to_groups(db, userid, [group for group in groups if group not in before])
    return before != wanted


def _add_to_groups(db: Db, userid: int, groups: Collection[int]) -> None:
    for group in groups:
        rows.insert(db, t.customer_groups, {"customer_id": userid, "groupid": group})


def _leave_the_name(db: Db, userid: int) -> None:
    name = db.scalar(sa.select(COMPANY).where(t.clients.c.userid == userid)) or ""
    for table in DOCUMENTS:
        longest = table.c.deleted_customer_name.type.length  # type: ignore[attr-defined]
        values = db.live.columns_for_insert(table, {"deleted_customer_name": name[:longest]})
        if values:
            db.execute(table.update().where(table.c.clientid == userid).values(values))
