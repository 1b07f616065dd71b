"""What sets hold, models, and which variant of one an article is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.database import tables

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and columns."""
    key, name = sa.String(length=40), sa.String(length=200)
    op.create_table(
        "article_part",
        sa.Column("whole", key, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("article", key, nullable=False),
        sa.Column("quantity", tables.Number, nullable=False),
        sa.Column("unit", sa.String(length=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["whole"], ["article.key"], name=op.f("fk_article_part_whole_article")
        ),
        sa.PrimaryKeyConstraint("whole", "position", name=op.f("pk_article_part")),
    )
    op.create_index(op.f("ix_article_part_article"), "article_part", ["article"])
    op.create_table(
        "model",
        sa.Column("key", key, nullable=False),
        sa.Column("de", name, nullable=True),
        sa.Column("en", name, nullable=True),
        sa.Column("es", name, nullable=True),
        sa.Column("group_key", key, nullable=True),
        sa.Column("tax", key, nullable=True),
        sa.Column("axes", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.Column("changed_at", tables.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_model")),
    )
    op.add_column("article", sa.Column("model", key, nullable=True))
    op.add_column("article", sa.Column("options", sa.JSON(), nullable=True))
    op.create_index(op.f("ix_article_model"), "article", ["model"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f("ix_article_model"), "article")
    op.drop_column("article", "options")
    op.drop_column("article", "model")
    op.drop_table("model")
    op.drop_table("article_part")
