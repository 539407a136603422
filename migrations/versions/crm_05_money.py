"""What is sold and spent, and how it is paid. As in Perfex 3.4.1."""

from migrations.declare import column, create, index, nullable, pk
from perfex_api.core.types import (
    Amount,
    Date,
    DateTime,
    Double,
    integer,
    longtext,
    mediumtext,
    tinyint,
    varchar,
)

revision = "crm_05_money"
down_revision = "crm_04_sales"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(
        "items",
        pk(),
        column("description", longtext()),
        nullable("long_description", mediumtext()),
        column("rate", Amount()),
        nullable("tax", integer()),
        nullable("tax2", integer()),
        nullable("unit", varchar(40)),
        column("group_id", integer(), default="0"),
        index("group_id"),
        index("tax"),
        index("tax2"),
    )
    create(
        "items_groups",
        pk(),
        column("name", varchar(50)),
    )
    create(
        "taxes",
        pk(),
        column("name", varchar(100)),
        column("taxrate", Amount()),
    )
    create(
        "currencies",
        pk(),
        column("symbol", varchar(10)),
        column("name", varchar(100)),
        nullable("decimal_separator", varchar(5)),
        nullable("thousand_separator", varchar(5)),
        nullable("placement", varchar(10)),
        column("isdefault", tinyint(), default="0"),
    )
    create(
        "payment_modes",
        pk(),
        column("name", varchar(100)),
        nullable("description", mediumtext()),
        column("show_on_pdf", integer(), default="0"),
        column("invoices_only", integer(), default="0"),
        column("expenses_only", integer(), default="0"),
        column("selected_by_default", integer(), default="1"),
        column("active", tinyint(), default="1"),
    )
    create(
        "invoicepaymentrecords",
        pk(),
        column("invoiceid", integer()),
        column("amount", Amount()),
        nullable("paymentmode", varchar(40)),
        nullable("paymentmethod", varchar(191)),
        column("date", Date()),
        column("daterecorded", DateTime()),
        nullable("note", mediumtext()),
        nullable("transactionid", longtext()),
        index("invoiceid"),
        index("paymentmethod"),
    )
    create(
        "payment_attempts",
        pk("id", integer(10, unsigned=True)),
        column("reference", varchar(100)),
        column("invoice_id", integer()),
        column("amount", Double()),
        column("fee", Double()),
        column("payment_gateway", varchar(100)),
        column("created_at", DateTime()),
    )
    create(
        "credits",
        pk(),
        column("invoice_id", integer()),
        column("credit_id", integer()),
        column("staff_id", integer()),
        column("date", Date()),
        column("date_applied", DateTime()),
        column("amount", Amount()),
    )
    create(
        "creditnote_refunds",
        pk(),
        column("credit_note_id", integer()),
        column("staff_id", integer()),
        column("refunded_on", Date()),
        column("payment_mode", varchar(40)),
        nullable("note", mediumtext()),
        column("amount", Amount()),
        nullable("created_at", DateTime()),
    )
    create(
        "expenses",
        pk(),
        column("category", integer()),
        column("currency", integer()),
        column("amount", Amount()),
        nullable("tax", integer()),
        column("tax2", integer(), default="0"),
        nullable("reference_no", varchar(100)),
        nullable("note", mediumtext()),
        nullable("expense_name", varchar(191)),
        column("clientid", integer()),
        column("project_id", integer(), default="0"),
        nullable("billable", integer(), default="0"),
        nullable("invoiceid", integer()),
        nullable("paymentmode", varchar(50)),
        column("date", Date()),
        nullable("recurring_type", varchar(10)),
        nullable("repeat_every", integer()),
        column("recurring", integer(), default="0"),
        column("cycles", integer(), default="0"),
        column("total_cycles", integer(), default="0"),
        column("custom_recurring", integer(), default="0"),
        nullable("last_recurring_date", Date()),
        nullable("create_invoice_billable", tinyint()),
        column("send_invoice_to_customer", tinyint()),
        nullable("recurring_from", integer()),
        column("dateadded", DateTime()),
        column("addedfrom", integer()),
        index("category"),
        index("clientid"),
        index("currency"),
        index("project_id"),
    )
    create(
        "expenses_categories",
        pk(),
        column("name", varchar(191)),
        nullable("description", mediumtext()),
    )


def downgrade() -> None:
    raise NotImplementedError("There is nothing before the CRM's tables; drop the database instead.")
