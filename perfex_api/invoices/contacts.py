"""The people who get mails about a customer's invoices."""

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db


def of_invoices(db: Db, customer_id: int) -> list[rows.Row]:
    """The customer's active contacts who get invoice emails, the primary one first; each address once."""
    contact = t.contacts.c
    wanted = contact.userid == customer_id, contact.active == 1, contact.invoice_emails == 1
    query = sa.select(contact.firstname, contact.lastname, contact.email).where(*wanted)
    found: dict[str, rows.Row] = {}
    for row in rows.fetch(db, query.order_by(contact.is_primary.desc(), contact.id)):
        found.setdefault(row["email"].strip().lower(), row)
    return list(found.values())


def words(contact: rows.Row) -> dict[str, str]:
    """The merge fields of a contact."""
    return {f"contact_{name}": contact[name] for name in ("firstname", "lastname", "email")}
