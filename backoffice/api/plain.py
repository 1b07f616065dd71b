"""Records as plain values, as the open interface says them; and the tag by which two are told apart."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from schemas import xml
from schemas.article import Article
from schemas.customer import Customer
from schemas.money import Currency, Money, UnitPrice
from services.database.articles import ArticleGroup, ArticleRow
from services.database.organisation import Unit
from services.database.pictures import PictureRow
from services.database.prices import PriceRow
from services.database.sales import (
    ClosingRow,
    DrawerRow,
    LineRow,
    PaymentRow,
    ReceiptRow,
    TaxRow,
    VoucherMove,
    VoucherRow,
)
from services.evaluation.clientele import Listed, Shown
from services.evaluation.tills import TillState
from services.evaluation.turnover import Row

_FIRST = datetime(1, 1, 2, tzinfo=UTC)
_LAST = datetime(9999, 12, 30, tzinfo=UTC)


def instant(moment: datetime) -> datetime:
    """A moment that every database can compare with: not outside of the years 1 to 9999 in UTC."""
    try:
        return min(max(moment.astimezone(UTC), _FIRST), _LAST)
    except OverflowError:
        return _FIRST if moment.year < 2000 else _LAST


def tag(document: Any, more: str = "") -> str:
    """The ETag of a record: of all that tills have of it, and what only head office has."""
    return hashlib.sha256(xml.dump(document) + b"\0" + more.encode()).hexdigest()[:32]


def amount(minor: int, currency: str) -> str:
    """An amount as text."""
    return Money(minor, Currency(currency)).number


def article(row: ArticleRow) -> dict[str, Any]:
    """An article."""
    return of_article(row.document(), row.supplier) | {
        "changed_at": row.changed_at,
        "changed_by": row.changed_by,
    }


def of_article(document: Article, supplier: str | None) -> dict[str, Any]:
    """An article's document."""
    return {
        "number": document.key, "de": document.de, "en": document.en, "es": document.es,
        "group": document.group, "unit": document.unit, "tax": document.tax,
        "deposit": document.deposit.number if document.deposit else None, "age": document.age,
        "codes": [{"value": code.value, "pack": code.pack} for code in document.codes],
        "supplier": supplier, "tags": list(document.tags),
        "parts": [
            {"article": part.article, "quantity": part.quantity.number} for part in document.parts
        ],
        "model": document.model, "options": [option.value for option in document.options],
        "branches": list(document.branches), "fixed": bool(document.fixed),
        "asks": list(document.asks), "question": document.question, "voucher": document.voucher,
        "size": {"quantity": document.size.number, "unit": document.size.unit}
        if document.size else None,
        "least": document.least.number if document.least else None,
        "most": document.most.number if document.most else None,
    }  # fmt: skip


def picture(row: PictureRow, webp: bytes) -> dict[str, Any]:
    """An article's picture, with its bytes as base64."""
    return {
        "article": row.article, "digest": row.digest, "type": "image/webp",
        "image": base64.b64encode(webp).decode(),
        "changed_at": row.changed_at, "changed_by": row.changed_by,
    }  # fmt: skip


def group(row: ArticleGroup) -> dict[str, Any]:
    """A group."""
    names = ("key", "de", "en", "es", "parent", "colour", "picture")
    return {name: getattr(row, name) for name in names}


def price(row: PriceRow) -> dict[str, Any]:
    """A price."""
    return {
        "article": row.article, "from": row.begins, "amount": row.amount.number,
        "currency": row.currency, "branch": row.branch or None, "until": row.ends,
        "price_list": row.price_list or None, "customers": row.customers or None,
        "changed_at": row.changed_at, "changed_by": row.changed_by,
    }  # fmt: skip


def customer(each: Listed | Shown, document: Customer) -> dict[str, Any]:
    """A customer."""
    return of_customer(document) | {
        "owed": amount(each.owed, each.row.currency or "EUR"),
        "points": {key: f"{Decimal(many) / 1000:f}" for key, many in each.points.items()},
        "changed_at": each.row.changed_at,
    }


def of_customer(document: Customer) -> dict[str, Any]:
    """A customer's document."""
    return {
        "number": document.key, "name": document.name, "phone": document.phone,
        "email": document.email, "address": document.address, "language": document.language,
        "group": document.customers, "limit": document.limit.number if document.limit else None,
        "blocked": bool(document.blocked), "consent": document.consent,
        "cards": [card.code for card in document.cards],
    }  # fmt: skip


def branch(row: Unit) -> dict[str, Any]:
    """A branch."""
    names = ("key", "name", "address", "currency", "time_zone")
    return {name: getattr(row, name) for name in names}


def till(each: TillState) -> dict[str, Any]:
    """A till, and how it is."""
    device = each.device
    return {
        "name": each.unit.key, "branch": each.branch, "state": each.state, "reason": each.reason,
        "software": device.software if device else None, "waiting": each.waiting,
        "contact_at": device.contact_at if device else None,
    }  # fmt: skip


def receipt(row: ReceiptRow) -> dict[str, Any]:
    """A receipt, without its lines."""
    return {
        "branch": row.branch, "till": row.till, "series": row.series, "number": row.number,
        "kind": row.kind, "ended_at": row.ends_at, "business_day": row.business_day,
        "received_at": row.received_at, "cashier": row.cashier, "currency": row.currency,
        "total": amount(row.total, row.currency), "customer": row.customer,
    }  # fmt: skip


def line(row: LineRow, currency: str) -> dict[str, Any]:
    """A line of a receipt."""
    return {
        "number": row.number, "kind": row.kind, "article": row.article, "name": row.name,
        "group": row.article_group, "quantity": f"{Decimal(row.quantity) / 1000:f}",
        "price": UnitPrice(row.price, Currency(currency)).number,
        "amount": amount(row.amount, currency), "tax": row.tax,
    }  # fmt: skip


def payment(row: PaymentRow, currency: str) -> dict[str, Any]:
    """What was given in one tender."""
    return {"tender": row.tender, "kind": row.kind, "amount": amount(row.amount, currency)}


def tax(row: TaxRow, currency: str) -> dict[str, Any]:
    """What a receipt holds of one tax class and rate."""
    said = {name: amount(getattr(row, name), currency) for name in ("gross", "net", "amount")}
    return said | {"tax": row.tax, "percent": f"{(Decimal(row.percent) / 1000).normalize():f}"}


def closing(row: ClosingRow) -> dict[str, Any]:
    """A Z report."""
    names = ("branch", "till", "series", "number", "addendum", "at", "currency", "receipts")
    difference = None if row.counted is None else row.counted - row.cash
    sums = {"total": row.total, "cash": row.cash, "counted": row.counted,
            "difference": difference, "grand_total": row.grand_total}  # fmt: skip
    return {name: getattr(row, name) for name in names} | {
        name: None if minor is None else amount(minor, row.currency) for name, minor in sums.items()
    } | {
        "business_day": row.day, "cashier": row.cashier, "first_entry": row.after + 1,
        "last_entry": row.through,
    }  # fmt: skip


def movement(row: DrawerRow) -> dict[str, Any]:
    """What happened at a drawer beside sales."""
    names = ("branch", "till", "series", "entry", "kind", "at", "day", "cashier", "currency",
             "reason", "bag")  # fmt: skip
    said = {name: getattr(row, name) for name in names}
    for name in ("amount", "difference"):
        minor = getattr(row, name)
        known = minor is not None and row.currency
        said[name] = amount(minor, row.currency or "") if known else None
    return said


def voucher(row: VoucherRow) -> dict[str, Any]:
    """A voucher, with what is left of it."""
    names = ("number", "currency", "kind", "article", "branch", "blocked", "moved_at")
    sums = {"issued": row.issued, "redeemed": row.redeemed, "balance": row.issued - row.redeemed}
    return {name: getattr(row, name) for name in names} | {
        name: amount(minor, row.currency) for name, minor in sums.items()
    }


def voucher_move(row: VoucherMove) -> dict[str, Any]:
    """What a receipt sold or took of a voucher."""
    names = ("branch", "till", "series", "receipt", "at", "currency")
    return {name: getattr(row, name) for name in names} | {
        name: amount(getattr(row, name), row.currency) for name in ("issued", "redeemed")
    }


def turnover(row: Row, currency: str) -> dict[str, Any]:
    """A row of a turnover."""
    return {
        "key": row.key, "name": row.name, "total": amount(row.now.total, currency),
        "receipts": row.now.receipts, "items": row.now.items,
        "before": amount(row.before.total, currency),
    }  # fmt: skip
