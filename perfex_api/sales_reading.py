"""What sales documents show alike: their currency, which of them a search finds, what belongs to one."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from perfex_api import attachments, customers, options, search, tags
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Database, Db
from perfex_api.core.prepared import Asked, Prepared, many

#: A currency's columns without its ``id``, which is the document's.
CURRENCY = [column for column in t.currencies.c if column.name != "id"]
#: Two of them once more, under names of their own.
CURRENCY_AGAIN = [t.currencies.c.id.label("currencyid"), t.currencies.c.name.label("currency_name")]

_file, _email = t.files.c, t.scheduled_emails.c
VISIBLE = Prepared(
    sa.select(_file.rel_id).where(
        _file.rel_id.in_([many("ids")]),
        _file.rel_type == sa.bindparam("kind"),
        _file.visible_to_customer == 1,
    )
)
EMAIL = Prepared(
    sa.select(t.scheduled_emails)
    .where(_email.rel_type == sa.bindparam("kind"), _email.rel_id == sa.bindparam("id"))
    .order_by(_email.id)
    .limit(1)
)


def _project(column: sa.Column[Any]) -> Prepared:
    return Prepared(sa.select(t.projects).where(t.projects.c.id == rows.named_by(column)))


#: What single documents of each kind show: their customer, their project, the mail that waits. All are found
#: by the document's own id, so that nobody has to wait for its row.
CLIENTS = {
    "invoice": customers.named_by(t.invoices.c.clientid),
    "estimate": customers.named_by(t.estimates.c.clientid),
    "credit_note": customers.named_by(t.creditnotes.c.clientid),
}
PROJECTS = {
    "invoice": _project(t.invoices.c.project_id),
    "estimate": _project(t.estimates.c.project_id),
    "proposal": _project(t.proposals.c.project_id),
    "expense": _project(t.expenses.c.project_id),
}
MAILED = ("invoice", "estimate")

Row = dict[str, Any]
Ids = Collection[int]


def newest_first(table: sa.Table) -> tuple[sa.ColumnElement[Any], ...]:
    """The order of documents with numbers: the highest number, of the latest year, first."""
    return table.c.number.desc(), sa.extract("year", table.c.date).desc(), table.c.id.desc()


def matching(db: Db, word: str, kind: str, table: sa.Table) -> sa.ColumnElement[bool]:
    """Whether a document with a number, joined with its customer, is what somebody looks for.

    That is: by number, with or without prefix and leading zeros; by customer, contact, address, note or
    custom field; ``#word`` by tag.

    Args:
        db: The transaction.
        word: What to look for.
        kind: What the shared tables and the options call the documents: ``estimate``.
        table: Where the documents are.
    """
    if word.startswith("#"):
        return tags.tagged(word, kind, table.c.id)
    client, contact = t.clients.c, t.contacts.c
    addresses = [column for column in table.c if column.name.startswith(("billing_", "shipping_"))]
    texts = [column for column in addresses if isinstance(column.type, sa.String)]
    of_contacts = sa.select(contact.userid).where(
        sa.or_(
            search.contains(contact.firstname + " " + contact.lastname, word),
            search.contains(contact.lastname + " " + contact.firstname, word),
        )
    )
    number = word.lower().removeprefix(options.get(db, f"{kind}_prefix").lower()).lstrip("0")
    is_number = number.isascii() and number.isdigit() and len(number) < 11
    return sa.or_(
        table.c.number == int(number) if is_number else sa.false(),
        search.anywhere(word, client.company, client.vat, client.phonenumber),
        search.anywhere(word, client.city, client.state, client.zip, client.address),
        search.anywhere(word, *texts, table.c.clientnote, table.c.adminnote),
        table.c.clientid.in_(of_contacts),
        search.in_custom_fields(word, kind, table.c.id),
    )


def expected(database: Database, kind: str, document_id: int) -> list[Asked]:
    """What the functions below ask about one document."""
    this_one = {"id": document_id}
    asked = [attachments.expected(kind, document_id)]
    asked += [(queries[kind], this_one) for queries in (CLIENTS, PROJECTS) if kind in queries]
    mails = kind in MAILED and database.live.has(t.scheduled_emails)
    return asked + ([(EMAIL, {"kind": kind} | this_one)] if mails else [])


def with_visible_files(db: Db, kind: str, ids: Ids) -> dict[int, bool]:
    """By document, whether the customer may see any of its files."""
    found = rows.wire_tuples(db, VISIBLE, kind=kind, ids=[*ids]) if ids and db.live.has(t.files) else ()
    visible = {int(document_id or 0) for (document_id,) in found}
    return {document_id: document_id in visible for document_id in ids}


def files(db: Db, kind: str, document_id: int) -> Row:
    """The two keys that tell of a single document's files."""
    found = attachments.of(db, kind, [document_id]).get(document_id, [])
    visible = any(file["visible_to_customer"] == "1" for file in found)
    return {"attachments": found, "visible_attachments_to_customer_found": visible}


def project(db: Db, kind: str, document: Row) -> Row:
    """The project of a single document under its key; nothing when it has none."""
    if not int(document["project_id"] or 0) or not db.live.has(t.projects):
        return {}
    found = rows.first(db, PROJECTS[kind], id=int(document["id"]))
    return {"project_data": found} if found else {}


def client(db: Db, kind: str, document: Row) -> Row:
    """The customer's columns; of one that is gone, the name that was kept."""
    found = customers.find(db, CLIENTS[kind], id=int(document["id"]))
    if found is None:
        return {"company": document["deleted_customer_name"]}
    del found["id"]  # which only the customers' own operations add
    return found


def scheduled_email(db: Db, kind: str, document_id: int) -> Row | None:
    """The mail that waits to be sent with a document."""
    if not db.live.has(t.scheduled_emails):
        return None
    return rows.first(db, EMAIL, kind=kind, id=document_id)
