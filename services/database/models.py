"""Models as head office keeps them, and the articles that are their variants."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas.keys import GroupKey, ModelKey, TaxClass
from schemas.model import Axis, Model, Value
from services.database import changes
from services.database.articles import ArticleRow
from services.database.tables import Instant, Table


class ModelRow(Table):
    """A model. `axes` holds a name and its values for each; `version` counts edits."""

    __tablename__ = "model"

    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    de: Mapped[str | None] = mapped_column(sa.String(200))
    en: Mapped[str | None] = mapped_column(sa.String(200))
    es: Mapped[str | None] = mapped_column(sa.String(200))
    group: Mapped[str | None] = mapped_column("group_key", sa.String(40))
    tax: Mapped[str | None] = mapped_column(sa.String(40))
    axes: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[str] = mapped_column(sa.String(60))
    changed_at: Mapped[datetime] = mapped_column(Instant)

    def name(self, language: str) -> str:
        """The name in `language`, else in any language, else the key."""
        return getattr(self, language, None) or self.de or self.en or self.es or self.key

    def document(self) -> Model:
        """The model as tills have it."""
        axes = tuple(
            Axis(axis["name"], tuple(Value(name) for name in axis["values"])) for axis in self.axes
        )
        return Model(
            ModelKey(self.key), self.de, self.en, self.es,
            GroupKey(self.group) if self.group else None,
            TaxClass(self.tax) if self.tax else None, axes,
        )  # fmt: skip


def put(session: Session, model: Model, by: str) -> None:
    """Keep a model and note the change for the tills."""
    row = session.get(ModelRow, model.key)
    if row is None:
        row = ModelRow(key=model.key, version=0)
        session.add(row)
    for name in ("de", "en", "es", "group", "tax"):
        setattr(row, name, getattr(model, name))
    row.axes = [{"name": axis.name, "values": list(axis.names)} for axis in model.axes]
    row.version += 1
    row.changed_by, row.changed_at = by, datetime.now(UTC)
    changes.record(session, model, changes.CHAIN, by)


def remove(session: Session, key: str, by: str) -> None:
    """Take a model away, as an undo does; its variants stay articles."""
    row = session.get(ModelRow, key)
    if row is not None:
        session.delete(row)
        changes.gone(session, "model", key, changes.CHAIN, by)


def all_of(session: Session, language: str) -> list[ModelRow]:
    """All models, by their names in a language."""
    rows = session.scalars(sa.select(ModelRow))
    return sorted(rows, key=lambda row: (row.name(language).casefold(), row.key))


def variants(session: Session, model: str) -> list[ArticleRow]:
    """The articles that are variants of a model, by number."""
    query = sa.select(ArticleRow).where(ArticleRow.model == model).order_by(ArticleRow.key)
    return list(session.scalars(query))
