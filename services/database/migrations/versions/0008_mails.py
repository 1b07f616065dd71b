"""Receipts that wait to go by e-mail are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.database import tables

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    place = sa.String(length=12)
    op.create_table(
        "mail",
        sa.Column("branch", place, nullable=False),
        sa.Column("till", place, nullable=False),
        sa.Column("series", place, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("receipt_series", place, nullable=False),
        sa.Column("receipt", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("perhaps", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", tables.Instant(), nullable=False),
        sa.Column("next_at", tables.Instant(), nullable=False),
        sa.Column("began_at", tables.Instant(), nullable=True),
        sa.Column("sent_at", tables.Instant(), nullable=True),
        sa.Column("said", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("branch", "till", "series", "number", name=op.f("pk_mail")),
    )
    op.create_index("ix_mail_due", "mail", ["state", "next_at"])
    op.create_index("ix_mail_made", "mail", ["made_at", "branch"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_mail_made", "mail")
    op.drop_index("ix_mail_due", "mail")
    op.drop_table("mail")
