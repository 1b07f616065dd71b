"""What the register refuses, said in the slip with what can be done about it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.entry import Entry
from pos_qt.presenters.shown import Action
from pos_qt.presenters.strips import Strips
from schemas.keys import Barcode
from schemas.receipt import Basket
from services.disk.durable import DiskRefused
from services.register.refusal import StepRefused

log = logging.getLogger(__name__)


class Seller(Protocol):
    """The sale that was refused a step."""

    desk: Desk
    entry: Entry
    strips: Strips
    on_search: Callable[[str], None]
    on_unknown: Callable[[str], None]

    def do(self, step: Callable[[], Basket], *, newest: bool = False) -> None:
        """Take a step."""

    def show(self) -> None:
        """Everything of the sale."""


def say(seller: Seller, refused: StepRefused, code: str) -> None:
    """Open the strip for a refusal; `code` is what was scanned or typed."""
    words, strips = seller.desk.words, seller.strips
    if refused.fact in {"unknown-code", "unknown-article"}:
        _note_unknown(seller, code)
        seller.on_unknown(code)
    elif refused.fact == "no-price":
        offer = Action("price", words("strip.sell-price"), "tag", "go")
        strips.warn(
            words("strip.no-price", article=refused.values["article"]),
            words("strip.no-price.text"),
            kind="warn",
            icon="tag",
            about=f"price {code}",
            offers=((offer, lambda: _sell_priced(seller, code)),),
        )
    else:
        strips.warn(words.refusal(refused), kind="warn")


def failed(seller: Seller, error: Exception) -> None:
    """Say what went wrong behind the screen, whatever it was."""
    if isinstance(error, StepRefused):
        say(seller, error, "")
    elif isinstance(error, DiskRefused):
        disk(seller, error)
    else:
        log.error("step failed why=%s", error, exc_info=error)
        words = seller.desk.words
        seller.strips.warn(words("strip.fault"), words("strip.fault.text"), icon="warning-octagon")


def disk(seller: Seller, refused: DiskRefused) -> None:
    """The disk does not keep what is written: a person must act."""
    log.error("disk refused why=%s", refused)
    words = seller.desk.words
    text = "disk.text" if refused.fact != "unconfirmed" else "disk.unconfirmed.text"
    seller.strips.warn(words(f"disk.{refused.fact}"), words(text), icon="hard-drive", about="disk")


def _note_unknown(seller: Seller, code: str) -> None:
    """Head office reads which codes nobody knew; the next scan does not wait for it."""
    till = seller.desk.till
    seller.desk.behind.run(lambda: till.note_unknown(Barcode(code)), lambda _: None, _not_noted)


def _not_noted(error: Exception) -> None:
    log.warning("unknown code was not noted why=%s", error)


def _sell_priced(seller: Seller, code: str) -> None:
    """Sell what has no price at the one that was typed."""
    till, entry, words = seller.desk.till, seller.entry, seller.desk.words
    price = entry.price(till.basket.currency)
    if price is None:
        say(seller, StepRefused("no-price", article=code), code)
        seller.strips.warn(words("strip.number-first"), kind="warn", icon="hash")
        seller.show()
        return
    entry.text = ""
    many = entry.take_times()
    seller.do(lambda: till.scan(Barcode(code), many, price=price), newest=True)
