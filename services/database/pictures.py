"""Pictures of articles at head office: which article has which, and each picture's bytes once.

The bytes are kept by their digest and never taken away: a history, a review and an undo show and
need pictures that no article has any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from schemas import picture as documents
from schemas.keys import ArticleKey, Digest
from schemas.picture import Picture
from services.database import changes
from services.database.tables import Instant, Table


class PictureRow(Table):
    """The picture that an article has now."""

    __tablename__ = "picture"

    article: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    changed_by: Mapped[str] = mapped_column(sa.String(60))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class PictureFile(Table):
    """A picture's bytes, by their digest."""

    __tablename__ = "picture_file"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    webp: Mapped[bytes]


def shelve(session: Session, webp: bytes) -> Digest:
    """Keep a picture's bytes, so that its digest leads to them; before any article has it."""
    digest = documents.digest(webp)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"digest": digest, "webp": webp}
    session.execute(insert(PictureFile).values(**values).on_conflict_do_nothing())
    return digest


def put(session: Session, picture: Picture, by: str) -> None:
    """Give an article a picture, and note the change for the tills."""
    digest = shelve(session, picture.webp)
    session.merge(
        PictureRow(article=picture.key, digest=digest, changed_by=by, changed_at=datetime.now(UTC))
    )
    changes.record(session, picture, changes.PICTURES, by)


def remove(session: Session, article: str, by: str) -> None:
    """Take an article's picture away. What is not there stays so."""
    row = session.get(PictureRow, article)
    if row is not None:
        session.delete(row)
        changes.gone(session, "picture", article, changes.PICTURES, by)


def of(session: Session, articles: Iterable[str]) -> dict[str, str]:
    """The digests of some articles' pictures, by article; those without one are left out."""
    rows = session.execute(
        sa.select(PictureRow.article, PictureRow.digest).where(
            PictureRow.article.in_(list(articles))
        )
    )
    return {row.article: row.digest for row in rows}


def webp(session: Session, digest: str) -> bytes | None:
    """A picture's bytes."""
    return session.scalar(sa.select(PictureFile.webp).where(PictureFile.digest == digest))


def document(session: Session, article: str) -> Picture | None:
    """An article's picture as tills have it; None where it has none."""
    row = session.get(PictureRow, article)
    found = webp(session, row.digest) if row else None
    return Picture(ArticleKey(article), found) if found is not None else None
