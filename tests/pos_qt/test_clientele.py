"""Customers, vouchers, accounts, points and badges at the till's face, with and without a line."""

from __future__ import annotations

import threading
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_qt.till import TillFace
from schemas.customer import Card, Customer, Programme
from schemas.keys import Barcode, CustomerKey, ProgrammeKey, RoleKey, StaffKey, TenderKey
from schemas.quantity import ONE
from schemas.staff import Staff
from schemas.tender import Tender
from services.database import changes, customers, organisation, people
from services.register import badge, wording
from services.register.returns import Given
from services.till.signin import pin_digest
from tests.pos_qt.acts import ENTER, click, press, scan, titles, typed
from tests.pos_qt.conftest import MILK_CODE, idle
from tests.pretend.branch import Chain, euros

CONTROL = Qt.KeyboardModifier.ControlModifier
CARD = "7770001"
ANNA = Customer(
    CustomerKey("20418"), "Anna Seidel", limit=euros("50.00"), cards=(Card(Barcode(CARD)),)
)


@pytest.fixture
def shop(shop: Chain) -> Chain:
    """A chain with an account customer, points and vouchers."""
    with shop.office.session() as session:
        company = organisation.company(session)
        assert company is not None
        company.rules = {"account_budget": "5.00 EUR", "points_budget": "1.00 EUR"}
        organisation.announce(session, "company", company.key, "test")
        for document in (
            Programme(ProgrammeKey("bonus"), euros("0.01"), "Bonuspunkte", per=euros("1.00")),
            Tender(TenderKey("account"), "account", "Kundenkonto"),
            Tender(TenderKey("points"), "points", "Punkte", programme=ProgrammeKey("bonus")),
        ):
            changes.record(session, document, changes.CHAIN, "test")
        customers.put(session, ANNA, "test")
    shop.stock(Barcode("9000"), "Gutschein", voucher="multi", tax="B")
    shop.publish()
    shop.look("014-2")
    return shop


def sheet_facts(face: TillFace) -> dict[str, str]:
    page = face.sheets.page
    assert page is not None
    return {fact.text: fact.value for fact in page.sheet().facts}


def answered(qtbot: QtBot, face: TillFace) -> None:
    opened = face.authorised._open
    assert opened is not None
    qtbot.waitUntil(lambda: not opened.asking, timeout=8000)


def test_a_card_chooses_its_customer_and_the_head_says_so(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    scan(face, CARD)
    assert face.desk.till.basket.customer == "20418"
    assert "Anna Seidel" in face.window.sale.slip.items.text()
    scan(face, MILK_CODE)
    face.payment.quick("exact")
    idle(qtbot, face)
    assert face.desk.till.last is not None
    assert [str(e.points) for e in face.desk.till.last.earned] == ["2.780"]
    assert face.desk.till.basket.customer is None


def test_whose_receipt_it_is_is_seen_beside_the_change_of_the_one_before(
    qtbot: QtBot, face: TillFace
) -> None:
    scan(face, MILK_CODE)
    face.payment.quick("exact")
    idle(qtbot, face)
    scan(face, MILK_CODE)
    slip = face.window.sale.slip
    assert slip.chip.isVisible()
    assert not slip.items.isVisible()
    scan(face, CARD)
    assert slip.chip.isVisible()
    assert slip.items.isVisible()
    assert slip.items.text() == "Anna Seidel"


def test_a_customer_is_found_and_chosen_by_keys_only(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    press(face, Qt.Key.Key_K, CONTROL)
    typed(qtbot, face, "seid")
    press(face, ENTER)
    idle(qtbot, face)
    assert sheet_facts(face)["Bonuspunkte"] == "0"
    press(face, ENTER)
    idle(qtbot, face)
    assert face.desk.till.basket.customer == "20418"
    assert not face.sheets.is_open


def test_what_is_tapped_while_the_till_is_at_work_waits_for_it(
    qtbot: QtBot, face: TillFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    till, gui, asked = face.desk.till, threading.get_ident(), list[bool]()
    wallet = till.clientele.wallet

    def watched(customer: Customer) -> object:
        asked.append(face.desk.is_busy and threading.get_ident() == gui)
        return wallet(customer)

    monkeypatch.setattr(till.clientele, "wallet", watched)
    press(face, Qt.Key.Key_K, CONTROL)
    typed(qtbot, face, "seid")
    go_on = threading.Event()
    face.desk.away(lambda: go_on.wait(5), lambda _: None, lambda _: None)
    press(face, ENTER)
    assert asked == []
    go_on.set()
    qtbot.waitUntil(lambda: bool(asked))
    idle(qtbot, face)
    assert asked == [False]
    assert "Bonuspunkte" in sheet_facts(face)


def test_a_customer_is_made_without_a_line_by_clicks_and_a_scan(
    qtbot: QtBot, face: TillFace
) -> None:
    scan(face, MILK_CODE)
    face.clientele.open()
    sheet = face.window.sale.selling.sheet
    click(qtbot, sheet, "Neuer Kunde")
    typed(qtbot, face, "Ute Berg")
    scan(face, "880011")  # a card that nobody has
    scan(face, MILK_CODE)  # goods are sold all the same
    click(qtbot, sheet, "Ja")
    click(qtbot, sheet, "Speichern und wählen")
    idle(qtbot, face)
    till = face.desk.till
    made = till.clientele.shown("880011")
    assert made is not None
    assert (made.name, made.consent) == ("Ute Berg", True)
    assert till.basket.customer == made.key
    assert sum(line.quantity.thousandths for line in till.basket.lines) == 2000


def test_what_cannot_be_is_said_and_what_was_typed_stays(qtbot: QtBot, face: TillFace) -> None:
    face.clientele.open()
    click(qtbot, face.window.sale.selling.sheet, "Neuer Kunde")
    click(qtbot, face.window.sale.selling.sheet, "Speichern und wählen")
    idle(qtbot, face)
    assert titles(face)
    assert face.sheets.is_open


def test_a_voucher_is_asked_for_and_pays(qtbot: QtBot, face: TillFace, shop: Chain) -> None:
    with shop.till("014-1") as other:
        other.scan(Barcode("9000"))
        number = other.pay()[0].lines[0].voucher
        assert number is not None
    shop.look("014-1")
    scan(face, MILK_CODE)
    with shop.line("014-2"):
        scan(face, number)  # as it would be scanned in the middle of a sale
        answered(qtbot, face)
        assert sheet_facts(face)["Noch wert"] == "20,00"
        click(qtbot, face.window.sale.selling.sheet, "1,39 nehmen")
        idle(qtbot, face)
    assert face.desk.till.last is not None
    paid = face.desk.till.last.payments[0]
    assert (paid.kind, paid.reference, paid.offline) == ("voucher", number, None)


def test_who_leaves_a_vouchers_page_is_at_the_payment_again(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    face.payment.pay()
    idle(qtbot, face)
    face.payment.choose("voucher")
    idle(qtbot, face)
    assert (face.sheets.is_open, face.payment.is_open) == (True, False)
    press(face, Qt.Key.Key_Escape)
    idle(qtbot, face)
    assert (face.sheets.is_open, face.payment.is_open) == (False, True)


def test_a_voucher_that_pays_in_two_parts_is_asked_for_as_a_whole(
    qtbot: QtBot, face: TillFace, shop: Chain
) -> None:
    with shop.till("014-1") as other:
        other.scan(Barcode("9000"))
        number = other.pay()[0].lines[0].voucher
        assert number is not None
    shop.look("014-1")
    for _ in range(20):
        scan(face, MILK_CODE)
    with shop.line("014-2"):
        for typed_, shown, taken in (("15,00", "20,00", "15,00"), ("", "5,00", "5,00")):
            scan(face, number)
            answered(qtbot, face)
            page = face.sheets.page
            assert page is not None
            page.blanks["amount"].text = typed_
            face.sheets.show()
            assert sheet_facts(face)["Noch wert"] == shown
            click(qtbot, face.window.sale.selling.sheet, f"{taken} nehmen")
            answered(qtbot, face)
            idle(qtbot, face)
    payments = face.desk.till.basket.payments
    assert [(p.amount, p.offline) for p in payments] == [
        (euros("15.00"), None), (euros("5.00"), None),
    ]  # fmt: skip
    with shop.office.reading() as session:
        assert [row.amount for row in session.scalars(sa.select(customers.HoldRow))] == [2000]


def test_without_a_line_the_till_says_so_and_its_allowance_decides(
    qtbot: QtBot, face: TillFace
) -> None:
    for _ in range(4):
        scan(face, MILK_CODE)
    scan(face, CARD)
    face.payment.pay()
    face.payment.choose("account")
    scan(face, MILK_CODE)  # while the answer is waited for, goods are sold
    answered(qtbot, face)
    page = face.sheets.page
    assert page is not None
    assert page.sheet().lead == "Keine Leitung: es gilt der Rahmen dieser Kasse."
    assert sheet_facts(face)["Noch frei"] == "5,00"
    page.blanks["amount"].text = "6,95"
    face.sheets.show()
    click(qtbot, face.window.sale.selling.sheet, "6,95 nehmen")
    idle(qtbot, face)
    assert any("5,00" in title for title in titles(face)), titles(face)
    typed_amount(qtbot, face, "500")
    assert [p.offline for p in face.desk.till.basket.payments] == [True]
    assert face.payment.is_open


def test_goods_that_were_bought_on_account_go_back_on_it(qtbot: QtBot, face: TillFace) -> None:
    till = face.desk.till
    scan(face, MILK_CODE)
    scan(face, CARD)
    sold = till.pay([(TenderKey("account"), euros("1.39"))])[0]
    till.returning.take_back(till.returning.find(sold.name), 1, ONE, Given("defect"))
    face.sale.show()
    face.payment.pay()
    face.payment.choose("account")
    idle(qtbot, face)
    click(qtbot, face.window.sale.selling.sheet, "−1,39 nehmen")
    idle(qtbot, face)
    assert till.last is not None
    assert [(p.kind, p.amount) for p in till.last.payments] == [("account", euros("-1.39"))]


def typed_amount(qtbot: QtBot, face: TillFace, digits: str) -> None:
    """The account's page once more, with so many cents of it."""
    face.payment.pay()
    face.payment.choose("account")
    answered(qtbot, face)
    page = face.sheets.page
    assert page is not None
    page.blanks["amount"].text = f"{digits[:-2]},{digits[-2:]}"
    face.sheets.show()
    click(qtbot, face.window.sale.selling.sheet, f"{digits[:-2]},{digits[-2:]} nehmen")
    idle(qtbot, face)


def test_points_without_a_customer_ask_who_it_is_first(
    qtbot: QtBot, face: TillFace, shop: Chain
) -> None:
    with shop.till("014-1") as other:
        for _ in range(100):
            other.scan(Barcode(MILK_CODE))
        other.clientele.choose(ANNA)
        other.pay()
    shop.look("014-1")
    scan(face, MILK_CODE)
    scan(face, MILK_CODE)
    face.payment.pay()
    with shop.line("014-2"):
        face.payment.choose("points")
        scan(face, CARD)
        idle(qtbot, face)
        click(qtbot, face.window.sale.selling.sheet, "Wählen")
        idle(qtbot, face)
        answered(qtbot, face)
        assert sheet_facts(face)["Punkte wert"] == "1,39"
        click(qtbot, face.window.sale.selling.sheet, "1,39 nehmen")
        answered(qtbot, face)
        idle(qtbot, face)
    basket = face.desk.till.basket
    assert [(p.points, p.amount) for p in basket.payments] == [(139, euros("1.39"))]
    assert basket.open == euros("1.39")
    assert face.payment.is_open


def wear(shop: Chain, key: str, name: str, role: str, code: str) -> None:
    """Somebody of the branch gets a badge."""
    with shop.office.session() as session:
        company = organisation.company(session)
        assert company is not None
        digest = badge.digest(code, badge.salt(company.secret))

        person = Staff(StaffKey(key), name, RoleKey(role), pin_digest("1111"), "de", digest)
        people.put_staff(session, person, "014", "test")
    shop.publish()
    shop.look("014-2")


def test_a_badge_signs_its_wearer_in_and_nobody_else(
    qtbot: QtBot, face: TillFace, shop: Chain
) -> None:
    wear(shop, "mira", "Mira Köhler", "manager", "BADGE-MIRA")
    face._on_bell()
    till = face.desk.till
    face.lock()
    scan(face, "BADGE-NOBODY")
    idle(qtbot, face)
    assert [who for who in (till.cashier,) if who] == []
    scan(face, "BADGE-MIRA")
    qtbot.waitUntil(lambda: till.cashier is not None)
    assert [who.key for who in (till.cashier,) if who] == ["mira"]


def test_a_badge_approves_once_and_goods_are_goods_meanwhile(
    qtbot: QtBot, seller: TillFace, shop: Chain
) -> None:
    wear(shop, "mira", "Mira Köhler", "manager", "BADGE-MIRA")
    wear(shop, "jo", "Jo Berg", "cashier", "BADGE-JO")
    seller._on_bell()
    scan(seller, MILK_CODE)
    typed(qtbot, seller, "1")
    press(seller, Qt.Key.Key_F5)  # 1.00 for 1.39: beyond what Jo may
    assert seller.sale.strips.is_open("approval")
    scan(seller, MILK_CODE)
    assert len(seller.desk.till.basket.lines) == 2
    scan(seller, "BADGE-JO")
    idle(qtbot, seller)
    assert seller.sale.strips.is_open("approval"), "nobody approves themselves"
    scan(seller, "BADGE-MIRA")
    idle(qtbot, seller)
    approvals = seller.desk.till.basket.approvals
    assert [(a.by, a.how) for a in approvals] == [("mira", "badge")]


def test_a_customer_is_made_by_touch_alone(qtbot: QtBot, face: TillFace) -> None:
    scan(face, MILK_CODE)
    face.clientele.open()
    selling = face.window.sale.selling
    click(qtbot, selling.sheet, "Neuer Kunde")
    assert selling.letters.isVisible()
    click(qtbot, selling.letters, "Großbuchstabe")
    for letter in ("O", "y", "a"):
        click(qtbot, selling.letters, letter)
    click(qtbot, selling.letters, "Leerzeichen")
    click(qtbot, selling.letters, "ü")
    click(qtbot, selling.letters, "Zeichen löschen")
    click(qtbot, selling.letters, "k")
    click(qtbot, selling.sheet, "Speichern und wählen")
    idle(qtbot, face)
    buyer = face.desk.till.clientele.buyer()
    assert [made.name for made in (buyer,) if made] == ["Oya k"]
    assert not selling.letters.isVisible()


def test_articles_are_searched_by_touch_alone(qtbot: QtBot, face: TillFace) -> None:
    selling = face.window.sale.selling
    qtbot.mouseClick(selling.search.field, Qt.MouseButton.LeftButton)
    for letter in ("m", "i", "l"):
        click(qtbot, selling.letters, letter)
    assert selling.search.field.text() == "mil"
    qtbot.waitUntil(lambda: bool(face.search._found), timeout=10000)
    face.search.sell()
    idle(qtbot, face)  # what is still being looked for comes first
    assert [line.name for line in face.desk.till.basket.lines] == ["Milch"]
    assert not selling.letters.isVisible()


def test_the_search_field_stays_where_it_is_whatever_it_finds(qtbot: QtBot, face: TillFace) -> None:
    face.clientele.open()
    panel = face.window.sale.selling.sheet
    places = []
    for text in ("", "a", "nn", "zzz"):
        for char in text:
            face.sheets.typed(char)
        qtbot.wait(30)
        places.append(panel._blanks.mapTo(panel, panel._blanks.rect().topLeft()).y())
    assert len(set(places)) == 1, places
    assert panel._blanks.geometry().bottom() < panel._nothing.geometry().top()


def test_points_are_written_as_the_slip_writes_them(
    qtbot: QtBot, face: TillFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    wallet = face.desk.till.clientele.wallet(ANNA)
    told = replace(wallet, points={ProgrammeKey("bonus"): Decimal("1234.65")})
    monkeypatch.setattr(face.desk.till.clientele, "wallet", lambda _: told)
    face.clientele.open()
    scan(face, CARD)
    idle(qtbot, face)
    assert sheet_facts(face)["Bonuspunkte"] == "1.234,6"
    assert wording.points(Decimal("1.6"), "de", signed=True) == "+1,6"
    assert wording.points(Decimal(-12), "en", signed=True) == "−12"
    assert wording.points(Decimal("0.0"), "es") == "0"
