"""What is taken of an import may go into a change set."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.database import tables

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every import of before held at once."""
    op.add_column("import_batch", sa.Column("change_set", tables.Number, nullable=True))


def downgrade() -> None:
    """Forget which went into a set."""
    op.drop_column("import_batch", "change_set")
