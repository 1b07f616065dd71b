"""Imports in the browser, and tokens for programs of others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.database import tables

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "import_batch",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("said", sa.String(length=500), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("prices_at", tables.Instant(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("entry", sa.String(length=16), nullable=True),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("made_at", tables.Instant(), nullable=False),
        sa.Column("applied_at", tables.Instant(), nullable=True),
        sa.Column("undone_at", tables.Instant(), nullable=True),
        sa.Column("claim", sa.String(length=32), nullable=True),
        sa.Column("claimed_at", tables.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_import_batch")),
    )
    op.create_index("ix_import_batch_state", "import_batch", ["state"])
    op.create_table(
        "import_row",
        sa.Column("id", tables.Number, autoincrement=True, nullable=False),
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("article", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("outlier", sa.String(length=20), nullable=True),
        sa.Column("ticked", sa.Boolean(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
    )
    op.create_index("ix_import_row_batch", "import_row", ["batch", "kind", "outlier", "id"])
    op.create_table(
        "import_columns",
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", tables.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("signature", name=op.f("pk_import_columns")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", tables.Number, autoincrement=True, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("hint", sa.String(length=8), nullable=False),
        sa.Column("scopes", sa.String(length=400), nullable=False),
        sa.Column("branch", sa.String(length=12), nullable=True),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_at", tables.Instant(), nullable=False),
        sa.Column("expires_at", tables.Instant(), nullable=True),
        sa.Column("used_at", tables.Instant(), nullable=True),
        sa.Column("revoked_at", tables.Instant(), nullable=True),
        sa.Column("revoked_by", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )


def downgrade() -> None:
    """Take them away."""
    for name in ("api_token", "import_columns"):
        op.drop_table(name)
    op.drop_index("ix_import_row_batch", "import_row")
    op.drop_table("import_row")
    op.drop_index("ix_import_batch_state", "import_batch")
    op.drop_table("import_batch")
