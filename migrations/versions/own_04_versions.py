"""How often each table has changed."""

from migrations.declare import add, nullable, take_away
from perfex_api.core.types import text

revision = "own_04_versions"
down_revision = "own_03_console"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add("api_journal", nullable("counts", text()))


def downgrade() -> None:
    take_away("api_journal", "counts")
