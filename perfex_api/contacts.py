"""Contacts: ``/api/contacts`` over ``tblcontacts``; the people who belong to a customer."""

from typing import Any

import sqlalchemy as sa

from perfex_api import activity, cascades, mail, options, passwords, search
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import Conflict, Invalid
from perfex_api.core.prepared import Prepared
from perfex_api.http import CrmBlueprint, CrmBody, fields

Values = dict[str, Any]

MAIL_FLAGS = (
    "invoice_emails",
    "estimate_emails",
    "credit_note_emails",
    "contract_emails",
    "task_emails",
    "project_emails",
    "ticket_emails",
)
#: Invoices, estimates, contracts, proposals, support, projects.
PERMISSIONS = range(1, 7)

CONTACT = passwords.hidden(t.contacts.c)
ONE = Prepared(
    sa.select(*CONTACT).where(
        t.contacts.c.userid == sa.bindparam("customer_id"), t.contacts.c.id == sa.bindparam("contact_id")
    )
)
WITH_CUSTOMER = passwords.hidden(rows.merged(t.contacts, t.clients))
#: What a new contact is told, where the CRM has no words for it.
WELCOME = mail.Template(
    subject="Welcome to {companyname}",
    message=(
        "Dear {contact_firstname} {contact_lastname},\n\n"
        "you are registered for {client_company}, with the address {contact_email}.\n{crm_url}\n\n"
        "Kind regards,\n{companyname}\n"
    ),
)

api = CrmBlueprint("contacts", kind="contacts", invalid=409, shows=CONTACT)


class ContactIn(CrmBody):
    customer_id = fields.column(t.contacts.c.userid, "Customer Id", required=True)
    firstname = fields.column(t.contacts.c.firstname, "First Name", required=True)
    lastname = fields.column(t.contacts.c.lastname, "Last Name", required=True)
    email = fields.Email("Email", length=100, required=True)
    title = fields.column(t.contacts.c.title)
    phonenumber = fields.column(t.contacts.c.phonenumber, "Phone")
    direction = fields.column(t.contacts.c.direction)
    password = fields.Text("Password", size=72)  # bcrypt reads no further
    is_primary = fields.Flag("Primary Contact")
    donotsendwelcomeemail = fields.Flag("Do Not Send Welcome Email")
    send_set_password_email = fields.Flag("Send Set Password Email")
    permissions = fields.Ids("Permissions")
    invoice_emails = fields.Flag()
    estimate_emails = fields.Flag()
    credit_note_emails = fields.Flag()
    contract_emails = fields.Flag()
    task_emails = fields.Flag()
    project_emails = fields.Flag()
    ticket_emails = fields.Flag()

    class Aliases(CrmBody.Aliases):
        userid = "customer_id"  # what the vendor's n8n node sends


@api.rows("/contacts")
def list_contacts(db: Db) -> sa.Select[Any]:
    """List active contacts of all customers, primary ones first."""
    return (
        sa.select(*CONTACT)
        .where(t.contacts.c.active == 1)
        .order_by(t.contacts.c.is_primary.desc(), t.contacts.c.id)
    )


@api.rows("/contacts/<id:customer_id>", operation="contacts.list_by_customer")
def list_contacts_of_customer(db: Db, customer_id: int | None) -> sa.Select[Any]:
    """List a customer's active contacts, the primary one first."""
    return list_contacts(db).where(t.contacts.c.userid == (customer_id or 0))


@api.row("/contacts/<id:customer_id>/<id:contact_id>", one=ONE)
def read_contact(db: Db, customer_id: int | None, contact_id: int | None) -> Values | None:
    """Read one contact of a customer."""
    return rows.first(db, ONE, customer_id=customer_id or 0, contact_id=contact_id or 0)


@api.search("/contacts/search")
def search_contacts(db: Db, word: str) -> sa.Select[Any]:
    """Search contacts of active customers by company, name, e-mail and custom fields.

    A row holds the contact's columns and the customer's; where both have a name, as ``datecreated``, it shows
    the customer's value in the contact's place (``GET /api/contacts/search/:keysearch``).
    """
    contact = t.contacts.c
    return (
        sa.select(*WITH_CUSTOMER)
        .join_from(t.contacts, t.clients, contact.userid == t.clients.c.userid)
        .where(
            t.clients.c.active == 1,
            sa.or_(
                search.anywhere(word, t.clients.c.company, contact.email),
                search.contains(contact.firstname + " " + contact.lastname, word),
                search.in_custom_fields(word, "contacts", contact.id),
            ),
        )
        .order_by(contact.is_primary.desc(), contact.id)
    )


@api.create("/contacts", schema=ContactIn, ok="Contact added successfully")
def add_contact(db: Db, body: Values) -> int:
    """Add a contact to a customer."""
    userid = body.pop("customer_id")
    # Locked: two contacts that come at once shall not both be the primary one, nor have one e-mail address.
    if not _locked(db, t.clients.c.userid == userid):
        raise Invalid({"customer_id": "The Customer Id is Invalid"})
    permissions = body.pop("permissions", [])
    _check(db, body, permissions)
    now = options.now(db)
    values: Values = dict.fromkeys(MAIL_FLAGS, 0) | {"is_primary": 0} | _columns(body)
    values |= {"userid": userid, "datecreated": now, "email_verified_at": now}
    contact_id = rows.insert(db, t.contacts, values)
    if values["is_primary"]:
        _make_the_only_primary(db, userid, contact_id)
    _grant(db, contact_id, permissions)
    _take_over_guest_tickets(db, userid, contact_id, values["email"])
    activity.note(db, f"Contact Created [ID: {contact_id}]")
    if not body.get("donotsendwelcomeemail"):
        mail.later(db, lambda: [_welcome(db, userid, body)])
    return contact_id


@api.update("/contacts/<id:contact_id>", schema=ContactIn, ok="Contact Updated Successfully")
def change_contact(db: Db, body: Values, contact_id: int | None) -> int:
    """Change a contact; what is not sent stays: flags, permissions, password."""
    contact = rows.find(db, t.contacts, contact_id)
    if contact is None or contact_id is None:
        raise Conflict("Contact ID Doesn't Not Exist.")  # PUT /api/contacts/:id, to the letter
    body.pop("customer_id", None)  # a contact stays with its customer
    permissions = body.pop("permissions", None)
    _check(db, body, permissions or [], contact_id)
    values = _columns(body)
    if "password" in values:
        values["last_password_change"] = options.now(db)
    rows.update(db, t.contacts, contact_id, values)
    if values.get("is_primary"):
        _make_the_only_primary(db, contact["userid"], contact_id)
    if permissions is not None:
        rows.delete(db, t.contact_permissions, t.contact_permissions.c.userid == contact_id)
        _grant(db, contact_id, permissions)
    activity.note(db, f"Contact Updated [ID: {contact_id}]")
    return contact_id


@api.remove(
    "/delete/contacts/<id:contact_id>",
    "/contacts/<id:contact_id>",
    "/delete/contacts",
    "/contacts",
    ok="Contact Deleted Successfully",
)
def delete_contact(db: Db, contact_id: int | None) -> None:
    """Delete a contact."""
    rows.get(db, t.contacts, contact_id, "Invalid Contact ID")
    assert contact_id is not None
    cascades.contacts(db, [contact_id])
    activity.note(db, f"Contact Deleted [ID: {contact_id}]")


def _check(db: Db, body: Values, permissions: list[int], contact_id: int = 0) -> None:
    others = (t.contacts.c.email == body.get("email"), t.contacts.c.id != contact_id)
    if "email" in body and _locked(db, *others):
        sentence = "This Email is already exists"
        raise Conflict(sentence, error={"email": sentence})
    if body.get("send_set_password_email") and not body.get("password"):
        raise Invalid({"password": "The Password field is required."})
    if unknown := [each for each in permissions if each not in PERMISSIONS]:
        raise Invalid({"permissions": f"The Permissions field names an unknown permission: {unknown[0]}."})


def _welcome(db: Db, userid: int, contact: Values) -> mail.Letter:
    customer = rows.get(db, t.clients, userid)
    words = {f"contact_{name}": str(contact.get(name) or "") for name in ("firstname", "lastname", "email")}
    words |= {"client_company": customer["company"] or "", "password": contact.get("password") or ""}
    template = mail.template(db, "new-client-created", customer["default_language"] or "", WELCOME)
    return mail.Letter(template, words, contact["email"], f"{contact['firstname']} {contact['lastname']}")


def _locked(db: Db, *where: sa.ColumnElement[bool]) -> bool:
    """Whether there is such a row; it, or its absence, stays so until the transaction ends."""
    return db.scalar(sa.select(sa.literal(1)).where(*where).limit(1).with_for_update()) is not None


def _columns(body: Values) -> Values:
    """The body as columns; mails that were asked for or declined are no columns."""
    columns = {name: value for name, value in body.items() if name in t.contacts.c}
    password = columns.pop("password", "")
    return columns | ({"password": passwords.hashed(password)} if password else {})


def _make_the_only_primary(db: Db, userid: int, contact_id: int) -> None:
    others = (t.contacts.c.userid == userid, t.contacts.c.id != contact_id)
    db.execute(t.contacts.update().where(*others).values(is_primary=0))


def _grant(db: Db, contact_id: int, permissions: list[int]) -> None:
    # The column is called userid, and holds the contact's id.
    for permission in permissions:
        rows.insert(db, t.contact_permissions, {"permission_id": permission, "userid": contact_id})


def _take_over_guest_tickets(db: Db, userid: int, contact_id: int, email: str) -> None:
    """Tickets that this person opened as a guest become the contact's."""
    owner = {"userid": userid, "contactid": contact_id}
    for table in (t.tickets, t.ticket_replies):
        guest = (table.c.email == email, sa.or_(table.c.userid.is_(None), table.c.userid == 0))
        db.execute(table.update().where(*guest).values(owner))
