"""What is typed for an approval by telephone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from services.register.permission import AMOUNT, PERCENT, RIGHTS

RIGHTS_BY_EXTENT: Final = tuple(
    (extent, tuple(right for right, limit in RIGHTS.items() if limit == extent))
    for extent in (PERCENT, AMOUNT, None)
)
"""The rights that may be allowed, by what their value counts."""
_VALUE: Final = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{1,2}))?")
_CHALLENGE: Final = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class ApprovalForm:
    """A right, how far it reaches, and the digits that the cashier reads; as typed and as understood.

    wrong  the field that is not accepted, and why, as a word of the catalogue
    """

    right: str = ""
    typed: str = ""
    said: str = ""
    value: Decimal | None = None
    challenge: str = ""
    wrong: tuple[str, str] | None = None

    @property
    def refused(self) -> bool:
        """Is it not accepted?"""
        return self.wrong is not None

    @property
    def value_text(self) -> str | None:
        """The value as it is kept."""
        return None if self.value is None else f"{self.value.normalize():f}"

    @classmethod
    def of(cls, form: Mapping[str, str]) -> ApprovalForm:
        """What a form says."""
        right, typed, said = (form.get(name, "")[:40] for name in ("right", "value", "challenge"))
        value, challenge = _value(typed), re.sub(r"[\s-]", "", said)
        wrong = None
        if right not in RIGHTS:
            wrong = ("right", "approve.no-right")
        elif typed.strip() and value is None:
            wrong = ("value", "approve.no-value")
        elif value is not None and RIGHTS[right] is None:
            wrong = ("value", "approve.needs-none")
        elif not _CHALLENGE.fullmatch(challenge):
            wrong = ("challenge", "approve.no-challenge")
        return cls(right, typed, said, value, challenge, wrong)


def _value(typed: str) -> Decimal | None:
    found = _VALUE.fullmatch(re.sub(r"[\s%€]", "", typed))
    return Decimal(f"{found[1]}.{found[2] or 0}") if found else None
