"""What came back of each line that was sold, over all tills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.database import tables

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    place = sa.String(length=12)
    op.create_table(
        "returned_line",
        sa.Column("branch", place, nullable=False),
        sa.Column("till", place, nullable=False),
        sa.Column("series", place, nullable=False),
        sa.Column("receipt", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("at", tables.Instant(), nullable=False),
        sa.Column("origin_branch", place, nullable=False),
        sa.Column("origin_till", place, nullable=False),
        sa.Column("origin_series", place, nullable=False),
        sa.Column("origin_receipt", sa.Integer(), nullable=False),
        sa.Column("origin_line", sa.Integer(), nullable=False),
        sa.Column("thousandths", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "branch", "till", "series", "receipt", "number", name=op.f("pk_returned_line")
        ),
    )
    origin = ["origin_branch", "origin_till", "origin_series", "origin_receipt", "origin_line"]
    op.create_index("ix_returned_line_origin", "returned_line", origin)


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_returned_line_origin", "returned_line")
    op.drop_table("returned_line")
