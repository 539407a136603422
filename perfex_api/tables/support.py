"""Tickets and the knowledge base."""

from perfex_api.core.types import DateTime, integer, longtext, mediumtext, tinyint, varchar
from perfex_api.tables._declare import column, crm_table, index, nullable, pk

tickets = crm_table(
    "tickets",
    pk("ticketid"),
    column("adminreplying", integer(), default="0"),
    column("userid", integer()),
    column("contactid", integer(), default="0"),
    nullable("merged_ticket_id", integer(), since="2.9.2"),
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
    nullable("staff_id_replying", integer(), since="2.9.2"),
    nullable("cc", varchar(191), since="2.9.0"),
    index("contactid"),
    index("department"),
    index("priority"),
    index("project_id"),
    index("service"),
    index("status"),
    index("userid"),
    used_by="tickets zapier",
)

ticket_replies = crm_table(
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
    used_by="tickets",
)

ticket_attachments = crm_table(
    "ticket_attachments",
    pk(),
    column("ticketid", integer()),
    nullable("replyid", integer()),
    column("file_name", varchar(191)),
    nullable("filetype", varchar(50)),
    column("dateadded", DateTime()),
    used_by="tickets",
)

tickets_status = crm_table(
    "tickets_status",
    pk("ticketstatusid"),
    column("name", varchar(50)),
    column("isdefault", integer(), default="0"),
    nullable("statuscolor", varchar(7)),
    nullable("statusorder", integer()),
    used_by="tickets",
)

tickets_priorities = crm_table(
    "tickets_priorities",
    pk("priorityid"),
    column("name", varchar(50)),
    used_by="tickets",
)

services = crm_table(
    "services",
    pk("serviceid"),
    column("name", varchar(50)),
    used_by="tickets",
)

knowledge_base = crm_table(
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
    used_by="knowledge_base",
)

knowledge_base_groups = crm_table(
    "knowledge_base_groups",
    pk("groupid"),
    column("name", varchar(191)),
    nullable("group_slug", mediumtext()),
    nullable("description", longtext()),
    column("active", tinyint(4)),
    nullable("color", varchar(10), default="#28B8DA"),
    nullable("group_order", integer(), default="0"),
    used_by="knowledge_base",
)

knowedge_base_article_feedback = crm_table(
    "knowedge_base_article_feedback",
    pk("articleanswerid"),
    column("articleid", integer()),
    column("answer", integer()),
    column("ip", varchar(40)),
    column("date", DateTime()),
    used_by="knowledge_base",
)
