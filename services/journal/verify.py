"""Is the journal whole? Names the first file that is not as it was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from schemas import xml
from schemas.journal import BEGINNING, Entry
from schemas.keys import Digest
from schemas.receipt import Receipt
from services.journal import read


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and in which file."""

    path: Path
    what: str


def verify(
    journal: Path,
    anchors: dict[tuple[str, int], Digest],
    stamped: Callable[[Receipt, Digest], str | None],
) -> list[Finding]:
    """Everything that is wrong with the journal, oldest first; nothing where it is whole.

    anchors  digests that head office acknowledged, by series and number: they find a cut tail
    stamped  the fiscal module's check of a receipt after the chain before it
    """
    findings: list[Finding] = []
    for series in read.series_names(journal):
        findings += _series(journal, series, anchors, stamped)
    for (series, number), _ in sorted(anchors.items()):
        path = read.place(journal, series, number)
        if not path.exists():
            findings.append(Finding(path, "head office has this entry, the box has not"))
    return findings


def _series(
    journal: Path,
    series: str,
    anchors: dict[tuple[str, int], Digest],
    stamped: Callable[[Receipt, Digest], str | None],
) -> list[Finding]:
    previous, chain, receipts = BEGINNING, BEGINNING, 0
    for number in range(1, read.last_number(journal, series) + 1):
        path = read.place(journal, series, number)
        try:
            data = path.read_bytes()
            entry = xml.load(Entry, data)
        except (OSError, xml.DocumentRefused) as error:
            return [Finding(path, str(error))]
        if (entry.series, entry.number) != (series, number):
            return [Finding(path, f"says it is entry {entry.number} of series {entry.series}")]
        if entry.previous != previous:
            return [Finding(path, "is not chained to the entry before it")]
        previous = xml.digest(data)
        if anchors.get((series, number), previous) != previous:
            return [Finding(path, "is not what head office acknowledged")]
        if entry.receipt is not None:
            receipts += 1
            if entry.receipt.number != receipts:
                return [Finding(path, f"holds receipt {entry.receipt.number}, not {receipts}")]
            wrong = stamped(entry.receipt, chain)
            if wrong:
                return [Finding(path, wrong)]
            chain = entry.receipt.stamp.chain if entry.receipt.stamp else chain
    return []
