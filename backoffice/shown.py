"""How pages write numbers, money, days and times in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from backoffice.words import word
from schemas.money import Currency, Money, UnitPrice
from schemas.quantity import Quantity
from services.register import wording
from services.register.permission import PERCENT


class Shown:
    """Writes for one reader: in a language, by the clock of a place."""

    def __init__(self, language: str, zone: ZoneInfo, now: datetime) -> None:
        self.language = language
        self.zone = zone
        self.now = now

    def t(self, key: str, **values: object) -> str:
        """Words from the catalogue."""
        return word(self.language, key, **values)

    def number(self, value: float) -> str:
        """A number with its thousands marked, at most one decimal."""
        return str(format_decimal(value, "#,##0.#", locale=self.language)).replace("-", "−")

    def exact(self, value: Decimal) -> str:
        """A number with all its decimals."""
        return str(format_decimal(value, "#,##0.########", locale=self.language))

    def money(self, minor: int, currency: str, *, sign: bool = False) -> str:
        """An amount of minor units, with the currency's sign where wanted."""
        text = wording.amount(Money(minor, Currency(currency)), self.language)
        return f"{text}\N{THIN SPACE}{wording.sign(Currency(currency))}" if sign else text

    def price(self, price: UnitPrice) -> str:
        """A unit price."""
        return wording.amount(price, self.language)

    def quantity(self, quantity: Quantity) -> str:
        """A quantity with its unit."""
        return wording.quantity(quantity, self.language)

    def rounded(self, minor: int, currency: str) -> str:
        """An amount for a headline: without decimals from 10,000 units on."""
        money = Money(minor, Currency(currency))
        whole, _, _ = money.number.partition(".")
        if len(whole.lstrip("-")) < 5:
            return self.money(minor, currency, sign=True)
        units = round(float(money.number))
        return f"{self.number(units)}\N{THIN SPACE}{wording.sign(Currency(currency))}"

    def percent(self, part: float) -> str:
        """A share, as in `6,2 %`."""
        text = str(format_decimal(part * 100, "#,##0.0", locale=self.language))
        return f"{text.replace('-', '−')}\N{NO-BREAK SPACE}%"

    def extent(self, value: str, kind: str | None, currency: str) -> str:
        """How far a right reaches, as exact as it is: in percent, or in units of a currency."""
        text = format_decimal(Decimal(value), "#,##0.##", locale=self.language)
        sign = "%" if kind == PERCENT else wording.sign(Currency(currency))
        return f"{text}\N{THIN SPACE}{sign}"

    def rate(self, percent: Decimal) -> str:
        """A tax's rate, as the slip writes it."""
        return wording.percent(percent, self.language)

    def change(self, now: int, before: int) -> dict[str, Any] | None:
        """How a figure moved: its way and its size; None where there was nothing to compare."""
        if not before:
            return None
        moved = (now - before) / abs(before)
        way = "up" if moved > 0.0005 else "down" if moved < -0.0005 else "even"
        return {"way": way, "text": self.percent(abs(moved))}

    def moved(self, before: str, after: str) -> str:
        """How a price moved, as in `+5,1 %`, from two texts as `1.29 EUR`; empty where it cannot be said."""
        try:
            old, new = (Decimal(text.partition(" ")[0]) for text in (before, after))
        except InvalidOperation:
            return ""
        sign = "+" if new > old else ""
        return f"{sign}{self.percent(float((new - old) / old))}" if old else ""

    def priced(self, text: str) -> str:
        """A text of an import: a price such as `1.29 EUR` as this reader writes it, all else as it is."""
        number, _, currency = text.partition(" ")
        try:
            return self.price(UnitPrice.parse(number, currency)) if len(currency) == 3 else text
        except ValueError:
            return text

    def local(self, moment: datetime) -> datetime:
        """A moment by the place's clock."""
        return moment.astimezone(self.zone)

    def day(self, day: date) -> str:
        """A day with its weekday, as in `Sa 22.11.`; of another year with that, as in `22.11.2031`."""
        if day.year != self.local(self.now).year:
            return self.date(day)
        pattern = {"de": "EEE d.M.", "en": "EEE d MMM", "es": "EEE d MMM"}[self.language]
        text = str(format_date(day, pattern, locale=self.language))
        return text.replace(". ", " ", 1) if self.language == "de" else text

    def short(self, day: date) -> str:
        """A day without its weekday, as below a chart."""
        pattern = "d.M." if self.language == "de" else "d MMM"
        return str(format_date(day, pattern, locale=self.language))

    def month(self, day: date) -> str:
        """A month's short name."""
        return str(format_date(day, "MMM", locale=self.language)).rstrip(".")

    def weekday(self, day: date) -> str:
        """The weekday's whole name."""
        return str(format_date(day, "EEEE", locale=self.language))

    def date(self, day: date) -> str:
        """A day with its year."""
        return str(format_date(day, "medium", locale=self.language))

    def time(self, moment: datetime) -> str:
        """Hours and minutes."""
        return str(format_time(self.local(moment), "HH:mm", locale=self.language))

    def clock(self, moment: datetime) -> str:
        """Hours, minutes and seconds."""
        return f"{self.local(moment):%H:%M:%S}"

    def moment(self, moment: datetime) -> str:
        """Time of today, else the day with it."""
        local = self.local(moment)
        if local.date() == self.local(self.now).date():
            return self.time(moment)
        return f"{self.day(local.date())}, {self.time(moment)}"

    def ago(self, moment: datetime) -> str:
        """How long ago, in words a person would use."""
        seconds = (self.now - moment).total_seconds()
        if seconds < 45:
            return self.t("ago.now")
        if seconds < 3600:
            return self.t("ago.minutes", count=max(1, round(seconds / 60)))
        if seconds < 24 * 3600:
            return self.t("ago.hours", count=round(seconds / 3600))
        return self.moment(moment)
