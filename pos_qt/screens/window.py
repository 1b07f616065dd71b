"""The till's window: edge and status above, one screen below; it scales with its size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from pos_qt.presenters.shown import (
    CardBox,
    ChangeDue,
    Counter,
    Found,
    Keys,
    Method,
    Note,
    Part,
    Sheet,
    ShownLine,
    Strip,
)
from pos_qt.screens.count import CountScreen
from pos_qt.screens.counter import CounterBar
from pos_qt.screens.hold import HoldScreen
from pos_qt.screens.payment import PaymentPanel
from pos_qt.screens.preview import PreviewPanel
from pos_qt.screens.selling import SellingPanel
from pos_qt.screens.signin import SignInScreen
from pos_qt.screens.slip import SlipPanel
from pos_qt.theme import style
from pos_qt.theme.look import HEIGHT, WIDTH, Look, form_for, scale_for
from pos_qt.translations.words import Words
from pos_qt.widgets.dress import dress, label, say, tight
from pos_qt.widgets.edge import EdgeBar
from pos_qt.widgets.paper import SHADE
from pos_qt.widgets.statusbar import StatusBar
from services.register.columns import Row


class LoadingScreen(QWidget):
    """What a till shows before its master data came."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self._icon, self.title, self.text = QLabel(), label("title"), label("lead")
        column = QVBoxLayout(self)
        column.addStretch(1)
        for part in (self._icon, self.title, self.text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            part.setWordWrap(True)
            column.addWidget(part)
        column.addStretch(1)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._icon.setPixmap(look.icon("hourglass", 48, "go", self.devicePixelRatioF()))

    def show_loading(self, title: str, text: str) -> None:
        """What is being waited for."""
        self.title.setText(title)
        self.text.setText(text)


def _direction(look: Look) -> QBoxLayout.Direction:
    if look.is_tall:
        return QBoxLayout.Direction.TopToBottom
    way = QBoxLayout.Direction
    return way.RightToLeft if look.left else way.LeftToRight


class SaleScreen(QWidget):
    """Slip at the left, what belongs to the state in the middle and right, counter below.

    It is all of the views that the presenters of a sale know.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.slip, self.counter = SlipPanel(), CounterBar()
        self.selling, self.payment, self.preview = SellingPanel(), PaymentPanel(), PreviewPanel()
        self._given = ""
        self.strips_elsewhere: Callable[[Sequence[Strip]], None] = lambda _: None
        self._stack = QStackedWidget()
        for panel in (self.selling, self.payment, self.preview):
            self._stack.addWidget(panel)
        self._work = QHBoxLayout()
        self._work.addWidget(self.slip)
        self._work.addWidget(self._stack, 1)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._work, 1)
        self._column.addWidget(self.counter)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        gap = look.part("gap")
        side = gap - look.px(SHADE)
        edges = (gap, look.px(13), side, 0) if look.left else (side, look.px(13), gap, 0)
        if look.is_tall:
            edges = (side, look.px(13), side, 0)
        tight(self._work, edges, gap if look.is_tall else side)
        self._work.setDirection(_direction(look))
        self._stack.setContentsMargins(*((side, 0, side, 0) if look.is_tall else (0, 0, 0, 0)))
        tight(self._column, (0, 0, 0, 0), 0)

    def speak(self, words: Words) -> None:
        """Another language."""
        self._given = words("entry.given")
        for part in (self.slip, self.selling, self.payment, self.preview):
            part.speak(words)

    def show_lines(self, lines: Sequence[ShownLine], selected: int | None) -> None:
        """See SaleView."""
        self.slip.show_lines(lines, selected)

    def show_head(self, number: str, items: str, *, undo: bool, whose: bool = False) -> None:
        """See SaleView."""
        self.slip.show_head(number, items, undo=undo, whose=whose)

    def show_entry(self, caption: str, text: str) -> None:
        """See SaleView."""
        self.selling.pad.entry.show_entry(caption, text)
        self.payment.show_entry(self._given, text)

    def show_strips(self, strips: Sequence[Strip]) -> None:
        """See SaleView."""
        self.slip.show_strips(strips)
        self.strips_elsewhere(strips)

    def show_counter(self, counter: Counter) -> None:
        """See PaymentView."""
        self.counter.show_counter(counter)

    def show_payment(
        self, methods: Sequence[Method], given: str, notes: Sequence[Note], parts: Sequence[Part]
    ) -> None:
        """See PaymentView."""
        self.payment.show_payment(methods, given, notes, parts)

    def show_card(self, box: CardBox | None) -> None:
        """See CardView."""
        self.payment.show_card(box)

    def show_paying(self, *, paying: bool) -> None:
        """See PaymentView."""
        self._stack.setCurrentWidget(self.payment if paying else self.selling)
        self.slip.show_paying(paying=paying)

    def show_change(self, due: ChangeDue | None, *, small: bool) -> None:
        """See PaymentView."""
        self.slip.show_change(due, small=small)

    def show_searching(self, *, searching: bool, text: str | None = None) -> None:
        """See SearchView."""
        if searching:
            self._stack.setCurrentWidget(self.selling)
        self.selling.show_searching(searching=searching, text=text)

    def show_found(self, found: Sequence[Found], chosen: int, nothing: str) -> None:
        """See SearchView."""
        self.selling.show_found(found, chosen, nothing)

    def show_sheet(self, sheet: Sheet | None) -> None:
        """See SheetView."""
        if sheet is not None:
            self._stack.setCurrentWidget(self.selling)
        self.selling.show_sheet(sheet)

    def show_keys(self, keys: Keys, empty: str) -> None:
        """The article keys."""
        self.selling.show_keys(keys, empty)

    @property
    def is_previewing(self) -> bool:
        """Is the receipt preview in front?"""
        return self._stack.currentWidget() is self.preview

    def preview_rows(self, title: str, rows: Sequence[Row], *, can_print: bool) -> None:
        """A slip as it was printed, in front."""
        self.preview.show_rows(title, rows, can_print=can_print)
        self.show_preview(open_=True)

    def show_preview(self, *, open_: bool) -> None:
        """The receipt preview in front, or selling again."""
        self._stack.setCurrentWidget(self.preview if open_ else self.selling)


class TillWindow(QWidget):
    """The one window. Its scale follows its size; the theme is the till's."""

    def __init__(self, theme: str = "light", *, left: bool = False, large: bool = False) -> None:
        """See the class; `left` for the left hand, `large` for larger text."""
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle("Tresen")
        self.look = Look(theme, left=left, large=large)
        self.edge, self.status = EdgeBar(), StatusBar()
        self.loading, self.signin, self.sale = LoadingScreen(), SignInScreen(), SaleScreen()
        self.count, self.hold = CountScreen(), HoldScreen()
        self._below: QWidget | None = None
        self.sale.strips_elsewhere = self.count.show_strips
        self._stack = QStackedWidget()
        for screen in (self.loading, self.signin, self.sale, self.count, self.hold):
            self._stack.addWidget(screen)
        column = QVBoxLayout(self)
        tight(column, (0, 0, 0, 0), 0)
        column.addWidget(self.edge)
        column.addWidget(self.status)
        column.addWidget(self._stack, 1)
        self.setMinimumSize(460, 460)
        self.wear(self.look)
        self.resize(WIDTH, HEIGHT)

    def show_screen(self, screen: QWidget) -> None:
        """Another screen comes to the front."""
        self._stack.setCurrentWidget(screen)

    def show_hold(self, code: str) -> None:
        """See HoldView."""
        if self._below is None:
            self._below = self._stack.currentWidget()
        self.hold.show_code(code)
        self._stack.setCurrentWidget(self.hold)

    def close_hold(self) -> None:
        """See HoldView."""
        if self._below is not None:
            self._stack.setCurrentWidget(self._below)
            self._below = None

    def speak(self, words: Words) -> None:
        """Another language."""
        self.sale.speak(words)
        self.count.speak(words)
        self.hold.speak(words)
        say(self, words)
        dress(self, self.look)  # icons keep their distance from the new words

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Another size may be another scale."""
        wide, high = event.size().width(), event.size().height()
        u, form = scale_for(wide, high), form_for(wide, high)
        if abs(u - self.look.u) > 0.004 or form != self.look.form:
            self.wear(replace(self.look, u=u, form=form))

    def wear(self, look: Look) -> None:
        """Another theme, scale or hand."""
        self.look = look
        self.setStyleSheet(style.sheet(look))
        dress(self, look)
