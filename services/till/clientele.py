"""Customers at this till: found and made without a line, what they have, and what they may take."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from schemas.customer import Customer, Programme, Registration
from schemas.keys import CustomerKey
from schemas.money import Money
from schemas.receipt import Basket
from services.mirror.catalogue import Catalogue
from services.pricing import loyalty
from services.register import clientele, label
from services.register.refusal import StepRefused
from services.till import allowance
from services.till.archive import Archive
from services.till.authority import Authority
from services.till.book import Book
from services.till.circumstances import Circumstances
from services.till.rights import Rights


def new_number() -> CustomerKey:
    """A number for a customer that no other till gives: 28 and ten digits, fit for an EAN-13."""
    body = f"28{secrets.randbelow(10**10):010d}"
    return CustomerKey(f"{body}{label.gs1_digit(body)}")


@dataclass(frozen=True, slots=True)
class Wallet:
    """What a customer has, as far as this till knows.

    points  of each programme
    at      since when head office's part of it holds; None where it never said
    """

    owed: Money
    points: dict[str, Decimal]
    at: datetime | None


class Counter(Protocol):
    """What customers ask of their till."""

    basket: Basket
    catalogue: Catalogue
    archive: Archive
    book: Book
    rights: Rights
    authority: Authority
    circumstances: Circumstances
    training: bool

    def now(self) -> datetime:
        """The branch's local time."""

    def need(self, right: str, value: Decimal | None = None) -> None:
        """Go on only where the cashier may, or somebody approved it."""


class Clientele:
    """All raise StepRefused where a rule or a right speaks against it."""

    def __init__(self, till: Counter) -> None:
        self._till = till

    # Who

    def shown(self, code: str) -> Customer | None:
        """Whose card or number this is."""
        known = self._till.catalogue.clientele.shown(code)
        here = self._till.archive.customer(known.key if known else code)
        if here is None:
            return known
        registered, entry = here
        if known is None or not self._till.book.acknowledged().has(*entry):
            return registered
        return known

    def find(self, text: str, most: int = 20) -> list[Customer]:
        """Customers by the beginnings of words of what is known of them, newest here first."""
        words = clientele.wanted(text)
        if not words:
            return []
        here = self._till.archive.customers(words, most)
        chain = self._till.catalogue.clientele.search(text, most)
        keys = dict.fromkeys([*here, *(customer.key for customer in chain)])
        found = (self.shown(key) for key in keys)
        unique = {customer.key: customer for customer in found if customer}
        return list(unique.values())[:most]

    def buyer(self) -> Customer | None:
        """The customer of the sale in hand."""
        key = self._till.basket.customer
        return self.shown(key) if key else None

    def choose(self, customer: Customer | None) -> Basket:
        """The sale is theirs, at their group's prices; None: nobody's."""
        basket = self._till.basket
        self.check_payments(basket)
        for line in basket.lines:
            if line.counts and line.origin:
                sold = self._till.archive.receipt(line.origin)
                # Of another till's receipt only its slip's code said who bought it, and it chose them.
                told = basket.customer if line.earned else None
                self.check_buyer(customer, sold.customer if sold else told)
        if customer is None:
            return self._till.circumstances.customer(None)
        return self._till.circumstances.customer(customer.key, customer.customers)

    @staticmethod
    def check_payments(basket: Basket) -> None:
        """May the sale become another customer's? Raises StepRefused where this one paid something."""
        if any(p.kind in {"account", "points"} for p in basket.payments):
            raise StepRefused("payments-open", amount=basket.total - basket.open)

    def check_buyer(self, customer: Customer | None, bought: CustomerKey | None) -> None:
        """Who collected for what comes back gives it back; raises StepRefused where it is another.

        bought  who bought what comes back; None where nobody knows
        """
        if bought is None or (customer and bought in {customer.key, *customer.also}):
            return
        owner = self.shown(bought)
        if owner is None or customer is None or owner.key != customer.key:
            raise StepRefused("return-customer", customer=owner.name if owner else bought)

    def register(self, said: Customer) -> Customer:
        """Keep a customer that was made or changed here; durable when this answers.

        A customer whom the till knows already by the chain's rule is not made twice: what was said
        is put to what is known. Raises StepRefused, DiskRefused.
        """
        if self._till.training:
            raise StepRefused("in-training")
        said = clientele.checked(said)
        known = self._known(said)
        kept = clientele.merged(known, said) if known else said
        if known is not None:
            kept = replace(kept, also=tuple(k for k in kept.also if k != said.key))
        approval = self._till.rights.need("customer-create")
        who = self._till.basket.cashier
        self._till.book.record(Registration(self._till.now(), who, kept, approval))
        return kept

    def _known(self, said: Customer) -> Customer | None:
        candidates = [self.shown(said.key), *(self.shown(card.code) for card in said.cards)]
        candidates += self.find(said.name)
        return next((c for c in candidates if c and clientele.same(c, said)), None)

    # What they have

    def wallet(self, customer: Customer) -> Wallet:
        """What they owe and have collected: what head office said, and what happened here since."""
        currency = self._till.basket.currency
        balance = self._till.catalogue.clientele.balance(customer.key)
        known = self._till.book.acknowledged()
        owed = clientele.owed(balance, currency)
        found: dict[str, Decimal] = {}
        for each in balance.collected if balance else ():
            found[each.programme] = each.points
        told = balance.at if balance else None
        for key in (customer.key, *customer.also):
            owed += Money(self._till.archive.owed_since(key, known, told), currency)
            since = self._till.archive.collected_since(key, known, told)
            for programme, thousandths in since.items():
                more = Decimal(thousandths).scaleb(-3)
                found[programme] = found.get(programme, Decimal(0)) + more
        return Wallet(owed, found, told)

    # What they may take

    def check_account(self, amount: Money, others: int = 0) -> bool:
        """May so much more be put on the account of the sale's customer? Says whether unasked.

        others  minor units that are put on it at the same moment
        """
        customer = self.buyer()
        if customer is None:
            raise StepRefused("customer-needed", tender="")
        in_hand = others + self._in_hand("account")
        answer = self._till.authority.said("account", customer.key)
        if answer is not None:
            if answer.left is None or answer.reason == "blocked":
                raise StepRefused("no-account", customer=customer.name)
            if answer.state == "refused" or in_hand + amount.minor > answer.left.minor:
                left = Money(max(0, answer.left.minor - in_hand), amount.currency)
                raise StepRefused("account-left", customer=customer.name, left=left)
            return False
        wallet = self.wallet(customer)
        clientele.check_account(customer, wallet.owed + Money(in_hand, amount.currency), amount)
        allowance.check(self._till, "account", amount, others)
        return True

    def check_points(self, programme: Programme, amount: Money, others: int = 0) -> bool:
        """May the sale's customer pay so much with points? Says whether unasked."""
        customer = self.buyer()
        if customer is None:
            raise StepRefused("customer-needed", tender="")
        in_hand = others + self._in_hand("points", programme.key)
        whole = Money(in_hand + amount.minor, amount.currency)
        points = loyalty.points_for(whole, programme)
        if points is None:
            step = loyalty.worth(programme.least, programme)
            raise StepRefused("points-whole", programme=programme.name("en"), step=step)
        answer = self._till.authority.said("points", customer.key, programme.key)
        left, unasked = self.points_left(customer, programme), answer is None
        if answer is not None:
            left = answer.left or Money.zero(amount.currency)
        refused = answer is not None and answer.state == "refused"
        if customer.blocked or refused or whole.minor > left.minor:
            usable = left.minor // programme.worth.minor
            raise StepRefused(
                "no-points", customer=customer.name, points=usable, programme=programme.name("en")
            )
        if unasked:
            allowance.check(self._till, "points", amount, others)
        return unasked

    def points_left(self, customer: Customer, programme: Programme) -> Money:
        """What the points that this till knows of can pay."""
        have = self.wallet(customer).points.get(programme.key, Decimal(0))
        return loyalty.worth(loyalty.usable(have, programme), programme)

    def _in_hand(self, kind: str, reference: str | None = None) -> int:
        return sum(
            p.amount.minor
            for p in self._till.basket.payments
            if p.kind == kind and (reference is None or p.reference == reference)
        )
