"""The sign-in: names at the left, the PIN pad on a slip at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pos_qt.presenters.shown import Person
from pos_qt.presenters.signin import PIN_LENGTH
from pos_qt.theme.look import SMALL, Look
from pos_qt.widgets.dots import Dots
from pos_qt.widgets.dress import label, quiet, tight
from pos_qt.widgets.numberpad import NumberPad
from pos_qt.widgets.paper import SHADE, Paper, Perforation


class PersonKey(QAbstractButton):
    """One name with its initials."""

    def __init__(self, person: Person, look: Look, *, chosen: bool) -> None:
        super().__init__()
        self.person = person
        self._chosen = chosen
        quiet(self, person.name)
        self.dress(look)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        self.setFixedHeight(look.px(124))
        self.update()

    def show_chosen(self, *, chosen: bool) -> None:
        """Whether this is who signs in."""
        if chosen != self._chosen:
            self._chosen = chosen
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint card, circle and words."""
        look = self._look
        on = self._chosen or self.isDown()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = look.px(2.5) if on else 1
        body = QRectF(self.rect()).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2)
        painter.setPen(QPen(look.colour("go" if on else "line"), wide))
        painter.setBrush(look.colour("go-tint" if on else "surface"))
        painter.drawRoundedRect(body, look.px(14), look.px(14))
        side = look.px(52)
        circle = QRectF(look.px(16), (self.height() - side) / 2, side, side)
        dark = look.theme == "dark"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("go" if on or dark else "counter"))
        painter.drawEllipse(circle)
        painter.setPen(look.colour("on-go" if on or dark else "on-counter"))
        painter.setFont(look.font(19, 700))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, self.person.initials)
        left = look.px(82)
        painter.setPen(look.colour("text"))
        painter.setFont(look.font(20, 600))
        room = self.width() - left - look.px(10)
        name = painter.fontMetrics().elidedText(self.person.name, Qt.TextElideMode.ElideRight, room)
        middle = self.height() / 2
        painter.drawText(QRectF(left, middle - look.px(26), room, look.px(28)),
                         Qt.AlignmentFlag.AlignVCenter, name)  # fmt: skip
        painter.setPen(look.colour("text-2"))
        painter.setFont(look.font(15.5, 500))
        painter.drawText(QRectF(left, middle + look.px(1), room, look.px(22)),
                         Qt.AlignmentFlag.AlignVCenter, self.person.role)  # fmt: skip


class SignInScreen(QWidget):
    """Shows names and pad; says by signal what was pressed."""

    person_chosen = Signal(str)
    pad_pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self._look = Look()
        self._title, self._lead = label("title"), label("lead")
        self.people: list[PersonKey] = []
        self._names = QWidget()
        self._grid = QGridLayout(self._names)
        area = QScrollArea()
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setWidget(self._names)
        self._left = QVBoxLayout()
        for part in (self._title, self._lead):
            self._left.addWidget(part)
        self._left.addWidget(area, 1)
        self._paper = Paper(open_below=False)
        self._pin, self.message = label("pin"), label("bad")
        self.dots, self.pad = Dots(PIN_LENGTH), NumberPad(pin=True)
        for text in (self._pin, self.message):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._facts: list[tuple[QWidget, QWidget]] = []
        self._rule = Perforation()
        self._fact_rows = QVBoxLayout()
        self._column = QVBoxLayout(self._paper)
        for piece in (self._pin, self.dots, self.pad, self.message):
            self._column.addWidget(piece)
        self._column.addStretch(1)
        self._column.addWidget(self._rule)
        self._column.addLayout(self._fact_rows)
        self._row = QHBoxLayout(self)
        self._row.addLayout(self._left, 1)
        self._row.addWidget(self._paper)
        self.pad.pressed.connect(self.pad_pressed)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        shade = look.px(SHADE)
        tight(self._row, (look.px(30), look.px(26), look.px(30) - shade, look.px(18)), look.px(20))
        way = QBoxLayout.Direction
        self._row.setDirection(way.TopToBottom if look.is_tall else way.LeftToRight)
        self._lay()
        middle = Qt.AlignmentFlag.AlignHCenter if look.is_tall else Qt.AlignmentFlag(0)
        self._row.setAlignment(self._paper, middle)
        tight(self._left, (0, 0, 0, 0), look.px(6))
        self._lead.setContentsMargins(0, 0, 0, look.px(10))
        tight(self._grid, (0, 0, 0, 0), look.px(12))
        self._paper.setFixedWidth(look.px(372) + 2 * shade)
        side = look.px(24) + shade
        tight(self._column, (side, look.px(26), side, look.px(24)), look.px(12))
        tight(self._fact_rows, (0, look.px(6), 0, 0), look.px(6))

    def show_people(self, people: Sequence[Person], chosen: str | None) -> None:
        """The names; rebuilt only where they changed."""
        if [key.person for key in self.people] != list(people):
            for old in self.people:
                old.hide()
                old.deleteLater()
            self.people = []
            for person in people:
                key = PersonKey(person, self._look, chosen=False)
                key.clicked.connect(self._on_person)
                self.people.append(key)
            self._lay()
        for key in self.people:
            key.show_chosen(chosen=key.person.key == chosen)

    def _lay(self) -> None:
        """The names in three columns, or two where there is less room."""
        columns = 2 if self._look.form == SMALL else 3
        for at, key in enumerate(self.people):
            self._grid.addWidget(key, at // columns, at % columns)
        for row in range(len(self.people) + 2):
            self._grid.setRowStretch(row, 1 if row == len(self.people) // columns + 1 else 0)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def show_greeting(self, greeting: str, lead: str, facts: Sequence[tuple[str, str]]) -> None:
        """The words beside the names."""
        self._title.setText(greeting)
        self._lead.setText(lead)
        while item := self._fact_rows.takeAt(0):
            if inner := item.layout():
                while piece := inner.takeAt(0):
                    if old := piece.widget():
                        old.hide()
                        old.deleteLater()
        for name, value in facts:
            row = QHBoxLayout()
            row.addWidget(label("meta", name))
            row.addStretch(1)
            row.addWidget(label("fact", value))
            self._fact_rows.addLayout(row)

    def show_pin(self, title: str, digits: int, message: str, *, wrong: bool) -> None:
        """How far the PIN is."""
        self._pin.setText(title)
        self.dots.show_digits(digits, wrong=wrong)
        self.message.setText(message)

    def _on_person(self) -> None:
        key = self.sender()
        if isinstance(key, PersonKey):
            self.person_chosen.emit(key.person.key)
