"""What all tables have in common: one declarative family, and how instants are kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """A table of head office. `Table.metadata` is the whole database."""

    metadata = sa.MetaData(naming_convention=NAMES)


class Instant(sa.TypeDecorator[datetime]):
    """An instant, kept in UTC, so that every engine sorts and compares it alike."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """To UTC, without an offset."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A whole number of any size; SQLite counts up only plain INTEGER keys."""
