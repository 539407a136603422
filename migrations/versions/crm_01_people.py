"""Customers and their contacts. As in Perfex 3.4.1."""

from migrations.declare import column, create, index, nullable, pk
from perfex_api.core.types import DateTime, integer, mediumtext, tinyint, varchar

revision = "crm_01_people"
down_revision = None
branch_labels = ("crm",)
depends_on = None


def upgrade() -> None:
    create(
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
    )
    create(
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
    )
    create(
        "contact_permissions",
        pk(),
        column("permission_id", integer()),
        column("userid", integer()),
    )
    create(
        "customers_groups",
        pk(),
        column("name", varchar(191)),
        index("name"),
    )
    create(
        "customer_groups",
        pk(),
        column("groupid", integer()),
        column("customer_id", integer()),
        index("customer_id"),
        index("groupid"),
    )
    create(
        "customer_admins",
        column("staff_id", integer()),
        column("customer_id", integer()),
        column("date_assigned", mediumtext()),
        index("customer_id"),
        index("staff_id"),
    )
    create(
        "shared_customer_files",
        column("file_id", integer()),
        column("contact_id", integer()),
    )
    create(
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
    )
    create(
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
    )


def downgrade() -> None:
    raise NotImplementedError("There is nothing before the CRM's tables; drop the database instead.")
