"""A table as CSV, piece by piece. Source: RFC 4180; UTF-8 with a byte order mark, as Excel wants it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from services.exporting.table import Cell, Table, clean

_HARMFUL: Final = ("=", "+", "-", "@", "\t", "\r")
"""With these a field can begin that a spreadsheet would take for a formula. Source: OWASP, CSV Injection."""
_PIECE: Final = 64 * 1024


def pieces(table: Table, *, headed: bool = True) -> Iterator[bytes]:
    """The file, piece by piece. `headed`: a line with title and filters stands above the columns."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    text.write("\ufeff")
    if headed:
        writer.writerow([harmless(" · ".join([table.title, *table.filters]))])
    writer.writerow([harmless(name) for name in table.columns])
    for row in table.rows:
        writer.writerow([written(cell) for cell in row])
        if text.tell() > _PIECE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def written(cell: Cell) -> str:
    """A field as text: numbers with a dot, days and instants as ISO 8601."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    return harmless(cell) if isinstance(cell, str) else str(cell)


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    plain = clean(text)
    return f"'{plain}" if plain.startswith(_HARMFUL) else plain
