"""The demo company: complete, consistent, and never among somebody's own customers."""

import shutil
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from conftest import Api, Transaction
from make import make_customer

from custom_fields.definitions import Definition
from custom_fields.types import TYPES, to_stored
from perfex_api import demo, line_items, numbering, options, totals
from perfex_api import tables as t
from perfex_api.core import php, rows
from perfex_api.core.db import Database, Db
from perfex_api.core.hooks import Hooks
from perfex_api.core.rows import Row

DOCUMENTS = (
    ("invoice", t.invoices),
    ("estimate", t.estimates),
    ("proposal", t.proposals),
    ("credit_note", t.creditnotes),
)


@pytest.fixture
def db(db: Db) -> Db:
    """A transaction in which the demo company is there."""
    demo.fill(db)
    return db


def fetch(db: Db, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[Row]:
    return rows.fetch(db, sa.select(table).where(*where))


def count(db: Db, table: sa.Table) -> int:
    return int(db.scalar(sa.select(sa.func.count()).select_from(table)))


def test_published_examples_find_the_first_of_each(db: Db) -> None:
    for table in (t.clients, t.leads, t.invoices, t.tasks, t.tickets, t.projects, t.items, t.staff):
        assert rows.find(db, table, 1), table.name
    assert count(db, t.clients) >= 25
    assert count(db, t.items) == 12


def test_every_resource_has_something_to_show(db: Db) -> None:
    filled = {
        *(t.contacts, t.customers_groups, t.leads, t.estimates, t.proposals, t.creditnotes, t.taxes),
        *(t.invoicepaymentrecords, t.expenses, t.expenses_categories, t.contracts, t.subscriptions),
        *(t.milestones, t.ticket_replies, t.taskstimers, t.task_checklist_items, t.events, t.departments),
        *(t.knowledge_base, t.itemable, t.item_tax, t.taggables, t.project_settings),
    }
    assert [table.name for table in filled if not count(db, table)] == []


def test_every_customer_has_one_primary_contact(db: Db) -> None:
    primary = Counter(contact["userid"] for contact in fetch(db, t.contacts) if contact["is_primary"])
    contacts = Counter(contact["userid"] for contact in fetch(db, t.contacts))
    for customer in fetch(db, t.clients):
        assert primary[customer["userid"]] == 1
        assert 1 <= contacts[customer["userid"]] <= 3


def test_addresses_can_be_told_apart_and_reach_nobody(db: Db) -> None:
    emails = [row["email"] for table in (t.contacts, t.staff, t.leads) for row in fetch(db, table)]
    assert len(emails) == len(set(emails))
    assert all(email.endswith(".example") and email.isascii() for email in emails)


def test_totals_are_those_of_the_lines(db: Db) -> None:
    for kind, table in DOCUMENTS:
        documents = {document["id"]: document for document in fetch(db, table)}
        for document_id, lines in line_items.amounts(db, kind, documents).items():
            document = documents[document_id]
            discount = totals.Discount(document["discount_type"], document["discount_percent"])
            sums = totals.compute(lines, discount)
            assert lines
            for name in ("subtotal", "discount_total", "total_tax", "total"):
                assert document[name] == getattr(sums, name), (kind, document_id, name)


def test_invoices_have_the_status_that_their_payments_make(db: Db) -> None:
    paid: dict[int, Decimal] = {}
    for payment in fetch(db, t.invoicepaymentrecords):
        paid[payment["invoiceid"]] = paid.get(payment["invoiceid"], Decimal(0)) + payment["amount"]
    today = options.now(db).date()
    seen = set()
    for invoice in fetch(db, t.invoices, t.invoices.c.status.not_in((5, 6))):
        received = paid.get(invoice["id"], Decimal(0))
        overdue = 4 if invoice["duedate"] < today else 1
        wanted = 2 if received >= invoice["total"] else 3 if received else overdue
        assert invoice["status"] == wanted, invoice["formatted_number"]
        assert php.unserialize(invoice["allowed_payment_modes"]) == ["1"]
        seen.add(wanted)
    assert seen == {1, 2, 3, 4}


def test_numbers_follow_each_other_and_the_counter_follows_them(db: Db) -> None:
    for series in (numbering.INVOICES, numbering.ESTIMATES, numbering.CREDIT_NOTES):
        documents = fetch(db, series.table, series.table.c.number != numbering.DRAFT)
        assert [document["number"] for document in documents] == list(range(1, len(documents) + 1))
        counter = db.scalar(sa.select(t.options.c.value).where(t.options.c.name == series.counter))
        assert counter == str(len(documents) + 1)
    assert fetch(db, t.invoices)[0]["formatted_number"] == "INV-000001"


def test_custom_fields_of_all_types_have_values_that_fit(db: Db) -> None:
    fields = {
        row["id"]: Definition(row["id"], row["fieldto"], row["name"], row["type"], row["options"])
        for row in fetch(db, t.customfields)
    }
    assert {field.type for field in fields.values()} == set(TYPES)
    assert {field.fieldto for field in fields.values()} == {"customers", "contacts", "invoice", "items"}
    values = fetch(db, t.customfieldsvalues)
    assert {value["fieldid"] for value in values} == set(fields)
    for value in values:
        assert to_stored(value["value"], fields[value["fieldid"]]) == value["value"]


def test_nobody_knows_the_passwords(db: Db) -> None:
    people = fetch(db, t.staff)
    assert [person["admin"] for person in people].count(1) == 1
    assert len({person["password"] for person in people}) == len(people)
    assert not any(contact["password"] for contact in fetch(db, t.contacts))


def test_it_stays_out_where_there_are_customers(transaction: Transaction) -> None:
    with transaction() as db:
        make_customer(db)
    with transaction() as db, pytest.raises(demo.DemoRefused):
        demo.fill(db)
    with transaction() as db:
        assert (count(db, t.clients), count(db, t.staff)) == (1, 0)


def test_it_is_the_same_company_every_time(sqlite_template: Path, tmp_path: Path) -> None:
    companies: list[list[list[Row]]] = []
    for number in (1, 2):
        copy = shutil.copyfile(sqlite_template, tmp_path / f"{number}.sqlite3")
        database = Database(f"sqlite:///{copy}", t.crm, Hooks())
        with database.transaction() as db:
            demo.fill(db)
            companies.append([fetch(db, table) for table in (t.clients, t.contacts, t.invoices, t.tickets)])
        database.dispose()
    assert companies[0] == companies[1]


def test_its_customers_are_answered_with_their_custom_fields(
    mint: Callable[..., Api], transaction: Transaction
) -> None:
    api = mint()
    with transaction() as db:
        demo.fill(db)
    answer = api.get("customers/1").get_json()
    assert answer["company"] == "Aldermoor Interiors"
    assert {"label": "Branches", "value": "Office, Shop"} in answer["customfields"]
    assert len(api.get("customers").get_json()) >= 25
