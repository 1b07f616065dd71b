"""How somebody says that a file is to be read, and from when its prices hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from services.database.imports import ImportBatch
from services.importing import outliers
from services.importing.columns import COLUMNS

FIELDS: Final = tuple(COLUMNS)
"""Our fields, in the order in which they are offered."""
POINTS: Final = ("", ",", ".")
_AHEAD: Final = timedelta(days=3653)


def reading(form: Mapping[str, str], batch: ImportBatch, taxes: frozenset[str]) -> dict[str, Any]:
    """How the file is to be read. What is not offered is taken for nothing."""
    columns = {}
    for n, (header, _) in enumerate(batch.headers):
        ours = form.get(f"column-{n}", "")
        if (ours in COLUMNS or ours in batch.reading["columns"]) and ours not in columns:
            columns[ours] = header
    limit = form.get("limit", "")
    tax, point = form.get("tax", ""), form.get("point", "")
    return {
        "columns": columns,
        "point": point if point in POINTS else "",
        "supplier": form.get("supplier", "").strip()[:200],
        "format": batch.reading["format"],
        "taxes": batch.reading["taxes"],
        "carried": batch.reading["carried"],
        "tax": tax if tax in taxes else "",
        "limit": int(limit) if re.fullmatch(r"\d{1,4}", limit, re.ASCII) else outliers.USUAL_LIMIT,
    }


def twice(form: Mapping[str, str], batch: ImportBatch) -> str | None:
    """Our field that two columns were chosen for; None: there is none."""
    chosen = [form.get(f"column-{n}", "") for n in range(len(batch.headers))]
    return next((each for each in chosen if each and chosen.count(each) > 1), None)


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """From when prices hold; None: from when they are taken. Raises ValueError where it is no time."""
    if not text:
        return None
    found = datetime.fromisoformat(text[:40])
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    now = datetime.now(UTC)
    if not now - _AHEAD < found < now + _AHEAD:
        raise ValueError(text)
    return found
