"""What shelf labels say."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.database import tables

revision = "0017"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; whatever was printed before is not known."""
    op.create_table(
        "shelf_label",
        sa.Column("branch", sa.String(length=12), nullable=False),
        sa.Column("article", sa.String(length=40), nullable=False),
        sa.Column("fine", sa.BigInteger(), nullable=False),
        sa.Column("printed_at", tables.Instant(), nullable=False),
        sa.Column("printed_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("branch", "article", name=op.f("pk_shelf_label")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("shelf_label")
