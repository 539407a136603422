"""What goes with a record that is deleted (docs/compatibility.md, section 11).

Each function erases records of one kind by their ids, with everything that hangs on them, and tells the
hooks. Deletes are set-based: their number of statements does not depend on the number of records.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import sqlalchemy as sa

from perfex_api import attachments, sales_activity
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db

Ids = Sequence[int]
Erase = Callable[[Db, Ids], None]


def in_parts(erase: Erase) -> Erase:
    """Let a cascade take any number of records, none included: a statement names only so many."""

    @wraps(erase)
    def each_part(db: Db, ids: Ids) -> None:
        for start in range(0, len(ids), rows.MOST_VALUES):
            erase(db, ids[start : start + rows.MOST_VALUES])

    return each_part


@in_parts
def customers(db: Db, ids: Ids) -> None:
    """Erase customers; the caller has checked that nothing forbids it.

    Documents that stay lose their customer: their ``clientid`` becomes 0, recurring ones stop.
    """
    contacts(db, rows.ids(db, t.contacts.c.id, t.contacts.c.userid.in_(ids)))
    tickets(db, rows.ids(db, t.tickets.c.ticketid, t.tickets.c.userid.in_(ids)))
    contracts(db, rows.ids(db, t.contracts.c.id, t.contracts.c.client.in_(ids)))
    proposals(db, _related(db, t.proposals, "customer", ids))
    projects(db, rows.ids(db, t.projects.c.id, t.projects.c.clientid.in_(ids)))
    expenses(db, rows.ids(db, t.expenses.c.id, t.expenses.c.clientid.in_(ids)))
    tasks(db, _related(db, t.tasks, "customer", ids))
    subscriptions(db, rows.ids(db, t.subscriptions.c.id, t.subscriptions.c.clientid.in_(ids)))
    _clear_related(db, "customer", ids, t.notes, t.reminders)
    attachments.clear(db, "customer", ids)
    for column in (
        t.customer_admins.c.customer_id,
        t.customer_groups.c.customer_id,
        t.vault.c.customer_id,
        t.user_meta.c.client_id,
    ):
        rows.delete(db, column.table, column.in_(ids))
    recurrence = {"recurring": 0, "recurring_type": None, "cycles": 0, "custom_recurring": 0}
    _set(db, t.invoices.c.clientid, ids, {"clientid": 0} | recurrence)
    for column in (t.creditnotes.c.clientid, t.estimates.c.clientid):
        _set(db, column, ids, {"clientid": 0})
    _set(db, t.leads.c.client_id, ids, {"client_id": 0})
    rows.delete(db, t.clients, t.clients.c.userid.in_(ids))
    db.hooks.deleted(db, "customers", ids)


@in_parts
def contacts(db: Db, ids: Ids) -> None:
    """Erase contacts, the tickets they opened, and their traces."""
    emails = list(db.execute(sa.select(t.contacts.c.email).where(t.contacts.c.id.in_(ids))).scalars())
    tickets(db, rows.ids(db, t.tickets.c.ticketid, t.tickets.c.contactid.in_(ids)))
    by_contact = (t.tasks.c.is_added_from_contact == 1, t.tasks.c.addedfrom.in_(ids))
    tasks(db, rows.ids(db, t.tasks.c.id, *by_contact))
    _discussions(db, t.projectdiscussions.c.contact_id.in_(ids))
    _comments(db, "file", rows.ids(db, t.project_files.c.id, t.project_files.c.contact_id.in_(ids)))
    for column, *others in (
        (t.consents.c.contact_id,),
        (t.shared_customer_files.c.contact_id,),
        (t.dismissed_announcements.c.userid, t.dismissed_announcements.c.staff == 0),
        (t.contact_permissions.c.userid,),
        (t.user_auto_login.c.user_id, t.user_auto_login.c.staff == 0),
        (t.task_comments.c.contact_id,),
        (t.projectdiscussioncomments.c.contact_id,),
        (t.user_meta.c.contact_id,),
    ):
        rows.delete(db, column.table, column.in_(ids), *others)
    attachments.clear_of_contacts(db, ids)
    rows.delete(db, t.mail_queue, t.mail_queue.c.email.in_(emails))
    rows.delete(db, t.contacts, t.contacts.c.id.in_(ids))
    db.hooks.deleted(db, "contacts", ids)


@in_parts
def tickets(db: Db, ids: Ids) -> None:
    """Erase tickets with their replies; tickets merged into them become independent again."""
    if db.live.has_column(t.tickets.c.merged_ticket_id):
        _set(db, t.tickets.c.merged_ticket_id, ids, {"merged_ticket_id": None})
    tasks(db, _related(db, t.tasks, "ticket", ids))
    attachments.clear(db, "ticket", ids)
    rows.delete(db, t.ticket_replies, t.ticket_replies.c.ticketid.in_(ids))
    _clear_related(db, "ticket", ids, t.notes, t.taggables, t.reminders)
    rows.delete(db, t.tickets, t.tickets.c.ticketid.in_(ids))
    db.hooks.deleted(db, "tickets", ids)


@in_parts
def contracts(db: Db, ids: Ids) -> None:
    """Erase contracts with their comments and renewals."""
    tasks(db, _related(db, t.tasks, "contract", ids))
    rows.delete(db, t.contract_comments, t.contract_comments.c.contract_id.in_(ids))
    rows.delete(db, t.contract_renewals, t.contract_renewals.c.contractid.in_(ids))
    _clear_related(db, "contract", ids, t.notes, t.tracked_mails)
    attachments.clear(db, "contract", ids)
    rows.delete(db, t.contracts, t.contracts.c.id.in_(ids))
    db.hooks.deleted(db, "contracts", ids)


@in_parts
def leads(db: Db, ids: Ids) -> None:
    """Erase leads; a customer that was made from one stays, and remembers its number."""
    proposals(db, _related(db, t.proposals, "lead", ids))
    tasks(db, _related(db, t.tasks, "lead", ids))
    for column in (
        t.lead_activity_log.c.leadid,
        t.lead_integration_emails.c.leadid,
        t.consents.c.lead_id,
    ):
        rows.delete(db, column.table, column.in_(ids))
    _clear_related(db, "lead", ids, t.notes, t.reminders, t.taggables)
    attachments.clear(db, "lead", ids)
    rows.delete(db, t.leads, t.leads.c.id.in_(ids))
    db.hooks.deleted(db, "leads", ids)


@in_parts
def proposals(db: Db, ids: Ids) -> None:
    """Erase proposals with their comments and lines."""
    tasks(db, _related(db, t.tasks, "proposal", ids))
    rows.delete(db, t.proposal_comments, t.proposal_comments.c.proposalid.in_(ids))
    lines(db, "proposal", ids)
    _clear_related(db, "proposal", ids, t.notes, t.taggables, t.reminders, t.views_tracking, t.tracked_mails)
    attachments.clear(db, "proposal", ids)
    rows.delete(db, t.proposals, t.proposals.c.id.in_(ids))
    db.hooks.deleted(db, "proposal", ids)


@in_parts
def invoices(db: Db, ids: Ids) -> None:
    """Erase invoices with their lines and payments; what they billed may be billed again.

    Estimates and proposals that became these invoices are open once more, credits go back to their notes.
    """
    _set(db, t.tasks.c.invoice_id, ids, {"invoice_id": 0, "billed": 0})
    _set(db, t.expenses.c.invoiceid, ids, {"invoiceid": None})
    _set(db, t.proposals.c.invoice_id, ids, {"invoice_id": None, "date_converted": None})
    for estimate_id in rows.ids(db, t.estimates.c.id, t.estimates.c.invoiceid.in_(ids)):
        sales_activity.note(db, "estimate", estimate_id, ("not_estimate_invoice_deleted",))
    _set(db, t.estimates.c.invoiceid, ids, {"invoiceid": None, "invoiced_date": None})
    _set(db, t.invoices.c.is_recurring_from, ids, {"is_recurring_from": None})
    tasks(db, _related(db, t.tasks, "invoice", ids))
    rows.delete(db, t.related_items, t.related_items.c.item_id.in_(_related(db, t.itemable, "invoice", ids)))
    lines(db, "invoice", ids)
    rows.delete(db, t.invoicepaymentrecords, t.invoicepaymentrecords.c.invoiceid.in_(ids))
    notes = rows.ids(db, t.credits.c.credit_id, t.credits.c.invoice_id.in_(ids))
    rows.delete(db, t.credits, t.credits.c.invoice_id.in_(ids))
    close_or_open_credit_notes(db, notes)
    _clear_related(db, "invoice", ids, t.notes, t.reminders, t.taggables, t.views_tracking)
    _clear_related(db, "invoice", ids, t.tracked_mails, t.scheduled_emails, t.sales_activity)
    attachments.clear(db, "invoice", ids)
    rows.delete(db, t.invoices, t.invoices.c.id.in_(ids))
    db.hooks.deleted(db, "invoice", ids)


def estimates(db: Db, ids: Ids) -> None:
    """Erase estimates with their lines; a proposal that became one is open once more."""
    if not ids:
        return
    _set(db, t.proposals.c.estimate_id, ids, {"estimate_id": None, "date_converted": None})
    tasks(db, _related(db, t.tasks, "estimate", ids))
    lines(db, "estimate", ids)
    _clear_related(db, "estimate", ids, t.notes, t.reminders, t.taggables, t.views_tracking)
    _clear_related(db, "estimate", ids, t.tracked_mails, t.scheduled_emails, t.sales_activity)
    attachments.clear(db, "estimate", ids)
    rows.delete(db, t.estimates, t.estimates.c.id.in_(ids))
    db.hooks.deleted(db, "estimate", ids)


def credit_notes(db: Db, ids: Ids) -> None:
    """Erase credit notes with their lines and refunds, and take their credits off invoices."""
    if not ids:
        return
    lines(db, "credit_note", ids)
    rows.delete(db, t.credits, t.credits.c.credit_id.in_(ids))
    rows.delete(db, t.creditnote_refunds, t.creditnote_refunds.c.credit_note_id.in_(ids))
    _clear_related(db, "credit_note", ids, t.notes, t.reminders, t.tracked_mails)
    attachments.clear(db, "credit_note", ids)
    rows.delete(db, t.creditnotes, t.creditnotes.c.id.in_(ids))
    db.hooks.deleted(db, "credit_note", ids)


def close_or_open_credit_notes(db: Db, ids: Ids) -> None:
    """Close (2) the credit notes all of which was applied or refunded, and open (1) the others.

    A void one (3) stays void: that was somebody's decision.
    """
    note, credit, refund = t.creditnotes.c, t.credits.c, t.creditnote_refunds.c
    applied = sa.select(sa.func.sum(credit.amount)).where(credit.credit_id == note.id).scalar_subquery()
    refunded = sa.select(sa.func.sum(refund.amount)).where(refund.credit_note_id == note.id).scalar_subquery()
    used = sa.func.coalesce(applied, 0) + sa.func.coalesce(refunded, 0)
    status = sa.case((note.total == used, 2), else_=1)
    wanted = note.id.in_(ids), note.status.is_distinct_from(3)
    db.execute(t.creditnotes.update().where(*wanted).values(status=status))


def lines(db: Db, rel_type: str, ids: Ids) -> None:
    """Erase the lines and taxes of sales documents.

    Args:
        db: The transaction.
        rel_type: What the line tables call the documents: ``invoice``, ``estimate``, ...
        ids: The documents.
    """
    gone = _related(db, t.itemable, rel_type, ids)
    _clear_related(db, rel_type, ids, t.itemable, t.item_tax)
    rows.delete(db, t.related_items, t.related_items.c.item_id.in_(gone))
    db.hooks.deleted(db, "items", gone)


@in_parts
def projects(db: Db, ids: Ids) -> None:
    """Erase projects; documents of theirs stay, without a project."""
    tasks(db, _related(db, t.tasks, "project", ids))
    _discussions(db, t.projectdiscussions.c.project_id.in_(ids))
    _comments(db, "file", rows.ids(db, t.project_files.c.id, t.project_files.c.project_id.in_(ids)))
    for table in (
        t.project_members,
        t.project_notes,
        t.milestones,
        t.project_settings,
        t.project_activity,
        t.pinned_projects,
    ):
        rows.delete(db, table, table.c.project_id.in_(ids))
    attachments.clear(db, "project", ids)
    _clear_related(db, "project", ids, t.notes, t.taggables)
    for table in (t.expenses, t.invoices, t.creditnotes, t.estimates, t.subscriptions, t.tickets):
        _set(db, table.c.project_id, ids, {"project_id": 0})
    for table in (t.contracts, t.proposals):
        _set(db, table.c.project_id, ids, {"project_id": None})
    rows.delete(db, t.projects, t.projects.c.id.in_(ids))
    db.hooks.deleted(db, "projects", ids)


@in_parts
def milestones(db: Db, ids: Ids) -> None:
    """Erase milestones; their tasks stay, without a milestone."""
    leave_milestones(db, ids)
    rows.delete(db, t.milestones, t.milestones.c.id.in_(ids))


def leave_milestones(db: Db, ids: Ids) -> None:
    """Take the tasks out of these milestones."""
    _set(db, t.tasks.c.milestone, ids, {"milestone": 0})


@in_parts
def expenses(db: Db, ids: Ids) -> None:
    """Erase expenses; those that recurred from them stand alone."""
    tasks(db, _related(db, t.tasks, "expense", ids))
    _clear_related(db, "expense", ids, t.notes, t.reminders, t.related_items)
    attachments.clear(db, "expense", ids)
    _set(db, t.expenses.c.recurring_from, ids, {"recurring_from": None})
    rows.delete(db, t.expenses, t.expenses.c.id.in_(ids))
    db.hooks.deleted(db, "expenses", ids)


@in_parts
def subscriptions(db: Db, ids: Ids) -> None:
    """Erase subscriptions; the invoices that they made stay."""
    _set(db, t.invoices.c.subscription_id, ids, {"subscription_id": 0})
    _clear_related(db, "subscription", ids, t.tracked_mails)
    rows.delete(db, t.subscriptions, t.subscriptions.c.id.in_(ids))
    db.hooks.deleted(db, "subscriptions", ids)


@in_parts
def tasks(db: Db, ids: Ids) -> None:
    """Erase tasks with assignees, comments, checklists and timers."""
    for column in (
        t.task_followers.c.taskid,
        t.task_assigned.c.taskid,
        t.task_comments.c.taskid,
        t.task_checklist_items.c.taskid,
    ):
        rows.delete(db, column.table, column.in_(ids))
    _clear_related(db, "task", ids, t.notes, t.taggables, t.reminders, t.related_items)
    attachments.clear(db, "task", ids)
    keys = [f"task-hide-completed-items-{task_id}" for task_id in ids]
    rows.delete(db, t.user_meta, t.user_meta.c.meta_key.in_(keys))
    timesheets(db, rows.ids(db, t.taskstimers.c.id, t.taskstimers.c.task_id.in_(ids)))
    rows.delete(db, t.tasks, t.tasks.c.id.in_(ids))
    db.hooks.deleted(db, "tasks", ids)


@in_parts
def timesheets(db: Db, ids: Ids) -> None:
    """Erase timesheets with their tags."""
    _clear_related(db, "timesheet", ids, t.taggables)
    rows.delete(db, t.taskstimers, t.taskstimers.c.id.in_(ids))


def _discussions(db: Db, *where: sa.ColumnElement[bool]) -> None:
    """Erase discussions of projects with their comments."""
    gone = rows.ids(db, t.projectdiscussions.c.id, *where)
    _comments(db, "regular", gone)
    rows.delete(db, t.projectdiscussions, t.projectdiscussions.c.id.in_(gone))


def _comments(db: Db, discussion_type: str, ids: Ids) -> None:
    """Erase what was said in discussions, or about files of projects."""
    comment = t.projectdiscussioncomments.c
    about = (comment.discussion_type == discussion_type, comment.discussion_id.in_(ids))
    rows.delete(db, t.projectdiscussioncomments, *about)


def _related(db: Db, table: sa.Table, rel_type: str, ids: Ids) -> list[int]:
    """The ids of the records in ``table`` that belong to these records."""
    return rows.ids(db, rows.key(table), table.c.rel_type == rel_type, table.c.rel_id.in_(ids))


def _clear_related(db: Db, rel_type: str, ids: Ids, *tables: sa.Table) -> None:
    for table in tables:
        rows.delete(db, table, table.c.rel_type == rel_type, table.c.rel_id.in_(ids))


def _set(db: Db, column: sa.Column[Any], ids: Ids, values: dict[str, Any]) -> None:
    """Change the rows whose column is one of the ids."""
    if db.live.has_column(column):
        rows.update_all(db, column.table, values, column.in_(ids))
