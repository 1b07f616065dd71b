"""The status bar: where this is, who sells, and how the till is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel

from pos_qt.presenters.shown import ACT, CHECK, OK, Pill
from pos_qt.theme import icons
from pos_qt.theme.look import Look
from pos_qt.widgets.dress import label, quiet, restyle, tight

_BRIEF: Final = 5
"""Steps in which a bar that is too narrow says less, the most important last."""
_LOUD: Final = {OK: 1, CHECK: 3, ACT: 4}
"""From which step on a pill is its icon alone."""


class PillView(QAbstractButton):
    """One pill: icon and word; amber or red where somebody should look.

    A tap opens the system sheet at its row.
    """

    tapped = Signal(str)

    def __init__(self, pill: Pill, look: Look) -> None:
        super().__init__()
        self.pill = pill
        self._brief = 0
        quiet(self, pill.text)
        self.clicked.connect(self._on_clicked)
        self.dress(look)

    def show_brief(self, step: int) -> None:
        """Say less, or all again; 0 is all."""
        if step != self._brief:
            self._brief = step
            self.show_pill(self.pill)

    def _on_clicked(self) -> None:
        self.tapped.emit(self.pill.key)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self.show_pill(self.pill)

    def show_pill(self, pill: Pill) -> None:
        """Another state."""
        self.pill = pill
        self.setAccessibleName(pill.text)
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as what it says."""
        room = 49 if self._text() else 40
        return QSize(self._font_metrics() + self._look.px(room), self._look.px(40))

    def _text(self) -> str:
        """The word; where room is short, what is well says less."""
        look, pill = self._look, self.pill
        if self._brief >= _LOUD[pill.state]:
            return ""
        if look.is_wide or pill.state != OK:
            return pill.text
        if pill.key == "printer" or (pill.key == "backlog" and look.is_tall):
            return ""
        return pill.text.split(" ")[-1] if pill.key == "mirror" else pill.text

    def _font_metrics(self) -> int:
        font = self._look.font(16, 500 if self.pill.state == OK else 700)
        return QFontMetrics(font).horizontalAdvance(self._text())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint ground, icon and word."""
        look, state = self._look, self.pill.state
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tint = {CHECK: "warn", ACT: "danger"}.get(state)
        if tint:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour(f"{tint}-tint"))
            painter.drawRoundedRect(QRectF(self.rect()), look.px(10), look.px(10))
        picture = look.icon(self.pill.icon, 20, tint or "go", self.devicePixelRatioF())
        painter.drawPixmap(look.px(11), (self.height() - look.px(20)) // 2, picture)
        painter.setPen(look.colour(tint or "text-2"))
        painter.setFont(look.font(16, 500 if state == OK else 700))
        room = self.rect().adjusted(look.px(38), 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self._text())


class Avatar(QAbstractButton):
    """The cashier: initials in a circle, and the name. A tap locks the till."""

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._initials = ""
        self._is_brief = False
        quiet(self, "")

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self.show_person(self._initials, self.text())

    def show_brief(self, *, brief: bool) -> None:
        """The initials alone, or the name too."""
        if brief != self._is_brief:
            self._is_brief = brief
            self.show_person(self._initials, self.text())

    @property
    def _is_short(self) -> bool:
        return self._look.is_tall or self._is_brief

    def show_person(self, initials: str, name: str) -> None:
        """Somebody else, or nobody."""
        self._initials = initials
        self.setText(name)
        self.setAccessibleName(name)
        self.setVisible(bool(name))
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as the name."""
        if self._is_short:
            return QSize(self._look.px(40), self._look.px(40))
        wide = QFontMetrics(self._look.font(16, 500)).horizontalAdvance(self.text())
        return QSize(wide + self._look.px(48), self._look.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint circle and name."""
        look = self._look
        dark = look.theme == "dark"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = look.px(30)
        circle = QRectF(0, (self.height() - side) / 2, side, side)
        path = QPainterPath()
        path.addEllipse(circle)
        painter.fillPath(path, look.colour("go" if dark else "counter"))
        painter.setPen(look.colour("on-go" if dark else "on-counter"))
        painter.setFont(look.font(13, 700))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, self._initials)
        if self._is_short:
            return
        painter.setPen(look.colour("text-2"))
        painter.setFont(look.font(16, 500))
        room = self.rect().adjusted(look.px(37), 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text())


class StatusBar(QFrame):
    """Brand, cashier, pills and clock, always in the same place."""

    lock_wished = Signal()
    pill_tapped = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status")
        self._look = Look()
        self._place_text = ""
        self._logo = QLabel()
        self._brand = label("brand")
        self._cashier = Avatar()
        self._cashier.clicked.connect(self.lock_wished)
        self._clock = label("clock")
        self._pills: dict[str, PillView] = {}
        self._row = QHBoxLayout(self)
        for part in (self._logo, self._brand, self._cashier):
            self._row.addWidget(part)
        self._row.addStretch(1)
        self._row.addWidget(self._clock)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self.show_place(self._place_text)
        self.setFixedHeight(look.px(48))
        tight(self._row, (look.px(16), 0, look.px(16), 0), look.px(4))
        self._brand.setContentsMargins(look.px(6), 0, look.px(20), 0)
        self._clock.setContentsMargins(look.px(8), 0, 0, 0)
        logo = icons.picture(f"logo-{look.theme}", look.px(28), self.devicePixelRatioF())
        if logo is not None:
            self._logo.setPixmap(logo)
        self._cashier.dress(look)  # before it is measured what there is room for
        for view in self._pills.values():
            view.dress(look)
        self._fit()

    def resizeEvent(self, event: object) -> None:  # noqa: N802, ARG002 - Qt's name
        """In less room it says less."""
        self._fit()

    def _fit(self) -> None:
        """Say as much as there is room for: first what is well falls silent, what is not last."""
        room = self.width() - 2 * self._look.px(16)
        for step in range(_BRIEF):
            full = self._look.is_wide and step < 2
            self._brand.setText(self._place_text if full else self._place_text.rpartition(" · ")[2])
            self._cashier.show_brief(brief=step >= 2)
            for view in self._pills.values():
                view.show_brief(step)
            if self._needed() <= room:
                break
        self._row.activate()  # not a frame in which one pill lies over another

    def _needed(self) -> int:
        parts = [self._logo, self._brand, self._clock, *self._pills.values()]
        wide = [part.sizeHint().width() for part in parts]
        if self._cashier.text():
            wide.append(self._cashier.sizeHint().width())
        return sum(wide) + self._look.px(4) * (len(wide) + 1)

    def show_place(self, text: str) -> None:
        """Branch and till."""
        self._place_text = text
        self._fit()

    def show_cashier(self, initials: str, name: str) -> None:
        """Who sells; empty where nobody does."""
        self._cashier.show_person(initials, name)
        self._fit()

    def show_clock(self, text: str, *, off: bool) -> None:
        """The time of day; `off` where it cannot be right."""
        self._clock.setText(text)
        restyle(self._clock, "off", off)

    def _place(self, key: str, pills: Sequence[Pill]) -> int:
        """Before the clock, and before every pill that comes after it."""
        keys = [pill.key for pill in pills]
        after = [self._pills[k] for k in keys[keys.index(key) + 1 :] if k in self._pills]
        return self._row.indexOf(after[0]) if after else self._row.count() - 1

    def show_pills(self, pills: Sequence[Pill]) -> None:
        """The till's states, in order."""
        for gone in set(self._pills) - {pill.key for pill in pills}:
            old = self._pills.pop(gone)
            old.hide()
            old.deleteLater()
        for pill in pills:
            view = self._pills.get(pill.key)
            if view is None:
                view = self._pills[pill.key] = PillView(pill, self._look)
                view.tapped.connect(self.pill_tapped)
                self._row.insertWidget(self._place(pill.key, pills), view)
            elif view.pill != pill:
                view.show_pill(pill)
        self._fit()
