"""Taking a price change back: a signed note of what was done, good for a few minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import flask
import itsdangerous
import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas.money import Currency, UnitPrice
from services.database import prices
from services.database.articles import ArticleRow, EditConflict
from services.database.people import User
from services.database.prices import PriceRow

_GOOD_S: Final = 300


@dataclass(frozen=True, slots=True)
class Done:
    """A price that was set. `before`: what stood at the same instant, in 100,000ths, if anything."""

    article: str
    price: int
    version: int
    before: int | None


def _notes() -> itsdangerous.URLSafeTimedSerializer:
    return itsdangerous.URLSafeTimedSerializer(flask.current_app.secret_key or b"", salt="undo")


def note(done: Done) -> str:
    """What the page keeps, to take the change back."""
    return str(_notes().dumps([done.article, done.price, done.version, done.before]))


def read(text: str) -> Done | None:
    """The change that a note is of; None where the note is not ours, or too old."""
    try:
        found = _notes().loads(text, max_age=_GOOD_S)
    except itsdangerous.BadData:
        return None
    return Done(*found)


def standing(session: Session, article: str, branch: str, begins: datetime | None) -> int | None:
    """The price that a change would replace, because it begins at the same instant."""
    if begins is None:
        return None
    query = sa.select(PriceRow.fine).where(
        PriceRow.article == article, PriceRow.branch == branch, PriceRow.begins == begins
    )
    return session.scalar(query)


def take_back(session: Session, done: Done, person: User) -> None:
    """Put the price back as it was; raises EditConflict where somebody changed it since.

    Raises LookupError where there is nothing to take back, or where it is another branch's.
    """
    by = person.name
    article = session.get(ArticleRow, done.article, with_for_update=True)
    price = session.get(PriceRow, done.price)
    if article is None or price is None or (person.own and price.branch not in person.own):
        raise LookupError(done.article)
    if article.version != done.version:
        raise EditConflict(article.changed_by, article.changed_at)
    article.version += 1
    article.changed_by, article.changed_at = by, datetime.now(UTC)
    if done.before is None:
        prices.remove_price(session, price, by)
    else:
        document = price.document()
        amount = UnitPrice(done.before, Currency(price.currency))
        again = type(document)(document.article, document.begins, amount, document.branch)
        prices.put_price(session, again, by)
