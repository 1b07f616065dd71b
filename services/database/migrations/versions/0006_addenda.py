"""Closings that head office makes for what no Z report covers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.database import tables

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KEY = ["branch", "till", "series", "number"]


def upgrade() -> None:
    """Addenda lie beside the tills' own closings, which are number 0."""
    with op.batch_alter_table("closing") as table:
        table.add_column(sa.Column("addendum", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("until", tables.Instant(), nullable=True))
        table.add_column(sa.Column("document", sa.LargeBinary(), nullable=True))
        table.drop_constraint("pk_closing", type_="primary")
        table.create_primary_key("pk_closing", [*_KEY, "addendum"])


def downgrade() -> None:
    """Take the addenda away."""
    op.execute(sa.text("delete from closing where addendum > 0"))
    with op.batch_alter_table("closing") as table:
        table.drop_constraint("pk_closing", type_="primary")
        table.create_primary_key("pk_closing", _KEY)
        for name in ("addendum", "until", "document"):
            table.drop_column(name)
