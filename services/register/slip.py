"""The slip: a receipt laid out in columns by a layout document. Printer and preview both draw this."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.layout import Block, Layout
from schemas.money import Money, total
from schemas.receipt import Line, Payment, Receipt, SetPart
from schemas.settings import Settings
from services.register import sets, slipcustomer, slipwhen, wording
from services.register.columns import Row, banner, pair, paired, placed, printable, table


@dataclass(frozen=True, slots=True)
class Print:
    """Which print of a receipt this is.

    copy  0 for the first; else the number of the reprint
    gift  without prices, for somebody who got the goods as a present
    shop  the one that stays in the shop: a signed mandate, say
    code  the slip's own code (see `slipcode`), where it has one
    """

    copy: int = 0
    gift: bool = False
    shop: bool = False
    code: str | None = None


@dataclass(frozen=True, slots=True)
class _Slip:
    receipt: Receipt
    settings: Settings
    columns: int
    fiscal: Sequence[str]
    this: Print

    @property
    def language(self) -> str:
        """The customer's language where it is known, else the branch's."""
        return self.receipt.language or self.settings.language


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a slip that come of one block.

    block  its place in the layout, from 0; None for what is printed whatever a layout says
    """

    block: int | None
    rows: tuple[Row, ...]


def render(
    receipt: Receipt,
    layout: Layout,
    settings: Settings,
    fiscal: Sequence[str] = (),
    this: Print = Print(),
) -> tuple[Row, ...]:
    """The slip's rows, top to bottom.

    fiscal  what the law's module wants printed
    """
    some = parts(receipt, layout, settings, fiscal, this)
    return tuple(row for part in some for row in part.rows)


def parts(
    receipt: Receipt,
    layout: Layout,
    settings: Settings,
    fiscal: Sequence[str] = (),
    this: Print = Print(),
) -> tuple[Part, ...]:
    """The same rows, each with the block that it comes of."""
    columns = columns_of(layout, settings)
    slip = _Slip(receipt, settings, columns, fiscal, this)
    said = [
        row
        for word in _said(receipt, settings, this)
        for row in banner(wording.word(word, slip.language), columns)
    ]
    if this.copy:
        number = f"{wording.word('copy', slip.language)} {this.copy}"
        said = banner(number, columns) + said
    found = [Part(None, tuple(said))]
    for at, block in _printed(slip, layout):
        found.append(Part(at, tuple(_BLOCKS[block.kind](slip, block))))
    return (*found, Part(None, tuple(said)))


def columns_of(layout: Layout, settings: Settings) -> int:
    """How many columns a till's slips have: as its printer's paper is wide."""
    options = (settings.printer or "").partition("?")[2].split("&")
    return layout.width(58 if "paper=58" in options else 80)


def _printed(slip: _Slip, layout: Layout) -> Iterator[tuple[int | None, Block]]:
    """The blocks whose conditions are met, with their places; no part of a receipt stands twice.

    What the law wants, and what a customer signs, is printed whatever a layout says.
    """
    receipt, this = slip.receipt, slip.this
    seen: set[str] = set()
    for at, block in enumerate(layout.blocks):
        money = this.gift and block.kind in _MONEY_BLOCKS
        met = block.kind in {"fiscal", "mandate"} or slipwhen.holds(
            block.when, receipt, slip.language, copy=this.copy > 0, gift=this.gift
        )
        if money or not met or block.kind in seen:
            continue
        if block.kind not in _OFTEN:
            seen.add(block.kind)
        yield at, block
    for kind in ("fiscal", "mandate"):
        if kind not in seen:
            yield None, Block(kind)


_MONEY_BLOCKS: Final = {"total", "tenders", "taxes"}
_OWN: Final = {"account", "points", "debit"}
"""Tenders whose reference is the customer's own, and is not for whoever finds the slip."""
_OFTEN: Final = {"text", "rule", "space"}
"""Blocks that may stand on a slip more than once."""
_MOST_TEXT: Final = 60
"""Rows of one text block."""


def _said(receipt: Receipt, settings: Settings, this: Print) -> Iterator[str]:
    """What stands in double height at the top and at the bottom."""
    if settings.profile != "live":
        yield "demo"
    if receipt.training:
        yield "training"
    if receipt.kind in {"return", "void"}:
        yield receipt.kind
    if this.gift:
        yield "gift"
    if this.shop:
        yield "shop"


def _text(slip: _Slip, block: Block) -> Iterator[Row]:
    rows = (
        part
        for line in printable(block.said(slip.language)).split("|")
        for part in textwrap.wrap(line, slip.columns) or [""]
    )
    for part in itertools.islice(rows, _MOST_TEXT):
        yield Row(placed(part, slip.columns, block.align), bool(block.bold))


def _firm(slip: _Slip, block: Block) -> Iterator[Row]:
    settings = slip.settings
    rows = [settings.company, settings.branch_name, *settings.address.split("|")]
    if settings.tax_number:
        rows.append(settings.tax_number)
    for n, row in enumerate(rows):
        for part in textwrap.wrap(printable(row), slip.columns):
            yield Row(placed(part, slip.columns, block.align or "centre"), bold=n == 0)


def _head(slip: _Slip, block: Block) -> Iterator[Row]:
    receipt = slip.receipt
    number = receipt.number if receipt.series == "1" else f"{receipt.series}-{receipt.number}"
    left = f"{wording.word('receipt', slip.language)} {number}"
    yield from paired(left, wording.moment(receipt.ends, slip.language), slip.columns)
    till = f"{wording.word('till', slip.language)} {receipt.till_name}"
    name = printable(receipt.cashier_name)[: max(0, slip.columns - len(till) - 1)]
    yield Row(till.ljust(slip.columns - len(name)) + name)
    if receipt.origin:
        yield from paired(wording.word("of-receipt", slip.language), receipt.origin, slip.columns)


def _lines(slip: _Slip, block: Block) -> Iterator[Row]:
    counting = [line for line in slip.receipt.lines if line.counts]
    for line in counting:
        if line.part is not None and line.leads:
            yield from _set(slip, line.part, counting)
        yield from _part(slip, line) if line.part is not None else _line(slip, line)
    if not slip.this.gift:
        yield from _receipt_discounts(slip, counting)


def _set(slip: _Slip, part: SetPart, lines: Sequence[Line]) -> Iterator[Row]:
    """What was sold as one: its name and its price; the parts with their taxes stand under it."""
    language, gift = slip.language, slip.this.gift
    mine = [line for line in lines if line.part and line.part.line == part.line]
    one = sets.as_one(mine)
    whole = total([one.amount, *(each.amount for each in one.reductions)], slip.receipt.currency)
    right = "" if gift else f"{wording.amount(whole, language)}  "
    yield from paired(part.name, right, slip.columns)
    if part.quantity.thousandths != 1000:
        many = wording.quantity(part.quantity, language)
        yield Row(f"  {many}" if gift else f"  {many} × {wording.amount(part.price, language)}")


def _part(slip: _Slip, line: Line) -> Iterator[Row]:
    right = "" if slip.this.gift else f"{line.tax} "
    yield from paired(f"  {sets.named(line, slip.language)}", right, slip.columns)
    yield from _serial(slip, line)


def _serial(slip: _Slip, line: Line) -> Iterator[Row]:
    if line.serial:
        word = wording.word("serial", slip.language)
        yield Row(f"  {word} {printable(line.serial)}"[: slip.columns])


def _line(slip: _Slip, line: Line) -> Iterator[Row]:
    language, gift = slip.language, slip.this.gift
    before = line.amount
    for reduction in line.reductions:
        before += reduction.amount
    empties = any(step.rule == "empties" for step in line.steps)
    mark = "*" if line.fixed and not empties else " "
    right = "" if gift else f"{wording.amount(before, language)} {line.tax}{mark}".rstrip()
    name = line.name
    if empties:
        name = f"{wording.word('empties', language)} {name}"
    elif line.kind == "deposit":
        name = f"  {wording.word('deposit', language)}"
        if line.quantity.thousandths != 1000:
            name += f" {wording.quantity(line.quantity, language)}"
            name += "" if gift else f" × {wording.amount(line.price, language)}"
    yield from paired(name, right, slip.columns)
    usual = line.quantity.thousandths == 1000 and line.quantity.unit == "pcs"
    if (line.kind != "deposit" or empties) and not usual:
        many = wording.quantity(line.quantity, language)
        many += f" {wording.word('by-hand', language)}" if line.by_hand else ""
        yield Row(f"  {many}" if gift else f"  {many} × {wording.amount(line.price, language)}")
    if line.voucher and line.kind == "sale" and not slip.this.shop:
        number = f"{wording.word('voucher-number', language)} {line.voucher}"
        yield Row(f"  {number}"[: slip.columns], code=line.voucher)
    yield from _serial(slip, line)
    if line.origin and slip.receipt.kind != "void":
        yield from paired("  " + wording.word("of-receipt", language), line.origin, slip.columns)
    if gift:
        return
    for reduction in line.reductions:
        if reduction.kind != "receipt":
            off = wording.amount(-reduction.amount, language)
            yield from paired(f"  {reduction.name}", f"{off}  ", slip.columns)


def _receipt_discounts(slip: _Slip, lines: Sequence[Line]) -> Iterator[Row]:
    """Discounts of the whole receipt, a row for each and tax class, as German tills print them."""
    shares: dict[tuple[str, str, str], Money] = {}
    for line in lines:
        for reduction in line.reductions:
            if reduction.kind == "receipt":
                key = (reduction.rule, reduction.name, line.tax)
                so_far = shares.get(key, Money.zero(reduction.amount.currency))
                shares[key] = so_far - reduction.amount
    for (_, name, tax), amount in sorted(shares.items()):
        if name[:1].isdigit():  # a person's discount is named by what it is: 10 %
            name = f"{wording.word('discount', slip.language)} {name}"  # noqa: PLW2901
        yield from paired(name, f"{wording.amount(amount, slip.language)} {tax}", slip.columns)


def _total(slip: _Slip, block: Block) -> Iterator[Row]:
    receipt = slip.receipt
    for row in receipt.taxes:
        if row.added and row.tax:
            rate = f"{wording.word('tax', slip.language)} {wording.percent(row.percent, slip.language)}"
            yield from paired(rate, wording.amount(row.tax, slip.language), slip.columns)
    half = slip.columns // 2
    left = wording.word("total", slip.language)
    right = f"{wording.amount(receipt.total, slip.language)} {wording.sign(receipt.currency)}"
    if len(right) > half:
        yield from paired(left, right, slip.columns, bold=True)
        return
    for text in pair(left, right, half):
        yield Row(text, bold=True, double=True)


def _tenders(slip: _Slip, block: Block) -> Iterator[Row]:
    receipt, language = slip.receipt, slip.language
    saved = sum(r.amount.minor for x in receipt.lines if x.counts for r in x.reductions)
    if saved:
        amount = wording.amount(Money(saved, receipt.currency), language)
        yield from paired(wording.word("saved", language), amount, slip.columns)
    for payment in receipt.payments:
        yield from paired(
            _tender(slip, payment), wording.amount(payment.amount, language), slip.columns
        )
        if payment.given is not None and payment.rate is not None:
            foreign = f"  {wording.amount(payment.given, language)} {payment.given.currency}"
            yield Row(f"{foreign} × {payment.rate.normalize():f}"[: slip.columns])
        for text in (payment.card, "" if payment.kind in _OWN else payment.reference):
            if text:
                yield Row(f"  {printable(text)}"[: slip.columns])
    for word, amount_ in (("rounding", receipt.rounding), ("change", receipt.change)):
        if amount_:
            yield from paired(
                wording.word(word, language), wording.amount(amount_, language), slip.columns
            )


def _tender(slip: _Slip, payment: Payment) -> str:
    """The tender's name; in a customer's language the word for its kind, where there is one."""
    if slip.receipt.language is None or f"tender-{payment.kind}" not in wording.SLIP:
        return payment.name
    return wording.word(f"tender-{payment.kind}", slip.language)


def _code(slip: _Slip, block: Block) -> Iterator[Row]:
    if slip.this.code:
        yield Row(placed(slip.receipt.name, slip.columns, "centre"), code=slip.this.code)


def _taxes(slip: _Slip, block: Block) -> Iterator[Row]:
    words = [wording.word(key, slip.language) for key in ("tax", "net", "tax", "gross")]
    cells = [words]
    for row in slip.receipt.taxes:
        class_ = "−" if row.coupon else row.class_
        amounts = (wording.amount(m, slip.language) for m in (row.net, row.tax, row.gross))
        cells.append([f"{class_} {wording.percent(row.percent, slip.language)}", *amounts])
    rows = table(cells, slip.columns, 10)
    if rows is not None:
        yield from map(Row, rows)
        return
    for title, *amounts_ in cells[1:]:  # too narrow: one below the other
        yield Row(f"{words[0]} {title}")
        for word, amount_ in zip(words[1:], amounts_, strict=True):
            yield from paired(f"  {word}", amount_, slip.columns)


def _fiscal(slip: _Slip, block: Block) -> Iterator[Row]:
    for text in slip.fiscal:
        yield Row(placed(printable(text)[: slip.columns], slip.columns, block.align))


def _customer(slip: _Slip, block: Block) -> Iterator[Row]:
    if not slip.this.gift:
        yield from slipcustomer.collected(slip.receipt, slip.language, slip.columns)


def _mandate(slip: _Slip, block: Block) -> Iterator[Row]:
    if not slip.this.gift:
        company = slip.settings.company
        yield from slipcustomer.mandate(slip.receipt, company, slip.language, slip.columns)


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
    "code": _code,
    "customer": _customer,
    "mandate": _mandate,
    "rule": _rule,
    "space": _space,
}
