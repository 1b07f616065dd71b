"""Sales from JSON lines: the same register, pricing, fiscal seam and journal as behind the screen.

The instrument for replays, load and fault tests.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from schemas.keys import Barcode, Digest, RoleKey, StaffKey, TenderKey
from schemas.money import AmountRefused, Money, UnitPrice
from schemas.period import InstantRefused, instant
from schemas.quantity import Quantity, QuantityRefused
from schemas.receipt import Receipt
from schemas.staff import Staff
from services.register.refusal import StepRefused
from services.till.refs import Refs
from services.till.till import Till

Asked = dict[str, Any]
LONGEST = 1024 * 1024
"""Signs of the longest line that is read."""

UNATTENDED = Staff(StaffKey("unattended"), "—", RoleKey("unattended"), "")
"""Who sells where nobody stands at the till."""


class SaleRefused(Exception):
    """This sale was not taken; the reason is fit to show, and the next sale goes on."""


@dataclass(frozen=True, slots=True)
class _Line:
    scan: Barcode
    quantity: str
    price: str | None
    back: bool


def sell(till: Till, refs: Refs, text: str) -> Asked:
    """Sell what one JSON line says; answers what to print. Never raises for a bad sale.

    Raises DiskRefused: then selling stops.
    """
    ref: str | None = None
    try:
        asked = _asked(text)
        ref = str(asked["ref"]) if "ref" in asked else None
        known = refs.find(ref) if ref is not None else None
        receipt, digest = known or _sold(till, asked, ref)
        return _answer(ref, receipt, digest)
    except (SaleRefused, StepRefused, AmountRefused, QuantityRefused, InstantRefused) as refusal:
        till.forget()
        return {"ref": ref, "refused": str(refusal)}


def _answer(ref: str | None, receipt: Receipt, digest: Digest) -> Asked:
    return {
        "ref": ref,
        "number": receipt.number,
        "total": receipt.total.number,
        "change": receipt.change.number,
        "digest": digest,
    }


def _asked(text: str) -> Asked:
    if len(text) > LONGEST:
        raise SaleRefused("The line is too long.")
    try:
        asked = json.loads(text, parse_float=str, parse_int=str, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise SaleRefused(f"The line is not JSON: {error}") from error
    if not isinstance(asked, dict):
        raise SaleRefused("The line is not one JSON object.")
    unknown = set(asked) - {"ref", "at", "lines", "tenders"}
    if unknown:
        raise SaleRefused(f"A sale has no “{min(unknown)}”.")
    return asked


def _no_number(text: str) -> str:
    raise ValueError(f"{text} is no number")


def _sold(till: Till, asked: Asked, ref: str | None) -> tuple[Receipt, Digest]:
    at = _time(till, asked)
    lines = list(_lines(asked))
    if ref is not None:
        till.name_sale(ref)
    own = till.catalogue.own
    for line in lines:
        price = UnitPrice.parse(line.price, own.currency) if line.price is not None else None
        quantity = Quantity.parse(line.quantity)
        till.scan(line.scan, quantity, price=price, back=line.back, at=at)
    return till.pay(_tenders(till, asked), at=at)


def _time(till: Till, asked: Asked) -> datetime | None:
    if "at" not in asked:
        return None
    if till.catalogue.own.profile not in {"demo", "test"}:
        raise SaleRefused("Only tills of a demo or test chain take a sale's time from outside.")
    return instant(str(asked["at"]))


def _lines(asked: Asked) -> Iterator[_Line]:
    lines = asked.get("lines")
    if not isinstance(lines, list) or not lines:
        raise SaleRefused("A sale needs lines.")
    for number, line in enumerate(lines, 1):
        if not isinstance(line, dict) or "scan" not in line:
            raise SaleRefused(f"Line {number} has no “scan”.")
        text = str(line.get("quantity", "1"))
        try:
            many = Decimal(text)
        except InvalidOperation:
            raise SaleRefused(f"Line {number}: “{text[:40]}” is not a quantity.") from None
        back = many.is_signed()
        price = line.get("price")
        yield _Line(
            Barcode(str(line["scan"])),
            text.lstrip("-") if back else text,
            None if price is None else str(price),
            back,
        )


def _tenders(till: Till, asked: Asked) -> list[tuple[TenderKey, Money]]:
    found = []
    tenders = asked.get("tenders", [])
    if not isinstance(tenders, list):
        raise SaleRefused("“tenders” is not a list.")
    for number, each in enumerate(tenders, 1):
        if not isinstance(each, dict) or not {"tender", "amount"} <= set(each):
            raise SaleRefused(f"Tender {number} needs “tender” and “amount”.")
        amount = Money.parse(str(each["amount"]), till.catalogue.own.currency)
        found.append((TenderKey(str(each["tender"])), amount))
    return found
