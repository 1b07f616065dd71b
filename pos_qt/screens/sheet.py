"""The sheet over the article keys: title, facts, tiles, rows, fields, a slip, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QScroller,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from pos_qt.presenters.page import ACT
from pos_qt.presenters.shown import Action, Fact, Field, Item, Sheet, Tile
from pos_qt.screens.preview import Rows
from pos_qt.theme.look import Look
from pos_qt.widgets.dress import button, frame, label, put_icon, restyle, tight
from pos_qt.widgets.flow import Flow
from pos_qt.widgets.paper import Paper
from pos_qt.widgets.tile import ItemRow, TileKey

_LABELS = {"good": "good", "warn": "warnvalue", "bad": "bad", "strong": "head"}

_LONG: Final = 14
"""Signs from which on a field's text is written smaller."""
_LONGEST: Final = 20
"""Signs from which on it needs the caption's room too."""


class SheetPanel(QWidget):
    """Shows one sheet; says by signal what was tapped. Only what changed is built anew."""

    tapped = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._sheet = Sheet("")
        self._panel = frame("panel")
        self._title, self._lead = label("pin"), label("meta")
        self._lead.setWordWrap(True)
        self._close = button("chip", says="sheet.close")
        self._close.clicked.connect(self._on_close)
        self._facts, self._tiles, self._fields, self._foot = (QWidget() for _ in range(4))
        self._nothing = label("lead")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._blanks = _Blanks(self._fields)
        self._list = QWidget()
        self._area = _area(self._list)
        self._rows = Rows()
        self._paper = Paper(open_below=False)
        self._sheet_column = QVBoxLayout(self._paper)
        self._sheet_column.addWidget(self._rows, 0, Qt.AlignmentFlag.AlignHCenter)
        holder = QWidget()
        beside = QHBoxLayout(holder)
        beside.addStretch(1)
        beside.addWidget(self._paper, 0, Qt.AlignmentFlag.AlignTop)
        beside.addStretch(1)
        self._slip = _area(holder)
        self._build()

    def _build(self) -> None:
        for part, layout in ((self._facts, QGridLayout), (self._tiles, QGridLayout),
                             (self._fields, QVBoxLayout), (self._foot, QGridLayout),
                             (self._list, QVBoxLayout)):  # fmt: skip
            layout(part)
        self._head = QHBoxLayout()
        words = QVBoxLayout()
        words.addWidget(self._title)
        words.addWidget(self._lead)
        self._head.addLayout(words, 1)
        self._head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout(self._panel)
        self._column.addLayout(self._head)
        for part, stretch in ((self._facts, 0), (self._tiles, 0), (self._nothing, 1),
                              (self._area, 99), (self._slip, 99), (self._blanks, 98)):  # fmt: skip
            self._column.addWidget(part, stretch)
        self._column.addStretch(1)
        self._column.addWidget(self._foot)
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self._panel)

    def dress(self, look: Look) -> None:
        """Wear a look."""
        self._look = look
        tight(self._outer, (0, 0, 0, 0), 0)
        side = look.px(16)
        tight(self._column, (side, look.px(12), side, side), look.px(10 if look.is_wide else 7))
        tight(self._head, (0, 0, 0, 0), look.px(8))
        self._close.setFixedSize(look.px(48), look.px(44))
        put_icon(self._close, look, "x", 20, "text")
        sheet, self._sheet = self._sheet, Sheet("")
        if sheet.title:
            self.show_sheet(sheet)

    def show_sheet(self, sheet: Sheet) -> None:
        """Another sheet, or the same one a step further."""
        before, self._sheet = self._sheet, sheet
        self._title.setText(sheet.title)
        self._lead.setText(sheet.lead)
        self._lead.setVisible(bool(sheet.lead))
        same = before.ring == sheet.ring
        if before.facts != sheet.facts:
            self._show_facts(sheet.facts, beside=bool(sheet.tiles) and len(sheet.facts) == 3)
        if not same or (before.tiles, before.columns) != (sheet.tiles, sheet.columns):
            self._show_tiles(sheet.tiles, sheet.columns)
        if not same or before.items != sheet.items:
            self._show_items(sheet.items)
        if not same or before.fields != sheet.fields:
            self._show_fields(sheet.fields)
        if not same or (before.act, before.more) != (sheet.act, sheet.more):
            self._show_foot(sheet.act, sheet.more)
        if before.slip != sheet.slip:
            self._rows.show_rows(sheet.slip)
            side = self._look.px(26 if self._look.is_wide else 12)
            tight(self._sheet_column, (side, side, side, side), 0)
        self._slip.setVisible(bool(sheet.slip))
        self._area.setVisible(bool(sheet.items))
        self._place_fields(sheet)
        self._nothing.setText(sheet.nothing)
        self._nothing.setVisible(bool(sheet.nothing))

    def _place_fields(self, sheet: Sheet) -> None:
        """A field to type in stands above what it finds; chips stand below the rows they are about."""
        chips = any(field.choices for field in sheet.fields)
        other = self._slip if chips else self._tiles
        if self._column.indexOf(self._blanks) != self._column.indexOf(other) + 1:
            self._column.removeWidget(self._blanks)
            self._column.insertWidget(self._column.indexOf(other) + 1, self._blanks, 98)

    def _show_facts(self, facts: Sequence[Fact], *, beside: bool) -> None:
        grid = _emptied(self._facts)
        tight(grid, (0, 0, 0, 0), self._look.px(4))
        assert isinstance(grid, QGridLayout)
        for row, fact in enumerate(facts):
            if beside:
                grid.addWidget(label("caption", fact.text), 0, row)
                grid.addWidget(label(_LABELS.get(fact.kind, "head"), fact.value), 1, row)
                continue
            value = label(_LABELS.get(fact.kind, "fact"), fact.value, whole=True)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label("meta", fact.text), row, 0)
            grid.addWidget(value, row, 1)
        self._facts.setVisible(bool(facts))

    def _show_tiles(self, tiles: Sequence[Tile], columns: int) -> None:
        grid = _emptied(self._tiles)
        tight(grid, (0, 0, 0, 0), self._look.px(10))
        full = any(tile.icon or tile.caption for tile in tiles)
        if not self._look.is_wide and full:
            columns = min(2, columns)
        assert isinstance(grid, QGridLayout)
        for at, tile in enumerate(tiles):
            place = 99 if self._sheet.fields else at + 1  # digits fill in a field
            made = TileKey(tile, place, self._look, ring=self._sheet.ring == tile.key)
            made.clicked.connect(self._on_tile)
            grid.addWidget(made, at // columns, at % columns)
        for column in range(3):
            grid.setColumnStretch(column, 1 if column < columns else 0)
        self._tiles.setVisible(bool(tiles))

    def _show_items(self, items: Sequence[Item]) -> None:
        column = _emptied(self._list)
        tight(column, (0, 0, 0, 0), 0)
        assert isinstance(column, QVBoxLayout)
        ringed = None
        for item in items:
            made = ItemRow(item, self._look, ring=self._sheet.ring == item.key)
            made.clicked.connect(self._on_item)
            column.addWidget(made)
            ringed = made if self._sheet.ring == item.key else ringed
        column.addStretch(1)
        if ringed is not None:
            self._list.adjustSize()
            column.activate()
            self._area.ensureWidgetVisible(ringed)

    def _show_fields(self, fields: Sequence[Field]) -> None:
        column = _emptied(self._fields)
        tight(column, (0, 0, 0, 0), self._look.px(8))
        assert isinstance(column, QVBoxLayout)
        ringed = None
        for field in fields:
            made = self._field(field)
            column.addWidget(made)
            ringed = made if self._sheet.ring == field.key else ringed
        self._blanks.setVisible(bool(fields))
        self._blanks.show_at(ringed)

    def _field(self, field: Field) -> QWidget:
        look, ring = self._look, self._sheet.ring == field.key
        made = QWidget()
        column = QVBoxLayout(made)
        tight(column, (0, 0, 0, 0), look.px(4))
        if field.choices:
            column.addWidget(label("ringcaption" if ring else "caption", field.caption))
            chips: list[QWidget] = []
            for choice in field.choices:
                chip = button("choice", choice.text)
                chip.setCheckable(True)
                chip.setChecked(choice.chosen)
                restyle(chip, "ring", ring and choice.chosen)
                chip.setProperty("key", f"{field.key}/{choice.key}")
                chip.clicked.connect(self._on_button)
                chips.append(chip)
            column.addWidget(Flow(chips, look))
        if not field.choices or field.text:
            box = button("typedfield", "", field.caption)
            box.setAccessibleDescription(field.text)
            box.setFixedHeight(look.px(54 if look.is_wide else 48))
            restyle(box, "ring", ring)
            row = QHBoxLayout(box)
            tight(row, (look.px(14), 0, look.px(14), 0), look.px(8))
            if len(field.text) <= _LONGEST:
                row.addWidget(label("entrycap", field.caption))
            row.addStretch(1)
            kind = "fact" if len(field.text) > _LONG else "fieldtext" if field.text else "meta"
            row.addWidget(label(kind, field.text or field.hint, tail=len(field.text) > _LONGEST))
            box.setProperty("key", field.key)
            box.clicked.connect(self._on_button)
            column.addWidget(box)
        return made

    def _show_foot(self, act: str, more: Sequence[Action]) -> None:
        grid = _emptied(self._foot)
        tight(grid, (0, 0, 0, 0), self._look.px(10 if self._look.is_wide else 7))
        assert isinstance(grid, QGridLayout)
        above = not self._look.is_wide and len(more) > 1
        for at, action in enumerate(more):
            kind = "void" if action.kind == "danger" else ""
            grid.addWidget(self._foot_button(kind, action), 0, at)
        if act:
            made = self._foot_button("go", Action(ACT, act, "check", "go"))
            grid.addWidget(made, *((1, 0, 1, len(more)) if above else (0, len(more), 1, 1)))
        for column in range(4):
            last = 2 if act and not above else 0
            many = 1 if column < len(more) else last if column == len(more) else 0
            grid.setColumnStretch(column, many)
        self._foot.setVisible(bool(act or more))

    def _foot_button(self, kind: str, action: Action) -> QPushButton:
        made = button(kind, action.text)
        made.setFixedHeight(self._look.px(64 if self._look.is_wide else 56))
        restyle(made, "ring", self._sheet.ring == action.key)
        made.setProperty("key", action.key)
        ink = {"go": "on-go", "danger": "danger"}.get(action.kind, "text-2")
        if action.icon:
            put_icon(made, self._look, action.icon, 22, ink)
        made.clicked.connect(self._on_button)
        return made

    def _on_tile(self) -> None:
        key = self.sender()
        if isinstance(key, TileKey):
            self.tapped.emit(key.shown.key)

    def _on_item(self) -> None:
        row = self.sender()
        if isinstance(row, ItemRow):
            self.tapped.emit(row.shown.key)

    def _on_button(self) -> None:
        self.tapped.emit(self.sender().property("key"))

    def _on_close(self) -> None:
        self.tapped.emit("back")


class _Blanks(QScrollArea):
    """Fields: as high as they are where there is room, else the one that is written stays in sight."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self._inside, self._at = inside, inside
        _scrolls(self, inside)
        inside.installEventFilter(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All of the fields."""
        return self._inside.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One field."""
        return self._at.minimumSizeHint()

    def eventFilter(self, inside: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The fields are others now, and as high as they are."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(inside, event)

    def show_at(self, made: QWidget | None) -> None:
        """Keep this one in sight."""
        self._at = made or self._inside
        self.updateGeometry()
        self._keep()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """With less room, the same one is in sight."""
        super().resizeEvent(event)
        self._keep()

    def _keep(self) -> None:
        layout = self._inside.layout()
        if self._at is not self._inside and layout is not None:
            layout.activate()
            self.ensureWidgetVisible(self._at, 0, 0)


def _scrolls(area: QScrollArea, inside: QWidget) -> None:
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    QScroller.grabGesture(area.viewport(), QScroller.ScrollerGestureType.LeftMouseButtonGesture)


def _area(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    _scrolls(area, inside)
    return area


def _emptied(holder: QWidget) -> QGridLayout | QVBoxLayout | QHBoxLayout:
    """The layout of a part, with nothing in it any more."""
    layout = holder.layout()
    assert isinstance(layout, QGridLayout | QVBoxLayout | QHBoxLayout)
    while item := layout.takeAt(0):
        if old := item.widget():
            old.hide()
            old.deleteLater()
    return layout
