"""How the text of each setting is read: what it may be, else a ValueError with a sample of one."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable
from typing import Any, Final
from zoneinfo import ZoneInfo

from schemas.keys import TaxZone
from schemas.money import AmountRefused, Money

INHERITED: Final = (
    "address", "currency", "time_zone", "tax_zone", "language", "layout", "keyboard",
    "profile", "fiscal", "every_s", "printer", "tax_number",
)  # fmt: skip
"""The settings that a unit takes from the one above where it has none of its own."""
_LAN: Final = re.compile(
    r"([0-9A-Za-z][0-9A-Za-z.\-]{0,200}|\[[0-9A-Fa-f:]{2,45}\]):([1-9][0-9]{0,4})"
)
_KEY: Final = re.compile(r"[0-9A-Za-z_]([0-9A-Za-z_.\- ]{0,38}[0-9A-Za-z_.\-])?")


def lan_address(text: str) -> str:
    """Host and port in a branch's network, as in `10.0.0.12:7801`; raises ValueError."""
    parts = _LAN.fullmatch(text)
    if parts is None or int(parts.group(2)) > 65535:
        raise ValueError("write it as in 10.0.0.12:7801")
    return text


def public_address(text: str) -> str:
    """Where customers reach head office, as in `https://office.example`; raises ValueError."""
    where = urllib.parse.urlsplit(text)
    plain = where.scheme == "https" and where.hostname and not (where.query or where.fragment)
    if not plain or where.username or len(text) > 120 or not text.isascii() or " " in text:
        raise ValueError("write it as in https://office.example")
    return text.rstrip("/")


def amount(text: str) -> Money:
    """An amount with its currency, not negative, as in `20.00 EUR`; raises ValueError."""
    number, _, currency = text.partition(" ")
    try:
        read = Money.parse(number, currency)
    except (AmountRefused, ValueError) as error:
        raise ValueError("write it as in 20.00 EUR") from error
    if read.minor < 0:
        raise ValueError("write it as in 20.00 EUR")
    return read


def whole(most: int, least: int = 0) -> Callable[[str], int]:
    """Reads a whole number within bounds; raises ValueError."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise ValueError(f"write a whole number from {least} to {most}")
        if not least <= int(text) <= most:
            raise ValueError(f"write a whole number from {least} to {most}")
        return int(text)

    return read


def yes(text: str) -> bool:
    """`true` or `false`; raises ValueError."""
    if text not in {"true", "false"}:
        raise ValueError("write true or false")
    return text == "true"


def words(most: int) -> Callable[[str], str]:
    """Reads text that can be printed, not longer than this; raises ValueError."""

    def read(text: str) -> str:
        if not (0 < len(text) <= most and text.isprintable()):
            raise ValueError(f"write 1 to {most} signs that can be printed")
        return text

    return read


def key(text: str) -> str:
    """A key, as of a layout; raises ValueError."""
    if not _KEY.fullmatch(text):
        raise ValueError("write 1 to 40 letters, digits, _ . -")
    return text


def one_of(*allowed: str) -> Callable[[str], str]:
    """Reads one of a few words; raises ValueError."""

    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"write one of {', '.join(allowed)}")
        return text

    return read


def device(*begin: str) -> Callable[[str], str]:
    """Reads a device's setting, which names its driver first; raises ValueError."""

    def read(text: str) -> str:
        if not (text == "pretend" or text.startswith(begin)) or len(text) > 200:
            raise ValueError(f"begin with {', '.join(begin)}")
        return words(200)(text)

    return read


def currency(text: str) -> str:
    """A currency, as in `EUR`; raises ValueError."""
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise ValueError("write it as in EUR")
    return text


def time_zone(text: str) -> str:
    """A time zone, as in `Europe/Berlin`; raises ValueError."""
    try:
        ZoneInfo(text)
    except (ValueError, OSError, LookupError) as error:
        raise ValueError("write it as in Europe/Berlin") from error
    return text


PLAIN: Final[dict[str, Callable[[str], Any]]] = {
    "address": words(500),
    "currency": currency,
    "time_zone": time_zone,
    "tax_zone": key,
    "language": one_of("de", "en", "es"),
    "layout": key,
    "keyboard": key,
    "profile": one_of("live", "test", "demo"),
    "fiscal": key,
    "every_s": whole(86400),
    "printer": device("tcp:", "usb:", "serial:", "file:"),
    "tax_number": words(60),
}
"""How the settings that every till has are read where somebody types them."""
RULES: Final[dict[str, Callable[[str], Any]]] = {
    "terminal": words(200),
    "scale": words(200),
    "scanner": words(200),
    "display": words(200),
    "voucher_budget": amount,
    "account_budget": amount,
    "points_budget": amount,
    "debit_budget": amount,
    "price_list": key,
    "takeaway_zone": lambda text: TaxZone(key(text)),
    "float_": amount,
    "drawer_most": amount,
    "blind_count": yes,
    "count_attempts": whole(99, 1),
    "count_tolerance": amount,
    "return_days": whole(3650),
    "neighbours": lan_address,
    "receipt_link": public_address,
    "staff_days": whole(365, 1),
    "unknown": one_of("continue", "hold", "ask"),
    "volume": whole(100),
    "beeps": yes,
}
"""Settings that few units have, and how their texts are read."""
OFFICE_RULES: Final[dict[str, Callable[[str], Any]]] = {
    "release_review": yes,
    "second_factor": yes,
    "takes": words(12),
}
"""Rules that concern head office alone; no till gets them.

release_review  `true`: a change set needs a second person's review before its release
second_factor   `true`: everybody who signs in to head office needs one
takes           the till profile whose settings hold before those of the unit above
"""
TYPED: Final[dict[str, Callable[[str], Any]]] = {**PLAIN, **RULES, **OFFICE_RULES}
"""How every setting is read."""
