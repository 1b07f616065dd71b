"""The forms of what people do: customers, receipts, closings, cash, vouchers, turnover."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from backoffice.api.models import (
    CLEAN,
    Amount,
    Asked,
    AskedDays,
    AskedSince,
    Code,
    Day,
    Key,
    Moment,
    Place,
    Said,
    Signed,
)

Currency = Annotated[str, Field(examples=["EUR"])]
Number = Annotated[str, Field(examples=["1"])]


class CustomerBody(Said):
    """A customer, whole: what is left out is empty afterwards."""

    name: Annotated[
        str,
        StringConstraints(min_length=1, max_length=200, pattern=CLEAN),
        Field(examples=["Anna Seidel"]),
    ]
    phone: Annotated[
        str,
        StringConstraints(pattern=r"^\+?[0-9 ()/\-]{3,40}$"),
        Field(examples=["+49 351 123456"]),
    ] | None = None  # fmt: skip
    email: Annotated[
        str,
        StringConstraints(max_length=254, pattern=CLEAN),
        Field(examples=["anna@example.com"]),
    ] | None = None  # fmt: skip
    address: Annotated[
        str,
        StringConstraints(max_length=500, pattern=CLEAN),
        Field(examples=["Weg 1, 01097 Dresden"]),
    ] | None = None  # fmt: skip
    language: Literal["de", "en", "es"] | None = None
    group: Annotated[Key | None, Field(examples=["staff"])] = Field(
        default=None, description="Whose prices and promotions hold for them."
    )
    limit: Amount | None = Field(default=None, description="How much they may owe.")
    blocked: bool = False
    consent: bool | None = Field(
        default=None, description="Did they agree to be written to? Nobody else may be."
    )
    cards: Annotated[list[Code], Field(max_length=20)] = Field(default_factory=list)


class CustomerItem(CustomerBody):
    """A customer among others."""

    number: Key


class CustomerSaid(CustomerItem):
    """A customer as head office has them; what they owe is of what the token sees."""

    owed: Signed
    points: dict[str, Signed] = Field(examples=[{"points": "125"}])
    changed_at: Moment


class CustomerErased(Said):
    """A customer who was erased: of them only this number is left, on receipts."""

    number: Key
    changed_at: Moment


class AskedCustomers(AskedSince):
    """A page of customers."""

    card: Code | None = Field(default=None, description="Whose card this is.")
    group: Key | None = None
    consent: bool | None = Field(default=None, description="Only who agreed to be written to.")


class LineSaid(Said):
    """A line of a receipt; quantities are exact, as text."""

    number: int
    kind: str = Field(examples=["sale"])
    article: Key
    name: str = Field(examples=["Milch"])
    group: Annotated[str | None, Field(examples=["dairy"])]
    quantity: Annotated[Signed, Field(examples=["1"])]
    price: Signed
    amount: Signed
    tax: str = Field(examples=["B"])


class PaymentSaid(Said):
    """What was given in one tender."""

    tender: str = Field(examples=["cash"])
    kind: str = Field(examples=["cash"])
    amount: Signed


class TaxSaid(Said):
    """What a receipt holds of one tax class and rate."""

    tax: str = Field(examples=["B"])
    percent: str = Field(examples=["7"])
    gross: Signed
    net: Signed
    amount: Signed


class ReceiptSaid(Said):
    """A receipt, without its lines."""

    branch: Place
    till: Number
    series: Number
    number: int
    kind: str = Field(examples=["sale"])
    ended_at: Moment
    business_day: Day
    received_at: Moment
    cashier: str = Field(examples=["mira"])
    currency: Currency
    total: Signed
    customer: Annotated[str | None, Field(examples=["20418"])]
    lines: list[LineSaid] | None = Field(
        default=None, description="Of a list: with `whole=true` only."
    )
    payments: list[PaymentSaid] | None = None
    taxes: list[TaxSaid] | None = None


class AskedReceipts(AskedDays):
    """A page of receipts, in the order in which they came in."""

    till: Place | None = None
    whole: bool = Field(default=False, description="With lines, payments and taxes.")
    customer: Key | None = None


class ClosingSaid(Said):
    """A Z report, and what head office has of the same period."""

    branch: Place
    till: Number
    series: Number
    number: int
    addendum: int = Field(description="0: the till's own; else made at head office, for no Z.")
    business_day: Day
    at: Moment
    cashier: str = Field(examples=["mira"])
    currency: Currency
    receipts: int
    total: Signed
    cash: Signed = Field(description="What should have been in the drawer.")
    counted: Signed | None
    difference: Signed | None
    grand_total: Signed
    first_entry: int = Field(description="The journal's entries that it covers.")
    last_entry: int


class MovementSaid(Said):
    """What happened at a drawer beside sales."""

    branch: Place
    till: Number
    series: Number
    entry: int
    kind: str = Field(examples=["pay-out"])
    at: Moment
    day: Day
    cashier: str = Field(examples=["mira"])
    currency: Annotated[str | None, Field(examples=["EUR"])]
    amount: Signed | None
    difference: Signed | None
    reason: Annotated[str | None, Field(examples=["Blumen"])]
    bag: Annotated[str | None, Field(examples=["B1022"])]


class AskedMovements(AskedDays):
    """A page of what happened at drawers."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z\-]{1,10}$")] | None = Field(
        default=None, examples=["pay-out"]
    )


class VoucherSaid(Said):
    """A voucher, what was sold and taken of it, and what is left."""

    number: str = Field(examples=["G-1001"])
    currency: Currency
    kind: Annotated[str | None, Field(examples=["multi"])]
    article: Annotated[str | None, Field(examples=["voucher"])]
    branch: Place
    issued: Signed
    redeemed: Signed
    balance: Signed
    blocked: bool
    moved_at: Moment


class VoucherMoved(Said):
    """What one receipt sold or took of a voucher."""

    branch: Place
    till: Number
    series: Number
    receipt: int
    at: Moment
    currency: Currency
    issued: Signed
    redeemed: Signed


class VoucherWhole(Said):
    """A voucher in each currency that moved it, with its receipts."""

    balances: list[VoucherSaid]
    moves: list[VoucherMoved]


class VoucherBody(Said):
    """Whether a voucher is shut."""

    blocked: bool = True


class AskedVouchers(Asked):
    """A page of vouchers."""

    moved_since: Moment | None = None
    blocked: bool | None = None


class TurnoverRow(Said):
    """One row: a branch, a day or an article, its turnover, and that of the period before."""

    key: str = Field(examples=["014"])
    name: str = Field(examples=["Neustadt"])
    total: Signed
    receipts: int
    items: int
    before: Signed


class TurnoverSaid(Said):
    """A period's turnover."""

    by: str = Field(examples=["branch"])
    first: Day
    last: Day
    currency: Currency
    rows: list[TurnoverRow]


class AskedTurnover(Said):
    """A period, by what its turnover is split, and of which branch."""

    by: Literal["branch", "till", "day", "hour", "article"] = "branch"
    first: Day
    last: Day
    branch: Place | None = None
