"""The forms of goods: articles, their pictures, groups and prices."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from backoffice.api.models import (
    CLEAN,
    Amount,
    AskedSince,
    By,
    Code,
    Key,
    Moment,
    Named,
    Place,
    Quantity,
    Said,
    Tag,
    Text,
    Unit,
    Writing,
)

_AS_BEFORE = "Left out: as before."
_NULL = "Left out: as before; null: none."
Option = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=CLEAN), Field(examples=["M"])
]
Tax = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,40}$"), Field(examples=["B"])]
Shade = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,40}$"), Field(examples=["mint"])]


class CodeBody(Said):
    """A barcode, and how many pieces a scan of it sells."""

    value: Code
    pack: Annotated[int, Field(ge=1, le=99_999)] = 1


class PartBody(Said):
    """What a set holds of an article, in the article's own unit."""

    article: Key
    quantity: Quantity = "1"


class SizeBody(Said):
    """What one piece holds, for its price per kilogram or litre."""

    quantity: Quantity
    unit: Unit


class ArticleBody(Named):
    """An article, whole: what is left out is empty afterwards, but where a field says otherwise."""

    group: Annotated[Key | None, Field(examples=["dairy"])] = None
    unit: Unit = "pcs"
    tax: Tax
    deposit: Amount | None = Field(
        default=None, description="What one piece's container costs, in the company's currency."
    )
    age: Annotated[int, Field(ge=1, le=99)] | None = None
    codes: Annotated[list[CodeBody], Field(max_length=100)] = Field(default_factory=list)
    supplier: Text | None = None
    tags: Annotated[list[Tag], Field(max_length=20)] | None = Field(
        default=None, description=f"Small letters, each once. {_AS_BEFORE}"
    )
    parts: Annotated[list[PartBody], Field(max_length=50)] | None = Field(
        default=None,
        description=f"With parts it is a set: its price is shared over them. {_AS_BEFORE}",
    )
    model: Key | Literal[""] | None = Field(
        default=None,
        description=f"The model that it is a variant of; empty: of none. {_AS_BEFORE}",
    )
    options: Annotated[list[Option], Field(max_length=3)] | None = Field(
        default=None,
        description=f"Its value on each axis of its model, in their order. {_AS_BEFORE}",
    )
    branches: Annotated[list[Place], Field(max_length=300)] | None = Field(
        default=None,
        description=f"Where it is sold: the assortment. An empty list: everywhere. {_AS_BEFORE}",
    )
    size: SizeBody | None = Field(
        default=None, description=f"What one piece holds, for its unit price. {_NULL}"
    )
    fixed: bool | None = Field(
        default=None, description=f"It takes part in no discount and no promotion. {_AS_BEFORE}"
    )
    asks: list[Literal["price", "weight", "serial", "answer"]] | None = Field(
        default=None, max_length=4,
        description=f"What a sale of it must be told. {_AS_BEFORE}",
    )  # fmt: skip
    question: Text | None = Field(default=None, description=f"What `answer` asks. {_NULL}")
    least: Amount | None = Field(
        default=None, description=f"The least that a cashier may ask for it. {_NULL}"
    )
    most: Amount | None = Field(
        default=None, description=f"The most that a cashier may ask for it. {_NULL}"
    )


class ArticleItem(ArticleBody):
    """An article among others."""

    number: Key


class ArticleSaid(ArticleItem):
    """An article as head office has it."""

    voucher: Literal["single", "multi"] | None = Field(
        description="It is a voucher, for one purpose or for several."
    )
    changed_at: Moment
    changed_by: By


class AskedArticles(AskedSince):
    """A page of articles."""

    group: Key | None = Field(default=None, description="Of this group, not of those below it.")
    model: Key | None = Field(default=None, description="Variants of this model.")
    tag: Tag | None = None
    code: Code | None = Field(default=None, description="Whose barcode this is.")
    branch: Place | None = Field(default=None, description="Sold in this branch.")


class PictureBody(Said):
    """A picture that somebody brings."""

    image: Annotated[
        str,
        StringConstraints(min_length=1, max_length=14_000_000),
        Field(
            description="A PNG, JPEG or WebP file of up to 10 MiB, as base64.",
            json_schema_extra={"contentEncoding": "base64"},
            examples=[
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4n8YAAAQYAU8/r0d+AAAAAElFTkSuQmCC"
            ],
        ),
    ]


class PictureListed(Said):
    """Which picture an article has; `…/picture.webp` is the file."""

    article: Key
    digest: str = Field(description="SHA-256 of the file.", examples=["9f86d081884c7d65"])
    changed_at: Moment
    changed_by: By


class PictureSaid(PictureListed):
    """An article's picture as tills have it: square, 256 pixels wide."""

    type: Literal["image/webp"]
    image: str = Field(description="The file, as base64.", examples=["UklGRhoAAABXRUJQVlA4TA0="])


class GroupBody(Named):
    """A group of articles; groups form a tree."""

    parent: Annotated[Key | None, Field(examples=["food"])] = None
    colour: Shade | None = None
    picture: Annotated[Shade | None, Field(examples=["milk"])] = None


class GroupItem(GroupBody):
    """A group among others."""

    key: Annotated[Key, Field(examples=["dairy"])]


class PriceItem(Said):
    """What an article costs from a moment on; the key is article, branch, list, customers and `from`."""

    model_config = ConfigDict(extra="forbid", validate_by_name=True)

    article: Key
    begins: Moment = Field(alias="from")
    amount: Amount
    branch: Place | None = None
    until: Annotated[Moment | None, Field(examples=["2031-12-24T14:00:00+01:00"])] = Field(
        default=None, description="With it, it is a special price."
    )
    price_list: Annotated[Key | None, Field(examples=["station"])] = None
    customers: Annotated[Key | None, Field(examples=["staff"])] = None


class PriceSaid(PriceItem):
    """A price as head office has it."""

    currency: str = Field(examples=["EUR"])
    changed_at: Moment
    changed_by: By


class PriceNow(Said):
    """What an article costs at a moment, and which rule says so."""

    article: Key
    amount: Amount
    currency: str = Field(examples=["EUR"])
    rule: Literal["base", "special", "customer"]
    base: Amount | None = Field(description="What it costs without a special or own price.")


class AskedPrices(AskedSince):
    """A page of prices."""

    article: Key | None = None
    branch: Place | None = None
    price_list: Key | None = None
    customers: Key | None = None


class AskedNow(AskedSince):
    """Where, when and for whom prices are asked, of which page of articles."""

    branch: Place | None = None
    at: Moment | None = Field(default=None, description="Left out: now.")
    customers: Key | None = Field(default=None, description="A group of customers.")
    article: Key | None = None


class ThisPrice(Writing):
    """Which price is taken back: the parts of its key."""

    model_config = ConfigDict(extra="forbid", validate_by_name=True)

    article: Key
    begins: Moment = Field(alias="from")
    branch: Place | None = None
    special: bool = Field(default=False, description="Has it an end?")
    price_list: Key | None = None
    customers: Key | None = None
    change_set: Annotated[int, Field(ge=1, le=2147483647)] | None = None
