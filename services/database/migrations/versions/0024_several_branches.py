"""A user of head office may see several branches, one at a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who saw one sees that one."""
    op.add_column("office_user", sa.Column("also", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Who sees several sees the first of them."""
    op.drop_column("office_user", "also")
