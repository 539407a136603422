"""The operations of ``/api/expenses``."""

from typing import Any

import sqlalchemy as sa

from perfex_api import (
    activity,
    attachments,
    cascades,
    options,
    project_activity,
    references,
    sales_reading,
    search,
)
from perfex_api import tables as t
from perfex_api.attachments import Uploads
from perfex_api.core import rows
from perfex_api.core.db import Database, Db
from perfex_api.core.errors import Conflict, Invalid, NotFound
from perfex_api.core.prepared import Asked, Prepared
from perfex_api.expenses import recurrence
from perfex_api.expenses.form import EXPENSE, LABELS, ExpenseIn, ExpenseUpdateIn
from perfex_api.http import CrmBlueprint
from perfex_api.text import broken

Values = dict[str, Any]

CUSTOMER, MODE, CATEGORY = t.clients.c, t.payment_modes.c, t.expenses_categories.c
SECOND_TAX = t.taxes.alias("second_tax")
#: Where the names that the joined tables share are those of the expense after all.
OWN = {"id": EXPENSE.id, "addedfrom": EXPENSE.addedfrom}
#: The columns of the joined tables as PHP merges them (``name`` and ``description`` are the category's,
#: ``active`` is the payment mode's), then the keys that name things once more.
SHAPE = [
    *(
        OWN.get(str(column.key), column)
        for column in rows.merged(t.expenses, t.clients, t.payment_modes, t.taxes, t.expenses_categories)
    ),
    CATEGORY.name.label("category_name"),
    MODE.name.label("payment_mode_name"),
    t.taxes.c.name.label("tax_name"),
    SECOND_TAX.c.name.label("tax_name2"),
    SECOND_TAX.c.taxrate.label("taxrate2"),
    EXPENSE.id.label("expenseid"),
]
#: What stands in the places of a file's columns where there is none.
NO_FILE = {"file_name": "", "filetype": "", "staffid": "0"}


def _expenses() -> sa.Select[Any]:
    return (
        sa.select(*SHAPE)
        .join_from(t.expenses, t.clients, CUSTOMER.userid == EXPENSE.clientid, isouter=True)
        # The column holds the mode's id as text, or the name of a payment gateway, which no id equals.
        .join(t.payment_modes, MODE.id == EXPENSE.paymentmode, isouter=True)
        .join(t.taxes, t.taxes.c.id == EXPENSE.tax, isouter=True)
        .join(SECOND_TAX, SECOND_TAX.c.id == EXPENSE.tax2, isouter=True)
        .join(t.expenses_categories, CATEGORY.id == EXPENSE.category)
    )


ONE = Prepared(_expenses().where(EXPENSE.id == sa.bindparam("expense_id")))
CURRENCY = Prepared(
    sa.select(t.currencies).where(t.currencies.c.id == rows.named_by(EXPENSE.currency, "expense_id"))
)

api = CrmBlueprint("expenses", kind="expenses", invalid=409, shows=SHAPE)


@api.rows("/expenses")
def list_expenses(db: Db) -> sa.Select[Any]:
    """List expenses, the latest first."""
    return _expenses().order_by(EXPENSE.date.desc(), EXPENSE.id.desc())


@api.search("/expenses/search")
def search_expenses(db: Db, word: str) -> sa.Select[Any]:
    """Search expenses by name, note, category, payment mode, customer and custom fields."""
    of_customer = (
        CUSTOMER.company,
        CUSTOMER.vat,
        CUSTOMER.phonenumber,
        CUSTOMER.city,
        CUSTOMER.zip,
        CUSTOMER.address,
        CUSTOMER.state,
    )
    return list_expenses(db).where(
        sa.or_(
            search.anywhere(word, EXPENSE.expense_name, EXPENSE.note, CATEGORY.name, MODE.name, *of_customer),
            search.in_custom_fields(word, "expenses", EXPENSE.id),
        )
    )


def _beside(database: Database, expense_id: int) -> list[Asked]:
    currency: Asked = CURRENCY, {"expense_id": expense_id}
    return [currency, *sales_reading.expected(database, "expense", expense_id)]


@api.row("/expenses/<id:expense_id>", in_list_unless="expense_as_object", one=ONE, beside=_beside)
def read_expense(db: Db, expense_id: int | None) -> Values | None:
    """Read one expense, as a list of one, with its file, its currency and its project."""
    if not expense_id or not (row := rows.first(db, ONE, expense_id=expense_id)):
        return None
    file = next(iter(attachments.of(db, "expense", [expense_id]).get(expense_id, [])), NO_FILE)
    expense: Values = row | {
        "attachment": file["file_name"],
        "filetype": file["filetype"],
        "attachment_added_from": file["staffid"],
        "currency_data": rows.first(db, CURRENCY, expense_id=expense_id),
    }
    return expense | sales_reading.project(db, "expense", expense)


@api.create("/expenses", schema=ExpenseIn, ok="Expense Added Successfully", files=True)
def add_expense(db: Db, body: Values, files: Uploads = ()) -> int:
    """Add an expense."""
    category = _checked(db, body, {})
    nothing = {"note": "", "tax": 0, "create_invoice_billable": 0, "send_invoice_to_customer": 0}
    made = {"dateadded": options.now(db), "addedfrom": db.staff_id}
    values = nothing | broken(body, EXPENSE.note) | recurrence.take(body) | made
    expense_id = rows.insert(db, t.expenses, {name: values[name] for name in values if name in EXPENSE})
    attachments.add(db, "expense", expense_id, files)
    if project_id := body.get("project_id"):
        visible = project_activity.shows(db, project_id, "view_finance_overview")
        key = "project_activity_recorded_expense"
        project_activity.note(db, project_id, key, category["name"], visible=visible)
    activity.note(db, f"New Expense Added [{expense_id}]")
    return expense_id


@api.update(
    "/expenses",
    "/expenses/<id:expense_id>",
    schema=ExpenseUpdateIn,
    ok="Expense Updated Successfully",
    files=True,
)
def change_expense(db: Db, body: Values, expense_id: int | None = None, files: Uploads = ()) -> int:
    """Change an expense, which the path names, or ``id`` or ``expenseid`` in the body."""
    found = _named(body, expense_id)
    stored = rows.find(db, t.expenses, found)
    if stored is None:
        raise Conflict("Expense ID Doesn't Not Exist.")  # PUT /api/expenses, to the letter
    _checked(db, body, stored)
    values = recurrence.take(body, stored) | broken(body, EXPENSE.note)
    rows.update(db, t.expenses, found, values)
    attachments.add(db, "expense", found, files)
    activity.note(db, f"Expense Updated [{found}]")
    return found


@api.remove(
    "/expenses/<id:expense_id>",
    "/delete/expenses/<id:expense_id>",
    "/expenses",
    "/delete/expenses",
    ok="Expense Deleted Successfully",
)
def delete_expense(db: Db, expense_id: int | None) -> None:
    """Delete an expense that no invoice bills."""
    stored = rows.get(db, t.expenses, expense_id, "Invalid Expense ID")
    if stored["invoiceid"] is not None:
        raise NotFound("Expense Delete Fail")
    cascades.expenses(db, [stored["id"]])
    activity.note(db, f"Expense Deleted [{stored['id']}]")


def _named(body: Values, expense_id: int | None) -> int:
    """The expense that a request is about."""
    named = {name: body.pop(name, "") for name in ("expenseid", "id")}
    if expense_id is not None:
        return expense_id
    text = named["expenseid"] or named["id"]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFound("Invalid Expense ID")
    return int(text)


def _checked(db: Db, body: Values, stored: Values) -> Values:
    """Make sure of what a body names, where that changes, and give its category."""
    changed = {name: value for name, value in body.items() if value != stored.get(name)}
    category = rows.find(db, t.expenses_categories, body.get("category", stored.get("category")))
    if category is None and "category" in changed:
        raise Invalid({"category": "The Expense Category is not found."})
    references.check(
        db,
        changed,
        currency=(LABELS["currency"], t.currencies),
        clientid=(LABELS["clientid"], t.clients),
        tax=(LABELS["tax"], t.taxes),
        tax2=(LABELS["tax2"], t.taxes),
        project_id=(LABELS["project_id"], t.projects),
    )
    mode = changed.get("paymentmode") or ""
    if mode.isascii() and mode.isdigit():
        numbered = {"paymentmode": int(mode) if len(mode) < 10 else -1}
        references.check(db, numbered, paymentmode=(LABELS["paymentmode"], t.payment_modes))
    return category or {}
