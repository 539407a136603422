"""Tickets and the knowledge base. As in Perfex 3.4.1."""

from migrations.declare import column, create, index, nullable, pk
from perfex_api.core.types import DateTime, integer, longtext, mediumtext, tinyint, varchar

revision = "crm_08_support"
down_revision = "crm_07_work"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(
        "tickets",
        pk("ticketid"),
        column("adminreplying", integer(), default="0"),
        column("userid", integer()),
        column("contactid", integer(), default="0"),
        nullable("merged_ticket_id", integer()),
        nullable("email", mediumtext()),
        nullable("name", mediumtext()),
        column("department", integer()),
        column("priority", integer()),
        column("status", integer()),
        nullable("service", integer()),
        column("ticketkey", varchar(32)),
        column("subject", varchar(191)),
        nullable("message", mediumtext()),
        nullable("admin", integer()),
        column("date", DateTime()),
        column("project_id", integer(), default="0"),
        nullable("lastreply", DateTime()),
        column("clientread", integer(), default="0"),
        column("adminread", integer(), default="0"),
        column("assigned", integer(), default="0"),
        nullable("staff_id_replying", integer()),
        nullable("cc", varchar(191)),
        index("contactid"),
        index("department"),
        index("priority"),
        index("project_id"),
        index("service"),
        index("status"),
        index("userid"),
    )
    create(
        "ticket_replies",
        pk(),
        column("ticketid", integer()),
        nullable("userid", integer()),
        column("contactid", integer(), default="0"),
        nullable("name", mediumtext()),
        nullable("email", mediumtext()),
        column("date", DateTime()),
        nullable("message", mediumtext()),
        nullable("attachment", integer()),
        nullable("admin", integer()),
    )
    create(
        "ticket_attachments",
        pk(),
        column("ticketid", integer()),
        nullable("replyid", integer()),
        column("file_name", varchar(191)),
        nullable("filetype", varchar(50)),
        column("dateadded", DateTime()),
    )
    create(
        "tickets_status",
        pk("ticketstatusid"),
        column("name", varchar(50)),
        column("isdefault", integer(), default="0"),
        nullable("statuscolor", varchar(7)),
        nullable("statusorder", integer()),
    )
    create(
        "tickets_priorities",
        pk("priorityid"),
        column("name", varchar(50)),
    )
    create(
        "services",
        pk("serviceid"),
        column("name", varchar(50)),
    )
    create(
        "knowledge_base",
        pk("articleid"),
        column("articlegroup", integer()),
        column("subject", longtext()),
        column("description", mediumtext()),
        column("slug", longtext()),
        column("active", tinyint(4)),
        column("datecreated", DateTime()),
        column("article_order", integer(), default="0"),
        column("staff_article", integer(), default="0"),
    )
    create(
        "knowledge_base_groups",
        pk("groupid"),
        column("name", varchar(191)),
        nullable("group_slug", mediumtext()),
        nullable("description", longtext()),
        column("active", tinyint(4)),
        nullable("color", varchar(10), default="#28B8DA"),
        nullable("group_order", integer(), default="0"),
    )
    create(
        "knowedge_base_article_feedback",
        pk("articleanswerid"),
        column("articleid", integer()),
        column("answer", integer()),
        column("ip", varchar(40)),
        column("date", DateTime()),
    )


def downgrade() -> None:
    raise NotImplementedError("There is nothing before the CRM's tables; drop the database instead.")
