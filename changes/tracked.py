"""What is tracked: which events of which resource a row of each table means.

A row is a record itself, whose creation, change and end are events; or it is a part of one (a line, a
payment, a tag, ...), whose every change is an update of that record. Columns of which no reader of the API
learns anything new (read flags, login stamps) are noise: their change is no event, but it is counted. Other
tables mean no record's change at all, and are counted too: answers are made from them (``changes.versions``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

#: What the CRM's shared tables call the records of each resource, in ``rel_type``.
RELATED = {
    "contact": "contacts",
    "contract": "contracts",
    "credit_note": "credit_notes",
    "customer": "customers",
    "estimate": "estimates",
    "expense": "expenses",
    "invoice": "invoices",
    "lead": "leads",
    "project": "projects",
    "proposal": "proposals",
    "staff": "staffs",
    "task": "tasks",
    "ticket": "tickets",
}
#: And what the values of custom fields do, in ``fieldto``.
WITH_FIELDS = {
    "contacts": "contacts",
    "contracts": "contracts",
    "credit_note": "credit_notes",
    "customers": "customers",
    "estimate": "estimates",
    "expenses": "expenses",
    "invoice": "invoices",
    "items_pr": "items",
    "leads": "leads",
    "projects": "projects",
    "proposal": "proposals",
    "staff": "staffs",
    "tasks": "tasks",
    "tickets": "tickets",
}
#: What is known of a person's logins.
_LOGINS = (
    *("last_ip", "last_login", "last_activity"),
    *("new_pass_key_requested", "email_verification_sent_at", "two_factor_auth_code_requested"),
)
#: And their secrets, for which every answer has null.
_SECRETS = (
    *("password", "new_pass_key", "email_verification_key"),
    *("two_factor_auth_code", "google_auth_secret"),
)


@dataclass(frozen=True)
class Meaning:
    """What the rows of a table mean for one resource, or for several that share it.

    Attributes:
        record: The column with the record's id.
        resource: Whose record it is; empty when ``kinds`` tells.
        kinds: The resource by what stands in the column ``kind``; rows with other words mean nothing.
        kind: That column.
        itself: The row is the record, not a part of it.
        columns: The columns that matter; empty: all but the noise.
        through: The table where ``record`` and ``kind`` stand, when the row only names one of its rows.
        by: The column of this table that names the row there, by its ``id``.
    """

    record: str
    resource: str = ""
    kinds: Mapping[str, str] | None = None
    kind: str = ""
    itself: bool = False
    columns: tuple[str, ...] = ()
    through: str = ""
    by: str = ""


@dataclass(frozen=True)
class Tracked:
    """A table whose changes are captured.

    Attributes:
        meanings: What its rows mean; none: no record's change.
        noise: Columns whose change alone is no event, though it is counted.
        hidden: Columns whose change alone is nothing: no answer shows them.
    """

    meanings: tuple[Meaning, ...] = ()
    noise: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


def _records(resource: str, key: str = "id", *others: Meaning, noise: tuple[str, ...] = ()) -> Tracked:
    return Tracked((Meaning(key, resource, itself=True), *others), noise)


def _persons(resource: str, key: str) -> Tracked:
    return Tracked((Meaning(key, resource, itself=True),), _LOGINS, _SECRETS)


def _parts(resource: str, record: str) -> Tracked:
    return Tracked((Meaning(record, resource),))


_RELATED = Tracked((Meaning("rel_id", kinds=RELATED, kind="rel_type"),))

#: By the table's name without the prefix.
TABLES: dict[str, Tracked] = {
    "clients": _records("customers", "userid"),
    "contacts": _persons("contacts", "id"),
    "contracts": _records("contracts"),
    "creditnotes": _records("credit_notes"),
    "estimates": _records("estimates"),
    "events": _records("calendar", "eventid"),
    "expenses": _records("expenses"),
    "invoicepaymentrecords": _records("payments", "id", Meaning("invoiceid", "invoices")),
    "invoices": _records("invoices"),
    "items": _records("items"),
    "leads": _records("leads"),
    "milestones": _records("milestones"),
    "projects": _records("projects"),
    "proposals": _records("proposals"),
    "staff": _persons("staffs", "staffid"),
    "subscriptions": _records("subscriptions"),
    # A milestone shows how many tasks it has, and how many of them are done.
    "tasks": _records("tasks", "id", Meaning("milestone", "milestones", columns=("milestone", "status"))),
    "taskstimers": _records("timesheets", "id", Meaning("task_id", "tasks")),
    "tickets": _records(
        "tickets",
        "ticketid",
        noise=("adminread", "clientread", "adminreplying", "staff_id_replying"),
    ),
    "itemable": _RELATED,
    "item_tax": _RELATED,
    "taggables": _RELATED,
    "files": _RELATED,
    "scheduled_emails": _RELATED,
    "customfieldsvalues": Tracked(
        (
            Meaning("relid", kinds=WITH_FIELDS, kind="fieldto"),
            # A value of a line belongs to the document that the line is in.
            Meaning("rel_id", kinds=RELATED, kind="rel_type", through="itemable", by="relid"),
        )
    ),
    "contact_permissions": _parts("contacts", "userid"),
    "contract_renewals": _parts("contracts", "contractid"),
    "creditnote_refunds": _parts("credit_notes", "credit_note_id"),
    "credits": Tracked((Meaning("credit_id", "credit_notes"), Meaning("invoice_id", "invoices"))),
    "customer_admins": _parts("customers", "customer_id"),
    "customer_groups": _parts("customers", "customer_id"),
    "project_files": Tracked((Meaning("project_id", "projects"),), noise=("last_activity",)),
    "project_members": _parts("projects", "project_id"),
    "project_settings": _parts("projects", "project_id"),
    "staff_departments": _parts("staffs", "staffid"),
    "staff_permissions": _parts("staffs", "staff_id"),
    "task_assigned": _parts("tasks", "taskid"),
    "task_checklist_items": _parts("tasks", "taskid"),
    "task_comments": _parts("tasks", "taskid"),
    "task_followers": _parts("tasks", "taskid"),
    "ticket_attachments": _parts("tickets", "ticketid"),
    "ticket_replies": _parts("tickets", "ticketid"),
}

#: Tables of which a change is no record's: what records name, options, who may call.
LOOKED_UP: dict[str, Tracked] = dict.fromkeys(
    (
        *("contracts_types", "countries", "currencies", "customers_groups", "customfields", "departments"),
        *("expenses_categories", "items_groups", "leads_sources", "leads_status", "notes", "options"),
        *("payment_modes", "roles", "services", "tags", "taxes", "tickets_priorities", "tickets_status"),
        *("user_api", "user_api_permissions", "vault"),
        *("api_token_grants",),
    ),
    Tracked(),
) | {"api_tokens": Tracked(hidden=("last_used_at",))}

#: Every table that has triggers.
COUNTED = TABLES | LOOKED_UP


class Records(NamedTuple):
    """Where the records of a resource are: a table without the prefix, and its key."""

    table: str
    key: str


#: By resource.
RECORDS = {
    meaning.resource: Records(table, meaning.record)
    for table, tracked in TABLES.items()
    for meaning in tracked.meanings
    if meaning.itself
}
