"""Where a customer finds the receipt: an address that nobody can guess, for a code on the display.

The seal is made with the key that the chain's tills share; head office makes the same and compares.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from schemas.receipt import Receipt
from schemas.settings import Settings

_BYTES: Final = 16


def seal(name: str, key: str) -> str:
    """128 bits that prove that somebody was shown the receipt called `name`; hexadecimal.

    key  the chain's slip key, hexadecimal
    """
    covered = b"slip link\0" + name.encode()
    return hmac.new(bytes.fromhex(key), covered, hashlib.sha256).digest()[:_BYTES].hex()


def address(receipt: Receipt, settings: Settings) -> str | None:
    """The receipt's own address; None where the chain has no such pages, and for practice."""
    if not settings.receipt_link or not settings.slip_key or receipt.training:
        return None
    base = settings.receipt_link.rstrip("/")
    return f"{base}/slip/{receipt.name}/{seal(receipt.name, settings.slip_key)}"
