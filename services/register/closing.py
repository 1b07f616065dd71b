"""A basket becomes a receipt: totals, taxes, tenders and the world it was sold in, to the cent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from schemas.keys import Digest, TaxClass
from schemas.layout import Layout
from schemas.money import Money
from schemas.receipt import Basket, Receipt
from schemas.settings import Settings
from schemas.staff import Staff
from services.pricing import tax
from services.pricing.tax import Levy
from services.register.refusal import StepRefused
from services.register.tendering import Settled


@dataclass(frozen=True, slots=True)
class World:
    """What a receipt remembers of the world it was made in."""

    settings: Settings
    layout: Layout
    cashier: Staff
    revision: int
    digest: Digest
    software: str


def closed(
    basket: Basket,
    settled: Settled,
    world: World,
    levy: Callable[[TaxClass], Levy | None],
    *,
    series: str,
    number: int,
    at: datetime,
    day: date,
) -> Receipt:
    """The finished receipt, not yet stamped. `at` has the branch's offset; `day` is the business day.

    Raises StepRefused where nothing was sold, or a line's tax is not known.
    """
    if basket.is_empty:
        raise StepRefused("nothing-to-pay")

    taxes = tax.totals(basket.lines, known_levies(levy))
    coupons = sum(payment.amount.minor for payment in settled.payments if payment.kind == "coupon")
    if coupons:
        off = Money(coupons, basket.currency)
        taxes += tax.less_coupons(basket.lines, taxes, off)
    counting = [line for line in basket.lines if line.counts]
    only_back = all(line.amount.minor <= 0 and line.kind != "sale" for line in counting)
    return Receipt(
        branch=world.settings.branch,
        till=world.settings.till,
        series=series,
        number=number,
        kind="return" if only_back else "sale",
        begins=basket.begins or at,
        ends=at,
        day=day,
        cashier=world.cashier.key,
        cashier_name=world.cashier.name,
        currency=basket.currency,
        total=basket.total,
        change=settled.change,
        revision=world.revision if basket.revision is None else basket.revision,
        digest=basket.digest or world.digest,
        layout=world.layout.key,
        layout_version=world.layout.version,
        software=world.software,
        ref=basket.ref,
        lines=basket.lines,
        rounding=settled.rounding or None,
        customer=basket.customer,
        customers=basket.customers,
        zone=basket.zone,
        coupons=basket.coupons,
        training=basket.training,
        discounts=basket.discounts,
        approvals=basket.approvals,
        taxes=taxes,
        payments=settled.payments,
    )


def known_levies(levy: Callable[[TaxClass], Levy | None]) -> tax.Levies:
    """Levies of classes that must be known; raises StepRefused for one that is not."""

    def known(class_: TaxClass) -> Levy:
        found = levy(class_)
        if found is None:
            raise StepRefused("no-tax", tax=class_)
        return found

    return known
