"""Slips that are no receipts: X and Z reports, and what happened at the drawer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schemas.drawer import Closing, Drawer
from schemas.keys import StaffKey
from schemas.money import Money
from schemas.settings import Settings
from services.register import wording
from services.register.columns import Row, banner, paired, printable


def closing_rows(closing: Closing, settings: Settings, columns: int) -> tuple[Row, ...]:
    """An X or Z report as a slip."""
    report = _Report(closing, settings.language, columns)
    rule = Row("-" * columns)
    rows = [
        *report.head(settings),
        rule,
        *report.sales(),
        rule,
        *report.sums(),
        rule,
        *report.cash(),
    ]
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class _Report:
    closing: Closing
    language: str
    columns: int

    def word(self, key: str) -> str:
        """A word in the branch's language."""
        return wording.word(key, self.language)

    def amount(self, amount: Money) -> str:
        """An amount as the branch writes it."""
        return wording.amount(amount, self.language)

    def line(self, key: str, text: str, *, bold: bool = False) -> list[Row]:
        """A word with what stands at the right."""
        return paired(self.word(key), text, self.columns, bold=bold)

    def head(self, settings: Settings) -> Iterator[Row]:
        """Which report, where, when, by whom."""
        closing = self.closing
        title = self.word(f"{closing.kind}-report")
        yield from banner(
            title if closing.kind == "x" else f"{title} {closing.number}", self.columns
        )
        yield from _place(settings, self.columns)
        day = "%d.%m.%Y" if self.language != "en" else "%d %b %Y"
        yield from self.line("day", closing.day.strftime(day))
        begins, ends = (t.strftime(f"{day} %H:%M") for t in (closing.begins, closing.at))
        yield from paired(f"{begins} –", ends, self.columns)
        yield from self.line("printed-by", printable(closing.cashier_name))

    def sales(self) -> Iterator[Row]:
        """What was sold."""
        closing = self.closing
        yield from self.line("receipts", str(closing.receipts))
        if closing.first is not None:
            yield from self.line("numbers", f"{closing.first}–{closing.last}")
        yield from self.line("total", self.amount(closing.total), bold=True)
        for key, amount in (
            ("returned", closing.returned), ("voided", closing.voided),
            ("discounts", closing.discounts), ("rounding", closing.rounding),
        ):  # fmt: skip
            if amount:
                yield from self.line(key, self.amount(amount))
        for key, many in (
            ("line-voids", closing.line_voids), ("aborted", closing.aborted),
            ("opened", closing.opened), ("trained", closing.training),
        ):  # fmt: skip
            if many:
                yield from self.line(key, str(many))

    def sums(self) -> Iterator[Row]:
        """By tender, tax and cashier."""
        closing, columns = self.closing, self.columns
        yield Row(self.word("tenders"), bold=True)
        for tender in closing.tenders:
            yield from paired(
                f"  {tender.name} ({tender.many})", self.amount(tender.amount), columns
            )
        yield Row(self.word("tax"), bold=True)
        for tax in closing.taxes:
            name = f"  {tax.class_} {wording.percent(tax.percent, self.language)}"
            yield from paired(name, f"{self.amount(tax.net)} + {self.amount(tax.tax)}", columns)
        # Without this line nobody could add the taxes up to the turnover.
        less = sum((tax.gross.minor for tax in closing.taxes), -closing.total.minor)
        if less:
            yield from self.line("less-tax", self.amount(Money(less, closing.total.currency)))
        if len(closing.cashiers) > 1:
            yield Row(self.word("cashiers"), bold=True)
            for person in closing.cashiers:
                yield from paired(
                    f"  {person.name} ({person.receipts})", self.amount(person.total), columns
                )

    def cash(self) -> Iterator[Row]:
        """What should be in the drawer, and what is."""
        closing = self.closing
        yield from self.line("float", self.amount(closing.float_))
        moved = closing.paid_in - closing.paid_out - closing.dropped
        yield from self.line("cash-sales", self.amount(closing.cash - closing.float_ - moved))
        for key, amount in (
            ("pay-in", closing.paid_in), ("pay-out", -closing.paid_out), ("safe-drop", -closing.dropped),
        ):  # fmt: skip
            if amount:
                yield from self.line(key, self.amount(amount))
        yield from self.line("expected", self.amount(closing.cash))
        if closing.counted is not None and closing.difference is not None:
            yield from self.line("counted", self.amount(closing.counted))
            yield from self.line("difference", self.amount(closing.difference))
        yield from self.line("grand-total", self.amount(closing.grand_total))


def drawer_rows(
    event: Drawer, settings: Settings, columns: int, names: Mapping[StaffKey, str]
) -> tuple[Row, ...]:
    """What happened at the drawer, with room to sign; `names` are people's; who has left stands by number."""
    return tuple(_drawer(event, settings, columns, names))


def _drawer(
    event: Drawer, settings: Settings, columns: int, names: Mapping[StaffKey, str]
) -> Iterator[Row]:
    language = settings.language
    yield from banner(wording.word(event.kind, language).upper(), columns)
    yield from _place(settings, columns)
    shown = "%d.%m.%Y %H:%M" if language != "en" else "%d %b %Y %H:%M"
    yield from paired(
        event.at.strftime(shown), printable(names.get(event.cashier, event.cashier)), columns
    )
    if event.to is not None:
        who = printable(names.get(event.to, event.to))
        yield from paired(wording.word("takes-over", language), who, columns)
    for each in event.denominations:
        value = wording.amount(each.value, language)
        sum_ = wording.amount(each.value * each.many, language)
        yield from paired(f"  {each.many} × {value}", sum_, columns)
    if event.amount is not None:
        yield from paired(
            wording.word("total", language),
            wording.amount(event.amount, language),
            columns,
            bold=True,
        )
    for key, text in (("reason", event.reason), ("bag", event.bag)):
        if text:
            yield from paired(wording.word(key, language), printable(text), columns)
    if event.difference is not None:
        difference = wording.amount(event.difference, language)
        yield from paired(wording.word("difference", language), difference, columns)
    yield Row("")
    yield Row(f"{wording.word('signature', language)} ".ljust(columns, "_"))


def _place(settings: Settings, columns: int) -> Iterator[Row]:
    yield Row(printable(settings.branch_name)[:columns])
    yield from paired(wording.word("till", settings.language), settings.key, columns)
