"""The code on a slip: what was sold, paid, taxed and collected, so that any branch can take it back.

It is sealed with a key that the chain's tills share and head office gives them; whoever has no till
cannot make one, and nothing in it can be changed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from schemas.keys import ArticleKey, GroupKey, ProgrammeKey, TaxClass
from schemas.money import Currency, Money, UnitPrice
from schemas.quantity import Quantity
from schemas.receipt import Earned, Line, Receipt
from services.register.returns import Sold

PREFIX: Final = "TRS1:"
LONGEST: Final = 1800
"""Signs that a till's scanner reads from a printed code; beyond it the slip has none."""
_SEAL: Final = 12
_LARGEST: Final = 64 * 1024


class SlipCodeRefused(ValueError):
    """The code is none of this chain's, or was changed or misread. Fit to show."""


def code(receipt: Receipt, key: str) -> str | None:
    """The code of a receipt's slip; None where it would be too long to print."""
    sold = Sold.of(receipt)
    kinds: list[Kind] = []
    rows = [
        [
            line.number,
            line.kind[0],
            line.article,
            line.name[:24],
            line.quantity.thousandths,
            line.quantity.unit,
            line.price.fine,
            line.amount.minor,
            line.tax,
            line.group or "",
            line.of or 0,
            line.levied.minor if line.levied else 0,
            *_earned(line, kinds),
        ]
        for line in sold.lines
    ]
    rates = {
        line.tax: [f"{line.percent.normalize():f}", int(line.added or 0)]
        for line in sold.lines
        if line.percent is not None
    }
    content = [sold.name, sold.branch, sold.day.isoformat(), receipt.currency, rates, rows]
    if sold.customer:
        content += [sold.customer, kinds]
    packed = zlib.compress(
        json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), 9
    )
    text = PREFIX + _written(_seal(packed, key) + packed)
    return text if len(text) <= LONGEST else None


def sold(text: str, key: str) -> Sold:
    """What a slip's code says was sold; raises SlipCodeRefused."""
    if not text.startswith(PREFIX):
        raise SlipCodeRefused("This is no code of a slip.")
    try:
        raw = base64.urlsafe_b64decode(text[len(PREFIX) :] + "=" * (-len(text[len(PREFIX) :]) % 4))
    except ValueError as error:
        raise SlipCodeRefused("The slip's code was not read well.") from error
    if _written(raw) != text[len(PREFIX) :]:  # other signs may stand for the same bytes
        raise SlipCodeRefused("The slip's code was not read well.")
    seal, packed = raw[:_SEAL], raw[_SEAL:]
    if not hmac.compare_digest(seal, _seal(packed, key)):
        raise SlipCodeRefused("The slip is none of this chain's, or its code was changed.")
    content = zlib.decompressobj().decompress(packed, _LARGEST)
    name, branch, day, currency, rates, rows, *more = json.loads(content)
    customer, kinds = more or (None, [])
    lines = tuple(_line(row, currency, rates, kinds) for row in rows)
    return Sold(name, branch, date.fromisoformat(day), lines, customer)


Kind = tuple[str, str, int]
"""A programme's key and name, and 1 where its points were used and not brought."""


def _earned(line: Line, kinds: list[Kind]) -> list[int]:
    """For each row its place among `kinds`, where it is put, and its points: whole ones, or thousandths.

    Numbers alone: a long receipt of a customer's must fit into a code that scanners read.
    """
    found = []
    for each in line.earned:
        kind = (each.programme, each.name[:24], int(each.used or 0))
        if kind not in kinds:
            kinds.append(kind)
        found += [kinds.index(kind), int(each.points.scaleb(0 if each.used else 3))]
    return found


def _brought(said: list[int], kinds: list[Kind]) -> Iterator[Earned]:
    for place, points in zip(said[::2], said[1::2], strict=True):
        key, name, used = kinds[place]
        exact = Decimal(points) if used else Decimal(points).scaleb(-3)
        yield Earned(ProgrammeKey(key), name, exact, bool(used) or None)


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _seal(packed: bytes, key: str) -> bytes:
    return hmac.digest(bytes.fromhex(key), b"slip|" + packed, hashlib.sha256)[:_SEAL]


def _line(
    row: list[Any], currency: str, rates: dict[str, tuple[str, int]], kinds: list[Kind]
) -> Line:
    number, kind, article, name, many, unit, price, amount, tax, group, of, levied, *earned = row
    money = Currency(currency)
    percent, added = rates.get(str(tax), (None, 0))
    return Line(
        number=int(str(number)),
        kind="deposit" if kind == "d" else "sale",
        article=ArticleKey(str(article)),
        name=str(name),
        quantity=Quantity(int(str(many)), str(unit)),
        price=UnitPrice(int(str(price)), money),
        amount=Money(int(str(amount)), money),
        tax=TaxClass(str(tax)),
        group=GroupKey(str(group)) if group else None,
        of=int(str(of)) or None,
        percent=None if percent is None else Decimal(percent),
        levied=None if percent is None else Money(int(str(levied)), money),
        added=bool(added) or None,
        earned=tuple(_brought(earned, kinds)),
    )
