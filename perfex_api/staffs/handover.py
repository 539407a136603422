"""When a staff member leaves: what they did passes to an heir, what was only theirs goes."""

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Db

#: What an heir takes over: who made, sold, answers for or works on something.
INHERITED = (
    t.clients.c.addedfrom,
    t.contract_comments.c.staffid,
    t.contract_renewals.c.renewed_by_staff_id,
    t.contracts.c.addedfrom,
    t.creditnote_refunds.c.staff_id,
    t.creditnotes.c.addedfrom,
    t.credits.c.staff_id,
    t.estimate_request_forms.c.responsible,
    t.estimate_requests.c.assigned,
    t.estimates.c.addedfrom,
    t.estimates.c.sale_agent,
    t.expenses.c.addedfrom,
    t.files.c.staffid,
    t.invoices.c.addedfrom,
    t.invoices.c.sale_agent,
    t.leads.c.addedfrom,
    t.leads.c.assigned,
    t.leads_email_integration.c.responsible,
    t.newsfeed_post_comments.c.userid,
    t.newsfeed_posts.c.creator,
    t.notes.c.addedfrom,
    t.project_files.c.staffid,
    t.projectdiscussioncomments.c.staff_id,
    t.projectdiscussions.c.staff_id,
    t.projects.c.addedfrom,
    t.proposal_comments.c.staffid,
    t.proposals.c.addedfrom,
    t.proposals.c.assigned,
    t.subscriptions.c.created_from,
    t.task_checklist_items.c.addedfrom,
    t.task_checklist_items.c.assigned,
    t.task_checklist_items.c.finished_from,
    t.task_comments.c.staffid,
    t.taskstimers.c.staff_id,
    t.templates.c.addedfrom,
    t.ticket_replies.c.admin,
    t.tickets.c.admin,
    t.tickets.c.assigned,
    t.vault.c.creator,
    t.web_to_lead.c.responsible,
)
#: The same, where the column may hold a contact's id instead, as another column tells.
INHERITED_FROM_STAFF = (
    (t.task_assigned.c.assigned_from, t.task_assigned.c.is_assigned_from_contact),
    (t.tasks.c.addedfrom, t.tasks.c.is_added_from_contact),
)
#: What goes with them: their desk, their memberships, what was addressed to them.
PERSONAL = (
    t.customer_admins.c.staff_id,
    t.events.c.userid,
    t.filters.c.staff_id,
    t.newsfeed_comment_likes.c.userid,
    t.newsfeed_post_likes.c.userid,
    t.notifications.c.touserid,
    t.pinned_projects.c.staff_id,
    t.project_members.c.staff_id,
    t.project_notes.c.staff_id,
    t.reminders.c.creator,
    t.reminders.c.staff,
    t.staff_departments.c.staffid,
    t.staff_permissions.c.staff_id,
    t.task_assigned.c.staffid,
    t.task_followers.c.staffid,
    t.todos.c.staffid,
    t.user_meta.c.staff_id,
)


def leave(db: Db, staffid: int, heir: int) -> None:
    """Erase a staff member.

    The logs keep their number beside their name: they say who did it. Tokens of ours that act for them end.

    Args:
        db: The transaction.
        staffid: Who leaves.
        heir: Who takes over: another one, who exists.
    """
    for column in INHERITED:
        _hand_over(db, column, staffid, heir)
    for column, by_contact in INHERITED_FROM_STAFF:
        _hand_over(db, column, staffid, heir, by_contact == 0)
    if db.live.has_column(t.tickets.c.staff_id_replying):
        nobody = {"staff_id_replying": None, "adminreplying": 0}
        rows.update_all(db, t.tickets, nobody, t.tickets.c.staff_id_replying == staffid)
    for column in PERSONAL:
        rows.delete(db, column.table, column == staffid)
    rows.delete(db, t.notes, t.notes.c.rel_type == "staff", t.notes.c.rel_id == staffid)
    staff = t.dismissed_announcements.c.staff
    rows.delete(db, staff.table, staff == 1, t.dismissed_announcements.c.userid == staffid)
    rows.delete(db, t.user_auto_login, t.user_auto_login.c.staff == 1, t.user_auto_login.c.user_id == staffid)
    token = t.api_tokens.c
    mine = (token.staff_id == staffid, token.revoked_at.is_(None))
    rows.update_all(db, t.api_tokens, {"revoked_at": utcnow()}, *mine)
    rows.delete(db, t.staff, t.staff.c.staffid == staffid)
    db.hooks.deleted(db, "staff", [staffid])


def _hand_over(
    db: Db, column: sa.Column[int], staffid: int, heir: int, *where: sa.ColumnElement[bool]
) -> None:
    if db.live.has_column(column):
        rows.update_all(db, column.table, {column.name: heir}, column == staffid, *where)
