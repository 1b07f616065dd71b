"""The sale: turns the cashier's acts into steps of the till, and its answers into what is seen."""

from __future__ import annotations

from collections.abc import Callable

from pos_qt.presenters import refusals
from pos_qt.presenters.desk import Desk
from pos_qt.presenters.entry import Entry
from pos_qt.presenters.lines import Lines
from pos_qt.presenters.saleview import SaleView
from pos_qt.presenters.shown import Action, ShownLine
from pos_qt.presenters.strips import Strips
from schemas.article import Article
from schemas.keys import ArticleKey, Barcode
from schemas.quantity import ONE, Quantity
from schemas.receipt import Basket, Line
from services.disk.durable import DiskRefused
from services.register.refusal import StepRefused

_UNDO = 20
_NEXT = "back"
"""What the strip is about that says what becomes of the next scan."""


class SalePresenter:
    """Sells. Whatever happens here, the next scan is free."""

    def __init__(self, desk: Desk, view: SaleView) -> None:
        self.desk = desk
        self.entry = Entry()
        self.strips = Strips()
        self.on_change: Callable[[], None] = lambda: None
        self.on_act: Callable[[], None] = lambda: None
        self.on_search: Callable[[str], None] = lambda _: None
        self.on_unknown: Callable[[str], None] = lambda _: None
        self.on_sold: Callable[[], None] = lambda: None
        self.on_weigh: Callable[[Article], None] = lambda _: None
        self.on_code: Callable[[str], bool] = lambda _: False
        """A code that may be no goods: a customer's card, a voucher. Says whether it was."""
        self._view = view
        self._lines = Lines(desk.words)
        self._shown: list[ShownLine] = []
        self._selected: int | None = None
        self._before: list[Basket] = []
        self._buyer: tuple[str | None, str] = (None, "")
        self._next = ""

    @property
    def is_back(self) -> bool:
        """Whether what is scanned next comes back, without its receipt; the open strip says so."""
        return self._next == "back" and self.strips.is_open(_NEXT)

    @property
    def is_empties(self) -> bool:
        """Whether what is scanned next are empties; the open strip says so."""
        return self._next == "empties" and self.strips.is_open(_NEXT)

    @property
    def selected(self) -> Line | None:
        """The line that the cashier is at."""
        lines = self.desk.till.basket.lines
        return next((li for li in lines if li.number == self._selected and li.counts), None)

    # What the cashier does

    def scanned(self, text: str) -> None:
        """A code came in, from the scanner or as an article number."""
        self.desk.take(lambda: self._scan(text.strip()))

    def key_pressed(self, article: ArticleKey) -> None:
        """An article key, or a search result."""
        self.desk.take(lambda: self._sell(article))

    def typed(self, text: str) -> None:
        """Digits, from any keyboard or the pad."""
        self.entry.typed(text)
        self.on_act()
        self.show_entry()

    def erase(self, *, whole: bool = False) -> None:
        """The last digit, or all of the entry."""
        if whole:
            self.entry.clear()
        else:
            self.entry.back()
        self.show_entry()

    def multiply(self) -> None:
        """`×`: the typed number is the next article's quantity, or the line's where one is named."""
        if not self.entry.multiply():
            self.strips.warn(self.desk.words("strip.number-first"), kind="warn", icon="hash")
        self.show_entry()
        self.show_strips()

    def sell_number(self) -> None:
        """PLU: the typed number is an article's."""
        number = self.entry.text
        if number:
            self.entry.text = ""
            self.scanned(number)

    def select(self, line: int) -> None:
        """The cashier pointed at a line."""
        self.desk.take(lambda: self._select(line))

    def move(self, rows: int) -> None:
        """The selection goes up or down."""
        numbers = [line.number for line in self._shown]
        if self._selected in numbers:
            at = numbers.index(self._selected) + rows
            self._select(numbers[max(0, min(at, len(numbers) - 1))])

    def add(self, pieces: int) -> None:
        """One more or one less of the selected line; less than one voids it."""
        self.desk.take(lambda: self._add(pieces))

    def quantity(self) -> None:
        """The typed number becomes the selected line's quantity."""
        self.desk.take(self._quantity)

    def price(self) -> None:
        """The typed amount becomes the selected line's price."""
        self.desk.take(self._price)

    def void(self) -> None:
        """The selected line goes."""
        self.desk.take(lambda: self._on_line(self.desk.till.void_line))

    def undo(self) -> None:
        """The last step is taken back."""
        self.desk.take(self._undo)

    def abort(self) -> None:
        """Ask, inside the slip, whether the whole sale is to be given up."""
        self.desk.take(self._ask_abort)

    def strip_acted(self, number: int, key: str) -> None:
        """An action of a strip."""
        self.strips.act(number, key)
        self.show()

    def strip_typed(self, name: str) -> bool:
        """A key of the pad; says whether a strip's question took it."""
        taken = self.strips.typed(name)
        if taken:
            self.show_strips()
        return taken

    def strip_step(self, steps: int) -> None:
        """The keyboard's ring goes on over what strips offer."""
        if self.strips.step(steps):
            self.show_strips()

    def strip_press(self) -> None:
        """What the ring is at is done."""
        if self.strips.press():
            self.show_strips()

    # Steps

    def _scan(self, code: str) -> None:
        if self.on_code(code):
            return
        if self.is_empties:
            self._take_empties(code)
            return
        weighed = self.desk.till.catalogue.by_weight(code)
        if weighed is not None and self.entry.times is None:
            self.on_act()
            self.on_weigh(weighed)
            return
        many, back, till = self.entry.take_times(), self.is_back, self.desk.till
        self.strips.rest()
        if not self._step(lambda: till.scan(Barcode(code), many, back=back), code, newest=True):
            self.entry.times = None if many == ONE else many
        self.show()

    def _take_empties(self, code: str) -> None:
        many, till = self.entry.take_times(), self.desk.till
        self._step(lambda: till.circumstances.empties(Barcode(code), many), code, newest=True)
        self.show()

    def take_back(self) -> None:
        """What is scanned or tapped next comes back, until the receipt ends or the strip closes."""
        self._next = "back"
        self._said_of_next("return.scan", "arrow-u-up-left")

    def take_empties(self) -> None:
        """What is scanned or tapped next are empties, until the receipt ends or the strip closes."""
        self._next = "empties"
        self._said_of_next("empties.scan", "beer-bottle")

    def _said_of_next(self, key: str, icon: str) -> None:
        words = self.desk.words
        text = words(f"{key}.text")
        self.strips.warn(words(key), text, kind="info", icon=icon, about=_NEXT)
        self.show()

    def _sell(self, article: ArticleKey) -> None:
        if self.entry.text and self.entry.times is None:
            self.entry.multiply()
        if (
            self.is_back
            or self.is_empties
            or self.desk.till.catalogue.by_weight(article) is not None
        ):
            self._scan(article)
            return
        many = self.entry.take_times()
        self.strips.rest()
        self._step(lambda: self.desk.till.sell(article, many), article, newest=True)
        self.show()

    def _step(self, step: Callable[[], Basket], code: str = "", *, newest: bool = False) -> bool:
        """Take a step now; where a right is missing, again once somebody approved it."""
        basket = self.desk.till.basket
        self.on_act()
        try:
            after = step()
        except StepRefused as refused:
            if not self.desk.asks(refused, lambda: self._again(step, code, newest=newest)):
                refusals.say(self, refused, code)
            return False
        except DiskRefused as refused:
            self.disk_refused(refused)
            return False
        self.stepped(basket, after, newest=newest)
        return True

    def do(self, step: Callable[[], Basket], *, newest: bool = False) -> None:
        """A step that another presenter worked out."""
        self.desk.take(lambda: self._again(step, "", newest=newest))

    def _again(self, step: Callable[[], Basket], code: str, *, newest: bool) -> None:
        self._step(step, code, newest=newest)
        self.show()

    def stepped(self, before: Basket, after: Basket, *, newest: bool) -> None:
        """A step was taken: it can be undone. `newest` says that its line is to be selected."""
        if after is not before:
            self._before = [*self._before, before][-_UNDO:]
            if newest:
                self.on_sold()
        kept = {each.number for each in after.lines if each.counts}
        if newest or self._selected not in kept:
            self._select_newest()

    def _select(self, line: int) -> None:
        self._selected = line
        self.show()

    def _select_newest(self) -> None:
        counting = [li for li in self.desk.till.basket.lines if li.counts and li.leads]
        self._selected = counting[-1].number if counting else None

    def _on_line(self, step: Callable[[int], Basket]) -> None:
        line = self._selected
        if line is not None:
            self._step(lambda: step(line))
        self.show()

    def _add(self, pieces: int) -> None:
        till = self.desk.till
        line = next((li for li in till.basket.lines if li.number == self._selected), None)
        if line is None or not line.counts:
            return
        many = line.sold.thousandths + pieces * 1000
        article = till.catalogue.by_key(line.sold_as)
        if line.sold.unit != "pcs" and pieces > 0 and article is not None:
            self.on_weigh(article)  # one more of it is weighed, and never a kilogram
        elif many <= 0 or line.sold.unit != "pcs":
            self.void()
        else:
            self._on_line(lambda number: till.set_quantity(number, Quantity(many)))

    def _quantity(self) -> None:
        many = self.entry.quantity("pcs")
        if many is None:
            self.strips.warn(self.desk.words("strip.number-first"), kind="warn", icon="hash")
        else:
            self.entry.text = ""
            till = self.desk.till
            self._on_line(lambda number: till.set_quantity(number, many))
        self.show()

    def _price(self) -> None:
        price = self.entry.price(self.desk.till.basket.currency)
        if price is None:
            self.strips.warn(self.desk.words("strip.number-first"), kind="warn", icon="hash")
        else:
            self.entry.text = ""
            self._on_line(lambda line: self.desk.till.discounts.override_price(line, price))
        self.show()

    def _undo(self) -> None:
        if not self._before:
            return
        till, before = self.desk.till, self._before[-1]
        if self._step(lambda: till.take_back(before), newest=True):
            del self._before[-2:]  # the step back is no step of its own
        self.show()

    def _ask_abort(self) -> None:
        words = self.desk.words
        if self.desk.till.basket.is_empty:
            return
        yes = Action("yes", words("strip.abort.yes"), "prohibit", "danger")
        self.strips.warn(
            words("strip.abort", number=self.desk.next_name),
            words("strip.abort.text"),
            kind="warn",
            icon="prohibit",
            about="abort",
            offers=((yes, self._abort),),
        )
        self.show_strips()

    def _abort(self) -> None:
        self.desk.go(self.desk.till.abort, lambda _: self.fresh(), self.failed)

    # What is seen

    def failed(self, error: Exception) -> None:
        """Something behind the screen did not work; the receipt is as it was."""
        refusals.failed(self, error)
        self.show()

    def disk_refused(self, refused: DiskRefused) -> None:
        """The disk does not keep what is written: a person must act."""
        refusals.disk(self, refused)
        self.show_strips()

    def fresh(self) -> None:
        """A new receipt begins."""
        self._before.clear()
        self.strips.clear()
        self.entry.clear()
        self._selected, self._next = None, ""
        self.show()

    def recalled(self, basket: Basket) -> None:
        """A parked sale is in hand again; the change of the one before makes way."""
        self.on_act()
        self.fresh()
        self.stepped(basket, basket, newest=True)
        self.show()

    def speak(self) -> None:
        """The cashier's language may be another now."""
        self._lines.speak(self.desk.words)
        if self._selected is None:
            self._select_newest()
        self.show()

    def show(self) -> None:
        """Everything of the sale."""
        words, till = self.desk.words, self.desk.till
        self._shown = self._lines.of(till.basket)
        self._view.show_lines(self._shown, self._selected)
        number, head = words("sale.receipt", number=self.desk.next_name), self._head()
        self._view.show_head(number, head, undo=bool(self._before), whose=bool(self._buyer[1]))
        self.show_entry()
        self.show_strips()
        self.on_change()

    def _head(self) -> str:
        """Whose it is; of nobody, how many items."""
        words, till = self.desk.words, self.desk.till
        if till.basket.customer != self._buyer[0] and not self.desk.is_busy:
            buyer = till.clientele.buyer()
            self._buyer = (till.basket.customer, buyer.name if buyer else "")
        many = len(self._shown)
        return self._buyer[1] or (words.many("sale.items", many) if many else "")

    def show_entry(self) -> None:
        """The entry alone."""
        words, times = self.desk.words, self.entry.times
        many = f"{times.number.replace('.', ',')} × " if times else ""
        self._view.show_entry(words("entry.caption"), words.typed(many + self.entry.text))

    def show_strips(self) -> None:
        """The strips alone."""
        self._view.show_strips(self.strips.shown)
