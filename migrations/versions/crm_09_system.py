"""What every kind of record shares: options, custom fields, files, notes, logs, mail. As in Perfex 3.4.1."""

from migrations.declare import column, create, index, nullable, pk
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

revision = "crm_09_system"
down_revision = "crm_08_support"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(
        "options",
        pk(),
        column("name", varchar(191)),
        column("value", longtext()),
        column("autoload", tinyint(), default="1"),
        index("name"),
    )
    create(
        "migrations",
        column("version", bigint()),
    )
    create(
        "modules",
        pk(),
        column("module_name", varchar(55)),
        column("installed_version", varchar(11)),
        column("active", tinyint()),
    )
    create(
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
    )
    create(
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
        nullable("default_value", mediumtext()),
    )
    create(
        "customfieldsvalues",
        pk(),
        column("relid", integer()),
        column("fieldid", integer()),
        column("fieldto", varchar(15)),
        column("value", mediumtext()),
        index("fieldid"),
        index("fieldto"),
        index("relid"),
    )
    create(
        "tags",
        pk(),
        column("name", varchar(100)),
        index("name"),
    )
    create(
        "taggables",
        column("rel_id", integer()),
        column("rel_type", varchar(20)),
        column("tag_id", integer()),
        column("tag_order", integer(), default="0"),
        index("rel_id"),
        index("rel_type"),
        index("tag_id"),
    )
    create(
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
    )
    create(
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
    )
    create(
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
    )
    create(
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
    )
    create(
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
    )
    create(
        "activity_log",
        pk(),
        column("description", longtext()),
        column("date", DateTime()),
        nullable("staffid", varchar(100)),
        index("staffid"),
    )
    create(
        "views_tracking",
        pk(),
        column("rel_id", integer()),
        column("rel_type", varchar(40)),
        column("date", DateTime()),
        column("view_ip", varchar(40)),
    )
    create(
        "scheduled_emails",
        pk(),
        column("rel_id", integer()),
        column("rel_type", varchar(15)),
        column("scheduled_at", DateTime()),
        column("contacts", varchar(197)),
        nullable("cc", mediumtext()),
        column("attach_pdf", tinyint(), default="1"),
        column("template", varchar(197)),
    )
    create(
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
    )
    create(
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
    )


def downgrade() -> None:
    raise NotImplementedError("There is nothing before the CRM's tables; drop the database instead.")
