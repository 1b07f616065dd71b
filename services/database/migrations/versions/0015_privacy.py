"""What one customer's erasure leaves behind, and where each voucher was sold and spent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    place = sa.String(length=12)
    op.add_column("change", sa.Column("erased", sa.String(length=64), nullable=True))
    op.create_index(
        "ix_change_erased", "change", ["scope", "revision"],
        sqlite_where=sa.text("erased IS NOT NULL"), postgresql_where=sa.text("erased IS NOT NULL"),
    )  # fmt: skip
    op.add_column(
        "voucher", sa.Column("blocked", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "voucher_move",
        sa.Column("branch", place, nullable=False),
        sa.Column("till", place, nullable=False),
        sa.Column("series", place, nullable=False),
        sa.Column("receipt", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("issued", sa.BigInteger(), nullable=False),
        sa.Column("redeemed", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("branch", "till", "series", "receipt", "number", "currency",
                                name=op.f("pk_voucher_move")),
    )  # fmt: skip
    op.create_index("ix_voucher_move_number", "voucher_move", ["number", "currency"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("voucher_move")
    op.drop_column("voucher", "blocked")
    op.drop_index("ix_change_erased", "change")
    op.drop_column("change", "erased")
