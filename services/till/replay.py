"""Sales from JSON lines: the same register, pricing, fiscal seam and journal as behind the screen.

The instrument for replays, load and fault tests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from schemas.keys import Barcode, Digest, KeyRefused, RoleKey, StaffKey, TenderKey, barcode
from schemas.money import AmountRefused, Money, UnitPrice
from schemas.period import InstantRefused, instant
from schemas.quantity import Quantity, QuantityRefused
from schemas.receipt import Receipt
from schemas.staff import Staff
from services.register.refusal import StepRefused
from services.till.till import Till

Asked = dict[str, Any]
LONGEST: Final = 1024 * 1024
"""Bytes of the longest line that is read."""
_REF: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]{1,200}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,5})?")
_YEARS: Final = range(2000, 2100)

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


def sell(till: Till, line: bytes) -> Asked:
    """Sell what one JSON line says; answers what to print. Never raises for a bad sale.

    Raises DiskRefused: then selling stops.
    """
    ref: str | None = None
    try:
        asked = _asked(line)
        ref = _ref(asked)
        _only(asked, "sale", {"ref", "at", "lines", "tenders"})
        known = till.archive.find(ref) if ref is not None else None
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


def _asked(line: bytes) -> Asked:
    if len(line) > LONGEST:
        raise SaleRefused("The line is too long.")
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SaleRefused(f"The line is not UTF-8: byte {error.start + 1} is wrong.") from error
    try:
        asked = json.loads(
            text,
            parse_float=_Number,
            parse_int=_Number,
            parse_constant=_no_number,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError) as error:
        raise SaleRefused(f"The line is not JSON: {error}") from error
    if not isinstance(asked, dict):
        raise SaleRefused("The line is not one JSON object.")
    return asked


class _Number(str):
    """A number as it was written in the JSON."""

    __slots__ = ()


def _object(pairs: list[tuple[str, Any]]) -> Asked:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is there twice in one object")
    return found


def _ref(asked: Asked) -> str | None:
    if "ref" not in asked:
        return None
    ref = asked["ref"]
    if not isinstance(ref, str) or isinstance(ref, _Number) or not _REF.fullmatch(ref):
        raise SaleRefused("“ref” must be a text of 1 to 200 printable signs.")
    return ref


def _only(asked: Asked, what: str, known: set[str]) -> None:
    unknown = set(asked) - known
    if unknown:
        raise SaleRefused(f"A {what} has no “{min(unknown)[:40]}”.")


def _number(where: str, name: str, value: object) -> str:
    """A number as JSON's own number or as a text."""
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        shown = json.dumps(value, ensure_ascii=True)[:40]
        raise SaleRefused(f"{where}: “{name}” must be a plain number like 2 or 0.5, not {shown}.")
    return value


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
    at = instant(str(asked["at"]))
    if at.year not in _YEARS:
        raise SaleRefused(f"“at” must lie between {_YEARS.start} and {_YEARS.stop - 1}.")
    return at


def _lines(asked: Asked) -> Iterator[_Line]:
    lines = asked.get("lines")
    if not isinstance(lines, list) or not lines:
        raise SaleRefused("A sale needs lines.")
    for number, line in enumerate(lines, 1):
        where = f"Line {number}"
        if not isinstance(line, dict) or "scan" not in line:
            raise SaleRefused(f"{where} has no “scan”.")
        _only(line, "line", {"scan", "quantity", "price"})
        code = line["scan"]
        if not isinstance(code, str) or isinstance(code, _Number):
            raise SaleRefused(f"{where}: “scan” must be a text, since leading zeros count.")
        try:
            scanned = barcode(code)
        except KeyRefused as error:
            raise SaleRefused(f"{where}: {error}.") from error
        text = _number(where, "quantity", line.get("quantity", "1"))
        price = line.get("price")
        yield _Line(
            scanned,
            text.removeprefix("-"),
            None if price is None else _number(where, "price", price),
            text.startswith("-"),
        )


def _tenders(till: Till, asked: Asked) -> list[tuple[TenderKey, Money]]:
    found = []
    tenders = asked.get("tenders", [])
    if not isinstance(tenders, list):
        raise SaleRefused("“tenders” is not a list.")
    for number, each in enumerate(tenders, 1):
        where = f"Tender {number}"
        if not isinstance(each, dict) or not {"tender", "amount"} <= set(each):
            raise SaleRefused(f"{where} needs “tender” and “amount”.")
        _only(each, "tender", {"tender", "amount"})
        amount = Money.parse(_number(where, "amount", each["amount"]), till.catalogue.own.currency)
        found.append((TenderKey(str(each["tender"])), amount))
    return found
