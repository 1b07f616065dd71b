"""Reading CSV and XLSX as rows of text, each with its line number; nothing is guessed of numbers."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import openpyxl

LARGEST: Final = 256 * 1024 * 1024
"""Bytes of the largest file, unpacked."""
_LONGEST_FIELD: Final = 100_000


class SheetRefused(Exception):
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


def read(path: Path) -> Sheet:
    """The table in a file; raises SheetRefused."""
    if path.stat().st_size > LARGEST:
        raise SheetRefused(f"{path.name} is larger than {LARGEST // 2**20} MB")
    data = path.read_bytes()
    rows = _xlsx(path.name, data) if data[:4] == b"PK\x03\x04" else _csv(path.name, data)
    try:
        _, header, _ = next(rows)
    except StopIteration:
        raise SheetRefused(f"{path.name} is empty") from None
    columns = [name.strip() for name in header]
    if not any(columns):
        raise SheetRefused(f"{path.name}, line 1: there are no column names")
    found = []
    for line, fields, numbers in rows:
        if not any(field.strip() for field in fields):
            continue
        padded = [*fields, *[""] * (len(columns) - len(fields))]
        row = {name: padded[n].strip() for n, name in enumerate(columns) if name}
        if any(field.strip() for field in fields[len(columns) :]):
            row["\0more"] = "yes"
        numeric = frozenset(columns[n] for n in numbers if n < len(columns))
        found.append(SheetRow(line, row, numeric))
    return Sheet(columns, found)


_Line = tuple[int, list[str], tuple[int, ...]]
"""The line's number, its fields, and which of them were numbers."""


def _csv(name: str, data: bytes) -> Iterator[_Line]:
    if b"\0" in data[:4096]:
        raise SheetRefused(f"{name} is neither CSV nor XLSX")
    text = data.decode("utf-8-sig", errors="surrogateescape")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for fields in reader:
            yield line, fields, ()
            line = reader.line_num + 1
    except csv.Error as error:
        raise SheetRefused(f"{name}, line {line}: {error}") from error


def _xlsx(name: str, data: bytes) -> Iterator[_Line]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST:
                raise SheetRefused(f"{name} unpacks to more than {LARGEST // 2**20} MB")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            numbers = tuple(n for n, value in enumerate(cells) if isinstance(value, float))
            yield line, [_cell(value) for value in cells], numbers
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise SheetRefused(f"{name} is a damaged XLSX file: {error}") from error


def _cell(value: Any) -> str:
    """A cell as text. A whole number stays whole; a spreadsheet has kept at most 15 digits of it."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
