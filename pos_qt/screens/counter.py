"""The counter: the total and the way to pay, always at the same place."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

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
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._sum)
        self._row.addWidget(middle, 1)
        self._row.addWidget(self.pay)
        self.pay.clicked.connect(self.pay_pressed)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self.setFixedHeight(look.px(116))
        tight(self._row, (look.px(16), 0, look.px(16), 0), look.px(16))
        tight(self._sum_row, (look.px(18), 0, look.px(18), 0), look.px(6))
        tight(self._words, (0, 0, 0, 0), look.px(2))
        tight(self._tenders, (0, 0, 0, 0), look.px(10))
        self._sum.setFixedWidth(look.px(432))
        self.pay.setFixedWidth(look.px(280))
        for key in self.keys:
            key.setMinimumWidth(10)

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
