"""What the demo company's office keeps: letterhead, contracts, a subscription, expenses, dates, articles."""

from collections.abc import Mapping
from datetime import UTC
from decimal import Decimal

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.demo.catalogue import VAT
from perfex_api.demo.documents import Shop
from perfex_api.demo.people import ADMINISTRATOR, plain

#: The CRM's options that its papers are headed with.
LETTERHEAD = {
    "companyname": "Kestrel & Dahl",
    "invoice_company_name": "Kestrel & Dahl Ltd",
    "invoice_company_address": "4 Lantern Yard",
    "invoice_company_city": "Sheffield",
    "invoice_company_postal_code": "S3 8EN",
    "invoice_company_country_code": "GB",
    "company_vat": "GB 000 4711 08",
}

#: type, subject, company, from, until, value, signed
CONTRACTS = (
    ("Maintenance", "Care of the lighting, yearly", "Havenkwartier Coworking", -160, 205, "2400.00", 1),
    ("Framework", "Trade prices for two years", "Polder Elektro", -60, 670, "15000.00", 0),
)

#: category, name, day, amount, the company for which it was, billable
EXPENSES = (
    ("Travel", "Train to Leipzig", -188, "139.80", "Boutique Hotel Lindenallee", 1),
    ("Materials", "Sample cables", -130, "86.40", "", 0),
    ("Software", "Lighting calculation, yearly licence", -90, "590.00", "", 0),
    ("Vehicles", "Diesel", -45, "92.15", "", 0),
    ("Materials", "Anchors and screws", -28, "61.30", "Boutique Hotel Lindenallee", 1),
    ("Travel", "Ferry and hotel, York", -24, "318.00", "Northgate Joinery", 1),
    ("Vehicles", "Tolls", -8, "27.60", "", 0),
)

#: title, day, from, until, colour
EVENTS = (
    ("Trade fair: stand B 14", 18, "09:00", "17:30", "#c53da9"),
    ("Stock-taking", 33, "08:00", "12:00", "#28B8DA"),
)

ARTICLES = (
    ("Which dimmer for which lamp", "<p>Silva dims every lamp in our catalogue from 3 W upwards.</p>"),
    ("How to return a device", "<p>Write to support first; you get a label for the parcel.</p>"),
)


def fill(shop: Shop, projects: Mapping[str, int]) -> None:
    """Add the letterhead, contracts, a subscription, expenses, dates and articles."""
    for name, value in LETTERHEAD.items():
        if not rows.exists(shop.ground.db, t.options.c.name == name):  # a CRM may have said it already
            shop.ground.insert(t.options, name=name, value=value)
    _add_contracts(shop)
    _add_subscription(shop)
    for category, name, day, amount, company, billable in EXPENSES:
        shop.ground.insert(
            t.expenses,
            category=shop.catalogue.expense_categories[category],
            currency=shop.catalogue.currency,
            amount=Decimal(amount),
            tax=shop.catalogue.taxes[VAT],
            expense_name=name,
            clientid=shop.people.customers[company] if company else 0,
            project_id=projects.get(company, 0),
            billable=billable,
            paymentmode=str(shop.catalogue.payment_mode),
            date=shop.ground.day(day),
            dateadded=shop.ground.moment(day, "17:05"),
            addedfrom=shop.people.staff[ADMINISTRATOR],
        )
    for title, day, begin, end, color in EVENTS:
        shop.ground.insert(
            t.events,
            title=title,
            userid=shop.people.staff[ADMINISTRATOR],
            start=shop.ground.moment(day, begin),
            end=shop.ground.moment(day, end),
            public=1,
            color=color,
        )
    _add_articles(shop)


def _add_contracts(shop: Shop) -> None:
    ground = shop.ground
    for kind, subject, company, begin, end, value, signed in CONTRACTS:
        ground.insert(
            t.contracts,
            subject=subject,
            content="<p>{contract_subject}: between us and {client_company}.</p>",
            client=shop.people.customers[company],
            datestart=ground.day(begin),
            dateend=ground.day(end),
            contract_type=ground.insert(t.contracts_types, name=kind),
            addedfrom=shop.people.staff[ADMINISTRATOR],
            dateadded=ground.moment(begin - 10),
            contract_value=Decimal(value),
            hash=ground.hash(),
            marked_as_signed=signed,
        )


def _add_subscription(shop: Shop) -> None:
    """Not taken out yet: without a payment provider nobody bills it."""
    ground = shop.ground
    ground.insert(
        t.subscriptions,
        name="Spare lamps, every quarter",
        clientid=shop.people.customers["Havenkwartier Coworking"],
        date=ground.day(-20),
        currency=shop.catalogue.currency,
        tax_id=shop.catalogue.taxes[VAT],
        next_billing_cycle=int(ground.moment(70).replace(tzinfo=UTC).timestamp()),
        quantity=1,
        hash=ground.hash(),
        created=ground.moment(-20),
        created_from=shop.people.staff[ADMINISTRATOR],
    )


def _add_articles(shop: Shop) -> None:
    group = shop.ground.insert(
        t.knowledge_base_groups, name="Good to know", group_slug="good-to-know", active=1
    )
    for subject, description in ARTICLES:
        shop.ground.insert(
            t.knowledge_base,
            articlegroup=group,
            subject=subject,
            description=description,
            slug=plain(subject),
            active=1,
            datecreated=shop.ground.moment(-100),
        )
