"""Models: articles that are one thing in several sizes, colours, flavours."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.binding import attribute, children
from schemas.keys import GroupKey, ModelKey, TaxClass


@dataclass(frozen=True, slots=True)
class Value:
    """One value on an axis: `M`."""

    name: str = attribute()


@dataclass(frozen=True, slots=True)
class Axis:
    """What variants of a model differ in, as sizes, with all values that there are, in their order."""

    name: str = attribute()
    values: tuple[Value, ...] = children("value")

    @property
    def names(self) -> tuple[str, ...]:
        """The values as plain text."""
        return tuple(value.name for value in self.values)


@dataclass(frozen=True, slots=True)
class Model:
    """A model; its variants are articles that name it, each with a value on every axis.

    group, tax  what a new variant has, where no other says so
    """

    key: ModelKey = attribute()
    de: str | None = attribute(default=None)
    en: str | None = attribute(default=None)
    es: str | None = attribute(default=None)
    group: GroupKey | None = attribute(default=None)
    tax: TaxClass | None = attribute(default=None)
    axes: tuple[Axis, ...] = children("axis")

    def name(self, language: str) -> str:
        """The name in `language`, else in any language, else the key."""
        return getattr(self, language, None) or self.de or self.en or self.es or self.key
