"""What head office allowed by telephone is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.database import tables

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "phone_approval",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("branch", sa.String(length=12), nullable=False),
        sa.Column("till", sa.String(length=26), nullable=False),
        sa.Column("allowed", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=20), nullable=True),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", tables.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_approval")),
    )
    op.create_index("ix_phone_approval_till", "phone_approval", ["till", "at"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_phone_approval_till", "phone_approval")
    op.drop_table("phone_approval")
