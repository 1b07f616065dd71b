"""How slips and screens write numbers, and a slip's own words, in three languages."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from schemas.money import Currency, Money, UnitPrice
from schemas.quantity import Quantity

SIGNS: Final = {"EUR": "€", "GBP": "£", "USD": "$", "CHF": "CHF", "JPY": "¥"}

SLIP: Final = {
    "total": ("Summe", "Total", "Total"),
    "receipt": ("Bon", "Receipt", "Ticket"),
    "till": ("Kasse", "Till", "Caja"),
    "cashier": ("Es bediente Sie", "Served by", "Le atendió"),
    "change": ("Rückgeld", "Change", "Vuelta"),
    "payout": ("Auszahlung", "Paid out", "Devuelto"),
    "tax": ("MwSt", "VAT", "IVA"),
    "net": ("Netto", "Net", "Base"),
    "gross": ("Brutto", "Gross", "Total"),
    "deposit": ("Pfand", "Deposit", "Depósito"),
    "return": ("RETOURE", "RETURN", "DEVOLUCIÓN"),
    "demo": ("DEMO – KEIN BELEG", "DEMO – NOT A RECEIPT", "DEMO – SIN VALOR"),
    "copy": ("KOPIE", "COPY", "COPIA"),
    "page-from": ("statt", "instead of", "en vez de"),
}
"""A slip's words, German, English, Spanish."""

_LANGUAGES: Final = ("de", "en", "es")


def word(key: str, language: str) -> str:
    """A slip's word in a language."""
    return SLIP[key][_LANGUAGES.index(language)]


def _number(plain: str, language: str) -> str:
    whole, dot, part = plain.lstrip("-").partition(".")
    mark, point = (",", ".") if language == "en" else (".", ",")
    grouped = f"{int(whole):,}".replace(",", mark)
    return ("−" if plain.startswith("-") else "") + grouped + (point + part if dot else "")


def amount(money: Money | UnitPrice, language: str) -> str:
    """An amount as people write it, without its currency: `1.234,50` or `1,234.50`."""
    return _number(money.number, language)


def quantity(many: Quantity, language: str) -> str:
    """A quantity as people write it, with its unit unless that is the piece."""
    number = _number(many.number, language)
    return number if many.unit == "pcs" else f"{number} {many.unit}"


def percent(rate: Decimal, language: str) -> str:
    """A rate as people write it."""
    plain = f"{rate.normalize():f}"
    return f"{_number(plain, language)} %"


def sign(currency: Currency) -> str:
    """The currency's sign, else its code."""
    return SIGNS.get(currency, currency)
