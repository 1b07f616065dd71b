"""Tries at passwords are counted in the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.database import tables

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "sign_in_attempt",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=32), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("last_at", tables.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("account", "browser", name=op.f("pk_sign_in_attempt")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("sign_in_attempt")
