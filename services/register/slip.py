"""The slip: a receipt laid out in columns by a layout document. Printer and preview both draw this."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.layout import Block, Layout
from schemas.receipt import Line, Receipt
from schemas.settings import Settings
from services.register import wording


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row, exactly as wide as it says; `double` is twice as high and wide."""

    text: str
    bold: bool = False
    double: bool = False


@dataclass(frozen=True, slots=True)
class _Slip:
    receipt: Receipt
    settings: Settings
    columns: int
    fiscal: Sequence[str]

    @property
    def language(self) -> str:
        """The branch's language."""
        return self.settings.language


def render(
    receipt: Receipt, layout: Layout, settings: Settings, fiscal: Sequence[str] = ()
) -> tuple[Row, ...]:
    """The slip's rows, top to bottom.

    fiscal  what the law's module wants printed
    """
    slip = _Slip(receipt, settings, layout.columns, fiscal)
    rows: list[Row] = []
    if settings.profile != "live":
        rows += _banner(slip, wording.word("demo", slip.language))
    if receipt.kind == "return":
        rows += _banner(slip, wording.word("return", slip.language))
    for block in layout.blocks:
        rows += _BLOCKS[block.kind](slip, block)
    if settings.profile != "live":
        rows += _banner(slip, wording.word("demo", slip.language))
    return tuple(rows)


def printable(text: str) -> str:
    """`text` without control characters, so that no name can command the printer."""
    return "".join(c if c.isprintable() else " " for c in text)


def _banner(slip: _Slip, text: str) -> list[Row]:
    half = slip.columns // 2
    return [Row(text[:half].center(half), bold=True, double=True), Row("")]


def _placed(text: str, columns: int, align: str | None) -> str:
    if align == "centre":
        return text.center(columns).rstrip()
    return text.rjust(columns) if align == "right" else text


def _pair(left: str, right: str, columns: int) -> list[str]:
    """`left` wrapped beside `right`, whose amount stays on the first row."""
    room = max(8, columns - len(right) - 1)
    parts = textwrap.wrap(printable(left), room) or [""]
    first = parts[0].ljust(columns - len(right)) + right
    return [first, *(f"  {part}" for part in parts[1:])]


def _text(slip: _Slip, block: Block) -> Iterator[Row]:
    for line in printable(block.text or "").split("|"):
        for part in textwrap.wrap(line, slip.columns) or [""]:
            yield Row(_placed(part, slip.columns, block.align), bool(block.bold))


def _firm(slip: _Slip, block: Block) -> Iterator[Row]:
    settings = slip.settings
    rows = [settings.company, settings.branch_name, *settings.address.split("|")]
    if settings.tax_number:
        rows.append(settings.tax_number)
    for n, row in enumerate(rows):
        for part in textwrap.wrap(printable(row), slip.columns):
            yield Row(_placed(part, slip.columns, block.align or "centre"), bold=n == 0)


def _head(slip: _Slip, block: Block) -> Iterator[Row]:
    receipt = slip.receipt
    shown = "%d.%m.%Y %H:%M" if slip.language != "en" else "%d %b %Y %H:%M"
    left = f"{wording.word('receipt', slip.language)} {receipt.number}"
    for text in _pair(left, receipt.ends.strftime(shown), slip.columns):
        yield Row(text)
    till = f"{wording.word('till', slip.language)} {receipt.till_name}"
    yield Row(till.ljust(slip.columns - len(receipt.cashier_name)) + receipt.cashier_name)


def _lines(slip: _Slip, block: Block) -> Iterator[Row]:
    for line in slip.receipt.lines:
        if line.counts:
            yield from _line(slip, line)


def _line(slip: _Slip, line: Line) -> Iterator[Row]:
    language = slip.language
    right = f"{wording.amount(line.amount, language)} {line.tax}"
    if line.kind == "deposit":
        left = f"  {wording.word('deposit', language)}"
        if line.quantity.thousandths != 1000:
            left += f" {wording.quantity(line.quantity, language)} × {wording.amount(line.price, language)}"
        yield from (Row(text) for text in _pair(left, right, slip.columns))
        return
    yield from (Row(text) for text in _pair(line.name, right, slip.columns))
    if line.quantity.thousandths != 1000 or line.quantity.unit != "pcs":
        many = wording.quantity(line.quantity, language)
        yield Row(f"  {many} × {wording.amount(line.price, language)}")


def _total(slip: _Slip, block: Block) -> Iterator[Row]:
    receipt = slip.receipt
    half = slip.columns // 2
    left = wording.word("total", slip.language)
    right = f"{wording.amount(receipt.total, slip.language)} {wording.sign(receipt.currency)}"
    yield Row(left.ljust(half - len(right)) + right, bold=True, double=True)


def _tenders(slip: _Slip, block: Block) -> Iterator[Row]:
    for payment in slip.receipt.payments:
        right = wording.amount(payment.amount, slip.language)
        yield from (Row(text) for text in _pair(payment.name, right, slip.columns))
    if slip.receipt.change:
        right = wording.amount(slip.receipt.change, slip.language)
        yield from (
            Row(text) for text in _pair(wording.word("change", slip.language), right, slip.columns)
        )


def _taxes(slip: _Slip, block: Block) -> Iterator[Row]:
    words = [wording.word(key, slip.language) for key in ("tax", "net", "tax", "gross")]
    width = (slip.columns - 12) // 3
    yield Row(words[0].ljust(12) + "".join(w.rjust(width) for w in words[1:]))
    for row in slip.receipt.taxes:
        left = f"{row.class_} {wording.percent(row.percent, slip.language)}".ljust(12)
        parts = (wording.amount(m, slip.language) for m in (row.net, row.tax, row.gross))
        yield Row(left + "".join(part.rjust(width) for part in parts))


def _fiscal(slip: _Slip, block: Block) -> Iterator[Row]:
    for text in slip.fiscal:
        yield Row(_placed(printable(text)[: slip.columns], slip.columns, block.align))


def _rule(slip: _Slip, block: Block) -> Iterator[Row]:
    yield Row("-" * slip.columns)


def _space(slip: _Slip, block: Block) -> Iterator[Row]:
    yield Row("")


_BLOCKS: Final[dict[str, Callable[[_Slip, Block], Iterator[Row]]]] = {
    "text": _text,
    "firm": _firm,
    "head": _head,
    "lines": _lines,
    "total": _total,
    "tenders": _tenders,
    "taxes": _taxes,
    "fiscal": _fiscal,
    "rule": _rule,
    "space": _space,
}
