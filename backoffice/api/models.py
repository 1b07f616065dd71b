"""What every form of the open interface is made of, what calls ask for, and what writes answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

CLEAN = r"^[^\x00-\x1f\x7f]*$"
Text = Annotated[
    str, StringConstraints(max_length=200, pattern=CLEAN), Field(examples=["Vollmilch"])
]
Key = Annotated[
    str, StringConstraints(pattern=r"^[0-9A-Za-z_.\-]{1,40}$"), Field(examples=["40122"])
]
Place = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,12}$"), Field(examples=["014"])]
Code = Annotated[
    str,
    StringConstraints(min_length=1, max_length=48, pattern=r"^[!-~]+$"),
    Field(examples=["4012345678901"]),
]
Tag = Annotated[
    str, StringConstraints(min_length=1, max_length=40, pattern=CLEAN), Field(examples=["regional"])
]
Amount = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,9}(\.[0-9]{1,5})?$"),
    Field(description="An exact amount as text, as in `1.29`.", examples=["1.29"]),
]
Signed = Annotated[
    str,
    Field(description="An exact amount as text; it may be below zero.", examples=["12.50"]),
]
Percent = Annotated[
    str,
    StringConstraints(pattern=r"^(100(\.0{1,3})?|[0-9]{1,2}(\.[0-9]{1,3})?)$"),
    Field(description="Percent as text, as in `12.5`.", examples=["10"]),
]
Quantity = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{1,6}(\.[0-9]{1,3})?$"), Field(examples=["1"])
]
Moment = Annotated[AwareDatetime, Field(examples=["2031-11-24T06:00:00+01:00"])]
Day = Annotated[date, Field(examples=["2031-11-24"])]
By = Annotated[str, Field(examples=["api:Nordhandel"])]
Unit = Literal["pcs", "kg", "g", "l", "ml", "m", "cm", "m2", "h"]
"""Those of schemas/quantity.py."""


class Said(BaseModel):
    """What all of them have in common: no field that is not named here."""

    model_config = ConfigDict(extra="forbid")


class Named(Said):
    """What has a name in each language."""

    de: Text | None = None
    en: Annotated[Text | None, Field(examples=["Whole milk"])] = None
    es: Annotated[Text | None, Field(examples=["Leche entera"])] = None


class ProblemField(Said):
    """A field that is wrong, and why."""

    field: str = Field(examples=["tax"])
    detail: str = Field(examples=["there are A, B"])


class RowRefused(Said):
    """A row that was not written, counted from 0, and why."""

    row: int
    key: str
    errors: list[ProblemField]


class Outcome(Said):
    """What a write did, or would do: the keys, by what became of each."""

    dry_run: bool
    change_set: int | None = Field(description="The set that it was collected in.")
    created: list[str]
    changed: list[str]
    unchanged: list[str]
    removed: list[str]
    refused: list[RowRefused] = Field(description="With `partial`: what was left out.")


class Problem(Said):
    """Why a call was refused. Source: RFC 9457."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Some fields are wrong"])
    status: int = Field(examples=[422])
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

    changed_since: Moment | None = Field(
        default=None, description="`as_of` of an earlier call: only what was changed since."
    )


class AskedDays(Asked):
    """A page of what happened on some days, or of what has come in since a moment."""

    branch: Place | None = None
    first: Day | None = Field(default=None, description="Of days from this on.")
    last: Day | None = None
    received_since: Moment | None = Field(
        default=None, description="`as_of` of an earlier call: only what came in since."
    )


class Writing(Said):
    """How something is written."""

    dry_run: bool = Field(default=False, description="Say what would happen, and change nothing.")


class Collecting(Writing):
    """How something is written that a change set can hold."""

    change_set: Annotated[int, Field(ge=1, le=2147483647)] | None = Field(
        default=None,
        description="Put it into this open change set: it holds once the set is released.",
    )


class WritingMany(Writing):
    """How many records are written."""

    partial: bool = Field(
        default=False,
        description="Write each row that can be and name the others; else all or none.",
    )


class CollectingMany(Collecting, WritingMany):
    """How many records are written that a change set can hold."""


class Nothing(Said):
    """Nothing is asked for."""
