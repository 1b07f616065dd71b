"""Receipts: what was sold, to the cent, with the world it was sold in; and the basket before that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from schemas.binding import attribute, child, children
from schemas.keys import (
    ArticleKey,
    Barcode,
    BranchKey,
    CustomerKey,
    Digest,
    GroupKey,
    LayoutKey,
    ProgrammeKey,
    StaffKey,
    TaxClass,
    TaxZone,
    TenderKey,
    TillKey,
    VoucherNumber,
    till_name,
)
from schemas.money import Currency, Money, UnitPrice
from schemas.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way to a line's price: the rule, and the unit price after it."""

    rule: str = attribute()
    price: UnitPrice = attribute()
    by: StaffKey | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount that a person gave: `percent`, `off`, or so much less that `target` is what stays.

    by       who gave it; where another had to approve it, that is in the receipt's approvals
    on_list  of several on one receipt: reckoned on what stood before all of them, not on what the
             ones before left
    """

    by: StaffKey = attribute()
    percent: Decimal | None = attribute(default=None)
    off: Money | None = attribute(default=None)
    target: Money | None = attribute(default=None)
    reason: str | None = attribute(default=None)
    on_list: bool | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Reduction:
    """So much less on a line, and why.

    kind  promotion, discount (of the line), receipt (its share of a discount of the receipt)
    rule  the promotion's key, or the number of the receipt's discount
    """

    kind: str = attribute()
    rule: str = attribute()
    name: str = attribute()
    amount: Money = attribute()


@dataclass(frozen=True, slots=True)
class Earned:
    """What a receipt, or a line of it, brought its customer of one programme.

    Below zero for what came back.

    used  points that were used and not brought: below zero on a line that they paid a part of, above
          it where that part comes back
    """

    programme: ProgrammeKey = attribute()
    name: str = attribute()
    points: Decimal = attribute()
    used: bool | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class SetPart:
    """Which set a line was sold in, and what it bears of the set's price.

    article, name, code  the set's number, what it is called, and what was scanned of it
    line      the number of the first line of the same set: lines that name the same one are one
    quantity  how many sets
    amount    this line's share of their price, before discounts of the receipt; never below zero
    steps     how the set's own price came about; the last one holds
    """

    article: ArticleKey = attribute()
    name: str = attribute()
    line: int = attribute()
    quantity: Quantity = attribute()
    amount: Money = attribute()
    code: Barcode | None = attribute(default=None)
    steps: tuple[Step, ...] = children("step")

    @property
    def price(self) -> UnitPrice:
        """What one set costs."""
        return self.steps[-1].price


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sale.

    kind    sale, return, deposit, voucher (a single-purpose one is redeemed: less, at its own tax)
            or void
    amount  what the line adds to the total: price times quantity, less its reductions; below zero
            for a return; a void line keeps the amount it had, and it is not counted
    of      the number of the line that a deposit belongs to
    was     the kind of a void line before
    fixed   takes part in no discount and no promotion
    origin, origin_line  the receipt and its line that a returned piece was bought with
    reason, disposition  why it came back, and whether it can be sold again, is parked or destroyed
    by_hand its weight was typed by a person and not said by a scale; the slip says so
    label   what the label on a weighed piece says it costs: it counts, and not price times weight
    answer  who proved their age, and how
    question, reply  what the article asks, and what was answered; both empty where it asks nothing
    asks_serial  it is sold with a serial number only
    voucher the number of the voucher that is sold with the line, and its kind
    offline of a voucher: taken, or voided, within the till's allowance, for head office was not asked
    percent, levied, added  of what comes back: the rate it was sold at, the tax that comes back
             with it (below zero), and whether that tax comes on top of `amount`
    part    the set that it was sold in, where it was; its price is then what of the set's price
            falls on a unit, to five decimals, and `part.amount` counts
    earned  what it brought the receipt's customer, and what of it points paid, by the programmes of
            the sale; it comes back with what comes back
    """

    number: int = attribute()
    kind: str = attribute()
    article: ArticleKey = attribute()
    name: str = attribute()
    quantity: Quantity = attribute()
    price: UnitPrice = attribute()
    amount: Money = attribute()
    tax: TaxClass = attribute()
    group: GroupKey | None = attribute(default=None)
    code: Barcode | None = attribute(default=None)
    of: int | None = attribute(default=None)
    was: str | None = attribute(default=None)
    age: int | None = attribute(default=None)
    fixed: bool | None = attribute(default=None)
    label: Money | None = attribute(default=None)
    by_hand: bool | None = attribute("by-hand", default=None)
    serial: str | None = attribute(default=None)
    salesperson: StaffKey | None = attribute(default=None)
    answer: str | None = attribute(default=None)
    question: str | None = attribute(default=None)
    reply: str | None = attribute(default=None)
    asks_serial: bool | None = attribute(default=None)
    origin: str | None = attribute(default=None)
    origin_line: int | None = attribute(default=None)
    reason: str | None = attribute(default=None)
    disposition: str | None = attribute(default=None)
    voucher: VoucherNumber | None = attribute(default=None)
    voucher_kind: str | None = attribute(default=None)
    offline: bool | None = attribute(default=None)
    percent: Decimal | None = attribute(default=None)
    levied: Money | None = attribute(default=None)
    added: bool | None = attribute(default=None)
    discount: Discount | None = child(default=None)
    part: SetPart | None = child("set", default=None)
    steps: tuple[Step, ...] = children("step")
    reductions: tuple[Reduction, ...] = children("reduction")
    earned: tuple[Earned, ...] = children("earned")

    @property
    def counts(self) -> bool:
        """Does the line add to the total?"""
        return self.kind != "void"

    @property
    def leads(self) -> bool:
        """Does it stand for itself: no deposit of another line, and no further part of a set?"""
        return self.of is None and (self.part is None or self.part.line == self.number)

    @property
    def sold_as(self) -> ArticleKey:
        """What the cashier sold: the set, where the line is a part of one."""
        return self.part.article if self.part else self.article

    @property
    def sold(self) -> Quantity:
        """How much of that."""
        return self.part.quantity if self.part else self.quantity

    @property
    def whole(self) -> Money:
        """The amount, with the tax that comes back on top of it."""
        return self.amount + self.levied if self.added and self.levied else self.amount


@dataclass(frozen=True, slots=True)
class Payment:
    """What was given in one tender, before change; below zero where money was paid out.

    given, rate  the foreign money that was given, and what one unit of it was worth
    reference    the voucher's number, or the card terminal's receipt number
    card         the card's number as far as it may be kept, its kind and the terminal
    offline      taken without a line, within the till's allowance
    points       how many points of a programme, which `reference` names, were used
    """

    tender: TenderKey = attribute()
    kind: str = attribute()
    name: str = attribute()
    amount: Money = attribute()
    given: Money | None = attribute(default=None)
    rate: Decimal | None = attribute(default=None)
    reference: str | None = attribute(default=None)
    card: str | None = attribute(default=None)
    offline: bool | None = attribute(default=None)
    points: int | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Approval:
    """A second person allowed what the cashier may not do alone.

    how  pin, badge, or code: read over the phone
    """

    right: str = attribute()
    by: StaffKey = attribute()
    at: datetime = attribute()
    how: str = attribute()
    value: str | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Basket:
    """A sale that is not finished. It lies on disk after each step and survives the till's death.

    revision  the mirror's revision when the sale began, and its digest
    payments  what has been given in part already
    customer  who buys, and the group whose prices hold
    zone      the tax zone, where it is not the till's usual one
    coupons   the coupons' codes that were scanned
    aside     the rest of a sale that was split, until it is parked
    training  practice: outside turnover
    language  of the slip, where it is not the till's
    mail      where the receipt goes by e-mail; personal data
    """

    cashier: StaffKey = attribute()
    currency: Currency = attribute()
    begins: datetime | None = attribute(default=None)
    ref: str | None = attribute(default=None)
    revision: int | None = attribute(default=None)
    digest: Digest | None = attribute(default=None)
    customer: CustomerKey | None = attribute(default=None)
    customers: str | None = attribute(default=None)
    zone: TaxZone | None = attribute(default=None)
    coupons: tuple[str, ...] = attribute(default=())
    salesperson: StaffKey | None = attribute(default=None)
    training: bool | None = attribute(default=None)
    language: str | None = attribute(default=None)
    mail: str | None = attribute(default=None)
    added_tax: Money | None = attribute(default=None)
    lines: tuple[Line, ...] = children("line")
    discounts: tuple[Discount, ...] = children("discount")
    approvals: tuple[Approval, ...] = children("approval")
    payments: tuple[Payment, ...] = children("payment")
    aside: Basket | None = child(default=None)

    @property
    def total(self) -> Money:
        """What the sale comes to, with the tax that comes on top where prices do not include it."""
        minor = sum(line.amount.minor for line in self.lines if line.counts)
        return Money(minor + (self.added_tax.minor if self.added_tax else 0), self.currency)

    @property
    def open(self) -> Money:
        """What is still to be paid; below zero where money is to be paid out."""
        given = sum(payment.amount.minor for payment in self.payments)
        return Money(self.total.minor - given, self.currency)

    @property
    def is_empty(self) -> bool:
        """Is there no line that counts?"""
        return not any(line.counts for line in self.lines)


@dataclass(frozen=True, slots=True)
class Parked:
    """A sale put aside, to be gone on with later."""

    at: datetime = attribute()
    by: StaffKey = attribute()
    by_name: str = attribute()
    basket: Basket = child()

    @property
    def ref(self) -> str:
        """The sale's own name."""
        return self.basket.ref or ""


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """What a receipt holds of one tax class, as printed.

    added   came on top of the prices
    coupon  what coupons that were given as payment take from the taxed amounts; below zero
    back    only what came back, and at another rate than the class has here and now
    """

    class_: TaxClass = attribute()
    percent: Decimal = attribute()
    gross: Money = attribute()
    net: Money = attribute()
    tax: Money = attribute()
    added: bool | None = attribute(default=None)
    coupon: bool | None = attribute(default=None)
    back: bool | None = attribute(default=None)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the law's module says of a receipt; `chain` covers the receipt and the chain before it."""

    scheme: str = attribute()
    state: str = attribute()
    previous: Digest = attribute()
    chain: Digest = attribute()


@dataclass(frozen=True, slots=True)
class Receipt:
    """A finished sale. Σ lines that count + Σ added taxes = total = Σ payments − change − rounding.

    kind      sale, return, or void: a counter-receipt that takes back the receipt `origin` whole
    rounding  what was paid more than the total, because cash is rounded; below zero for less
    training  practice: outside turnover, numbered in a series of its own
    language  of the slip, where it is not the till's; its goods are named in it too
    mail      where it goes by e-mail; personal data, and never logged
    settings  the digest of the till's settings that it was made with
    ends      with the branch's offset, so that the local day can be told from it
    day       the business day
    revision  the mirror's revision when the sale began, and its digest
    ref       the caller's own name for the sale: the same ref is never sold twice
    """

    branch: BranchKey = attribute()
    till: TillKey = attribute()
    series: str = attribute()
    number: int = attribute()
    kind: str = attribute()
    begins: datetime = attribute()
    ends: datetime = attribute()
    day: date = attribute()
    cashier: StaffKey = attribute()
    cashier_name: str = attribute()
    currency: Currency = attribute()
    total: Money = attribute()
    change: Money = attribute()
    revision: int = attribute()
    digest: Digest = attribute()
    layout: LayoutKey = attribute()
    layout_version: int = attribute()
    software: str = attribute()
    ref: str | None = attribute(default=None)
    rounding: Money | None = attribute(default=None)
    origin: str | None = attribute(default=None)
    customer: CustomerKey | None = attribute(default=None)
    customers: str | None = attribute(default=None)
    zone: TaxZone | None = attribute(default=None)
    coupons: tuple[str, ...] = attribute(default=())
    training: bool | None = attribute(default=None)
    language: str | None = attribute(default=None)
    mail: str | None = attribute(default=None)
    settings: Digest | None = attribute(default=None)
    lines: tuple[Line, ...] = children("line")
    discounts: tuple[Discount, ...] = children("discount")
    approvals: tuple[Approval, ...] = children("approval")
    taxes: tuple[TaxTotal, ...] = children("tax-total")
    payments: tuple[Payment, ...] = children("payment")
    earned: tuple[Earned, ...] = children("earned")
    stamp: Stamp | None = child(default=None)

    @property
    def name(self) -> str:
        """What the receipt is called in the whole company, as in `014-2-1-4711`."""
        return f"{self.till_name}-{self.series}-{self.number}"

    @property
    def till_name(self) -> str:
        """The till's name in the whole company."""
        return till_name(self.branch, self.till)
