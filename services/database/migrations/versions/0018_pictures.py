"""Pictures of articles, and the words that articles are tagged with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.database import tables

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; no article has either yet."""
    op.create_table(
        "picture",
        sa.Column("article", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.Column("changed_at", tables.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_picture")),
    )
    op.create_table(
        "picture_file",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("webp", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_picture_file")),
    )
    op.create_table(
        "article_tag",
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("article", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("tag", "article", name=op.f("pk_article_tag")),
    )
    op.create_index(op.f("ix_article_tag_article"), "article_tag", ["article"])


def downgrade() -> None:
    """Take them away; what tills have of them stays in the change records."""
    op.drop_index(op.f("ix_article_tag_article"), "article_tag")
    op.drop_table("article_tag")
    op.drop_table("picture_file")
    op.drop_table("picture")
