"""Rights at a till: what each role may do, up to which limit, and how a second person allows more."""

from __future__ import annotations

import hashlib
import hmac
from decimal import Decimal
from typing import Final

from schemas.staff import Role
from services.register.refusal import StepRefused

PERCENT: Final = "percent"
AMOUNT: Final = "amount"

RIGHTS: Final[dict[str, str | None]] = {
    "sell": None,
    "void-line": None,
    "abort": None,
    "override-price": PERCENT,
    "override-beyond": None,
    "sell-unpriced": AMOUNT,
    "discount-line": PERCENT,
    "discount-line-amount": AMOUNT,
    "target-price": PERCENT,
    "discount-receipt": PERCENT,
    "discount-receipt-amount": AMOUNT,
    "target-receipt": PERCENT,
    "coupon": None,
    "manual-weight": None,
    "salesperson": None,
    "take-away": None,
    "empties": AMOUNT,
    "split": None,
    "customer": None,
    "customer-create": None,
    "price-enquiry": None,
    "copy-receipt": None,
    "park": None,
    "recall": None,
    "recall-others": None,
    "return": AMOUNT,
    "return-without-receipt": AMOUNT,
    "return-late": None,
    "return-other-branch": None,
    "void-receipt": AMOUNT,
    "refund-cash": AMOUNT,
    "refund-card": AMOUNT,
    "refund-account": AMOUNT,
    "tender-card": AMOUNT,
    "tender-voucher": AMOUNT,
    "tender-account": AMOUNT,
    "tender-debit": AMOUNT,
    "tender-points": AMOUNT,
    "tender-coupon": AMOUNT,
    "tender-foreign": AMOUNT,
    "cashback": AMOUNT,
    "voucher-sell": AMOUNT,
    "change-tender": None,
    "reprint": None,
    "gift-slip": None,
    "open-drawer": None,
    "float": None,
    "pay-in": AMOUNT,
    "pay-out": AMOUNT,
    "safe-drop": None,
    "count": None,
    "count-difference": AMOUNT,
    "hand-over": None,
    "see-expected": None,
    "drawer-full": None,
    "x-report": None,
    "z-report": None,
    "training": None,
}
"""Every right, and what its limit counts: percent, currency units, or nothing."""


def allows(role: Role | None, right: str, value: Decimal | None = None) -> bool:
    """May the role do this, to this extent? A right without a limit holds for any value."""
    if right not in RIGHTS:
        raise KeyError(right)
    for each in role.rights if role else ():
        if each.name == right:
            return each.limit is None or value is None or value <= each.limit
    return False


def refused(role: Role | None, right: str) -> StepRefused:
    """Why not: the right is missing, or its limit lies below."""
    limit = next((each.limit for each in role.rights if each.name == right), None) if role else None
    if limit is None:
        return StepRefused("no-right", right=right)
    sign = " %" if RIGHTS[right] == PERCENT else ""
    return StepRefused("over-limit", right=right, limit=f"{limit.normalize():f}{sign}")


# By telephone: the till shows a challenge, head office reads the answer to it


def answer(key: str, challenge: str, right: str, value: Decimal | None) -> str:
    """The six digits that allow one use of a right, for one challenge of the till with this key."""
    said = f"{challenge}|{right}|{'' if value is None else f'{value.normalize():f}'}"
    mac = hmac.digest(bytes.fromhex(key), said.encode(), hashlib.sha256)
    return f"{int.from_bytes(mac[:8]) % 1_000_000:06d}"


def answers(key: str, challenge: str, right: str, value: Decimal | None, said: str) -> bool:
    """Is `said` the answer?"""
    return hmac.compare_digest(answer(key, challenge, right, value), said.strip())
