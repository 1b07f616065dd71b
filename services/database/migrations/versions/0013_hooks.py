"""Messages to programs of others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.database import tables

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "hook",
        sa.Column("id", tables.Number, autoincrement=True, nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("events", sa.String(length=200), nullable=False),
        sa.Column("branch", sa.String(length=12), nullable=True),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", tables.Instant(), nullable=True),
        sa.Column("next_at", tables.Instant(), nullable=True),
        sa.Column("said", sa.String(length=300), nullable=True),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_at", tables.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook")),
    )
    op.create_table(
        "hook_message",
        sa.Column("id", tables.Number, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("hook", tables.Number, nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=160), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", tables.Instant(), nullable=False),
        sa.Column("next_at", tables.Instant(), nullable=False),
        sa.Column("began_at", tables.Instant(), nullable=True),
        sa.Column("sent_at", tables.Instant(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("said", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["hook"], ["hook.id"], name=op.f("fk_hook_message_hook")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_message")),
        sa.UniqueConstraint("hook", "source", name=op.f("uq_hook_message_hook_source")),
        sa.UniqueConstraint("name", name=op.f("uq_hook_message_name")),
    )
    op.create_index("ix_hook_message_due", "hook_message", ["state", "next_at"])
    op.create_index("ix_hook_message_made", "hook_message", ["made_at"])
    op.create_table(
        "hook_cursor",
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_hook_cursor")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("hook_cursor")
    op.drop_index("ix_hook_message_made", "hook_message")
    op.drop_index("ix_hook_message_due", "hook_message")
    op.drop_table("hook_message")
    op.drop_table("hook")
