"""Head office after a month's work of a small chain, for looking at: something stands on every page.

The pictures of `docs/take_office_pictures.py` and the checks of what a person who may only look is
offered stand on the same scene. Most of it is done as a manager does it, by sending forms.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backoffice import create_app
from schemas.article import Article, Option, Part
from schemas.keys import (
    ArticleKey,
    Barcode,
    ModelKey,
    SupplierKey,
    TaxClass,
    TaxZone,
    TenderKey,
)
from schemas.model import Axis, Model, Value
from schemas.money import Currency, UnitPrice
from schemas.picture import Picture
from schemas.price import Price
from schemas.quantity import Quantity
from schemas.supplier import Supplier, Supply
from schemas.tax import Rate, Tax
from services.database import (
    articles,
    beginning,
    changes,
    labels,
    models,
    people,
    pictures,
    prices,
    supplies,
)
from services.database.duties import AREAS, SEE, put
from services.database.imports import ImportBatch
from services.database.mails import MailRow
from services.database.organisation import Unit
from services.database.sales import QuarantineRow
from services.demo import chain as demo
from services.demo import history, offers
from services.importing import pictures as importing
from services.importing import steps
from tests.pretend import photograph
from tests.pretend.branch import Chain, euros

PASSWORD: Final = "richtig geheim"
STAFF: Final = (("luis", "Luis Ortega", "1111", "es"), ("nils", "Nils Brandt", "1111", "en"))
SELLING: Final = ("001-1", "001-2", "002-1")
DELIVERED: Final = (
    "Artikelnummer;Bezeichnung;EAN;VK;Steuer\n"
    "1001;Brötchen hell;;0,49;B\n1004;Laugenbrezel;;9,50;B\n4002;Milch;;1,59;A\n"
    "8801;Apfelsaft naturtrüb 1 l;4006381333931;2,49;A\n8802;Traubensaft 1 l;4006381333932;2,49;A\n"
    "8803;Quittensaft;;1.234;A\n;ohne Nummer;;1,00;A\n8804;Kirschsaft 1 l;;2,79;Z\n"
)
"""A supplier's file: prices that move, one that hardly can be meant, a new article, four faulty rows."""


@dataclass
class Scene:
    """Head office with its chain, and what stands for the parts of its addresses."""

    chain: Chain
    app: Flask
    parts: dict[str, str]

    def client(self, name: str) -> FlaskClient:
        """Somebody at a browser without script, signed in."""
        client = self.app.test_client()
        client.post("/sign-in", data={"name": name, "password": PASSWORD})
        return client

    def close(self) -> None:
        """Let the database go."""
        self.app.extensions["office"].close()
        self.chain.office.close()


def pages(parts: dict[str, str]) -> dict[str, str]:
    """All pages that people see, by name."""
    return {name: path.format(**parts) for name, path in _PAGES.items()}


def build(directory: Path, a_day: int = 4) -> Scene:
    """Three branches, `a_day` receipts a day at three of the tills for a month, and what managers did."""
    company = Unit(
        name="Elbmarkt", address="Musterweg 1|01067 Dresden", currency="EUR",
        time_zone="Europe/Berlin", tax_zone="de", language="de", layout="standard",
        keyboard="main", profile="demo", tax_number="USt-IdNr. DE000000000",
    )  # fmt: skip
    chain = Chain(directory, company=company, seats=demo.DEMO_SEATS)
    with chain.office.session() as session:
        zero = Tax(TaxClass("C"), TaxZone("de"), "0 %", (Rate(beginning.EPOCH, Decimal(0)),))
        changes.record(session, zero, changes.CHAIN, demo.BY)
        for branch in ("001", "002"):
            demo.staff(
                session, branch, (("mira", "Mira Köhler", "1111", "de"), *STAFF), badges=True
            )
        priced = demo.demo_articles(session, Currency("EUR"), "Europe/Berlin")
        offers.offer(session, "Europe/Berlin")
        _goods(session)
        put(session, "auditor", "Revision", dict.fromkeys(AREAS, SEE))
        for name, shown, role in (("jana", "Jana Brandt", "owner"), ("tom", "Tom Heller", "manager"),
                                  ("ina", "Ina Sommer", "auditor")):  # fmt: skip
            people.make_user(session, name, PASSWORD, shown=shown, language="de", role=role)
        people.make_user(session, "bea", PASSWORD, shown="Bea Wolf", branch="001", language="de")
    chain.publish()
    for seed, name in enumerate(SELLING):
        chain.look(name)
        history.sell(
            chain.box(name), priced, datetime.now(UTC), 30, a_day, seed, lambda: None
        )  # fmt: skip
        chain.look(name)
    app = create_app(chain.office.directory)
    app.config.update(WTF_CSRF_ENABLED=False, PACED=False)
    scene = Scene(chain, app, {})
    _trade(scene)
    _manage(scene)
    chain.publish()
    chain.look("001-1")
    return scene


def _goods(session: Session) -> None:
    """A model of which one variant is there, a set, and a photograph."""
    shirt, breakfast = ModelKey("shirt"), ArticleKey("9100")
    sizes = Axis("Größe", (Value("S"), Value("M"), Value("L")))
    colours = Axis("Farbe", (Value("weiß"), Value("blau")))
    model = Model(shirt, "T-Shirt Elbe", "T-shirt Elbe", axes=(sizes, colours))
    models.put(session, model, demo.BY)
    variant = Article(
        ArticleKey("9201"),
        "T-Shirt Elbe M blau",
        model=shirt,
        options=(Option("M"), Option("blau")),
    )
    whole = Article(
        breakfast, "Frühstück", "Breakfast", "Desayuno", tax=TaxClass("B"),
        parts=(Part(ArticleKey("1001"), Quantity(2000)), Part(ArticleKey("1004"), Quantity(1000))),
    )  # fmt: skip
    for article, price in ((variant, "14.90"), (whole, "1.69")):
        articles.put(session, article, demo.BY)
        begins = beginning.EPOCH
        prices.put_price(
            session, Price(article.key, begins, UnitPrice.parse(price, "EUR")), demo.BY
        )
    bakery = Supplier(SupplierKey("muehle"), "Elbmühle", "Hafenstr. 3|01067 Dresden", number="K-17")
    supplies.put_supplier(session, bakery, demo.BY)
    flour = UnitPrice.parse("0.14", "EUR")
    roll = Supply(bakery.key, ArticleKey("1001"), "EM-1001", flour, 60, main=True)
    supplies.put_supply(session, roll, demo.BY)
    photo = importing.made(photograph.striped())
    pictures.put(session, Picture(breakfast, photo), demo.BY)


def _trade(scene: Scene) -> None:
    """What a month of usual receipts does not have: vouchers, an account, a debit, a difference."""
    chain, parts = scene.chain, scene.parts
    roll = Barcode("1001")
    with chain.till("001-1") as till:
        till.scan(Barcode("9000"))
        receipt, *_ = till.pay()
        parts["voucher"] = str(receipt.lines[0].voucher)
        for tender, more in (("account", ()), ("debit", ("DE89370400440532013000",))):
            till.scan(roll, Quantity(12_000))
            till.clientele.choose(till.clientele.shown("20418"))
            till.pay([(TenderKey(tender), till.basket.open, *more)])
        till.scan(roll)
        receipt, *_ = till.pay()
        parts["number"], parts["series"] = str(receipt.number), str(receipt.series)
        till.drawer.pay_out(euros("4.00"), "Blumen")
        till.drawer.safe_drop(euros("50.00"), "B-17")
        till.drawer.count(till.drawer.expected() - euros("10.00"))
        till.drawer.z_report()
    chain.look("001-1")
    with chain.office.session() as session:
        session.add(
            QuarantineRow(
                branch="002", till="1", series="1", number=999, digest="0" * 64, document=b"<x/>",
                reason="the entry is of till 003-9", received_at=datetime.now(UTC),
            )
        )  # fmt: skip
        session.add(
            MailRow(
                branch="001", till="1", series=parts["series"], number=1, state="refused", tries=3,
                receipt_series=parts["series"], receipt=int(parts["number"]), address="anna@example.org",
                made_at=datetime.now(UTC), next_at=datetime.now(UTC), said="550 mailbox unavailable",
            )
        )  # fmt: skip


def _manage(scene: Scene) -> None:
    """What Jana and Tom did: prices, sets, a supplier's file, layouts, interfaces."""
    jana, tom = scene.client("jana"), scene.client("tom")
    chain, parts = scene.chain, scene.parts
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT06:00")
    with chain.office.session() as session:
        shelf = {"1001": 45_000, "1002": 99_000}
        labels.keep(session, "001", shelf, "bea", datetime.now(UTC))
    token = {"name": "Warenwirtschaft", "scope": ["articles:read", "prices:write"], "lasts": "365"}
    jana.post("/interfaces/tokens", data=token)
    hook = {"url": "https://erp.example/tresen", "event": "price.changed"}
    jana.post("/interfaces/hooks", data=hook)
    _price(jana, "1001", "0,49")
    _price(jana, "1003", "1,79", when="at", at=tomorrow)
    _price(jana, "1002", "1,05", branch="001")
    jana.post(
        "/views/articles", data={"name": "Milchprodukte", "question": "q=milch", "shared": "y"}
    )
    _sets(jana, tom, tomorrow)
    for number, text in enumerate((DELIVERED, DELIVERED, "number;price\n1005;1,99\n")):
        parts[f"file{number}"] = _brought(jana, text)
    for number in (1, 2):
        with chain.office.reading() as session:
            batch = session.get_one(ImportBatch, parts[f"file{number}"])
            by_header = {header: ours for ours, header in batch.reading["columns"].items()}
            form = {f"column-{n}": by_header.get(h, "") for n, (h, _) in enumerate(batch.headers)}
        jana.post(f"/imports/{batch.key}/columns", data=form)
    while steps.once(chain.office):
        pass
    jana.post(f"/imports/{parts['file2']}/apply", data={})
    while steps.once(chain.office):
        pass
    right = {"right": "pay-out", "value": "20", "challenge": "123456"}
    jana.post("/tills/001-1/approve", data=right)
    jana.post("/layouts/standard", data={"act": "add-text", "block": "0", "seen": ""})
    jana.post("/keyboards/main", data={"act": "clear-0-3", "tab": "0", "row": "0", "column": "0",
                                       "seen": ""})  # fmt: skip


def _price(client: FlaskClient, key: str, amount: str, **more: str) -> None:
    form = {"amount": amount, "when": "now", **more}
    answer = client.post(f"/articles/{key}/price", data=form)
    assert answer.status_code == 303, answer.text


def _sets(jana: FlaskClient, tom: FlaskClient, tomorrow: str) -> None:
    """One released, one that waits for its moment and was overtaken, one to review, one to fill."""
    _collected(jana, "Kaffeewoche", "2001", "2,49")
    jana.post("/changes/1/release", data={"when": "now", "reach": "all"})
    _collected(jana, "Winterpreise", "2002", "1,99")
    jana.post("/articles/1001/edit", data=_article("Brötchen winterlich"))
    jana.post("/changes/collecting", data={})
    jana.post("/changes/2/release", data={"when": "at", "at": tomorrow, "reach": "all"})
    tom.post("/articles/1001/edit", data=_article("Brötchen rustikal"))
    _collected(tom, "Weihnachten", "2003", "3,49")
    tom.post("/changes/3/propose", data={})
    tom.post("/changes/collecting", data={})
    _collected(jana, "Frühling", "2004", "0,19")
    jana.post("/changes/collecting", data={})


def _collected(client: FlaskClient, title: str, key: str, amount: str) -> None:
    client.post("/changes/", data={"title": title})
    client.post(f"/articles/{key}/price", data={"amount": amount, "when": "now"})


def _article(name: str) -> dict[str, str]:
    return {"de": name, "en": "Roll", "group": "bread", "unit": "pcs", "tax": "B", "reach": "all"}


def _brought(client: FlaskClient, text: str) -> str:
    data: dict[str, Any] = {"file": (io.BytesIO(text.encode()), "nordhandel_kw48.csv")}
    answer = client.post("/imports/", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).rpartition("/")[2]


_PAGES: Final = {
    "overview": "/", "overview-branch": "/?branch=001", "quarantine": "/quarantine",
    "articles": "/articles/", "articles-found": "/articles/?q=milch",
    "articles-none": "/articles/?q=qqqq", "articles-task": "/articles/?task=price",
    "article": "/articles/1001", "article-price": "/articles/1001/price",
    "article-edit": "/articles/1001/edit", "article-new": "/articles/new",
    "set": "/articles/9100", "set-edit": "/articles/9100/edit", "variant": "/articles/9201",
    "models": "/models/", "model-new": "/models/new", "model": "/models/shirt",
    "model-edit": "/models/shirt/edit",
    "groups": "/groups/", "group": "/groups/bread",
    "prices": "/prices/?with=001&with=002", "prices-coming": "/prices/coming",
    "price-cell": "/prices/1002/branch/001",
    "promotions": "/promotions/", "promotion": "/promotions/sweets", "promotion-new": "/promotions/new",
    "labels": "/labels/", "labels-branch": "/labels/?branch=001",
    "imports": "/imports/", "import-columns": "/imports/{file0}",
    "import-differences": "/imports/{file1}", "import-faulty": "/imports/{file1}?show=faulty",
    "import-new": "/imports/{file1}?show=new", "import-taken": "/imports/{file2}",
    "turnover-branch": "/turnover/?period=days30", "turnover-day": "/turnover/?by=day&period=days30",
    "turnover-article": "/turnover/?by=article&period=days30",
    "receipts": "/receipts/?period=days30", "receipts-none": "/receipts/?q=99999999",
    "receipt": "/receipts/001-1/{series}/{number}", "mails": "/receipts/mails",
    "cash": "/cash/?period=days30", "cash-events": "/cash/?show=events&period=days30",
    "cash-bags": "/cash/?show=bags&period=days30", "cash-one": "/cash/001-1/1/1",
    "customers": "/customers/", "customer": "/customers/20418", "customer-new": "/customers/new",
    "debits": "/customers/debits", "statement": "/customers/20418/statement?period=month",
    "erase": "/customers/20418/erase", "vouchers": "/vouchers/", "voucher": "/vouchers/{voucher}",
    "suppliers": "/suppliers/", "supplier": "/suppliers/muehle", "supplier-new": "/suppliers/new",
    "rules": "/rules/", "tax": "/rules/tax/B|de", "tender": "/rules/tender/cash", "code-rule": "/rules/code-rule/new",
    "branches": "/branches/", "company": "/units/company/company", "branch": "/units/branch/001",
    "till-settings": "/units/till/001-1?edit=printer", "branch-new": "/units/new?kind=branch",
    "tills": "/tills/", "till": "/tills/001-1", "till-new": "/tills/003-1",
    "cashiers": "/cashiers/", "cashiers-left": "/cashiers/?state=left", "cashier": "/cashiers/mira",
    "cashier-new": "/cashiers/new", "roles": "/roles/",
    "layouts": "/layouts/", "layout": "/layouts/standard?block=5",
    "layout-widths": "/layouts/standard?block=-1",
    "layout-versions": "/layouts/standard/versions?first=1&second=1",
    "keyboards": "/keyboards/", "keyboard": "/keyboards/main?row=0&column=0",
    "keyboard-free": "/keyboards/main?row=0&column=3",
    "changes": "/changes/", "changes-released": "/changes/?show=released",
    "set-released": "/changes/1", "set-overtaken": "/changes/2", "set-review": "/changes/3",
    "set-draft": "/changes/4",
    "log": "/log/", "log-entry": "/log/3", "log-check": "/log/check",
    "history": "/log/of/article/1001",
    "interfaces": "/interfaces/", "hook": "/interfaces/hooks/1", "reference": "/interfaces/reference",
    "users": "/users/", "user": "/users/tom", "user-new": "/users/new", "office-roles": "/office-roles/",
    "me": "/me/", "password": "/me/password", "second-factor": "/me/second-factor",
    "missing": "/nothing-here",
}  # fmt: skip
"""All pages that people see, by name; parts of an address that the scene knows stand in braces."""
