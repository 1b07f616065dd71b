"""Reading CSV and XLSX as rows of text, each with its line number; nothing is guessed of numbers."""

from __future__ import annotations

import csv
import io
import itertools
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import openpyxl

from services.importing.refusal import ImportRefused

LARGEST: Final = 256 * 1024 * 1024
"""Bytes of the largest file, unpacked."""
MOST_ROWS: Final = 250_000
MOST_COLUMNS: Final = 300
"""A workbook may claim cells at its far end, and reading then makes all the empty ones before it."""
_LONGEST_FIELD: Final = 100_000


_HEAD: Final = 20
_Line = tuple[int, list[str], tuple[int, ...]]
"""The line's number, its fields, and which of them were numbers."""


_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, SyntaxError, ValueError, LookupError,
    TypeError, AttributeError, RuntimeError,
)  # fmt: skip
"""What reading a workbook raises where it is damaged, locked by a password, or made to do harm."""


class SheetRefused(ImportRefused):
    """The file is no table that can be read; the message names the place."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of the file: the line it begins on, and its fields by column name.

    numbers  the columns whose cell holds a number, as only a workbook's can; all else is text
    """

    line: int
    fields: dict[str, str]
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its columns as written, and its rows."""

    columns: list[str]
    rows: list[SheetRow]


Headed = Callable[[Sequence[Sequence[str]]], int]
"""Says which of a file's first rows holds the column names."""


def read(path: Path, name: str = "", headed: Headed = lambda _: 0, most: int = MOST_ROWS) -> Sheet:
    """The table in a file; raises SheetRefused.

    name  what people call it, where that is not the file's own name
    most  rows that are read; a file with more than `MOST_ROWS` is refused
    """
    name = name or path.name
    if path.stat().st_size > LARGEST:
        raise SheetRefused("large", name=name, most=LARGEST // 2**20)
    data = path.read_bytes()
    rows = _xlsx(name, data) if data[:4] == b"PK\x03\x04" else _csv(name, data)
    first = [row for row in itertools.islice(rows, _HEAD) if any(f.strip() for f in row[1])]
    if not first:
        raise SheetRefused("empty", name=name)
    begin = headed([fields for _, fields, _ in first])
    columns = [column.strip() for column in first[begin][1]]
    if len(columns) > MOST_COLUMNS:
        raise SheetRefused("columns", name=name, most=MOST_COLUMNS)
    return Sheet(columns, _rows(name, itertools.chain(first[begin + 1 :], rows), columns, most))


def _rows(name: str, rows: Iterable[_Line], columns: list[str], most: int) -> list[SheetRow]:
    found: list[SheetRow] = []
    for line, fields, numbers in rows:
        if not any(field.strip() for field in fields):
            continue
        if len(found) >= most:
            if most < MOST_ROWS:
                break
            raise SheetRefused("rows", name=name, most=f"{MOST_ROWS:,}")
        padded = [*fields, *[""] * (len(columns) - len(fields))]
        row = {column: padded[n].strip() for n, column in enumerate(columns) if column}
        if any(field.strip() for field in fields[len(columns) :]):
            row["\0more"] = "yes"
        numeric = frozenset(columns[n] for n in numbers if n < len(columns))
        found.append(SheetRow(line, row, numeric))
    return found


def _csv(name: str, data: bytes) -> Iterator[_Line]:
    if b"\0" in data[:4096]:
        raise SheetRefused("kind", name=name)
    text = data.decode("utf-8-sig", errors="surrogateescape")
    delimiter = _delimiter(text)
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for fields in reader:
            yield line, fields, ()
            line = reader.line_num + 1
    except csv.Error as error:
        raise SheetRefused("line", name=name, line=line, why=error) from error


def _delimiter(text: str) -> str:
    """The sign that the first line with several of them has most of: titles may stand above it."""
    lines = text[:_LONGEST_FIELD].splitlines()[:_HEAD]
    signs = ",;\t"
    telling = [line for line in lines if max(map(line.count, signs)) > 1] or lines or [""]
    return max(signs, key=telling[0].count)


def _xlsx(name: str, data: bytes) -> Iterator[_Line]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST:
                raise SheetRefused("unpacks", name=name, most=LARGEST // 2**20)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        reach = {"max_row": MOST_ROWS + _HEAD, "max_col": MOST_COLUMNS + 1}
        for line, cells in enumerate(sheet.iter_rows(values_only=True, **reach), 1):
            numbers = tuple(n for n, value in enumerate(cells) if isinstance(value, float))
            texts = [_cell(value) for value in cells]
            while texts and not texts[-1]:
                texts.pop()
            yield line, texts, numbers
    except _DAMAGED as error:
        raise SheetRefused("damaged", name=name, why=error) from error


def _cell(value: Any) -> str:
    """A cell as text. A whole number stays whole; a spreadsheet has kept at most 15 digits of it."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
