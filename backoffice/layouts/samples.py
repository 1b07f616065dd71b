"""Sample receipts for the preview: sold once at a real till, one document for each and language."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Final

from schemas import xml
from schemas.receipt import Receipt
from services.register.slip import Print

FOLDER: Final = Path(__file__).parent / "receipts"
NAMES: Final = (
    "sale", "weighed", "return", "split", "foreign", "voucher", "training", "void", "customer",
    "large", "set", "copy", "gift",
)  # fmt: skip
"""What can be looked at; a copy and a gift slip are prints of the sale."""
LANGUAGES: Final = ("de", "en", "es")
PAPERS: Final = (80, 58)
STAMP: Final = ("TSE 0123 · 4711",)
"""Stands for what the law's module prints, which only a till's own device can make."""


@functools.cache
def receipt(name: str, language: str) -> Receipt:
    """The sample receipt of this name."""
    file = {"copy": "sale", "gift": "sale"}.get(name, name)
    return xml.load(Receipt, (FOLDER / f"{file}-{language}.xml").read_bytes())


def print_of(name: str) -> Print:
    """Which print of its receipt a sample is."""
    code = None if name == "training" else "https://slip.example/014-1-1-1"
    return Print(copy=1 if name == "copy" else 0, gift=name == "gift", code=code)
