"""Another cashier signs in: a fresh till, in their language, with the open receipt as it was."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from pos_qt.till import TillFace
from pos_qt.translations.words import Words
from services.demo import chain as demo
from tests.pos_qt.acts import scan, titles
from tests.pos_qt.conftest import BEER_CODE, MILK_CODE, idle, sign_in
from tests.pretend.branch import CHEESE, Chain

PINS = {"mira": "1111", "luis": "2222"}


@pytest.fixture
def shop(shop: Chain) -> Chain:
    """Luis speaks Spanish."""
    with shop.office.session() as session:
        everybody = (("mira", "Mira Köhler", "1111", "de"), ("luis", "Luis Soto", "2222", "es"))
        demo.staff(session, "014", everybody)
    shop.publish()
    shop.look("014-2")
    return shop


def takes_over(qtbot: QtBot, face: TillFace, who: str) -> None:
    face.lock()
    face.signin.choose(who)
    face.signin.typed(PINS[who])
    qtbot.waitUntil(lambda: face.desk.till.cashier is not None and not face.desk.is_busy)


def test_the_change_due_of_another_cashier_is_gone(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    face.payment.quick("exact")
    idle(qtbot, face)
    slip = face.window.sale.slip
    assert slip.card.isVisible()
    takes_over(qtbot, face, "mira")
    assert slip.card.isVisible(), "whoever locked for a moment still has it"
    takes_over(qtbot, face, "luis")
    assert not slip.card.isVisible()
    assert not slip.chip.isVisible()
    assert slip._hint.text() == "Escanee o toque un artículo"


def test_what_the_open_receipt_asks_is_asked_in_the_new_language(
    qtbot: QtBot, face: TillFace
) -> None:
    for code in (MILK_CODE, BEER_CODE, CHEESE.key, "4260107220015"):
        scan(face, code)
    assert [title.split()[0] for title in titles(face)] == ["Ab", "Bergkäse", "Artikel"]
    takes_over(qtbot, face, "luis")
    words = Words("es")
    age, weight = words("age.title", age=16), words("weight.title", name="Queso")
    assert sorted(titles(face)) == sorted([age, weight])
    scan(face, MILK_CODE)
    face.ages.jump()
    face.weights.jump()
    sign_in_again(qtbot, face)


def sign_in_again(qtbot: QtBot, face: TillFace) -> None:
    """And back: nothing was lost on the way."""
    face.lock()
    sign_in(qtbot, face)
    assert len(titles(face)) == 2
    assert len([li for li in face.desk.till.basket.lines if li.counts]) >= 3


def test_what_lay_open_is_put_away(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    face.payment.quick("exact")
    idle(qtbot, face)
    face.preview.last()
    idle(qtbot, face)
    sale = face.window.sale
    assert [sale.is_previewing] == [True]
    takes_over(qtbot, face, "luis")
    assert [sale.is_previewing] == [False]
    assert not face.sheets.is_open
