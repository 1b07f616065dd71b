"""The till stands still: a code that no article bears, over the whole window, until somebody looked."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from pos_qt.theme.look import Look
from pos_qt.translations.words import Words
from pos_qt.widgets.dress import button, label, put_icon


class HoldScreen(QWidget):
    """Icon, the code, what it means, and the one way on. A scanner's Enter presses nothing here."""

    went_on = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("hold")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon, self.title, self.text = QLabel(), label("title"), label("lead")
        self.go_on = button("wide")
        self.go_on.clicked.connect(self.went_on)
        column = QVBoxLayout(self)
        column.addStretch(2)
        for part in (self._icon, self.title, self.text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            part.setWordWrap(True)
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(self.go_on, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(2)
        self._words: Words | None = None

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._icon.setPixmap(look.icon("barcode", 72, "danger", self.devicePixelRatioF()))
        self.go_on.setFixedSize(look.px(420), look.px(84))
        put_icon(self.go_on, look, "check", 26, "text")

    def speak(self, words: Words) -> None:
        """Another language."""
        self._words = words
        self.text.setText(words("unknown.hold"))
        self.go_on.setText(f"{words('unknown.go-on')}  (Esc)")
        self.go_on.setAccessibleName(words("unknown.go-on"))

    def show_code(self, code: str) -> None:
        """The code that nobody knows."""
        if self._words is not None:
            self.title.setText(self._words("strip.unknown", code=code))
