"""Head office's people: roles as data, sessions of their own, a second factor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.database import tables

revision = "0014"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; who saw the whole company owned it, so they do now."""
    op.create_table(
        "office_role",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_office_role")),
    )
    op.create_table(
        "office_session",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=60), nullable=False),
        sa.Column("made_at", tables.Instant(), nullable=False),
        sa.Column("origin", sa.String(length=60), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_office_session")),
    )
    op.create_index(op.f("ix_office_session_user"), "office_session", ["user"])
    op.add_column("office_user", sa.Column("second_factor", sa.String(length=300), nullable=True))
    op.add_column("office_user", sa.Column("second_step", sa.BigInteger(), nullable=True))
    op.add_column("office_user", sa.Column("recovery", sa.JSON(), nullable=True))
    op.add_column(
        "office_user",
        sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.drop_column("office_user", "sessions")
    op.execute("UPDATE office_user SET role = 'owner' WHERE branch IS NULL")


def downgrade() -> None:
    """Take them away."""
    op.add_column(
        "office_user", sa.Column("sessions", sa.Integer(), nullable=False, server_default="1")
    )
    for name in ("must_change", "recovery", "second_step", "second_factor"):
        op.drop_column("office_user", name)
    op.execute("UPDATE office_user SET role = 'manager'")
    op.drop_index(op.f("ix_office_session_user"), "office_session")
    op.drop_table("office_session")
    op.drop_table("office_role")
