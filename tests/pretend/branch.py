"""A head office and any number of tills in one process, over real files and a real database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from schemas import signature
from schemas.article import Article, Code
from schemas.keys import ArticleKey, Barcode, TaxClass
from schemas.money import Currency, Money, UnitPrice
from schemas.price import Price
from services.agent.loop import Agent
from services.authorising import carry
from services.database import articles, beginning, changes, prices
from services.database.headoffice import HeadOffice
from services.database.organisation import Unit
from services.demo import chain
from services.disk import bell
from services.disk.box import Box
from services.gateway import enrol
from services.gateway.desk import Desk
from services.link import identity
from services.link.office import Office
from services.replication import publish
from services.till.till import Till

BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
MILK = Article(ArticleKey("40122"), "Milch", "Milk", "Leche", tax=TaxClass("B"),
               codes=(Code(Barcode("4012345678901")), Code(Barcode("4012345678918"), 12)))  # fmt: skip
BEER = Article(ArticleKey("40200"), "Pils", "Pilsner", "Cerveza", tax=TaxClass("A"), age=16,
               deposit=Money(8, Currency("EUR")), codes=(Code(Barcode("40123455")),))  # fmt: skip
CHEESE = Article(
    ArticleKey("30871"), "Bergkäse", "Mountain cheese", "Queso", unit="kg", tax=TaxClass("B")
)
UNPRICED = Article(ArticleKey("99"), "Rätsel", "Riddle", "Enigma")
PRICES = {MILK.key: "1.39", BEER.key: "0.95", CHEESE.key: "22.90"}
STAFF = (("mira", "Mira Köhler", "1111", "de"),)


def euros(text: str) -> Money:
    """An amount in euros."""
    return Money.parse(text, "EUR")


class Chain:
    """A small chain. `tills` are the names of its tills."""

    def __init__(self, directory: Path, url: str | None = None, *, company: Unit | None = None,
                 seats: tuple[chain.Seat, ...] | None = None, zone: str = "de") -> None:  # fmt: skip
        self.directory = directory
        self.office = HeadOffice(directory / "office", url)
        self.office.migrate()
        with self.office.session() as session:
            self.tills = chain.organise(
                session,
                company or _company(),
                seats or (chain.Seat("014", "Neustadt", "Weg 1", 2),),
            )
            taxes = {"A": ("19 %", Decimal(19)), "B": ("7 %", Decimal(7))}
            beginning.rules(session, taxes, zone)
            for branch in {name.partition("-")[0] for name in self.tills}:
                chain.staff(session, branch, STAFF)
            if company is None:
                for article in (MILK, BEER, CHEESE, UNPRICED):
                    articles.put(session, article, "test")
                for key, price in PRICES.items():
                    amount = UnitPrice.parse(price, "EUR")
                    prices.put_price(session, Price(key, BEGAN, amount), "test")
        self.publish()

    def publish(self) -> int:
        """One look of the worker."""
        return publish.publish(self.office)

    def price(self, key: str, text: str, begins: datetime | None = None) -> None:
        """A manager changes a price, and the worker publishes it."""
        with self.office.session() as session:
            prices.change_price(session, key, UnitPrice.parse(text, "EUR"), "test", begins=begins)
        self.publish()

    def box(self, name: str, address: str = "http://127.0.0.1:1") -> Box:
        """The box of a till, enrolled."""
        box = Box(self.directory / "boxes" / name)
        if box.identity.exists():
            return box
        box.make()
        public = signature.public_text(identity.device_key(box))
        trusted = signature.public_text(self.office.replica_key())
        with self.office.session() as session:
            code = enrol.make_code(session, name, "test")
            who = enrol.enrol(session, code, public, address, None, trusted)
        identity.keep(box, who)
        return box

    def desk(self, name: str) -> Desk:
        """Head office's side of a till's calls."""
        branch, _, till = name.partition("-")
        return Desk(self.office, branch, till)

    @contextmanager
    def line(self, name: str) -> Iterator[None]:
        """While it lasts, the till's questions reach head office."""
        stop = threading.Event()
        box = self.box(name)
        carrying = threading.Thread(target=carry.run, args=(box, self.desk(name), stop))
        carrying.start()
        try:
            yield
        finally:
            stop.set()
            bell.ring(box.path, "asks")
            carrying.join()

    def agent(self, name: str, office: Office | None = None) -> Agent:
        """A till's agent, without any line between unless one is handed in."""
        return Agent(self.box(name), office or self.desk(name))

    def look(self, name: str, office: Office | None = None) -> None:
        """One look of a till's agent."""
        agent = self.agent(name, office)
        agent.look()
        agent.close()

    def till(self, name: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Till:
        """A till that can sell: mirrored, with Mira signed in."""
        box = self.box(name)
        if not (box.mirror / "chain").exists():
            self.look(name)
        till = Till(box, now)
        till.sign_in(till.catalogue.staff()[0], "1111")
        return till

    def stock(self, code: Barcode, name: str, *, tax: str, voucher: str | None = None) -> None:
        """Twenty euros' worth of something with this code, a voucher of this kind or goods.

        Tills have it after `publish`.
        """
        article = Article(
            ArticleKey(code), name, tax=TaxClass(tax), fixed=True if voucher else None,
            voucher=voucher, codes=(Code(code),),
        )  # fmt: skip
        with self.office.session() as session:
            articles.put(session, article, "test")
            price = Price(article.key, BEGAN, UnitPrice.parse("20.00", "EUR"))
            prices.put_price(session, price, "test")

    def remove_price(self, key: str) -> None:
        """A manager takes an article's prices back."""
        with self.office.session() as session:
            for row in prices.prices_of(session, key):
                prices.remove_price(session, row, "test")
        self.publish()


def _company() -> Unit:
    return Unit(
        name="Elbmarkt", address="Musterweg 1", currency="EUR", time_zone="Europe/Berlin",
        tax_zone="de", language="de", layout="standard", keyboard="main", profile="test",
    )  # fmt: skip


def renamed(article: Article, name: str) -> Article:
    """An article under another German name."""
    return replace(article, de=name)


__all__ = ["BEER", "CHEESE", "MILK", "UNPRICED", "Chain", "changes", "euros", "renamed"]
