"""A table as XLSX: typed cells, written row by row into a file beside, so that memory stays small."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from services.exporting.table import Cell, Table, clean

MOST_ROWS: Final = 1_048_000
"""Rows of one sheet, but for some. Source: Excel's limit is 1,048,576."""
_PIECE: Final = 64 * 1024
_WIDTH: Final = 18
_BOLD: Final = Font(bold=True)


def pieces(table: Table, zone: ZoneInfo) -> Iterator[bytes]:
    """The file, piece by piece, once it is written. Instants are by the clock of `zone`."""
    with tempfile.TemporaryFile() as file:
        _write(table, zone, file)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _write(table: Table, zone: ZoneInfo, file: Any) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(_title(table.title))
    for n in range(len(table.columns)):
        sheet.column_dimensions[get_column_letter(n + 1)].width = _WIDTH
    sheet.freeze_panes = f"A{len(table.filters) + 3}"
    sheet.append([_bold(sheet, table.title)])
    for each in table.filters:
        sheet.append([_text(sheet, each)])
    sheet.append([_bold(sheet, name) for name in table.columns])
    for n, row in enumerate(table.rows):
        if n >= MOST_ROWS:
            break
        sheet.append([_cell(sheet, cell, zone, n in table.money) for n, cell in enumerate(row)])
    book.save(file)


def _title(text: str) -> str:
    """A sheet's name: Excel takes 31 signs and not all of them."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in clean(text))[:31] or "1"


def _bold(sheet: Any, text: str) -> Any:
    cell = _text(sheet, text)
    cell.font = _BOLD
    return cell


def _text(sheet: Any, text: str) -> Any:
    """A cell that is text whatever it begins with: a typed text is no formula in any program."""
    cell: Any = WriteOnlyCell(sheet, value=None)
    cell.data_type = "s"
    cell._value = clean(text)
    return cell


def _cell(sheet: Any, cell: Cell, zone: ZoneInfo, is_money: bool) -> Any:
    if isinstance(cell, str):
        return _text(sheet, cell) if cell[:1] in "=+-@\t\r" and cell else clean(cell)
    if isinstance(cell, datetime):
        made = WriteOnlyCell(sheet, cell.astimezone(zone).replace(tzinfo=None, microsecond=0))
        made.number_format = "yyyy-mm-dd hh:mm:ss"
        return made
    if isinstance(cell, date):
        made = WriteOnlyCell(sheet, cast(datetime, cell))  # a day is taken too
        made.number_format = "yyyy-mm-dd"
        return made
    if isinstance(cell, Decimal) and is_money:
        made = WriteOnlyCell(sheet, cast(float, cell))  # a decimal is taken too
        made.number_format = "#,##0.00"
        return made
    return cell
