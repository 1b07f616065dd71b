"""Looks at a window as a severe person would: is every word whole, every key large enough and named?"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from pos_qt.widgets.edge import EdgeBar
from pos_qt.widgets.said import SaidButton, SaidLabel

LEAST_MM: Final = 10.0
"""No target is smaller. Source: DESIGN.md, section 1 and tokens.json, touch."""
_DATA: Final = {"ArticleKey", "FoundList", "LinesList", "PersonKey"}
"""What they show are names of goods and people, of any length: those may end in an ellipsis."""
_SLACK: Final = 2
_BAND: Final = 50
"""At a list's top stands how many rows are above, over the rows there."""


@dataclass(frozen=True)
class Painted:
    """One text that a widget painted: where it lies in the widget, and the room that it had."""

    widget: QWidget
    text: str
    place: QRectF
    room: QRectF


@contextmanager
def painted(found: list[Painted]) -> Iterator[None]:
    """Note every text that widgets paint themselves meanwhile."""
    original: Callable[..., Any] = QPainter.drawText

    @functools.wraps(original)
    def note(painter: QPainter, *given: Any) -> Any:
        device = painter.device()
        if isinstance(device, QWidget) and str(given[-1]).strip():
            found.append(_painted(painter, device, given))
        return original(painter, *given)

    QPainter.drawText = note  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        QPainter.drawText = original  # type: ignore[method-assign]


def _painted(painter: QPainter, widget: QWidget, given: tuple[Any, ...]) -> Painted:
    text = str(given[-1])
    metrics = painter.fontMetrics()
    wide = metrics.horizontalAdvance(text)
    if isinstance(given[0], QRect | QRectF):
        room = QRectF(given[0])
        flags = int(getattr(given[1], "value", given[1]))
        place = QRectF(painter.boundingRect(room, flags | Qt.TextFlag.TextDontClip.value, text))
    else:
        at = QPointF(given[0]) if len(given) == 2 else QPointF(float(given[0]), float(given[1]))
        place = QRectF(at.x(), at.y() - metrics.ascent(), wide, metrics.height())
        room = QRectF(place.x(), 0, widget.width() - place.x(), widget.height())
    middle = (metrics.ascent() - metrics.capHeight()) / 2
    place = place.adjusted(0, middle, 0, -metrics.descent() / 2)  # what is seen of the letters
    world = painter.worldTransform()
    return Painted(widget, text, world.mapRect(place), world.mapRect(room))


class Look:
    """One look at a window."""

    def __init__(self, window: QWidget, mm: float, *, ellipses: bool) -> None:
        """See the class.

        mm        how wide a pixel is on the screen that is meant
        ellipses  whether words of the till may end in an ellipsis
        """
        self._window, self._mm, self._ellipses = window, mm, ellipses
        self._texts: list[Painted] = []
        for _ in range(2):  # what was said a moment ago lies in its place
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        with painted(self._texts):
            window.grab()

    def faults(self) -> list[str]:
        """All that is wrong, in words."""
        found = [*self._cut_labels(), *self._cut_buttons(), *self._cut_paint(), *self._overlaps()]
        found += self._scroll_bars()
        return sorted({*found, *self._outside(), *self._small(), *self._nameless()})

    def _parts(self) -> Iterator[QWidget]:
        """What is seen of the window, wholly or in part."""
        for part in self._window.findChildren(QWidget):
            if part.isVisible() and not part.visibleRegion().isEmpty():
                yield part

    def _place(self, part: QWidget) -> QRect:
        return QRect(part.mapTo(self._window, QPoint()), part.size())

    def _scrolls(self, part: QWidget) -> bool:
        """Does it lie in something that is scrolled? What is below is reached by a finger."""
        parent = part.parentWidget()
        while parent is not None and parent is not self._window:
            if isinstance(parent, QAbstractScrollArea):
                return True
            parent = parent.parentWidget()
        return False

    def _cut_labels(self) -> Iterator[str]:
        for part in self._parts():
            if not isinstance(part, QLabel) or not part.text():
                continue
            seen = part.seen if isinstance(part, SaidLabel) else part.text()
            typed = isinstance(part, SaidLabel) and part.tail
            if seen != part.text() and not (self._ellipses or typed):
                yield f"ellipsis: {part.text()!r} as {seen!r}"
            room = part.contentsRect()
            metrics = part.fontMetrics()
            if part.wordWrap():
                needed = metrics.boundingRect(
                    QRect(0, 0, room.width(), 9999), Qt.TextFlag.TextWordWrap, seen
                ).size()
            else:
                needed = metrics.size(0, seen)
            letters = needed.height() - metrics.descent()
            if needed.width() > room.width() + 1 or letters > room.height() + _SLACK:
                yield f"cut: {seen!r} needs {needed.width()}x{needed.height()}, has {room.width()}x{room.height()}"

    def _cut_buttons(self) -> Iterator[str]:
        for part in self._parts():
            if not isinstance(part, QPushButton) or not part.text():
                continue
            text, has_icon = part.text().replace("&&", "&"), True
            if isinstance(part, SaidButton):
                text, has_icon = part.fitting()
            if text.endswith("…") and not self._ellipses:
                yield f"ellipsis: {part.text()!r} on a button of {part.width()}"
            option = QStyleOptionButton()
            QPushButton.initStyleOption(part, option)
            inside = part.style().subElementRect(
                QStyle.SubElement.SE_PushButtonContents, option, part
            )
            wide = part.fontMetrics().horizontalAdvance(text)
            if wide > inside.width() + _SLACK and inside.width() < part.width() - _SLACK:
                yield f"cut: {text!r} of {wide} in {inside.width()}"
            icon = part.iconSize().width() if has_icon and not part.icon().isNull() else 0
            if part.fontMetrics().horizontalAdvance(text) + icon > part.width() - _SLACK:
                yield f"cut: {text!r} on a button of {part.width()}"

    def _cut_paint(self) -> Iterator[str]:
        for each in self._texts:
            kind = type(_owner(each.widget)).__name__
            if each.text.endswith("…") and not self._ellipses and kind not in _DATA:
                yield f"ellipsis: {each.text!r} in {kind}"
            if isinstance(_owner(each.widget), QAbstractScrollArea) and not _inside(each):
                continue  # a row that is scrolled out in part
            whole = QRectF(each.widget.rect()).adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK)
            over = each.place.width() - each.room.width()
            if over > _SLACK or not whole.contains(each.place):
                yield f"cut: {each.text!r} in {kind}, {each.place.getRect()} in {each.room.getRect()}"

    def _overlaps(self) -> Iterator[str]:
        """Two words over each other, or two keys."""
        texts = sorted(self._texts, key=lambda each: id(each.widget))
        for widget, group in itertools.groupby(texts, key=lambda each: each.widget):
            band = _BAND if isinstance(_owner(widget), QListView) else -1e6
            words = [(each.text, each.place) for each in group if each.place.top() > band]
            for one, other in _meeting([place for _, place in words]):
                kind = type(widget).__name__
                yield f"overlap: {words[one][0]!r} and {words[other][0]!r} in {kind}"
        leaves = [
            part
            for part in self._parts()
            if isinstance(part, QAbstractButton | QLineEdit)
            or (isinstance(part, QLabel) and part.text())
        ]
        places = [
            QRectF(part.visibleRegion().boundingRect().translated(self._place(part).topLeft()))
            for part in leaves
        ]
        for n, m in _meeting(places):
            one_, other_ = leaves[n], leaves[m]
            if not (one_.isAncestorOf(other_) or other_.isAncestorOf(one_)):
                yield f"overlap: {_named(one_)} and {_named(other_)}"

    def _outside(self) -> Iterator[str]:
        for part in self._parts():
            is_seen = isinstance(part, QAbstractButton | QLabel | QLineEdit)
            if is_seen and not self._scrolls(part):
                place = self._place(part)
                if not self._window.rect().contains(place):
                    yield f"outside: {_named(part)} at {place.getRect()}"
                elif part.visibleRegion().boundingRect() != part.rect():
                    seen = part.visibleRegion().boundingRect()
                    yield f"hidden in part: {_named(part)} at {place.getRect()}, {seen.getRect()}"

    def _scroll_bars(self) -> Iterator[str]:
        """What does not fit in width: nobody scrolls a till sideways."""
        for part in self._parts():
            if isinstance(part, QScrollBar) and part.orientation() == Qt.Orientation.Horizontal:
                yield f"scrolls sideways: {self._place(part).getRect()}"
            elif isinstance(part, QScrollArea) and (inside := part.widget()) is not None:
                over = inside.width() - part.viewport().width()
                if over > _SLACK:
                    yield f"wider by {over} than its area: {type(part.parentWidget()).__name__}"

    def _small(self) -> Iterator[str]:
        for part in self._operable():
            if isinstance(part, EdgeBar):
                continue  # at the screen's rim, and never the only way
            least = min(part.width(), part.height()) * self._mm
            if least < LEAST_MM:
                yield f"small: {_named(part)} is {least:.1f} mm"

    def _nameless(self) -> Iterator[str]:
        for part in self._operable(QLineEdit):
            if not part.accessibleName().strip():
                yield f"nameless: {type(part).__name__} at {self._place(part).getRect()}"

    def _operable(self, field: type[QWidget] = QFrame) -> Iterator[QWidget]:
        """What can be pressed or filled in; a field by itself or by the frame that is tapped."""
        for part in self._parts():
            if isinstance(part, QAbstractButton) and part.isEnabled():
                yield part
            elif isinstance(part, QLineEdit):
                frame = part.parentWidget()
                yield part if field is QLineEdit or frame is None else frame


def _owner(widget: QWidget) -> QWidget:
    """The list whose viewport it is."""
    parent = widget.parentWidget()
    return parent if isinstance(parent, QAbstractScrollArea) else widget


def _inside(each: Painted) -> bool:
    return QRectF(each.widget.rect()).contains(each.room)


def _meeting(places: list[QRectF]) -> Iterator[tuple[int, int]]:
    """Which of them lie over each other."""
    boxes = sorted(
        (place.left(), place.top(), place.right(), place.bottom(), n)
        for n, place in enumerate(places)
    )
    for at, (_, top, right, bottom, n) in enumerate(boxes):
        for left, other_top, other_right, other_bottom, m in boxes[at + 1 :]:
            if left + _SLACK >= right:
                break
            high = min(bottom, other_bottom) - max(top, other_top)
            if high > _SLACK and other_right - left > _SLACK:
                yield n, m


def _named(part: QWidget) -> str:
    text = part.accessibleName() or getattr(part, "text", lambda: "")()
    return f"{type(part).__name__} {text!r}"
