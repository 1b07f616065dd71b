"""What a line asks beside an age: a yes or no, and a serial number. A scanner's Enter answers neither."""

from __future__ import annotations

from typing import Final

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.page import ACT, Blank, Page
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.sheets import SheetPresenter
from pos_qt.presenters.shown import Action, Sheet
from schemas.keys import ArticleKey, Barcode
from schemas.receipt import Basket, Line
from services.register import questions

REPLY: Final = "reply "
SERIAL: Final = "serial "


class ReplyPresenter:
    """Strips in the slip, one a line; what is scanned while a serial number is asked for may be it."""

    def __init__(self, desk: Desk, sale: SalePresenter, sheets: SheetPresenter) -> None:
        self._desk = desk
        self._sale = sale
        self._sheets = sheets

    @property
    def is_open(self) -> bool:
        """Is something asked that must be answered before money is taken?"""
        return any(self._asking(self._desk.till.basket))

    def jump(self) -> None:
        """The question comes to the front; the ring is at its first answer."""
        self.look()
        for about in (REPLY, SERIAL):
            if self._sale.strips.jump(about):
                break
        self._sale.show_strips()

    def look(self) -> None:
        """Ask what is not answered yet; what is, is asked no more."""
        replies, serials = self._asking(self._desk.till.basket)
        wanted = {f"{REPLY}{line.number}": line for line in replies}
        wanted |= {f"{SERIAL}{line.number}": line for line in serials}
        strips = self._sale.strips
        for about in [*strips.about(REPLY), *strips.about(SERIAL)]:
            if about not in wanted:
                strips.close(about)
        for about, line in wanted.items():
            if not strips.is_open(about):
                self._ask(about, line)
        self._sale.show_strips()

    def took(self, code: str) -> bool:
        """A code that is no article's, while a serial number is asked for, is that number."""
        till = self._desk.till
        _, serials = self._asking(till.basket)
        if not serials or till.catalogue.by_code(Barcode(code)):
            return False
        if till.catalogue.by_key(ArticleKey(code)):
            return False
        self._serial(serials[-1].number, code)
        return True

    def _asking(self, basket: Basket) -> tuple[list[Line], list[Line]]:
        return questions.unreplied(basket), questions.unnumbered(basket)

    def _ask(self, about: str, line: Line) -> None:
        words, till, number = self._desk.words, self._desk.till, line.number
        gone = Action("gone", words("reply.gone"), "", "danger")
        void = (gone, lambda: self._sale.do(lambda: till.void_line(number)))
        if about.startswith(SERIAL):
            hand = Action("hand", words("reply.hand"), "note-pencil")
            offers = ((hand, lambda: self._by_hand(line)), void)
            strip = ("barcode", words("reply.serial"), line.name)
        else:
            yes, no = words("reply.yes"), words("reply.no")
            offers = (
                (Action("yes", yes, "check", "go"), lambda: self._reply(number, yes)),
                (Action("no", no, "x"), lambda: self._reply(number, no)),
                void,
            )  # type: ignore[assignment]
            strip = ("question", line.question or "", line.name)
        self._sale.strips.ask(about, strip, None, offers, closes=False)

    def _reply(self, number: int, said: str) -> None:
        self._sale.do(lambda: self._desk.till.circumstances.reply(number, said))

    def _serial(self, number: int, said: str) -> None:
        self._sale.do(lambda: self._desk.till.circumstances.serial(number, said))

    def _by_hand(self, line: Line) -> None:
        """No scanner reads it: it is typed."""
        words = self._desk.words
        serial = Blank("serial", words("reply.serial"))
        look = Sheet(words("reply.serial"), line.name, act=words("reply.keep"))

        def keep() -> None:
            if serial.text.strip():
                self._sheets.close()
                self._serial(line.number, serial.text)

        page = Page(lambda: look, {ACT: keep}, blanks=(serial,))
        page.at("serial")
        self._sheets.start(page)
