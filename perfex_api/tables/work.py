"""Projects, tasks, and the time spent on them."""

from perfex_api.core.types import Amount, Date, DateTime, integer, longtext, mediumtext, tinyint, varchar
from perfex_api.tables._declare import NOW, column, crm_table, index, nullable, pk

projects = crm_table(
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
    nullable("contact_notification", integer(), default="1", since="2.8.3"),
    nullable("notify_contacts", mediumtext(), since="2.8.3"),
    index("clientid"),
    index("name"),
    used_by="projects milestones tasks tickets expenses invoices estimates proposals contracts",
)

project_members = crm_table(
    "project_members",
    pk(),
    column("project_id", integer()),
    column("staff_id", integer()),
    index("project_id"),
    index("staff_id"),
    used_by="projects",
)

project_settings = crm_table(
    "project_settings",
    pk(),
    column("project_id", integer()),
    column("name", varchar(100)),
    nullable("value", mediumtext()),
    index("project_id"),
    used_by="projects milestones expenses",
)

project_activity = crm_table(
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
    used_by="projects milestones tasks expenses",
)

project_files = crm_table(
    "project_files",
    pk(),
    column("file_name", varchar(191)),
    nullable("original_file_name", longtext(), since="2.9.1"),
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
    used_by="projects",
)

project_notes = crm_table(
    "project_notes",
    pk(),
    column("project_id", integer()),
    nullable("title", varchar(255), since="3.4.0"),
    column("content", mediumtext()),
    column("staff_id", integer()),
    column("dateadded", DateTime(), default=NOW, since="3.4.0"),
    used_by="projects",
)

milestones = crm_table(
    "milestones",
    pk(),
    column("name", varchar(191)),
    nullable("description", mediumtext()),
    nullable("description_visible_to_customer", tinyint(), default="0"),
    nullable("start_date", Date(), since="2.9.2"),
    column("due_date", Date()),
    column("project_id", integer()),
    nullable("color", varchar(10)),
    column("milestone_order", integer(), default="0"),
    column("datecreated", Date()),
    nullable("hide_from_customer", integer(), default="0", since="2.9.0"),
    used_by="milestones projects tasks",
)

pinned_projects = crm_table(
    "pinned_projects",
    pk(),
    column("project_id", integer()),
    column("staff_id", integer()),
    index("project_id"),
    used_by="projects",
)

projectdiscussions = crm_table(
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
    used_by="projects",
)

projectdiscussioncomments = crm_table(
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
    used_by="projects",
)

tasks = crm_table(
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
    used_by="tasks milestones projects timesheets zapier",
)

task_assigned = crm_table(
    "task_assigned",
    pk(),
    column("staffid", integer()),
    column("taskid", integer()),
    column("assigned_from", integer(), default="0"),
    column("is_assigned_from_contact", tinyint(), default="0"),
    index("staffid"),
    index("taskid"),
    used_by="tasks",
)

task_followers = crm_table(
    "task_followers",
    pk(),
    column("staffid", integer()),
    column("taskid", integer()),
    used_by="tasks",
)

task_comments = crm_table(
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
    used_by="tasks",
)

task_checklist_items = crm_table(
    "task_checklist_items",
    pk(),
    column("taskid", integer()),
    column("description", mediumtext()),
    column("finished", integer(), default="0"),
    column("dateadded", DateTime()),
    column("addedfrom", integer()),
    nullable("finished_from", integer(), default="0"),
    column("list_order", integer(), default="0"),
    nullable("assigned", integer(), since="2.8.2"),
    index("taskid"),
    used_by="tasks",
)

tasks_checklist_templates = crm_table(
    "tasks_checklist_templates",
    pk(),
    nullable("description", mediumtext()),
    used_by="tasks",
)

# Times are unix seconds kept as text; without an end the timer is running.
taskstimers = crm_table(
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
    used_by="timesheets tasks projects",
)
