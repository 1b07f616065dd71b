"""Every state of the till's screens that a person can be in front of, and how to get there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from pos_qt.peripherals.printerstatus import PrinterStatus
from schemas.keys import StaffKey
from schemas.money import Currency, Money
from schemas.passing import Beside, Waiting
from tests.pretend import customerstates, setstates
from tests.pretend.scene import Scene

State = Callable[[Scene], None]
BASKET: Final = ("1004", "4002", "4002", "7001", "7001", "7001", "3003", "9001", "8002")
BEER: Final = "6001"
CHEESE: Final = "3001"
UNKNOWN: Final = "4260107220015"


def _nothing(_: Scene) -> None:
    """Selling, with nothing on the slip."""


def _lines(scene: Scene) -> None:
    scene.scan(*BASKET)


def _many_lines(scene: Scene) -> None:
    scene.scan(*BASKET, "1001", "1002", "1003", "3002", "3004", "5001", "8001", "2004", "2005")


def _selected(scene: Scene) -> None:
    _lines(scene)
    scene.press("Up", "Up", "Up")


def _typed(scene: Scene) -> None:
    _lines(scene)
    scene.type("3*")


def _search(scene: Scene, text: str = "") -> None:
    _lines(scene)
    scene.face.search.open(text)
    scene.idle()
    scene.rest(0.1)


def _found(scene: Scene) -> None:
    _search(scene, "milch" if scene.language == "de" else "le" if scene.language == "es" else "mi")


def _found_nothing(scene: Scene) -> None:
    _search(scene, "qqqxyz")


def _age(scene: Scene) -> None:
    _lines(scene)
    scene.scan(BEER)


def _weight(scene: Scene) -> None:
    _lines(scene)
    scene.scan(CHEESE)
    scene.type("342")


def _weights(scene: Scene) -> None:
    scene.scan(CHEESE, "2001", BEER)


def _unknown_as(policy: str) -> Callable[[Scene], None]:
    """A code that nobody knows, in a branch that wants it so; the next state is another branch's."""

    def go(scene: Scene) -> None:
        catalogue = scene.face.desk.till.catalogue
        before = catalogue.own
        catalogue.settings = replace(before, unknown=policy)
        scene.scan("1004", "4260107220015")
        catalogue.settings = before

    return go


def _float_counted(scene: Scene) -> None:
    _shift_then("float")(scene)
    scene.face.counting.open(begins=True)
    scene.type("2")


def _unknown(scene: Scene) -> None:
    _lines(scene)
    scene.scan(UNKNOWN)


def _giving_up(scene: Scene) -> None:
    _lines(scene)
    scene.face.sale.abort()


def _discount(scene: Scene) -> None:
    _lines(scene)
    scene.press("F6")
    scene.type("15")


def _discounted(scene: Scene) -> None:
    _lines(scene)
    scene.type("10")
    scene.press("F6")


def _why(scene: Scene) -> None:
    _discounted(scene)
    selected = scene.face.sale.selected
    assert selected is not None
    scene.face.discount.why(selected.number)


def _approval(scene: Scene) -> None:
    scene.sign_in("luis")
    _lines(scene)
    scene.type("50")
    scene.press("F6")
    scene.type("12")


def _not_approved(scene: Scene) -> None:
    _approval(scene)
    scene.type("34")
    scene.until(lambda: any(s.ask and s.ask.wrong for s in scene.face.sale.strips.shown))


def _parked(scene: Scene) -> None:
    for codes in (("1004", "4002", "1002"), ("7002",), BASKET):
        scene.scan(*codes)
        scene.press("F8")
    scene.press("F8")


def _parked_long(scene: Scene) -> None:
    _parked(scene)
    scene.ahead += timedelta(minutes=41)
    scene._say("online", 0)
    scene.face.parking.tick()
    scene.face.sheets.show()
    scene.face.outlook.show()


def _recalled(scene: Scene) -> None:
    _parked(scene)
    scene.type("1")
    scene.idle()


def _nothing_parked(scene: Scene) -> None:
    scene.press("F8")


def _next_door(scene: Scene) -> None:
    """Sales parked here and at two tills beside, and one till that does not answer."""
    now = scene.face.desk.till.now()
    euro = Currency("EUR")
    waiting = tuple(
        Waiting(f"{minutes:032x}", now - timedelta(minutes=minutes), StaffKey("pia"), "Pia Weber",
                Money(cents, euro), lines, first)
        for minutes, cents, lines, first in ((3, 2340, 4, "Bergkäse Allgäu"), (17, 349, 1, "Brezel"))
    )  # fmt: skip
    scene.scan("1004", "4002")
    scene.press("F8")
    scene.beside(
        Beside("014-1", "1", reached=True, seen=now, waiting=waiting),
        Beside("014-3", "Drive-in", reached=False, seen=now - timedelta(minutes=5),
               waiting=waiting[:1]),
        Beside("014-4", "4", reached=False),
    )  # fmt: skip
    scene.press("F8")


def _fetching(scene: Scene) -> None:
    _next_door(scene)
    scene.type("2")
    scene.idle()
    scene.face.sheets.show()
    assert scene.face.parking.others.waiting_for()


def _mail(scene: Scene) -> None:
    """The sale in hand is to go by e-mail."""
    _lines(scene)
    scene.face.functions.open()
    scene.face.sheets.tap("mail")
    scene.type("anna.seidel-hoffmann@mail.example")


def _mail_kept(scene: Scene) -> None:
    _mail(scene)
    scene.face.sheets.tap("act")
    scene.idle()


def _sold(scene: Scene) -> str:
    _lines(scene)
    scene.pay()
    last = scene.face.desk.till.last
    assert last is not None
    return last.name


def _returning(scene: Scene) -> None:
    scene.press("Ctrl+R")


def _return_lines(scene: Scene) -> None:
    scene.face.returning.found(_sold(scene))
    scene.idle()
    scene.face.sheets.move(1)
    scene.face.sheets.enter()


def _paying_out(scene: Scene) -> None:
    _return_lines(scene)
    page = scene.face.sheets.page
    assert page is not None
    page.tap("reason/defect")
    page.tap("act")
    scene.idle()
    scene.face.sheets.show()


def _without_receipt(scene: Scene) -> None:
    scene.face.sale.take_back()
    scene.face.outlook.show()
    scene.scan("1004")


def _enquiry(scene: Scene) -> None:
    _lines(scene)
    scene.face.enquiry.open()


def _enquired(scene: Scene) -> None:
    _enquiry(scene)
    scene.scan("7001")


def _payment(scene: Scene) -> None:
    _lines(scene)
    scene.face.payment.pay()


def _given(scene: Scene) -> None:
    _payment(scene)
    scene.type("50")


def _too_little(scene: Scene) -> None:
    _payment(scene)
    scene.type("5")


def _in_parts(scene: Scene) -> None:
    _too_little(scene)
    scene.press("F12")


def _tender(key: str) -> State:
    def go(scene: Scene) -> None:
        _payment(scene)
        scene.face.payment.choose(key)

    return go


def _card_asked(scene: Scene) -> None:
    _lines(scene)
    scene.face.cards.terminal = scene.terminal
    scene.face.payment.quick("card")
    scene.until(lambda: scene.face.cards.is_asking)
    scene.rest(0.2)


def _card_unclear(scene: Scene) -> None:
    _lines(scene)
    scene.terminal.lost = True
    scene.face.cards.terminal = scene.terminal
    scene.face.payment.quick("card")
    scene.until(lambda: not scene.face.cards.is_asking and scene.terminal.unreachable)
    scene.rest(0.1)


def _change(scene: Scene) -> None:
    _given(scene)
    scene.press("F12")
    scene.until(lambda: scene.face.desk.till.is_idle() and not scene.face.desk.is_busy)


def _chip(scene: Scene) -> None:
    _change(scene)
    scene.scan("1004", "1001")


def _menu(scene: Scene) -> None:
    _lines(scene)
    scene.press("Ctrl+M")


def _last(scene: Scene) -> None:
    _sold(scene)
    scene.face.aftersale.menu()
    scene.face.aftersale.last()


def _last_then(key: str) -> State:
    def go(scene: Scene) -> None:
        _last(scene)
        scene.face.sheets.tap(key)
        scene.idle()
        scene.rest(0.05)

    return go


def _shift(scene: Scene) -> None:
    scene.press("Ctrl+D")


def _shift_then(key: str) -> State:
    def go(scene: Scene) -> None:
        _shift(scene)
        scene.face.sheets.tap(key)
        scene.idle()
        scene.rest(0.05)

    return go


def _filled_in(scene: Scene) -> None:
    _shift_then("pay-out")(scene)
    scene.type("12,50")


def _counting(scene: Scene) -> None:
    _shift_then("count")(scene)
    for many in ("", "3", "7", "14", "19", "11", "23", "31"):
        scene.type(many)
        scene.press("Return")


def _counted(scene: Scene) -> None:
    _counting(scene)
    scene.press("F12")
    scene.rest(0.1)


def _handing_over(scene: Scene) -> None:
    _shift_then("hand-over")(scene)
    scene.type("1")
    scene.idle()


def _moved(scene: Scene) -> None:
    """Counted, and then the drawer moved: the count is none any more."""
    _counted(scene)
    scene.press("F12")
    _paid_in(scene)
    _shift_then("z")(scene)


def _paid_in(scene: Scene) -> None:
    _shift_then("pay-in")(scene)
    scene.type("20")
    scene.face.sheets.tap("reason/change")
    scene.face.sheets.tap("act")
    scene.idle()
    scene.face.sheets.close()


def _z_offline(scene: Scene) -> None:
    _sold(scene)
    scene.offline(9)
    _shift_then("z")(scene)


def _closed(scene: Scene) -> None:
    _sold(scene)
    _shift_then("z")(scene)
    scene.face.sheets.tap("act")
    scene.idle()
    scene.rest(0.1)


def _system(scene: Scene) -> None:
    scene.press("Ctrl+S")


def _tested(scene: Scene) -> None:
    scene.offline(9)
    _system(scene)
    scene.face.sheets.tap("act")
    scene.rest(0.3)


def _signing_in(scene: Scene) -> None:
    scene.face.lock()
    scene.idle()
    scene.face.outlook.show()


def _digits(scene: Scene) -> None:
    _signing_in(scene)
    scene.face.signin.choose("luis")
    scene.face.signin.typed("12")


def _wrong_pin(scene: Scene) -> None:
    _digits(scene)
    scene.face.signin.typed("34")
    scene.until(lambda: not scene.face.desk.is_busy)


def _locked(scene: Scene) -> None:
    _lines(scene)
    _signing_in(scene)


def _loading(scene: Scene) -> None:
    words = scene.face.desk.words
    window = scene.face.window
    window.loading.show_loading(words("loading.title"), words("loading.text"))
    window.show_screen(window.loading)


def _offline(scene: Scene) -> None:
    _change(scene)
    scene.offline(9)


def _refused(scene: Scene) -> None:
    _lines(scene)
    scene.refused()


def _troubled(scene: Scene) -> None:
    """Everything that a status bar can have to say at once."""
    _lines(scene)
    scene.offline(128)
    face = scene.face
    scene.printer.broken = True
    scene.printer.is_like = PrinterStatus(paper="out")
    face.outlook.parked_late = True
    face.print_queue.put(())
    scene.until(lambda: face.print_queue.state == "fault")
    face.outlook.show()


def _practice(scene: Scene) -> None:
    scene.press("Ctrl+T")
    scene.until(lambda: scene.face.training.is_on and not scene.face.desk.is_busy)
    _lines(scene)


def _practised(scene: Scene) -> None:
    _practice(scene)
    scene.pay()


STATES: Final[dict[str, State]] = {
    "signin": _signing_in, "signin-digits": _digits, "signin-wrong": _wrong_pin,
    "locked": _locked, "loading": _loading,
    "empty": _nothing, "lines": _lines, "many-lines": _many_lines, "selected": _selected,
    "entry": _typed, "search": _search, "found": _found, "found-nothing": _found_nothing,
    "held": _unknown_as("hold"), "unknown-asked": _unknown_as("ask"),
    "float-count": _float_counted,
    "age": _age, "weight": _weight, "strips": _weights, "unknown": _unknown,
    "give-up": _giving_up, "discount": _discount, "discounted": _discounted, "why": _why,
    "approval": _approval, "approval-wrong": _not_approved,
    "parked": _parked, "parked-long": _parked_long, "recalled": _recalled,
    "parked-none": _nothing_parked, "next-door": _next_door, "fetching": _fetching,
    "return": _returning, "return-lines": _return_lines, "pay-out-return": _paying_out,
    "return-scan": _without_receipt, "enquiry": _enquiry, "enquired": _enquired,
    "payment": _payment, "given": _given, "too-little": _too_little, "parts": _in_parts,
    "tender-card": _tender("card"), "tender-voucher": _tender("voucher"),
    "tender-chf": _tender("chf"), "card-asked": _card_asked, "card-unclear": _card_unclear,
    "change": _change, "chip": _chip,
    "menu": _menu, "last": _last, "preview": _last_then("view"), "void": _last_then("void"),
    "tender-change": _last_then("tender"), "mail": _mail, "mail-kept": _mail_kept,
    "mail-after": _last_then("mail"),
    "shift": _shift, "float": _shift_then("float"), "pay-in": _shift_then("pay-in"),
    "pay-out": _filled_in, "drop": _shift_then("safe-drop"), "no-sale": _shift_then("open"),
    "hand-over": _shift_then("hand-over"), "x": _shift_then("x"), "z": _shift_then("z"),
    "count": _shift_then("count"), "counting": _counting, "counted": _counted,
    "count-hand-over": _handing_over, "z-moved": _moved, "z-offline": _z_offline,
    "z-done": _closed,
    "system": _system, "system-tested": _tested,
    "offline": _offline, "refused": _refused, "troubled": _troubled,
    "training": _practice, "training-change": _practised,
    **customerstates.STATES, **setstates.STATES,
}  # fmt: skip
"""By name; each begins with an empty receipt and Mira signed in."""


def go(scene: Scene, name: str) -> None:
    """Bring the till into a state, from whatever it was in."""
    scene.begin()
    STATES[name](scene)
    scene.until(lambda: scene.face.cards.is_asking or not scene.face.desk.is_busy)
    scene.rest()
