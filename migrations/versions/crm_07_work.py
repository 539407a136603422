"""Projects, tasks, and the time spent on them. As in Perfex 3.4.1."""

from migrations.declare import column, create, index, now, nullable, pk
from perfex_api.core.types import Amount, Date, DateTime, integer, longtext, mediumtext, tinyint, varchar

revision = "crm_07_work"
down_revision = "crm_06_agreements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(
        "projects",
        pk(),
        column("name", varchar(191)),
        nullable("description", mediumtext()),
        column("status", integer(), default="0"),
        column("clientid", integer()),
        column("billing_type", integer()),
        column("start_date", Date()),
        nullable("deadline", Date()),
        column("project_created", Date()),
        nullable("date_finished", DateTime()),
        nullable("progress", integer(), default="0"),
        column("progress_from_tasks", integer(), default="1"),
        nullable("project_cost", Amount()),
        nullable("project_rate_per_hour", Amount()),
        nullable("estimated_hours", Amount()),
        column("addedfrom", integer()),
        nullable("contact_notification", integer(), default="1"),
        nullable("notify_contacts", mediumtext()),
        index("clientid"),
        index("name"),
    )
    create(
        "project_members",
        pk(),
        column("project_id", integer()),
        column("staff_id", integer()),
        index("project_id"),
        index("staff_id"),
    )
    create(
        "project_settings",
        pk(),
        column("project_id", integer()),
        column("name", varchar(100)),
        nullable("value", mediumtext()),
        index("project_id"),
    )
    create(
        "project_activity",
        pk(),
        column("project_id", integer()),
        column("staff_id", integer(), default="0"),
        column("contact_id", integer(), default="0"),
        nullable("fullname", varchar(100)),
        column("visible_to_customer", integer(), default="0"),
        column("description_key", varchar(191)),
        nullable("additional_data", mediumtext()),
        column("dateadded", DateTime()),
    )
    create(
        "project_files",
        pk(),
        column("file_name", varchar(191)),
        nullable("original_file_name", longtext()),
        nullable("subject", varchar(191)),
        nullable("description", mediumtext()),
        nullable("filetype", varchar(50)),
        column("dateadded", DateTime()),
        nullable("last_activity", DateTime()),
        column("project_id", integer()),
        nullable("visible_to_customer", tinyint(), default="0"),
        column("staffid", integer()),
        column("contact_id", integer(), default="0"),
        nullable("external", varchar(40)),
        nullable("external_link", mediumtext()),
        nullable("thumbnail_link", mediumtext()),
    )
    create(
        "project_notes",
        pk(),
        column("project_id", integer()),
        nullable("title", varchar(255)),
        column("content", mediumtext()),
        column("staff_id", integer()),
        column("dateadded", DateTime(), default=now()),
    )
    create(
        "milestones",
        pk(),
        column("name", varchar(191)),
        nullable("description", mediumtext()),
        nullable("description_visible_to_customer", tinyint(), default="0"),
        nullable("start_date", Date()),
        column("due_date", Date()),
        column("project_id", integer()),
        nullable("color", varchar(10)),
        column("milestone_order", integer(), default="0"),
        column("datecreated", Date()),
        nullable("hide_from_customer", integer(), default="0"),
    )
    create(
        "pinned_projects",
        pk(),
        column("project_id", integer()),
        column("staff_id", integer()),
        index("project_id"),
    )
    create(
        "projectdiscussions",
        pk(),
        column("project_id", integer()),
        column("subject", varchar(191)),
        column("description", mediumtext()),
        column("show_to_customer", tinyint(), default="0"),
        column("datecreated", DateTime()),
        nullable("last_activity", DateTime()),
        column("staff_id", integer(), default="0"),
        column("contact_id", integer(), default="0"),
    )
    create(
        "projectdiscussioncomments",
        pk(),
        column("discussion_id", integer()),
        column("discussion_type", varchar(10)),
        nullable("parent", integer()),
        column("created", DateTime()),
        nullable("modified", DateTime()),
        column("content", mediumtext()),
        column("staff_id", integer()),
        nullable("contact_id", integer(), default="0"),
        nullable("fullname", varchar(191)),
        nullable("file_name", varchar(191)),
        nullable("file_mime_type", varchar(70)),
    )
    create(
        "tasks",
        pk(),
        nullable("name", longtext()),
        nullable("description", mediumtext()),
        nullable("priority", integer()),
        column("dateadded", DateTime()),
        column("startdate", Date()),
        nullable("duedate", Date()),
        nullable("datefinished", DateTime()),
        column("addedfrom", integer()),
        column("is_added_from_contact", tinyint(), default="0"),
        column("status", integer(), default="0"),
        nullable("recurring_type", varchar(10)),
        nullable("repeat_every", integer()),
        column("recurring", integer(), default="0"),
        nullable("is_recurring_from", integer()),
        column("cycles", integer(), default="0"),
        column("total_cycles", integer(), default="0"),
        column("custom_recurring", tinyint(), default="0"),
        nullable("last_recurring_date", Date()),
        nullable("rel_id", integer()),
        nullable("rel_type", varchar(30)),
        column("is_public", tinyint(), default="0"),
        column("billable", tinyint(), default="0"),
        column("billed", tinyint(), default="0"),
        column("invoice_id", integer(), default="0"),
        column("hourly_rate", Amount(), default="0.00"),
        nullable("milestone", integer(), default="0"),
        nullable("kanban_order", integer(), default="1"),
        column("milestone_order", integer(), default="0"),
        column("visible_to_client", tinyint(), default="0"),
        column("deadline_notified", integer(), default="0"),
        index("kanban_order"),
        index("milestone"),
        index("rel_id"),
        index("rel_type"),
        index("status"),
    )
    create(
        "task_assigned",
        pk(),
        column("staffid", integer()),
        column("taskid", integer()),
        column("assigned_from", integer(), default="0"),
        column("is_assigned_from_contact", tinyint(), default="0"),
        index("staffid"),
        index("taskid"),
    )
    create(
        "task_followers",
        pk(),
        column("staffid", integer()),
        column("taskid", integer()),
    )
    create(
        "task_comments",
        pk(),
        column("content", mediumtext()),
        column("taskid", integer()),
        column("staffid", integer()),
        column("contact_id", integer(), default="0"),
        column("file_id", integer(), default="0"),
        column("dateadded", DateTime()),
        index("file_id"),
        index("taskid"),
    )
    create(
        "task_checklist_items",
        pk(),
        column("taskid", integer()),
        column("description", mediumtext()),
        column("finished", integer(), default="0"),
        column("dateadded", DateTime()),
        column("addedfrom", integer()),
        nullable("finished_from", integer(), default="0"),
        column("list_order", integer(), default="0"),
        nullable("assigned", integer()),
        index("taskid"),
    )
    create(
        "tasks_checklist_templates",
        pk(),
        nullable("description", mediumtext()),
    )
    create(
        "taskstimers",
        pk(),
        column("task_id", integer()),
        column("start_time", varchar(64)),
        nullable("end_time", varchar(64)),
        column("staff_id", integer()),
        column("hourly_rate", Amount(), default="0.00"),
        nullable("note", mediumtext()),
        index("staff_id"),
        index("task_id"),
    )


def downgrade() -> None:
    raise NotImplementedError("There is nothing before the CRM's tables; drop the database instead.")
