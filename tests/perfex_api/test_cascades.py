"""What goes with a record: afterwards the database is as if the record had never been there."""

import re

import pytest
import sqlalchemy as sa
from contract import stored
from make import (
    make_contact,
    make_contract,
    make_custom_field,
    make_custom_field_value,
    make_customer,
    make_customer_group,
    make_estimate,
    make_expense,
    make_invoice,
    make_lead,
    make_project,
    make_proposal,
    make_row,
    make_task,
    make_ticket,
    set_option,
)

from perfex_api import cascades
from perfex_api import tables as t
from perfex_api.core import rows

contract = pytest.mark.contract

#: What the shared tables call the records that are erased here, and which of those tables know them.
RELATED = {
    "customer": (t.notes, t.reminders, t.files),
    "contract": (t.notes, t.files, t.tracked_mails),
    "proposal": (
        t.notes,
        t.files,
        t.taggables,
        t.reminders,
        t.views_tracking,
        t.tracked_mails,
        t.itemable,
        t.item_tax,
    ),
    "project": (t.notes, t.taggables),
    "expense": (t.notes, t.files, t.reminders, t.related_items),
    "subscription": (t.tracked_mails,),
    "task": (t.notes, t.files, t.taggables, t.reminders, t.related_items),
    "ticket": (t.notes, t.taggables, t.reminders),
    "timesheet": (t.taggables,),
}
#: Columns by which a table can belong to an erased record.
OWNERS = re.compile(
    r"client(_?id)?|customer_id|contact_?id|rel_type|task_?id|ticketid|project_?id|proposalid|contract_?id"
    r"|discussion_id|merged_ticket_id|relid|item_?id|user_?id|email"
)
#: Tables with such a column whose rows do not belong to an erased record.
NOT_OWNED = {
    "announcements": "userid is a name",
    "clients": "the record",
    "creditnotes": "forbid the deletion, or stay without a customer",
    "departments": "email is the department's",
    "estimate_requests": "email is a stranger's",
    "estimates": "forbid the deletion, or stay without a customer",
    "events": "userid is a staff member",
    "invoices": "forbid the deletion, or stay without a customer",
    "leads": "stay without a customer",
    "leads_email_integration": "email is a mailbox",
    "newsfeed_comment_likes": "userid is a staff member",
    "newsfeed_post_comments": "userid is a staff member",
    "newsfeed_post_likes": "userid is a staff member",
    "sales_activity": "of invoices and estimates",
    "scheduled_emails": "of invoices and estimates",
    "staff": "email is the staff member's",
}


# -- a customer with everything that there is -----------------------------------------------------------


class Seed:
    """Adds a customer, and one or more rows to every table that can belong to one."""

    def __init__(self, db):
        self.db = db
        self.fields = {}

    def __call__(self, table, **columns):
        return make_row(self.db, table, **columns)

    def related(self, rel_type, rel_id):
        """The rows of the shared tables."""
        for table in RELATED[rel_type]:
            record = self(table, rel_type=rel_type, rel_id=rel_id)
            if table is t.itemable:
                self(t.related_items, rel_type="task", rel_id=12345, item_id=record)
                self.value("items", record)

    def value(self, fieldto, record_id):
        """A custom field value."""
        if fieldto not in self.fields:
            self.fields[fieldto] = make_custom_field(self.db, fieldto)
        make_custom_field_value(self.db, fieldto, record_id, self.fields[fieldto], "x")

    def customer(self):
        customer = make_customer(self.db)
        self.value("customers", customer)
        self.related("customer", customer)
        self(t.customer_admins, customer_id=customer, staff_id=1)
        self(t.customer_groups, customer_id=customer, groupid=make_customer_group(self.db))
        self(t.vault, customer_id=customer)
        self(t.user_meta, client_id=customer, meta_key="x")
        self.related("subscription", self(t.subscriptions, clientid=customer))
        project = self.project(clientid=customer)
        contact = self.contact(customer, project)
        self.ticket(userid=customer, contactid=contact)
        self.ticket(userid=customer)
        self.contract(client=customer)
        self.proposal(rel_type="customer", rel_id=customer)
        self.expense(clientid=customer)
        self.task(rel_type="customer", rel_id=customer)
        return customer

    def contact(self, customer, project):
        """A contact, with what it left in a project."""
        email = f"of{project}@example.com"
        contact = make_contact(self.db, userid=customer, email=email)
        self.value("contacts", contact)
        self(t.consents, contact_id=contact)
        self(t.shared_customer_files, contact_id=contact, file_id=1)
        self(t.dismissed_announcements, userid=contact, staff=0)
        self(t.contact_permissions, userid=contact, permission_id=1)
        self(t.user_auto_login, user_id=contact, staff=0, key_id="k")
        self(t.user_meta, contact_id=contact, meta_key="x")
        self(t.files, contact_id=contact, rel_type="invoice", rel_id=12345)
        self(t.task_comments, contact_id=contact, taskid=12345)
        file = self(t.project_files, contact_id=contact, project_id=project)
        self(t.projectdiscussioncomments, discussion_type="file", discussion_id=file)
        discussion = self(t.projectdiscussions, contact_id=contact, project_id=project)
        self(t.projectdiscussioncomments, discussion_type="regular", discussion_id=discussion)
        self(t.projectdiscussioncomments, contact_id=contact, discussion_type="regular", discussion_id=12345)
        self(t.mail_queue, email=email)
        self.ticket(userid=12345, contactid=contact)
        self.task(is_added_from_contact=1, addedfrom=contact)
        return contact

    def ticket(self, **owner):
        ticket = make_ticket(self.db, **owner)
        self.value("tickets", ticket)
        self.related("ticket", ticket)
        reply = self(t.ticket_replies, ticketid=ticket)
        self(t.ticket_attachments, ticketid=ticket, replyid=reply)
        self(t.ticket_attachments, ticketid=ticket)
        self.task(rel_type="ticket", rel_id=ticket)
        return ticket

    def contract(self, **owner):
        agreement = make_contract(self.db, **owner)
        self.value("contracts", agreement)
        self.related("contract", agreement)
        self(t.contract_comments, contract_id=agreement)
        self(t.contract_renewals, contractid=agreement)
        self.task(rel_type="contract", rel_id=agreement)
        return agreement

    def proposal(self, **owner):
        proposal = make_proposal(self.db, **owner)
        self.value("proposal", proposal)
        self.related("proposal", proposal)
        self(t.proposal_comments, proposalid=proposal)
        self.task(rel_type="proposal", rel_id=proposal)
        return proposal

    def project(self, **owner):
        project = make_project(self.db, **owner)
        self.value("projects", project)
        self.related("project", project)
        for table in (
            t.project_members,
            t.project_notes,
            t.milestones,
            t.project_settings,
            t.project_activity,
            t.pinned_projects,
        ):
            self(table, project_id=project)
        discussion = self(t.projectdiscussions, project_id=project)
        self(t.projectdiscussioncomments, discussion_type="regular", discussion_id=discussion)
        file = self(t.project_files, project_id=project)
        self(t.projectdiscussioncomments, discussion_type="file", discussion_id=file)
        self.task(rel_type="project", rel_id=project)
        return project

    def expense(self, **owner):
        expense = make_expense(self.db, category=1, **owner)
        self.value("expenses", expense)
        self.related("expense", expense)
        self.task(rel_type="expense", rel_id=expense)
        return expense

    def task(self, **owner):
        task = make_task(self.db, **owner)
        self.value("tasks", task)
        self.related("task", task)
        for table in (t.task_followers, t.task_assigned, t.task_comments, t.task_checklist_items):
            self(table, taskid=task)
        self.related("timesheet", self(t.taskstimers, task_id=task))
        self(t.user_meta, staff_id=1, meta_key=f"task-hide-completed-items-{task}")
        return task


def namesakes(seed):
    """Rows of others that have the same numbers as the erased records: of staff, of invoices, of leads."""
    for number in range(1, 25):
        for table in dict.fromkeys(table for tables in RELATED.values() for table in tables):
            seed(table, rel_type="invoice", rel_id=number)
        for fieldto in ("leads", "staff", "invoice"):
            seed.value(fieldto, number)
        seed(t.dismissed_announcements, userid=number, staff=1)
        seed(t.user_auto_login, user_id=number, staff=1, key_id="k")
        seed(t.user_meta, staff_id=number, meta_key="x")
        seed(t.projectdiscussioncomments, discussion_type="other", discussion_id=number)
        make_task(seed.db, addedfrom=number)
        make_proposal(seed.db, rel_type="lead", rel_id=number)


@pytest.fixture
def contents(transaction):
    """Read every row of every table of the CRM, but the log."""

    def read():
        with transaction() as db:
            return {
                table.name: sorted(map(repr, db.execute(sa.select(table)).all()))
                for table in t.crm.sorted_tables
                if table is not t.activity_log
            }

    return read


@pytest.fixture
def seeded(transaction, contents):
    """Give a database full of others' records one record more: the record, and what was there before."""

    def add(make_one):
        with transaction() as db:
            seed = Seed(db)
            seed.customer()
            namesakes(seed)
            for each in ("customer", "contract", "proposal", "project", "expense", "task"):
                seed.related(each, 54321)
        before = contents()
        with transaction() as db:
            again = Seed(db)
            again.fields = seed.fields
            return make_one(again), before

    return add


def lost_and_left(before, after):
    """By table: the rows that are gone though they were others', and those that are left though they went."""
    differing = (name for name in before if before[name] != after[name])
    return {
        name: (set(before[name]) - set(after[name]), set(after[name]) - set(before[name]))
        for name in differing
    }


@contract("customers.delete")
def test_nothing_of_a_deleted_customer_is_left_and_nothing_of_others_is_gone(api, seeded, contents):
    customer, before = seeded(Seed.customer)
    assert api.delete(f"customers/{customer}").status_code == 200
    groups = t.customers_groups.name  # the group itself stays
    before[groups] = contents()[groups]
    assert lost_and_left(before, contents()) == {}


@contract("contacts.delete")
def test_nothing_of_a_deleted_contact_is_left_and_nothing_of_others_is_gone(api, make, seeded, contents):
    contact, before = seeded(lambda seed: seed.contact(1, 12345))
    assert api.delete(f"contacts/{contact}").status_code == 200
    assert lost_and_left(before, contents()) == {}


@pytest.mark.parametrize(
    ("kind", "owner"),
    [
        ("ticket", {"userid": 1}),
        ("contract", {"client": 1}),
        ("proposal", {"rel_type": "customer", "rel_id": 1}),
        ("project", {"clientid": 1}),
        ("expense", {"clientid": 1}),
        ("task", {"rel_type": "customer", "rel_id": 1}),
    ],
)
def test_every_cascade_takes_what_belongs_to_its_records_alone(transaction, seeded, contents, kind, owner):
    ones, before = seeded(lambda seed: [getattr(seed, kind)(**owner) for _ in range(2)])
    with transaction() as db:
        getattr(cascades, f"{kind}s")(db, ones)
    assert lost_and_left(before, contents()) == {}


def test_a_cascade_of_nothing_takes_nothing(transaction, seeded, contents):
    seeded(lambda seed: None)
    before = contents()
    every = [rule for rule in vars(cascades).values() if hasattr(rule, "__wrapped__")]
    assert len(every) >= 8
    with transaction() as db:
        for cascade in every:
            cascade(db, [])
    assert contents() == before


def test_a_cascade_takes_more_records_than_a_statement_can_name(transaction, make, monkeypatch):
    monkeypatch.setattr(rows, "MOST_VALUES", 3)
    tickets = [make(make_ticket) for _ in range(8)]
    for ticket in tickets:
        make(make_row, t.ticket_replies, ticketid=ticket)
        make(make_task, rel_type="ticket", rel_id=ticket)
    with transaction() as db:
        cascades.tickets(db, tickets[1:])
    assert stored.values(transaction, t.tickets.c.ticketid) == tickets[:1]
    assert stored.values(transaction, t.ticket_replies.c.ticketid) == tickets[:1]
    assert stored.values(transaction, t.tasks.c.rel_id) == tickets[:1]


def test_every_table_that_can_belong_to_a_customer_is_thought_of(transaction, contents):
    before = contents()
    with transaction() as db:
        Seed(db).customer()
    after = contents()
    filled = {name.removeprefix(t.PREFIX) for name in after if before[name] != after[name]}
    owned = {
        str(table.info["name"])
        for table in t.crm.sorted_tables
        if any(OWNERS.fullmatch(column.name) for column in table.c)
    }
    assert owned - filled == set(NOT_OWNED) - {"clients"}


# -- what stays -----------------------------------------------------------------------------------------


@contract("customers.delete")
def test_leads_and_documents_stay_without_the_customer(api, make, transaction):
    make(set_option, "enable_gdpr", "1")
    customer = make(make_customer)
    subscription = make(make_row, t.subscriptions, clientid=customer)
    lead = make(make_lead, client_id=customer)
    invoice = make(make_invoice, clientid=customer, subscription_id=subscription)
    api.delete(f"customers/{customer}")
    assert stored.row(transaction, t.leads, lead)["client_id"] == 0
    kept = stored.row(transaction, t.invoices, invoice)
    assert (kept["clientid"], kept["subscription_id"]) == (0, 0)


@contract("customers.delete")
def test_what_belonged_to_a_project_stays_without_it(api, make, transaction):
    customer = make(make_customer)
    project = make(make_project, clientid=customer)
    zero = {
        t.expenses: make(make_expense, project_id=project),
        t.invoices: make(make_invoice, project_id=project),
        t.estimates: make(make_estimate, project_id=project),
        t.creditnotes: make(make_row, t.creditnotes, project_id=project),
        t.tickets: make(make_ticket, project_id=project),
    }
    null = {
        t.contracts: make(make_contract, project_id=project),
        t.proposals: make(make_proposal, project_id=project),
    }
    assert api.delete(f"customers/{customer}").status_code == 200
    assert [stored.row(transaction, table, one)["project_id"] for table, one in zero.items()] == [0] * 5
    assert [stored.row(transaction, table, one)["project_id"] for table, one in null.items()] == [None] * 2


def test_tickets_that_were_merged_into_a_deleted_one_stand_alone(make, transaction):
    ticket = make(make_ticket)
    merged = make(make_ticket, merged_ticket_id=ticket)
    with transaction() as db:
        cascades.tickets(db, [ticket])
    assert stored.row(transaction, t.tickets, merged)["merged_ticket_id"] is None


def test_expenses_that_recurred_from_a_deleted_one_stand_alone(make, transaction):
    expense = make(make_expense)
    child = make(make_expense, recurring_from=expense)
    with transaction() as db:
        cascades.expenses(db, [expense])
    assert stored.row(transaction, t.expenses, child)["recurring_from"] is None


@contract("customers.delete")
def test_a_delete_that_fails_leaves_everything(api, make, seeded, contents, monkeypatch):
    customer, _ = seeded(Seed.customer)
    before = contents()
    monkeypatch.setattr("perfex_api.activity.note", lambda *_: 1 / 0)
    assert api.delete(f"customers/{customer}").status_code == 500
    assert lost_and_left(before, contents()) == {}
