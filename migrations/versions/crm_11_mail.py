"""The words of the mails that the CRM sends."""

from migrations.declare import column, create, nullable, pk
from perfex_api.core.types import integer, longtext, tinyint, varchar

revision = "crm_11_mail"
down_revision = "crm_10_module"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(
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
    )


def downgrade() -> None:
    raise NotImplementedError("There is nothing before the CRM's tables; drop the database instead.")
