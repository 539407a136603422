"""What every kind of record shares: options, custom fields, files, notes, logs, mail."""

from perfex_api.core.types import (
    DateTime,
    bigint,
    char,
    enum,
    integer,
    longtext,
    mediumtext,
    tinyint,
    varchar,
)
from perfex_api.tables._declare import column, crm_table, index, nullable, pk

options = crm_table(
    "options",
    pk(),
    column("name", varchar(191)),
    column("value", longtext()),
    column("autoload", tinyint(), default="1"),
    index("name"),
    used_by="*",
)

# One row: the number of the schema.
migrations = crm_table(
    "migrations",
    column("version", bigint()),
    used_by="auth",
)

modules = crm_table(
    "modules",
    pk(),
    column("module_name", varchar(55)),
    column("installed_version", varchar(11)),
    column("active", tinyint()),
    used_by="auth",
)

countries = crm_table(
    "countries",
    pk("country_id"),
    nullable("iso2", char(2)),
    column("short_name", varchar(80), default=""),
    column("long_name", varchar(80), default=""),
    nullable("iso3", char(3)),
    nullable("numcode", varchar(6)),
    nullable("un_member", varchar(12)),
    nullable("calling_code", varchar(8)),
    nullable("cctld", varchar(5)),
    used_by="customers contacts credit_notes estimates invoices leads proposals",
)

customfields = crm_table(
    "customfields",
    pk(),
    nullable("fieldto", varchar(30)),
    column("name", varchar(150)),
    column("slug", varchar(150)),
    column("required", tinyint(), default="0"),
    column("type", varchar(20)),
    nullable("options", longtext()),
    column("display_inline", tinyint(), default="0"),
    nullable("field_order", integer(), default="0"),
    column("active", integer(), default="1"),
    column("show_on_pdf", integer(), default="0"),
    column("show_on_ticket_form", tinyint(), default="0"),
    column("only_admin", tinyint(), default="0"),
    column("show_on_table", tinyint(), default="0"),
    column("show_on_client_portal", integer(), default="0"),
    column("disalow_client_to_edit", integer(), default="0"),
    column("bs_column", integer(), default="12"),
    nullable("default_value", mediumtext(), since="2.8.3"),
    used_by="custom_fields customers contacts contracts credit_notes estimates expenses invoices items "
    "leads projects proposals staffs tasks tickets",
)

customfieldsvalues = crm_table(
    "customfieldsvalues",
    pk(),
    column("relid", integer()),
    column("fieldid", integer()),
    column("fieldto", varchar(15)),
    column("value", mediumtext()),
    index("fieldid"),
    index("fieldto"),
    index("relid"),
    used_by="custom_fields customers contacts contracts credit_notes estimates expenses invoices items "
    "leads projects proposals staffs tasks tickets",
)

tags = crm_table(
    "tags",
    pk(),
    column("name", varchar(100)),
    index("name"),
    used_by="leads invoices estimates proposals projects tasks tickets",
)

taggables = crm_table(
    "taggables",
    column("rel_id", integer()),
    column("rel_type", varchar(20)),
    column("tag_id", integer()),
    column("tag_order", integer(), default="0"),
    index("rel_id"),
    index("rel_type"),
    index("tag_id"),
    used_by="leads invoices estimates proposals projects tasks tickets",
)

files = crm_table(
    "files",
    pk(),
    column("rel_id", integer()),
    column("rel_type", varchar(20)),
    column("file_name", varchar(191)),
    nullable("filetype", varchar(40)),
    column("visible_to_customer", integer(), default="0"),
    nullable("attachment_key", varchar(32)),
    nullable("external", varchar(40)),
    nullable("external_link", mediumtext()),
    nullable("thumbnail_link", mediumtext()),
    column("staffid", integer()),
    nullable("contact_id", integer(), default="0"),
    column("task_comment_id", integer(), default="0"),
    column("dateadded", DateTime()),
    index("rel_id"),
    index("rel_type"),
    used_by="leads tasks contracts expenses invoices estimates proposals credit_notes customers",
)

notes = crm_table(
    "notes",
    pk(),
    column("rel_id", integer()),
    column("rel_type", varchar(20)),
    nullable("description", mediumtext()),
    nullable("date_contacted", DateTime()),
    column("addedfrom", integer()),
    column("dateadded", DateTime()),
    index("rel_id"),
    index("rel_type"),
    used_by="notes customers leads invoices estimates proposals contracts tickets",
)

reminders = crm_table(
    "reminders",
    pk(),
    nullable("description", mediumtext()),
    column("date", DateTime()),
    column("isnotified", integer(), default="0"),
    column("rel_id", integer()),
    column("staff", integer()),
    column("rel_type", varchar(40)),
    column("notify_by_email", integer(), default="1"),
    column("creator", integer()),
    index("rel_id"),
    index("rel_type"),
    index("staff"),
    used_by="customers leads invoices estimates proposals credit_notes expenses tickets tasks",
)

events = crm_table(
    "events",
    pk("eventid"),
    column("title", longtext()),
    nullable("description", mediumtext()),
    column("userid", integer()),
    column("start", DateTime()),
    nullable("end", DateTime()),
    column("public", integer(), default="0"),
    nullable("color", varchar(10)),
    column("isstartnotified", tinyint(), default="0"),
    column("reminder_before", integer(), default="0"),
    nullable("reminder_before_type", varchar(10)),
    used_by="calendar",
)

notifications = crm_table(
    "notifications",
    pk(),
    column("isread", integer(), default="0"),
    column("isread_inline", tinyint(), default="0"),
    column("date", DateTime()),
    column("description", mediumtext()),
    column("fromuserid", integer()),
    column("fromclientid", integer(), default="0"),
    column("from_fullname", varchar(100)),
    column("touserid", integer()),
    nullable("fromcompany", integer()),
    nullable("link", longtext()),
    nullable("additional_data", mediumtext()),
    used_by="leads tasks tickets projects proposals payments invoices",
)

# `staffid` is a name, not an id.
activity_log = crm_table(
    "activity_log",
    pk(),
    column("description", longtext()),
    column("date", DateTime()),
    nullable("staffid", varchar(100)),
    index("staffid"),
    used_by="*",
)

views_tracking = crm_table(
    "views_tracking",
    pk(),
    column("rel_id", integer()),
    column("rel_type", varchar(40)),
    column("date", DateTime()),
    column("view_ip", varchar(40)),
    used_by="invoices estimates proposals knowledge_base",
)

emailtemplates = crm_table(
    "emailtemplates",
    pk("emailtemplateid"),
    column("type", longtext()),
    column("slug", varchar(100)),
    nullable("language", varchar(40)),
    column("name", longtext()),
    column("subject", longtext()),
    column("message", longtext()),
    column("fromname", longtext()),
    nullable("fromemail", varchar(100)),
    column("plaintext", integer(), default="0"),
    column("active", tinyint(4), default="0"),
    column("order", integer()),
    used_by="invoices payments",
)

scheduled_emails = crm_table(
    "scheduled_emails",
    pk(),
    column("rel_id", integer()),
    column("rel_type", varchar(15)),
    column("scheduled_at", DateTime()),
    column("contacts", varchar(197)),
    nullable("cc", mediumtext()),
    column("attach_pdf", tinyint(), default="1"),
    column("template", varchar(197)),
    used_by="invoices estimates",
    since="2.4.1",
)

mail_queue = crm_table(
    "mail_queue",
    pk(),
    nullable("engine", varchar(40)),
    column("email", varchar(191)),
    nullable("cc", mediumtext()),
    nullable("bcc", mediumtext()),
    column("message", longtext()),
    nullable("alt_message", longtext()),
    nullable("status", enum("pending", "sending", "sent", "failed")),
    nullable("date", DateTime()),
    nullable("headers", mediumtext()),
    nullable("attachments", longtext()),
    used_by="contacts",
)

tracked_mails = crm_table(
    "tracked_mails",
    pk(),
    column("uid", varchar(32)),
    column("rel_id", integer()),
    column("rel_type", varchar(40)),
    column("date", DateTime()),
    column("email", varchar(100)),
    column("opened", tinyint(), default="0"),
    nullable("date_opened", DateTime()),
    nullable("subject", longtext()),
    used_by="invoices estimates proposals credit_notes contracts subscriptions",
)
