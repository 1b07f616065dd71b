"""A tax's rate as somebody typed it: checked, and put among the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

from backoffice.typed import ahead
from schemas.keys import KeyRefused, TaxClass, TaxZone, article_key
from schemas.tax import Rate, Tax

_FIELDS: Final = ("class", "zone", "name", "percent", "when", "at")
_FINEST: Final = 3
"""Decimals of a percentage. Source: `percent` in schemas/values.xsd."""


@dataclass
class RateForm:
    """What was typed, and the tax that it makes.

    wrong  by field: the name of the sentence that says what is the matter
    """

    typed: Mapping[str, str]
    said: Tax | None = None
    wrong: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, form: Mapping[str, str], before: Tax | None, zone: ZoneInfo, now: datetime
    ) -> RateForm:
        """A rate from now or from a moment on; `before`: the tax that it is of, if there is one."""
        made = cls({name: form.get(name, "")[:200].strip() for name in _FIELDS})
        percent = made._percent()
        begins = now
        if made.typed["when"] == "at":
            moment, why = ahead(made.typed["at"], zone)
            begins = moment or now
            if why is not None:
                made.wrong["at"] = why
        if not made.typed["name"]:
            made.wrong["name"] = "taxes.no-name"
        keys = made._keys() if before is None else (before.class_, before.zone)
        if made.wrong or keys is None or percent is None:
            return made
        rates = tuple(rate for rate in (before.rates if before else ()) if rate.begins != begins)
        put = tuple(sorted((*rates, Rate(begins, percent)), key=lambda rate: rate.begins))
        base = before or Tax(*keys, made.typed["name"], put)
        made.said = replace(base, name=made.typed["name"], rates=put)
        return made

    def _percent(self) -> Decimal | None:
        text = self.typed["percent"].replace("%", "").strip().replace(",", ".")
        try:
            found = Decimal(text)
        except InvalidOperation:
            found = Decimal(-1)
        plain = text.replace(".", "", 1).isdecimal() and text.isascii() and len(text) < 8
        if not plain or not 0 <= found <= 100 or -_exponent(found) > _FINEST:
            self.wrong["percent"] = "taxes.no-percent"
            return None
        return found

    def _keys(self) -> tuple[TaxClass, TaxZone] | None:
        found: list[str] = []
        for name in ("class", "zone"):
            try:
                found.append(article_key(self.typed[name]))
            except KeyRefused:
                self.wrong[name] = "taxes.no-key"
        return (TaxClass(found[0]), TaxZone(found[1])) if len(found) == 2 else None


def _exponent(number: Decimal) -> int:
    return int(number.as_tuple().exponent)


def without(tax: Tax, begins: str, now: datetime) -> Tax | None:
    """The tax without a rate that has not begun; None where that is none, or is the only one.

    begins  when the rate begins, as `datetime.isoformat` writes it
    """
    rates = tuple(r for r in tax.rates if r.begins.isoformat() != begins or r.begins <= now)
    return replace(tax, rates=rates) if 0 < len(rates) < len(tax.rates) else None
