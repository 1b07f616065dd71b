"""Articles' pictures in the mirror: one is read when it is shown, and none is kept here."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from schemas import binding, xml
from schemas.keys import ArticleKey
from schemas.picture import Picture
from services.mirror import index


class Pictures:
    """Pictures as the newest master data has them; from any thread, each question by itself."""

    def __init__(self, mirror: Path) -> None:
        """See the class."""
        self._path = mirror / index.FILE

    def webp(self, article: str) -> bytes | None:
        """An article's picture, as bytes that nobody has looked at yet; None where there is none."""
        with contextlib.suppress(sqlite3.DatabaseError, ValueError):
            reading = index.read(self._path)
            try:
                row = reading.execute(
                    "select data from record where kind = 'picture' and key = ?",
                    (ArticleKey(article),),
                ).fetchone()
            finally:
                reading.close()
            return binding.read(Picture, xml.parse(row[0])).webp if row else None
        return None
