"""Taking money: payments in part, the end of a sale, and the counter-receipt of a void."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from importlib import metadata
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from schemas.keys import Digest, ProgrammeKey, TenderKey, VoucherNumber
from schemas.money import Money
from schemas.receipt import Basket, Payment, Receipt
from schemas.staff import Staff
from schemas.tender import Tender
from services.disk import durable
from services.disk.box import Box
from services.fiscal import seam
from services.journal import hand
from services.mirror.catalogue import Catalogue
from services.pricing import loyalty
from services.register import (
    closing,
    debit,
    extent,
    movement,
    permission,
    questions,
    returns,
    tendering,
)
from services.register.refusal import StepRefused
from services.register.tendering import Handed
from services.till import tongue
from services.till.book import Book
from services.till.clientele import Clientele
from services.till.debit import Debits
from services.till.parking import Parking
from services.till.prints import Prints
from services.till.vouchers import Vouchers

SOFTWARE = metadata.version("tresen")


class Counter(Protocol):
    """What taking money asks of its till."""

    basket: Basket
    catalogue: Catalogue
    cashier: Staff | None
    book: Book
    prints: Prints
    asks_age: bool
    vouchers: Vouchers
    clientele: Clientele
    debits: Debits
    parking: Parking
    asked: Money | None

    def now(self) -> datetime:
        """The branch's local time."""

    def need(self, right: str, value: Decimal | None = None) -> None:
        """Go on only where the cashier may, or somebody approved it."""

    def step(self, basket: Basket) -> Basket:
        """Make `basket` the one in hand."""

    def sold(self) -> None:
        """The sale in hand is in the journal."""


class Paying:
    """Takes money, and pays it out. All raise StepRefused where a rule or a right speaks against it."""

    def __init__(self, till: Counter, box: Box) -> None:
        self._till = till
        self._box = box

    def tender(self, key: TenderKey, amount: Money, **more: Any) -> Basket:
        """A part of what is open is given in one tender. Raises StepRefused.

        more  reference, card and offline, as `Handed` has them
        """
        self._not_asked()
        handed = Handed(self._tender(key), amount, **more)
        handed = self._may_take(handed)
        return self._till.step(
            tendering.take(self._till.basket, handed, self._till.catalogue.own.language)
        )

    def give_back(self, payment: int) -> Basket:
        """A payment, by its place from 0, is given back before the sale is finished."""
        return self._till.step(tendering.give_back(self._till.basket, payment))

    # Money that a card terminal moves: asked before, booked whatever the rules say after

    def prepare(self, key: TenderKey, amount: Money) -> Basket:
        """Before a terminal is asked for money: whatever speaks against it is said now.

        The basket is on disk, durably and by name, when this answers. Raises StepRefused, DiskRefused.
        """
        self._not_asked()
        self._till.parking.rest()
        basket, language = self._till.basket, self._till.catalogue.own.language
        self._may_end(basket)
        handed = Handed(self._tender(key), amount)
        if abs(amount.minor) < abs(basket.open.minor):
            tendering.take(basket, handed, language)
        else:
            given = [*self._given(basket), handed]
            settled = tendering.settle(basket.total, given, language, basket.customer)
            self._may_change(settled)
        durable.check_room(self._box.journal)
        self._may_take(handed)
        return self._kept(self._till.basket)

    def received(self, key: TenderKey, amount: Money, reference: str, card: str | None) -> Basket:
        """A terminal has moved this money: it is in the basket, durably, though all is covered then.

        Told twice, it is in there once. Raises DiskRefused.
        """
        tender = self._till.catalogue.tender(key) or Tender(key, "card")
        basket = self._till.basket
        handed = Handed(tender, amount, reference, card)
        made = tendering.payment(handed, basket.currency, self._till.catalogue.own.language)
        if made not in basket.payments:
            basket = replace(basket, payments=(*basket.payments, made))
        return self._kept(basket)

    def undone(self, reference: str, card: str | None) -> Basket:
        """A terminal has undone a payment of the basket: it is out, durably. Raises DiskRefused."""
        basket = self._till.basket
        left = [p for p in basket.payments if (p.reference, p.card) != (reference, card)]
        return self._kept(replace(basket, payments=tuple(left)))

    def _kept(self, basket: Basket) -> Basket:
        basket = self._till.step(basket)
        hand.save(self._box.hand, basket)
        return basket

    def _not_asked(self) -> None:
        if self._till.asked is not None:
            raise StepRefused("payments-open", amount=self._till.asked)

    def finish(
        self,
        given: Sequence[tuple[Any, ...]] = (),
        *,
        at: datetime | None = None,
    ) -> tuple[Receipt, Digest]:
        """Finish the sale: durable in the journal when this answers.

        given  key and amount of each tender, and what else `Handed` has, after what was given in
               part; without it, the rest in exact cash
        at  the sale's time, only for boxes of a demo or test chain
        Raises StepRefused or DiskRefused; then nothing was sold and the basket is as before. Raises
        Unconfirmed where the disk may not keep the receipt: then it is sold all the same.
        """
        self._not_asked()
        self._till.parking.rest()
        self._may_end(self._till.basket)
        handed = self._given(self._till.basket)
        now = [Handed(self._tender(key), amount, *more) for key, amount, *more in given]
        if not now and (_is_short(self._till.basket) or not handed):
            cash = self._tender(TenderKey("cash"))
            rest = self._till.basket.open
            now = [Handed(cash, tendering.rounded(rest, cash.rounding) if cash.rounding else rest)]
        taken: list[Handed] = []
        for each in now:
            taken.append(self._may_take(each, taken))
        now = taken
        own = self._till.catalogue.own
        into_drawer = any(each.tender.kind == "cash" and each.amount.minor > 0 for each in now)
        if into_drawer and movement.fullness(self._till.book.period, own) == "full":
            self._till.need("drawer-full")
        settled = tendering.settle(
            self._till.basket.total, [*handed, *now], own.language, self._till.basket.customer
        )
        self._may_change(settled)
        return self._record(self._till.basket, settled, at)

    def take_back_whole(
        self,
        receipt: Receipt,
        payments: tuple[Payment, ...],
        ref: str,
        unasked: frozenset[VoucherNumber],
    ) -> tuple[Receipt, Digest]:
        """Record the counter-receipt of `receipt`: all its amounts against, its taxes as they were.

        payments  how it is booked now: as it was paid, unless a tender was put right since
        ref       the void's own name
        unasked   vouchers that it takes back without head office's word
        """
        basket = returns.counter_receipt(self._till.basket, receipt, unasked)
        basket = replace(basket, ref=ref)
        added = -sum(row.tax.minor for row in receipt.taxes if row.added)
        basket = replace(basket, added_tax=Money(added, receipt.currency) if added else None)
        as_paid = payments == receipt.payments
        nothing = Money.zero(receipt.currency)
        change = -receipt.change if as_paid else nothing
        rounding = -receipt.rounding if receipt.rounding else nothing
        against = tuple(
            replace(
                p,
                amount=-p.amount,
                given=-p.given if p.given else None,
                points=-p.points if p.points else None,
            )
            for p in payments
        )
        settled = tendering.Settled(against, change, rounding)
        return self._record(basket, settled, None, closing.Against.of(receipt))

    def _record(
        self,
        basket: Basket,
        settled: tendering.Settled,
        at: datetime | None,
        void_of: closing.Against | None = None,
    ) -> tuple[Receipt, Digest]:
        durable.check_room(self._box.journal)
        own = self._till.catalogue.own
        ends = at.astimezone(ZoneInfo(own.time_zone)) if at else self._till.now()
        world = self._world(ends)
        if void_of is None:
            basket = tongue.spoken(basket, self._till.catalogue, tongue.chosen(self._till))

        def make(series: str, number: int) -> Receipt:
            return closing.closed(
                basket,
                settled,
                world,
                lambda class_: self._till.catalogue.levy(class_, ends, basket.zone),
                series=series,
                number=number,
                at=ends,
                day=self._business_day(ends),
                void_of=void_of,
            )

        try:
            record = self._till.book.record_receipt
            if basket.training:
                record = self._till.book.record_training
            answer = record(make, seam.module(own.fiscal).finish)
        except durable.Unconfirmed:
            self._till.sold()
            raise
        self._till.sold()
        return answer

    def _may_change(self, settled: tendering.Settled) -> None:
        """Change that is more than what came in cash is money paid out."""
        notes = sum(p.amount.minor for p in settled.payments if p.kind == "cash")
        beyond = Money(settled.change.minor - max(0, notes), settled.change.currency)
        if beyond.minor > 0:
            self._till.need("cashback", extent.units(beyond))

    def _may_end(self, basket: Basket) -> None:
        if basket.is_empty:
            raise StepRefused("nothing-to-pay")
        asks = questions.open_of(basket)
        if asks is not None and self._till.asks_age:
            raise StepRefused(f"{asks[1]}-open", article=asks[0].name)

    def _given(self, basket: Basket) -> list[Handed]:
        """What was given in part."""
        return [
            Handed(
                self._tender(p.tender),
                p.given or p.amount,
                p.reference,
                p.card,
                bool(p.offline),
                p.points,
            )
            for p in basket.payments
        ]

    def _may_take(self, handed: Handed, others: Sequence[Handed] = ()) -> Handed:
        """What is taken; raises StepRefused where the cashier may not take, or pay out, so much.

        others  what is handed over at the same moment; limits count all of one kind together
        """
        tender, amount = handed.tender, handed.amount
        if amount.minor > 0:
            handed = self._allowed(handed, [o for o in others if o.tender.kind == tender.kind])
        right = _right(tender, amount, known=self._till.basket.customer is not None)
        if right in permission.RIGHTS:
            same = sum(p.amount.minor for p in self._till.basket.payments if p.kind == tender.kind)
            same += sum(o.amount.minor for o in others if o.tender.kind == tender.kind)
            self._till.need(right, extent.units(Money(amount.minor + same, amount.currency)))
        return handed

    def _allowed(self, handed: Handed, same: Sequence[Handed]) -> Handed:
        """What is no money of its own: head office granted it, or an allowance covers it.

        same  what else of this kind is handed over at the same moment
        """
        till, tender, amount = self._till, handed.tender, handed.amount
        others = sum(o.amount.minor for o in same)
        if tender.kind == "voucher" and handed.reference:
            taken = [
                (VoucherNumber(o.reference), o.amount.minor, o.offline) for o in same if o.reference
            ]
            number = VoucherNumber(handed.reference)
            return handed._replace(offline=till.vouchers.check(number, amount, taken))
        if tender.kind == "account" and till.basket.customer:
            offline = till.clientele.check_account(amount, others)
            return handed._replace(reference=till.basket.customer, offline=offline)
        if tender.kind == "points" and till.basket.customer:
            programme = till.catalogue.clientele.programme(tender.programme or ProgrammeKey(""))
            if programme is None:
                raise StepRefused("unknown-tender", tender=tender.key)
            offline = till.clientele.check_points(programme, amount, others)
            points = loyalty.points_for(amount, programme)
            return handed._replace(reference=programme.key, offline=offline, points=points)
        if tender.kind == "debit":
            account = debit.account(handed.reference or "")
            offline = till.debits.check(account, amount, others)
            return handed._replace(reference=account, card=debit.masked(account), offline=offline)
        return handed

    def _tender(self, key: TenderKey) -> Tender:
        tender = self._till.catalogue.tender(key)
        if tender is None:
            raise StepRefused("unknown-tender", tender=key)
        return tender

    def _world(self, at: datetime) -> closing.World:
        if self._till.cashier is None:
            raise StepRefused("no-right", right="sell")
        own, layout = self._till.catalogue.own, self._till.catalogue.layout(at)
        return closing.World(
            own,
            self._till.prints.remember(layout, own),
            layout,
            self._till.cashier,
            self._till.catalogue.revision,
            self._till.catalogue.digest,
            SOFTWARE,
            self._till.catalogue.clientele.programmes(),
            self._till.catalogue.above(),
        )

    def _business_day(self, ends: datetime) -> date:
        """The day that a float began; without one, each sale's own day."""
        return self._till.book.period.day or ends.date()


def _is_short(basket: Basket) -> bool:
    """Is something still open? Where more was given than is due, nothing is."""
    return basket.open.minor * (1 if basket.total.minor >= 0 else -1) > 0


def _right(tender: Tender, amount: Money, *, known: bool) -> str:
    """The right that a payment needs. Money goes back in cash, to a card, or to a known account."""
    if amount.minor < 0:
        if tender.kind not in {"cash", "card"} and not (known and tender.kind == "account"):
            raise StepRefused("no-refund", tender=tender.name("en"))
        return f"refund-{tender.kind}"
    return "tender-foreign" if tender.currency is not None else f"tender-{tender.kind}"
