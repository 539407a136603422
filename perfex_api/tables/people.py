"""Customers and their contacts."""

from perfex_api.core.types import DateTime, integer, mediumtext, tinyint, varchar
from perfex_api.tables._declare import column, crm_table, index, nullable, pk

clients = crm_table(
    "clients",
    pk("userid"),
    nullable("company", varchar(191)),
    nullable("vat", varchar(50)),
    nullable("phonenumber", varchar(30)),
    column("country", integer(), default="0"),
    nullable("city", varchar(100)),
    nullable("zip", varchar(15)),
    nullable("state", varchar(50)),
    nullable("address", varchar(191)),
    nullable("website", varchar(150)),
    column("datecreated", DateTime()),
    column("active", integer(), default="1"),
    nullable("leadid", integer()),
    nullable("billing_street", varchar(200)),
    nullable("billing_city", varchar(100)),
    nullable("billing_state", varchar(100)),
    nullable("billing_zip", varchar(100)),
    nullable("billing_country", integer(), default="0"),
    nullable("shipping_street", varchar(200)),
    nullable("shipping_city", varchar(100)),
    nullable("shipping_state", varchar(100)),
    nullable("shipping_zip", varchar(100)),
    nullable("shipping_country", integer(), default="0"),
    nullable("longitude", varchar(191)),
    nullable("latitude", varchar(191)),
    nullable("default_language", varchar(40)),
    column("default_currency", integer(), default="0"),
    column("show_primary_contact", integer(), default="0"),
    nullable("stripe_id", varchar(40)),
    column("registration_confirmed", integer(), default="1"),
    column("addedfrom", integer(), default="0"),
    index("active"),
    index("company"),
    index("country"),
    index("leadid"),
    used_by="customers contacts contracts credit_notes estimates expenses invoices projects proposals "
    "subscriptions tickets zapier",
)

contacts = crm_table(
    "contacts",
    pk(),
    column("userid", integer()),
    column("is_primary", integer(), default="1"),
    column("firstname", varchar(191)),
    column("lastname", varchar(191)),
    column("email", varchar(100)),
    column("phonenumber", varchar(100)),
    nullable("title", varchar(100)),
    column("datecreated", DateTime()),
    nullable("password", varchar(255)),
    nullable("new_pass_key", varchar(32)),
    nullable("new_pass_key_requested", DateTime()),
    nullable("email_verified_at", DateTime()),
    nullable("email_verification_key", varchar(32)),
    nullable("email_verification_sent_at", DateTime()),
    nullable("last_ip", varchar(40)),
    nullable("last_login", DateTime()),
    nullable("last_password_change", DateTime()),
    column("active", tinyint(), default="1"),
    nullable("profile_image", varchar(191)),
    nullable("direction", varchar(3)),
    column("invoice_emails", tinyint(), default="1"),
    column("estimate_emails", tinyint(), default="1"),
    column("credit_note_emails", tinyint(), default="1"),
    column("contract_emails", tinyint(), default="1"),
    column("task_emails", tinyint(), default="1"),
    column("project_emails", tinyint(), default="1"),
    column("ticket_emails", tinyint(), default="1"),
    index("email"),
    index("firstname"),
    index("is_primary"),
    index("lastname"),
    index("userid"),
    used_by="contacts customers credit_notes estimates invoices tickets",
)

# `userid` is the contact's id here.
contact_permissions = crm_table(
    "contact_permissions",
    pk(),
    column("permission_id", integer()),
    column("userid", integer()),
    used_by="contacts",
)

# The groups there are.
customers_groups = crm_table(
    "customers_groups",
    pk(),
    column("name", varchar(191)),
    index("name"),
    used_by="customers",
)

# Which customer is in which group.
customer_groups = crm_table(
    "customer_groups",
    pk(),
    column("groupid", integer()),
    column("customer_id", integer()),
    index("customer_id"),
    index("groupid"),
    used_by="customers",
)

# Which staff members look after a customer; `date_assigned` is a date-time kept as text.
customer_admins = crm_table(
    "customer_admins",
    column("staff_id", integer()),
    column("customer_id", integer()),
    column("date_assigned", mediumtext()),
    index("customer_id"),
    index("staff_id"),
    used_by="customers",
)

shared_customer_files = crm_table(
    "shared_customer_files",
    column("file_id", integer()),
    column("contact_id", integer()),
    used_by="customers contacts",
)

consents = crm_table(
    "consents",
    pk(),
    column("action", varchar(10)),
    column("date", DateTime()),
    column("ip", varchar(40)),
    column("contact_id", integer(), default="0"),
    column("lead_id", integer(), default="0"),
    nullable("description", mediumtext()),
    nullable("opt_in_purpose_description", mediumtext()),
    column("purpose_id", integer()),
    nullable("staff_name", varchar(100)),
    index("contact_id"),
    index("lead_id"),
    index("purpose_id"),
    used_by="contacts leads",
)

vault = crm_table(
    "vault",
    pk(),
    column("customer_id", integer()),
    column("server_address", varchar(191)),
    nullable("port", integer()),
    column("username", varchar(191)),
    column("password", mediumtext()),
    nullable("description", mediumtext()),
    column("creator", integer()),
    nullable("creator_name", varchar(100)),
    column("visibility", tinyint(), default="1"),
    column("share_in_projects", tinyint(), default="0"),
    nullable("last_updated", DateTime()),
    nullable("last_updated_from", varchar(100)),
    column("date_created", DateTime()),
    used_by="customers",
)
