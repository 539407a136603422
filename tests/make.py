"""Records for tests: one function per table adds a row with sensible columns and returns its id.

``make_customer(db, company="Acme")`` names what the test is about; everything else is filled in. A record
that needs another one (a contact its customer) gets one of its own unless the test names it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count
from typing import Any

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.types import Date, DateTime

#: When every record was made, unless a test says otherwise.
THEN = datetime(2024, 1, 31, 10, 0, 0)

_numbers = count(1)


def make_row(db: Db, table: sa.Table, **columns: Any) -> int:
    """Add a row to any table: what is not named gets the database's default, ``THEN``, 0 or an empty text."""
    missing = [each for each in table.c if each.name not in columns and not each.nullable]
    dates = [each for each in missing if isinstance(each.type, Date | DateTime) and not each.server_default]
    then: dict[str, date] = {
        each.name: THEN.date() if isinstance(each.type, Date) else THEN for each in dates
    }
    return rows.insert(db, table, then | columns)


def make_customer(db: Db, **columns: Any) -> int:
    return make_row(db, t.clients, **{"company": f"Customer {next(_numbers)}"} | columns)


def make_customer_group(db: Db, **columns: Any) -> int:
    return make_row(db, t.customers_groups, **{"name": f"Group {next(_numbers)}"} | columns)


def make_contact(db: Db, **columns: Any) -> int:
    """A contact of ``userid``, or of a customer of its own; mails and portal rights are all off."""
    person = {"firstname": "Ann", "lastname": "Sample", "email": f"ann{next(_numbers)}@example.com"}
    flags = {column.name: 0 for column in t.contacts.c if column.name.endswith("_emails")} | {"is_primary": 0}
    owner = columns.pop("userid", None) or make_customer(db)
    return make_row(db, t.contacts, **person | flags | {"userid": owner} | columns)


def make_custom_field(db: Db, fieldto: str, **columns: Any) -> int:
    """The definition of a custom field of ``customers``, ``contacts``, ``items``, ..."""
    number = next(_numbers)
    field = {"name": f"Field {number}", "slug": f"field_{number}", "type": "input"}
    return make_row(db, t.customfields, **field | {"fieldto": fieldto} | columns)


def make_custom_field_value(db: Db, fieldto: str, relid: int, fieldid: int, value: str) -> int:
    return make_row(db, t.customfieldsvalues, fieldto=fieldto, relid=relid, fieldid=fieldid, value=value)


def make_item(db: Db, **columns: Any) -> int:
    return make_row(db, t.items, **{"description": f"Item {next(_numbers)}", "rate": "10.00"} | columns)


def make_item_group(db: Db, **columns: Any) -> int:
    return make_row(db, t.items_groups, **{"name": f"Item group {next(_numbers)}"} | columns)


def make_tax(db: Db, **columns: Any) -> int:
    return make_row(db, t.taxes, **{"name": f"Tax {next(_numbers)}", "taxrate": "18.00"} | columns)


def make_expense_category(db: Db, **columns: Any) -> int:
    return make_row(db, t.expenses_categories, **{"name": f"Category {next(_numbers)}"} | columns)


def make_payment_mode(db: Db, **columns: Any) -> int:
    return make_row(db, t.payment_modes, **{"name": f"Mode {next(_numbers)}"} | columns)


def make_invoice(db: Db, **columns: Any) -> int:
    number = next(_numbers)
    return make_row(db, t.invoices, **{"number": number, "currency": 1, "hash": f"{number:032x}"} | columns)


def make_estimate(db: Db, **columns: Any) -> int:
    return make_row(db, t.estimates, **{"number": next(_numbers), "currency": 1} | columns)


def make_credit_note(db: Db, **columns: Any) -> int:
    return make_row(db, t.creditnotes, **{"number": next(_numbers), "currency": 1} | columns)


def make_proposal(db: Db, **columns: Any) -> int:
    number = next(_numbers)
    proposal = {"subject": f"Proposal {number}", "currency": 1, "hash": f"{number:032x}", "status": 1}
    return make_row(db, t.proposals, **proposal | columns)


def make_contract(db: Db, **columns: Any) -> int:
    return make_row(db, t.contracts, **{"subject": f"Contract {next(_numbers)}"} | columns)


def make_contract_type(db: Db, **columns: Any) -> int:
    return make_row(db, t.contracts_types, **{"name": f"Type {next(_numbers)}"} | columns)


def make_project(db: Db, **columns: Any) -> int:
    return make_row(db, t.projects, **{"name": f"Project {next(_numbers)}", "status": 2} | columns)


def make_milestone(db: Db, **columns: Any) -> int:
    """A milestone of ``project_id``, or of a project of its own."""
    project = columns.pop("project_id", None) or make_project(db)
    milestone = {"name": f"Milestone {next(_numbers)}", "project_id": project}
    return make_row(db, t.milestones, **milestone | columns)


def make_task(db: Db, **columns: Any) -> int:
    return make_row(db, t.tasks, **{"name": f"Task {next(_numbers)}", "status": 1} | columns)


def make_timesheet(db: Db, **columns: Any) -> int:
    """Two hours spent on ``task_id``, or on a task of its own."""
    task = columns.pop("task_id", None) or make_task(db)
    timer = {"start_time": "1706691600", "end_time": "1706698800", "staff_id": 1, "task_id": task}
    return make_row(db, t.taskstimers, **timer | columns)


def make_event(db: Db, **columns: Any) -> int:
    return make_row(db, t.events, **{"title": f"Event {next(_numbers)}", "userid": 1} | columns)


def make_ticket(db: Db, **columns: Any) -> int:
    number = next(_numbers)
    ticket = {"subject": f"Ticket {number}", "ticketkey": f"{number:032x}", "status": 1}
    return make_row(db, t.tickets, **ticket | columns)


def make_expense(db: Db, **columns: Any) -> int:
    category = columns.pop("category", None) or make_expense_category(db)
    return make_row(db, t.expenses, **{"category": category, "currency": 1, "amount": "5.00"} | columns)


def make_subscription(db: Db, **columns: Any) -> int:
    number = next(_numbers)
    plan = {"name": f"Subscription {number}", "currency": 1, "hash": f"{number:032x}"}
    return make_row(db, t.subscriptions, **plan | columns)


def make_lead(db: Db, **columns: Any) -> int:
    return make_row(db, t.leads, **{"name": f"Lead {next(_numbers)}", "status": 1, "source": 1} | columns)


def make_line(
    db: Db, rel_type: str, rel_id: int, *, taxes: Sequence[tuple[str, str]] = (), **columns: Any
) -> int:
    """A line of a sales document, with ``taxes`` as pairs of name and rate."""
    owner = {"rel_type": rel_type, "rel_id": rel_id}
    line = {"description": f"Line {next(_numbers)}", "qty": "1.00", "rate": "10.00", "item_order": 1}
    line_id = make_row(db, t.itemable, **owner | line | columns)
    for name, rate in taxes:
        make_row(db, t.item_tax, **owner | {"itemid": line_id, "taxname": name, "taxrate": rate})
    return line_id


def make_payment(db: Db, invoiceid: int, **columns: Any) -> int:
    """A payment of an invoice, made at the bank; the invoice's status is the caller's business."""
    payment = {"invoiceid": invoiceid, "amount": "5.00", "paymentmode": "1"}
    return make_row(db, t.invoicepaymentrecords, **payment | columns)


def make_credit(db: Db, invoice_id: int, credit_id: int, **columns: Any) -> int:
    """An amount of a credit note that was applied to an invoice."""
    credit = {"invoice_id": invoice_id, "credit_id": credit_id, "amount": "5.00"}
    return make_row(db, t.credits, **credit | columns)


def make_lead_status(db: Db, **columns: Any) -> int:
    return make_row(db, t.leads_status, **{"name": f"Status {next(_numbers)}"} | columns)


def make_lead_source(db: Db, **columns: Any) -> int:
    return make_row(db, t.leads_sources, **{"name": f"Source {next(_numbers)}"} | columns)


def make_department(db: Db, **columns: Any) -> int:
    return make_row(db, t.departments, **{"name": f"Department {next(_numbers)}"} | columns)


def make_service(db: Db, **columns: Any) -> int:
    return make_row(db, t.services, **{"name": f"Service {next(_numbers)}"} | columns)


def make_staff(db: Db, **columns: Any) -> int:
    number = next(_numbers)
    person = {"firstname": "Bo", "lastname": f"Staff {number}", "email": f"bo{number}@example.com"}
    return make_row(db, t.staff, **person | columns)


def set_option(db: Db, name: str, value: str) -> None:
    """Give one of the CRM's options a value, whether or not it had one."""
    rows.delete(db, t.options, t.options.c.name == name)
    make_row(db, t.options, name=name, value=value)
