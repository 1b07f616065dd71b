"""Suppliers with purchase prices, saved views, and what big lists are found by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.database import articles, tables

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
_NAMELESS = "de IS NULL AND en IS NULL AND es IS NULL"


def upgrade() -> None:
    """Make the tables."""
    key, name = sa.String(length=40), sa.String(length=200)
    op.add_column(
        "article", sa.Column("priced", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(
        sa.text(
            "update article set priced = exists "
            "(select 1 from price where price.article = article.key and price.branch = '')"
        )
    )
    for task, where in (("unpriced", "NOT priced"), ("unnamed", _NAMELESS)):
        op.create_index(
            f"ix_article_{task}", "article", ["key"],
            sqlite_where=sa.text(where), postgresql_where=sa.text(where),
        )  # fmt: skip
    for language in ("de", "en", "es"):
        expression = sa.text(articles.sort_text(language))
        op.create_index(f"ix_article_sort_{language}", "article", [expression, "key"])
    op.create_index("ix_unit_parent", "unit", ["parent_kind", "parent_key"])
    op.create_table(
        "supplier",
        sa.Column("key", key, nullable=False),
        sa.Column("name", name, nullable=False),
        sa.Column("address", sa.String(length=2000), nullable=True),
        sa.Column("phone", name, nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("number", name, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_supplier")),
    )
    op.create_table(
        "supply",
        sa.Column("article", key, nullable=False),
        sa.Column("supplier", key, nullable=False),
        sa.Column("order_code", name, nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("pack", sa.Integer(), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("article", "supplier", name=op.f("pk_supply")),
    )
    op.create_index(op.f("ix_supply_supplier"), "supply", ["supplier"])
    op.create_table(
        "saved_view",
        sa.Column("id", tables.Number, autoincrement=True, nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("page", key, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("question", sa.String(length=1000), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("owner", "page", "name", name=op.f("uq_saved_view_owner_page_name")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("saved_view")
    op.drop_index(op.f("ix_supply_supplier"), "supply")
    op.drop_table("supply")
    op.drop_table("supplier")
    op.drop_index("ix_unit_parent", "unit")
    for index in ("sort_de", "sort_en", "sort_es", "unpriced", "unnamed"):
        op.drop_index(f"ix_article_{index}", "article")
    op.drop_column("article", "priced")
