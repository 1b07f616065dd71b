"""The audit log, change sets, and how far each till is with every scope."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.database import tables

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; edits from before belong to no entry."""
    name, digest = sa.String(length=60), sa.String(length=64)
    op.create_table(
        "audit_entry",
        sa.Column("number", tables.Number, autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=16), nullable=False),
        sa.Column("at", tables.Instant(), nullable=False),
        sa.Column("by", name, nullable=False),
        sa.Column("origin", name, nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("said", sa.JSON(), nullable=True),
        sa.Column("change_set", sa.Integer(), nullable=True),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.Column("changed", digest, nullable=False),
        sa.Column("before", digest, nullable=False),
        sa.Column("digest", digest, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("token", name=op.f("uq_audit_entry_token")),
    )
    for column in ("at", "by", "change_set"):
        op.create_index(op.f(f"ix_audit_entry_{column}"), "audit_entry", [column])
    op.add_column("change", sa.Column("entry", sa.String(length=16), nullable=True))
    op.create_index(op.f("ix_change_entry"), "change", ["entry"])
    op.add_column("device", sa.Column("mirrored", sa.JSON(), nullable=True))
    op.create_table(
        "change_set",
        sa.Column("id", tables.Number, autoincrement=True, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("branches", sa.JSON(), nullable=False),
        sa.Column("begins", tables.Instant(), nullable=True),
        sa.Column("made_by", name, nullable=False),
        sa.Column("made_at", tables.Instant(), nullable=False),
        *(
            column
            for step in ("proposed", "reviewed", "released", "undone")
            for column in (
                sa.Column(f"{step}_by", name, nullable=True),
                sa.Column(f"{step}_at", tables.Instant(), nullable=True),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_set")),
    )
    op.create_index(op.f("ix_change_set_state"), "change_set", ["state"])
    op.create_table(
        "change_set_edit",
        sa.Column("change_set", tables.Number, nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("before", digest, nullable=True),
        sa.Column("by", name, nullable=False),
        sa.Column("made_at", tables.Instant(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_set"], ["change_set.id"], name=op.f("fk_change_set_edit_change_set")
        ),
        sa.PrimaryKeyConstraint(
            "change_set", "scope", "kind", "key", name=op.f("pk_change_set_edit")
        ),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("change_set_edit")
    op.drop_index(op.f("ix_change_set_state"), "change_set")
    op.drop_table("change_set")
    op.drop_column("device", "mirrored")
    op.drop_index(op.f("ix_change_entry"), "change")
    op.drop_column("change", "entry")
    for column in ("change_set", "by", "at"):
        op.drop_index(op.f(f"ix_audit_entry_{column}"), "audit_entry")
    op.drop_table("audit_entry")
