"""Notifications: what the CRM tells a staff member under the bell, and by mail where that is switched on.

A row holds a language key and the words that fill its sentence; the screens translate it, so keys are written
exactly as they are.
"""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from perfex_api import actor, mail, options
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.php import serialize

NO_WORDS: Mapping[str, str] = {}


def _mail(slug: str, subject: str, sentence: str) -> tuple[str, mail.Template]:
    return slug, mail.Template(subject, f"Hi {{staff_firstname}},\n\n{sentence}\n{{link}}\n")


#: By language key: what the CRM calls the mail that goes with it, and its words where the CRM has none.
MAILS = {
    "not_assigned_lead_to_you": _mail(
        "new-lead-assigned", "New lead assigned to you", "the lead {lead_name} is yours now."
    ),
    "not_task_assigned_to_you": _mail(
        "task-assigned", "New task assigned to you: {task_name}", "the task {task_name} is yours now."
    ),
    "not_ticket_assigned_to_you": _mail(
        "ticket-assigned-to-admin",
        "Ticket assigned to you: {ticket_subject}",
        "the ticket {ticket_subject} is yours now.",
    ),
    "not_new_ticket_created": _mail(
        "new-ticket-created-staff", "New ticket: {ticket_subject}", "there is a new ticket: {ticket_subject}."
    ),
    "not_new_ticket_reply": _mail(
        "ticket-reply-to-admin",
        "New reply to the ticket {ticket_subject}",
        "the customer has replied to the ticket {ticket_subject}.",
    ),
}


def notify(
    db: Db,
    staffids: Iterable[int],
    key: str,
    *words: str,
    link: str,
    fields: Mapping[str, str] = NO_WORDS,
    linked_as: str = "",
) -> None:
    """Tell staff members what happened; whoever did it knows already.

    Args:
        db: The transaction.
        staffids: Whom; nobody is told twice.
        key: The language key of the sentence: ``not_assigned_lead_to_you``.
        words: What fills the sentence.
        link: The page about it, below the administration's address: ``tickets/ticket/7``.
        fields: The merge fields of the mail that goes with it, if one does.
        linked_as: The merge field that stands for the page's address in the CRM's own words: ``task_link``.
    """
    told = [staffid for staffid in dict.fromkeys(staffids) if staffid and staffid != db.staff_id]
    if not told:
        return
    notification = {
        "isread": 0,
        "isread_inline": 0,
        "date": options.now(db),
        "description": key,
        "fromuserid": db.staff_id,
        "fromclientid": 0,
        "from_fullname": actor.name(db),
        "link": link,
        "additional_data": serialize(list(words)),
    }
    db.execute(t.notifications.insert(), [notification | {"touserid": staffid} for staffid in told])
    if key in MAILS:
        page = db.site.page(f"admin/{link}") or ""
        known = {**fields, linked_as or "link": page, "link": page}
        mail.later(db, lambda: _letters(db, told, *MAILS[key], known))


def _letters(
    db: Db, staffids: list[int], slug: str, otherwise: mail.Template, fields: Mapping[str, str]
) -> Iterable[mail.Letter]:
    """A mail for each active one, in their own language."""
    member = t.staff.c
    query = sa.select(member.firstname, member.lastname, member.email, member.default_language)
    for person in rows.fetch(db, query.where(member.staffid.in_(staffids), member.active == 1)):
        template = mail.template(db, slug, person["default_language"] or "", otherwise)
        own = {f"staff_{name}": person[name] for name in ("firstname", "lastname", "email")}
        name = f"{person['firstname']} {person['lastname']}".strip()
        yield mail.Letter(template, {**fields, **own}, person["email"], name)
