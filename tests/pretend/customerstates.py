"""The states of the till's screens that customers, questions and functions bring."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.pretend.scene import ASKING, Scene

CARD: Final = "7770000020418"
BASKET: Final = ("1004", "4002", "9001")


def _customers(scene: Scene, text: str) -> None:
    scene.scan(*BASKET)
    scene.face.clientele.open()
    scene.type(text)


def _found(scene: Scene) -> None:
    _customers(scene, "a")


def _nobody(scene: Scene) -> None:
    _customers(scene, "qqq")


def _customer(scene: Scene) -> None:
    scene.scan(*BASKET)
    scene.face.clientele.open()
    scene.scan(CARD)


def _new(scene: Scene) -> None:
    _customers(scene, "Ute")
    scene.face.sheets.tap("new")


def _editing(scene: Scene) -> None:
    _customer(scene)
    scene.face.sheets.tap("edit")
    scene.face.sheets.tap("consent")


def _pays_in(scene: Scene) -> None:
    _customer(scene)
    scene.face.sheets.tap("pay-in")


def _chosen(scene: Scene) -> None:
    scene.scan(*BASKET, CARD)


def _asked(tender: str) -> Callable[[Scene], None]:
    def ask(scene: Scene) -> None:
        _chosen(scene)
        scene.face.payment.pay()
        scene.idle()
        scene.face.payment.choose(tender)
        opened = scene.face.authorised._open
        scene.until(lambda: opened is None or not opened.asking)

    return ask


def _functions(scene: Scene) -> None:
    scene.scan(*BASKET)
    scene.face.functions.open()


def _then(key: str) -> Callable[[Scene], None]:
    def choose(scene: Scene) -> None:
        _functions(scene)
        scene.face.sheets.tap(key)
        if key == "split":
            scene.face.sheets.tap("1")

    return choose


def _empties(scene: Scene) -> None:
    scene.face.sale.take_empties()
    scene.scan("6001")


def _asking(scene: Scene) -> None:
    scene.scan(*BASKET, ASKING.codes[0].value)


def _typing_serial(scene: Scene) -> None:
    _asking(scene)
    line = next(li for li in scene.face.desk.till.basket.lines if li.asks_serial)
    scene.face.replies._by_hand(line)


def _letters(scene: Scene) -> None:
    scene.scan(*BASKET)
    field = scene.face.window.sale.selling.search
    field.was_touched = True
    scene.face.search.open("mi")
    scene.idle()
    scene.rest(0.1)


STATES: Final[dict[str, Callable[[Scene], None]]] = {
    "customers": _found, "customers-none": _nobody, "customer": _customer,
    "customer-new": _new, "customer-edit": _editing, "customer-pay-in": _pays_in,
    "customer-chosen": _chosen, "tender-account": _asked("account"),
    "tender-points": _asked("points"), "tender-debit": _asked("debit"),
    "functions": _functions, "split": _then("split"), "coupon": _then("coupon"),
    "salesperson": _then("salesperson"), "language": _then("language"), "empties": _empties,
    "questions": _asking, "serial": _typing_serial, "letters": _letters,
}  # fmt: skip
"""By name; each begins with an empty receipt and Mira signed in."""
