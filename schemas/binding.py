"""How a frozen dataclass is one XML element.

A field made by `attribute` is an attribute; `child` is one element inside, `children` any number
of them in order. Values that are not dataclasses are always attributes: each type here has one
text form. No document has text between its elements, so a document has no line breaks, and many
documents can lie one a line in one file.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from lxml import etree

from schemas.money import Currency, Money, UnitPrice
from schemas.period import instant, written
from schemas.quantity import Quantity

NAMESPACE: Final = "urn:tresen:1"
D = TypeVar("D")
_BRACED: Final = "{" + NAMESPACE + "}"
_NSMAP: Final = {None: NAMESPACE}


def attribute(name: str | None = None, *, default: Any = dataclasses.MISSING) -> Any:
    """A field that is an attribute called `name` (else like the field); left out while it is None."""
    return dataclasses.field(default=default, metadata={"xml": "attribute", "name": name})


def child(name: str | None = None, *, default: Any = dataclasses.MISSING) -> Any:
    """A field that is one element inside, called `name` (else like the field)."""
    return dataclasses.field(default=default, metadata={"xml": "child", "name": name})


def children(name: str, *, default: Any = ()) -> Any:
    """A field that is a tuple of elements called `name`, in their order."""
    return dataclasses.field(default=default, metadata={"xml": "children", "name": name})


def _money(text: str) -> Money:
    number, _, currency = text.partition(" ")
    return Money.parse(number, currency)


def _unit_price(text: str) -> UnitPrice:
    number, _, currency = text.partition(" ")
    return UnitPrice.parse(number, currency)


def _quantity(text: str) -> Quantity:
    number, _, unit = text.partition(" ")
    return Quantity.parse(number, unit)


def _yes(text: str) -> bool:
    return text == "true"


_READ: Final[dict[type, Callable[[str], Any]]] = {
    str: str,
    int: int,
    bool: _yes,
    Decimal: Decimal,
    datetime: instant,
    date: date.fromisoformat,
    Money: _money,
    UnitPrice: _unit_price,
    Quantity: _quantity,
}
_WRITE: Final[dict[type, Callable[[Any], str]]] = {
    bool: lambda yes: "true" if yes else "false",
    datetime: written,
    date: date.isoformat,
}


@dataclass(frozen=True, slots=True)
class _Part:
    """One field of a document class: where it stands in the XML and how it is read and written."""

    field: str
    kind: str
    name: str
    read: Callable[[Any], Any]
    write: Callable[[Any], str]
    inside: type | None


def tag(cls: type) -> str:
    """The element's name of a document class: `TaxTotal` is `tax-total`."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in cls.__name__).lstrip("-")


def _plain(hint: Any) -> Any:
    """The type behind `X | None`, `tuple[X, ...]` and NewType."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        hint = next(part for part in typing.get_args(hint) if part is not types.NoneType)
    if typing.get_origin(hint) is tuple:
        hint = typing.get_args(hint)[0]
    while isinstance(hint, typing.NewType):
        hint = hint.__supertype__
    return hint


@functools.cache
def _parts(cls: Any) -> tuple[_Part, ...]:
    hints = typing.get_type_hints(cls)
    parts = []
    for field in dataclasses.fields(cls):
        kind = field.metadata["xml"]
        hint = hints[field.name]
        plain = _plain(hint)
        name = field.metadata["name"] or field.name.rstrip("_").replace("_", "-")
        if dataclasses.is_dataclass(plain) and plain not in _READ:
            parts.append(_Part(field.name, kind, name, str, str, typing.cast(type, plain)))
            continue
        if typing.get_origin(hint) is tuple:
            parts.append(_Part(field.name, "words", name, str.split, " ".join, None))
            continue
        enumerated = isinstance(plain, type) and issubclass(plain, enum.StrEnum)
        read = plain if enumerated else _READ[plain]
        parts.append(_Part(field.name, kind, name, read, _WRITE.get(plain, str), None))
    return tuple(parts)


def _fill(element: etree._Element, document: Any) -> None:
    for part in _parts(typing.cast(Any, type(document))):
        value = getattr(document, part.field)
        if value is None or (part.kind == "words" and not value):
            continue
        if part.kind in {"attribute", "words"}:
            element.set(part.name, part.write(value))
        elif part.kind == "child":
            _fill(etree.SubElement(element, _BRACED + part.name), value)
        else:
            for each in value:
                _fill(etree.SubElement(element, _BRACED + part.name), each)


def element_of(document: Any) -> etree._Element:
    """`document` as an element of our namespace."""
    root = etree.Element(_BRACED + tag(type(document)), nsmap=_NSMAP)
    _fill(root, document)
    return root


def read(cls: type[D], element: etree._Element) -> D:
    """The document of class `cls` that `element` is; the XSD has been checked before.

    Raises ValueError where a value has the right form and no sense (the 31st of February).
    """
    values: dict[str, Any] = {}
    for part in _parts(typing.cast(Any, cls)):
        if part.kind == "attribute":
            text = element.get(part.name)
            if text is not None:
                values[part.field] = part.read(text)
        elif part.kind == "words":
            values[part.field] = tuple(element.get(part.name, "").split())
        elif part.kind == "child":
            inside = element.find(_BRACED + part.name)
            if inside is not None:
                values[part.field] = read(typing.cast(type, part.inside), inside)
        else:
            values[part.field] = tuple(
                read(typing.cast(type, part.inside), each)
                for each in element.iterfind(_BRACED + part.name)
            )
    return cls(**values)


__all__ = ["NAMESPACE", "Currency", "attribute", "child", "children", "element_of", "read", "tag"]
