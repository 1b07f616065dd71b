"""Variants at the till's face: a model's key asks which, a scan never waits, a search shows them together."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_qt.till import TillFace
from schemas.article import Article, Code, Option
from schemas.keyboard import Key, Keyboard, Tab
from schemas.keys import ArticleKey, Barcode, KeyboardKey, ModelKey, TaxClass
from schemas.model import Axis, Model, Value
from services.database import articles, changes, models
from tests.pos_qt.acts import ENTER, click, press, scan, titles, typed
from tests.pos_qt.conftest import MILK_CODE, Opener, idle, sign_in
from tests.pretend.branch import BEGAN, MILK, Chain, euros

SHIRT = Model(
    ModelKey("shirt"), "T-Shirt", "T-shirt", "Camiseta",
    axes=(Axis("Größe", (Value("S"), Value("M"), Value("L"))),
          Axis("Farbe", (Value("weiß"), Value("blau")))),
)  # fmt: skip
THERE = (
    ("L", "blau", "19.90"),
    ("S", "weiß", "17.90"),
    ("S", "blau", "17.90"),
    ("M", "blau", "17.90"),
)


def shirt(size: str, colour: str) -> Article:
    return Article(
        ArticleKey(f"5-{size}-{colour[0]}"), f"T-Shirt {size} {colour}", tax=TaxClass("A"),
        model=SHIRT.key, options=(Option(size), Option(colour)),
        codes=(Code(Barcode(f"shirt-{size}-{colour[0]}")),),
    )  # fmt: skip


@pytest.fixture
def face(qtbot: QtBot, shop: Chain, opened: Opener) -> TillFace:
    """A till with a key for a model of shirts in three sizes and two colours."""
    board = Keyboard(KeyboardKey("main"), 1, tabs=(
        Tab("Kleidung", "Clothes", "Ropa", "star",
            (Key(0, 0, ArticleKey(SHIRT.key)), Key(0, 1, MILK.key), Key(1, 0, ArticleKey("nothing")))),
    ))  # fmt: skip
    with shop.office.session() as session:
        models.put(session, SHIRT, "test")
        for size, colour, _ in THERE:
            articles.put(session, shirt(size, colour), "test")
        changes.record(session, board, changes.CHAIN, "test")
    for size, colour, price in THERE:
        shop.price(shirt(size, colour).key, price, BEGAN)
    shop.look("014-2")
    made = opened()
    sign_in(qtbot, made)
    return made


def keys(face: TillFace) -> list[tuple[str, str]]:
    return [(view.shown.name, view.shown.price) for view in face.window.sale.selling.keys._views]


def choices(face: TillFace) -> list[str]:
    ask = face.sale.strips.shown[-1].ask
    return [choice.text for choice in ask.choices] if ask else []


def test_a_models_key_asks_axis_by_axis(qtbot: QtBot, face: TillFace) -> None:
    assert keys(face) == [("T-Shirt", "ab 17,90"), ("Milch", "1,39")]
    typed(qtbot, face, "2*")
    click(qtbot, face.window.sale.selling.keys, "T-Shirt ab 17,90")
    assert titles(face)[-1] == "T-Shirt: welche Variante?"
    assert choices(face) == ["S · 17,90", "M · 17,90", "L · 19,90"]
    box = face.window.sale.slip.strips
    click(qtbot, box, "S · 17,90")
    assert titles(face)[-1] == "T-Shirt S: welche Variante?"
    assert choices(face) == ["weiß", "blau"]
    click(qtbot, box, "blau")
    assert titles(face) == []
    assert face.desk.till.basket.total == euros("35.80"), "the number that was typed before holds"
    assert face.sale._shown[0].name == "T-Shirt S blau"


def test_what_is_alone_is_sold_without_another_question(qtbot: QtBot, face: TillFace) -> None:
    face.variants.pressed(ArticleKey(SHIRT.key))
    click(qtbot, face.window.sale.slip.strips, "L · 19,90")
    assert face.desk.till.basket.total == euros("19.90")


def test_no_enter_answers_and_scans_go_on(qtbot: QtBot, face: TillFace) -> None:
    face.variants.pressed(ArticleKey(SHIRT.key))
    press(face, ENTER)
    assert face.desk.till.basket.is_empty and len(choices(face)) == 3
    scan(face, MILK_CODE)
    scan(face, "shirt-M-b")
    assert face.desk.till.basket.total == euros("19.29"), "a variant's code sells it at once"
    assert len(choices(face)) == 3
    press(face, Qt.Key.Key_Tab)
    press(face, Qt.Key.Key_Space)
    assert titles(face)[-1] == "T-Shirt S: welche Variante?", "Space at the ring chooses"


def test_an_article_key_is_sold_as_ever(qtbot: QtBot, face: TillFace) -> None:
    face.variants.pressed(MILK.key)
    assert face.desk.till.basket.total == euros("1.39")


def test_a_search_shows_variants_together_in_their_order(qtbot: QtBot, face: TillFace) -> None:
    face.search.open("shirt")
    idle(qtbot, face)
    qtbot.waitUntil(lambda: len(face.search._found) == 4)
    found = [(each.name, each.number.partition(" · 5-")[0]) for each in face.search._found]
    assert found == [
        ("T-Shirt S weiß", "S · weiß"), ("T-Shirt S blau", "S · blau"),
        ("T-Shirt M blau", "M · blau"), ("T-Shirt L blau", "L · blau"),
    ]  # fmt: skip
    face.search.close()
    face.search.open("blau l")
    qtbot.waitUntil(lambda: [each.name for each in face.search._found] == ["T-Shirt L blau"])
