"""A list as a table: what it is of, its columns with their kinds, and its rows as they come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

Cell = str | int | Decimal | date | datetime | bool | None
"""What stands in a field; nothing is None. Instants have an offset."""
_BROKEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST: Final = 32_767
"""Signs of one field. Source: Excel's own limit for a cell."""


@dataclass(frozen=True, slots=True)
class Table:
    """A list on its way out.

    title    what the list is
    filters  what it was narrowed by, as sentences, and as of when it was taken
    columns  their names
    rows     as many fields as there are columns, in each
    """

    title: str
    filters: Sequence[str]
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    name: str = "list"
    money: frozenset[int] = field(default_factory=frozenset)
    """The columns that hold money, by place."""


def clean(text: str) -> str:
    """Text that every program can read: signs that no file may hold are replaced."""
    return _BROKEN.sub("\ufffd", text)[:_LONGEST]
