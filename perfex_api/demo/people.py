"""The people of the demo company: its staff, its customers and their contacts."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from perfex_api import passwords
from perfex_api import tables as t
from perfex_api.demo.customers import CUSTOMERS, GROUPS, Customer
from perfex_api.demo.ground import Ground

DOMAIN = "kestrel-dahl.example"

#: name, mailbox
DEPARTMENTS = (("Sales", "sales"), ("Technical support", "support"), ("Projects", "projects"))

#: first name, last name, department, rate an hour; the first one is the administrator
STAFF = (
    ("Ines", "Dahl", "Sales", "85.00"),
    ("Tomas", "Kestrel", "Sales", "70.00"),
    ("Jana", "Verbruggen", "Projects", "75.00"),
    ("Milan", "Petrov", "Technical support", "65.00"),
    ("Oda", "Lindqvist", "Projects", "75.00"),
)
ADMINISTRATOR = STAFF[0][0]

#: How long ago the first customer came, and how many days later each of the others, in days.
FIRST_CUSTOMER, BETWEEN_CUSTOMERS = -740, 23


@dataclass(frozen=True)
class People:
    """Who is there.

    Attributes:
        staff: Ids by first name.
        departments: Ids by name.
        customers: Ids by company.
        contacts: By company, the primary contact's id.
    """

    staff: dict[str, int]
    departments: dict[str, int]
    customers: dict[str, int]
    contacts: dict[str, int]


def fill(ground: Ground) -> People:
    """Add staff, customers and their contacts."""
    people = People({}, {}, {}, {})
    for name, box in DEPARTMENTS:
        people.departments[name] = ground.insert(t.departments, name=name, email=f"{box}@{DOMAIN}")
    for first, last, department, rate in STAFF:
        people.staff[first] = _add_staff(ground, first, last, Decimal(rate))
        ground.insert(
            t.staff_departments, staffid=people.staff[first], departmentid=people.departments[department]
        )
    groups = {name: ground.insert(t.customers_groups, name=name) for name in GROUPS}
    for number, customer in enumerate(CUSTOMERS):
        userid = _add_customer(ground, people, number, customer)
        for group in customer.groups:
            ground.insert(t.customer_groups, groupid=groups[group], customer_id=userid)
    return people


def plain(name: str) -> str:
    """A name as an address spells it: ``Södermark Design`` is ``sodermark-design``."""
    ascii_only = unicodedata.normalize("NFKD", name.replace("ł", "l")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")


def _add_staff(ground: Ground, first: str, last: str, rate: Decimal) -> int:
    return ground.insert(
        t.staff,
        email=f"{plain(first)}@{DOMAIN}",
        firstname=first,
        lastname=last,
        password=passwords.hashed(secrets.token_urlsafe(32)),  # which nobody knows
        datecreated=ground.moment(FIRST_CUSTOMER - 30),
        admin=int(first == ADMINISTRATOR),
        role=ground.first(t.roles.c.roleid),
        media_path_slug=f"{plain(first)}-{plain(last)}",
        hourly_rate=rate,
    )


def _add_customer(ground: Ground, people: People, number: int, customer: Customer) -> int:
    since = ground.moment(FIRST_CUSTOMER + number * BETWEEN_CUSTOMERS)
    domain = f"{plain(customer.company or customer.contacts[0].lastname)}.example"
    country = ground.country(customer.country)
    place = {"city": customer.city, "zip": customer.zip, "country": country}
    userid = ground.insert(
        t.clients,
        company=customer.company,
        vat=f"{customer.country}{999_000_101 + number}" if customer.company else "",
        phonenumber=customer.phone,
        address=customer.street,
        **place,
        website=f"https://{domain}" if customer.company else "",
        datecreated=since,
        active=int(customer.active),
        billing_street=customer.street,
        **{f"billing_{name}": value for name, value in place.items()},
        addedfrom=people.staff[ADMINISTRATOR],
    )
    people.customers[customer.company] = userid
    for position, contact in enumerate(customer.contacts):
        contact_id = ground.insert(
            t.contacts,
            userid=userid,
            is_primary=int(position == 0),
            firstname=contact.firstname,
            lastname=contact.lastname,
            email=f"{plain(contact.firstname)}.{plain(contact.lastname)}@{domain}",
            phonenumber=customer.phone,
            title=contact.title,
            datecreated=since,
            email_verified_at=since,
        )
        people.contacts.setdefault(customer.company, contact_id)
        _grant(ground, contact_id, position)
    return userid


def _grant(ground: Ground, contact_id: int, position: int) -> None:
    """Primary contacts see everything (1 to 6), the others support and projects."""
    for permission in range(1, 7) if position == 0 else (5, 6):
        ground.insert(t.contact_permissions, permission_id=permission, userid=contact_id)
