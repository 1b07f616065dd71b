"""What the open interface says and takes, as JSON: the names, forms and limits of every field."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

_CLEAN = r"^[^\x00-\x1f\x7f]*$"
Text = Annotated[str, StringConstraints(max_length=200, pattern=_CLEAN)]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_.\-]{1,40}$")]
Place = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,12}$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=48, pattern=r"^[!-~]+$")]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=_CLEAN)]
Amount = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,9}(\.[0-9]{1,5})?$"),
    Field(description="An exact amount as text, as in `1.29`.", examples=["1.29"]),
]
Signed = Annotated[str, Field(description="An exact amount as text; it may be below zero.")]
Unit = Literal["pcs", "kg", "g", "l", "ml", "m", "cm", "m2", "h"]
"""Those of schemas/quantity.py."""


class Said(BaseModel):
    """What all of them have in common: no field that is not named here."""

    model_config = ConfigDict(extra="forbid")


class CodeBody(Said):
    """A barcode, and how many pieces a scan of it sells."""

    value: Code
    pack: Annotated[int, Field(ge=1, le=99_999)] = 1


class PartBody(Said):
    """What a set holds of an article, in the article's own unit."""

    article: Key
    quantity: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}(\.[0-9]{1,3})?$")] = "1"


Option = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_CLEAN)]


class ArticleBody(Said):
    """An article, whole: what is left out is empty afterwards."""

    de: Text | None = None
    en: Text | None = None
    es: Text | None = None
    group: Key | None = None
    unit: Unit = "pcs"
    tax: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,40}$")]
    deposit: Amount | None = Field(
        default=None, description="What one piece's container costs, in the company's currency."
    )
    age: Annotated[int, Field(ge=1, le=99)] | None = None
    codes: Annotated[list[CodeBody], Field(max_length=100)] = Field(default_factory=list)
    supplier: Text | None = None
    tags: Annotated[list[Tag], Field(max_length=20)] | None = Field(
        default=None, description="Small letters, each once. Left out: they stay as they are."
    )
    parts: Annotated[list[PartBody], Field(max_length=50)] | None = Field(
        default=None,
        description="With parts it is a set: its price is shared over them. Left out: as before.",
    )
    model: Key | Literal[""] | None = Field(
        default=None,
        description="The model that it is a variant of; empty: of none. Left out: as before.",
    )
    options: Annotated[list[Option], Field(max_length=3)] | None = Field(
        default=None,
        description="Its value on each axis of its model, in their order. Left out: as before.",
    )


class ArticleItem(ArticleBody):
    """An article among others."""

    number: Key


class ArticleSaid(ArticleItem):
    """An article as head office has it."""

    changed_at: AwareDatetime
    changed_by: str


class PictureBody(Said):
    """A picture that somebody brings."""

    image: Annotated[
        str,
        StringConstraints(min_length=1, max_length=14_000_000),
        Field(
            description="A PNG, JPEG or WebP file of up to 10 MiB, as base64.",
            json_schema_extra={"contentEncoding": "base64"},
        ),
    ]


class PictureSaid(Said):
    """An article's picture as tills have it: square, 256 pixels wide."""

    article: Key
    digest: str = Field(description="SHA-256 of the file.")
    type: Literal["image/webp"]
    image: str = Field(description="The file, as base64.")
    changed_at: AwareDatetime
    changed_by: str


class GroupBody(Said):
    """A group of articles; groups form a tree."""

    de: Text | None = None
    en: Text | None = None
    es: Text | None = None
    parent: Key | None = None
    colour: Annotated[str, StringConstraints(pattern=r"^[a-z]{1,40}$")] | None = None
    picture: Annotated[str, StringConstraints(pattern=r"^[a-z]{1,40}$")] | None = None


class GroupItem(GroupBody):
    """A group among others."""

    key: Key


class PriceItem(Said):
    """What an article costs from a moment on; the key is article, branch, list, customers and `from`."""

    model_config = ConfigDict(extra="forbid", validate_by_name=True)

    article: Key
    begins: AwareDatetime = Field(alias="from")
    amount: Amount
    branch: Place | None = None
    until: AwareDatetime | None = Field(default=None, description="With it, it is a special price.")
    price_list: Key | None = None
    customers: Key | None = None


class PriceSaid(PriceItem):
    """A price as head office has it."""

    currency: str
    changed_at: AwareDatetime
    changed_by: str


class CustomerBody(Said):
    """A customer, whole: what is left out is empty afterwards."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_CLEAN)]
    phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ()/\-]{3,40}$")] | None = None
    email: Annotated[str, StringConstraints(max_length=254, pattern=_CLEAN)] | None = None
    address: Annotated[str, StringConstraints(max_length=500, pattern=_CLEAN)] | None = None
    language: Literal["de", "en", "es"] | None = None
    group: Key | None = Field(
        default=None, description="Whose prices and promotions hold for them."
    )
    limit: Amount | None = Field(default=None, description="How much they may owe.")
    blocked: bool = False
    consent: bool | None = None
    cards: Annotated[list[Code], Field(max_length=20)] = Field(default_factory=list)


class CustomerItem(CustomerBody):
    """A customer among others."""

    number: Key


class CustomerSaid(CustomerItem):
    """A customer as head office has them; what they owe is of what the token sees."""

    owed: Signed
    points: dict[str, Signed]
    changed_at: AwareDatetime


class BranchSaid(Said):
    """A branch."""

    key: str
    name: str
    address: str | None
    currency: str | None
    time_zone: str | None


class TillSaid(Said):
    """A till, and how it is: ok, check, act or off."""

    name: str
    branch: str
    state: str
    reason: str
    software: str | None
    waiting: int
    contact_at: AwareDatetime | None


class PromotionSaid(Said):
    """A promotion, as tills have it."""

    key: str
    de: str | None
    en: str | None
    es: str | None
    begins: AwareDatetime = Field(alias="from")
    until: AwareDatetime | None
    branches: list[str]
    document: str = Field(description="All of it, as the XML document that tills have.")


class LineSaid(Said):
    """A line of a receipt; quantities are exact, as text."""

    number: int
    kind: str
    article: str
    name: str
    group: str | None
    quantity: Signed
    price: Signed
    amount: Signed
    tax: str


class PaymentSaid(Said):
    """What was given in one tender."""

    tender: str
    kind: str
    amount: Signed


class ReceiptSaid(Said):
    """A receipt, without its lines."""

    branch: str
    till: str
    series: str
    number: int
    kind: str
    ended_at: AwareDatetime
    business_day: date
    received_at: AwareDatetime
    cashier: str
    currency: str
    total: Signed
    customer: str | None


class ReceiptWhole(ReceiptSaid):
    """A receipt with its lines and payments."""

    lines: list[LineSaid]
    payments: list[PaymentSaid]


class TurnoverRow(Said):
    """One row: a branch, a day or an article, its turnover, and that of the period before."""

    key: str
    name: str
    total: Signed
    receipts: int
    items: int
    before: Signed


class TurnoverSaid(Said):
    """A period's turnover."""

    by: str
    first: date
    last: date
    currency: str
    rows: list[TurnoverRow]


class Outcome(Said):
    """What a write did, or would do."""

    dry_run: bool
    created: list[str]
    changed: list[str]
    unchanged: list[str]
    removed: list[str]


class ProblemField(Said):
    """A field that is wrong, and why."""

    field: str
    detail: str


class Problem(Said):
    """Why a call was refused. Source: RFC 9457."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[ProblemField] | None = None


# What calls ask for


class Asked(Said):
    """A page of a list."""

    limit: Annotated[int, Field(ge=1, le=500)] = 100
    cursor: Annotated[str, StringConstraints(max_length=300, pattern=r"^[A-Za-z0-9_=\-]*$")] = (
        Field(default="", description="`next` of the page before; empty: the first.")
    )


class AskedSince(Asked):
    """A page of a list, or of what has changed in it."""

    changed_since: AwareDatetime | None = Field(
        default=None, description="`as_of` of an earlier call: only what was changed since."
    )


class AskedPrices(AskedSince):
    """A page of prices."""

    article: Key | None = None
    branch: Place | None = None


class AskedReceipts(Asked):
    """A page of receipts, by when they came in."""

    received_since: AwareDatetime | None = None
    branch: Place | None = None
    first: date | None = Field(default=None, description="Of days from this on.")
    last: date | None = None


class AskedTurnover(Said):
    """A period, by what its turnover is split, and of which branch."""

    by: Literal["branch", "day", "article"] = "branch"
    first: date
    last: date
    branch: Place | None = None


class Writing(Said):
    """How something is written."""

    dry_run: bool = Field(default=False, description="Say what would happen, and change nothing.")


class Nothing(Said):
    """Nothing is asked for."""
