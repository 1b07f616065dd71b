"""The receipt by e-mail: the address is asked for during the sale, or for a receipt that is done."""

from __future__ import annotations

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.page import ACT, Blank, Page
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.sheets import SheetPresenter
from pos_qt.presenters.shown import Action, Sheet
from schemas.receipt import Receipt

_NONE = "no-mail"


class DigitalPresenter:
    """Asks for an address. A customer's own is proposed, and nothing goes there unasked."""

    def __init__(self, desk: Desk, sale: SalePresenter, sheets: SheetPresenter) -> None:
        self._desk = desk
        self._sale = sale
        self._sheets = sheets

    def during(self) -> None:
        """The sale in hand goes by e-mail once it is paid."""
        words, till = self._desk.words, self._desk.till
        buyer = till.clientele.buyer() if till.basket.customer else None
        known = till.basket.mail or (buyer.email if buyer else None) or ""
        blank = Blank("mail", words("mail.address"), text=known)
        more = (Action(_NONE, words("mail.none"), "x"),) if till.basket.mail else ()
        look = Sheet(words("menu.mail"), words("mail.during"), act=words("mail.keep"), more=more)

        def keep(address: str | None) -> None:
            self._desk.go(lambda: till.mailing.during(address), self._done, self._sale.failed)

        does = {ACT: lambda: keep(blank.text), _NONE: lambda: keep(None)}
        self._sheets.open(Page(lambda: look, does, blanks=(blank,)))

    def after(self, receipt: Receipt) -> None:
        """A receipt that is in the journal goes by e-mail."""
        words, till = self._desk.words, self._desk.till
        blank = Blank("mail", words("mail.address"))
        title = words("sale.receipt", number=receipt.number)
        look = Sheet(title, words("mail.after"), act=words("mail.send"))

        def send() -> None:
            self._desk.go(
                lambda: till.mailing.after(receipt, blank.text), self._done, self._sale.failed
            )

        self._sheets.open(Page(lambda: look, {ACT: send}, blanks=(blank,)))

    def _done(self, _: object) -> None:
        words = self._desk.words
        self._sheets.close()
        self._sale.strips.warn(words("mail.kept"), kind="info", icon="note-pencil")
        self._sale.show_strips()
