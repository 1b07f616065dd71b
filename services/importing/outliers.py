"""Changes that can be taken but hardly meant: each stays unticked, with its reason.

An outlier is no error: an error is a row that cannot be taken at all.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

from services.importing.articles import FROM, NOTHING, PRICE, Difference

REASONS: Final = ("zero", "tenfold", "moved", "fine", "tax", "codes", "cleared")
"""zero: a price of nothing · tenfold: as if the decimal sign had slipped · moved: by more than the
limit · fine: finer than the currency's smallest coin · tax: another tax class · codes: codes that
the article loses · cleared: what was there and would not be any more."""
USUAL_LIMIT: Final = 10
"""Percent by which a price may move before somebody looks at it."""
_SLIPPED: Final = Decimal(5)
"""So many times more or less is taken for a decimal sign that slipped, as in 12,99 and 1,299."""


def reason(each: Difference, decimals: int, limit: int = USUAL_LIMIT) -> str | None:
    """Why a change is looked at; None where it is not.

    decimals  of the currency
    limit     percent
    """
    if each.field.startswith(PRICE):
        return _of_price(each.before, each.after.partition(FROM)[0], decimals, limit)
    if each.after == NOTHING:
        return "codes" if each.field == "codes" else "cleared"
    if each.field == "tax class":
        return "tax"
    if each.field == "codes" and not _plain(each.before) <= _plain(each.after):
        return "codes"
    return None


def _plain(text: str) -> set[str]:
    return {code.partition("*")[0] for code in text.split("; ")} - {NOTHING}


def _of_price(before: str, after: str, decimals: int, limit: int) -> str | None:
    new, old = _number(after), _number(before)
    if new is None:
        return None
    if not new:
        return "zero"
    if old and (new / old >= _SLIPPED or old / new >= _SLIPPED):
        return "tenfold"
    if -int(new.normalize().as_tuple().exponent) > decimals:
        return "fine"
    if old and abs(new - old) * 100 > limit * old:
        return "moved"
    return None


def _number(text: str) -> Decimal | None:
    """The amount of a price as differences write it; None where there is none."""
    try:
        return Decimal(text.partition(" ")[0])
    except InvalidOperation:
        return None
