"""Articles are found by their order codes, at tills too, and by words without accents."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from schemas import spelling, supplier, xml
from schemas.keys import ArticleKey, SupplierKey
from services.database import tables

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None

_SUPPLY = sa.table("supply", *map(sa.column, ("article", "supplier", "order_code", "sought")))
_ARTICLE = sa.table("article", sa.column("key"), sa.column("words"))
_CHANGE = sa.table(
    "change", *map(sa.column, ("scope", "kind", "key", "document", "by")),
    sa.column("made_at", tables.Instant()),
)  # fmt: skip


def upgrade() -> None:
    """Make the column, work it out for what there is, and note that for the tills."""
    plain = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
    op.add_column("supply", sa.Column("sought", plain, nullable=True))
    op.create_index(op.f("ix_supply_sought"), "supply", ["sought"])
    there = op.get_bind()
    now = datetime.now(UTC)
    for row in there.execute(sa.select(_SUPPLY).where(_SUPPLY.c.order_code.is_not(None))).all():
        if not (sought := supplier.sought(row.order_code)):
            continue
        here = (_SUPPLY.c.article == row.article, _SUPPLY.c.supplier == row.supplier)
        there.execute(sa.update(_SUPPLY).where(*here).values(sought=sought))
        code = supplier.OrderCode(
            SupplierKey(row.supplier), ArticleKey(row.article), row.order_code
        )
        there.execute(
            sa.insert(_CHANGE).values(
                scope="chain", kind="order-code", key=code.key, document=xml.dump(code),
                by="migration", made_at=now,
            )
        )  # fmt: skip
    for row in there.execute(sa.select(_ARTICLE)).all():
        if not row.words.isascii():
            found = spelling.findable(row.words)[:1500]
            there.execute(sa.update(_ARTICLE).where(_ARTICLE.c.key == row.key).values(words=found))


def downgrade() -> None:
    """Take it away; what tills have of it stays in the change records."""
    op.drop_index(op.f("ix_supply_sought"), "supply")
    op.drop_column("supply", "sought")
