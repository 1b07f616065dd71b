"""The status bar: where this is, who sells, and how the till is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel, QWidget

from pos_qt.presenters.shown import ACT, CHECK, OK, Pill
from pos_qt.theme import icons
from pos_qt.theme.look import Look
from pos_qt.widgets.dress import label, quiet, restyle, tight


class PillView(QWidget):
    """One pill: icon and word; amber or red where somebody should look."""

    tapped = Signal(str)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A tap opens the system sheet at this row."""
        if self.rect().contains(event.position().toPoint()):
            self.tapped.emit(self.pill.key)

    def __init__(self, pill: Pill, look: Look) -> None:
        super().__init__()
        self.pill = pill
        self.dress(look)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self.show_pill(self.pill)

    def show_pill(self, pill: Pill) -> None:
        """Another state."""
        self.pill = pill
        self.setAccessibleName(pill.text)
        metrics = self._font_metrics()
        room = 49 if self._text() else 40
        self.setFixedSize(metrics + self._look.px(room), self._look.px(40))
        self.update()

    def _text(self) -> str:
        """The word; where room is short, what is well says less."""
        look, pill = self._look, self.pill
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
        quiet(self, "cashier")

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self.show_person(self._initials, self.text())

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
        if self._look.is_tall:
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
        if look.is_tall:
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

    def show_place(self, text: str) -> None:
        """Branch and till."""
        self._place_text = text
        self._brand.setText(text if self._look.is_wide else text.rpartition(" · ")[2])

    def show_cashier(self, initials: str, name: str) -> None:
        """Who sells; empty where nobody does."""
        self._cashier.show_person(initials, name)

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
            self._pills.pop(gone).deleteLater()
        for pill in pills:
            view = self._pills.get(pill.key)
            if view is None:
                view = self._pills[pill.key] = PillView(pill, self._look)
                view.tapped.connect(self.pill_tapped)
                self._row.insertWidget(self._place(pill.key, pills), view)
            elif view.pill != pill:
                view.show_pill(pill)
