"""Customers, what moves on their accounts, direct debits, what is held for open sales; badges."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.database import tables

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and columns."""
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps texts of any length
        op.alter_column("entry", "kind", type_=sa.String(length=12))
    op.add_column("receipt", sa.Column("customer", sa.String(length=40), nullable=True))
    op.create_index("ix_receipt_customer", "receipt", ["customer", "ends_at"])
    op.create_index("ix_receipt_ref", "receipt", ["ref"])
    op.add_column("voucher", sa.Column("article", sa.String(length=40), nullable=True))
    op.add_column("staff", sa.Column("badge", sa.String(length=64), nullable=True))
    _people()
    _moves()
    _holds()


def _people() -> None:
    op.create_table(
        "customer",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=400), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("digits", sa.String(length=60), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("mail", sa.String(length=254), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("customers", sa.String(length=40), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("most", sa.BigInteger(), nullable=True),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=True),
        sa.Column("into", sa.String(length=40), nullable=True),
        sa.Column("made_at", tables.Instant(), nullable=False),
        sa.Column("changed_at", tables.Instant(), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_customer")),
    )
    op.create_index("ix_customer_folded", "customer", ["folded"])
    op.create_index("ix_customer_into", "customer", ["into"])
    op.create_table(
        "customer_card",
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("customer", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_customer_card")),
    )
    op.create_index("ix_customer_card_customer", "customer_card", ["customer"])


def _place() -> list[sa.Column[str]]:
    return [
        sa.Column(name, sa.String(length=12), nullable=False)
        for name in ("branch", "till", "series")
    ]


def _moves() -> None:
    op.create_table(
        "account_move",
        *_place(),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("customer", sa.String(length=40), nullable=False),
        sa.Column("at", tables.Instant(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("offline", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("branch", "till", "series", "entry", name=op.f("pk_account_move")),
    )
    op.create_index("ix_account_move_customer", "account_move", ["customer", "at"])
    op.create_table(
        "points_move",
        *_place(),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("customer", sa.String(length=40), nullable=False),
        sa.Column("at", tables.Instant(), nullable=False),
        sa.Column("thousandths", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "branch", "till", "series", "entry", "programme", name=op.f("pk_points_move")
        ),
    )
    op.create_index("ix_points_move_customer", "points_move", ["customer", "programme"])
    op.create_table(
        "debit",
        *_place(),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("at", tables.Instant(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("offline", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint(
            "branch", "till", "series", "entry", "number", name=op.f("pk_debit")
        ),
    )
    op.create_index("ix_debit_account", "debit", ["account", "state"])


def _holds() -> None:
    op.create_table(
        "hold",
        sa.Column("sale", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("branch", sa.String(length=12), nullable=False),
        sa.Column("till", sa.String(length=12), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", tables.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("sale", "kind", "key", "programme", name=op.f("pk_hold")),
    )
    op.create_index("ix_hold_key", "hold", ["kind", "key"])
    op.create_index("ix_hold_till", "hold", ["branch", "till"])


def downgrade() -> None:
    """Take it all away."""
    for table in ("hold", "debit", "points_move", "account_move", "customer_card", "customer"):
        op.drop_table(table)
    op.drop_column("staff", "badge")
    op.drop_column("voucher", "article")
    op.drop_index("ix_receipt_ref", "receipt")
    op.drop_index("ix_receipt_customer", "receipt")
    op.drop_column("receipt", "customer")
