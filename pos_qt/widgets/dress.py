"""Dressing widgets: each part that paints or sizes itself wears the look of its window."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractButton, QFrame, QLayout, QPushButton, QWidget

from pos_qt.theme import icons
from pos_qt.theme.look import Look
from pos_qt.translations.words import Words
from pos_qt.widgets.said import SaidButton, SaidLabel

_SAYS = "says"
"""The property that holds a sentence's name."""


def dress(root: QWidget, look: Look) -> None:
    """Let `root` and all inside it wear a look. A part that can be dressed has a method `dress`."""
    for part in (root, *root.findChildren(QWidget)):
        wear = getattr(part, "dress", None)
        if wear is not None:
            wear(look)


def label(kind: str = "", text: str = "", *, whole: bool = False, tail: bool = False) -> SaidLabel:
    """A text of one of the style sheet's kinds.

    whole  nothing of it may be left out
    tail   what is being typed: where it is long, its end is seen
    """
    return SaidLabel(kind, text, whole=whole, tail=tail)


def button(kind: str = "", text: str = "", name: str = "", *, says: str = "") -> QPushButton:
    """A button of one of the style sheet's kinds; it never takes the keyboard's focus.

    says  the sentence that `say` names it with, where its text does not
    """
    made = SaidButton(text.replace("&", "&&"))
    made.setProperty("kind", kind)
    quiet(made, name or text)
    if says:
        made.setProperty(_SAYS, says)
    return made


def quiet(made: QAbstractButton, name: str) -> None:
    """Keep the keyboard for the scan router, and give the button a name for those who listen."""
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setAccessibleName(name)


def named(part: QWidget, says: str) -> None:
    """Let `say` name a part with a sentence."""
    part.setProperty(_SAYS, says)


def say(root: QWidget, words: Words) -> None:
    """Tell those who listen what the parts inside are that show no words, in their language."""
    for part in (root, *root.findChildren(QWidget)):
        says = part.property(_SAYS)
        if says:
            part.setAccessibleName(words(says))


def keeps_its_sides(part: QWidget) -> None:
    """Left stays left inside, also where the language runs from right to left.

    Digits do so everywhere; what paints itself has its places worked out.
    """
    part.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def put_icon(made: QPushButton, look: Look, name: str, pixels: float, ink: str) -> None:
    """Put an icon on a button; with a text beside it, a little room between them.

    An empty name takes the icon away.
    """
    if not name:
        made.setIcon(QIcon())
        return
    side = look.px(pixels)
    gap = look.px(5) if made.text() else 0
    ratio = made.devicePixelRatioF()
    made.setIcon(QIcon(icons.icon(name, side, look.hex(ink), ratio, gap)))
    made.setIconSize(QSize(side + gap, side))


def frame(kind: str = "", name: str = "") -> QFrame:
    """A box of one of the style sheet's kinds."""
    made = QFrame()
    made.setProperty("kind", kind)
    made.setObjectName(name)
    return made


def restyle(part: QWidget, key: str, value: object) -> None:
    """Change a property that the style sheet asks for."""
    if part.property(key) != value:
        part.setProperty(key, value)
        part.style().unpolish(part)
        part.style().polish(part)


def tight(layout: QLayout, margins: tuple[int, int, int, int], spacing: int) -> None:
    """Margins (left, top, right, bottom) and spacing, in pixels of the screen."""
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
