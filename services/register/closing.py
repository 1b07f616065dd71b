"""A basket becomes a receipt: totals, taxes, tenders and the world it was sold in, to the cent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from schemas.customer import Programme
from schemas.keys import Digest, TaxClass
from schemas.layout import Layout
from schemas.money import Money
from schemas.receipt import Basket, Earned, Line, Receipt, TaxTotal
from schemas.settings import Settings
from schemas.staff import Staff
from services.pricing import borne, loyalty, tax
from services.pricing.tax import Levy
from services.register.refusal import StepRefused
from services.register.tendering import Settled


@dataclass(frozen=True, slots=True)
class World:
    """What a receipt remembers of the world it was made in.

    programmes, above  what customers collect, and how groups of articles lie in each other
    """

    settings: Settings
    settings_digest: Digest
    layout: Layout
    cashier: Staff
    revision: int
    digest: Digest
    software: str
    programmes: Sequence[Programme] = ()
    above: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Against:
    """What a counter-receipt takes back as it was: the receipt by name, its taxes and points against."""

    name: str
    taxes: tuple[TaxTotal, ...]
    earned: tuple[Earned, ...]

    @classmethod
    def of(cls, receipt: Receipt) -> Against:
        """All of a receipt against."""
        taxes = tuple(
            replace(row, gross=-row.gross, net=-row.net, tax=-row.tax) for row in receipt.taxes
        )
        return cls(receipt.name, taxes, loyalty.against(receipt.earned))


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
    void_of: Against | None = None,
) -> Receipt:
    """The finished receipt, not yet stamped. `at` has the branch's offset; `day` is the business day.

    void_of  the receipt that this one takes back whole

    Raises StepRefused where nothing was sold, or a line's tax is not known.
    """
    if basket.is_empty:
        raise StepRefused("nothing-to-pay")

    taxes = void_of.taxes if void_of else _taxes(basket, settled, levy)
    lines = basket.lines if void_of else _with_points(basket, settled, taxes, world)
    return Receipt(
        branch=world.settings.branch,
        till=world.settings.till,
        series=series,
        number=number,
        kind="void" if void_of else _kind(basket),
        origin=void_of.name if void_of else None,
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
        layout=world.layout.layout,
        layout_version=world.layout.version,
        settings=world.settings_digest,
        software=world.software,
        ref=basket.ref,
        lines=lines,
        rounding=settled.rounding or None,
        customer=basket.customer,
        customers=basket.customers,
        zone=basket.zone,
        coupons=basket.coupons,
        training=basket.training,
        language=basket.language,
        mail=None if basket.training else basket.mail,
        discounts=basket.discounts,
        approvals=basket.approvals,
        taxes=taxes,
        payments=settled.payments,
        earned=void_of.earned if void_of else () if basket.training else loyalty.summed(lines),
    )


def _kind(basket: Basket) -> str:
    counting = [line for line in basket.lines if line.counts]
    only_back = all(line.amount.minor <= 0 and line.kind != "sale" for line in counting)
    return "return" if only_back else "sale"


def _with_points(
    basket: Basket, settled: Settled, taxes: Sequence[TaxTotal], world: World
) -> tuple[Line, ...]:
    if basket.customer is None or basket.training:
        return basket.lines
    language = world.settings.language
    return collecting(basket, settled, taxes, world.programmes, world.above, language)


def collecting(
    basket: Basket,
    settled: Settled,
    taxes: Sequence[TaxTotal],
    programmes: Sequence[Programme],
    above: Mapping[str, frozenset[str]],
    language: str,
) -> tuple[Line, ...]:
    """The lines, each with what it brings the sale's customer, and what of it points pay.

    programmes, above, language  what customers collect, how groups lie in each other, for names
    """
    lines, coupons = basket.lines, _coupons(settled, basket)
    used: Mapping[int, Sequence[Earned]] = {}
    if coupons:
        nothing = Money.zero(basket.currency)
        whole = {line.number: line.whole for line in borne.paid(lines, taxes, nothing)}
        paid = {line.number: line for line in borne.paid(lines, taxes, coupons)}
        bore = {number: whole[number].minor - line.whole.minor for number, line in paid.items()}
        used = loyalty.used(settled.payments, bore, programmes, language)
        lines = tuple(paid.get(line.number, line) for line in lines)
    brought = loyalty.brought(lines, programmes, above, language)
    return tuple(
        replace(line, earned=(*brought.get(line.number, ()), *used.get(line.number, ())))
        if line.origin is None
        else line
        for line in basket.lines
    )


def _coupons(settled: Settled, basket: Basket) -> Money:
    """What was given in coupons and points: a reduction, and no money."""
    minor = sum(p.amount.minor for p in settled.payments if p.kind in {"coupon", "points"})
    return Money(minor, basket.currency)


def _taxes(
    basket: Basket, settled: Settled, levy: Callable[[TaxClass], Levy | None]
) -> tuple[TaxTotal, ...]:
    taxes = tax.totals(basket.lines, known_levies(levy))
    coupons = _coupons(settled, basket)
    return taxes + borne.less_coupons(basket.lines, taxes, coupons) if coupons else taxes


def known_levies(levy: Callable[[TaxClass], Levy | None]) -> tax.Levies:
    """Levies of classes that must be known; raises StepRefused for one that is not."""

    def known(class_: TaxClass) -> Levy:
        found = levy(class_)
        if found is None:
            raise StepRefused("no-tax", tax=class_)
        return found

    return known
