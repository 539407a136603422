"""What is sold and spent, and how it is paid."""

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
from perfex_api.tables._declare import column, crm_table, index, nullable, pk

items = crm_table(
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
    used_by="items",
)

items_groups = crm_table(
    "items_groups",
    pk(),
    column("name", varchar(50)),
    used_by="items",
)

taxes = crm_table(
    "taxes",
    pk(),
    column("name", varchar(100)),
    column("taxrate", Amount()),
    used_by="taxes items expenses subscriptions common",
)

currencies = crm_table(
    "currencies",
    pk(),
    column("symbol", varchar(10)),
    column("name", varchar(100)),
    nullable("decimal_separator", varchar(5), since="2.3.2"),
    nullable("thousand_separator", varchar(5), since="2.3.2"),
    nullable("placement", varchar(10), since="2.3.2"),
    column("isdefault", tinyint(), default="0"),
    used_by="invoices estimates proposals credit_notes expenses subscriptions customers payments",
)

payment_modes = crm_table(
    "payment_modes",
    pk(),
    column("name", varchar(100)),
    nullable("description", mediumtext()),
    column("show_on_pdf", integer(), default="0"),
    column("invoices_only", integer(), default="0"),
    column("expenses_only", integer(), default="0"),
    column("selected_by_default", integer(), default="1"),
    column("active", tinyint(), default="1"),
    used_by="payment_modes payments expenses invoices credit_notes common",
)

invoicepaymentrecords = crm_table(
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
    used_by="payments invoices",
)

payment_attempts = crm_table(
    "payment_attempts",
    pk("id", integer(10, unsigned=True)),
    column("reference", varchar(100)),
    column("invoice_id", integer()),
    column("amount", Double()),
    column("fee", Double()),
    column("payment_gateway", varchar(100)),
    column("created_at", DateTime()),
    used_by="payments",
    since="3.0.5",
)

credits = crm_table(
    "credits",
    pk(),
    column("invoice_id", integer()),
    column("credit_id", integer()),
    column("staff_id", integer()),
    column("date", Date()),
    column("date_applied", DateTime()),
    column("amount", Amount()),
    used_by="credit_notes invoices payments",
)

creditnote_refunds = crm_table(
    "creditnote_refunds",
    pk(),
    column("credit_note_id", integer()),
    column("staff_id", integer()),
    column("refunded_on", Date()),
    column("payment_mode", varchar(40)),
    nullable("note", mediumtext()),
    column("amount", Amount()),
    nullable("created_at", DateTime(), since="2.3.2"),
    used_by="credit_notes",
)

expenses = crm_table(
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
    used_by="expenses",
)

expenses_categories = crm_table(
    "expenses_categories",
    pk(),
    column("name", varchar(191)),
    nullable("description", mediumtext()),
    used_by="expense_categories expenses common",
)
