"""Building a chain: organisation, taxes, tenders, roles, layouts, keyboards, articles, people."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from schemas.article import Article, Code, Group
from schemas.keyboard import Key, Keyboard, Tab
from schemas.keys import (
    ArticleKey,
    Barcode,
    GroupKey,
    KeyboardKey,
    RoleKey,
    StaffKey,
    TaxClass,
)
from schemas.money import Currency, Money, UnitPrice
from schemas.price import Price
from schemas.staff import Staff
from services.database import articles, changes, organisation, people, prices
from services.database.organisation import Unit
from services.till.signin import pin_digest

DATA: Final = Path(__file__).parent / "data"
BY: Final = "demo"

GROUPS: Final = (
    ("bread", "Backwaren", "Bakery", "Panadería"),
    ("produce", "Obst & Gemüse", "Fruit & veg", "Fruta y verdura"),
    ("dairy", "Molkerei & Käse", "Dairy & cheese", "Lácteos y quesos"),
    ("drinks", "Getränke", "Drinks", "Bebidas"),
    ("meat", "Fleisch & Wurst", "Meat", "Carne"),
    ("frozen", "Tiefkühl & Fisch", "Frozen & fish", "Congelados"),
    ("sweets", "Süßes & Snacks", "Sweets & snacks", "Dulces"),
    ("household", "Haushalt", "Household", "Hogar"),
    ("press", "Presse", "Press", "Prensa"),
    ("alcohol", "Alkohol", "Alcohol", "Alcohol"),
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A branch of a chain to be built: key, name, address, and how many tills."""

    key: str
    name: str
    address: str
    tills: int


DEMO_SEATS: Final = (
    Seat("001", "Dresden-Neustadt", "Louisenstr. 20|01099 Dresden", 2),
    Seat("002", "Leipzig Südvorstadt", "Karl-Liebknecht-Str. 61|04275 Leipzig", 2),
    Seat("003", "Görlitz Altstadt", "Untermarkt 8|02826 Görlitz", 1),
)


def organise(
    session: Session, company: Unit, seats: tuple[Seat, ...], printer: str | None = None
) -> list[str]:
    """The organisation; answers the tills' names."""
    company.kind, company.key = "company", "company"
    organisation.add(session, company, BY)
    tills = []
    region = Unit(
        kind="region", key="east", name="Region Ost", parent_kind="company", parent_key="company"
    )
    organisation.add(session, region, BY)
    for seat in seats:
        branch = Unit(
            kind="branch", key=seat.key, name=seat.name, address=seat.address,
            parent_kind="region", parent_key="east",
        )  # fmt: skip
        organisation.add(session, branch, BY)
        for number in range(1, seat.tills + 1):
            name = f"{seat.key}-{number}"
            till = Unit(
                kind="till", key=name, name=f"Kasse {number}", parent_kind="branch",
                parent_key=seat.key, printer=printer,
            )  # fmt: skip
            organisation.add(session, till, BY)
            tills.append(name)
    return tills


def introduce(session: Session, tills: list[str], port: int) -> None:
    """Give each till an address on this machine, from a port on, so that neighbours reach each other."""
    for number, name in enumerate(tills):
        till = session.get_one(Unit, ("till", name))
        till.rules = {**(till.rules or {}), "neighbours": f"127.0.0.1:{port + number}"}
        session.flush()
        organisation.announce(session, "till", name, BY)


def badge_of(key: str) -> str:
    """The code on the badge of somebody in the demo."""
    return f"BADGE-{key.upper()}"


def staff(
    session: Session, branch: str, everybody: tuple[tuple[str, str, str, str], ...], *,
    badges: bool = False,
) -> None:  # fmt: skip
    """People of a branch, who leads it first: key, name, PIN, language."""
    for n, (key, name, pin, language) in enumerate(everybody):
        role = RoleKey("cashier" if n else "manager")  # the first of a branch leads it
        person = Staff(StaffKey(key), name, role, pin_digest(pin), language)
        if badges:
            person = replace(person, badge=organisation.badge_digest(session, badge_of(key)))
        people.put_staff(session, person, branch, BY)


def demo_articles(session: Session, currency: Currency, time_zone: str) -> list[ArticleKey]:
    """The demo's groups, articles, prices and keyboard; answers the articles that have a price."""
    for key, de, en, es in GROUPS:
        articles.put_group(session, Group(GroupKey(key), de, en, es, colour=key), BY)
    priced: list[ArticleKey] = []
    for name in ("fresh.csv", "articles.csv"):
        for row in _rows(name):
            article = _article(row, currency)
            articles.put(session, article, BY)
            if row["price"]:
                priced.append(article.key)
                price = _price(row, article.key, currency, time_zone, fresh=name == "fresh.csv")
                prices.put_price(session, price, BY)
    changes.record(session, _keyboard(list(_rows("fresh.csv"))), changes.CHAIN, BY)
    return priced


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _article(row: dict[str, str], currency: Currency) -> Article:
    return Article(
        key=ArticleKey(row["number"]),
        de=row["name_de"] or None,
        en=row["name_en"] or None,
        es=row["name_es"] or None,
        group=GroupKey(row["group"]),
        unit=row["unit"],
        tax=TaxClass(row["tax class"]),
        deposit=Money.parse(row["deposit"], currency) if row.get("deposit") else None,
        age=int(row["age"]) if row["age"] else None,
        codes=(Code(Barcode(row["codes"])),) if row.get("codes") else (),
    )


def _price(
    row: dict[str, str], key: ArticleKey, currency: Currency, time_zone: str, *, fresh: bool
) -> Price:
    begins = datetime(2023, 1, 1, tzinfo=ZoneInfo(time_zone))
    if row.get("from"):
        begins = datetime.combine(datetime.fromisoformat(row["from"]), time(), ZoneInfo(time_zone))
    sample = True if fresh or row.get("sample") else None
    return Price(key, begins, UnitPrice.parse(row["price"], currency), None, sample)


def _keyboard(rows: list[dict[str, str]]) -> Keyboard:
    """Favourites on the first page, in the order of the file; then a page a group."""
    tabs = [Tab("Favoriten", "Favourites", "Favoritos", "star", _keys(rows[:16]))]
    for key, de, en, es in GROUPS:
        inside = [row for row in rows if row["group"] == key]
        if inside:
            tabs.append(Tab(de, en, es, key, _keys(inside)))
    return Keyboard(KeyboardKey("main"), 1, 4, 4, tuple(tabs))


def _keys(rows: list[dict[str, str]]) -> tuple[Key, ...]:
    return tuple(
        Key(n // 4, n % 4, ArticleKey(row["number"]), None, row["group"], row["picture"] or None)
        for n, row in enumerate(rows[:16])
    )


def baskets(priced: list[ArticleKey], seed: int) -> Iterator[list[tuple[ArticleKey, int]]]:
    """Endless baskets: fresh articles more often than the long tail, as in a real shop."""
    chance = random.Random(seed)  # noqa: S311 (no secret depends on it)
    often, seldom = priced[:23], priced[23:]
    while True:
        size = min(12, 1 + int(chance.expovariate(1 / 3)))
        yield [
            (chance.choice(often if chance.random() < 0.6 else seldom), chance.choice((1, 1, 1, 2)))
            for _ in range(size)
        ]
