"""Returns: a receipt is found, its lines are tapped or scanned, and the goods come back to the cent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.page import ACT, Blank, Page
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.sheets import SheetPresenter
from pos_qt.presenters.shown import Action, Item, Sheet
from schemas.keys import Barcode
from schemas.money import Money
from schemas.quantity import Quantity, QuantityRefused
from schemas.receipt import Basket, Line, Receipt
from services.register import sets, wording
from services.register.refusal import StepRefused
from services.register.returns import Given, Sold

REASONS: Final = ("defect", "wrong", "opinion", "expired")
DISPOSITIONS: Final = ("sellable", "parked", "destroyed")

_SET: Final = "set "
"""Before the number of a set's first line, where the set is tapped as a whole."""

Found = tuple[Sold, list[tuple[Line, Quantity]]]


class ReturnPresenter:
    """Takes goods back. While it is open, or the receipt holds what came back, the edge is red."""

    def __init__(self, desk: Desk, sale: SalePresenter, sheets: SheetPresenter) -> None:
        self._desk = desk
        self._sale = sale
        self._sheets = sheets
        self._pages: list[Page] = []
        self._sold: Sold | None = None
        self._left: dict[int, tuple[Line, Quantity]] = {}
        self._marked: dict[int, Quantity] = {}

    @property
    def is_on(self) -> bool:
        """Is something coming back?"""
        return bool(self.stage)

    @property
    def stage(self) -> str:
        """`asking` what comes back, `lines` once it stands in the receipt; empty where nothing does."""
        if self._sale.is_back or (
            self._sheets.page is not None and self._sheets.page in self._pages
        ):
            return "asking"
        lines = self._desk.till.basket.lines
        return "lines" if any(line.counts and line.kind == "return" for line in lines) else ""

    # Finding

    def open(self) -> None:
        """Ask for the receipt."""
        words = self._desk.words
        hint = words("return.number.hint")
        number = Blank("number", words("return.number"), "code", hint=hint, ends=True)
        total = Blank("total", words("return.total"), "money")
        day = Blank("day", words("return.day"), "day", hint=words("return.day.hint"))

        def look() -> Sheet:
            more = (Action("last", words("return.last"), "receipt"),
                    Action("without", words("return.without"), "prohibit"))  # fmt: skip
            return Sheet(
                words("return.title"), words("return.lead"), act=words("return.find"), more=more
            )

        def find() -> None:
            if number.text.strip():
                self.found(number.text.strip())
            else:
                self._search(total, day)

        does = {ACT: find, "last": self._last, "without": self._without}
        page = Page(look, does, blanks=(number, total, day), scan=self._slip)
        self._pages = [page]
        self._sheets.start(page)

    def _slip(self, code: str) -> bool:
        """Goods that are scanned here are sold: an exchange begins with either."""
        if self._desk.till.catalogue.by_code(Barcode(code)) is not None:
            return False
        self.found(code)
        return True

    def _last(self) -> None:
        if self._desk.till.last is not None:
            self.found(self._desk.till.last.name)

    def _without(self) -> None:
        """What is scanned next comes back without its receipt."""
        self._sheets.close()
        self._sale.take_back()

    def _search(self, total: Blank, day: Blank) -> None:
        till = self._desk.till
        sum_ = total.money(till.basket.currency) if total.text else None
        on = self._day(day.text) if day.text.strip() else None
        if (total.text and sum_ is None) or (day.text.strip() and on is None):
            self._sale.failed(StepRefused("bad-value", reason=day.text if sum_ else total.text))
            return
        minor = sum_.minor if sum_ is not None else None
        self._desk.go(
            lambda: till.archive.search(minor, on), self._show_receipts, self._sale.failed
        )

    def _day(self, text: str) -> date | None:
        """`25.11.` or `25.11.2026`; without a year the last such day."""
        now = self._desk.till.now().date()
        try:
            numbers = [int(part) for part in text.strip(" .").replace(",", ".").split(".")]
            if len(numbers) == 2:
                there = date(now.year, numbers[1], numbers[0])
                return there if there <= now else there.replace(year=now.year - 1)
            return date(numbers[2] + (2000 if numbers[2] < 100 else 0), numbers[1], numbers[0])
        except (ValueError, IndexError):
            return None

    def _show_receipts(self, found: Sequence[Receipt]) -> None:
        words = self._desk.words
        items = tuple(self._receipt_item(receipt) for receipt in found if receipt.kind != "void")
        nothing = "" if items else words("return.none")
        sheet = Sheet(
            words("return.receipts"), words("return.choose"), items=items, nothing=nothing
        )
        page = Page(lambda: sheet, tap=self.found, scan=self._slip)
        self._pages.append(page)
        self._sheets.open(page)

    def _receipt_item(self, receipt: Receipt) -> Item:
        words = self._desk.words
        ends = receipt.ends.astimezone(self._desk.till.now().tzinfo)
        tenders = ", ".join(dict.fromkeys(map(self._desk.tender_name, receipt.payments)))
        return Item(
            receipt.name,
            words("sale.receipt", number=receipt.number),
            f"{ends:%d.%m.%Y %H:%M} · {receipt.cashier_name} · {tenders}",
            words.amount(receipt.total),
        )

    def found(self, said: str) -> None:
        """A receipt's name, its number, or its slip's code."""
        returning = self._desk.till.returning

        def find() -> Found:
            sold = returning.find(said)
            return sold, returning.left(sold)

        self._desk.go(find, self._show_lines, self._sale.failed)

    # Its lines

    def _show_lines(self, found: Found) -> None:
        words = self._desk.words
        self._sold, left = found
        self._left = {line.number: (line, many) for line, many in left}
        self._marked = {}
        reasons = tuple((key, words(f"return.reason.{key}")) for key in REASONS)
        goods = tuple((key, words(f"return.goods.{key}")) for key in DISPOSITIONS)
        reason = Blank("reason", words("return.reason"), "chips", reasons)
        disposition = Blank("goods", words("return.goods"), "chips", goods, text="sellable")
        page = Page(
            self._lines,
            {ACT: lambda: self._book(dict(reasons).get(reason.text, reason.text), disposition.text),
             "all": self._mark_all},
            blanks=(reason, disposition),
            tap=lambda key: self._mark(page, key),
            scan=self._scan,
        )  # fmt: skip
        self._pages.append(page)
        if len(self._pages) > 1 and self._sheets.page in self._pages:
            self._sheets.open(page)
        else:
            self._sheets.start(page)

    def _lines(self) -> Sheet:
        words, sold = self._desk.words, self._sold
        assert sold is not None
        items = tuple(
            item for line in sold.lines if line.kind == "sale" for item in self._items(line)
        )
        refund = self._refund()
        lead = words("return.of", name=sold.name, day=f"{sold.day:%d.%m.%Y}")
        act = words("return.act", amount=refund) if self._marked else words("return.tap")
        more = (Action("all", words("return.all"), "list-checks"),)
        return Sheet(words("return.title"), lead, items=items, act=act, more=more)

    def _items(self, line: Line) -> Iterator[Item]:
        """A line; before the first of a set, the set as a whole. Its parts can come back alone."""
        item, part = self._item(line), line.part
        if part is None:
            yield item
            return
        if line.leads:
            yield self._set_item(line.number, part.name)
        yield replace(item, detail=f"{part.name} · {item.detail}")

    def _set_item(self, number: int, name: str) -> Item:
        words, mine = self._desk.words, self._of_set(number)
        sold = self._sold.lines if self._sold else ()
        whole = sets.as_one([x for x in sold if x.part and x.part.line == number]).amount
        all_ = bool(mine) and all(self._marked.get(x.number) == left for x, left in mine)
        detail = words("return.set", left=len(mine))
        key = f"{_SET}{number}"
        return Item(key, name, detail, words.amount(whole), "✓" if all_ else "", bool(mine))

    def _of_set(self, number: int) -> list[tuple[Line, Quantity]]:
        """What can come back of the set whose first line has this number."""
        return [
            each for each in self._left.values() if each[0].part and each[0].part.line == number
        ]

    def _mark_set(self, number: int) -> None:
        """One set more of what is there; none where all of it is marked."""
        mine = self._of_set(number)
        if all(self._marked.get(line.number) == left for line, left in mine):
            for line, _ in mine:
                self._put(line.number, None)
            return
        for line, left in mine:
            of_one = line.quantity.thousandths * 1000 // line.sold.thousandths
            marked = self._marked.get(line.number, Quantity(0)).thousandths + of_one
            self._put(line.number, Quantity(min(marked, left.thousandths), left.unit))

    def _item(self, line: Line) -> Item:
        words = self._desk.words
        left = self._left.get(line.number)
        sold_many = wording.quantity(line.quantity, words.language)
        if left is None:
            detail = words("return.gone", sold=sold_many)
            return Item(
                str(line.number), line.name, detail, words.amount(line.amount), "", enabled=False
            )
        marked = self._marked.get(line.number)
        mark = "" if marked is None else wording.quantity(marked, words.language).split()[0]
        many = wording.quantity(left[1], words.language)
        detail = words("return.left", sold=sold_many, left=many)
        return Item(str(line.number), line.name, detail, words.amount(line.amount), mark)

    def _mark(self, page: Page, key: str) -> None:
        """The first tap takes one, the next one more, beyond all none; a typed number so many."""
        if key.startswith(_SET):
            self._mark_set(int(key.removeprefix(_SET)))
            return
        line, left = self._left[int(key)]
        many = self._typed(page.number, left)
        page.number = ""
        if many is not None:
            self._marked[line.number] = many
        elif left.unit != "pcs":
            self._put(line.number, None if line.number in self._marked else left)
        else:
            marked = self._marked.get(line.number, Quantity(0)).thousandths + 1000
            self._put(line.number, Quantity(marked) if marked <= left.thousandths else None)

    def _put(self, number: int, many: Quantity | None) -> None:
        if many is None:
            self._marked.pop(number, None)
        else:
            self._marked[number] = many

    def _typed(self, text: str, left: Quantity) -> Quantity | None:
        try:
            found = Quantity.parse(text.replace(",", "."), left.unit)
        except QuantityRefused:
            return None
        return found if 0 < found.thousandths <= left.thousandths else left

    def _mark_all(self) -> None:
        self._marked = {number: many for number, (_, many) in self._left.items()}

    def _scan(self, code: str) -> bool:
        """Goods of this receipt are marked; others are sold, for an exchange."""
        found = self._desk.till.catalogue.by_code(Barcode(code))
        if found is None:
            return False
        for line, left in self._left.values():
            marked = self._marked.get(line.number, Quantity(0, left.unit)).thousandths
            room = left.thousandths - marked
            if line.article == found[0].key and room > 0:
                more = min(room, 1000 * found[1] if left.unit == "pcs" else room)
                self._marked[line.number] = Quantity(marked + more, left.unit)
                return True
        return False

    def _refund(self) -> Money:
        """About what goes back: the exact cents are the register's."""
        minor = 0
        sold = self._sold
        for number, many in self._marked.items():
            for line in sold.lines if sold else ():
                if number in {line.number, line.of if line.kind == "deposit" else None}:
                    minor += line.whole.minor * many.thousandths // line.quantity.thousandths
        return Money(minor, self._desk.till.basket.currency)

    def _book(self, reason: str, disposition: str) -> None:
        till, sold = self._desk.till, self._sold
        if sold is None or not self._marked:
            self._sale.strips.warn(self._desk.words("return.tap"), kind="warn", icon="info")
            self._sale.show_strips()
            return
        before, waiting = till.basket, dict(self._marked)

        def book() -> Basket:
            for number, many in list(waiting.items()):
                till.returning.take_back(sold, number, many, Given(reason, disposition))
                del waiting[number]  # an approval of the next one does not take this one twice
            return till.basket

        def done(after: Basket) -> None:
            self._sheets.close()
            self._sale.on_act()
            self._sale.stepped(before, after, newest=True)
            self._sale.show()

        self._desk.go(book, done, self._failed(before))

    def _failed(self, before: Basket) -> Callable[[Exception], None]:
        """Part of it may be booked: the slip shows what is."""

        def failed(error: Exception) -> None:
            after = self._desk.till.basket
            self._sale.stepped(before, after, newest=True)
            self._sale.failed(error)

        return failed
