"""Price enquiry: what is scanned here is not sold, it says what it costs, why, and what it will."""

from __future__ import annotations

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.page import ACT, Blank, Page
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.sheets import SheetPresenter
from pos_qt.presenters.shown import Fact, Sheet
from schemas.keys import Barcode
from services.till import enquiry
from services.till.enquiry import Enquiry


class EnquiryPresenter:
    """A page of the sheet; closed, scans sell again."""

    def __init__(self, desk: Desk, sale: SalePresenter, sheets: SheetPresenter) -> None:
        self._desk = desk
        self._sale = sale
        self._sheets = sheets
        self._found: Enquiry | None = None

    def open(self) -> None:
        """Ask for the article."""
        words = self._desk.words
        self._found = None
        number = Blank("number", words("enquiry.number"), "number")

        def ask() -> None:
            if number.text:
                self._ask(number.text)
                number.text = ""

        def scan(code: str) -> bool:
            self._ask(code)
            return True

        self._sheets.start(Page(self._look, {ACT: ask}, blanks=(number,), scan=scan))

    def _ask(self, code: str) -> None:
        def find() -> Enquiry:
            return enquiry.enquire(self._desk.till, Barcode(code))

        def show(found: Enquiry) -> None:
            self._found = found
            self._sheets.show()

        self._desk.go(find, show, self._sale.failed)

    def _look(self) -> Sheet:
        words, found = self._desk.words, self._found
        title, act = words("enquiry.title"), words("enquiry.act")
        if found is None:
            return Sheet(title, words("enquiry.lead"), act=act)
        article, unit = found.article, ""
        if article.unit != "pcs":
            unit = f"/{article.unit}"
        facts = [
            Fact(
                words(f"why.{rule}") if words.knows(f"why.{rule}") else rule,
                f"{words.amount(price)}{unit}",
            )
            for rule, price in found.steps
        ]
        price = words.amount(found.price) + unit if found.price else words("search.no-price")
        facts.append(Fact(words("enquiry.now"), price, "strong"))
        facts += [
            Fact(words("why.promotion"), promotion.name(words.language), "good")
            for promotion in found.promotions
        ]
        if found.coming is not None:
            begins = found.coming[0].astimezone(self._desk.till.now().tzinfo)
            text = words("enquiry.coming", day=f"{begins:%d.%m. %H:%M}")
            facts.append(Fact(text, words.amount(found.coming[1]) + unit, "warn"))
        lead = f"{article.name(words.language)} · {article.key}"
        return Sheet(title, lead, tuple(facts), act=act)
