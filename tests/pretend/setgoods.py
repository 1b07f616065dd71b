"""A set and a model with its variants, as head office has them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from schemas.article import Article, Code, Option, Part
from schemas.keys import ArticleKey, Barcode, ModelKey, TaxClass
from schemas.model import Axis, Model, Value
from schemas.money import UnitPrice
from schemas.price import Price
from schemas.quantity import Quantity
from services.database import articles, models, prices

SET: Final = Article(
    ArticleKey("9900"), "Brotzeit für zwei", "Supper for two", "Merienda para dos",
    tax=TaxClass("A"), codes=(Code(Barcode("4099999009900")),),
    parts=(Part(ArticleKey("1004"), Quantity(2000)), Part(ArticleKey("3001"), Quantity(250, "kg")),
           Part(ArticleKey("6001"), Quantity(2000))),
)  # fmt: skip
SHIRT: Final = Model(
    ModelKey("shirt"), "Vereinsshirt", "Club shirt", "Camiseta del club",
    axes=(Axis("Größe", tuple(map(Value, ("S", "M", "L", "XL")))),
          Axis("Farbe", tuple(map(Value, ("weiß", "blau"))))),
)  # fmt: skip


def sell(session: Session, begins: datetime) -> None:
    """A set and a model with seven variants."""
    wanted = [(SET, "9.99")]
    models.put(session, SHIRT, "test")
    sizes, colours = (axis.names for axis in SHIRT.axes)
    for n, (size, colour) in enumerate(
        (s, c) for s in sizes for c in colours if (s, c) != ("S", "blau")
    ):
        variant = Article(
            ArticleKey(f"88{n:02}"), f"Vereinsshirt {size} {colour}", tax=TaxClass("A"),
            model=SHIRT.key, options=(Option(size), Option(colour)),
        )  # fmt: skip
        wanted.append((variant, "24.90" if size == "XL" else "19.90"))
    for article, price in wanted:
        articles.put(session, article, "test")
        amount = UnitPrice.parse(price, "EUR")
        prices.put_price(session, Price(article.key, begins, amount), "test")
