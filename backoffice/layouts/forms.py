"""A block of a layout as somebody typed it: its texts and the plain facts of its condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from schemas.layout import Block, Layout, When
from schemas.money import AmountRefused, Money
from services.register.columns import printable

KINDS: Final = (
    "text", "rule", "space", "firm", "head", "lines", "total", "tenders", "taxes", "fiscal", "code",
    "customer", "mandate",
)  # fmt: skip
LOCKED: Final = frozenset({"fiscal", "mandate"})
"""Printed whatever a layout says: they can be placed, and nothing else."""
ALIGNED: Final = frozenset({"text", "firm", "fiscal"})
YES_NO: Final = ("customer", "saved", "training", "copy", "gift")
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "kinds": ("sale", "return", "void"),
    "tenders": ("cash", "card", "voucher", "account", "points", "debit", "coupon", "other"),
    "days": tuple("1234567"),
    "languages": ("de", "en", "es"),
}
_TEXTS: Final = ("text", "de", "en", "es")
_MOST_TEXT: Final = 2000
_COLUMNS: Final = range(24, 81)


@dataclass(slots=True)
class BlockForm:
    """A block, and what of it could not be understood: the word for it by field.

    typed  the fields as they were typed, where they are no block yet
    """

    block: Block
    typed: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, block: Block, form: MultiDict[str, str], currency: str) -> BlockForm:
        """What the form makes of a block; its kind stays."""
        made = cls(block)
        if block.kind in ALIGNED:
            align = form.get("align", "")
            block = replace(block, align=align if align in {"left", "centre", "right"} else None)
        if block.kind == "text":
            texts: dict[str, Any] = {name: _text(form.get(name, "")) for name in _TEXTS}
            block = replace(block, bold="bold" in form or None, **texts)
        if block.kind not in LOCKED:
            block = replace(block, when=made._when(form, currency))
        made.block = block
        return made

    def _when(self, form: MultiDict[str, str], currency: str) -> When | None:
        values: dict[str, Any] = {}
        for name in YES_NO:
            values[name] = {"yes": True, "no": False}.get(form.get(f"when-{name}", ""))
        for name, choices in CHOICES.items():
            said = set(form.getlist(f"when-{name}"))
            values[name] = tuple(each for each in choices if each in said)
        for name in ("least", "below"):
            values[name] = self._amount(form, f"when-{name}", currency)
        for name in ("begins", "ends"):
            values[name] = self._day(form, f"when-{name}")
        when = When(**values)
        if when == When():
            return None
        return replace(when, otherwise="when-otherwise" in form or None)

    def _amount(self, form: MultiDict[str, str], name: str, currency: str) -> Money | None:
        text = form.get(name, "").strip()[:30]
        if not text:
            return None
        plain = text.replace(".", "").replace(",", ".") if "," in text else text
        try:
            found = Money.parse(plain, currency)
        except AmountRefused:
            found = None
        if found is None or found.minor < 0:
            self._refuse(name, text, "layout.no-amount")
            return None
        return found

    def _day(self, form: MultiDict[str, str], name: str) -> date | None:
        text = form.get(name, "").strip()[:30]
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self._refuse(name, text, "layout.no-day")
            return None

    def _refuse(self, name: str, text: str, why: str) -> None:
        self.typed[name], self.wrong[name] = text, why


def _text(typed: str) -> str | None:
    """A text as a layout keeps it: lines end with a bar, and nothing in it commands a printer."""
    rows = typed.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return printable("|".join(rows))[:_MOST_TEXT].rstrip("| ") or None


def widths(layout: Layout, form: MultiDict[str, str]) -> Layout:
    """The layout with the columns that somebody chose; what is no width leaves it as it is."""
    wide, narrow = (form.get(name, 0, int) for name in ("columns", "narrow"))
    return replace(
        layout,
        columns=wide if wide in _COLUMNS else layout.columns,
        narrow=narrow if narrow in _COLUMNS else layout.narrow,
    )
