"""A day's script at one till, as a process that can be killed: each step said once it is done.

`python -m tests.pretend.day BOX FROM` does the steps from number FROM on and prints, after each, its
number and how the till stands; `python -m tests.pretend.day BOX` only says how it stands.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from schemas.keys import Barcode, TenderKey
from schemas.money import Money
from schemas.quantity import Quantity
from schemas.receipt import Discount
from services.disk.box import Box
from services.register import drawer
from services.register.returns import Given
from services.till.till import Till

MILK, BEER = Barcode("4012345678901"), Barcode("40123455")
Step = Callable[[Till], Any]


def _euros(text: str) -> Money:
    return Money.parse(text, "EUR")


def _park(till: Till) -> None:
    till.parking.park()


def _recall(till: Till) -> None:
    till.parking.recall(till.parking.all()[0].ref)


def _take_back(till: Till) -> None:
    sold = till.returning.find(f"{till.identity.name}-1-1")
    till.returning.take_back(sold, 1, Quantity(1000), Given("defect"))


def _void(till: Till) -> None:
    assert till.last is not None
    till.returning.void(till.last.name)


def _discount(till: Till) -> None:
    till.discounts.receipt(Discount(till.whoever.key, percent=Decimal(10)))


SALE: list[Step] = [
    lambda t: t.scan(MILK),
    lambda t: t.scan(BEER),
    lambda t: t.set_quantity(1, Quantity(3000)),
    _discount,
    lambda t: t.paying.tender(TenderKey("card"), _euros("1.00")),
    lambda t: t.pay([(TenderKey("cash"), _euros("10.00"))]),
]
DAY: list[Step] = [
    lambda t: t.drawer.float_in(_euros("150.00")),
    *SALE,
    lambda t: t.scan(BEER),
    lambda t: t.scan(MILK),
    _park,
    *SALE,
    _recall,
    lambda t: t.void_line(1),
    lambda t: t.pay(),
    lambda t: t.drawer.pay_out(_euros("12.50"), "Blumen"),
    _take_back,
    lambda t: t.pay(),
    lambda t: t.scan(MILK),
    lambda t: t.pay(),
    _void,
    lambda t: t.scan(BEER),
    lambda t: t.abort(),
    lambda t: t.drawer.safe_drop(_euros("100.00"), "B1"),
    lambda t: t.drawer.count(_euros("40.00")),
    lambda t: t.drawer.z_report(),
    *SALE,
]


def standing(till: Till) -> list[Any]:
    """Everything that a death must not change, without what the clock makes."""
    lines = [[li.kind, li.article, str(li.quantity), str(li.amount)] for li in till.basket.lines]
    payments = [[p.tender, str(p.amount)] for p in till.basket.payments]
    x = drawer.closing(till.book.period, "x", till.whoever, till.now())  # an X report leaves a note
    parked = [[str(p.basket.total)] for p in till.parking.all()]
    return [
        lines,
        payments,
        till.next_number,
        x.number,
        str(x.cash),
        str(x.total),
        x.through,
        parked,
    ]


def main() -> None:
    """The script, from a step on."""
    with Till(Box(Path(sys.argv[1])), lambda: datetime.now(UTC)) as till:
        till.sign_in_unattended(till.catalogue.staff()[0])
        if len(sys.argv) == 2:
            print(json.dumps([None, standing(till)]), flush=True)
            return
        for number in range(int(sys.argv[2]), len(DAY)):
            DAY[number](till)
            print(json.dumps([number, standing(till)]), flush=True)


if __name__ == "__main__":
    main()
