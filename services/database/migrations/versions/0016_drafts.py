"""Drafts of layouts and keyboards: what each said before it was saved anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.database import tables

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "draft_step",
        sa.Column("id", tables.Number, autoincrement=True, nullable=False),
        sa.Column("change_set", tables.Number, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("made_at", tables.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_set"], ["change_set.id"], name=op.f("fk_draft_step_change_set_change_set")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_step")),
    )
    op.create_index("ix_draft_step_record", "draft_step", ["change_set", "kind", "key", "id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("draft_step")
