"""Counting the drawer: by note and coin or as a sum, blind where the branch wants it so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.page import Blank
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.shown import CountRow, CountSheet, Fact
from pos_qt.presenters.slips import Prints
from schemas.drawer import Denomination, Drawer
from schemas.keys import StaffKey
from schemas.money import Money, exponent
from services.register import drawer, movement, wording
from services.register.tendering import NOTES

SUM: Final = 0
"""The row that takes a sum without notes and coins."""
_MOST_DIGITS: Final = 5


class CountView(Protocol):
    """What shows a count."""

    def show_count(self, sheet: CountSheet) -> None:
        """The count as it stands."""


class CountPresenter:
    """Counts; a difference stays as it is and is said. What was typed is kept until it is handed in."""

    def __init__(self, desk: Desk, sale: SalePresenter, view: CountView, queue: Prints) -> None:
        self._desk = desk
        self._sale = sale
        self._view = view
        self._queue = queue
        self._many: dict[int, str] = {}
        self._at = 0
        self._sum = Blank("sum", "", "money")
        self._to: StaffKey | None = None
        self._begins = False
        self._event: Drawer | None = None
        self.is_open = False
        self.on_open: Callable[[], None] = lambda: None
        self.on_close: Callable[[], None] = lambda: None
        self.on_floated: Callable[[Drawer], None] = lambda _: None
        self.on_handed_over: Callable[[StaffKey], None] = lambda _: None

    def open(self, hand_over_to: StaffKey | None = None, *, begins: bool = False) -> None:
        """Start, or go on with what was typed before; `begins` where it is the day's float."""
        if (hand_over_to, begins) != (self._to, self._begins):
            self._forget()
        self._to, self._begins, self._event, self.is_open = hand_over_to, begins, None, True
        self._queue.put(None, kick=True)
        self.on_open()
        self.show()

    def later(self) -> None:
        """Back; what was typed is kept."""
        if self.is_open:
            self.is_open = False
            self.on_close()

    @property
    def _currency(self) -> str:
        return self._desk.till.basket.currency

    @property
    def _worths(self) -> list[int]:
        """Notes, then coins, the largest first; then the sum."""
        worths = sorted(drawer.COINS.get(self._desk.till.basket.currency, ()), reverse=True)
        notes = [each for each in worths if self._is_note(each)]
        return [*notes, *(each for each in worths if each not in notes), SUM]

    def _is_note(self, worth: int) -> bool:
        currency = self._desk.till.basket.currency
        unit = 10 ** exponent(currency)
        return worth % unit == 0 and worth // unit in NOTES.get(currency, ())

    # What the cashier does

    def typed(self, name: str) -> None:
        """A key of the pad."""
        worth = self._worths[self._at]
        if self._event is not None:
            return
        if worth == SUM:
            self._sum.typed(name.replace("+10", ""))
            self._many.clear()
        else:
            self._sum.text = ""
            self._many[worth] = _typed(self._many.get(worth, ""), name)
        self.show()

    def move(self, rows: int) -> None:
        """Another row."""
        self._at = max(0, min(self._at + rows, len(self._worths) - 1))
        self.show()

    def turn(self, columns: int) -> None:
        """From notes to coins and back."""
        worths = self._worths
        notes = sum(1 for each in worths if self._is_note(each))
        if columns > 0 and self._at < notes:
            self._at = min(self._at + notes, len(worths) - 1)
        elif columns < 0 and self._at >= notes:
            self._at = min(self._at - notes, notes - 1)
        self.show()

    def choose(self, worth: int) -> None:
        """A row was tapped."""
        self._at = self._worths.index(worth)
        self.show()

    def enter(self) -> None:
        """On to the next row."""
        self.move(1)

    def empty(self) -> None:
        """Everything is nothing again."""
        if self._event is None:
            self._forget()
            self.show()

    def act(self) -> None:
        """Hand the count in; afterwards, close."""
        if self._event is not None:
            self.later()
            return
        self._desk.take(self._submit)

    def more(self) -> None:
        """Put it off; afterwards, count once more."""
        if self._event is None:
            self.later()
        elif not self._last:
            self._event = None
            self._forget()
            self.show()

    def _forget(self) -> None:
        self._many.clear()
        self._at, self._sum.text = 0, ""

    def _submit(self) -> None:
        currency = self._desk.till.basket.currency
        many = [
            Denomination(Money(worth, currency), int(text))
            for worth, text in self._many.items()
            if text and int(text)
        ]
        total, to, box = self.total, self._to, self._desk.till.drawer

        def step() -> Drawer:
            if self._begins:
                return box.float_in(total, many)
            return box.count(total, many, hand_over_to=to)

        self._desk.go(step, self._counted, self._sale.failed)

    def _counted(self, event: Drawer) -> None:
        self._queue.put(self._desk.till.prints.drawer(event))
        self._event = event
        if event.to is not None:
            self._forget()
            self.is_open = False
            self.on_handed_over(event.to)
        elif event.kind == "float":
            self._forget()
            self.later()
            self.on_floated(event)
        else:
            self.show()

    # What is seen

    @property
    def total(self) -> Money:
        """What was counted so far."""
        typed = self._sum.money(self._currency) if self._sum.text else None
        if typed is not None:
            return typed
        minor = sum(worth * int(text or 0) for worth, text in self._many.items())
        return Money(minor, self._desk.till.basket.currency)

    def show(self) -> None:
        """The count as it stands."""
        if self.is_open:
            self._view.show_count(self._sheet())

    def _sheet(self) -> CountSheet:
        words, till = self._desk.words, self._desk.till
        own, total = till.catalogue.own, self.total
        worths = self._worths
        filled = sum(1 for text in self._many.values() if text)
        tag = words("count.blind") if own.blind_count and not self._begins else ""
        if self._to is not None:
            person = next((p for p in till.catalogue.staff() if p.key == self._to), None)
            tag = words("count.to", name=person.name if person else self._to)
        done = self._event is not None
        return CountSheet(
            title=words("count.float" if self._begins else "count.title"),
            tag=tag,
            hint=words("count.hint"),
            rows=tuple(self._row(n, worth) for n, worth in enumerate(worths)),
            label=words("shift.counted"),
            caption=words("count.kinds", filled=filled, all=len(worths) - 1),
            amount=words.amount(total),
            sign=wording.sign(total.currency),
            facts=self._facts(),
            result=self._result(),
            info=self._info(),
            act=words("count.done" if done else "shift.book" if self._begins else "count.submit"),
            more="" if done and self._last else words("count.again" if done else "count.later"),
            entry=self._entry(worths[self._at]),
            done=done,
        )

    def _entry(self, worth: int) -> tuple[str, str]:
        text = self._sum.text if worth == SUM else self._many.get(worth, "")
        return self._name(worth), self._desk.words.typed(text)

    def _row(self, n: int, worth: int) -> CountRow:
        words = self._desk.words
        text = self._sum.text if worth == SUM else self._many.get(worth, "")
        amount = ""
        if text and worth != SUM:
            amount = words.amount(Money(worth * int(text), self._desk.till.basket.currency))
        chosen = n == self._at and self._event is None
        return CountRow(
            worth, self._name(worth), words.typed(text), amount, self._is_note(worth), chosen
        )

    def _name(self, worth: int) -> str:
        if worth == SUM:
            return self._desk.words("count.sum")
        currency = self._desk.till.basket.currency
        unit = 10 ** exponent(currency)
        sign = wording.sign(currency)
        return f"{worth // unit} {sign}" if worth >= unit else f"{worth} ct"

    def _facts(self) -> tuple[Fact, ...]:
        words, till = self._desk.words, self._desk.till
        period = till.book.period

        def money(minor: int) -> str:
            return words.amount(Money(minor, period.currency))

        zone = till.now().tzinfo
        since = f"{period.begins.astimezone(zone):%d.%m. %H:%M}" if period.begins else "–"
        facts = [
            Fact(till.cashier.name if till.cashier else "", since),
            Fact(words("shift.receipts"), str(period.sums["receipts"])),
            Fact(words("count.voids"), str(period.sums["line_voids"])),
            Fact(words("count.returns"), money(-period.sums["returned"])),
            Fact(words("shift.float"), money(period.float_)),
            Fact(words("shift.pay-in"), money(period.sums["paid_in"])),
            Fact(words("shift.pay-out"), money(-period.sums["paid_out"])),
            Fact(words("shift.safe-drop"), money(-period.sums["dropped"])),
        ]
        if self._sees:  # with it anybody can reckon what should be there
            facts.insert(5, Fact(words("count.cash"), money(period.cash_kept)))
        facts += [
            Fact(name, money(amount))
            for (key, name), (amount, _) in sorted(period.tenders.items())
            if key != "cash"
        ]
        return tuple(facts)

    @property
    def _sees(self) -> bool:
        till = self._desk.till
        seen = movement.shows_expected(till.book.period, till.catalogue.own)
        return seen or till.rights.may("see-expected")

    @property
    def _last(self) -> bool:
        """Was this the last count that a blind branch allows?"""
        own = self._desk.till.catalogue.own
        return bool(own.blind_count) and self._desk.till.book.period.attempts >= (
            own.count_attempts or 1
        )

    def _result(self) -> tuple[Fact, ...]:
        if self._begins:  # whoever counts a float is not led by what should be there
            return ()
        words, event, period = self._desk.words, self._event, self._desk.till.book.period
        expected = Money(period.cash, period.currency)
        hidden = words("shift.hidden")
        facts = [Fact(words("shift.expected"), words.amount(expected) if self._sees else hidden)]
        if event is not None and event.amount is not None:
            facts.insert(0, Fact(words("shift.counted"), words.amount(event.amount), "strong"))
            if self._sees and event.difference is not None:
                kind = "bad" if event.difference else "good"
                text = words.amount(event.difference)
                facts.append(Fact(words("shift.difference"), text, kind))
        return tuple(facts)

    def _info(self) -> str:
        words, own = self._desk.words, self._desk.till.catalogue.own
        most, used = own.count_attempts or 1, self._desk.till.book.period.attempts
        if self._event is not None:
            return words("count.booked", attempt=self._event.attempt or 1)
        if self._begins:
            return words("count.stays")
        if own.blind_count and used < most and not self._sees:
            return words.many("count.attempts", most - used)
        if own.count_tolerance is not None:
            return words("count.tolerance", amount=own.count_tolerance)
        return words("count.stays")


def _typed(text: str, name: str) -> str:
    if name == "C":
        return ""
    if name == "back":
        return text[:-1]
    if name == "+10":
        return str(int(text or 0) + 10)
    digits = "".join(char for char in name if char.isascii() and char.isdigit())
    return (text + digits).lstrip("0")[:_MOST_DIGITS] or ("0" if text + digits else "")
