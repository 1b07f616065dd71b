"""What came back at another rate than is sold at now has a tax row of its own."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEY = ["branch", "till", "series", "receipt", "tax"]


def upgrade() -> None:
    """A row a class and rate."""
    with op.batch_alter_table("receipt_tax") as table:
        table.drop_constraint("pk_receipt_tax", type_="primary")
        table.create_primary_key("pk_receipt_tax", [*_KEY, "percent"])


def downgrade() -> None:
    """A row a class."""
    with op.batch_alter_table("receipt_tax") as table:
        table.drop_constraint("pk_receipt_tax", type_="primary")
        table.create_primary_key("pk_receipt_tax", _KEY)
