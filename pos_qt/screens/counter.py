"""The counter: the total and the way to pay, always at the same place."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from pos_qt.presenters.shown import Counter
from pos_qt.theme.look import Look
from pos_qt.widgets.amount import Amount
from pos_qt.widgets.dress import label, tight
from pos_qt.widgets.tenderkey import PayKey, TenderKey

_KEYS = 4


class ChangeView(QFrame):
    """The change, while the payment is open."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "changebox")
        self._label, self._note = label("sum"), label("sumtext")
        self._amount = Amount(52, 40, ("go-bright", "go-bright"), right=True)
        self._words = QVBoxLayout()
        self._words.addStretch(1)
        self._words.addWidget(self._label)
        self._words.addWidget(self._note)
        self._words.addStretch(1)
        self._row = QHBoxLayout(self)
        self._row.addLayout(self._words)
        self._row.addWidget(self._amount, 1)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        tight(self._row, (look.px(22), 0, look.px(22), 0), look.px(12))
        tight(self._words, (0, 0, 0, 0), look.px(2))
        self.setFixedHeight(look.px(84))

    def show_change(self, words: str, note: str, amount: str) -> None:
        """Another change."""
        self._label.setText(words)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        number, _, sign = amount.partition(" ")
        self._amount.show_amount(number, sign)


class CounterBar(QFrame):
    """Says by signal which tender was tapped, or that *Pay* was."""

    tendered = Signal(str)
    pay_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("counter")
        self._label, self._caption = label("sum"), label("sumtext")
        self.amount = Amount(62, 34, ("on-counter", "on-counter-2"), right=True)
        self.keys = [TenderKey() for _ in range(_KEYS)]
        self.pay = PayKey()
        self._change = ChangeView()
        self._sum = QWidget()
        sum_row = QHBoxLayout(self._sum)
        self._sum_row = sum_row
        self._words = QVBoxLayout()
        self._words.addStretch(1)
        self._words.addWidget(self._label)
        self._words.addWidget(self._caption)
        self._words.addStretch(1)
        sum_row.addLayout(self._words)
        sum_row.addWidget(self.amount, 1, Qt.AlignmentFlag.AlignVCenter)
        tenders = QWidget()
        self._tenders = QHBoxLayout(tenders)
        for key in self.keys:
            self._tenders.addWidget(key, 1)
            key.clicked.connect(self._on_tender)
        middle = QWidget()
        self._stack = QStackedLayout(middle)
        self._stack.addWidget(tenders)
        holder = QWidget()
        inside = QVBoxLayout(holder)
        tight(inside, (0, 0, 0, 0), 0)
        inside.addWidget(self._change)
        self._stack.addWidget(holder)
        self._middle = middle
        self._grid = QGridLayout(self)
        self.pay.clicked.connect(self.pay_pressed)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        gap = look.part("gap")
        self.setFixedHeight(look.px(206 if look.is_tall else 116))
        above = look.px(9) if look.is_tall else 0
        tight(self._grid, (gap, above, gap, above), gap)
        self._place(look)
        self._narrow = not look.is_wide and not look.is_tall
        self.keys[2].setVisible(not self._narrow)
        tight(self._sum_row, (look.px(18), 0, look.px(18), 0), look.px(6))
        tight(self._words, (0, 0, 0, 0), look.px(2))
        tight(self._tenders, (0, 0, 0, 0), look.px(10))
        if look.is_tall:
            self._sum.setMinimumWidth(0)
            self._sum.setMaximumWidth(look.px(736))
        else:
            self._sum.setFixedWidth(look.part("slip"))
        self.pay.setFixedWidth(look.part("pay"))
        for key in self.keys:
            key.setMinimumWidth(10)

    def _place(self, look: Look) -> None:
        """Sum, tenders and *Pay* in a row; in a tall window the tenders lie below."""
        ends = (self.pay, self._sum) if look.left else (self._sum, self.pay)
        for part in (self._sum, self._middle, self.pay):
            self._grid.removeWidget(part)
        if look.is_tall:
            self._grid.addWidget(ends[0], 0, 0)
            self._grid.addWidget(ends[1], 0, 1)
            self._grid.addWidget(self._middle, 1, 0, 1, 2)
        else:
            for column, part in enumerate((ends[0], self._middle, ends[1])):
                self._grid.addWidget(part, 0, column)
        for column in range(3):
            item = self._grid.itemAtPosition(0, column)
            wanted = self._sum if look.is_tall else self._middle
            stretched = item is not None and item.widget() is wanted
            self._grid.setColumnStretch(column, 1 if stretched else 0)

    def show_counter(self, shown: Counter) -> None:
        """The total, and what one tap does."""
        self._label.setText(shown.label)
        self._caption.setText(shown.caption)
        self._caption.setVisible(bool(shown.caption))
        self.amount.show_amount(shown.amount, shown.sign, warm=shown.is_out)
        self.pay.show_pay(shown.pay, shown.pay_key, enabled=shown.enabled, quiet_=shown.is_asking)
        if shown.change is not None:
            self._change.show_change(*shown.change)
        self._stack.setCurrentIndex(0 if shown.change is None else 1)
        for key, tender in zip(self.keys, shown.tenders, strict=False):
            key.show_tender(tender)

    def _on_tender(self) -> None:
        key = self.sender()
        if isinstance(key, TenderKey):
            self.tendered.emit(key.shown.key)
